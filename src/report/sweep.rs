//! The cells of a sweep as text, as JSON and as a table for spreadsheets.

mod sentences;

pub(super) use sentences::{along, headline, how, notes, shown, telling};

use super::checks::in_unit;
use super::csv::{self, Row};
use super::figures::{self, UNKNOWN};
use super::json::{SCHEMA_VERSION, estimate};
use super::text::{Page, cells};
use crate::experiment::results::Verdict;
use crate::experiment::sweep::{CellResult, CellSla, Setting};
use crate::model::MetricUnit;
use crate::statistics::estimate::Estimate;
use serde_json::{Map, Value, json};

/// Everything that `peaksim sweep` found.
#[derive(Clone, Debug)]
pub struct SweepReport {
    /// What the scenario calls itself.
    pub title: String,
    /// Digest of the scenario.
    pub hash: String,
    /// Master seed of all cells.
    pub seed: u64,
    /// Replications asked for, of each cell.
    pub replications: u64,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// How the cells were chosen.
    pub design: Design,
    /// Paths of what was varied.
    pub axes: Vec<String>,
    /// Names of the SLAs.
    pub slas: Vec<String>,
    /// The numbers asked for: path and unit.
    pub metrics: Vec<(String, MetricUnit)>,
    /// Every cell.
    pub cells: Vec<CellResult>,
}

/// How the cells were chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// Every combination.
    Grid,
    /// A Latin hypercube.
    Latin,
}

impl Design {
    fn name(self) -> &'static str {
        match self {
            Design::Grid => "grid",
            Design::Latin => "latin hypercube",
        }
    }
}

/// What is told of every cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Sla(usize),
    Metric(usize),
}

impl SweepReport {
    /// Whether replications are missing.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        self.cells.iter().any(|cell| cell.replications < self.replications)
    }

    /// Whether replications are missing or reached a limit.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.is_cut_short() || self.cells.iter().any(|cell| cell.limited)
    }

    pub(super) fn subjects(&self) -> Vec<Subject> {
        (0..self.slas.len()).map(Subject::Sla).chain((0..self.metrics.len()).map(Subject::Metric)).collect()
    }

    /// How numbers of a subject are written.
    pub(super) fn writer(&self, subject: Subject) -> fn(f64) -> String {
        match subject {
            Subject::Sla(_) => figures::share,
            Subject::Metric(k) => in_unit(self.metrics[k].1),
        }
    }

    /// `'same day'`, or the path of a number.
    pub(super) fn name(&self, subject: Subject) -> String {
        match subject {
            Subject::Sla(k) => format!("'{}'", self.slas[k]),
            Subject::Metric(k) => self.metrics[k].0.clone(),
        }
    }
}

impl Subject {
    pub(super) fn of(self, cell: &CellResult) -> &Estimate {
        match self {
            Subject::Sla(k) => &cell.slas[k].attainment,
            Subject::Metric(k) => &cell.metrics[k],
        }
    }

    pub(super) fn verdict(self, cell: &CellResult) -> Option<Verdict> {
        match self {
            Subject::Sla(k) => Some(cell.slas[k].verdict),
            Subject::Metric(_) => None,
        }
    }
}

/// The document of `--format json`.
#[must_use]
pub fn document(report: &SweepReport) -> Value {
    let metrics = report.metrics.iter().map(|(path, unit)| json!({ "path": path, "unit": unit.name() }));
    json!({
        "schema_version": SCHEMA_VERSION,
        "peaksim_version": env!("CARGO_PKG_VERSION"),
        "scenario": { "title": report.title, "hash": report.hash },
        "seed": report.seed,
        "replications": report.replications,
        "sweep": {
            "design": report.design.name(),
            "axes": report.axes,
            "metrics": metrics.collect::<Vec<_>>(),
            "cells": report.cells.iter().map(|cell| cell_value(report, cell)).collect::<Vec<_>>(),
        },
        "warnings": notes(report),
        "partial": report.is_partial(),
    })
}

fn cell_value(report: &SweepReport, cell: &CellResult) -> Value {
    let value = |setting: &Setting| setting.plain().map_or_else(|| json!(shown(setting)), |number| json!(number));
    let values = report.axes.iter().zip(&cell.settings).map(|(path, setting)| (path.clone(), value(setting)));
    let sla = |(name, sla): (&String, &CellSla)| {
        json!({
            "name": name,
            "target": sla.target,
            "attainment": estimate(&sla.attainment),
            "late_orders": estimate(&sla.late_orders),
            "share_of_runs_breached": estimate(&sla.share_of_runs_breached),
            "verdict": sla.verdict.name(),
            "broken_by": sla.broken_by.as_ref().map(|of| json!({ "station": of.station, "cause": of.cause })),
        })
    };
    let metric =
        |((path, _), found): (&(String, MetricUnit), &Estimate)| json!({ "path": path, "estimate": estimate(found) });
    json!({
        "values": values.collect::<Map<String, Value>>(),
        "replications": cell.replications,
        "slas": report.slas.iter().zip(&cell.slas).map(sla).collect::<Vec<_>>(),
        "metrics": report.metrics.iter().zip(&cell.metrics).map(metric).collect::<Vec<_>>(),
        "limit_reached": cell.limited,
    })
}

