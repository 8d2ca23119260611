//! One number, or one pair of totals, per independent replication.

use super::distributions::student_t_multiplier;
use super::estimate::Estimate;

/// Numerator and denominator of a ratio in one replication, e.g. hits and trials.
pub type Totals = (f64, f64);

/// Mean of `values` with a Student t interval (Law, Simulation Modeling and Analysis, 2015, ch. 9).
#[must_use]
pub fn mean(values: &[f64], confidence: f64) -> Estimate {
    let samples = values.len() as u64;
    match average(values) {
        None => Estimate::unknown(confidence, samples),
        Some(value) => {
            Estimate::around(value, half_width(standard_error(values), samples, confidence), confidence, samples)
        }
    }
}

/// Standard error of the mean of `values`, s/√n; `None` with fewer than two.
#[must_use]
pub fn standard_error(values: &[f64]) -> Option<f64> {
    Some((variance(values)? / values.len() as f64).sqrt())
}

/// Unbiased variance, divisor n - 1, in two passes; `None` with fewer than two values.
#[must_use]
pub fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let centre = average(values)?;
    let squares = sum(values.iter().map(|value| (value - centre) * (value - centre)));
    Some(squares / (values.len() - 1) as f64)
}

/// Pooled ratio Σ numerator / Σ denominator over `(numerator, denominator)` per replication, with the delta-method
/// standard error of the residuals e_r = L_r - R̂ N_r and n - 1 degrees of freedom.
///
/// A replication of which both are 0 tells nothing of the ratio and is no sample: n counts the others. Leaving it out
/// changes neither the ratio nor what it estimates, for it adds 0 to both sums, and those left are as independent as
/// before; counting it would say that a single order in any number of replications is known without error, since its
/// residual is 0 as theirs are. When no denominator is left there is no ratio and the value is `None`.
#[must_use]
pub fn ratio(pairs: &[Totals], confidence: f64) -> Estimate {
    let samples = pairs.iter().filter(|pair| tells(pair)).count() as u64;
    match pooled_ratio(pairs) {
        None => Estimate::unknown(confidence, samples),
        Some(value) => {
            Estimate::around(value, half_width(ratio_standard_error(pairs), samples, confidence), confidence, samples)
        }
    }
}

/// Whether a replication tells anything of a ratio.
pub(super) fn tells(totals: &Totals) -> bool {
    totals.0.abs() > 0.0 || totals.1.abs() > 0.0
}

fn telling(pairs: &[Totals]) -> Vec<Totals> {
    pairs.iter().copied().filter(tells).collect()
}

/// Standard error of [`ratio`]: √(Σ e_r² / (n (n-1))) / mean denominator over the replications that tell something;
/// `None` when fewer than two do, or without any denominator.
#[must_use]
pub fn ratio_standard_error(pairs: &[Totals]) -> Option<f64> {
    standard_error(&ratio_influence(&telling(pairs))?)
}

/// Each replication's share in the error of [`ratio`], e_r / mean denominator; their mean is 0. Differences of two
/// ratios on common random numbers are compared through them.
#[must_use]
pub fn ratio_influence(pairs: &[Totals]) -> Option<Vec<f64>> {
    let ratio = pooled_ratio(pairs)?;
    let scale = sum(pairs.iter().map(|pair| pair.1)) / pairs.len() as f64;
    Some(pairs.iter().map(|(numerator, denominator)| (numerator - ratio * denominator) / scale).collect())
}

