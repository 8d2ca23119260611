//! The SLA clocks of one order: when they started, when they stood still, and what they show.

use super::items::MOST_SLAS;
use crate::model::{ClockStart, DiversionKind, Promise, Sla, SlaClock};
use crate::observation::Interval;
use crate::time::SimTime;

/// What SLAs need to know of an order beside its creation: what most orders need, first, in as few cache lines as can be.
#[derive(Clone, Debug, Default)]
#[repr(C, align(64))]
pub(super) struct Clock {
    /// SLAs whose clock has been started by the order's coming to a station, one bit each.
    has_reached: u8,
    /// SLAs whose reading is known, one bit each: it is asked for again and again, and changes with what happens to the
    /// order, not with time.
    known: u8,
    /// SLAs that do not count it, one bit each, because of what has struck it.
    excluded: u8,
    /// Whether a hold or exception has had it: only then what stands in `before` means anything.
    was_held: bool,
    /// The hold or exception that has it now.
    held: Option<Held>,
    by_sla: [OfSla; MOST_SLAS],
    before: Before,
}

/// What the clock of one SLA needs.
#[derive(Clone, Copy, Debug, Default)]
struct OfSla {
    /// When the order reached the station that starts it.
    reached: u64,
    /// What it shows while no hold or exception has the order.
    reading: Reading,
}

/// What holds and exceptions that are over have left behind.
#[derive(Clone, Debug, Default)]
struct Before {
    /// When the last hold was cleared; 0 when there was none.
    released: u64,
    /// When its clocks last started anew; 0: never.
    restarted: u64,
    /// Stretches in which its clocks stood still, in order of time.
    pauses: Vec<(u64, u64)>,
}

/// A hold or exception that has an order now.
#[derive(Clone, Copy, Debug)]
struct Held {
    since: u64,
    kind: DiversionKind,
    effect: SlaClock,
}

/// What a clock shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// When it started.
    pub(super) start: u64,
    /// When the order is due.
    pub(super) due: SimTime,
    /// Ticks it has stood still since the order fell due: they are no lateness.
    pub(super) stood_late: u64,
}

impl Clock {
    /// The clock of an order that nothing has happened to.
    pub(super) const UNTOUCHED: Clock = Clock {
        has_reached: 0,
        known: 0,
        excluded: 0,
        was_held: false,
        held: None,
        by_sla: [OfSla { reached: 0, reading: Reading { start: 0, due: SimTime::ZERO, stood_late: 0 } }; MOST_SLAS],
        before: Before { released: 0, restarted: 0, pauses: Vec::new() },
    };

    /// Forgets everything, keeping the memory. Of what is told by a bit elsewhere, that bit is enough.
    #[inline]
    pub(super) fn start_anew(&mut self) {
        (self.has_reached, self.known, self.excluded) = (0, 0, 0);
        self.held = None;
        if self.was_held {
            self.was_held = false;
            (self.before.released, self.before.restarted) = (0, 0);
            self.before.pauses.clear();
        }
    }

    /// The order has reached a station that starts clock `k`. Says whether it did so for the first time.
    pub(super) fn reach(&mut self, k: usize, now: u64) -> bool {
        let first = self.has_reached >> k & 1 == 0;
        if first {
            self.has_reached |= 1 << k;
            self.by_sla[k].reached = now;
        }
        first
    }

    /// Stretches in which its clocks stood still that are over.
    #[inline]
    fn pauses(&self) -> &[(u64, u64)] {
        if self.was_held { &self.before.pauses } else { &[] }
    }

    /// A hold or exception takes the order, after which some SLAs, one bit each, do not count it.
    pub(super) fn take(&mut self, now: u64, (kind, effect): (DiversionKind, SlaClock), excluded: u8) {
        self.held = Some(Held { since: now, kind, effect });
        self.excluded |= excluded;
    }

    /// Whether SLA `k` does not count the order because of what has struck it.
    pub(super) fn is_excluded(&self, k: usize) -> bool {
        self.excluded >> k & 1 == 1
    }

    /// Whether a clock that started at `start` has run ever since the order was created.
    #[inline]
    pub(super) fn saw_everything(&self, start: u64, created: u64) -> bool {
        start == created && self.pauses().is_empty() && self.held.is_none()
    }

    /// It is done with the order.
    pub(super) fn let_go(&mut self, now: u64) {
        let Some(Held { since, kind, effect }) = self.held.take() else { return };
        self.known = 0;
        self.was_held = true;
        let before = &mut self.before;
        if kind == DiversionKind::Hold {
            before.released = now;
        }
        match effect {
            SlaClock::Runs => {}
            SlaClock::Paused => before.pauses.push((since, now)),
            SlaClock::StartsAtRelease => before.restarted = now,
        }
    }

