//! A span whose open orders are worked off is dated as finely as one that stops: the tail is long, its steps are not.

use super::cli::Desk;
use serde_json::{Value, json};

/// Eight hours of more orders than one person can do.
const OVERLOADED: &str = r#"format = 1
replications = 20
[horizon]
mode = "span"
length = "8h"
then = "drain"
[[source]]
name = "shop"
rate = "90/h"
next = "pick"
[[station]]
name = "pick"
servers = 1
takes = { exponential = "1m" }
next = "done"
[[sla]]
name = "quick"
within = "10m"
target = "90%"
"#;

fn run(more: &[&str]) -> Value {
    let words = ["run", "s.toml", "--progress", "none", "--format", "json"];
    Desk::with(OVERLOADED).run(&[&words[..], more].concat()).with_code(0).document()
}

fn first_breach(found: &Value, which: &str) -> f64 {
    found["slas"][0]["first_breach"][which].as_f64().unwrap_or_else(|| panic!("{}", found["slas"][0]))
}

#[test]
fn the_first_breach_is_found_to_the_minute_as_where_the_run_stops() {
    let (drains, stops) = (run(&[]), run(&["--set", "horizon.then='stop'"]));
    for which in ["p10", "median", "p90"] {
        let (drained, stopped) = (first_breach(&drains, which), first_breach(&stops, which));
        // A run that stops has a few orders fewer that count, so what the target leaves is a little less.
        assert!((drained - stopped).abs() <= 300.0 && stopped < 2.0 * 3_600.0, "{which}: {drained} and {stopped}");
        assert!(drained % 60.0 == 0.0, "{which}: {drained}");
    }
}

#[test]
fn its_timeline_has_the_same_steps() {
    for then in ["drain", "stop"] {
        let found = run(&["--set", &format!("horizon.then='{then}'"), "--reps", "2"]);
        let at = |k: usize| found["timeline"][k]["at"].clone();
        assert_eq!((at(0), at(1), at(479)), (json!(60.0), json!(120.0), json!(28_800.0)), "{then}");
        assert!(!found["warnings"].to_string().contains("timeline"), "{}", found["warnings"]);
    }
}

#[test]
fn what_is_worked_off_after_days_has_a_date_to_hours() {
    // Ten minutes an order: some five days of work, and half of it is late by two days' promise.
    let slow = ["--set", "station.pick.takes='10m'", "--set", "sla.quick.within='48h'", "--reps", "6"];
    let hours = first_breach(&run(&slow), "median") / 3_600.0;
    assert!((48.0..=56.0).contains(&hours) && (hours - 32.0) % 3.0 == 0.0, "{hours} h");
}
