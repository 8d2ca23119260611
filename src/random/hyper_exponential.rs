//! The hyperexponential distribution (a mixture of exponentials): tails and their inverses.

use super::gamma::Tail;

/// P(X <= x) or P(X > x) of the mixture, without cancellation.
pub(crate) fn tail_probability(tail: Tail, shares: &[f64], means: &[f64], x: f64) -> f64 {
    let of_one = |mean: f64| match tail {
        Tail::Lower => -libm::expm1(-x / mean),
        Tail::Upper => libm::exp(-x / mean),
    };
    shares.iter().zip(means).map(|(share, &mean)| share * of_one(mean)).sum()
}

/// The value with probability `p` in (0, 1) in `tail`.
///
/// Newton's iteration from below the root: P(X <= x) is concave and ln P(X > x) convex, so every tangent meets its
/// target before the curve does, and the iteration climbs to the root without ever passing it.
pub(crate) fn quantile(tail: Tail, shares: &[f64], means: &[f64], p: f64) -> f64 {
    let (below, ln_above) = match tail {
        Tail::Lower => (p, libm::log1p(-p)),
        Tail::Upper => (1.0 - p, libm::log(p)),
    };
    // Three bounds on the root from below: the steepest slope, Jensen's inequality, each component alone.
    let rate: f64 = shares.iter().zip(means).map(|(share, mean)| share / mean).sum();
    let mut x = (below / rate).max(-ln_above / rate);
    for (&share, &mean) in shares.iter().zip(means) {
        if share > 0.0 {
            x = x.max(mean * (libm::log(share) - ln_above));
        }
    }
    for _ in 0..MAX_STEPS {
        let reached = tail_probability(tail, shares, means, x);
        let density: f64 = shares.iter().zip(means).map(|(share, &mean)| share / mean * libm::exp(-x / mean)).sum();
        let step = match tail {
            Tail::Lower => (p - reached) / density,
            Tail::Upper => libm::log(reached / p) * reached / density,
        };
        x += step;
        // Only rounding makes a step point down.
        if step <= 4.0 * f64::EPSILON * x {
            break;
        }
    }
    x
}

const MAX_STEPS: u32 = 500;
