//! What the looks say together, when the search is done and when it was stopped.

use super::found::{Breach, Outcome};
use super::own::own;
use super::root::{self, Next};
use super::search::{Searcher, Stages, Vary};
use super::so_far::{self, SoFar};
use super::stage::{FAVOURABLE, POINT, Stage, UNFAVOURABLE, crossing, curve, hull, is_monotone};
use crate::statistics::estimate::Estimate;

impl<V: Vary> Searcher<'_, '_, V> {
    pub(super) fn finding(&self, subject: usize, stages: &Stages) -> Breach {
        let scan = &stages.scan;
        let fresh = if self.deterministic { scan } else { &stages.fresh };
        let falling = self.falling[subject];
        let (outcome, value) = self.outcome(subject, scan, fresh);
        let monotone = stages.all().iter().all(|stage| is_monotone(stage, subject, falling));
        let outcome = if monotone || outcome == Outcome::Unknown { outcome } else { Outcome::NotMonotone };
        let outcome = so_far::borne_out(fresh, subject, outcome);
        let ends = match outcome {
            // Where nothing is drawn there is no interval: the point itself is right to the width of its bracket.
            _ if self.deterministic => (None, None),
            Outcome::NotMonotone => hull(scan, subject, falling),
            _ => self.ends(subject, fresh),
        };
        let value = value.filter(|_| outcome == Outcome::Breaks);
        self.breach(subject, stages, (fresh, SoFar { outcome, value, ends }))
    }

    /// What the rounds that ended say, the stage of most replications first.
    pub(super) fn found_so_far(&self, subject: usize, stages: &Stages) -> Breach {
        let falling = self.falling[subject];
        let of = |stage| Some((stage, SoFar::of(stage, subject, self.range, falling)?));
        let unknown = SoFar { outcome: Outcome::Unknown, value: None, ends: (None, None) };
        let found = so_far::best(stages.all().into_iter().rev().filter_map(of)).unwrap_or((&stages.scan, unknown));
        Breach { cut_short: true, ..self.breach(subject, stages, found) }
    }

    /// What is found at `stage`, and what else the looks tell.
    fn breach(&self, subject: usize, stages: &Stages, (stage, found): (&Stage, SoFar)) -> Breach {
        let falling = self.falling[subject];
        let (samples, SoFar { outcome, value, ends: (low, high) }) = (stage.count(), found);
        let point = Estimate { value, low, high, confidence: self.settings.confidence, samples };
        let mut beyond = stage.judged(subject).filter(|(_, judged)| judged.is_broken()).map(|(_, judged)| judged);
        let beyond = if falling { beyond.next() } else { beyond.next_back() };
        let all = stages.all();
        Breach {
            subject,
            outcome,
            falling,
            monotone: all.iter().all(|stage| is_monotone(stage, subject, falling)),
            curve: curve(&all, stage, subject),
            plan_kept: self.plan_kept(subject, &stages.pilot),
            own: self.single_runs.then(|| own(&stages.pilot, subject, (falling, self.range.whole))).flatten(),
            broken_by: beyond.and_then(|judged| judged.broken_by.clone()),
            first_breach: beyond.and_then(|judged| judged.first_breach),
            limited: all.iter().any(|stage| stage.looks.iter().any(|look| look.limited)),
            cut_short: false,
            evaluations: self.runs as f64 / samples.max(1) as f64,
            precision: value.and_then(|value| Some(point.half_width()? / self.scale(value))),
            point,
        }
    }

    /// How the fresh replications say it ends, and where.
    fn outcome(&self, subject: usize, scan: &Stage, fresh: &Stage) -> (Outcome, Option<f64>) {
        let margins = fresh.margins(subject, POINT);
        if margins.is_empty() {
            return (Outcome::Unknown, None);
        }
        match root::next(self.search(subject, self.tolerance()), &margins) {
            // An end of the range at which nothing could be judged says nothing.
            _ if scan.judged(subject).count() < 2 => (Outcome::Unknown, None),
            Next::Between(..) => (Outcome::Breaks, self.crossing(subject, fresh, POINT)),
            Next::KeptThroughout => (Outcome::Holds, None),
            Next::BrokenThroughout => (Outcome::Broken, None),
            Next::Look(_) => (Outcome::Unknown, None),
        }
    }

    /// The interval: from the load up to which it is surely kept to that from which it is surely broken.
    pub(super) fn ends(&self, subject: usize, fresh: &Stage) -> (Option<f64>, Option<f64>) {
        let end = |which| self.crossing(subject, fresh, which);
        let (surely_kept, surely_broken) = (end(UNFAVOURABLE), end(FAVOURABLE));
        if self.falling[subject] { (surely_kept, surely_broken) } else { (surely_broken, surely_kept) }
    }

    /// Where one of the margins crosses 0; `None` where the looks do not bracket it.
    pub(super) fn crossing(&self, subject: usize, fresh: &Stage, which: usize) -> Option<f64> {
        match root::next(self.search(subject, self.tolerance()), &fresh.margins(subject, which)) {
            // A number that is kept is one that is kept; there is nothing between two of them.
            Next::Between(kept, _) if self.range.whole => Some(kept),
            Next::Between(kept, broken) => Some(crossing(fresh, subject, which, (kept, broken))),
            _ => None,
        }
    }

    /// How the pilot's look at the plan fares, where there was one.
    fn plan_kept(&self, subject: usize, pilot: &Stage) -> Option<bool> {
        let plan = self.vary.planned()?;
        let (_, judged) = pilot.judged(subject).find(|(at, _)| at.total_cmp(&plan).is_eq())?;
        judged.is_surely_kept().then_some(true).or(judged.is_surely_broken().then_some(false))
    }
}
