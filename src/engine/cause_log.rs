//! Why the first in line at a station could not start, over time.
//!
//! Whoever waits long in a busy line waits for now a person, now a bench, a thousand times over. Lives only note that the
//! station's log says why; how a wait falls into causes is asked when an order turns out to be late, of sums that the log
//! keeps as it grows.

use crate::observation::Cause;
use std::cell::Cell;

/// Changes between two sums.
const BLOCK: usize = 8;
/// Changes below which nothing is thrown away.
const FEW: usize = 32 * BLOCK;

/// Ticks by cause, in the order of [`Cause::ALL`].
pub(super) type TicksByCause = [u64; Cause::ALL.len()];

/// The causes at one station.
#[derive(Clone, Debug)]
pub(super) struct CauseLog {
    /// Changes: instant and the cause from then on, ascending.
    changes: Vec<(u64, Cause)>,
    /// At the first change of each block: ticks of every cause since the first change of all.
    sums: Vec<TicksByCause>,
    /// End of the latest wait that was asked about: nobody waited in what came after, while the line was empty.
    waited_until: u64,
    /// From so many changes on, what nobody needs any more is thrown away.
    enough: usize,
    /// Ticks of [`Cause::NoEquipment`] before the last change.
    lacked: u64,
    /// The cause of the last change.
    now: Cause,
    /// Where the last wait that was asked about began and ended among the changes: the next one is mostly near.
    last_asked: Cell<(usize, usize)>,
}

impl CauseLog {
    pub(super) fn new() -> CauseLog {
        CauseLog {
            changes: vec![(0, Cause::NoPerson)],
            sums: vec![[0; Cause::ALL.len()]],
            waited_until: 0,
            enough: FEW,
            lacked: 0,
            now: Cause::NoPerson,
            last_asked: Cell::new((0, 0)),
        }
    }

    /// The cause now.
    #[inline]
    pub(super) fn now(&self) -> Cause {
        self.now
    }

    /// From `now` on, the cause is this. `line_empty`: nobody has waited since the last wait that ended. What is told
    /// while nobody waits may as well not be told, as long as it is told when the next one comes.
    #[inline]
    pub(super) fn set(&mut self, now: u64, cause: Cause, line_empty: bool) {
        if self.now != cause {
            self.change(now, cause, line_empty);
        }
    }

    fn change(&mut self, now: u64, cause: Cause, line_empty: bool) {
        // The first change of a block stays where it is: there is a sum up to it.
        let movable = line_empty && self.changes.len() % BLOCK != 1;
        self.lacked = self.lacked_until(now);
        self.now = cause;
        let Some(last) = self.changes.last_mut() else { return };
        if last.0 == now || (movable && last.0 >= self.waited_until) {
            *last = (now, cause);
            return;
        }
        if self.changes.len().is_multiple_of(BLOCK) {
            self.sums.push(self.sum_until(now));
        }
        self.changes.push((now, cause));
    }

    /// The cause that held all through `[from, to)`; `None` when it changed.
    #[inline]
    pub(super) fn only(&mut self, from: u64, to: u64) -> Option<Cause> {
        self.waited_until = self.waited_until.max(to);
        // A wait is asked about when it ends, so the change sought is one of the last.
        let (since, cause) = *self.changes.iter().rev().find(|(at, _)| *at < to)?;
        (since <= from).then_some(cause)
    }

    /// Ticks of [`Cause::NoEquipment`] until `now`, which no change lies behind. The difference of two such sums is what a
    /// wait between them had of it.
    #[inline]
    pub(super) fn lacked_until(&self, now: u64) -> u64 {
        match self.changes.last() {
            Some((since, Cause::NoEquipment)) => self.lacked + (now - since),
            _ => self.lacked,
        }
    }

    /// Ticks by cause in `[from, to)`.
    pub(super) fn between(&self, from: u64, to: u64) -> TicksByCause {
        let (near_from, near_to) = self.last_asked.get();
        let at = (self.place(from, near_from), self.place(to, near_to));
        self.last_asked.set(at);
        let (mut sums, before) = (self.sum_at(at.1, to), self.sum_at(at.0, from));
        for (sum, before) in sums.iter_mut().zip(before) {
            *sum -= before;
        }
        sums
    }

