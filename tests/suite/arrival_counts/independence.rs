//! Counts of disjoint bins have nothing to do with each other, nor have those of different sources; unless they share
//! a busyness, and then as much as it says.

use super::{HOUR, MOST_OF_MANY, arrivals, correlation, counts, source, span, times};

const DAYS: u64 = 200;
const QUARTERS: usize = 200 * 96;

/// √n times the correlation of counts with those `lag` bins later: standard normal for independent counts.
fn scores(counts: &[f64], lags: std::ops::RangeInclusive<usize>) -> Vec<f64> {
    let n = counts.len();
    lags.map(|lag| correlation(&counts[..n - lag], &counts[lag..]) * ((n - lag) as f64).sqrt()).collect()
}

#[test]
fn counts_of_quarters_of_an_hour_are_independent_at_every_lag() {
    let model = span(DAYS * 1440, &source("web", "rate = \"40/h\""));
    let found = scores(&counts(&times(&model, 41), 0, HOUR / 4, QUARTERS), 1..=20);
    assert!(found.iter().all(|score| score.abs() < MOST_OF_MANY), "{found:?}");
    // Odd bins, which neither begin nor end where hours do.
    let odd = counts(&times(&model, 42), 100_000_000, HOUR / 7, 200 * 24 * 7 - 10);
    let found = scores(&odd, 1..=20);
    assert!(found.iter().all(|score| score.abs() < MOST_OF_MANY), "{found:?}");
}

#[test]
fn busy_hours_correlate_quarters_within_them_and_no_others() {
    let model = span(DAYS * 1440, &source("web", "rate = \"40/h\"\nbusyness = { hour_cv = 0.15 }"));
    let quarters = counts(&times(&model, 43), 0, HOUR / 4, QUARTERS);
    let found = scores(&quarters, 1..=20);
    // Covariance (m b)² against a variance of m + (m b)², in three pairs of neighbours of four.
    let shared = 10.0 * 0.15 * 0.15;
    let expected = 0.75 * shared / (1.0 + shared);
    let lag_one = found[0] / (QUARTERS as f64).sqrt();
    assert!((lag_one - expected).abs() < 0.035, "{lag_one} for {expected}");
    assert!(found[0] > 10.0, "the test above would have seen it: {}", found[0]);
    // Correlation within hours widens these scores' spread to at most 1 + 2 Σ ρ_k² of four lags: a tenth.
    assert!(found[3..].iter().all(|score| score.abs() < 1.1 * MOST_OF_MANY), "{found:?}");
}

/// √n times the correlation of two sources' counts of hours.
fn between(web: &str, trade: &str, seed: u64) -> f64 {
    let model = span(DAYS * 1440, &(source("web", web) + &source("trade", trade)));
    let run = arrivals(&model, seed, 1).remove(0);
    let hours = |k: usize| counts(&run[k], 0, HOUR, 24 * 200);
    correlation(&hours(0), &hours(1)) * (24.0 * DAYS as f64).sqrt()
}

#[test]
fn sources_are_independent_unless_they_are_busy_together() {
    let busy = "rate = \"40/h\"\nbusyness = { hour_cv = 0.3 }";
    for (seed, web, trade) in [(44, "rate = \"40/h\"", "rate = \"40/h\""), (45, busy, busy)] {
        let score = between(web, trade, seed);
        assert!(score.abs() < MOST_OF_MANY, "{web}: {score}");
    }
    let together = "rate = \"40/h\"\nbusyness = { hour_cv = 0.3, with = \"web\" }";
    let shared = 40.0 * 0.3 * 0.3;
    let found = between(busy, together, 46) / (24.0 * DAYS as f64).sqrt();
    let expected = shared / (1.0 + shared);
    assert!((found - expected).abs() < 0.05, "{found} for {expected}");
}

#[test]
fn replications_and_seeds_are_independent() {
    let model = span(DAYS * 1440, &source("web", "rate = \"40/h\"\nbusyness = { hour_cv = 0.3 }"));
    let hours = |runs: &[Vec<Vec<u64>>], k: usize| counts(&runs[k][0], 0, HOUR, 24 * 200);
    let (one, other) = (arrivals(&model, 47, 3), arrivals(&model, 48, 1));
    for (a, b) in
        [(hours(&one, 0), hours(&one, 1)), (hours(&one, 1), hours(&one, 2)), (hours(&one, 0), hours(&other, 0))]
    {
        let score = correlation(&a, &b) * (24.0 * DAYS as f64).sqrt();
        assert!(score.abs() < MOST_OF_MANY, "{score}");
    }
}
