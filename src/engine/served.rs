//! The end of a service: what is booked of it, and what follows.

use super::event_calendar::NEVER;
use super::items::{NO_ITEM, Standing};
use super::simulation::{Move, Simulation};
use super::visits::{Outcome, VisitObserver, VisitRow};
use crate::model::SourceId;
use crate::observation::Cause;
use crate::time::SimTime;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// A service at an unlimited station ends.
    pub(super) fn complete_unlimited(&mut self, first: u32) {
        let s = self.items[first].station;
        let state = &mut self.stations[usize::from(s)];
        state.equipment_used -= 1;
        self.serve_all(s, first);
        let state = &self.stations[usize::from(s)];
        if state.plan.causes_vary && !state.nobody_ready() {
            self.try_start(s);
        }
    }

    /// A service at a limited station ends.
    #[inline]
    pub(super) fn complete(&mut self, server: u32) {
        let at = &mut self.servers[server as usize];
        let s = at.station;
        if self.stations[usize::from(s)].short.open {
            self.complete_at_plain(s, server);
            return;
        }
        let first = std::mem::replace(&mut at.item, NO_ITEM);
        // It was last looked at when its service began: all of its memory is sent for at once.
        self.items.send_for_all(first);
        self.serve_all(s, first);
        self.free_server(s, server);
        if !self.servers[server as usize].is_busy() {
            self.services.set(server, NEVER);
        }
    }

    /// Every item of a finished piece of work is served and goes on; then those who served them look for work, perhaps on
    /// these items.
    #[inline]
    fn serve_all(&mut self, s: u16, first: u32) {
        debug_assert!(self.moves.is_empty(), "an event begins when everybody has come where he was going");
        if self.stations[usize::from(s)].plan.of.batch.is_some() {
            self.serve_batch(s, first);
        } else {
            self.served(s, first);
            self.after_service(s, first);
        }
        if !self.moves.is_empty() {
            self.make_moves();
        }
    }

    fn serve_batch(&mut self, s: u16, first: u32) {
        let mut at = first;
        while at != NO_ITEM {
            let item = at;
            at = std::mem::replace(&mut self.items.detail_mut(item).next, NO_ITEM);
            self.served(s, item);
            if self.stations[usize::from(s)].plan.goes_on_at_once && !O::WATCHES {
                let fate = self.way_on(s, item);
                self.moves.push_back(Move::Item(item, fate));
            } else {
                self.after_service_of_some_kind(s, item, true);
            }
        }
    }

    /// Books work on an order for the day table. Of a cart's tour each order gets what it would in a full one: the least it
    /// can be.
    #[inline(never)]
    fn book_due_work(&mut self, s: u16, pool: usize, item: u32, work: u64) {
        let source = self.items[self.items.order_of(item)].source;
        if self.plan.model.slas.first().is_some_and(|sla| sla.covers(SourceId(source))) {
            let due = SimTime(self.first_due(item));
            let sharing = self.stations[usize::from(s)].plan.sharing;
            self.days.worked(pool, due, SimTime(self.now), if sharing == 1 { work } else { work / sharing });
        }
    }

    /// Books the end of an item's service.
    #[inline(always)]
    fn served(&mut self, s: u16, item: u32) {
        let now = self.now;
        self.items.label(item, s, Cause::Service, now);
        let it = &mut self.items[item];
        it.standing = Standing::Moving;
        let (entered, work) = (it.entered, it.work);
        let counted = entered >= self.from && entered < self.until;
        let state = &mut self.stations[usize::from(s)];
        let station = state.plan;
        state.busy.leave(now);
        state.counts.completed_in_all += 1;
        if counted {
            state.counts.completed += 1;
            state.service.observe(work);
        }
        if station.watches_zero {
            state.zero.leave(now);
        }
        if state.told {
            self.tell_served(s, item, counted.then_some((now - entered, work)));
        }
        if let Some(pool) = station.due_work {
            self.book_due_work(s, pool, item, work);
        }
    }

    /// Tells those who look on that a service ends; how long visit and work took, if the visit counts.
    #[cold]
    #[inline(never)]
    fn tell_served(&mut self, s: u16, item: u32, took: Option<(u64, u64)>) {
        if let Some((visit, work)) = took {
            self.watch_end(s, item, visit, work);
        }
        if self.plan.watches_orders {
            self.watch_order_end(s, item);
        }
    }

    /// What follows a service at which nobody else was served: the way on is gone at once, nobody being on the move.
    #[inline]
    fn after_service(&mut self, s: u16, item: u32) {
        if self.stations[usize::from(s)].plan.goes_on_at_once && !O::WATCHES {
            let fate = self.way_on(s, item);
            self.go(item, fate);
        } else {
            self.after_service_of_some_kind(s, item, false);
        }
    }

    /// What follows a service: a failed attempt, the lines of the order, an exception, or the way on, which is gone later
    /// where others were served with the item.
    fn after_service_of_some_kind(&mut self, s: u16, item: u32, with_others: bool) {
        let station = self.stations[usize::from(s)].plan;
        let fails = station.of.retry.is_some() && self.attempt_fails(s, item);
        if O::WATCHES {
            self.tell(s, item, if fails { Outcome::Failed } else { Outcome::Served });
        }
        if fails {
            self.fail(s, item);
            return;
        }
        if station.stops_clocks {
            self.stopped_at(s, item);
        }
        if self.items[item].line > 0 {
            self.join(s, item);
            return;
        }
        if station.is_desk && self.at_its_desk(s, item) {
            self.resolve(item);
            return;
        }
        if !station.struck_by.is_empty() && self.struck(s, item) {
            return;
        }
        let fate = self.way_on(s, item);
        if with_others {
            self.moves.push_back(Move::Item(item, fate));
        } else {
            self.go(item, fate);
        }
    }

    /// Tells the observer of a visit.
    pub(super) fn tell(&mut self, s: u16, item: u32, outcome: Outcome) {
        let it = &self.items[item];
        let started = self.items.detail(item).started;
        let row = VisitRow {
            item: it.id,
            source: it.source,
            rank: self.items[item].rank,
            line: it.line,
            station: s,
            visit: it.visit,
            attempt: it.attempt,
            arrived: SimTime(it.entered),
            started: (started != u64::MAX).then_some(SimTime(started)),
            ended: SimTime(self.now),
            outcome,
        };
        self.observer.visit(row);
    }
}
