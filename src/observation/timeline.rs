//! The grid on which levels are sampled over the run.

use crate::model::{Horizon, HorizonKind};
use crate::time::{SimTime, TICKS_PER_HOUR, TICKS_PER_SECOND};

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

    /// Finest step of a run's grid (s).
    const FINEST: u64 = 60;

    /// The grid of a run: over all of it, or, where what is open is worked off however long that takes, over the span and
    /// as long again, but a day at least. Laid over the longest time that this could take, its steps would be hours.
    #[must_use]
    pub fn of(horizon: Horizon) -> TimelineGrid {
        let Horizon { kind, from, until, end } = horizon;
        let tail = until.0.saturating_sub(from.0).max(24 * TICKS_PER_HOUR);
        let to = if kind == (HorizonKind::Span { drain: true }) { SimTime(until.0 + tail).min(end) } else { end };
        TimelineGrid::over(from, to, Self::FINEST)
    }

    /// The ends of its steps, and beyond them those of coarser steps up to `end`: what is worked off late has a date too.
    pub fn ends_until(self, end: SimTime) -> impl Iterator<Item = SimTime> {
        let last = self.end(self.steps - 1);
        let rest = (last < end).then(|| TimelineGrid::over(last, end, Self::FINEST));
        let ends = |grid: TimelineGrid| (0..grid.steps).map(move |k| grid.end(k));
        ends(self).chain(rest.into_iter().flat_map(ends))
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = TICKS_PER_HOUR;

    fn span(hours: u64, drain: bool) -> Horizon {
        let until = SimTime(hours * HOUR);
        let end = if drain { SimTime::MAX } else { until };
        Horizon { kind: HorizonKind::Span { drain }, from: SimTime::ZERO, until, end }
    }

    #[test]
    fn a_day_that_is_worked_off_has_the_steps_of_one_that_stops() {
        let (stops, drains) = (TimelineGrid::of(span(8, false)), TimelineGrid::of(span(8, true)));
        assert_eq!((stops.step, drains.step), (60 * TICKS_PER_SECOND, 60 * TICKS_PER_SECOND));
        assert_eq!((stops.steps, drains.steps), (480, 480 + 1_440));
        // A week has as long again: its steps are twice as long, not the hours of half a year.
        assert_eq!(TimelineGrid::of(span(168, false)).step, 600 * TICKS_PER_SECOND);
        assert_eq!(TimelineGrid::of(span(168, true)).step, 900 * TICKS_PER_SECOND);
    }

    #[test]
    fn what_is_worked_off_later_is_dated_by_coarser_steps() {
        let drains = TimelineGrid::of(span(8, true));
        let ends: Vec<SimTime> = drains.ends_until(SimTime::MAX).collect();
        assert!(ends.is_sorted() && ends.len() <= 1_920 + 2_000 && *ends.last().unwrap() >= SimTime::MAX);
        assert_eq!((ends[1_919], ends[1_920]), (SimTime(32 * HOUR), SimTime(35 * HOUR)));
        let stops = TimelineGrid::of(span(8, false));
        assert!(stops.ends_until(SimTime(8 * HOUR)).eq((0..480).map(|k| stops.end(k))));
    }
}
