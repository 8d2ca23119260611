//! Queues over time in local time, with cut-offs and the windows in which the promise is missed.

use super::document::{Cell, Figure, Part, Section, Table};
use super::facts::ReportFacts;
use super::promises::standing;
use crate::experiment::Results;
use crate::experiment::results::{SlaResult, TimelineStep};
use crate::report::charts::{self, Fan, FanPoint, Shade, TimeAxis};
use crate::report::days;
use crate::report::figures::{self, UNKNOWN};
use crate::report::verdict::breaks_first;
use crate::time::SimTime;
use std::cmp::Reverse;

/// Most stations that are drawn.
const MOST_CHARTS: usize = 3;

pub(super) fn section(results: &Results, facts: &ReportFacts) -> Option<Section> {
    let axis = axis(results)?;
    let drawn = worst(results, &axis);
    if drawn.is_empty() {
        return None;
    }
    let sla = judged(results);
    let mut parts: Vec<Part> = drawn
        .iter()
        .enumerate()
        .map(|(k, peak)| Part::Figure(Box::new(figure(results, facts, &axis, sla, (k, peak)))))
        .collect();
    parts.push(Part::Details(data(results, &axis, &drawn)));
    Some(Section { id: "backlog", heading: "Where work piles up", parts })
}

/// The SLA that breaks first, or the first: its windows and cut-offs are drawn.
fn judged(results: &Results) -> Option<(usize, &SlaResult)> {
    let sla = breaks_first(results).or_else(|| results.slas.first())?;
    let at = results.slas.iter().position(|other| other.name == sla.name)?;
    Some((at, sla))
}

/// From the first day shown on page one to the end of the last; without days, up to the last queue there is.
pub(super) fn axis(results: &Results) -> Option<TimeAxis<'_>> {
    let at = &results.timeline.at;
    let (first, last) = (*at.first()?, *at.last()?);
    let step = at.get(1).map_or(first.0, |second| second.0 - first.0);
    let (mut from, mut to) = (SimTime(first.0.saturating_sub(step)), last);
    let days = days::shown(results).days;
    if let (Some(calendar), Some(first), Some(last)) = (&results.calendar, days.first(), days.last()) {
        from = from.max(calendar.start_of_day(first.date));
        let end = last.date.tomorrow().map_or(to, |next| calendar.start_of_day(next));
        to = to.min(end);
    } else {
        let steps = results.timeline.stations.iter().flat_map(|(_, steps)| steps.iter().rposition(waits));
        to = steps.max().and_then(|last| at.get(last + 1)).copied().unwrap_or(to);
    }
    (from < to).then_some(TimeAxis { calendar: results.calendar.as_ref(), from, to })
}

fn waits(step: &TimelineStep) -> bool {
    step.p90.is_some_and(|queue| queue > 0)
}

/// A station's longest queue in the middle run, or, where that is not known, in the run that one in ten exceeds.
struct Peak<'r> {
    name: &'r str,
    /// " lines" where lines wait, else nothing: orders wait, and messages.
    of: &'static str,
    steps: &'r [TimelineStep],
    at: SimTime,
    step: TimelineStep,
}

/// The station that is blamed for the breach, then those with the longest queues.
fn worst<'r>(results: &'r Results, axis: &TimeAxis<'_>) -> Vec<Peak<'r>> {
    let blamed = judged(results).and_then(|(_, sla)| sla.broken_by.as_ref()?.station.as_deref());
    let mut peaks: Vec<Peak<'r>> = results
        .timeline
        .stations
        .iter()
        .filter_map(|(name, steps)| {
            let shown = results.timeline.at.iter().zip(steps).filter(|(at, _)| axis.from < **at && **at <= axis.to);
            // Of equals the first.
            let (at, step) = shown.rev().max_by_key(|(_, step)| (step.median, step.p90))?;
            let by_line = results.stations.iter().any(|station| station.name == *name && station.unit == "line");
            Some(Peak { name, of: if by_line { " lines" } else { "" }, steps, at: *at, step: *step })
        })
        .filter(|peak| peak.step.median.map_or(waits(&peak.step), |queue| queue > 0))
        .collect();
    peaks.sort_by_key(|peak| (blamed != Some(peak.name), Reverse((peak.step.median, peak.step.p90))));
    peaks.truncate(MOST_CHARTS);
    peaks
}

