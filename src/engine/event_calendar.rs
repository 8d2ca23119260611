//! What happens next: the pending services and timers, and the one order of events at equal time.
//!
//! A key is one integer: 44 bits of time, 3 of phase, 17 of rank. Services at stations with a limited number of
//! servers live in a tournament with one fixed leaf for each server, so no branch depends on the data; everything else
//! (polls, backoffs, patience, shifts, services at unlimited stations) lives in a 4-ary heap. Both yield the same kind
//! of key, so one comparison tells which comes first. Arrivals come sorted from their own stream and enter neither.

use crate::time::TIME_BITS;
use std::cmp::Ordering;

/// What comes first at equal time. The order is part of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Phase {
    /// A look at levels: the value just before whatever else happens at the instant.
    Probe,
    /// Shifts, outages, controls: who and what is there from this instant on.
    Change,
    /// Ends of services: a server that frees at this instant serves whoever was there.
    Completion,
    /// Items that come back from a delay.
    Return,
    /// Arrivals: they find the servers that have just become free.
    Arrival,
    /// Polls, waves, collections: whoever is there at this instant goes with them.
    Release,
    /// Ends of patience: who could be served at this instant was served.
    Abandon,
    /// A batch that has waited long enough starts with those it has.
    BatchTimeout,
}

const RANK_BITS: u32 = 17;
const PHASE_BITS: u32 = 3;

/// Ranks a key can hold: servers of all stations together.
pub const MOST_RANKS: usize = 1 << RANK_BITS;

/// Stands for "nothing is pending".
pub const NEVER: u64 = u64::MAX;

/// The key of an event.
#[must_use]
#[inline]
pub fn key(time: u64, phase: Phase, rank: u32) -> u64 {
    debug_assert!(time < 1 << TIME_BITS, "the horizon is checked at load");
    debug_assert!((rank as usize) < MOST_RANKS, "ranks are checked at load");
    time << (PHASE_BITS + RANK_BITS) | u64::from(phase as u8) << RANK_BITS | u64::from(rank)
}

/// The time of a key.
#[must_use]
#[inline]
pub fn time_of(key: u64) -> u64 {
    key >> (PHASE_BITS + RANK_BITS)
}

/// The rank of a key.
#[must_use]
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "masked to 17 bits")]
pub fn rank_of(key: u64) -> u32 {
    (key & (MOST_RANKS as u64 - 1)) as u32
}

/// Pending services: a tournament over servers.
#[derive(Debug)]
pub struct Services {
    /// `keys[1]` is the winner; server k's leaf stands at `leaves + k`.
    keys: Box<[u64]>,
    leaves: usize,
    /// Levels of the tournament: 2^levels keys.
    levels: u32,
}

impl Services {
    /// A tournament of so many servers, all idle.
    #[must_use]
    pub fn new(servers: usize) -> Services {
        let leaves = servers.next_power_of_two().max(2);
        Services { keys: vec![NEVER; 2 * leaves].into_boxed_slice(), leaves, levels: leaves.ilog2() + 1 }
    }

    /// The first key, [`NEVER`] when all are idle.
    #[must_use]
    #[inline]
    pub fn first(&self) -> u64 {
        self.keys[1]
    }

    /// The key of a server.
    #[must_use]
    #[inline]
    pub fn of(&self, server: u32) -> u64 {
        self.keys[self.leaves + server as usize]
    }

    /// Gives a server its key; [`NEVER`] makes it idle.
    #[inline]
    pub fn set(&mut self, server: u32, key: u64) {
        let leaf = self.leaves + server as usize;
        // One or two servers are not worth a call.
        match <&mut [u64; 4]>::try_from(&mut self.keys[..]) {
            Ok(keys) => climb_known::<4>(keys, leaf, key),
            Err(_) => self.set_among_many(leaf, key),
        }
    }

    fn set_among_many(&mut self, leaf: usize, key: u64) {
        let keys = &mut self.keys[..];
        // Where the size is known beforehand, the climb is straight code without checks.
        match self.levels {
            7 => climb_known::<128>(keys, leaf, key),
            8 => climb_known::<256>(keys, leaf, key),
            9 => climb_known::<512>(keys, leaf, key),
            10 => climb_known::<1024>(keys, leaf, key),
            11 => climb_known::<2048>(keys, leaf, key),
            12 => climb_known::<4096>(keys, leaf, key),
            13 => climb_known::<8192>(keys, leaf, key),
            14 => climb_known::<16384>(keys, leaf, key),
            15 => climb_known::<32768>(keys, leaf, key),
            16 => climb_known::<65536>(keys, leaf, key),
            _ => climb(keys, leaf, key),
        }
    }
}

/// Puts `key` at a leaf and lets the smaller of each pair go up to the root.
fn climb(keys: &mut [u64], leaf: usize, key: u64) {
    let mut at = leaf;
    keys[at] = key;
    let mut winner = key;
    while at > 1 {
        winner = winner.min(keys[at ^ 1]);
        at >>= 1;
        keys[at] = winner;
    }
}

