//! `peaksim frontier`: where in a plane of two levers promises break.

use super::breach::failure;
use super::deadline::Deadline;
use super::files;
use super::options::{self, one, percent};
use super::outcome::{self, ExitStatus, Failure};
use super::progress::Form;
use super::promises::{Promises, limits_of, precision};
use super::rounds::Rounds;
use super::signals::Interruption;
use super::simulation::Simulation;
use super::terminal::{self, Format};
use super::vary::{Crossed, Lever, goes_wrong};
use peaksim::experiment::breach::{BreachError, Settings, Subject};
use peaksim::experiment::cells::Work;
use peaksim::experiment::frontier::{self, Axes, FrontierResult};
use peaksim::report::frontier::{self as report, FrontierReport};
use peaksim::report::html;
use peaksim::scenario::{LoadError, Scenario, ScenarioText};
use std::path::{Path, PathBuf};

/// What can be typed after `frontier`.
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("sla", |arg| arg
        .help("The SLA that may break; repeatable [default: every SLA and every check of the file]")),
    mut_arg("reps", |arg| arg
        .help("Replications of the intervals [default: as many as the precision needs]")
        .value_parser(clap::value_parser!(u64).range(2..=100_000))),
    mut_arg("output", |arg| arg.help("Folder for frontier.json and frontier.html [default: none]")),
)]
pub(crate) struct Arguments {
    /// Scenario file
    file: PathBuf,
    #[command(flatten)]
    promises: Promises,
    /// First the load, along which each row is searched, then the lever of the rows: --vary 'source.*.uplift=0.5..4'
    /// --vary exceptions.factor=1..5; quantities with their unit, as 1m..3m [default: the campaigns' scale from 0 (none) to 4, without campaigns all demand from
    /// 0.25 to 4; the exceptions, from 1 to 5]
    #[arg(long, value_name = "PATH=LOW..HIGH")]
    vary: Vec<String>,
    /// Rows, evenly apart
    #[arg(long, value_name = "N", default_value_t = ROWS, value_parser = clap::value_parser!(u16).range(2..=101))]
    rows: u16,
    /// Half-width of the interval to reach in each row, relative to the load (of the campaigns' scale: to a whole one,
    /// where that is more)
    #[arg(long, value_name = "SHARE", default_value = "3%", value_parser = precision)]
    precision: f64,
    #[command(flatten)]
    pub(crate) simulation: Simulation,
}

impl Arguments {
    /// The options that the findings depend on, as typed.
    fn asked(&self, seed: u64) -> Vec<String> {
        options::words([
            ("--seed", one(seed)),
            ("--sla", self.promises.sla.clone()),
            ("--limit", self.promises.limit.clone()),
            ("--vary", self.vary.clone()),
            ("--rows", one(self.rows)),
            ("--set", self.simulation.set.clone()),
            ("--reps", self.simulation.reps.iter().map(u64::to_string).collect()),
            ("--precision", percent(self.precision)),
            ("--confidence", one(self.promises.confidence)),
        ])
    }
}

/// Searches, prints and writes.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, Failure> {
    let simulation = &arguments.simulation;
    let levers: Vec<Lever> = arguments.vary.iter().map(|text| Lever::parse(text)).collect::<Result<_, _>>()?;
    let text = ScenarioText::read(&arguments.file)?;
    let (scenario, sets) = arguments.promises.load(&text, simulation)?;
    let subjects = subjects(&arguments.promises, &scenario)?;
    let levers = levers_of(levers, &scenario)?;
    let search = PlaneSearch { file: &arguments.file, text: &text, sets: &sets, scenario: &scenario, levers };
    let axes = search.axes(arguments.rows)?;
    simulation.output.iter().try_for_each(|folder| files::prepare(folder))?;
    let interruption = Interruption::listen().map_err(|error| Failure::printing(&error))?;
    let seed = simulation.seed(&scenario.plan);
    let settings = Settings {
        work: Work { seed, threads: simulation.threads, stop: interruption.flag() },
        confidence: arguments.promises.confidence,
        precision: arguments.precision,
        replications: simulation.reps,
    };
    let deadline = Deadline::of(simulation.deadline.as_ref());
    let found = search.run(axes, &subjects, settings, simulation.progress, (&deadline, &interruption));
    let result = found.map_err(|error| failure(error, &search.levers[0], &deadline, &interruption))?;
    let report =
        FrontierReport { title: scenario.model.title.clone(), hash: scenario.hash.to_hex().to_string(), seed, result };
    let document = terminal::json(&report::document(&report));
    let shown = match simulation.look.format {
        Format::Json => document.clone(),
        Format::Text => report::text(&report, simulation.look.colour_on_stdout()).into_bytes(),
    };
    let write = || {
        let Some(folder) = &simulation.output else { return Ok(()) };
        let command = html::frontier_command(&arguments.file.to_string_lossy(), &arguments.asked(seed));
        let page = html::frontier_page(&report, scenario.description.as_deref(), &command);
        files::write_in(folder, vec![("frontier.html", page), ("frontier.json", document)])
    };
    let cut_short = report.result.found.cut_short;
    if cut_short {
        terminal::tell(&format!("{}: what is known so far is reported\n", deadline.why(&interruption)));
    }
    let status = match interruption.status() {
        Some(status) if cut_short => status,
        _ if report.result.is_partial() => ExitStatus::LimitReached,
        _ => ExitStatus::Done,
    };
    outcome::deliver(&simulation.look, &shown, write, status)
}

