//! `peaksim check`: runs a scenario and passes or fails on its checks.

use super::deadline::Deadline;
use super::files;
use super::outcome::{self, ExitStatus, Failure};
use super::run::{folded, plan, simulated, status, write_report};
use super::signals::Interruption;
use super::simulation::Simulation;
use super::terminal::Format;
use peaksim::experiment::results::CheckVerdict;
use peaksim::experiment::{Results, Series};
use peaksim::report::html::{self, ReportFacts};
use peaksim::report::{figures, json, text};
use peaksim::scenario::Scenario;
use std::path::PathBuf;

/// What can be typed after `check`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("output", |arg| arg.help("Folder for the report that `peaksim run` would write [default: none]")))]
pub(crate) struct Arguments {
    /// Scenario file with at least one [[check]]
    file: PathBuf,
    /// Run until a number is known well enough, within at most --reps replications (or 10,000), as in: --until
    /// 'sla.same-day.attainment ± 0.5pp' (or +-; points of a share, 2% of any number, or its own unit: 5m)
    #[arg(long, value_name = "METRIC PATH ± WIDTH")]
    until: Option<String>,
    #[command(flatten)]
    pub(crate) simulation: Simulation,
}

/// Loads, simulates, judges and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, Failure> {
    let simulation = &arguments.simulation;
    let scenario = Scenario::load(&arguments.file, &simulation.set)?;
    simulation.tell_warnings(&scenario);
    if scenario.model.measures.iter().all(|measure| measure.expected.is_none()) {
        return Err(nothing_to_check(arguments, &scenario));
    }
    let until = simulation.until(arguments.until.as_deref(), &scenario)?;
    simulation.output.iter().try_for_each(|folder| files::prepare(folder))?;
    let interruption = Interruption::listen().map_err(|error| Failure::printing(&error))?;

    let deadline = Deadline::of(simulation.deadline.as_ref());
    let asked = until.as_ref().map(|until| until.asked_of(&scenario.model));
    let plan = plan(asked.as_ref().unwrap_or(&scenario.model))?;
    let seed = simulation.seed(&scenario.plan);
    let series = Series { replications: 0..simulation.replications(&scenario.plan), threads: simulation.threads };
    let runs = simulated(&plan, seed, &series, until.as_ref(), simulation, (&deadline, &interruption))?;
    let results = folded(&scenario, seed, &runs);
    let shown = match simulation.look.format {
        Format::Json => json::results(&results),
        Format::Text => text::check_report(&results, simulation.look.colour_on_stdout()).into_bytes(),
    };
    let command = html::command_line(&arguments.file.to_string_lossy(), seed, runs.set.asked, &simulation.set);
    let facts = ReportFacts::of(&scenario.model, scenario.description.as_deref(), &scenario.assumptions, command);
    let ended = match status(&runs, &interruption) {
        ExitStatus::Done => verdict(&results),
        ended_early => ended_early,
    };
    outcome::deliver(
        &simulation.look,
        &shown,
        || write_report(&results, &facts, simulation.output.as_deref(), None),
        ended,
    )
}

fn verdict(results: &Results) -> ExitStatus {
    let any = |test: fn(&CheckVerdict) -> bool| results.checks.iter().any(|check| test(&check.verdict));
    if any(|verdict| *verdict == CheckVerdict::Fail) {
        ExitStatus::CheckFailed
    } else if any(|verdict| *verdict != CheckVerdict::Pass) {
        ExitStatus::CheckInconclusive
    } else {
        ExitStatus::Done
    }
}

fn nothing_to_check(arguments: &Arguments, scenario: &Scenario) -> Failure {
    let example = match scenario.model.slas.first() {
        Some(sla) => format!("sla.'{}'.attainment >= {}", sla.name, figures::share(sla.target).replace(' ', "")),
        None => "orders.time_to_dispatch.p95 <= 48h".to_owned(),
    };
    Failure::scenario(format!(
        "{} has no [[check]], so there is nothing to check; for example:\n\n[[check]]\nname = \"we survive the plan\"\n\
         expect = \"{example}\"",
        arguments.file.display()
    ))
}
