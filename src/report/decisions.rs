//! Decisions with a deadline: the words and tables that every report shares.

pub(super) mod days;
mod hopeless;

use super::figures::{self, UNKNOWN};
use super::json;
use super::text::{Page, cells};
use super::why;
use crate::experiment::Results;
use crate::experiment::levers::{LeverResult, LeverSla, LeverState, Price, TogetherResult};
use crate::experiment::results::{Functional, SlaResult, Verdict};
use crate::statistics::estimate::Estimate;
use crate::time::SimTime;
use serde_json::{Value, json};

/// Where levers were asked for and none is declared.
const NONE: &str = "No lever is declared: describe what could still be decided under [[lever]].";

/// Every lever with every SLA.
fn pairs(results: &Results) -> impl Iterator<Item = (&LeverResult, &LeverSla, &SlaResult)> {
    let levers = results.levers.iter().flat_map(|levers| &levers.each);
    levers.flat_map(|lever| lever.slas.iter().zip(&results.slas).map(move |(of, sla)| (lever, of, sla)))
}

/// What is to be decided by when: a sentence or two for each lever that is needed and can help, the nearest deadline first;
/// then what cannot, all together for each SLA.
pub(super) fn sentences(results: &Results) -> Vec<String> {
    let Some(levers) = &results.levers else { return Vec::new() };
    if levers.each.is_empty() {
        return vec![NONE.to_owned()];
    }
    let needed = pairs(results).filter(|(_, of, _)| of.state != LeverState::NotNeeded);
    let (mut open, lost): (Vec<_>, Vec<_>) = needed.partition(|(_, of, _)| of.state != LeverState::NeverEnough);
    if open.is_empty() && lost.is_empty() {
        return vec![if results.slas.is_empty() {
            "There is no SLA that a lever could keep.".to_owned()
        } else {
            "No decision is needed: every SLA is kept without any lever.".to_owned()
        }];
    }
    open.sort_by_key(|(_, of, _)| (of.latest_start.is_none(), of.decide_by, of.latest_start));
    let told = open.into_iter().map(|(lever, of, sla)| sentence(results, lever, of, sla));
    let of_sla = |sla: &SlaResult| lost.iter().filter(|(.., other)| other.name == sla.name).copied().collect();
    let hopeless = hopeless::sentences(results, results.slas.iter().map(of_sla));
    let together = levers.together.iter().map(|found| together(results, found));
    told.chain(hopeless).chain(together).chain(days::sentences(results)).collect()
}

/// Most that page one tells; the section has all.
const MOST_ON_FRONT: usize = 5;

/// The decisions of page one.
pub(super) fn on_front(results: &Results) -> Vec<String> {
    let mut told = sentences(results);
    let more = told.len().saturating_sub(MOST_ON_FRONT);
    if more > 0 {
        told.truncate(MOST_ON_FRONT);
        told.push(format!("{more} more under “What could still be decided”."));
    }
    told
}

/// What all levers do for an SLA that none keeps alone.
fn together(results: &Results, found: &TogetherResult) -> String {
    let sla = &results.slas[found.sla];
    let with_all = judged_by(found.shown.as_ref(), sla);
    match (&found.enough, found.keeps) {
        (Some(enough), _) => {
            let cost = found.cost.as_ref().map(|cost| format!(" They cost {}.", price(cost))).unwrap_or_default();
            let of = match found.levers.len() - enough.len() {
                0 => "none of them can be spared".to_owned(),
                spared => format!("{spared} of the {} can be spared", found.levers.len()),
            };
            format!(
                "Together, each started at its earliest, {} keep '{}', and {of}: {}.{cost}",
                all_or_listed(results, enough),
                sla.name,
                judged_by(found.shown_with_enough.as_ref(), sla)
            )
        }
        (None, Verdict::Breached) => format!(
            "Not even {}, each started at its earliest, keep '{}': {with_all}.",
            all_together(results, &found.levers),
            sla.name
        ),
        (None, _) => format!(
            "From {} it cannot be told whether {} keep '{}': {with_all}.",
            figures::replications(results.replications),
            all_together(results, &found.levers),
            sla.name
        ),
    }
}

/// "all 6 levers"; a few of them by name.
fn all_or_listed(results: &Results, names: &[String]) -> String {
    let declared = results.levers.as_ref().map_or(0, |levers| levers.each.len());
    if names.len() == declared && declared > 2 { format!("all {declared} levers") } else { listed(names) }
}

/// "all 6 levers together"; two of them by name as well.
fn all_together(results: &Results, names: &[String]) -> String {
    match all_or_listed(results, names) {
        all if all.starts_with("all ") => format!("{all} together"),
        few => format!("all levers together, {few}"),
    }
}

/// "'a', 'b' and 'c'".
fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

