//! An interval is as narrow as was asked for, whatever the pilot's few runs made of it.

use super::breach::{LINE, Text};
use peaksim::experiment::breach::{Breach, Range, Settings, Subject, find};
use peaksim::experiment::cells::{Told, Work};
use std::sync::atomic::AtomicBool;

/// What is found of the SLA of `text`, and how often runs were added.
fn breach(text: &str, range: Range, precision: f64, seed: u64) -> (Breach, u32) {
    let (stop, mut lengthened) = (AtomicBool::new(false), 0);
    let settings =
        Settings { work: Work { seed, threads: None, stop: &stop }, confidence: 0.95, precision, replications: None };
    let mut told = |told: Told| {
        lengthened += u32::from(matches!(told, Told::Begins("more runs where intervals are wide", _)));
    };
    let found = find(&Text(text.to_owned()), range, &[Subject::Sla(0)], settings, &mut told).unwrap().remove(0);
    (found, lengthened)
}

#[test]
fn every_seed_reaches_the_precision_that_was_asked_for() {
    let text = LINE.replace("rate = \"60/h\"", "rate = \"60/h\"\nuplift = LOAD");
    let range = Range { low: 0.25, high: 4.0, whole: false };
    let mut most = 0;
    for seed in 1..=8 {
        let (found, lengthened) = breach(&text, range, 0.02, seed);
        assert!(found.precision.unwrap() <= 1.05 * 0.02, "{seed}: ±{:?}", found.precision);
        // As many as it takes, not several times as many.
        assert!(found.precision.unwrap() >= 0.5 * 0.02, "{seed}: ±{:?}", found.precision);
        most = most.max(lengthened);
    }
    assert!(most > 0, "the first runs were always enough: the test tells nothing");
}

#[test]
fn whole_numbers_take_no_more_runs_than_it_takes_to_tell_them_apart() {
    let text = LINE.replace("servers = 2", "servers = LOAD");
    let (found, _) = breach(&text, Range { low: 1.0, high: 6.0, whole: true }, 0.01, 1);
    assert_eq!((found.point.low, found.point.value, found.point.high), (Some(2.0), Some(2.0), Some(2.0)));
    assert!(found.point.samples <= 60, "{}", found.point.samples);
}
