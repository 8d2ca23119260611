//! `peaksim breach`: the load at which promises break.

use super::deadline::Deadline;
use super::files;
use super::outcome::{ExitStatus, Failure};
use super::rounds::Rounds;
use super::signals::Interruption;
use super::simulation::Simulation;
use super::terminal::{self, Format};
use super::vary::{Lever, Varied};
use peaksim::experiment::breach::{self, BreachError, Limit, Settings, Subject};
use peaksim::experiment::cells::Work;
use peaksim::report::breach::{self as report, BreachReport, Varying};
use peaksim::report::html;
use peaksim::scenario::typed::Typed;
use peaksim::scenario::{LoadError, Scenario, ScenarioText};
use std::path::PathBuf;
use std::sync::atomic::Ordering;

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
    /// The SLA that may break; repeatable [default: every SLA of the file]
    #[arg(long, value_name = "NAME")]
    sla: Vec<String>,
    /// Any other number that has a limit: --limit 'station.pick.wait.p95 <= 2h'; repeatable
    #[arg(long, value_name = "METRIC PATH >= VALUE")]
    limit: Vec<String>,
    /// What is varied, and how far: --vary 'source.*.uplift=0.5..4'; repeatable, each has its own answer [default: the
    /// campaigns' scale, and all demand, each from 0.5 to 4]
    #[arg(long, value_name = "PATH=LOW..HIGH")]
    vary: Vec<String>,
    /// Confidence of the intervals
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = confidence)]
    confidence: f64,
    /// Half-width of the interval to reach, relative to the breach point
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = precision)]
    precision: f64,
    #[command(flatten)]
    pub(crate) simulation: Simulation,
}

impl Arguments {
    /// The changes to the file, the limits among them: they are checks, read and refused like those of a file.
    fn changes(&self) -> Vec<String> {
        let mut sets = self.simulation.set.clone();
        if !self.limit.is_empty() {
            let check = |limit: &String| {
                let quoted = quoted(limit);
                format!("{{ name = {quoted}, expect = {quoted} }}")
            };
            sets.push(format!("check=[{}]", self.limit.iter().map(check).collect::<Vec<_>>().join(", ")));
        }
        sets
    }

    /// The options that the findings depend on, as typed.
    fn asked(&self, seed: u64) -> Vec<String> {
        let mut words = vec!["--seed".to_owned(), seed.to_string()];
        let mut add = |option: &str, values: &[String]| {
            for value in values {
                words.extend([option.to_owned(), value.clone()]);
            }
        };
        add("--sla", &self.sla);
        add("--limit", &self.limit);
        add("--vary", &self.vary);
        add("--set", &self.simulation.set);
        add("--reps", &self.simulation.reps.iter().map(u64::to_string).collect::<Vec<_>>());
        words.extend(["--precision".to_owned(), format!("{}%", self.precision * 100.0)]);
        words.extend(["--confidence".to_owned(), format!("{}", self.confidence)]);
        words
    }
}

/// A text in quotes, as TOML and JSON write it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The limit that a check was made of, whose part `at` is found fault with.
fn typed_limit(limits: &[String], at: &str) -> Typed {
    let text = limits.iter().find(|limit| quoted(limit) == at).cloned().unwrap_or_else(|| limits.join(", "));
    Typed { option: "--limit".to_owned(), text, at: None }
}

fn confidence(text: &str) -> Result<f64, String> {
    share(text).filter(|share| (0.5..1.0).contains(share)).ok_or_else(|| "from 50% to below 100%".to_owned())
}

fn precision(text: &str) -> Result<f64, String> {
    share(text).filter(|share| (0.0005..=0.5).contains(share)).ok_or_else(|| "from 0.05% to 50%".to_owned())
}

/// A share, written as 2% or 0.02.
fn share(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(number) => number.trim().parse::<f64>().ok().map(|number| number / 100.0),
        None => text.trim().parse().ok(),
    }
}

