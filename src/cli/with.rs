//! `run --with PARTS`: further experiments for the same report, on the same random numbers.

use super::breach::failure;
use super::deadline::Deadline;
use super::outcome::Failure;
use super::progress::Form;
use super::rounds::Rounds;
use super::signals::Interruption;
use super::terminal;
use super::vary::{Lever, Varied};
use peaksim::experiment::breach::{self, BreachError, Headroom, Settings, Subject};
use peaksim::experiment::cells::Work;
use peaksim::experiment::levers;
use peaksim::experiment::whatif::{self, Base};
use peaksim::experiment::{Results, RunSet};
use peaksim::scenario::{Scenario, ScenarioText};
use std::path::Path;
use std::sync::atomic::Ordering;

/// What else a report can tell. Each costs more runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// What a little more capacity would do, and each cause less.
    Why,
    /// How much more each SLA could take.
    Headroom,
    /// What each lever would do, and until when it can wait.
    Decisions,
    /// Everything there is.
    All,
}

impl Part {
    /// Its word on the command line.
    fn word(self) -> &'static str {
        match self {
            Part::Why => "why",
            Part::Headroom => "headroom",
            Part::Decisions => "decisions",
            Part::All => "all",
        }
    }
}

/// The option as typed, with a blank before it; empty when nothing was asked for.
pub(super) fn option(asked: &[Part]) -> String {
    if asked.is_empty() {
        return String::new();
    }
    format!(" --with {}", asked.iter().map(|part| part.word()).collect::<Vec<_>>().join(","))
}

/// Half-width of the intervals of breach points, relative to the point, as far as the runs reach it.
const PRECISION: f64 = 0.02;

/// The scenario as it was run.
#[derive(Clone, Copy, Debug)]
pub(super) struct AsRun<'a> {
    pub(super) file: &'a Path,
    pub(super) text: &'a ScenarioText,
    pub(super) sets: &'a [String],
    pub(super) scenario: &'a Scenario,
    pub(super) runs: &'a RunSet,
}

impl AsRun<'_> {
    /// Adds what was asked for; `false` when somebody asked to stop.
    pub(super) fn look_further(
        &self,
        asked: &[Part],
        results: &mut Results,
        work: Work<'_>,
        form: Form,
        (deadline, interruption): (&Deadline, &Interruption),
    ) -> Result<bool, Failure> {
        if asked.is_empty() {
            return Ok(true);
        }
        let asks_for = |part: Part| asked.iter().any(|one| *one == part || *one == Part::All);
        // The flag is up already when the replications themselves were stopped.
        let ends = (deadline, interruption);
        let whole = !work.stop.load(Ordering::Relaxed)
            && (!asks_for(Part::Why) || self.why(results, work, form, ends)?)
            && (!asks_for(Part::Headroom) || self.headroom(results, work, form, ends)?)
            && (!asks_for(Part::Decisions) || self.decisions(results, work, form, ends)?);
        if !whole {
            let why = deadline.why(interruption);
            terminal::tell(&format!("{why}: what --with asked for is not all there\n"));
        }
        Ok(whole)
    }

    /// Adds what more capacity and fewer causes would do.
    fn why(
        &self,
        results: &mut Results,
        work: Work<'_>,
        form: Form,
        (deadline, interruption): (&Deadline, &Interruption),
    ) -> Result<bool, Failure> {
        let model = &self.scenario.model;
        let base = Base {
            model,
            records: &self.runs.records,
            bottlenecks: &results.bottlenecks,
            confidence: results.confidence,
        };
        let mut rounds = Rounds::new(form, "--with why");
        let found = whatif::why(&base, work, &mut |told| {
            rounds.show(&told);
            deadline.stop_when_passed(interruption);
        });
        rounds.finish();
        let Some(why) = found? else { return Ok(false) };
        results.tell_why(model, why);
        Ok(true)
    }

    /// Adds what the levers would do, and until when each can wait.
    fn decisions(
        &self,
        results: &mut Results,
        work: Work<'_>,
        form: Form,
        (deadline, interruption): (&Deadline, &Interruption),
    ) -> Result<bool, Failure> {
        let (model, records, confidence) = (&self.scenario.model, &self.runs.records, results.confidence);
        let mut rounds = Rounds::new(form, "--with decisions");
        let found = levers::decide(model, records, confidence, work, &mut |told| {
            rounds.show(&told);
            deadline.stop_when_passed(interruption);
        });
        rounds.finish();
        results.levers = found?;
        Ok(results.levers.is_some())
    }

    /// Adds the breach point of every SLA over the usual lever, from as many replications as were run.
    fn headroom(
        &self,
        results: &mut Results,
        work: Work<'_>,
        form: Form,
        (deadline, interruption): (&Deadline, &Interruption),
    ) -> Result<bool, Failure> {
        let scenario = self.scenario;
        let usual = Lever::usual(scenario).swap_remove(0);
        // Without any campaign the question is the same as with one that is smaller.
        let low = if scenario.model.campaigns.is_empty() { 0.25 } else { 0.0 };
        let lever = Lever::unasked(&usual.path, low, 3.0);
        let vary = Varied { text: self.text, sets: self.sets, lever: &lever };
        let subjects: Vec<Subject> = (0..results.slas.len()).map(Subject::Sla).collect();
        let settings = Settings {
            work,
            confidence: results.confidence,
            precision: PRECISION,
            replications: Some(results.replications.max(2)),
        };
        let range = vary.range()?;
        let mut rounds = Rounds::new(form, &lever.path);
        let found = if subjects.is_empty() {
            Ok(Vec::new())
        } else {
            breach::find(&vary, range, &subjects, settings, &mut |told| {
                rounds.show(&told);
                deadline.stop_when_passed(interruption);
            })
        };
        rounds.finish();
        let breaches = match found {
            Ok(breaches) => breaches,
            Err(BreachError::Stopped) => return Ok(false),
            Err(error) => return Err(failure(error, &lever, deadline, interruption)),
        };
        let risk = |found| lever.demand().and_then(|demand| demand.risk(&scenario.model, found, range));
        let risks = breaches.iter().map(risk).collect();
        let whole = breaches.iter().all(|breach| !breach.cut_short);
        let planned = lever.planned(self.file, self.sets)?;
        let path = lever.path.clone();
        results.headroom = Some(Headroom { path, range, planned, precision: PRECISION, breaches, risks });
        Ok(whole)
    }
}
