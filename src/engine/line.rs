//! Lines in front of a station: those who wait for service, and those behind a gate.

use super::items::{Item, Items};
use super::prefetch::SENT_FOR_AHEAD;
use crate::model::Discipline;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Those behind a gate, first in, first out: nobody leaves from the middle.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    items: VecDeque<u32>,
}

impl List {
    #[inline]
    pub(super) fn length(&self) -> u32 {
        u32::try_from(self.items.len()).expect("fewer than 2^32 items in flight")
    }

    #[inline]
    pub(super) fn first(&self) -> Option<u32> {
        self.items.front().copied()
    }

    #[inline]
    pub(super) fn push(&mut self, item: u32) {
        self.items.push_back(item);
    }

    /// Takes the first, and sends for the memory of one who comes soon after.
    #[inline]
    pub(super) fn take_first(&mut self, items: &Items) -> Option<u32> {
        if let Some(soon) = self.items.get(SENT_FOR_AHEAD) {
            items.send_for_all(*soon);
        }
        self.items.pop_front()
    }

    /// All of them, the first first.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.items.iter().copied()
    }
}

/// A first-in, first-out queue of items that may leave from the middle: those who left are passed over later.
#[derive(Clone, Debug, Default)]
struct Ring {
    /// Item and its stamp when it joined.
    entries: VecDeque<(u32, u32)>,
}

impl Ring {
    #[inline]
    fn push(&mut self, it: &Item, item: u32) {
        self.entries.push_back((item, it.stamp));
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
        if let Some((soon, _)) = self.entries.get(SENT_FOR_AHEAD) {
            items.send_for_all(*soon);
        }
        while let Some((item, stamp)) = self.entries.pop_front() {
            if items[item].stamp == stamp {
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
pub(super) struct Line {
    turns: Turns,
    length: u32,
}

/// Whose turn it is.
#[derive(Clone, Debug)]
enum Turns {
    /// First in, first out.
    Fifo(Ring),
    /// One queue a class, lower class first.
    Classes(Vec<Ring>),
    /// By due time, then arrival, then identity. Entries whose stamp is old are passed over.
    DueFirst(BinaryHeap<ByDue>),
}

impl Line {
    /// An empty line for items of so many classes.
    pub(super) fn new(discipline: Discipline, classes: usize) -> Line {
        let turns = match discipline {
            Discipline::Fifo => Turns::Fifo(Ring::default()),
            Discipline::Priority { .. } => Turns::Classes(vec![Ring::default(); classes]),
            Discipline::EarliestDue => Turns::DueFirst(BinaryHeap::new()),
        };
        Line { turns, length: 0 }
    }

    #[inline]
    pub(super) fn length(&self) -> u32 {
        self.length
    }

    #[inline]
    pub(super) fn push(&mut self, it: &Item, item: u32, due: u64) {
        self.length += 1;
        match &mut self.turns {
            Turns::Fifo(ring) => ring.push(it, item),
            Turns::Classes(rings) => rings[usize::from(it.priority)].push(it, item),
            Turns::DueFirst(heap) => heap.push(Reverse((due, it.entered, it.id, item, it.stamp))),
        }
    }

    /// The next item, without taking it.
    pub(super) fn first(&mut self, items: &Items) -> Option<u32> {
        match &mut self.turns {
            Turns::Fifo(ring) => ring.first(items),
            Turns::Classes(rings) => rings.iter_mut().find_map(|ring| ring.first(items)),
            Turns::DueFirst(heap) => {
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
        let item = match &mut self.turns {
            Turns::Fifo(ring) => ring.take_first(items),
            Turns::Classes(rings) => rings.iter_mut().find_map(|ring| ring.take_first(items)),
            Turns::DueFirst(_) => {
                let first = self.first(items);
                if let Turns::DueFirst(heap) = &mut self.turns {
                    heap.pop();
                }
                first
            }
        }?;
        self.length -= 1;
        Some(item)
    }

    /// Somebody leaves from the middle.
    pub(super) fn leave(&mut self) {
        self.length -= 1;
    }
}
