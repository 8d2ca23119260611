//! The short way through a plain station: its own servers, always as many, and nothing but a first-in-first-out line
//! between arrival and service.
//!
//! It books exactly what the general way books. What a service needs travels with the place in line, so a server that
//! goes on to the next item need not fetch that item from memory.

use super::event_calendar::{NEVER, Phase, key};
use super::items::{NO_ITEM, Standing};
use super::simulation::{Outcome, Simulation, VisitObserver};
use crate::observation::Cause;
use crate::time::SimTime;

/// A place in the line of a plain station.
#[derive(Clone, Copy, Debug)]
pub(super) struct InLine {
    /// Ticks of service, drawn on arrival.
    work: u64,
    entered: u64,
    item: u32,
}

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// An item comes to a plain station.
    #[inline]
    pub(super) fn enter_plain(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let now = self.now;
        let work = self.service_ticks(s, item);
        let it = &mut self.items[item];
        it.entered = now;
        it.work = work;
        it.standing = Standing::Waiting;
        let pool = usize::from(self.plan.stations[k].pool.unwrap_or(0));
        let all_busy = !self.pools[pool].free();
        let counted = u64::from(now >= self.from && now < self.until);
        let state = &mut self.stations[k];
        state.counts.arrivals_in_all += 1;
        state.counts.arrivals += counted;
        state.counts.first_attempts += counted;
        if all_busy || !state.plain_line.is_empty() {
            state.counts.found_all_busy += counted;
            state.queue.enter(now);
            state.plain_line.push_back(InLine { work, entered: now, item });
            return;
        }
        let Some(place) = state.servers.take_lowest() else { return };
        state.busy.enter(now);
        self.pools[pool].busy += 1;
        let server = self.plan.stations[k].first_server + place;
        self.start_plain(s, server, InLine { work, entered: now, item });
    }

    /// A server of a plain station begins.
    #[inline]
    fn start_plain(&mut self, s: u16, server: u32, next: InLine) {
        let k = usize::from(s);
        let now = self.now;
        let waited = now - next.entered;
        if next.entered >= self.from && next.entered < self.until {
            let state = &mut self.stations[k];
            state.counts.delayed += u64::from(waited > 0);
            state.wait.observe(waited);
            if !self.plan.stations[k].watches.is_empty() {
                self.watch_start(s, next.item, waited);
            }
        }
        if self.plan.watches_orders {
            self.items.detail_mut(next.item).started = now;
            self.watch_order_start(s, next.item);
        }
        self.in_service[server as usize] = next.item;
        self.service_began[server as usize] = now;
        let end = (now + next.work).min(SimTime::MAX.0 - 1);
        self.services.set(server, key(end, Phase::Completion, server));
    }

    /// A service at a plain station ends: the item goes on, then the server.
    #[inline]
    pub(super) fn complete_plain(&mut self, s: u16, server: u32) {
        let k = usize::from(s);
        let now = self.now;
        let item = self.in_service[server as usize];
        let began = self.service_began[server as usize];
        self.items.label(item, s, Cause::NoPerson, began);
        self.items.label(item, s, Cause::Service, now);
        let it = &mut self.items[item];
        it.standing = Standing::Moving;
        let (entered, work) = (it.entered, it.work);
        let state = &mut self.stations[k];
        state.counts.completed_in_all += 1;
        if entered >= self.from && entered < self.until {
            state.counts.completed += 1;
            state.service.observe(work);
            if !self.plan.stations[k].watches.is_empty() {
                self.watch_end(s, item, now - entered, work);
            }
        }
        if self.plan.watches_orders {
            self.watch_order_end(s, item);
        }
        if O::WATCHES {
            self.items.detail_mut(item).started = began;
            self.tell(s, item, Outcome::Served);
        }
        let fate = self.way_on(s, item);
        self.go(item, fate);
        self.go_on_plain(s, server);
    }

    /// The server takes the next in line, or becomes idle.
    #[inline]
    fn go_on_plain(&mut self, s: u16, server: u32) {
        let k = usize::from(s);
        let now = self.now;
        let state = &mut self.stations[k];
        if let Some(next) = state.plain_line.pop_front() {
            // The server stays busy: only the queue changes.
            state.queue.leave(now);
            self.start_plain(s, server, next);
            return;
        }
        let station = &self.plan.stations[k];
        state.busy.leave(now);
        state.servers.give_back(server - station.first_server);
        self.pools[usize::from(station.pool.unwrap_or(0))].busy -= 1;
        self.services.set(server, NEVER);
        self.in_service[server as usize] = NO_ITEM;
    }

    /// When servers of a plain station first come on duty: whoever came before them starts.
    pub(super) fn open_plain(&mut self, s: u16) {
        let k = usize::from(s);
        let pool = usize::from(self.plan.stations[k].pool.unwrap_or(0));
        while self.pools[pool].free() {
            let now = self.now;
            let state = &mut self.stations[k];
            let Some(next) = state.plain_line.pop_front() else { return };
            state.queue.leave(now);
            let Some(place) = state.servers.take_lowest() else { return };
            state.busy.enter(now);
            self.pools[pool].busy += 1;
            let server = self.plan.stations[k].first_server + place;
            self.start_plain(s, server, next);
        }
    }

    /// At the end of a run: what is in service at plain stations is marked so.
    pub(super) fn mark_in_service(&mut self) {
        for server in 0..self.in_service.len() {
            let item = self.in_service[server];
            if item != NO_ITEM {
                let began = self.service_began[server];
                self.items[item].standing = Standing::InService;
                let detail = self.items.detail_mut(item);
                if detail.started == u64::MAX {
                    detail.started = began;
                }
            }
        }
    }
}
