//! Many replications and what they say together. The only code that runs in parallel.
//!
//! [`replications::run`] yields one record for each replication; [`Results::fold`] makes results of them, in order of
//! their index, and knows neither threads nor clocks.

pub mod bottlenecks;
pub mod breach;
pub mod cells;
mod checks;
pub mod compare;
mod days;
mod fold;
pub mod frontier;
mod ledger;
pub mod levers;
mod measures;
pub mod replications;
pub mod results;
mod runs;
mod slas;
mod stations;
pub mod sweep;
mod timeline;
pub mod until;
pub mod whatif;

#[cfg(test)]
pub(crate) mod fixture;

pub use fold::{RunIdentity, belong_together};
pub use replications::{Progress, RunSet, Series};
pub use results::Results;
