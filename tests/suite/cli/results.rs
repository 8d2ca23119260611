use super::{Desk, SMALL};
use peaksim::engine::Plan;
use peaksim::experiment::replications::run;
use peaksim::experiment::{Results, RunIdentity, Series};
use peaksim::scenario::Scenario;
use std::sync::atomic::AtomicBool;

#[test]
fn threads_change_no_byte() {
    let desk = Desk::with(SMALL);
    let one = desk.run(&["run", "s.toml", "--format", "json", "--threads", "1"]).with_code(0);
    assert_eq!(one.document()["replications"], 6);
    for threads in ["2", "7"] {
        let more = desk.run(&["run", "s.toml", "--format", "json", "--threads", threads]).with_code(0);
        assert_eq!(more.stdout, one.stdout, "{threads} threads");
    }
}

#[test]
fn the_file_and_stdout_hold_the_same_document() {
    let desk = Desk::with(SMALL);
    let ended = desk.run(&["run", "s.toml", "--format", "json", "-o", "out", "--progress", "none"]).with_code(0);
    assert_eq!(desk.read("out/results.json"), ended.stdout.as_bytes());
    assert!(desk.files("reports").is_empty());
    assert!(!ended.stdout.contains(&*desk.path().to_string_lossy()));
}

#[test]
fn text_goes_to_a_folder_named_as_the_scenario_and_nothing_is_left_beside_it() {
    let desk = Desk::with(SMALL);
    desk.run(&["run", "s.toml", "--orders", "orders.csv", "--csv", "tables"]).with_code(0);
    assert_eq!(desk.files("reports/s"), ["report.html", "results.json"]);
    assert!(String::from_utf8(desk.read("reports/s/report.html")).unwrap().contains("Two small days"));
    assert!(desk.files("tables").contains(&"stations.csv".to_owned()));
    let all = [desk.files("."), desk.files("reports/s"), desk.files("tables")].concat();
    assert!(all.iter().all(|name| !name.starts_with('.')), "{all:?}");
    let visits = String::from_utf8(desk.read("orders.csv")).unwrap();
    assert!(visits.starts_with("order,") && visits.lines().count() > 300, "{visits}");
}

#[test]
fn one_replication_alone_is_the_same_as_among_others() {
    let desk = Desk::with(SMALL);
    let alone = desk.run(&["run", "s.toml", "--format", "json", "--only-rep", "3"]).with_code(0);

    let scenario = Scenario::load(&desk.path().join("s.toml"), &[]).unwrap();
    let plan = Plan::new(&scenario.model).unwrap();
    let series = Series { replications: 0..5, threads: None };
    let stop = AtomicBool::new(false);
    let runs = run(&plan, scenario.plan.seed, &series, &stop, &mut || false, &mut |_| {}).unwrap();
    let hash = scenario.hash.to_hex().to_string();
    let identity = RunIdentity { hash, seed: scenario.plan.seed, asked: 1, confidence: 0.95 };
    let results = Results::fold(&scenario.model, &identity, &runs.records[3..4]);
    assert_eq!(alone.stdout.as_bytes(), peaksim::report::json::results(&results));
}

#[test]
fn the_seed_changes_results_and_the_file_can_be_overridden() {
    let desk = Desk::with(SMALL);
    let run = |more: &[&str]| {
        let arguments = [&["run", "s.toml", "--format", "json", "--reps", "3"], more].concat();
        desk.run(&arguments).with_code(0).document()
    };
    let plan = run(&[]);
    assert_ne!(run(&["--seed", "99"])["orders"], plan["orders"]);
    assert_eq!(run(&["--seed", "99"])["seed"], 99);
    let more = run(&["--set", "source.\"web shop\".orders_per_day=200"]);
    let arrived = |document: &serde_json::Value| document["orders"]["arrived"]["value"].as_f64().unwrap();
    assert!(arrived(&more) > 1.2 * arrived(&plan));
    assert_ne!(more["scenario"]["hash"], plan["scenario"]["hash"]);
}

#[test]
fn colour_adds_nothing_but_colour() {
    let desk = Desk::with(SMALL);
    let plain = desk.run(&["run", "s.toml", "--color", "never"]).with_code(0).stdout;
    let coloured = desk.run(&["run", "s.toml", "--color", "always"]).with_code(0).stdout;
    assert_ne!(plain, coloured);
    assert_eq!(plain, without_escapes(&coloured));
    let wrong = ["validate", "s.toml", "--set", "station.pick.servrs=1"];
    let plain = desk.run(&[&wrong[..], &["--color", "never"]].concat()).with_code(20).stderr;
    let coloured = desk.run(&[&wrong[..], &["--color", "always"]].concat()).with_code(20).stderr;
    assert_ne!(plain, coloured);
    assert_eq!(plain, without_escapes(&coloured));
    // Into a pipe there is no colour unless it is asked for.
    assert!(!desk.run(&["run", "s.toml"]).stdout.contains('\u{1b}'));
}

fn without_escapes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find('m').expect("a colour ends with m");
        rest = &rest[at + end + 1..];
    }
    out + rest
}