fn figure(
    results: &Results,
    facts: &ReportFacts,
    axis: &TimeAxis<'_>,
    sla: Option<(usize, &SlaResult)>,
    (k, peak): (usize, &Peak<'_>),
) -> Figure {
    let missed = sla.map_or_else(Vec::new, |(_, sla)| missed(results, sla, axis));
    let cut_offs = sla.and_then(|(at, _)| facts.cut_offs.get(at)).cloned().unwrap_or_default();
    let steps = results.timeline.at.iter().zip(peak.steps).filter(|(at, _)| axis.from < **at && **at <= axis.to);
    let points = steps.map(|(at, step)| FanPoint { at: *at, p10: step.p10, median: step.median, p90: step.p90 });
    // A shade over everything would show nothing.
    let whole = missed.iter().any(|shade| (shade.from, shade.to) == (axis.from, axis.to));
    let shades = if whole { Vec::new() } else { missed.clone() };
    let chart = Fan { axis: *axis, points: points.collect(), shades, cut_offs };
    Figure {
        id: format!("queue-{}", k + 1),
        title: title(results, peak),
        description: description(results, &chart, peak, sla.map(|(_, sla)| (sla, &missed[..]))),
        drawing: charts::fan(&chart),
        note: if k == 0 { note(results, &chart, sla) } else { String::new() },
        data: None,
    }
}

/// Judged windows of `sla` that are expected to fall below its target.
fn missed(results: &Results, sla: &SlaResult, axis: &TimeAxis<'_>) -> Vec<Shade> {
    let below =
        sla.windows.iter().filter(|window| standing(window, sla.target, results.deterministic).0.starts_with("below"));
    let clipped = below.map(|window| Shade { from: window.from.max(axis.from), to: window.to.min(axis.to) });
    let mut shades: Vec<Shade> = Vec::new();
    for shade in clipped.filter(|shade| shade.from < shade.to) {
        match shades.last_mut().filter(|last| last.to == shade.from) {
            Some(last) => last.to = shade.to,
            None => shades.push(shade),
        }
    }
    shades
}

fn title(results: &Results, peak: &Peak<'_>) -> String {
    let at = figures::when(results, peak.at);
    let count = |queue: u32| figures::count(f64::from(queue));
    match (peak.step.median, peak.step.p90) {
        (Some(median), _) if results.replications < 2 => {
            format!("The queue at '{}' is longest {at}: {}{} wait", peak.name, count(median), peak.of)
        }
        (Some(median), Some(p90)) => format!(
            "The queue at '{}' is longest {at}: {}{} wait in the middle run, more than {} in one run of ten",
            peak.name,
            count(median),
            peak.of,
            count(p90)
        ),
        (Some(median), None) => {
            format!("The queue at '{}' is longest {at}: {}{} wait in the middle run", peak.name, count(median), peak.of)
        }
        (None, Some(p90)) => {
            format!("The queue at '{}' is longest {at}: one run of ten exceeds {}{}", peak.name, count(p90), peak.of)
        }
        (None, None) => format!("The queue at '{}'", peak.name),
    }
}

fn description(results: &Results, chart: &Fan<'_>, peak: &Peak<'_>, sla: Option<(&SlaResult, &[Shade])>) -> String {
    let count = |queue: Option<u32>| queue.map_or_else(|| UNKNOWN.to_owned(), |queue| figures::count(f64::from(queue)));
    let mut text = format!(
        "A line with a band: how many{} wait at '{}' from {} to {}. At its peak, {}, the middle run has {} waiting; one \
         run of ten has fewer than {}, one more than {}.",
        peak.of,
        peak.name,
        figures::instant(results, chart.axis.from),
        figures::instant(results, chart.axis.to),
        figures::when(results, peak.at),
        count(peak.step.median),
        count(peak.step.p10),
        count(peak.step.p90),
    );
    if let Some((sla, missed)) = sla {
        let shades = missed.iter().map(|shade| {
            let until = figures::instant(results, shade.to);
            format!("{} to {until}", figures::instant(results, shade.from))
        });
        let shades: Vec<String> = shades.collect();
        text.push_str(&if shades.is_empty() {
            format!(" In no window does '{}' fall below its target.", sla.name)
        } else {
            format!(" '{}' falls below its target in: {}.", sla.name, shades.join("; "))
        });
    }
    text
}

fn note(results: &Results, chart: &Fan<'_>, sla: Option<(usize, &SlaResult)>) -> String {
    let mut text = match &results.calendar {
        Some(calendar) => format!("Local time, {}.", calendar.zone_name()),
        None => "Hours from the start.".to_owned(),
    };
    if results.replications > 1 {
        text.push_str(" One run in ten lies above the band, one below.");
    }
    if let Some((_, sla)) = sla.filter(|_| !chart.shades.is_empty()) {
        let target = figures::share(sla.target);
        text.push_str(&format!(
            " Shaded with a bar on top: promises of '{}' due then are kept below {target}.",
            sla.name
        ));
    }
    text.push_str(" Each chart has its own scale.");
    text
}

/// The numbers of all charts; steps at which nothing changes are one row.
fn data(results: &Results, axis: &TimeAxis<'_>, drawn: &[Peak<'_>]) -> Table {
    let kinds = ["p10", "median", "p90"];
    let names: Vec<String> = drawn.iter().flat_map(|peak| kinds.map(|kind| format!("{} {kind}", peak.name))).collect();
    let mut columns = vec!["up to"];
    columns.extend(names.iter().map(String::as_str));
    let mut table = Table::new("The queues in numbers; rows that would repeat are one", 1, &columns);
    let numbers = |k: usize| drawn.iter().map(move |peak| peak.steps[k]).map(|step| (step.p10, step.median, step.p90));
    let shown: Vec<usize> =
        (0..results.timeline.at.len()).filter(|k| (axis.from..=axis.to).contains(&results.timeline.at[*k])).collect();
    for (row, k) in shown.iter().enumerate() {
        if shown.get(row + 1).is_some_and(|next| numbers(*next).eq(numbers(*k))) {
            continue;
        }
        let write = |queue: Option<u32>| {
            Cell::from(queue.map_or_else(|| UNKNOWN.to_owned(), |queue| figures::count(f64::from(queue))))
        };
        let mut cells = vec![Cell::from(figures::instant(results, results.timeline.at[*k]))];
        cells.extend(numbers(*k).flat_map(|(p10, median, p90)| [p10, median, p90]).map(write));
        table.row(cells);
    }
    table
}
