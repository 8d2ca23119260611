//! The short way through a plain station: its own servers, always as many, and nothing but a first-in-first-out line
//! between arrival and service.
//!
//! It books exactly what the general way books. What a visit needs travels with the visitor, from place to place in
//! line and from station to station: the item itself, which may have left the processor's caches long ago, is looked
//! at again only when it leaves the plain stations.

use super::event_calendar::{NEVER, Phase, key};
use super::items::{Item, Standing};
use super::service::ticks;
use super::simulation::{Outcome, Simulation, VisitObserver};
use crate::model::{Fate, ItemKind};
use crate::observation::Cause;
use crate::time::SimTime;

/// What a plain station knows of an item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visitor {
    id: u64,
    entered: u64,
    /// Ticks of service, drawn on arrival.
    work: u64,
    item: u32,
    visit: u16,
    /// Labelled intervals in its row of lives.
    intervals: u8,
    /// Whether it has a labelled life, and whether it is a contact: one bit each.
    nature: u8,
}

/// A visitor in service.
#[derive(Clone, Copy, Debug)]
pub(super) struct AtWork {
    visitor: Visitor,
    began: u64,
}

impl Default for AtWork {
    fn default() -> AtWork {
        let nobody = Visitor { id: 0, entered: 0, work: 0, item: 0, visit: 0, intervals: 0, nature: 0 };
        AtWork { visitor: nobody, began: 0 }
    }
}

impl Visitor {
    /// An item on its way to a plain station.
    #[inline]
    pub(super) fn of(item: &Item, place: u32) -> Visitor {
        Visitor {
            id: item.id,
            entered: item.entered,
            work: 0,
            item: place,
            visit: 1,
            intervals: item.intervals,
            nature: u8::from(item.marks.kept()) | u8::from(item.kind == ItemKind::Contact) << 1,
        }
    }

    #[inline]
    fn has_life(&self) -> bool {
        self.nature & 1 != 0
    }

    #[inline]
    fn is_contact(&self) -> bool {
        self.nature & 2 != 0
    }

