//! A visit to a station: enter, wait, start, be served, go on.

use super::event_calendar::{Happening, NEVER, Phase, key};
use super::items::{Item, NO_ITEM, Standing};
use super::plan::{SpreadPlan, Takes};
use super::simulation::{Outcome, Simulation, VisitObserver, VisitRow, blank_item};
use super::state::{Suspended, chain};
use crate::model::{Batch, Discipline, Fate, Route, WhenFull, WorkUnit};
use crate::observation::Cause;
use crate::random::{chance, unit};
use crate::time::SimTime;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Sends an item where it is to go.
    #[inline]
    pub(super) fn go(&mut self, item: u32, fate: Fate) {
        match fate {
            Fate::To(station) => self.enter(station.0, item),
            Fate::Done => self.end(item, true),
            Fate::Cancelled => self.end(item, false),
        }
    }

    /// An item comes to a station.
    #[inline]
    pub(super) fn enter(&mut self, s: u16, item: u32) {
        let station = &self.plan.stations[usize::from(s)];
        let now = self.now;
        let visit = match station.circle {
            None => 1,
            Some(circle) => self.items.count_visit(item, circle),
        };
        let it = &mut self.items[item];
        it.station = s;
        it.entered = now;
        it.joined = now;
        it.started = u64::MAX;
        it.visit = visit;
        it.attempt = 1;
        if station.plain {
            let state = &mut self.stations[usize::from(s)];
            state.counts.arrivals_in_all += 1;
            let counted = now >= self.from && now < self.until;
            state.counts.arrivals += u64::from(counted);
            let pool = &self.pools[usize::from(station.pool.unwrap_or(0))];
            if pool.free() && state.nobody_ready() {
                self.start(s, item);
            } else {
                if !pool.free() {
                    state.counts.found_all_busy += u64::from(counted);
                }
                self.join_line(s, item);
            }
        } else {
            self.enter_general(s, item);
        }
    }

    /// A new attempt at a station with retries or refusals.
    pub(super) fn enter_again(&mut self, s: u16, item: u32) {
        let it = &mut self.items[item];
        it.entered = self.now;
        it.joined = self.now;
        it.started = u64::MAX;
        self.enter_general(s, item);
    }

    fn enter_general(&mut self, s: u16, item: u32) {
        let station = &self.plan.stations[usize::from(s)];
        let k = usize::from(s);
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
        if let Some(capacity) = station.of.capacity
            && state.queue.now() + state.busy.now() >= capacity
        {
            self.turn_away(s, item);
            return;
        }
        if station.turns_away_when_limited() {
            let now = self.now;
            let empty = state.bucket.as_ref().is_some_and(|bucket| bucket.next_token(now) > now);
            if empty {
                self.turn_away(s, item);
                return;
            }
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

    /// An item that no gate holds back starts, or joins the line.
    pub(super) fn wait_or_start(&mut self, s: u16, item: u32) {
        let station = &self.plan.stations[usize::from(s)];
        if station.pool.is_none()
            && station.of.batch.is_none()
            && station.of.rate_limit.is_none()
            && station.of.equipment.is_none()
            && self.stations[usize::from(s)].outages == 0
        {
            self.start_unlimited(s, item);
            return;
        }
        self.join_line(s, item);
        if !self.try_start(s) && self.items[item].standing == Standing::Waiting {
            self.preempt_for(s, item);
        }
    }

    #[inline]
    fn join_line(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        let due = if station.of.discipline == Discipline::EarliestDue { self.first_due(item) } else { 0 };
        let now = self.now;
        let state = &mut self.stations[k];
        let it = &mut self.items[item];
        if it.standing != Standing::Gated {
            state.queue.enter(now);
        }
        it.standing = Standing::Waiting;
        it.joined = now;
        let alone = state.line.length() == 0;
        state.line.push(&self.items, item, due);
        if station.drawn_in_line {
            // Drawn here, beside the work of joining, rather than between the end of one service and the start of the
            // next, where everything waits for it.
            let work = self.service_ticks(s, item);
            self.items[item].work = work;
        }
        if station.causes_vary {
            if alone && self.stations[k].suspended.is_empty() {
                self.note_cause(s, true);
            }
            if alone {
                self.watch_batch(s);
            }
            if station.patience.is_some() {
                self.lose_patience_later(s, item);
            }
        }
    }

    fn lose_patience_later(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let Some(sampler) = &self.plan.stations[k].patience else { return };
        let it = &self.items[item];
        let number = draw_number(it) | u64::from(it.started != u64::MAX) << 60;
        let seconds = sampler.value(self.stations[k].keys.patience.bits(it.id, number));
        let at = self.now + crate::time::SimDuration::from_seconds(seconds).0;
        let (id, stamp, rank) = (it.id, it.stamp, self.plan.stations[k].rank);
        self.at(at, Phase::Abandon, rank, id, Happening::Abandon(item, stamp));
    }

    /// Starts whatever can start at a station now. Says whether anything did.
    pub(super) fn try_start(&mut self, s: u16) -> bool {
        let mut any = false;
        while self.can_start(s) {
            self.start_next(s);
            any = true;
        }
        if self.plan.stations[usize::from(s)].causes_vary && !self.stations[usize::from(s)].nobody_ready() {
            self.note_cause(s, false);
        }
        any
    }

    /// Whether work can start at a station now. When only a token is missing, a timer waits for it.
    pub(super) fn can_start(&mut self, s: u16) -> bool {
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        let state = &mut self.stations[k];
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
            && !self.batch_is_ready(s, batch)
        {
            return false;
        }
        self.has_token(s)
    }

    pub(super) fn batch_is_ready(&mut self, s: u16, batch: Batch) -> bool {
        let state = &mut self.stations[usize::from(s)];
        if state.line.length() >= batch.min {
            return true;
        }
        let Some(after) = batch.after else { return false };
        let Some(first) = state.line.first(&self.items) else { return false };
        self.items[first].joined + after.0 <= self.now
    }

    /// Sets a timer for a batch that starts with fewer when its first item has waited long enough.
    fn watch_batch(&mut self, s: u16) {
        let k = usize::from(s);
        let Some(Batch { after: Some(after), .. }) = self.plan.stations[k].of.batch else { return };
        let Some(first) = self.stations[k].line.first(&self.items) else { return };
        let at = (self.items[first].joined + after.0).max(self.now);
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
        if let Some(batch) = self.plan.stations[k].of.batch {
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
    fn label_wait(&mut self, s: u16, item: u32) {
        if !self.items[item].marks.kept {
            return;
        }
        let now = self.now;
        if !self.plan.stations[usize::from(s)].causes_vary {
            self.items.label(item, s, Cause::NoPerson, now);
            return;
        }
        let from = self.items[item].labelled;
        if from >= now {
            return;
        }
        let items = &mut self.items;
        self.stations[usize::from(s)].causes.split(from, now, |cause, end| items.label(item, s, cause, end));
    }

    /// Puts an item into service; it is in no line any more.
    fn start(&mut self, s: u16, item: u32) {
        let work = self.service_ticks(s, item);
        self.begin_visit_service(s, item, work);
        self.take_token(s);
        if self.plan.stations[usize::from(s)].pool.is_none() {
            self.items[item].standing = Standing::InService;
            self.stations[usize::from(s)].busy.enter(self.now);
            self.stations[usize::from(s)].equipment_used += 1;
            self.finish_unlimited_at(s, item, work);
            return;
        }
        self.occupy(s, item, work);
    }

    /// Books the wait of a visit whose service starts for the first time.
    fn begin_visit_service(&mut self, s: u16, item: u32, work: u64) {
        let now = self.now;
        let it = &mut self.items[item];
        it.started = now;
        it.work = work;
        let waited = now - it.entered;
        let entered = it.entered;
        if entered >= self.from && entered < self.until {
            let state = &mut self.stations[usize::from(s)];
            state.counts.delayed += u64::from(waited > 0);
            state.wait.observe(waited);
            if !self.plan.stations[usize::from(s)].watches.is_empty() {
                self.watch_start(s, item, waited);
            }
        }
        if self.plan.watches_orders {
            self.watch_order_start(s, item);
        }
    }

    /// Takes a person, a server and equipment for `work` ticks.
    #[inline]
    fn occupy(&mut self, s: u16, item: u32, work: u64) {
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        let state = &mut self.stations[k];
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

    fn start_batch(&mut self, s: u16, batch: Batch) {
        let k = usize::from(s);
        let mut first = NO_ITEM;
        let mut last = NO_ITEM;
        let mut size = 0_u32;
        let mut content = (0_u32, 0_u32);
        while size < batch.max {
            let Some(item) = self.stations[k].line.take_first(&self.items) else { break };
            self.label_wait(s, item);
            self.stations[k].queue.leave(self.now);
            let it = &mut self.items[item];
            it.stamp = it.stamp.wrapping_add(1);
            it.next = NO_ITEM;
            content = (content.0 + it.lines, content.1 + it.units);
            if first == NO_ITEM {
                first = item;
            } else {
                self.items[last].next = item;
            }
            last = item;
            size += 1;
        }
        let work = if batch.adds_up { self.batch_ticks(s, first, size, content) } else { self.service_ticks(s, first) };
        for item in chain(&self.items, first).collect::<Vec<_>>() {
            self.begin_visit_service(s, item, work);
            self.items[item].standing = Standing::InService;
        }
        self.take_token(s);
        self.count_batch(s, size, batch.max);
        for _ in 1..size {
            self.stations[k].busy.enter(self.now);
        }
        if self.plan.stations[k].pool.is_none() {
            self.stations[k].busy.enter(self.now);
            self.stations[k].equipment_used += 1;
            self.finish_unlimited_at(s, first, work);
        } else {
            self.occupy(s, first, work);
        }
        if self.stations[k].line.length() > 0 {
            self.watch_batch(s);
        }
    }

    fn count_batch(&mut self, s: u16, size: u32, max: u32) {
        if !self.counting {
            return;
        }
        let state = &mut self.stations[usize::from(s)];
        state.counts.batches += 1;
        state.counts.full_batches += u64::from(size == max);
        state.groups.count += 1;
        state.groups.sum += u64::from(size);
        state.groups.squares += u64::from(size) * u64::from(size);
    }

    /// Service time of one item, in ticks.
    #[inline]
    fn service_ticks(&mut self, s: u16, item: u32) -> u64 {
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        let it = &self.items[item];
        if it.kind == crate::model::ItemKind::Contact {
            return self.contact_ticks(item);
        }
        if it.diversion != super::items::NO_DIVERSION && self.is_desk_of(it.diversion, s) {
            return self.desk_ticks(s, item);
        }
        let takes = if station.takes_of.is_empty() {
            &station.takes
        } else {
            station.takes_of.iter().find(|(source, _)| source.0 == it.source).map_or(&station.takes, |(_, takes)| takes)
        };
        let bits = self.stations[k].keys.service.bits(it.id, draw_number(it));
        let (lines, units) = if it.line > 0 { (1, 1) } else { (it.lines, it.units) };
        let ticks = ticks(takes, lines, units, it.rank, bits);
        self.at_speed(s, ticks)
    }

    /// Service time of a batch whose work contents add up, with one variate for the whole.
    fn batch_ticks(&mut self, s: u16, first: u32, size: u32, content: (u32, u32)) -> u64 {
        let k = usize::from(s);
        let takes = &self.plan.stations[k].takes;
        let it = &self.items[first];
        let bits = self.stations[k].keys.service.bits(it.id, draw_number(it));
        let mut work = takes.fixed * f64::from(size)
            + takes.per_line * f64::from(content.0)
            + takes.per_unit * f64::from(content.1);
        if let SpreadPlan::Variate(sampler) = &takes.spread {
            work *= sampler.value(bits);
        }
        self.at_speed(s, to_ticks(work))
    }

    /// Ticks of work at the present speed of the station and its people.
    #[inline]
    #[expect(clippy::float_cmp, reason = "the speed is exactly 1 unless a control or a roster has set another")]
    pub(super) fn at_speed(&self, s: u16, ticks: u64) -> u64 {
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        if !station.causes_vary {
            return ticks;
        }
        let people = station.pool.map_or(1.0, |pool| self.pools[usize::from(pool)].speed);
        let speed = self.stations[k].speed * people;
        if speed == 1.0 { ticks } else { to_ticks(ticks as f64 / speed) }
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

    fn finish_unlimited_at(&mut self, s: u16, item: u32, work: u64) {
        let rank = self.plan.stations[usize::from(s)].rank;
        let id = self.items[item].id;
        self.at((self.now + work).min(SimTime::MAX.0 - 1), Phase::Completion, rank, id, Happening::Served(item));
    }

    /// A service at an unlimited station ends.
    pub(super) fn complete_unlimited(&mut self, first: u32) {
        let s = self.items[first].station;
        let state = &mut self.stations[usize::from(s)];
        state.equipment_used -= 1;
        self.serve_all(s, first);
        if self.plan.stations[usize::from(s)].causes_vary && !self.stations[usize::from(s)].nobody_ready() {
            self.try_start(s);
        }
    }

    /// A service at a limited station ends.
    #[inline]
    pub(super) fn complete(&mut self, server: u32) {
        let s = self.server_station[server as usize];
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        let first = self.in_service[server as usize];
        if station.plain && station.plain_end {
            self.served(s, first);
            let fate = self.way_on(s, first);
            self.go(first, fate);
            self.free_plain(s, server);
            return;
        }
        self.services.set(server, NEVER);
        self.in_service[server as usize] = NO_ITEM;
        self.serve_all(s, first);
        self.free_server(s, server);
    }

    /// A server of a plain station goes on to the next in line, or becomes idle.
    #[inline]
    fn free_plain(&mut self, s: u16, server: u32) {
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        let pool = usize::from(station.pool.unwrap_or(0));
        let leaves = self.pools[pool].busy > self.pools[pool].present || self.old_crew[server as usize];
        if !leaves && self.stations[k].suspended.is_empty() {
            if let Some(next) = self.stations[k].line.take_first(&self.items) {
                self.label_wait(s, next);
                let now = self.now;
                let it = &mut self.items[next];
                it.stamp = it.stamp.wrapping_add(1);
                it.standing = Standing::InService;
                let work = it.work;
                // The server stays busy: queue and busy change by one each, people not at all.
                let state = &mut self.stations[k];
                state.queue.leave(now);
                state.busy.enter(now);
                let work = if station.drawn_in_line { work } else { self.service_ticks(s, next) };
                self.begin_visit_service(s, next, work);
                self.in_service[server as usize] = next;
                self.service_began[server as usize] = now;
                let end = (now + work).min(SimTime::MAX.0 - 1);
                self.services.set(server, key(end, Phase::Completion, server));
                return;
            }
        }
        self.services.set(server, NEVER);
        self.in_service[server as usize] = NO_ITEM;
        self.free_server(s, server);
    }

    /// Every item of a finished piece of work is served and goes on.
    fn serve_all(&mut self, s: u16, first: u32) {
        let mut at = first;
        while at != NO_ITEM {
            let item = at;
            at = self.items[item].next;
            self.items[item].next = NO_ITEM;
            self.served(s, item);
            self.after_service(s, item);
            if self.plan.stations[usize::from(s)].of.batch.is_none() {
                break;
            }
        }
    }

    /// Books the end of an item's service.
    #[inline]
    fn served(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let now = self.now;
        self.items.label(item, s, Cause::Service, now);
        let it = &mut self.items[item];
        it.standing = Standing::Moving;
        let (entered, work) = (it.entered, it.work);
        let state = &mut self.stations[k];
        state.busy.leave(now);
        state.counts.completed_in_all += 1;
        if entered >= self.from && entered < self.until {
            state.counts.completed += 1;
            state.service.observe(work);
            if !self.plan.stations[k].watches.is_empty() {
                self.watch_end(s, item, now - entered, work);
            }
        }
        if self.plan.stations[k].watches_zero {
            self.stations[k].zero.leave(now);
        }
        if O::WATCHES {
            self.tell(s, item, Outcome::Served);
        }
        if self.plan.watches_orders {
            self.watch_order_end(s, item);
        }
    }

    /// What follows a service: a failed attempt, the lines of the order, an exception, or the way on.
    fn after_service(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        if self.plan.stations[k].clocks {
            self.stopped_at(s, item);
        }
        if self.plan.stations[k].of.retry.is_some() && self.failed(s, item) {
            return;
        }
        if self.items[item].line > 0 {
            self.join(s, item);
            return;
        }
        if self.items[item].diversion != super::items::NO_DIVERSION && self.is_desk_of(self.items[item].diversion, s) {
            self.resolve(item);
            return;
        }
        if !self.plan.stations[k].struck_by.is_empty() && self.struck(s, item) {
            return;
        }
        let fate = self.way_on(s, item);
        self.moves.push_back((item, fate));
    }

    /// Where an item goes from a station.
    #[inline]
    pub(super) fn way_on(&mut self, s: u16, item: u32) -> Fate {
        let k = usize::from(s);
        match self.plan.stations[k].only_way {
            Some(fate) => fate,
            None => {
                let it = &self.items[item];
                let bits = self.stations[k].keys.route.bits(it.id, draw_number(it));
                choose(&self.plan.stations[k].of.route, it, bits)
            }
        }
    }

    /// Whether the attempt failed; if so, the item is on its way to the next attempt or to where failures end.
    fn failed(&mut self, s: u16, item: u32) -> bool {
        let k = usize::from(s);
        let Some(retry) = &self.plan.stations[k].of.retry else { return false };
        let it = &self.items[item];
        let (entered, attempt) = (it.entered, it.attempt);
        let bits = self.stations[k].keys.failure.bits(it.id, draw_number(it));
        let fails = self.stations[k].failure_factor.is_some_and(|threshold| chance(bits, threshold));
        let counted = self.counts(entered);
        let counts = &mut self.stations[k].counts;
        counts.attempts += u64::from(counted);
        if !fails {
            counts.first_succeeded += u64::from(counted && attempt == 1);
            return false;
        }
        if u32::from(attempt) >= retry.attempts {
            counts.gave_up += u64::from(counted);
            self.moves.push_back((item, retry.then));
            return true;
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
        true
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
    fn turn_away(&mut self, s: u16, item: u32) {
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
            WhenFull::TurnAway(fate) => self.moves.push_back((item, *fate)),
            WhenFull::TryAgain { persist, .. } => {
                let it = &self.items[item];
                let number = draw_number(it);
                let bits = self.stations[k].keys.backoff.bits(it.id, number);
                let persists = attempt == 1 || unit(self.stations[k].keys.failure.bits(it.id, number)) < *persist;
                if !persists {
                    self.stations[k].counts.gave_up += u64::from(counted);
                    self.moves.push_back((item, Fate::Cancelled));
                    return;
                }
                let seconds = self.plan.stations[k].orbit.as_ref().map_or(0.0, |sampler| sampler.value(bits));
                self.try_again_after(s, item, crate::time::SimDuration::from_seconds(seconds).0);
            }
        }
    }

    /// An item's patience ends, if it still waits the wait it was set for.
    pub(super) fn abandon(&mut self, item: u32, stamp: u32) {
        if self.items[item].stamp != stamp {
            return;
        }
        let s = self.items[item].station;
        let k = usize::from(s);
        match self.items[item].standing {
            Standing::Waiting => self.stations[k].line.leave(&self.items, item),
            Standing::Suspended => self.stations[k].suspended.retain(|suspended| suspended.item != item),
            _ => return,
        }
        self.label_wait(s, item);
        self.stations[k].queue.leave(self.now);
        let it = &mut self.items[item];
        it.stamp = it.stamp.wrapping_add(1);
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
        self.moves.push_back((item, then));
    }

    /// A newcomer of a higher class interrupts the lowest class in service that began last.
    fn preempt_for(&mut self, s: u16, item: u32) {
        let k = usize::from(s);
        let station = &self.plan.stations[k];
        if station.of.discipline != (Discipline::Priority { preemptive: true }) || self.stations[k].outages > 0 {
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
        let end = super::event_calendar::time_of(self.services.of(server));
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
            it.joined = self.now;
        }
        let it = &self.items[first];
        let suspended = Suspended { priority: it.priority, entered: it.entered, id: it.id, item: first, left };
        let list = &mut self.stations[k].suspended;
        let turn = |s: &Suspended| (s.priority, s.entered, s.id);
        let place = list.partition_point(|other| turn(other) < turn(&suspended));
        list.insert(place, suspended);
        if self.plan.stations[k].patience.is_some() {
            self.lose_patience_later(s, first);
        }
        self.release_server(s, server);
        self.note_cause(s, false);
    }

    /// Takes up interrupted work again.
    fn resume(&mut self, s: u16, suspended: Suspended) {
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

    /// An order comes to a station that works its lines apart.
    fn split(&mut self, s: u16, order: u32) {
        let now = self.now;
        let parent = self.items[order].clone();
        self.items[order].open_lines = parent.lines;
        self.items[order].standing = Standing::Split;
        for line in 1..=parent.lines {
            let child = self.items.add(Item {
                order,
                line: u16::try_from(line).unwrap_or(u16::MAX),
                source: parent.source,
                station: s,
                visit: parent.visit,
                priority: parent.priority,
                rank: parent.rank,
                kind: parent.kind,
                marks: super::items::Marks { counted: false, kept: parent.marks.kept },
                ..blank_item(parent.id, now)
            });
            self.enter_general(s, child);
        }
    }

    /// A line is done; with the last one its order goes on. The last line's life is the order's.
    fn join(&mut self, s: u16, line: u32) {
        let order = self.items[line].order;
        self.items[order].open_lines -= 1;
        let last = self.items[order].open_lines == 0;
        if last && self.items[order].marks.kept {
            let from = self.items[line].created;
            let mut life = std::mem::take(&mut self.life);
            life.clear();
            self.items.life(line, from, &mut life);
            for interval in &life {
                self.items.label(order, interval.station, interval.cause, interval.to.0);
            }
            self.life = life;
        }
        self.items.remove(line);
        if last {
            self.items[order].standing = Standing::Moving;
            if self.plan.stations[usize::from(s)].clocks {
                self.stopped_at(s, order);
            }
            if !self.plan.stations[usize::from(s)].struck_by.is_empty() && self.struck(s, order) {
                return;
            }
            let fate = self.way_on(s, order);
            self.moves.push_back((order, fate));
        }
    }

    /// Tells the observer of a visit.
    pub(super) fn tell(&mut self, s: u16, item: u32, outcome: Outcome) {
        let it = &self.items[item];
        let row = VisitRow {
            item: it.id,
            source: it.source,
            rank: it.rank,
            line: it.line,
            station: s,
            visit: it.visit,
            attempt: it.attempt,
            arrived: SimTime(it.entered),
            started: (it.started != u64::MAX).then_some(SimTime(it.started)),
            ended: SimTime(self.now),
            outcome,
        };
        self.observer.visit(row);
    }
}

/// The number of a draw at a station: visit, attempt and line, so that none depends on another.
#[inline]
pub(super) fn draw_number(item: &Item) -> u64 {
    u64::from(item.visit) << 32 | u64::from(item.attempt) << 16 | u64::from(item.line)
}

/// Work content × spread, in ticks.
#[inline]
pub(super) fn ticks(takes: &Takes<'_>, lines: u32, units: u32, rank: u32, bits: u64) -> u64 {
    let content = takes.fixed + takes.per_line * f64::from(lines) + takes.per_unit * f64::from(units);
    match &takes.spread {
        SpreadPlan::Variate(sampler) => to_ticks(content * sampler.value(bits)),
        SpreadPlan::None => to_ticks(content),
        SpreadPlan::Recorded(times) => {
            let n = times.len().max(1);
            times.get((rank.saturating_sub(1)) as usize % n).map_or(0, |time| time.0)
        }
    }
}

/// Rounds to the nearest tick.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "durations are positive; the cast saturates"
)]
pub(super) fn to_ticks(ticks: f64) -> u64 {
    (ticks + 0.5) as u64
}

/// The way of a route that an item takes.
pub(super) fn choose(route: &Route, item: &Item, bits: u64) -> Fate {
    let open = |leg: &&crate::model::RouteLeg| {
        leg.lines.is_none_or(|(low, high)| (low..=high).contains(&item.lines))
            && (leg.sources.is_empty() || leg.sources.iter().any(|source| source.0 == item.source))
    };
    let total: f64 = route.legs.iter().filter(open).map(|leg| leg.share).sum();
    let mut left = unit(bits) * total;
    let mut last = Fate::Done;
    for leg in route.legs.iter().filter(open) {
        last = leg.to;
        left -= leg.share;
        if left < 0.0 {
            return leg.to;
        }
    }
    last
}
