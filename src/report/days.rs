//! The day table: which days are shown, and what stands in it. Terminal and page show the same.

use super::figures::{self, UNKNOWN};
use crate::calendar::short_date;
use crate::experiment::Results;
use crate::experiment::results::DayResult;
use crate::statistics::estimate::Estimate;

/// The days that are shown one by one, and what is said of the quiet ones after them.
pub(super) struct ShownDays<'r> {
    pub(super) days: &'r [DayResult],
    /// Overdue orders on days that are not shown: never left out without a word.
    pub(super) tail: Option<String>,
}

/// From the first judged day to the last one that is judged, or closes with more overdue orders than its targets let
/// pass on a judged day.
pub(super) fn shown(results: &Results) -> ShownDays<'_> {
    let all = &results.days;
    let Some(first) = all.iter().position(|day| day.judged) else { return ShownDays { days: &[], tail: None } };
    let material = |day: &DayResult| day.judged || is_material(results, day);
    let end = all.iter().rposition(material).map_or(first, |last| last + 1);
    ShownDays { days: &all[first..end], tail: tail(&all[end..], quiet(results)) }
}

/// Whether a day closes with more overdue orders than the first SLA's target lets pass on an average judged day.
fn is_material(results: &Results, day: &DayResult) -> bool {
    overdue(day) > quiet(results).unwrap_or(0.5).max(0.5)
}

fn overdue(day: &DayResult) -> f64 {
    day.overdue_at_close.value.unwrap_or(0.0)
}

/// Late orders that the first SLA's target lets pass on an average judged day on which any are due.
fn quiet(results: &Results) -> Option<f64> {
    let sla = results.slas.first()?;
    let due: Vec<f64> =
        results.days.iter().filter(|day| day.judged).filter_map(|day| day.due.value).filter(|due| *due > 0.0).collect();
    (!due.is_empty()).then(|| (1.0 - sla.target) * due.iter().sum::<f64>() / due.len() as f64)
}

fn tail(days: &[DayResult], quiet: Option<f64>) -> Option<String> {
    let last = days.iter().rposition(|day| overdue(day) >= 0.5)?;
    let days = &days[..=last];
    let worst = days.iter().max_by(|left, right| overdue(left).total_cmp(&overdue(right)))?;
    let (from, to) = (short_date(days[0].date), short_date(days[last].date));
    let span = if from == to { format!("On {from}, not judged,") } else { format!("From {from} to {to}, not judged,") };
    let at_most = figures::count(overdue(worst));
    let at_last = figures::count(overdue(&days[last]));
    let enough = quiet.map_or_else(String::new, |quiet| {
        format!("; the target lets {} pass on an average judged day", figures::count(quiet))
    });
    Some(format!("{span} at most {at_most} orders are overdue at a close, {at_last} at the last of them{enough}."))
}

/// A column of the table that the results fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Intake,
    Due,
    Room,
    Dispatched,
    Overdue,
    Heads,
    Cages,
    Holds,
}

impl Column {
    const ALL: [Column; 8] = [
        Column::Intake,
        Column::Due,
        Column::Room,
        Column::Dispatched,
        Column::Overdue,
        Column::Heads,
        Column::Cages,
        Column::Holds,
    ];

    pub(super) fn name(self, results: &Results) -> &'static str {
        match self {
            Column::Intake => "orders in",
            Column::Due => "due",
            Column::Room => "room for",
            Column::Dispatched => "dispatched",
            Column::Overdue => "overdue at close",
            Column::Heads if knows_heads_needed(results) => "heads planned / needed",
            Column::Heads => "heads planned",
            Column::Cages => "cages booked / needed",
            Column::Holds => "holds open",
        }
    }

    /// What stands in a cell, without its interval.
    pub(super) fn text(self, results: &Results, day: &DayResult) -> String {
        let count = |estimate: &Estimate| figures::value(estimate, figures::count);
        match self {
            Column::Intake => count(&day.intake),
            Column::Due => count(&day.due),
            Column::Room => day.room.map_or_else(|| UNKNOWN.to_owned(), |room| figures::count(room.floor())),
            Column::Dispatched => count(&day.dispatched),
            Column::Overdue => count(&day.overdue_at_close),
            Column::Heads if knows_heads_needed(results) => {
                format!("{} / {}", day.heads_planned, figures::value(&day.heads_needed, figures::whole_up))
            }
            Column::Heads => day.heads_planned.to_string(),
            Column::Cages => {
                let booked = day.cages_booked.map_or_else(|| UNKNOWN.to_owned(), |cages| cages.to_string());
                format!("{booked} / {}", figures::value(&day.cages_needed, figures::whole_up))
            }
            Column::Holds => count(&day.holds_open),
        }
    }

    /// Whether a cell tells of something that goes wrong.
    pub(super) fn is_bad(self, results: &Results, day: &DayResult) -> bool {
        match self {
            Column::Overdue => is_material(results, day),
            Column::Heads => day.heads_needed.value.is_some_and(|needed| needed > day.heads_planned as f64),
            Column::Cages => day.cages_short.value.is_some_and(|short| short >= 0.5),
            _ => false,
        }
    }
}

/// The columns that the results fill on at least one of these days.
pub(super) fn columns(days: &[DayResult]) -> Vec<Column> {
    let filled = |column: &Column| match column {
        Column::Intake | Column::Dispatched => true,
        Column::Due | Column::Overdue => days.iter().any(|day| day.due.value.is_some()),
        Column::Room => days.iter().any(|day| day.room.is_some()),
        Column::Heads => days.iter().any(|day| day.heads_planned > 0),
        Column::Cages => days.iter().any(|day| day.cages_booked.is_some()),
        Column::Holds => days.iter().any(|day| day.holds_open.value.is_some()),
    };
    Column::ALL.into_iter().filter(filled).collect()
}

fn knows_heads_needed(results: &Results) -> bool {
    results.days.iter().any(|day| day.heads_needed.value.is_some())
}

/// What the columns mean, a sentence each.
pub(super) fn legend(results: &Results, days: &[DayResult]) -> Vec<String> {
    let columns = columns(days);
    let mut legend = Vec::new();
    if columns.contains(&Column::Room) {
        legend.push(
            "Room for: the most average orders that people, benches and lorries of the day can take if nobody ever \
             waits or does other work.",
        );
    }
    if columns.contains(&Column::Heads) && knows_heads_needed(results) {
        legend.push(
            "Heads needed: at least so many, with the hours of those planned, to finish that day what is due or \
             overdue; other work comes on top.",
        );
    }
    if columns.contains(&Column::Cages) {
        legend.push("Cages needed: what the parcels ready that day fill, carrier by carrier.");
    }
    legend.into_iter().map(str::to_owned).chain(short_of_cages(results, days)).collect()
}

/// The day on which most parcels find no cage; the sum over the carriers may hide it.
fn short_of_cages(results: &Results, days: &[DayResult]) -> Option<String> {
    let short = |day: &&DayResult| day.cages_short.value.unwrap_or(0.0);
    let worst = days
        .iter()
        .filter(|day| Column::Cages.is_bad(results, day))
        .rev()
        .max_by(|l, r| short(l).total_cmp(&short(r)))?;
    let count = days.iter().filter(|day| Column::Cages.is_bad(results, day)).count();
    let on = if count == 1 { "one day".to_owned() } else { format!("{count} days") };
    Some(format!(
        "On {on} a carrier takes too few cages; the most are missing on {}: {}.",
        short_date(worst.date),
        figures::count(short(&worst))
    ))
}

#[cfg(test)]
mod tests;
