//! The breach frontier as text and as JSON.

mod sentences;

pub(super) use sentences::{STOPPED, causes, headline, how, order, plan};

use super::breach::{functional, held, unit};
use super::checks::in_unit;
use super::figures::{self, UNKNOWN};
use super::json::{SCHEMA_VERSION, estimate};
use super::text::{Page, cells};
use crate::experiment::Results;
use crate::experiment::breach::{Outcome, Range};
use crate::experiment::frontier::{FrontierResult, Lever, Line, RowPoint, Seen};
use serde_json::{Value, json};

/// Everything that `peaksim frontier` found.
#[derive(Debug)]
pub struct FrontierReport {
    /// What the scenario calls itself.
    pub title: String,
    /// Digest of the scenario.
    pub hash: String,
    /// Master seed.
    pub seed: u64,
    /// What was asked, and what was found.
    pub result: FrontierResult,
}

impl Lever {
    /// A value in words: "1.31× the plan", "4 at station.pick.servers".
    pub(super) fn words(&self, value: f64) -> String {
        match self.of_what() {
            Some(what) => format!("{}× {what}", figures::number(value)),
            None => format!("{} = {}{}", self.path, figures::number(value), self.unit),
        }
    }

    /// The same where the lever is known from what stands before.
    pub(super) fn short(&self, value: f64) -> String {
        let unit = if self.of_what().is_some() { "×" } else { &self.unit };
        format!("{}{unit}", figures::number(value))
    }

    /// What a factor multiplies; `None` for other numbers.
    fn of_what(&self) -> Option<&'static str> {
        match self.path.as_str() {
            "exceptions.factor" => Some("the exceptions"),
            path if path.ends_with(".uplift") => Some("the plan"),
            path if path.ends_with(".scale") => Some("the campaigns"),
            _ => None,
        }
    }
}

/// A load in as many digits as tell something.
pub(super) fn digits(value: f64) -> f64 {
    let step = match value.abs() {
        size if size >= 100.0 => 1.0,
        size if size >= 10.0 => 0.1,
        _ => 0.01,
    };
    // 131 x 0.01 is not quite 1.31: divided, it is.
    libm::round(value / step) / libm::round(1.0 / step)
}

impl FrontierResult {
    pub(super) fn name(&self, subject: usize) -> &str {
        &self.subjects[subject].name
    }

    pub(super) fn held(&self, subject: usize) -> &'static str {
        held(self.subjects[subject].held)
    }

    pub(super) fn limit(&self, subject: usize) -> f64 {
        self.subjects[subject].limit
    }

    pub(super) fn writer(&self, subject: usize) -> fn(f64) -> String {
        in_unit(self.subjects[subject].unit)
    }

    /// A load as a number alone.
    pub(super) fn load(&self, value: Option<f64>) -> String {
        let write = |value| if self.range.whole { figures::count(value) } else { format!("{value:.3}") };
        value.map_or_else(|| UNKNOWN.to_owned(), |value| format!("{}{}", write(value), self.load.unit))
    }

    /// An interval of loads; an end outside the range is told as such.
    pub(super) fn between(&self, (low, high): (Option<f64>, Option<f64>)) -> String {
        let Range { low: least, high: most, .. } = self.range;
        let unit = &self.load.unit;
        match (low, high) {
            (None, None) => UNKNOWN.to_owned(),
            (low, high) => format!(
                "{} to {}",
                low.map_or_else(|| format!("below {least}{unit}"), |low| self.load(Some(low))),
                high.map_or_else(|| format!("above {most}{unit}"), |high| self.load(Some(high)))
            ),
        }
    }

    /// What a row's cell says of the point.
    pub(super) fn point(&self, row: &RowPoint) -> String {
        match row.outcome {
            Outcome::Breaks => self.load(row.point.value),
            Outcome::Holds => "holds".to_owned(),
            Outcome::Broken => "broken".to_owned(),
            Outcome::NotMonotone => "not monotone".to_owned(),
            Outcome::Unknown => UNKNOWN.to_owned(),
        }
    }
}

/// The document of `--format json`.
#[must_use]
pub fn document(report: &FrontierReport) -> Value {
    json!({
        "schema_version": SCHEMA_VERSION,
        "peaksim_version": env!("CARGO_PKG_VERSION"),
        "scenario": { "title": report.title, "hash": report.hash },
        "seed": report.seed,
        "frontier": value(&report.result),
        "partial": report.result.is_partial(),
    })
}

