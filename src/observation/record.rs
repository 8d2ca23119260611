//! The record that leaves a run: plain, versioned, serialisable. Results are a pure fold over records in order.

use super::{Cause, Spells, Tally};
use crate::statistics::histogram::LogLinear;
use crate::time::TICKS_PER_HOUR;
use serde::{Deserialize, Serialize};

/// Raised whenever the meaning or shape of a record changes.
pub const RECORD_VERSION: u32 = 6;

/// Everything one replication tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReplicationRecord {
    /// [`RECORD_VERSION`] of the program that wrote it.
    pub version: u32,
    /// Index of the replication, from 0.
    pub replication: u64,
    /// How it ended.
    pub end: RunEnd,
    /// When it ended [ticks since the start].
    pub ended_at: u64,
    /// Events it took.
    pub events: u64,
    /// Orders.
    pub orders: OrdersRecord,
    /// Sources, in the model's order.
    pub sources: Vec<SourceRecord>,
    /// Stations, in the model's order.
    pub stations: Vec<StationRecord>,
    /// Pools, in the model's order.
    pub pools: Vec<PoolRecord>,
    /// SLAs, in the model's order.
    pub slas: Vec<SlaRecord>,
    /// Local days, in the model's order, as far as the run saw them to their end.
    pub days: Vec<DayRecord>,
    /// Holds and exception classes, in the model's order.
    pub diversions: Vec<DiversionRecord>,
    /// Contacts.
    pub contacts: ContactsRecord,
    /// Levels over time.
    pub timeline: TimelineRecord,
    /// The values asked for, in the model's order.
    pub measures: Vec<MeasureValue>,
}

/// How a replication ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunEnd {
    /// Everything that counts had ended, or the horizon was over.
    Finished,
    /// It reached the limit of events.
    EventLimit,
    /// It reached the limit of items in flight.
    InFlightLimit,
}

/// A [`Tally`] as plain numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TallyRecord {
    /// Observations.
    pub count: u64,
    /// Their sum (s).
    pub sum: f64,
    /// The largest (s).
    pub max: f64,
    /// Histogram: bucket and count, without zeros.
    pub histogram: Vec<(u32, u64)>,
}

impl From<&Tally> for TallyRecord {
    fn from(tally: &Tally) -> TallyRecord {
        TallyRecord {
            count: tally.count(),
            sum: tally.sum_seconds(),
            max: tally.max().seconds(),
            histogram: tally.histogram().to_pairs(),
        }
    }
}

impl From<&Spells> for TallyRecord {
    fn from(spells: &Spells) -> TallyRecord {
        TallyRecord {
            count: spells.count(),
            sum: spells.sum_seconds(),
            max: spells.max().seconds(),
            histogram: Vec::new(),
        }
    }
}

impl TallyRecord {
    /// The histogram again.
    ///
    /// # Panics
    /// When the record was tampered with so that a bucket does not exist.
    #[must_use]
    pub fn log_linear(&self) -> LogLinear {
        LogLinear::from_pairs(self.histogram.iter().copied()).expect("buckets written by this program")
    }
}

/// Orders of one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OrdersRecord {
    /// Orders created in the counted window.
    pub arrived: u64,
    /// Of those, dispatched.
    pub dispatched: u64,
    /// Of those, cancelled.
    pub cancelled: u64,
    /// Of those, open at the end.
    pub open_at_end: u64,
    /// Creation to dispatch, of those dispatched.
    pub time_to_dispatch: TallyRecord,
    /// Orders created in the whole run, lead-in and aftermath included.
    pub created_in_all: u64,
}

/// One source in one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Items created in the counted window.
    pub created: u64,
    /// Creation to the end of the item's way.
    pub time_in_system: TallyRecord,
    /// Time average of its items in flight over the counted window.
    pub in_system: f64,
}

/// One station in one run. Visits that begin in the counted window count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StationRecord {
    /// Visits begun.
    pub arrivals: u64,
    /// Of those, first attempts.
    pub first_attempts: u64,
    /// Visits served to their end.
    pub completed: u64,
    /// Visits given up.
    pub abandoned: u64,
    /// Visits turned away.
    pub turned_away: u64,
    /// Items lost for good: turned away or failed at the last attempt.
    pub gave_up: u64,
    /// Visits that did not start at once.
    pub delayed: u64,
    /// Wait of those who were served.
    pub wait: TallyRecord,
    /// Service of those who were served.
    pub service: TallyRecord,
    /// Time average of the queue.
    pub queue_mean: f64,
    /// Longest queue.
    pub queue_max: u64,
    /// Person- or server-seconds at work.
    pub busy_seconds: f64,
    /// Server-seconds present; `None` for unlimited servers and for stations of a shared pool.
    pub present_seconds: Option<f64>,
    /// The longest that anybody waited, those still waiting at the end included (s).
    pub oldest_waiting: f64,
    /// Time of the counted window (s).
    pub window_seconds: f64,
    /// Its benches, carts or threads; `None` without a limit.
    pub equipment: Option<EquipmentRecord>,
    /// Steps of the timeline within the counted window at whose end it was the momentary bottleneck: the station that had
    /// more work ready than it could start for the longest time. Stations that tie share a step.
    pub longest_active_steps: f64,
    /// For a collection that takes cages: parcels ready on each day, as far as the run saw the days to their end.
    pub parcels_ready: Vec<u64>,
}

