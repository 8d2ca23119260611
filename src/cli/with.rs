//! `run --with PARTS`: further experiments for the same report, on the same random numbers.

use super::outcome::Failure;
use super::progress::Form;
use super::rounds::Rounds;
use peaksim::experiment::cells::Work;
use peaksim::experiment::whatif::{self, Base};
use peaksim::experiment::{Results, RunSet};
use peaksim::model::Model;

/// What else a report can tell. Each costs more runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// What a little more capacity would do, and each cause less.
    Why,
    /// Everything there is.
    All,
}

impl Part {
    /// Its word on the command line.
    fn word(self) -> &'static str {
        match self {
            Part::Why => "why",
            Part::All => "all",
        }
    }
}

/// Whether `part` was asked for.
pub(super) fn asks_for(asked: &[Part], part: Part) -> bool {
    asked.iter().any(|one| *one == part || *one == Part::All)
}

/// The option as typed, with a blank before it; empty when nothing was asked for.
pub(super) fn option(asked: &[Part]) -> String {
    if asked.is_empty() {
        return String::new();
    }
    format!(" --with {}", asked.iter().map(|part| part.word()).collect::<Vec<_>>().join(","))
}

/// Adds what more capacity and fewer causes would do; `false` when somebody asked to stop.
pub(super) fn why(
    results: &mut Results,
    model: &Model,
    runs: &RunSet,
    work: Work<'_>,
    form: Form,
) -> Result<bool, Failure> {
    let base =
        Base { model, records: &runs.records, bottlenecks: &results.bottlenecks, confidence: results.confidence };
    let mut rounds = Rounds::new(form, "--with why");
    let found = whatif::why(&base, work, &mut |told| rounds.show(&told));
    rounds.finish();
    let Some(why) = found? else { return Ok(false) };
    results.tell_why(model, why);
    Ok(true)
}
