//! Lines in front of a station: those who wait for service, and those behind a gate.

use super::items::{Items, NO_ITEM};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// A first-in, first-out list of items behind a gate.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    first: u32,
    last: u32,
    length: u32,
}

impl Default for List {
    fn default() -> List {
        List { first: NO_ITEM, last: NO_ITEM, length: 0 }
    }
}

impl List {
    #[inline]
    pub(super) fn length(&self) -> u32 {
        self.length
    }

    #[inline]
    pub(super) fn first(&self) -> Option<u32> {
        (self.first != NO_ITEM).then_some(self.first)
    }

    #[inline]
    pub(super) fn push(&mut self, items: &mut Items, item: u32) {
        let detail = items.detail_mut(item);
        detail.next = NO_ITEM;
        detail.previous = self.last;
        if self.last == NO_ITEM {
            self.first = item;
        } else {
            items.detail_mut(self.last).next = item;
        }
        self.last = item;
        self.length += 1;
    }

    #[inline]
    pub(super) fn take_first(&mut self, items: &mut Items) -> Option<u32> {
        let item = self.first()?;
        self.first = items.detail(item).next;
        if self.first == NO_ITEM {
            self.last = NO_ITEM;
        } else {
            items.detail_mut(self.first).previous = NO_ITEM;
        }
        self.length -= 1;
        Some(item)
    }
}

/// How many turns ahead an item is fetched.
const TOUCHED_AHEAD: usize = 4;

/// A first-in, first-out queue of items that may leave from the middle: those who left are passed over later.
#[derive(Clone, Debug, Default)]
pub(super) struct Ring {
    /// Item and its stamp when it joined.
    entries: VecDeque<(u32, u32)>,
    length: u32,
}

impl Ring {
    #[inline]
    fn push(&mut self, items: &Items, item: u32) {
        self.entries.push_back((item, items[item].stamp));
        self.length += 1;
    }

    fn first(&mut self, items: &Items) -> Option<u32> {
        while let Some((item, stamp)) = self.entries.front() {
            if items[*item].stamp == *stamp {
                return Some(*item);
            }
            self.entries.pop_front();
        }
        None
    }

    #[inline]
    fn take_first(&mut self, items: &Items) -> Option<u32> {
        // Touches an item some places back: by its turn it has come into the cache.
        if let Some((soon, _)) = self.entries.get(TOUCHED_AHEAD) {
            std::hint::black_box(items[*soon].id);
        }
        while let Some((item, stamp)) = self.entries.pop_front() {
            if items[item].stamp == stamp {
                self.length -= 1;
                return Some(item);
            }
        }
        None
    }
}

/// Due time, arrival, identity, item and its stamp.
type ByDue = Reverse<(u64, u64, u64, u32, u32)>;

/// A waiting line under a discipline. Whoever takes an item out raises its stamp.
#[derive(Clone, Debug)]
pub(super) enum Line {
    /// First in, first out.
    Fifo(Ring),
    /// One queue a class, lower class first.
    Classes(Vec<Ring>),
    /// By due time, then arrival, then identity. Entries whose stamp is old are passed over.
    DueFirst { heap: BinaryHeap<ByDue>, length: u32 },
}

impl Line {
    #[inline]
    pub(super) fn length(&self) -> u32 {
        match self {
            Line::Fifo(ring) => ring.length,
            Line::Classes(rings) => rings.iter().map(|ring| ring.length).sum(),
            Line::DueFirst { length, .. } => *length,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, items: &Items, item: u32, due: u64) {
        match self {
            Line::Fifo(ring) => ring.push(items, item),
            Line::Classes(rings) => rings[usize::from(items[item].priority)].push(items, item),
            Line::DueFirst { heap, length } => {
                let it = &items[item];
                heap.push(Reverse((due, it.entered, it.id, item, it.stamp)));
                *length += 1;
            }
        }
    }

    /// The next item, without taking it.
    pub(super) fn first(&mut self, items: &Items) -> Option<u32> {
        match self {
            Line::Fifo(ring) => ring.first(items),
            Line::Classes(rings) => rings.iter_mut().find_map(|ring| ring.first(items)),
            Line::DueFirst { heap, .. } => {
                while let Some(Reverse((_, _, _, item, stamp))) = heap.peek() {
                    if items[*item].stamp == *stamp {
                        return Some(*item);
                    }
                    heap.pop();
                }
                None
            }
        }
    }

    #[inline]
    pub(super) fn take_first(&mut self, items: &Items) -> Option<u32> {
        match self {
            Line::Fifo(ring) => ring.take_first(items),
            Line::Classes(rings) => rings.iter_mut().find_map(|ring| ring.take_first(items)),
            Line::DueFirst { .. } => {
                let item = self.first(items)?;
                if let Line::DueFirst { heap, length } = self {
                    heap.pop();
                    *length -= 1;
                }
                Some(item)
            }
        }
    }

    /// `item` leaves from the middle.
    pub(super) fn leave(&mut self, items: &Items, item: u32) {
        match self {
            Line::Fifo(ring) => ring.length -= 1,
            Line::Classes(rings) => rings[usize::from(items[item].priority)].length -= 1,
            Line::DueFirst { length, .. } => *length -= 1,
        }
    }
}
