//! The short way through a plain station: its own servers, always as many, and nothing but a first-in-first-out line
//! between arrival and service.
//!
//! It books exactly what the general way books. What a visit needs travels with the visitor, from place to place in
//! line and from station to station: the item itself, which may have left the processor's caches long ago, is looked
//! at again only when it leaves the plain stations.

use super::contacts::{contact_ticks, message_ticks};
use super::event_calendar::{NEVER, Phase, key};
use super::flow::{by_share, choose};
use super::items::{Item, Items, Standing};
use super::plan::{SpreadPlan, Takes};
use super::service::{ticks, to_ticks};
use super::simulation::Simulation;
use super::station_plan::StationPlan;
use super::visitor_line::VisitorLine;
use super::visits::{Outcome, VisitObserver};
use crate::model::{Fate, ItemKind, Route};
use crate::observation::Cause;
use crate::random::Sampler;
use crate::time::SimTime;

/// A plain station in a run: what each visit needs of the plan, and who is there.
#[derive(Debug)]
pub(super) struct ShortWay<'p> {
    /// Whether the station is plain: without it the rest means nothing.
    pub(super) open: bool,
    pub(super) line: VisitorLine,
    /// Who is served at each server; what stands at a free server means nothing.
    pub(super) at_work: Vec<AtWork>,
    draw: Draw<'p>,
    first_server: u32,
    pool: usize,
    circle: Option<usize>,
    way: Way<'p>,
    /// Whether every way from here leaves the plain stations.
    is_last: bool,
    /// Whether every item is done here, on its only visit.
    pub(super) ends_here: bool,
    /// Whether measures look at its visits.
    watched: bool,
    /// Whether anybody is told of its visits: they, or who looks at whole orders.
    pub(super) told: bool,
}

/// How its service times are drawn.
#[derive(Debug)]
enum Draw<'p> {
    /// So many ticks, times a variate.
    Variate(f64, &'p Sampler),
    /// The content or the rank of the item matters.
    ByItem,
}

/// Where items go from it.
#[derive(Clone, Copy, Debug)]
enum Way<'p> {
    Only(Fate),
    /// No way is for certain items only.
    ByShare(&'p Route),
    ByItem(&'p Route),
}

impl<'p> ShortWay<'p> {
    pub(super) fn new(station: &'p StationPlan<'_>) -> ShortWay<'p> {
        let takes = &station.takes;
        ShortWay {
            open: station.plain,
            line: VisitorLine::default(),
            at_work: if station.plain { vec![AtWork::default(); station.servers as usize] } else { Vec::new() },
            draw: match &takes.spread {
                SpreadPlan::Variate(sampler) if !takes.has_parts => Draw::Variate(takes.fixed, sampler),
                _ => Draw::ByItem,
            },
            first_server: station.first_server,
            pool: usize::from(station.pool.unwrap_or(0)),
            circle: station.circle,
            way: match station.only_way {
                Some(fate) => Way::Only(fate),
                None if station.ways_for_all => Way::ByShare(&station.of.route),
                None => Way::ByItem(&station.of.route),
            },
            is_last: matches!(station.only_way, Some(Fate::Done | Fate::Cancelled)),
            ends_here: station.ends_all_at_once(),
            watched: !station.watches.is_empty(),
            told: !station.watches.is_empty(),
        }
    }
}

/// What a plain station knows of an item.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Visitor {
    pub(super) id: u64,
    pub(super) entered: u64,
    /// Ticks of service, drawn on arrival.
    pub(super) work: u64,
    pub(super) pass: Pass,
}

/// Place (of a bare visitor: its source, or kind of contact), visit, labelled intervals (in the row of lives) and nature of an item
/// in one register. Fields written one by one and read back as a whole would have to wait for every store before them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pass(u64);

/// The part of a whole item's first attempt in the number of its draws.
const FIRST_ATTEMPT: u64 = 1 << 16;
/// The number of the draws of a whole item on its first visit.
pub(super) const FIRST_DRAW: u64 = 1 << 32 | FIRST_ATTEMPT;

const VISIT: u32 = 32;
const INTERVALS: u32 = 48;
const HAS_LIFE: u64 = 1 << 56;
const IS_CONTACT: u64 = 1 << 57;
const IS_BARE: u64 = 1 << 58;
const IS_COUNTED: u64 = 1 << 59;

