//! `peaksim compare`: a base and its variants on the same random numbers.

use super::deadline::Deadline;
use super::files;
use super::options::{self, one};
use super::outcome::{self, ExitStatus, Failure};
use super::progress::Display;
use super::signals::Interruption;
use super::simulation::{CONFIDENCE, Simulation};
use super::terminal::{self, Format};
use super::until::Watched;
use super::variant::{Entry, Variant, margin};
use peaksim::engine::Plan;
use peaksim::experiment::RunSet;
use peaksim::experiment::cells::{Cell, Work};
use peaksim::experiment::compare::{
    ComparisonResults, Contestant, ContrastVerdict, Margins, NothingInCommon, Terms, compare, in_common, kept,
};
use peaksim::experiment::replications::run_all;
use peaksim::observation::RunEnd;
use peaksim::report::compare as report;
use peaksim::report::{figures, html};
use std::path::PathBuf;

/// What can be typed after `compare`.
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("set", |arg| arg.help("Change a value of every file, as in: --set station.pick.servers=4")),
    mut_arg("seed", |arg| arg.help("Picks the random numbers of all scenarios, instead of the base's own seed")),
    mut_arg("reps", |arg| arg.help("Replications of each scenario, instead of the base's own number")),
    mut_arg("output", |arg| arg.help("Folder for comparison.html, comparison.json and comparison.txt [default: none]")),
)]
pub(crate) struct Arguments {
    /// Scenario file that the others are held against
    base: PathBuf,
    /// Scenario files to compare with it
    variants: Vec<PathBuf>,
    /// The base with changes, as in: --variant 'more pickers: pool.floor.shifts.0.heads=14, station.pack.servers=3'
    #[arg(long, value_name = "NAME: PATH=VALUE, ...", value_parser = Variant::parse)]
    variant: Vec<Variant>,
    /// The difference that matters: '0.5 points' of attainment, '2%' of waits and cost [default: both of these]
    #[arg(long, value_name = "MARGIN", value_parser = margin)]
    margin: Vec<super::variant::Margin>,
    /// End with 12 when a verdict is `worse`
    #[arg(long, value_enum, value_name = "VERDICT")]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    pub(crate) simulation: Simulation,
}

impl Arguments {
    /// The command that gives the same findings again.
    fn command(&self, seed: u64, asked: u64) -> String {
        let files = std::iter::once(&self.base).chain(&self.variants);
        let files: Vec<String> = files.map(|file| file.to_string_lossy().into_owned()).collect();
        let options = options::words([
            ("--variant", self.variant.iter().map(|variant| variant.text().to_owned()).collect()),
            ("--seed", one(seed)),
            ("--reps", one(asked)),
            ("--set", self.simulation.set.clone()),
            ("--margin", self.margin.iter().map(ToString::to_string).collect()),
        ]);
        html::compare_command(&files, &options)
    }
}

/// What makes a comparison fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// A verdict of an SLA or of the cost is `worse`.
    Worse,
}

/// Loads, simulates, compares, prints and writes.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, Failure> {
    if arguments.variants.is_empty() && arguments.variant.is_empty() {
        let example = "--variant 'one more: station.pick.servers=5'";
        return Err(Failure::usage(format!(
            "nothing to compare '{}' with: name another file, or a change to this one: {example} (see --help)",
            arguments.base.display()
        )));
    }
    let entries = entries(arguments)?;
    let (base, variants) = entries.split_first().expect("the base comes first");
    let differs = variants.iter().map(|variant| variant.differing(base)).collect::<Result<Vec<_>, _>>()?;
    for variant in variants {
        in_common((&base.name, &base.scenario.model), (&variant.name, &variant.scenario.model))
            .map_err(not_together)?;
    }
    arguments.simulation.output.iter().try_for_each(|folder| files::prepare(folder))?;
    let interruption = Interruption::listen().map_err(|error| Failure::printing(&error))?;

    let plan = &base.scenario.plan;
    let terms = Terms {
        seed: arguments.simulation.seed(plan),
        asked: arguments.simulation.replications(plan),
        confidence: CONFIDENCE,
        margins: arguments.margin.iter().fold(Margins::default(), |margins, margin| margin.among(margins)),
    };
    let runs = simulated(arguments, &entries, &terms, &interruption)?;
    let nothing = Vec::new();
    let differs = std::iter::once(&nothing).chain(&differs);
    let contestants: Vec<Contestant<'_>> = entries
        .iter()
        .zip(differs)
        .zip(&runs)
        .map(|((entry, differs), runs)| entry.with(differs, &runs.records))
        .collect();
    let (base, variants) = contestants.split_first().expect("the base comes first");
    let found = compare(base, variants, terms).map_err(not_together)?;
    let status = status(arguments, &found, &runs, &interruption);
    show(arguments, &found, entries[0].scenario.description.as_deref(), status)
}

