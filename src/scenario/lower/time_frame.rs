//! The calendar of a run, its horizon, and its days.

use jiff::civil::{Date, DateTime};

use crate::calendar::{Calendar, CalendarError, Holidays};
use crate::model::{Day, Horizon, HorizonKind};
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::horizon::{HolidaysValue, HorizonMode, HorizonTable, JudgeTable, ThenWord};
use crate::scenario::file::moment::MomentValue;
use crate::scenario::reader::{Sink, Spanned};
use crate::scenario::suggest::did_you_mean;
use crate::time::{SimDuration, SimTime};

/// Local time, horizon and days.
#[derive(Clone, Debug)]
pub struct TimeFrame {
    /// Local time; `None` where the file names no zone and no dates.
    pub calendar: Option<Calendar>,
    /// What is simulated and what is judged.
    pub horizon: Horizon,
    /// The local days of the horizon; empty without a calendar.
    pub days: Vec<Day>,
    /// Whether the file says all this; otherwise the frame stands in for one that could not be made.
    pub known: bool,
}

/// The lead-in, when none is given: two whole weeks, so that every weekday has had its backlog twice.
const LEAD_IN: SimDuration = SimDuration::from_hours(14 * 24);
/// The time after the judged days, when none is given.
const AFTER: SimDuration = SimDuration::from_hours(28 * 24);
/// How many times the measured span a steady run may follow its last orders, when nothing is given.
const STEADY_AFTER: u64 = 10;

impl TimeFrame {
    /// The frame that `file` describes; `None` after at least one error went to the sink.
    pub fn new(file: &ScenarioFile, sink: &mut Sink) -> Option<TimeFrame> {
        let before = sink.errors();
        let holidays = holidays(file, sink);
        let table = &file.horizon.as_ref().filter(|_| !file.horizon.is_unread())?.value;
        refuse_keys_of_other_modes(table, sink);
        if file.timezone.is_unread() || file.holidays.is_unread() {
            return None;
        }
        let frame = match table.mode.value {
            HorizonMode::Calendar => calendar_frame(file, table, holidays?, sink)?,
            HorizonMode::Steady | HorizonMode::Span => plain_frame(file, table, holidays?, sink)?,
        };
        if frame.horizon.end > SimTime::MAX {
            let days = SimDuration(frame.horizon.end.0).hours() / 24.0;
            let message = format!("the run is up to {days:.0} days long, but 203 days can be simulated");
            let help = "shorten the lead-in, the judged days or what comes after them";
            sink.push(Diagnostic::error("horizon-too-long", &table.place, message).label("too long").help(help));
        }
        (sink.errors() == before).then_some(frame)
    }

    /// What stands in for a frame that cannot be made, so that the rest of the file is checked: it says nothing about
    /// times, and finds no fault with them.
    #[must_use]
    pub fn unknown() -> TimeFrame {
        let until = SimTime::ZERO + SimDuration::from_hours(24);
        let horizon = Horizon { kind: HorizonKind::Span { drain: false }, from: SimTime::ZERO, until, end: until };
        TimeFrame { calendar: None, horizon, days: Vec::new(), known: false }
    }

    /// When arrivals end: a span stops them, other runs go on to their end.
    #[must_use]
    pub fn arrivals_end(&self) -> SimTime {
        match self.horizon.kind {
            HorizonKind::Span { .. } => self.horizon.until,
            HorizonKind::Calendar | HorizonKind::Steady => self.horizon.end,
        }
    }

    /// The instant that the file writes as `written`.
    pub fn moment(&self, written: &Spanned<MomentValue>, sink: &mut Sink) -> Option<SimTime> {
        if !self.known {
            return None;
        }
        match (&written.value, &self.calendar) {
            (MomentValue::Local(local), _) => self.local(*local, &written.place, sink),
            (MomentValue::After(_), Some(_)) if self.horizon.kind == HorizonKind::Calendar => {
                let message = "a time since the start is written where the horizon has dates";
                let help = "write the local date and time without quotes: 2026-11-27T07:30:00";
                sink.push(Diagnostic::error("bad-moment", &written.place, message).label("which date?").help(help));
                None
            }
            (MomentValue::After(span), _) => Some(SimTime::ZERO + *span),
        }
    }

    /// The instant of the local date and time `local`; reported when it does not exist or there is no zone.
    pub fn local(&self, local: DateTime, place: &Place, sink: &mut Sink) -> Option<SimTime> {
        let Some(calendar) = &self.calendar else {
            if !self.known {
                return None;
            }
            let message = "a date is written, but the run has no dates";
            let help =
                "give the scenario a `timezone` and the horizon its dates, or write the time since the start: \"5h\"";
            sink.push(Diagnostic::error("no-calendar", place, message).label("no dates here").help(help));
            return None;
        };
        match calendar.at(local) {
            Ok(at) => Some(at),
            Err(error) => {
                let help = "write a local date and time that the clocks show during the run, an hour earlier or later where they \
                            change";
                let found = Diagnostic::error("no-such-time", place, error.to_string());
                sink.push(found.label("not a time of the run").help(help));
                None
            }
        }
    }

