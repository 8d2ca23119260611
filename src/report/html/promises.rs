//! Every promise with its definition side by side, and window by window.

use super::document::{Cell, Part, Section, Table, Tone};
use crate::experiment::Results;
use crate::experiment::results::{Functional, Instants, SlaResult, WindowResult};
use crate::report::figures::{self, UNKNOWN};
use crate::report::verdict::runs_breached;
use crate::time::SimTime;

pub(super) fn section(results: &Results) -> Option<Section> {
    if results.slas.is_empty() {
        return None;
    }
    let mut parts = vec![Part::Table(side_by_side(results))];
    parts.extend(results.slas.iter().map(|sla| Part::Details(windows(results, sla))));
    Some(Section { id: "promises", heading: "Promises and their definitions", parts })
}

type Line = (&'static str, Box<dyn Fn(&Results, &SlaResult) -> Cell>);

fn side_by_side(results: &Results) -> Table {
    let mut names = vec!["promise"];
    names.extend(results.slas.iter().map(|sla| sla.name.as_str()));
    let mut table = Table::new("Every promise as it is counted (mean of a run)", names.len(), &names);
    for (name, cell) in lines() {
        let mut row = vec![Cell::from(name)];
        row.extend(results.slas.iter().map(|sla| cell(results, sla)));
        table.row(row);
    }
    table
}

fn lines() -> Vec<Line> {
    fn line(name: &'static str, cell: impl Fn(&Results, &SlaResult) -> Cell + 'static) -> Line {
        (name, Box::new(cell))
    }
    vec![
        line("definition", |_, sla| sla.definition.clone().into()),
        line("judged by", |_, sla| judged_by(sla).into()),
        line("verdict", |_, sla| Cell::toned(sla.verdict.name(), Tone::of(sla.verdict))),
        line("target", |_, sla| figures::share(sla.target).into()),
        line("kept", |_, sla| figures::interval(&sla.attainment, figures::share).into()),
        line("late of due", |_, sla| {
            let (late, due) = (&sla.late_orders, &sla.due_orders);
            let late = figures::interval(late, figures::count);
            format!("{late} of {}", figures::value(due, figures::count)).into()
        }),
        line("oldest late order", |_, sla| figures::interval(&sla.oldest_late, figures::duration).into()),
        line("runs that break it", |_, sla| runs_breached(sla).into()),
        line("first breach", |results, sla| instants(results, &sla.first_breach, figures::instant).into()),
        line("target last missed", |results, sla| instants(results, &sla.recovered, figures::day_that_ends).into()),
    ]
}

fn judged_by(sla: &SlaResult) -> String {
    match sla.functional {
        Functional::Pooled => "expected kept over expected due, in every window".to_owned(),
        Functional::Runs { risk } => {
            format!("runs with a window below target: at most {} of them", figures::share(risk))
        }
    }
}

/// "Fri 27 Nov 18:00 in the middle run; one in ten by …; nine in ten by …".
fn instants(results: &Results, of: &Instants, write: fn(&Results, SimTime) -> String) -> String {
    let by = |at: Option<SimTime>| at.map(|at| write(results, at));
    if results.replications < 2 {
        return by(of.median).unwrap_or_else(|| "not in this run".to_owned());
    }
    if by(of.p10) == by(of.median) && by(of.median) == by(of.p90) {
        return by(of.median).map_or_else(|| "not in most runs".to_owned(), |at| format!("{at} in most runs"));
    }
    let middle =
        by(of.median).map_or_else(|| "not in the middle run".to_owned(), |at| format!("{at} in the middle run"));
    let early = by(of.p10).map(|at| format!("; one run in ten by {at}"));
    let late = by(of.p90).map(|at| format!("; nine in ten by {at}"));
    format!("{middle}{}{}", early.unwrap_or_default(), late.unwrap_or_default())
}

fn windows(results: &Results, sla: &SlaResult) -> Table {
    let caption = format!("'{}' window by window ({}; mean of a run)", sla.name, counted(sla));
    let mut table = Table::new(caption, 1, &["promises due", "due", "late", "kept", "against the target"]);
    for window in &sla.windows {
        let (words, tone) = standing(window, sla.target, results.deterministic);
        let late = window.late.value.is_some_and(|late| late > 0.0);
        table.row([
            Cell::from(span(results, window)),
            figures::value(&window.due, figures::count).into(),
            Cell::estimate(&window.late, figures::count),
            Cell::estimate(&window.attainment, figures::share),
            Cell::toned(words, if late || tone != Tone::Good { tone } else { Tone::Plain }),
        ]);
    }
    table
}

fn counted(sla: &SlaResult) -> String {
    match sla.windows.len() {
        1 => "1 window".to_owned(),
        count => format!("{count} windows"),
    }
}

/// "Fri 27 Nov", where the window is a local day; else from when to when.
fn span(results: &Results, window: &WindowResult) -> String {
    if let Some(calendar) = &results.calendar {
        let day = calendar.day(window.from);
        if (day.start, day.end) == (window.from, window.to) {
            return crate::calendar::short_date(day.date);
        }
    }
    let from = match &results.calendar {
        Some(calendar) => calendar.short(window.from),
        None => figures::instant(results, window.from),
    };
    format!("{from} to {}", figures::instant(results, window.to))
}

/// Where the window's interval lies; words first. Without chance the value is all there is.
pub(super) fn standing(window: &WindowResult, target: f64, deterministic: bool) -> (&'static str, Tone) {
    let attainment = &window.attainment;
    let Some(value) = attainment.value else { return (UNKNOWN, Tone::Plain) };
    if window.is_suspended() {
        return ("suspended: more orders than forecast", Tone::Plain);
    }
    if !window.judged {
        return ("too few orders to judge", Tone::Plain);
    }
    if deterministic {
        return if value < target { ("below", Tone::Bad) } else { ("above", Tone::Good) };
    }
    match (attainment.low, attainment.high) {
        (_, Some(high)) if high < target => ("below", Tone::Bad),
        (Some(low), _) if low >= target => ("above", Tone::Good),
        (None, _) | (_, None) if value < target => ("below, without an interval", Tone::Open),
        (None, _) | (_, None) => ("above, without an interval", Tone::Plain),
        _ if value < target => ("below, but the interval reaches it", Tone::Open),
        _ => ("above, but the interval falls short", Tone::Open),
    }
}
