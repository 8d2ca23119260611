//! What happens next: the pending services, and the one order of events at equal time.
//!
//! A key is one integer: 44 bits of time, 3 of phase, 17 of rank. Services at stations with a limited number of
//! servers live in a tournament with one fixed leaf for each server, so no branch depends on the data; everything else
//! (polls, backoffs, patience, shifts, services at unlimited stations) is a timer (`timers.rs`). Both yield the same kind
//! of key, so one comparison tells which comes first. Arrivals come sorted from their own stream and are neither.

use crate::time::TIME_BITS;

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
