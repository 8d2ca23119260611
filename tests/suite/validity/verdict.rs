//! Numbers with their errors from runs, and what they say about exact values.

use peaksim::model::{Measure, Metric, OverRuns, TallyStatistic};
use peaksim::observation::MeasureValue;
use peaksim::statistics::sample::{
    ratio, ratio_influence, standard_deviation, standard_deviation_standard_error, standard_error, sum,
};

use super::question::{Check, Claim, Kind, Number};

/// The most standard errors that a right number may lie off.
const MOST_ERRORS: f64 = 4.0;
/// An exact trace has no error but that of reading decimal texts.
const EXACT: f64 = 1e-9;

/// A check and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) label: String,
    pub(crate) exact: f64,
    pub(crate) found: f64,
    /// The standard error that the verdict rests on.
    pub(crate) error: f64,
    /// Standard errors between the two.
    pub(crate) z: f64,
    /// Half-width of a 95 % interval over that which it may have at most.
    pub(crate) width: f64,
    pub(crate) verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed,
    /// The run was too short to tell.
    Inconclusive,
}

/// A value, and its standard error.
struct Estimate {
    value: f64,
    error: f64,
    runs: usize,
    /// Whether every run says yes or no.
    yes_or_no: bool,
}

/// What the runs of all variants (values of all measures, for each replication) say about `check`.
///
/// Half-widths may be `looser` times as wide as stated above.
pub(crate) fn judge(check: &Check, measures: &[Measure], runs: &[Vec<Vec<MeasureValue>>], looser: f64) -> Finding {
    let estimate = estimate(check.number, measures, runs);
    let exact = check.exact;
    let count = estimate.runs as f64;
    let error = match check.kind {
        // The error that the claim itself implies: a sample without a single "no" would have none.
        Kind::Probability if estimate.yes_or_no => (exact * (1.0 - exact) / count).max(0.0).sqrt(),
        // One item more or less in one of the runs is the least that a mean of whole numbers can be off.
        Kind::Items => estimate.error.max(1.0 / count),
        _ => estimate.error,
    };
    let off = estimate.value - exact;
    let right = off.abs() <= EXACT * exact.abs().max(1.0);
    let z = if right { 0.0 } else { off / error };
    let width = match check.claim {
        // What is not expected even once in a hundred such samples is only asked to stay away.
        Claim::Equals if estimate.yes_or_no && count * exact < 0.01 => 0.0,
        Claim::Equals => 1.96 * error / (looser * widest(check.kind, exact)),
        Claim::Exactly | Claim::AtMost | Claim::AtLeast => 0.0,
    };
    let passed = match check.claim {
        Claim::Exactly => right,
        Claim::AtMost => z <= MOST_ERRORS,
        Claim::AtLeast => z >= -MOST_ERRORS,
        Claim::Equals => z.abs() <= MOST_ERRORS,
    };
    let verdict = match (passed, width <= 1.0) {
        (false, _) => Verdict::Failed,
        (true, false) => Verdict::Inconclusive,
        (true, true) => Verdict::Passed,
    };
    // How far a number lies within a bound says nothing.
    let z = if check.claim != Claim::Equals && passed { 0.0 } else { z };
    Finding { label: check.label.clone(), exact, found: estimate.value, error, z, width, verdict }
}

/// The widest half-width with which a pass means something.
fn widest(kind: Kind, exact: f64) -> f64 {
    match kind {
        Kind::Probability if exact < 0.02 => 0.15 * exact,
        Kind::Items if exact < 0.5 => (0.05 * exact).max(0.02),
        _ => 0.05 * exact.abs(),
    }
}

fn estimate(number: Number, measures: &[Measure], runs: &[Vec<Vec<MeasureValue>>]) -> Estimate {
    let values = |variant: usize, path: usize| -> Vec<MeasureValue> {
        runs[variant].iter().map(|measures| measures[path]).collect()
    };
    match number {
        Number::Measure { variant, path } => of_measure(&measures[path], &values(variant, path)),
        Number::Quotient { over, under } => {
            let pairs: Vec<(f64, f64)> =
                values(0, over).iter().zip(values(0, under)).map(|(a, b)| (a.numerator, b.numerator)).collect();
            of_pairs(&pairs)
        }
        Number::Difference { path } => {
            let (one, other) = (pairs(&values(0, path)), pairs(&values(1, path)));
            let paired: Vec<f64> = influence(&one).iter().zip(influence(&other)).map(|(a, b)| a - b).collect();
            let value = of_pairs(&one).value - of_pairs(&other).value;
            Estimate { value, ..of_influence(&paired) }
        }
        Number::Lag { quarters } => lag(quarters.map(|path| pairs(&values(0, path)))),
    }
}