    /// The calendar, where `what` cannot be said without one; its absence is reported.
    pub fn calendar_for(&self, what: &str, place: &Place, sink: &mut Sink) -> Option<&Calendar> {
        if self.calendar.is_none() && self.known {
            let message = format!("{what} needs local time, but the run has no dates");
            let help = "add, for example: timezone = \"Europe/London\", and dates under [horizon]";
            sink.push(Diagnostic::error("no-calendar", place, message).label("no dates here").help(help));
        }
        self.calendar.as_ref()
    }
}

/// Every key of the horizon with the mode it belongs to.
fn refuse_keys_of_other_modes(table: &HorizonTable, sink: &mut Sink) {
    use HorizonMode::{Calendar, Span, Steady};
    let place = |given: Option<&Place>| given.cloned();
    let keys: [(&str, Option<Place>, &[HorizonMode]); 8] = [
        ("lead_in", place(table.lead_in.as_ref().map(|key| &key.place)), &[Calendar]),
        ("judge", place(table.judge.as_ref().map(|key| &key.place)), &[Calendar]),
        ("after", place(table.after.as_ref().map(|key| &key.place)), &[Calendar, Steady]),
        ("warm_up", place(table.warm_up.as_ref().map(|key| &key.place)), &[Steady]),
        ("measured", place(table.measured.as_ref().map(|key| &key.place)), &[Steady]),
        ("length", place(table.length.as_ref().map(|key| &key.place)), &[Span]),
        ("then", place(table.then.as_ref().map(|key| &key.place)), &[Span]),
        ("starts", place(table.starts.as_ref().map(|key| &key.place)), &[Steady, Span]),
    ];
    let mode = table.mode.value;
    for (key, place, modes) in keys {
        if let Some(place) = place
            && !modes.contains(&mode)
        {
            let words: Vec<String> = modes.iter().map(|mode| format!("mode = \"{}\"", mode.word())).collect();
            let message = format!("`{key}` belongs to {}", words.join(" and "));
            let help = format!("this horizon has mode = \"{}\": remove `{key}`, or change the mode", mode.word());
            sink.push(Diagnostic::error("wrong-mode", &place, message).label("not in this mode").help(help));
        }
    }
}

fn missing(table: &HorizonTable, key: &str, example: &str, sink: &mut Sink) {
    let message = format!("a horizon of mode \"{}\" needs `{key}`", table.mode.word());
    let help = format!("add, for example: {example}");
    sink.push(Diagnostic::error("missing-key", &table.place, message).label("missing").help(help));
}

fn calendar_frame(file: &ScenarioFile, table: &HorizonTable, holidays: Holidays, sink: &mut Sink) -> Option<TimeFrame> {
    if table.judge.is_none() {
        missing(table, "judge", "judge = { first = 2026-11-23, last = 2026-12-06 }", sink);
    }
    if file.timezone.as_ref().is_none() {
        let help = "add, above the first header: timezone = \"Europe/London\"";
        let message = "a horizon with dates needs a time zone";
        sink.push(Diagnostic::error("missing-key", &table.place, message).label("in which zone?").help(help));
    }
    let judge = table.judge.as_ref()?;
    let lead_in = table.lead_in.as_ref().map_or(LEAD_IN, |given| given.value);
    let after = table.after.as_ref().map_or(AFTER, |given| given.value);
    let lead_days =
        whole_days(lead_in, "lead_in", table.lead_in.as_ref().map_or(&table.place, |key| &key.place), sink)?;
    if judge.last.value < judge.first.value {
        let message = format!("the judged days end on {} before they begin on {}", judge.last.value, judge.first.value);
        let help = "exchange `first` and `last`, or correct the year";
        let found = Diagnostic::error("out-of-order", &judge.last.place, message).label("earlier than `first`");
        sink.push(found.help(help));
        return None;
    }
    let first_day = judge.first.value.checked_sub(jiff::Span::new().days(lead_days)).unwrap_or(Date::MIN);
    let calendar = calendar(file, first_day, holidays, &judge.first.place, sink)?;
    let from = calendar.start_of_day(judge.first.value);
    let until = calendar.start_of_day(judge.last.value.tomorrow().unwrap_or(Date::MAX));
    let horizon = Horizon { kind: HorizonKind::Calendar, from, until, end: until + after };
    let days = days(&calendar, &horizon, Some(judge));
    Some(TimeFrame { calendar: Some(calendar), horizon, days, known: true })
}

