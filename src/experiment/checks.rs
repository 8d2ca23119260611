//! Checks: what is expected of a number, judged on its interval over all runs, never on a point estimate.
//!
//! A check passes when the whole interval is on the right side of its limit and fails when the whole interval is on the
//! wrong one; otherwise it is inconclusive, and so it is when there is nothing to judge by. Where nothing in the scenario
//! is drawn, every run is the same: the value itself is held against the limit, from one run on. An interval of no width
//! counts only from as many runs as would bound the median run, as for SLAs ([`super::slas`]). Only runs that tell anything
//! of the number count at all: those without an order neither pass a promise nor break it.
//!
//! What a run that reached a limit would have told is not known: nothing passes or fails then. A series that was cut short
//! can fail, since its first replications are a sample like any other; it does not pass before it has run in full.

use super::measures::{self, percentile};
use super::results::{CheckResult, CheckVerdict, Undecided};
use super::runs::Runs;
use crate::model::{Expectation, MetricUnit, Model};
use crate::statistics::estimate::Estimate;
use crate::statistics::quantile::{bounds_the_median, fewest_that_bound, fewest_that_bound_the_median};
use crate::statistics::sequential::{replications_for, required_replications};

/// What is known about the number and the runs as a whole.
#[derive(Clone, Copy, Debug, Default)]
struct Circumstances {
    /// How many runs there are, whether they tell anything or not.
    runs: u64,
    /// Which percentile the number is, if it is one.
    percentile: Option<f64>,
    deterministic: bool,
    limited: bool,
    cut_short: bool,
}

/// Every check of the model, in its order.
pub(super) fn fold(model: &Model, runs: &Runs<'_>, cut_short: bool) -> Vec<CheckResult> {
    let limited = runs.limited().next().is_some();
    let known = Circumstances {
        runs: runs.count(),
        percentile: None,
        deterministic: model.is_deterministic(),
        limited,
        cut_short,
    };
    let checks =
        model.measures.iter().enumerate().filter_map(|(k, measure)| Some((k, measure, measure.expected.as_ref()?)));
    checks
        .map(|(k, measure, expected)| {
            let unit = MetricUnit::of(&measure.metric, measure.over_runs);
            let observed = measures::shown(runs, k, measure);
            CheckResult {
                name: measure.name.clone(),
                path: measure.path.clone(),
                unit,
                limit: expected.text.clone(),
                observed,
                verdict: judge(&observed, expected, Circumstances { percentile: percentile(measure), ..known }),
            }
        })
        .collect()
}

fn judge(observed: &Estimate, expected: &Expectation, known: Circumstances) -> CheckVerdict {
    let holds = |number: f64| expected.comparison.holds(number, expected.limit);
    let Some(value) = observed.value else { return CheckVerdict::Inconclusive(Undecided::NoSamples) };
    if known.limited {
        return CheckVerdict::Inconclusive(Undecided::LimitReached);
    }
    if known.deterministic {
        return if holds(value) { CheckVerdict::Pass } else { CheckVerdict::Fail };
    }
    if known.runs < 2 {
        return CheckVerdict::Inconclusive(Undecided::OneRun);
    }
    let in_all = |telling| replications_for(telling, observed.samples, known.runs);
    let has_width = observed.half_width() != Some(0.0);
    if (observed.samples < 2 || !has_width) && !bounds_the_median(observed.samples, observed.confidence) {
        let needed = fewest_that_bound_the_median(observed.confidence).and_then(in_all);
        let few = if observed.samples < 2 { Undecided::OneTells { needed } } else { Undecided::TooAlike { needed } };
        return CheckVerdict::Inconclusive(few);
    }
    let (for_it, against_it) = match expected.comparison.wants_more() {
        true => (observed.low, observed.high),
        false => (observed.high, observed.low),
    };
    if against_it.is_some_and(|end| !holds(end)) {
        return CheckVerdict::Fail;
    }
    match for_it {
        Some(end) if holds(end) && known.cut_short => CheckVerdict::Inconclusive(Undecided::CutShort),
        Some(end) if holds(end) => CheckVerdict::Pass,
        None => CheckVerdict::Inconclusive(unbounded(observed, expected, known)),
        _ => {
            let needed = needed(observed, known.runs, value, expected.limit);
            CheckVerdict::Inconclusive(Undecided::Straddles { needed })
        }
    }
}

