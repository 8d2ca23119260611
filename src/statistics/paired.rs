//! Differences of two systems observed on the same random numbers, replication by replication.
//!
//! A difference whose interval holds 0 is "not shown", not "equal": report the half-width, the smallest difference
//! that could have been shown.

use super::distributions::student_t_two_sided;
use super::estimate::Estimate;
use super::sample::{Totals, half_width, mean, ratio_influence, standard_error, sum, tells};

/// A difference first − second, and how surprising it would be if there were none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// First minus second, with its interval.
    pub estimate: Estimate,
    /// Two-sided p-value of "no difference"; `None` with fewer than two replications. Where every replication shows
    /// the same difference it is 0, or 1 if that difference is 0.
    pub p_value: Option<f64>,
}

/// Mean difference of `(first, second)` per replication: the paired t interval.
#[must_use]
pub fn difference(pairs: &[(f64, f64)], confidence: f64) -> Difference {
    let differences: Vec<f64> = pairs.iter().map(|(first, second)| first - second).collect();
    let estimate = mean(&differences, confidence);
    Difference { estimate, p_value: p_value(estimate.value, standard_error(&differences), estimate.samples) }
}

/// Difference of two pooled ratios, each given as (numerator, denominator) per replication. Its error comes from the
/// differences of the residuals, so what both ratios share cancels.
///
/// Replications that tell nothing of either are left out, as by [`ratio`](super::sample::ratio), and the difference is no
/// surer than the ratio of which fewer tell: they are its samples, and fewer than two have no interval. No value when
/// either has no denominator at all.
#[must_use]
pub fn ratio_difference(pairs: &[(Totals, Totals)], confidence: f64) -> Difference {
    let telling = pairs.iter().copied().filter(|(first, second)| tells(first) || tells(second));
    let (first, second): (Vec<Totals>, Vec<Totals>) = telling.unzip();
    let count = |of: &[Totals]| of.iter().filter(|totals| tells(totals)).count() as u64;
    let samples = count(&first).min(count(&second));
    let (Some(first_errors), Some(second_errors)) = (ratio_influence(&first), ratio_influence(&second)) else {
        return Difference { estimate: Estimate::unknown(confidence, samples), p_value: None };
    };
    let value = pooled(&first) - pooled(&second);
    let errors: Vec<f64> = first_errors.iter().zip(&second_errors).map(|(first, second)| first - second).collect();
    // Where one ratio rests on fewer replications than both together, its error is that of a sample of so few.
    let error = standard_error(&errors).filter(|_| samples >= 2);
    let error = error.map(|error| error * (of_sample(samples) / of_sample(errors.len() as u64)).sqrt());
    let estimate = Estimate::around(value, half_width(error, samples, confidence), confidence, samples);
    Difference { estimate, p_value: p_value(estimate.value, error, samples) }
}

/// Pearson correlation of the pairs: how much the common random numbers helped. `None` with fewer than two pairs or
/// when either side does not vary.
#[must_use]
pub fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 2 {
        return None;
    }
    let n = pairs.len() as f64;
    let (first, second) = (sum(pairs.iter().map(|pair| pair.0)) / n, sum(pairs.iter().map(|pair| pair.1)) / n);
    let products = sum(pairs.iter().map(|pair| (pair.0 - first) * (pair.1 - second)));
    let first_squares = sum(pairs.iter().map(|pair| (pair.0 - first) * (pair.0 - first)));
    let second_squares = sum(pairs.iter().map(|pair| (pair.1 - second) * (pair.1 - second)));
    let scale = first_squares.sqrt() * second_squares.sqrt();
    (scale > 0.0).then(|| (products / scale).clamp(-1.0, 1.0))
}

/// p-values adjusted for testing all of them together (S. Holm 1979, step-down), in the order given: compare each
/// with the level for the whole family. NaN counts as 1.
#[must_use]
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let known = |index: usize| if p_values[index].is_nan() { 1.0 } else { p_values[index] };
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|left, right| known(*left).total_cmp(&known(*right)));
    let mut adjusted = vec![1.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (step, index) in order.iter().enumerate() {
        largest = largest.max((p_values.len() - step) as f64 * known(*index)).min(1.0);
        adjusted[*index] = largest;
    }
    adjusted
}

/// n / (n - 1), by which the spread of a sample falls short.
fn of_sample(n: u64) -> f64 {
    n as f64 / (n as f64 - 1.0)
}

fn p_value(value: Option<f64>, standard_error: Option<f64>, samples: u64) -> Option<f64> {
    let (value, error) = (value?, standard_error?);
    if error > 0.0 {
        return student_t_two_sided(value / error, samples as f64 - 1.0);
    }
    Some(if value.abs() > 0.0 { 0.0 } else { 1.0 })
}

