//! Work that is interrupted and resumed: by a newcomer of a higher class, by the end of a shift, by an outage.

use super::event_calendar::{NEVER, time_of};
use super::items::{NO_ITEM, Standing};
use super::simulation::Simulation;
use super::state::{Suspended, chain};
use super::visits::VisitObserver;
use crate::observation::Cause;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// A newcomer of a higher class interrupts the lowest class in service that began last.
    #[inline(never)]
    pub(super) fn preempt_for(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        if !station.preempts || self.stations[k].outages > 0 {
            return;
        }
        let class = self.items[item].priority;
        let victim = (station.first_server..station.first_server + station.servers)
            .filter(|server| self.servers[*server as usize].is_busy())
            .max_by_key(|server| {
                let at = &self.servers[*server as usize];
                (self.items[at.item].priority, at.began, *server)
            });
        let Some(victim) = victim else { return };
        if self.items[self.servers[victim as usize].item].priority > class {
            self.interrupt(victim, Cause::Interrupted);
            self.try_start(s);
        }
    }

    /// Stops the work at a server; it is resumed later where it stopped.
    pub(super) fn interrupt(&mut self, server: u32, _why: Cause) {
        let at = &mut self.servers[server as usize];
        let (s, first) = (at.station, std::mem::replace(&mut at.item, NO_ITEM));
        let k = usize::from(s);
        let end = time_of(self.services.of(server));
        let left = end - self.now;
        self.services.set(server, NEVER);
        for item in self.batch_of(s, first) {
            self.items.label(item, s, Cause::Service, self.now);
            let state = &mut self.stations[k];
            state.busy.leave(self.now);
            state.queue.enter(self.now);
            let it = &mut self.items[item];
            it.standing = Standing::Suspended;
            it.stamp = it.stamp.wrapping_add(1);
            self.items.detail_mut(item).joined = self.now;
        }
        let it = &self.items[first];
        let suspended = Suspended { priority: it.priority, entered: it.entered, id: it.id, item: first, left };
        let list = &mut self.stations[k].suspended;
        let turn = |s: &Suspended| (s.priority, s.entered, s.id);
        let place = list.partition_point(|other| turn(other) < turn(&suspended));
        list.insert(place, suspended);
        let station = self.stations[k].plan;
        if let Some(pool) = station.pool {
            let pool = &mut self.pools[usize::from(pool)];
            pool.look_at(station.turn);
            // Somebody becomes free without a look at what else there is to do.
            pool.all_noted = false;
        }
        // Who is on a cart with others does not give up: the cart is already under way.
        if self.plan.stations[k].patience.is_some() && self.plan.stations[k].of.batch.is_none() {
            self.lose_patience_later(s, first);
        }
        self.release_server(s, server);
        self.note_cause(s, false);
    }

    /// Takes up interrupted work if its class goes before that of the first in line. Says whether it did.
    #[inline(never)]
    pub(super) fn resume_first(&mut self, s: u16) -> bool {
        let state = &mut self.stations[usize::from(s)];
        let Some(suspended) = state.suspended.first().copied() else { return false };
        let waiting = state.line.first(&self.items).map(|first| self.items[first].priority);
        if waiting.is_some_and(|class| suspended.priority > class) {
            return false;
        }
        state.suspended.remove(0);
        self.resume(s, suspended);
        true
    }

    /// Takes up interrupted work again.
    fn resume(&mut self, s: u16, suspended: Suspended) {
        let k = usize::from(s);
        for item in self.batch_of(s, suspended.item) {
            self.stations[k].end_wait(s, &mut self.items, item, self.now, (self.from, self.until));
            self.items[item].standing = Standing::InService;
        }
        for _ in 1..self.batch_of(s, suspended.item).len() {
            self.stations[k].busy.enter(self.now);
        }
        if let Some(pool) = self.stations[k].plan.pool {
            let parts = (&mut self.pools[usize::from(pool)], &mut self.servers[..], &mut self.services);
            self.stations[k].occupy(suspended.item, suspended.left, self.now, parts);
        }
    }

    fn batch_of(&self, s: u16, first: u32) -> Vec<u32> {
        if self.plan.stations[usize::from(s)].of.batch.is_some() {
            chain(&self.items, first).collect()
        } else {
            vec![first]
        }
    }
}
