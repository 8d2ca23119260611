//! A queue in front of resources. One state machine; what stands here are its components.

use super::{PoolId, ServiceTime, SourceId, StationId};
use crate::random::Distribution;
use crate::time::{SimDuration, SimTime};

/// The four layers of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Transform, route, retry, monitor.
    Integration,
    /// Pick, pack, ship, move stock.
    Warehouse,
    /// Desks where holds and exceptions are worked on.
    Exceptions,
    /// Agents who answer customers.
    Support,
}

impl Layer {
    /// Its name in scenarios and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Layer::Integration => "integration",
            Layer::Warehouse => "warehouse",
            Layer::Exceptions => "exceptions",
            Layer::Support => "support",
        }
    }
}

/// A queue in front of resources.
#[derive(Clone, Debug)]
pub struct Station {
    /// Its name in the scenario.
    pub name: String,
    /// The name its random streams go by: its own, or that of the station it is a clone of.
    pub draws_as: String,
    /// Its layer.
    pub layer: Layer,
    /// Who owns it; `None` is a finding.
    pub owner: Option<String>,
    /// Whether whole orders or single lines are worked.
    pub unit: WorkUnit,
    /// Who works.
    pub staff: Staff,
    /// Benches, carts, scanners, threads: work in hand at one time beside the people. `None`: no limit.
    pub equipment: Option<u32>,
    /// What that limit is made of: every kind by name, of which a piece of work takes one each. Empty without a limit.
    pub equipment_kinds: Vec<EquipmentKind>,
    /// How long the work takes.
    pub takes: ServiceTime,
    /// Service times that hold for one source's items only.
    pub takes_of: Vec<(SourceId, ServiceTime)>,
    /// When waiting items are let through to the queue.
    pub release: Release,
    /// Who is next.
    pub discipline: Discipline,
    /// Most items at the station, in service included. `None`: no limit.
    pub capacity: Option<u32>,
    /// What becomes of an item that finds the station full.
    pub when_full: WhenFull,
    /// A token bucket in front of the service.
    pub rate_limit: Option<RateLimit>,
    /// Several items worked as one.
    pub batch: Option<Batch>,
    /// Failed attempts.
    pub retry: Option<Retry>,
    /// How long an item waits before it gives up.
    pub patience: Option<Patience>,
    /// Planned outages, ascending, not overlapping.
    pub outages: Vec<Outage>,
    /// What an outage does to the work in hand.
    pub outage_policy: OutagePolicy,
    /// Random outages of single servers.
    pub breakdown: Option<Breakdown>,
    /// Where items go afterwards.
    pub route: Route,
}

impl Station {
    /// Whether this is a carrier's collection.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        matches!(self.release, Release::Timed { collection: true, .. })
    }
}

/// A kind of equipment at a station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EquipmentKind {
    /// What it is: "benches".
    pub name: String,
    /// How many there are.
    pub count: u32,
}

/// What is one piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkUnit {
    /// A whole order.
    Order,
    /// Each line on its own; the order goes on when its last line is done.
    Line,
}

impl WorkUnit {
    /// The word of the format.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            WorkUnit::Order => "order",
            WorkUnit::Line => "line",
        }
    }
}

/// Who works at a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staff {
    /// One person of this pool for each piece of work in hand.
    Pool(PoolId),
    /// Nobody is needed: everything is started at once.
    Unlimited,
}

/// When waiting items are let through to the queue.
#[derive(Clone, Debug, PartialEq)]
pub enum Release {
    /// At once.
    AtOnce,
    /// At certain instants (a poll, a wave, a collection).
    Timed {
        /// The instants.
        times: ReleaseTimes,
        /// Most items let through each time. `None`: all.
        at_most: Option<u32>,
        /// An item must have been ready this long before.
        ready_before: SimDuration,
        /// Whether this is a carrier's collection (the ledger names it so).
        collection: bool,
        /// Parcels in one of its cages. `None`: it takes no cages, or all there is.
        parcels_per_cage: Option<u32>,
    },
    /// As soon as so many wait, or so long after the first of them came.
    Gathered {
        /// Items that open the gate.
        count: u32,
        /// Time after the first that opens it all the same.
        after: Option<SimDuration>,
    },
}

