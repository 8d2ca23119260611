//! The short way through a plain station: its own servers, always as many, and nothing but a first-in-first-out line
//! between arrival and service.
//!
//! It books exactly what the general way books. What a visit needs travels with the visitor, from place to place in
//! line and from station to station: the item itself, which may have left the processor's caches long ago, is looked
//! at again only when it leaves the plain stations.

use super::event_calendar::{NEVER, Phase, key};
use super::items::{Item, Standing};
use super::plan::{SpreadPlan, StationPlan};
use super::service::{ticks, to_ticks};
use super::simulation::{Outcome, Simulation, VisitObserver};
use crate::model::{Fate, ItemKind};
use crate::observation::Cause;
use crate::random::Sampler;
use crate::time::SimTime;
use std::collections::VecDeque;

/// A plain station in a run: what each visit needs of the plan, and who is there.
#[derive(Debug)]
pub(super) struct ShortWay<'p> {
    /// Whether the station is plain: without it the rest means nothing.
    pub(super) open: bool,
    pub(super) line: VecDeque<Visitor>,
    /// Who is served at each server; what stands at a free server means nothing.
    pub(super) at_work: Vec<AtWork>,
    draw: Draw<'p>,
    first_server: u32,
    pool: usize,
    circle: Option<usize>,
    only_way: Option<Fate>,
    /// Whether measures look at its visits.
    watched: bool,
}

/// How its service times are drawn.
#[derive(Debug)]
enum Draw<'p> {
    /// So many ticks, times a variate.
    Variate(f64, &'p Sampler),
    /// The content or the rank of the item matters.
    ByItem,
}

