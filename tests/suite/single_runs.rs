//! Where single runs break: what a scan of the same runs says, load by load.

use super::breach::{LINE, Text, at_most, station};
use peaksim::engine::Plan;
use peaksim::experiment::breach::{Breach, Limit, Outcome, Range, Settings, Spread, Subject, Vary, find};
use peaksim::experiment::cells::Work;
use peaksim::experiment::replications::run;
use peaksim::experiment::{Results, RunIdentity, RunSet, Series};
use peaksim::model::Model;
use std::sync::atomic::AtomicBool;

/// Replications of the pilot, of which the single runs are.
const RUNS: u64 = 30;

fn breach(text: &str, range: Range, subject: &Subject, seed: u64) -> Breach {
    let stop = AtomicBool::new(false);
    let work = Work { seed, threads: None, stop: &stop };
    let settings = Settings { work, confidence: 0.95, precision: 0.05, replications: Some(RUNS) };
    find(&Text(text.to_owned()), range, std::slice::from_ref(subject), settings, &mut |_| {}).unwrap().remove(0)
}

fn runs(model: &Model, seed: u64, replications: std::ops::Range<u64>) -> RunSet {
    let series = Series { replications, threads: None };
    run(&Plan::new(model).unwrap(), seed, &series, &AtomicBool::new(false), &mut || false, &mut |_| {}).unwrap()
}

/// Whether each of the pilot's runs breaks at a load.
fn broken(model: &Model, seed: u64, subject: &Subject) -> Vec<bool> {
    let records = runs(model, seed, 0..RUNS).records;
    let Subject::Limit(Limit { at_least, value: limit, .. }) = *subject else {
        return records.iter().map(|record| record.slas[0].breached).collect();
    };
    let identity = RunIdentity { hash: String::new(), seed, asked: 1, confidence: 0.95 };
    let own = |record| Results::fold(model, &identity, std::slice::from_ref(record)).measures[0].estimate.value;
    let breaks = |value: f64| if at_least { value < limit } else { value > limit };
    records.iter().map(|record| own(record).is_some_and(breaks)).collect()
}

/// A scan of the same runs: load, and which of them break there.
struct Scan(Vec<(f64, Vec<bool>)>);

impl Scan {
    fn of(text: &str, loads: &[f64], subject: &Subject, seed: u64) -> Scan {
        let text = Text(text.to_owned());
        Scan(loads.iter().map(|load| (*load, broken(&text.at(*load).unwrap(), seed, subject))).collect())
    }

    fn spread(&self, of: impl Fn(&[(f64, bool)]) -> Option<f64>) -> [Option<f64>; 3] {
        let path = |run: usize| self.0.iter().map(|(load, broken)| (*load, broken[run])).collect::<Vec<_>>();
        let each = (0..usize::try_from(RUNS).unwrap()).map(|run| of(&path(run)).unwrap_or(f64::INFINITY));
        let mut each: Vec<f64> = each.collect();
        each.sort_by(f64::total_cmp);
        [3, 15, 27].map(|rank: usize| Some(each[rank - 1]).filter(|load| load.is_finite()))
    }

    /// The lowest load at which each breaks.
    fn first(&self) -> [Option<f64>; 3] {
        self.spread(|path| path.iter().find(|(_, broken)| *broken).map(|(load, _)| *load))
    }

    /// The lowest load from which on each keeps it.
    fn kept_from(&self) -> [Option<f64>; 3] {
        self.spread(|path| path.iter().rev().take_while(|(_, broken)| !broken).last().map(|(load, _)| *load))
    }
}

fn loads(from: f64, to: f64, step: f64) -> Vec<f64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen loads")]
    let steps = ((to - from) / step).round() as u32;
    (0..=steps).map(|k| from + f64::from(k) * step).collect()
}

#[track_caller]
fn assert_near(found: Spread, scanned: [Option<f64>; 3], within: f64) {
    let found = [found.p10, found.median, found.p90];
    for (found, scanned) in found.iter().zip(scanned) {
        let (found, scanned) = (found.expect("within the range"), scanned.expect("within the scan"));
        assert!((found / scanned - 1.0).abs() <= within, "{found} is not about {scanned}");
    }
    assert!(found[0] <= found[1] && found[1] <= found[2], "{found:?}");
}

