//! What is known of a [`Distribution`] in closed form or by a safe iteration: moments, quantiles, probabilities.

use super::distribution::Distribution;
use super::gamma::{StandardGamma, Tail};
use super::hyper_exponential;
use super::normal::{normal_cdf, normal_quantile};

impl Distribution {
    /// The mean.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Exponential { mean } | Self::Erlang { mean, .. } => *mean,
            Self::LogNormal { mu, sigma } => libm::exp(mu + 0.5 * sigma * sigma),
            Self::Gamma { shape, scale } => shape * scale,
            Self::Weibull { shape, scale } => scale * libm::tgamma(1.0 + 1.0 / shape),
            Self::Uniform { min, max } => 0.5 * (min + max),
            Self::Triangular { min, mode, max } => (min + mode + max) / 3.0,
            Self::HyperExponential { shares, means } => weighted_sum(shares, means),
            Self::Discrete { values, probabilities } => weighted_sum(probabilities, values),
            Self::Empirical { values, cumulative } => weighted_sum(&increments(cumulative), values),
        }
    }

    /// The variance.
    #[must_use]
    pub fn variance(&self) -> f64 {
        match self {
            Self::Constant(_) => 0.0,
            Self::Exponential { mean } => mean * mean,
            Self::LogNormal { sigma, .. } => {
                let mean = self.mean();
                mean * mean * libm::expm1(sigma * sigma)
            }
            Self::Gamma { shape, scale } => shape * scale * scale,
            Self::Erlang { k, mean } => mean * mean / f64::from(*k),
            Self::Weibull { shape, scale } => {
                // As a factor on the squared mean, by logarithms: the difference of the two gammas would cancel.
                let ln_ratio = libm::lgamma(1.0 + 2.0 / shape) - 2.0 * libm::lgamma(1.0 + 1.0 / shape);
                let mean = scale * libm::tgamma(1.0 + 1.0 / shape);
                mean * mean * libm::expm1(ln_ratio)
            }
            Self::Uniform { min, max } => (max - min) * (max - min) / 12.0,
            Self::Triangular { min, mode, max } => {
                let (left, right) = (mode - min, max - mode);
                (left * left + left * right + right * right) / 18.0
            }
            Self::HyperExponential { shares, means } => {
                let mean = self.mean();
                // Within the components, then between them.
                spread(shares, means, mean) + shares.iter().zip(means).map(|(share, m)| share * m * m).sum::<f64>()
            }
            Self::Discrete { values, probabilities } => spread(probabilities, values, self.mean()),
            Self::Empirical { values, cumulative } => spread(&increments(cumulative), values, self.mean()),
        }
    }

    /// The quantile at `u` in (0, 1): the least x with P(X <= x) >= u. For `u` above 1/2,
    /// [`upper_quantile`](Self::upper_quantile) of 1 - u keeps its accuracy.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        match self {
            Self::Exponential { mean } => -mean * libm::log1p(-u),
            Self::LogNormal { mu, sigma } => libm::exp(mu + sigma * normal_quantile(u)),
            Self::Gamma { shape, scale } => scale * StandardGamma::new(*shape).quantile(Tail::Lower, u, None),
            Self::Erlang { k, mean } => {
                let k = f64::from(*k);
                mean / k * StandardGamma::new(k).quantile(Tail::Lower, u, None)
            }
            Self::Weibull { shape, scale } => scale * libm::pow(-libm::log1p(-u), 1.0 / shape),
            Self::HyperExponential { shares, means } => hyper_exponential::quantile(Tail::Lower, shares, means, u),
            Self::Uniform { min, max } => min + (max - min) * u,
            Self::Triangular { min, mode, max } => triangular(*min, *mode, *max, u, 1.0 - u),
            Self::Constant(value) => *value,
            Self::Empirical { values, cumulative } => step(values, cumulative, u),
            Self::Discrete { values, probabilities } => step(values, &running_sums(probabilities), u),
        }
    }

    /// The quantile at 1 - `v`, accurate for `v` however small.
    #[must_use]
    pub fn upper_quantile(&self, v: f64) -> f64 {
        match self {
            Self::Exponential { mean } => -mean * libm::log(v),
            Self::LogNormal { mu, sigma } => libm::exp(mu - sigma * normal_quantile(v)),
            Self::Gamma { shape, scale } => scale * StandardGamma::new(*shape).quantile(Tail::Upper, v, None),
            Self::Erlang { k, mean } => {
                let k = f64::from(*k);
                mean / k * StandardGamma::new(k).quantile(Tail::Upper, v, None)
            }
            Self::Weibull { shape, scale } => scale * libm::pow(-libm::log(v), 1.0 / shape),
            Self::HyperExponential { shares, means } => hyper_exponential::quantile(Tail::Upper, shares, means, v),
            Self::Uniform { min, max } => max - (max - min) * v,
            Self::Triangular { min, mode, max } => triangular(*min, *mode, *max, 1.0 - v, v),
            Self::Constant(_) | Self::Empirical { .. } | Self::Discrete { .. } => self.quantile(1.0 - v),
        }
    }

    /// P(X <= `x`).
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        match self {
            Self::Constant(value) => f64::from(u8::from(x >= *value)),
            Self::Exponential { mean } => -libm::expm1(-x / mean),
            Self::LogNormal { mu, sigma } => normal_cdf((libm::log(x) - mu) / sigma),
            Self::Gamma { shape, scale } => StandardGamma::new(*shape).lower(x / scale),
            Self::Erlang { k, mean } => StandardGamma::new(f64::from(*k)).lower(x * f64::from(*k) / mean),
            Self::Weibull { shape, scale } => -libm::expm1(-libm::pow(x / scale, *shape)),
            Self::Uniform { min, max } => ((x - min) / (max - min)).clamp(0.0, 1.0),
            Self::Triangular { min, mode, max } => {
                if x <= *min {
                    0.0
                } else if x >= *max {
                    1.0
                } else if x < *mode {
                    (x - min) * (x - min) / ((max - min) * (mode - min))
                } else {
                    1.0 - (max - x) * (max - x) / ((max - min) * (max - mode))
                }
            }
            Self::HyperExponential { shares, means } => {
                hyper_exponential::tail_probability(Tail::Lower, shares, means, x)
            }
            Self::Empirical { values, cumulative } => reached(values, cumulative, x),
            Self::Discrete { values, probabilities } => reached(values, &running_sums(probabilities), x),
        }
    }
}