/// The pooled ratio of pairs that are known to have a denominator.
fn pooled(pairs: &[Totals]) -> f64 {
    sum(pairs.iter().map(|pair| pair.0)) / sum(pairs.iter().map(|pair| pair.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: [(f64, f64); 6] = [(3.1, 2.9), (2.7, 2.8), (4.4, 4.0), (5.0, 4.1), (2.2, 2.3), (3.9, 3.0)];

    // scipy.stats.ttest_rel.
    #[test]
    fn the_paired_interval_matches() {
        let found = difference(&PAIRS, 0.95);
        assert!((found.estimate.low.unwrap() + 0.11041313120646801).abs() < 1e-10);
        assert!((found.estimate.high.unwrap() - 0.8437464645398018).abs() < 1e-10);
        assert!((found.p_value.unwrap() - 0.10516025278482584).abs() < 1e-10);
    }

    #[test]
    fn a_ratio_over_equal_denominators_is_a_mean() {
        let ratios: Vec<_> = PAIRS.iter().map(|(first, second)| ((first * 8.0, 8.0), (second * 4.0, 4.0))).collect();
        let (by_ratio, by_mean) = (ratio_difference(&ratios, 0.9), difference(&PAIRS, 0.9));
        assert!((by_ratio.estimate.low.unwrap() - by_mean.estimate.low.unwrap()).abs() < 1e-12);
        assert!((by_ratio.p_value.unwrap() - by_mean.p_value.unwrap()).abs() < 1e-12);
    }

    #[test]
    fn what_both_share_cancels() {
        let shared: Vec<_> = [3.0, 9.0, 4.0, 7.0].iter().map(|hits| ((*hits, 50.0), (*hits, 50.0))).collect();
        let found = ratio_difference(&shared, 0.95);
        assert_eq!(
            (found.estimate.value, found.estimate.half_width(), found.p_value),
            (Some(0.0), Some(0.0), Some(1.0))
        );
        assert_eq!(difference(&[(2.0, 1.0), (3.0, 2.0)], 0.95).p_value, Some(0.0));
        assert_eq!(ratio_difference(&[((1.0, 1.0), (0.0, 0.0))], 0.95).estimate.value, None);
    }

    #[test]
    fn replications_that_tell_nothing_make_no_difference_sure() {
        let nothing = ((0.0, 0.0), (0.0, 0.0));
        let mut pairs = vec![nothing; 20];
        pairs[3] = ((1.0, 1.0), (0.0, 1.0));
        let found = ratio_difference(&pairs, 0.95);
        assert_eq!((found.estimate, found.p_value), (Estimate::point(1.0, 0.95, 1), None));
        // From two on it is the difference of those two, as if the others had not been run.
        pairs[9] = ((1.0, 2.0), (0.0, 2.0));
        assert_eq!(ratio_difference(&pairs, 0.95), ratio_difference(&[pairs[3], pairs[9]], 0.95));
    }

    #[test]
    fn a_difference_is_no_surer_than_the_less_sure_ratio() {
        // The second rests on two replications, and all the error is its own.
        let second = [(1.0, 2.0), (2.0, 2.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)];
        let pairs: Vec<_> = second.iter().map(|second| ((2.0, 2.0), *second)).collect();
        let (found, alone) = (ratio_difference(&pairs, 0.95).estimate, super::super::sample::ratio(&second, 0.95));
        assert_eq!((found.value, found.samples, alone.samples), (Some(0.25), 2, 2));
        assert!((found.half_width().unwrap() - alone.half_width().unwrap()).abs() < 1e-12, "{found:?} {alone:?}");
    }

    #[test]
    fn correlation_is_exact_on_lines() {
        assert!((correlation(&[(1.0, 2.0), (2.0, 4.0), (5.0, 10.0)]).unwrap() - 1.0).abs() < 1e-12);
        assert!((correlation(&[(1.0, -2.0), (2.0, -4.0)]).unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(correlation(&[(1.0, 2.0), (1.0, 3.0)]), None);
    }

    #[test]
    fn holm_steps_down_and_stays_monotone() {
        // 0.01·4, then max(0.04, 0.02·3), max(0.06, 0.03·2), max(0.06, 0.04·1)
        let adjusted = holm(&[0.03, 0.01, 0.04, 0.02]);
        for (found, exact) in adjusted.iter().zip([0.06, 0.04, 0.06, 0.06]) {
            assert!((found - exact).abs() < 1e-15, "{adjusted:?}");
        }
        assert_eq!(holm(&[0.7, f64::NAN]), vec![1.0, 1.0]);
    }
}
