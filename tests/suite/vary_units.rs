//! What is varied may have a unit: ends, answer and plan are told in it.

use crate::cli::Desk;
use serde_json::Value as Json;

/// One server in steady state: with a service time of x minutes the mean wait is x²/(3 - x) minutes.
const LINE: &str = "format = 1\n[horizon]\nmode = \"steady\"\nwarm_up = \"20h\"\nmeasured = \"300h\"\n\
    [[source]]\nname = \"shop\"\nrate = \"20/h\"\nnext = \"pick\"\n\
    [[station]]\nname = \"pick\"\nservers = 1\ntakes = { exponential = \"90s\" }\nnext = \"done\"\n\
    [[sla]]\nname = \"quick\"\nwithin = \"10m\"\ntarget = \"90%\"\n";

fn document(arguments: &[&str]) -> Json {
    let ended = Desk::with(LINE).run(arguments);
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {}", ended.stderr))
}

fn number(of: &Json) -> f64 {
    of.as_f64().unwrap_or_else(|| panic!("{of} is not a number"))
}

#[test]
fn the_longest_service_time_that_keeps_a_wait_is_that_of_theory() {
    let asked = ["--limit", "station.pick.wait.mean <= 4m", "--vary", "station.pick.takes.exponential=1m..2.8m"];
    let options = ["--precision", "2%", "--seed", "2", "--format", "json"];
    let found = &document(&[&["breach", "s.toml"], &asked[..], &options[..]].concat())["breach_points"][0];
    let (low, high) = (number(&found["point"]["low"]), number(&found["point"]["high"]));
    assert!(low <= 2.0 && 2.0 <= high, "{low} to {high}");
    assert!(high - low <= 0.1, "{low} to {high}");
    assert_eq!(found["range"]["unit"], "m");
    assert!((number(&found["planned"]) - 1.5).abs() < 1e-12, "the plan's 90 seconds in minutes");
    let told = Desk::with(LINE).run(&[&["breach", "s.toml"], &asked[..], &["--reps", "20"]].concat());
    assert!(
        told.stdout.contains("station.pick.takes.exponential = ") && told.stdout.contains("m ("),
        "{}",
        told.stdout
    );
}

#[test]
fn a_percentage_is_varied_in_per_cents() {
    let asked = ["--reps", "20", "--format", "json"];
    let vary = ["breach", "s.toml", "--vary", "sla.quick.target=50%..99.9%"];
    let found = &document(&[&vary[..], &asked].concat())["breach_points"][0];
    let run = &document(&[&["run", "s.toml"], &asked[..]].concat())["slas"][0]["attainment"];
    let (point, attained) = (number(&found["point"]["value"]), 100.0 * number(&run["value"]));
    // Other runs of the same scenario.
    assert!((point - attained).abs() < 1.0, "{point} and {attained}");
    assert_eq!(found["range"]["unit"], "%");
}

#[test]
fn rows_and_cells_have_units_as_well() {
    let rows = ["--vary", "source.*.uplift=0.25..2", "--vary", "station.pick.takes.exponential=60s..120s"];
    let found =
        document(&[&["frontier", "s.toml", "--rows", "2", "--reps", "6", "--format", "json"], &rows[..]].concat());
    assert_eq!((&found["frontier"]["rows"]["unit"], &found["frontier"]["load"]["unit"]), (&"s".into(), &Json::Null));
    assert_eq!(found["frontier"]["rows"]["planned"], 90.0);
    for cells in ["station.pick.takes.exponential=1m..2m/2", "station.pick.takes.exponential=1m,2m"] {
        let found = document(&["sweep", "s.toml", "--vary", cells, "--reps", "2", "--format", "json"]);
        let cells = found["sweep"]["cells"].as_array().unwrap();
        for (cell, takes) in cells.iter().zip(["1m", "2m"]) {
            assert_eq!(cell["values"]["station.pick.takes.exponential"], takes);
            let set = format!("station.pick.takes.exponential=\"{takes}\"");
            let run = document(&["run", "s.toml", "--set", &set, "--reps", "2", "--format", "json"]);
            assert_eq!(cell["slas"][0]["attainment"], run["slas"][0]["attainment"]);
        }
    }
}

#[test]
fn a_unit_that_there_is_not_is_named() {
    let refused = |vary: &str, code| {
        let ended = Desk::with(LINE).run(&["breach", "s.toml", "--color", "never", "--vary", vary]).with_code(code);
        assert!(ended.stdout.is_empty());
        ended.stderr
    };
    let found = refused("station.pick.takes.exponential=1mn..3mn", 20);
    assert!(
        found.contains("`mn` is no unit of time: ms, s, m, h, d or w") && found.contains("[--vary:1:1]"),
        "{found}"
    );
    let found = refused("station.pick.takes.exponential=1s..3m", 2);
    assert!(found.contains("both ends need the same unit, not `s` and `m`"), "{found}");
    let found = refused("station.pick.takes.exponential=1..3", 20);
    assert!(found.contains("--vary station.pick.takes.exponential=1s..3s"), "{found}");
}

#[test]
fn what_changes_nothing_of_the_operation_is_not_varied() {
    for command in ["breach", "frontier", "sweep"] {
        for (vary, says) in [
            ("seed=1..10", "not how the operation works"),
            ("replications=2..10", "not how the operation works"),
            ("exceptions.factor=1..5", "no [[exceptions.class]]"),
        ] {
            let load: &[&str] = if command == "frontier" { &["--vary", "source.*.uplift=0.5..2"] } else { &[] };
            let words = [&[command, "s.toml"], load, &["--vary", vary]].concat();
            let ended = Desk::with(LINE).run(&words).with_code(20);
            assert!(
                ended.stderr.contains(says) && ended.stderr.contains("--vary"),
                "{command} {vary}: {}",
                ended.stderr
            );
        }
    }
}
