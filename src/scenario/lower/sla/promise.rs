//! When an order is due: by cut-off and calendar, within a time, or by an instant.

use super::super::TimeFrame;
use crate::calendar::{ClockTime, CutOff, DueTable, WorkingDays};
use crate::model::Promise;
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::sla::{ClockTable, SlaTable};
use crate::scenario::node::quoted;
use crate::scenario::reader::{Sink, Spanned};
use crate::scenario::units::time::{Clock, Term};
use crate::time::{SimDuration, SimTime};

/// The promise of an SLA, and what it says in words.
pub(super) fn promise(table: &SlaTable, time: &TimeFrame, sink: &mut Sink) -> Option<(Promise, String)> {
    let clock = table.clock.as_ref().map(|clock| &clock.value);
    let cut_off = clock.and_then(|clock| clock.cut_off.as_ref());
    let said = [("`cut_off`", cut_off.is_some()), ("`within`", table.within.is_some()), ("`by`", table.by.is_some())];
    let said: Vec<&str> = said.iter().filter(|(_, said)| *said).map(|(key, _)| *key).collect();
    if said.len() != 1 {
        let name = quoted(table.name.as_str());
        let message = if said.is_empty() {
            format!("the SLA {name} does not say when an order is due")
        } else {
            format!("the SLA {name} says it in {} ways: {}", said.len(), said.join(", "))
        };
        let help = "give one of: clock = { cut_off = \"14:00\", calendar = \"mon-sat\" }, within = \"4h\", \
                    by = 2026-11-27T16:00:00";
        sink.push(Diagnostic::error("due-once", &table.name.place, message).label("due when?").help(help));
        return None;
    }
    if let Some(at) = &table.by {
        let by = time.moment(at, sink)?;
        return Some((Promise::ByInstant(by), format!("by {}", written_moment(time, by))));
    }
    match (cut_off, table.within.as_ref().map(|within| &within.value)) {
        (Some(at), _) => {
            let clock = clock?;
            let extra = u32::try_from(clock.extra_days.get()).unwrap_or(u32::MAX);
            cut_off_promise(clock, (clock_time(at.value), &at.place), clock_time(clock.due.value), extra, time, sink)
        }
        (None, Some(Term::Elapsed(span))) => Some((Promise::Within(*span), format!("within {}", elapsed(*span)))),
        (None, Some(Term::WorkingDays(days))) => {
            let place = &table.within.as_ref()?.place;
            let Some(clock) = clock.filter(|clock| clock.calendar.is_some()) else {
                let message = "working days need a calendar";
                let help = "add, for example: clock = { calendar = \"mon-fri\" }";
                sink.push(Diagnostic::error("missing-key", place, message).label("which days are worked?").help(help));
                return None;
            };
            cut_off_promise(clock, (ClockTime::END_OF_DAY, place), ClockTime::END_OF_DAY, *days, time, sink)
        }
        (None, None) => None,
    }
}

/// The due instants of an SLA by cut-off, with another cut-off; reported where it has none.
pub(in crate::scenario::lower) fn with_cut_off(
    table: &SlaTable,
    at: &Spanned<Clock>,
    time: &TimeFrame,
    sink: &mut Sink,
) -> Option<DueTable> {
    let clock = table.clock.as_ref().map(|clock| &clock.value);
    let Some(clock) = clock.filter(|clock| clock.cut_off.is_some()) else {
        let message = format!("the SLA {} has no cut-off that could move", quoted(table.name.as_str()));
        let help = "name an SLA with clock = { cut_off = \"14:00\", calendar = \"mon-sat\" }";
        sink.push(Diagnostic::error("no-cut-off", &at.place, message).label("of an SLA without one").help(help));
        return None;
    };
    let extra = u32::try_from(clock.extra_days.get()).unwrap_or(u32::MAX);
    let due = clock_time(clock.due.value);
    match cut_off_promise(clock, (clock_time(at.value), &at.place), due, extra, time, sink)? {
        (Promise::CutOff(table), _) => Some(table),
        _ => None,
    }
}

fn cut_off_promise(
    clock: &ClockTable,
    (at, place): (ClockTime, &Place),
    due: ClockTime,
    extra: u32,
    time: &TimeFrame,
    sink: &mut Sink,
) -> Option<(Promise, String)> {
    let calendar = time.calendar_for("a promise by cut-off", place, sink)?;
    let Some(days) = &clock.calendar else {
        let message = "a cut-off needs the days on which orders are dispatched";
        let help = "add, for example: calendar = \"mon-sat\"";
        sink.push(Diagnostic::error("missing-key", place, message).label("on which days?").help(help));
        return None;
    };
    let Ok(working) = days.value.parse::<WorkingDays>() else {
        let message = format!("{} names no days of the week", quoted(&days.value));
        let help = "for example: calendar = \"mon-sat\", \"mon-fri\", \"mon-wed, sat\", \"daily\"";
        sink.push(Diagnostic::error("bad-quantity", &days.place, message).label("not days").help(help));
        return None;
    };
    match CutOff::new(at, working, due, extra) {
        Ok(cut_off) => {
            let table = DueTable::new(calendar, &cut_off, SimTime::ZERO, time.horizon.end);
            Some((Promise::CutOff(table), format!("{cut_off}, {} time", calendar.zone_name())))
        }
        Err(error) => {
            sink.push(Diagnostic::error("due-too-early", &clock.due.place, error.to_string()).label("too early"));
            None
        }
    }
}

fn clock_time(clock: Clock) -> ClockTime {
    let seconds = clock.seconds_of_day();
    ClockTime::new(seconds / 3600, seconds / 60 % 60, seconds % 60).expect("a time of the file lies within the day")
}

fn written_moment(time: &TimeFrame, at: SimTime) -> String {
    match &time.calendar {
        Some(calendar) => format!("{} ({})", calendar.local(at), calendar.zone_name()),
        None => format!("{} after the start", elapsed(SimDuration(at.0))),
    }
}

/// "36 h", "90 min", "45 s".
pub(super) fn elapsed(span: SimDuration) -> String {
    let seconds = span.seconds();
    if span.0.is_multiple_of(SimDuration::from_hours(1).0) {
        format!("{} h", span.hours())
    } else if span.0.is_multiple_of(60_000_000) {
        format!("{} min", seconds / 60.0)
    } else {
        format!("{seconds} s")
    }
}
