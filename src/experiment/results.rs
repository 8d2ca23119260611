//! What an experiment found, as plain values: every report is made of these and nothing else.
//!
//! Times are in seconds unless a name says otherwise; an estimate that is not known has no value.

mod asked;
mod slas;

pub use asked::{CheckResult, CheckVerdict, MeasureResult, Undecided, UntilOutcome, UntilResult};
pub use slas::{Blamed, Functional, Instants, SlaResult, Verdict, WindowResult};

use super::bottlenecks::BottleneckResult;
use super::breach::Headroom;
use super::compare::ComparisonResults;
use super::frontier::FrontierResult;
use super::levers::LeversResult;
use super::whatif::Why;
use crate::calendar::Calendar;
use crate::statistics::estimate::Estimate;
use crate::time::SimTime;
use jiff::civil::Date;

/// The results of one experiment.
#[derive(Clone, Debug)]
pub struct Results {
    /// What the scenario calls itself.
    pub title: String,
    /// Digest of the scenario.
    pub hash: String,
    /// Master seed.
    pub seed: u64,
    /// Replications these results rest on.
    pub replications: u64,
    /// Whether nothing in the scenario is drawn: every replication is the same, and one says it all.
    pub deterministic: bool,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// Local time; `None` for a stationary question, whose instants are seconds from the start.
    pub calendar: Option<Calendar>,
    /// SLAs, in the model's order.
    pub slas: Vec<SlaResult>,
    /// Stations, in the model's order.
    pub stations: Vec<StationResult>,
    /// Declared pools, in the model's order.
    pub pools: Vec<PoolResult>,
    /// Orders.
    pub orders: OrdersResult,
    /// Local days that at least one replication saw to the end.
    pub days: Vec<DayResult>,
    /// Holds and exception classes, in the model's order.
    pub exceptions: Vec<ExceptionResult>,
    /// Contacts.
    pub contacts: ContactsResult,
    /// The five rows of the weekly scorecard.
    pub scorecard: Scorecard,
    /// Where the lateness of the first SLA comes from, the largest part first.
    pub lateness_ledger: Vec<LedgerResult>,
    /// Stations by how much they hold orders up, the worst first.
    pub bottlenecks: Vec<BottleneckResult>,
    /// What more capacity and fewer causes would do; `None` unless asked for.
    pub why: Option<Why>,
    /// How much more each SLA could take; `None` unless asked for.
    pub headroom: Option<Headroom>,
    /// What each lever would do, until when it can wait, and what all do together; `None` unless asked for.
    pub levers: Option<LeversResult>,
    /// Where each SLA breaks in a plane of two levers; `None` unless asked for.
    pub frontier: Option<FrontierResult>,
    /// Variants on the same random numbers; `None` unless asked for.
    pub comparisons: Option<ComparisonResults>,
    /// Queues over time, station by station.
    pub timeline: Timeline,
    /// The numbers asked for.
    pub measures: Vec<MeasureResult>,
    /// The checks, in the model's order.
    pub checks: Vec<CheckResult>,
    /// The precision that decided how many replications there are; `None` where their number was given.
    pub until: Option<UntilResult>,
    /// What the reader must know before believing the rest.
    pub warnings: Vec<String>,
    /// Whether replications are missing or reached a limit.
    pub partial: bool,
    /// Events of all replications.
    pub events: u64,
}

/// How one station fared.
#[derive(Clone, Debug)]
pub struct StationResult {
    /// Its name.
    pub name: String,
    /// Its layer.
    pub layer: &'static str,
    /// What is one visit, and what its queue counts: "order" (or message) or "line".
    pub unit: &'static str,
    /// Visits in a run.
    pub arrivals: Estimate,
    /// Visits served.
    pub completed: Estimate,
    /// Share of visits given up.
    pub abandoned_share: Estimate,
    /// Wait of those served (s).
    pub wait: Percentiles,
    /// Mean service (s).
    pub service_mean: Estimate,
    /// Time average of the queue.
    pub queue_mean: Estimate,
    /// Longest queue of a run.
    pub queue_max: Estimate,
    /// Busy time here over the time present of those who can work here (with a shared pool: of the whole pool).
    pub utilisation: Estimate,
    /// The longest wait of a run, those still waiting at the end included (s).
    pub oldest_waiting: Estimate,
    /// Its equipment, kind by kind; empty without a limit.
    pub equipment: Vec<EquipmentResult>,
    /// Share of the time waited here during which a person was free and no equipment was; `None` without a limit.
    pub waited_for_equipment: Option<Estimate>,
}

/// One kind of equipment of one station.
#[derive(Clone, Debug)]
pub struct EquipmentResult {
    /// What it is: "benches".
    pub name: String,
    /// How many there are at the start.
    pub count: u32,
    /// Time in use over the time that somebody was there to use it.
    pub utilisation: Estimate,
}

/// Mean and percentiles of single observations (s).
#[derive(Clone, Copy, Debug)]
pub struct Percentiles {
    /// Mean.
    pub mean: Estimate,
    /// Median.
    pub p50: Estimate,
    /// 95th percentile.
    pub p95: Estimate,
    /// 99th percentile.
    pub p99: Estimate,
}

