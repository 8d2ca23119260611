//! The day table of one run: intake, due, dispatched, overdue and holds open at close, work and parcels of the day.

use super::DayRecord;
use super::passed::Passed;
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
    /// First difference of the orders in a hold at the close of each day.
    held_change: Vec<i64>,
    /// Pool by pool: first difference of the day's due work [ticks].
    due_work_change: Vec<Vec<i64>>,
    /// Collection by collection: parcels taken on each day, and those that its last collection left behind.
    parcels: Vec<Vec<(u64, u64)>>,
    /// Days over now, and by the last due time of an order that was judged and of one that was worked on.
    over: Passed,
    judged: Passed,
    worked: Passed,
}

impl DayBook {
    /// An empty book over `days`, for so many pools and collections.
    #[must_use]
    pub fn new(days: &[Day], pools: usize, collections: usize) -> DayBook {
        let n = days.len();
        DayBook {
            ends: days.iter().map(|day| day.end).collect(),
            intake: vec![0; n],
            due: vec![0; n],
            dispatched: vec![0; n],
            overdue_change: vec![0; n + 1],
            held_change: vec![0; n + 1],
            due_work_change: vec![vec![0; n + 1]; pools],
            parcels: vec![vec![(0, 0); n]; collections],
            over: Passed::default(),
            judged: Passed::default(),
            worked: Passed::default(),
        }
    }

    fn day_of(&mut self, t: SimTime) -> Option<usize> {
        let k = self.over.by(&self.ends, t);
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
        let due_day = self.judged.before(&self.ends, due);
        if due_day >= self.ends.len() {
            return;
        }
        self.due[due_day] += 1;
        let stopped_day = stopped.map_or(self.ends.len(), |stopped| self.over.before(&self.ends, stopped));
        if stopped_day > due_day {
            self.overdue_change[due_day] += 1;
            self.overdue_change[stopped_day] -= 1;
        }
    }

    /// A hold of an order began.
    pub fn hold_began(&mut self, at: SimTime) {
        if let Some(day) = self.day_of(at) {
            self.held_change[day] += 1;
        }
    }

    /// A hold of an order ended.
    pub fn hold_ended(&mut self, at: SimTime) {
        if let Some(day) = self.day_of(at) {
            self.held_change[day] -= 1;
        }
    }

    /// The day of which work done `at` on an order due at `due` is due work first; `None`: of none.
    #[inline]
    fn works_for(&mut self, due: SimTime, at: SimTime) -> Option<usize> {
        let day = self.over.by(&self.ends, at);
        (due <= *self.ends.get(day)?).then_some(day)
    }

    /// `pool` did `ticks` of work on an order that is due at `due`.
    ///
    /// The due work of a day is what was still to be done at its open on the orders due by its close: the work that is
    /// done on it or later. Work before the day on which an order falls due is due work of no day.
    #[inline]
    pub fn worked(&mut self, pool: usize, due: SimTime, at: SimTime, ticks: u64) {
        let Some(day) = self.works_for(due, at) else { return };
        let due_day = self.worked.before(&self.ends, due);
        let change = &mut self.due_work_change[pool];
        change[due_day] += ticks.cast_signed();
        change[day + 1] -= ticks.cast_signed();
    }

    /// A collection took `through` parcels and left `left` behind that were ready.
    pub fn collected(&mut self, collection: usize, at: SimTime, through: u64, left: u64) {
        if let Some(day) = self.day_of(at) {
            let parcels = &mut self.parcels[collection][day];
            *parcels = (parcels.0 + through, left);
        }
    }

    /// Every day in order.
    pub fn rows(&self) -> impl Iterator<Item = DayRecord> + '_ {
        let (mut overdue, mut held) = (0_i64, 0_i64);
        (0..self.ends.len()).map(move |k| {
            overdue += self.overdue_change[k];
            held += self.held_change[k];
            DayRecord {
                intake: self.intake[k],
                due: self.due[k],
                dispatched: self.dispatched[k],
                overdue_at_close: overdue.unsigned_abs(),
                holds_open: held.unsigned_abs(),
            }
        })
    }

    /// Due work of a pool, day by day (ticks).
    pub fn due_work(&self, pool: usize) -> impl Iterator<Item = u64> + '_ {
        let mut ticks = 0_i64;
        self.due_work_change[pool].iter().take(self.ends.len()).map(move |change| {
            ticks += change;
            ticks.unsigned_abs()
        })
    }

    /// Parcels ready for a collection, day by day: those taken and those left behind at the last of the day.
    pub fn parcels_ready(&self, collection: usize) -> impl Iterator<Item = u64> + '_ {
        self.parcels[collection].iter().map(|(taken, left)| taken + left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::TICKS_PER_HOUR;
    use jiff::civil::date;

    fn hour(hour: u64) -> SimTime {
        SimTime(hour * TICKS_PER_HOUR)
    }

    /// Three days of 24 hours, one pool, one collection.
    fn book() -> DayBook {
        let day = |k: u64| Day {
            date: date(2026, 11, 26 + i8::try_from(k).unwrap()),
            start: hour(24 * k),
            end: hour(24 * k + 24),
            judged: true,
        };
        DayBook::new(&[day(0), day(1), day(2)], 1, 1)
    }

    #[test]
    fn an_order_is_overdue_at_every_close_between_its_due_time_and_its_end() {
        let mut book = book();
        book.was_due(hour(24), Some(hour(50)));
        book.was_due(hour(24), Some(hour(24)));
        let overdue: Vec<u64> = book.rows().map(|day| day.overdue_at_close).collect();
        assert_eq!(overdue, [1, 1, 0]);
    }

    #[test]
    fn a_hold_is_open_at_every_close_until_it_ends() {
        let mut book = book();
        book.hold_began(hour(10));
        book.hold_began(hour(11));
        book.hold_ended(hour(12));
        book.hold_ended(hour(49));
        assert_eq!(book.rows().map(|day| day.holds_open).collect::<Vec<_>>(), [1, 1, 0]);
    }

    #[test]
    fn work_is_due_from_the_day_an_order_falls_due_until_it_is_done() {
        let mut book = book();
        // Due by the close of the first day, worked on in the third: due work of all three.
        book.worked(0, hour(24), hour(60), 5);
        // Done on the day it falls due: of that day only.
        book.worked(0, hour(48), hour(30), 7);
        // Done the day before: of none.
        book.worked(0, hour(48), hour(10), 11);
        assert_eq!(book.due_work(0).collect::<Vec<_>>(), [5, 12, 5]);
    }

    #[test]
    fn parcels_left_behind_count_once_a_day() {
        let mut book = book();
        book.collected(0, hour(12), 80, 30);
        book.collected(0, hour(18), 30, 4);
        book.collected(0, hour(36), 4, 0);
        assert_eq!(book.parcels_ready(0).collect::<Vec<_>>(), [114, 4, 0]);
    }
}
