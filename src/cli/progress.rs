//! How far a run has come, on stderr: a bar on a terminal, otherwise a line for every tenth.

use super::terminal;
use super::until::Watched;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use peaksim::experiment::Progress;
use peaksim::report::figures;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

/// How progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// A bar on a terminal, lines elsewhere.
    #[default]
    Auto,
    /// A bar; lines where there is no terminal to draw it on.
    Bar,
    /// A line for every tenth.
    Plain,
    /// Nothing.
    None,
}

/// Shows how far replications have come.
#[derive(Debug)]
pub(crate) struct Display {
    shown: Shown,
    /// What the running estimate is of.
    watched: Option<Watched>,
    asked: u64,
    tenths: u64,
    since: Instant,
}

#[derive(Debug)]
enum Shown {
    Bar(ProgressBar),
    Lines,
    Nothing,
}

impl Display {
    /// A display of `asked` replications; `watched` says what the running estimate is of.
    pub(crate) fn new(form: Form, asked: u64, watched: Option<Watched>) -> Display {
        let terminal = io::stderr().is_terminal();
        let shown = match form {
            Form::None => Shown::Nothing,
            Form::Auto | Form::Bar if terminal => Shown::Bar(bar(asked)),
            Form::Auto | Form::Bar | Form::Plain => Shown::Lines,
        };
        Display { shown, watched, asked, tenths: 0, since: now() }
    }

    /// Shows how far it has come.
    pub(crate) fn show(&mut self, progress: &Progress) {
        let estimate = self.estimate(progress);
        if progress.asked != self.asked {
            // Until a number is known well enough, each look says how far the next one is.
            self.asked = progress.asked;
            self.tenths = progress.finished.saturating_sub(1) * 10 / progress.asked.max(1);
            if let Shown::Bar(bar) = &self.shown {
                bar.set_length(progress.asked);
            }
        }
        match &self.shown {
            Shown::Nothing => {}
            Shown::Bar(bar) => {
                bar.set_position(progress.finished);
                bar.set_message(estimate);
            }
            Shown::Lines => {
                let tenths = progress.finished * 10 / progress.asked.max(1);
                if tenths > self.tenths {
                    self.tenths = tenths;
                    terminal::tell(&line(progress, &estimate, self.left(progress)));
                }
            }
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Shown::Bar(bar) = self.shown {
            bar.finish_and_clear();
        }
    }

    fn estimate(&self, progress: &Progress) -> String {
        let Some((watched, running)) = self.watched.as_ref().zip(progress.running) else { return String::new() };
        format!("{} {} so far", watched.what, figures::interval(&running, watched.write))
    }

    fn left(&self, progress: &Progress) -> Duration {
        let elapsed = now().duration_since(self.since);
        let per_run = elapsed.as_secs_f64() / progress.finished.max(1) as f64;
        Duration::from_secs_f64(per_run * (progress.asked - progress.finished) as f64)
    }
}

#[expect(clippy::disallowed_methods, reason = "the time left is for the eye; no result depends on it")]
fn now() -> Instant {
    Instant::now()
}

fn line(progress: &Progress, estimate: &str, left: Duration) -> String {
    let done = progress.finished * 100 / progress.asked.max(1);
    let left = if progress.finished < progress.asked {
        format!(", about {} left", figures::duration(left.as_secs_f64().ceil()))
    } else {
        String::new()
    };
    let estimate = if estimate.is_empty() { String::new() } else { format!("; {estimate}") };
    format!("{done:3} %: {} of {} replications{left}{estimate}\n", progress.finished, progress.asked)
}

fn bar(asked: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} replications, {eta} left  {wide_msg}")
        .expect("a template of ours")
        .progress_chars("=> ");
    let bar = ProgressBar::with_draw_target(Some(asked), ProgressDrawTarget::stderr()).with_style(style);
    // The time left moves on while a long replication runs.
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_how_long_and_what_is_known() {
        let progress = Progress { finished: 20, asked: 100, running: None };
        let text = line(&progress, "'x' kept 95 % so far", Duration::from_secs(90));
        assert_eq!(text, " 20 %: 20 of 100 replications, about 1.5 min left; 'x' kept 95 % so far\n");
        let text = line(&Progress { finished: 3, asked: 3, running: None }, "", Duration::ZERO);
        assert_eq!(text, "100 %: 3 of 3 replications\n");
    }
}