    /// What clock `k` of an order created at `created` shows `now`; `None` while it has not started, and while it
    /// stands still before the order is due.
    #[inline]
    pub(super) fn read(&mut self, sla: &Sla, k: usize, created: u64, now: u64) -> Option<Reading> {
        match self.held {
            None => self.read_unheld(sla, k, created),
            Some(held) => self.read_held(held, sla, k, created, now),
        }
    }

    /// What the clock would show if the hold or exception that has the order now did nothing to it.
    #[inline]
    pub(super) fn read_unheld(&mut self, sla: &Sla, k: usize, created: u64) -> Option<Reading> {
        if self.known >> k & 1 == 1 { Some(self.by_sla[k].reading) } else { self.read_and_keep(sla, k, created) }
    }

    #[inline(never)]
    fn read_and_keep(&mut self, sla: &Sla, k: usize, created: u64) -> Option<Reading> {
        let reading = self.read_afresh(sla, k, created)?;
        self.by_sla[k].reading = reading;
        self.known |= 1 << k;
        Some(reading)
    }

    fn read_held(&mut self, held: Held, sla: &Sla, k: usize, created: u64, now: u64) -> Option<Reading> {
        if sla.starts == ClockStart::Released && held.kind == DiversionKind::Hold
            || held.effect == SlaClock::StartsAtRelease
        {
            return None;
        }
        let mut reading = self.read_unheld(sla, k, created)?;
        if held.effect == SlaClock::Paused && !matches!(sla.promise, Promise::ByInstant(_)) {
            if held.since <= reading.due.0 {
                return None;
            }
            reading.stood_late += now - held.since.max(reading.start);
        }
        Some(reading)
    }

    /// [`Clock::read_unheld`] of what has happened to the order, not of what is known already.
    pub(super) fn read_afresh(&self, sla: &Sla, k: usize, created: u64) -> Option<Reading> {
        let (released, restarted) = if self.was_held { (self.before.released, self.before.restarted) } else { (0, 0) };
        let start = match &sla.starts {
            ClockStart::Created => created,
            ClockStart::Released => created.max(released),
            ClockStart::Reached(_) if self.has_reached >> k & 1 == 0 => return None,
            ClockStart::Reached(_) => self.by_sla[k].reached,
        };
        let start = start.max(restarted);
        let due_after = |ticks: u64| sla.promise.due(SimTime((start + ticks).min(SimTime::MAX.0)));
        let mut reading = Reading { start, due: due_after(0), stood_late: 0 };
        if matches!(sla.promise, Promise::ByInstant(_)) {
            return Some(reading);
        }
        let mut stood = 0;
        for (from, to) in self.pauses() {
            let ticks = to.saturating_sub((*from).max(start));
            // What begins after the promise was missed cannot undo that.
            if *from <= reading.due.0 {
                stood += ticks;
                reading.due = due_after(stood);
            } else {
                reading.stood_late += ticks;
            }
        }
        Some(reading)
    }