/// The ratio by the jackknife, a second opinion for fewer than about 30 replications: the mean of the pseudo-values
/// J_r = n R̂ - (n-1) R̂₍₋ᵣ₎, which removes the bias of order 1/n, with their Student t interval.
///
/// When one replication holds all of the denominator, leaving it out leaves no ratio: the plain ratio then comes
/// without an interval.
#[must_use]
pub fn ratio_jackknife(pairs: &[Totals], confidence: f64) -> Estimate {
    let pairs = &telling(pairs);
    let samples = pairs.len() as u64;
    let Some(whole) = pooled_ratio(pairs) else {
        return Estimate::unknown(confidence, samples);
    };
    let n = pairs.len() as f64;
    let numerators = sum(pairs.iter().map(|pair| pair.0));
    let denominators = sum(pairs.iter().map(|pair| pair.1));
    let mut pseudo = Vec::with_capacity(pairs.len());
    for (numerator, denominator) in pairs {
        let left = denominators - denominator;
        if left <= 0.0 {
            return Estimate::point(whole, confidence, samples);
        }
        pseudo.push(n * whole - (n - 1.0) * (numerators - numerator) / left);
    }
    mean(&pseudo, confidence)
}

/// Standard deviation of one number per replication, with an interval that does not assume normal data.
///
/// The error of the variance comes from its jackknife (so the fourth moment is estimated, not assumed), goes to the
/// logarithm of the standard deviation by the delta method and back, which keeps the lower end positive. `None` ends
/// with fewer than three values.
#[must_use]
pub fn standard_deviation(values: &[f64], confidence: f64) -> Estimate {
    let samples = values.len() as u64;
    let Some(spread) = variance(values).map(f64::sqrt) else {
        return Estimate::unknown(confidence, samples);
    };
    if spread <= 0.0 {
        let end = (samples > 2).then_some(0.0);
        return Estimate::new(Some(0.0), end, end, confidence, samples);
    }
    let error = standard_deviation_standard_error(values);
    let factor = half_width(error, samples, confidence).map(|half| libm::exp(half / spread));
    let (low, high) = (factor.map(|factor| spread / factor), factor.map(|factor| spread * factor));
    Estimate::new(Some(spread), low, high, confidence, samples)
}

/// Standard error of the sample standard deviation: that of the variance, by the jackknife, over twice the standard
/// deviation; `None` with fewer than three values, 0 when all are equal.
#[must_use]
pub fn standard_deviation_standard_error(values: &[f64]) -> Option<f64> {
    if values.len() < 3 {
        return None;
    }
    let whole = variance(values)?;
    if whole <= 0.0 {
        return Some(0.0);
    }
    let n = values.len() as f64;
    let centre = average(values)?;
    let squares = whole * (n - 1.0);
    // Leaving out y removes n/(n-1) (y - mean)² from the sum of squares.
    let pseudo: Vec<f64> = values
        .iter()
        .map(|value| {
            let left = (squares - n / (n - 1.0) * (value - centre) * (value - centre)) / (n - 2.0);
            n * whole - (n - 1.0) * left
        })
        .collect();
    Some(standard_error(&pseudo)? / (2.0 * whole.sqrt()))
}

/// Sum in index order with Neumaier's compensation: the error does not grow with the number of terms.
#[must_use]
pub fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0_f64, 0.0_f64);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

/// Half-width of a Student t interval over `samples` replications; `None` without an error or for a confidence
/// outside (0, 1).
pub(super) fn half_width(standard_error: Option<f64>, samples: u64, confidence: f64) -> Option<f64> {
    let freedom = samples.checked_sub(1)? as f64;
    Some(standard_error? * student_t_multiplier(confidence, freedom)?)
}

fn average(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| sum(values.iter().copied()) / values.len() as f64)
}