/// One row a cell, an estimate in three columns, for spreadsheets.
#[must_use]
pub fn table(report: &SweepReport) -> Vec<u8> {
    csv::table(&report.cells, |row: &mut Row, cell| {
        for (path, setting) in report.axes.iter().zip(&cell.settings) {
            row.text(path, shown(setting));
        }
        row.text("replications", cell.replications).text("limit_reached", cell.limited);
        for (name, sla) in report.slas.iter().zip(&cell.slas) {
            row.estimate(&format!("{name}: attainment"), &sla.attainment);
            row.estimate(&format!("{name}: late_orders"), &sla.late_orders);
            row.text(&format!("{name}: verdict"), sla.verdict.name());
        }
        for ((path, _), found) in report.metrics.iter().zip(&cell.metrics) {
            row.estimate(path, found);
        }
    })
}

/// Columns of numbers that fit side by side.
const MOST_COLUMNS: usize = 7;

/// The text for people.
#[must_use]
pub fn text(report: &SweepReport, colour: bool) -> String {
    let mut page = Page { text: String::new(), colour };
    page.heading(&report.title);
    for subject in report.subjects() {
        match plane(report) {
            Some(plane) => {
                let corner = format!("{} \\ {}", report.axes[1], report.axes[0]);
                let mut header = vec![corner.as_str()];
                header.extend(plane.columns.iter().map(String::as_str));
                let row = |(name, of): &(String, Vec<&CellResult>)| {
                    let texts = of.iter().map(|cell| signed(report, subject, cell));
                    cells(std::iter::once(name.clone()).chain(texts))
                };
                page.table(&headline(report, subject), &header, 0, plane.rows.iter().map(row).collect());
            }
            None => listed(&mut page, report, subject),
        }
        along(report, subject).iter().for_each(|sentence| page.paragraph(sentence));
    }
    page.text.push('\n');
    how(report).iter().for_each(|sentence| page.paragraph(sentence));
    notes(report).iter().for_each(|note| page.paragraph(&format!("Note: {note}")));
    page.text.replace(figures::NO_BREAK, " ")
}

/// A row for each cell.
fn listed(page: &mut Page, report: &SweepReport, subject: Subject) {
    let mut header: Vec<&str> = report.axes.iter().map(String::as_str).collect();
    header.push(if matches!(subject, Subject::Sla(_)) { "attainment" } else { "value" });
    if let Subject::Sla(_) = subject {
        header.extend(["late orders", "verdict"]);
    }
    let row = |cell: &CellResult| {
        let mut texts: Vec<String> = cell.settings.iter().map(shown).collect();
        texts.push(figures::interval(subject.of(cell), report.writer(subject)));
        if let Subject::Sla(k) = subject {
            texts.push(figures::value(&cell.slas[k].late_orders, figures::count));
            texts.push(cell.slas[k].verdict.name().to_owned());
        }
        cells(texts)
    };
    page.table(&headline(report, subject), &header, 0, report.cells.iter().map(row).collect());
}

/// "✓ 99.1 %": kept; "✗": breached; "?": too little to tell.
fn signed(report: &SweepReport, subject: Subject, cell: &CellResult) -> String {
    let value = figures::value(subject.of(cell), report.writer(subject));
    match subject.verdict(cell) {
        Some(verdict) if value != UNKNOWN => format!("{} {value}", sign(verdict)),
        _ => value,
    }
}

pub(super) fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "✓",
        Verdict::Breached => "✗",
        Verdict::Inconclusive => "?",
    }
}

/// The cells of two axes, the first along the columns.
struct Plane<'r> {
    columns: Vec<String>,
    rows: Vec<(String, Vec<&'r CellResult>)>,
}

/// `None` where there are not two axes, or too many columns.
fn plane(report: &SweepReport) -> Option<Plane<'_>> {
    if report.design != Design::Grid || report.axes.len() != 2 {
        return None;
    }
    let rows: Vec<(String, Vec<&CellResult>)> = lines(report);
    let columns: Vec<String> = rows.first()?.1.iter().map(|cell| shown(&cell.settings[0])).collect();
    (columns.len() <= MOST_COLUMNS).then_some(Plane { columns, rows })
}

/// The cells of a grid line by line: those that differ along the first axis alone, in its order, with the values of all
/// other axes.
pub(super) fn lines(report: &SweepReport) -> Vec<(String, Vec<&CellResult>)> {
    let mut lines: Vec<(Vec<String>, Vec<&CellResult>)> = Vec::new();
    for cell in &report.cells {
        let rest: Vec<String> = cell.settings.iter().skip(1).map(shown).collect();
        match lines.iter_mut().find(|(known, _)| *known == rest) {
            Some((_, cells)) => cells.push(cell),
            None => lines.push((rest, vec![cell])),
        }
    }
    let named = |(rest, cells): (Vec<String>, Vec<_>)| {
        let name = match report.axes.len() {
            2 => rest.join(""),
            _ => report
                .axes
                .iter()
                .skip(1)
                .zip(rest)
                .map(|(path, of)| format!("{path} = {of}"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        (name, cells)
    };
    lines.into_iter().map(named).collect()
}
