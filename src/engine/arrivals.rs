//! Items come in: from the streams of their sources, and those that are there when a run begins.

use super::demand::{NO_ARRIVAL, Point, draw_count};
use super::event_calendar::{Phase, key};
use super::flow::choose;
use super::items::{Item, Marks, blank_item};
use super::simulation::Simulation;
use super::visits::VisitObserver;
use crate::model::{Arrivals, Fate, ItemKind};

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Puts what the initial backlog holds into the system, in order of sources by name. It is not counted as arrived.
    pub(super) fn place_initial_items(&mut self) {
        let plan = self.plan;
        for &source in &plan.sources_by_name {
            for k in 0..plan.model.sources[source].initial {
                let id = self.sources[source].marks.bits(u64::from(k), 1 << 40);
                self.comes_in(source, &Point { at: 0, id, height: 0.0, record: u32::MAX, work: None }, 0);
                self.make_moves();
            }
        }
        self.orders.initial = self.orders.created;
        for station in &mut self.stations {
            station.counts.arrivals_in_all = 0;
        }
    }

    /// Finds the source whose arrival comes next; at equal time the source first by name.
    pub(super) fn find_next_arrival(&mut self) {
        let (mut first, mut source) = (NO_ARRIVAL, 0);
        for k in &self.plan.sources_by_name {
            let next = self.streams[*k].next_at();
            if next < first {
                (first, source) = (next, *k);
            }
        }
        self.next_source = source;
        self.next_arrival = if first == NO_ARRIVAL { u64::MAX } else { key(first, Phase::Arrival, 0) };
    }

    /// The next arrival.
    #[inline(always)]
    pub(super) fn arrive(&mut self) {
        let source = self.next_source;
        match self.streams[source].take_point() {
            Some(point) => self.arrives(source, &point),
            None => self.arrive_listed(source),
        }
    }

    /// [`Simulation::arrive`] where the arrival is no point of the plane.
    #[inline(never)]
    fn arrive_listed(&mut self, source: usize) {
        match self.streams[source].take_listed() {
            Some(point) => self.arrives(source, &point),
            None => self.show_next_arrival(source),
        }
    }

    /// What a source has just yielded comes in, unless a control keeps it from existing.
    #[inline(always)]
    fn arrives(&mut self, source: usize, point: &Point) {
        self.show_next_arrival(source);
        if self.streams[source].exists(point) {
            let state = &mut self.sources[source];
            state.created += 1;
            let rank = u32::try_from(state.created).unwrap_or(u32::MAX);
            self.comes_in(source, point, rank);
        }
    }

    /// Looks which arrival comes next now that the last one has been taken from `source`.
    #[inline(always)]
    fn show_next_arrival(&mut self, source: usize) {
        if self.plan.sources.len() == 1 {
            let next = self.streams[source].next_at();
            self.next_arrival = if next == NO_ARRIVAL { u64::MAX } else { key(next, Phase::Arrival, 0) };
        } else {
            self.find_next_arrival();
        }
    }

    /// An item of a source comes in, the `rank`-th to arrive.
    #[inline(always)]
    pub(super) fn comes_in(&mut self, source: usize, point: &Point, rank: u32) {
        let counted = self.counting;
        let state = &mut self.sources[source];
        state.created_in_window += u64::from(counted);
        state.in_system.enter(self.now);
        let known = &self.plan.sources[source];
        if known.kind == ItemKind::Order {
            self.count_new_order(counted);
        }
        match known.bare_at {
            Some(station) if !O::WATCHES => self.bare_arrival_comes(known.number, point, station),
            _ => self.create(source, point, rank),
        }
    }

    /// Creates an item of a source and sends it on its way.
    fn create(&mut self, source: usize, point: &Point, rank: u32) {
        let (of, known) = (&self.plan.model.sources[source], &self.plan.sources[source]);
        let state = &self.sources[source];
        let record = match &of.arrivals {
            Arrivals::Recorded(records) => records.get(point.record as usize),
            _ => None,
        };
        let (lines, units) = match record {
            Some(record) => (record.lines, record.units),
            None => {
                let lines = draw_count(&of.lines, || state.marks.bits(point.id, 0));
                let per_line = draw_count(&of.units, || state.marks.bits(point.id, 1));
                (lines, lines.saturating_mul(per_line))
            }
        };
        let order = of.kind == ItemKind::Order;
        let item = self.items.add(Item {
            priority: record.and_then(|record| record.priority).unwrap_or(of.priority),
            lines,
            units,
            rank,
            source: known.number,
            kind: of.kind,
            marks: Marks::new(self.counting, order),
            ..blank_item(point.id, self.now)
        });
        if order {
            self.order_created(item);
        }
        self.leave_source(item, point.work);
    }

    /// Sends a new item to its first station, where it may have `drawn` its service already, or to a hold.
    fn leave_source(&mut self, item: u32, drawn: Option<u64>) {
        let source = usize::from(self.items[item].source);
        if !self.plan.sources[source].held_by.is_empty() && self.hold(item) {
            return;
        }
        match self.way_from_source(item) {
            Fate::To(station) => self.enter_drawn(station.0, item, drawn),
            fate => self.go(item, fate),
        }
    }

    /// The first way of an item from its source.
    pub(super) fn way_from_source(&mut self, item: u32) -> Fate {
        let source = usize::from(self.items[item].source);
        match self.plan.sources[source].only_way {
            Some(fate) => fate,
            None => {
                let it = &self.items[item];
                let bits = || self.sources[source].route.bits(it.id, 0);
                choose(&self.plan.model.sources[source].route, it, bits)
            }
        }
    }
}
