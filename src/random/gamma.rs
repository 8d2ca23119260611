//! The gamma distribution of scale 1: regularised incomplete gamma functions and their inverses.

use super::normal::normal_quantile;

/// A gamma distribution of scale 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StandardGamma {
    shape: f64,
    /// ln Γ(shape + 1).
    ln_gamma_next: f64,
}

/// Which end of a distribution a probability is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    /// P(X <= x).
    Lower,
    /// P(X > x).
    Upper,
}

/// A point already known on the quantile function: the probability (counted from the tail in question) and the value.
pub(crate) type KnownPoint = (f64, f64);

impl StandardGamma {
    /// The gamma distribution of `shape` > 0 and scale 1.
    #[must_use]
    pub fn new(shape: f64) -> StandardGamma {
        StandardGamma { shape, ln_gamma_next: libm::lgamma(shape + 1.0) }
    }

    /// P(X <= x), the regularised lower incomplete gamma function.
    #[must_use]
    pub fn lower(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        self.tail(Tail::Lower, libm::log(x), x)
    }

    /// P(X > x), the regularised upper incomplete gamma function.
    #[must_use]
    pub fn upper(&self, x: f64) -> f64 {
        if x <= 0.0 {
            return 1.0;
        }
        self.tail(Tail::Upper, libm::log(x), x)
    }

    /// The value with probability `p` in (0, 1) in `tail`, to about 1e-12 relative; `near`, a neighbouring point, only
    /// makes it faster. A value below the smallest double is 0.
    ///
    /// Halley's iteration for ln P = ln p over ln x, where both tails are close to straight lines.
    pub(crate) fn quantile(&self, tail: Tail, p: f64, near: Option<KnownPoint>) -> f64 {
        // A step of this size leaves an error of its cube, in units of the distribution's width over ln x.
        let small = 1e-5 / (1.0 + self.shape.sqrt());
        let mut bracket = (f64::NEG_INFINITY, f64::INFINITY);
        let (mut ln_x, mut known) = match near {
            Some((known_p, x)) if x > 0.0 && known_p > 0.0 => (libm::log(x), Some(known_p)),
            _ => (self.first_guess(tail, p), None),
        };
        for _ in 0..MAX_STEPS {
            let x = libm::exp(ln_x);
            let reached = known.take().unwrap_or_else(|| self.tail(tail, ln_x, x));
            let step = if reached > 0.0 { self.halley_step(tail, ln_x, x, reached, p) } else { f64::NAN };
            let rises = (tail == Tail::Lower) == (reached < p);
            if rises {
                bracket.0 = ln_x;
            } else {
                bracket.1 = ln_x;
            }
            let proposed = ln_x + step.clamp(-MAX_STEP, MAX_STEP);
            if step.abs() <= small {
                return libm::exp(proposed);
            }
            ln_x = if proposed > bracket.0 && proposed < bracket.1 {
                proposed
            } else if bracket.0.is_finite() && bracket.1.is_finite() {
                0.5 * (bracket.0 + bracket.1)
            } else if rises {
                ln_x + 0.5
            } else {
                ln_x - 0.5
            };
        }
        libm::exp(ln_x)
    }

    /// The change of ln x that Halley's formula proposes where the tail's probability is `reached` and shall be `p`.
    fn halley_step(&self, tail: Tail, ln_x: f64, x: f64, reached: f64, p: f64) -> f64 {
        let density_in_ln_x = libm::exp(self.shape * ln_x - x - self.ln_gamma_next) * self.shape;
        let slope = match tail {
            Tail::Lower => density_in_ln_x / reached,
            Tail::Upper => -density_in_ln_x / reached,
        };
        let newton = libm::log(reached / p) / slope;
        let bend = 1.0 - 0.5 * newton * (self.shape - x - slope);
        // Far from the root the bend may turn the step round; Newton's own step is then the better one.
        -newton / bend.clamp(0.5, 2.0)
    }

