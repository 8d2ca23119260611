//! Attempts that fail, stations that turn away, and patience that ends.

use super::event_calendar::Phase;
use super::flow::draw_number;
use super::items::Standing;
use super::service::to_ticks;
use super::simulation::{Move, Simulation};
use super::timers::Happening;
use super::visits::{Outcome, VisitObserver};
use crate::model::{Fate, WhenFull};
use crate::observation::Cause;
use crate::random::{chance, unit};

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Whether an item's attempt fails; what is known of it is booked.
    #[inline(never)]
    pub(super) fn attempt_fails(&mut self, s: u16, item: u32) -> bool {
        let k = usize::from(s);
        let it = &self.items[item];
        let (entered, first) = (it.entered, it.attempt == 1);
        let bits = self.stations[k].keys.failure.bits(it.id, draw_number(it));
        let fails = self.stations[k].failure_factor.is_some_and(|threshold| chance(bits, threshold));
        let counted = self.counts(entered);
        let counts = &mut self.stations[k].counts;
        counts.attempts += u64::from(counted);
        counts.first_succeeded += u64::from(counted && first && !fails);
        fails
    }

    /// An item whose attempt has failed waits for the next, or goes where failures end.
    #[inline(never)]
    pub(super) fn fail(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let Some(retry) = &self.plan.stations[k].of.retry else { return };
        let (entered, attempt) = (self.items[item].entered, self.items[item].attempt);
        if u32::from(attempt) >= retry.attempts {
            let counted = self.counts(entered);
            self.stations[k].counts.gave_up += u64::from(counted);
            self.moves.push_back(Move::Item(item, retry.then));
            return;
        }
        let delays = &retry.backoff.delays;
        let stated = delays.get(usize::from(attempt) - 1).or(delays.last()).map_or(0, |delay| delay.0);
        let delay = if retry.backoff.jitter {
            let bits = self.stations[k].keys.backoff.bits(self.items[item].id, draw_number(&self.items[item]));
            to_ticks(unit(bits) * stated as f64)
        } else {
            stated
        };
        self.try_again_after(s, item, delay);
    }

    /// The item tries the station again after a delay.
    fn try_again_after(&mut self, s: u16, item: u32, delay: u64) {
        let k = usize::from(s);
        self.stations[k].orbit.enter(self.now);
        let it = &mut self.items[item];
        it.attempt = it.attempt.saturating_add(1);
        let id = it.id;
        let rank = self.plan.stations[k].rank;
        self.at(self.now + delay, Phase::Return, rank, id, Happening::Return(item));
    }

    /// An item comes back for its next attempt.
    pub(super) fn come_back(&mut self, item: u32) {
        let s = self.items[item].station;
        self.stations[usize::from(s)].orbit.leave(self.now);
        self.label(item, s, Cause::Backoff);
        self.enter_again(s, item);
    }

    /// A station is full, or its bucket empty.
    #[inline(never)]
    pub(super) fn turn_away(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let (entered, attempt) = (self.items[item].entered, self.items[item].attempt);
        let counted = self.counts(entered);
        let counts = &mut self.stations[k].counts;
        counts.turned_away_in_all += 1;
        if counted {
            counts.turned_away += 1;
            counts.first_turned_away += u64::from(attempt == 1);
        }
        if O::WATCHES {
            self.tell(s, item, Outcome::TurnedAway);
        }
        match &self.plan.stations[k].of.when_full {
            WhenFull::TurnAway(fate) => self.moves.push_back(Move::Item(item, *fate)),
            WhenFull::TryAgain { persist, .. } => {
                let it = &self.items[item];
                let number = draw_number(it);
                let bits = self.stations[k].keys.backoff.bits(it.id, number);
                let persists = attempt == 1 || unit(self.stations[k].keys.failure.bits(it.id, number)) < *persist;
                if !persists {
                    self.stations[k].counts.gave_up += u64::from(counted);
                    self.moves.push_back(Move::Item(item, Fate::Cancelled));
                    return;
                }
                let seconds = self.plan.stations[k].orbit.as_ref().map_or(0.0, |sampler| sampler.value(bits));
                self.try_again_after(s, item, crate::time::SimDuration::from_seconds(seconds).0);
            }
        }
    }

    /// An item's patience ends, if it still waits the wait it was set for.
    #[inline(never)]
    pub(super) fn abandon(&mut self, item: u32, stamp: u32) {
        if self.items[item].stamp != stamp {
            return;
        }
        let s = self.items[item].station;
        let k = usize::from(s);
        match self.items[item].standing {
            Standing::Waiting => {
                self.stations[k].line.leave();
                // Those who are left may be too few for a batch.
                if let Some(pool) = self.stations[k].plan.pool {
                    self.pools[usize::from(pool)].all_noted = false;
                }
            }
            Standing::Suspended => self.stations[k].suspended.retain(|suspended| suspended.item != item),
            _ => return,
        }
        self.stations[k].end_wait(s, &mut self.items, item, self.now, (self.from, self.until));
        let it = &mut self.items[item];
        it.standing = Standing::Moving;
        let entered = it.entered;
        let counted = self.counts(entered);
        let state = &mut self.stations[k];
        state.counts.abandoned_in_all += 1;
        state.counts.abandoned += u64::from(counted);
        if counted && !self.plan.stations[k].watches.is_empty() {
            self.watch_abandoned(s, item, self.now - entered);
        }
        if self.plan.stations[k].watches_zero {
            self.stations[k].zero.leave(self.now);
        }
        if O::WATCHES {
            self.tell(s, item, Outcome::Abandoned);
        }
        let then = self.plan.stations[k].of.patience.as_ref().map_or(Fate::Cancelled, |patience| patience.then);
        if self.items[item].kind == crate::model::ItemKind::Contact {
            self.unanswered(item);
            return;
        }
        self.moves.push_back(Move::Item(item, then));
    }
}
