//! Checks in words and as JSON: what was found, what was expected, and what would decide an open one.

use super::figures;
use super::json::estimate;
use crate::experiment::results::{CheckResult, CheckVerdict, Undecided};
use crate::model::MetricUnit;
use serde_json::{Value, json};

/// The most replications that anybody is told to run.
const MOST_REPLICATIONS: u64 = 1_000_000;

/// "98.9 % (98.7 % to 99.1 %), expected >= 98%", and for an open check why and what would decide it.
#[must_use]
pub fn finding(check: &CheckResult) -> String {
    let found = format!("{}, expected {}", observed(check), check.limit);
    match check.verdict {
        CheckVerdict::Pass => found,
        CheckVerdict::Fail => format!("{found}: {}", check.path),
        CheckVerdict::Inconclusive(why) => format!("{found}; {}", undecided(why, check)),
    }
}

/// What would decide an open check, and why it is open.
pub(super) fn decided_by(check: &CheckResult) -> Option<String> {
    match check.verdict {
        CheckVerdict::Inconclusive(why) => Some(undecided(why, check)),
        CheckVerdict::Pass | CheckVerdict::Fail => None,
    }
}

/// Value and interval in the unit of the number.
pub(super) fn observed(check: &CheckResult) -> String {
    figures::interval(&check.observed, in_unit(check.unit))
}

/// How numbers of a unit are written.
#[must_use]
pub fn in_unit(unit: MetricUnit) -> fn(f64) -> String {
    match unit {
        MetricUnit::Share => figures::share,
        MetricUnit::Seconds => figures::duration,
        MetricUnit::Hours => figures::hours,
        MetricUnit::Number => figures::number,
    }
}

/// What to run to have so many replications.
fn reps(needed: Option<u64>) -> String {
    match needed.filter(|needed| *needed <= MOST_REPLICATIONS) {
        Some(needed) => format!("--reps {needed}"),
        None => "run more replications".to_owned(),
    }
}

fn undecided(why: Undecided, check: &CheckResult) -> String {
    match why {
        Undecided::NoSamples => format!("no run has anything to tell {} from", check.path),
        Undecided::LimitReached => {
            "a run reached a limit, so what it would have told is not known: raise it under [limits]".to_owned()
        }
        Undecided::CutShort => "the replications were cut short: run them in full".to_owned(),
        Undecided::OneRun => "one replication has no interval: run at least two".to_owned(),
        Undecided::OneTells { needed } => format!("one run alone has anything to tell it from: {}", reps(needed)),
        Undecided::Unbounded { above, needed } => {
            let side = if above { "above" } else { "below" };
            match needed {
                Some(needed) => {
                    format!("fewer than {needed} replications do not bound it from {side}: --reps {needed}")
                }
                None => format!("the runs do not bound it from {side}: run more replications"),
            }
        }
        Undecided::NoInterval => "the runs do not bound it: run more replications".to_owned(),
        Undecided::TooAlike { needed } => {
            format!("every run that tells anything says the same, and too few do: {}", reps(needed))
        }
        Undecided::Straddles { needed } => match needed.filter(|needed| *needed <= MOST_REPLICATIONS) {
            Some(needed) => {
                format!("about {} would probably decide it: --reps {needed}", figures::replications(needed))
            }
            None => "it lies so near the limit that no sensible number of replications would decide it".to_owned(),
        },
    }
}

/// A check as JSON.
pub(super) fn value(check: &CheckResult) -> Value {
    let why = if let CheckVerdict::Inconclusive(why) = check.verdict { Some(why) } else { None };
    json!({
        "name": check.name,
        "path": check.path,
        "unit": check.unit.name(),
        "observed": estimate(&check.observed),
        "limit": check.limit,
        "verdict": check.verdict.name(),
        "reason": why.map(|why| undecided(why, check)),
        "replications_needed": why.and_then(Undecided::replications_needed),
    })
}
