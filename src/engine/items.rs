//! What flows: orders, their lines, contacts and other work, in an arena that reuses its places.

use crate::model::ItemKind;
use crate::observation::{Cause, Interval};
use crate::time::SimTime;

/// Stands for "no item" in a link.
pub(super) const NO_ITEM: u32 = u32::MAX;
/// Stands for "no diversion" in an item.
pub(super) const NO_DIVERSION: u16 = u16::MAX;

/// Where an item is within a station's state machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// One thing that flows. What every visit needs comes first and fills one cache line; the rest fills another.
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
    /// End of its last labelled interval.
    pub(super) labelled: u64,
    /// Raised at each new wait and at each reuse of the place, so that old timers find nobody.
    pub(super) stamp: u32,
    pub(super) lines: u32,
    pub(super) source: u16,
    pub(super) station: u16,
    /// Visits to this station so far.
    pub(super) visit: u16,
    pub(super) attempt: u16,
    /// Number of the line within its order, 0 for whole orders; the kind of a contact.
    pub(super) line: u16,
    /// The hold or exception it is diverted by.
    pub(super) diversion: u16,
    pub(super) priority: u8,
    pub(super) kind: ItemKind,
    pub(super) standing: Standing,
    /// Whether it was created in the counted window, and whether its labelled intervals are kept.
    pub(super) marks: Marks,
    /// When it joined the line, or the last change of its standing.
    pub(super) joined: u64,
    /// When its service first started at this visit.
    pub(super) started: u64,
    /// When it was last diverted.
    pub(super) diverted_since: u64,
    /// Links of the list it stands in.
    pub(super) next: u32,
    pub(super) previous: u32,
    /// The order a line or contact belongs to; itself for an order.
    pub(super) order: u32,
    /// Rank of arrival at its source, from 1.
    pub(super) rank: u32,
    /// Lines still out while it is split; messages written so far for a contact.
    pub(super) open_lines: u32,
    pub(super) units: u32,
    /// Where it was diverted: station, or `u16::MAX` for its source.
    pub(super) diverted_at: u16,
}

/// What is noted of an item for good.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// It was created in the counted window.
    pub(super) counted: bool,
    /// Its labelled intervals are kept.
    pub(super) kept: bool,
}

/// Clock readings of an order that SLAs need beside its creation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    /// When the last hold was cleared; 0 when there was none.
    pub(super) released: u64,
    /// Ticks during which its SLA clocks stood still.
    pub(super) paused: u64,
    /// When its clocks started anew; 0: never.
    pub(super) restarted: u64,
    /// SLAs already judged, one bit each.
    pub(super) judged: u64,
    /// When it reached the stations that start a clock, one place an SLA; 0: not yet.
    pub(super) reached: [u64; MOST_SLAS],
}

/// SLAs a scenario may have.
pub const MOST_SLAS: usize = 8;

const CHUNK: usize = 16;

/// The arena of items and their lives.
#[derive(Debug, Default)]
pub(super) struct Items {
    items: Vec<Item>,
    clocks: Vec<Clock>,
    /// The first labelled intervals of each item; the rest lies in `overflow`.
    lives: Vec<[u64; CHUNK]>,
    lengths: Vec<u32>,
    overflow: Vec<Vec<u64>>,
    free: Vec<u32>,
    /// Visits to stations on circles, `circles` places an item.
    visits: Vec<u16>,
    circles: usize,
    keeps_lives: bool,
    in_use: u32,
}

impl Items {
    /// An empty arena for a model with so many stations on circles; lives are kept when asked for.
    pub(super) fn new(circles: usize, keeps_lives: bool) -> Items {
        Items { circles, keeps_lives, ..Items::default() }
    }

    /// Items in the arena now.
    pub(super) fn in_use(&self) -> u32 {
        self.in_use
    }