/// Searches, prints and writes.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, Failure> {
    let simulation = &arguments.simulation;
    let levers: Vec<Lever> = arguments.vary.iter().map(|text| Lever::parse(text)).collect::<Result<_, _>>()?;
    let text = ScenarioText::read(&arguments.file)?;
    let sets = arguments.changes();
    let typed = |number: usize, at: &str| (number > simulation.set.len()).then(|| typed_limit(&arguments.limit, at));
    let mut scenario = text.load(&sets).map_err(|error| error.as_typed(typed))?;
    scenario.warnings = scenario.warnings.map(|found| found.as_typed(typed));
    simulation.tell_warnings(&scenario);
    let subjects = subjects(arguments, &scenario)?;
    let levers = if levers.is_empty() { usual_levers(&scenario) } else { levers };
    simulation.output.iter().try_for_each(|folder| files::prepare(folder))?;
    let interruption = Interruption::listen().map_err(|error| Failure::printing(&error))?;
    let seed = simulation.seed(&scenario.plan);
    let settings = Settings {
        work: Work { seed, threads: simulation.threads, stop: interruption.flag() },
        confidence: arguments.confidence,
        precision: arguments.precision,
        replications: simulation.reps,
    };
    let deadline = Deadline::of(simulation.deadline.as_ref());
    let mut varied = Vec::new();
    for lever in &levers {
        let vary = Varied { text: &text, sets: &sets, lever };
        let range = vary.range()?;
        let mut rounds = Rounds::new(simulation.progress, &lever.path);
        let found = breach::find(&vary, range, &subjects, settings, &mut |told| {
            rounds.show(&told);
            if deadline.has_passed() {
                interruption.flag().store(true, Ordering::Relaxed);
            }
        });
        rounds.finish();
        let breaches = found.map_err(|error| failure(error, lever, &deadline, &interruption))?;
        varied.push(Varying { path: lever.path.clone(), range, breaches });
    }
    let report = BreachReport {
        model: &scenario.model,
        hash: scenario.hash.to_hex().to_string(),
        seed,
        precision: arguments.precision,
        subjects,
        varied,
    };
    let shown = match simulation.look.format {
        Format::Json => terminal::json(&report::document(&report)),
        Format::Text => report::text(&report).into_bytes(),
    };
    let printed = terminal::print(&shown);
    if let Some(folder) = &simulation.output {
        let file = arguments.file.to_string_lossy();
        let page = html::breach_page(
            &report,
            scenario.description.as_deref(),
            &html::breach_command(&file, &arguments.asked(seed)),
        );
        files::write(&[
            (folder.join("breach.html"), page),
            (folder.join("breach.json"), terminal::json(&report::document(&report))),
        ])?;
        terminal::tell(&format!("Written to {}\n", folder.display()));
    }
    printed.map_err(|error| Failure::printing(&error))?;
    Ok(if report.is_partial() { ExitStatus::LimitReached } else { ExitStatus::Done })
}

/// The SLAs and limits asked for by name, or all SLAs.
fn subjects(arguments: &Arguments, scenario: &Scenario) -> Result<Vec<Subject>, Failure> {
    let slas = &scenario.model.slas;
    let names: Vec<&str> = slas.iter().map(|sla| sla.name.as_str()).collect();
    let numbered = |name: &String| {
        let at = names.iter().position(|known| known == name);
        let unknown =
            || Failure::usage(format!("--sla {name}: the scenario has no such SLA; it has {}", listed(&names)));
        at.map(Subject::Sla).ok_or_else(unknown)
    };
    if arguments.sla.is_empty() && arguments.limit.is_empty() {
        if slas.is_empty() {
            return Err(Failure::usage("the scenario has no SLA that could break; add a [[sla]]"));
        }
        return Ok((0..slas.len()).map(Subject::Sla).collect());
    }
    let limits = scenario.model.measures.iter().enumerate().filter(|_| !arguments.limit.is_empty());
    let limits = limits.filter_map(|(measure, of)| {
        let expected = of.expected.as_ref()?;
        let at_least = expected.comparison.wants_more();
        Some(Ok(Subject::Limit(Limit { measure, at_least, value: expected.limit })))
    });
    arguments.sla.iter().map(numbered).chain(limits).collect()
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

/// The event, and all demand.
fn usual_levers(scenario: &Scenario) -> Vec<Lever> {
    let lever = |path: &str| Lever { path: path.to_owned(), low: 0.5, high: 4.0 };
    let mut levers = Vec::new();
    if !scenario.model.campaigns.is_empty() {
        levers.push(lever("campaign.*.scale"));
    }
    levers.push(lever("source.*.uplift"));
    levers
}

fn failure(error: BreachError<LoadError>, lever: &Lever, deadline: &Deadline, interruption: &Interruption) -> Failure {
    match error {
        BreachError::Scenario(_, error) => error.into(),
        BreachError::Plan(at, why) => Failure::scenario(format!("with {}={at}: {why}", lever.path)),
        BreachError::Threads(error) => error.into(),
        BreachError::Stopped => deadline.nothing(interruption),
    }
}