/// How one pool fared.
#[derive(Clone, Debug)]
pub struct PoolResult {
    /// Its name.
    pub name: String,
    /// Person-hours rostered.
    pub scheduled_hours: Estimate,
    /// Person-hours at work.
    pub busy_hours: Estimate,
    /// Person-hours at work over person-hours present, from 0 to 1.
    pub utilisation: Estimate,
    /// Person-hours beyond the shift, to finish what was in hand. They count as present.
    pub stayed_hours: Estimate,
    /// Person-hours at more than ordinary pay.
    pub overtime_hours: Estimate,
    /// Pay; `None` without a cost per hour.
    pub cost: Option<Estimate>,
}

/// Orders created in the counted window of a run.
#[derive(Clone, Debug)]
pub struct OrdersResult {
    /// Created.
    pub arrived: Estimate,
    /// Of those, dispatched.
    pub dispatched: Estimate,
    /// Of those, cancelled.
    pub cancelled: Estimate,
    /// Of those, open at the end.
    pub open_at_end: Estimate,
    /// Creation to dispatch (s).
    pub time_to_dispatch: Percentiles,
}

/// One local day, over the runs that saw it to the end.
#[derive(Clone, Debug)]
pub struct DayResult {
    /// The date.
    pub date: Date,
    /// Whether its promises are judged.
    pub judged: bool,
    /// Orders created.
    pub intake: Estimate,
    /// Orders due by the first SLA.
    pub due: Estimate,
    /// Orders dispatched.
    pub dispatched: Estimate,
    /// Orders past their due time and open at midnight.
    pub overdue_at_close: Estimate,
    /// Orders that the day has room for at most, by [`crate::model::timetable::room`]; `None`: nothing limits it.
    pub room: Option<f64>,
    /// The most people planned to be there at one time, in pools that work in the warehouse; absence not deducted.
    pub heads_planned: u64,
    /// Fewest heads with the hours of those planned that could have done the day's due work: what was still to be done at
    /// its open on the orders due by its close. A lower bound: they never pause, and have the work at hand from the first
    /// minute. Not known where nobody is planned.
    pub heads_needed: Estimate,
    /// Cages that the day's collections take; `None` when no collection takes cages.
    pub cages_booked: Option<u64>,
    /// Cages that the parcels ready that day would fill, carrier by carrier.
    pub cages_needed: Estimate,
    /// Of those, above what the same carrier takes.
    pub cages_short: Estimate,
    /// Orders in a hold at midnight; not known without holds.
    pub holds_open: Estimate,
}

/// One hold or exception class.
#[derive(Clone, Debug)]
pub struct ExceptionResult {
    /// Its name.
    pub name: String,
    /// Who owns it.
    pub owner: Option<String>,
    /// Items struck in a run.
    pub count: Estimate,
    /// Median from strike to end (s).
    pub resolution_p50: Estimate,
    /// 90th percentile from strike to end (s).
    pub resolution_p90: Estimate,
    /// Of those struck, open at the end.
    pub open_at_end: Estimate,
}

/// Contacts of a run.
#[derive(Clone, Debug)]
pub struct ContactsResult {
    /// Messages, chasers included.
    pub made: Estimate,
    /// Second and later messages about one matter.
    pub chasers: Estimate,
    /// By kind: name and messages.
    pub by_kind: Vec<(String, Estimate)>,
}

/// The weekly scorecard over the judged window.
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Share of orders that come through the integration layer; `None` without one.
    pub order_sync_success_rate: Option<Estimate>,
    /// Attainment of the first SLA; `None` without one.
    pub dispatch_sla_attainment: Option<Estimate>,
    /// Strike to end of all exceptions (holds are not exceptions): mean, median, 90th percentile (s).
    pub exception_resolution_time: [Estimate; 3],
    /// Contacts for each 100 orders created.
    pub tickets_per_100_orders: Estimate,
}

/// A part of the lateness.
#[derive(Clone, Debug)]
pub struct LedgerResult {
    /// What it is put down to.
    pub blamed: Blamed,
    /// Layer of the station; `None`: the promise itself.
    pub layer: Option<&'static str>,
    /// Hours of lateness in a run.
    pub late_hours: Estimate,
    /// Share of all hours of lateness.
    pub share: Estimate,
}

/// Queues over time.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Ends of the steps.
    pub at: Vec<SimTime>,
    /// For each station of the model its name and its steps.
    pub stations: Vec<(String, Vec<TimelineStep>)>,
}

/// One station at one step. A run that had ended counts as lower, one that was cut off by a limit as higher than
/// every queue; a percentile among those is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimelineStep {
    /// Queue that one run in ten stays below.
    pub p10: Option<u32>,
    /// Queue of the middle run.
    pub median: Option<u32>,
    /// Queue that one run in ten exceeds.
    pub p90: Option<u32>,
    /// Mean people at work here over heads rostered (with a shared pool: in the whole pool), or over all at work where
    /// those who finish after the bell are more; `None` with nobody rostered or unlimited servers.
    pub utilisation: Option<f64>,
}
