//! Keys and the bits drawn from them: every draw is a pure function of
//! (master seed, replication, stream name, entity, draw number) and of nothing else.

use super::DistributionError;

/// Odd multipliers of [`StreamKey::bits`]: the first eight bytes (little-endian) of the BLAKE3 hashes of
/// "peaksim multiplier first", "... second" and "... third", made odd. A test recomputes them.
const ENTITY_MULTIPLIER: u64 = 0x4432_c3f0_8762_57a1;
const NUMBER_MULTIPLIER: u64 = 0x1638_ca71_6be8_a359;
const FINAL_MULTIPLIER: u64 = 0x197b_bc74_9458_6d49;

/// The key of one named random stream in one replication.
///
/// Streams with different names (or seeds, or replications) are unrelated; the same name gives the same stream
/// whatever else the scenario holds, so two variants of an operation can be compared order by order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StreamKey(u64);

impl StreamKey {
    /// The key of stream `name` (for example `"station/pack/service"`) in replication `replication` under the master
    /// seed `seed`: the first eight bytes of a BLAKE3 hash. Made once per stream and replication.
    #[must_use]
    pub fn new(seed: u64, replication: u64, name: &str) -> StreamKey {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"peaksim stream key, version 1\n");
        hasher.update(&seed.to_le_bytes());
        hasher.update(&replication.to_le_bytes());
        // The only part of variable length comes last, so no two triples hash the same bytes.
        hasher.update(name.as_bytes());
        StreamKey(first_word(&hasher.finalize()))
    }

    /// The 64 uniform bits of draw `number` of `entity` (an order's 64-bit identity, a server's, a day's).
    ///
    /// Two rounds of a 64 x 64 -> 128 bit multiply whose halves are folded together by xor, entity and number side by
    /// side in the first. The key enters both rounds: two streams that meet in the first, for some pair of entities,
    /// still part in the second.
    #[inline]
    #[must_use]
    pub fn bits(self, entity: u64, number: u64) -> u64 {
        let mixed = folded_multiply(entity ^ self.0, ENTITY_MULTIPLIER);
        let tweak = folded_multiply(number, NUMBER_MULTIPLIER) ^ self.0.rotate_left(32);
        folded_multiply(mixed ^ tweak, FINAL_MULTIPLIER)
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the two halves of the product are wanted, each by itself")]
fn folded_multiply(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

fn first_word(hash: &blake3::Hash) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(word)
}

/// A uniform number in the open interval (0, 1): the middle of one of 2^52 equal cells, (k + 1/2) 2^-52 with k the
/// top 52 bits. (With 53 bits, k + 1/2 would not fit a double, and the topmost cell would round to 1.)
#[inline]
#[must_use]
pub fn unit(bits: u64) -> f64 {
    const CELL: f64 = 1.0 / (1u64 << 52) as f64;
    ((bits >> 12) as f64 + 0.5) * CELL
}

/// The uniform number of these bits counted from both ends, (u, 1 - u), each accurate to its last digit however small:
/// the nearer end is ((distance in bits) + 1/2) 2^-64.
#[inline]
pub(super) fn both_ends(bits: u64) -> (f64, f64) {
    const HALF_CELL: f64 = 0.25 / (1u64 << 63) as f64;
    let upper = bits >> 63 == 1;
    let from_near_end = if upper { !bits } else { bits };
    let near = ((from_near_end << 1) | 1) as f64 * HALF_CELL;
    if upper { (1.0 - near, near) } else { (near, 1.0 - near) }
}

/// A probability as a limit on bits; see [`chance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(u64);

impl Threshold {
    /// Never met.
    pub const NEVER: Threshold = Threshold(0);
    /// Always met.
    pub const ALWAYS: Threshold = Threshold(1 << 63);

    /// The threshold that is met with `probability`, in 0..=1: exactly never at 0, exactly always at 1, and within
    /// 2^-63 between.
    ///
    /// # Errors
    /// When `probability` is not a number from 0 to 1.
    pub fn new(probability: f64) -> Result<Threshold, DistributionError> {
        if !(0.0..=1.0).contains(&probability) {
            return Err(DistributionError::OutOfRange {
                parameter: "probability",
                value: probability,
                expected: "a number from 0 to 1",
            });
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ..= 2^63 by the check above")]
        let limit = (probability * Threshold::ALWAYS.0 as f64) as u64;
        Ok(Threshold(limit))
    }
}

/// Whether an event of the given probability happens for these bits.
///
/// Nested: whatever happens at one threshold also happens, for the same bits, at every higher one; so raising a
/// chance only adds.
#[inline]
#[must_use]
pub fn chance(bits: u64, threshold: Threshold) -> bool {
    (bits >> 1) < threshold.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multipliers_are_what_their_comment_says() {
        let word = |which: &str| first_word(&blake3::hash(format!("peaksim multiplier {which}").as_bytes())) | 1;
        assert_eq!(ENTITY_MULTIPLIER, word("first"));
        assert_eq!(NUMBER_MULTIPLIER, word("second"));
        assert_eq!(FINAL_MULTIPLIER, word("third"));
    }

    #[test]
    fn unit_stays_inside_the_open_interval() {
        assert!(unit(0) > 0.0);
        assert!(unit(u64::MAX) < 1.0);
        assert!((unit(1 << 63) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn both_ends_keep_their_digits() {
        let smallest = libm::exp2(-65.0);
        assert_eq!(both_ends(0), (smallest, 1.0));
        assert_eq!(both_ends(u64::MAX), (1.0, smallest));
        assert_eq!(both_ends(1 << 62).0.to_bits(), (0.25f64 + smallest).to_bits());
    }

    #[test]
    fn certain_and_impossible_are_exact_and_chances_nest() {
        let threshold = |p| Threshold::new(p).unwrap();
        assert_eq!(threshold(0.0), Threshold::NEVER);
        assert_eq!(threshold(1.0), Threshold::ALWAYS);
        for bits in [0, 1, 1 << 63, u64::MAX] {
            assert!(!chance(bits, Threshold::NEVER));
            assert!(chance(bits, Threshold::ALWAYS));
        }
        let key = StreamKey::new(1, 0, "nested");
        for entity in 0..10_000 {
            let bits = key.bits(entity, 0);
            assert!(!chance(bits, threshold(0.3)) || chance(bits, threshold(0.31)));
        }
    }

    #[test]
    fn a_probability_outside_0_to_1_is_refused_with_the_reason() {
        for wrong in [-0.1, 1.5, f64::NAN] {
            let message = Threshold::new(wrong).unwrap_err().to_string();
            assert!(message.contains("a number from 0 to 1"), "{message}");
        }
    }

    #[test]
    fn every_part_of_the_key_matters() {
        let base = StreamKey::new(7, 3, "station/pack/service");
        assert_eq!(base, StreamKey::new(7, 3, "station/pack/service"));
        let others = [
            StreamKey::new(8, 3, "station/pack/service"),
            StreamKey::new(7, 4, "station/pack/service"),
            StreamKey::new(7, 3, "station/pick/service"),
        ];
        for other in others {
            assert_ne!(base, other);
            assert_ne!(base.bits(1, 1), other.bits(1, 1));
        }
        assert_ne!(base.bits(1, 2), base.bits(2, 1));
    }
}
