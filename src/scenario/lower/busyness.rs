//! Random busyness of days and hours.

use super::distribution::impossible;
use super::{ItemNames, TimeFrame};
use crate::model::Busyness;
use crate::quantity::Factor;
use crate::random::{Distribution, DistributionError};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::distribution::{ShapeWord, plain};
use crate::scenario::file::source::{BusynessTable, FactorValue, SourceTable};
use crate::scenario::reader::{Sink, Spanned};

/// The busyness of `source`; `None` after an error.
pub(super) fn busyness(
    file: &ScenarioFile,
    source: &SourceTable,
    names: &ItemNames,
    time: &TimeFrame,
    sink: &mut Sink,
) -> Option<Busyness> {
    // Copies of recorded orders are spread within their day: a replay needs the days, too.
    let days = time.days.iter().map(|day| day.start).collect();
    let calm = Busyness { day: None, hour: None, days, stream: draws_as(source) };
    let Some(table) = &source.busyness else { return Some(calm) };
    let with = match &table.with {
        Some(name) => draws_as(&file.source[names.sources.find(name, sink)?]),
        None => calm.stream.clone(),
    };
    let day = factor(&table.value, "day", table.day_cv.as_ref(), table.day.as_ref(), sink);
    let hour = factor(&table.value, "hour", table.hour_cv.as_ref(), table.hour.as_ref(), sink);
    Some(Busyness { day: day?, hour: hour?, stream: with, ..calm })
}

/// The name that a source's random streams go by.
pub(super) fn draws_as(source: &SourceTable) -> String {
    source.draws_as.as_ref().map_or(source.name.as_str(), |name| name.as_str()).to_owned()
}

fn factor(
    table: &BusynessTable,
    key: &str,
    cv: Option<&Spanned<Factor>>,
    other: Option<&Spanned<FactorValue>>,
    sink: &mut Sink,
) -> Option<Option<Distribution>> {
    if let (Some(_), Some(other)) = (cv, other) {
        let message = format!("`{key}_cv` and `{key}` cannot stand together");
        let help = format!("keep one of them, for example: {key}_cv = 0.12");
        sink.push(Diagnostic::error("ambiguous-table", &other.place, message).label("which is meant?").help(help));
        return None;
    }
    let place = cv.map(|cv| &cv.place).or(other.map(|other| &other.place)).unwrap_or(&table.place);
    let made = match (cv, other.map(|other| &other.value)) {
        (Some(cv), _) => spread(cv.get(), ShapeWord::Gamma),
        (None, Some(FactorValue::Spread(spread_table))) => spread(spread_table.cv.get(), spread_table.shape.value),
        (None, Some(FactorValue::Values(values))) => {
            let factors = plain(&values.values, Factor::get);
            let distribution = if values.shares.is_empty() {
                Distribution::empirical(factors)
            } else {
                Distribution::discrete(&factors, &plain(&values.shares, |share| share.get()))
            };
            distribution.map(Some)
        }
        (None, None) => Ok(None),
    };
    let made = made
        .map_err(|error| {
            sink.push(impossible(place, &error, "for example: busyness = { day_cv = 0.12, hour_cv = 0.2 }"))
        })
        .ok()?;
    if let Some(distribution) = &made {
        const ROUNDED: f64 = 1e-3;
        let mean = distribution.mean();
        if (mean - 1.0).abs() > ROUNDED {
            let message = format!("the factors average to {}, not to 1", libm::round(mean * 1e4) / 1e4);
            let help = "busyness must not change the plan: divide all factors by their average, and change `uplift` \
                        or `orders_per_day` where more or fewer orders are meant";
            sink.push(Diagnostic::error("mean-not-one", place, message).label("not 1 on average").help(help));
            return None;
        }
    }
    Some(made)
}

fn spread(cv: f64, shape: ShapeWord) -> Result<Option<Distribution>, DistributionError> {
    if cv <= 0.0 {
        return Ok(None);
    }
    match shape {
        ShapeWord::Gamma => Distribution::gamma_mean_cv(1.0, cv),
        ShapeWord::LogNormal => Distribution::log_normal_mean_cv(1.0, cv),
        ShapeWord::HyperExponential => Distribution::hyper_exponential_mean_cv(1.0, cv),
    }
    .map(Some)
}
