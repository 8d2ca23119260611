//! How precisely a number was to be known and is, in words and as JSON.

use super::checks::in_unit;
use super::figures;
use super::json::estimate;
use crate::experiment::results::{UntilOutcome, UntilResult};
use crate::model::MetricUnit;
use serde_json::{Value, json};

/// "sla.'next day'.attainment is known to ± 0.4 points (wanted: ± 0.5pp), from 44 replications."
#[must_use]
pub fn sentence(until: &UntilResult) -> String {
    let runs = figures::replications(until.replications);
    let (path, wanted) = (&until.path, &until.wanted);
    let Some(half) = until.reached else { return not_bounded(until, &runs) };
    let known = format!("known to ± {}", half_width(half, until.unit));
    match until.outcome {
        UntilOutcome::Reached => format!("{path} is {known} (wanted: {wanted}), from {runs}."),
        UntilOutcome::LimitReached => {
            format!("{path} is {known} only (wanted: {wanted}): {runs} were allowed, and --reps allows more.")
        }
        UntilOutcome::Stopped => format!("{path} is {known} so far (wanted: {wanted}), from {runs}."),
    }
}

/// What is said of a number without an interval, or with one that says nothing.
fn not_bounded(until: &UntilResult, runs: &str) -> String {
    let (path, wanted, told) = (&until.path, &until.wanted, until.observed.samples);
    let who = match told {
        _ if told >= until.replications => String::new(),
        0 => ", of which none tells anything of it".to_owned(),
        1 => ", of which 1 tells anything of it".to_owned(),
        _ => format!(", of which {} tell anything of it", figures::count(told as f64)),
    };
    match until.outcome {
        UntilOutcome::Stopped => format!("No bounds of {path} are known so far (wanted: {wanted}), from {runs}{who}."),
        _ => {
            format!(
                "No bounds of {path} are known (wanted: {wanted}): {runs} were allowed{who}, and --reps allows more."
            )
        }
    }
}

/// A half-width in its unit: shares differ by points.
#[must_use]
pub fn half_width(half: f64, unit: MetricUnit) -> String {
    match unit {
        MetricUnit::Share => format!("{} points", figures::number(half * 100.0)),
        unit => in_unit(unit)(half),
    }
}

/// The same as JSON.
pub(super) fn value(until: &UntilResult) -> Value {
    json!({
        "path": until.path,
        "unit": until.unit.name(),
        "wanted": until.wanted,
        "wanted_half_width": until.wanted_half_width,
        "reached_half_width": until.reached,
        "observed": estimate(&until.observed),
        "outcome": until.outcome.name(),
    })
}
