//! What a search for a breach point finds.

use super::risk::Risk;
use super::search::Range;
use crate::experiment::results::{Blamed, Instants};
use crate::statistics::estimate::Estimate;

/// How one subject fares over one range.
#[derive(Clone, Debug)]
pub struct Breach {
    /// Number of the subject among those asked for.
    pub subject: usize,
    /// What was found.
    pub outcome: Outcome,
    /// The breach point with its interval; an end that lies outside the range is not known. Its samples are the
    /// replications behind it.
    pub point: Estimate,
    /// Whether it is kept below the point and broken above; otherwise the other way round.
    pub falling: bool,
    /// Whether no load was surely broken on the kept side of one that is surely kept.
    pub monotone: bool,
    /// What is held against the limit, load by load, in order.
    pub curve: Vec<CurvePoint>,
    /// Whether the plan keeps it, where that was looked at because the point does not tell; see [`Breach::keeps`].
    pub plan_kept: Option<bool>,
    /// Where single replications break; `None` when nothing is drawn.
    pub own: Option<OwnBreach>,
    /// What breaks it there.
    pub broken_by: Option<Blamed>,
    /// When, just beyond the point.
    pub first_breach: Option<Instants>,
    /// Whether runs reached a limit at some loads: those count only where they are surely broken all the same.
    pub limited: bool,
    /// Whether the search was stopped before it was done: then the interval is wider than it need be, and an outcome that
    /// is not known may only not be known yet.
    pub cut_short: bool,
    /// Evaluations (one load at the replications of the interval), the pilot's work included.
    pub evaluations: f64,
    /// Half the width of the interval over the point; `None` when either is not known.
    pub precision: Option<f64>,
}

impl Breach {
    /// Whether it is kept at `planned`, as far as the looks over `range` tell: surely, surely not, or it cannot be told.
    #[must_use]
    pub fn keeps(&self, planned: f64, range: Range) -> Option<bool> {
        let Estimate { value, low, high, samples, .. } = self.point;
        // Where nothing is drawn the point is exact.
        let (low, high) = if samples < 2 { (value, value) } else { (low, high) };
        let inside = (range.low..=range.high).contains(&planned);
        let up_to = |end: Option<f64>| end.map(|end| planned <= end);
        let from = |end: Option<f64>| end.map(|end| planned >= end);
        let kept = if self.falling { up_to(low) } else { from(high) };
        let broken = if self.falling { up_to(high) } else { from(low) }.map(|kept| !kept);
        match self.outcome {
            Outcome::Breaks => kept.filter(|kept| *kept).or(broken.filter(|broken| *broken).map(|_| false)),
            Outcome::Holds => (inside && kept.unwrap_or(true)).then_some(true),
            Outcome::Broken => (inside && broken.unwrap_or(true)).then_some(false),
            Outcome::NotMonotone | Outcome::Unknown => self.plan_kept,
        }
    }
}

/// How much more each SLA of a scenario could take.
#[derive(Clone, Debug)]
pub struct Headroom {
    /// What is varied.
    pub path: String,
    /// How far.
    pub range: Range,
    /// Its value as planned; `None` where several numbers differ.
    pub planned: Option<f64>,
    /// Half-width asked for, relative to the point.
    pub precision: f64,
    /// Every SLA, in the model's order.
    pub breaches: Vec<Breach>,
    /// For every SLA, how likely the campaigns are to exceed the breach point, where that can be told.
    pub risks: Vec<Option<Risk>>,
}

/// How a search ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It breaks within the range.
    Breaks,
    /// It is kept over the whole range.
    Holds,
    /// It is broken over the whole range.
    Broken,
    /// It is broken, kept and broken again: the interval is the hull of what is in doubt.
    NotMonotone,
    /// No load gave anything to judge.
    Unknown,
}

impl Outcome {
    /// The word of the machine output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Breaks => "breaks",
            Outcome::Holds => "holds",
            Outcome::Broken => "broken",
            Outcome::NotMonotone => "not monotone",
            Outcome::Unknown => "unknown",
        }
    }
}

/// The curve at one load.
#[derive(Clone, Copy, Debug)]
pub struct CurvePoint {
    /// The load.
    pub at: f64,
    /// What is held against the limit there; its samples are the replications.
    pub value: Estimate,
    /// Whether it is one of the looks that the point and its interval rest on; those before it only led there.
    pub judges: bool,
}

/// Where single replications break, over those of the pilot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OwnBreach {
    /// The lowest load at which one breaks.
    pub first: Spread,
    /// The lowest load from which on one keeps it at every higher one: what it takes where more is better.
    pub kept_from: Spread,
    /// Share of replications that keep it on the far side of a load at which they break.
    pub recrossing: f64,
    /// Replications that break anywhere within the range.
    pub breaking: u64,
    /// Replications.
    pub replications: u64,
}

/// One load for each replication; a quantile is `None` where it does not lie within the range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// One replication in ten has one up to here.
    pub p10: Option<f64>,
    /// Half of them.
    pub median: Option<f64>,
    /// Nine in ten.
    pub p90: Option<f64>,
}
