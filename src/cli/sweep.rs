//! `peaksim sweep`: a scenario over several of its numbers, cell by cell.

use super::axis::{Asked, Spanned};
use super::deadline::Deadline;
use super::files;
use super::options::{self, one};
use super::outcome::{self, ExitStatus, Failure};
use super::progress::Display;
use super::signals::Interruption;
use super::simulation::{CONFIDENCE, Simulation};
use super::terminal::{self, Format};
use peaksim::experiment::cells::Work;
use peaksim::experiment::sweep::{self, CellResult, Entry, Setting, SweepError, Terms, grid, latin, units};
use peaksim::model::{MetricError, Model};
use peaksim::report::html;
use peaksim::report::sweep::{self as report, Design, SweepReport};
use peaksim::scenario::ScenarioText;
use peaksim::scenario::typed::Typed;
use std::path::PathBuf;

/// Most cells, however few replications they have: all of them are in memory.
const MOST_CELLS: u64 = 10_000;

/// What can be typed after `sweep`.
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("reps", |arg| arg.help("Replications of each cell, instead of the file's own number")),
    mut_arg("output", |arg| arg.help("Folder for sweep.json, sweep.csv and sweep.html [default: none]")),
)]
pub(crate) struct Arguments {
    /// Scenario file
    file: PathBuf,
    /// What is varied: a range with its number of points (5 without), or a list; the first one runs along the charts. As in:
    /// --vary 'source.*.uplift=0.5..2/7' --vary station.pick.servers=3,4,5 --vary station.pick.takes.exponential=1m..3m
    #[arg(long, required = true, value_name = "PATH=LOW..HIGH/N")]
    vary: Vec<String>,
    /// N points spread over all of it (a Latin hypercube), instead of every combination
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=10_000))]
    latin: Option<u32>,
    /// A number to tell of every cell beside the promises: --metric station.pick.wait.p95; repeatable
    #[arg(long, value_name = "METRIC PATH")]
    metric: Vec<String>,
    /// Most replications of all cells together
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    max_runs: u64,
    /// Write the cells as CSV
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) simulation: Simulation,
}

impl Arguments {
    /// The options that the findings depend on, as typed.
    fn asked(&self, seed: u64, replications: u64) -> Vec<String> {
        options::words([
            ("--vary", self.vary.clone()),
            ("--latin", self.latin.iter().map(u32::to_string).collect()),
            ("--metric", self.metric.clone()),
            ("--set", self.simulation.set.clone()),
            ("--seed", one(seed)),
            ("--reps", one(replications)),
        ])
    }

    /// The numbers asked for, added to `model`.
    fn asked_of(&self, model: &Model) -> Result<Model, Failure> {
        let measure = |path: &String| {
            model.measure(path).map_err(|MetricError { message, help }| {
                let typed = Typed { option: "--metric".to_owned(), text: path.clone(), at: None };
                Failure::from(typed.refused("bad-metric", &message, &help))
            })
        };
        Ok(model.asked_for(self.metric.iter().map(measure).collect::<Result<Vec<_>, _>>()?))
    }

    /// The values of every cell.
    fn cells(&self, spanned: &Spanned<'_>, seed: u64, replications: u64) -> Result<Vec<Vec<Setting>>, Failure> {
        let axes: Vec<_> = spanned.axes.iter().map(|asked| asked.axis.clone()).collect();
        let sizes = axes.iter().map(|axis| axis.values.of_grid().len() as u64);
        let count = self.latin.map_or_else(|| sizes.fold(1, u64::saturating_mul), u64::from);
        let runs = count.saturating_mul(replications);
        if runs > self.max_runs || count > MOST_CELLS {
            let advice = "take fewer points (/N), fewer --reps, or --latin N instead of every combination";
            let more = if count > MOST_CELLS { String::new() } else { format!("; or allow it: --max-runs {runs}") };
            return Err(Failure::usage(format!(
                "{count} cells of {replications} replications are {runs} runs, and at most {} (in {MOST_CELLS} cells) are run \
                 unasked: {advice}{more}",
                self.max_runs
            )));
        }
        Ok(match self.latin {
            None => grid(&axes),
            Some(points) => latin(&axes, points, seed),
        })
    }
}

