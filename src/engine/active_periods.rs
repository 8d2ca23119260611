//! Which station is the momentary bottleneck: at each instant the one that has had more work than it could start for
//! the longest time without a pause (C. Roser, M. Nakano, M. Tanaka: A practical bottleneck detection method, 2001).
//!
//! A station with several servers is active while work that is ready waits for people, equipment or tokens, or for an
//! outage to end; work behind a gate or in a batch that fills is not ready. While nobody is on shift its period goes on,
//! but it is nobody's bottleneck. Looked at once in a step of the timeline.

use super::simulation::Simulation;
use super::visits::VisitObserver;
use crate::observation::Cause;

/// Active periods of all stations in a run.
#[derive(Debug)]
pub(super) struct ActivePeriods {
    /// For each station the step in which its present period began.
    since: Vec<Option<usize>>,
    /// For each station the counted steps in which its period was the longest; stations that tie share a step.
    pub(super) longest: Vec<f64>,
    activities: Vec<Activity>,
}

/// What a station is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Activity {
    /// No work is ready.
    Idle,
    /// Work is ready, and nobody is on shift.
    OffShift,
    /// More work is ready than can be started.
    Active,
}

impl ActivePeriods {
    pub(super) fn new(stations: usize) -> ActivePeriods {
        ActivePeriods { since: vec![None; stations], longest: vec![0.0; stations], activities: Vec::new() }
    }

    /// One step ends; `counted` when it lies in the counted window.
    fn step(&mut self, step: usize, activities: &[Activity], counted: bool) {
        for (since, activity) in self.since.iter_mut().zip(activities) {
            *since = if *activity == Activity::Idle { None } else { since.or(Some(step)) };
        }
        let since = &self.since;
        let active = |k: &usize| activities[*k] == Activity::Active;
        let Some(first) = (0..activities.len()).filter(active).filter_map(|k| since[k]).min() else { return };
        let longest = |k: &usize| active(k) && since[*k] == Some(first);
        if counted {
            let part = 1.0 / (0..activities.len()).filter(longest).count() as f64;
            (0..activities.len()).filter(longest).for_each(|k| self.longest[k] += part);
        }
    }
}

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// A step of the timeline ends, the `step`-th.
    pub(super) fn step_active_periods(&mut self, step: usize) {
        let mut activities = std::mem::take(&mut self.watches.active_periods.activities);
        activities.clear();
        activities.extend((0..self.stations.len()).map(|k| self.activity(k)));
        self.watches.active_periods.step(step, &activities, self.counting);
        self.watches.active_periods.activities = activities;
    }

    fn activity(&self, k: usize) -> Activity {
        let state = &self.stations[k];
        if state.queue.now() <= state.gate.length() {
            return Activity::Idle;
        }
        let cause = if self.plan.stations[k].causes_vary { state.causes.now() } else { Cause::NoPerson };
        match cause {
            Cause::OffShift => Activity::OffShift,
            Cause::Outage | Cause::RateLimit | Cause::NoPerson | Cause::NoEquipment => Activity::Active,
            _ => Activity::Idle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Activity::{Active, Idle, OffShift};
    use super::*;

    #[test]
    fn the_longest_uninterrupted_period_is_the_bottleneck() {
        let mut periods = ActivePeriods::new(3);
        periods.step(0, &[Active, Idle, Idle], true);
        periods.step(1, &[Active, Active, Idle], true);
        periods.step(2, &[Idle, Active, Active], true);
        periods.step(3, &[Active, Active, Active], true);
        assert_eq!(periods.longest, [2.0, 2.0, 0.0]);
    }

    #[test]
    fn stations_that_tie_share_a_step_and_what_is_not_counted_is_not() {
        let mut periods = ActivePeriods::new(2);
        periods.step(0, &[Active, Idle], false);
        periods.step(1, &[Idle, Idle], true);
        periods.step(2, &[Active, Active], true);
        assert_eq!(periods.longest, [0.5, 0.5]);
    }

    #[test]
    fn a_night_neither_ends_a_period_nor_is_it_a_bottleneck() {
        let mut periods = ActivePeriods::new(2);
        periods.step(0, &[Active, Idle], true);
        periods.step(1, &[OffShift, Active], true);
        periods.step(2, &[Active, Active], true);
        assert_eq!(periods.longest, [2.0, 1.0]);
    }
}
