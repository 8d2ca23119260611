//! What flows: orders, their lines, contacts and other work, in an arena that reuses its places.

mod lives;

use super::prefetch::prefetch;
use super::sla_clock::Clock;
use crate::model::{Fate, ItemKind};
use crate::observation::Stretch;

/// Stands for "no item" in a link.
pub(super) const NO_ITEM: u32 = u32::MAX;
/// Stands for "no second row" of a place.
const NO_ROW: u32 = u32::MAX;
/// Stands for "no diversion" in an item.
pub(super) const NO_DIVERSION: u16 = u16::MAX;

/// Where an item is within a station's state machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Standing {
    /// On the move, or waiting for a timer.
    Moving,
    /// Behind a gate that has not let it through.
    Gated,
    /// In the waiting line.
    Waiting,
    /// Interrupted, to be resumed.
    Suspended,
    /// In service.
    InService,
    /// Split into its lines, which are worked apart.
    Split,
}

/// One thing that flows: what every visit needs, in one cache line.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Item {
    /// Identity: the key of its draws. It does not depend on anything else in the scenario.
    pub(super) id: u64,
    /// When it was created.
    pub(super) created: u64,
    /// When it came to its station.
    pub(super) entered: u64,
    /// Ticks of service: planned, in hand, or done.
    pub(super) work: u64,
    /// Rank of arrival at its source, from 1.
    pub(super) rank: u32,
    pub(super) units: u32,
    /// Raised at each new wait and at each reuse of the place, so that old timers find nobody.
    pub(super) stamp: u32,
    pub(super) lines: u32,
    pub(super) source: u16,
    pub(super) station: u16,
    /// Visits to this station so far.
    pub(super) visit: u16,
    /// Number of the line within its order; 0 for whole orders.
    pub(super) line: u16,
    /// Which contact or follow-up it is.
    pub(super) matter: u16,
    pub(super) attempt: u8,
    /// Labelled intervals in its rows of lives; more lie elsewhere.
    pub(super) intervals: u8,
    pub(super) priority: u8,
    pub(super) kind: ItemKind,
    pub(super) standing: Standing,
    pub(super) marks: Marks,
}

/// An item with an identity and a time of creation, and nothing else decided.
pub(super) fn blank_item(id: u64, now: u64) -> Item {
    Item {
        id,
        created: now,
        entered: now,
        work: 0,
        rank: 0,
        units: 1,
        stamp: 0,
        lines: 1,
        source: u16::MAX,
        station: u16::MAX,
        visit: 1,
        line: 0,
        matter: 0,
        attempt: 1,
        intervals: 0,
        priority: 0,
        kind: ItemKind::Work,
        standing: Standing::Moving,
        marks: Marks::default(),
    }
}

/// The rest of an item: what only some visits need, in one cache line, which is not touched before one of them does.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Detail {
    /// When it joined the line, or the last change of its standing.
    pub(super) joined: u64,
    /// When its service first started at this visit; `u64::MAX`: not yet.
    pub(super) started: u64,
    /// When it was last diverted.
    pub(super) diverted_since: u64,
    /// Ticks for which the station had lacked equipment when it joined the line.
    pub(super) lacked: u64,
    /// The next of those who are worked on with it.
    pub(super) next: u32,
    /// The order a line belongs to; [`NO_ITEM`] for anything else.
    pub(super) order: u32,
    /// Lines still out while it is split; messages written so far for a contact.
    pub(super) open: u32,
    /// Number of the list that holds the labelled intervals beyond those in its rows of lives; [`NO_ITEM`]: none.
    pub(super) more: u32,
    /// Where an order goes one of whose lines was lost, once the others have ended.
    pub(super) lost: Option<Fate>,
    /// SLAs under which it has been judged before its end, one bit each.
    pub(super) judged: u8,
    /// The hold or exception it is diverted by.
    pub(super) diversion: u16,
    /// Where it was diverted: station, or `u16::MAX` for its source.
    pub(super) diverted_at: u16,
}

impl Detail {
    /// Nothing known yet of an item created at `now`.
    pub(super) const fn new(now: u64) -> Detail {
        Detail {
            joined: now,
            started: u64::MAX,
            diverted_since: 0,
            lacked: 0,
            next: NO_ITEM,
            order: NO_ITEM,
            // The first message is written as a contact comes to be.
            open: 1,
            more: NO_ITEM,
            lost: None,
            judged: 0,
            diversion: NO_DIVERSION,
            diverted_at: u16::MAX,
        }
    }
}

/// What is noted of an item for good.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks(u8);