/// The frontier alone.
pub(super) fn value(report: &FrontierResult) -> Value {
    let found = &report.found;
    let Range { low, high, whole } = report.range;
    json!({
        "load": {
            "path": report.load.path, "unit": unit(&report.load.unit), "low": low, "high": high, "whole_numbers": whole, "planned": report.load.planned,
        },
        "rows": { "path": report.across.path, "unit": unit(&report.across.unit), "values": report.rows, "planned": report.across.planned },
        "replications": found.replications,
        "fewest_replications": found.fewest_replications,
        "stopped_early": found.cut_short,
        "precision_asked": report.precision,
        "confidence": found.confidence,
        "confidence_together": found.confidence_together,
        "lines": found.lines.iter().map(|line| line_value(report, line)).collect::<Vec<_>>(),
        "breaks_first": found.first.iter().zip(&report.rows).map(|(first, row)| json!({
            "row": row,
            "name": first.as_ref().map(|first| report.name(first.subject)),
            "or": first.iter().flat_map(|first| &first.or).map(|subject| report.name(*subject)).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "plan": found.plan.iter().enumerate().map(|(subject, value)| json!({
            "name": report.name(subject),
            "value": value.as_ref().map(estimate),
            "limit": report.limit(subject),
            "kept": found.plan_kept[subject],
            "breaks_at": headroom(report, &found.lines[subject]).as_ref().map(estimate),
        })).collect::<Vec<_>>(),
        "seen": found.seen.iter().map(|seen| seen_value(report, seen)).collect::<Vec<_>>(),
        "evaluations": found.evaluations,
        "evaluations_of_a_grid": found.evaluations_of_a_grid,
    })
}

/// Where a subject breaks at the rows' lever as planned.
pub(super) fn headroom(report: &FrontierResult, line: &Line) -> Option<crate::statistics::estimate::Estimate> {
    line.at(&report.rows, report.across.planned?)
}

fn line_value(report: &FrontierResult, line: &Line) -> Value {
    let criterion = &report.subjects[line.subject];
    json!({
        "name": report.name(line.subject),
        "functional": functional(criterion.held),
        "target": criterion.target,
        "kept": if line.falling { "below" } else { "above" },
        "monotone_along_rows": line.monotone,
        "rows": line.rows.iter().zip(&report.rows).map(|(row, at)| json!({
            "row": at,
            "outcome": row.outcome.name(),
            "point": estimate(&row.point),
            "together": { "low": row.together.0, "high": row.together.1 },
            "precision_reached": row.precision,
            "broken_by": row.broken_by.as_ref().map(|of| json!({ "station": of.station, "cause": of.cause })),
        })).collect::<Vec<_>>(),
    })
}

fn seen_value(report: &FrontierResult, seen: &Seen) -> Value {
    json!({
        "row": report.rows[seen.row],
        "load": seen.at,
        "values": seen.values.iter().enumerate().map(|(subject, value)| json!({
            "name": report.name(subject), "value": value.as_ref().map(estimate),
        })).collect::<Vec<_>>(),
    })
}

/// The text for people.
#[must_use]
pub fn text(report: &FrontierReport, colour: bool) -> String {
    let mut page = Page { text: String::new(), colour };
    page.heading(&report.title);
    tables(&mut page, &report.result);
    page.text.push('\n');
    notes(&mut page, &report.result);
    page.text.replace(figures::NO_BREAK, " ")
}

/// The part of a run's text report.
pub(super) fn part(page: &mut Page, results: &Results) {
    let Some(report) = &results.frontier else { return };
    tables(page, report);
    page.text.push('\n');
    notes(page, report);
}

/// For each subject where it breaks row by row.
fn tables(page: &mut Page, report: &FrontierResult) {
    for line in &report.found.lines {
        let sentence = headline(report, line);
        let single = figures::share(report.found.confidence);
        let columns = [report.across.path.as_str(), "breaks at", &format!("{single} interval"), "all rows together"];
        let row = |(row, at): (&RowPoint, &f64)| {
            let mut texts = vec![figures::number(*at), report.point(row)];
            texts.push(report.between((row.point.low, row.point.high)));
            texts.push(report.between(row.together));
            cells(texts)
        };
        page.table(&sentence, &columns, 0, line.rows.iter().zip(&report.rows).map(row).collect());
        [causes(report, line), plan(report, line)].into_iter().flatten().for_each(|sentence| page.paragraph(&sentence));
    }
}

fn notes(page: &mut Page, report: &FrontierResult) {
    if report.found.cut_short {
        page.paragraph(STOPPED);
    }
    order(report).into_iter().chain(how(report)).for_each(|sentence| page.paragraph(&sentence));
}
