//! A visit to a station begins: an item comes, stands behind the gate or in line, and goes on afterwards.

use super::event_calendar::Phase;
use super::items::{Item, Standing};
use super::plain::Pass;
use super::simulation::Simulation;
use super::station_plan::Gate;
use super::timers::Happening;
use super::visits::VisitObserver;
use crate::model::{Batch, Discipline, Fate, Route, RouteLeg};
use crate::random::unit;

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
        let state = &self.stations[usize::from(s)];
        if state.short.open {
            let it = &self.items[item];
            self.enter_plain(s, it.id, Pass::of(it, item), drawn);
            return;
        }
        let visit = match state.plan.circle {
            None => 1,
            Some(circle) => self.items.count_visit(item, circle),
        };
        self.attempt_begins(s, item, (visit, 1));
    }

    /// An item comes to a station once more: after a failure, or as a line of an order that has come there.
    pub(super) fn enter_again(&mut self, s: u16, item: u32) {
        let it = &self.items[item];
        self.attempt_begins(s, item, (it.visit, it.attempt));
    }

    /// An attempt at a station begins: on so many a visit, the so-manieth.
    #[inline(always)]
    fn attempt_begins(&mut self, s: u16, item: u32, (visit, attempt): (u16, u8)) {
        let now = self.now;
        let counted = self.counts(now);
        let state = &mut self.stations[usize::from(s)];
        let station = state.plan;
        let (it, detail) = self.items.with_detail(item);
        it.station = s;
        it.visit = visit;
        it.attempt = attempt;
        it.entered = now;
        detail.joined = now;
        detail.started = u64::MAX;
        if station.starts_clocks || station.works_lines_apart {
            let whole = it.line == 0;
            self.reached(s, item);
            if station.works_lines_apart && whole {
                self.split(s, item);
                return;
            }
        }
        let all_busy = station.pool.is_some_and(|pool| !self.pools[usize::from(pool)].free());
        let state = &mut self.stations[usize::from(s)];
        state.counts.arrivals_in_all += 1;
        state.counts.arrivals += u64::from(counted);
        state.counts.first_attempts += u64::from(counted & (attempt == 1));
        state.counts.found_all_busy += u64::from(counted & all_busy);
        if station.may_turn_away && self.turns_away(s) {
            self.turn_away(s, item);
            return;
        }
        let state = &mut self.stations[usize::from(s)];
        if station.watches_zero {
            state.zero.enter(now, self.from);
        }
        if station.gate == Gate::Open {
            self.wait_or_start(s, item, false);
            return;
        }
        state.queue.enter(now);
        state.gate.push(item);
        self.items[item].standing = Standing::Gated;
        if station.gate == Gate::Gathers {
            self.gather(s, item);
        }
    }

    /// Whether a station is full, or its bucket empty and nobody may wait for a token.
    #[inline(never)]
    fn turns_away(&self, s: u16) -> bool {
        let state = &self.stations[usize::from(s)];
        let station = state.plan;
        let full = station.of.capacity.is_some_and(|capacity| state.queue.now() + state.busy.now() >= capacity);
        let now = self.now;
        let no_token = || state.bucket.as_ref().is_some_and(|bucket| bucket.next_token(now) > now);
        full || (station.turns_away_when_limited() && no_token())
    }

    /// An item that no gate holds back, or no more (`gated`), starts, or joins the line.
    #[inline(always)]
    pub(super) fn wait_or_start(&mut self, s: u16, item: u32, gated: bool) {
        let now = self.now;
        let state = &mut self.stations[usize::from(s)];
        let station = state.plan;
        let somebody = station.pool.is_none_or(|pool| self.pools[usize::from(pool)].free());
        if somebody && station.starts_at_once && state.nobody_ready() && state.has_all_but_people(now) {
            // Nobody ever waited: there is no line to join, and no cause to note.
            if gated {
                state.queue.leave(now);
            } else if !station.nothing_short {
                state.queue.touch();
            }
            let it = &mut self.items[item];
            it.stamp = it.stamp.wrapping_add(1);
            self.start(s, item);
            return;
        }
        if !gated {
            state.queue.enter(now);
        }
        self.join_line(s, item);
        let started = if somebody {
            self.try_start_somebody(s)
        } else {
            self.note_cause(s, false);
            false
        };
        if station.preempts && !started && self.items[item].standing == Standing::Waiting {
            self.preempt_for(s, item);
        }
    }

    #[inline(always)]
    fn join_line(&mut self, s: u16, item: u32) {
        let now = self.now;
        let station = self.stations[usize::from(s)].plan;
        let due = if station.of.discipline == Discipline::EarliestDue { self.first_due(item) } else { 0 };
        let state = &mut self.stations[usize::from(s)];
        let (it, detail) = self.items.with_detail(item);
        it.standing = Standing::Waiting;
        detail.joined = now;
        let alone = state.line.length() == 0;
        state.line.push(it, item, due);
        if let Some(pool) = station.pool {
            self.pools[usize::from(pool)].look_at(station.turn);
        }
        if !station.causes_vary {
            return;
        }
        if alone && state.suspended.is_empty() {
            self.note_cause(s, true);
        }
        if station.counts_equipment {
            self.items.detail_mut(item).lacked = self.stations[usize::from(s)].causes.lacked_until(now);
        }
        if alone && station.of.batch.is_some() {
            self.watch_batch(s);
        }
        if station.patience.is_some() {
            self.lose_patience_later(s, item);
        }
    }

    #[inline(never)]
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

    /// Sets a timer for a batch that starts with fewer when its first item has waited long enough.
    #[inline(never)]
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

    /// Where an item goes from a station.
    #[inline(always)]
    pub(super) fn way_on(&self, s: u16, item: u32) -> Fate {
        self.stations[usize::from(s)].plan.only_way.unwrap_or_else(|| self.drawn_way(s, item))
    }

    #[inline(never)]
    fn drawn_way(&self, s: u16, item: u32) -> Fate {
        let state = &self.stations[usize::from(s)];
        let station = state.plan;
        let it = &self.items[item];
        let bits = || state.keys.route.bits(it.id, draw_number(it));
        if station.ways_for_all {
            by_share(station.of.route.legs.iter(), bits())
        } else {
            choose(&station.of.route, it, bits)
        }
    }
}

/// The number of a draw at a station: visit, attempt and line, so that none depends on another.
#[inline]
pub(super) fn draw_number(item: &Item) -> u64 {
    u64::from(item.visit) << 32 | u64::from(item.attempt) << 16 | u64::from(item.line)
}

/// The way of a route that an item takes; bits are drawn only where there is a choice.
#[inline]
pub(super) fn choose(route: &Route, item: &Item, bits: impl Fn() -> u64) -> Fate {
    let open = |leg: &&RouteLeg| {
        leg.lines.is_none_or(|(low, high)| (low..=high).contains(&item.lines))
            && (leg.sources.is_empty() || leg.sources.iter().any(|source| source.0 == item.source))
    };
    let ways = route.legs.iter().filter(open);
    let mut first_two = ways.clone();
    match (first_two.next(), first_two.next()) {
        (Some(only), None) => only.to,
        _ => by_share(ways, bits()),
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
