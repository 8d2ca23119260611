//! Runs without an order tell nothing: however many there are, nothing is passed, failed, kept or better by them.

use super::cli::Desk;
use serde_json::{Value, json};

/// Eight hours in which an order comes rarely, and a promise that each of them keeps with ease.
const RARE: &str = r#"format = 1
[horizon]
mode = "span"
length = "8h"
then = "drain"
[[source]]
name = "shop"
rate = "0.005/h"
next = "pick"
[[station]]
name = "pick"
servers = 2
takes = { exponential = "1m" }
next = "done"
[[sla]]
name = "quick"
within = "10m"
target = "90%"
[[check]]
name = "most are quick"
expect = "sla.quick.attainment >= 90%"
"#;

/// The same with twice the orders, of which none can keep the promise.
const LATE: [&str; 4] = ["--set", "source.shop.rate='0.01/h'", "--set", "station.pick.takes='40m'"];

fn asked(more: &[&str]) -> (Option<i32>, Value) {
    let words = ["--progress", "none", "--format", "json", "--seed", "1"];
    let (command, rest) = more.split_first().unwrap();
    let ended = Desk::with(RARE).run(&[&[*command, "s.toml"], rest, &words[..]].concat());
    assert!(!ended.stdout.contains("NaN") && !ended.stdout.contains("inf"), "{}", ended.stdout);
    (ended.code, ended.document())
}

#[test]
fn a_check_does_not_pass_by_a_single_order() {
    for reps in ["10", "20", "40"] {
        let (code, found) = asked(&["check", "--reps", reps]);
        let check = &found["checks"][0];
        assert_eq!((code, &check["verdict"]), (Some(11), &json!("inconclusive")), "{check}");
        let expected = json!({ "value": 1.0, "low": null, "high": null, "confidence": 0.95, "samples": 1 });
        assert_eq!(check["observed"], expected, "of {reps} runs one has an order");
        let needed = 6 * reps.parse::<u64>().unwrap();
        let told = format!("one run alone has anything to tell it from: --reps {needed}");
        assert_eq!((&check["reason"], &check["replications_needed"]), (&json!(told), &json!(needed)));
    }
}

#[test]
fn a_check_does_not_fail_by_two_orders() {
    let (code, found) = asked(&[&["check", "--reps", "20"], &LATE[..]].concat());
    let check = &found["checks"][0];
    assert_eq!((code, &check["verdict"], &check["observed"]["value"]), (Some(11), &json!("inconclusive"), &json!(0.0)));
    let told = "every run that tells anything says the same, and too few do: --reps 60";
    assert_eq!((&check["reason"], &check["observed"]["samples"]), (&json!(told), &json!(2)));
}

#[test]
fn it_passes_once_enough_runs_have_an_order() {
    let (code, found) = asked(&["check", "--reps", "200"]);
    let (check, samples) = (&found["checks"][0], found["checks"][0]["observed"]["samples"].as_u64().unwrap());
    assert!((6..20).contains(&samples), "{check}");
    assert_eq!((code, &check["verdict"]), (Some(0), &json!("pass")), "{check}");
    let (code, found) = asked(&["check", "--reps", "100"]);
    assert!((2..6).contains(&found["checks"][0]["observed"]["samples"].as_u64().unwrap()), "{}", found["checks"][0]);
    assert_eq!(code, Some(11), "{}", found["checks"][0]);
}

#[test]
fn a_percentile_of_waits_is_not_bounded_by_runs_in_which_nobody_waited() {
    let wait = "check=[{ name = 'short', expect = 'station.pick.wait.p95 <= 1h' }]";
    let (code, found) = asked(&["check", "--reps", "200", "--set", wait]);
    assert_eq!((code, &found["checks"][0]["verdict"]), (Some(11), &json!("inconclusive")), "{}", found["checks"][0]);
}

#[test]
fn a_run_until_a_precision_does_not_take_a_single_order_for_certainty() {
    let (code, found) = asked(&["run", "--reps", "40", "--until", "sla.quick.attainment ± 0.5pp"]);
    let until = &found["until"];
    assert_eq!(
        (code, &until["outcome"], &until["reached_half_width"]),
        (Some(22), &json!("limit reached"), &json!(null))
    );
    let told = "No bounds of sla.quick.attainment are known (wanted: ± 0.5pp): 40 replications were allowed, of which 1 tells \
                anything of it, and --reps allows more.";
    let text = Desk::with(RARE)
        .run(&["run", "s.toml", "--seed", "1", "--reps", "40", "--until", "sla.quick.attainment ± 0.5pp"])
        .with_code(22);
    assert!(text.stdout.replace('\n', " ").contains(told), "{}", text.stdout);
    // Three orders that keep it are not enough either.
    let (code, found) = asked(&["run", "--reps", "80", "--until", "sla.quick.attainment ± 0.5pp"]);
    let samples = found["until"]["observed"]["samples"].as_u64().unwrap();
    assert!((2..6).contains(&samples) && code == Some(22), "{}", found["until"]);
}

#[test]
fn a_variant_is_not_better_by_two_orders() {
    let faster = ["--variant", "faster: station.pick.takes='1s'"];
    let (_, found) = asked(&[&["compare", "--reps", "20"], &LATE[..], &faster[..]].concat());
    let compared = &found["comparisons"][0]["slas"][0];
    assert_eq!((&compared["verdict"], &compared["difference"]["value"]), (&json!("too few runs"), &json!(1.0)));
    assert_eq!((&compared["difference"]["samples"], &compared["replications_needed"]), (&json!(2), &json!(60)));
}

#[test]
fn nothing_holds_along_a_range_with_a_single_order() {
    let limit = ["--limit", "sla.quick.attainment >= 90%"];
    let (code, found) = asked(&[&["breach"], &limit[..]].concat());
    let point = &found["breach_points"][0];
    assert_eq!((code, &point["outcome"]), (Some(0), &json!("unknown")), "{point}");
    let plane = ["--vary", "source.*.uplift=0.5..2", "--vary", "station.pick.servers=1..2"];
    let (code, found) = asked(&[&["frontier"], &limit[..], &plane[..]].concat());
    let rows = found["frontier"]["lines"][0]["rows"].as_array().unwrap();
    assert!(rows.len() == 2 && code == Some(0), "{found}");
    rows.iter().for_each(|row| assert_eq!(row["outcome"], "unknown", "{row}"));
}

#[test]
fn the_report_gives_no_interval_to_a_single_order() {
    let ended = Desk::with(RARE).run(&["run", "s.toml", "--progress", "none", "--reps", "20"]).with_code(0);
    assert!(ended.stdout.contains("(kept 100 %);") && !ended.stdout.contains("interval 100 %"), "{}", ended.stdout);
}