    /// Puts an item into the arena.
    #[inline]
    pub(super) fn add(&mut self, mut item: Item) -> u32 {
        self.in_use += 1;
        item.marks.kept &= self.keeps_lives;
        if let Some(place) = self.free.pop() {
            let at = place as usize;
            item.stamp = self.items[at].stamp.wrapping_add(1);
            let own = item.order == NO_ITEM;
            self.items[at] = item;
            if own {
                self.items[at].order = place;
            }
            if self.keeps_lives {
                self.clocks[at] = Clock::default();
                self.lengths[at] = 0;
            }
            if self.circles > 0 {
                let visits = at * self.circles;
                self.visits[visits..visits + self.circles].fill(0);
            }
            return place;
        }
        self.grow(item)
    }

    #[cold]
    fn grow(&mut self, mut item: Item) -> u32 {
        let place = u32::try_from(self.items.len()).expect("fewer than 2^32 items in flight");
        if item.order == NO_ITEM {
            item.order = place;
        }
        self.items.push(item);
        if self.keeps_lives {
            self.clocks.push(Clock::default());
            self.lives.push([0; CHUNK]);
            self.lengths.push(0);
            self.overflow.push(Vec::new());
        }
        self.visits.extend(std::iter::repeat_n(0, self.circles));
        place
    }

    /// Takes an item out of the arena.
    #[inline]
    pub(super) fn remove(&mut self, place: u32) {
        self.in_use -= 1;
        let item = &mut self.items[place as usize];
        item.stamp = item.stamp.wrapping_add(1);
        if self.keeps_lives && self.lengths[place as usize] as usize > CHUNK {
            self.overflow[place as usize].clear();
        }
        self.free.push(place);
    }

    /// The clock readings of an order.
    pub(super) fn clock(&mut self, place: u32) -> &mut Clock {
        &mut self.clocks[place as usize]
    }

    /// Counts a visit to the station that is number `circle` among those on circles.
    pub(super) fn count_visit(&mut self, place: u32, circle: usize) -> u16 {
        let visits = &mut self.visits[place as usize * self.circles + circle];
        *visits = visits.saturating_add(1);
        *visits
    }

    /// Labels the stretch of an item's life up to `to`.
    #[inline]
    pub(super) fn label(&mut self, place: u32, station: u16, cause: Cause, to: u64) {
        let item = &mut self.items[place as usize];
        if !item.marks.kept || to <= item.labelled {
            return;
        }
        item.labelled = to;
        let entry = to << 20 | u64::from(station) << 4 | u64::from(cause as u8);
        let length = &mut self.lengths[place as usize];
        let at = *length as usize;
        *length += 1;
        if at < CHUNK {
            self.lives[place as usize][at] = entry;
        } else {
            self.overflow[place as usize].push(entry);
        }
    }

    /// The labelled life of an item since `from`, into `out`.
    pub(super) fn life(&self, place: u32, from: u64, out: &mut Vec<Interval>) {
        let at = place as usize;
        let length = self.lengths[at] as usize;
        let mut since = SimTime(from);
        let first = &self.lives[at][..length.min(CHUNK)];
        for entry in first.iter().chain(&self.overflow[at]) {
            let to = SimTime(entry >> 20);
            let cause = Cause::from_index((entry & 15) as u8).expect("a cause was stored");
            let station = ((entry >> 4) & 0xFFFF) as u16;
            out.push(Interval { station, cause, from: since, to });
            since = to;
        }
    }

    /// Every item in the arena, by place. Places that are free are passed over.
    pub(super) fn present(&self) -> Vec<u32> {
        let mut free = vec![false; self.items.len()];
        for place in &self.free {
            free[*place as usize] = true;
        }
        (0..self.items.len()).filter(|at| !free[*at]).map(|at| u32::try_from(at).expect("places are u32")).collect()
    }
}

impl std::ops::Index<u32> for Items {
    type Output = Item;
    #[inline]
    fn index(&self, place: u32) -> &Item {
        &self.items[place as usize]
    }
}

impl std::ops::IndexMut<u32> for Items {
    #[inline]
    fn index_mut(&mut self, place: u32) -> &mut Item {
        &mut self.items[place as usize]
    }
}
