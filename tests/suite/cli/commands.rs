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
