//! The day table of one run: intake, due, dispatched and overdue at close.

use crate::model::Day;
use crate::time::SimTime;

/// Counts by local day.
#[derive(Clone, Debug)]
pub struct DayBook {
    ends: Vec<SimTime>,
    intake: Vec<u64>,
    due: Vec<u64>,
    dispatched: Vec<u64>,
    /// First difference of the overdue orders at the close of each day.
    overdue_change: Vec<i64>,
}

impl DayBook {
    /// An empty book over `days`.
    #[must_use]
    pub fn new(days: &[Day]) -> DayBook {
        let n = days.len();
        DayBook {
            ends: days.iter().map(|day| day.end).collect(),
            intake: vec![0; n],
            due: vec![0; n],
            dispatched: vec![0; n],
            overdue_change: vec![0; n + 1],
        }
    }

    fn day_of(&self, t: SimTime) -> Option<usize> {
        let k = self.ends.partition_point(|end| *end <= t);
        (k < self.ends.len()).then_some(k)
    }

    /// An order came in.
    pub fn came_in(&mut self, at: SimTime) {
        if let Some(day) = self.day_of(at) {
            self.intake[day] += 1;
        }
    }

    /// An order was dispatched.
    pub fn dispatched(&mut self, at: SimTime) {
        if let Some(day) = self.day_of(at) {
            self.dispatched[day] += 1;
        }
    }

    /// An order was due at `due` and its clock stopped at `stopped` (`None`: still open at the end).
    ///
    /// It counts as overdue at the close of every day that ends at `due` or later and before it stopped.
    pub fn was_due(&mut self, due: SimTime, stopped: Option<SimTime>) {
        // Due at 24:00 belongs to the day that ends then.
        let due_day = self.ends.partition_point(|end| *end < due);
        if due_day >= self.ends.len() {
            return;
        }
        self.due[due_day] += 1;
        let stopped_day = stopped.map_or(self.ends.len(), |stopped| self.ends.partition_point(|end| *end < stopped));
        if stopped_day > due_day {
            self.overdue_change[due_day] += 1;
            self.overdue_change[stopped_day] -= 1;
        }
    }

    /// Intake, due and dispatched of day `k`, and the orders overdue at its close.
    pub fn rows(&self) -> impl Iterator<Item = (u64, u64, u64, u64)> + '_ {
        let mut overdue = 0_i64;
        (0..self.ends.len()).map(move |k| {
            overdue += self.overdue_change[k];
            (self.intake[k], self.due[k], self.dispatched[k], overdue.unsigned_abs())
        })
    }
}
