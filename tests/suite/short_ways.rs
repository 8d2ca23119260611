//! The short way through plain stations tells, byte for byte, what the general way tells.

use crate::trace::{Visits, load, model};
use peaksim::engine::{NobodyWatches, Plan, Workspace, simulate, simulate_in};
use peaksim::model::Model;
use peaksim::observation::{ReplicationRecord, RunEnd};
use peaksim::scenario::load::Scenario;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

const SEED: u64 = 7;

fn plan(model: &Model, short: bool) -> Plan<'_> {
    let plan = Plan::new(model).expect("a valid model");
    if short { plan } else { plan.without_short_ways() }
}

fn record(model: &Model, short: bool, replication: u64) -> ReplicationRecord {
    simulate(&plan(model, short), SEED, replication, &AtomicBool::new(false), &mut NobodyWatches).unwrap()
}

/// Both ways tell the same, whether somebody looks on or not: the record, and every visit.
fn agree(name: &str, model: &Model) -> ReplicationRecord {
    let short = record(model, true, 0);
    let general = record(model, false, 0);
    let told = serde_json::to_vec(&short).unwrap();
    assert_eq!(told, serde_json::to_vec(&general).unwrap(), "{name}");
    let visits = |short| {
        let mut visits = Visits::default();
        let watched = simulate(&plan(model, short), SEED, 0, &AtomicBool::new(false), &mut visits).unwrap();
        let way = if short { "short" } else { "general" };
        assert_eq!(serde_json::to_vec(&watched).unwrap(), told, "{name}: the {way} way, watched");
        visits.0
    };
    let (rows, general) = (visits(true), visits(false));
    assert_eq!(rows.len(), general.len(), "{name}");
    for (short, general) in rows.iter().zip(&general) {
        assert_eq!(short, general, "{name}");
    }
    assert!(!rows.is_empty(), "{name}");
    short
}

/// A line of plain stations with contacts, an SLA and a circle, the last of them overloaded.
const LINE: &str = r#"
[[source]]
name = "web"
rate = "60/h"
next = "sync"
lines = { average = 1.8, single_line = "55%" }
[[station]]
name = "sync"
layer = "integration"
servers = 2
takes = "20s"
next = "pick"
[[station]]
name = "pick"
servers = 5
takes = { fixed = "3m", per_line = "30s" }
next = [{ to = "check", share = "20%" }, { to = "pack", share = "80%" }]
[[station]]
name = "check"
servers = 1
takes = { exponential = "4m" }
next = [{ to = "pick", share = "50%" }, { to = "pack", share = "50%" }]
[[station]]
name = "pack"
servers = 3
takes = { gamma = "3m10s", shape = 2.5 }
next = "done"
[[station]]
name = "support"
layer = "support"
servers = 1
takes = { exponential = "5m" }
next = "done"
[[contact]]
name = "where is it"
cause = { dispatched_later_than = "1h", chance = "60%" }
to = "support"
takes = { exponential = "5m" }
[[sla]]
name = "within an hour"
within = "1h"
target = "90%"
[[measure]]
name = "p95"
path = "station.pack.wait.p95"
[[measure]]
name = "queue"
path = "station.pack.queue.max"
"#;

#[test]
fn a_line_of_plain_stations_goes_both_ways_alike() {
    let model = model(LINE);
    let record = agree("line", &model);
    let late: u64 = record.slas[0].windows.iter().map(|window| window.late).sum();
    assert!(late > 100 && record.contacts.made > 50, "the case would show nothing: {late} late");
}

#[test]
fn a_run_cut_short_goes_both_ways_alike() {
    let text = format!(
        "format = 1\n[limits]\nevents = 20000\n[horizon]\nmode = \"span\"\nlength = \"240h\"\nthen = \"drain\"\n{LINE}"
    );
    let record = agree("cut short", &load(&text));
    assert_eq!(record.end, RunEnd::EventLimit);
}

#[test]
fn shipped_scenarios_and_those_that_measure_speed_go_both_ways_alike() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = std::fs::read_dir(root.join("scenarios")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = shipped.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    assert!(files.len() >= 6, "{files:?}");
    files.extend(["fulfilment-day", "mm1"].map(|name| root.join(format!("benches/scenarios/{name}.toml"))));
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        // The rest of it is the same again.
        let shorter = if name == "mm1" { vec!["horizon.length='600h'".to_owned()] } else { Vec::new() };
        let scenario = Scenario::load(&file, &shorter).unwrap_or_else(|error| panic!("{name}: {error}"));
        agree(&name, &scenario.model);
    }
}

#[test]
fn a_used_workspace_tells_what_a_new_one_tells() {
    let (large, small) = (model(LINE), model(&LINE.replace("60/h", "20/h")));
    let mut workspace = Workspace::new();
    for (model, replication) in [(&large, 0), (&small, 1), (&large, 2), (&small, 3)] {
        for short in [true, false] {
            let used = simulate_in(
                &mut workspace,
                &plan(model, short),
                SEED,
                replication,
                &AtomicBool::new(false),
                &mut NobodyWatches,
            )
            .unwrap();
            assert_eq!(used, record(model, short, replication), "replication {replication}");
        }
    }
}

/// A counter with more to do than it can, people already in line when it opens, and errands beside the customers.
const COUNTER: &str = r#"
[[source]]
name = "customers"
rate = "70/h"
initial = 12
lines = { average = 1.8, single_line = "55%" }
next = "counter"
[[source]]
name = "errands"
kind = "work"
rate = "9/h"
next = "counter"
[[station]]
name = "counter"
servers = 3
takes = { exponential = "3m" }
next = "done"
[[measure]]
name = "customers"
path = "orders.time_in_system.mean"
[[measure]]
name = "errands"
path = "source.errands.time_in_system.sd"
[[measure]]
name = "at the end"
path = "station.counter.queue.max"
"#;

#[test]
fn who_is_nothing_but_a_visitor_is_counted_like_everybody() {
    for (then, end) in [("stop", RunEnd::Finished), ("drain", RunEnd::Finished)] {
        let text = format!("format = 1\n[horizon]\nmode = \"span\"\nlength = \"60h\"\nthen = \"{then}\"\n{COUNTER}");
        let record = agree(then, &load(&text));
        assert_eq!((record.end, record.orders.open_at_end > 500), (end, then == "stop"), "{then}");
        assert!(record.orders.created_in_all > record.orders.arrived, "those who were there did not arrive");
    }
}

#[test]
fn a_service_that_ends_beyond_all_time_goes_both_ways_alike() {
    let counter = COUNTER.replace("takes = { exponential = \"3m\" }", "takes = { exponential = \"200d\" }");
    let text = format!("format = 1\n[horizon]\nmode = \"span\"\nlength = \"60h\"\nthen = \"stop\"\n{counter}");
    let record = agree("beyond all time", &load(&text));
    assert!(record.orders.open_at_end > 1_000);
}
