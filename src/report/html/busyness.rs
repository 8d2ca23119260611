//! The bottleneck heatmap: how busy each station is over time.

use super::backlog::axis;
use super::document::{Cell, Figure, Part, Section, Table};
use crate::experiment::Results;
use crate::experiment::results::{PoolResult, StationResult};
use crate::report::charts::{self, LevelRow, Levels, TimeAxis};
use crate::report::figures::{self, UNKNOWN};
use crate::statistics::estimate::Estimate;
use crate::time::SimTime;
use std::ops::Range;

/// Most columns; more steps share one.
const MOST_COLUMNS: usize = 240;

pub(super) fn section(results: &Results) -> Option<Section> {
    let axis = axis(results)?;
    let columns = columns(results, &axis);
    let rows: Vec<LevelRow> = results
        .timeline
        .stations
        .iter()
        .map(|(name, steps)| {
            let busiest = |column: &Range<usize>| {
                let known = steps[column.clone()].iter().filter_map(|step| step.utilisation);
                known.max_by(f64::total_cmp)
            };
            LevelRow { label: name.clone(), cells: columns.iter().map(busiest).collect() }
        })
        .filter(|row| row.cells.iter().any(Option::is_some))
        .collect();
    let (first, title) = (rows.first()?, title(results)?);
    debug_assert_eq!(first.cells.len(), columns.len());
    let end = |column: &Range<usize>| results.timeline.at[column.end - 1];
    let chart = Levels { axis, ends: columns.iter().map(end).collect(), rows };
    let figure = Figure {
        id: "busyness".to_owned(),
        title,
        description: description(results, &chart),
        drawing: charts::levels(&chart),
        note: note(results, &columns),
        data: Some(data(results, &chart)),
    };
    Some(Section { id: "busyness", heading: "Who is busy when", parts: vec![Part::Figure(Box::new(figure))] })
}

/// The steps of each column.
fn columns(results: &Results, axis: &TimeAxis<'_>) -> Vec<Range<usize>> {
    let at = &results.timeline.at;
    let first = at.partition_point(|end| *end <= axis.from);
    let last = at.partition_point(|end| *end <= axis.to);
    let each = (last - first).div_ceil(MOST_COLUMNS).max(1);
    (first..last).step_by(each).map(|from| from..(from + each).min(last)).collect()
}

fn busiest(results: &Results) -> Option<&StationResult> {
    let known = results.stations.iter().filter(|station| station.utilisation.value.is_some());
    known.max_by(|left, right| {
        let of = |station: &StationResult| station.utilisation.value.unwrap_or(0.0);
        of(left).total_cmp(&of(right))
    })
}

fn title(results: &Results) -> Option<String> {
    let station = busiest(results)?;
    let share = |estimate: &Estimate| figures::value(estimate, figures::share);
    let known = results.pools.iter().filter(|pool| pool.utilisation.value.is_some());
    let pool = known.max_by(|left, right| {
        let of = |pool: &PoolResult| pool.utilisation.value.unwrap_or(0.0);
        of(left).total_cmp(&of(right))
    });
    // What each station takes of a shared pool adds up to the pool.
    Some(match pool.filter(|pool| pool.utilisation.value > station.utilisation.value) {
        Some(pool) => format!(
            "'{}' are the busiest people: {} of the time they are there goes into {} of work",
            pool.name,
            share(&pool.utilisation),
            figures::value(&pool.busy_hours, figures::hours)
        ),
        None => format!(
            "'{}' is the busiest station: {} of its people’s time goes into its {} visits",
            station.name,
            share(&station.utilisation),
            figures::value(&station.completed, figures::count)
        ),
    })
}

fn description(results: &Results, chart: &Levels<'_>) -> String {
    let of = |station: &StationResult| {
        let share = figures::value(&station.utilisation, figures::share);
        format!("'{}' {share} over {} visits", station.name, figures::value(&station.completed, figures::count))
    };
    let known = results.stations.iter().filter(|station| station.utilisation.value.is_some());
    format!(
        "A row for each station from {} to {}; the higher and darker, the busier. Over the whole time: {}.",
        figures::instant(results, chart.axis.from),
        figures::instant(results, chart.axis.to),
        known.map(of).collect::<Vec<_>>().join("; ")
    )
}

fn note(results: &Results, columns: &[Range<usize>]) -> String {
    let mut text =
        "People at work at a station over heads rostered (with a shared pool: of the whole pool), mean over \
                    the runs; empty where nobody is rostered."
            .to_owned();
    let widest = columns.first().map_or(1, Range::len);
    if let (true, Some([first, second])) = (widest > 1, results.timeline.at.get(..2)) {
        let span = second.saturating_since(*first).seconds();
        text.push_str(&format!(
            " A column is {}, and shows the busiest {} in it.",
            figures::duration(span * widest as f64),
            figures::duration(span)
        ));
    }
    text
}

/// Rows that would repeat are one.
fn data(results: &Results, chart: &Levels<'_>) -> Table {
    let mut names = vec!["up to"];
    names.extend(chart.rows.iter().map(|row| row.label.as_str()));
    let mut table = Table::new("People at work over heads rostered; rows that would repeat are one", 1, &names);
    let cells = |k: usize| -> Vec<String> {
        let write = |row: &LevelRow| row.cells[k].map_or_else(|| UNKNOWN.to_owned(), figures::share);
        chart.rows.iter().map(write).collect()
    };
    let ends: Vec<SimTime> = chart.ends.clone();
    for (k, end) in ends.iter().enumerate() {
        let now = cells(k);
        if k + 1 < ends.len() && cells(k + 1) == now {
            continue;
        }
        let mut row = vec![Cell::from(figures::instant(results, *end))];
        row.extend(now.into_iter().map(Cell::from));
        table.row(row);
    }
    table
}
