//! One number, or one pair of totals, per independent replication.

use super::distributions::student_t_multiplier;
use super::estimate::Estimate;

/// Mean of `values` with a Student t interval (Law, Simulation Modeling and Analysis, 2015, ch. 9).
#[must_use]
pub fn mean(values: &[f64], confidence: f64) -> Estimate {
    let samples = values.len() as u64;
    match average(values) {
        None => Estimate::unknown(confidence, samples),
        Some(value) => Estimate::around(value, half_width(standard_error(values), samples, confidence), confidence, samples),
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
/// A replication whose denominator is 0 counts as a sample: it adds 0 to the sum of denominators. When all of them
/// are 0 there is no ratio and the value is `None`.
#[must_use]
pub fn ratio(pairs: &[(f64, f64)], confidence: f64) -> Estimate {
    let samples = pairs.len() as u64;
    match pooled_ratio(pairs) {
        None => Estimate::unknown(confidence, samples),
        Some(value) => {
            Estimate::around(value, half_width(ratio_standard_error(pairs), samples, confidence), confidence, samples)
        }
    }
}

/// Standard error of [`ratio`]: √(Σ e_r² / (n (n-1))) / mean denominator; `None` with fewer than two replications or
/// without any denominator.
#[must_use]
pub fn ratio_standard_error(pairs: &[(f64, f64)]) -> Option<f64> {
    standard_error(&ratio_influence(pairs)?)
}

/// Each replication's share in the error of [`ratio`], e_r / mean denominator; their mean is 0. Differences of two
/// ratios on common random numbers are compared through them.
#[must_use]
pub fn ratio_influence(pairs: &[(f64, f64)]) -> Option<Vec<f64>> {
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
pub fn ratio_jackknife(pairs: &[(f64, f64)], confidence: f64) -> Estimate {
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

fn pooled_ratio(pairs: &[(f64, f64)]) -> Option<f64> {
    let denominators = sum(pairs.iter().map(|pair| pair.1));
    (denominators > 0.0).then(|| sum(pairs.iter().map(|pair| pair.0)) / denominators)
}
