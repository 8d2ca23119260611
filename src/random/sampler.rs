//! Samplers: from 64 uniform bits to a value, by inversion.

use std::fmt;

use super::distribution::Distribution;
use super::key::both_ends;
use super::quantile::{running_sums, triangular};
use super::steps::Steps;
use super::table::QuantileTable;

/// Draws from one [`Distribution`]; made once a model, then only read.
#[derive(Clone)]
pub struct Sampler {
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Table(QuantileTable),
    Constant(f64),
    Uniform { min: f64, width: f64 },
    Triangular { min: f64, mode: f64, max: f64 },
    Steps { steps: Steps, values: Vec<f64> },
}

impl Sampler {
    /// Prepares to draw from `distribution`; continuous ones with a curved quantile function get a table of 80 KiB.
    #[must_use]
    pub fn new(distribution: &Distribution) -> Sampler {
        let kind = match distribution {
            Distribution::Constant(value) => Kind::Constant(*value),
            Distribution::Uniform { min, max } => Kind::Uniform { min: *min, width: max - min },
            Distribution::Triangular { min, mode, max } => Kind::Triangular { min: *min, mode: *mode, max: *max },
            Distribution::Empirical { values, cumulative } => steps(values, cumulative),
            Distribution::Discrete { values, probabilities } => steps(values, &running_sums(probabilities)),
            Distribution::Exponential { .. }
            | Distribution::LogNormal { .. }
            | Distribution::Gamma { .. }
            | Distribution::Erlang { .. }
            | Distribution::Weibull { .. }
            | Distribution::HyperExponential { .. } => Kind::Table(QuantileTable::new(distribution)),
        };
        Sampler { kind }
    }

    /// The value at these bits: the quantile at `bits` / 2^64, 0 or more.
    ///
    /// Monotone: more bits (as an unsigned integer) never give a smaller value. Between the quantiles at 1e-12 and
    /// 1 - 1e-12 the relative error is below 1e-7 (for usual shapes 1e-8), or the error is below 1e-13 of the mean.
    #[inline]
    #[must_use]
    pub fn value(&self, bits: u64) -> f64 {
        // Nearly every service time is drawn from a table: short enough to stand where it is asked for.
        if let Kind::Table(table) = &self.kind { table.value(bits) } else { self.value_without_table(bits) }
    }

    #[inline(never)]
    fn value_without_table(&self, bits: u64) -> f64 {
        match &self.kind {
            Kind::Table(table) => table.value(bits),
            Kind::Constant(value) => *value,
            Kind::Uniform { min, width } => min + width * both_ends(bits).0,
            Kind::Triangular { min, mode, max } => {
                let (u, v) = both_ends(bits);
                triangular(*min, *mode, *max, u, v)
            }
            Kind::Steps { steps, values } => values[steps.outcome(bits)],
        }
    }

    /// The share of draws that a table leaves to the exact but slow evaluation; below 1e-11 for usual shapes.
    #[must_use]
    pub fn slow_share(&self) -> f64 {
        if let Kind::Table(table) = &self.kind { table.exact_share() } else { 0.0 }
    }
}

fn steps(values: &[f64], cumulative: &[f64]) -> Kind {
    // Without the last, which is 1 up to rounding: the last value takes all that is left.
    let before_last = &cumulative[..cumulative.len() - 1];
    Kind::Steps { steps: Steps::from_exceedances(before_last.iter().map(|c| 1.0 - c)), values: values.to_vec() }
}

impl rand_distr::Distribution<f64> for Sampler {
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.value(rng.next_u64())
    }
}

impl fmt::Debug for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Table(table) => write!(f, "Sampler({:?})", table.distribution()),
            Kind::Constant(value) => write!(f, "Sampler(Constant({value}))"),
            Kind::Uniform { min, width } => write!(f, "Sampler(Uniform from {min}, {width} wide)"),
            Kind::Triangular { min, mode, max } => write!(f, "Sampler(Triangular({min}, {mode}, {max}))"),
            Kind::Steps { values, .. } => write!(f, "Sampler({} values)", values.len()),
        }
    }
}
