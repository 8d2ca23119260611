//! The waiting lines of plain stations: blocks of places that all lines share, written and read field by field.
//!
//! A line that has grown long and is worked off leaves its memory to whoever waits next, and the block that was left last
//! is taken first: it is still in the processor's caches.
//!
//! A visitor put together as a whole and stored at once would be built on the stack first; the wide read that takes it
//! from there would have to wait for every single store before it, which costs more than all the rest of a visit.

use super::plain::{Pass, Visitor};
use super::prefetch::SENT_FOR_AHEAD;

/// So many places are taken and left at once: 4 KiB, a page of memory. A power of two.
const BLOCK: usize = 128;

/// The places of all waiting lines.
#[derive(Debug, Default)]
pub(super) struct VisitorPlaces {
    /// Block after block.
    places: Vec<Visitor>,
    /// For each block the one behind it: in its line, or among those that were left.
    behind: Vec<Option<u32>>,
    /// So many blocks have been taken in this run; those beyond hold nothing of it.
    taken: usize,
    /// The block that was left last; none where all that were taken are in use.
    left: Option<u32>,
}

impl VisitorPlaces {
    /// Nobody is in any line, whose memory is kept.
    pub(super) fn clear(&mut self) {
        self.taken = 0;
        self.left = None;
    }

    /// A block that nobody uses.
    fn take(&mut self) -> usize {
        if let Some(block) = self.left {
            self.left = self.behind[block as usize];
            return block as usize;
        }
        let block = self.taken;
        self.taken += 1;
        if self.taken > self.behind.len() {
            self.behind.push(None);
            self.places.resize(self.taken * BLOCK, Visitor::default());
        }
        block
    }

    fn leave(&mut self, block: usize) {
        self.behind[block] = self.left;
        self.left = Some(number(block));
    }
}

/// Visitors in order of arrival. All that it does needs the places that all lines share, the same ones from first to last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct VisitorLine {
    /// How many wait. Without it a line that fills its blocks would look empty where its first block lies behind its last.
    length: usize,
    /// Where the first stands.
    first: usize,
    /// Where the next will stand; at `end` that takes another block.
    next: usize,
    /// Behind the last place of the last block.
    end: usize,
}

impl VisitorLine {
    /// Whether nobody waits.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The first in line.
    #[inline]
    pub(super) fn first<'a>(&self, shared: &'a VisitorPlaces) -> Option<&'a Visitor> {
        if self.is_empty() { None } else { shared.places.get(self.first) }
    }

    /// Somebody [`SENT_FOR_AHEAD`] places behind the first, if so many wait; otherwise anybody, or nobody.
    ///
    /// Only whose memory is sent for depends on it, which changes nothing: asking how many wait would cost more.
    #[inline]
    pub(super) fn ahead<'a>(&self, shared: &'a VisitorPlaces) -> Option<&'a Visitor> {
        let at = self.first + SENT_FOR_AHEAD;
        if at / BLOCK == self.first / BLOCK {
            return shared.places.get(at);
        }
        let block = shared.behind.get(self.first / BLOCK).copied().flatten()?;
        shared.places.get(block as usize * BLOCK + at % BLOCK)
    }

    /// The first leaves the line.
    #[inline]
    pub(super) fn drop_first(&mut self, shared: &mut VisitorPlaces) {
        self.length -= 1;
        self.first += 1;
        if self.first.is_multiple_of(BLOCK) {
            self.leave_block(shared);
        }
    }

    /// One more at the end of the line.
    #[inline]
    pub(super) fn add(&mut self, shared: &mut VisitorPlaces, (id, entered): (u64, u64), work: u64, pass: Pass) {
        if self.next == self.end {
            self.take_block(shared);
        }
        let place = &mut shared.places[self.next];
        self.next += 1;
        self.length += 1;
        place.id = id;
        place.entered = entered;
        place.work = work;
        place.pass = pass;
    }

    /// The last block is full, or there is none.
    #[cold]
    #[inline(never)]
    fn take_block(&mut self, shared: &mut VisitorPlaces) {
        let block = shared.take();
        match self.end.checked_sub(1) {
            Some(last) => shared.behind[last / BLOCK] = Some(number(block)),
            None => self.first = block * BLOCK,
        }
        self.next = block * BLOCK;
        self.end = self.next + BLOCK;
    }

    /// Everybody of the first block has left.
    #[cold]
    #[inline(never)]
    fn leave_block(&mut self, shared: &mut VisitorPlaces) {
        let block = (self.first - 1) / BLOCK;
        if self.length == 0 {
            *self = VisitorLine::default();
        } else {
            let following = shared.behind[block].expect("a line that goes on has a block behind its first");
            self.first = following as usize * BLOCK;
        }
        shared.leave(block);
    }
}

