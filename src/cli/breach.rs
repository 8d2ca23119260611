//! `peaksim breach`: the load at which promises break.

use super::deadline::Deadline;
use super::files;
use super::options::{self, one, percent};
use super::outcome::{self, ExitStatus, Failure};
use super::promises::{Promises, precision};
use super::rounds::Rounds;
use super::signals::Interruption;
use super::simulation::Simulation;
use super::terminal::{self, Format};
use super::vary::{Lever, Varied};
use peaksim::experiment::breach::{self, BreachError, Settings};
use peaksim::experiment::cells::Work;
use peaksim::report::breach::{self as report, BreachReport, Varying};
use peaksim::report::html;
use peaksim::scenario::{LoadError, ScenarioText};
use std::path::PathBuf;

/// What can be typed after `breach`.
#[derive(Debug, clap::Args)]
#[command(
    mut_arg("reps", |arg| arg
        .help("Replications of the interval [default: as many as the precision needs]")
        .value_parser(clap::value_parser!(u64).range(2..=100_000))),
    mut_arg("output", |arg| arg.help("Folder for breach.json and breach.html [default: none]")),
)]
pub(crate) struct Arguments {
    /// Scenario file
    file: PathBuf,
    #[command(flatten)]
    promises: Promises,
    /// What is varied, and how far: --vary 'source.*.uplift=0.5..4'; a unit stands behind both
    /// ends: station.pick.takes.exponential=1m..3m; repeatable, each has its own answer [default: the
    /// campaigns' scale from 0 (none) to 4, and all demand from 0.25 to 4]
    #[arg(long, value_name = "PATH=LOW..HIGH")]
    vary: Vec<String>,
    /// Half-width of the interval to reach, relative to the breach point (of the campaigns' scale: to a whole one, where
    /// that is more)
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = precision)]
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
    let subjects = arguments.promises.subjects(&scenario)?;
    let levers = if levers.is_empty() { Lever::usual(&scenario) } else { levers };
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
    let (mut varied, mut out_of_time) = (Vec::new(), false);
    for lever in &levers {
        let range = Varied { text: &text, sets: &sets, lever, planned: None }.range()?;
        let planned = lever.planned(&arguments.file, &sets)?;
        let vary = Varied { text: &text, sets: &sets, lever, planned };
        let mut rounds = Rounds::new(simulation.progress, &lever.path).looking_at(&subjects, &scenario.model);
        let found = breach::find(&vary, range, &subjects, settings, &mut |told| {
            rounds.show(&told);
            deadline.stop_when_passed(&interruption);
        });
        rounds.finish();
        if matches!(found, Err(BreachError::Stopped)) && !varied.is_empty() {
            terminal::tell(&format!("{}: {} is not known\n", deadline.why(&interruption), lever.path));
            out_of_time = true;
            break;
        }
        let breaches = found.map_err(|error| failure(error, lever, &deadline, &interruption))?;
        let cut_short = breaches.iter().any(|breach| breach.cut_short);
        let risk = |breach| lever.demand().and_then(|demand| demand.risk(&scenario.model, breach, range));
        let risks = breaches.iter().map(risk).collect();
        varied.push(Varying { path: lever.path.clone(), unit: lever.unit.clone(), range, planned, breaches, risks });
        if cut_short {
            let why = deadline.why(&interruption);
            terminal::tell(&format!("{why}: of {} what is known so far is reported\n", lever.path));
            out_of_time = varied.len() < levers.len();
            break;
        }
    }
    let report = BreachReport {
        model: &scenario.model,
        hash: scenario.hash.to_hex().to_string(),
        seed,
        precision: arguments.precision,
        subjects: subjects.iter().map(|subject| subject.criterion(&scenario.model)).collect(),
        varied,
        out_of_time,
    };
    let document = terminal::json(&report::document(&report));
    let shown = match simulation.look.format {
        Format::Json => document.clone(),
        Format::Text => report::text(&report).into_bytes(),
    };
    let write = || {
        let Some(folder) = &simulation.output else { return Ok(()) };
        let command = html::breach_command(&arguments.file.to_string_lossy(), &arguments.asked(seed));
        let page = html::breach_page(&report, scenario.description.as_deref(), &command);
        files::write_in(folder, vec![("breach.html", page), ("breach.json", document)])
    };
    let status = match interruption.status() {
        Some(status) if report.is_cut_short() => status,
        _ if report.is_partial() => ExitStatus::LimitReached,
        _ => ExitStatus::Done,
    };
    outcome::deliver(&simulation.look, &shown, write, status)
}

pub(super) fn failure(
    error: BreachError<LoadError>,
    lever: &Lever,
    deadline: &Deadline,
    interruption: &Interruption,
) -> Failure {
    match error {
        BreachError::Scenario(_, error) => error.into(),
        BreachError::Plan(at, why) => Failure::scenario(format!("with {}={at}: {why}", lever.path)),
        BreachError::Threads(error) => error.into(),
        BreachError::Stopped => deadline.nothing(interruption),
    }
}
