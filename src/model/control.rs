//! Quantities that a plan, an incident or a rule may change during a run.

use super::{PoolId, SourceId, StationId};
use crate::time::{SimDuration, SimTime};

/// A planned change of one control at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// When it takes effect.
    pub at: SimTime,
    /// What changes, and to what.
    pub to: ChangedValue,
}

/// A control and its new value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ChangedValue {
    /// Heads on top of (or, below zero, off) the roster.
    ExtraHeads(PoolId, i32),
    /// Equipment of a station.
    Equipment(StationId, u32),
    /// Factor on the speed of work at a station; above zero.
    Speed(StationId, f64),
    /// Whether a station is out of order.
    Outage(StationId, bool),
    /// Tokens per second of a station's rate limit; above zero.
    RateLimit(StationId, f64),
    /// Most items a timed release lets through.
    ReleaseAtMost(StationId, Option<u32>),
    /// Period of a periodic release.
    ReleaseEvery(StationId, SimDuration),
    /// Chance that an attempt fails, 0 to 1.
    FailureChance(StationId, f64),
    /// Factor on the chance of all exceptions.
    ExceptionFactor(f64),
    /// Factor on a source's intensity.
    Uplift(SourceId, f64),
}
