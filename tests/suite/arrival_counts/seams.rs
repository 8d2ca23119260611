//! Arrivals come from tiles, one UTC hour × one layer of the rate. Neither edge of a tile shows in them.

use super::{DAY, FARTHEST, HOUR, MOST, MOST_OF_MANY, arrivals, count_score, counts, days, dispersion_score};
use super::{correlation, distance_from_uniform, source, span, times};

const DAYS: u64 = 200;

fn at_rate(per_hour: f64, seed: u64) -> Vec<u64> {
    times(&span(DAYS * 1440, &source("web", &format!("rate = \"{per_hour}/h\""))), seed)
}

/// Rates around the edges of layers: eighths below 2, then eighths of an octave, at most 64 high.
const RATES: [f64; 30] = [
    0.06, 0.12, 0.13, 0.24, 0.26, 0.49, 0.51, 0.99, 1.01, 1.12, 1.14, 1.99, 2.01, 2.24, 2.26, 3.99, 4.01, 4.49, 4.51,
    7.99, 8.01, 15.9, 16.1, 31.9, 32.1, 63.9, 64.1, 127.9, 128.1, 200.0,
];

#[test]
fn every_slice_of_the_rate_brings_its_share_of_the_orders() {
    let hours = (DAYS * 24) as f64;
    let (mut before, mut rate_before) = (0.0, 0.0);
    let mut slices = (Vec::new(), Vec::new());
    for rate in RATES {
        // The same seed: load is nested, so each step of the ladder adds orders of its own.
        let found = at_rate(rate, 51).len() as f64;
        let expected = (rate - rate_before) * hours;
        let score = count_score(found - before, expected);
        assert!(score.abs() < MOST_OF_MANY, "from {rate_before} to {rate} per hour: {score}");
        slices.0.push(found - before);
        slices.1.push(expected);
        (before, rate_before) = (found, rate);
    }
    let spread = dispersion_score(&slices.0, &slices.1);
    assert!(spread.abs() < MOST, "slices are {spread} from independent Poisson counts");
    // A quarter of one slice more, and it would be seen.
    assert!(count_score(slices.0[9], slices.1[9] * 1.25).abs() > MOST_OF_MANY);
}

#[test]
fn within_the_hour_arrivals_are_uniform() {
    for (seed, rate) in (52..).zip([0.3, 1.5, 5.0, 64.0, 65.5, 200.0]) {
        let minute = |at: &u64| (at % HOUR) as f64 / HOUR as f64;
        let found = at_rate(rate, seed);
        let distance = distance_from_uniform(found.iter().map(minute).collect());
        assert!(distance < FARTHEST, "{rate} per hour: {distance}");
        assert!(
            count_score(found.len() as f64, rate * (DAYS * 24) as f64).abs() < MOST,
            "{rate} per hour: {}",
            found.len()
        );
        if rate > 60.0 {
            // Half a minute lost at the end of every hour would be seen.
            let cut = found.iter().filter(|at| *at % HOUR < HOUR - HOUR / 120).map(minute).collect();
            assert!(distance_from_uniform(cut) > FARTHEST);
        }
    }
}

#[test]
fn across_full_hours_gaps_are_as_anywhere() {
    for (seed, rate) in (61..).zip([6.0, 64.0, 130.0]) {
        let found = at_rate(rate, seed);
        let (mut back, mut on) = (Vec::new(), Vec::new());
        // Every other hour, so that gaps have hardly ever a part in common.
        for edge in (2 * HOUR..(DAYS * 24 - 2) * HOUR).step_by(usize::try_from(2 * HOUR).unwrap()) {
            let next = found.partition_point(|at| *at < edge);
            let hours = |ticks: u64| ticks as f64 / HOUR as f64;
            back.push(1.0 - libm::exp(-rate * hours(edge - found[next - 1])));
            on.push(1.0 - libm::exp(-rate * hours(found[next] - edge)));
        }
        let score = correlation(&back, &on) * (on.len() as f64).sqrt();
        assert!(score.abs() < MOST_OF_MANY, "{rate} per hour: the times to both sides of an hour correlate: {score}");
        for (side, values) in [("before", back), ("after", on)] {
            let distance = distance_from_uniform(values);
            assert!(distance < FARTHEST, "{rate} per hour, {side} the hour: {distance}");
        }
    }
}

#[test]
fn a_rate_that_changes_within_an_hour_holds_from_that_minute_on() {
    // A tile with two rates: 90 an hour up to the half, 30 after it.
    let steps: String = (0..100)
        .map(|hour| {
            format!(
                "{{ at = \"{}m\", rate = \"90/h\" }}, {{ at = \"{}m\", rate = \"30/h\" }}, ",
                hour * 60,
                hour * 60 + 30
            )
        })
        .collect();
    let model = span(6_000, &source("web", &format!("rate_steps = [{steps}]")));
    let runs = arrivals(&model, 71, 20);
    let mut tenths = vec![0.0; 10];
    for at in runs.iter().flat_map(|run| &run[0]) {
        tenths[usize::try_from(at % HOUR * 10 / HOUR).unwrap()] += 1.0;
    }
    let expected: Vec<f64> = (0..10).map(|tenth| if tenth < 5 { 18_000.0 } else { 6_000.0 }).collect();
    let score = dispersion_score(&tenths, &expected);
    assert!(score.abs() < MOST, "{tenths:?}: {score}");
}

#[test]
fn a_start_and_an_end_within_an_hour_lose_nothing_and_add_nothing() {
    const RUNS: u64 = 400;
    // In Kolkata a day begins at 18:30 UTC.
    let model = days("Asia/Kolkata", "2026-11-02", &source("web", "orders_per_day = 1440"));
    let runs = arrivals(&model, 72, RUNS);
    let mut tens = vec![0.0; 144];
    for run in &runs {
        for (sum, count) in tens.iter_mut().zip(counts(&run[0], 0, HOUR / 6, 144)) {
            *sum += count;
        }
    }
    let score = dispersion_score(&tens, &vec![10.0 * RUNS as f64; 144]);
    assert!(score.abs() < MOST, "{score}: {tens:?}");
    for (k, count) in tens.iter().enumerate() {
        let score = count_score(*count, 10.0 * RUNS as f64);
        assert!(score.abs() < MOST_OF_MANY, "ten minutes number {k}: {score}");
    }
    // A span that ends within an hour.
    let runs = arrivals(&span(150, &source("web", "rate = \"60/h\"")), 73, RUNS);
    let mut tens = vec![0.0; 18];
    for run in &runs {
        for (sum, count) in tens.iter_mut().zip(counts(&run[0], 0, HOUR / 6, 18)) {
            *sum += count;
        }
    }
    assert!(tens[15..].iter().sum::<f64>() < 0.5, "nothing comes after the end: {tens:?}");
    let score = dispersion_score(&tens[..15], &[10.0 * RUNS as f64; 15]);
    assert!(score.abs() < MOST, "{score}: {tens:?}");
    assert!(runs.iter().flat_map(|run| &run[0]).all(|at| *at < DAY));
}
