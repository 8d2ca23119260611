//! Simulated time: integer ticks of one microsecond, so that sums are exact and equal times are equal.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// Ticks in one second.
pub const TICKS_PER_SECOND: u64 = 1_000_000;
/// Ticks in one hour.
pub const TICKS_PER_HOUR: u64 = 3_600 * TICKS_PER_SECOND;
/// Bits of an event key that hold its time: 2^44 µs are 203 days.
pub const TIME_BITS: u32 = 44;

/// An instant: ticks (µs) since the start of the simulated horizon.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimTime(pub u64);

/// A span of simulated time in ticks (µs); never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SimDuration(pub u64);

impl SimTime {
    /// The start of the horizon.
    pub const ZERO: SimTime = SimTime(0);
    /// The last instant an event key can hold; stands for "never".
    pub const MAX: SimTime = SimTime((1 << TIME_BITS) - 1);

    /// Seconds since the start of the horizon.
    #[must_use]
    pub fn seconds(self) -> f64 {
        SimDuration(self.0).seconds()
    }

    /// The span from `earlier` to `self`.
    ///
    /// # Panics
    /// In debug builds, when `earlier` is later than `self`.
    #[must_use]
    pub fn since(self, earlier: SimTime) -> SimDuration {
        debug_assert!(self.0 >= earlier.0, "a span would be negative");
        SimDuration(self.0 - earlier.0)
    }

    /// The span from `earlier` to `self`, or zero when `earlier` is later.
    #[must_use]
    pub fn saturating_since(self, earlier: SimTime) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: SimDuration = SimDuration(0);

    /// The span of `seconds` (s), rounded to the nearest tick; negative and NaN give zero, what is too long saturates.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float-to-int cast saturates, which is the documented behaviour"
    )]
    pub fn from_seconds(seconds: f64) -> SimDuration {
        SimDuration((seconds * TICKS_PER_SECOND as f64 + 0.5) as u64)
    }

    /// The span of a whole number of hours.
    #[must_use]
    pub const fn from_hours(hours: u64) -> SimDuration {
        SimDuration(hours * TICKS_PER_HOUR)
    }

    /// Length in seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / TICKS_PER_SECOND as f64
    }

    /// Length in hours.
    #[must_use]
    pub fn hours(self) -> f64 {
        self.0 as f64 / TICKS_PER_HOUR as f64
    }
}

impl Add<SimDuration> for SimTime {
    type Output = SimTime;
    fn add(self, span: SimDuration) -> SimTime {
        SimTime(self.0 + span.0)
    }
}

impl AddAssign<SimDuration> for SimTime {
    fn add_assign(&mut self, span: SimDuration) {
        self.0 += span.0;
    }
}

impl Add for SimDuration {
    type Output = SimDuration;
    fn add(self, other: SimDuration) -> SimDuration {
        SimDuration(self.0 + other.0)
    }
}

impl AddAssign for SimDuration {
    fn add_assign(&mut self, other: SimDuration) {
        self.0 += other.0;
    }
}

impl Sub for SimDuration {
    type Output = SimDuration;
    fn sub(self, other: SimDuration) -> SimDuration {
        SimDuration(self.0 - other.0)
    }
}

impl fmt::Debug for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t={}s", self.seconds())
    }
}

impl fmt::Debug for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.seconds())
    }
}