/// The number of a block: two billion people wait before it does not fit.
fn number(block: usize) -> u32 {
    u32::try_from(block).expect("fewer blocks than items")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who came and who left, by hand.
    #[derive(Default)]
    struct Counted {
        line: VisitorLine,
        came: u64,
        left: u64,
    }

    impl Counted {
        fn add(&mut self, shared: &mut VisitorPlaces, name: u64) {
            self.line.add(shared, (name + self.came, 2 * self.came), 3 * self.came, Pass::default());
            self.came += 1;
        }

        fn drop_first(&mut self, shared: &mut VisitorPlaces, name: u64) {
            let first = self.line.first(shared).expect("there are some");
            assert_eq!((first.id, first.entered, first.work), (name + self.left, 2 * self.left, 3 * self.left));
            self.line.drop_first(shared);
            self.left += 1;
            assert_eq!(self.line.is_empty(), self.came == self.left);
        }
    }

    #[test]
    fn first_in_first_out_beyond_every_block_and_between_two_lines() {
        let mut shared = VisitorPlaces::default();
        for _ in 0..2 {
            let (mut one, mut other) = (Counted::default(), Counted::default());
            for round in 1..60_u64 {
                for _ in 0..7 * round {
                    one.add(&mut shared, 0);
                    other.add(&mut shared, 1 << 40);
                }
                for _ in 0..6 * round {
                    one.drop_first(&mut shared, 0);
                }
                // The other one is empty now and then, at every place of a block.
                while other.left < other.came {
                    other.drop_first(&mut shared, 1 << 40);
                }
            }
            while one.left < one.came {
                one.drop_first(&mut shared, 0);
            }
            assert!(one.line.first(&shared).is_none() && other.line.first(&shared).is_none());
            shared.clear();
        }
    }

    #[test]
    fn what_one_line_leaves_the_next_one_takes() {
        let mut shared = VisitorPlaces::default();
        for _ in 0..50 {
            let (mut one, mut other) = (Counted::default(), Counted::default());
            for _ in 0..20 * BLOCK {
                one.add(&mut shared, 0);
            }
            for _ in 0..20 * BLOCK {
                one.drop_first(&mut shared, 0);
                other.add(&mut shared, 0);
            }
            for _ in 0..20 * BLOCK {
                other.drop_first(&mut shared, 0);
            }
        }
        assert_eq!(shared.places.len(), 21 * BLOCK, "one block more than the twenty of those who wait");
    }

    #[test]
    fn who_is_sent_for_stands_three_behind_the_first() {
        let (mut shared, mut one, mut between) = Default::default();
        let (one, between): (&mut Counted, &mut Counted) = (&mut one, &mut between);
        for _ in 0..3 * BLOCK {
            one.add(&mut shared, 0);
            between.add(&mut shared, 1 << 40);
        }
        for at in 0..3 * BLOCK - SENT_FOR_AHEAD {
            let ahead = one.line.ahead(&shared).expect("more wait");
            assert_eq!(ahead.id, (at + SENT_FOR_AHEAD) as u64);
            one.drop_first(&mut shared, 0);
        }
    }
}
