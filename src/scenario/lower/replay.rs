//! Arrivals that are stated one by one, or read from a record.

use super::arrivals::place_of_first;
use super::{DataFiles, TimeFrame};
use crate::model::{Arrivals, CountMix, RecordedArrival};
use crate::scenario::data::RecordedOrders;
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::source::{CancelledWord, SourceTable};
use crate::scenario::node::quoted;
use crate::scenario::reader::{Sink, Spanned};
use crate::time::{SimDuration, SimTime};

/// Arrivals one by one; a number of lines or units that is not recorded is `None`.
#[derive(Debug)]
pub(super) struct Records(Vec<Record>);

#[derive(Clone, Copy, Debug)]
struct Record {
    at: SimTime,
    lines: Option<u32>,
    units: Option<u32>,
    priority: Option<u8>,
}

impl Records {
    /// The arrivals, each with its lines and units: those of the record, or the fixed number that the source gives.
    pub(super) fn arrivals(
        &self,
        lines: (&CountMix, Option<&Place>),
        units: (&CountMix, Option<&Place>),
        source: &Place,
        sink: &mut Sink,
    ) -> Option<Arrivals> {
        let lines = fixed("lines", lines, self.0.iter().any(|record| record.lines.is_some()), source, sink);
        let units = fixed("units", units, self.0.iter().any(|record| record.units.is_some()), source, sink);
        let (lines, units) = (lines?, units?);
        let arrival = |record: &Record| {
            let lines = record.lines.unwrap_or(lines);
            let units = record.units.unwrap_or_else(|| lines.saturating_mul(units));
            RecordedArrival { at: record.at, lines, units, priority: record.priority }
        };
        Some(Arrivals::Recorded(self.0.iter().map(arrival).collect()))
    }
}

/// The number that stands for what the record does not say.
fn fixed(
    key: &str,
    (mix, given): (&CountMix, Option<&Place>),
    recorded: bool,
    source: &Place,
    sink: &mut Sink,
) -> Option<u32> {
    match (given, mix) {
        (Some(place), _) if recorded => {
            let message = format!("the record has its own {key}");
            let help = format!("remove `{key}`");
            sink.push(Diagnostic::error("recorded-already", place, message).label("recorded already").help(help));
            None
        }
        (Some(_) | None, CountMix::Fixed(number)) => Some(*number),
        (place, _) => {
            let message = format!("stated arrivals need a plain number of {key}");
            let help = format!("for example: {key} = 2");
            let place = place.unwrap_or(source);
            sink.push(Diagnostic::error("not-random", place, message).label("not at random here").help(help));
            None
        }
    }
}

/// The arrivals that `table` states one by one.
pub(super) fn exact(table: &SourceTable, time: &TimeFrame, sink: &mut Sink) -> Option<Records> {
    let end = time.arrivals_end();
    if !table.priorities.is_empty() && table.priorities.len() != table.arrivals.len() {
        let (arrivals, priorities) = (table.arrivals.len(), table.priorities.len());
        let message = format!("there are {arrivals} arrivals and {priorities} priorities");
        let place = place_of_first(&table.priorities, &table.place);
        let help = format!("give {arrivals} priorities, one for each arrival in the same order, or none");
        sink.push(Diagnostic::error("wrong-length", place, message).label("one for each arrival").help(help));
        return None;
    }
    let mut records = Vec::with_capacity(table.arrivals.len());
    for (k, written) in table.arrivals.iter().enumerate() {
        let at = time.moment(written, sink)?;
        if at >= end {
            let message = "this arrival lies after the end of the run";
            let help = format!("orders arrive until {} h after the start", SimDuration(end.0).hours());
            sink.push(Diagnostic::error("outside-horizon", &written.place, message).label("too late").help(help));
            return None;
        }
        let priority = table.priorities.get(k).and_then(|priority| u8::try_from(priority.get()).ok());
        records.push(Record { at, lines: None, units: None, priority });
    }
    records.sort_by_key(|record| record.at);
    Some(Records(records))
}

/// The orders recorded in `file` that fall into the run. Orders that were cancelled in the end are left out unless the
/// source keeps them; how many were left out, and why, is a warning.
pub(super) fn replay(
    table: &SourceTable,
    file: &Spanned<String>,
    time: &TimeFrame,
    data: &mut DataFiles,
    sink: &mut Sink,
) -> Option<Records> {
    let calendar = time.calendar_for("a replay of recorded orders", &file.place, sink)?;
    let orders = data.read(&file.value, |path| {
        let read = RecordedOrders::load(path)?;
        let hash = read.hash;
        Ok((read, hash))
    })?;
    let keep = table.cancelled.as_ref().is_some_and(|word| word.value == CancelledWord::Keep);
    let end = time.arrivals_end();
    let (mut records, mut cancelled, mut outside) = (Vec::new(), 0_usize, 0_usize);
    for (instant, order) in orders.instants(calendar.zone()) {
        let Some(at) = calendar.sim_time(instant).filter(|at| *at < end) else {
            outside += 1;
            continue;
        };
        if order.cancelled && !keep {
            cancelled += 1;
            continue;
        }
        records.push(Record { at, lines: order.lines, units: order.units, priority: None });
    }
    let shown = quoted(&file.value);
    if records.is_empty() {
        let message = format!("none of the {} orders in {shown} falls into the run", orders.orders.len());
        let (first, last) = (orders.summary.first, orders.summary.last);
        let help = format!(
            "they go from {first} to {last}, the run starts on {}: move the horizon to them",
            calendar.first_day()
        );
        sink.push(Diagnostic::error("outside-horizon", &file.place, message).label("all outside").help(help));
        return None;
    }
    if cancelled > 0 {
        let message = format!("{cancelled} recorded orders of {shown} were cancelled in the end and are left out");
        let help = "to work on them like all others: cancelled = \"keep\"";
        sink.push(Diagnostic::warning("cancelled-orders", &file.place, message).label("left out").help(help));
    }
    if outside > 0 {
        let message = format!("{outside} recorded orders of {shown} fall outside the run and are left out");
        sink.push(Diagnostic::warning("outside-horizon", &file.place, message).label("left out"));
    }
    Some(Records(records))
}
