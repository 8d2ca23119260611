//! A keyed stream seen as one of rand's generators, so that the ecosystem's samplers run on our keys.

use std::convert::Infallible;

use rand::TryRng;
use rand::rand_core::utils;

use super::StreamKey;

/// The draws 0, 1, 2, ... of one entity in one stream, in order.
///
/// Implements rand's `Rng` (through its infallible `TryRng`). For samplers that reject, give the entity a stream of
/// its own: how many draws they take must move nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomStream {
    key: StreamKey,
    entity: u64,
    next: u64,
}

impl RandomStream {
    /// The draws of `entity` in the stream `key`, from draw 0 on.
    #[must_use]
    pub fn new(key: StreamKey, entity: u64) -> RandomStream {
        RandomStream { key, entity, next: 0 }
    }

    /// The next 64 uniform bits.
    #[inline]
    pub fn next_bits(&mut self) -> u64 {
        let bits = self.key.bits(self.entity, self.next);
        self.next = self.next.wrapping_add(1);
        bits
    }
}

impl TryRng for RandomStream {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_bits() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next_bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        utils::fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn the_stream_is_the_sequence_of_keyed_draws() {
        let key = StreamKey::new(1, 2, "test");
        let mut stream = RandomStream::new(key, 99);
        assert_eq!(stream.next_u64(), key.bits(99, 0));
        assert_eq!(u64::from(stream.next_u32()), key.bits(99, 1) >> 32);
        let mut bytes = [0; 12];
        stream.fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], key.bits(99, 2).to_le_bytes());
        assert_eq!(bytes[8..], key.bits(99, 3).to_le_bytes()[..4]);
    }
}