    /// Leaves of a life what happened while the clock that started at `start` ran: waiting outside it makes nobody
    /// late by it.
    pub(super) fn clip(&self, start: u64, life: &mut Vec<Interval>) {
        let held = match self.held {
            Some(Held { since, effect: SlaClock::Paused, .. }) => Some((since, u64::MAX)),
            _ => None,
        };
        life.drain(..life.partition_point(|interval| interval.to.0 <= start));
        if let Some(first) = life.first_mut() {
            first.from = first.from.max(SimTime(start));
        }
        if self.pauses().is_empty() && held.is_none() {
            return;
        }
        life.retain_mut(|interval| {
            for (from, to) in self.pauses().iter().copied().chain(held) {
                // A pause begins with the end of a service and ends with one, so no interval reaches over both ends.
                if from <= interval.from.0 {
                    interval.from = interval.from.max(SimTime(to.min(interval.to.0)));
                } else if from < interval.to.0 {
                    interval.to = SimTime(from);
                }
            }
            interval.from < interval.to
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClockStop, CountedOn, CountedUnit, Excludes, Judge, Window};
    use crate::observation::Cause;
    use crate::time::SimDuration;

    fn sla(starts: ClockStart) -> Sla {
        Sla {
            name: "within a hundred".to_owned(),
            definition: String::new(),
            starts,
            stops: ClockStop::Dispatched,
            promise: Promise::Within(SimDuration(100)),
            delay: None,
            target: 0.98,
            unit: CountedUnit::Order,
            counted_on: CountedOn::Due,
            window: Window::between(vec![SimTime(0), SimTime(10_000)]),
            min_orders: 0,
            suspension: None,
            judge: Judge::Pooled,
            sources: Vec::new(),
            excludes: Excludes::default(),
        }
    }

    fn held(clock: &mut Clock, kind: DiversionKind, effect: SlaClock, from: u64, to: u64) {
        clock.take(from, (kind, effect), 0);
        clock.let_go(to);
    }

    fn due(clock: &Clock, starts: ClockStart, now: u64) -> Option<(u64, u64, u64)> {
        clock.clone().read(&sla(starts), 0, 10, now).map(|reading| (reading.start, reading.due.0, reading.stood_late))
    }

    #[test]
    fn a_pause_moves_the_due_time_once_and_only_when_it_lies_behind_the_start() {
        let mut clock = Clock::default();
        held(&mut clock, DiversionKind::Hold, SlaClock::Paused, 10, 40);
        assert_eq!(due(&clock, ClockStart::Created, 50), Some((10, 140, 0)));
        // Cleared at 40, the clock starts there: the pause before it moves nothing.
        assert_eq!(due(&clock, ClockStart::Released, 50), Some((40, 140, 0)));
    }

    #[test]
    fn a_clock_that_stands_still_shows_no_due_time_and_one_that_is_late_goes_on_showing_it() {
        let mut clock = Clock::default();
        clock.take(60, (DiversionKind::Exception, SlaClock::Paused), 0);
        assert_eq!(due(&clock, ClockStart::Created, 90), None);
        clock.let_go(90);
        clock.take(150, (DiversionKind::Exception, SlaClock::Paused), 0);
        // Due at 110 + 30 = 140, so it was late by then; of the ten ticks since 150 none is lateness.
        assert_eq!(due(&clock, ClockStart::Created, 160), Some((10, 140, 10)));
        clock.let_go(165);
        assert_eq!(due(&clock, ClockStart::Created, 200), Some((10, 140, 15)));
    }

    #[test]
    fn a_clock_that_waits_for_a_hold_or_starts_anew_has_not_started_before_it_ends() {
        let mut clock = Clock::default();
        clock.take(10, (DiversionKind::Hold, SlaClock::Runs), 0);
        assert_eq!(due(&clock, ClockStart::Released, 30), None);
        assert_eq!(due(&clock, ClockStart::Created, 30), Some((10, 110, 0)));
        clock.let_go(30);
        clock.take(50, (DiversionKind::Exception, SlaClock::StartsAtRelease), 0);
        assert_eq!(due(&clock, ClockStart::Created, 60), None);
        clock.let_go(70);
        assert_eq!(due(&clock, ClockStart::Released, 80), Some((70, 170, 0)));
    }

    #[test]
    fn a_life_is_cut_to_what_the_clock_saw() {
        let life = |ends: &[u64]| -> Vec<Interval> {
            let mut from = SimTime(10);
            let interval = |(k, to): (usize, &u64)| {
                let station = u16::try_from(k).unwrap();
                let from = std::mem::replace(&mut from, SimTime(*to));
                Interval { station, cause: Cause::NoPerson, mixed: false, from, to: SimTime(*to) }
            };
            ends.iter().enumerate().map(interval).collect()
        };
        let kept = |clock: &Clock, start| {
            let mut life = life(&[40, 60, 90, 100, 150]);
            clock.clip(start, &mut life);
            life.iter().map(|i| (i.station, i.from.0, i.to.0)).collect::<Vec<_>>()
        };
        let mut clock = Clock::default();
        assert_eq!(kept(&clock, 10), [(0, 10, 40), (1, 40, 60), (2, 60, 90), (3, 90, 100), (4, 100, 150)]);
        assert_eq!(kept(&clock, 50), [(1, 50, 60), (2, 60, 90), (3, 90, 100), (4, 100, 150)]);
        held(&mut clock, DiversionKind::Exception, SlaClock::Paused, 60, 100);
        assert_eq!(kept(&clock, 50), [(1, 50, 60), (4, 100, 150)]);
        clock.take(120, (DiversionKind::Exception, SlaClock::Paused), 0);
        assert_eq!(kept(&clock, 10), [(0, 10, 40), (1, 40, 60), (4, 100, 120)]);
    }
}
