//! Metric paths: the text of a number, read.
//!
//! ```text
//! path     = scope { "." suffix }
//! scope    = "station." name "." station     | "source." name "." source | "orders." orders
//!          | "pool." name ".utilisation"     | "sla." name ("attainment" | "kept" | "late" | "late_hours")
//!          | ("exception." | "hold.") name "." ("count" | "resolution." tally)
//!          | "contacts." count | "cost.labour"
//!          | "scorecard." ("order_sync_success_rate" | "dispatch_sla_attainment" | "tickets_per_100_orders")
//! station  = spell [".served" | ".abandoned" | ".all"] [".from(" source ")"] "." tally
//!          | level "." over_time
//!          | "utilisation" | "availability" | "attempts" | share | "left_behind.mean"
//!          | ("batch_size" | "release_size") "." ("mean" | "sd")
//!          | ("arrivals" | "completed" | "abandoned" | "turned_away" | "batches") count
//!          | "order(" n ")." ("wait" | "start" | "end")
//! spell    = "wait" | "idle" | "service" | "visit"
//! level    = "queue" | "busy" | "present" | "orbit"
//! share    = "delayed_share" | "found_all_busy_share" | "abandoned_share" | "turned_away_share"
//!          | "first_turned_away_share" | "gave_up_share" | "first_succeeded_share" | "full_batches_share"
//!          | "nobody_left_behind_share" | "bucket_full_share"
//! source   = "created" count | "abandoned_share" | "time_in_system." tally | "in_system." over_time
//! orders   = ("arrived" | "dispatched" | "cancelled") count | "open_at_end" | "time_in_system." tally
//!          | "time_to_dispatch." tally | "in_system." over_time | "makespan" | "tickets_per_100"
//!          | "order(" n ").end"
//! tally    = "mean" | "sd" | "max" | "count" | "p" digits | "quantile(" share ")" | "share_over(" span ")"
//! over_time= "mean" | "max" | "integral" | "share_at_zero" | "at(" when ")" | "all_busy_at(" when ")" (of "busy")
//!          | "at_every(" span ["," span] ")" | "zero_at_every(" span ["," span] ")"     (period, then phase)
//! count    = [ ".by(" when ")" ] [ ".per_hour" ]
//! suffix   = "sd_over_runs" | "variance_over_runs" | "quantile_over_runs(" share ")" | "share_of_runs_over(" x ")"
//! when     = a span after the start, or a local time such as 2026-11-27T10:00
//! ```
//!
//! A name that holds anything but letters, digits, `_` and `-` stands in double or single quotes.

mod asked;
mod cursor;
mod expectation;
mod grammar;
mod segments;
#[cfg(test)]
mod tests;
mod values;
mod wanted;

use super::{Metric, MetricError, OverRuns};
use crate::calendar::Calendar;

pub use expectation::{ExpectedMetric, parse_expectation};
pub use values::span;
pub use wanted::WantedPrecision;

/// The names that a metric path may hold, each list in the order of the model's, and the local time it may speak of.
#[derive(Clone, Copy, Debug, Default)]
pub struct MetricNames<'a> {
    /// Sources.
    pub sources: &'a [&'a str],
    /// Stations.
    pub stations: &'a [&'a str],
    /// Pools; what stands beyond the shared ones of the model, the own servers of stations, is left out of it.
    pub pools: &'a [&'a str],
    /// SLAs.
    pub slas: &'a [&'a str],
    /// Holds and exception classes.
    pub diversions: &'a [&'a str],
    /// Local time; `None` for a stationary question.
    pub calendar: Option<&'a Calendar>,
}

/// The number that `path` names.
///
/// # Errors
/// What is wrong with the path, with the words or names that are possible there and a valid example.
pub fn parse(path: &str, names: &MetricNames<'_>) -> Result<(Metric, OverRuns), MetricError> {
    grammar::read(path, names)
}

/// The words and names of a dotted path, without quotes: `pool."night shift".extra_heads` has three.
///
/// # Errors
/// When a quote or bracket is not closed, a word is missing, or a word has brackets.
pub fn words(path: &str) -> Result<Vec<String>, MetricError> {
    let segments = segments::cut(path.trim())?;
    if let Some(call) = segments.iter().find(|segment| segment.arguments.is_some()) {
        let message = format!("`{}` takes nothing in brackets (in the path `{path}`)", call.text);
        return Err(MetricError { message, help: format!("write `{}` alone", call.text) });
    }
    Ok(segments.into_iter().map(|segment| segment.text).collect())
}
