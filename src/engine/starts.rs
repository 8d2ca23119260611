//! Service starts: whoever is next is taken from the line, and takes a person, a server and equipment.

use super::event_calendar::{Phase, Services, key};
use super::items::{Detail, Item, NO_ITEM, Standing};
use super::simulation::Simulation;
use super::state::{PoolState, StationState};
use super::timers::Happening;
use super::visits::VisitObserver;
use crate::time::SimTime;

/// A server of a station that has only so many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    /// When it began with what it has in hand.
    pub(super) began: u64,
    /// The item in service, or the first of its batch.
    pub(super) item: u32,
    pub(super) station: u16,
    /// Whether it belongs to an old crew, which only finishes.
    pub(super) old_crew: bool,
}

impl Server {
    pub(super) fn idle(station: u16) -> Server {
        Server { began: 0, item: NO_ITEM, station, old_crew: false }
    }

    #[inline]
    pub(super) fn is_busy(&self) -> bool {
        self.item != NO_ITEM
    }
}

impl StationState<'_> {
    /// Books the wait of a visit whose service starts for the first time. Says whether the visit counts: whether it began
    /// within `window`.
    #[inline(always)]
    pub(super) fn book_start(
        &mut self,
        it: &mut Item,
        detail: &mut Detail,
        work: u64,
        now: u64,
        window: (u64, u64),
    ) -> bool {
        detail.started = now;
        it.work = work;
        it.standing = Standing::InService;
        let counted = it.entered >= window.0 && it.entered < window.1;
        if counted {
            let waited = now - it.entered;
            self.counts.delayed += u64::from(waited > 0);
            self.wait.observe(waited);
        }
        counted
    }

    /// Takes a person, a server and equipment for `work` ticks.
    #[inline(always)]
    pub(super) fn occupy(
        &mut self,
        item: u32,
        work: u64,
        now: u64,
        (pool, servers, services): (&mut PoolState<'_>, &mut [Server], &mut Services),
    ) {
        let Some(place) = self.servers.take_lowest() else { return };
        self.busy.enter(now);
        self.equipment_used += 1;
        if self.plan.of.batch.is_some() {
            self.at_work.enter(now);
        }
        pool.busy += 1;
        pool.busy_level.enter(now);
        let server = self.plan.first_server + place;
        let at = &mut servers[server as usize];
        at.item = item;
        at.began = now;
        let end = (now + work).min(SimTime::MAX.0 - 1);
        services.set(server, key(end, Phase::Completion, server));
    }
}

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Starts whatever can start at a station now. Says whether anything did.
    #[inline]
    pub(super) fn try_start(&mut self, s: u16) -> bool {
        !self.stations[usize::from(s)].nobody_ready() && self.try_start_somebody(s)
    }

    /// [`Simulation::try_start`] where somebody is ready.
    pub(super) fn try_start_somebody(&mut self, s: u16) -> bool {
        let mut any = false;
        while self.can_start(s) {
            self.start_next(s);
            any = true;
        }
        if !self.stations[usize::from(s)].nobody_ready() {
            self.note_cause(s, false);
        }
        any
    }

    /// Whether work can start at a station now. When only a token is missing, a timer waits for it.
    #[inline(always)]
    fn can_start(&mut self, s: u16) -> bool {
        let state = &mut self.stations[usize::from(s)];
        let station = state.plan;
        if state.nobody_ready() {
            return false;
        }
        if let Some(pool) = station.pool
            && !(self.pools[usize::from(pool)].free() && state.servers.any())
        {
            return false;
        }
        if !station.causes_vary {
            return true;
        }
        if state.outages > 0 || state.equipment.is_some_and(|all| state.equipment_used >= all) {
            return false;
        }
        if !state.suspended.is_empty() {
            return true;
        }
        if let Some(batch) = station.of.batch
            && !state.batch_is_ready(batch, &self.items, self.now)
        {
            return false;
        }
        state.bucket.is_none() || self.has_token(s)
    }

    /// Starts the next piece of work: interrupted work of the class in turn first, then the line.
    #[inline(always)]
    fn start_next(&mut self, s: u16) {
        let state = &mut self.stations[usize::from(s)];
        if !state.suspended.is_empty() && self.resume_first(s) {
            return;
        }
        let state = &mut self.stations[usize::from(s)];
        if let Some(batch) = state.plan.of.batch {
            self.start_batch(s, batch);
            return;
        }
        let Some(item) = state.line.take_first(&self.items) else { return };
        state.end_wait(s, &mut self.items, item, self.now, (self.from, self.until));
        self.start(s, item);
    }

    /// Puts an item that is in no line any more into service.
    ///
    /// There is one copy of it, so that it stays among the instructions that the processor has at hand.
    #[inline(never)]
    pub(super) fn start(&mut self, s: u16, item: u32) {
        let work = self.service_ticks(s, item);
        let (now, from, until) = (self.now, self.from, self.until);
        // Station and item are borrowed once for everything, beside the other parts of the run.
        let state = &mut self.stations[usize::from(s)];
        let (it, detail) = self.items.with_detail(item);
        let counted = state.book_start(it, detail, work, now, (from, until));
        if let Some(bucket) = &mut state.bucket {
            bucket.take(now, from);
        }
        let told = state.told.then_some((counted, now - it.entered));
        match state.plan.pool {
            Some(pool) => state.occupy(
                item,
                work,
                now,
                (&mut self.pools[usize::from(pool)], &mut self.servers, &mut self.services),
            ),
            None => {
                state.busy.enter(now);
                state.equipment_used += 1;
                self.finish_unlimited_at(s, item, work);
            }
        }
        if let Some((counted, waited)) = told {
            self.tell_started(s, item, counted.then_some(waited));
        }
    }

    /// Tells those who look on that a service starts; after so long a wait, if the visit counts.
    #[cold]
    #[inline(never)]
    pub(super) fn tell_started(&mut self, s: u16, item: u32, waited: Option<u64>) {
        if let Some(waited) = waited {
            self.watch_start(s, item, waited);
        }
        if self.plan.watches_orders {
            self.watch_order_start(s, item);
        }
    }

    /// Sets the end of a service at a station without servers of its own.
    pub(super) fn finish_unlimited_at(&mut self, s: u16, item: u32, work: u64) {
        let rank = self.stations[usize::from(s)].plan.rank;
        let id = self.items[item].id;
        self.at((self.now + work).min(SimTime::MAX.0 - 1), Phase::Completion, rank, id, Happening::Served(item));
    }
}