impl Pass {
    /// The pass of an item on its way to a plain station.
    #[inline]
    pub(super) fn of(item: &Item, place: u32) -> Pass {
        let contact = if item.kind == ItemKind::Contact { IS_CONTACT } else { 0 };
        let life = if item.marks.kept() { HAS_LIFE } else { 0 };
        Pass(u64::from(place) | u64::from(item.intervals) << INTERVALS | life | contact)
    }

    /// The pass of a bare arrival of this source.
    #[inline]
    pub(super) fn of_arrival(source: u16, counted: bool) -> Pass {
        Pass(u64::from(source) | if counted { IS_COUNTED } else { 0 } | IS_BARE)
    }

    /// The pass of a bare message of this kind of contact.
    #[inline]
    pub(super) fn of_message(matter: u16) -> Pass {
        Pass(u64::from(matter) | IS_CONTACT | IS_BARE)
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the lowest 32 bits")]
    pub(super) fn item(self) -> u32 {
        self.0 as u32
    }

    /// The kind of contact of a bare message, the source of a bare arrival.
    #[inline]
    pub(super) fn matter(self) -> u16 {
        (self.0 & 0xFFFF) as u16
    }

    /// Whether it has no place among the items.
    #[inline]
    pub(super) fn is_bare(self) -> bool {
        self.0 & IS_BARE != 0
    }

    #[inline]
    fn visit(self) -> u16 {
        (self.0 >> VISIT & 0xFFFF) as u16
    }

    #[inline]
    fn intervals(self) -> u8 {
        (self.0 >> INTERVALS & 0xFF) as u8
    }

    #[inline]
    fn has_life(self) -> bool {
        self.0 & HAS_LIFE != 0
    }

    /// Whether a bare arrival came while the run counted.
    #[inline]
    pub(super) fn is_counted(self) -> bool {
        self.0 & IS_COUNTED != 0
    }

    #[inline]
    pub(super) fn is_contact(self) -> bool {
        self.0 & IS_CONTACT != 0
    }

    #[inline]
    fn with_visit(self, visit: u16) -> Pass {
        Pass(self.0 & !(0xFFFF << VISIT) | u64::from(visit) << VISIT)
    }

    #[inline]
    fn with_intervals(self, intervals: u8) -> Pass {
        Pass(self.0 & !(0xFF << INTERVALS) | u64::from(intervals) << INTERVALS)
    }

    /// The number of its draws at the station: the first attempt of a whole item.
    #[inline]
    fn draw_number(self) -> u64 {
        u64::from(self.visit()) << 32 | FIRST_ATTEMPT
    }
}

/// A visitor in service.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AtWork {
    visitor: Visitor,
    began: u64,
}

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// An item with this identity and pass comes to a plain station; perhaps the ticks of its service are `drawn` already.
    #[inline(always)]
    pub(super) fn enter_plain(&mut self, s: u16, id: u64, pass: Pass, drawn: Option<u64>) {
        let now = self.now;
        let counted = u64::from(self.counts(now));
        // The state of the station is borrowed once for everything, beside the other parts of the run.
        let state = &mut self.stations[usize::from(s)];
        let visit = match state.short.circle {
            None => 1,
            Some(circle) => self.items.count_visit(pass.item(), circle),
        };
        let pass = pass.with_visit(visit);
        let work = match (drawn, &state.short.draw) {
            (Some(work), _) => work,
            _ if pass.is_contact() => match pass.is_bare() {
                true => message_ticks(self.plan, &self.keys, usize::from(pass.matter()), id, 1),
                false => contact_ticks(self.plan, &self.keys, &self.items, pass.item()),
            },
            (_, Draw::Variate(content, sampler)) => {
                to_ticks(content * sampler.value(state.keys.service.bits(id, pass.draw_number())))
            }
            (_, Draw::ByItem) => {
                let bits = state.keys.service.bits(id, pass.draw_number());
                ticks_by_item(&self.plan.stations[usize::from(s)].takes, &self.items, pass.item(), bits)
            }
        };
        let pool = &mut self.pools[state.short.pool];
        state.counts.arrivals_in_all += 1;
        state.counts.arrivals += counted;
        state.counts.first_attempts += counted;
        if !pool.free() || !state.short.line.is_empty() {
            state.counts.found_all_busy += counted;
            state.queue.enter(now);
            state.short.line.add(&mut self.visitors, (id, now), work, pass);
            return;
        }
        let Some(place) = state.servers.take_lowest() else { return };
        state.busy.enter(now);
        pool.busy += 1;
        self.start_plain(s, place, (id, now), work, pass);
    }

    /// A server of a plain station begins with the item of this identity that came at `entered`.
    ///
    /// All that is known of the visit comes in registers, as it comes to [`Simulation::enter_plain`], and is stored
    /// field by field, not as a [`Visitor`] put together first: see [`VisitorLine`].
    #[inline(always)]
    fn start_plain(&mut self, s: u16, place: u32, (id, entered): (u64, u64), work: u64, pass: Pass) {
        let now = self.now;
        let counted = self.counts(entered);
        let state = &mut self.stations[usize::from(s)];
        let at_work = &mut state.short.at_work[place as usize];
        at_work.visitor.id = id;
        at_work.visitor.entered = entered;
        at_work.visitor.work = work;
        at_work.visitor.pass = pass;
        at_work.began = now;
        let server = state.short.first_server + place;
        let end = (now + work).min(SimTime::MAX.0 - 1);
        self.services.set(server, key(end, Phase::Completion, server));
        let item = pass.item();
        if pass.has_life() {
            self.items.write_wait_ahead(item, pass.intervals(), s, now);
        }
        if state.short.is_last && !pass.is_bare() {
            // The item will be looked at when this service ends: a store sends for its memory without waiting for it.
            self.items[item].station = s;
        }
        let waited = now - entered;
        if counted {
            state.counts.delayed += u64::from(waited > 0);
            state.wait.observe(waited);
        }
        if state.short.told {
            self.tell_start(s, Visitor { id, entered, work, pass }, counted);
        }
    }

    /// Tells those who look on that a service starts.
    #[cold]
    #[inline(never)]
    fn tell_start(&mut self, s: u16, visitor: Visitor, counted: bool) {
        let item = visitor.pass.item();
        if counted && self.stations[usize::from(s)].short.watched {
            self.watch_start(s, item, self.now - visitor.entered);
        }
        if self.plan.watches_orders {
            self.put_down(s, (visitor.entered, visitor.work), visitor.pass);
            self.items.detail_mut(item).started = self.now;
            self.watch_order_start(s, item);
        }
    }

    /// A service at a plain station ends.
    ///
    /// One branch for each of the first stations: the processor guesses the branch, and with it knows where the
    /// station's state lies before the event calendar has said which station it is.
    #[inline]
    pub(super) fn complete_at_plain(&mut self, s: u16, server: u32) {
        match s {
            0 => self.complete_plain(0, server),
            1 => self.complete_plain(1, server),
            2 => self.complete_plain(2, server),
            3 => self.complete_plain(3, server),
            4 => self.complete_plain(4, server),
            5 => self.complete_plain(5, server),
            _ => self.complete_plain(s, server),
        }
    }

    /// A service at a plain station ends: the visitor goes on, then the server.
    #[inline(always)]
    fn complete_plain(&mut self, s: u16, server: u32) {
        let now = self.now;
        let state = &mut self.stations[usize::from(s)];
        let place = server - state.short.first_server;
        let &AtWork { visitor: Visitor { id, entered, work, mut pass }, began } = &state.short.at_work[place as usize];
        let item = pass.item();
        state.counts.completed_in_all += 1;
        let counted = entered >= self.from && entered < self.until;
        if counted {
            state.counts.completed += 1;
            state.service.observe(work);
        }
        if pass.has_life() {
            pass = pass.with_intervals(self.items.lengthen_by_visit(item, pass.intervals(), s, (entered, began, now)));
        }
        let fate = match state.short.way {
            Way::Only(fate) => fate,
            Way::ByShare(route) => by_share(route.legs.iter(), state.keys.route.bits(id, pass.draw_number())),
            Way::ByItem(route) => choose(route, &self.items[item], || state.keys.route.bits(id, pass.draw_number())),
        };
        if O::WATCHES || state.short.told {
            self.tell_end(s, Visitor { id, entered, work, pass }, began, counted);
        }
        match fate {
            Fate::To(next) if self.stations[next.index()].short.open => self.enter_plain(next.0, id, pass, None),
            _ if pass.is_bare() => self.bare_visitor_served(s, id, (entered, work), pass),
            fate => {
                self.put_down(s, (entered, work), pass);
                match fate {
                    // No line of an order comes this way, so nobody has to ask whether this is one.
                    Fate::Done => self.end(item, true),
                    _ => self.go(item, fate),
                }
            }
        }
        self.go_on_plain(s, place);
    }

    /// Tells those who look on that a service ends.
    #[cold]
    #[inline(never)]
    fn tell_end(&mut self, s: u16, visitor: Visitor, began: u64, counted: bool) {
        let item = visitor.pass.item();
        if counted && self.stations[usize::from(s)].short.watched {
            self.watch_end(s, item, self.now - visitor.entered, visitor.work);
        }
        if self.plan.watches_orders {
            self.watch_order_end(s, item);
        }
        if O::WATCHES {
            self.put_down(s, (visitor.entered, visitor.work), visitor.pass);
            self.items.detail_mut(item).started = began;
            self.tell(s, item, Outcome::Served);
        }
    }

    /// The server takes the next in line, or becomes idle.
    #[inline(always)]
    fn go_on_plain(&mut self, s: u16, place: u32) {
        let now = self.now;
        let state = &mut self.stations[usize::from(s)];
        if let Some(&Visitor { id, entered, work, pass }) = state.short.line.first(&self.visitors) {
            if let Some(later) = state.short.line.ahead(&self.visitors) {
                self.items.send_for(later.pass.item());
            }
            state.short.line.drop_first(&mut self.visitors);
            // The server stays busy: only the queue changes.
            state.queue.leave(now);
            self.start_plain(s, place, (id, entered), work, pass);
            return;
        }
        state.busy.leave(now);
        state.servers.give_back(place);
        self.pools[state.short.pool].busy -= 1;
        self.services.set(state.short.first_server + place, NEVER);
    }

    /// Writes what a visitor has carried into its item.
    #[inline]
    pub(super) fn put_down(&mut self, s: u16, (entered, work): (u64, u64), pass: Pass) {
        let it = &mut self.items[pass.item()];
        it.station = s;
        it.visit = pass.visit();
        it.attempt = 1;
        it.entered = entered;
        it.work = work;
        it.intervals = pass.intervals();
        it.standing = Standing::Moving;
    }

    /// When servers of a plain station first come on duty: whoever came before them starts.
    pub(super) fn open_plain(&mut self, s: u16) {
        let k = usize::from(s);
        let pool = self.stations[k].short.pool;
        while self.pools[pool].free() {
            let now = self.now;
            let state = &mut self.stations[k];
            let Some(&Visitor { id, entered, work, pass }) = state.short.line.first(&self.visitors) else { return };
            state.short.line.drop_first(&mut self.visitors);
            state.queue.leave(now);
            let Some(place) = state.servers.take_lowest() else { return };
            state.busy.enter(now);
            self.pools[pool].busy += 1;
            self.start_plain(s, place, (id, entered), work, pass);
        }
    }

    /// At the end of a run: who is still at a plain station is put down there.
    pub(super) fn put_down_everybody(&mut self) {
        for s in 0..self.stations.len() {
            if !self.plan.stations[s].plain {
                continue;
            }
            let station = u16::try_from(s).expect("stations are numbered by u16");
            while let Some(Visitor { id, entered, work, pass }) =
                self.stations[s].short.line.first(&self.visitors).copied()
            {
                self.stations[s].short.line.drop_first(&mut self.visitors);
                let pass = self.with_place(id, entered, pass);
                self.put_down(station, (entered, work), pass);
                self.items[pass.item()].standing = Standing::Waiting;
                self.items.detail_mut(pass.item()).started = u64::MAX;
            }
            for place in 0..self.plan.stations[s].servers {
                if self.stations[s].servers.is_free(place) {
                    continue;
                }
                let AtWork { visitor: Visitor { id, entered, work, pass }, began } =
                    self.stations[s].short.at_work[place as usize];
                let pass = self.with_place(id, entered, pass);
                self.put_down(station, (entered, work), pass);
                self.items[pass.item()].standing = Standing::InService;
                self.items.detail_mut(pass.item()).started = began;
                // Its wait is over; the label of its service waits for the end of the run.
                self.items.label(pass.item(), station, Cause::NoPerson, began);
            }
        }
    }
}

/// Service time where the content or the rank of the item matters.
#[inline(never)]
fn ticks_by_item(takes: &Takes<'_>, items: &Items, item: u32, bits: u64) -> u64 {
    ticks(takes, &items[item], bits)
}
