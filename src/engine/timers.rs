//! Timers: every pending event that is not a service at a station with a limited number of servers.

use super::event_calendar::{NEVER, time_of};
use crate::time::TIME_BITS;
use std::cmp::Ordering;

/// A pending event that is not a service at a limited station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// When, and in which phase.
    pub key: u64,
    /// Decides at equal keys: the identity of the order concerned.
    pub tie: u64,
    /// What happens.
    pub what: Happening,
}

/// What a timer brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Look at levels (index of the probe).
    Probe(u32),
    /// Counting starts.
    CountingStarts,
    /// Counting ends.
    CountingEnds,
    /// The horizon is over.
    HorizonEnds,
    /// A planned change (its index).
    Change(u32),
    /// The next step of a pool's roster.
    Roster(u16),
    /// A station's outage begins or ends.
    Outage(u16, bool),
    /// A server of a station breaks down or is repaired (station, server, down).
    Breakdown(u16, u32, bool),
    /// A service at an unlimited station ends.
    Served(u32),
    /// An item comes back to the station it is bound for.
    Return(u32),
    /// A poll, wave or collection.
    Release(u16),
    /// A gathering gate has waited long enough for its first item (station, stamp of the gathering).
    Gathered(u16, u32),
    /// An item's patience ends (item, stamp of the wait).
    Abandon(u32, u32),
    /// A batch may start with those it has.
    BatchTimeout(u16),
    /// A token is there.
    Token(u16),
    /// The next order of an SLA's watch is due.
    Due(u16),
    /// A customer writes about an order (index of the contact, item, stamp of the item).
    Writes(u16, u32, u32),
    /// A message that comes after a delay (item).
    Message(u32),
    /// Work that follows a dispatch arrives (item).
    FollowUp(u32),
}

/// Timers in order of (key, tie), first in, first out beyond that.
///
/// Those of the present slot of time are in a 4-ary heap; those of later slots only stand on the list of theirs,
/// so that thousands of customers who will send something back next week make no heap deep.
///
/// What is to happen at this very instant often comes in a crowd. A crowd is put in order when the first of it is asked for;
/// what comes while it is on its way goes to the heap.
#[derive(Debug)]
pub struct Timers {
    /// The first key of all.
    first: u64,
    heap: Vec<Pending>,
    /// Timers of this instant: as they came, or the last first once they are `on_their_way`.
    crowd: Vec<Pending>,
    on_their_way: bool,
    sequence: u32,
    /// The slot that the heap holds, with all before it.
    slot: usize,
    /// For each slot the first timer on its list; `u32::MAX`: none.
    first_of_slot: Box<[u32]>,
    /// Timers of later slots, each with the next on its list, and the list of places that are free.
    later: Vec<(Pending, u32)>,
    free: u32,
    /// Timers on the lists of later slots.
    waiting: usize,
}

/// A slot is 2^33 µs, some two hours and a half: what falls into it are tens of timers, and a run has at most 2,048.
const SLOT_BITS: u32 = 33;
const SLOTS: usize = 1 << (TIME_BITS - SLOT_BITS);
/// Stands for "nobody" on a list.
const NOBODY: u32 = u32::MAX;

impl Default for Timers {
    fn default() -> Timers {
        Timers {
            first: NEVER,
            heap: Vec::new(),
            crowd: Vec::new(),
            on_their_way: false,
            sequence: 0,
            slot: 0,
            first_of_slot: vec![NOBODY; SLOTS].into_boxed_slice(),
            later: Vec::new(),
            free: NOBODY,
            waiting: 0,
        }
    }
}

/// The slot of a key. A key of the last phases at the end of all time is in the last slot too.
#[inline]
fn slot_of(key: u64) -> usize {
    ((time_of(key) >> SLOT_BITS) as usize).min(SLOTS - 1)
}

/// A timer that is pending.
#[derive(Clone, Copy, Debug)]
struct Pending {
    key: u64,
    tie: u64,
    /// How many came before it, as far as 32 bits tell: it decides between timers of one key and tie only.
    sequence: u32,
    what: Happening,
}

impl Pending {
    /// Without a branch: which of two timers is first is as good as random.
    #[inline]
    fn before(&self, other: &Pending) -> bool {
        let order = |of: &Pending| u128::from(of.key) << 64 | u128::from(of.tie);
        let (own, others) = (order(self), order(other));
        (own < others) | ((own == others) & (self.sequence.wrapping_sub(other.sequence).cast_signed() < 0))
    }
}

impl Timers {
    /// Forgets all timers, keeping the memory.
    pub fn clear(&mut self) {
        self.first = NEVER;
        self.heap.clear();
        self.crowd.clear();
        self.on_their_way = false;
        self.sequence = 0;
        self.slot = 0;
        self.first_of_slot.fill(NOBODY);
        self.later.clear();
        self.free = NOBODY;
        self.waiting = 0;
    }

    /// The first key, [`NEVER`] when there is none.
    #[must_use]
    #[inline]
    pub fn first(&self) -> u64 {
        self.first
    }

    /// The heap is empty: those of the next slot that has any come into it.
    #[inline(never)]
    fn next_slot(&mut self) {
        while self.heap.is_empty() {
            self.slot += 1;
            let mut at = std::mem::replace(&mut self.first_of_slot[self.slot], NOBODY);
            while at != NOBODY {
                let (timer, next) = self.later[at as usize];
                self.later[at as usize].1 = self.free;
                self.free = at;
                at = next;
                self.waiting -= 1;
                self.push(timer);
            }
        }
    }

