//! What an experiment found, as plain values: every report is made of these and nothing else.
//!
//! Times are in seconds unless a name says otherwise; an estimate that is not known has no value.

use super::bottlenecks::BottleneckResult;
use super::breach::Headroom;
use super::levers::LeverResult;
use super::whatif::Why;
use crate::calendar::Calendar;
use crate::model::{CountedUnit, MetricUnit};
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
    /// What each lever would do, and until when it can wait; `None` unless asked for.
    pub levers: Option<Vec<LeverResult>>,
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

/// How one SLA fared.
#[derive(Clone, Debug)]
pub struct SlaResult {
    /// Its name.
    pub name: String,
    /// What is promised, in one sentence.
    pub definition: String,
    /// Which functional decides.
    pub functional: Functional,
    /// Share to be kept.
    pub target: f64,
    /// What it counts: orders or lines.
    pub unit: CountedUnit,
    /// Expected kept over expected due, each order (or line) once; those of suspended windows included.
    pub attainment: Estimate,
    /// Attainment with unlimited floor staff; `None` unless asked for, and where it cannot be told.
    pub ceiling: Option<Estimate>,
    /// Orders (or lines) counted in a run.
    pub due_orders: Estimate,
    /// Of those, late.
    pub late_orders: Estimate,
    /// Orders (or lines) of a run that would have counted, but are excluded; `None` when none can be.
    pub excluded: Option<Estimate>,
    /// The greatest lateness of a run (s), over the runs with a late order.
    pub oldest_late: Estimate,
    /// Share of runs with a breached window.
    pub share_of_runs_breached: Estimate,
    /// When it breaks, over all runs; a run that keeps it counts as never.
    pub first_breach: Instants,
    /// When the target was last missed, over all runs. A run without a miss counts as recovered before it began; one
    /// that ended before it was kept again, or was cut off by a limit, as not recovered.
    pub recovered: Instants,
    /// Share of the runs that had not recovered when they ended.
    pub share_of_runs_not_recovered: Estimate,
    /// The largest part of its lateness.
    pub broken_by: Option<Blamed>,
    /// Its windows; rolling ones overlap.
    pub windows: Vec<WindowResult>,
    /// Kept, breached, or too little to tell.
    pub verdict: Verdict,
    /// Names of the sources whose orders it counts.
    pub sources: Vec<String>,
    /// Creation to dispatch of those orders (s), of those created in the counted window.
    pub time_to_dispatch: Percentiles,
}

/// Which functional an SLA is judged by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Functional {
    /// Expected late over expected due, window by window.
    Pooled,
    /// Share of runs with a breached window, at most `risk`.
    Runs {
        /// Highest share of runs allowed.
        risk: f64,
    },
}

impl Functional {
    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Functional::Pooled => "pooled",
            Functional::Runs { .. } => "runs",
        }
    }
}

/// Three-valued answer, judged on an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Kept, with the confidence stated.
    Kept,
    /// Breached, with the confidence stated.
    Breached,
    /// The interval does not tell.
    Inconclusive,
}

impl Verdict {
    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Kept => "kept",
            Verdict::Breached => "breached",
            Verdict::Inconclusive => "inconclusive",
        }
    }
}

/// Percentiles of an instant over runs; `None`: never (or nothing to tell).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Instants {
    /// One run in ten is earlier.
    pub p10: Option<SimTime>,
    /// Half of the runs are earlier.
    pub median: Option<SimTime>,
    /// One run in ten is later.
    pub p90: Option<SimTime>,
}

/// What a lateness is put down to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blamed {
    /// Name of the station; `None`: the promise itself.
    pub station: Option<String>,
    /// Name of the cause.
    pub cause: &'static str,
}

