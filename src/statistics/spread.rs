//! Percentiles of the observations of all replications together.
//!
//! Which histogram is right where:
//!
//! - [`LogLinear`] is what one replication keeps and writes down: small, exact to merge, at most 0.78 % wide buckets.
//! - [`Spread`] is what a report reads: an HDR histogram with fixed bounds 1..2^44 and three significant digits
//!   (buckets at most 1/1024 = 0.098 % wide, one unit below 2,048). Fixed bounds make merging exact, hence
//!   independent of order and of the number of threads.
//!
//! The octaves of both are cut at the same places, and eight buckets of the finer make one of the coarser. So pouring
//! a `LogLinear` into a `Spread` at its buckets' highest values adds no error of its own: a percentile is then at most
//! 0.78 % above the exact sample percentile, never below. Values recorded directly are at most 0.098 % above.
//! Nothing is clipped: values from 2^44 on are counted apart, and a percentile among them is `None`.

use hdrhistogram::Histogram;

use super::estimate::Estimate;
use super::histogram::{LogLinear, VALUE_BITS};
use super::quantile::{pooled_many, rank};

/// Significant decimal digits of the merged histogram.
const DIGITS: u8 = 3;

/// A merged histogram of `u64` values for percentiles.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    within: Histogram<u64>,
    beyond: u64,
}

impl Default for Spread {
    fn default() -> Spread {
        Spread::new()
    }
}

impl Spread {
    /// An empty histogram (about 280 kB).
    #[must_use]
    pub fn new() -> Spread {
        let within = Histogram::new_with_bounds(1, 1 << VALUE_BITS, DIGITS).expect("constant bounds in range");
        Spread { within, beyond: 0 }
    }

    /// Counts `value` `times` times.
    pub fn record_many(&mut self, value: u64, times: u64) {
        if value >> VALUE_BITS == 0 {
            self.within.record_n(value, times).expect("values below the upper bound have a bucket");
        } else {
            self.beyond += times;
        }
    }

    /// Adds every bucket of `counts` at its highest value.
    pub fn pour(&mut self, counts: &LogLinear) {
        for (_, high, count) in counts.iter_buckets() {
            self.record_many(high, count);
        }
    }

    /// Adds the counts of `other`; exact.
    pub fn merge(&mut self, other: &Spread) {
        self.within.add(&other.within).expect("equal bounds");
        self.beyond += other.beyond;
    }

    /// Number of values recorded.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.within.len() + self.beyond
    }

    /// Number of values from 2^44 on, whose size is not known.
    #[must_use]
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    /// The value of rank ⌈p·n⌉, as the highest value of its bucket; `None` when there is no value, `p` is outside
    /// (0, 1), or the rank lies among the values from 2^44 on.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<u64> {
        let rank = rank(p, self.count())?;
        let within = self.within.len();
        // Half a rank below the rank, so that its rounding up inside the histogram cannot skip one.
        (rank <= within).then(|| self.within.value_at_quantile((rank as f64 - 0.5) / within as f64))
    }

    /// Share of the values whose bucket ends at or below `value`'s bucket, for drawing a distribution function; the
    /// share within a limit that matters must be counted exactly instead. `None` when empty.
    #[must_use]
    pub fn share_up_to(&self, value: u64) -> Option<f64> {
        let count = self.count();
        let held = value.min((1 << VALUE_BITS) - 1);
        (count > 0).then(|| self.within.count_between(0, held) as f64 / count as f64)
    }
}

/// The `ps`-quantiles of all observations of all replications together, in the histograms' own unit.
///
/// The point comes from the merged [`Spread`], the interval from [`pooled_many`] over the replications: it respects
/// that observations of one replication depend on each other. Both stand at the highest value of a bucket, so low ≤
/// value ≤ high always holds and the quantisation, up to 0.78 %, comes on top of the interval.
#[must_use]
pub fn pooled_quantiles(replications: &[LogLinear], ps: &[f64], confidence: f64) -> Vec<Estimate> {
    let mut spread = Spread::new();
    let mut lists = Vec::with_capacity(replications.len());
    for counts in replications {
        spread.pour(counts);
        let never = |high: u64| if high >> VALUE_BITS == 0 { high as f64 } else { f64::INFINITY };
        lists.push(counts.iter_buckets().map(|(_, high, count)| (never(high), count)).collect::<Vec<_>>());
    }
    let mut estimates = pooled_many(&lists, ps, confidence);
    for (estimate, p) in estimates.iter_mut().zip(ps) {
        estimate.value = spread.quantile(*p).map(|value| value as f64);
    }
    estimates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pouring_adds_no_error() {
        let mut counts = LogLinear::new();
        // Values all over the octaves: the leading bits of multiples of an odd constant, shifted at will.
        for step in 1..=3_000_u64 {
            counts.record(step.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (20 + step % 43));
        }
        let mut spread = Spread::new();
        spread.pour(&counts);
        assert_eq!(spread.count(), 3_000);
        for p in [0.0, 0.001, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0] {
            assert_eq!(spread.quantile(p), counts.quantile_bounds(p).map(|bucket| bucket.1), "p = {p}");
        }
    }

    #[test]
    fn recorded_directly_it_is_three_digits_fine() {
        for value in [0, 1, 2_047, 2_048, 999_999, 123_456_789_012, (1 << 44) - 1] {
            let mut spread = Spread::new();
            spread.record_many(value, 2);
            let found = spread.quantile(0.5).unwrap();
            assert!(found >= value && found - value <= value / 1024, "{value} came back as {found}");
        }
    }

    #[test]
    fn nothing_is_clipped() {
        let mut spread = Spread::new();
        spread.record_many(10, 90);
        spread.record_many(1 << 44, 6);
        spread.record_many(u64::MAX, 4);
        assert_eq!((spread.count(), spread.beyond()), (100, 10));
        assert_eq!((spread.quantile(0.9), spread.quantile(0.91)), (Some(10), None));
        assert_eq!(spread.share_up_to(u64::MAX), Some(0.9));
    }

    #[test]
    fn merging_equals_recording_together() {
        let (mut left, mut right, mut both) = (Spread::new(), Spread::new(), Spread::new());
        for value in 0..500_u64 {
            let side = if value % 3 == 0 { &mut left } else { &mut right };
            side.record_many(value * value * 977, value + 1);
            both.record_many(value * value * 977, value + 1);
        }
        left.merge(&right);
        assert_eq!(left, both);
    }

    #[test]
    fn points_and_ends_are_in_order() {
        let replications: Vec<LogLinear> = (0..40_u64)
            .map(|run| {
                let mut counts = LogLinear::new();
                (0..200_u64).for_each(|step| counts.record(step * (1_000 + 37 * (run % 7))));
                counts
            })
            .collect();
        let estimates = pooled_quantiles(&replications, &[0.5, 0.95], 0.95);
        for estimate in &estimates {
            let (low, value, high) = (estimate.low.unwrap(), estimate.value.unwrap(), estimate.high.unwrap());
            assert!(low < value && value < high, "{estimate:?}");
        }
        // Every run holds 200 values evenly over 0..199 x (1000..1222): the median is near 100 x 1108.
        assert!((estimates[0].value.unwrap() / 110_500.0 - 1.0).abs() < 0.02);
    }
}
