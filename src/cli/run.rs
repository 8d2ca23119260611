//! `peaksim run`: replications of one scenario, and a report.

use super::deadline::Deadline;
use super::files::{self, Draft};
use super::options;
use super::outcome::{self, ExitStatus, Failure};
use super::progress::Display;
use super::signals::Interruption;
use super::simulation::{CONFIDENCE, Simulation};
use super::terminal::{self, Format};
use super::until::{self, Watched};
use super::variant::{Variant, margin};
use super::with::{self, Further, Part};
use peaksim::engine::{Plan, Stop, simulate};
use peaksim::experiment::cells::Work;
use peaksim::experiment::replications::run as run_series;
use peaksim::experiment::results::{UntilOutcome, UntilResult};
use peaksim::experiment::until::{Until, run as run_until};
use peaksim::experiment::{Progress, Results, RunIdentity, RunSet, Series};
use peaksim::model::Model;
use peaksim::model::timetable::Timetable;
use peaksim::observation::RunEnd;
use peaksim::report::html::{self, ReportFacts};
use peaksim::report::visits::VisitTable;
use peaksim::report::{csv, figures, json, text, timetable};
use peaksim::scenario::{Scenario, ScenarioText};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What can be typed after `run`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("output", |arg| arg.help(
    "Folder for the report [default: reports/<file name>; with --format json: none]"
)))]
pub(crate) struct Arguments {
    /// Scenario file
    file: PathBuf,
    #[command(flatten)]
    pub(crate) simulation: Simulation,
    /// Run until a number is known well enough, within at most --reps replications (or 10,000), as in: --until
    /// 'sla.same-day.attainment ± 0.5pp' (or +-; points of a share, 2% of any number, or its own unit: 5m)
    #[arg(long, value_name = "METRIC PATH ± WIDTH", conflicts_with = "only_rep")]
    until: Option<String>,
    /// Run replication N alone (counted from 0): the same as within a longer run
    #[arg(long, value_name = "N", conflicts_with = "reps", value_parser = clap::value_parser!(u64).range(..=999_999))]
    only_rep: Option<u64>,
    /// Look further, on the same random numbers: --with why,headroom,decisions,frontier; more runs, and a report that
    /// tells more
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PARTS")]
    with: Vec<Part>,
    /// What if: the same file with changes, on the same random numbers, as in: --variant 'more pickers:
    /// pool.floor.shifts.0.heads=14, station.pack.servers=3'; repeatable
    #[arg(long, value_name = "NAME: PATH=VALUE, ...", value_parser = Variant::parse)]
    variant: Vec<Variant>,
    /// The difference that matters: '0.5 points' of attainment, '2%' of waits and cost [default: both of these]
    #[arg(long, value_name = "MARGIN", value_parser = margin, requires = "variant")]
    margin: Vec<super::variant::Margin>,
    /// Write every visit of one replication, the first or that of --only-rep, as CSV
    #[arg(long, value_name = "FILE")]
    orders: Option<PathBuf>,
    /// Write the tables of the report as CSV
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
}

impl Arguments {
    /// Where the report goes, if anywhere.
    fn folder(&self) -> Option<PathBuf> {
        let usual = || {
            let folder = Path::new("reports").join(self.file.file_stem().unwrap_or_default());
            self.only_rep.map_or_else(|| folder.clone(), |index| folder.join(format!("replication-{index}")))
        };
        self.simulation.output.clone().or_else(|| (self.simulation.look.format == Format::Text).then(usual))
    }

    /// What the report tells beside the results.
    fn facts(&self, scenario: &Scenario, seed: u64, asked: u64) -> ReportFacts {
        let file = self.file.to_string_lossy();
        let mut command = html::command_line(&file, seed, asked, &self.simulation.set);
        if let Some(index) = self.only_rep {
            command = command.replacen("--reps 1", &format!("--only-rep {index}"), 1);
        }
        command.push_str(&with::option(&self.with));
        let variants = self.variant.iter().map(|variant| variant.text().to_owned()).collect();
        let margins = self.margin.iter().map(ToString::to_string).collect();
        command.push_str(&html::options(&options::words([("--variant", variants), ("--margin", margins)])));
        ReportFacts::of(&scenario.model, scenario.description.as_deref(), &scenario.assumptions, command)
    }

    fn replications(&self, scenario: &Scenario) -> Range<u64> {
        match self.only_rep {
            Some(index) => index..index + 1,
            None => 0..self.simulation.replications(&scenario.plan),
        }
    }
}

/// Loads, simulates, prints and writes.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, Failure> {
    let simulation = &arguments.simulation;
    let text = ScenarioText::read(&arguments.file)?;
    let scenario = text.load(&simulation.set)?;
    simulation.tell_warnings(&scenario);
    let further = Further::new((&arguments.file, &text, &simulation.set), &scenario, &arguments.with)?.compared_with(
        &arguments.variant,
        &arguments.margin,
        simulation,
    )?;
    let until = simulation.until(arguments.until.as_deref(), &scenario)?;
    let folder = arguments.folder();
    folder.iter().chain(&arguments.csv).try_for_each(|folder| files::prepare(folder))?;
    let orders = arguments.orders.as_deref().map(Draft::new).transpose()?;
    let interruption = Interruption::listen().map_err(|error| Failure::printing(&error))?;

    let deadline = Deadline::of(simulation.deadline.as_ref());
    let asked = until.as_ref().map(|until| until.asked_of(&scenario.model));
    let plan = plan(asked.as_ref().unwrap_or(&scenario.model))?;
    let seed = simulation.seed(&scenario.plan);
    let series = Series { replications: arguments.replications(&scenario), threads: simulation.threads };
    let runs = simulated(&plan, seed, &series, until.as_ref(), simulation, (&deadline, &interruption))?;
    let mut results = folded(&scenario, seed, &runs);
    let work = Work { seed, threads: simulation.threads, stop: interruption.flag() };
    let whole = further.look(&runs.set, &mut results, work, simulation.progress, (&deadline, &interruption))?;

    let shown = match simulation.look.format {
        Format::Json => json::results(&results),
        Format::Text => text::report(&results, simulation.look.colour_on_stdout()).into_bytes(),
    };
    let facts = arguments.facts(&scenario, seed, runs.set.asked);
    let write = || {
        write_report(&results, &facts, folder.as_deref(), arguments.csv.as_deref())?;
        orders.map_or(Ok(()), |draft| write_orders(draft, &plan, seed, &series, &interruption))
    };
    let ended = match interruption.status() {
        Some(status) if !whole => status,
        None if !whole => ExitStatus::LimitReached,
        _ => status(&runs, &interruption),
    };
    outcome::deliver(&simulation.look, &shown, write, ended)
}

