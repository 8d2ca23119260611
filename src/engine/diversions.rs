//! Holds and exceptions: what takes an order off its way, who works on it, and how it ends.

use super::items::{Item, NO_DIVERSION, blank_item};
use super::service::{ticks, to_ticks};
use super::simulation::{Move, Simulation};
use super::visits::VisitObserver;
use crate::model::{DiversionEnd, DiversionKind, Fate, ItemKind};
use crate::random::unit;
use crate::time::TICKS_PER_SECOND;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Diverts a new item if a hold strikes it. Says whether one did.
    pub(super) fn hold(&mut self, item: u32) -> bool {
        let plan = self.plan;
        let source = usize::from(self.items[item].source);
        plan.sources[source].held_by.iter().any(|d| self.strike(*d, item, u16::MAX))
    }

    /// Diverts an item served at a station if an exception strikes it. Says whether one did.
    #[inline(never)]
    pub(super) fn struck(&mut self, s: u16, item: u32) -> bool {
        self.stations[usize::from(s)].plan.struck_by.iter().any(|d| self.strike(*d, item, s))
    }

    #[inline]
    fn strike(&mut self, d: u16, item: u32, at: u16) -> bool {
        let k = usize::from(d);
        let known = &self.plan.diversions[k];
        let it = &self.items[item];
        let number = if at == u16::MAX { 0 } else { u64::from(it.visit) };
        let drawn = unit(self.keys.diversions[k].0.bits(it.id, number));
        // It is never more likely than this, and most have drawn more.
        let factor = if known.of.kind == DiversionKind::Exception { self.exception_factor } else { 1.0 };
        let lines = if known.of.per_line { f64::from(it.lines) } else { 1.0 };
        if drawn >= known.most * factor * lines || !self.strikes(known.of, it, drawn) {
            return false;
        }
        self.has_struck(d, item, at);
        true
    }

    #[inline(never)]
    fn has_struck(&mut self, d: u16, item: u32, at: u16) {
        let k = usize::from(d);
        let of = self.plan.diversions[k].of;
        let now = self.now;
        let counted = self.counts(now);
        let state = &mut self.diversions[k];
        state.count += u64::from(counted);
        state.open += u64::from(counted);
        if let Some(clock) = self.items.clock_mut(item) {
            clock.take(now, (of.kind, of.clock), self.plan.diversions[k].excluded_by);
        }
        let detail = self.items.detail_mut(item);
        detail.diversion = d;
        detail.diverted_at = at;
        detail.diverted_since = now;
        if of.kind == DiversionKind::Hold {
            self.days.hold_began(crate::time::SimTime(now));
        }
        self.struck_order_may_write(d, item);
        self.moves.push_back(Move::Item(item, Fate::To(of.desk)));
    }

    /// Whether a diversion strikes an item now that has drawn so much of 1.
    fn strikes(&self, of: &crate::model::Diversion, item: &Item, drawn: f64) -> bool {
        let factor = if of.kind == DiversionKind::Exception { self.exception_factor } else { 1.0 };
        let by_hour = if of.by_hour.is_empty() { 1.0 } else { self.factor_of_the_hour(&of.by_hour) };
        let chance = (of.chance * factor * by_hour).min(1.0);
        if !of.per_line {
            return drawn < chance;
        }
        // 1 − (1 − p)^n without losing small p; it is never more than n·p, which most who are not struck have drawn.
        let lines = f64::from(item.lines);
        drawn < lines * chance * (1.0 + 1e-9) && drawn < -libm::expm1(lines * libm::log1p(-chance))
    }

    fn factor_of_the_hour(&self, by_hour: &[f64]) -> f64 {
        let Some(calendar) = self.plan.model.calendar() else { return 1.0 };
        let hour = calendar.local(crate::time::SimTime(self.now)).hour();
        usize::try_from(hour).ok().and_then(|hour| by_hour.get(hour)).copied().unwrap_or(1.0)
    }

    /// Whether `s` is the desk that works on the diversion of an item.
    pub(super) fn at_its_desk(&self, s: u16, item: u32) -> bool {
        let d = self.items.detail(item).diversion;
        d != NO_DIVERSION && self.plan.diversions[usize::from(d)].of.desk.0 == s
    }

    /// Work at the desk on a diverted item.
    pub(super) fn desk_ticks(&mut self, s: u16, item: u32) -> u64 {
        let it = &self.items[item];
        let k = usize::from(self.items.detail(item).diversion);
        let bits = self.keys.diversions[k].1.bits(it.id, super::flow::draw_number(it));
        let work = ticks(&self.plan.diversions[k].takes, it, bits);
        self.at_speed(s, work)
    }

    /// The desk is done with an item.
    #[inline(never)]
    pub(super) fn resolve(&mut self, item: u32) {
        let d = std::mem::replace(&mut self.items.detail_mut(item).diversion, NO_DIVERSION);
        let k = usize::from(d);
        let of = self.plan.diversions[k].of;
        self.book_resolution(item, d);
        self.let_go(item);
        let it = &self.items[item];
        let left = unit(self.keys.diversions[k].2.bits(it.id, super::flow::draw_number(it)));
        let end = pick_end(&of.ends, left);
        let at = self.items.detail(item).diverted_at;
        let onward = |run: &mut Self| {
            if at == u16::MAX { run.way_from_source(item) } else { run.way_on(at, item) }
        };
        let fate = match end {
            DiversionEnd::GoesOn => onward(self),
            DiversionEnd::Enters(station) => Fate::To(station),
            DiversionEnd::Cancel => Fate::Cancelled,
            DiversionEnd::SplitOff(station) => {
                self.send_parcel(item, station, d);
                onward(self)
            }
            DiversionEnd::Reship(station) => {
                self.send_parcel(item, station, d);
                Fate::Done
            }
        };
        self.moves.push_back(Move::Item(item, fate));
    }

    /// Books how long a diversion has lasted.
    fn book_resolution(&mut self, item: u32, d: u16) {
        let struck = self.items.detail(item).diverted_since;
        if self.plan.diversions[usize::from(d)].of.kind == DiversionKind::Hold {
            self.days.hold_ended(crate::time::SimTime(self.now));
        }
        if self.counts(struck) {
            let state = &mut self.diversions[usize::from(d)];
            state.open -= 1;
            let took = self.now - struck;
            state.resolution.observe(took);
            let seconds = took as f64 * (1.0 / TICKS_PER_SECOND as f64);
            state.squares += seconds * seconds;
        }
    }

    /// A parcel of its own sets out beside, or after, its order.
    fn send_parcel(&mut self, order: u32, station: crate::model::StationId, d: u16) {
        let it = &self.items[order];
        let identity = self.keys.diversions[usize::from(d)].2.bits(it.id, 1 << 62 | super::flow::draw_number(it));
        let (lines, units) = (1.max(it.lines / 2), 1.max(it.units / 2));
        let (priority, rank) = (it.priority, it.rank);
        let blank = blank_item(identity, self.now);
        let parcel = self.items.add(Item { lines, units, rank, priority, kind: ItemKind::Work, ..blank });
        self.moves.push_back(Move::Item(parcel, Fate::To(station)));
    }
}

/// The end whose share `left` falls in.
fn pick_end(ends: &[(f64, DiversionEnd)], mut left: f64) -> DiversionEnd {
    let mut last = DiversionEnd::GoesOn;
    for (share, end) in ends {
        last = *end;
        left -= share;
        if left < 0.0 {
            return *end;
        }
    }
    last
}

/// Mean ticks, for contacts whose work has no lines.
pub(super) fn scaled(mean: f64, variate: f64) -> u64 {
    to_ticks(mean * variate)
}
