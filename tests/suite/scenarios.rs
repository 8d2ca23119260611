//! The scenarios that come with the program: each of them runs, loses nothing, and says what it is there to say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use peaksim::engine::{NobodyWatches, Plan, simulate};
use peaksim::experiment::results::Verdict;
use peaksim::experiment::{Results, RunIdentity};
use peaksim::model::Sla;
use peaksim::observation::{ReplicationRecord, RunEnd};
use peaksim::scenario::load::Scenario;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn shipped() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    files
}

fn load(path: &Path) -> Scenario {
    Scenario::load(path, &[]).unwrap_or_else(|error| panic!("{}:\n{error}", path.display()))
}

fn records(scenario: &Scenario, replications: u64) -> Vec<ReplicationRecord> {
    let plan = Plan::new(&scenario.model).unwrap();
    let stop = AtomicBool::new(false);
    let one = |index| simulate(&plan, scenario.plan.seed, index, &stop, &mut NobodyWatches).unwrap();
    (0..replications).map(one).collect()
}

fn conserves(name: &str, record: &ReplicationRecord) {
    let orders = &record.orders;
    assert_eq!(record.end, RunEnd::Finished, "{name}");
    assert!(orders.arrived > 0, "{name}");
    assert_eq!(orders.arrived, orders.dispatched + orders.cancelled + orders.open_at_end, "{name}: {orders:?}");
    for station in &record.stations {
        let ended = station.completed + station.abandoned + station.turned_away;
        assert!(ended <= station.arrivals, "{name}: {station:?}");
    }
    for sla in &record.slas {
        assert!(sla.windows.iter().all(|window| window.late <= window.due), "{name}: {sla:?}");
        let blamed: f64 = sla.ledger.iter().map(|cell| cell.late_hours).sum();
        assert!((blamed - sla.late_hours).abs() <= 1e-6 * sla.late_hours.max(1.0), "{name}: {blamed} of {sla:?}");
    }
}

/// Kept and due over all records, by window, where there are enough orders to judge.
fn kept_by_window(sla: &Sla, records: &[ReplicationRecord], k: usize) -> Vec<(u64, u64)> {
    let mut windows: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    for record in records {
        for (index, window) in record.slas[k].windows.iter().enumerate() {
            let (kept, due) = windows.entry(index).or_default();
            *kept += window.due - window.late;
            *due += window.due;
        }
    }
    windows.into_values().filter(|(_, due)| *due >= u64::from(sla.min_orders) * records.len() as u64).collect()
}

fn verdict(scenario: &Scenario, records: &[ReplicationRecord]) -> Verdict {
    let identity =
        RunIdentity { hash: String::new(), seed: scenario.plan.seed, asked: records.len() as u64, confidence: 0.95 };
    Results::fold(&scenario.model, &identity, records).slas[0].verdict
}

#[test]
fn every_scenario_loads_and_loses_nothing() {
    let files = shipped();
    assert!(files.len() >= 5, "{files:?}");
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let scenario = load(&path);
        assert!(scenario.warnings.is_none(), "{name}: {}", scenario.warnings.unwrap());
        assert!(!scenario.title.is_empty() && scenario.description.is_some(), "{name} asks no question");
        assert!(!scenario.model.slas.is_empty(), "{name} promises nothing");
        for record in records(&scenario, 2) {
            conserves(&name, &record);
        }
    }
}

#[test]
fn an_ordinary_week_keeps_every_promise_and_peak_week_does_not() {
    let quiet = load(&folder().join("quiet-week.toml"));
    let of_quiet = records(&quiet, 8);
    for (k, sla) in quiet.model.slas.iter().enumerate() {
        for (kept, due) in kept_by_window(sla, &of_quiet, k) {
            let share = kept as f64 / due as f64;
            assert!(share >= sla.target, "{}: {share} of {due} orders", sla.name);
        }
    }
    let peak = load(&folder().join("black-friday.toml"));
    let of_peak = records(&peak, 3);
    assert_eq!(verdict(&peak, &of_peak), Verdict::Breached);
    assert_ne!(verdict(&quiet, &of_quiet), Verdict::Breached);
}

#[test]
fn in_the_drop_the_api_limit_is_the_bottleneck_and_a_larger_plan_removes_it() {
    let path = folder().join("flash-sale-drop.toml");
    let standard = load(&path);
    for record in records(&standard, 2) {
        let worst = record.slas[0].ledger.iter().max_by(|a, b| a.late_hours.total_cmp(&b.late_hours)).unwrap();
        assert_eq!(worst.cause().name(), "rate limit");
        let dispatched = &record.slas[1].windows;
        assert!(dispatched.iter().all(|window| window.late == 0), "the floor keeps up: {dispatched:?}");
    }
    let change = ["station.\"order sync\".rate_limit.shopify_plan=\"plus\"".to_owned()];
    let plus = Scenario::load(&path, &change).unwrap();
    for record in records(&plus, 2) {
        assert!(record.slas[0].windows.iter().all(|window| window.late == 0));
    }
}