pub(super) fn not_together(error: NothingInCommon) -> Failure {
    Failure::not_together(error.to_string())
}

/// The base, then the files, then the changes to the base.
fn entries(arguments: &Arguments) -> Result<Vec<Entry>, Failure> {
    let simulation = &arguments.simulation;
    let mut entries: Vec<Entry> = Vec::new();
    for file in std::iter::once(&arguments.base).chain(&arguments.variants) {
        let entry = Entry::of_file(file, simulation, &entries)?;
        entries.push(entry);
    }
    for variant in &arguments.variant {
        let entry = Entry::of_variant(&arguments.base, variant, simulation, &entries)?;
        entries.push(entry);
    }
    Ok(entries)
}

/// All scenarios as one pool of work.
fn simulated(
    arguments: &Arguments,
    entries: &[Entry],
    terms: &Terms,
    interruption: &Interruption,
) -> Result<Vec<RunSet>, Failure> {
    let plans = entries.iter().map(Entry::plan).collect::<Result<Vec<Plan<'_>>, Failure>>()?;
    let cells: Vec<Cell<'_, '_>> = plans.iter().map(|plan| Cell { plan, replications: 0..terms.asked }).collect();
    let work = Work { seed: terms.seed, threads: arguments.simulation.threads, stop: interruption.flag() };
    let base = &entries[0];
    let kept_in_base = base
        .scenario
        .model
        .slas
        .first()
        .map(|sla| Watched { what: format!("'{}' kept in '{}'", sla.name, base.name), write: figures::share });
    let deadline = Deadline::of(arguments.simulation.deadline.as_ref());
    let all = terms.asked * cells.len() as u64;
    let mut display = Display::new(arguments.simulation.progress, all, kept_in_base);
    let runs = run_all(work, &cells, kept, &mut || deadline.has_passed(), &mut |progress| display.show(progress));
    display.finish();
    let runs = runs?;
    let fewest = runs.iter().map(|runs| runs.records.len()).min().unwrap_or(0);
    if runs.iter().any(RunSet::cut_short) {
        if fewest == 0 {
            return Err(deadline.nothing(interruption));
        }
        let (why, asked) = (deadline.why(interruption), terms.asked);
        terminal::tell(&format!("{why}: the first {fewest} of {asked} replications of each are compared\n"));
    }
    Ok(runs)
}

fn show(
    arguments: &Arguments,
    found: &ComparisonResults,
    question: Option<&str>,
    status: ExitStatus,
) -> Result<ExitStatus, Failure> {
    let look = &arguments.simulation.look;
    let document = terminal::json(&report::document(found));
    let shown = match look.format {
        Format::Json => document.clone(),
        Format::Text => report::text(found, look.colour_on_stdout()).into_bytes(),
    };
    let write = || {
        let Some(folder) = &arguments.simulation.output else { return Ok(()) };
        let text = report::text(found, false).into_bytes();
        let page = html::compare_page(found, question, &arguments.command(found.terms.seed, found.terms.asked));
        let files = vec![("comparison.html", page), ("comparison.json", document), ("comparison.txt", text)];
        files::write_in(folder, files)
    };
    outcome::deliver(look, &shown, write, status)
}

fn status(
    arguments: &Arguments,
    found: &ComparisonResults,
    runs: &[RunSet],
    interruption: &Interruption,
) -> ExitStatus {
    let limited = |runs: &RunSet| runs.records.iter().any(|record| record.end != RunEnd::Finished);
    let worse = || found.variants.iter().flat_map(|one| one.judged()).any(|one| one.verdict == ContrastVerdict::Worse);
    match interruption.status() {
        Some(status) if runs.iter().any(RunSet::cut_short) => status,
        _ if runs.iter().any(|runs| limited(runs) || runs.cut_short()) => ExitStatus::LimitReached,
        _ if arguments.fail_on == Some(FailOn::Worse) && worse() => ExitStatus::Worse,
        _ => ExitStatus::Done,
    }
}
