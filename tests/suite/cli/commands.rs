use super::{Desk, SMALL};
use serde_json::json;

#[test]
fn init_writes_a_scenario_that_runs_and_replaces_nothing() {
    let desk = Desk::with(SMALL);
    desk.run(&["init"]).with_code(0);
    let written = desk.read("scenario.toml");
    desk.run(&["validate", "scenario.toml"]).with_code(0);
    let results = desk.run(&["run", "scenario.toml", "--reps", "2", "--format", "json"]).with_code(0).document();
    assert!(results["orders"]["arrived"]["value"].as_f64().unwrap() > 5_000.0);

    let again = desk.run(&["init", "s.toml"]).with_code(2);
    assert!(again.stderr.contains("--force") && again.stderr.contains("s.toml"), "{}", again.stderr);
    assert_eq!(desk.read("s.toml"), SMALL.as_bytes());
    desk.run(&["init", "s.toml", "--force"]).with_code(0);
    assert_eq!(desk.read("s.toml"), written);
}

#[test]
fn the_schema_is_draft_07_and_knows_the_tables() {
    let desk = Desk::with(SMALL);
    let schema = desk.run(&["schema"]).with_code(0).document();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    let text = schema.to_string();
    for key in ["orders_per_day", "cut_off", "one_in_ten_over", "collection"] {
        assert!(text.contains(key), "{key}");
    }
}

#[test]
fn validate_tells_every_error_of_every_file_at_once() {
    let desk = Desk::with(&SMALL.replace("heads = 2", "heads = \"two\"").replace("\"4m\"", "4"));
    desk.put("good.toml", SMALL);
    desk.put("typo.toml", SMALL.replace("lead_in", "leadin"));
    let ended = desk.run(&["validate", "s.toml", "good.toml", "typo.toml"]).with_code(20);
    for place in ["s.toml:18", "s.toml:24", "typo.toml:7"] {
        assert!(ended.stderr.contains(place), "{place}: {}", ended.stderr);
    }
    assert!(ended.stdout.contains("good.toml: valid"), "{}", ended.stdout);

    let ended = desk.run(&["validate", "s.toml", "good.toml", "--format", "json"]).with_code(20);
    let document = ended.document();
    assert_eq!(document["files"][0]["valid"], false);
    assert_eq!(document["files"][0]["diagnostics"].as_array().unwrap().len(), 2);
    assert_eq!(document["files"][0]["diagnostics"][0]["line"], 18);
    assert_eq!((&document["files"][1]["valid"], &document["files"][1]["file"]), (&json!(true), &json!("good.toml")));
}

#[test]
fn validate_says_what_it_expects() {
    let desk = Desk::with(SMALL);
    let said = desk.run(&["validate", "s.toml"]).with_code(0);
    assert!(said.stderr.is_empty(), "{}", said.stderr);
    for words in ["300 orders expected", "'same day': the last order of 'web shop' before Mon 23 Nov 14:00", "to spare"]
    {
        assert!(said.stdout.contains(words), "{words}: {}", said.stdout);
    }
    let timetable =
        &desk.run(&["validate", "s.toml", "--format", "json"]).with_code(0).document()["files"][0]["timetable"];
    assert!((timetable["orders"].as_f64().unwrap() - 300.0).abs() < 1e-6, "{timetable}");
    // Taken up at once, on a floor that is there until 18:00: due at 24:00, less the mean service.
    let margin = timetable["promises"][0]["margin"].as_f64().unwrap();
    assert!((10.0 * 3600.0 - 1800.0..10.0 * 3600.0).contains(&margin), "{margin}");
    // Each day of the week that lies in the run has 150 orders and 20 hours.
    let week = &timetable["weeks"][0];
    let (hours, orders) = (week["pools"][0]["hours"].as_f64().unwrap(), week["orders"].as_f64().unwrap());
    assert!((hours / 20.0 - orders / 150.0).abs() < 1e-9, "{week}");
}

/// The warnings of the timetable of `scenario`.
fn warned(scenario: &str) -> String {
    let desk = Desk::with(scenario);
    let stderr = desk.run(&["validate", "s.toml"]).with_code(0).stderr;
    // A run tells the same beside its results.
    let results = desk.run(&["run", "s.toml", "--reps", "2", "--format", "json"]).with_code(0).document();
    for line in stderr.lines().filter_map(|line| line.strip_prefix("s.toml: warning: ")) {
        assert!(results["warnings"].as_array().unwrap().iter().any(|text| text == line), "{line}");
    }
    stderr
}

#[test]
fn a_cut_off_that_nobody_can_keep_is_told_before_anything_runs() {
    // Ordered before 20:00, due the same day; the floor goes home at 18:00.
    let late = warned(&SMALL.replace("cut_off = \"14:00\"", "cut_off = \"20:00\""));
    assert!(late.contains("'same day' cannot be kept at 2 of 2 cut-offs"), "{late}");
    assert!(late.contains("before Mon 23 Nov 20:00 is due Mon 23 Nov 24:00"), "{late}");
}

#[test]
fn a_wave_that_finds_nobody_is_told() {
    let wave = "next = \"done\"\nrelease = { at = [\"07:00\", \"12:00\"] }";
    let unattended = warned(&SMALL.replace("next = \"done\"", wave));
    assert!(unattended.contains("'pick' lets work through 2 times when nobody of 'floor' is there"), "{unattended}");
    assert!(unattended.contains("first Mon 23 Nov 07:00"), "{unattended}");
}

#[test]
fn a_week_with_more_work_than_hours_is_told_with_both_numbers() {
    let busy = warned(&SMALL.replace("orders_per_day = 150", "orders_per_day = 250"));
    assert!(busy.contains("of work for 'floor', but only"), "{busy}");
}

#[test]
fn a_week_with_more_orders_than_collections_hold_is_told_with_both_numbers() {
    let vans = "next = \"collection\"\n\n[[collection]]\ncarrier = \"van\"\nat = \"17:00\"\ncages = 1\nparcels_per_cage = 100\n";
    let full = warned(&SMALL.replace("next = \"done\"\n", vans));
    assert!(full.contains("orders for 'van', but its collections take"), "{full}");
}