/// Why the end of the interval that would pass is not known.
fn unbounded(observed: &Estimate, expected: &Expectation, known: Circumstances) -> Undecided {
    let Some(p) = known.percentile else { return Undecided::NoInterval };
    let needed = fewest_that_bound(p, observed.confidence).filter(|needed| *needed > observed.samples);
    let needed = needed.and_then(|needed| replications_for(needed, observed.samples, known.runs));
    Undecided::Unbounded { above: !expected.comparison.wants_more(), needed }
}

/// Replications after which the interval would probably end before the limit; `None`: nobody can say.
fn needed(observed: &Estimate, runs: u64, value: f64, limit: f64) -> Option<u64> {
    let end = if limit < value { observed.low } else { observed.high };
    let towards = Estimate::around(value, Some((end? - value).abs()), observed.confidence, runs);
    let all = required_replications(&towards, (value - limit).abs())?;
    Some(all.max(runs + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Comparison;

    fn expected(comparison: Comparison, limit: f64) -> Expectation {
        Expectation { comparison, limit, text: String::new() }
    }

    fn around(value: f64, half: f64) -> Estimate {
        Estimate::around(value, Some(half), 0.95, 20)
    }

    fn of(runs: u64) -> Circumstances {
        Circumstances { runs, ..Circumstances::default() }
    }

    fn ordinary(observed: &Estimate, comparison: Comparison, limit: f64) -> CheckVerdict {
        judge(observed, &expected(comparison, limit), of(20))
    }

    #[test]
    fn the_whole_interval_decides() {
        let observed = around(0.97, 0.01);
        for (comparison, pass, fail) in [
            (Comparison::AtLeast, 0.95, 0.99),
            (Comparison::Above, 0.95, 0.99),
            (Comparison::AtMost, 0.99, 0.95),
            (Comparison::Below, 0.99, 0.95),
        ] {
            assert_eq!(ordinary(&observed, comparison, pass), CheckVerdict::Pass);
            assert_eq!(ordinary(&observed, comparison, fail), CheckVerdict::Fail);
            let open = ordinary(&observed, comparison, 0.975);
            assert_eq!(open, CheckVerdict::Inconclusive(Undecided::Straddles { needed: Some(80) }), "{comparison:?}");
        }
    }

    #[test]
    fn an_end_on_the_limit_counts_as_written() {
        let observed = around(3.0, 1.0);
        assert_eq!(ordinary(&observed, Comparison::AtLeast, 2.0), CheckVerdict::Pass);
        assert_ne!(ordinary(&observed, Comparison::Above, 2.0), CheckVerdict::Pass);
        assert_eq!(ordinary(&observed, Comparison::Above, 4.0), CheckVerdict::Fail);
        assert_ne!(ordinary(&observed, Comparison::AtLeast, 4.0), CheckVerdict::Fail);
        // Nobody can say how many replications part a value from itself.
        let on_it = ordinary(&observed, Comparison::AtLeast, 3.0);
        assert_eq!(on_it, CheckVerdict::Inconclusive(Undecided::Straddles { needed: None }));
    }

    #[test]
    fn what_is_not_known_never_passes() {
        let check = expected(Comparison::AtLeast, 0.5);
        let plain = of(20);
        let open = CheckVerdict::Inconclusive;
        assert_eq!(judge(&Estimate::unknown(0.95, 20), &check, plain), open(Undecided::NoSamples));
        assert_eq!(judge(&Estimate::point(f64::NAN, 0.95, 20), &check, plain), open(Undecided::NoSamples));
        assert_eq!(judge(&Estimate::point(0.9, 0.95, 1), &check, of(1)), open(Undecided::OneRun));
        assert_eq!(judge(&Estimate::point(0.9, 0.95, 20), &check, plain), open(Undecided::NoInterval));
        let limited = Circumstances { limited: true, ..plain };
        assert_eq!(judge(&around(0.9, 0.1), &check, limited), open(Undecided::LimitReached));
        assert_eq!(judge(&around(0.1, 0.1), &check, limited), open(Undecided::LimitReached));
        let cut_short = Circumstances { cut_short: true, ..plain };
        assert_eq!(judge(&around(0.9, 0.1), &check, cut_short), open(Undecided::CutShort));
        assert_eq!(judge(&around(0.1, 0.1), &check, cut_short), CheckVerdict::Fail);
    }

    #[test]
    fn an_interval_without_width_needs_six_runs_and_one_end_can_be_enough() {
        let alike = |samples| Estimate::around(1.0, Some(0.0), 0.95, samples);
        let check = expected(Comparison::AtLeast, 0.9);
        let few = judge(&alike(5), &check, of(5));
        assert_eq!(few, CheckVerdict::Inconclusive(Undecided::TooAlike { needed: Some(6) }));
        assert_eq!(judge(&alike(6), &check, of(6)), CheckVerdict::Pass);
        let no_high = Estimate::new(Some(1.0), Some(0.95), None, 0.95, 20);
        assert_eq!(judge(&no_high, &check, of(20)), CheckVerdict::Pass);
    }

    #[test]
    fn only_runs_that_tell_anything_count() {
        let check = expected(Comparison::AtLeast, 0.9);
        let judged = |samples, half| {
            let observed = Estimate::around(1.0, half, 0.95, samples);
            judge(&observed, &check, of(20))
        };
        let open = CheckVerdict::Inconclusive;
        assert_eq!(judged(1, None), open(Undecided::OneTells { needed: Some(120) }));
        assert_eq!(judged(2, Some(0.0)), open(Undecided::TooAlike { needed: Some(60) }));
        assert_eq!(judged(5, Some(0.0)), open(Undecided::TooAlike { needed: Some(24) }));
        assert_eq!(judged(6, Some(0.0)), CheckVerdict::Pass);
        // What would decide it is said in runs, of which one in two tells something.
        let wide = Estimate::around(3.0, Some(1.0), 0.95, 10);
        let known = judge(&wide, &expected(Comparison::AtLeast, 2.5), of(20));
        assert_eq!(known, open(Undecided::Straddles { needed: Some(80) }));
    }

    #[test]
    fn a_percentile_that_too_few_runs_bound_says_how_many_would() {
        let known = Circumstances { percentile: Some(0.95), ..of(20) };
        let open = CheckVerdict::Inconclusive;
        let late = Estimate::new(Some(1.0), Some(0.0), None, 0.95, 20);
        let most = expected(Comparison::AtMost, 100.0);
        assert_eq!(judge(&late, &most, known), open(Undecided::Unbounded { above: true, needed: Some(72) }));
        // The other end is known, and enough to fail.
        assert_eq!(judge(&late, &expected(Comparison::AtMost, -1.0), known), CheckVerdict::Fail);
        let enough = Estimate { samples: 80, ..late };
        let known = Circumstances { percentile: Some(0.95), ..of(80) };
        assert_eq!(judge(&enough, &most, known), open(Undecided::Unbounded { above: true, needed: None }));
    }

    #[test]
    fn without_chance_the_value_itself_decides() {
        let known = Circumstances { deterministic: true, ..Circumstances::default() };
        let check = expected(Comparison::AtMost, 900.0);
        assert_eq!(judge(&Estimate::point(900.0, 0.95, 1), &check, known), CheckVerdict::Pass);
        assert_eq!(judge(&Estimate::point(900.5, 0.95, 1), &check, known), CheckVerdict::Fail);
    }
}
