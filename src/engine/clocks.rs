//! An order's life: created, promised, ended, judged.

use super::event_calendar::Phase;
use super::gates::Timetable;
use super::items::{Item, ROWS, blank_item};
use super::simulation::Simulation;
use super::sla_clock::Reading;
use super::timers::Happening;
use super::visits::VisitObserver;
use crate::model::{ClockStop, CountedUnit, ItemKind, Sla, SourceId, StationId};
use crate::observation::{Cause, Interval, JudgedOrder, Stretch};
use crate::random::unit;
use crate::time::{SimDuration, SimTime};

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Counts a new order.
    #[inline]
    pub(super) fn count_new_order(&mut self, counted: bool) {
        self.orders.created += 1;
        self.orders.created_in_window += u64::from(counted);
        self.orders.in_system.enter(self.now);
        if self.now < self.until {
            self.open_before_until += 1;
        }
        if !self.plan.model.days.is_empty() {
            self.days.came_in(SimTime(self.now));
        }
    }

    /// Books a new order with those who take an interest in it.
    pub(super) fn order_created(&mut self, item: u32) {
        if self.plan.counts_intake && self.counting {
            let source = SourceId(self.items[item].source);
            let model = self.plan.model;
            for (sla, book) in model.slas.iter().zip(&mut self.books).filter(|(sla, _)| sla.counts(source)) {
                book.came_in(sla, SimTime(self.now));
            }
        }
        if !self.plan.model.contacts.is_empty() {
            self.order_may_write(item);
        }
    }

    /// An item's way is over: complete, or cut off.
    pub(super) fn end(&mut self, item: u32, complete: bool) {
        let kind = self.items[item].kind;
        if kind == ItemKind::Contact {
            self.contact_ended(item, complete);
            return;
        }
        let (source, created, counted) = {
            let it = &self.items[item];
            (usize::from(it.source), it.created, it.marks.counted())
        };
        self.way_is_over((source, kind), created, counted, complete);
        if self.plan.watches_orders {
            self.watch_whole_order(item);
        }
        if kind == ItemKind::Order {
            self.order_ended(item, complete);
        }
        self.items.remove(item);
        self.look_whether_over();
    }

    /// Counts out an item of this source and kind, whose way is complete or was cut off.
    #[inline(always)]
    pub(super) fn way_is_over(
        &mut self,
        (source, kind): (usize, ItemKind),
        created: u64,
        counted: bool,
        complete: bool,
    ) {
        let now = self.now;
        self.orders.last_end = now;
        if let Some(state) = self.sources.get_mut(source) {
            state.in_system.leave(now);
            if counted {
                state.time_in_system.observe(now - created);
            }
        }
        self.watch_system(source, kind, complete, counted, now - created);
        if kind == ItemKind::Order {
            self.count_order_out(created, counted, complete);
        }
    }

    /// Counts out an order that was dispatched or cancelled.
    #[inline]
    fn count_order_out(&mut self, created: u64, counted: bool, dispatched: bool) {
        let now = self.now;
        self.orders.in_system.leave(now);
        if created < self.until {
            self.open_before_until -= 1;
        }
        if counted && dispatched {
            self.orders.dispatched_in_window += 1;
            self.orders.time_to_dispatch.observe(now - created);
        } else if counted {
            self.orders.cancelled_in_window += 1;
        }
        if dispatched && !self.plan.model.days.is_empty() {
            self.days.dispatched(SimTime(now));
        }
    }

    /// With the last item the run may be over.
    #[inline]
    pub(super) fn look_whether_over(&mut self) {
        if !self.counting && self.now >= self.until {
            self.maybe_over();
        }
    }

    /// Books the end of an order with those who take an interest in it.
    fn order_ended(&mut self, item: u32, dispatched: bool) {
        if dispatched {
            if self.plan.chooses_sources && self.items[item].marks.counted() {
                self.note_dispatch(item, self.now - self.items[item].created);
            }
            self.judge_dispatched(item);
            self.work_follows(item);
            if !self.plan.model.contacts.is_empty() {
                self.dispatched_order_may_write(item);
            }
        }
    }

    /// Notes how long a counted order took to dispatch with the SLAs that cover it and not all others.
    fn note_dispatch(&mut self, item: u32, took: u64) {
        let source = SourceId(self.items[item].source);
        for (sla, book) in self.plan.model.slas.iter().zip(&mut self.books) {
            if sla.counts(source)
                && let Some(tally) = &mut book.time_to_dispatch
            {
                tally.observe(took);
            }
        }
    }

    /// Notes when an order comes to a station that starts a clock.
    #[inline(never)]
    pub(super) fn reached(&mut self, s: u16, item: u32) {
        if !self.stations[usize::from(s)].plan.starts_clocks {
            return;
        }
        let order = self.items.order_of(item);
        if self.items[order].kind != ItemKind::Order {
            return;
        }
        let now = self.now;
        let model = self.plan.model;
        for (k, sla) in model.slas.iter().enumerate() {
            if sla.starts.is_at(StationId(s)) && self.items.clock_mut(order).is_some_and(|clock| clock.reach(k, now)) {
                self.watch_started_clock(k, order);
            }
        }
    }

    /// An order has been served at a station that stops a clock.
    #[inline(never)]
    pub(super) fn stopped_at(&mut self, s: u16, item: u32) {
        if self.items[item].line > 0 || self.items[item].kind != ItemKind::Order {
            return;
        }
        let model = self.plan.model;
        for (k, sla) in model.slas.iter().enumerate() {
            // A station may be visited again; the first time counts.
            if sla.stops.is_at(StationId(s))
                && self.items.detail(item).judged >> k & 1 == 0
                && let Some(reading) = self.clock_reading(k, item)
            {
                self.items.detail_mut(item).judged |= 1 << k;
                self.judge(k, sla, item, reading);
            }
        }
    }

    /// Judges a dispatched order under every SLA whose clock stops with that.
    fn judge_dispatched(&mut self, item: u32) {
        let model = self.plan.model;
        for (k, sla) in model.slas.iter().enumerate() {
            if sla.stops == ClockStop::Dispatched
                && let Some(reading) = self.clock_reading(k, item)
            {
                self.judge(k, sla, item, reading);
            }
        }
    }

    /// Judges an order whose clock stops with what has just happened.
    fn judge(&mut self, k: usize, sla: &Sla, item: u32, reading: Reading) {
        let stops = match &self.plan.delays[k] {
            None => self.now,
            Some(delay) => {
                let seconds = delay.value(self.keys.status_delay.bits(self.items[item].id, 0));
                self.now.saturating_add(SimDuration::from_seconds(seconds).0).min(SimTime::MAX.0)
            }
        };
        self.book(k, sla, item, reading, Some(SimTime(stops)));
    }

    /// Books an order whose clock stops at `stops`; `None`: it is late and still open at the end.
    #[inline]
    pub(super) fn book(&mut self, k: usize, sla: &Sla, item: u32, reading: Reading, stops: Option<SimTime>) {
        let it = &self.items[item];
        if !sla.covers(SourceId(it.source)) {
            return;
        }
        let stopped = stops.unwrap_or(SimTime(self.now));
        let order = JudgedOrder {
            created: SimTime(it.created),
            due: reading.due,
            stopped,
            lateness: (stopped.0 - reading.stood_late).saturating_sub(reading.due.0),
            weight: if sla.unit == CountedUnit::Line { u64::from(it.lines) } else { 1 },
        };
        if self.plan.excludes && (!sla.counts(SourceId(it.source)) || self.items.clock(item).is_excluded(k)) {
            self.books[k].exclude(sla, &order);
            return;
        }
        if k == 0 && !self.plan.model.days.is_empty() {
            self.days.was_due(order.due, stops);
        }
        if !self.books[k].take(sla, &order) {
            return;
        }
        if order.weight == 1
            && stopped.0 == self.now
            && self.items.clock(item).saw_everything(reading.start, order.created.0)
            && let Some(life) = self.items.short_life(item, &mut [Stretch::default(); ROWS])
            && self.books[k].ledger.book_few(life, order.created.0, order.lateness)
        {
            return;
        }
        self.blame(k, item, reading.start, &order);
    }

    /// Puts the lateness of an order down to what happened to it while its clock ran.
    fn blame(&mut self, k: usize, item: u32, start: u64, order: &JudgedOrder) {
        let mut life = std::mem::take(&mut self.life);
        life.clear();
        self.items.life(item, order.created.0, &mut life);
        self.items.clock(item).clip(start, &mut life);
        let station = self.items[item].station;
        if order.stopped.0 > self.now && station != u16::MAX {
            let from = SimTime(self.now);
            life.push(Interval { station, cause: Cause::StatusDelay, mixed: false, from, to: order.stopped });
        }
        let gates = Timetable { plan: self.plan, stations: &self.stations };
        self.books[k].ledger.book(&life, order.due, order.lateness, order.weight, &gates);
        self.life = life;
    }

    /// What the clock of SLA number `k` shows for an order now; `None` while it does not run.
    #[inline]
    pub(super) fn clock_reading(&mut self, k: usize, item: u32) -> Option<Reading> {
        let (created, sla) = (self.items[item].created, &self.plan.model.slas[k]);
        match self.items.clock_mut(item) {
            Some(clock) => clock.read(sla, k, created, self.now),
            None => self.items.clock(item).read_afresh(sla, k, created),
        }
    }

    /// What it would show if the hold or exception that has the order now did nothing to it.
    #[inline(always)]
    pub(super) fn unheld_reading(&mut self, k: usize, order: u32) -> Option<Reading> {
        let (created, sla) = (self.items[order].created, &self.plan.model.slas[k]);
        match self.items.clock_mut(order) {
            Some(clock) => clock.read_unheld(sla, k, created),
            None => self.items.clock(order).read_afresh(sla, k, created),
        }
    }

    /// When an order is due under the first SLA; for the discipline "earliest due".
    #[inline]
    pub(super) fn first_due(&mut self, item: u32) -> u64 {
        if self.plan.model.slas.is_empty() {
            return 0;
        }
        let order = self.items.order_of(item);
        if self.items[order].kind != ItemKind::Order {
            return u64::MAX;
        }
        // At the desk of a hold that stops the clock, the order is due as if it were let go now.
        self.unheld_reading(0, order).map_or(u64::MAX, |reading| reading.due.0)
    }

    /// Work that follows a dispatched order sets out.
    fn work_follows(&mut self, order: u32) {
        let model = self.plan.model;
        for (k, work) in model.follow_ups.iter().enumerate() {
            let key = self.keys.follow_ups[k];
            let (id, lines, units) = (self.items[order].id, self.items[order].lines, self.items[order].units);
            if unit(key.bits(id, 0)) >= work.share {
                continue;
            }
            let delay = SimDuration::from_seconds(self.plan.follow_ups[k].value(key.bits(id, 1)));
            let identity = key.bits(id, 2);
            let matter = u16::try_from(k).expect("few follow-ups");
            let blank = blank_item(identity, self.now);
            let item = self.items.add(Item { lines, units, matter, priority: work.priority, ..blank });
            self.at(self.now + delay.0, Phase::Return, 0, identity, Happening::FollowUp(item));
        }
    }
}
