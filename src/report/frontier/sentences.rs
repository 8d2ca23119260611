//! What the frontier says, sentence by sentence.

use super::{digits, headroom};
use crate::experiment::breach::Outcome;
use crate::experiment::frontier::{FrontierResult, Line};
use crate::report::blame::reason;
use crate::report::figures;
use std::fmt::Write as _;

/// The finding for one subject.
pub(in crate::report) fn headline(report: &FrontierResult, line: &Line) -> String {
    let name = report.name(line.subject);
    let start = match line.rows[0].outcome {
        Outcome::Breaks if line.falling => format!("'{name}' holds up to {}", at(report, line, 0)),
        Outcome::Breaks => format!("'{name}' needs {} at least", at(report, line, 0)),
        Outcome::Holds => format!("'{name}' holds at every load up to {}", report.load.words(report.range.high)),
        Outcome::Broken if line.falling => {
            format!(
                "'{name}' is broken already at {}, the least that was looked at",
                report.load.words(report.range.low)
            )
        }
        Outcome::Broken => {
            format!("'{name}' is broken even at {}, the most that was looked at", report.load.words(report.range.high))
        }
        Outcome::NotMonotone => format!("'{name}' has no single breach point"),
        Outcome::Unknown if report.found.cut_short => format!("It is not known yet where '{name}' breaks"),
        Outcome::Unknown => format!("It cannot be told where '{name}' breaks"),
    };
    let unplanned = report.across.planned.is_none_or(|planned| (planned - report.rows[0]).abs() > 1e-9);
    let from = if unplanned { format!(" with {}", report.across.words(report.rows[0])) } else { String::new() };
    format!("{start}{from}{}", change(report, line).map_or_else(|| ".".to_owned(), |change| format!("; {change}.")))
}

/// Where it breaks in a row, in words.
fn at(report: &FrontierResult, line: &Line, row: usize) -> String {
    line.rows[row].point.value.map_or_else(String::new, |value| report.load.words(rounded(report, value)))
}

fn rounded(report: &FrontierResult, value: f64) -> f64 {
    if report.range.whole { value } else { digits(value) }
}

/// How the last row differs from the first.
fn change(report: &FrontierResult, line: &Line) -> Option<String> {
    let last = line.rows.len() - 1;
    let outcome = |row: usize| line.rows[row].outcome;
    let turns = (1..=last).find(|row| outcome(*row) != outcome(0));
    let there = |row: usize| report.across.words(report.rows[row]);
    if let Some(row) = turns {
        let there = if row == last { format!("at {}", there(row)) } else { format!("from {} on", there(row)) };
        let load = |value: f64| report.load.short(value);
        return Some(match outcome(row) {
            Outcome::Broken => format!("{there} it is broken already at {}", load(report.range.low)),
            Outcome::Holds => format!("{there} it holds even at {}", load(report.range.high)),
            Outcome::Breaks => format!("{there} it breaks, first at {}", short(report, line, row)?),
            Outcome::NotMonotone => format!("{there} it is broken, kept and broken again as the load grows"),
            Outcome::Unknown if report.found.cut_short => return None,
            Outcome::Unknown => format!("{there} there is too little to judge it"),
        });
    }
    let (first, end) = (line.rows[0].together, line.rows[last].together);
    let worse = end.1.zip(first.0).is_some_and(|(end, first)| end < first);
    let better = end.0.zip(first.1).is_some_and(|(end, first)| end > first);
    let short = short(report, line, last)?;
    Some(match (worse, better, line.falling) {
        (true, _, true) => format!("at {} only to {short}", there(last)),
        (_, true, true) => format!("at {} up to {short}", there(last)),
        (_, true, false) => format!("at {} it needs {short}", there(last)),
        (true, _, false) => format!("at {} no more than {short}", there(last)),
        _ => format!("{} makes no difference that could be told ({short})", there(last)),
    })
}

fn short(report: &FrontierResult, line: &Line, row: usize) -> Option<String> {
    Some(report.load.short(rounded(report, line.rows[row].point.value?)))
}

/// How the plan itself fares, and how far it is from breaking.
pub(in crate::report) fn plan(report: &FrontierResult, line: &Line) -> Option<String> {
    let subject = line.subject;
    let value = report.found.plan[subject]?;
    let kept = match report.found.plan_kept[subject] {
        Some(true) => "kept",
        Some(false) => "broken",
        None => "too close to tell",
    };
    let shown = figures::interval(&value, report.writer(subject));
    let limit = report.writer(subject)(report.limit(subject));
    let mut text = format!("As planned: {} {shown}, limit {limit}: {kept}", report.held(subject));
    let far = headroom(report, line).and_then(|point| Some((point.value?, report.load.planned?)));
    if let Some((value, planned)) = far.filter(|(_, planned)| *planned > 0.0 && line.falling) {
        let share = value / planned - 1.0;
        let (far, above) = (figures::share(share.abs()), share >= 0.0);
        // A campaign comes on top of ordinary trading: its size is not that of the demand.
        let _ = match (report.load.path.ends_with(".scale"), above) {
            (true, true) => write!(text, "; it breaks with campaigns {far} larger than planned"),
            (true, false) => write!(text, "; it breaks already with campaigns {far} smaller than planned"),
            (false, true) => write!(text, "; it breaks {far} above the plan"),
            (false, false) => write!(text, "; it breaks {far} below the plan"),
        };
    }
    text.push('.');
    Some(text)
}

