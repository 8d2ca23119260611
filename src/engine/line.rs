//! The waiting line in front of a station: lists of items, linked through the items themselves.

use super::items::{Items, NO_ITEM};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A first-in, first-out list; items can leave from the middle.
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
        items[item].next = NO_ITEM;
        items[item].previous = self.last;
        if self.last == NO_ITEM {
            self.first = item;
        } else {
            items[self.last].next = item;
        }
        self.last = item;
        self.length += 1;
    }

    #[inline]
    pub(super) fn take_first(&mut self, items: &mut Items) -> Option<u32> {
        let item = self.first()?;
        self.first = items[item].next;
        if self.first == NO_ITEM {
            self.last = NO_ITEM;
        } else {
            items[self.first].previous = NO_ITEM;
        }
        self.length -= 1;
        Some(item)
    }

    pub(super) fn remove(&mut self, items: &mut Items, item: u32) {
        let (previous, next) = (items[item].previous, items[item].next);
        if previous == NO_ITEM {
            self.first = next;
        } else {
            items[previous].next = next;
        }
        if next == NO_ITEM {
            self.last = previous;
        } else {
            items[next].previous = previous;
        }
        self.length -= 1;
    }
}

/// A waiting line under a discipline.
#[derive(Clone, Debug)]
pub(super) enum Line {
    /// First in, first out.
    Fifo(List),
    /// One list a class, lower class first.
    Classes(Vec<List>),
    /// By due time, then arrival, then identity. Entries whose stamp is old are passed over.
    DueFirst { heap: BinaryHeap<Reverse<(u64, u64, u64, u32, u32)>>, length: u32 },
}

impl Line {
    #[inline]
    pub(super) fn length(&self) -> u32 {
        match self {
            Line::Fifo(list) => list.length(),
            Line::Classes(lists) => lists.iter().map(List::length).sum(),
            Line::DueFirst { length, .. } => *length,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, items: &mut Items, item: u32, due: u64) {
        match self {
            Line::Fifo(list) => list.push(items, item),
            Line::Classes(lists) => lists[usize::from(items[item].priority)].push(items, item),
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
            Line::Fifo(list) => list.first(),
            Line::Classes(lists) => lists.iter().find_map(List::first),
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
    pub(super) fn take_first(&mut self, items: &mut Items) -> Option<u32> {
        match self {
            Line::Fifo(list) => list.take_first(items),
            Line::Classes(lists) => lists.iter_mut().find_map(|list| list.take_first(items)),
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

    /// Takes `item` out of the middle. Its stamp must be raised by the caller.
    pub(super) fn remove(&mut self, items: &mut Items, item: u32) {
        match self {
            Line::Fifo(list) => list.remove(items, item),
            Line::Classes(lists) => lists[usize::from(items[item].priority)].remove(items, item),
            Line::DueFirst { length, .. } => *length -= 1,
        }
    }
}
