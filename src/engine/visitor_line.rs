//! The waiting line of a plain station: a ring that is written and read field by field.
//!
//! A visitor put together as a whole and stored at once would be built on the stack first; the wide read that takes it
//! from there would have to wait for every single store before it, which costs more than all the rest of a visit.

use super::plain::{Pass, Visitor};
use super::prefetch::SENT_FOR_AHEAD;

/// Visitors in order of arrival.
#[derive(Debug, Default)]
pub(super) struct VisitorLine {
    /// A power of two of places, or none yet.
    places: Vec<Visitor>,
    first: usize,
    length: usize,
}

impl VisitorLine {
    /// Whether nobody waits.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// Forgets all, keeping the memory.
    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    /// The first in line.
    #[inline]
    pub(super) fn first(&self) -> Option<&Visitor> {
        if self.length == 0 { None } else { self.places.get(self.first) }
    }

    /// Somebody [`SENT_FOR_AHEAD`] places behind the first, if so many wait; otherwise anybody, or nobody.
    ///
    /// Only whose memory is sent for depends on it, which changes nothing: asking how many wait would cost more.
    #[inline]
    pub(super) fn ahead(&self) -> Option<&Visitor> {
        self.places.get((self.first + SENT_FOR_AHEAD) & self.places.len().wrapping_sub(1))
    }

    /// The one `at` places behind the first.
    pub(super) fn at(&self, at: usize) -> Option<&Visitor> {
        if at < self.length { self.places.get((self.first + at) & (self.places.len() - 1)) } else { None }
    }

    /// The first leaves the line.
    #[inline]
    pub(super) fn drop_first(&mut self) {
        self.length -= 1;
        // An empty line begins anew at the first place, so that a short one does not walk through all its memory.
        // Whether it is empty cannot be guessed: a mask instead of a branch.
        let somebody = 0_usize.wrapping_sub(usize::from(self.length != 0));
        self.first = (self.first + 1) & (self.places.len() - 1) & somebody;
    }

    /// One more at the end of the line.
    #[inline]
    pub(super) fn add(&mut self, (id, entered): (u64, u64), work: u64, pass: Pass) {
        if self.length == self.places.len() {
            self.grow();
        }
        let behind = (self.first + self.length) & (self.places.len() - 1);
        self.length += 1;
        let place = &mut self.places[behind];
        place.id = id;
        place.entered = entered;
        place.work = work;
        place.pass = pass;
    }

    /// Makes twice as many places, the first in line at the first of them.
    #[cold]
    fn grow(&mut self) {
        self.places.rotate_left(self.first);
        self.first = 0;
        let places = (2 * self.places.len()).max(16);
        self.places.resize(places, Visitor::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_in_first_out_beyond_every_size_and_round_the_end() {
        let (mut line, mut came, mut left) = (VisitorLine::default(), 0, 0);
        for round in 1..40_u64 {
            for _ in 0..round {
                line.add((came, 2 * came), 3 * came, Pass::default());
                came += 1;
            }
            for _ in 0..round / 2 {
                let first = line.first().expect("there are some");
                assert_eq!((first.id, first.entered, first.work), (left, 2 * left, 3 * left));
                line.drop_first();
                left += 1;
            }
            assert_eq!(line.len() as u64, came - left);
            assert_eq!(line.at(line.len() - 1).map(|last| last.id), Some(came - 1));
            assert!(line.at(line.len()).is_none());
        }
        line.clear();
        assert!(line.is_empty() && line.first().is_none());
    }
}
