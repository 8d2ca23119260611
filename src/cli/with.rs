//! `run --with PARTS`: further experiments for the same report, on the same random numbers.

use super::breach::failure;
use super::compare::not_together;
use super::deadline::Deadline;
use super::frontier::{self, PlaneSearch, ROWS, levers_of};
use super::outcome::Failure;
use super::progress::Form;
use super::rounds::Rounds;
use super::signals::Interruption;
use super::simulation::Simulation;
use super::terminal;
use super::variant::{Entry, Margin, Variant, stem};
use super::vary::{Lever, Varied, goes_wrong};
use peaksim::experiment::breach::{self, BreachError, Headroom, Settings, Subject};
use peaksim::experiment::cells::{self, Cell, Told, Work};
use peaksim::experiment::compare::{Contestant, Differing, Margins, Terms, compare, in_common, kept};
use peaksim::experiment::frontier::Axes;
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
    /// Where each SLA breaks in the plane of load and exceptions; takes about as long as all others together.
    Frontier,
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
            Part::Frontier => "frontier",
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

/// What a run is asked to find beyond its own results.
pub(super) struct Further<'a> {
    file: &'a Path,
    text: &'a ScenarioText,
    sets: &'a [String],
    scenario: &'a Scenario,
    parts: &'a [Part],
    /// The plane to search, where that is asked for.
    plane: Option<(PlaneSearch<'a>, Axes)>,
    /// The variants, each with what it says differently.
    variants: Vec<(Entry, Vec<Differing>)>,
    margins: Margins,
}

impl<'a> Further<'a> {
    /// What is asked of a scenario, once it is known that it can be done.
    pub(super) fn new(
        (file, text, sets): (&'a Path, &'a ScenarioText, &'a [String]),
        scenario: &'a Scenario,
        parts: &'a [Part],
    ) -> Result<Further<'a>, Failure> {
        // Whoever asks for everything gets what there is; whoever asks for the frontier hears why there is none.
        let by_name = parts.contains(&Part::Frontier);
        let wanted = by_name || parts.contains(&Part::All) && goes_wrong(scenario);
        let plane = if wanted && !scenario.model.slas.is_empty() {
            let search = PlaneSearch { file, text, sets, scenario, levers: levers_of(Vec::new(), scenario)? };
            let axes = search.axes(ROWS)?;
            Some((search, axes))
        } else {
            None
        };
        let margins = Margins::default();
        Ok(Further { file, text, sets, scenario, parts, plane, variants: Vec::new(), margins })
    }

    /// The same, and variants to compare the run with.
    pub(super) fn compared_with(
        mut self,
        variants: &[Variant],
        margins: &[Margin],
        simulation: &Simulation,
    ) -> Result<Further<'a>, Failure> {
        self.margins = margins.iter().fold(self.margins, |margins, margin| margin.among(margins));
        let base = stem(self.file);
        let mut entries: Vec<Entry> = Vec::new();
        for variant in variants {
            let entry = Entry::of_variant(self.file, variant, simulation, &entries)?;
            in_common((&base, &self.scenario.model), (&entry.name, &entry.scenario.model)).map_err(not_together)?;
            entries.push(entry);
        }
        for entry in entries {
            let differs = entry.differing_from((self.file, self.sets))?;
            self.variants.push((entry, differs));
        }
        Ok(self)
    }

    /// Adds what was asked for to the results of `runs`; `false` when somebody asked to stop.
    pub(super) fn look(
        &self,
        runs: &RunSet,
        results: &mut Results,
        work: Work<'_>,
        form: Form,
        ends: (&Deadline, &Interruption),
    ) -> Result<bool, Failure> {
        if self.parts.is_empty() && self.variants.is_empty() {
            return Ok(true);
        }
        let asks_for = |part: Part| self.parts.iter().any(|one| *one == part || *one == Part::All);
        let run = AsRun { asked: self, runs, work, form, ends };
        // The flag is up already when the replications themselves were stopped.
        let whole = !work.stop.load(Ordering::Relaxed)
            && (self.variants.is_empty() || run.comparisons(results)?)
            && (!asks_for(Part::Why) || run.why(results)?)
            && (!asks_for(Part::Headroom) || run.headroom(results)?)
            && (!asks_for(Part::Decisions) || run.decisions(results)?)
            && self.plane.as_ref().map_or(Ok(true), |plane| run.frontier(plane, results))?;
        if !whole {
            let why = ends.0.why(ends.1);
            terminal::tell(&format!("{why}: what was asked for beside the run is not all there\n"));
        }
        Ok(whole)
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs()
}

/// A scenario as it was run, and how more is to be run.
#[derive(Clone, Copy)]
struct AsRun<'a> {
    asked: &'a Further<'a>,
    runs: &'a RunSet,
    work: Work<'a>,
    form: Form,
    ends: (&'a Deadline, &'a Interruption),
}