/// The equipment of one station in one run. In use it is for as long as the station is at work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EquipmentRecord {
    /// Pieces of the scarcest kind, over the time that somebody was there to use them (piece-seconds).
    pub there_seconds: f64,
    /// Seconds that those who were served waited although a person was free, because no equipment was.
    pub waited_seconds: f64,
}

/// One pool in one run, over the counted window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PoolRecord {
    /// Person-hours rostered, absence not deducted.
    pub scheduled_hours: f64,
    /// Person-hours present: on shift, absence deducted, and beyond it to finish what was in hand.
    pub present_hours: f64,
    /// Of those, person-hours beyond the shift: work that was finished after the bell, or by an old crew.
    pub stayed_hours: f64,
    /// Person-hours at work.
    pub busy_hours: f64,
    /// Person-hours rostered at more than ordinary pay.
    pub overtime_hours: f64,
    /// Day by day, as far as the run saw the days to their end: person-hours of the day's due work, that is of what was
    /// still to be done at its open on the orders due by its close under the first SLA. Empty for a pool that does
    /// not work in the warehouse, and when the first SLA does not end with the dispatch.
    pub due_work_hours: Vec<f64>,
    /// Pay, when the pool has a cost per hour: the roster, and at ordinary pay the hours beyond it.
    pub cost: Option<f64>,
}

/// One SLA in one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SlaRecord {
    /// Its windows; rolling ones overlap.
    pub windows: Vec<WindowRecord>,
    /// Orders (or lines) counted in all windows, each once.
    pub due: u64,
    /// Of those, late.
    pub late: u64,
    /// Orders (or lines) that would have counted, but are excluded.
    pub excluded: u64,
    /// Hours lost by late orders (or lines).
    pub late_hours: f64,
    /// Creation to dispatch of the counted window's orders of its sources; `None` where it covers all sources.
    pub time_to_dispatch: Option<TallyRecord>,
    /// The greatest lateness (s); `None` without a late order.
    pub oldest_late: Option<f64>,
    /// Whether a judged window missed its target.
    pub breached: bool,
    /// First breach (ticks); `None`: never.
    pub first_breach: Option<u64>,
    /// End of the last step in which a promise was missed (ticks); `None`: none was.
    pub last_miss: Option<u64>,
    /// Whether the run ended before a promise was kept again.
    pub still_missing: bool,
    /// Who is to blame.
    pub ledger: Vec<LedgerCell>,
}

/// One window of an SLA.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowRecord {
    /// Orders (or lines) counted in it.
    pub due: u64,
    /// Of those, late.
    pub late: u64,
    /// Whether it is not judged because more orders came in than were forecast.
    pub suspended: bool,
}

/// Lateness put down to one station and cause.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerCell {
    /// Index of the station; `None`: the promise itself.
    pub station: Option<u16>,
    /// Number of the [`Cause`].
    pub cause: u8,
    /// Hours of lateness.
    pub late_hours: f64,
}

impl LedgerCell {
    /// The cause.
    ///
    /// # Panics
    /// When the record was tampered with.
    #[must_use]
    pub fn cause(&self) -> Cause {
        Cause::from_index(self.cause).expect("a cause written by this program")
    }

    /// The same lateness in whole ticks, which is how it was counted: their sum does not depend on its order.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "hours of lateness are never negative, and were ticks of 64 bits"
    )]
    pub fn ticks(&self) -> u64 {
        (self.late_hours * TICKS_PER_HOUR as f64).round() as u64
    }
}

/// One local day in one run, by the first SLA.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRecord {
    /// Orders created.
    pub intake: u64,
    /// Orders due.
    pub due: u64,
    /// Orders dispatched.
    pub dispatched: u64,
    /// Orders past their due time and open at midnight.
    pub overdue_at_close: u64,
    /// Orders in a hold at midnight.
    pub holds_open: u64,
}

/// One hold or exception class in one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiversionRecord {
    /// Items struck in the counted window.
    pub count: u64,
    /// Of those, open at the end.
    pub open_at_end: u64,
    /// Strike to end.
    pub resolution: TallyRecord,
}

/// Contacts of one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContactsRecord {
    /// Contacts made in the counted window, chasers included.
    pub made: u64,
    /// Of those, second and later messages about one matter.
    pub chasers: u64,
    /// By kind, in the model's order.
    pub by_kind: Vec<u64>,
}

/// Levels sampled on the timeline's grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimelineRecord {
    /// First instant of the grid (ticks).
    pub from: u64,
    /// Step (ticks).
    pub step: u64,
    /// For each station: items waiting at the end of each step.
    pub queue: Vec<Vec<u32>>,
    /// For each station: people or servers at work, averaged over each step.
    pub busy: Vec<Vec<f32>>,
}

/// One run's contribution to a measure: a ratio of two sums; a plain value has the denominator 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MeasureValue {
    /// Numerator.
    pub numerator: f64,
    /// Denominator; 0 when there was nothing to observe.
    pub denominator: f64,
    /// Sum of squares, where a standard deviation is asked for; else 0.
    pub squares: f64,
}