/// The quantile of the triangular distribution at u = 1 - v; never falls when u rises, not even by rounding.
#[inline]
pub(super) fn triangular(min: f64, mode: f64, max: f64, u: f64, v: f64) -> f64 {
    let (width, left, right) = (max - min, mode - min, max - mode);
    if u * width <= left {
        (min + (u * width * left).sqrt()).min(mode)
    } else {
        // max - √(v width right), written from the mode: there the difference would cancel.
        let from_max = (v * width * right).sqrt();
        (mode + right * (u * width - left) / (right + from_max)).min(max)
    }
}

pub(super) fn running_sums(probabilities: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    probabilities
        .iter()
        .map(|p| {
            sum += p;
            sum
        })
        .collect()
}

fn increments(cumulative: &[f64]) -> Vec<f64> {
    let mut before = 0.0;
    cumulative.iter().map(|&c| c - std::mem::replace(&mut before, c)).collect()
}

fn weighted_sum(weights: &[f64], values: &[f64]) -> f64 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

fn spread(weights: &[f64], values: &[f64], mean: f64) -> f64 {
    weights.iter().zip(values).map(|(weight, value)| weight * (value - mean) * (value - mean)).sum()
}

fn step(values: &[f64], cumulative: &[f64], u: f64) -> f64 {
    let index = cumulative.partition_point(|&c| c < u);
    values[index.min(values.len() - 1)]
}

fn reached(values: &[f64], cumulative: &[f64], x: f64) -> f64 {
    let count = values.partition_point(|&value| value <= x);
    if count == 0 { 0.0 } else { cumulative[count - 1] }
}
