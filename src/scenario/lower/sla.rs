//! Service level agreements.

use super::{ItemNames, TimeFrame, target};
use crate::calendar::{ClockTime, CutOff, DueTable, WorkingDays};
use crate::model::{ClockStart, ClockStop, Fate, HorizonKind, Judge, Promise, Sla, StationId, Window};
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::sla::{
    ClockTable, JudgeWord, SlaTable, StartsValue, StartsWord, StopsValue, StopsWord, WindowWord,
};
use crate::scenario::names::Name;
use crate::scenario::node::quoted;
use crate::scenario::reader::{Sink, Spanned};
use crate::scenario::units::time::{Clock, Term};
use crate::time::{SimDuration, SimTime};

const RISK: f64 = 0.1;

/// The SLAs of `file`; `None` after an error.
pub(super) fn slas(file: &ScenarioFile, names: &ItemNames, time: &TimeFrame, sink: &mut Sink) -> Option<Vec<Sla>> {
    let made: Vec<Option<Sla>> = file.sla.iter().map(|table| sla(table, names, time, sink)).collect();
    made.into_iter().collect()
}

fn sla(table: &SlaTable, names: &ItemNames, time: &TimeFrame, sink: &mut Sink) -> Option<Sla> {
    let clock = table.clock.as_ref().map(|clock| &clock.value);
    let starts = starts(clock, names, sink);
    let stops = stops(clock, names, sink);
    let promise = promise(table, time, sink);
    let judge = judge(table, sink);
    let found: Vec<Option<usize>> = table.sources.iter().map(|name| names.sources.find(name, sink)).collect();
    let (kind, window) = window(table, time, sink)?;
    let ((starts, starts_words), (stops, stops_words), (promise, promise_words)) = (starts?, stops?, promise?);
    let found: Vec<usize> = found.into_iter().collect::<Option<_>>()?;
    let min_orders = u32::try_from(table.min_orders.get()).unwrap_or(u32::MAX);
    let words = Words { table, starts: &starts_words, stops: &stops_words, promise: &promise_words, window: kind };
    Some(Sla {
        name: table.name.as_str().to_owned(),
        definition: words.definition(min_orders),
        starts,
        stops,
        promise,
        target: table.target.get(),
        window,
        min_orders,
        judge: judge?,
        sources: found.into_iter().flat_map(|index| names.source_ids[index].clone()).collect(),
    })
}

fn starts(clock: Option<&ClockTable>, names: &ItemNames, sink: &mut Sink) -> Option<(ClockStart, String)> {
    let word = match clock.map(|clock| &clock.starts.value) {
        None => StartsWord::Paid,
        Some(StartsValue::Word(word)) => *word,
        Some(StartsValue::Reaches(table)) => {
            let station = one_station(&table.reaches, names, sink)?;
            let words = format!("an order reaches {}", quoted(table.reaches.as_str()));
            return Some((ClockStart::Reached(station), words));
        }
    };
    Some(match word {
        StartsWord::Paid => (ClockStart::Created, "an order is paid".to_owned()),
        StartsWord::Created => (ClockStart::Created, "an order is placed".to_owned()),
        StartsWord::HoldCleared => (ClockStart::Released, "the last hold of an order is cleared".to_owned()),
    })
}

fn stops(clock: Option<&ClockTable>, names: &ItemNames, sink: &mut Sink) -> Option<(ClockStop, String)> {
    let word = match clock.map(|clock| &clock.stops.value) {
        None => StopsWord::Dispatched,
        Some(StopsValue::Word(word)) => *word,
        Some(StopsValue::Served(table)) => {
            let station = one_station(&table.served, names, sink)?;
            return Some((ClockStop::Served(station), format!("served at {}", quoted(table.served.as_str()))));
        }
    };
    Some((ClockStop::Dispatched, word.word().to_owned()))
}

/// The one station that `name` stands for.
fn one_station(name: &Spanned<Name>, names: &ItemNames, sink: &mut Sink) -> Option<StationId> {
    let legs = target(name, names, sink)?;
    if let [only] = &legs[..]
        && let Fate::To(station) = only.to
    {
        return Some(station);
    }
    let message = format!("{} is not one station", quoted(name.as_str()));
    let help = "a clock starts or stops at one station: name a station before or after it that all orders pass";
    sink.push(Diagnostic::error("not-one-station", &name.place, message).label("several, or a way out").help(help));
    None
}