/// What breaks it just beyond the line, and where along the rows that changes.
pub(in crate::report) fn causes(report: &FrontierResult, line: &Line) -> Option<String> {
    let of = |row: usize| line.rows[row].broken_by.as_ref();
    let stretches: Vec<_> =
        stretches(line.rows.len(), |a, b| of(a) == of(b)).into_iter().filter(|(from, _)| of(*from).is_some()).collect();
    if stretches.is_empty() {
        return None;
    }
    let part = |(from, to): &(usize, usize)| Some(format!("{} ({})", reason(of(*from)?), span(report, *from, *to)));
    Some(format!(
        "Just beyond the line most lateness comes from {}.",
        stretches.iter().filter_map(part).collect::<Vec<_>>().join(", then ")
    ))
}

/// Which subject breaks first, and where along the rows that changes; nothing with a single one.
pub(in crate::report) fn order(report: &FrontierResult) -> Option<String> {
    let first = &report.found.first;
    if report.subjects.len() < 2 {
        return None;
    }
    let part = |(from, to): (usize, usize)| {
        let of = first[from].as_ref()?;
        let named = |subject: &usize| format!("'{}'", report.name(*subject));
        let all: Vec<String> = std::iter::once(&of.subject).chain(&of.or).map(named).collect();
        let place = span(report, from, to);
        Some(match all.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("at {place} it is too close to tell whether {} or {last} is the first", others.join(", "))
            }
            _ => format!("at {place} {} breaks first", all.concat()),
        })
    };
    let parts: Vec<String> = stretches(first.len(), |a, b| first[a] == first[b]).into_iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| format!("As the load grows, {}.", parts.join("; ")))
}

/// "1 to 2.5× the exceptions".
fn span(report: &FrontierResult, from: usize, to: usize) -> String {
    let across = &report.across;
    if from == to {
        across.words(report.rows[from])
    } else {
        format!("{} to {}", across.words(report.rows[from]), across.short(report.rows[to]))
    }
}

/// The stretches of rows that are alike.
fn stretches(rows: usize, alike: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for row in 0..rows {
        match found.last_mut() {
            Some((from, to)) if alike(*from, row) => *to = row,
            _ => found.push((row, row)),
        }
    }
    found
}

/// What is to be minded first of a search that was stopped.
pub(in crate::report) const STOPPED: &str = "Stopped early: the intervals are those of the looks so far, wider than a whole \
     search would find, and rows without looks are not known yet.";

/// On how many runs it rests, and what they cost.
fn rests_on(report: &FrontierResult) -> String {
    let found = &report.found;
    let (most, fewest) = (figures::replications(found.replications), found.fewest_replications);
    let runs = match fewest == found.replications {
        true => format!("{most} in each cell, the same in all rows"),
        false => format!("{fewest} to {most} in a cell, as many as its row needs, the first ones the same in all rows"),
    };
    let grid = found.evaluations_of_a_grid.filter(|_| !found.cut_short);
    let grid = grid.map_or_else(String::new, |grid| format!(", a grid as fine needs {}", figures::count(grid)));
    format!(
        "{runs}; the interval of a row holds with {}, those of all {} rows of a line together with {} ({} each). {} \
         evaluations' worth of work{grid}.",
        figures::share(found.confidence),
        report.rows.len(),
        figures::share(found.confidence),
        figures::share(found.confidence_together),
        figures::count(found.evaluations),
    )
}

/// What it rests on, and what to mind.
pub(in crate::report) fn how(report: &FrontierResult) -> Vec<String> {
    let found = &report.found;
    let mut lines = Vec::new();
    if found.replications < 2 {
        lines.push("Nothing is drawn: one run in each cell, and no interval.".to_owned());
    } else {
        lines.push(rests_on(report));
    }
    for line in &found.lines {
        let name = report.name(line.subject);
        if !line.monotone {
            lines.push(format!(
                "The line of '{name}' surely rises in one place and surely falls in another along {}.",
                report.across.path
            ));
        }
        if line.rows.iter().any(|row| row.outcome == Outcome::NotMonotone) {
            lines.push(format!(
                "Where '{name}' is not monotone it is surely broken at one load and surely kept beyond it: the row was \
                 looked at over a grid, and its interval is the stretch in doubt."
            ));
        }
    }
    let reached = found.lines.iter().flat_map(|line| &line.rows).filter_map(|row| row.precision).fold(0.0, f64::max);
    if reached > report.precision * 1.15 && !found.cut_short {
        lines.push(format!(
            "The widest interval is ±{}{}, not ±{}: more replications would narrow it (--reps).",
            figures::share(reached),
            if report.load.path == "campaign.*.scale" { " (of a whole campaign, where that is more)" } else { "" },
            figures::share(report.precision)
        ));
    }
    if found.limited {
        lines.push("Runs reached a limit in some cells: there nothing is called kept (see [limits]).".to_owned());
    }
    lines
}
