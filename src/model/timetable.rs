//! What a model says before anything is simulated: whether the last order before a cut-off can make it through an
//! empty building, who is there when work is let through, and whether a week's hours hold a week's work.
//!
//! Everything here leaves out waiting behind others, holds and exceptions: what fails already without them fails.

mod flow;
mod heads;
mod presence;
mod room;
mod walk;
mod weeks;

pub use heads::{Stretch, stretches};
pub use room::room;

use super::{Horizon, Model, PoolId, Roster, SlaId, SourceId, Staff, StationId};
use crate::time::SimTime;

/// The timetable of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Timetable {
    /// Orders expected in the judged window.
    pub orders: f64,
    /// For each promise with a cut-off, the tightest way through.
    pub promises: Vec<PromiseWalk>,
    /// Releases and collections that find nobody.
    pub unattended: Vec<Unattended>,
    /// The weeks that hold a judged day; empty without a calendar.
    pub weeks: Vec<Week>,
    /// Stations with a fixed number of servers of their own.
    pub loads: Vec<OfferedLoad>,
}

/// The last order before a cut-off, on its way through an empty building.
#[derive(Clone, Debug, PartialEq)]
pub struct PromiseWalk {
    /// The promise.
    pub sla: SlaId,
    /// Where the order comes from.
    pub source: SourceId,
    /// The cut-off that leaves least time.
    pub cut_off: SimTime,
    /// When the order is due.
    pub due: SimTime,
    /// The stations on its main way, in order.
    pub steps: Vec<WalkStep>,
    /// When the promise is kept; `None`: not within the run.
    pub ends: Option<SimTime>,
    /// Cut-offs of the judged window that were tried.
    pub tried: usize,
    /// Of those, the ones whose last order is late even in an empty building.
    pub missed: usize,
}

/// One station on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkStep {
    /// The station.
    pub station: StationId,
    /// When the order has left it.
    pub left: SimTime,
}

/// A station that lets work through while nobody is there to take it up, or a collection for which nobody has worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unattended {
    /// The station that lets through.
    pub station: StationId,
    /// The pool of which nobody is there.
    pub pool: PoolId,
    /// Whether it is a collection.
    pub collection: bool,
    /// How many of its instants in the judged window.
    pub count: usize,
    /// The first of them.
    pub first: SimTime,
}

/// What a week brings, and what there is for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Week {
    /// Its first instant.
    pub from: SimTime,
    /// Its end.
    pub to: SimTime,
    /// Orders expected.
    pub orders: f64,
    /// Collections that take only so much.
    pub collections: Vec<CollectionWeek>,
    /// Pools of people with shifts.
    pub pools: Vec<PoolWeek>,
}

/// The collections of one carrier in a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CollectionWeek {
    /// The collection.
    pub station: StationId,
    /// Orders expected to go with it.
    pub orders: f64,
    /// Orders it can take.
    pub capacity: f64,
}

/// The people of one pool in a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoolWeek {
    /// The pool.
    pub pool: PoolId,
    /// Person-hours rostered, less those expected to be absent.
    pub hours: f64,
    /// Person-hours of work that the week's orders bring; exceptions come on top.
    pub work: f64,
}

/// The load of a station over the judged window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfferedLoad {
    /// The station.
    pub station: StationId,
    /// Mean number of servers its visits keep busy (erlangs).
    pub erlangs: f64,
    /// Its servers.
    pub servers: u32,
}

impl OfferedLoad {
    /// Load over servers: at 1 and more the queue grows for as long as that lasts.
    #[must_use]
    pub fn utilisation(&self) -> f64 {
        self.erlangs / f64::from(self.servers)
    }
}

impl PromiseWalk {
    /// Seconds to spare; below zero when it comes too late, `None` when it never gets through.
    #[must_use]
    pub fn margin(&self) -> Option<f64> {
        self.ends.map(|ends| self.due.seconds() - ends.seconds())
    }
}

impl Timetable {
    /// The timetable of `model`.
    #[must_use]
    pub fn of(model: &Model) -> Timetable {
        let presence: Vec<presence::Presence> =
            model.pools.iter().map(|pool| presence::Presence::of(&pool.roster, model.horizon.end)).collect();
        let flows = flow::Flow::of_sources(model);
        let Horizon { from, until, .. } = model.horizon;
        Timetable {
            orders: flows
                .iter()
                .filter(|flow| flow.is_orders(model))
                .map(|flow| flow.expected(model, from, until))
                .sum(),
            promises: walk::promises(model, &presence),
            unattended: walk::unattended(model, &presence),
            weeks: weeks::weeks(model, &flows),
            loads: loads(model, &flows),
        }
    }
}

fn loads(model: &Model, flows: &[flow::Flow]) -> Vec<OfferedLoad> {
    let Horizon { from, until, .. } = model.horizon;
    let hours = until.saturating_since(from).hours();
    let servers = |station: &super::Station| match station.staff {
        Staff::Pool(pool) if !model.pools[pool.index()].shared => match &model.pools[pool.index()].roster {
            Roster::Steps(steps) if steps.len() == 1 => Some(steps[0].heads),
            _ => None,
        },
        _ => None,
    };
    let one = |k: usize| {
        let servers = servers(&model.stations[k]).filter(|servers| *servers > 0)?;
        let station = StationId::at(k);
        let work: f64 = flows.iter().map(|flow| flow.work_hours(model, station, from, until)).sum();
        Some(OfferedLoad { station, erlangs: work / hours, servers })
    };
    if hours <= 0.0 { Vec::new() } else { (0..model.stations.len()).filter_map(one).collect() }
}
