//! What arrivals draw, a block of them at a time.
//!
//! A draw is a chain of steps that wait for one another, from an arrival's place in the plane to the ticks of its first
//! service. The draws of different arrivals do not wait for one another: in a block they overlap, which takes 1 to 2 % off
//! a run (`benches/README.md`). As draws are functions of their keys, when they are made changes nothing.

use super::plain::FIRST_DRAW;
use super::service::to_ticks;
use crate::random::{Sampler, StreamKey};

/// How many arrivals are drawn at once; a power of two.
const BLOCK: usize = 64;

/// The service that every arrival of a source comes to first, at a plain station: so many ticks, times a variate.
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstService<'p> {
    pub(super) key: StreamKey,
    pub(super) content: f64,
    pub(super) sampler: &'p Sampler,
}

impl FirstService<'_> {
    #[inline]
    fn ticks(&self, id: u64) -> u64 {
        to_ticks(self.content * self.sampler.value(self.key.bits(id, FIRST_DRAW)))
    }
}

/// The draws of the next arrivals.
#[derive(Debug)]
pub(super) struct DrawnAhead<'p> {
    first_service: Option<FirstService<'p>>,
    /// Identity and ticks of the first service; of arrival `k` at place `k` modulo the size of a block.
    block: Box<[(u64, u64); BLOCK]>,
    /// Arrivals below this number, and not below the block's first, are drawn.
    until: usize,
}

impl<'p> DrawnAhead<'p> {
    pub(super) fn new(first_service: Option<FirstService<'p>>) -> DrawnAhead<'p> {
        DrawnAhead { first_service, block: Box::new([(0, 0); BLOCK]), until: 0 }
    }

    /// Nothing is drawn: the arrivals are others now, and numbered from 0.
    pub(super) fn forget(&mut self) {
        self.until = 0;
    }

    /// Identity of arrival `k` of `all`, who are asked for in order from the first, and ticks of its first service where
    /// it is known which that is.
    #[inline]
    pub(super) fn of(&mut self, k: usize, all: usize, id: impl Fn(usize) -> u64) -> (u64, Option<u64>) {
        if k >= self.until {
            self.draw(k..all.min(k + BLOCK), id);
        }
        let (id, ticks) = self.block[k % BLOCK];
        (id, self.first_service.is_some().then_some(ticks))
    }

    #[inline(never)]
    fn draw(&mut self, arrivals: std::ops::Range<usize>, id: impl Fn(usize) -> u64) {
        self.until = arrivals.end;
        match &self.first_service {
            Some(service) => {
                for k in arrivals {
                    let id = id(k);
                    self.block[k % BLOCK] = (id, service.ticks(id));
                }
            }
            None => arrivals.for_each(|k| self.block[k % BLOCK].0 = id(k)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Distribution;

    #[test]
    fn arrivals_drawn_in_blocks_draw_what_they_draw_alone() {
        let sampler = Sampler::new(&Distribution::Exponential { mean: 1.0 });
        let service = FirstService { key: StreamKey::new(1, 2, "a station"), content: 1e6, sampler: &sampler };
        for all in [1, 63, 64, 65, 200] {
            let mut ahead = DrawnAhead::new(Some(service));
            for round in 0..3_u64 {
                let id = |k: usize| 1_000 * round + k as u64;
                for k in 0..all {
                    assert_eq!(ahead.of(k, all, id), (id(k), Some(service.ticks(id(k)))));
                }
                ahead.forget();
            }
        }
        assert_eq!(DrawnAhead::new(None).of(0, 1, |_| 7), (7, None));
    }
}
