//! The share of independent replications in which something happened.
//!
//! Only for one yes or no per replication: a share of what happens *within* replications is a
//! [`ratio`](super::sample::ratio), because those are not independent.

use super::distributions::{incomplete_beta_inverse, normal_quantile};
use super::estimate::Estimate;

/// `hits` out of `samples` with Wilson's score interval (E. B. Wilson 1927): coverage close to nominal on average.
///
/// No value when there is no sample, or when `hits` exceeds `samples`.
#[must_use]
pub fn wilson(hits: u64, samples: u64, confidence: f64) -> Estimate {
    let Some(share) = share(hits, samples) else {
        return Estimate::unknown(confidence, samples);
    };
    let Some(z) = normal_quantile(0.5 + confidence / 2.0).filter(|z| *z > 0.0) else {
        return Estimate::point(share, confidence, samples);
    };
    let n = samples as f64;
    let square = z * z;
    let scale = 1.0 + square / n;
    let centre = (share + square / (2.0 * n)) / scale;
    let half = z * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt() / scale;
    // At the ends the formula gives 0 and 1 exactly; rounding must not push it past the share.
    let low = if hits == 0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if hits == samples { 1.0 } else { (centre + half).min(1.0) };
    Estimate::new(Some(share), Some(low), Some(high), confidence, samples)
}

/// `hits` out of `samples` with the exact interval of Clopper & Pearson (1934): coverage never below nominal.
///
/// No value when there is no sample, or when `hits` exceeds `samples`.
#[must_use]
pub fn clopper_pearson(hits: u64, samples: u64, confidence: f64) -> Estimate {
    let Some(share) = share(hits, samples) else {
        return Estimate::unknown(confidence, samples);
    };
    if !(confidence > 0.0 && confidence < 1.0) {
        return Estimate::point(share, confidence, samples);
    }
    let tail = (1.0 - confidence) / 2.0;
    let (hit, miss) = (hits as f64, (samples - hits) as f64);
    let low = if hits == 0 { Some(0.0) } else { incomplete_beta_inverse(tail, hit, miss + 1.0) };
    let high = if hits == samples {
        Some(1.0)
    } else {
        // The upper tail is the lower tail of the misses; so a small tail never becomes 1 - small.
        incomplete_beta_inverse(tail, miss, hit + 1.0).map(|share_of_misses| 1.0 - share_of_misses)
    };
    Estimate::new(Some(share), low, high, confidence, samples)
}

fn share(hits: u64, samples: u64) -> Option<f64> {
    (samples > 0 && hits <= samples).then(|| hits as f64 / samples as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    // scipy.stats.binomtest(hits, samples).proportion_ci(0.95, 'wilson' and 'exact').
    #[test]
    fn intervals_match() {
        for (hits, samples, score, exact) in [
            (0, 20, [0.0, 0.16112515805281935], [0.0, 0.16843347098308548]),
            (1, 20, [0.008881448800795402, 0.23613119344674205], [0.0012650894979560339, 0.24873276277202772]),
            (7, 20, [0.1811918241010821, 0.5671457233147637], [0.1539092047845412, 0.5921885345328283]),
            (20, 20, [0.8388748419471808, 1.0], [0.8315665290169145, 1.0]),
            (3, 1_000, [0.0010207838811386186, 0.008783014053503173], [0.0006190999316499173, 0.008742023238657654]),
        ] {
            for (estimate, ends) in
                [(wilson(hits, samples, 0.95), score), (clopper_pearson(hits, samples, 0.95), exact)]
            {
                assert!((estimate.low.unwrap() - ends[0]).abs() <= 1e-10 * ends[0], "{hits}/{samples}: {estimate:?}");
                assert!((estimate.high.unwrap() - ends[1]).abs() <= 1e-10 * ends[1], "{hits}/{samples}: {estimate:?}");
            }
        }
    }

    #[test]
    fn no_sample_no_share() {
        for interval in [wilson, clopper_pearson] {
            assert_eq!(interval(0, 0, 0.95), Estimate::unknown(0.95, 0));
            assert_eq!(interval(3, 2, 0.95), Estimate::unknown(0.95, 2));
            assert_eq!(interval(1, 2, 1.0), Estimate::point(0.5, 1.0, 2));
        }
    }
}
