//! What a run may use, held against the orders it is expected to create.

use super::TimeFrame;
use crate::model::{Arrivals, HorizonKind, Limits, Source};
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::ScenarioFile;
use crate::scenario::node::quoted;
use crate::scenario::reader::Sink;
use crate::time::SimTime;

/// The highest rate that the plane of orders holds [items per hour].
const HIGHEST_RATE: f64 = 60_000_000.0;

/// The limits that `file` states, else the usual ones.
pub(super) fn limits(file: &ScenarioFile) -> Limits {
    let usual = Limits::default();
    let Some(table) = file.limits.as_ref() else { return usual };
    Limits {
        events: table.events.as_ref().map_or(usual.events, |limit| limit.get().unsigned_abs()),
        in_flight: table
            .in_flight
            .as_ref()
            .map_or(usual.in_flight, |limit| u32::try_from(limit.get()).unwrap_or(u32::MAX)),
        orders: table.orders.as_ref().map_or(usual.orders, |limit| limit.get().unsigned_abs()),
    }
}

/// Refuses a run that would create more orders than its limit, before any work.
pub(super) fn check(file: &ScenarioFile, sources: &[Source], limits: Limits, time: &TimeFrame, sink: &mut Sink) {
    // A steady run usually ends soon after the counted time; what may come until its last instant is not the plan.
    let end = match time.horizon.kind {
        HorizonKind::Steady => time.horizon.until,
        HorizonKind::Calendar | HorizonKind::Span { .. } => time.arrivals_end(),
    };
    let expected: Vec<f64> = sources.iter().map(|source| expected_items(source, end)).collect();
    for (source, expected) in sources.iter().zip(&expected) {
        let highest = highest_rate(source, *expected, end);
        if highest > HIGHEST_RATE {
            let message = format!("{} brings up to {} an hour", quoted(&source.name), rounded(highest));
            let help = format!("at most {} an hour can be simulated: is a unit wrong?", rounded(HIGHEST_RATE));
            sink.push(Diagnostic::error("too-many-orders", place(file, source), message).label("too many").help(help));
            return;
        }
    }
    let total: f64 = expected.iter().sum();
    if total > limits.orders as f64 {
        let busiest = sources.iter().zip(&expected).max_by(|a, b| a.1.total_cmp(b.1));
        let Some((busiest, _)) = busiest else { return };
        let limit = rounded(limits.orders as f64);
        let message = format!("one run would create about {} orders, above the limit of {limit}", rounded(total));
        let help = "shorten the horizon or lower the orders; if it is meant, raise the limit: [limits] orders = …";
        let label = "the source that brings most of them";
        sink.push(Diagnostic::error("too-many-orders", place(file, busiest), message).label(label).help(help));
    }
}

fn expected_items(source: &Source, end: SimTime) -> f64 {
    let planned = match &source.arrivals {
        Arrivals::Poisson(intensity) | Arrivals::Even(intensity) => intensity.expected(SimTime::ZERO, end),
        Arrivals::Renewal(gaps) => end.seconds() / gaps.mean(),
        Arrivals::Recorded(records) => records.len() as f64,
    };
    planned * source.factors.uplift + f64::from(source.initial)
}

fn highest_rate(source: &Source, expected: f64, end: SimTime) -> f64 {
    match &source.arrivals {
        Arrivals::Poisson(intensity) | Arrivals::Even(intensity) => {
            intensity.highest(SimTime::ZERO, end) * source.factors.uplift
        }
        Arrivals::Renewal(_) => expected / SimTime(end.0.max(1)).seconds() * 3600.0,
        Arrivals::Recorded(_) => 0.0,
    }
}

/// The number that is too large: the source's own, or that of its mailing.
fn place<'f>(file: &'f ScenarioFile, source: &Source) -> &'f Place {
    let sends =
        file.campaign.iter().filter(|campaign| source.name.ends_with(&format!(" / {}", campaign.name.as_str())));
    for table in &file.source {
        if table.name.as_str() == source.name {
            let number = table.orders_per_day.as_ref().map(|key| &key.place);
            return number.or(table.rate.as_ref().map(|key| &key.place)).unwrap_or(&table.name.place);
        }
    }
    sends.filter_map(|campaign| campaign.orders.as_ref()).map(|orders| &orders.place).next().unwrap_or(&file.place)
}

/// A number in words that stay readable when it is huge.
fn rounded(number: f64) -> String {
    if number >= 1e15 {
        return format!("{number:.1e}");
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (k, digit) in digits.chars().enumerate() {
        if k > 0 && (digits.len() - k).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
