//! Keyed random streams and the samplers: nobody else draws.
//!
//! A draw is two steps: [`StreamKey::bits`] gives the 64 uniform bits that belong to an order (visit, attempt, line)
//! in a named stream, and a [`Sampler`], [`Threshold`] or [`PoissonCounts`] turns them into a value. All of them are
//! monotone in the bits: more bits, a longer duration, a higher count. So a changed parameter leaves every order the
//! same luck, and two variants of an operation compare order by order.

mod counts;
mod distribution;
mod gamma;
mod hyper_exponential;
mod key;
mod normal;
mod quantile;
mod sampler;
mod scaled;
mod steps;
mod stream;
mod table;

pub use counts::PoissonCounts;
pub use distribution::{Distribution, DistributionError};
pub use gamma::StandardGamma;
pub use key::{StreamKey, Threshold, chance, unit};
pub use normal::{normal_cdf, normal_quantile};
pub use sampler::Sampler;
pub use stream::RandomStream;
