//! The looks of one row, and where its crossings are.

use crate::experiment::breach::look::{Look, Place};
use crate::experiment::breach::root::{self, Next, Search};
use crate::experiment::breach::stage::{FAVOURABLE, POINT, Stage, UNFAVOURABLE, crossing};
use crate::experiment::breach::{Outcome, Range};
use crate::observation::ReplicationRecord;
use std::ops::Range as Span;

/// All looks in one row with the same replications.
#[derive(Debug)]
pub(super) struct Row {
    /// Judged at the confidence of a single interval.
    pub(super) single: Stage,
    /// Judged such that all rows hold together.
    pub(super) together: Stage,
    /// Whether the runs are kept, for more of them may be asked for.
    pub(super) keeps: bool,
    /// The runs behind the looks.
    pub(super) kept: Vec<(Place, Vec<ReplicationRecord>)>,
}

/// Which crossing: of one of the margins, judged at either confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Which {
    pub(super) together: bool,
    pub(super) margin: usize,
}

/// The crossings that a row is searched for.
pub(super) const WANTED: [Which; 5] = [
    Which { together: false, margin: POINT },
    Which { together: false, margin: UNFAVOURABLE },
    Which { together: false, margin: FAVOURABLE },
    Which { together: true, margin: UNFAVOURABLE },
    Which { together: true, margin: FAVOURABLE },
];

/// Where a crossing is expected, in the unit of the load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Guess {
    pub(super) at: f64,
    /// How far its interval reaches down and up, times the square root of the replications behind it.
    pub(super) spread: (f64, f64),
}

impl Guess {
    /// Half the width of the interval that a single replication would have.
    pub(super) fn half_spread(&self) -> f64 {
        0.5 * (self.spread.0 + self.spread.1)
    }
}

impl Row {
    pub(super) fn new(replications: Span<u64>) -> Row {
        let stage = || Stage { replications: replications.clone(), looks: Vec::new() };
        Row { single: stage(), together: stage(), keeps: false, kept: Vec::new() }
    }

    /// The replications of all its looks from now on; before the first one.
    pub(super) fn ask_for(&mut self, replications: Span<u64>) {
        self.single.replications = replications.clone();
        self.together.replications = replications;
        self.keeps = true;
    }

    /// Nothing more will be asked for.
    pub(super) fn is_done(&mut self) {
        (self.keeps, self.kept) = (false, Vec::new());
    }

    /// Adds a look, judged at either confidence.
    pub(super) fn add(&mut self, single: Look, together: Look) {
        for (stage, look) in [(&mut self.single, single), (&mut self.together, together)] {
            stage.looks.push(look);
            stage.looks.sort_by(|a, b| a.at.total_cmp(&b.at));
        }
    }

    fn stage(&self, which: Which) -> &Stage {
        if which.together { &self.together } else { &self.single }
    }

    /// What the looks tell of a crossing; `None` when they tell nothing at all.
    pub(super) fn next(&self, search: Search, subject: usize, which: Which) -> Option<Next> {
        let margins = self.stage(which).margins(subject, which.margin);
        (!margins.is_empty()).then(|| root::next(search, &margins))
    }

    /// Where a margin crosses 0, if two looks bracket it.
    pub(super) fn crossing(&self, search: Search, subject: usize, which: Which) -> Option<f64> {
        match self.next(search, subject, which)? {
            // A number that is kept is one that is kept; there is nothing between two of them.
            Next::Between(kept, _) if search.whole => Some(kept),
            Next::Between(kept, broken) => Some(crossing(self.stage(which), subject, which.margin, (kept, broken))),
            _ => None,
        }
    }

    /// How it ends for a subject, and where it breaks.
    pub(super) fn outcome(&self, search: Search, subject: usize) -> (Outcome, Option<f64>) {
        match self.next(search, subject, WANTED[0]) {
            None | Some(Next::Look(_)) => (Outcome::Unknown, None),
            Some(Next::Between(..)) => (Outcome::Breaks, self.crossing(search, subject, WANTED[0])),
            Some(Next::KeptThroughout) => (Outcome::Holds, None),
            Some(Next::BrokenThroughout) => (Outcome::Broken, None),
        }
    }

    /// The interval: from the load up to which it is surely kept to that from which it is surely broken.
    pub(super) fn ends(&self, search: Search, subject: usize, together: bool) -> (Option<f64>, Option<f64>) {
        let end = |margin| self.crossing(search, subject, Which { together, margin });
        let (kept, broken) = (end(UNFAVOURABLE), end(FAVOURABLE));
        if search.falling { (kept, broken) } else { (broken, kept) }
    }
}

/// In which way to search `range`; the tolerance is relative to no less than `least`.
pub(super) fn search(range: Range, falling: bool, (tolerance, least): (f64, f64)) -> Search {
    Search { low: range.low, high: range.high, falling, tolerance, least, whole: range.whole }
}