/// One measure over all runs, as its definition says.
fn of_measure(measure: &Measure, values: &[MeasureValue]) -> Estimate {
    let own: Vec<f64> = values.iter().map(|value| value.numerator / value.denominator).collect();
    match measure.over_runs {
        OverRuns::Mean if is_spread(&measure.metric) => spread(values),
        OverRuns::Mean => of_pairs(&pairs(values)),
        OverRuns::StandardDeviation => {
            let value = standard_deviation(&own, 0.95).value.unwrap_or(f64::NAN);
            let error = standard_deviation_standard_error(&own).unwrap_or(f64::NAN);
            Estimate { value, error, runs: own.len(), yes_or_no: false }
        }
        OverRuns::Variance => {
            let value = standard_deviation(&own, 0.95).value.unwrap_or(f64::NAN);
            let error = standard_deviation_standard_error(&own).unwrap_or(f64::NAN);
            Estimate { value: value * value, error: 2.0 * value * error, runs: own.len(), yes_or_no: false }
        }
        OverRuns::ShareOver(limit) => {
            let pairs: Vec<(f64, f64)> = own.iter().map(|value| (f64::from(u8::from(*value > limit)), 1.0)).collect();
            of_pairs(&pairs)
        }
        OverRuns::Quantile(_) => panic!("quantiles are checked through the share above them"),
    }
}

fn pairs(values: &[MeasureValue]) -> Vec<(f64, f64)> {
    values.iter().map(|value| (value.numerator, value.denominator)).collect()
}

fn influence(pairs: &[(f64, f64)]) -> Vec<f64> {
    ratio_influence(pairs).unwrap_or_default()
}

/// The pooled ratio with its error.
fn of_pairs(pairs: &[(f64, f64)]) -> Estimate {
    #[expect(clippy::float_cmp, reason = "whole numbers")]
    let yes_or_no = pairs.iter().all(|(yes, one)| *one == 1.0 && (*yes == 0.0 || *yes == 1.0));
    let value = ratio(pairs, 0.95).value.unwrap_or(f64::NAN);
    Estimate { value, yes_or_no, ..of_influence(&influence(pairs)) }
}

/// The error of a number to whose error every run contributes so much.
fn of_influence(influence: &[f64]) -> Estimate {
    let error = standard_error(influence).unwrap_or(f64::NAN);
    Estimate { value: f64::NAN, error, runs: influence.len(), yes_or_no: false }
}

fn is_spread(metric: &Metric) -> bool {
    matches!(
        metric,
        Metric::Visit { statistic: TallyStatistic::StandardDeviation, .. }
            | Metric::TimeInSystem { statistic: TallyStatistic::StandardDeviation, .. }
            | Metric::GroupSize { statistic: TallyStatistic::StandardDeviation, .. }
    )
}

/// The standard deviation of all observations of all runs, with the error of the delta method.
fn spread(values: &[MeasureValue]) -> Estimate {
    let count = sum(values.iter().map(|value| value.denominator));
    let mean = sum(values.iter().map(|value| value.numerator)) / count;
    let square = sum(values.iter().map(|value| value.squares)) / count;
    let deviation = (square - mean * mean).sqrt();
    let of_run = |value: &MeasureValue| {
        let squares = value.squares - square * value.denominator;
        let sums = value.numerator - mean * value.denominator;
        (squares - 2.0 * mean * sums) / (count / values.len() as f64) / (2.0 * deviation)
    };
    let influence: Vec<f64> = values.iter().map(of_run).collect();
    Estimate { value: deviation, ..of_influence(&influence) }
}

/// The phase of a level that swings as `a + b·sin(x − lag)`, from its values at x = 0, π/2, π and 3π/2.
fn lag(quarters: [Vec<(f64, f64)>; 4]) -> Estimate {
    let [a, b, c, d] = quarters.each_ref().map(|pairs| of_pairs(pairs).value);
    let (sine, cosine) = ((b - d) / 2.0, (a - c) / 2.0);
    let size = sine * sine + cosine * cosine;
    let [a, b, c, d] = quarters.each_ref().map(|pairs| influence(pairs));
    // lag = atan(−cosine / sine), so its differential is (cosine·dsine − sine·dcosine) / size.
    let of_run = |k: usize| (cosine * (b[k] - d[k]) / 2.0 - sine * (a[k] - c[k]) / 2.0) / size;
    let influence: Vec<f64> = (0..a.len()).map(of_run).collect();
    Estimate { value: libm::atan2(-cosine, sine), ..of_influence(&influence) }
}