#[test]
fn the_loads_at_which_single_runs_break_are_those_of_a_scan_of_the_same_runs() {
    let text = LINE.replace("rate = \"60/h\"", "rate = \"60/h\"\nuplift = LOAD");
    for seed in 1..=3 {
        let found = breach(&text, Range { low: 0.25, high: 4.0, whole: false }, &Subject::Sla(0), seed);
        let scan = Scan::of(&text, &loads(1.2, 2.4, 0.02), &Subject::Sla(0), seed);
        let own = found.own.unwrap();
        assert_near(own.first, scan.first(), 0.04);
        assert_eq!((own.breaking, own.replications), (RUNS, RUNS));
    }
}

/// Orders wait for a cart of 40 at low load, for a picker at high load; in between they do neither.
fn cart(keys: &str, path: &str) -> String {
    let keys = format!("servers = 1\nbatch = {{ min = 40, max = 40 }}\n{keys}");
    station("20/h", 50, &keys, path).replace("exponential = \"1m\"", "mean = \"20m\", cv = 0.3")
}

const WIDE: Range = Range { low: 0.5, high: 8.0, whole: false };

#[test]
fn runs_that_break_at_the_low_end_and_keep_it_beyond_are_told_as_such() {
    let text = cart("", "station.s.wait.mean");
    let found = breach(&text, WIDE, &at_most(1800.0), 8);
    let own = found.own.unwrap();
    assert_eq!(found.outcome, Outcome::NotMonotone);
    let scan = Scan::of(&text, &[0.5, 2.375, 4.25], &at_most(1800.0), 8);
    assert!(scan.0[0].1.iter().all(|broken| *broken), "every run breaks at the low end");
    assert!(scan.0.iter().skip(1).any(|(_, broken)| broken.iter().all(|broken| !broken)), "and keeps it beyond");
    assert_near(own.first, scan.first(), 1e-9);
    assert!((own.recrossing - 1.0).abs() < 1e-9, "{own:?}");
}

#[test]
fn impatience_that_falls_and_rises_again_leaves_the_loads_in_order() {
    let text = cart("patience = { exponential = \"3h\" }", "station.s.abandoned_share");
    let found = breach(&text, WIDE, &at_most(0.10), 8);
    let own = found.own.unwrap();
    assert_near(own.first, Scan::of(&text, &loads(0.5, 8.0, 0.25), &at_most(0.10), 8).first(), 0.04);
}

#[test]
fn what_is_broken_by_nearly_all_runs_at_once_is_broken_by_the_rest_soon_after() {
    let text = LINE.replace("60/h", "20/h").replace("1m", "2m").replace("servers = 2", "servers = LOAD");
    let text = format!("{text}[[measure]]\nname = \"wait\"\npath = \"station.pick.wait.mean\"\n");
    let limit = Subject::Limit(Limit { measure: 0, at_least: true, value: 300.0 });
    let range = Range { low: 1.0, high: 10.0, whole: true };
    let found = breach(&text, range, &limit, 1);
    assert_near(found.own.unwrap().first, Scan::of(&text, &loads(1.0, 10.0, 1.0), &limit, 1).first(), 1e-9);
}

#[test]
fn where_more_is_better_single_runs_need_what_a_scan_of_them_says() {
    let text = station("15/m", 2, "servers = LOAD", "station.s.wait.share_over(15s)");
    let range = Range { low: 10.0, high: 40.0, whole: true };
    let found = breach(&text.replace("uplift = LOAD", "uplift = 1.1"), range, &at_most(0.05), 5);
    let text = text.replace("uplift = LOAD", "uplift = 1.1");
    let own = found.own.unwrap();
    assert!(!found.falling);
    assert_near(own.kept_from, Scan::of(&text, &loads(10.0, 40.0, 1.0), &at_most(0.05), 5).kept_from(), 1e-9);
}

#[test]
fn a_promise_that_no_run_breaks_has_no_loads_at_which_runs_do() {
    let text = station("1/m", 20, "servers = 20", "station.s.wait.share_over(15s)");
    let own = breach(&text, Range { low: 0.5, high: 2.0, whole: false }, &at_most(0.05), 6).own.unwrap();
    assert_eq!((own.breaking, own.first), (0, Spread { p10: None, median: None, p90: None }));
}