impl Marks {
    pub(super) fn new(counted: bool, kept: bool) -> Marks {
        Marks(u8::from(counted) | u8::from(kept) << 1)
    }

    /// It was created in the counted window.
    #[inline]
    pub(super) fn counted(self) -> bool {
        self.0 & 1 != 0
    }

    /// Its labelled intervals are kept.
    #[inline]
    pub(super) fn kept(self) -> bool {
        self.0 & 2 != 0
    }

    /// It has a detail of its own.
    #[inline]
    fn detailed(self) -> bool {
        self.0 & 4 != 0
    }

    fn with_detail(self) -> Marks {
        Marks(self.0 | 4)
    }
}

/// SLAs a scenario may have.
pub const MOST_SLAS: usize = 8;

/// Labelled intervals in a row of lives.
const ROW: usize = 8;
/// Labelled intervals in both rows: enough for most orders.
pub(super) const ROWS: usize = 2 * ROW;

/// Some labelled intervals of an item, in one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Row([Stretch; ROW]);

/// What a run's arena has to keep for each item.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Keeps {
    /// Stations that an item can come back to.
    pub(super) circles: usize,
    /// Labelled lives.
    pub(super) lives: bool,
    /// Clock readings.
    pub(super) clocks: bool,
    /// Whether somebody remembers places and asks for their generation.
    pub(super) generations: bool,
}

/// An item and the first labelled intervals of its life: two cache lines side by side, which is all that most orders need.
#[derive(Clone, Debug)]
#[repr(C, align(128))]
struct Place {
    item: Item,
    life: Row,
}

/// The arena of items and their lives.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// Places that were ever needed, here or in an earlier run: their memory is used again as it is.
    places: Vec<Place>,
    /// How many of them this run has needed.
    used: u32,
    /// What only some visits need of the item at a place. It means nothing until the item is marked to have one, and
    /// reaches no further than the last place that ever had one.
    details: Vec<Detail>,
    /// Raised at the end of each item, so that who remembers a place knows whether it still holds the same item.
    generations: Vec<u32>,
    clocks: Vec<Clock>,
    /// Second rows of lives, which a place keeps once a life there was longer than one row.
    second: Vec<Row>,
    /// The number of a place's second row; [`NO_ROW`]: none yet.
    second_of: Vec<u32>,
    /// The intervals of lives that are longer than two rows, and those of these lists that nobody uses.
    longer: Vec<Vec<Stretch>>,
    longer_free: Vec<u32>,
    free: Vec<u32>,
    /// Visits to stations on circles, `circles` places an item.
    visits: Vec<u16>,
    keeps: Keeps,
    in_use: u32,
}

/// What is known of an item that has no detail of its own.
static NOTHING_SPECIAL: Detail = Detail::new(0);

impl Items {
    /// Forgets all items, keeping the memory.
    pub(super) fn start_anew(&mut self, keeps: Keeps) {
        // Places and rows of lives stay as they are: an item that is added overwrites its place, and how much of a row
        // counts is told by its item. Stamps and generations go on from there: they are only compared for equality.
        self.used = 0;
        self.clocks.clear();
        self.longer.iter_mut().for_each(Vec::clear);
        self.longer_free.clear();
        self.longer_free.extend((0_u32..).take(self.longer.len()));
        self.free.clear();
        self.visits.clear();
        self.keeps = keeps;
        self.in_use = 0;
    }

    /// Items in the system now.
    pub(super) fn in_use(&self) -> u32 {
        self.in_use
    }

    /// One more is in the system that needs no place.
    #[inline]
    pub(super) fn count_in(&mut self) {
        self.in_use += 1;
    }

    /// One that needed no place leaves the system, or takes one.
    #[inline]
    pub(super) fn count_out(&mut self) {
        self.in_use -= 1;
    }

    /// Sends for the memory of an item that will soon be looked at.
    #[inline(always)]
    pub(super) fn send_for(&self, place: u32) {
        if let Some(place) = self.places.get(place as usize) {
            prefetch(&place.item);
            prefetch(&place.life);
        }
    }

    /// Sends for the memory of an item, its detail and clocks among it.
    #[inline]
    pub(super) fn send_for_all(&self, place: u32) {
        self.send_for(place);
        if let Some(detail) = self.details.get(place as usize) {
            prefetch(detail);
        }
        if let Some(clock) = self.clocks.get(place as usize) {
            prefetch(clock);
        }
    }

