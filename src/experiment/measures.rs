//! The numbers asked for, over all runs.

use super::results::MeasureResult;
use super::runs::Runs;
use crate::model::{Measure, Metric, MetricUnit, Model, OverRuns, Spell, TallyStatistic, Whose};
use crate::observation::{MeasureValue, ReplicationRecord, TallyRecord};
use crate::statistics::estimate::Estimate;
use crate::statistics::proportion::wilson;
use crate::statistics::sequential::replications_for;
use crate::statistics::{quantile, sample};
use crate::time::TICKS_PER_SECOND;

/// Every measure of the model that is only asked for; those of which something is expected are checks.
///
/// The mean over runs is the pooled ratio of the runs' totals; a standard deviation and a quantile of single
/// observations are those of all observations of all runs together. A quantile of which the runs keep no histogram is
/// not known.
pub(super) fn fold(model: &Model, runs: &Runs<'_>) -> Vec<MeasureResult> {
    let estimate = |(k, measure)| MeasureResult {
        name: Measure::clone(measure).name,
        path: measure.path.clone(),
        estimate: shown(runs, k, measure),
    };
    model.measures.iter().enumerate().filter(|(_, measure)| measure.expected.is_none()).map(estimate).collect()
}

/// Measure `k` over all runs, with ends that it could have: an interval around a share of few hits would reach below none.
pub(super) fn shown(runs: &Runs<'_>, k: usize, measure: &Measure) -> Estimate {
    within_range(&estimate(runs, k, measure), measure)
}

/// The same estimate of a measure, held within what the measure can be.
pub(super) fn within_range(estimate: &Estimate, measure: &Measure) -> Estimate {
    let unit = MetricUnit::of(&measure.metric, measure.over_runs);
    estimate.within(0.0, if unit == MetricUnit::Share { 1.0 } else { f64::INFINITY })
}

/// Measure `k` over all runs, as searches and stopping rules need it: symmetric where its interval is.
pub(super) fn estimate(runs: &Runs<'_>, k: usize, measure: &Measure) -> Estimate {
    let statistic = statistic_of(&measure.metric);
    if measure.over_runs == OverRuns::Mean {
        return match statistic {
            Some(TallyStatistic::StandardDeviation) => pooled_deviation(runs, k),
            Some(TallyStatistic::Quantile(p)) => match histogram_of(&measure.metric) {
                Some(of) => runs.tally_quantiles(of, [p])[0],
                None => runs.unknown(),
            },
            _ => runs.ratio(|record| (record.measures[k].numerator, record.measures[k].denominator)),
        };
    }
    let values = values(runs, k, measure, statistic);
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    match measure.over_runs {
        OverRuns::Mean => sample::mean(&known, runs.confidence),
        OverRuns::StandardDeviation => sample::standard_deviation(&known, runs.confidence),
        OverRuns::Variance => squared(sample::standard_deviation(&known, runs.confidence)),
        // One order that never came so far did not do so in that run: it sorts last. Elsewhere there was nothing.
        OverRuns::Quantile(p) if matches!(measure.metric, Metric::OneOrder { .. }) => {
            quantile::of_sample(&values, p, runs.confidence)
        }
        OverRuns::Quantile(p) => {
            quantile::of_sample(&known.iter().copied().map(Some).collect::<Vec<_>>(), p, runs.confidence)
        }
        OverRuns::ShareOver(limit) => {
            let over = known.iter().filter(|value| **value > limit).count() as u64;
            wilson(over, known.len() as u64, runs.confidence)
        }
    }
}

/// For each percentile asked for that the runs do not bound on both sides: which, and how many would.
pub(super) fn too_few_for_percentiles(model: &Model, runs: &Runs<'_>) -> Vec<String> {
    if model.is_deterministic() {
        return Vec::new();
    }
    let of = |(k, measure)| too_few_for_percentile(runs, measure, &estimate(runs, k, measure));
    model.measures.iter().enumerate().filter_map(of).collect()
}

/// Why `found` does not bound the percentile that `measure` is, if it is one and does not.
pub(super) fn too_few_for_percentile(runs: &Runs<'_>, measure: &Measure, found: &Estimate) -> Option<String> {
    let p = percentile(measure)?;
    if found.value.is_none() || (found.low.is_some() && found.high.is_some()) {
        return None;
    }
    let count = runs.count();
    let needed = quantile::fewest_that_bound(p, runs.confidence).filter(|needed| *needed > found.samples);
    let needed = needed.and_then(|needed| replications_for(needed, found.samples, count));
    let of = if measure.over_runs != OverRuns::Mean { "over the runs" } else { "of all runs together" };
    let enough = match needed {
        Some(needed) => format!("; {needed} runs would bound it"),
        None => "; more runs may".to_owned(),
    };
    let (runs, are) = if count == 1 { ("run", "is") } else { ("runs", "are") };
    // 0.07 x 100 is not quite 7, but is written so.
    let percent = libm::round(p * 1e8) / 1e6;
    Some(format!(
        "'{}': {count} {runs} {are} too few to bound the {percent} % quantile {of} ({}) on both sides{enough}.",
        measure.name, measure.path
    ))
}