/// One window of an SLA.
#[derive(Clone, Debug)]
pub struct WindowResult {
    /// Its first instant.
    pub from: SimTime,
    /// Its end.
    pub to: SimTime,
    /// Orders (or lines) counted in a run.
    pub due: Estimate,
    /// Of those, late.
    pub late: Estimate,
    /// Expected kept over expected due, suspended or not.
    pub attainment: Estimate,
    /// Whether it is judged: it is not suspended in all runs, and in the others its expected orders reach the SLA's
    /// `min_orders`.
    pub judged: bool,
    /// Share of runs in which it is suspended, since more orders came in than were forecast; `None` without such a
    /// clause.
    pub suspended: Option<f64>,
}

impl WindowResult {
    /// Whether it is suspended in every run.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        self.suspended.is_some_and(|share| share >= 1.0)
    }
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

/// A number asked for.
#[derive(Clone, Debug)]
pub struct MeasureResult {
    /// Its name.
    pub name: String,
    /// Its path as written.
    pub path: String,
    /// What was found.
    pub estimate: Estimate,
}

/// How precisely a number was to be known, and how precisely it is.
#[derive(Clone, Debug, PartialEq)]
pub struct UntilResult {
    /// Its metric path as written.
    pub path: String,
    /// The unit of the number.
    pub unit: MetricUnit,
    /// The half-width wanted, as written: "± 0.5pp".
    pub wanted: String,
    /// The half-width that would have been enough, in the unit of the number; `None` while the number is not known.
    pub wanted_half_width: Option<f64>,
    /// The half-width of the interval; `None` without one.
    pub reached: Option<f64>,
    /// The number over all replications.
    pub observed: Estimate,
    /// Whether the replications ended because it was known well enough.
    pub outcome: UntilOutcome,
}

/// Why a series until a precision ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UntilOutcome {
    /// The precision is reached.
    Reached,
    /// The most replications allowed were run, and it is not.
    LimitReached,
    /// The series was stopped before.
    Stopped,
}

impl UntilOutcome {
    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            UntilOutcome::Reached => "reached",
            UntilOutcome::LimitReached => "limit reached",
            UntilOutcome::Stopped => "stopped",
        }
    }
}

/// What became of one check.
#[derive(Clone, Debug)]
pub struct CheckResult {
    /// Its name.
    pub name: String,
    /// Its metric path as written.
    pub path: String,
    /// The unit of what was found.
    pub unit: MetricUnit,
    /// Comparison and limit as written: ">= 98%".
    pub limit: String,
    /// What was found.
    pub observed: Estimate,
    /// Passed, failed, or too little to tell.
    pub verdict: CheckVerdict,
}

/// Three-valued answer to a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckVerdict {
    /// The whole interval is on the right side of the limit.
    Pass,
    /// The whole interval is on the wrong side.
    Fail,
    /// It cannot be told.
    Inconclusive(Undecided),
}

impl CheckVerdict {
    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            CheckVerdict::Pass => "pass",
            CheckVerdict::Fail => "fail",
            CheckVerdict::Inconclusive(_) => "inconclusive",
        }
    }
}

/// Why a check cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// No run has anything to tell the number from.
    NoSamples,
    /// A run reached a limit, and what it would have told is not known.
    LimitReached,
    /// The series was cut short.
    CutShort,
    /// One run has no interval.
    OneRun,
    /// The runs do not bound the number.
    NoInterval,
    /// Every run says the same, and too few do.
    TooAlike {
        /// Replications from which that counts.
        needed: Option<u64>,
    },
    /// The limit lies within the interval.
    Straddles {
        /// Replications that would probably decide it; `None`: nobody can say.
        needed: Option<u64>,
    },
}

impl Undecided {
    /// Replications that would probably decide it, where that is all it takes.
    #[must_use]
    pub fn replications_needed(self) -> Option<u64> {
        match self {
            Undecided::OneRun => Some(2),
            Undecided::TooAlike { needed } | Undecided::Straddles { needed } => needed,
            Undecided::NoSamples | Undecided::LimitReached | Undecided::CutShort | Undecided::NoInterval => None,
        }
    }
}
