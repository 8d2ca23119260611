//! How far a search has come: it does not know beforehand how many looks it will need, so each round has its own bar.

use super::progress::Form;
use super::terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use peaksim::experiment::cells::Told;
use std::io::{self, IsTerminal};
use std::time::Duration;

/// Shows the rounds of one search.
#[derive(Debug)]
pub(crate) struct Rounds {
    /// What is varied.
    of: String,
    bar: Option<ProgressBar>,
    lines: bool,
    done: u64,
}

impl Rounds {
    /// A display for a search over `of`.
    pub(crate) fn new(form: Form, of: &str) -> Rounds {
        let terminal = io::stderr().is_terminal();
        let drawn = terminal && matches!(form, Form::Auto | Form::Bar);
        let lines = !drawn && form != Form::None;
        Rounds { of: of.to_owned(), bar: drawn.then(bar), lines, done: 0 }
    }

    /// Shows what the search tells.
    pub(crate) fn show(&mut self, told: &Told) {
        match told {
            Told::Begins(why, asked) => {
                if let Some(bar) = &self.bar {
                    bar.set_length(*asked);
                    bar.set_position(0);
                    bar.set_message(format!("{}: {why}", self.of));
                }
                if self.lines {
                    terminal::tell(&format!("{}: {why}, {asked} runs ({} so far)\n", self.of, self.done));
                }
                self.done += asked;
            }
            Told::Ran => {
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
            }
            Told::Runs => {}
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} runs, {eta} left in this round  {wide_msg}")
        .expect("a template of ours")
        .progress_chars("=> ");
    let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr()).with_style(style);
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
