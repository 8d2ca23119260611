//! The local days and the local hours of a span of simulated time.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Calendar, ClockTime};
use crate::time::{SimDuration, SimTime, TICKS_PER_HOUR, TICKS_PER_SECOND};

/// One local day: 23, 24 or 25 hours, half an hour more or less on Lord Howe Island.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its date.
    pub date: Date,
    /// Its first instant.
    pub start: SimTime,
    /// The first instant of the next day.
    pub end: SimTime,
}

/// The local days that share an instant with a span of time, in order and unclipped.
#[derive(Clone, Debug)]
pub struct Days<'c> {
    calendar: &'c Calendar,
    next: Date,
    start: SimTime,
    to: SimTime,
}

/// A span within which the local clock shows one and the same hour: 3 600 s, less where a span of time is clipped or the
/// clock is changed within the hour. An hour that occurs twice gives two spans, a skipped one gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalHour {
    /// The date the clock shows.
    pub date: Date,
    /// The hour the clock shows, 0 to 23.
    pub hour: u8,
    /// First instant.
    pub start: SimTime,
    /// The first instant after it.
    pub end: SimTime,
}

/// The local hours of a span of time, in order, without holes, clipped to the span.
#[derive(Clone, Debug)]
pub struct LocalHours<'c> {
    calendar: &'c Calendar,
    now: SimTime,
    to: SimTime,
    /// The next change of the zone's offset or name; `None` when there is none before `to`.
    change: Option<SimTime>,
}

impl Day {
    /// Elapsed time between its two midnights.
    #[must_use]
    pub fn length(&self) -> SimDuration {
        self.end.since(self.start)
    }
}

impl Calendar {
    /// The first instant of a local day, at or after the origin; days before the first start at the origin. Where clocks
    /// go forward over midnight it is the end of the gap, where midnight occurs twice it is the first.
    #[must_use]
    pub fn start_of_day(&self, date: Date) -> SimTime {
        self.sim_time(self.lenient(ClockTime::START_OF_DAY.on(date))).unwrap_or(SimTime::ZERO)
    }

    /// The local day that `time` belongs to: the last one that has begun. Its date is what the wall clock shows, except
    /// where clocks go back over midnight: a day that has begun is not left again.
    #[must_use]
    pub fn day(&self, time: SimTime) -> Day {
        let shown = self.date(time);
        let after = self.start_of_day(tomorrow(shown));
        if after <= time {
            let date = tomorrow(shown);
            return Day { date, start: after, end: self.start_of_day(tomorrow(date)) };
        }
        Day { date: shown, start: self.start_of_day(shown), end: after }
    }

    /// The local days that share an instant with `from` <= t < `to`, whole even at both ends. A date that a zone left
    /// out altogether (Samoa, 30 December 2011) is not among them.
    #[must_use]
    pub fn days(&self, from: SimTime, to: SimTime) -> Days<'_> {
        let first = self.day(from);
        Days { calendar: self, next: first.date, start: first.start, to: if from < to { to } else { SimTime::ZERO } }
    }

    /// The local hours of `from` <= t < `to`.
    #[must_use]
    pub fn hours(&self, from: SimTime, to: SimTime) -> LocalHours<'_> {
        LocalHours { calendar: self, now: from, to, change: self.change_after(self.timestamp(from)) }
    }

    fn change_after(&self, instant: Timestamp) -> Option<SimTime> {
        self.zone.following(instant).next().and_then(|change| self.sim_time(change.timestamp()))
    }
}

impl Iterator for Days<'_> {
    type Item = Day;

    fn next(&mut self) -> Option<Day> {
        while self.start < self.to {
            let date = self.next;
            let day = Day { date, start: self.start, end: self.calendar.start_of_day(tomorrow(date)) };
            if date == Date::MAX {
                return None;
            }
            (self.next, self.start) = (tomorrow(date), day.end);
            if day.start < day.end {
                return Some(day);
            }
        }
        None
    }
}

impl Iterator for LocalHours<'_> {
    type Item = LocalHour;

    fn next(&mut self) -> Option<LocalHour> {
        if self.now >= self.to {
            return None;
        }
        let start = self.now;
        if self.change.is_some_and(|change| change <= start) {
            self.change = self.calendar.change_after(self.calendar.timestamp(start));
        }
        let local = self.calendar.local(start);
        let past_seconds = u64::from(local.minute().unsigned_abs()) * 60 + u64::from(local.second().unsigned_abs());
        let past = past_seconds * TICKS_PER_SECOND + u64::from(local.subsec_nanosecond().unsigned_abs()) / 1_000;
        let mut end = (start + SimDuration(TICKS_PER_HOUR - past)).min(self.to);
        if let Some(change) = self.change {
            end = end.min(change);
        }
        self.now = end;
        Some(LocalHour { date: local.date(), hour: local.hour().unsigned_abs(), start, end })
    }
}

pub(super) fn tomorrow(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}
