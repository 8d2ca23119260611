//! One quantity of two scenarios, and the verdict on its difference.

use crate::statistics::distributions::student_t_multiplier;
use crate::statistics::estimate::Estimate;
use crate::statistics::quantile::{bounds_the_median, fewest_that_bound_the_median};
use crate::statistics::sequential::{replications_for, required_replications};

/// One quantity of a variant and of the base.
#[derive(Clone, Debug)]
pub struct Contrast {
    /// What kind of quantity it is.
    pub quantity: Quantity,
    /// Its name: that of the SLA, or which wait.
    pub name: String,
    /// In the base.
    pub base: Estimate,
    /// In the variant.
    pub variant: Estimate,
    /// Variant minus base, on the same random numbers.
    pub difference: Estimate,
    /// How surprising the difference would be if there were none, by itself; `None` when nobody can say.
    pub p: Option<f64>,
    /// The same once all verdicts that count are looked at together; `None` for what is exploratory.
    pub p_adjusted: Option<f64>,
    /// How large a difference must be to matter; `None` without a value to take it of.
    pub margin: Option<f64>,
    /// What the difference amounts to.
    pub verdict: ContrastVerdict,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Share of due orders that kept an SLA: more is better.
    Attainment,
    /// Cost of a run: less is better.
    Cost,
    /// A wait (s): less is better.
    Wait,
}

/// What a difference amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContrastVerdict {
    /// There is a difference, and it is for the better.
    Better,
    /// There is a difference, and it is for the worse.
    Worse,
    /// The whole interval lies inside ±margin: whatever difference there is does not matter.
    NoRealDifference,
    /// Neither can be told from so few runs.
    TooFewRuns {
        /// Replications that would probably decide it; `None`: nobody can say.
        needed: Option<u64>,
    },
    /// There is nothing to tell it from: no samples, or a run that reached a limit.
    Unknown,
}

impl ContrastVerdict {
    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ContrastVerdict::Better => "better",
            ContrastVerdict::Worse => "worse",
            ContrastVerdict::NoRealDifference => "no real difference",
            ContrastVerdict::TooFewRuns { .. } => "too few runs",
            ContrastVerdict::Unknown => "unknown",
        }
    }

    /// Replications that would probably decide it.
    #[must_use]
    pub fn replications_needed(self) -> Option<u64> {
        if let ContrastVerdict::TooFewRuns { needed } = self { needed } else { None }
    }
}

/// What is known about the runs as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    /// Nothing in either scenario is drawn.
    pub(super) deterministic: bool,
    /// A run reached a limit.
    pub(super) limited: bool,
    /// Verdicts looked at together.
    pub(super) family: usize,
    /// How many runs there are, whether they tell anything or not.
    pub(super) runs: u64,
}

/// The verdict on a contrast. Where nothing is drawn the value itself decides; a difference that is the same in every run
/// counts only from as many runs as would bound the median run. Runs that tell nothing of it count neither way.
pub(super) fn judge(contrast: &Contrast, known: Circumstances) -> ContrastVerdict {
    let found = &contrast.difference;
    let (Some(value), Some(margin), false) = (found.value, contrast.margin, known.limited) else {
        return ContrastVerdict::Unknown;
    };
    let more_is_better = contrast.quantity == Quantity::Attainment;
    let by_sign = if (value > 0.0) == more_is_better { ContrastVerdict::Better } else { ContrastVerdict::Worse };
    if known.deterministic {
        return if value.abs() <= margin { ContrastVerdict::NoRealDifference } else { by_sign };
    }
    let in_all = |telling| replications_for(telling, found.samples, known.runs);
    let enough = || fewest_that_bound_the_median(found.confidence).and_then(in_all);
    let (Some(low), Some(high), Some(half)) = (found.low, found.high, found.half_width()) else {
        let needed = if known.runs < 2 { Some(2) } else { enough().filter(|_| found.samples < 2) };
        return ContrastVerdict::TooFewRuns { needed };
    };
    if half <= 0.0 && !bounds_the_median(found.samples, found.confidence) {
        return ContrastVerdict::TooFewRuns { needed: enough() };
    }
    if low >= -margin && high <= margin {
        return ContrastVerdict::NoRealDifference;
    }
    let p = contrast.p_adjusted.or(contrast.p);
    if p.is_some_and(|p| p <= 1.0 - found.confidence) {
        return by_sign;
    }
    ContrastVerdict::TooFewRuns { needed: needed(found, value.abs(), margin, known) }
}