impl<'p> ShortWay<'p> {
    pub(super) fn new(station: &'p StationPlan<'_>) -> ShortWay<'p> {
        let takes = &station.takes;
        ShortWay {
            open: station.plain,
            line: VecDeque::new(),
            at_work: if station.plain { vec![AtWork::default(); station.servers as usize] } else { Vec::new() },
            draw: match &takes.spread {
                SpreadPlan::Variate(sampler) if !takes.has_parts => Draw::Variate(takes.fixed, sampler),
                _ => Draw::ByItem,
            },
            first_server: station.first_server,
            pool: usize::from(station.pool.unwrap_or(0)),
            circle: station.circle,
            only_way: station.only_way,
            watched: !station.watches.is_empty(),
        }
    }
}

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
        let now = self.now;
        let counted = u64::from(self.counts(now));
        visitor.entered = now;
        visitor.work = if visitor.is_contact() {
            visitor.visit = self.count_visit(s, visitor.item);
            self.contact_ticks(visitor.item)
        } else {
            self.plain_ticks(s, &mut visitor)
        };
        let state = &mut self.stations[usize::from(s)];
        let pool = &mut self.pools[state.short.pool];
        state.counts.arrivals_in_all += 1;
        state.counts.arrivals += counted;
        state.counts.first_attempts += counted;
        if !pool.free() || !state.short.line.is_empty() {
            state.counts.found_all_busy += counted;
            state.queue.enter(now);
            state.short.line.push_back(visitor);
            return;
        }
        let Some(place) = state.servers.take_lowest() else { return };
        state.busy.enter(now);
        pool.busy += 1;
        self.start_plain(s, place, visitor);
    }

    /// Counts the visit and draws its service time, in ticks.
    #[inline]
    fn plain_ticks(&mut self, s: u16, visitor: &mut Visitor) -> u64 {
        let state = &self.stations[usize::from(s)];
        visitor.visit = match state.short.circle {
            None => 1,
            Some(circle) => self.items.count_visit(visitor.item, circle),
        };
        let bits = state.keys.service.bits(visitor.id, visitor.draw_number());
        match state.short.draw {
            Draw::Variate(content, sampler) => to_ticks(content * sampler.value(bits)),
            Draw::ByItem => self.ticks_by_item(s, visitor.item, bits),
        }
    }

    #[inline(never)]
    fn ticks_by_item(&self, s: u16, item: u32, bits: u64) -> u64 {
        ticks(&self.plan.stations[usize::from(s)].takes, &self.items[item], self.items.detail(item), bits)
    }

    /// A server of a plain station begins.
    #[inline]
    fn start_plain(&mut self, s: u16, place: u32, visitor: Visitor) {
        let now = self.now;
        let counted = self.counts(visitor.entered);
        let state = &mut self.stations[usize::from(s)];
        state.short.at_work[place as usize] = AtWork { visitor, began: now };
        let server = state.short.first_server + place;
        let end = (now + visitor.work).min(SimTime::MAX.0 - 1);
        self.services.set(server, key(end, Phase::Completion, server));
        let waited = now - visitor.entered;
        if counted {
            state.counts.delayed += u64::from(waited > 0);
            state.wait.observe(waited);
            if state.short.watched {
                self.watch_start(s, visitor.item, waited);
            }
        }
        if self.plan.watches_orders {
            self.put_down(s, &visitor, visitor.entered);
            self.items.detail_mut(visitor.item).started = now;
            self.watch_order_start(s, visitor.item);
        }
    }

    /// A service at a plain station ends: the visitor goes on, then the server.
    #[inline]
    pub(super) fn complete_plain(&mut self, s: u16, server: u32) {
        let now = self.now;
        let state = &mut self.stations[usize::from(s)];
        let place = server - state.short.first_server;
        let AtWork { mut visitor, began } = state.short.at_work[place as usize];
        let (only_way, watched) = (state.short.only_way, state.short.watched);
        state.counts.completed_in_all += 1;
        if visitor.entered >= self.from && visitor.entered < self.until {
            state.counts.completed += 1;
            state.service.observe(visitor.work);
            if watched {
                self.watch_end(s, visitor.item, now - visitor.entered, visitor.work);
            }
        }
        if visitor.has_life() {
            self.lengthen_life(s, &mut visitor, began);
        }
        if O::WATCHES || self.plan.watches_orders {
            self.report_plain(s, &visitor, began);
        }
        let fate = only_way.unwrap_or_else(|| self.drawn_way(s, visitor.item, visitor.id, visitor.draw_number()));
        match fate {
            Fate::To(next) if self.stations[next.index()].short.open => self.enter_plain(next.0, visitor),
            _ => {
                self.put_down(s, &visitor, now);
                self.go(visitor.item, fate);
            }
        }
        self.go_on_plain(s, place);
    }

    /// Tells of the end of a visit where single visits are watched.
    #[cold]
    fn report_plain(&mut self, s: u16, visitor: &Visitor, began: u64) {
        if self.plan.watches_orders {
            self.watch_order_end(s, visitor.item);
        }
        if O::WATCHES {
            self.put_down(s, visitor, self.now);
            self.items.detail_mut(visitor.item).started = began;
            self.tell(s, visitor.item, Outcome::Served);
        }
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
        if let Some(next) = state.short.line.pop_front() {
            // The server stays busy: only the queue changes.
            state.queue.leave(now);
            self.start_plain(s, place, next);
            return;
        }
        state.busy.leave(now);
        state.servers.give_back(place);
        self.pools[state.short.pool].busy -= 1;
        self.services.set(state.short.first_server + place, NEVER);
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
        let pool = self.stations[k].short.pool;
        while self.pools[pool].free() {
            let now = self.now;
            let state = &mut self.stations[k];
            let Some(next) = state.short.line.pop_front() else { return };
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
            for at in 0..self.stations[s].short.line.len() {
                let visitor = self.stations[s].short.line[at];
                self.put_down(station, &visitor, visitor.entered);
                self.items[visitor.item].standing = Standing::Waiting;
            }
            for place in 0..self.plan.stations[s].servers {
                if self.stations[s].servers.is_free(place) {
                    continue;
                }
                let AtWork { visitor, began } = self.stations[s].short.at_work[place as usize];
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
