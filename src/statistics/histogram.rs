//! Counts of whole numbers in buckets whose width grows with their value: what one replication keeps.
//!
//! [`LogLinear`] is small (4,865 counters), records with a shift and an add, merges exactly and is written down as
//! pairs. Its resolution is one unit below 256 and at most 1/128 = 0.78 % of the value from there on; a quantile is
//! known up to the bucket it lies in. For the percentiles of all replications together see
//! [`spread`](super::spread).
//!
//! A histogram never answers for a mean (use exact sums) or for the share beyond a limit (count it exactly).

use super::quantile::rank;

/// Values below 2^`VALUE_BITS` have a bucket of bounded relative width.
pub const VALUE_BITS: u32 = 44;
/// Each octave is cut in 2^`SUB_BUCKET_BITS` equal buckets.
pub const SUB_BUCKET_BITS: u32 = 7;

const SUB_BUCKETS: u64 = 1 << SUB_BUCKET_BITS;
/// Index of the one bucket for everything from 2^`VALUE_BITS` on.
const BEYOND: usize = ((VALUE_BITS - SUB_BUCKET_BITS + 1) as usize) << SUB_BUCKET_BITS;

/// A log-linear histogram of `u64` values with fixed bounds.
///
/// Values from 2^44 on are counted in one last bucket that reaches to `u64::MAX`, so nothing is clipped: a quantile
/// that lies there says so by its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLinear {
    counts: Vec<u64>,
    total: u64,
}

impl Default for LogLinear {
    fn default() -> LogLinear {
        LogLinear::new()
    }
}

impl LogLinear {
    /// An empty histogram.
    #[must_use]
    pub fn new() -> LogLinear {
        LogLinear { counts: vec![0; BEYOND + 1], total: 0 }
    }

    /// Counts `value` once.
    #[inline]
    pub fn record(&mut self, value: u64) {
        self.counts[index_of(value)] += 1;
        self.total += 1;
    }

    /// Counts `value` `times` times.
    pub fn record_many(&mut self, value: u64, times: u64) {
        self.counts[index_of(value)] += times;
        self.total += times;
    }

    /// Adds the counts of `other`; exact, hence independent of order.
    pub fn merge(&mut self, other: &LogLinear) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.total += other.total;
    }

    /// Forgets everything, keeping the memory.
    pub fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
    }

    /// Number of values recorded.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.total
    }

    /// Number of values from 2^44 on, whose size is not known more closely.
    #[must_use]
    pub fn beyond(&self) -> u64 {
        self.counts[BEYOND]
    }

    /// The buckets that hold something, ascending: (lowest value, highest value, count).
    pub fn iter_buckets(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        self.counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(index, count)| {
            let (low, high) = bounds_of(index);
            (low, high, *count)
        })
    }

    /// The bucket (lowest, highest value) that holds the `p`-quantile, the value of rank ⌈p·n⌉; `None` when empty or
    /// `p` is outside (0, 1). In the last bucket the highest value is `u64::MAX`.
    #[must_use]
    pub fn quantile_bounds(&self, p: f64) -> Option<(u64, u64)> {
        let wanted = rank(p, self.total)?;
        let mut seen = 0;
        self.iter_buckets().find_map(|(low, high, count)| {
            seen += count;
            (seen >= wanted).then_some((low, high))
        })
    }

    /// The buckets that hold something, as (index, count), ascending: the form to write down.
    #[must_use]
    pub fn to_pairs(&self) -> Vec<(u32, u64)> {
        (0..).zip(&self.counts).filter(|(_, count)| **count > 0).map(|(index, count)| (index, *count)).collect()
    }

    /// The histogram that [`to_pairs`](LogLinear::to_pairs) wrote down; pairs may come in any order, and repeat.
    ///
    /// # Errors
    /// When an index is not one of a bucket, or the counts add up to more than a `u64` holds.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (u32, u64)>) -> Result<LogLinear, BadPairs> {
        let mut histogram = LogLinear::new();
        for (index, count) in pairs {
            histogram.total = histogram.total.checked_add(count).ok_or(BadPairs::TooMany)?;
            let slot = histogram.counts.get_mut(index as usize).ok_or(BadPairs::NoSuchBucket { index })?;
            *slot += count;
        }
        Ok(histogram)
    }
}

