//! What takes an order off its way: holds before release, exceptions afterwards; and the contacts that follow.

use super::{Fate, ServiceTime, SourceId, StationId};
use crate::random::Distribution;
use crate::time::SimDuration;

/// A hold or an exception class: a share of the items goes to a desk, and ends in one of several ways.
#[derive(Clone, Debug)]
pub struct Diversion {
    /// Its name in the scenario.
    pub name: String,
    /// The name its random streams go by.
    pub draws_as: String,
    /// Hold or exception.
    pub kind: DiversionKind,
    /// Where it strikes.
    pub strikes: Strikes,
    /// Chance for each item (or each line), 0 to 1, before the injection factor.
    pub chance: f64,
    /// Whether `chance` is per line: an item of n lines is struck with 1 − (1 − chance)^n.
    pub per_line: bool,
    /// Factor on the chance by hour of day, 24 values, where it varies. Empty: constant.
    pub by_hour: Vec<f64>,
    /// The desk that works on it.
    pub desk: StationId,
    /// Work at the desk.
    pub takes: ServiceTime,
    /// Who owns it; `None` is a finding.
    pub owner: Option<String>,
    /// How it ends; the shares add up to 1.
    pub ends: Vec<(f64, DiversionEnd)>,
    /// What it does to SLA clocks that started before it.
    pub clock: SlaClock,
}

/// Hold or exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiversionKind {
    /// Before the order is released to the warehouse.
    Hold,
    /// Something went wrong at a station.
    Exception,
}

/// Where a diversion strikes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strikes {
    /// Items that come from one of these sources, before their first station.
    From(Vec<SourceId>),
    /// Items that were served at one of these stations (the lanes of one), before they go on.
    After(Vec<StationId>),
}

impl Strikes {
    /// Whether items of `source` are struck before their first station.
    #[must_use]
    pub fn from(&self, source: SourceId) -> bool {
        matches!(self, Strikes::From(sources) if sources.contains(&source))
    }

    /// Whether items are struck after their service at `station`.
    #[must_use]
    pub fn after(&self, station: StationId) -> bool {
        matches!(self, Strikes::After(stations) if stations.contains(&station))
    }
}

/// How a diversion ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiversionEnd {
    /// The item goes on where it was going.
    GoesOn,
    /// It enters at this station.
    Enters(StationId),
    /// The order is cancelled.
    Cancel,
    /// The order goes on where it was going, and a parcel of its own follows from this station.
    SplitOff(StationId),
    /// The order has ended; the same goods are sent once more from this station.
    Reship(StationId),
}

/// What a diversion does to SLA clocks that started before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlaClock {
    /// They run on.
    Runs,
    /// They stand still while it lasts.
    Paused,
    /// They start anew when it is over.
    StartsAtRelease,
}

/// Customers' messages to support, as a consequence of what happens to their orders.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Its name in the scenario.
    pub name: String,
    /// Why customers write.
    pub cause: ContactCause,
    /// Where the message goes first.
    pub to: Fate,
    /// The agents' work on it.
    pub takes: ServiceTime,
    /// Chance that the answer settles it, 0 to 1; otherwise the customer writes again.
    pub settled: f64,
    /// Time until an unsettled customer writes again (s).
    pub writes_again_after: Distribution,
    /// Messages of one customer about one matter, at most.
    pub at_most: u32,
}

/// Why customers write.
#[derive(Clone, Debug)]
pub enum ContactCause {
    /// A plain share of orders writes, this long after ordering (s).
    Baseline {
        /// Share of orders, 0 to 1.
        share: f64,
        /// Delay after the order (s).
        after: Distribution,
    },
    /// A late order: a constant hazard per day late.
    Lateness {
        /// Index of the SLA whose promise is late.
        sla: super::SlaId,
        /// Hazard per day late, above zero.
        per_day: f64,
    },
    /// An order of which nothing has been heard for so long after ordering: until then nobody writes, from then on at a
    /// constant hazard, until it is dispatched.
    Silence {
        /// Time after creation.
        after: SimDuration,
        /// Hazard per day from then on, above zero.
        per_day: f64,
    },
    /// Every order dispatched later than this after its creation, with this chance.
    LateDispatch {
        /// Time after creation.
        later_than: SimDuration,
        /// Chance, 0 to 1.
        chance: f64,
    },
    /// An order struck by an exception or hold.
    Struck {
        /// Which.
        by: super::DiversionId,
        /// Chance, 0 to 1.
        chance: f64,
    },
}

/// Work that follows a dispatched order: a return, a refill.
#[derive(Clone, Debug)]
pub struct FollowUp {
    /// Its name in the scenario.
    pub name: String,
    /// Share of dispatched orders that bring it, 0 to 1.
    pub share: f64,
    /// Delay after dispatch (s).
    pub after: Distribution,
    /// Where it goes first.
    pub to: Fate,
    /// Class at priority stations.
    pub priority: u8,
}
