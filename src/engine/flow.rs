//! A visit to a station: enter, wait, start, and the way on.

use super::event_calendar::{Happening, Phase, key};
use super::items::{Item, Standing};
use super::plain::Pass;
use super::simulation::Simulation;
use super::visits::VisitObserver;
use crate::model::{Batch, Discipline, Fate, Route, RouteLeg, WorkUnit};
use crate::observation::{Cause, Stretch};
use crate::random::unit;
use crate::time::SimTime;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Sends an item where it is to go.
    #[inline]
    pub(super) fn go(&mut self, item: u32, fate: Fate) {
        if self.items[item].line > 0 {
            self.lose_line(item, fate);
            return;
        }
        match fate {
            Fate::To(station) => self.enter(station.0, item),
            Fate::Done => self.end(item, true),
            Fate::Cancelled => self.end(item, false),
        }
    }

    /// An item comes to a station.
    #[inline]
    pub(super) fn enter(&mut self, s: u16, item: u32) {
        self.enter_drawn(s, item, None);
    }

    /// An item comes to a station; if that is a plain one, the ticks of its service may be `drawn` already.
    #[inline]
    pub(super) fn enter_drawn(&mut self, s: u16, item: u32, drawn: Option<u64>) {
        if self.stations[usize::from(s)].short.open {
            let it = &self.items[item];
            self.enter_plain(s, it.id, Pass::of(it, item), drawn);
            return;
        }
        let visit = self.count_visit(s, item);
        let it = &mut self.items[item];
        it.station = s;
        it.visit = visit;
        it.attempt = 1;
        self.enter_again(s, item);
    }

    /// The number of the visit that begins, from 1.
    #[inline]
    pub(super) fn count_visit(&mut self, s: u16, item: u32) -> u16 {
        match self.stations[usize::from(s)].plan.circle {
            None => 1,
            Some(circle) => self.items.count_visit(item, circle),
        }
    }

    /// An attempt at a station begins.
    pub(super) fn enter_again(&mut self, s: u16, item: u32) {
        let now = self.now;
        self.items[item].entered = now;
        let detail = self.items.detail_mut(item);
        detail.joined = now;
        detail.started = u64::MAX;
        self.enter_general(s, item);
    }

    pub(super) fn enter_general(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let station = self.stations[k].plan;
        let counted = self.counts(self.now);
        if station.clocks {
            self.reached(s, item);
        }
        if station.of.unit == WorkUnit::Line && self.items[item].line == 0 {
            self.split(s, item);
            return;
        }
        let all_busy = station.pool.is_some_and(|pool| !self.pools[usize::from(pool)].free());
        let first = self.items[item].attempt == 1;
        let state = &mut self.stations[k];
        state.counts.arrivals_in_all += 1;
        if counted {
            state.counts.arrivals += 1;
            state.counts.first_attempts += u64::from(first);
            state.counts.found_all_busy += u64::from(all_busy);
        }
        if station.may_turn_away && self.turns_away(s) {
            self.turn_away(s, item);
            return;
        }
        if station.watches_zero {
            let from = self.from;
            self.stations[k].zero.enter(self.now, from);
        }
        if self.gated(s, item) {
            return;
        }
        self.wait_or_start(s, item);
    }

    /// Whether a station is full, or its bucket empty and nobody may wait for a token.
    fn turns_away(&self, s: u16) -> bool {
        let state = &self.stations[usize::from(s)];
        let station = state.plan;
        let full = station.of.capacity.is_some_and(|capacity| state.queue.now() + state.busy.now() >= capacity);
        let now = self.now;
        let no_token = || state.bucket.as_ref().is_some_and(|bucket| bucket.next_token(now) > now);
        full || (station.turns_away_when_limited() && no_token())
    }

    /// An item that no gate holds back starts, or joins the line.
    pub(super) fn wait_or_start(&mut self, s: u16, item: u32) {
        let state = &self.stations[usize::from(s)];
        let station = state.plan;
        if station.nothing_short && state.outages == 0 {
            self.start_unlimited(s, item);
            return;
        }
        self.join_line(s, item);
        let started = if station.pool.is_some_and(|pool| !self.pools[usize::from(pool)].free()) {
            self.note_cause(s, false);
            false
        } else {
            self.try_start_somebody(s)
        };
        if station.preempts && !started && self.items[item].standing == Standing::Waiting {
            self.preempt_for(s, item);
        }
    }

    #[inline]
    fn join_line(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let station = self.stations[k].plan;
        let due = if station.of.discipline == Discipline::EarliestDue { self.first_due(item) } else { 0 };
        let now = self.now;
        let state = &mut self.stations[k];
        let it = &mut self.items[item];
        if it.standing != Standing::Gated {
            state.queue.enter(now);
        }
        it.standing = Standing::Waiting;
        self.items.detail_mut(item).joined = now;
        let alone = state.line.length() == 0;
        state.line.push(&self.items, item, due);
        if station.causes_vary {
            if alone && state.suspended.is_empty() {
                self.note_cause(s, true);
            }
            if station.counts_equipment {
                self.items.detail_mut(item).lacked = self.stations[k].causes.lacked_until(now);
            }
            if alone {
                self.watch_batch(s);
            }
            if station.patience.is_some() {
                self.lose_patience_later(s, item);
            }
        }
    }

    pub(super) fn lose_patience_later(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let Some(sampler) = &self.plan.stations[k].patience else { return };
        let it = &self.items[item];
        let number = draw_number(it) | u64::from(self.items.detail(item).started != u64::MAX) << 60;
        let seconds = sampler.value(self.stations[k].keys.patience.bits(it.id, number));
        let at = self.now + crate::time::SimDuration::from_seconds(seconds).0;
        let (id, stamp, rank) = (it.id, it.stamp, self.plan.stations[k].rank);
        self.at(at, Phase::Abandon, rank, id, Happening::Abandon(item, stamp));
    }

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
    #[inline]
    pub(super) fn can_start(&mut self, s: u16) -> bool {
        let k = usize::from(s);
        let state = &mut self.stations[k];
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

    /// Sets a timer for a batch that starts with fewer when its first item has waited long enough.
    pub(super) fn watch_batch(&mut self, s: u16) {
        let k = usize::from(s);
        let Some(Batch { after: Some(after), .. }) = self.stations[k].plan.of.batch else { return };
        let Some(first) = self.stations[k].line.first(&self.items) else { return };
        let at = (self.items.detail(first).joined + after.0).max(self.now);
        let (rank, id) = (self.plan.stations[k].rank, self.items[first].id);
        if at > self.now {
            self.at(at, Phase::BatchTimeout, rank, id, Happening::BatchTimeout(s));
        }
    }

    /// Starts the next piece of work: interrupted work of the class in turn first, then the line.
    fn start_next(&mut self, s: u16) {
        let k = usize::from(s);
        let state = &mut self.stations[k];
        if let Some(suspended) = state.suspended.first().copied() {
            let waiting = state.line.first(&self.items).map(|first| self.items[first].priority);
            if waiting.is_none_or(|class| suspended.priority <= class) {
                state.suspended.remove(0);
                self.resume(s, suspended);
                return;
            }
        }
        if let Some(batch) = self.stations[k].plan.of.batch {
            self.start_batch(s, batch);
            return;
        }
        let Some(item) = self.stations[k].line.take_first(&self.items) else { return };
        self.label_wait(s, item);
        self.stations[k].queue.leave(self.now);
        self.items[item].stamp = self.items[item].stamp.wrapping_add(1);
        self.start(s, item);
    }

    /// Labels an item's wait in line with the causes that held while it waited.
    #[inline]
    pub(super) fn label_wait(&mut self, s: u16, item: u32) {
        if self.stations[usize::from(s)].equipment.is_some() {
            self.book_wait_for_equipment(s, item);
        }
        self.label_line(s, item);
    }

    /// Labels an item's life in line up to now.
    #[inline]
    pub(super) fn label_line(&mut self, s: u16, item: u32) {
        if !self.items[item].marks.kept() {
            return;
        }
        let now = self.now;
        let state = &mut self.stations[usize::from(s)];
        if !state.plan.causes_vary {
            self.items.label(item, s, Cause::NoPerson, now);
            return;
        }
        let from = self.items.labelled(item);
        if from >= now {
            return;
        }
        let causes = &mut state.causes;
        let stretch = match causes.only(from, now) {
            Some(cause) => Stretch::new(s, cause, now),
            None => Stretch::mixed(s, now),
        };
        self.items.label_stretch(item, stretch);
        if causes.is_long() {
            let oldest = self.items.oldest().unwrap_or(now);
            causes.forget_before(oldest);
        }
    }

    /// Books how much of a wait in line, before the first start of a counted visit, was for equipment alone.
    fn book_wait_for_equipment(&mut self, s: u16, item: u32) {
        let (now, entered) = (self.now, self.items[item].entered);
        let detail = self.items.detail(item);
        if detail.started != u64::MAX || entered < self.from || entered >= self.until {
            return;
        }
        let state = &mut self.stations[usize::from(s)];
        state.waited_for_equipment += state.causes.lacked_until(now) - detail.lacked;
    }

    /// Puts an item into service; it is in no line any more.
    pub(super) fn start(&mut self, s: u16, item: u32) {
        let work = self.service_ticks(s, item);
        self.begin_visit_service(s, item, work);
        self.take_token(s);
        if self.stations[usize::from(s)].plan.pool.is_none() {
            self.items[item].standing = Standing::InService;
            self.stations[usize::from(s)].busy.enter(self.now);
            self.stations[usize::from(s)].equipment_used += 1;
            self.finish_unlimited_at(s, item, work);
            return;
        }
        self.occupy(s, item, work);
    }

    /// Books the wait of a visit whose service starts for the first time.
    pub(super) fn begin_visit_service(&mut self, s: u16, item: u32, work: u64) {
        let now = self.now;
        self.items.detail_mut(item).started = now;
        let it = &mut self.items[item];
        it.work = work;
        let waited = now - it.entered;
        let entered = it.entered;
        if entered >= self.from && entered < self.until {
            let state = &mut self.stations[usize::from(s)];
            state.counts.delayed += u64::from(waited > 0);
            state.wait.observe(waited);
            if !state.plan.watches.is_empty() {
                self.watch_start(s, item, waited);
            }
        }
        if self.plan.watches_orders {
            self.watch_order_start(s, item);
        }
    }

    /// Takes a person, a server and equipment for `work` ticks.
    #[inline]
    pub(super) fn occupy(&mut self, s: u16, item: u32, work: u64) {
        let k = usize::from(s);
        let state = &mut self.stations[k];
        let station = state.plan;
        let Some(place) = state.servers.take_lowest() else { return };
        let server = station.first_server + place;
        state.busy.enter(self.now);
        state.equipment_used += 1;
        if station.of.batch.is_some() {
            state.at_work.enter(self.now);
        }
        if let Some(pool) = station.pool {
            let pool = &mut self.pools[usize::from(pool)];
            pool.busy += 1;
            pool.busy_level.enter(self.now);
        }
        self.items[item].standing = Standing::InService;
        self.in_service[server as usize] = item;
        self.service_began[server as usize] = self.now;
        let end = (self.now + work).min(SimTime::MAX.0 - 1);
        self.services.set(server, key(end, Phase::Completion, server));
    }

    /// An item starts at a station where nobody and nothing is short.
    fn start_unlimited(&mut self, s: u16, item: u32) {
        let work = self.service_ticks(s, item);
        if self.items[item].standing == Standing::Gated {
            self.stations[usize::from(s)].queue.leave(self.now);
        }
        self.begin_visit_service(s, item, work);
        self.items[item].standing = Standing::InService;
        let state = &mut self.stations[usize::from(s)];
        state.busy.enter(self.now);
        state.equipment_used += 1;
        self.finish_unlimited_at(s, item, work);
    }

    pub(super) fn finish_unlimited_at(&mut self, s: u16, item: u32, work: u64) {
        let rank = self.stations[usize::from(s)].plan.rank;
        let id = self.items[item].id;
        self.at((self.now + work).min(SimTime::MAX.0 - 1), Phase::Completion, rank, id, Happening::Served(item));
    }

    /// Where an item goes from a station.
    #[inline]
    pub(super) fn way_on(&mut self, s: u16, item: u32) -> Fate {
        let it = &self.items[item];
        self.drawn_way(s, item, it.id, draw_number(it))
    }

    /// Where an item goes from a station by draw `number` of its identity.
    #[inline]
    pub(super) fn drawn_way(&self, s: u16, item: u32, id: u64, number: u64) -> Fate {
        let state = &self.stations[usize::from(s)];
        let station = state.plan;
        match station.only_way {
            Some(fate) => fate,
            None => {
                let bits = state.keys.route.bits(id, number);
                if station.ways_for_all {
                    by_share(station.of.route.legs.iter(), bits)
                } else {
                    choose(&station.of.route, &self.items[item], bits)
                }
            }
        }
    }
}

