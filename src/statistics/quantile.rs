//! Quantiles of two different things: of one number per replication, and of all observations pooled.
//!
//! The point quantile is the value of rank ⌈p·n⌉, the inverse of the empirical distribution function (Hyndman & Fan
//! 1996, type 1): always an observed value, so "never" needs no interpolation.

use super::distributions::{binomial_cdf, binomial_survival, student_t_multiplier};
use super::estimate::Estimate;

/// The `p`-quantile of one number per replication, where `None` stands for "never" and sorts last.
///
/// The interval runs between two order statistics and is exact whatever the distribution: with B ~ binomial(n, p) the
/// lower end has the largest rank l with P(B < l) ≤ α/2, the upper end the smallest rank u with P(B ≥ u) ≤ α/2. When
/// no such rank exists there are too few replications and that end is `None`; it is also `None` when the value of
/// that rank is "never". The values may come in any order; NaN and +∞ count as never.
#[must_use]
pub fn of_sample(values: &[Option<f64>], p: f64, confidence: f64) -> Estimate {
    let samples = values.len() as u64;
    let Some(middle) = rank(p, samples) else {
        return Estimate::unknown(confidence, samples);
    };
    let mut sorted: Vec<f64> = values.iter().map(|value| never_as_infinity(*value)).collect();
    sorted.sort_by(f64::total_cmp);
    // `Estimate` turns the infinity of "never" back into `None`.
    let at = |rank: u64| sorted.get(usize::try_from(rank).ok()?.checked_sub(1)?).copied();
    let value = at(middle);
    let (low, high) = order_statistic_ranks(samples, p, confidence);
    let estimate = Estimate::new(Some(0.0), low.and_then(at), high.and_then(at), confidence, samples);
    // A point that is never reached may still have a finite lower end.
    Estimate { value: value.filter(|value| value.is_finite()), ..estimate }
}

/// Ranks (from 1) of the order statistics that bound the `p`-quantile of `n` independent values, each end with an
/// error probability of at most (1 - `confidence`)/2; `None` where no rank achieves it.
#[must_use]
pub fn order_statistic_ranks(n: u64, p: f64, confidence: f64) -> (Option<u64>, Option<u64>) {
    if !(confidence > 0.0 && confidence < 1.0 && p > 0.0 && p < 1.0) || n == 0 {
        return (None, None);
    }
    let tail = (1.0 - confidence) / 2.0;
    let small = |probability: Option<f64>| probability.is_some_and(|probability| probability <= tail);
    // P(B < l) grows with l, P(B ≥ u) falls with u.
    let low = last_rank(n, |rank| small(binomial_cdf(rank - 1, n, p)));
    let unfit = last_rank(n, |rank| !small(binomial_survival(rank - 1, n, p))).unwrap_or(0);
    (low, (unfit < n).then_some(unfit + 1))
}

/// Whether `n` runs that all say the same bound the median run, (½)ⁿ ≤ (1 − `confidence`)/2: six at 95 %. An interval of
/// no width tells nothing before.
#[must_use]
pub fn bounds_the_median(n: u64, confidence: f64) -> bool {
    let (low, high) = order_statistic_ranks(n, 0.5, confidence);
    low.is_some() && high.is_some()
}

/// The fewest runs that bound the median run; `None` unless 0 < `confidence` < 1.
#[must_use]
pub fn fewest_that_bound_the_median(confidence: f64) -> Option<u64> {
    // (½)ⁿ is not told from 0 beyond 1100.
    (2..1_100).find(|n| bounds_the_median(*n, confidence))
}

/// The fewest runs of which two order statistics bound the `p`-quantile on both sides: pⁿ and (1 − p)ⁿ ≤
/// (1 − `confidence`)/2 (Wilks 1941). 72 for p = 0.95 at 95 %; `None` unless both are in (0, 1).
#[must_use]
pub fn fewest_that_bound(p: f64, confidence: f64) -> Option<u64> {
    let bounds = |n: u64| matches!(order_statistic_ranks(n, p, confidence), (Some(_), Some(_)));
    // More runs bound no less.
    let mut enough = 2_u64;
    while !bounds(enough) {
        enough = enough.checked_mul(2).filter(|n| *n <= 1 << 24)?;
    }
    let mut few = enough / 2;
    while enough - few > 1 {
        let middle = few + (enough - few) / 2;
        if bounds(middle) { enough = middle } else { few = middle }
    }
    Some(enough)
}

