//! When somebody of a pool is there.

use super::super::Roster;
use crate::time::{SimDuration, SimTime};

/// The stretches of time in which at least one person is rostered, ascending and apart.
#[derive(Clone, Debug)]
pub(super) struct Presence(Vec<(SimTime, SimTime)>);

impl Presence {
    /// Of a roster, up to `end`.
    pub(super) fn of(roster: &Roster, end: SimTime) -> Presence {
        let mut found: Vec<(SimTime, SimTime)> = match roster {
            Roster::Steps(steps) => steps
                .iter()
                .enumerate()
                .filter(|(_, step)| step.heads > 0)
                .map(|(k, step)| (step.from, steps.get(k + 1).map_or(end, |next| next.from)))
                .collect(),
            Roster::Shifts { spans, .. } => spans
                .iter()
                .filter(|span| span.heads > 0 && span.absent < 1.0)
                .map(|span| (span.from, span.to))
                .collect(),
        };
        found.sort_unstable();
        let mut apart: Vec<(SimTime, SimTime)> = Vec::new();
        for (from, to) in found {
            match apart.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => apart.push((from, to)),
            }
        }
        Presence(apart)
    }

    /// Whether somebody is there at `at`.
    pub(super) fn at(&self, at: SimTime) -> bool {
        self.0.get(self.0.partition_point(|(_, to)| *to <= at)).is_some_and(|(from, _)| *from <= at)
    }

    /// Whether somebody is there at any time from `from` to `to`.
    pub(super) fn between(&self, from: SimTime, to: SimTime) -> bool {
        self.0.get(self.0.partition_point(|(_, end)| *end <= from)).is_some_and(|(start, _)| *start < to)
    }

    /// When `work`, taken up at `from` at the earliest, is done, if it rests while nobody is there.
    pub(super) fn done(&self, from: SimTime, work: SimDuration) -> Option<SimTime> {
        let mut left = work;
        for (start, end) in &self.0[self.0.partition_point(|(_, to)| *to <= from)..] {
            let start = (*start).max(from);
            let here = end.since(start);
            if left <= here {
                return Some(start + left);
            }
            left = left - here;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::StaffStep;
    use super::*;

    fn hour(hour: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_hours(hour)
    }

    /// From 8 to 12 and from 13 to 17.
    fn day() -> Presence {
        let step = |at, heads| StaffStep { from: hour(at), heads };
        Presence::of(&Roster::Steps(vec![step(8, 2), step(12, 0), step(13, 1), step(15, 3), step(17, 0)]), hour(48))
    }

    #[test]
    fn work_rests_while_nobody_is_there() {
        let day = day();
        let done = |from, hours| day.done(hour(from), SimDuration::from_hours(hours));
        assert_eq!(done(2, 1), Some(hour(9)));
        assert_eq!(done(11, 3), Some(hour(15)));
        assert_eq!(done(13, 4), Some(hour(17)));
        assert_eq!(done(13, 5), None);
    }

    #[test]
    fn the_end_of_a_shift_finds_nobody() {
        let day = day();
        assert!(day.at(hour(8)) && day.at(hour(15)) && !day.at(hour(12)) && !day.at(hour(17)));
        assert!(
            day.between(hour(12), hour(14)) && !day.between(hour(12), hour(13)) && !day.between(hour(17), hour(30))
        );
    }
}