/// Replications after which the difference would probably be shown, or be shown not to matter, whichever is sooner.
fn needed(found: &Estimate, size: f64, margin: f64, known: Circumstances) -> Option<u64> {
    let freedom = found.samples.saturating_sub(1) as f64;
    let strict = 1.0 - (1.0 - found.confidence) / known.family.max(1) as f64;
    // The interval that the strictest of the adjusted tests would need.
    let widening = student_t_multiplier(strict, freedom)? / student_t_multiplier(found.confidence, freedom)?;
    let all = Estimate { samples: known.runs, ..*found };
    let shown = required_replications(&all, size / widening);
    let dismissed = required_replications(&all, margin - size);
    let sooner = [shown, dismissed].into_iter().flatten().min()?;
    Some(sooner.max(known.runs + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Circumstances = Circumstances { deterministic: false, limited: false, family: 1, runs: 20 };

    fn contrast(quantity: Quantity, value: f64, half: f64, p: f64) -> Contrast {
        Contrast {
            quantity,
            name: String::new(),
            base: Estimate::unknown(0.95, 20),
            variant: Estimate::unknown(0.95, 20),
            difference: Estimate::around(value, Some(half), 0.95, 20),
            p: Some(p),
            p_adjusted: None,
            margin: Some(0.005),
            verdict: ContrastVerdict::Unknown,
        }
    }

    #[test]
    fn a_shown_difference_is_better_or_worse_by_what_is_wanted() {
        let up = |quantity| judge(&contrast(quantity, 0.03, 0.01, 0.001), PLAIN);
        assert_eq!(up(Quantity::Attainment), ContrastVerdict::Better);
        assert_eq!([up(Quantity::Cost), up(Quantity::Wait)], [ContrastVerdict::Worse; 2]);
        let down = contrast(Quantity::Cost, -0.03, 0.01, 0.001);
        assert_eq!(judge(&down, PLAIN), ContrastVerdict::Better);
    }

    #[test]
    fn what_lies_inside_the_margin_does_not_matter_even_if_it_is_there() {
        assert_eq!(
            judge(&contrast(Quantity::Attainment, 0.002, 0.001, 0.0001), PLAIN),
            ContrastVerdict::NoRealDifference
        );
    }

    #[test]
    fn neither_shown_nor_dismissed_is_too_few_runs_and_says_how_many_would_do() {
        let open = judge(&contrast(Quantity::Attainment, 0.01, 0.02, 0.3), PLAIN);
        assert_eq!(open, ContrastVerdict::TooFewRuns { needed: Some(80) });
        // Around 0 it is sooner dismissed than shown.
        let open = judge(&contrast(Quantity::Attainment, 0.001, 0.02, 0.9), PLAIN);
        assert_eq!(open, ContrastVerdict::TooFewRuns { needed: Some(500) });
    }

    #[test]
    fn a_difference_that_only_one_test_alone_would_show_is_not_shown() {
        let alone = contrast(Quantity::Attainment, 0.03, 0.029, 0.04);
        assert_eq!(judge(&alone, PLAIN), ContrastVerdict::Better);
        let among_many = Contrast { p_adjusted: Some(0.16), ..alone };
        let verdict = judge(&among_many, Circumstances { family: 4, ..PLAIN });
        assert!(matches!(verdict, ContrastVerdict::TooFewRuns { needed: Some(21..) }), "{verdict:?}");
    }

    #[test]
    fn few_or_limited_runs_tell_nothing() {
        let one =
            Contrast { difference: Estimate::point(0.1, 0.95, 1), ..contrast(Quantity::Attainment, 0.0, 0.0, 1.0) };
        let few = |runs| Circumstances { runs, ..PLAIN };
        assert_eq!(judge(&one, few(1)), ContrastVerdict::TooFewRuns { needed: Some(2) });
        assert_eq!(judge(&one, Circumstances { deterministic: true, ..PLAIN }), ContrastVerdict::Better);
        let alike = Contrast {
            difference: Estimate::around(0.1, Some(0.0), 0.95, 5),
            ..contrast(Quantity::Attainment, 0.0, 0.0, 0.0)
        };
        assert_eq!(judge(&alike, few(5)), ContrastVerdict::TooFewRuns { needed: Some(6) });
        // Of twenty runs one, or five, tell anything of it.
        assert_eq!(judge(&one, PLAIN), ContrastVerdict::TooFewRuns { needed: Some(120) });
        assert_eq!(judge(&alike, PLAIN), ContrastVerdict::TooFewRuns { needed: Some(24) });
        let clear = contrast(Quantity::Attainment, 0.1, 0.01, 0.0001);
        assert_eq!(judge(&clear, Circumstances { limited: true, ..PLAIN }), ContrastVerdict::Unknown);
        let nothing = Contrast { difference: Estimate::unknown(0.95, 20), ..clear };
        assert_eq!(judge(&nothing, PLAIN), ContrastVerdict::Unknown);
    }
}