    /// A value near the quantile: the leading term of the tail for small x, else Wilson and Hilferty's 1931 cube.
    fn first_guess(&self, tail: Tail, p: f64) -> f64 {
        let a = self.shape;
        let (z, below) = match tail {
            Tail::Lower => (normal_quantile(p), p),
            Tail::Upper => (-normal_quantile(p), 1.0 - p),
        };
        let leading = (libm::log(below) + self.ln_gamma_next) / a;
        if leading < libm::log(0.2 * (a + 1.0)) || a < 0.1 {
            return leading.min(libm::log(a + 1.0 - libm::log(p)));
        }
        let root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt());
        if root > 0.1 { libm::log(a * root * root * root) } else { leading }
    }

    /// The probability of one tail at x = e^`ln_x`; ln x comes along because x may have left the range of a double.
    fn tail(&self, tail: Tail, ln_x: f64, x: f64) -> f64 {
        let leading = libm::exp(self.shape * ln_x - x - self.ln_gamma_next);
        if x < self.shape + 1.0 {
            let lower = leading * self.series(x);
            if tail == Tail::Lower { lower } else { 1.0 - lower }
        } else {
            let upper = leading * self.shape * self.continued_fraction(x);
            if tail == Tail::Upper { upper } else { 1.0 - upper }
        }
    }

    /// The sum of x^n / ((a+1)...(a+n)) over n >= 0 (Abramowitz and Stegun 6.5.29).
    fn series(&self, x: f64) -> f64 {
        let (mut sum, mut term, mut denominator) = (1.0, 1.0, self.shape);
        while term > sum * 1e-17 {
            denominator += 1.0;
            term *= x / denominator;
            sum += term;
        }
        sum
    }

    /// Legendre's continued fraction 1/(x+1-a- 1(1-a)/(x+3-a- ...)) (Abramowitz and Stegun 6.5.31), by its
    /// convergents; the ratio of successive ones is kept instead of numerator and denominator, so nothing overflows.
    fn continued_fraction(&self, x: f64) -> f64 {
        let mut b = x + 1.0 - self.shape;
        let mut fraction = 1.0 / b;
        let (mut over, mut under) = (f64::INFINITY, fraction);
        let mut n = 0.0;
        for _ in 0..MAX_TERMS {
            n += 1.0;
            let a = n * (self.shape - n);
            b += 2.0;
            under = 1.0 / nonzero(a * under + b);
            over = nonzero(b + a / over);
            let factor = over * under;
            fraction *= factor;
            if (factor - 1.0).abs() < 2e-16 {
                break;
            }
        }
        fraction
    }
}

const MAX_STEPS: u32 = 200;
const MAX_STEP: f64 = 2.0;
/// The fraction needs some ten times the root of the shape where it needs most; shapes end at a million.
const MAX_TERMS: u32 = 100_000;

/// Keeps the convergents finite where one of them happens to vanish.
fn nonzero(x: f64) -> f64 {
    if x.abs() < 1e-300 { 1e-300 } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_1_is_the_exponential() {
        let gamma = StandardGamma::new(1.0);
        for x in [1e-9, 0.1, 1.0, 1.9, 2.1, 10.0, 40.0] {
            assert!((gamma.upper(x) / libm::exp(-x) - 1.0).abs() < 1e-14, "{x}");
            assert!((gamma.lower(x) / -libm::expm1(-x) - 1.0).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn quantiles_invert_both_tails_over_all_shapes() {
        for shape in [0.01, 0.05, 0.3, 1.0, 2.5, 17.0, 400.0, 1e4, 1e6] {
            let gamma = StandardGamma::new(shape);
            for exponent in 1..60 {
                let p = libm::exp2(-f64::from(exponent));
                let x = gamma.quantile(Tail::Lower, p, None);
                if x > 1e-300 {
                    assert!((gamma.lower(x) / p - 1.0).abs() < 1e-8, "lower: shape {shape}, p {p}, x {x}");
                }
                let x = gamma.quantile(Tail::Upper, p, None);
                if x > 1e-300 {
                    assert!((gamma.upper(x) / p - 1.0).abs() < 1e-8, "upper: shape {shape}, p {p}, x {x}");
                }
            }
        }
    }
}
