//! The distributions behind the intervals: normal, Student t, beta and binomial.
//!
//! Relative accuracy is about 1e-12 for shapes up to a million. Arguments outside a function's domain give `None`,
//! never NaN.
//!
//! Sources: continued fraction of the incomplete beta function, DLMF 8.17.22, summed by the modified Lentz method;
//! its weight by Loader's saddle-point expansion (C. Loader, "Fast and accurate computation of binomial
//! probabilities", 2000), which keeps its accuracy where differences of log-gammas lose it.

use std::f64::consts::{PI, SQRT_2};

/// ln √(2π).
const LN_SQRT_TWO_PI: f64 = 0.918_938_533_204_672_7;

/// P(Z ≤ `x`) of a standard normal Z.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / SQRT_2)
}

/// Density of a standard normal at `x`.
#[must_use]
pub fn normal_density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x - LN_SQRT_TWO_PI)
}

/// The z with P(Z ≤ z) = `p`; `None` unless 0 < `p` < 1.
///
/// Abramowitz & Stegun 26.2.23 as a start (error below 4.5e-4), then Halley steps on the exact tail.
#[must_use]
pub fn normal_quantile(p: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0) {
        return None;
    }
    let tail = p.min(1.0 - p);
    let t = (-2.0 * libm::log(tail)).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = t - above / below;
    for _ in 0..3 {
        let step = (normal_cdf(-z) - tail) / normal_density(z);
        z += step / (1.0 - 0.5 * z * step);
    }
    Some(if p < 0.5 { -z } else { z })
}

/// P(T ≤ `t`) of a Student t with `freedom` > 0 degrees of freedom; `None` outside the domain.
#[must_use]
pub fn student_t_cdf(t: f64, freedom: f64) -> Option<f64> {
    let tail = 0.5 * student_t_two_sided(t, freedom)?;
    Some(if t > 0.0 { 1.0 - tail } else { tail })
}

/// P(|T| ≥ |`t`|), the two-sided p-value of a t statistic; `None` when `t` is NaN or `freedom` is not positive.
#[must_use]
pub fn student_t_two_sided(t: f64, freedom: f64) -> Option<f64> {
    if t.is_nan() || !positive(freedom) {
        return None;
    }
    let square = t * t;
    if square.is_infinite() {
        return Some(0.0);
    }
    let total = freedom + square;
    Some(beta_tails(freedom / total, square / total, freedom / 2.0, 0.5).0)
}

/// The t with P(T ≤ t) = `p`; `None` unless 0 < `p` < 1 and `freedom` > 0.
#[must_use]
pub fn student_t_quantile(p: f64, freedom: f64) -> Option<f64> {
    if !(p > 0.0 && p < 1.0 && positive(freedom)) {
        return None;
    }
    let tail = p.min(1.0 - p);
    let size = student_t_from_tails(2.0 * tail, 1.0 - 2.0 * tail, freedom);
    Some(if p < 0.5 { -size } else { size })
}

/// The multiplier t with P(|T| ≤ t) = `confidence`: the half-width of an interval in standard errors.
#[must_use]
pub fn student_t_multiplier(confidence: f64, freedom: f64) -> Option<f64> {
    let valid = confidence > 0.0 && confidence < 1.0 && positive(freedom);
    valid.then(|| student_t_from_tails(1.0 - confidence, confidence, freedom))
}

/// Regularised incomplete beta function I_x(a, b), the cdf at `x` of a beta(a, b); `None` outside its domain.
#[must_use]
pub fn incomplete_beta(x: f64, a: f64, b: f64) -> Option<f64> {
    let valid = (0.0..=1.0).contains(&x) && positive(a) && positive(b);
    valid.then(|| beta_tails(x, 1.0 - x, a, b).0)
}

/// The x with I_x(a, b) = `p`; `None` unless 0 ≤ `p` ≤ 1 and a, b > 0.
#[must_use]
pub fn incomplete_beta_inverse(p: f64, a: f64, b: f64) -> Option<f64> {
    let valid = (0.0..=1.0).contains(&p) && positive(a) && positive(b);
    valid.then(|| beta_from_tails(p, 1.0 - p, a, b).0)
}

/// P(X ≤ `k`) for X ~ binomial(`n`, `p`); `None` unless 0 ≤ `p` ≤ 1.
#[must_use]
pub fn binomial_cdf(k: u64, n: u64, p: f64) -> Option<f64> {
    binomial_tails(k, n, p).map(|(lower, _)| lower)
}

/// P(X > `k`) for X ~ binomial(`n`, `p`), accurate where it is small; `None` unless 0 ≤ `p` ≤ 1.
#[must_use]
pub fn binomial_survival(k: u64, n: u64, p: f64) -> Option<f64> {
    binomial_tails(k, n, p).map(|(_, upper)| upper)
}

fn binomial_tails(k: u64, n: u64, p: f64) -> Option<(f64, f64)> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    if k >= n {
        return Some((1.0, 0.0));
    }
    Some(beta_tails(1.0 - p, p, (n - k) as f64, (k + 1) as f64))
}

