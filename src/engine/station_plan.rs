//! A station compiled once: what is always so at it, in flags and numbers that a visit can ask at once.

use super::plan::{Takes, takes};
use crate::model::{
    ChangedValue, Discipline, Fate, Layer, Model, Pool, Release, Roster, ServiceTime, SourceId, Spread, Staff, Station,
    StationId, StepDown, WhenFull, WhenLimited, WorkUnit,
};
use crate::random::{Sampler, Threshold};

/// A station, ready to be run.
#[derive(Debug)]
pub(super) struct StationPlan<'m> {
    pub(super) of: &'m crate::model::Station,
    /// Place among the stations sorted by name.
    pub(super) rank: u32,
    /// First server in the tournament.
    pub(super) first_server: u32,
    /// Servers it has places for; 0 for an unlimited station.
    pub(super) servers: u32,
    pub(super) pool: Option<u16>,
    /// Its turn in the order of work of its pool.
    pub(super) turn: u32,
    pub(super) takes: Takes<'m>,
    pub(super) takes_of: Vec<(SourceId, Takes<'m>)>,
    /// Whether how long work takes depends on what an item is.
    pub(super) works_by_item: bool,
    /// Where everything goes, when there is one way only.
    pub(super) only_way: Option<Fate>,
    /// Whether no way is for certain items only.
    pub(super) ways_for_all: bool,
    pub(super) struck_by: Vec<u16>,
    /// Whether diverted items are worked on here.
    pub(super) is_desk: bool,
    /// What those who come have to pass before they may start.
    pub(super) gate: Gate,
    /// Whether who finds nobody before him and everything there may start without joining the line.
    pub(super) starts_at_once: bool,
    /// Whether neither people nor anything else is ever short, but for outages.
    pub(super) nothing_short: bool,
    /// Whether nothing is done to those who come through the gate, and nobody is short.
    pub(super) only_passes: bool,
    /// Whether lines of an order are worked one by one.
    pub(super) works_lines_apart: bool,
    /// Whether somebody may be turned away.
    pub(super) may_turn_away: bool,
    /// With so many in line nobody waits for others to fill a batch, nor ever for a token.
    pub(super) line_of_people: u32,
    /// Whether a newcomer may interrupt the work on others.
    pub(super) preempts: bool,
    /// Whether nothing follows a service but the way on.
    pub(super) goes_on_at_once: bool,
    /// Place among the stations on circles.
    pub(super) circle: Option<usize>,
    /// Whether there is, now or later, only so much equipment.
    pub(super) counts_equipment: bool,
    /// Whether waiting can have another cause than "no person free".
    pub(super) causes_vary: bool,
    /// Whether nothing but always the same people and a first-in-first-out line stands between arrival and service,
    /// and nothing but the route follows.
    pub(super) plain: bool,
    pub(super) failure: Option<Threshold>,
    pub(super) patience: Option<Sampler>,
    pub(super) orbit: Option<Sampler>,
    pub(super) breakdown: Option<(Sampler, Sampler)>,
    /// Measures of visits here.
    pub(super) watches: Vec<usize>,
    /// Whether the clock of an SLA starts when somebody comes.
    pub(super) starts_clocks: bool,
    /// Whether the clock of an SLA stops when somebody has been served.
    pub(super) stops_clocks: bool,
    /// How many share a full cart or batch.
    pub(super) sharing: u64,
    /// The pool whose due work its services are.
    pub(super) due_work: Option<usize>,
    /// Its number among the collections that take cages.
    pub(super) caged: Option<usize>,
    /// Whether its release instants are needed to tell "left behind".
    pub(super) watches_zero: bool,
}

/// What lets items through at a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// Nothing holds them back.
    Open,
    /// It opens at times of its own.
    Timed,
    /// It opens when enough have come.
    Gathers,
}

impl Gate {
    fn of(release: &Release) -> Gate {
        match release {
            Release::AtOnce => Gate::Open,
            Release::Timed { .. } => Gate::Timed,
            Release::Gathered { .. } => Gate::Gathers,
        }
    }
}

