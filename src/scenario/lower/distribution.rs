//! Durations that vary, as distributions in seconds.

use super::DataFiles;
use crate::random::{Distribution, DistributionError};
use crate::scenario::data::MeasuredValues;
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::distribution::{DurationValue, MeanTable, MixtureTable, ShapeWord, ValuesTable, plain};
use crate::scenario::reader::{Sink, Spanned};
use crate::time::SimDuration;

/// How durations can be written.
const DURATIONS: &str = "for example: { typical = \"6m\", one_in_ten_over = \"18m\" } or { mean = \"6m\", cv = 0.5 }; \
                         \"6m\" when it is always the same (plain numbers in this message are seconds)";

/// The distribution (s) that `written` describes; `None` after an error went to the sink or to `data`.
pub fn distribution(written: &Spanned<DurationValue>, data: &mut DataFiles, sink: &mut Sink) -> Option<Distribution> {
    if let DurationValue::Typical(table) = &written.value
        && table.one_in_ten_over.get() <= table.typical.get()
    {
        let message = "`one_in_ten_over` is the long time that one in ten exceeds: it must be longer than `typical`";
        let label = "not longer than `typical`";
        sink.push(
            Diagnostic::error("bad-distribution", &table.one_in_ten_over.place, message).label(label).help(DURATIONS),
        );
        return None;
    }
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
    made.map_err(|error| sink.push(impossible(&written.place, &error, DURATIONS))).ok()
}

/// What a distribution that cannot be made is reported as, with `help` on what would be right.
#[must_use]
pub(super) fn impossible(place: &Place, error: &DistributionError, help: &str) -> Diagnostic {
    Diagnostic::error("bad-distribution", place, error.to_string()).label("no such distribution").help(help)
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
    let help = match key {
        "uniform" => "for example: { uniform = [\"2m\", \"6m\"] }",
        _ => "for example: { triangular = [\"2m\", \"3m\", \"8m\"] }",
    };
    sink.push(Diagnostic::error("wrong-length", place, message).label("too few or too many").help(help));
    None
}
