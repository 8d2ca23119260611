//! How far a search has come: it does not know beforehand how many looks it will need, so each round has its own bar. What
//! it knows by then is the look nearest to the limit, with its interval: it closes in on where the limit is crossed.

use super::progress::Form;
use super::terminal;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use peaksim::experiment::breach::{Subject, WHERE_SINGLE_RUNS_BREAK};
use peaksim::experiment::cells::{Looked, Told};
use peaksim::model::Model;
use peaksim::report::checks::in_unit;
use peaksim::report::figures;
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
    /// What is looked at: its name, and how its number is written.
    subjects: Vec<Shown>,
    /// Whether the present looks are to close in on where the limit is crossed.
    closes_in: bool,
    /// Why it looks where it does, and of each subject the look nearest to its limit of those so made.
    nearest: (&'static str, Vec<Option<Looked>>),
}

/// A subject as it is shown.
#[derive(Debug)]
struct Shown {
    name: String,
    write: fn(f64) -> String,
}

impl Rounds {
    /// A display for a search over `of`.
    pub(crate) fn new(form: Form, of: &str) -> Rounds {
        let terminal = io::stderr().is_terminal();
        let drawn = terminal && matches!(form, Form::Auto | Form::Bar);
        let lines = !drawn && form != Form::None;
        let nearest = ("", Vec::new());
        Rounds {
            of: of.to_owned(),
            bar: drawn.then(bar),
            lines,
            done: 0,
            subjects: Vec::new(),
            closes_in: true,
            nearest,
        }
    }

    /// The same, which also shows how near to their limits these subjects are.
    pub(crate) fn looking_at(mut self, subjects: &[Subject], model: &Model) -> Rounds {
        let of = |subject: &Subject| {
            let criterion = subject.criterion(model);
            Shown { name: criterion.name, write: in_unit(criterion.unit) }
        };
        self.subjects = subjects.iter().map(of).collect();
        self.nearest.1 = vec![None; self.subjects.len()];
        self
    }

    /// Shows what the search tells.
    pub(crate) fn show(&mut self, told: &Told) {
        match told {
            Told::Begins(why, asked) => {
                let known = self.known();
                if let Some(bar) = &self.bar {
                    bar.set_length(*asked);
                    bar.set_position(0);
                    bar.set_message(format!("{}: {why}{known}", self.of));
                }
                if self.lines {
                    terminal::tell(&format!("{}: {why}, {asked} runs ({} so far){known}\n", self.of, self.done));
                }
                self.done += asked;
                self.closes_in = *why != WHERE_SINGLE_RUNS_BREAK;
                if self.closes_in && self.nearest.0 != *why {
                    // Looks of more runs are not held against those before.
                    self.nearest = (*why, vec![None; self.subjects.len()]);
                }
            }
            Told::Looked(looked) if self.closes_in => self.note(*looked),
            Told::Looked(_) => {}
            Told::Ran => {
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
            }
            Told::Runs => {}
        }
    }

    fn note(&mut self, looked: Looked) {
        let Some(nearest) = self.nearest.1.get_mut(looked.subject) else { return };
        if nearest.is_none_or(|nearest| looked.margin.abs() < nearest.margin.abs()) {
            *nearest = Some(looked);
        }
    }

    /// "; 'quick' 90.3 % (88.1 % to 92.4 %) at 1.312", of each subject; nothing before the first look.
    fn known(&self) -> String {
        let of = |(Shown { name, write }, nearest): (&Shown, &Option<Looked>)| {
            let Looked { at, shown, .. } = (*nearest)?;
            Some(format!("; '{name}' {} at {}", figures::interval(&shown, *write), figures::number(at)))
        };
        self.subjects.iter().zip(&self.nearest.1).filter_map(of).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use peaksim::statistics::estimate::Estimate;

    #[test]
    fn the_look_nearest_to_its_limit_is_shown_with_its_interval() {
        let mut rounds = Rounds::new(Form::None, "source.*.uplift");
        let shown = |name: &str, write| Shown { name: name.to_owned(), write };
        rounds.subjects = vec![shown("quick", figures::share), shown("short", figures::duration)];
        rounds.show(&Told::Begins("pilot", 60));
        assert_eq!(rounds.known(), "");
        let looked = |at, subject, value: f64, half, limit: f64| {
            let shown = Estimate::around(value, Some(half), 0.95, 30);
            Told::Looked(Looked { at, subject, shown, margin: value - limit })
        };
        for told in [looked(1.0, 0, 0.99, 0.01, 0.9), looked(1.5, 0, 0.89, 0.02, 0.9), looked(2.0, 0, 0.5, 0.1, 0.9)] {
            rounds.show(&told);
        }
        assert_eq!(rounds.known(), "; 'quick' 89 % (87 % to 91 %) at 1.5");
        rounds.show(&looked(1.5, 1, 30.0, 2.0, 40.0));
        assert_eq!(rounds.known(), "; 'quick' 89 % (87 % to 91 %) at 1.5; 'short' 30 s (28 s to 32 s) at 1.5");
        rounds.show(&Told::Begins("fresh runs", 600));
        assert_eq!(rounds.known(), "");
    }
}
