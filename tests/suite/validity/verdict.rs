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
    /// Standard errors between the two.
    pub(crate) z: f64,
    /// Half-width of a 95 % interval over the exact value.
    pub(crate) half_width: f64,
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
    /// Replications of a yes or no each.
    yes_or_no: Option<usize>,
}

/// What the runs of all variants (values of all measures, for each replication) say about `check`.
pub(crate) fn judge(check: &Check, measures: &[Measure], runs: &[Vec<Vec<MeasureValue>>]) -> Finding {
    let estimate = estimate(check.number, measures, runs);
    let exact = check.exact;
    let error = match estimate.yes_or_no {
        // The error that the claim itself implies: a sample without a single "no" would have none.
        Some(runs) => (exact * (1.0 - exact) / runs as f64).max(0.0).sqrt(),
        None => estimate.error,
    };
    let off = estimate.value - exact;
    let z = if off.abs() <= EXACT * exact.abs().max(1.0) { 0.0 } else { off / error };
    let half_width = 1.96 * error;
    let verdict = match check.claim {
        Claim::Exactly => passed_if(off.abs() <= EXACT * exact.abs().max(1.0)),
        Claim::AtMost => passed_if(z <= MOST_ERRORS),
        Claim::AtLeast => passed_if(z >= -MOST_ERRORS),
        Claim::Equals if z.is_nan() || z.abs() > MOST_ERRORS => Verdict::Failed,
        Claim::Equals if precise(check.kind, exact, half_width, estimate.yes_or_no) => Verdict::Passed,
        Claim::Equals => Verdict::Inconclusive,
    };
    let relative = if exact.abs() > 0.0 { half_width / exact.abs() } else { half_width };
    Finding { label: check.label.clone(), exact, found: estimate.value, z, half_width: relative, verdict }
}

fn passed_if(right: bool) -> Verdict {
    if right { Verdict::Passed } else { Verdict::Failed }
}

/// Whether a half-width is small enough for a pass to mean something.
fn precise(kind: Kind, exact: f64, half_width: f64, yes_or_no: Option<usize>) -> bool {
    let relative = half_width / exact.abs();
    match kind {
        // What is not expected even once in a hundred such samples is only asked to stay away.
        Kind::Probability if yes_or_no.is_some_and(|runs| runs as f64 * exact < 0.01) => true,
        Kind::Probability if exact < 0.02 => relative <= 0.15,
        Kind::Items if exact < 0.5 => relative <= 0.05 || half_width <= 0.02,
        _ => relative <= 0.05,
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
            Estimate { value, error: standard_error(&paired).unwrap_or(f64::NAN), yes_or_no: None }
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
            Estimate { value, error, yes_or_no: None }
        }
        OverRuns::Variance => {
            let value = standard_deviation(&own, 0.95).value.unwrap_or(f64::NAN);
            let error = standard_deviation_standard_error(&own).unwrap_or(f64::NAN);
            Estimate { value: value * value, error: 2.0 * value * error, yes_or_no: None }
        }
        OverRuns::ShareOver(limit) => {
            let pairs: Vec<(f64, f64)> =
                own.iter().map(|value| (f64::from(u8::from(*value > limit)), 1.0)).collect();
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
    let error = standard_error(&influence(pairs)).unwrap_or(f64::NAN);
    let value = ratio(pairs, 0.95).value.unwrap_or(f64::NAN);
    Estimate { value, error, yes_or_no: yes_or_no.then_some(pairs.len()) }
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
    Estimate { value: deviation, error: standard_error(&influence).unwrap_or(f64::NAN), yes_or_no: None }
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
    let error = standard_error(&influence).unwrap_or(f64::NAN);
    Estimate { value: libm::atan2(-cosine, sine), error, yes_or_no: None }
}