/// Instants of release.
#[derive(Clone, Debug, PartialEq)]
pub enum ReleaseTimes {
    /// Every `period`, the first at `first`.
    Every {
        /// First instant.
        first: SimTime,
        /// Time between instants; above zero.
        period: SimDuration,
    },
    /// At these instants, ascending.
    At(Vec<SimTime>),
}

/// Who is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discipline {
    /// First in, first out.
    Fifo,
    /// By the source's priority, lower first; first in, first out within a class.
    Priority {
        /// Whether a newcomer interrupts work of a lower class, which is resumed later.
        preemptive: bool,
    },
    /// The order that is due first, by the first SLA.
    EarliestDue,
}

/// What becomes of an item that finds the station full.
#[derive(Clone, Debug)]
pub enum WhenFull {
    /// It goes elsewhere or leaves.
    TurnAway(Fate),
    /// It tries again after a delay, while it persists.
    TryAgain {
        /// Delay (s).
        after: Distribution,
        /// Chance to try again after each refusal but the first (after the first it always does), 0 to 1.
        persist: f64,
    },
}

/// A token bucket: each start takes one token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// Tokens per second.
    pub per_second: f64,
    /// Tokens the bucket holds; it is full at the start.
    pub burst: u32,
    /// What becomes of an item that finds it empty.
    pub when_empty: WhenLimited,
}

/// What becomes of an item that finds the bucket empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenLimited {
    /// It waits its turn.
    Wait,
    /// It is turned away.
    TurnAway,
}

/// Several items worked as one (a cart, a pallet, a batch job).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Fewest items to start with, unless `after` has passed.
    pub min: u32,
    /// Most items.
    pub max: u32,
    /// Start with fewer than `min` this long after the first came. `None`: never.
    pub after: Option<SimDuration>,
    /// Whether the work contents of the items add up; otherwise the batch takes as long as one item.
    pub adds_up: bool,
}

/// Failed attempts are repeated.
#[derive(Clone, Debug)]
pub struct Retry {
    /// Chance that an attempt fails, 0 to 1.
    pub chance: f64,
    /// Attempts in all, at least 1.
    pub attempts: u32,
    /// Delay before the next attempt.
    pub backoff: Backoff,
    /// Where an item goes whose last attempt failed.
    pub then: Fate,
}

/// Delay before the next attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Backoff {
    /// Delay after the k-th failure; the last stands for all later ones.
    pub delays: Vec<SimDuration>,
    /// Whether the delay is drawn evenly from zero to the stated one ("full jitter").
    pub jitter: bool,
}

/// How long an item waits before it gives up.
#[derive(Clone, Debug)]
pub struct Patience {
    /// Patience (s).
    pub lasts: Distribution,
    /// What it does then.
    pub then: Fate,
}

/// A planned outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// First instant.
    pub from: SimTime,
    /// End.
    pub to: SimTime,
}

/// What an outage does to the work in hand. A station without a limit on servers finishes what it has in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutagePolicy {
    /// It stops and is resumed afterwards.
    Pause,
    /// It is finished; only new work waits.
    Finish,
}

/// Random outages of single servers, by calendar time, busy or not.
#[derive(Clone, Debug)]
pub struct Breakdown {
    /// Time a server is up (s).
    pub up: Distribution,
    /// Time it is down (s).
    pub down: Distribution,
}

/// Where an item goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// To this station.
    To(StationId),
    /// Out, its way complete: an order is dispatched.
    Done,
    /// Out, lost: an order is cancelled.
    Cancelled,
}

/// Where items go from a source or a station.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The ways. Those whose tests (lines, sources) the item passes share it out: their shares add up to 1 for every
    /// item, and one uniform number picks the way by their running sum in this order.
    pub legs: Vec<RouteLeg>,
}

/// One way of a route.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteLeg {
    /// Share of the items that pass the tests below, 0 to 1.
    pub share: f64,
    /// Only for items with so many lines (inclusive bounds). `None`: all.
    pub lines: Option<(u32, u32)>,
    /// Only for items of these sources; empty means all.
    pub sources: Vec<SourceId>,
    /// Where to.
    pub to: Fate,
}

impl Route {
    /// Everything goes to `to`.
    #[must_use]
    pub fn always(to: Fate) -> Route {
        Route { legs: vec![RouteLeg { share: 1.0, lines: None, sources: Vec::new(), to }] }
    }
}
