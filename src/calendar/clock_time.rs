//! Times of day, and windows between two of them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};

use super::Calendar;
use crate::time::{SimDuration, SimTime, TICKS_PER_SECOND};

const SECONDS_PER_DAY: u32 = 86_400;

/// A time on the wall clock, 00:00 to 24:00; 24:00 is the end of the day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime {
    /// Seconds after 00:00 by the face of the clock, at most 86 400.
    second: u32,
}

/// From one clock time to another: on the same day, or into the next when the second is not later than the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeWindow {
    from: ClockTime,
    to: ClockTime,
}

/// Why a text or a pair of times is no clock time or window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockTimeError {
    /// The text is not a time of day.
    NotATime(String),
    /// The text is not two times of day.
    NotAWindow(String),
    /// A window starts and ends at the same time.
    Empty(ClockTime),
}

impl ClockTime {
    /// 00:00, the start of the day.
    pub const START_OF_DAY: ClockTime = ClockTime { second: 0 };
    /// 24:00, the end of the day.
    pub const END_OF_DAY: ClockTime = ClockTime { second: SECONDS_PER_DAY };

    /// The time `hour`:`minute`:`second`; `None` unless it lies between 00:00:00 and 24:00:00.
    #[must_use]
    pub fn new(hour: u32, minute: u32, second: u32) -> Option<ClockTime> {
        if hour > 24 || minute >= 60 || second >= 60 {
            return None;
        }
        let time = ClockTime { second: hour * 3600 + minute * 60 + second };
        (time <= ClockTime::END_OF_DAY).then_some(time)
    }

    /// Seconds after 00:00 by the face of the clock, 0 to 86 400.
    #[must_use]
    pub fn second_of_day(self) -> u32 {
        self.second
    }

    /// This time on `date`; 24:00 is 00:00 of the next date.
    #[must_use]
    pub fn on(self, date: Date) -> DateTime {
        if self == ClockTime::END_OF_DAY {
            return date.tomorrow().unwrap_or(Date::MAX).at(0, 0, 0, 0);
        }
        let part = |value: u32| i8::try_from(value).expect("hours, minutes and seconds are below 60");
        date.at(part(self.second / 3600), part(self.second / 60 % 60), part(self.second % 60), 0)
    }
}

impl From<Time> for ClockTime {
    /// The same time, to the whole second.
    fn from(time: Time) -> ClockTime {
        let part = |value: i8| u32::from(value.unsigned_abs());
        ClockTime { second: part(time.hour()) * 3600 + part(time.minute()) * 60 + part(time.second()) }
    }
}

impl FromStr for ClockTime {
    type Err = ClockTimeError;

    /// Reads `14:00`, `7:30` and `07:30:15`.
    fn from_str(text: &str) -> Result<ClockTime, ClockTimeError> {
        let wrong = || ClockTimeError::NotATime(text.to_owned());
        let mut parts = [0; 3];
        let mut count = 0;
        for part in text.trim().split(':') {
            let two_digits = part.len() == 2 || (count == 0 && part.len() == 1);
            if count == 3 || !two_digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(wrong());
            }
            parts[count] = part.parse().map_err(|_| wrong())?;
            count += 1;
        }
        let [hour, minute, second] = parts;
        if count < 2 { Err(wrong()) } else { ClockTime::new(hour, minute, second).ok_or_else(wrong) }
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.second / 3600, self.second / 60 % 60)?;
        if self.second.is_multiple_of(60) { Ok(()) } else { write!(f, ":{:02}", self.second % 60) }
    }
}

impl fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TimeWindow {
    /// Midnight to midnight.
    pub const WHOLE_DAY: TimeWindow = TimeWindow { from: ClockTime::START_OF_DAY, to: ClockTime::END_OF_DAY };

    /// The window from `from` to `to`, which is a time of the next day unless it is later than `from`.
    ///
    /// # Errors
    /// When both are the same time: it would be unclear whether nothing or a whole day is meant.
    pub fn new(from: ClockTime, to: ClockTime) -> Result<TimeWindow, ClockTimeError> {
        if from.second % SECONDS_PER_DAY == to.second % SECONDS_PER_DAY && from >= to {
            return Err(ClockTimeError::Empty(from));
        }
        Ok(TimeWindow { from, to })
    }

    /// The time at which the window opens.
    #[must_use]
    pub fn from(self) -> ClockTime {
        self.from
    }

    /// The time at which the window closes.
    #[must_use]
    pub fn to(self) -> ClockTime {
        self.to
    }

    /// Whether the window closes on the day after it opened.
    #[must_use]
    pub fn crosses_midnight(self) -> bool {
        self.to <= self.from
    }

    /// Length by the face of the clock; days of 23 and 25 hours make the elapsed time differ.
    #[must_use]
    pub fn clock_length(self) -> SimDuration {
        let next_day = if self.crosses_midnight() { SECONDS_PER_DAY } else { 0 };
        SimDuration(u64::from(self.to.second + next_day - self.from.second) * TICKS_PER_SECOND)
    }

