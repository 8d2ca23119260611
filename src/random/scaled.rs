//! The same shape on another scale.

use super::Distribution;

impl Distribution {
    /// The distribution of `factor` × X; `factor` must be above 0 and finite.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Distribution {
        let times = |values: &[f64]| values.iter().map(|value| value * factor).collect();
        match self {
            Distribution::Constant(value) => Distribution::Constant(value * factor),
            Distribution::Exponential { mean } => Distribution::Exponential { mean: mean * factor },
            Distribution::LogNormal { mu, sigma } => {
                Distribution::LogNormal { mu: mu + libm::log(factor), sigma: *sigma }
            }
            Distribution::Gamma { shape, scale } => Distribution::Gamma { shape: *shape, scale: scale * factor },
            Distribution::Erlang { k, mean } => Distribution::Erlang { k: *k, mean: mean * factor },
            Distribution::Weibull { shape, scale } => Distribution::Weibull { shape: *shape, scale: scale * factor },
            Distribution::Uniform { min, max } => Distribution::Uniform { min: min * factor, max: max * factor },
            Distribution::Triangular { min, mode, max } => {
                Distribution::Triangular { min: min * factor, mode: mode * factor, max: max * factor }
            }
            Distribution::HyperExponential { shares, means } => {
                Distribution::HyperExponential { shares: shares.clone(), means: times(means) }
            }
            Distribution::Empirical { values, cumulative } => {
                Distribution::Empirical { values: times(values), cumulative: cumulative.clone() }
            }
            Distribution::Discrete { values, probabilities } => {
                Distribution::Discrete { values: times(values), probabilities: probabilities.clone() }
            }
        }
    }
}