fn positive(number: f64) -> bool {
    number > 0.0 && number.is_finite()
}

/// |T| has both tails given: `outside` = P(|T| ≥ t), `inside` = P(|T| ≤ t).
fn student_t_from_tails(outside: f64, inside: f64, freedom: f64) -> f64 {
    let (x, y) = beta_from_tails(outside, inside, freedom / 2.0, 0.5);
    (freedom * y / x).sqrt()
}

/// (I_x(a, b), 1 - I_x(a, b)), the smaller of the two without cancellation; `y` = 1 - `x`, given for the same reason.
fn beta_tails(x: f64, y: f64, a: f64, b: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if y <= 0.0 {
        return (1.0, 0.0);
    }
    let weight = beta_weight(x, y, a, b);
    if x * (a + b + 2.0) < a + 1.0 {
        let lower = weight * beta_fraction(x, a, b) / a;
        (lower, 1.0 - lower)
    } else {
        let upper = weight * beta_fraction(y, b, a) / b;
        (1.0 - upper, upper)
    }
}

/// Inverse of [`beta_tails`]: (x, 1 - x), by Newton steps on the logarithm of the smaller tail over the logit of x,
/// where it is concave and nearly straight; a bisection step replaces every step that would leave the bracket.
fn beta_from_tails(lower: f64, upper: f64, a: f64, b: f64) -> (f64, f64) {
    if lower > upper {
        let (y, x) = beta_from_tails(upper, lower, b, a);
        return (x, y);
    }
    if lower <= 0.0 {
        return (0.0, 1.0);
    }
    let target = libm::log(lower);
    let (mut least, mut most) = (-740.0_f64, 740.0_f64);
    let mut logit = libm::log(a / b).max(least).min(most);
    // 1,100 halvings would exhaust any f64; Newton needs about ten.
    for _ in 0..1_100 {
        let (x, y) = from_logit(logit);
        let tail = beta_tails(x, y, a, b).0;
        let miss = libm::log(tail) - target;
        if miss < 0.0 {
            least = logit;
        } else {
            most = logit;
        }
        let mut next = logit - miss * tail / beta_weight(x, y, a, b);
        if !(next > least && next < most) {
            next = least + (most - least) / 2.0;
        }
        let settled = (next - logit).abs() <= 4.0 * f64::EPSILON * logit.abs().max(1.0);
        logit = next;
        if settled {
            break;
        }
    }
    from_logit(logit)
}

fn from_logit(logit: f64) -> (f64, f64) {
    (1.0 / (1.0 + libm::exp(-logit)), 1.0 / (1.0 + libm::exp(logit)))
}

/// x^a y^b / B(a, b): the derivative of I_x(a, b) by the logit of x.
fn beta_weight(x: f64, y: f64, a: f64, b: f64) -> f64 {
    let n = a + b;
    let exponent = stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, n * x) - deviance(b, n * y);
    let binomial = (n / (2.0 * PI * a * b)).sqrt() * libm::exp(exponent);
    binomial * a * b / n
}

/// ln Γ(n+1) minus Stirling's ln(√(2πn) (n/e)^n).
fn stirling_error(n: f64) -> f64 {
    if n < 12.0 {
        return libm::lgamma(n + 1.0) - (n + 0.5) * libm::log(n) + n - LN_SQRT_TWO_PI;
    }
    // Bernoulli series; the next term is below 2e-16 from n = 12 on.
    let square = n * n;
    let terms = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0];
    terms.iter().rev().fold(0.0, |sum, term| term + sum / square) / n
}

/// x ln(x/m) + m - x without cancellation when x is near m.
fn deviance(x: f64, m: f64) -> f64 {
    let difference = x - m;
    if difference.abs() >= 0.1 * (x + m) {
        return x * libm::log(x / m) - difference;
    }
    let v = difference / (x + m);
    let square = v * v;
    let mut sum = difference * v;
    let mut power = 2.0 * x * v;
    let mut odd = 3.0;
    loop {
        power *= square;
        let next = sum + power / odd;
        if next.to_bits() == sum.to_bits() {
            return sum;
        }
        sum = next;
        odd += 2.0;
    }
}

