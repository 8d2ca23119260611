//! Durations that vary, as distributions in seconds.

use super::DataFiles;
use crate::random::{Distribution, DistributionError};
use crate::scenario::data::MeasuredValues;
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::distribution::{DurationValue, MeanTable, MixtureTable, ShapeWord, ValuesTable, plain};
use crate::scenario::reader::{Sink, Spanned};
use crate::time::SimDuration;

/// The distribution (s) that `written` describes; `None` after an error went to the sink or to `data`.
pub fn distribution(written: &Spanned<DurationValue>, data: &mut DataFiles, sink: &mut Sink) -> Option<Distribution> {
    let made = match &written.value {
        DurationValue::Always(time) => Distribution::constant(time.seconds()),
        DurationValue::Typical(table) => Distribution::typical_and_one_in_ten_over(
            table.typical.get().seconds(),
            table.one_in_ten_over.get().seconds(),
        ),
        DurationValue::Mean(table) => mean_and_cv(table),
        DurationValue::Exponential(table) => Distribution::exponential(table.exponential.get().seconds()),
        DurationValue::Erlang(table) => {
            let phases = u32::try_from(table.phases.get()).unwrap_or(u32::MAX);
            Distribution::erlang(phases, table.erlang.get().seconds())
        }
        DurationValue::Weibull(table) => Distribution::weibull(table.shape.get(), table.weibull.get().seconds()),
        DurationValue::Gamma(table) => {
            Distribution::gamma(table.shape.get(), table.gamma.get().seconds() / table.shape.get())
        }
        DurationValue::Uniform(table) => match seconds(&table.uniform)[..] {
            [min, max] => Distribution::uniform(min, max),
            _ => return wrong_length(&table.place, "uniform", "the shortest and the longest", sink),
        },
        DurationValue::Triangular(table) => match seconds(&table.triangular)[..] {
            [min, mode, max] => Distribution::triangular(min, mode, max),
            _ => return wrong_length(&table.place, "triangular", "the shortest, most likely and longest", sink),
        },
        DurationValue::Mixture(table) => mixture(table),
        DurationValue::Values(table) => values(table),
        DurationValue::Measured(table) => {
            let load = |path: &_| MeasuredValues::load(path).map(|read| (read.weighted, read.hash));
            let weighted = data.read(&table.measured, load)?;
            let total: f64 = weighted.iter().map(|(_, weight)| weight).sum();
            let (values, weights): (Vec<f64>, Vec<f64>) =
                weighted.into_iter().map(|(value, weight)| (value, weight / total)).unzip();
            Distribution::discrete(&values, &weights)
        }
    };
    made.map_err(|error| sink.push(impossible(&written.place, &error))).ok()
}

/// What a distribution that cannot be made is reported as.
#[must_use]
pub(super) fn impossible(place: &Place, error: &DistributionError) -> Diagnostic {
    Diagnostic::error("bad-distribution", place, error.to_string()).label("no such distribution")
}

fn seconds(times: &[Spanned<SimDuration>]) -> Vec<f64> {
    plain(times, SimDuration::seconds)
}

fn mean_and_cv(table: &MeanTable) -> Result<Distribution, DistributionError> {
    let (mean, cv) = (table.mean.get().seconds(), table.cv.get());
    if cv <= 0.0 {
        return Distribution::constant(mean);
    }
    match table.shape.value {
        ShapeWord::LogNormal => Distribution::log_normal_mean_cv(mean, cv),
        ShapeWord::Gamma => Distribution::gamma_mean_cv(mean, cv),
        ShapeWord::HyperExponential => Distribution::hyper_exponential_mean_cv(mean, cv),
    }
}

fn mixture(table: &MixtureTable) -> Result<Distribution, DistributionError> {
    let shares = table.mixture.iter().map(|part| part.share.get()).collect();
    let means = table.mixture.iter().map(|part| part.mean.get().seconds()).collect();
    Distribution::hyper_exponential(shares, means)
}

fn values(table: &ValuesTable) -> Result<Distribution, DistributionError> {
    let values = seconds(&table.values);
    if table.shares.is_empty() {
        return Distribution::empirical(values);
    }
    Distribution::discrete(&values, &plain(&table.shares, |share| share.get()))
}

fn wrong_length(place: &Place, key: &str, parts: &str, sink: &mut Sink) -> Option<Distribution> {
    let message = format!("`{key}` needs {parts}, in this order");
    sink.push(Diagnostic::error("wrong-length", place, message).label("here"));
    None
}