    /// A timer that is to be pending, the last to come.
    #[inline]
    fn numbered(&mut self, timer: Timer) -> Pending {
        let Timer { key, tie, what } = timer;
        let sequence = self.sequence;
        self.sequence = sequence.wrapping_add(1);
        self.first = self.first.min(key);
        Pending { key, tie, sequence, what }
    }

    /// Adds a timer for this very instant.
    #[inline]
    pub fn add_for_now(&mut self, timer: Timer) {
        if self.on_their_way {
            self.add(timer);
        } else {
            let entry = self.numbered(timer);
            self.crowd.push(entry);
        }
    }

    /// Adds a timer.
    pub fn add(&mut self, timer: Timer) {
        let entry = self.numbered(timer);
        let slot = slot_of(entry.key);
        if slot <= self.slot {
            self.push(entry);
            return;
        }
        self.waiting += 1;
        let next = self.first_of_slot[slot];
        self.first_of_slot[slot] = match self.later.get_mut(self.free as usize) {
            Some(place) => {
                let free = std::mem::replace(&mut self.free, place.1);
                *place = (entry, next);
                free
            }
            None => {
                self.later.push((entry, next));
                u32::try_from(self.later.len() - 1).expect("fewer than 2^32 timers are pending")
            }
        };
    }

    /// Takes the first timer.
    pub fn take(&mut self) -> Option<(u64, Happening)> {
        if self.heap.is_empty() && self.waiting > 0 {
            self.next_slot();
        }
        let taken = if self.crowd.is_empty() { self.take_from_heap() } else { self.take_from_both() };
        if self.heap.is_empty() && self.waiting > 0 {
            self.next_slot();
        }
        let key = |timer: Option<&Pending>| timer.map_or(NEVER, |timer| timer.key);
        self.first = key(self.heap.first()).min(key(self.crowd.last()));
        taken
    }

    fn take_from_both(&mut self) -> Option<(u64, Happening)> {
        if !self.on_their_way {
            self.on_their_way = true;
            self.crowd.sort_unstable_by(|a, b| if a.before(b) { Ordering::Greater } else { Ordering::Less });
        }
        match self.crowd.pop_if(|next| self.heap.first().is_none_or(|first| next.before(first))) {
            None => self.take_from_heap(),
            Some(next) => {
                self.on_their_way = !self.crowd.is_empty();
                Some((next.key, next.what))
            }
        }
    }

    #[inline]
    fn push(&mut self, entry: Pending) {
        let at = self.heap.len();
        self.heap.push(entry);
        self.rise(at, entry);
    }

    fn take_from_heap(&mut self) -> Option<(u64, Happening)> {
        let last = self.heap.pop()?;
        let Some(first) = self.heap.first().copied() else { return Some((last.key, last.what)) };
        // The first of each four moves up, down to the bottom. The last timer comes from there, so it seldom rises far
        // from the place that is left.
        let mut at = 0;
        while let Some(best) = self.first_child(at) {
            self.heap[at] = self.heap[best];
            at = best;
        }
        self.rise(at, last);
        Some((first.key, first.what))
    }

    /// Puts an entry where it belongs between the place `at`, which is free for it, and the root.
    #[inline]
    fn rise(&mut self, mut at: usize, entry: Pending) {
        while at > 0 {
            let parent = (at - 1) / 4;
            if self.heap[parent].before(&entry) {
                break;
            }
            self.heap[at] = self.heap[parent];
            at = parent;
        }
        self.heap[at] = entry;
    }

    /// The first of the children of a place.
    #[inline]
    fn first_child(&self, at: usize) -> Option<usize> {
        let child = 4 * at + 1;
        let children = self.heap.get(child..)?;
        let Some([a, b, c, d]) = children.first_chunk() else {
            return (child..self.heap.len()).reduce(|a, b| if self.heap[b].before(&self.heap[a]) { b } else { a });
        };
        let left = usize::from(b.before(a));
        let right = 2 + usize::from(d.before(c));
        let of_all = [left, right][usize::from(children[right].before(&children[left]))];
        Some(child + of_all)
    }

    /// How many are pending.
    #[must_use]
    pub fn len(&self) -> usize {
        self.heap.len() + self.crowd.len() + self.waiting
    }

    /// Whether none is pending.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Phase, key};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn timers_come_in_order_of_key_then_tie_then_first_in_first_out(
            entries in proptest::collection::vec((0_u64..50, 0_u64..4, 0_u32..40, 0_usize..3), 0..200)
        ) {
            let mut timers = Timers::default();
            let mut pending: Vec<(u64, u64, u32)> = Vec::new();
            let mut now = 0;
            for (k, (time, tie, far, taken)) in (0_u32..).zip(&entries) {
                // Some at this instant, some soon, some many slots away; some are taken in between.
                let time = if *time < 20 { now } else { now + (time << far) };
                let key = key(time.min((1 << TIME_BITS) - 1), Phase::Return, 0);
                let timer = Timer { key, tie: *tie, what: Happening::Return(k) };
                if time == now { timers.add_for_now(timer) } else { timers.add(timer) }
                pending.push((key, *tie, k));
                for _ in 0..*taken {
                    pending.sort_unstable();
                    let first = if pending.is_empty() { None } else { Some(pending.remove(0)) };
                    prop_assert_eq!(timers.first(), first.map_or(NEVER, |first| first.0));
                    prop_assert_eq!(timers.take(), first.map(|(key, _, k)| (key, Happening::Return(k))));
                    now = first.map_or(now, |first| time_of(first.0));
                    prop_assert_eq!(timers.len(), pending.len());
                }
            }
            pending.sort_unstable();
            for (key, _, k) in pending {
                prop_assert_eq!(timers.take(), Some((key, Happening::Return(k))));
            }
            prop_assert!(timers.is_empty());
        }
    }
}