    /// Whether it has grown so much that one should look whom it is kept for.
    pub(super) fn is_long(&self) -> bool {
        self.changes.len() >= self.enough
    }

    /// Forgets what lies before `oldest`: nobody who is here came earlier.
    pub(super) fn forget_before(&mut self, oldest: u64) {
        let blocks = self.place(oldest, 0) / BLOCK;
        self.changes.drain(..blocks * BLOCK);
        self.sums.drain(..blocks);
        self.enough = (2 * self.changes.len()).max(FEW);
    }

    /// The change in force at `t`, which is perhaps near the change `near`.
    fn place(&self, t: u64, near: usize) -> usize {
        const FAR: usize = 32;
        let low = near.min(self.changes.len()).saturating_sub(FAR);
        let high = (near + FAR).min(self.changes.len());
        let within = self.changes[low..high].partition_point(|(at, _)| *at <= t);
        // Those on either side of the part that was looked through tell whether it is one of it.
        if (low == 0 || within > 0) && (high == self.changes.len() || low + within < high) {
            return (low + within).saturating_sub(1);
        }
        self.changes.partition_point(|(at, _)| *at <= t).saturating_sub(1)
    }

    /// Ticks by cause from the first change of all to `t`.
    fn sum_until(&self, t: u64) -> TicksByCause {
        self.sum_at(self.place(t, self.changes.len()), t)
    }

    /// The same where the change in force at `t` is number `at`.
    fn sum_at(&self, at: usize, t: u64) -> TicksByCause {
        let block = at / BLOCK;
        let mut sum = self.sums[block];
        for k in block * BLOCK..at {
            sum[self.changes[k].1 as usize] += self.changes[k + 1].0 - self.changes[k].0;
        }
        sum[self.changes[at].1 as usize] += t.saturating_sub(self.changes[at].0);
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changes one by one, and sums by walking along them.
    #[test]
    fn sums_are_those_of_walking_along_all_changes_also_after_some_are_forgotten() {
        let causes = [Cause::NoPerson, Cause::NoEquipment, Cause::OffShift, Cause::RateLimit];
        let mut log = CauseLog::new();
        let mut walked = vec![(0, Cause::NoPerson)];
        let mut now = 0;
        for k in 0..1_000_u64 {
            now += 1 + k * k % 17;
            let cause = causes[(k * k % 7 % 4) as usize];
            log.set(now, cause, false);
            if walked.last().is_none_or(|last| last.1 != cause) {
                walked.push((now, cause));
            }
        }
        let by_walking = |from: u64, to: u64| {
            let mut sum = [0; Cause::ALL.len()];
            for (k, (at, cause)) in walked.iter().enumerate() {
                let end = walked.get(k + 1).map_or(u64::MAX, |next| next.0);
                sum[*cause as usize] += end.min(to).saturating_sub((*at).max(from));
            }
            sum
        };
        for (from, to) in [(0, now), (5, 6), (100, 900), (1_000, now - 3), (now, now), (now - 1, now + 50)] {
            assert_eq!(log.between(from, to), by_walking(from, to), "{from} to {to}");
            let causes = by_walking(from, to).iter().filter(|ticks| **ticks > 0).count();
            assert!(log.only(from, to).is_none() || causes <= 1, "{from} to {to}");
        }
        log.forget_before(now / 2);
        assert!(log.changes.len() < 600, "{}", log.changes.len());
        assert_eq!(log.between(now / 2 + 1, now), by_walking(now / 2 + 1, now));
    }

    #[test]
    fn changes_while_nobody_waits_are_not_kept() {
        let mut log = CauseLog::new();
        for k in 1..1_000 {
            log.set(k, if k % 2 == 0 { Cause::NoPerson } else { Cause::NoEquipment }, true);
        }
        assert!(log.changes.len() <= 2, "{:?}", log.changes.len());
        assert_eq!(log.only(999, 1_005), Some(Cause::NoEquipment));
    }
}