/// Why pairs are not a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPairs {
    /// The index is not one of a bucket.
    #[error("histogram bucket {index} does not exist: bucket numbers run from 0 to {last}", last = BEYOND)]
    NoSuchBucket {
        /// The index found.
        index: u32,
    },
    /// The counts overflow.
    #[error("the counts of the histogram add up to more than {}", u64::MAX)]
    TooMany,
}

/// The highest value of the bucket that holds `value`.
#[must_use]
pub fn highest_equivalent(value: u64) -> u64 {
    bounds_of(index_of(value)).1
}

/// Below 2^8 the value itself; above, octave by octave, its leading eight bits.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the index is at most BEYOND")]
fn index_of(value: u64) -> usize {
    let shift = (value | SUB_BUCKETS).ilog2() - SUB_BUCKET_BITS;
    let index = (u64::from(shift) << SUB_BUCKET_BITS) + (value >> shift);
    index.min(BEYOND as u64) as usize
}

fn bounds_of(index: usize) -> (u64, u64) {
    let index = index as u64;
    if index >= BEYOND as u64 {
        return (1 << VALUE_BITS, u64::MAX);
    }
    if index < 2 * SUB_BUCKETS {
        return (index, index);
    }
    let shift = (index >> SUB_BUCKET_BITS) - 1;
    let low = (index - (shift << SUB_BUCKET_BITS)) << shift;
    (low, low + (1 << shift) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_tile_the_whole_numbers() {
        let mut next = 0;
        for index in 0..BEYOND {
            let (low, high) = bounds_of(index);
            assert_eq!(low, next, "bucket {index} starts where the one before ended");
            assert_eq!((index_of(low), index_of(high)), (index, index));
            assert!(high - low <= low / 128, "bucket {index} is too wide");
            next = high + 1;
        }
        assert_eq!(next, 1 << VALUE_BITS);
        assert_eq!((index_of(next), index_of(u64::MAX), BEYOND), (BEYOND, BEYOND, 4_864));
    }

    #[test]
    fn quantiles_are_bracketed() {
        let mut histogram = LogLinear::new();
        let values: Vec<u64> = (1..=1_000).map(|k| k * k * 13).collect();
        values.iter().for_each(|value| histogram.record(*value));
        for (p, rank) in [(0.0, 1), (0.001, 1), (0.07, 70), (0.5, 500), (0.95, 950), (0.9501, 951), (1.0, 1_000)] {
            let (low, high) = histogram.quantile_bounds(p).unwrap();
            assert!((low..=high).contains(&values[rank - 1]), "p = {p}: {} not in {low}..={high}", values[rank - 1]);
        }
        assert_eq!((histogram.quantile_bounds(1.5), LogLinear::new().quantile_bounds(0.5)), (None, None));
    }

    #[test]
    fn nothing_is_clipped() {
        let mut histogram = LogLinear::new();
        histogram.record((1 << VALUE_BITS) - 1);
        histogram.record(1 << VALUE_BITS);
        histogram.record(u64::MAX);
        assert_eq!((histogram.count(), histogram.beyond()), (3, 2));
        assert_eq!(histogram.quantile_bounds(1.0), Some((1 << VALUE_BITS, u64::MAX)));
    }

    #[test]
    fn merging_and_writing_down_are_exact() {
        let (mut left, mut right, mut both) = (LogLinear::new(), LogLinear::new(), LogLinear::new());
        for value in (0..50).map(|bits| 3_u64 << bits) {
            left.record(value);
            right.record_many(value / 2, 3);
            both.record_many(value / 2, 3);
            both.record(value);
        }
        left.merge(&right);
        assert_eq!(left, both);
        assert_eq!(LogLinear::from_pairs(left.to_pairs()), Ok(both));
        left.clear();
        assert_eq!(left, LogLinear::new());
    }

    #[test]
    fn wrong_pairs_are_refused() {
        assert_eq!(LogLinear::from_pairs([(4_865, 1)]), Err(BadPairs::NoSuchBucket { index: 4_865 }));
        assert_eq!(LogLinear::from_pairs([(0, u64::MAX), (1, 1)]), Err(BadPairs::TooMany));
    }
}