/// Which percentile a measure is, over the runs or of all observations together, if it is one.
pub(super) fn percentile(measure: &Measure) -> Option<f64> {
    match (measure.over_runs, statistic_of(&measure.metric)) {
        (OverRuns::Quantile(p), _) | (OverRuns::Mean, Some(TallyStatistic::Quantile(p))) => Some(p),
        _ => None,
    }
}

/// Each run's own value of measure `k`.
pub(super) fn own_values(runs: &Runs<'_>, k: usize, measure: &Measure) -> Vec<Option<f64>> {
    values(runs, k, measure, statistic_of(&measure.metric))
}

/// Each run's own value.
fn values(runs: &Runs<'_>, k: usize, measure: &Measure, statistic: Option<TallyStatistic>) -> Vec<Option<f64>> {
    let of = |record: &ReplicationRecord| {
        let MeasureValue { numerator, denominator, squares } = record.measures[k];
        match statistic {
            _ if denominator <= 0.0 => None,
            Some(TallyStatistic::StandardDeviation) => deviation(numerator, denominator, squares),
            Some(TallyStatistic::Quantile(p)) => {
                let (_, high) = histogram_of(&measure.metric)?(record).log_linear().quantile_bounds(p)?;
                Some(high as f64 / TICKS_PER_SECOND as f64)
            }
            _ => Some(numerator / denominator),
        }
    };
    runs.records.iter().map(of).collect()
}

/// Standard deviation from sum, count and sum of squares, divisor n.
fn deviation(sum: f64, count: f64, squares: f64) -> Option<f64> {
    let mean = sum / count;
    (count > 0.0).then(|| (squares / count - mean * mean).max(0.0).sqrt())
}

/// Standard deviation of all observations of all runs together; its error by the jackknife over runs.
fn pooled_deviation(runs: &Runs<'_>, k: usize) -> Estimate {
    let of = |record: &ReplicationRecord| record.measures[k];
    let total = |part: fn(&MeasureValue) -> f64| sample::sum(runs.records.iter().map(|record| part(&of(record))));
    let all = (total(|m| m.numerator), total(|m| m.denominator), total(|m| m.squares));
    let Some(whole) = deviation(all.0, all.1, all.2) else { return runs.unknown() };
    // A run without observations is no sample: leaving it out changes nothing.
    let telling: Vec<MeasureValue> = runs.records.iter().map(of).filter(|m| m.denominator > 0.0).collect();
    let samples = telling.len() as u64;
    let n = samples as f64;
    let pseudo: Option<Vec<f64>> = telling
        .iter()
        .map(|m| deviation(all.0 - m.numerator, all.1 - m.denominator, all.2 - m.squares))
        .map(|left| left.map(|left| n * whole - (n - 1.0) * left))
        .collect();
    let half = pseudo.and_then(|pseudo| sample::mean(&pseudo, runs.confidence).half_width());
    Estimate::around(whole, half, runs.confidence, samples).within(0.0, f64::INFINITY)
}

fn squared(deviation: Estimate) -> Estimate {
    let square = |part: Option<f64>| part.map(|part| part * part);
    let (value, low, high) = (square(deviation.value), square(deviation.low), square(deviation.high));
    Estimate::new(value, low, high, deviation.confidence, deviation.samples)
}

/// The statistic that `metric` is of single observations.
pub(super) fn statistic_of(metric: &Metric) -> Option<TallyStatistic> {
    match metric {
        Metric::Visit { statistic, .. }
        | Metric::TimeInSystem { statistic, .. }
        | Metric::GroupSize { statistic, .. }
        | Metric::Resolution(_, statistic) => Some(*statistic),
        _ => None,
    }
}

type TallyOf = Box<dyn Fn(&ReplicationRecord) -> &TallyRecord>;

/// The histogram that a run keeps of the metric's observations, if it does.
fn histogram_of(metric: &Metric) -> Option<TallyOf> {
    match *metric {
        Metric::Visit { station, spell: Spell::Wait, whose: Whose::Served, source: None, .. } => {
            Some(Box::new(move |record| &record.stations[station.index()].wait))
        }
        Metric::Visit { station, spell: Spell::Service, whose: Whose::Served, source: None, .. } => {
            Some(Box::new(move |record| &record.stations[station.index()].service))
        }
        Metric::TimeInSystem { source: None, dispatched: true, .. } => {
            Some(Box::new(|record| &record.orders.time_to_dispatch))
        }
        Metric::TimeInSystem { source: Some(source), dispatched: false, .. } => {
            Some(Box::new(move |record| &record.sources[source.index()].time_in_system))
        }
        Metric::Resolution(diversion, _) => {
            Some(Box::new(move |record| &record.diversions[diversion.index()].resolution))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
