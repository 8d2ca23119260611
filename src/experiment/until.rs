//! As many replications as a number needs: sequential stopping on the half-width of its interval.
//!
//! - The looks are those of [`SequentialStopping`]: at least 20 replications, one more batch after the width was first
//!   reached, and a relative width shrunk for dividing by an estimate. That keeps the coverage of the interval near what it
//!   says although its width decided when to stop; where the interval *lies* decides nothing.
//! - Each look is at all replications up to a number that the looks before gave, in order of their index: how many there
//!   are in the end depends on the scenario and the seed alone, not on threads or time.

use super::cells::{Cell, Work};
use super::measures;
use super::replications::{NoThreads, Progress, RunSet, Tracker, Watched, first_while_tracked};
use super::results::{Results, UntilOutcome, UntilResult};
use super::runs::Runs;
use crate::engine::{Plan, Workspace};
use crate::model::metric_path::WantedPrecision;
use crate::model::{MetricUnit, Model, OverRuns, TallyStatistic};
use crate::observation::ReplicationRecord;
use crate::statistics::estimate::Estimate;
use crate::statistics::quantile::bounds_the_median;
use crate::statistics::sequential::{Next, SequentialStopping};

/// How precisely a number is to be known, and at what cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Until {
    /// The number and the half-width.
    pub wanted: WantedPrecision,
    /// Most replications.
    pub most: u64,
    /// Confidence of the interval, in (0, 1).
    pub confidence: f64,
}

impl Until {
    /// Replications at most where nobody says otherwise.
    pub const MOST: u64 = 10_000;

    /// `model`, asked for the number as well: its last measure.
    #[must_use]
    pub fn asked_of(&self, model: &Model) -> Model {
        model.asked_for([self.wanted.measure.clone()])
    }

    /// The number, from runs of the model of [`Until::asked_of`].
    fn estimate(&self, model: &Model, records: &[ReplicationRecord]) -> Estimate {
        let runs = Runs { records, confidence: self.confidence };
        measures::estimate(&runs, model.measures.len() - 1, &self.wanted.measure)
    }

    fn unit(&self) -> MetricUnit {
        MetricUnit::of(&self.wanted.measure.metric, self.wanted.measure.over_runs)
    }

    /// The most that the number can be.
    fn greatest(&self) -> f64 {
        if self.unit() == MetricUnit::Share { 1.0 } else { f64::INFINITY }
    }

    fn watched(&self, model: &Model) -> Watched {
        let of_one_run = measures::statistic_of(&self.wanted.measure.metric);
        let is_ratio = !matches!(of_one_run, Some(TallyStatistic::StandardDeviation | TallyStatistic::Quantile(_)));
        if is_ratio && self.wanted.measure.over_runs == OverRuns::Mean {
            Watched::Measure(model.measures.len() - 1)
        } else {
            Watched::Nothing
        }
    }
}

impl Results {
    /// These results, whose number of replications a precision decided.
    #[must_use]
    pub fn ended_by(mut self, until: UntilResult) -> Results {
        if until.outcome == UntilOutcome::LimitReached {
            self.partial = true;
            self.warnings.push(format!(
                "{} is not known to {}: {} replications were run, the most allowed.",
                until.path, until.wanted, self.replications
            ));
        }
        if until.reached.is_some_and(|half| half <= 0.0) && !self.deterministic {
            // No run of n differs: the exact upper limit of the share of runs that do is 1 - (1 - confidence)^(1/n).
            let told = until.observed.samples;
            let others = 1.0 - libm::pow(1.0 - self.confidence, 1.0 / told as f64);
            let who = if told < self.replications { " that tell anything" } else { "" };
            self.warnings.push(format!(
                "All {told} replications{who} say the same of {}, so its interval has no width; that up to {} % of runs would \
                 say something else is not ruled out.",
                until.path,
                libm::round(others * 1e3) / 1e1
            ));
        }
        self.until = Some(until);
        self
    }
}

/// Runs replications of `plan`, whose model is that of [`Until::asked_of`], from the first one on until the number is known
/// well enough. `should_stop` and `progress` are called as by [`super::replications::run`]; the progress is towards the next
/// look, and its estimate that of the number.
///
/// # Errors
/// When the threads cannot be started.
pub fn run(
    plan: &Plan<'_>,
    work: Work<'_>,
    until: &Until,
    should_stop: &mut dyn FnMut() -> bool,
    progress: &mut dyn FnMut(&Progress),
) -> Result<(RunSet, UntilResult), NoThreads> {
    let model = plan.model();
    let mut rule = SequentialStopping::new(until.wanted.precision, SequentialStopping::MINIMUM, until.most);
    let mut tracker = Tracker::new(until.watched(model), until.greatest());
    let mut records: Vec<ReplicationRecord> = Vec::new();
    let mut target = SequentialStopping::MINIMUM.min(until.most);
    loop {
        let known = records.len() as u64;
        tracker.expect(target, target);
        let cell = Cell { plan, replications: known..target };
        let one = |space: &mut Workspace, _: usize, index| cell.simulated(space, work, index);
        let mut told = |cell, record: &ReplicationRecord| progress(tracker.take(cell, record));
        let batch = first_while_tracked(work, std::slice::from_ref(&cell.replications), one, should_stop, &mut told)?;
        records.extend(batch.into_iter().flat_map(|batch| batch.records));
        let count = records.len() as u64;
        if count < target {
            return Ok(found(model, until, records, until.most, UntilOutcome::Stopped));
        }
        let estimate = until.estimate(model, &records);
        let known = bounded(&estimate, model);
        if until.watched(model) == Watched::Nothing {
            tracker.now.running = Some(measures::within_range(&estimate, &until.wanted.measure));
        }
        // A run that cannot tell the number was run all the same.
        match rule.look(&Estimate { samples: count, ..known }) {
            Next::Enough => return Ok(found(model, until, records, count, UntilOutcome::Reached)),
            Next::BudgetReached => return Ok(found(model, until, records, count, UntilOutcome::LimitReached)),
            Next::RunTo(next) => target = next,
        }
    }
}

/// The estimate as far as its interval says something: one of no width does not before the runs that tell something of it
/// would bound the median of them.
fn bounded(estimate: &Estimate, model: &Model) -> Estimate {
    let alike = estimate.half_width() == Some(0.0) && !model.is_deterministic();
    if alike && !bounds_the_median(estimate.samples, estimate.confidence) {
        return Estimate { low: None, high: None, ..*estimate };
    }
    *estimate
}

fn found(
    model: &Model,
    until: &Until,
    records: Vec<ReplicationRecord>,
    asked: u64,
    outcome: UntilOutcome,
) -> (RunSet, UntilResult) {
    let estimate = until.estimate(model, &records);
    let known = bounded(&estimate, model);
    let result = UntilResult {
        path: until.wanted.measure.path.clone(),
        unit: until.unit(),
        wanted: until.wanted.text.clone(),
        wanted_half_width: until.wanted.precision.half_width(&estimate),
        reached: known.half_width(),
        observed: measures::within_range(&estimate, &until.wanted.measure),
        replications: records.len() as u64,
        outcome,
    };
    (RunSet { records, asked }, result)
}
