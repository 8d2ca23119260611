//! Cut-offs: which day's dispatch an order is promised for.

use std::fmt;

use super::{Calendar, ClockTime, WorkingDays};
use crate::time::SimTime;

/// A promise by cut-off. An order whose clock starts on a working day before the cut-off is due that day; one that
/// starts exactly at the cut-off or later, or on a day that is not worked, is due the next working day. `extra` working
/// days later, where some are given. It is due at the clock time `close` of its day.
///
/// "Before" is meant by instants: on the night clocks go back, a cut-off that occurs twice is over at its first
/// occurrence, and one that clocks go forward over lies at the end of the gap. So a later order is never due earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOff {
    at: ClockTime,
    days: WorkingDays,
    close: ClockTime,
    extra: u32,
}

/// Why a cut-off promises the impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOffError {
    /// The cut-off.
    pub at: ClockTime,
    /// The clock time at which its orders would be due, before the cut-off.
    pub close: ClockTime,
}

/// The due instant of every start of an interval: a step function, computed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTable {
    /// Starts from the first instant of one to the next's are due at the second; both ascend.
    steps: Vec<(SimTime, SimTime)>,
    to: SimTime,
}

impl CutOff {
    /// Orders before `at` on one of `days` are due at `close` ([`ClockTime::END_OF_DAY`]: by the end of that day),
    /// `extra` working days later.
    ///
    /// # Errors
    /// When `close` is earlier than `at` and `extra` is 0: orders would be due before they exist.
    pub fn new(at: ClockTime, days: WorkingDays, close: ClockTime, extra: u32) -> Result<CutOff, CutOffError> {
        if close < at && extra == 0 { Err(CutOffError { at, close }) } else { Ok(CutOff { at, days, close, extra }) }
    }

    /// The clock time from which on orders count for the next working day.
    #[must_use]
    pub fn at(&self) -> ClockTime {
        self.at
    }

    /// The days on which orders are dispatched.
    #[must_use]
    pub fn days(&self) -> WorkingDays {
        self.days
    }

    /// The clock time of the due day at which orders are due.
    #[must_use]
    pub fn close(&self) -> ClockTime {
        self.close
    }

    /// Working days between the day whose cut-off was met and the due day.
    #[must_use]
    pub fn extra(&self) -> u32 {
        self.extra
    }

    /// When an order is due whose clock starts at `start`.
    #[must_use]
    pub fn due(&self, calendar: &Calendar, start: SimTime) -> SimTime {
        let holidays = calendar.holidays();
        let today = calendar.day(start).date;
        let first = self.days.first_on_or_after(today, holidays);
        let met = if start < self.instant(calendar, self.at, first) {
            first
        } else {
            self.days.next_working_day(first, holidays)
        };
        self.instant(calendar, self.close, self.due_day(calendar, met))
    }

    fn due_day(&self, calendar: &Calendar, met: jiff::civil::Date) -> jiff::civil::Date {
        self.days.add_working_days(met, self.extra, calendar.holidays())
    }

    fn instant(&self, calendar: &Calendar, time: ClockTime, date: jiff::civil::Date) -> SimTime {
        calendar.sim_time(calendar.lenient(time.on(date))).unwrap_or(SimTime::ZERO)
    }
}

impl DueTable {
    /// The table for starts from `from` to `to`, both included.
    ///
    /// # Panics
    /// When `to` is before `from`.
    #[must_use]
    pub fn new(calendar: &Calendar, cut_off: &CutOff, from: SimTime, to: SimTime) -> DueTable {
        assert!(from <= to, "a due table needs an interval: {from:?} to {to:?}");
        let holidays = calendar.holidays();
        let mut steps = Vec::new();
        let mut start = from;
        let mut day = cut_off.days.first_on_or_after(calendar.day(from).date, holidays);
        while start <= to {
            let cut = cut_off.instant(calendar, cut_off.at, day);
            if cut > start {
                steps.push((start, cut_off.instant(calendar, cut_off.close, cut_off.due_day(calendar, day))));
                start = cut;
            }
            let next = cut_off.days.next_working_day(day, holidays);
            if next == day {
                break; // The last date there is.
            }
            day = next;
        }
        DueTable { steps, to }
    }

    /// When an order is due whose clock starts at `start`: the same as [`CutOff::due`].
    ///
    /// # Panics
    /// When `start` lies outside the interval of the table.
    #[must_use]
    pub fn due(&self, start: SimTime) -> SimTime {
        assert!(start <= self.to, "a start at {start:?} is later than the due table's end at {:?}", self.to);
        let later = self.steps.partition_point(|(first, _)| *first <= start);
        assert!(later > 0, "a start at {start:?} is earlier than the due table");
        self.steps[later - 1].1
    }

    /// The first start of each step, and when its starts are due; the first is the table's own start. Ascending, for
    /// a reader who walks along in time.
    #[must_use]
    pub fn boundaries(&self) -> &[(SimTime, SimTime)] {
        &self.steps
    }
}

impl fmt::Display for CutOff {
    /// "ordered before 14:00 mon-fri, due the same working day by 24:00".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ordered before {} {}, due ", self.at, self.days)?;
        match self.extra {
            0 => f.write_str("the same working day")?,
            1 => f.write_str("the next working day")?,
            extra => write!(f, "{extra} working days later")?,
        }
        write!(f, " by {}", self.close)
    }
}

impl fmt::Display for CutOffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "orders until {} would be due at {} of the same day: let them be due later, or add a working day",
            self.at, self.close
        )
    }
}

impl std::error::Error for CutOffError {}