    /// Puts an item into the arena.
    #[inline(always)]
    pub(super) fn add(&mut self, item: Item) -> u32 {
        self.in_use += 1;
        let place = match self.free.pop() {
            Some(place) => place,
            None => self.grow(),
        };
        let at = place as usize;
        let kept = item.marks.kept() && self.keeps.lives;
        let here = &mut self.places[at].item;
        let stamp = here.stamp.wrapping_add(1);
        *here = Item { stamp, marks: Marks::new(item.marks.counted(), kept), ..item };
        if self.keeps.clocks {
            self.clocks[at].start_anew();
        }
        if self.keeps.circles > 0 {
            let visits = at * self.keeps.circles;
            self.visits[visits..visits + self.keeps.circles].fill(0);
        }
        place
    }

    /// Makes a new place.
    #[cold]
    fn grow(&mut self) -> u32 {
        let place = self.used;
        self.used = place.checked_add(1).expect("fewer than 2^32 items in flight");
        if self.places.len() < self.used as usize {
            let life = Row([Stretch::default(); ROW]);
            self.places.push(Place { item: blank_item(0, 0), life });
            self.second_of.push(NO_ROW);
            self.generations.push(0);
        }
        if self.keeps.clocks {
            self.clocks.push(Clock::default());
        }
        self.visits.extend(std::iter::repeat_n(0, self.keeps.circles));
        place
    }

    /// Takes an item out of the arena.
    #[inline]
    pub(super) fn remove(&mut self, place: u32) {
        self.in_use -= 1;
        let at = place as usize;
        let item = &mut self.places[at].item;
        item.stamp = item.stamp.wrapping_add(1);
        let full = usize::from(item.intervals) >= ROWS;
        if self.keeps.generations {
            let generation = &mut self.generations[at];
            *generation = generation.wrapping_add(1);
        }
        if full {
            self.shorten(at);
        }
        self.free.push(place);
    }

    /// How many items have ended at a place.
    #[inline]
    pub(super) fn generation(&self, place: u32) -> u32 {
        self.generations[place as usize]
    }

    /// What only some visits need.
    #[inline]
    pub(super) fn detail(&self, place: u32) -> &Detail {
        let at = place as usize;
        if self.places[at].item.marks.detailed() { &self.details[at] } else { &NOTHING_SPECIAL }
    }

    /// What only some visits need, to be changed.
    #[inline]
    pub(super) fn detail_mut(&mut self, place: u32) -> &mut Detail {
        self.with_detail(place).1
    }

    /// An item and what only some visits need of it, both to be changed.
    #[inline(always)]
    pub(super) fn with_detail(&mut self, place: u32) -> (&mut Item, &mut Detail) {
        let at = place as usize;
        let item = &mut self.places[at].item;
        if !item.marks.detailed() {
            item.marks = item.marks.with_detail();
            if at >= self.details.len() {
                reach(&mut self.details, at);
            }
            self.details[at] = Detail::new(item.created);
        }
        (item, &mut self.details[at])
    }

    /// The order a line belongs to; any other item itself.
    #[inline]
    pub(super) fn order_of(&self, place: u32) -> u32 {
        let order = self.detail(place).order;
        if order == NO_ITEM { place } else { order }
    }

    /// The clock readings of an order.
    #[inline]
    pub(super) fn clock(&self, place: u32) -> &Clock {
        const UNTOUCHED: &Clock = &Clock::UNTOUCHED;
        if self.keeps.clocks { &self.clocks[place as usize] } else { UNTOUCHED }
    }

    /// The clock readings of an order, to be changed; nowhere when no SLA needs them.
    pub(super) fn clock_mut(&mut self, place: u32) -> Option<&mut Clock> {
        self.clocks.get_mut(place as usize)
    }

    /// Counts a visit to the station that is number `circle` among those on circles.
    pub(super) fn count_visit(&mut self, place: u32, circle: usize) -> u16 {
        let visits = &mut self.visits[place as usize * self.keeps.circles + circle];
        *visits = visits.saturating_add(1);
        *visits
    }

    /// Every item in the arena, by place. Places that are free are passed over.
    pub(super) fn present(&self) -> Vec<u32> {
        let mut free = vec![false; self.used as usize];
        for place in &self.free {
            free[*place as usize] = true;
        }
        (0..self.used).filter(|at| !free[*at as usize]).collect()
    }
}

/// Makes details reach to the place `at`.
#[cold]
#[inline(never)]
fn reach(details: &mut Vec<Detail>, at: usize) {
    details.resize(at + 1, NOTHING_SPECIAL);
}

impl std::ops::Index<u32> for Items {
    type Output = Item;
    #[inline]
    fn index(&self, place: u32) -> &Item {
        &self.places[place as usize].item
    }
}

impl std::ops::IndexMut<u32> for Items {
    #[inline]
    fn index_mut(&mut self, place: u32) -> &mut Item {
        &mut self.places[place as usize].item
    }
}
