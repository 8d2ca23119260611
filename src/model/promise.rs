//! What is promised, and how keeping it is counted.

use super::{CountedOn, CountedUnit, DiversionId, SourceId, StationId, Suspension, Window};
use crate::calendar::DueTable;
use crate::random::Distribution;
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
    /// How long after that the clock takes notice (s): a carrier's first scan, a status that is pushed later.
    pub delay: Option<Distribution>,
    /// When the order is due.
    pub promise: Promise,
    /// Share to be kept, 0 to 1.
    pub target: f64,
    /// What is counted of an order.
    pub unit: CountedUnit,
    /// Which instant of an order decides the window it counts in.
    pub counted_on: CountedOn,
    /// How orders are put together for judging.
    pub window: Window,
    /// Windows in which fewer are counted are shown, not judged.
    pub min_orders: u32,
    /// Windows with more orders than were forecast are shown, not judged.
    pub suspension: Option<Suspension>,
    /// Which functional decides.
    pub judge: Judge,
    /// Sources whose orders it covers; empty means all.
    pub sources: Vec<SourceId>,
    /// Orders that are promised like the others, but do not count.
    pub excludes: Excludes,
}

/// Orders that an SLA does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excludes {
    /// Those of these sources.
    pub sources: Vec<SourceId>,
    /// Those that were struck by one of these holds or exceptions before the clock stopped.
    pub struck_by: Vec<DiversionId>,
}

/// When an SLA's clock starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockStart {
    /// When the order is placed and paid.
    Created,
    /// When the last hold before release is cleared; creation without one.
    Released,
    /// When the order reaches one of these stations.
    Reached(Vec<StationId>),
}

/// When an SLA's clock stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockStop {
    /// When the order leaves the route: the carrier's collection, where there is one.
    Dispatched,
    /// When the order has been served at one of these stations.
    Served(Vec<StationId>),
}

impl ClockStart {
    /// Whether it is this station that starts the clock.
    #[must_use]
    pub fn is_at(&self, station: StationId) -> bool {
        matches!(self, ClockStart::Reached(stations) if stations.contains(&station))
    }
}

impl ClockStop {
    /// Whether it is this station that stops the clock.
    #[must_use]
    pub fn is_at(&self, station: StationId) -> bool {
        matches!(self, ClockStop::Served(stations) if stations.contains(&station))
    }
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
    /// Whether it covers the orders of a source, those that do not count included.
    #[must_use]
    pub fn covers(&self, source: SourceId) -> bool {
        self.sources.is_empty() || self.sources.contains(&source)
    }

    /// Whether it counts the orders of a source.
    #[must_use]
    pub fn counts(&self, source: SourceId) -> bool {
        self.covers(source) && !self.excludes.sources.contains(&source)
    }

    /// Whether it leaves out the orders of some sources.
    #[must_use]
    pub fn chooses_sources(&self) -> bool {
        !self.sources.is_empty() || !self.excludes.sources.is_empty()
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
