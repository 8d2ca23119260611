//! `peaksim check`: runs a scenario and passes or fails on its checks.

use super::files;
use super::outcome::{ExitStatus, Failure};
use super::progress::Form;
use super::run::{folded, simulated, status, write_report};
use super::signals::Interruption;
use super::terminal::{self, Format, Look};
use peaksim::engine::Plan;
use peaksim::experiment::results::CheckVerdict;
use peaksim::experiment::{Results, Series};
use peaksim::report::html::{self, ReportFacts};
use peaksim::report::{figures, json, text};
use peaksim::scenario::Scenario;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// What can be typed after `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Scenario file with at least one [[check]]
    file: PathBuf,
    /// Change a value of the file, as in: --set station.pick.servers=4 --set 'source."web shop".lines=2'
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Picks the random numbers, instead of the file's own seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Replications, instead of the file's own number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    reps: Option<u64>,
    /// Threads; results do not depend on it [default: one for each processor]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) look: Look,
    /// How progress is shown, on standard error
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    progress: Form,
    /// Folder for the report that `peaksim run` would write [default: none]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Loads, simulates, judges and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, Failure> {
    let scenario = Scenario::load(&arguments.file, &arguments.set)?;
    if let Some(warnings) = &scenario.warnings {
        terminal::tell(&warnings.render(arguments.look.colour_on_stderr()));
    }
    if scenario.model.measures.iter().all(|measure| measure.expected.is_none()) {
        return Err(nothing_to_check(arguments, &scenario));
    }
    arguments.output.iter().try_for_each(|folder| files::prepare(folder))?;
    let interruption = Interruption::listen().map_err(|error| Failure::printing(&error))?;

    let plan = Plan::new(&scenario.model).map_err(|error| Failure::scenario(error.to_string()))?;
    let seed = arguments.seed.unwrap_or(scenario.plan.seed);
    let asked = arguments.reps.unwrap_or_else(|| scenario.plan.replications.into());
    let series = Series { replications: 0..asked, threads: arguments.threads };
    let runs = simulated(&plan, seed, &series, arguments.progress, &interruption)?;
    if let (Some(status), true) = (interruption.status(), runs.records.is_empty()) {
        return Err(Failure::interrupted(status));
    }
    let results = folded(&scenario, seed, &runs);
    let shown = match arguments.look.format {
        Format::Json => json::results(&results),
        Format::Text => text::check_report(&results, arguments.look.colour_on_stdout()).into_bytes(),
    };
    let printed = terminal::print(&shown);
    let command = html::command_line(&arguments.file.to_string_lossy(), seed, asked, &arguments.set);
    let facts = ReportFacts::of(&scenario.model, scenario.description.as_deref(), &scenario.assumptions, command);
    if let Err(failure) = write_report(&results, &facts, arguments.output.as_deref(), None) {
        // The document on stdout is the results already.
        terminal::tell(&failure.render(arguments.look.colour_on_stderr()));
        return Ok(failure.status());
    }
    printed.map_err(|error| Failure::printing(&error))?;
    Ok(match status(&runs, &interruption) {
        ExitStatus::Done => verdict(&results),
        ended_early => ended_early,
    })
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
