//! Statistics of single observations (a wait, a time to dispatch): not to be mixed up with levels over time.

use crate::statistics::histogram::LogLinear;
use crate::time::{SimDuration, TICKS_PER_SECOND};
use std::ops::Deref;

/// Count, exact sum and largest value of spells of time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spells {
    count: u64,
    sum: u128,
    max: u64,
}

/// [`Spells`] with a histogram, for percentiles.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    spells: Spells,
    histogram: LogLinear,
}

impl Deref for Tally {
    type Target = Spells;
    fn deref(&self) -> &Spells {
        &self.spells
    }
}

impl Tally {
    /// Takes one spell of so many ticks (µs).
    #[inline]
    pub fn observe(&mut self, ticks: u64) {
        self.spells.observe(ticks);
        self.histogram.record(ticks);
    }

    /// How they are spread.
    #[must_use]
    pub fn histogram(&self) -> &LogLinear {
        &self.histogram
    }
}

impl Spells {
    /// Takes one spell of so many ticks (µs).
    #[inline]
    pub fn observe(&mut self, ticks: u64) {
        self.count += 1;
        self.sum += u128::from(ticks);
        self.max = self.max.max(ticks);
    }

    /// Observations so far.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their sum (s).
    #[must_use]
    pub fn sum_seconds(&self) -> f64 {
        self.sum as f64 / TICKS_PER_SECOND as f64
    }

    /// Their sum in ticks, exactly.
    #[must_use]
    pub fn sum_ticks(&self) -> u128 {
        self.sum
    }

    /// The largest.
    #[must_use]
    pub fn max(&self) -> SimDuration {
        SimDuration(self.max)
    }
}
