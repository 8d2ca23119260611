//! Single days that a lever saves, in words and tables.

use super::{long, pairs, price, price_value};
use crate::experiment::Results;
use crate::experiment::levers::{LeverDay, LeverDays, LeverResult, LeverSla};
use crate::experiment::results::SlaResult;
use crate::report::figures::{self, UNKNOWN};
use crate::report::json;
use crate::time::SimTime;
use serde_json::{Value, json};

/// Days that a sentence names; the table has all.
const NAMED: usize = 3;

/// The title of the table.
pub(in crate::report) const TITLE: &str = "Days that a lever saves";

/// The heads of the table.
pub(in crate::report) const COLUMNS: [&str; 7] =
    ["lever", "SLA", "day saved", "start by", "decide by", "cost", "no number saves it from"];

/// A lever that saves days of an SLA, and what it does for them.
fn saving(results: &Results) -> impl Iterator<Item = (&LeverResult, &LeverSla, &SlaResult, &LeverDays)> {
    let with_days = pairs(results).filter_map(|(lever, of, sla)| Some((lever, of, sla, of.days.as_ref()?)));
    with_days.filter(|(.., days)| !days.saved.is_empty())
}

/// One for each lever: which days it saves and until when that must be decided; SLAs of which the same is to be said
/// together.
pub(super) fn sentences(results: &Results) -> Vec<String> {
    let mut said: Vec<([String; 3], Vec<String>)> = Vec::new();
    for (lever, of, sla, days) in saving(results) {
        let named: Vec<String> = days.saved.iter().take(NAMED).map(|day| named(results, of, day)).collect();
        let more = match days.saved.len() - named.len() {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        let which = match (days.saved.len(), days.open) {
            (1, 1) => "the one day".to_owned(),
            (saved, open) if saved == open => format!("all {open} days"),
            (saved, open) => format!("{saved} of the {open} days"),
        };
        let same = [lever.name.clone(), which, format!("{}{more}", named.join("; "))];
        match said.iter_mut().find(|(known, _)| *known == same) {
            Some((_, slas)) => slas.push(format!("'{}'", sla.name)),
            None => said.push((same, vec![format!("'{}'", sla.name)])),
        }
    }
    let sentence = |([lever, which, days], slas): ([String; 3], Vec<String>)| {
        let (first, others) = slas.split_first().expect("who says something says it of an SLA");
        let others =
            if others.is_empty() { String::new() } else { format!(", and as many for {}", others.join(" and ")) };
        format!("'{lever}' saves {which} on which {first} is not surely kept without it{others}: {days}.")
    };
    said.into_iter().map(sentence).collect()
}

/// "Monday 30 November, if decided by Wednesday 25 November, 17:00".
fn named(results: &Results, of: &LeverSla, day: &LeverDay) -> String {
    let name = span(results, day);
    let by = match day.decide_by {
        Some(by) => format!("if decided by {}", long(results, by)),
        None => "if decided before the run begins".to_owned(),
    };
    let lost = day.hopeless_from.zip(of.most_heads).map(|(from, most)| {
        format!(" (from {} on no number of heads saves it, up to {most} were tried)", long(results, from))
    });
    format!("{name}, {by}{}", lost.unwrap_or_default())
}

/// "Monday 30 November"; "Monday 30 November to Sunday 6 December"; where it does not end with a day, its first and last instant.
fn span(results: &Results, day: &LeverDay) -> String {
    let is_midnight = |at: SimTime| {
        let calendar = results.calendar.as_ref();
        calendar.is_some_and(|calendar| calendar.local(at).time() == jiff::civil::Time::midnight())
    };
    if !(is_midnight(day.from) && is_midnight(day.to)) {
        return format!("{} to {}", figures::long_instant(results, day.from), figures::long_instant(results, day.to));
    }
    let first = figures::day_that_ends(results, SimTime(day.from.0 + 1));
    let last = figures::day_that_ends(results, day.to);
    if first == last { last } else { format!("{first} to {last}") }
}

/// The rows of the table.
pub(in crate::report) fn rows(results: &Results) -> Vec<[String; 7]> {
    let at = |at: SimTime| match &results.calendar {
        Some(calendar) => calendar.short(at),
        None => figures::instant(results, at),
    };
    let row = |lever: &LeverResult, sla: &SlaResult, day: &LeverDay| {
        [
            lever.name.clone(),
            sla.name.clone(),
            span(results, day),
            at(day.latest_start),
            day.decide_by.map_or_else(|| "before the run".to_owned(), at),
            day.cost.as_ref().map_or_else(|| UNKNOWN.to_owned(), price),
            day.hopeless_from.map_or_else(|| UNKNOWN.to_owned(), at),
        ]
    };
    saving(results).flat_map(|(lever, _, sla, days)| days.saved.iter().map(move |day| row(lever, sla, day))).collect()
}

/// How the table is to be read.
pub(in crate::report) fn legend(results: &Results) -> String {
    format!(
        "Each day by itself, at {}: not surely kept without the lever, surely kept if it starts by then. Other days of the SLA \
         may be missed all the same.",
        figures::share(results.confidence)
    )
}

/// `days` of a lever's SLA in results.json.
pub(super) fn value(results: &Results, found: &LeverDays) -> Value {
    let instant = |at: Option<SimTime>| at.map_or(Value::Null, |at| json::instant(results, at));
    let day = |day: &LeverDay| {
        json!({
            "from": instant(Some(day.from)),
            "to": instant(Some(day.to)),
            "latest_start": instant(Some(day.latest_start)),
            "decide_by": instant(day.decide_by),
            "cost_at_latest": price_value(&day.cost),
            "hopeless_from": instant(day.hopeless_from),
            "monotone": day.monotone,
        })
    };
    json!({ "open": found.open, "saved": found.saved.iter().map(day).collect::<Vec<_>>() })
}