/// The continued fraction 1/(1 + d1/(1 + d2/(1 + ...))) of DLMF 8.17.22, for x < (a+1)/(a+b+2).
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |number: f64| if number.abs() < TINY { TINY } else { number };
    let mut front = 1.0;
    let mut back = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = back;
    // It needs about √max(a, b) terms; the bound is out of reach for any shape below 1e12.
    for m in 1..5_000_000_u32 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        back = 1.0 / guard(1.0 + even * back);
        front = guard(1.0 + even / front);
        fraction *= back * front;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        back = 1.0 / guard(1.0 + odd * back);
        front = guard(1.0 + odd / front);
        let step = back * front;
        fraction *= step;
        if (step - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: Option<f64>, exact: f64, what: &str) {
        let found = found.unwrap();
        assert!((found - exact).abs() <= 1e-10 * exact.abs(), "{what}: {found} instead of {exact}");
    }

    // Bisection on mpmath.betainc with 50 digits.
    #[test]
    fn student_quantiles_match() {
        for (p, freedom, exact) in [
            (0.975, 1.0, 12.706204736174705),
            (0.975, 2.0, 4.302652729749464),
            (0.975, 4.0, 2.7764451051977944),
            (0.975, 19.0, 2.0930240544083098),
            (0.995, 39.0, 2.707913183517662),
            (0.9, 99.0, 1.2901614420344852),
            (0.975, 100_000.0, 1.9599877075346096),
            (0.3, 5.0, -0.5594296444693607),
        ] {
            assert_close(student_t_quantile(p, freedom), exact, &format!("t({p}, {freedom})"));
        }
        assert_close(student_t_multiplier(0.95, 19.0), 2.0930240544083098, "multiplier");
        // Where p itself, an f64 near 1 or near 1/2, carries fewer digits than the result.
        assert!((student_t_quantile(0.9999999, 7.0).unwrap() - 19.933902247923854).abs() < 1e-7);
        assert!((student_t_quantile(0.5000001, 3.0).unwrap() - 2.7206990463513715e-7).abs() < 1e-15);
        assert_eq!(student_t_quantile(0.5, 3.0), Some(0.0));
    }

    // mpmath.findroot on log(erfc(-z/√2)/2) with 50 digits.
    #[test]
    fn normal_quantiles_match() {
        for (p, exact) in [
            (1e-300, -37.0470962993612),
            (1e-12, -7.034483825301132),
            (0.001, -3.0902323061678135),
            (0.025, -1.9599639845400542),
            (0.3, -0.5244005127080408),
            (0.6, 0.2533471031357998),
            (0.975, 1.9599639845400542),
        ] {
            assert_close(normal_quantile(p), exact, &format!("z({p})"));
        }
        assert!(normal_quantile(0.5).unwrap().abs() < 1e-15);
    }

    // mpmath.betainc with 50 digits where it converges, else scipy.special.betainc.
    #[test]
    fn incomplete_beta_matches() {
        for (x, a, b, exact) in [
            (0.3, 2.5, 0.5, 0.018927124071945654),
            (0.001, 0.01, 5.0, 0.9527958800070773),
            (0.5, 300.0, 310.0, 0.6573251825149163),
            (0.7, 1e5, 43_000.0, 0.7177487022750186),
            (0.999, 1_000.0, 0.5, 0.15724727426672383),
            (0.02, 3.0, 200.0, 0.7706531762613916),
            (0.5, 1e-3, 1e-3, 0.5),
        ] {
            assert_close(incomplete_beta(x, a, b), exact, &format!("I_{x}({a}, {b})"));
            assert_close(incomplete_beta_inverse(exact, a, b), x, &format!("inverse of I_{x}({a}, {b})"));
        }
    }

    // Exact sums of binomial terms with mpmath, 50 digits.
    #[test]
    fn binomial_tails_match() {
        for (k, n, p, below, above) in [
            (0, 10, 0.1, 0.3486784401, 0.6513215599),
            (5, 10, 0.5, 0.623046875, 0.376953125),
            (58, 59, 0.95, 0.9515054747505768, 0.048494525249423238),
            (990, 1_000, 0.98, 0.9953192495685856, 0.004680750431414356),
            (40, 1_000, 0.1, 1.0419950326403893e-12, 0.999999999998958),
        ] {
            assert_close(binomial_cdf(k, n, p), below, &format!("P(B <= {k}) of {n}, {p}"));
            assert_close(binomial_survival(k, n, p), above, &format!("P(B > {k}) of {n}, {p}"));
        }
        assert_eq!((binomial_cdf(3, 3, 0.2), binomial_cdf(0, 3, 1.0)), (Some(1.0), Some(0.0)));
    }

    #[test]
    fn cdf_and_quantile_are_inverse() {
        for freedom in [1.0, 2.0, 3.5, 29.0, 1e6] {
            for p in [1e-9, 0.01, 0.2, 0.49, 0.7, 0.999] {
                let t = student_t_quantile(p, freedom);
                assert_close(student_t_cdf(t.unwrap(), freedom), p, &format!("t, {freedom} degrees, p = {p}"));
            }
        }
    }

    #[test]
    fn outside_the_domain_there_is_nothing() {
        let nan = f64::NAN;
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0), normal_quantile(nan)), (None, None, None));
        assert_eq!((student_t_quantile(0.9, 0.0), student_t_multiplier(1.0, 5.0)), (None, None));
        assert_eq!((student_t_cdf(nan, 3.0), student_t_two_sided(f64::INFINITY, 3.0)), (None, Some(0.0)));
        assert_eq!((incomplete_beta(1.1, 1.0, 1.0), incomplete_beta_inverse(0.5, -1.0, 1.0)), (None, None));
        assert_eq!(binomial_cdf(1, 3, nan), None);
    }
}
