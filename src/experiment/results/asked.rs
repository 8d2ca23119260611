//! What was asked for beside the usual: numbers, checks, and how precisely a number was to be known.

use crate::model::MetricUnit;
use crate::statistics::estimate::Estimate;

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
    /// How many were run; those of them that tell something of the number are its samples.
    pub replications: u64,
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
    /// Of several runs one alone tells anything.
    OneTells {
        /// Replications of which enough would probably tell something.
        needed: Option<u64>,
    },
    /// The runs do not bound the number.
    NoInterval,
    /// The runs do not bound a percentile on the side of its limit.
    Unbounded {
        /// Whether it is its upper end that is not known.
        above: bool,
        /// Replications from which it is; `None`: nobody can say.
        needed: Option<u64>,
    },
    /// Every run that tells anything says the same, and too few do.
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
            Undecided::OneTells { needed }
            | Undecided::Unbounded { needed, .. }
            | Undecided::TooAlike { needed }
            | Undecided::Straddles { needed } => needed,
            Undecided::NoSamples | Undecided::LimitReached | Undecided::CutShort | Undecided::NoInterval => None,
        }
    }
}
