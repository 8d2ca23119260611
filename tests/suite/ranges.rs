//! No interval shown reaches beyond what its number can be, where the arithmetic around a rare event would.

use super::cli::Desk;
use serde_json::Value;

/// Eight hours in which hardly anybody waits for five minutes, until the load has grown by half.
const SHOP: &str = r#"format = 1
[horizon]
mode = "span"
length = "8h"
then = "drain"
[[source]]
name = "shop"
rate = "60/h"
next = "pick"
[[station]]
name = "pick"
servers = 2
takes = { exponential = "1m" }
next = "done"
"#;

const LIMIT: [&str; 4] = ["--limit", "station.pick.wait.share_over(5m) <= 5%", "--reps", "10"];

fn asked(words: &[&str]) -> Value {
    let more = ["--precision", "10%", "--progress", "none", "--format", "json"];
    Desk::with(SHOP).run(&[words, &LIMIT[..], &more[..]].concat()).with_code(0).document()
}

/// Both ends of the intervals of shares, of which some reach down to none.
#[track_caller]
fn hold<'v>(shares: impl Iterator<Item = &'v Value>) {
    let ends = |share: &Value| Some((share["low"].as_f64()?, share["value"].as_f64()?, share["high"].as_f64()?));
    let all: Vec<(f64, f64, f64)> = shares.filter_map(ends).collect();
    assert!(all.iter().all(|(low, _, high)| (0.0..=1.0).contains(low) && (0.0..=1.0).contains(high)), "{all:?}");
    assert!(all.iter().any(|(low, value, _)| *low <= 0.0 && *value > 0.0), "none is near its end: {all:?}");
}

#[test]
fn the_curve_of_a_breach_shows_no_share_below_none() {
    let found = asked(&["breach", "s.toml", "--vary", "source.*.uplift=0.5..2.5"]);
    hold(found["breach_points"][0]["curve"].as_array().unwrap().iter().map(|point| &point["value"]));
}

#[test]
fn the_plan_and_the_cells_of_a_frontier_show_no_share_below_none() {
    let plane = ["--vary", "source.*.uplift=0.5..2.5", "--vary", "station.pick.servers=2..3", "--rows", "2"];
    let found = asked(&[&["frontier", "s.toml"], &plane[..]].concat());
    hold(found["frontier"]["seen"].as_array().unwrap().iter().map(|cell| &cell["values"][0]["value"]));
}