/// [`climb`] in a tree of `SIZE` keys, a power of two.
#[inline]
fn climb_known<const SIZE: usize>(keys: &mut [u64], leaf: usize, key: u64) {
    let Ok(keys) = <&mut [u64; SIZE]>::try_from(keys) else { return };
    let mut at = leaf & (SIZE - 1);
    keys[at] = key;
    let mut winner = key;
    for _ in 1..SIZE.ilog2() {
        winner = winner.min(keys[at ^ 1]);
        at >>= 1;
        keys[at] = winner;
    }
}

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
/// What is to happen at this very instant often comes in a crowd: a collection takes hundreds of orders, and all of them
/// are gone at once. A crowd is put in order when the first of it is asked for, which is a fraction of what a heap with
/// thousands of later timers in it takes. What comes while a crowd is on its way goes to the heap.
#[derive(Debug, Default)]
pub struct Timers {
    heap: Vec<Pending>,
    /// Timers of this instant: as they came, or the last first once they are `on_their_way`.
    crowd: Vec<Pending>,
    on_their_way: bool,
    sequence: u32,
}

/// A timer in the heap.
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
        self.heap.clear();
        self.crowd.clear();
        self.on_their_way = false;
        self.sequence = 0;
    }

    /// The first key, [`NEVER`] when there is none.
    #[must_use]
    #[inline]
    pub fn first(&mut self) -> u64 {
        let first = self.heap.first().map_or(NEVER, |timer| timer.key);
        if self.crowd.is_empty() { first } else { first.min(self.first_of_crowd()) }
    }

    #[inline(never)]
    fn first_of_crowd(&mut self) -> u64 {
        if !self.on_their_way {
            self.on_their_way = true;
            self.crowd.sort_unstable_by(|a, b| if a.before(b) { Ordering::Greater } else { Ordering::Less });
        }
        self.crowd.last().map_or(NEVER, |timer| timer.key)
    }

    /// Adds a timer for this very instant.
    #[inline]
    pub fn add_for_now(&mut self, timer: Timer) {
        if self.on_their_way {
            self.add(timer);
            return;
        }
        let Timer { key, tie, what } = timer;
        self.crowd.push(Pending { key, tie, sequence: self.sequence, what });
        self.sequence = self.sequence.wrapping_add(1);
    }

    /// Adds a timer.
    pub fn add(&mut self, timer: Timer) {
        let Timer { key, tie, what } = timer;
        let entry = Pending { key, tie, sequence: self.sequence, what };
        self.sequence = self.sequence.wrapping_add(1);
        let at = self.heap.len();
        self.heap.push(entry);
        self.rise(at, entry);
    }

    /// Takes the first timer.
    pub fn take(&mut self) -> Option<(u64, Happening)> {
        if self.crowd.is_empty() {
            return self.take_from_heap();
        }
        self.first_of_crowd();
        match self.crowd.pop_if(|next| self.heap.first().is_none_or(|first| next.before(first))) {
            None => self.take_from_heap(),
            Some(next) => {
                self.on_their_way = !self.crowd.is_empty();
                Some((next.key, next.what))
            }
        }
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
        self.heap.len() + self.crowd.len()
    }

    /// Whether none is pending.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty() && self.crowd.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn phases_at_one_instant_come_in_their_written_order() {
        let phases = [
            Phase::Probe,
            Phase::Change,
            Phase::Completion,
            Phase::Return,
            Phase::Arrival,
            Phase::Release,
            Phase::Abandon,
            Phase::BatchTimeout,
        ];
        for pair in phases.windows(2) {
            assert!(key(5, pair[0], 100) < key(5, pair[1], 0), "{pair:?}");
            assert!(key(5, pair[1], 0) < key(6, pair[0], 0), "time goes before phase");
        }
    }

    proptest! {
        #[test]
        fn timers_come_in_order_of_key_then_tie_then_first_in_first_out(
            entries in proptest::collection::vec((0_u64..50, 0_u64..4), 0..200)
        ) {
            let mut timers = Timers::default();
            let mut sorted: Vec<(u64, u64, u32)> = Vec::new();
            for (k, (key, tie)) in entries.iter().enumerate() {
                let k = u32::try_from(k).unwrap();
                let timer = Timer { key: *key, tie: *tie, what: Happening::Return(k) };
                if *tie % 2 == 0 { timers.add(timer) } else { timers.add_for_now(timer) }
                sorted.push((*key, *tie, k));
            }
            sorted.sort_unstable();
            for (key, _, k) in sorted {
                prop_assert_eq!(timers.take(), Some((key, Happening::Return(k))));
            }
            prop_assert!(timers.is_empty());
        }

        #[test]
        fn the_tournament_always_shows_the_smallest_key(
            servers in prop_oneof![Just(1_u32), Just(37), Just(64), Just(65), Just(500), Just(2_000), Just(3_000)],
            changes in proptest::collection::vec((0_u32..3_000, 0_u64..1000), 1..300)
        ) {
            let mut services = Services::new(servers as usize);
            let mut plain = vec![NEVER; servers as usize];
            for (server, key) in changes {
                let server = server % servers;
                let key = if key < 200 { NEVER } else { key };
                services.set(server, key);
                plain[server as usize] = key;
                prop_assert_eq!(services.first(), *plain.iter().min().unwrap());
            }
        }
    }
}
