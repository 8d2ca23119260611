//! The breach point: the load at which a promise breaks, with an interval.
//!
//! By test inversion at fixed replications under nested load (the same points of the order plane, the same services):
//! the margin of the promise is then a plain function of the load, and so are the ends of its interval. The breach point
//! is where the margin crosses 0, its interval reaches from where the unfavourable end crosses to where the favourable
//! end does. The true point lies outside only if the interval at that single load misses the target, so the coverage is
//! that of one interval, however many loads are looked at.
//!
//! A pilot finds the neighbourhood and says about how many replications the wanted precision needs; the interval itself
//! comes from fresh ones, and from more of them where it comes out too wide. A search that is stopped tells what the rounds that ended say (`so_far.rs`).

mod criterion;
mod enough;
mod findings;
mod found;
pub(super) mod judged;
pub(super) mod look;
mod own;
mod risk;
pub(super) mod root;
mod search;
pub(super) mod so_far;
pub(super) mod stage;

pub use criterion::{Criterion, Held};
pub use found::{Breach, CurvePoint, Headroom, Outcome, OwnBreach, Spread};
pub use judged::{Limit, Subject};
pub use own::WHERE_SINGLE_RUNS_BREAK;
pub use risk::{Demand, Risk};
pub(super) use search::grid;
pub use search::{BreachError, Range, Settings, Vary, find};