    /// Opening and closing as local times, when the window opens on `date`.
    #[must_use]
    pub fn on(self, date: Date) -> (DateTime, DateTime) {
        let closes = if self.crosses_midnight() { date.tomorrow().unwrap_or(Date::MAX) } else { date };
        (self.from.on(date), self.to.on(closes))
    }
}

impl FromStr for TimeWindow {
    type Err = ClockTimeError;

    /// Reads `08:00-16:30` and `08:00 to 16:30`.
    fn from_str(text: &str) -> Result<TimeWindow, ClockTimeError> {
        let (from, to) = text
            .split_once('-')
            .or_else(|| text.split_once(" to "))
            .ok_or_else(|| ClockTimeError::NotAWindow(text.to_owned()))?;
        TimeWindow::new(from.parse()?, to.parse()?)
    }
}

impl fmt::Display for TimeWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

impl Calendar {
    /// Start and end of the `window` that opens on `date`, the start not before the origin. Both ends follow the rule of
    /// [`Calendar::at_or_after`], so the window of a night of change is shorter or longer. `None` when nothing of it is
    /// left: it closed before the origin, or clocks went forward over all of it.
    #[must_use]
    pub fn window(&self, date: Date, window: TimeWindow) -> Option<(SimTime, SimTime)> {
        let (opens, closes) = window.on(date);
        let end = self.sim_time(self.lenient(closes))?;
        let start = self.sim_time(self.lenient(opens)).unwrap_or(SimTime::ZERO);
        (start < end).then_some((start, end))
    }
}

impl fmt::Display for ClockTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClockTimeError::NotATime(text) => {
                write!(f, "\"{text}\" is no time of day: write it as \"14:00\" or \"07:30:15\", at most \"24:00\"")
            }
            ClockTimeError::NotAWindow(text) => {
                write!(f, "\"{text}\" is no window of time: write it as \"08:00-16:30\"")
            }
            ClockTimeError::Empty(time) => {
                write!(f, "a window from {time} to {time} is empty: write \"00:00-24:00\" for the whole day")
            }
        }
    }
}

impl std::error::Error for ClockTimeError {}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;

    #[test]
    fn clock_times_are_read_and_written() {
        for (text, second, written) in [
            ("14:00", 50_400, "14:00"),
            ("7:30", 27_000, "07:30"),
            (" 07:30:15 ", 27_015, "07:30:15"),
            ("00:00", 0, "00:00"),
            ("24:00", 86_400, "24:00"),
        ] {
            let time: ClockTime = text.parse().unwrap();
            assert_eq!((time.second_of_day(), time.to_string().as_str()), (second, written));
        }
        for text in
            ["", "14", "14.00", "2pm", "24:01", "25:00", "12:60", "12:5", "12:00:00:00", "-1:00", "+1:00", "1é:00"]
        {
            let error = text.parse::<ClockTime>().unwrap_err();
            assert!(error.to_string().contains("write it as \"14:00\""), "{text}");
        }
        assert_eq!(ClockTime::new(u32::MAX, 0, 0), None);
        assert_eq!(ClockTime::new(0, 60, 0), None);
        assert_eq!(ClockTime::new(0, u32::MAX, u32::MAX), None);
    }

    #[test]
    fn the_end_of_a_day_is_midnight_of_the_next() {
        assert_eq!(ClockTime::END_OF_DAY.on(date(2026, 12, 31)), datetime(2027, 1, 1, 0, 0, 0, 0));
        assert_eq!(
            "16:40:05".parse::<ClockTime>().unwrap().on(date(2026, 11, 27)),
            datetime(2026, 11, 27, 16, 40, 5, 0)
        );
        assert_eq!(ClockTime::from(jiff::civil::time(16, 40, 5, 9)).second_of_day(), 60_005);
    }

    #[test]
    fn windows_may_cross_midnight() {
        let day: TimeWindow = "08:00-16:30".parse().unwrap();
        let night: TimeWindow = "22:00 to 06:00".parse().unwrap();
        assert_eq!((day.crosses_midnight(), night.crosses_midnight()), (false, true));
        assert_eq!((day.clock_length().hours(), night.clock_length().hours()), (8.5, 8.0));
        assert_eq!(TimeWindow::WHOLE_DAY.clock_length(), SimDuration::from_hours(24));
        assert_eq!(night.on(date(2026, 1, 31)).1, datetime(2026, 2, 1, 6, 0, 0, 0));
        let until_midnight: TimeWindow = "22:00-00:00".parse().unwrap();
        assert_eq!(until_midnight.clock_length(), SimDuration::from_hours(2));
        for empty in ["08:00-08:00", "00:00-00:00", "24:00-00:00", "24:00-24:00"] {
            assert!(empty.parse::<TimeWindow>().unwrap_err().to_string().contains("00:00-24:00"), "{empty}");
        }
        assert!("08:00".parse::<TimeWindow>().unwrap_err().to_string().contains("08:00-16:30"));
    }
}