/// The number of a draw at a station: visit, attempt and line, so that none depends on another.
#[inline]
pub(super) fn draw_number(item: &Item) -> u64 {
    u64::from(item.visit) << 32 | u64::from(item.attempt) << 16 | u64::from(item.line)
}

/// The way of a route that an item takes.
pub(super) fn choose(route: &Route, item: &Item, bits: u64) -> Fate {
    let open = |leg: &&RouteLeg| {
        leg.lines.is_none_or(|(low, high)| (low..=high).contains(&item.lines))
            && (leg.sources.is_empty() || leg.sources.iter().any(|source| source.0 == item.source))
    };
    let ways = route.legs.iter().filter(open);
    let mut first_two = ways.clone();
    match (first_two.next(), first_two.next()) {
        (Some(only), None) => only.to,
        _ => by_share(ways, bits),
    }
}

/// The way whose share the bits fall into.
#[inline]
pub(super) fn by_share<'a>(legs: impl Iterator<Item = &'a RouteLeg> + Clone, bits: u64) -> Fate {
    let total: f64 = legs.clone().map(|leg| leg.share).sum();
    let mut left = unit(bits) * total;
    let mut last = Fate::Done;
    for leg in legs {
        last = leg.to;
        left -= leg.share;
        if left < 0.0 {
            return leg.to;
        }
    }
    last
}