pub(super) fn plan(model: &Model) -> Result<Plan<'_>, Failure> {
    Plan::new(model).map_err(|error| Failure::scenario(error.to_string()))
}

/// The replications of one scenario, and the precision that decided how many there are.
pub(super) struct Runs {
    pub(super) set: RunSet,
    pub(super) until: Option<UntilResult>,
}

/// Runs `series`, or until a number is known.
pub(super) fn simulated(
    plan: &Plan<'_>,
    seed: u64,
    series: &Series,
    until: Option<&Until>,
    simulation: &Simulation,
    (deadline, interruption): (&Deadline, &Interruption),
) -> Result<Runs, Failure> {
    let mut has_passed = || deadline.has_passed();
    let sla = plan.model().slas.first();
    let kept = || sla.map(|sla| Watched { what: format!("'{}' kept", sla.name), write: figures::share });
    let asked = until.map_or(series.replications.end - series.replications.start, |until| until.most);
    let mut display =
        Display::new(simulation.progress, asked, until.map_or_else(kept, |until| Some(until::watched(until))));
    let mut show = |progress: &Progress| display.show(progress);
    let stop = interruption.flag();
    let runs = match until {
        None => run_series(plan, seed, series, stop, &mut has_passed, &mut show).map(|set| Runs { set, until: None }),
        Some(until) => {
            let work = Work { seed, threads: series.threads, stop };
            let found = run_until(plan, work, until, &mut has_passed, &mut show);
            found.map(|(set, until)| Runs { set, until: Some(until) })
        }
    };
    display.finish();
    let runs = runs?;
    if runs.set.cut_short() {
        if runs.set.records.is_empty() {
            return Err(deadline.nothing(interruption));
        }
        let (why, count) = (deadline.why(interruption), runs.set.records.len());
        terminal::tell(&format!("{why}: the first {count} of {asked} replications are reported\n"));
    }
    Ok(runs)
}

pub(super) fn folded(scenario: &Scenario, seed: u64, runs: &Runs) -> Results {
    let identity =
        RunIdentity { hash: scenario.hash.to_hex().to_string(), seed, asked: runs.set.asked, confidence: CONFIDENCE };
    let mut results = Results::fold(&scenario.model, &identity, &runs.set.records);
    if let Some(until) = &runs.until {
        results = results.ended_by(until.clone());
    }
    // Messages only: where the file lies is not part of the results.
    let warned = scenario.warnings.iter().flat_map(|found| found.iter()).map(|found| found.message.clone());
    results.warnings.extend(warned);
    results.warnings.extend(timetable::warnings(&scenario.model, &Timetable::of(&scenario.model)));
    results
}

/// Everything that is written besides stdout and `--orders`.
pub(super) fn write_report(
    results: &Results,
    facts: &ReportFacts,
    folder: Option<&Path>,
    tables: Option<&Path>,
) -> Result<(), Failure> {
    let mut written = Vec::new();
    if let Some(folder) = folder {
        written.push((folder.join("report.html"), html::page(results, facts)));
        written.push((folder.join("results.json"), json::results(results)));
    }
    if let Some(folder) = tables {
        written.extend(csv::tables(results).into_iter().map(|(name, bytes)| (folder.join(name), bytes)));
    }
    files::write(&written)?;
    if let Some(folder) = folder {
        terminal::tell(&format!("Written to {}\n", folder.display()));
    }
    Ok(())
}

/// Runs one replication once more, and writes its visits as they end.
fn write_orders(
    draft: Draft,
    plan: &Plan<'_>,
    seed: u64,
    series: &Series,
    interruption: &Interruption,
) -> Result<(), Failure> {
    let mut draft = draft;
    let mut table = VisitTable::new(plan.model(), &mut draft);
    match simulate(plan, seed, series.replications.start, interruption.flag(), &mut table) {
        // An interrupted run leaves no file rather than half of one.
        Err(Stop) => Ok(()),
        Ok(_) => {
            let finished = table.finish();
            finished.map_err(|error| draft.failure(&error)).and_then(|()| draft.publish())
        }
    }
}

pub(super) fn status(runs: &Runs, interruption: &Interruption) -> ExitStatus {
    let unsure = runs.until.as_ref().is_some_and(|until| until.outcome == UntilOutcome::LimitReached);
    match interruption.status() {
        Some(status) if runs.set.cut_short() => status,
        _ if unsure || runs.set.cut_short() => ExitStatus::LimitReached,
        _ if runs.set.records.iter().any(|record| record.end != RunEnd::Finished) => ExitStatus::LimitReached,
        _ => ExitStatus::Done,
    }
}
