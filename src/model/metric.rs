//! One language for numbers: a *metric path* names any number of a run.
//!
//! `station.pick.wait.mean`, `station.pick.queue.at(2026-11-27T10:00)`, `orders.time_to_dispatch.p95`,
//! `sla."dispatched as promised".attainment`. [`super::metric_path`] turns text into a [`Metric`].

use super::{DiversionId, Expectation, PoolId, SlaId, SourceId, StationId};
use crate::time::{SimDuration, SimTime};

/// A named number of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// Its name in the results.
    pub name: String,
    /// The path as written.
    pub path: String,
    /// What it means.
    pub metric: Metric,
    /// What is done with one run's values over all runs.
    pub over_runs: OverRuns,
    /// What is expected of it: that makes it a check. `None`: it is only asked for.
    pub expected: Option<Expectation>,
}

/// How one run's values become one number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OverRuns {
    /// Their mean; for a ratio the pooled ratio.
    Mean,
    /// Their standard deviation.
    StandardDeviation,
    /// Their variance.
    Variance,
    /// Their quantile of this order, 0 to 1.
    Quantile(f64),
    /// The share of runs whose value lies above this.
    ShareOver(f64),
}

/// What a path means within one run.
#[derive(Clone, Debug, PartialEq)]
pub enum Metric {
    /// Spells of visits at a station.
    Visit {
        /// Where.
        station: StationId,
        /// Which spell of the visit.
        spell: Spell,
        /// Whose visits.
        whose: Whose,
        /// Only items of this source.
        source: Option<SourceId>,
        /// The statistic.
        statistic: TallyStatistic,
    },
    /// The time from creation to the end of an item's way.
    TimeInSystem {
        /// Only items of this source; `None`: all orders.
        source: Option<SourceId>,
        /// Only dispatched orders, rather than all that have ended.
        dispatched: bool,
        /// The statistic.
        statistic: TallyStatistic,
    },
    /// A level over time.
    Level {
        /// Of what.
        scope: LevelScope,
        /// Which level.
        level: Level,
        /// The statistic.
        statistic: LevelStatistic,
    },
    /// A share of the visits to a station.
    VisitShare {
        /// Where.
        station: StationId,
        /// Which share.
        share: VisitShare,
    },
    /// Share of a source's items that gave up waiting at some station.
    AbandonedShare(SourceId),
    /// A count.
    Count {
        /// Of what.
        count: Count,
        /// Counted up to this instant; `None`: over the counted window.
        by: Option<Instant>,
        /// Per hour of the counted window.
        per_hour: bool,
    },
    /// Items of a batch, or let through by one release.
    GroupSize {
        /// Where.
        station: StationId,
        /// Batches rather than releases.
        batch: bool,
        /// The statistic: mean or standard deviation.
        statistic: TallyStatistic,
    },
    /// Share of batches that were full.
    FullBatches(StationId),
    /// Items left behind by a release, on average.
    LeftBehind(StationId),
    /// Share of releases that left nobody behind.
    NobodyLeftBehind(StationId),
    /// Share of time the token bucket is full.
    BucketFull(StationId),
    /// Attempts an item needs at a station with retries.
    AttemptsPerItem(StationId),
    /// Share of time a station's servers are up.
    Availability(StationId),
    /// Busy time over time present.
    Utilisation(StationId),
    /// Busy time over time present.
    PoolUtilisation(PoolId),
    /// Share of an SLA's due orders that kept it.
    Attainment(SlaId),
    /// Orders that kept an SLA.
    Kept(SlaId),
    /// Orders that missed an SLA.
    Late(SlaId),
    /// Hours lost by late orders.
    LateHours(SlaId),
    /// Time an exception takes from strike to end.
    Resolution(DiversionId, TallyStatistic),
    /// Items struck.
    Struck(DiversionId),
    /// Contacts per 100 orders created.
    TicketsPer100,
    /// Share of orders that leave the integration layer without being lost there.
    SyncSuccess,
    /// Cost of labour.
    LabourCost,
    /// Instant at which the last item ended [s from the start].
    Makespan,
    /// One order's spell at a station, by its rank of arrival at the source (first is 1).
    OneOrder {
        /// Where; `None`: its whole way.
        station: Option<StationId>,
        /// What of it.
        what: OrderMoment,
        /// Rank of arrival, from 1.
        order: u32,
    },
}

/// What is asked of one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderMoment {
    /// Its wait.
    Wait,
    /// When its service first starts.
    Start,
    /// When it is done there.
    End,
}

/// A spell of a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spell {
    /// Arrival at the station to first start of service (or giving up).
    Wait,
    /// All the time at the station that is not service, interruptions included.
    Idle,
    /// Service.
    Service,
    /// Arrival at the station to leaving it.
    Visit,
}

/// Whose waits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those who were served.
    Served,
    /// Those who gave up.
    Abandoned,
    /// Both.
    All,
}

/// A statistic of single observations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TallyStatistic {
    /// Mean.
    Mean,
    /// Standard deviation.
    StandardDeviation,
    /// Quantile of this order, 0 to 1.
    Quantile(f64),
    /// Share above this, counted exactly.
    ShareOver(SimDuration),
    /// Largest.
    Max,
    /// How many observations.
    Count,
}

/// Of what a level is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelScope {
    /// A station.
    Station(StationId),
    /// A source's items anywhere.
    Source(SourceId),
    /// All orders anywhere.
    Orders,
}

/// A level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Items there and not in service (interrupted ones included).
    Queue,
    /// Items in service.
    Busy,
    /// Items there.
    Present,
    /// Items between two attempts.
    Orbit,
}

/// A statistic over time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LevelStatistic {
    /// Time average over the counted window.
    Mean,
    /// Largest.
    Max,
    /// Integral over the counted window [item · seconds].
    Integral,
    /// At an instant: the value just before it.
    At(Instant),
    /// Whether everybody is busy at an instant, 0 or 1: the value just before it.
    AllBusyAt(Instant),
    /// Mean over the instants `phase`, `phase + period`, ... in the counted window.
    AtEvery {
        /// First instant.
        phase: SimDuration,
        /// Time between them.
        period: SimDuration,
    },
    /// Share of those instants at which the level is zero.
    ZeroAtEvery {
        /// First instant.
        phase: SimDuration,
        /// Time between them.
        period: SimDuration,
    },
    /// Share of time at zero.
    ShareAtZero,
}

/// An instant in a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant(pub SimTime);

/// A share of the visits to a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitShare {
    /// Do not start at once.
    Delayed,
    /// Find all servers busy on arrival.
    FindAllBusy,
    /// Give up waiting.
    Abandoned,
    /// Are turned away.
    TurnedAway,
    /// Are turned away on the first attempt, of all first attempts.
    FirstTurnedAway,
    /// Give up after refusals or failures, of all first attempts.
    GaveUp,
    /// Succeed on the first attempt, of all first attempts.
    FirstSucceeded,
}

/// A count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Visits to a station.
    Arrivals(StationId),
    /// Visits ended by service.
    Completed(StationId),
    /// Visits given up.
    Abandoned(StationId),
    /// Visits turned away.
    TurnedAway(StationId),
    /// Batches started.
    Batches(StationId),
    /// Items created by a source.
    Created(SourceId),
    /// Orders created.
    Orders,
    /// Orders dispatched.
    Dispatched,
    /// Orders cancelled.
    Cancelled,
    /// Orders open at the end.
    OpenAtEnd,
    /// Contacts made.
    Contacts,
}

/// A path that means nothing here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct MetricError {
    /// What is wrong with it.
    pub message: String,
    /// A path that would be right, or the names there are.
    pub help: String,
}
