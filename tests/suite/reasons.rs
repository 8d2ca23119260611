//! What cannot be told says why, and what to ask or to run instead.

use super::cli::{Desk, SMALL};

fn told(desk: &Desk, words: &[&str], code: i32) -> String {
    let ended = desk.run(&[words, &["--progress", "none"]].concat()).with_code(code);
    (if code == 0 || code == 11 { ended.stdout } else { ended.stderr }).replace('\n', " ").replace("              ", "")
}

/// The small shop, in which every order is in time, without its promise.
fn without_sla() -> String {
    SMALL.split("[[sla]]").next().unwrap().to_owned()
}

#[test]
fn an_sla_that_too_few_runs_keep_alike_is_not_said_to_need_a_narrower_interval() {
    let desk = Desk::with(SMALL);
    let text = told(&desk, &["run", "s.toml", "--reps", "5"], 0);
    let why = "in a window every run with orders says the same, and too few do: --reps 6.";
    assert!(text.contains(&format!("cannot be told from 5 replications: {why}")), "{text}");
    let text = told(&desk, &["sweep", "s.toml", "--reps", "5", "--vary", "pool.floor.shifts.0.heads=2,3"], 0);
    assert!(text.contains(&format!("Whether 'same day' is kept cannot be told in 2 of 2 cells: {why}")), "{text}");
    // What is said to do, does.
    assert!(told(&desk, &["run", "s.toml", "--reps", "6"], 0).contains("The SLA is kept."));
}

#[test]
fn a_percentile_over_too_few_runs_is_not_said_to_lie_near_its_limit() {
    let check = "check=[{ name = 'late', expect = \"sla.'same day'.late.quantile_over_runs(0.95) <= 100\" }]";
    let text = told(&Desk::with(SMALL), &["check", "s.toml", "--reps", "20", "--set", check], 11);
    assert!(text.contains("fewer than 72 replications do not bound it from above: --reps 72"), "{text}");
    assert!(!text.contains("near the limit"), "{text}");
}

#[test]
fn scenarios_without_an_order_have_nothing_to_be_compared_by() {
    let words = ["compare", "s.toml", "--variant", "more: pool.floor.shifts.0.heads=3", "-o", "out"];
    let desk = Desk::with(&SMALL.replace("orders_per_day = 150", "orders_per_day = 0"));
    let text = told(&desk, &words, 0);
    assert!(text.contains("nothing to tell it from") && !text.contains("too few runs"), "{text}");
    let page = String::from_utf8(desk.read("out/comparison.html")).unwrap();
    assert!(page.contains("Nothing to tell") && !page.contains("?</span> Too few runs"), "{page}");
}

#[test]
fn a_search_with_nothing_to_break_says_what_to_name() {
    let desk = Desk::with(&without_sla());
    let text = told(&desk, &["breach", "s.toml"], 2);
    assert!(text.contains("no SLA") && text.contains("--limit 'orders.time_to_dispatch.mean <= 2h'"), "{text}");
    for command in ["breach", "frontier"] {
        let text = told(&desk, &[command, "s.toml", "--limit", " "], 2);
        assert!(text.contains("--limit") && text.contains("station.pick.wait.p95 <= 2h"), "{text}");
    }
}

#[test]
fn a_sweep_with_nothing_to_tell_says_what_to_name_and_counts_one_cell_as_one() {
    let desk = Desk::with(&without_sla());
    let words = ["sweep", "s.toml", "--reps", "2", "--vary", "pool.floor.shifts.0.heads=2"];
    let text = told(&desk, &words, 2);
    assert!(text.contains("no SLA") && text.contains("--metric orders.time_to_dispatch.mean"), "{text}");
    let text = told(&desk, &[&words[..], &["--metric", "orders.time_to_dispatch.mean"]].concat(), 0);
    assert!(text.contains("1 cell, one for each value of pool.floor.shifts.0.heads"), "{text}");
}
