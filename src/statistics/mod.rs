//! Statistics of independent replications: estimates with honest intervals, and nothing of any domain.
//!
//! Every interval treats the *replication* as the unit of independence: what happens within one replication is
//! correlated and is never counted as more than one sample. Sums run in index order with compensated rounding, and
//! only `+ - * /`, `sqrt` and the pinned `libm` are used, so the same input gives the same bits everywhere.
//!
//! | question | module |
//! |---|---|
//! | a mean, a ratio, a standard deviation over replications | [`sample`] |
//! | a quantile: of one number per replication, or of all observations pooled | [`quantile`] |
//! | a share of replications | [`proportion`] |
//! | a difference on common random numbers | [`paired`] |
//! | how many replications | [`sequential`] |
//! | counts of observations within one replication | [`histogram`] |
//! | percentiles of the observations of all replications | [`spread`] |

pub mod distributions;
pub mod estimate;
pub mod histogram;
pub mod paired;
pub mod proportion;
pub mod quantile;
pub mod sample;
pub mod sequential;
pub mod spread;

pub use estimate::Estimate;
