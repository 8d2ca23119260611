//! The free servers of a station.

/// A set of free servers; the one with the lowest number is taken first.
#[derive(Clone, Debug)]
pub(super) struct ServerSet {
    /// A bit for each free server.
    words: Vec<u64>,
    /// A bit for each word with a free server: with thousands of servers at work nobody looks through all words.
    with_free: Vec<u64>,
    free: u32,
}

/// Number of the word, or of the bit in it.
fn split(k: u32) -> (usize, u32) {
    ((k / 64) as usize, k % 64)
}

/// As many bits as `n`, all set.
fn ones(n: u32) -> Vec<u64> {
    let mut words = vec![u64::MAX; n.div_ceil(64) as usize];
    if let Some(last) = words.last_mut()
        && !n.is_multiple_of(64)
    {
        *last = (1 << (n % 64)) - 1;
    }
    words
}

impl ServerSet {
    pub(super) fn all_free(n: u32) -> ServerSet {
        ServerSet { words: ones(n), with_free: ones(n.div_ceil(64)), free: n }
    }

    #[inline]
    pub(super) fn take_lowest(&mut self) -> Option<u32> {
        let (at, words) = (0_u32..).zip(&self.with_free).find(|(_, words)| **words != 0)?;
        let number = at * 64 + words.trailing_zeros();
        let server = number * 64 + self.words[number as usize].trailing_zeros();
        self.take(server);
        Some(server)
    }

    #[inline]
    pub(super) fn give_back(&mut self, server: u32) {
        let (number, bit) = split(server);
        self.words[number] |= 1 << bit;
        let (at, bit) = split(server / 64);
        self.with_free[at] |= 1 << bit;
        self.free += 1;
    }

    pub(super) fn is_free(&self, server: u32) -> bool {
        let (number, bit) = split(server);
        self.words[number] >> bit & 1 == 1
    }

    #[inline]
    pub(super) fn take(&mut self, server: u32) {
        debug_assert!(self.is_free(server));
        let (number, bit) = split(server);
        self.words[number] &= !(1 << bit);
        if self.words[number] == 0 {
            let (at, bit) = split(server / 64);
            self.with_free[at] &= !(1 << bit);
        }
        self.free -= 1;
    }

    #[inline]
    pub(super) fn any(&self) -> bool {
        self.free > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_lowest_free_server_is_taken_first_whatever_their_number() {
        for n in [1, 63, 64, 65, 4_096, 4_097, 13_000] {
            let (mut set, mut known) = (ServerSet::all_free(n), (0..n).collect::<BTreeSet<u32>>());
            let mut state = u64::from(n);
            for step in 0..4 * n + 200 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let any = u32::try_from(state >> 33).expect("31 bits") % n;
                // Mostly taken at first, so that long stretches have nobody free.
                if step < n || state >> 32 & 1 == 0 {
                    assert_eq!(set.take_lowest(), known.pop_first(), "{n}");
                } else if known.insert(any) {
                    set.give_back(any);
                } else {
                    set.take(any);
                    known.remove(&any);
                }
                assert_eq!((set.any(), set.is_free(any)), (!known.is_empty(), known.contains(&any)), "{n}");
            }
        }
    }
}