impl StationPlan<'_> {
    /// Whether it is a plain station where every item is done, on its only visit.
    pub(super) fn ends_all_at_once(&self) -> bool {
        self.plain && self.only_way == Some(Fate::Done) && self.circle.is_none()
    }

    /// Whether an empty token bucket turns items away.
    pub(super) fn turns_away_when_limited(&self) -> bool {
        self.of.rate_limit.is_some_and(|limit| limit.when_empty == WhenLimited::TurnAway)
    }
}

/// Compiles station `k`; its rank and servers are given to it when all are known.
pub(super) fn station<'m>(model: &'m Model, k: usize, circle: Option<usize>) -> StationPlan<'m> {
    let of = &model.stations[k];
    let id = StationId::at(k);
    let (pool, servers) = match of.staff {
        Staff::Unlimited => (None, 0),
        Staff::Pool(pool) => (Some(pool.0), places(model, k)),
    };
    let only_way = match of.route.legs.as_slice() {
        [leg] if leg.share >= 1.0 && leg.lines.is_none() && leg.sources.is_empty() => Some(leg.to),
        _ => None,
    };
    let struck_by: Vec<u16> =
        (0_u16..).zip(&model.diversions).filter(|(_, diversion)| diversion.strikes.after(id)).map(|(k, _)| k).collect();
    let is_desk = model.diversions.iter().any(|diversion| diversion.desk == id);
    let changed = model.changes.iter().any(|change| changes_station(change.to, id));
    let starts_clocks = model.slas.iter().any(|sla| sla.starts.is_at(id));
    let stops_clocks = model.slas.iter().any(|sla| sla.stops.is_at(id));
    let nothing_short = pool.is_none() && of.batch.is_none() && of.rate_limit.is_none() && of.equipment.is_none();
    let simple = simple_line(of) && !changed && !starts_clocks && !stops_clocks;
    let causes_vary = !(simple && pool.is_some_and(|pool| is_alone_with_as_many(model, pool)));
    StationPlan {
        of,
        rank: 0,
        first_server: 0,
        servers,
        pool,
        turn: pool.map_or(0, |pool| turn(&model.pools[usize::from(pool)], id)),
        takes: takes(&of.takes),
        takes_of: of.takes_of.iter().map(|(source, service)| (*source, takes(service))).collect(),
        works_by_item: is_desk || !of.takes_of.is_empty(),
        only_way,
        ways_for_all: of.route.legs.iter().all(|leg| leg.lines.is_none() && leg.sources.is_empty()),
        plain: !causes_vary && !is_desk && of.takes_of.is_empty() && of.retry.is_none() && struck_by.is_empty(),
        line_of_people: if of.rate_limit.is_some() { u32::MAX } else { of.batch.map_or(0, |batch| batch.min) },
        preempts: of.discipline == (Discipline::Priority { preemptive: true }),
        goes_on_at_once: of.retry.is_none()
            && !stops_clocks
            && of.unit == WorkUnit::Order
            && !is_desk
            && struck_by.is_empty(),
        struck_by,
        gate: Gate::of(&of.release),
        starts_at_once: nothing_short || (of.batch.is_none() && of.patience.is_none()),
        nothing_short,
        only_passes: nothing_short && !is_desk && of.takes_of.is_empty() && takes_no_time(&of.takes),
        works_lines_apart: of.unit == WorkUnit::Line,
        is_desk,
        may_turn_away: of.capacity.is_some() || of.rate_limit.is_some(),
        circle,
        counts_equipment: of.equipment.is_some() || changed,
        causes_vary,
        failure: of.retry.as_ref().and_then(|retry| Threshold::new(retry.chance).ok()),
        patience: of.patience.as_ref().map(|patience| Sampler::new(&patience.lasts)),
        orbit: orbit(&of.when_full),
        breakdown: of.breakdown.as_ref().map(|b| (Sampler::new(&b.up), Sampler::new(&b.down))),
        watches: Vec::new(),
        starts_clocks,
        stops_clocks,
        sharing: of.batch.map_or(1, |batch| u64::from(batch.max.max(1))),
        due_work: pool.map(usize::from).filter(|pool| of.layer == Layer::Warehouse && model.has_due_work(*pool)),
        caged: None,
        watches_zero: false,
    }
}

