//! Clock times that recur: waves, polls, collections, reviews.

use std::fmt;

use super::{Calendar, ClockTime, DaySet, TimeWindow};
use crate::time::{SimDuration, SimTime, TICKS_PER_SECOND};

/// Clock times on certain days.
///
/// Under daylight saving: a listed time follows [`Calendar::at_or_after`], so a skipped one moves to the end of the gap
/// and a repeated one happens once, at its first occurrence. Times at equal distances are counted in elapsed time from
/// the opening of the window, which itself follows that rule: every hour from 00:00 to 06:00 gives an instant less on
/// the night clocks go forward, and one more when they go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecurringTimes {
    days: DaySet,
    times: Times,
}

/// Why times cannot recur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecurringTimesError {
    /// No clock time is given.
    NoTimes,
    /// The distance is shorter than a second.
    TooOften(SimDuration),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Times {
    At(Vec<ClockTime>),
    Every(SimDuration, TimeWindow),
}

impl RecurringTimes {
    /// At each of `times` on each of `days`.
    ///
    /// # Errors
    /// When there are no times.
    pub fn at(days: DaySet, times: Vec<ClockTime>) -> Result<RecurringTimes, RecurringTimesError> {
        if times.is_empty() {
            return Err(RecurringTimesError::NoTimes);
        }
        Ok(RecurringTimes { days, times: Times::At(times) })
    }

    /// When `window` opens on one of `days`, and after each `distance` until it closes; also at its close, when
    /// that is a whole number of distances away.
    ///
    /// # Errors
    /// When `distance` is shorter than a second.
    pub fn every(
        days: DaySet,
        distance: SimDuration,
        window: TimeWindow,
    ) -> Result<RecurringTimes, RecurringTimesError> {
        if distance < SimDuration(TICKS_PER_SECOND) {
            return Err(RecurringTimesError::TooOften(distance));
        }
        Ok(RecurringTimes { days, times: Times::Every(distance, window) })
    }

    /// All instants with `from` <= t < `to`, ascending, each once.
    #[must_use]
    pub fn instants(&self, calendar: &Calendar, from: SimTime, to: SimTime) -> Vec<SimTime> {
        let mut instants = Vec::new();
        for date in self.days.dates_around(calendar, from, to) {
            match &self.times {
                Times::At(times) => {
                    let on_horizon = |time: &ClockTime| calendar.sim_time(calendar.lenient(time.on(date)));
                    instants.extend(times.iter().filter_map(on_horizon));
                }
                Times::Every(distance, window) => {
                    let (opens, closes) = window.on(date);
                    let closes = calendar.lenient(closes);
                    let step = jiff::SignedDuration::from_micros(distance.0.cast_signed());
                    // From the opening itself, which may lie before the origin: the rhythm is the window's.
                    let mut instant = calendar.lenient(opens);
                    while instant <= closes {
                        instants.extend(calendar.sim_time(instant));
                        let Ok(next) = instant.checked_add(step) else { break };
                        instant = next;
                    }
                }
            }
        }
        instants.retain(|instant| (from..to).contains(instant));
        instants.sort_unstable();
        instants.dedup();
        instants
    }
}

impl fmt::Display for RecurringTimesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecurringTimesError::NoTimes => {
                f.write_str("no clock time is given: write at least one, such as \"16:15\"")
            }
            RecurringTimesError::TooOften(distance) => {
                write!(f, "every {distance:?} is too often: at least one second must lie between two times")
            }
        }
    }
}

impl std::error::Error for RecurringTimesError {}