/// Loads, simulates, prints and writes.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, Failure> {
    let simulation = &arguments.simulation;
    let axes: Vec<Asked> = arguments.vary.iter().map(|text| Asked::parse(text)).collect::<Result<_, _>>()?;
    if let Some(twice) = (1..axes.len()).find(|k| axes[..*k].iter().any(|known| known.axis.path == axes[*k].axis.path))
    {
        return Err(Failure::usage(format!("--vary {} twice: an axis has one list of values", axes[twice].axis.path)));
    }
    let text = ScenarioText::read(&arguments.file)?;
    let scenario = text.load(&simulation.set)?;
    simulation.tell_warnings(&scenario);
    let model = arguments.asked_of(&scenario.model)?;
    if model.slas.is_empty() && arguments.metric.is_empty() {
        return Err(Failure::usage(
            "the scenario has no SLA, so there is nothing to tell of a cell; name a number, for example: \
             --metric orders.time_to_dispatch.mean; or add a [[sla]]",
        ));
    }
    let mut spanned = Spanned { text: &text, sets: &simulation.set, axes };
    spanned.look_at_ranges()?;
    let (seed, replications) = (simulation.seed(&scenario.plan), simulation.replications(&scenario.plan));
    let cells = arguments.cells(&spanned, seed, replications)?;
    [&simulation.output, &arguments.csv].into_iter().flatten().try_for_each(|folder| files::prepare(folder))?;
    let interruption = Interruption::listen().map_err(|error| Failure::printing(&error))?;
    let entries = entries(arguments, &spanned, cells)?;
    let terms = Terms { replications, metrics: arguments.metric.len(), confidence: CONFIDENCE };
    let work = Work { seed, threads: simulation.threads, stop: interruption.flag() };
    let report = SweepReport {
        title: scenario.title.clone(),
        hash: scenario.hash.to_hex().to_string(),
        seed,
        replications,
        confidence: CONFIDENCE,
        design: if arguments.latin.is_some() { Design::Latin } else { Design::Grid },
        axes: spanned.axes.iter().map(|asked| asked.axis.path.clone()).collect(),
        slas: model.slas.iter().map(|sla| sla.name.clone()).collect(),
        metrics: arguments.metric.iter().cloned().zip(units(&model, arguments.metric.len())).collect(),
        cells: simulated(simulation, work, &entries, terms, &interruption)?,
    };
    let status = match interruption.status() {
        Some(status) if report.is_cut_short() => status,
        _ if report.is_partial() => ExitStatus::LimitReached,
        _ => ExitStatus::Done,
    };
    show(arguments, &report, scenario.description.as_deref(), status)
}

fn entries(arguments: &Arguments, spanned: &Spanned<'_>, cells: Vec<Vec<Setting>>) -> Result<Vec<Entry>, Failure> {
    let entry = |settings: Vec<Setting>| {
        let scenario = spanned.scenario(settings.iter().enumerate()).inspect_err(|_| {
            let axes = spanned.axes.iter().zip(&settings);
            let words: Vec<String> = axes.map(|(asked, of)| format!("{} = {}", asked.axis.path, of.text)).collect();
            terminal::tell(&format!("The cell with {} cannot be loaded:\n", words.join(", ")));
        })?;
        Ok(Entry { model: arguments.asked_of(&scenario.model)?, settings })
    };
    cells.into_iter().map(entry).collect()
}

fn simulated(
    simulation: &Simulation,
    work: Work<'_>,
    entries: &[Entry],
    terms: Terms,
    interruption: &Interruption,
) -> Result<Vec<CellResult>, Failure> {
    let deadline = Deadline::of(simulation.deadline.as_ref());
    let mut display = Display::new(simulation.progress, terms.replications * entries.len() as u64, None);
    let found = sweep::run(work, entries, terms, &mut || deadline.has_passed(), &mut |progress| display.show(progress));
    display.finish();
    let found = found.map_err(|error| match error {
        SweepError::Plan(..) => Failure::scenario(error.to_string()),
        SweepError::Threads(error) => error.into(),
    })?;
    let counts = || found.iter().map(|cell| cell.replications);
    let (fewest, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
    if most == 0 {
        return Err(deadline.nothing(interruption));
    }
    if fewest < terms.replications {
        let (why, asked) = (deadline.why(interruption), terms.replications);
        terminal::tell(&format!(
            "{why}: the first {fewest} to {most} of {asked} replications of each cell are reported\n"
        ));
    }
    Ok(found)
}

fn show(
    arguments: &Arguments,
    report: &SweepReport,
    question: Option<&str>,
    status: ExitStatus,
) -> Result<ExitStatus, Failure> {
    let look = &arguments.simulation.look;
    let document = terminal::json(&report::document(report));
    let shown = match look.format {
        Format::Json => document.clone(),
        Format::Text => report::text(report, look.colour_on_stdout()).into_bytes(),
    };
    let write = || {
        let table = || ("sweep.csv", report::table(report));
        if let Some(folder) = &arguments.csv {
            files::write_in(folder, vec![table()])?;
        }
        let Some(folder) = &arguments.simulation.output else { return Ok(()) };
        let options = arguments.asked(report.seed, report.replications);
        let command = html::sweep_command(&arguments.file.to_string_lossy(), &options);
        let page = html::sweep_page(report, question, &command);
        files::write_in(folder, vec![("sweep.html", page), table(), ("sweep.json", document)])
    };
    outcome::deliver(look, &shown, write, status)
}