/// The `p`-quantile of all observations of all replications together, with an interval that respects that the
/// observations of one replication depend on each other. See [`pooled_many`].
#[must_use]
pub fn pooled<R: AsRef<[(f64, u64)]>>(replications: &[R], p: f64, confidence: f64) -> Estimate {
    pooled_many(replications, &[p], confidence).remove(0)
}

/// Several quantiles of all observations of all replications together, in one pass.
///
/// Each replication is a list of (value, count); a count in a histogram bucket stands at the bucket's highest value,
/// so results carry the bucket's width as a bias upwards. +∞ is a legal value ("not finished").
///
/// Method: for a candidate q let L_r(q) be the number of observations ≤ q in replication r and N_r their number.
/// F(q) = Σ L_r / Σ N_r is a pooled ratio with the standard error se(q) of [`ratio`](super::sample::ratio). The point
/// is the smallest q with F(q) ≥ p. The interval holds every q that the test |F(q) - p| ≤ t·se(q) does not reject:
/// from the first q with F + t·se ≥ p to the q after the last one with F - t·se < p. A replication without observations
/// is no sample, as there. Where no replication has an
/// observation beyond q (or up to it) se(q) = 0 says nothing; there a q counts as a bound only when that many
/// replications would be enough for an order statistic: p^n ≤ α/2 (or (1-p)^n ≤ α/2).
#[must_use]
pub fn pooled_many<R: AsRef<[(f64, u64)]>>(replications: &[R], ps: &[f64], confidence: f64) -> Vec<Estimate> {
    let curve = PooledCurve::new(replications);
    ps.iter()
        .map(|p| match rank(*p, curve.total) {
            None => Estimate::unknown(confidence, curve.replications),
            Some(rank) => curve.estimate(*p, rank, confidence),
        })
        .collect()
}

/// Rank of the `p`-quantile among `n` values, ⌈p·n⌉ and at least 1; `None` when there is no value or `p` is outside
/// (0, 1). A product that misses a whole number by rounding only counts as that number.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a product of two numbers that are not negative; the cast saturates and the rank is held below n"
)]
pub fn rank(p: f64, n: u64) -> Option<u64> {
    if n == 0 || !(0.0..=1.0).contains(&p) {
        return None;
    }
    let product = p * n as f64;
    Some(((product - product * 1e-14).ceil() as u64).clamp(1, n))
}

/// The pooled distribution function with its standard error, at each distinct value.
struct PooledCurve {
    /// (value, observations up to it, standard error of their share), ascending.
    steps: Vec<(f64, u64, f64)>,
    total: u64,
    /// Those with an observation.
    replications: u64,
}

impl PooledCurve {
    fn new<R: AsRef<[(f64, u64)]>>(replications: &[R]) -> PooledCurve {
        let mut events: Vec<(f64, usize, u64)> = Vec::new();
        let mut sizes = Vec::with_capacity(replications.len());
        for (index, replication) in replications.iter().enumerate() {
            let counts = replication.as_ref();
            events.extend(
                counts
                    .iter()
                    .filter(|pair| pair.1 > 0)
                    .map(|(value, count)| (never_as_infinity(Some(*value)), index, *count)),
            );
            sizes.push(counts.iter().map(|pair| pair.1).sum::<u64>());
        }
        events.sort_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
        let telling = sizes.iter().filter(|size| **size > 0).count() as u64;
        let mut curve = PooledCurve { steps: Vec::new(), total: sizes.iter().sum(), replications: telling };
        // Σ L², Σ L·N and Σ N² are kept exactly as whole numbers, so each step costs O(1) and not O(n).
        let squares_of_sizes: u128 = sizes.iter().map(|size| square(*size)).sum();
        let mut below = vec![0_u64; sizes.len()];
        let (mut seen, mut squares, mut products) = (0_u64, 0_u128, 0_u128);
        let mut events = events.into_iter().peekable();
        while let Some((value, index, count)) = events.next() {
            squares += square(below[index] + count) - square(below[index]);
            products += u128::from(count) * u128::from(sizes[index]);
            below[index] += count;
            seen += count;
            if events.peek().is_none_or(|next| next.0.total_cmp(&value).is_gt()) {
                let error = curve.error(seen, squares, products, squares_of_sizes);
                curve.steps.push((value, seen, error));
            }
        }
        curve
    }

