//! The operation as valid, immutable facts, in the words of warehouse operations and queueing theory.
//!
//! Whatever is time of day, percentage or text in a scenario is ticks, shares and indices here. A [`Model`] can only
//! be made by [`Model::assemble`], which checks every reference; nothing after it checks input again.

mod assemble;
mod chance;
mod control;
mod demand;
mod diversion;
mod expectation;
mod horizon;
mod ids;
mod lever;
mod metric;
pub mod metric_path;
mod never_sampled;
mod plan;
mod pool;
mod promise;
mod service;
mod station;
mod sync;
pub mod timetable;
mod window;

pub use assemble::{Flaw, ModelError, ModelParts};
pub use control::{Change, ChangedValue};
pub use demand::{
    Arrivals, Busyness, CountMix, Factors, Intensity, IntensityStep, ItemKind, RecordedArrival, Response, Source,
};
pub use diversion::{Contact, ContactCause, Diversion, DiversionEnd, DiversionKind, FollowUp, SlaClock, Strikes};
pub use expectation::{Comparison, Expectation, MetricUnit};
pub use horizon::{Day, Horizon, HorizonKind, Limits};
pub use ids::{DiversionId, PoolId, SlaId, SourceId, StationId};
pub use lever::{Lever, LeverAction, LeverCost, Notice};
pub use metric::{
    Count, Instant, Level, LevelScope, LevelStatistic, Measure, Metric, MetricError, OrderMoment, OverRuns, Spell,
    TallyStatistic, VisitShare, Whose,
};
pub use plan::{Campaign, RunPlan};
pub use pool::{Pool, Roster, ShiftSpan, StaffStep, StepDown};
pub use promise::{ClockStart, ClockStop, Excludes, Judge, Promise, Sla};
pub use service::{ServiceTime, Spread};
pub use station::{
    Backoff, Batch, Breakdown, Discipline, EquipmentKind, Fate, Layer, Outage, OutagePolicy, Patience, RateLimit,
    Release, ReleaseTimes, Retry, Route, RouteLeg, Staff, Station, WhenFull, WhenLimited, WorkUnit,
};
pub use sync::{SyncCounts, SyncLayer};
pub use window::{CountedOn, CountedUnit, Suspension, Window};

use crate::calendar::Calendar;
use std::ops::Deref;

/// A whole operation over its horizon; every reference in it is known to be good.
#[derive(Clone, Debug)]
pub struct Model(ModelParts);

impl Model {
    /// Checks `parts` and makes a model of them.
    ///
    /// # Errors
    /// Every inconsistency found, at once.
    pub fn assemble(parts: ModelParts) -> Result<Model, Vec<ModelError>> {
        let errors = assemble::check(&parts);
        if errors.is_empty() { Ok(Model(parts)) } else { Err(errors) }
    }

    /// The parts this model was made of, for a variant of it.
    #[must_use]
    pub fn into_parts(self) -> ModelParts {
        self.0
    }

    /// Whether a pool's work of the day can be told: people with shifts who work in the warehouse on orders that the
    /// first SLA promises to dispatch.
    #[must_use]
    pub fn has_due_work(&self, pool: usize) -> bool {
        let pool = &self.0.pools[pool];
        let in_warehouse = |id: &StationId| self.0.stations[id.index()].layer == Layer::Warehouse;
        !self.0.days.is_empty()
            && self.0.slas.first().is_some_and(|sla| sla.stops == ClockStop::Dispatched)
            && pool.shared
            && matches!(pool.roster, Roster::Shifts { .. })
            && pool.order_of_work.iter().any(in_warehouse)
    }

    /// Local time, when the model has one; a stationary question has none.
    #[must_use]
    pub fn calendar(&self) -> Option<&Calendar> {
        self.0.calendar.as_ref()
    }
}

impl Deref for Model {
    type Target = ModelParts;
    fn deref(&self) -> &ModelParts {
        &self.0
    }
}
