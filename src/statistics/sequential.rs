//! How many replications: stopping at a wanted half-width.
//!
//! Stopping by looking at ordinary intervals is for *precision* only. A decision taken at several looks must spend
//! its error: [`spent_confidence`].

use std::f64::consts::PI;

use super::estimate::Estimate;

/// The half-width wanted; reaching either target is enough.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Precision {
    /// Half-width as a share of the estimate, e.g. 0.05.
    pub relative: Option<f64>,
    /// Half-width in the estimate's own unit: for quantities near 0.
    pub absolute: Option<f64>,
}

/// What to do after a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The half-width is reached.
    Enough,
    /// Run on, up to this total number of replications.
    RunTo(u64),
    /// The half-width is not reached and the budget is used up: report the width that was.
    BudgetReached,
}

impl Precision {
    /// The half-width that would be enough for `estimate`: the larger of the absolute target and γ/(1+γ)·|value|,
    /// with the factor of Law & Kelton for dividing by an estimate. `None` without target or value.
    #[must_use]
    pub fn half_width(&self, estimate: &Estimate) -> Option<f64> {
        let value = estimate.value?;
        let relative = self.relative.map(|share| share / (1.0 + share) * value.abs());
        [relative, self.absolute].into_iter().flatten().filter(|width| *width >= 0.0).reduce(f64::max)
    }

    /// Whether `estimate` is as precise as wanted.
    #[must_use]
    pub fn is_reached(&self, estimate: &Estimate) -> bool {
        matches!((self.half_width(estimate), estimate.half_width()), (Some(wanted), Some(reached)) if reached <= wanted)
    }
}

/// Replications needed in all for a half-width of `wanted`, from what `pilot` reached: n·(reached/wanted)². `None`
/// when the pilot has no interval, or `wanted` is not positive.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a square is not negative, and the cast saturates"
)]
pub fn required_replications(pilot: &Estimate, wanted: f64) -> Option<u64> {
    let reached = pilot.half_width()?;
    if !(wanted > 0.0 && wanted.is_finite()) {
        return None;
    }
    let factor = reached / wanted;
    Some((pilot.samples as f64 * factor * factor).ceil() as u64)
}

/// Replications of which `telling` probably tell something of a number, where `samples` of `run` do; `None` when none does.
#[must_use]
pub fn replications_for(telling: u64, samples: u64, run: u64) -> Option<u64> {
    (samples > 0).then(|| telling.saturating_mul(run).div_ceil(samples))
}

/// Sequential stopping: run, look, run on (Chow & Robbins 1965; Law & Kelton).
///
/// Coverage is right only asymptotically, hence two guards: at least `minimum` replications, and one more batch after
/// the target was first met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SequentialStopping {
    precision: Precision,
    minimum: u64,
    budget: u64,
    met_before: bool,
}

impl SequentialStopping {
    /// Fewest replications before a look is believed.
    pub const MINIMUM: u64 = 20;

    /// A rule for `precision` with at least `minimum` (never below 20) and at most `budget` replications.
    #[must_use]
    pub fn new(precision: Precision, minimum: u64, budget: u64) -> SequentialStopping {
        SequentialStopping { precision, minimum: minimum.max(Self::MINIMUM), budget, met_before: false }
    }

    /// Looks at the estimate over all replications so far.
    pub fn look(&mut self, estimate: &Estimate) -> Next {
        let samples = estimate.samples;
        let met = samples >= self.minimum && self.precision.is_reached(estimate);
        if met && (self.met_before || samples >= self.budget) {
            return Next::Enough;
        }
        self.met_before |= met;
        if samples >= self.budget {
            return Next::BudgetReached;
        }
        let wanted = self.precision.half_width(estimate);
        let needed = wanted.and_then(|width| required_replications(estimate, width)).unwrap_or(0);
        let batch = samples + samples.div_ceil(10).max(1);
        Next::RunTo(needed.max(batch).max(self.minimum).min(self.budget))
    }
}

