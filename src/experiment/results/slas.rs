//! How SLAs fared.

use super::{Percentiles, Undecided};
use crate::model::CountedUnit;
use crate::statistics::estimate::Estimate;
use crate::time::SimTime;

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
    /// Why it cannot be told; `None` where it can.
    pub undecided: Option<Undecided>,
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