impl AsRun<'_> {
    /// A display of rounds, and what to do when one tells something.
    fn heard(&self, rounds: &mut Rounds, told: &Told) {
        rounds.show(told);
        self.ends.0.stop_when_passed(self.ends.1);
    }

    /// Adds what more capacity and fewer causes would do.
    fn why(&self, results: &mut Results) -> Result<bool, Failure> {
        let model = &self.asked.scenario.model;
        let base = Base {
            model,
            records: &self.runs.records,
            bottlenecks: &results.bottlenecks,
            confidence: results.confidence,
        };
        let mut rounds = Rounds::new(self.form, "--with why");
        let found = whatif::why(&base, self.work, &mut |told| self.heard(&mut rounds, &told));
        rounds.finish();
        let Some(why) = found? else { return Ok(false) };
        results.tell_why(model, why);
        Ok(true)
    }

    /// Adds what the levers would do, and until when each can wait.
    fn decisions(&self, results: &mut Results) -> Result<bool, Failure> {
        let (model, records, confidence) = (&self.asked.scenario.model, &self.runs.records, results.confidence);
        let mut rounds = Rounds::new(self.form, "--with decisions");
        let found = levers::decide(model, records, confidence, self.work, &mut |told| self.heard(&mut rounds, &told));
        rounds.finish();
        results.levers = found?;
        Ok(results.levers.is_some())
    }

    /// Adds the breach point of every SLA over the usual lever, from as many replications as were run.
    fn headroom(&self, results: &mut Results) -> Result<bool, Failure> {
        let scenario = self.asked.scenario;
        let usual = Lever::usual(scenario).swap_remove(0);
        // Without any campaign the question is the same as with one that is smaller.
        let low = if scenario.model.campaigns.is_empty() { 0.25 } else { 0.0 };
        let lever = Lever::unasked(&usual.path, low, 3.0);
        let planned = lever.planned(self.asked.file, self.asked.sets)?;
        let vary = Varied { text: self.asked.text, sets: self.asked.sets, lever: &lever, planned };
        let subjects: Vec<Subject> = (0..results.slas.len()).map(Subject::Sla).collect();
        let settings = Settings {
            work: self.work,
            confidence: results.confidence,
            precision: PRECISION,
            replications: Some(results.replications.max(2)),
        };
        let range = vary.range()?;
        let mut rounds = Rounds::new(self.form, &lever.path).looking_at(&subjects, &scenario.model);
        let found = if subjects.is_empty() {
            Ok(Vec::new())
        } else {
            breach::find(&vary, range, &subjects, settings, &mut |told| self.heard(&mut rounds, &told))
        };
        rounds.finish();
        let breaches = match found {
            Ok(breaches) => breaches,
            Err(BreachError::Stopped) => return Ok(false),
            Err(error) => return Err(failure(error, &lever, self.ends.0, self.ends.1)),
        };
        let risk = |found| lever.demand().and_then(|demand| demand.risk(&scenario.model, found, range));
        let risks = breaches.iter().map(risk).collect();
        let whole = breaches.iter().all(|breach| !breach.cut_short);
        let path = lever.path.clone();
        results.headroom = Some(Headroom { path, range, planned, precision: PRECISION, breaches, risks });
        Ok(whole)
    }

    /// Adds where each SLA breaks in the plane, from as many replications in each cell as were run.
    fn frontier(&self, (search, axes): &(PlaneSearch<'_>, Axes), results: &mut Results) -> Result<bool, Failure> {
        let subjects: Vec<Subject> = (0..results.slas.len()).map(Subject::Sla).collect();
        let settings = Settings {
            work: self.work,
            confidence: results.confidence,
            precision: frontier::PRECISION,
            replications: Some(results.replications.max(2)),
        };
        match search.run(axes.clone(), &subjects, settings, self.form, self.ends) {
            Ok(mut found) => {
                let whole = !found.found.cut_short;
                let planned = found.across.planned.and_then(|plan| found.rows.iter().position(|row| same(*row, plan)));
                if let (Some(row), Some(headroom)) = (planned, &results.headroom)
                    && headroom.path == found.load.path
                {
                    found.found.agree_with(row, &headroom.breaches);
                }
                results.frontier = Some(found);
                Ok(whole)
            }
            Err(BreachError::Stopped) => Ok(false),
            Err(error) => Err(failure(error, &search.levers[0], self.ends.0, self.ends.1)),
        }
    }

    /// Adds how the variants differ: their replications are those of the run, which is not run again.
    fn comparisons(&self, results: &mut Results) -> Result<bool, Failure> {
        let Further { variants, scenario, margins, .. } = self.asked;
        let plans = variants.iter().map(|(entry, _)| entry.plan()).collect::<Result<Vec<_>, Failure>>()?;
        let Some(first) = self.runs.records.first().map(|record| record.replication) else { return Ok(true) };
        let replications = first..first + self.runs.records.len() as u64;
        let cells: Vec<Cell<'_, '_>> =
            plans.iter().map(|plan| Cell { plan, replications: replications.clone() }).collect();
        let mut rounds = Rounds::new(self.form, "--variant");
        rounds.show(&Told::Begins("variants", cells.len() as u64 * self.runs.records.len() as u64));
        let found = cells::run(self.work, &cells, kept, &mut |told| self.heard(&mut rounds, &told));
        rounds.finish();
        let Some(records) = found? else { return Ok(false) };
        let terms =
            Terms { seed: self.work.seed, asked: self.runs.asked, confidence: results.confidence, margins: *margins };
        let name = stem(self.asked.file);
        let base = Contestant {
            name: &name,
            hash: &results.hash,
            model: &scenario.model,
            differs: &[],
            records: &self.runs.records,
        };
        let contestants: Vec<Contestant<'_>> =
            variants.iter().zip(&records).map(|((entry, differs), records)| entry.with(differs, records)).collect();
        results.comparisons = Some(compare(&base, &contestants, terms).map_err(not_together)?);
        Ok(true)
    }
}