fn sentence(results: &Results, lever: &LeverResult, of: &LeverSla, sla: &SlaResult) -> String {
    let name = format!("'{}' ({})", lever.name, lever.what);
    let at = |at: SimTime| long(results, at);
    let cost = of.cost.as_ref().map(|cost| format!(" It then costs {}.", price(cost))).unwrap_or_default();
    let mut text = match (of.state, of.latest_start) {
        (LeverState::StartBy, Some(start)) => {
            let late = of.lost_from.map(|lost| format!("; from {} on it is too late", at(lost))).unwrap_or_default();
            format!(
                "{} it keeps '{}' if it starts by {}{late}.{cost}",
                decide(results, &name, of, start),
                sla.name,
                at(start)
            )
        }
        (LeverState::AnyStart, Some(start)) => {
            format!(
                "{} it keeps '{}' whenever it starts, even at {}.{cost}",
                decide(results, &name, of, start),
                sla.name,
                at(start)
            )
        }
        (LeverState::Inconclusive, _) => format!(
            "From {} it cannot be told whether {name} keeps '{}': started at the earliest, {}, {}.",
            figures::replications(results.replications),
            sla.name,
            at(lever.earliest),
            shown(of, sla)
        ),
        (LeverState::NotNeeded, _) => format!("{name} is not needed: '{}' is kept without it.", sla.name),
        (LeverState::NeverEnough, _) => format!(
            "{name} cannot keep '{}', whenever it starts: at the earliest, {}, {}.",
            sla.name,
            at(lever.earliest),
            shown(of, sla)
        ),
        _ => format!(
            "What {name} does to '{}' is not known: nothing of it is judged, or a run reached a limit.",
            sla.name
        ),
    };
    if !of.monotone {
        text.push_str(
            " Somewhere a later start is surely better than an earlier one, so the starts were looked at one by one, and \
             this is what all up to the first that fails say.",
        );
    }
    if of.latest_start.is_some() && !given_away(of).is_empty() {
        let away = figures::interval(&of.due_change, why::signed);
        text.push_str(&format!(" At the earliest it gives orders away: {away} due in a run."));
    }
    text.push_str(&heads(results, lever, of));
    text
}

/// What a lever costs in orders that are not taken.
fn given_away(of: &LeverSla) -> String {
    let fewer = of.due_change.high.or(of.due_change.value).is_some_and(|high| high < 0.0);
    if fewer { format!(" ({} due)", figures::value(&of.due_change, why::signed)) } else { String::new() }
}

/// "Decide on X by D:", or what stands for it.
fn decide(results: &Results, name: &str, of: &LeverSla, start: SimTime) -> String {
    match of.decide_by {
        Some(by) if by < start => format!("Decide on {name} by {}:", long(results, by)),
        Some(by) => format!("Decide on {name} by {}, without notice:", long(results, by)),
        None => format!("The decision on {name} falls before the run begins:"),
    }
}

/// How many heads it takes.
fn heads(results: &Results, lever: &LeverResult, of: &LeverSla) -> String {
    let (Some(heads), Some(most)) = (lever.heads, of.most_heads) else { return String::new() };
    let earliest = long(results, lever.earliest);
    let mut text = match of.fewest_heads {
        Some(fewest) if fewest < heads => format!(" At the earliest start, {earliest}, {fewest} would do."),
        Some(fewest) if fewest == heads => format!(" Even at the earliest start, {earliest}, fewer would not do."),
        Some(fewest) => format!(" It takes {fewest} at the earliest start, {earliest}."),
        None if of.state == LeverState::NeverEnough => format!(" Nor do {most} keep it then."),
        None => String::new(),
    };
    if let Some(hopeless) = of.hopeless_from.filter(|_| of.fewest_heads.is_some()) {
        let from = long(results, hopeless);
        text.push_str(&format!(" From {from} on no number of heads saves it (up to {most} were tried)."));
    }
    text
}

/// A start or a decision: "Monday 30 November, 08:30". Midnight is the beginning of a day here, not the end of one.
fn long(results: &Results, at: SimTime) -> String {
    match &results.calendar {
        Some(calendar) => calendar.long(at),
        None => figures::instant(results, at),
    }
}

/// "its worst window comes to 93.1 % (92.9 % to 93.3 %) of a target of 98 %".
fn shown(of: &LeverSla, sla: &SlaResult) -> String {
    judged_by(of.shown.as_ref(), sla)
}

fn judged_by(shown: Option<&Estimate>, sla: &SlaResult) -> String {
    let number = shown.map_or_else(|| UNKNOWN.to_owned(), |shown| figures::interval(shown, figures::share));
    match sla.functional {
        Functional::Pooled => {
            format!("its worst window comes to {number}, and the target is {}", figures::share(sla.target))
        }
        Functional::Runs { risk } => {
            format!("it is breached in {number} of the runs, and {} may be", figures::share(risk))
        }
    }
}

/// "1,234 GBP".
pub(super) fn price(price: &Price) -> String {
    format!("{} {}", figures::count(libm::round(price.amount)), price.currency)
}

/// The heads of the table.
pub(super) const COLUMNS: [&str; 7] = ["lever", "SLA", "late orders", "kept then", "start by", "decide by", "cost"];

