//! Spans of time and times of day.

use super::{Decimal, FromText, MaybeZero};
use crate::time::{SimDuration, SimTime};

/// The units of a duration with their length in microseconds.
const UNITS: [(&[&str], u64); 6] = [
    (&["ms"], 1_000),
    (&["s", "sec", "second", "seconds"], 1_000_000),
    (&["m", "min", "minute", "minutes"], 60_000_000),
    (&["h", "hour", "hours"], 3_600_000_000),
    (&["d", "day", "days"], 86_400_000_000),
    (&["w", "week", "weeks"], 604_800_000_000),
];

impl FromText for SimDuration {
    const NOUN: &'static str = "a duration";
    const EXAMPLE: &'static str = "90s";
    const MORE: &'static [&'static str] = &["500ms", "15m", "1h 30m", "14d"];
    const PATTERN: &'static str = "^\\s*([0-9]+(\\.[0-9]+)?\\s*[a-z]+\\s*)+$";

    fn parse(text: &str) -> Result<SimDuration, String> {
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err("it is empty".to_owned());
        }
        let mut ticks: u128 = 0;
        let mut smallest = u64::MAX;
        while !rest.is_empty() {
            let (number, after) = Decimal::take(rest)?;
            let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
            let (unit, after) = after.split_at(end);
            if unit == "working" {
                return Err("working days depend on a calendar and are not a fixed time".to_owned());
            }
            let length = unit_length(unit)?;
            if length >= smallest {
                return Err(format!("`{unit}` stands after a unit that is not longer"));
            }
            smallest = length;
            ticks = ticks.saturating_add(number.times(length));
            rest = after.trim_start();
        }
        let longest = SimTime::MAX.0;
        match u64::try_from(ticks) {
            Ok(ticks) if ticks <= longest => Ok(SimDuration(ticks)),
            _ => Err("it is longer than 203 days, the longest time that can be simulated".to_owned()),
        }
    }

    fn from_bare_number(number: f64) -> Option<String> {
        (number >= 0.0).then(|| format!("{number}s"))
    }
}

fn unit_length(unit: &str) -> Result<u64, String> {
    if unit.is_empty() {
        return Err("it has no unit: ms, s, m, h, d or w".to_owned());
    }
    let known = UNITS.iter().find(|(names, _)| names.contains(&unit));
    known.map(|(_, length)| *length).ok_or_else(|| format!("`{unit}` is no unit of time: ms, s, m, h, d or w"))
}

impl MaybeZero for SimDuration {
    fn is_zero(&self) -> bool {
        *self == SimDuration::ZERO
    }
}

/// A length of time by the clock, or in working days of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// By the clock.
    Elapsed(SimDuration),
    /// So many working days.
    WorkingDays(u32),
}

impl FromText for Term {
    const NOUN: &'static str = "a duration or a number of working days";
    const EXAMPLE: &'static str = "2 working days";
    const MORE: &'static [&'static str] = &["1 working day", "36h"];
    const PATTERN: &'static str = "^\\s*([0-9]+\\s+working days?|([0-9]+(\\.[0-9]+)?\\s*[a-z]+\\s*)+)\\s*$";

    fn parse(text: &str) -> Result<Term, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [number, "working", "day" | "days"] = words[..] else {
            return SimDuration::parse(text).map(Term::Elapsed);
        };
        let days: u32 = number.parse().map_err(|_| format!("`{number}` is not a whole number of working days"))?;
        if days > 366 { Err("it is longer than a year".to_owned()) } else { Ok(Term::WorkingDays(days)) }
    }

    fn from_bare_number(number: f64) -> Option<String> {
        (number >= 0.0).then(|| format!("{number} working days"))
    }
}

/// A time of day on the wall clock, from 00:00 to 24:00, the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock(u32);

impl Clock {
    /// The end of the day.
    pub const END_OF_DAY: Clock = Clock(86_400);

    /// `seconds` after the start of the day, if the day has so many.
    #[must_use]
    pub fn new(seconds: u32) -> Option<Clock> {
        (seconds <= 86_400).then_some(Clock(seconds))
    }

    /// Seconds of wall-clock time since 00:00; 86 400 for 24:00.
    #[must_use]
    pub fn seconds_of_day(self) -> u32 {
        self.0
    }
}

impl std::fmt::Display for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 3600, self.0 / 60 % 60)?;
        if self.0.is_multiple_of(60) { Ok(()) } else { write!(f, ":{:02}", self.0 % 60) }
    }
}

impl FromText for Clock {
    const NOUN: &'static str = "a time of day";
    const EXAMPLE: &'static str = "14:00";
    const MORE: &'static [&'static str] = &["07:30", "24:00"];
    const PATTERN: &'static str = "^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$";

    fn parse(text: &str) -> Result<Clock, String> {
        let parts: Vec<&str> = text.trim().split(':').collect();
        if !(2..=3).contains(&parts.len()) {
            return Err("write hours and minutes with a colon between them, on the 24-hour clock".to_owned());
        }
        let mut numbers = [0_u32; 3];
        for (slot, part) in numbers.iter_mut().zip(&parts) {
            let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            *slot = part.parse().ok().filter(|_| digits).ok_or_else(|| format!("`{part}` is not a number"))?;
        }
        if parts[1..].iter().any(|part| part.len() != 2) {
            return Err("minutes have two digits".to_owned());
        }
        let [hours, minutes, seconds] = numbers;
        if minutes > 59 || seconds > 59 {
            return Err("an hour has minutes 00 to 59".to_owned());
        }
        Clock::new(hours * 3600 + minutes * 60 + seconds).ok_or_else(|| "a day ends at 24:00".to_owned())
    }
}