/// Whether nothing but a first-in-first-out line stands between arrival and service.
fn simple_line(of: &Station) -> bool {
    of.discipline == Discipline::Fifo
        && of.release == Release::AtOnce
        && of.unit == WorkUnit::Order
        && of.capacity.is_none()
        && of.equipment.is_none()
        && of.rate_limit.is_none()
        && of.batch.is_none()
        && of.patience.is_none()
        && of.outages.is_empty()
        && of.breakdown.is_none()
}

/// How long those who are turned away stay away before they try again.
fn orbit(when_full: &WhenFull) -> Option<Sampler> {
    match when_full {
        WhenFull::TryAgain { after, .. } => Some(Sampler::new(after)),
        WhenFull::TurnAway(_) => None,
    }
}

/// Whether a pool works at one station only and has as many heads from the start of a run to its end.
fn is_alone_with_as_many(model: &Model, pool: u16) -> bool {
    model.pools[usize::from(pool)].order_of_work.len() == 1 && always_as_many(model, pool)
}

/// Whether there is nothing to do.
fn takes_no_time(takes: &ServiceTime) -> bool {
    let content = takes.fixed.max(takes.per_line).max(takes.per_unit);
    content <= 0.0 && !matches!(takes.spread, Spread::Recorded(_))
}

/// The turn of a station in the order of work of its pool.
fn turn(pool: &Pool, id: StationId) -> u32 {
    let turn = pool.order_of_work.iter().position(|station| *station == id);
    turn.and_then(|turn| u32::try_from(turn).ok()).expect("a pool's order of work holds all its stations")
}

/// Whether a pool has as many heads from the start of a run to its end.
fn always_as_many(model: &Model, pool: u16) -> bool {
    let heads_changed =
        model.changes.iter().any(|change| matches!(change.to, ChangedValue::ExtraHeads(of, _) if of.0 == pool));
    !heads_changed
        && match &model.pools[usize::from(pool)].roster {
            Roster::Steps(steps) => steps.len() == 1,
            Roster::Shifts { .. } => false,
        }
}

fn changes_station(to: ChangedValue, id: StationId) -> bool {
    match to {
        ChangedValue::Equipment(station, _)
        | ChangedValue::Speed(station, _)
        | ChangedValue::Outage(station, _)
        | ChangedValue::RateLimit(station, _)
        | ChangedValue::ReleaseAtMost(station, _)
        | ChangedValue::ReleaseEvery(station, _)
        | ChangedValue::FailureChance(station, _) => station == id,
        ChangedValue::ExtraHeads(..) | ChangedValue::ExceptionFactor(_) | ChangedValue::Uplift(..) => false,
    }
}

/// Servers that may ever be at work at once at station `k`.
fn places(model: &Model, k: usize) -> u32 {
    let station = &model.stations[k];
    let Staff::Pool(id) = station.staff else { return 0 };
    let pool = &model.pools[id.index()];
    let extra: Vec<i32> = model
        .changes
        .iter()
        .filter_map(|change| match change.to {
            ChangedValue::ExtraHeads(of, heads) if of == id => Some(heads),
            _ => None,
        })
        .collect();
    let most = pool.roster.most() + extra.iter().filter_map(|heads| u32::try_from(*heads).ok()).max().unwrap_or(0);
    let always_as_many = extra.is_empty() && matches!(&pool.roster, Roster::Steps(steps) if steps.len() == 1);
    let heads = match pool.step_down {
        // Those who finish overlap with those who come.
        StepDown::Finish | StepDown::CrewChange if !always_as_many => most.saturating_mul(2),
        StepDown::Return | StepDown::Finish | StepDown::CrewChange => most,
    };
    let equipment = model
        .changes
        .iter()
        .filter_map(|change| match change.to {
            ChangedValue::Equipment(of, n) if of.index() == k => Some(n),
            _ => None,
        })
        .chain(station.equipment)
        .max();
    equipment.map_or(heads, |equipment| heads.min(equipment)).max(1)
}
