//! What is promised, and how keeping it is counted.

use super::StationId;
use crate::calendar::DueTable;
use crate::time::{SimDuration, SimTime};

/// A service level agreement: a promise, a target, and the rule by which it is judged.
#[derive(Clone, Debug)]
pub struct Sla {
    /// Its name in the scenario.
    pub name: String,
    /// Clock start, stop, unit, due rule and exclusions in one sentence.
    pub definition: String,
    /// When its clock starts.
    pub starts: ClockStart,
    /// When its clock stops.
    pub stops: ClockStop,
    /// When the order is due.
    pub promise: Promise,
    /// Share to be kept, 0 to 1.
    pub target: f64,
    /// How orders are put together for judging.
    pub window: Window,
    /// Windows with fewer orders are shown, not judged.
    pub min_orders: u32,
    /// Which functional decides.
    pub judge: Judge,
    /// Sources whose orders it covers; empty means all.
    pub sources: Vec<super::SourceId>,
}

/// When an SLA's clock starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockStart {
    /// When the order is placed and paid.
    Created,
    /// When the last hold before release is cleared; creation without one.
    Released,
    /// When the order reaches this station.
    Reached(StationId),
}

/// When an SLA's clock stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockStop {
    /// When the order leaves the route: the carrier's collection, where there is one.
    Dispatched,
    /// When the order has been served at this station.
    Served(StationId),
}

/// When an order is due.
#[derive(Clone, Debug)]
pub enum Promise {
    /// This long after the clock starts.
    Within(SimDuration),
    /// By cut-off and calendar.
    CutOff(DueTable),
    /// At this instant, whenever the clock starts.
    ByInstant(SimTime),
}

/// How orders are put together for judging: by when they fall due.
#[derive(Clone, Debug)]
pub struct Window {
    /// Boundaries, ascending: window k holds what falls due after `bounds[k]` and at `bounds[k + 1]` at the latest, so
    /// that what is due by 24:00 belongs to the day that ends then.
    pub bounds: Vec<SimTime>,
}

/// The functional that decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Judge {
    /// Expected late orders over expected due orders.
    Pooled,
    /// Share of runs with a breached window, at most `risk`.
    Runs {
        /// Highest share of runs allowed.
        risk: f64,
    },
}

impl Sla {
    /// Whether it covers the orders of a source.
    #[must_use]
    pub fn covers(&self, source: super::SourceId) -> bool {
        self.sources.is_empty() || self.sources.contains(&source)
    }
}

impl Promise {
    /// When an order whose clock started at `start` is due.
    #[must_use]
    pub fn due(&self, start: SimTime) -> SimTime {
        match self {
            Promise::Within(span) => start + *span,
            Promise::CutOff(table) => table.due(start),
            Promise::ByInstant(at) => *at,
        }
    }
}

impl Window {
    /// The window that an order due at `due` belongs to, if any.
    #[must_use]
    pub fn of(&self, due: SimTime) -> Option<usize> {
        let k = self.bounds.partition_point(|bound| *bound < due);
        (k > 0 && k < self.bounds.len()).then(|| k - 1)
    }

    /// How many windows there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }
}