    /// √(Σ e² / (n (n-1))) / mean N with Σ e² = Σ L² - 2 F Σ L·N + F² Σ N².
    fn error(&self, seen: u64, squares: u128, products: u128, squares_of_sizes: u128) -> f64 {
        if seen == self.total || self.replications < 2 {
            return 0.0;
        }
        let n = self.replications as f64;
        let share = seen as f64 / self.total as f64;
        let residuals = squares as f64 - 2.0 * share * products as f64 + share * share * squares_of_sizes as f64;
        (residuals.max(0.0) / (n * (n - 1.0))).sqrt() / (self.total as f64 / n)
    }

    fn estimate(&self, p: f64, rank: u64, confidence: f64) -> Estimate {
        let value = self.steps.iter().find(|step| step.1 >= rank).map(|step| step.0);
        let ends = student_t_multiplier(confidence, self.replications as f64 - 1.0).map(|t| {
            let tail = (1.0 - confidence) / 2.0;
            let enough = |probability: f64| libm::pow(probability, self.replications as f64) <= tail;
            let share = |step: &(f64, u64, f64)| step.1 as f64 / self.total as f64;
            let first = self.steps.iter().position(|step| step.1 >= rank || share(step) + t * step.2 >= p);
            let last_unfit = self.steps.iter().rposition(|step| step.1 < rank || share(step) - t * step.2 < p);
            let after = last_unfit.map_or(0, |index| index + 1);
            let low = first.filter(|index| *index > 0 || enough(1.0 - p)).map(|index| self.steps[index].0);
            let high = self.steps.get(after).filter(|step| step.1 < self.total || enough(p)).map(|step| step.0);
            (low, high)
        });
        let (low, high) = ends.unwrap_or((None, None));
        let estimate = Estimate::new(Some(0.0), low, high, confidence, self.replications);
        Estimate { value: value.filter(|value| value.is_finite()), ..estimate }
    }
}

fn square(number: u64) -> u128 {
    u128::from(number) * u128::from(number)
}

fn never_as_infinity(value: Option<f64>) -> f64 {
    value.filter(|value| !value.is_nan()).unwrap_or(f64::INFINITY)
}

/// The largest rank in 1..=n for which `holds`, which is true up to some rank and false from there on.
fn last_rank(n: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    let (mut true_up_to, mut false_from) = (0, n + 1);
    while false_from - true_up_to > 1 {
        let middle = true_up_to + (false_from - true_up_to) / 2;
        if holds(middle) {
            true_up_to = middle;
        } else {
            false_from = middle;
        }
    }
    (true_up_to > 0).then_some(true_up_to)
}

#[cfg(test)]
mod tests {
    use super::super::distributions::normal_quantile;
    use super::*;

    fn runs(n: u32) -> Vec<Option<f64>> {
        (1..=n).rev().map(|run| Some(f64::from(run))).collect()
    }

    #[test]
    fn the_point_is_an_observed_value() {
        assert_eq!(of_sample(&runs(20), 0.95, 0.95).value, Some(19.0));
        assert_eq!(of_sample(&runs(100), 0.07, 0.95).value, Some(7.0));
        assert_eq!(of_sample(&runs(3), 0.0, 0.95).value, Some(1.0));
        assert_eq!(of_sample(&[], 0.5, 0.95), Estimate::unknown(0.95, 0));
    }

    // Wilks 1941: 0.95^72 <= 0.025 < 0.95^71.
    #[test]
    fn the_95th_percentile_needs_72_replications() {
        assert_eq!(of_sample(&runs(71), 0.95, 0.95).high, None);
        assert_eq!(of_sample(&runs(72), 0.95, 0.95).high, Some(72.0));
        assert_eq!(of_sample(&runs(72), 0.05, 0.95).low, Some(1.0));
        assert_eq!(fewest_that_bound(0.95, 0.95), Some(72));
        assert_eq!(fewest_that_bound(0.05, 0.95), Some(72));
        assert_eq!(fewest_that_bound(0.99, 0.95), Some(368));
        assert_eq!(fewest_that_bound(0.5, 0.95), fewest_that_bound_the_median(0.95));
        assert_eq!((fewest_that_bound(1.0, 0.95), fewest_that_bound(0.5, 1.0)), (None, None));
    }

    // Binomial(100, 1/2): P(B < 40) = 0.0176, P(B < 41) = 0.0284; P(B >= 61) = 0.0176.
    #[test]
    fn the_median_has_symmetric_ranks() {
        assert_eq!(order_statistic_ranks(100, 0.5, 0.95), (Some(40), Some(61)));
        assert_eq!(order_statistic_ranks(5, 0.5, 0.95), (None, None));
        assert_eq!(order_statistic_ranks(6, 0.5, 0.95), (Some(1), Some(6)));
    }

