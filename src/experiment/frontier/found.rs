//! What a search over a plane finds.

use super::findings::first;
use crate::experiment::breach::{Breach, Outcome, Range};
use crate::experiment::results::Blamed;
use crate::statistics::estimate::Estimate;

/// Where in the plane each subject breaks.
#[derive(Clone, Debug)]
pub struct Frontier {
    /// One line for each subject, in order.
    pub lines: Vec<Line>,
    /// For each row, which subject breaks first; none where nothing breaks.
    pub first: Vec<Option<First>>,
    /// What was looked at, by row and load; where there are several looks, the one of most replications.
    pub seen: Vec<Seen>,
    /// Each subject at the scenario as it stands: what is held against its limit; `None` where there is nothing to judge.
    pub plan: Vec<Option<Estimate>>,
    /// For each subject whether the scenario as it stands keeps it: surely, surely not, or it cannot be told (`None`).
    pub plan_kept: Vec<Option<bool>>,
    /// Most replications behind a row; all rows begin with the same ones, and each has as many as its precision needs.
    pub replications: u64,
    /// Fewest replications behind a row.
    pub fewest_replications: u64,
    /// Whether the search was stopped before it was done: then intervals are wider than they need be, and what is not
    /// known may only not be known yet.
    pub cut_short: bool,
    /// Confidence of a row's interval by itself.
    pub confidence: f64,
    /// Confidence of each row's wider interval, such that all rows of a line hold together (Bonferroni).
    pub confidence_together: f64,
    /// Whether runs reached a limit: those looks count only where they are surely broken all the same.
    pub limited: bool,
    /// Evaluations (one cell at the replications of a row, on average), the work of all looks included.
    pub evaluations: f64,
    /// How many a grid would need whose steps are as wide as the narrowest interval of each row; `None` when no row has
    /// an interval.
    pub evaluations_of_a_grid: Option<f64>,
}

/// The level set of one subject.
#[derive(Clone, Debug)]
pub struct Line {
    /// Number of the subject among those asked for.
    pub subject: usize,
    /// Whether it is kept at low loads and broken at high ones.
    pub falling: bool,
    /// Whether the line never surely rises in one place and surely falls in another.
    pub monotone: bool,
    /// Its points, in the order of the rows.
    pub rows: Vec<RowPoint>,
    /// The stretch of loads worth showing: the line, its intervals and the plan, with something on either side.
    pub shown: (f64, f64),
}

/// Where a subject breaks in one row.
#[derive(Clone, Debug)]
pub struct RowPoint {
    /// What was found.
    pub outcome: Outcome,
    /// The load with its interval; an end that lies outside the range is not known.
    pub point: Estimate,
    /// Ends of the interval with which all rows hold together.
    pub together: (Option<f64>, Option<f64>),
    /// Half the width of the interval over the load; `None` when either is not known.
    pub precision: Option<f64>,
    /// What breaks it just beyond.
    pub broken_by: Option<Blamed>,
}

/// Which subject breaks first in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// Its number.
    pub subject: usize,
    /// The others whose intervals reach to its own: they may be the first.
    pub or: Vec<usize>,
}

/// One cell of the plane that was looked at.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Number of the row.
    pub row: usize,
    /// The load.
    pub at: f64,
    /// Each subject: what is held against its limit; `None` where there is nothing to judge.
    pub values: Vec<Option<Estimate>>,
}

impl Frontier {
    /// Takes over where `breaches` say that a row breaks: a search along it alone, with the same replications, of which the
    /// reader is told as well. Two searches end in brackets of their own, and one promise would break at two loads.
    pub fn agree_with(&mut self, row: usize, breaches: &[Breach]) {
        for line in &mut self.lines {
            let same = |breach: &&Breach| breach.subject == line.subject && breach.outcome == Outcome::Breaks;
            let known = breaches.iter().find(same).filter(|breach| !breach.cut_short && !self.cut_short);
            let (Some(breach), RowPoint { outcome: Outcome::Breaks, .. }) = (known, &line.rows[row]) else { continue };
            let (point, together) = (breach.point, line.rows[row].together);
            // What holds for all rows together holds no less of this one.
            let wider = |end: Option<f64>, other: Option<f64>, of: fn(f64, f64) -> f64| Some(of(end?, other?));
            line.rows[row] = RowPoint {
                outcome: breach.outcome,
                point,
                together: (wider(together.0, point.low, f64::min), wider(together.1, point.high, f64::max)),
                precision: breach.precision,
                broken_by: breach.broken_by.clone(),
            };
        }
        self.first[row] = first(&self.lines, row);
    }
}

impl RowPoint {
    /// Where the line is drawn in this row of `range`: beyond an end at that end; `None` without a single point.
    #[must_use]
    pub fn drawn(&self, range: Range, falling: bool) -> Option<f64> {
        match self.outcome {
            Outcome::Breaks => self.point.value,
            Outcome::Holds => Some(if falling { range.high } else { range.low }),
            Outcome::Broken => Some(if falling { range.low } else { range.high }),
            Outcome::NotMonotone | Outcome::Unknown => None,
        }
    }
}

impl Line {
    /// The load at which it breaks at a value of the rows' lever, with its interval: between two rows by a straight line.
    /// `None` outside the rows, and where a row beside it has no single point.
    #[must_use]
    pub fn at(&self, rows: &[f64], value: f64) -> Option<Estimate> {
        let after = rows.iter().position(|row| *row >= value - 1e-9 * value.abs())?;
        let point = |row: usize| self.rows[row].point.value.map(|_| self.rows[row].point);
        let above = point(after)?;
        if (rows[after] - value).abs() <= 1e-9 * value.abs() {
            return Some(above);
        }
        let below = point(after.checked_sub(1)?)?;
        let share = (value - rows[after - 1]) / (rows[after] - rows[after - 1]);
        let between = |a: Option<f64>, b: Option<f64>| Some(a? + share * (b? - a?));
        Some(Estimate {
            value: between(below.value, above.value),
            low: between(below.low, above.low),
            high: between(below.high, above.high),
            ..above
        })
    }
}
