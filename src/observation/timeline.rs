//! The grid on which levels are sampled over the run.

use crate::time::{SimTime, TICKS_PER_SECOND};

/// Evenly spaced instants; at most [`TimelineGrid::MOST`] of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimelineGrid {
    /// First instant.
    pub from: SimTime,
    /// Ticks between instants.
    pub step: u64,
    /// How many steps there are.
    pub steps: u32,
}

impl TimelineGrid {
    /// Most steps a timeline has: the step widens instead.
    pub const MOST: u64 = 2_000;

    /// Steps that a reader can name (s).
    const STEPS: [u64; 12] = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

    /// The finest nameable grid over `[from, to)` whose step is at least `finest` (s).
    #[must_use]
    pub fn over(from: SimTime, to: SimTime, finest: u64) -> TimelineGrid {
        let span = to.0.saturating_sub(from.0).max(1);
        let fits = |seconds: &u64| *seconds >= finest && span.div_ceil(seconds * TICKS_PER_SECOND) <= Self::MOST;
        let seconds = Self::STEPS.iter().copied().find(|seconds| fits(seconds)).unwrap_or_else(|| {
            let days = span.div_ceil(86_400 * TICKS_PER_SECOND * Self::MOST);
            days * 86_400
        });
        let step = seconds * TICKS_PER_SECOND;
        let steps = u32::try_from(span.div_ceil(step)).expect("at most MOST steps");
        TimelineGrid { from, step, steps }
    }

    /// End of step `k`.
    #[must_use]
    pub fn end(&self, k: u32) -> SimTime {
        SimTime(self.from.0 + u64::from(k + 1) * self.step)
    }

    /// The step that `t` lies in; `None` before the grid.
    #[must_use]
    pub fn step_of(&self, t: SimTime) -> Option<u32> {
        let since = t.0.checked_sub(self.from.0)?;
        u32::try_from(since / self.step).ok()
    }
}
