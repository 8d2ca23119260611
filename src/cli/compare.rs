//! `peaksim compare`: a base and its variants on the same random numbers.

use super::deadline::Deadline;
use super::files;
use super::outcome::{self, ExitStatus, Failure};
use super::progress::Display;
use super::signals::Interruption;
use super::simulation::{CONFIDENCE, Simulation};
use super::terminal::{self, Format};
use super::until::Watched;
use super::variant::{Variant, margin};
use peaksim::engine::Plan;
use peaksim::experiment::RunSet;
use peaksim::experiment::cells::{Cell, Work};
use peaksim::experiment::compare::{ComparisonResults, Contestant, ContrastVerdict, Margins, Terms, compare, kept};
use peaksim::experiment::replications::run_all;
use peaksim::observation::RunEnd;
use peaksim::report::compare as report;
use peaksim::report::figures;
use peaksim::scenario::diagnostic::Place;
use peaksim::scenario::differences::{self, Difference};
use peaksim::scenario::{LoadError, Scenario};
use std::path::{Path, PathBuf};

/// What can be typed after `compare`.
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("set", |arg| arg.help("Change a value of every file, as in: --set station.pick.servers=4")),
    mut_arg("seed", |arg| arg.help("Picks the random numbers of all scenarios, instead of the base's own seed")),
    mut_arg("reps", |arg| arg.help("Replications of each scenario, instead of the base's own number")),
    mut_arg("output", |arg| arg.help("Folder for comparison.json and comparison.txt [default: none]")),
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

/// What makes a comparison fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// A verdict of an SLA or of the cost is `worse`.
    Worse,
}

/// A scenario that takes part.
struct Entry {
    name: String,
    file: PathBuf,
    set: Vec<String>,
    scenario: Scenario,
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
    let differs = variants.iter().map(|variant| differing(base, variant)).collect::<Result<Vec<_>, _>>()?;
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
    let hashes: Vec<String> = entries.iter().map(|entry| entry.scenario.hash.to_hex().to_string()).collect();
    let contestants: Vec<Contestant<'_>> = entries
        .iter()
        .zip(&hashes)
        .zip(&runs)
        .map(|((entry, hash), runs)| Contestant {
            name: &entry.name,
            hash,
            model: &entry.scenario.model,
            records: &runs.records,
        })
        .collect();
    let (base, variants) = contestants.split_first().expect("the base comes first");
    let found = compare(base, variants, terms).map_err(|error| Failure::not_together(error.to_string()))?;
    show(arguments, &found, &differs, status(arguments, &found, &runs, &interruption))
}

/// The base, then the files, then the changes to the base.
fn entries(arguments: &Arguments) -> Result<Vec<Entry>, Failure> {
    let mut entries: Vec<Entry> = Vec::new();
    let files = std::iter::once(&arguments.base).chain(&arguments.variants);
    let common = &arguments.simulation.set;
    let files = files.map(|file| (stem(file), file, common.clone(), None));
    let changes = arguments.variant.iter().map(|variant| {
        let set = common.iter().chain(&variant.changes).cloned().collect();
        (variant.name.clone(), &arguments.base, set, Some(variant))
    });
    for (name, file, set, variant) in files.chain(changes) {
        // The changes of a variant come after those of all.
        let typed = |number: usize, _: &Place| variant?.typed(number.checked_sub(common.len() + 1)?);
        let mut scenario = Scenario::load(file, &set).map_err(|error| {
            terminal::tell(&format!("'{name}' cannot be loaded:\n"));
            error.as_typed(typed)
        })?;
        scenario.warnings = scenario.warnings.map(|found| found.as_typed(typed));
        arguments.simulation.tell_warnings(&scenario);
        let taken = |name: &str| entries.iter().any(|entry| entry.name == name);
        let numbered = (2..).map(|k: usize| format!("{name} ({k})"));
        let name = std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)).expect("numbers do not end");
        entries.push(Entry { name, file: file.clone(), set, scenario });
    }
    Ok(entries)
}

/// A file's name without folder and ending: where it lies is not part of the results.
fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn differing(base: &Entry, variant: &Entry) -> Result<Vec<Difference>, LoadError> {
    differences::of_files((&base.file, &base.set), (&variant.file, &variant.set))
}

fn plan(entry: &Entry) -> Result<Plan<'_>, Failure> {
    Plan::new(&entry.scenario.model).map_err(|error| Failure::scenario(format!("'{}': {error}", entry.name)))
}

/// All scenarios as one pool of work.
fn simulated(
    arguments: &Arguments,
    entries: &[Entry],
    terms: &Terms,
    interruption: &Interruption,
) -> Result<Vec<RunSet>, Failure> {
    let plans = entries.iter().map(plan).collect::<Result<Vec<Plan<'_>>, Failure>>()?;
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
    differs: &[Vec<Difference>],
    status: ExitStatus,
) -> Result<ExitStatus, Failure> {
    let look = &arguments.simulation.look;
    let document = terminal::json(&report::document(found, differs));
    let shown = match look.format {
        Format::Json => document.clone(),
        Format::Text => report::text(found, differs, look.colour_on_stdout()).into_bytes(),
    };
    let write = || {
        let Some(folder) = &arguments.simulation.output else { return Ok(()) };
        let text = report::text(found, differs, false).into_bytes();
        files::write_in(folder, vec![("comparison.json", document), ("comparison.txt", text)])
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
