//! Whether the intervals that are printed hold what they promise: in how many of 400 experiments, each of 20
//! replications with a seed of its own, the 95 % interval holds the exact value.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use peaksim::engine::{NobodyWatches, Plan, simulate};
use peaksim::experiment::{Results, RunIdentity};
use peaksim::statistics::proportion::clopper_pearson;
use rayon::prelude::*;

use super::case::{self, Case};
use super::question::{self, Question};
use super::scenario::{self, Clock};

/// Ten cases and one of their quantities each, by its place in the case; what kind of number that is.
const CASES: [(&str, usize, &str); 10] = [
    ("mm1-r50", 8, "quantile of all waits"),
    ("mmc-backlog-drain", 16, "integral over time, from a backlog"),
    ("mt-outage", 15, "level at an instant"),
    ("mt-spike-shifts-return", 35, "integral over time"),
    ("mt-diurnal-const-c", 30, "share of waits, load by the hour"),
    ("mt-crew-change", 7, "level at an instant, crews changing"),
    ("mtginf-lognormal", 8, "level at an instant, no queue"),
    ("cutoff-day", 2, "attainment of a promise"),
    ("forkjoin-4", 2, "share of times in system"),
    ("batch-timeout", 0, "mean of waits"),
];

const EXPERIMENTS: u64 = 400;
const REPLICATIONS: u64 = 20;

const HEAD: &str = "# Coverage of the intervals

Each line is one exactly known number of one model. 400 experiments of 20 replications, each experiment with a seed of its
own, give 400 intervals of 95 %; an interval holds the exact value or it does not. A line passes when the exact 99.9 %
binomial interval of the share that does meets 93 % to 97 %.

Written by `PEAKSIM_COVERAGE=1 cargo test coverage`; seeds are fixed, so that the same version writes the same bytes.

| case | quantity | kind | exact | intervals that hold it | 99.9 % interval of that share | verdict |
|---|---|---|--:|--:|--:|---|
";

#[test]
fn intervals_hold_the_exact_value_as_often_as_they_say() {
    // Eighty thousand runs: asked for by name, or one experiment of each, for the machinery.
    let whole = std::env::var("PEAKSIM_COVERAGE").is_ok();
    let experiments = if whole { EXPERIMENTS } else { 3 };
    let cases = case::all();
    let (mut table, mut misses) = (HEAD.to_owned(), Vec::new());
    for (id, place, kind) in CASES {
        let case = cases.iter().find(|case| case.id == id).expect("a case of this name");
        let (path, exact) = number(case, place);
        let held = experiments_that_hold(case, &path, exact, experiments);
        let share = clopper_pearson(held, experiments, 0.999);
        let (low, high) = (share.low.unwrap(), share.high.unwrap());
        let passed = low <= 0.97 && high >= 0.93;
        if !passed {
            misses.push(format!("{id} {path}: {held} of {experiments}"));
        }
        let verdict = if passed { "passed" } else { "NOT PASSED" };
        let percent = |share: f64| share * 100.0;
        let _ = writeln!(
            table,
            "| {id} | {path} | {kind} | {exact:.6} | {held} of {experiments} | {:.1} % to {:.1} % | {verdict} |",
            percent(low),
            percent(high)
        );
    }
    if whole {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/coverage.md");
        std::fs::write(&path, &table).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    assert!(misses.is_empty(), "{misses:?}");
}

/// The metric path of a quantity of `case`, and its exact value.
fn number(case: &Case, place: usize) -> (String, f64) {
    let quantity = &case.quantities[place];
    if let Some(p) = quantity.p.filter(|_| quantity.metric == "wait_quantile") {
        let station = quantity.station.as_ref().expect("a station");
        return (format!("station.{station}.wait.p{}", p * 100.0), quantity.value * Clock::of(case).seconds);
    }
    let Question { paths, checks, .. } = question::of_these(case, std::slice::from_ref(quantity));
    (paths[0].clone(), checks[0].exact)
}

/// In how many experiments the printed interval of `path` holds `exact`.
fn experiments_that_hold(case: &Case, path: &str, exact: f64, experiments: u64) -> u64 {
    let model = super::model(case, &scenario::text(case, scenario::Variant::PLAIN, &[path.to_owned()]));
    let plan = Plan::new(&model).expect("the engine can run it");
    let stop = AtomicBool::new(false);
    let holds = |experiment: u64| {
        let seed = 1_000 + experiment;
        let one = |index| simulate(&plan, seed, index, &stop, &mut NobodyWatches).expect("nobody stops it");
        let records: Vec<_> = (0..REPLICATIONS).map(one).collect();
        let identity = RunIdentity { hash: String::new(), seed, asked: REPLICATIONS, confidence: 0.95 };
        let estimate = Results::fold(&model, &identity, &records).measures[0].estimate;
        u64::from(estimate.low.is_some_and(|low| low <= exact) && estimate.high.is_some_and(|high| exact <= high))
    };
    (0..experiments).into_par_iter().map(holds).sum()
}