/// A scenario, and the plane of it that is to be searched.
pub(super) struct PlaneSearch<'a> {
    pub(super) file: &'a Path,
    pub(super) text: &'a ScenarioText,
    pub(super) sets: &'a [String],
    pub(super) scenario: &'a Scenario,
    /// The load, and the lever of the rows.
    pub(super) levers: [Lever; 2],
}

impl PlaneSearch<'_> {
    fn crossed(&self) -> Crossed<'_> {
        let [load, across] = &self.levers;
        Crossed { text: self.text, sets: self.sets, load, across }
    }

    /// The plane, once it is known that its corners can be simulated.
    pub(super) fn axes(&self, rows: u16) -> Result<Axes, LoadError> {
        let (load, rows) = self.crossed().axes(rows)?;
        Ok(Axes { load, rows, planned: self.levers[0].planned(self.file, self.sets)? })
    }

    /// Searches it.
    pub(super) fn run(
        &self,
        axes: Axes,
        subjects: &[Subject],
        settings: Settings<'_>,
        form: Form,
        (deadline, interruption): (&Deadline, &Interruption),
    ) -> Result<FrontierResult, BreachError<LoadError>> {
        let [load, across] = &self.levers;
        let mut rounds = Rounds::new(form, &load.path).looking_at(subjects, &self.scenario.model);
        let found = frontier::find(&self.crossed(), &axes, subjects, settings, &mut |told| {
            rounds.show(&told);
            deadline.stop_when_passed(interruption);
        });
        rounds.finish();
        let found = found?;
        let across_planned = across.planned(self.file, self.sets);
        let across_planned = across_planned.map_err(|error| BreachError::Scenario(axes.load.low, error))?;
        let criterion = |subject: &Subject| subject.criterion(&self.scenario.model);
        Ok(FrontierResult {
            precision: settings.precision,
            subjects: subjects.iter().map(criterion).collect(),
            load: frontier::Lever { path: load.path.clone(), unit: load.unit.clone(), planned: axes.planned },
            range: axes.load,
            across: frontier::Lever { path: across.path.clone(), unit: across.unit.clone(), planned: across_planned },
            rows: axes.rows,
            found,
        })
    }
}

/// Rows of a plane, unless something else is asked for.
pub(super) const ROWS: u16 = 9;
/// Half-width of the interval to reach in each row, relative to the load, unless something else is asked for.
pub(super) const PRECISION: f64 = 0.03;

/// What was asked for by name, or every SLA and every check: the queues behind the floor are ranked beside it.
fn subjects(promises: &Promises, scenario: &Scenario) -> Result<Vec<Subject>, Failure> {
    let limits = limits_of(scenario);
    if !promises.is_open() || limits.is_empty() {
        return promises.subjects(scenario);
    }
    Ok((0..scenario.model.slas.len()).map(Subject::Sla).chain(limits).collect())
}

/// The load and the lever of the rows, where they are not named.
pub(super) fn levers_of(named: Vec<Lever>, scenario: &Scenario) -> Result<[Lever; 2], Failure> {
    let mut named = named.into_iter();
    let load = named.next().unwrap_or_else(|| Lever::usual(scenario).swap_remove(0));
    let across = match named.next() {
        Some(across) => across,
        None if goes_wrong(scenario) => Lever::unasked("exceptions.factor", 1.0, 5.0),
        None => {
            return Err(Failure::usage(
                "the scenario has no [[exceptions.class]] that the rows could inject more of; name their lever as a second \
                 --vary, for example: --vary 'source.*.uplift=0.5..4' --vary station.pick.servers=2..6",
            ));
        }
    };
    if named.next().is_some() {
        return Err(Failure::usage("a plane has two levers: --vary the load, and --vary the lever of the rows"));
    }
    if load.path == across.path {
        return Err(Failure::usage(format!(
            "--vary {} twice: the load and the rows need levers of their own",
            load.path
        )));
    }
    Ok([load, across])
}
