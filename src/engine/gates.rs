//! What lets items through: polls, waves, collections, gatherings, and tokens.

use super::event_calendar::{Phase, key};
use super::simulation::Simulation;
use super::timers::Happening;
use super::visits::VisitObserver;
use crate::model::{ItemKind, Release, ReleaseTimes};
use crate::observation::{Cause, Gates};
use crate::time::SimTime;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// An item has come to those who gather: the gate opens when they are enough, or when the first has waited long enough.
    #[inline(never)]
    pub(super) fn gather(&mut self, s: u16, item: u32) {
        let state = &self.stations[usize::from(s)];
        let Release::Gathered { count, after } = &state.plan.of.release else { return };
        if state.gate.length() >= *count {
            self.open_gate(s, u32::MAX, SimTime(self.now));
        } else if state.gate.length() == 1
            && let Some(after) = after
        {
            let (stamp, rank, id) = (state.gathering, state.plan.rank, self.items[item].id);
            self.at(self.now + after.0, Phase::Release, rank, id, Happening::Gathered(s, stamp));
        }
    }

    /// A gathering has waited long enough for its first item.
    pub(super) fn gathered(&mut self, s: u16, stamp: u32) {
        if self.stations[usize::from(s)].gathering == stamp {
            self.open_gate(s, u32::MAX, SimTime(self.now));
        }
    }

    /// A poll, wave or collection.
    pub(super) fn release(&mut self, s: u16) {
        let k = usize::from(s);
        if let Release::Timed { ready_before, .. } = &self.plan.stations[k].of.release {
            let at_most = self.stations[k].at_most.unwrap_or(u32::MAX);
            let ready = SimTime(self.now.saturating_sub(ready_before.0));
            // An instant before the margin has passed even once lets nobody through.
            if self.now >= ready_before.0 {
                self.open_gate(s, at_most, ready);
            }
        }
        self.schedule_release(s, Some(self.now));
    }

    /// Lets through at most so many of those who were ready at `ready`, in order of coming.
    #[inline(never)]
    fn open_gate(&mut self, s: u16, at_most: u32, ready: SimTime) {
        let k = usize::from(s);
        self.stations[k].gathering = self.stations[k].gathering.wrapping_add(1);
        let timed = matches!(self.stations[k].plan.of.release, Release::Timed { .. });
        let mut through = 0;
        let mut known = None;
        while through < at_most {
            let Some(item) = self.stations[k].gate.first() else { break };
            if self.items.detail(item).joined > ready.0 {
                break;
            }
            self.stations[k].gate.take_first(&self.items);
            self.label_gate(s, item, &mut known);
            through += 1;
            let state = &self.stations[k];
            if state.plan.only_passes && state.outages == 0 && self.items[item].kind != ItemKind::Contact {
                self.starts_to_pass(s, item);
            } else {
                self.wait_or_start(s, item, true);
            }
        }
        if !self.passing.is_empty() {
            self.pass(s);
        }
        if let Some(number) = self.plan.stations[k].caged {
            let left = self.ready_behind_gate(s, ready);
            self.days.collected(number, SimTime(self.now), u64::from(through), left);
        }
        if timed && self.counting {
            let left = self.stations[k].gate.length();
            let groups = &mut self.stations[k].groups;
            groups.count += 1;
            groups.sum += u64::from(through);
            groups.squares += u64::from(through) * u64::from(through);
            groups.left_behind += u64::from(left);
            groups.nobody_left += u64::from(left == 0);
        }
    }

    /// An item starts at a station where nothing is done to it and nobody is short.
    fn starts_to_pass(&mut self, s: u16, item: u32) {
        let now = self.now;
        let (it, detail) = self.items.with_detail(item);
        it.stamp = it.stamp.wrapping_add(1);
        let (id, waited) = (it.id, now - it.entered);
        let state = &mut self.stations[usize::from(s)];
        state.queue.leave(now);
        let counted = state.book_start(it, detail, 0, now, (self.from, self.until));
        state.busy.enter(now);
        state.equipment_used += 1;
        if state.told {
            self.tell_started(s, item, counted.then_some(waited));
        }
        let turn = u32::try_from(self.passing.len()).expect("fewer than 2^32 items in flight");
        self.passing.push((id, turn, item));
    }

    /// Those who have started to pass a station have passed it. What would come as one timer each, in order of identity, is
    /// done here without them, for as long as nothing else comes before and the run goes on.
    fn pass(&mut self, s: u16) {
        let mut passing = std::mem::take(&mut self.passing);
        passing.sort_unstable();
        let rank = self.stations[usize::from(s)].plan.rank;
        let next = key(self.now, Phase::Completion, rank);
        let mut done = 0;
        while let Some((_, _, item)) = passing.get(done).copied() {
            if self.services.first().min(self.timers.first()) <= next || self.time_to_look_up() {
                break;
            }
            self.events += 1;
            self.complete_unlimited(item);
            done += 1;
        }
        for (_, _, item) in &passing[done..] {
            self.finish_unlimited_at(s, *item, 0);
        }
        passing.clear();
        self.passing = passing;
    }

    /// How many behind a gate were ready at `ready`; they stand in order of coming.
    fn ready_behind_gate(&self, s: u16, ready: SimTime) -> u64 {
        let behind = self.stations[usize::from(s)].gate.iter();
        behind.take_while(|item| self.items.detail(*item).joined <= ready.0).count() as u64
    }

    /// Labels the wait at a gate: for the release, and after the first that it was ready for, as left behind.
    /// `known`: that the first release at or after one instant is at another, from somebody who came before.
    fn label_gate(&mut self, s: u16, item: u32, known: &mut Option<(SimTime, SimTime)>) {
        if !self.items[item].marks.kept() {
            return;
        }
        let Release::Timed { ready_before, collection, .. } = &self.stations[usize::from(s)].plan.of.release else {
            self.label(item, s, Cause::BatchForming);
            return;
        };
        let cause = if *collection { Cause::AwaitCollection } else { Cause::AwaitRelease };
        let ready = SimTime(self.items.detail(item).joined + ready_before.0);
        if !known.is_some_and(|(from, first)| (from..=first).contains(&ready)) {
            *known = self.next_release(s, ready).map(|first| (ready, first));
        }
        if let Some((_, first)) = *known
            && first.0 < self.now
        {
            self.items.label(item, s, cause, first.0);
            self.label(item, s, Cause::LeftBehind);
        } else {
            self.label(item, s, cause);
        }
    }

    /// The first release of a station at or after `t`.
    pub(super) fn next_release(&self, s: u16, t: SimTime) -> Option<SimTime> {
        let Release::Timed { times, .. } = &self.plan.stations[usize::from(s)].of.release else { return None };
        match times {
            ReleaseTimes::Every { first, .. } => {
                let period = self.stations[usize::from(s)].period.max(1);
                let periods = t.0.saturating_sub(first.0).div_ceil(period);
                Some(SimTime(first.0 + periods * period))
            }
            ReleaseTimes::At(instants) => instants.get(instants.partition_point(|at| *at < t)).copied(),
        }
    }

    /// Sets the timer of the release after `last`, or of the first.
    pub(super) fn schedule_release(&mut self, s: u16, last: Option<u64>) {
        let next = match last {
            None => self.next_release(s, SimTime::ZERO),
            Some(last) => self.next_release(s, SimTime(last + 1)),
        };
        if let Some(next) = next {
            let rank = self.plan.stations[usize::from(s)].rank;
            self.at(next.0, Phase::Release, rank, 0, Happening::Release(s));
        }
    }

    /// Whether a token is there; otherwise a timer waits for the next.
    pub(super) fn has_token(&mut self, s: u16) -> bool {
        let now = self.now;
        let Some(bucket) = &mut self.stations[usize::from(s)].bucket else { return true };
        let at = bucket.next_token(now);
        if at <= now {
            return true;
        }
        if bucket.timer_at != at {
            bucket.timer_at = at;
            let rank = self.plan.stations[usize::from(s)].rank;
            self.at(at, Phase::Return, rank, 0, Happening::Token(s));
        }
        false
    }
}

/// The releases of a run's stations, for the ledger.
pub(super) struct Timetable<'a, 'm> {
    pub(super) plan: &'a super::plan::Plan<'m>,
    pub(super) stations: &'a [super::state::StationState<'a>],
}

impl Gates for Timetable<'_, '_> {
    fn last_release(&self, station: u16, t: SimTime) -> Option<SimTime> {
        let Release::Timed { times, .. } = &self.plan.stations[usize::from(station)].of.release else { return Some(t) };
        match times {
            ReleaseTimes::Every { first, period } => {
                let since = t.0.checked_sub(first.0)?;
                Some(SimTime(first.0 + since / period.0 * period.0))
            }
            ReleaseTimes::At(instants) => {
                let after = instants.partition_point(|at| *at <= t);
                after.checked_sub(1).map(|k| instants[k])
            }
        }
    }

    fn ready_before(&self, station: u16) -> u64 {
        match &self.plan.stations[usize::from(station)].of.release {
            Release::Timed { ready_before, .. } => ready_before.0,
            _ => 0,
        }
    }

    fn mixed_wait(&self, station: u16, from: SimTime, to: SimTime) -> super::cause_log::TicksByCause {
        self.stations[usize::from(station)].causes.between(from.0, to.0)
    }
}
