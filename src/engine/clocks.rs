//! An order's life: created, promised, ended, judged.

use super::event_calendar::{Happening, Phase};
use super::gates::Timetable;
use super::items::{Detail, Item};
use super::simulation::{Simulation, blank_item};
use super::sla_clock::Reading;
use super::visits::VisitObserver;
use crate::model::{ClockStart, ClockStop, ItemKind, Sla, SourceId};
use crate::random::unit;
use crate::time::{SimDuration, SimTime};

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Books a new order.
    pub(super) fn order_created(&mut self, item: u32) {
        let counted = self.counting;
        self.orders.created += 1;
        self.orders.created_in_window += u64::from(counted);
        self.orders.in_system.enter(self.now);
        if self.now < self.until {
            self.open_before_until += 1;
        }
        if !self.plan.model.days.is_empty() {
            self.days.came_in(SimTime(self.now));
        }
        if !self.plan.model.contacts.is_empty() {
            self.order_may_write(item);
        }
    }

    /// An item's way is over: complete, or cut off.
    pub(super) fn end(&mut self, item: u32, complete: bool) {
        let now = self.now;
        let kind = self.items[item].kind;
        if kind == ItemKind::Contact {
            self.contact_ended(item, complete);
            return;
        }
        let (source, created, counted) = {
            let it = &self.items[item];
            (usize::from(it.source), it.created, it.marks.counted())
        };
        self.orders.last_end = now;
        if let Some(state) = self.sources.get_mut(source) {
            state.in_system.leave(now);
            if counted {
                state.time_in_system.observe(now - created);
            }
        }
        self.watch_system(source, kind, complete, counted, now - created);
        if self.plan.watches_orders {
            self.watch_whole_order(item);
        }
        if kind == ItemKind::Order {
            self.order_ended(item, complete);
        }
        self.items.remove(item);
        if !self.counting && now >= self.until {
            self.maybe_over();
        }
    }

    fn order_ended(&mut self, item: u32, dispatched: bool) {
        let now = self.now;
        let (created, counted) = (self.items[item].created, self.items[item].marks.counted());
        self.orders.in_system.leave(now);
        if created < self.until {
            self.open_before_until -= 1;
        }
        if counted {
            self.orders.time_in_system.observe(now - created);
            if dispatched {
                self.orders.dispatched_in_window += 1;
                self.orders.time_to_dispatch.observe(now - created);
            } else {
                self.orders.cancelled_in_window += 1;
            }
        }
        if dispatched {
            if !self.plan.model.days.is_empty() {
                self.days.dispatched(SimTime(now));
            }
            self.judge_all(item, ClockStop::Dispatched);
            self.work_follows(item);
            if !self.plan.model.contacts.is_empty() {
                self.dispatched_order_may_write(item);
            }
        }
    }

    /// Notes when an order comes to a station that starts a clock.
    pub(super) fn reached(&mut self, s: u16, item: u32) {
        let order = self.items.detail(item).order;
        if self.items[order].kind != ItemKind::Order {
            return;
        }
        let now = self.now;
        let model = self.plan.model;
        for (k, sla) in model.slas.iter().enumerate() {
            if sla.starts == ClockStart::Reached(crate::model::StationId(s))
                && self.items.clock_mut(order).is_some_and(|clock| clock.reach(k, now))
            {
                self.watch_started_clock(k, order);
            }
        }
    }

    /// An order has been served at a station that stops a clock.
    pub(super) fn stopped_at(&mut self, s: u16, item: u32) {
        if self.items[item].line == 0 && self.items[item].kind == ItemKind::Order {
            self.judge_all(item, ClockStop::Served(crate::model::StationId(s)));
        }
    }

    /// Judges an order under every SLA whose clock stops here.
    fn judge_all(&mut self, item: u32, stop: ClockStop) {
        let model = self.plan.model;
        for (k, sla) in model.slas.iter().enumerate() {
            if sla.stops == stop {
                self.judge(k, sla, item);
            }
        }
    }

    fn judge(&mut self, k: usize, sla: &Sla, item: u32) {
        if !sla.covers(SourceId(self.items[item].source)) {
            return;
        }
        let Some(reading) = self.clock_reading(k, item) else { return };
        if sla.stops != ClockStop::Dispatched {
            // A station may be visited again; the first time counts.
            let detail = self.items.detail_mut(item);
            if detail.judged >> k & 1 == 1 {
                return;
            }
            detail.judged |= 1 << k;
        }
        if k == 0 && !self.plan.model.days.is_empty() {
            self.days.was_due(reading.due, Some(SimTime(self.now)));
        }
        self.book(k, sla, item, reading);
    }

    /// Books an order whose clock has stopped, or would stop now.
    #[inline]
    pub(super) fn book(&mut self, k: usize, sla: &Sla, item: u32, reading: Reading) {
        let stopped = SimTime(self.now - reading.stood_late);
        let Some(lateness) = self.books[k].take(sla, reading.due, stopped) else { return };
        if sla.window.of(reading.due).is_none() {
            return;
        }
        if let Some(life) = self.items.short_life(item)
            && self.books[k].ledger.book_few(life, created, lateness)
        {
            return;
        }
        let mut life = std::mem::take(&mut self.life);
        life.clear();
        self.items.life(item, self.items[item].created, &mut life);
        self.items.clock(item).clip(reading.start, &mut life);
        self.books[k].ledger.book(&life, reading.due, lateness, &Timetable { plan: self.plan });
        self.life = life;
    }

    /// What the clock of SLA number `k` shows for an order now; `None` while it does not run.
    #[inline]
    pub(super) fn clock_reading(&self, k: usize, item: u32) -> Option<Reading> {
        let created = self.items[item].created;
        self.items.clock(item).read(&self.plan.model.slas[k], k, created, self.now)
    }

    /// When an order is due under the first SLA; for the discipline "earliest due".
    pub(super) fn first_due(&self, item: u32) -> u64 {
        let order = self.items.detail(item).order;
        if self.plan.model.slas.is_empty() {
            return 0;
        }
        if self.items[order].kind != ItemKind::Order || !self.plan.keeps_lives {
            return u64::MAX;
        }
        self.clock_reading(0, order).map_or(u64::MAX, |reading| reading.due.0)
    }

    /// Work that follows a dispatched order sets out.
    fn work_follows(&mut self, order: u32) {
        let model = self.plan.model;
        for (k, work) in model.follow_ups.iter().enumerate() {
            let key = self.keys.follow_ups[k];
            let (id, lines, units) = (self.items[order].id, self.items[order].lines, self.items.detail(order).units);
            if unit(key.bits(id, 0)) >= work.share {
                continue;
            }
            let delay = SimDuration::from_seconds(self.plan.follow_ups[k].value(key.bits(id, 1)));
            let identity = key.bits(id, 2);
            let matter = u16::try_from(k).expect("few follow-ups");
            let item = self.items.add(
                Item { lines, priority: work.priority, ..blank_item(identity, self.now) },
                Detail { units, matter, ..Detail::new(self.now) },
            );
            self.at(self.now + delay.0, Phase::Return, 0, identity, Happening::FollowUp(item));
        }
    }
}