/// A horizon of mode steady or span.
fn plain_frame(file: &ScenarioFile, table: &HorizonTable, holidays: Holidays, sink: &mut Sink) -> Option<TimeFrame> {
    let horizon = if table.mode.value == HorizonMode::Span {
        let Some(length) = &table.length else {
            missing(table, "length", "length = \"24h\"", sink);
            return None;
        };
        let Some(then) = &table.then else {
            missing(table, "then", "then = \"drain\" (open orders are worked off) or \"stop\"", sink);
            return None;
        };
        let until = SimTime::ZERO + length.get();
        let drain = then.value == ThenWord::Drain;
        let end = if drain { SimTime::MAX } else { until };
        Horizon { kind: HorizonKind::Span { drain }, from: SimTime::ZERO, until, end }
    } else {
        let Some(measured) = &table.measured else {
            missing(table, "measured", "measured = \"100h\"", sink);
            return None;
        };
        let Some(warm_up) = &table.warm_up else {
            missing(table, "warm_up", "warm_up = \"10h\" (\"0h\" begins empty and counts at once)", sink);
            return None;
        };
        let from = SimTime::ZERO + warm_up.value;
        let until = from + measured.get();
        let end = match &table.after {
            Some(after) => until + after.value,
            None => SimTime((until.0.saturating_add(STEADY_AFTER * measured.get().0)).min(SimTime::MAX.0.max(until.0))),
        };
        Horizon { kind: HorizonKind::Steady, from, until, end }
    };
    let (Some(_), Some(starts)) = (file.timezone.as_ref(), &table.starts) else {
        if let Some(starts) = &table.starts {
            let message = "a start date needs a time zone";
            let help = "add, above the first header: timezone = \"Europe/London\"";
            sink.push(Diagnostic::error("missing-key", &starts.place, message).label("in which zone?").help(help));
            return None;
        }
        return Some(TimeFrame { calendar: None, horizon, days: Vec::new(), known: true });
    };
    let calendar = calendar(file, starts.value, holidays, &starts.place, sink)?;
    let days = days(&calendar, &horizon, None);
    Some(TimeFrame { calendar: Some(calendar), horizon, days, known: true })
}

fn calendar(
    file: &ScenarioFile,
    first_day: Date,
    holidays: Holidays,
    dates: &Place,
    sink: &mut Sink,
) -> Option<Calendar> {
    let zone = file.timezone.as_ref()?;
    Calendar::new(&zone.value, first_day, holidays)
        .map_err(|error| {
            let (place, code, label, help) = match error {
                CalendarError::UnknownZone { .. } => {
                    (&zone.place, "unknown-zone", "not known", "for example: timezone = \"Europe/London\"")
                }
                CalendarError::YearOutOfRange(_) => {
                    (dates, "out-of-range", "too early or too late", "for example: first = 2026-11-23")
                }
            };
            sink.push(Diagnostic::error(code, place, error.to_string()).label(label).help(help));
        })
        .ok()
}

fn whole_days(span: SimDuration, key: &str, place: &Place, sink: &mut Sink) -> Option<i32> {
    let day = SimDuration::from_hours(24).0;
    if span.0.is_multiple_of(day) {
        return i32::try_from(span.0 / day).ok();
    }
    let message = format!("`{key}` is not a whole number of days");
    let help = format!("for example: {key} = \"14d\"");
    sink.push(Diagnostic::error("out-of-range", place, message).label("whole days, please").help(help));
    None
}

/// The local days from the start to the end of the run, with at most the longest run's worth of them.
fn days(calendar: &Calendar, horizon: &Horizon, judge: Option<&JudgeTable>) -> Vec<Day> {
    let judged = |date: Date| judge.is_none_or(|range| (range.first.value..=range.last.value).contains(&date));
    calendar
        .days(SimTime::ZERO, horizon.end.min(SimTime::MAX))
        .map(|day| Day { date: day.date, start: day.start, end: day.end, judged: judged(day.date) })
        .collect()
}

fn holidays(file: &ScenarioFile, sink: &mut Sink) -> Option<Holidays> {
    let Some(written) = file.holidays.as_ref() else { return Some(Holidays::none()) };
    let mut named = |name: &str, place: &Place| {
        let known = Holidays::named(name);
        if known.is_err() {
            let message = format!("no set of holidays is named {}", crate::scenario::node::quoted(name));
            let sets = did_you_mean(name, "sets", &Holidays::NAMES).unwrap_or_default();
            let help = format!("{sets}; or list dates: holidays = [2026-12-25]");
            sink.push(Diagnostic::error("unknown-word", place, message).label("not known").help(help));
        }
        known.ok()
    };
    match &written.value {
        HolidaysValue::Named(name) => named(name, &written.place),
        HolidaysValue::Dates(dates) => Some(Holidays::none().with_dates(dates.iter().copied())),
        HolidaysValue::Changed(table) => {
            let set = match &table.set {
                Some(set) => named(&set.value, &set.place)?,
                None => Holidays::none(),
            };
            let dates = |list: &[Spanned<Date>]| list.iter().map(|date| date.value).collect::<Vec<_>>();
            Some(set.with_dates(dates(&table.add)).without_dates(dates(&table.worked)))
        }
    }
}
