//! A level over time (a queue, people at work): its exact integral at the cost of one addition a change.
//!
//! With n items there, each since its own `enter`, the integral up to t is Σ leaves − Σ enters + n·t: no change needs
//! to know when the last one was.

use crate::time::SimTime;

/// A number of items over time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Level {
    now: u32,
    max: u32,
    balance: i128,
}

/// The integral of a level at an instant, and its value there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelSnapshot {
    /// Integral since the start of the run [item · tick].
    pub integral: i128,
    /// Items at that instant.
    pub now: u32,
}

impl Level {
    /// One more from `t` on.
    #[inline]
    pub fn enter(&mut self, t: u64) {
        self.now += 1;
        self.max = self.max.max(self.now);
        self.balance -= i128::from(t);
    }

    /// One more who leaves again at the same instant.
    #[inline]
    pub fn touch(&mut self) {
        self.max = self.max.max(self.now + 1);
    }

    /// One less from `t` on.
    #[inline]
    pub fn leave(&mut self, t: u64) {
        debug_assert!(self.now > 0, "a level cannot fall below zero");
        self.now -= 1;
        self.balance += i128::from(t);
    }

    /// Items there now.
    #[must_use]
    #[inline]
    pub fn now(&self) -> u32 {
        self.now
    }

    /// The highest level since the last [`Level::forget_max`].
    #[must_use]
    pub fn max(&self) -> u32 {
        self.max
    }

    /// Starts a new maximum at the present level.
    pub fn forget_max(&mut self) {
        self.max = self.now;
    }

    /// Integral up to `t` and the level there.
    #[must_use]
    pub fn snapshot(&self, t: SimTime) -> LevelSnapshot {
        LevelSnapshot { integral: self.balance + i128::from(self.now) * i128::from(t.0), now: self.now }
    }
}

impl LevelSnapshot {
    /// The integral from `earlier` to here [item · seconds].
    #[must_use]
    pub fn seconds_since(&self, earlier: LevelSnapshot) -> f64 {
        (self.integral - earlier.integral) as f64 / crate::time::TICKS_PER_SECOND as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_integral_of_two_overlapping_stays_is_their_sum() {
        let mut level = Level::default();
        level.enter(10);
        level.enter(20);
        level.leave(25);
        assert_eq!(level.snapshot(SimTime(30)), LevelSnapshot { integral: 20 + 5, now: 1 });
        level.leave(40);
        assert_eq!(level.snapshot(SimTime(100)).integral, 30 + 5);
        assert_eq!(level.max(), 2);
    }
}