/// The rows of the table, with the verdict at the earliest start.
pub(super) fn rows(results: &Results) -> Vec<(Verdict, [String; 7])> {
    let at = |at: SimTime| match &results.calendar {
        Some(calendar) => calendar.short(at),
        None => figures::instant(results, at),
    };
    let row = |(lever, of, sla): (&LeverResult, &LeverSla, &SlaResult)| {
        let start = match (of.state, of.latest_start) {
            (_, Some(start)) => at(start),
            (state, None) => state.name().to_owned(),
        };
        let decide = match (of.latest_start, of.decide_by) {
            (Some(_), None) => "before the run".to_owned(),
            (_, by) => by.map_or_else(|| UNKNOWN.to_owned(), at),
        };
        let cells = [
            lever.name.clone(),
            sla.name.clone(),
            why::change(&of.effect),
            of.keeps.name().to_owned(),
            start,
            decide,
            lever.cost.as_ref().map_or_else(|| UNKNOWN.to_owned(), price),
        ];
        (of.keeps, cells)
    };
    pairs(results).map(row).collect()
}

/// How the table is to be read.
pub(super) fn legend(results: &Results) -> String {
    let minutes = crate::experiment::levers::GRID.seconds() / 60.0;
    format!(
        "Late orders: with the lever at its earliest less those without it, in a run, on the same random numbers (p-values \
         adjusted together); whether the SLA is kept then, and what it costs then. Start by: the latest start, in steps of {minutes} minutes, at which the {} interval still \
         keeps the SLA; decide by: that less the notice.",
        figures::share(results.confidence)
    )
}

/// The part of the text report.
pub(super) fn text(page: &mut Page, results: &Results) {
    if results.levers.is_none() {
        return;
    }
    page.heading("Decisions");
    sentences(results).iter().for_each(|sentence| page.paragraph(sentence));
    let rows = rows(results);
    if rows.is_empty() {
        return;
    }
    page.table("What each lever does", &COLUMNS, 2, rows.into_iter().map(|(_, row)| cells(row)).collect());
    page.paragraph(&legend(results));
    let saved = days::rows(results);
    if !saved.is_empty() {
        page.table(days::TITLE, &days::COLUMNS, 2, saved.into_iter().map(cells).collect());
        page.paragraph(&days::legend(results));
    }
}

/// `levers` of results.json; `null` when not asked for.
pub(super) fn value(results: &Results) -> Value {
    let instant = |at: Option<SimTime>| at.map_or(Value::Null, |at| json::instant(results, at));
    let estimate = |of: &Estimate| json::estimate(of);
    let sla = |of: &LeverSla| {
        json!({
            "name": of.effect.sla,
            "state": of.state.name(),
            "keeps": of.keeps.name(),
            "held": of.shown.as_ref().map(estimate),
            "late_orders": estimate(&of.effect.late_orders),
            "change": estimate(&of.effect.change),
            "due_change": estimate(&of.due_change),
            "attainment": estimate(&of.effect.attainment),
            "p_adjusted": of.effect.p_adjusted,
            "effect": of.effect.verdict.name(),
            "latest_start": instant(of.latest_start),
            "decide_by": instant(of.decide_by),
            "cost_at_latest": price_value(&of.cost),
            "lost_from": instant(of.lost_from),
            "monotone": of.monotone,
            "fewest_heads": of.fewest_heads,
            "most_heads_tried": of.most_heads,
            "hopeless_from": instant(of.hopeless_from),
            "days": of.days.as_ref().map(|found| days::value(results, found)),
        })
    };
    let lever = |one: &LeverResult| {
        json!({
            "name": one.name,
            "what": one.what,
            "heads": one.heads,
            "earliest_start": instant(Some(one.earliest)),
            "last_start": instant(Some(one.last)),
            "decide_by_for_earliest": instant(one.earliest_decision),
            "cost": price_value(&one.cost),
            "slas": one.slas.iter().map(sla).collect::<Vec<_>>(),
        })
    };
    results.levers.as_ref().map(|levers| levers.each.iter().map(lever).collect::<Value>()).into()
}

/// `levers_together` of results.json; `null` when not asked for.
pub(super) fn together_value(results: &Results) -> Value {
    let estimate = |of: &Option<Estimate>| of.as_ref().map(json::estimate);
    let one = |found: &TogetherResult| {
        json!({
            "sla": results.slas[found.sla].name,
            "levers": found.levers,
            "keeps": found.keeps.name(),
            "held": estimate(&found.shown),
            "enough": found.enough,
            "held_with_enough": estimate(&found.shown_with_enough),
            "cost_of_enough": price_value(&found.cost),
        })
    };
    results.levers.as_ref().map(|levers| levers.together.iter().map(one).collect::<Value>()).into()
}

fn price_value(price: &Option<Price>) -> Value {
    price.as_ref().map_or(Value::Null, |price| json!({ "amount": price.amount, "currency": price.currency }))
}