    #[test]
    fn never_sorts_last() {
        let mut values = runs(60);
        values.extend([None; 40]);
        values[0] = Some(f64::NAN);
        let estimate = of_sample(&values, 0.5, 0.95);
        assert_eq!((estimate.value, estimate.low, estimate.high), (Some(50.0), Some(40.0), None));
        let estimate = of_sample(&values, 0.65, 0.95);
        assert_eq!((estimate.value, estimate.low.is_some(), estimate.high), (None, true, None));
    }

    #[test]
    fn one_observation_a_replication_is_nearly_an_order_statistic() {
        let lists: Vec<Vec<(f64, u64)>> = (1..=100).map(|run| vec![(f64::from(run), 1)]).collect();
        let estimate = pooled(&lists, 0.5, 0.95);
        assert_eq!(estimate.value, Some(50.0));
        // The test |F - 1/2| <= t·√(F(1-F)/99) with t = 1.984 accepts F from 0.41 to 0.59.
        assert_eq!((estimate.low, estimate.high), (Some(41.0), Some(60.0)));
    }

    #[test]
    fn correlated_observations_do_not_shrink_the_interval() {
        let single: Vec<Vec<(f64, u64)>> = (1..=40).map(|run| vec![(f64::from(run), 1)]).collect();
        let copied: Vec<Vec<(f64, u64)>> = (1..=40).map(|run| vec![(f64::from(run), 1_000)]).collect();
        assert_eq!(pooled(&single, 0.7, 0.95), pooled(&copied, 0.7, 0.95));
    }

    #[test]
    fn the_largest_value_is_no_bound_of_itself() {
        let same: Vec<Vec<(f64, u64)>> = vec![vec![(0.0, 500)]; 20];
        let estimate = pooled(&same, 0.95, 0.95);
        assert_eq!((estimate.value, estimate.low, estimate.high), (Some(0.0), Some(0.0), None));
        // 72 replications without a single larger value are enough.
        assert_eq!(pooled(&vec![vec![(0.0, 500)]; 72], 0.95, 0.95).high, Some(0.0));
        assert_eq!(pooled(&same[..1], 0.95, 0.95), Estimate::point(0.0, 0.95, 1));
    }

    #[test]
    fn replications_without_observations_bound_nothing() {
        let mut lists: Vec<Vec<(f64, u64)>> = vec![Vec::new(); 200];
        lists[4] = vec![(0.0, 3)];
        assert_eq!(pooled(&lists, 0.95, 0.95), Estimate::point(0.0, 0.95, 1));
        lists[90] = vec![(1.0, 2)];
        assert_eq!(pooled(&lists, 0.5, 0.95), pooled(&[lists[4].clone(), lists[90].clone()], 0.5, 0.95));
    }

    #[test]
    fn unfinished_observations_are_infinite() {
        let lists: Vec<Vec<(f64, u64)>> = (0..30).map(|run| vec![(1.0, 90 + run % 3), (f64::INFINITY, 10)]).collect();
        let estimates = pooled_many(&lists, &[0.5, 0.95, 2.0], 0.95);
        assert_eq!((estimates[0].value, estimates[1].value, estimates[2].value), (Some(1.0), None, None));
        assert_eq!(estimates[1].high, None);
        assert_eq!(pooled::<Vec<(f64, u64)>>(&[], 0.5, 0.95), Estimate::unknown(0.95, 0));
    }

    /// Every observation is a level of its replication plus noise of its own, both standard normal: the median is 0.
    #[test]
    fn coverage_is_near_nominal_where_replications_differ() {
        let mut state = 7_u64;
        let mut normal = || {
            // SplitMix64 (Steele, Lea & Flood 2014)
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            normal_quantile((((mixed ^ (mixed >> 31)) >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0).unwrap()
        };
        let mut covered = 0;
        for _ in 0..400 {
            let lists: Vec<Vec<(f64, u64)>> = (0..20)
                .map(|_| {
                    let level = normal();
                    (0..10).map(|_| (level + normal(), 1)).collect()
                })
                .collect();
            let estimate = pooled(&lists, 0.5, 0.95);
            let (low, high) = (estimate.low.unwrap(), estimate.high.unwrap());
            assert!(low <= estimate.value.unwrap() && estimate.value.unwrap() <= high);
            covered += u32::from(low <= 0.0 && high >= 0.0);
        }
        // Nominal 380; three standard errors are 13.
        assert!((365..=393).contains(&covered), "{covered} of 400 intervals hold the median");
    }
}