fn pooled_ratio(pairs: &[Totals]) -> Option<f64> {
    let denominators = sum(pairs.iter().map(|pair| pair.1));
    (denominators > 0.0).then(|| sum(pairs.iter().map(|pair| pair.0)) / denominators)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [f64; 6] = [3.1, 2.7, 4.4, 5.0, 2.2, 3.9];
    const PAIRS: [Totals; 5] = [(3.0, 10.0), (0.0, 0.0), (5.0, 12.0), (2.0, 9.0), (0.0, 7.0)];

    fn assert_estimate(found: Estimate, value: f64, low: f64, high: f64) {
        for (found, exact) in [(found.value, value), (found.low, low), (found.high, high)] {
            let found = found.unwrap();
            assert!((found - exact).abs() <= 1e-10 * exact.abs(), "{found} instead of {exact}");
        }
    }

    // scipy.stats.t.interval(0.95, 5, mean, sd / √6).
    #[test]
    fn the_mean_has_a_student_interval() {
        assert_estimate(mean(&VALUES, 0.95), 3.55, 2.4300009063211903, 4.66999909367881);
        assert!((standard_error(&VALUES).unwrap() - 1.0672394295564607 / 6.0_f64.sqrt()).abs() < 1e-12);
    }

    // The formulas of the module written out with numpy and scipy.stats.t.ppf.
    #[test]
    fn the_ratio_is_that_of_the_replications_that_tell_something() {
        assert_estimate(ratio(&PAIRS, 0.95), 0.2631578947368421, 0.006240820599124286, 0.5200749688745598);
        assert_eq!(ratio(&PAIRS, 0.95).samples, 4);
        assert!((ratio_standard_error(&PAIRS).unwrap() - 0.08072942934217689).abs() < 1e-12);
        assert_estimate(ratio_jackknife(&PAIRS, 0.95), 0.2720687741214935, 0.01279142259238758, 0.5313461256505994);
    }

    #[test]
    fn a_denominator_in_one_replication_alone_has_no_interval() {
        let mut pairs = vec![(0.0, 0.0); 20];
        pairs[7] = (1.0, 1.0);
        assert_eq!(ratio(&pairs, 0.95), Estimate::point(1.0, 0.95, 1));
        assert_eq!(ratio_standard_error(&pairs), None);
        // From two on it is the interval of those two, as if the others had not been run.
        pairs[12] = (1.0, 2.0);
        assert_eq!(ratio(&pairs, 0.95), ratio(&[(1.0, 1.0), (1.0, 2.0)], 0.95));
        // What happens without a denominator tells something all the same.
        assert_eq!(ratio(&[(3.0, 0.0), (1.0, 4.0)], 0.95).samples, 2);
    }

    // numpy: variances without one value each, as pseudo-values.
    #[test]
    fn the_standard_deviation_has_a_jackknife_interval() {
        let estimate = standard_deviation(&VALUES, 0.95);
        assert_estimate(estimate, 1.0672394295564607, 0.6018113779112613, 1.8926195844837421);
        assert!((standard_deviation_standard_error(&VALUES).unwrap() - 0.23784775381477172).abs() < 1e-12);
    }

    #[test]
    fn too_little_is_said_to_be_too_little() {
        assert_eq!(mean(&[], 0.95), Estimate::unknown(0.95, 0));
        assert_eq!(mean(&[2.0], 0.95), Estimate::point(2.0, 0.95, 1));
        assert_eq!(ratio(&[(0.0, 0.0); 4], 0.95), Estimate::unknown(0.95, 0));
        assert_eq!(ratio_jackknife(&[(1.0, 4.0), (0.0, 0.0)], 0.95), Estimate::point(0.25, 0.95, 1));
        assert_eq!(standard_deviation(&[1.0, 3.0], 0.95).half_width(), None);
        assert_eq!(standard_deviation(&[4.0; 9], 0.95).high, Some(0.0));
        assert_eq!(mean(&[1.0, f64::INFINITY], 0.95), Estimate::unknown(0.95, 2));
        assert_eq!(mean(&[1.0, 2.0], 1.0).half_width(), None);
    }

    #[test]
    fn sums_lose_nothing() {
        assert_eq!(sum([1e16, 1.0, -1e16, 1.0]).to_bits(), 2.0_f64.to_bits());
        let far = [1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0];
        assert!((variance(&far).unwrap() - 1.0).abs() < 1e-12);
    }
}
