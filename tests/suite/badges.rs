//! The badge of a page judges the plan, whatever the curve around it looks like.

use super::breach::LINE;
use super::cli::Desk;

/// The badge of the page that `command` writes of `scenario`.
fn badge(scenario: &str, command: &[&str]) -> String {
    let desk = Desk::with(scenario);
    let words = [&command[..1], &["s.toml", "--progress", "none", "-o", "out"], &command[1..]].concat();
    let ended = desk.run(&words);
    let page = String::from_utf8(desk.read(&format!("out/{}.html", command[0])))
        .unwrap_or_else(|_| panic!("{}", ended.stderr));
    let badge = page.split("<p class=\"badge\">").nth(1).unwrap().split("</p>").next().unwrap();
    badge.replace("<span aria-hidden=\"true\">", "").replace("</span>", "")
}

const BREACH: [&str; 3] = ["breach", "--precision", "10%"];

#[test]
fn a_plan_that_is_broken_like_every_load_around_it_is_broken() {
    let hopeless = LINE.replace("within = \"10m\"", "within = \"1ms\"");
    assert_eq!(badge(&hopeless, &BREACH), "✗ Broken as planned");
    let beside = [&BREACH[..], &["--vary", "source.*.uplift=2..3"]].concat();
    assert_eq!(badge(&hopeless, &beside), "✗ Broken over the range");
}

#[test]
fn a_plan_between_loads_that_are_broken_and_kept_is_looked_at_by_itself() {
    // Orders wait for a cart of 40 at low load, for a picker at high load; in between they do neither.
    let cart = |uplift: &str| {
        super::breach::station("20/h", 50, "servers = 1\nbatch = { min = 40, max = 40 }", "station.s.wait.mean")
            .replace("exponential = \"1m\"", "mean = \"20m\", cv = 0.3")
            .replace("LOAD", uplift)
    };
    let asked = ["--limit", "station.s.wait.mean <= 30m", "--vary", "source.*.uplift=0.5..8", "--reps", "30"];
    for (uplift, expected) in [("0.7", "✗ Broken as planned"), ("2.8", "! Headroom is limited")] {
        assert_eq!(badge(&cart(uplift), &[&BREACH[..1], &asked].concat()), expected, "{uplift}");
    }
}

#[test]
fn without_orders_nothing_can_be_told() {
    let empty = LINE.replace("60/h", "0/h");
    assert_eq!(badge(&empty, &BREACH), "? Cannot be told");
    let rows = ["--vary", "source.*.uplift=0.5..2", "--vary", "station.pick.servers=2..3", "--rows", "2"];
    assert_eq!(badge(&empty, &[&["frontier"], &rows[..], &["--reps", "8"]].concat()), "? Cannot be told");
}
