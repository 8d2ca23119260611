//! Work that is interrupted and resumed: by a newcomer of a higher class, by the end of a shift, by an outage.

use super::event_calendar::{NEVER, time_of};
use super::items::{NO_ITEM, Standing};
use super::simulation::Simulation;
use super::state::{Suspended, chain};
use super::visits::VisitObserver;
use crate::observation::Cause;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// A newcomer of a higher class interrupts the lowest class in service that began last.
    pub(super) fn preempt_for(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        if !station.preempts || self.stations[k].outages > 0 {
            return;
        }
        let class = self.items[item].priority;
        let victim = (station.first_server..station.first_server + station.servers)
            .filter(|server| self.in_service[*server as usize] != NO_ITEM)
            .max_by_key(|server| {
                let other = &self.items[self.in_service[*server as usize]];
                (other.priority, self.service_began[*server as usize], *server)
            });
        let Some(victim) = victim else { return };
        if self.items[self.in_service[victim as usize]].priority > class {
            self.interrupt(victim, Cause::Interrupted);
            self.try_start(s);
        }
    }

    /// Stops the work at a server; it is resumed later where it stopped.
    pub(super) fn interrupt(&mut self, server: u32, _why: Cause) {
        let s = self.server_station[server as usize];
        let k = usize::from(s);
        let end = time_of(self.services.of(server));
        let first = self.in_service[server as usize];
        let left = end - self.now;
        self.services.set(server, NEVER);
        self.in_service[server as usize] = NO_ITEM;
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
        // Who is on a cart with others does not give up: the cart is already under way.
        if self.plan.stations[k].patience.is_some() && self.plan.stations[k].of.batch.is_none() {
            self.lose_patience_later(s, first);
        }
        self.release_server(s, server);
        self.note_cause(s, false);
    }

    /// Takes up interrupted work again.
    pub(super) fn resume(&mut self, s: u16, suspended: Suspended) {
        let k = usize::from(s);
        for item in self.batch_of(s, suspended.item) {
            self.label_wait(s, item);
            self.stations[k].queue.leave(self.now);
            let it = &mut self.items[item];
            it.stamp = it.stamp.wrapping_add(1);
            it.standing = Standing::InService;
        }
        for _ in 1..self.batch_of(s, suspended.item).len() {
            self.stations[k].busy.enter(self.now);
        }
        self.occupy(s, suspended.item, suspended.left);
    }

    fn batch_of(&self, s: u16, first: u32) -> Vec<u32> {
        if self.plan.stations[usize::from(s)].of.batch.is_some() {
            chain(&self.items, first).collect()
        } else {
            vec![first]
        }
    }
}
