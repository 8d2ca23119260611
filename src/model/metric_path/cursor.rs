//! Stepping through a path: each step knows the words that are possible there.

use super::MetricNames;
use super::segments::{Segment, cut};
use super::values;
use crate::model::{Instant, MetricError};
use crate::time::SimDuration;

/// The most words or names that help lists.
const LONGEST_LIST: usize = 40;

/// A path on its way through the grammar.
pub(super) struct Cursor<'p> {
    path: &'p str,
    segments: Vec<Segment>,
    next: usize,
    pub(super) names: MetricNames<'p>,
}

/// Result of a step.
pub(super) type Step<T> = Result<T, MetricError>;

impl<'p> Cursor<'p> {
    pub(super) fn new(path: &'p str, names: &MetricNames<'p>) -> Step<Cursor<'p>> {
        Ok(Cursor { path, segments: cut(path)?, next: 0, names: *names })
    }

    /// The next segment's text, if there is one.
    pub(super) fn peek(&self) -> Option<&str> {
        self.segments.get(self.next).map(|segment| segment.text.as_str())
    }

    /// Steps over the next segment when it is `word`.
    pub(super) fn skip(&mut self, word: &str) -> Step<bool> {
        if self.peek() != Some(word) {
            return Ok(false);
        }
        self.step_plain()?;
        Ok(true)
    }

    /// Steps over the next segment, which has no brackets.
    pub(super) fn step_plain(&mut self) -> Step<()> {
        self.no_arguments(self.next)?;
        self.next += 1;
        Ok(())
    }

    /// Which of `known` comes next; `example` ends a valid path from here on.
    pub(super) fn word(&mut self, known: &[&'static str], example: &str) -> Step<&'static str> {
        let Some(segment) = self.segments.get(self.next) else {
            let what = format!("the metric path `{}` ends too early", self.path);
            return Err(self.wrong(what, &list("possible here", known), example));
        };
        let Some(word) = known.iter().find(|word| **word == segment.text) else {
            let what = format!("`{}` means nothing here in the metric path `{}`", segment.text, self.path);
            let help = meant(&segment.text, "possible here", known);
            return Err(self.wrong(what, &help, example));
        };
        self.next += 1;
        Ok(word)
    }

    /// The index of the name that comes next among `known`.
    pub(super) fn name(&mut self, noun: &str, known: &[&str], example: &str) -> Step<usize> {
        let Some(segment) = self.segments.get(self.next) else {
            let what = format!("the metric path `{}` ends too early: which {noun}?", self.path);
            return Err(self.wrong(what, &list(&format!("{noun}s"), known), &with_first(known, example)));
        };
        self.no_arguments(self.next)?;
        let found = self.find(noun, &segment.text, known, &with_first(known, example))?;
        self.next += 1;
        Ok(found)
    }

    fn find(&self, noun: &str, name: &str, known: &[&str], example: &str) -> Step<usize> {
        known.iter().position(|known| *known == name).ok_or_else(|| {
            let what = format!("there is no {noun} called \"{name}\" (in the metric path `{}`)", self.path);
            let help = if known.is_empty() {
                format!("the scenario has no {noun}")
            } else {
                meant(name, &format!("{noun}s"), known)
            };
            self.wrong(what, &help, example)
        })
    }

    /// The source in the brackets of the segment just read.
    pub(super) fn source_argument(&self) -> Step<usize> {
        let [name] = self.arguments::<1>("from(\"web\")")?;
        let known = self.names.sources;
        self.find("source", name, known, "mean")
    }

    pub(super) fn share(&self, example: &str) -> Step<f64> {
        let [text] = self.arguments::<1>(example)?;
        values::share(text).map_err(|reason| self.bad_argument(&reason, example))
    }

    pub(super) fn number(&self, example: &str) -> Step<f64> {
        let [text] = self.arguments::<1>(example)?;
        values::number(text).map_err(|reason| self.bad_argument(&reason, example))
    }

    pub(super) fn rank(&self, example: &str) -> Step<u32> {
        let [text] = self.arguments::<1>(example)?;
        values::rank(text).map_err(|reason| self.bad_argument(&reason, example))
    }

    pub(super) fn span(&self, example: &str) -> Step<SimDuration> {
        let [text] = self.arguments::<1>(example)?;
        values::span(text).map_err(|reason| self.bad_argument(&reason, example))
    }

    pub(super) fn instant(&self, example: &str) -> Step<Instant> {
        let [text] = self.arguments::<1>(example)?;
        values::instant(text, self.names.calendar).map_err(|reason| self.bad_argument(&reason, example))
    }

    /// A period above zero, and a phase that is zero when it is left out.
    pub(super) fn period_and_phase(&self, example: &str) -> Step<(SimDuration, SimDuration)> {
        let texts = self.segments[self.next - 1].arguments.as_deref().unwrap_or_default();
        let (period, phase) = match texts {
            [period] => (period.as_str(), "0s"),
            [period, phase] => (period.as_str(), phase.as_str()),
            _ => return Err(self.bad_argument("one or two spans of time stand in its brackets", example)),
        };
        let read = |text: &str| values::span(text).map_err(|reason| self.bad_argument(&reason, example));
        let (period, phase) = (read(period)?, read(phase)?);
        if period == SimDuration::ZERO {
            return Err(self.bad_argument("the period must be longer than zero", example));
        }
        Ok((period, phase))
    }

    /// Refuses brackets after the segment just read.
    pub(super) fn plain(&self) -> Step<()> {
        self.no_arguments(self.next - 1)
    }

    /// Refuses `what` that was just read.
    pub(super) fn refuse(&self, what: String, help: &str) -> MetricError {
        MetricError { message: format!("{what} (in the metric path `{}`)", self.path), help: help.to_owned() }
    }

    /// Refuses anything that is left.
    pub(super) fn end(&self, possible: &[&str]) -> Step<()> {
        let Some(segment) = self.segments.get(self.next) else { return Ok(()) };
        let so_far = self.path[..segment.start].trim_end_matches('.');
        let what = format!("`{}` means nothing after `{so_far}`", segment.text);
        let help = meant(&segment.text, "possible here", possible);
        Err(MetricError { message: what, help: format!("{help}\nfor example: {so_far}") })
    }

    fn arguments<const N: usize>(&self, example: &str) -> Step<[&str; N]> {
        let texts = self.segments[self.next - 1].arguments.as_deref().unwrap_or_default();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        texts.try_into().map_err(|_| {
            let word = &self.segments[self.next - 1].text;
            self.bad_argument(&format!("`{word}` needs {N} value in brackets"), example)
        })
    }

    fn no_arguments(&self, index: usize) -> Step<()> {
        let segment = &self.segments[index];
        if segment.arguments.is_none() {
            return Ok(());
        }
        let what = format!("`{}` takes nothing in brackets (in the metric path `{}`)", segment.text, self.path);
        let help = format!("write `{}` alone", segment.text);
        Err(MetricError { message: what, help })
    }

    /// `example` stands for the segment just read.
    fn bad_argument(&self, reason: &str, example: &str) -> MetricError {
        let segment = &self.segments[self.next - 1];
        let message = format!("{reason} (in the metric path `{}`)", self.path);
        MetricError { message, help: format!("for example: {}{example}", &self.path[..segment.start]) }
    }

    fn wrong(&self, message: String, help: &str, example: &str) -> MetricError {
        let so_far = match (self.segments.get(self.next), self.next) {
            (_, 0) => String::new(),
            (Some(segment), _) => self.path[..segment.start].to_owned(),
            (None, _) => format!("{}.", self.path),
        };
        MetricError { message, help: format!("{help}\nfor example: {so_far}{example}") }
    }
}

/// `name.rest` with the first of the known names, so that the example is a valid path of this scenario.
fn with_first(known: &[&str], rest: &str) -> String {
    format!("{}.{rest}", known.first().map_or_else(|| "name".to_owned(), |name| written(name)))
}

/// A name as it stands in a path.
pub(super) fn written(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if bare { name.to_owned() } else { format!("\"{name}\"") }
}

fn list(what: &str, known: &[&str]) -> String {
    let shown: Vec<String> = known.iter().take(LONGEST_LIST).map(|word| format!("`{word}`")).collect();
    let more = known.len().saturating_sub(LONGEST_LIST);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{what}: {}{tail}", shown.join(", "))
}

fn meant(text: &str, what: &str, known: &[&str]) -> String {
    let lower = text.to_lowercase();
    let close = known
        .iter()
        .map(|word| (strsim::damerau_levenshtein(&lower, &word.to_lowercase()), *word))
        .filter(|(distance, word)| *distance <= 1 + word.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance);
    match close {
        Some((_, word)) => format!("did you mean `{word}`? {}", list(what, known)),
        None => list(what, known),
    }
}