/// Confidence of the interval at the `look`-th look (from 1) such that all looks together are right with
/// `confidence`: the error 1 − confidence is spent as 6/(π² look²), which sums to it.
#[must_use]
pub fn spent_confidence(confidence: f64, look: u32) -> f64 {
    let look = f64::from(look.max(1));
    1.0 - (1.0 - confidence) * 6.0 / (PI * PI * look * look)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, half: f64, samples: u64) -> Estimate {
        Estimate::around(value, Some(half), 0.95, samples)
    }

    #[test]
    fn the_required_number_grows_with_the_square() {
        assert_eq!(required_replications(&estimate(10.0, 2.0, 30), 1.0), Some(120));
        assert_eq!(required_replications(&estimate(10.0, 2.0, 30), 0.0), None);
        assert_eq!(required_replications(&Estimate::point(10.0, 0.95, 1), 1.0), None);
    }

    #[test]
    fn where_few_replications_tell_something_more_are_needed() {
        assert_eq!(replications_for(6, 20, 20), Some(6));
        assert_eq!(replications_for(6, 3, 20), Some(40));
        assert_eq!(replications_for(72, 7, 20), Some(206));
        assert_eq!(replications_for(6, 0, 20), None);
    }

    #[test]
    fn the_relative_target_is_shrunk_and_the_absolute_one_is_not() {
        let relative = Precision { relative: Some(0.25), absolute: None };
        assert_eq!(relative.half_width(&estimate(-10.0, 1.0, 30)), Some(2.0));
        let both = Precision { relative: Some(0.25), absolute: Some(3.0) };
        assert_eq!(both.half_width(&estimate(-10.0, 1.0, 30)), Some(3.0));
        assert!(!Precision::default().is_reached(&estimate(1.0, 0.0, 30)));
    }

    #[test]
    fn a_run_stops_one_batch_after_the_target_was_met() {
        let mut rule = SequentialStopping::new(Precision { relative: None, absolute: Some(1.0) }, 5, 100);
        assert_eq!(rule.look(&estimate(0.0, 0.1, 5)), Next::RunTo(20));
        assert_eq!(rule.look(&estimate(0.0, 2.0, 20)), Next::RunTo(80));
        assert_eq!(rule.look(&estimate(0.0, 0.9, 80)), Next::RunTo(88));
        assert_eq!(rule.look(&estimate(0.0, 0.8, 88)), Next::Enough);
    }

    #[test]
    fn the_budget_ends_a_run_and_says_so() {
        let mut rule = SequentialStopping::new(Precision { relative: Some(0.01), absolute: None }, 20, 50);
        assert_eq!(rule.look(&estimate(1.0, 2.0, 20)), Next::RunTo(50));
        assert_eq!(rule.look(&estimate(1.0, 1.0, 50)), Next::BudgetReached);
        assert_eq!(rule.look(&estimate(1.0, 0.001, 50)), Next::Enough);
    }

    /// The mean of exponential times is known to a tenth: skew and a spread that goes with the mean, as of waits.
    #[test]
    fn coverage_is_near_nominal_although_the_width_decides_when_to_stop() {
        let mut state = 11_u64;
        let mut exponential = || {
            // SplitMix64 (Steele, Lea & Flood 2014)
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            -libm::log((((mixed ^ (mixed >> 31)) >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0)
        };
        let mut covered = 0;
        for _ in 0..400 {
            let mut rule = SequentialStopping::new(Precision { relative: Some(0.1), absolute: None }, 20, 100_000);
            let mut values: Vec<f64> = (0..20).map(|_| exponential()).collect();
            let last = loop {
                let estimate = crate::statistics::sample::mean(&values, 0.95);
                match rule.look(&estimate) {
                    Next::RunTo(to) => values.resize_with(usize::try_from(to).unwrap(), &mut exponential),
                    Next::Enough => break estimate,
                    Next::BudgetReached => panic!("{estimate:?}"),
                }
            };
            assert!(last.half_width().unwrap() <= 0.1 / 1.1 * last.value.unwrap() && last.samples > 100);
            covered += u32::from(last.low.unwrap() <= 1.0 && last.high.unwrap() >= 1.0);
        }
        // Nominal 380; three standard errors are 13.
        assert!((365..=393).contains(&covered), "{covered} of 400 intervals hold the mean");
    }

    #[test]
    fn the_looks_share_the_error() {
        let spent: f64 = (1..=20_000).map(|look| 1.0 - spent_confidence(0.95, look)).sum();
        assert!((spent - 0.05).abs() < 1e-5, "spent {spent}");
    }
}
