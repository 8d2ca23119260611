//! Poisson counts by inversion, for the means the arrival tiles need.

use super::steps::Steps;

/// Poisson counts of mean 2^k for k from -3 to 6: 0.125, 0.25, ... 64.
#[derive(Clone, Debug)]
pub struct PoissonCounts {
    of_mean: Vec<Steps>,
}

impl PoissonCounts {
    /// How many means there are.
    pub const MEANS: usize = 10;

    /// Builds the tables of all means.
    #[must_use]
    pub fn new() -> PoissonCounts {
        PoissonCounts { of_mean: (0..Self::MEANS).map(|index| steps_of(Self::mean(index))).collect() }
    }

    /// The mean number `octave_index`, 2^(`octave_index` - 3).
    #[must_use]
    pub fn mean(octave_index: usize) -> f64 {
        0.125 * (1u64 << octave_index) as f64
    }

    /// The count of mean 2^(`octave_index` - 3) at these bits; never falls when the bits rise.
    ///
    /// # Panics
    /// When `octave_index` is not below [`MEANS`](Self::MEANS).
    #[inline]
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "no count of mean 64 at 64 bits exceeds 200")]
    pub fn count(&self, octave_index: usize, bits: u64) -> u32 {
        self.of_mean[octave_index].outcome(bits) as u32
    }
}

impl Default for PoissonCounts {
    fn default() -> Self {
        Self::new()
    }
}

/// P(N > n) for n = 0, 1, ... until it is too small for 64 bits, summed from the small end.
fn steps_of(mean: f64) -> Steps {
    let mut probabilities = Vec::new();
    let mut probability = libm::exp(-mean);
    let mut n = 0.0;
    // Past the mean the probabilities fall at least geometrically: what is left out is below 1e-24 in all.
    while n < mean || probability > 1e-25 {
        probabilities.push(probability);
        n += 1.0;
        probability *= mean / n;
    }
    let mut exceedances: Vec<f64> = Vec::with_capacity(probabilities.len());
    let mut beyond = 0.0;
    for probability in probabilities.iter().rev() {
        exceedances.push(beyond);
        beyond += probability;
    }
    Steps::from_exceedances(exceedances.into_iter().rev())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{StandardGamma, StreamKey};

    #[test]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability times 2^64")]
    fn limits_are_the_poisson_distribution_function() {
        let counts = PoissonCounts::new();
        for index in 0..PoissonCounts::MEANS {
            let mean = PoissonCounts::mean(index);
            for n in 0..200u32 {
                // P(N > n) = P(Gamma(n + 1) <= mean).
                let beyond = StandardGamma::new(f64::from(n) + 1.0).lower(mean);
                if beyond < 1e-17 {
                    break;
                }
                let scaled = beyond * 18_446_744_073_709_551_616.0;
                let slack = 2.0 + 1e-12 * scaled;
                assert!(counts.count(index, u64::MAX - (scaled + slack) as u64) <= n, "mean {mean}, count {n}");
                let above = (scaled - slack).max(0.0) as u64;
                assert!(above == 0 || counts.count(index, u64::MAX - above) > n, "mean {mean}, count {n}");
            }
        }
    }

    #[test]
    fn means_and_variances_of_many_counts() {
        let counts = PoissonCounts::new();
        let key = StreamKey::new(1, 1, "counts");
        let draws = 100_000u32;
        for index in 0..PoissonCounts::MEANS {
            let mean = PoissonCounts::mean(index);
            let (mut sum, mut squares) = (0.0, 0.0);
            for draw in 0..draws {
                let deviation = f64::from(counts.count(index, key.bits(u64::from(draw), index as u64))) - mean;
                sum += deviation;
                squares += deviation * deviation;
            }
            let n = f64::from(draws);
            assert!((sum / n).abs() < 4.5 * (mean / n).sqrt(), "mean {mean}: off by {}", sum / n);
            let variance_error = ((mean + 2.0 * mean * mean) / n).sqrt();
            assert!((squares / n - mean).abs() < 4.5 * variance_error, "mean {mean}: variance {}", squares / n);
        }
    }
}
