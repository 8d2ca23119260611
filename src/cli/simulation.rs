//! What every command that simulates can be told. A command that means something else by one of these options says so
//! where it takes them in, with `mut_arg`.

use super::deadline::{self, Allowed};
use super::outcome::Failure;
use super::progress::Form;
use super::terminal::{self, Look};
use super::until;
use peaksim::experiment::until::Until;
use peaksim::model::RunPlan;
use peaksim::scenario::Scenario;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Confidence of every interval, where none is asked for.
pub(super) const CONFIDENCE: f64 = 0.95;

/// The options of a simulation.
#[derive(Debug, clap::Args)]
pub(crate) struct Simulation {
    /// Change a value of the file, as in: --set station.pick.servers=4 --set 'source."web shop".lines=2'
    #[arg(long, value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Picks the random numbers, instead of the file's own seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Replications, instead of the file's own number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(super) reps: Option<u64>,
    /// Stop after this much real time, as in 60s or 5m, with the best answer so far: marked partial, exit code 22
    #[arg(long, value_name = "TIME", value_parser = deadline::allowed)]
    pub(super) deadline: Option<Allowed>,
    /// Threads; results do not depend on it [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) look: Look,
    /// How progress is shown, on standard error
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub(super) progress: Form,
    /// Folder for what is written [default: none]
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
}

impl Simulation {
    /// The seed asked for, or that of `plan`.
    pub(super) fn seed(&self, plan: &RunPlan) -> u64 {
        self.seed.unwrap_or(plan.seed)
    }

    /// The replications asked for, or those of `plan`.
    pub(super) fn replications(&self, plan: &RunPlan) -> u64 {
        self.reps.unwrap_or_else(|| plan.replications.into())
    }

    /// What `--until` asks for, where it does; the replications asked for are the most then.
    pub(super) fn until(&self, text: Option<&str>, scenario: &Scenario) -> Result<Option<Until>, Failure> {
        text.map(|text| until::read(text, scenario, self.reps, CONFIDENCE)).transpose()
    }

    /// Tells what was read without being an error, but is probably not what was meant.
    pub(super) fn tell_warnings(&self, scenario: &Scenario) {
        if let Some(warnings) = &scenario.warnings {
            terminal::tell(&warnings.render(self.look.colour_on_stderr()));
        }
    }
}