fn promise(table: &SlaTable, time: &TimeFrame, sink: &mut Sink) -> Option<(Promise, String)> {
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

fn judge(table: &SlaTable, sink: &mut Sink) -> Option<Judge> {
    match (table.judge.value, &table.risk) {
        (JudgeWord::Runs, risk) => Some(Judge::Runs { risk: risk.as_ref().map_or(RISK, |risk| risk.get()) }),
        (JudgeWord::Pooled, None) => Some(Judge::Pooled),
        (JudgeWord::Pooled, Some(risk)) => {
            let message = "`risk` belongs to judge = \"runs\"";
            let help = "add judge = \"runs\", or remove `risk`";
            sink.push(Diagnostic::error("misplaced-key", &risk.place, message).label("not used here").help(help));
            None
        }
    }
}

fn window(table: &SlaTable, time: &TimeFrame, sink: &mut Sink) -> Option<(WindowWord, Window)> {
    let horizon = &time.horizon;
    let default = if time.days.is_empty() { WindowWord::Whole } else { WindowWord::Day };
    let word = table.window.as_ref().map_or(default, |window| window.value);
    let stretch = match word {
        // Orders of a span that are worked off after it are judged with it.
        WindowWord::Whole => {
            let until = if matches!(horizon.kind, HorizonKind::Span { .. }) { horizon.end } else { horizon.until };
            return Some((word, Window { bounds: vec![horizon.from, until.max(horizon.until)] }));
        }
        WindowWord::Day => 1,
        WindowWord::Week => 7,
    };
    let starts: Vec<SimTime> = if time.days.is_empty() {
        let day = SimDuration::from_hours(24).0;
        (0..horizon.until.since(horizon.from).0.div_ceil(day)).map(|k| SimTime(horizon.from.0 + k * day)).collect()
    } else {
        let counted = time.days.iter().filter(|day| horizon.from <= day.start && day.start < horizon.until);
        counted.map(|day| day.start).collect()
    };
    let mut bounds: Vec<SimTime> = starts.into_iter().step_by(stretch).collect();
    bounds.push(horizon.until);
    if bounds.len() < 2 {
        let place = table.window.as_ref().map_or(&table.name.place, |window| &window.place);
        let message = "no day begins while promises are judged";
        let help = "judge all orders together: window = \"whole\"";
        sink.push(Diagnostic::error("no-window", place, message).label("no such window").help(help));
        return None;
    }
    Some((word, Window { bounds }))
}

fn written_moment(time: &TimeFrame, at: SimTime) -> String {
    match &time.calendar {
        Some(calendar) => format!("{} ({})", calendar.local(at), calendar.zone_name()),
        None => format!("{} after the start", elapsed(SimDuration(at.0))),
    }
}

/// "36 h", "90 min", "45 s".
fn elapsed(span: SimDuration) -> String {
    let seconds = span.seconds();
    if span.0.is_multiple_of(SimDuration::from_hours(1).0) {
        format!("{} h", span.hours())
    } else if span.0.is_multiple_of(60_000_000) {
        format!("{} min", seconds / 60.0)
    } else {
        format!("{seconds} s")
    }
}

/// The parts of a definition.
struct Words<'a> {
    table: &'a SlaTable,
    starts: &'a str,
    stops: &'a str,
    promise: &'a str,
    window: WindowWord,
}

impl Words<'_> {
    /// What is promised and how it is counted, in one sentence.
    fn definition(&self, min_orders: u32) -> String {
        let table = self.table;
        let of = if table.sources.is_empty() {
            String::new()
        } else {
            let names: Vec<&str> = table.sources.iter().map(|name| name.as_str()).collect();
            format!(" of {}", names.join(", "))
        };
        let (window, windows) = match self.window {
            WindowWord::Day => ("on each day", "days"),
            WindowWord::Week => ("in each stretch of seven days", "stretches"),
            WindowWord::Whole => ("in the whole judged time", "runs"),
        };
        let judged = match table.judge.value {
            JudgeWord::Pooled => "over all runs together".to_owned(),
            JudgeWord::Runs => {
                let risk = table.risk.as_ref().map_or(RISK, |risk| risk.get());
                format!("with at most {} of the runs below the target", per_cent(risk))
            }
        };
        let target = per_cent(table.target.get());
        let (starts, stops, promise) = (self.starts, self.stops, self.promise);
        let few = if min_orders > 1 {
            format!("; {windows} with fewer than {min_orders} orders are shown, not judged")
        } else {
            String::new()
        };
        format!(
            "{target} of the orders{of} that fall due {window} must be {stops} in time ({promise}); the clock starts \
             when {starts}; judged {judged}{few}"
        )
    }
}

fn per_cent(share: f64) -> String {
    format!("{}%", libm::round(share * 1e6) / 1e4)
}
