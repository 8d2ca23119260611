//! The law of the generated arrivals: a Poisson process by its integrated rate, and counts as over-dispersed as the
//! chosen busyness says, without a trace of the tiles (an hour × a layer of heights) that they are generated from.
//!
//! Seeds are fixed, so every test passes or fails for ever. A bound is crossed by a right program at one choice of the
//! seed in ten thousand for a single statistic ([`MOST`]), in a hundred thousand where ten to thirty statistics are
//! held against it ([`MOST_OF_MANY`]). Beside what must hold stands what must not: the same statistic of arrivals, or
//! under a rate, that are wrong.

mod busyness; // counts are as over-dispersed as the busyness says, and as real ones
mod independence; // of bins, of sources
mod seams; // tiles leave no trace
mod transformed; // by the integrated rate they are a Poisson process of rate 1

use crate::trace::load;
use peaksim::engine::{Plan, VisitObserver, VisitRow, simulate};
use peaksim::model::Model;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Bound of a standard normal statistic: two-sided level 1e-4.
pub(crate) const MOST: f64 = 3.89;
/// Bound of each of a family of standard normal statistics: two-sided level 1e-5.
pub(crate) const MOST_OF_MANY: f64 = 4.42;
/// Bound of √n times the Kolmogorov-Smirnov distance: level 1e-4, from 2 exp(-2 x²).
pub(crate) const FARTHEST: f64 = 2.2253;

/// Ticks of an hour and of a day.
pub(crate) const HOUR: u64 = 3_600_000_000;
pub(crate) const DAY: u64 = 24 * HOUR;

/// When the orders of each source came [ticks], in order.
#[derive(Default)]
struct Arrivals(Vec<Vec<u64>>);

impl VisitObserver for Arrivals {
    const WATCHES: bool = true;
    fn visit(&mut self, row: VisitRow) {
        // All stay equally long, so they leave in the order in which they came.
        self.0[usize::from(row.source)].push(row.arrived.0);
    }
}

const STATION: &str = "[[station]]\nname = \"s\"\nservers = \"unlimited\"\ntakes = \"1s\"\nnext = \"done\"\n";

/// Sources over a span of time; the tables end within the last source.
pub(crate) fn span(minutes: u64, sources: &str) -> Model {
    load(&format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"{minutes}m\"\nthen = \"drain\"\n{sources}\n{STATION}"
    ))
}

/// The same over days of a calendar from Monday 2 November 2026 on.
pub(crate) fn days(timezone: &str, last: &str, sources: &str) -> Model {
    load(&format!(
        "format = 1\ntimezone = \"{timezone}\"\n\
         [horizon]\nlead_in = \"0d\"\njudge = {{ first = 2026-11-02, last = {last} }}\nafter = \"0d\"\n{sources}\n{STATION}\
         [[sla]]\nname = \"a day\"\nwithin = \"24h\"\ntarget = \"95%\"\n"
    ))
}

/// A source that goes straight to the only station.
pub(crate) fn source(name: &str, more: &str) -> String {
    format!("[[source]]\nname = \"{name}\"\nnext = \"s\"\n{more}\n")
}

/// The arrivals of all sources, in each of the first `replications` under `seed`.
pub(crate) fn arrivals(model: &Model, seed: u64, replications: u64) -> Vec<Vec<Vec<u64>>> {
    let plan = Plan::new(model).expect("a small model");
    let one = |index: u64| {
        let mut seen = Arrivals(vec![Vec::new(); model.sources.len()]);
        simulate(&plan, seed, index, &AtomicBool::new(false), &mut seen).expect("nobody stops it");
        assert!(seen.0.iter().all(|times| times.is_sorted()));
        seen.0
    };
    (0..replications).into_par_iter().map(one).collect()
}

/// The only replication of the only source.
pub(crate) fn times(model: &Model, seed: u64) -> Vec<u64> {
    arrivals(model, seed, 1).remove(0).remove(0)
}

/// Counts in `bins` bins of `width` ticks from `from` on.
pub(crate) fn counts(times: &[u64], from: u64, width: u64, bins: usize) -> Vec<f64> {
    let mut counts = vec![0.0; bins];
    for at in times.iter().filter(|at| **at >= from) {
        if let Some(count) = usize::try_from((at - from) / width).ok().and_then(|bin| counts.get_mut(bin)) {
            *count += 1.0;
        }
    }
    counts
}

/// √n times the greatest distance between the shares of values and a uniform distribution from 0 to 1.
pub(crate) fn distance_from_uniform(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len() as f64;
    let farthest = |(k, u): (usize, &f64)| ((k + 1) as f64 / n - u).max(u - k as f64 / n);
    values.iter().enumerate().map(farthest).fold(0.0, f64::max) * n.sqrt()
}

/// How many standard deviations the spread of Poisson counts of known means lies from theirs: (N - m)²/m has mean 1
/// and variance 2 + 1/m.
pub(crate) fn dispersion_score(counts: &[f64], means: &[f64]) -> f64 {
    let sum: f64 = counts.iter().zip(means).map(|(n, m)| (n - m) * (n - m) / m - 1.0).sum();
    let variance: f64 = means.iter().map(|m| 2.0 + 1.0 / m).sum();
    sum / variance.sqrt()
}

/// How many standard deviations a Poisson count of a known mean lies from it.
pub(crate) fn count_score(count: f64, mean: f64) -> f64 {
    (count - mean) / mean.sqrt()
}

/// Correlation of two sequences of equal length.
pub(crate) fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let centred = |values: &[f64]| -> Vec<f64> {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|x| x - mean).collect()
    };
    let (a, b) = (centred(a), centred(b));
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    product(&a, &b) / (product(&a, &a) * product(&b, &b)).sqrt()
}