    /// The number of its draws at the station: the first attempt of a whole item.
    #[inline]
    fn draw_number(&self) -> u64 {
        u64::from(self.visit) << 32 | 1 << 16
    }
}

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// A visitor comes to a plain station.
    #[inline]
    pub(super) fn enter_plain(&mut self, s: u16, mut visitor: Visitor) {
        let k = usize::from(s);
        let now = self.now;
        visitor.entered = now;
        visitor.visit = self.count_visit(s, visitor.item);
        visitor.work = self.plain_ticks(s, &visitor);
        let station = &self.plan.stations[k];
        let pool = &mut self.pools[usize::from(station.pool.unwrap_or(0))];
        let all_busy = !pool.free();
        let counted = u64::from(now >= self.from && now < self.until);
        let state = &mut self.stations[k];
        state.counts.arrivals_in_all += 1;
        state.counts.arrivals += counted;
        state.counts.first_attempts += counted;
        if all_busy || !state.plain_line.is_empty() {
            state.counts.found_all_busy += counted;
            state.queue.enter(now);
            state.plain_line.push_back(visitor);
            return;
        }
        let Some(place) = state.servers.take_lowest() else { return };
        state.busy.enter(now);
        pool.busy += 1;
        self.start_plain(s, place, visitor);
    }

    /// Service time of a visitor, in ticks.
    #[inline]
    fn plain_ticks(&mut self, s: u16, visitor: &Visitor) -> u64 {
        if visitor.is_contact() {
            return self.contact_ticks(visitor.item);
        }
        let k = usize::from(s);
        let bits = self.stations[k].keys.service.bits(visitor.id, visitor.draw_number());
        let (item, detail) = (&self.items[visitor.item], self.items.detail(visitor.item));
        ticks(&self.plan.stations[k].takes, item, detail, bits)
    }

    /// A server of a plain station begins.
    #[inline]
    fn start_plain(&mut self, s: u16, place: u32, visitor: Visitor) {
        let k = usize::from(s);
        let now = self.now;
        let waited = now - visitor.entered;
        let station = &self.plan.stations[k];
        let state = &mut self.stations[k];
        state.plain_work[place as usize] = AtWork { visitor, began: now };
        if visitor.entered >= self.from && visitor.entered < self.until {
            state.counts.delayed += u64::from(waited > 0);
            state.wait.observe(waited);
            if !station.watches.is_empty() {
                self.watch_start(s, visitor.item, waited);
            }
        }
        if self.plan.watches_orders {
            self.put_down(s, &visitor, visitor.entered);
            self.items.detail_mut(visitor.item).started = now;
            self.watch_order_start(s, visitor.item);
        }
        let server = station.first_server + place;
        let end = (now + visitor.work).min(SimTime::MAX.0 - 1);
        self.services.set(server, key(end, Phase::Completion, server));
    }

    /// A service at a plain station ends: the visitor goes on, then the server.
    #[inline]
    pub(super) fn complete_plain(&mut self, s: u16, server: u32) {
        let k = usize::from(s);
        let now = self.now;
        let station = &self.plan.stations[k];
        let place = server - station.first_server;
        let state = &mut self.stations[k];
        let AtWork { mut visitor, began } = state.plain_work[place as usize];
        let Visitor { entered, work, item, .. } = visitor;
        state.counts.completed_in_all += 1;
        if entered >= self.from && entered < self.until {
            state.counts.completed += 1;
            state.service.observe(work);
            if !station.watches.is_empty() {
                self.watch_end(s, item, now - entered, work);
            }
        }
        if visitor.has_life() {
            self.lengthen_life(s, &mut visitor, began);
        }
        if self.plan.watches_orders {
            self.watch_order_end(s, item);
        }
        if O::WATCHES {
            self.put_down(s, &visitor, now);
            self.items.detail_mut(item).started = began;
            self.tell(s, item, Outcome::Served);
        }
        let fate = self.drawn_way(s, item, visitor.id, visitor.draw_number());
        match fate {
            Fate::To(next) if self.plan.stations[next.index()].plain => self.enter_plain(next.0, visitor),
            _ => {
                self.put_down(s, &visitor, now);
                self.go(item, fate);
            }
        }
        self.go_on_plain(s, place);
    }

    /// Labels the wait and the service of a visit that ends now.
    #[inline]
    fn lengthen_life(&mut self, s: u16, visitor: &mut Visitor, began: u64) {
        let now = self.now;
        if began > visitor.entered {
            visitor.intervals = self.items.lengthen(visitor.item, visitor.intervals, s, Cause::NoPerson, began);
        }
        if now > began {
            visitor.intervals = self.items.lengthen(visitor.item, visitor.intervals, s, Cause::Service, now);
        }
    }

    /// The server takes the next in line, or becomes idle.
    #[inline]
    fn go_on_plain(&mut self, s: u16, place: u32) {
        let now = self.now;
        let state = &mut self.stations[usize::from(s)];
        if let Some(next) = state.plain_line.pop_front() {
            // The server stays busy: only the queue changes.
            state.queue.leave(now);
            self.start_plain(s, place, next);
            return;
        }
        let station = &self.plan.stations[usize::from(s)];
        state.busy.leave(now);
        state.servers.give_back(place);
        self.pools[usize::from(station.pool.unwrap_or(0))].busy -= 1;
        self.services.set(station.first_server + place, NEVER);
    }

    /// Writes what a visitor has carried into its item, whose life is labelled up to `labelled`.
    #[inline]
    fn put_down(&mut self, s: u16, visitor: &Visitor, labelled: u64) {
        let it = &mut self.items[visitor.item];
        it.station = s;
        it.visit = visitor.visit;
        it.attempt = 1;
        it.entered = visitor.entered;
        it.work = visitor.work;
        it.intervals = visitor.intervals;
        it.labelled = labelled;
        it.standing = Standing::Moving;
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
            self.start_plain(s, place, next);
        }
    }

    /// At the end of a run: who is still at a plain station is put down there.
    pub(super) fn put_down_everybody(&mut self) {
        for s in 0..self.stations.len() {
            if !self.plan.stations[s].plain {
                continue;
            }
            let station = u16::try_from(s).expect("stations are numbered by u16");
            for at in 0..self.stations[s].plain_line.len() {
                let visitor = self.stations[s].plain_line[at];
                self.put_down(station, &visitor, visitor.entered);
                self.items[visitor.item].standing = Standing::Waiting;
            }
            for place in 0..self.plan.stations[s].servers {
                if self.stations[s].servers.is_free(place) {
                    continue;
                }
                let AtWork { visitor, began } = self.stations[s].plain_work[place as usize];
                self.put_down(station, &visitor, visitor.entered);
                self.items[visitor.item].standing = Standing::InService;
                let detail = self.items.detail_mut(visitor.item);
                if detail.started == u64::MAX {
                    detail.started = began;
                }
            }
        }
    }
}
