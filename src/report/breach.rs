//! Breach points as text and as JSON.

use super::checks::in_unit;
use super::figures::{self, UNKNOWN};
use super::json::{SCHEMA_VERSION, estimate};
use super::text::wrapped;
use crate::experiment::breach::{Breach, CurvePoint, Outcome, Range, Subject};
use crate::experiment::results::Blamed;
use crate::model::{Judge, MetricUnit, Model};
use crate::time::SimTime;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Everything that `peaksim breach` found.
#[derive(Debug)]
pub struct BreachReport<'m> {
    /// The scenario as it stands.
    pub model: &'m Model,
    /// Digest of the scenario.
    pub hash: String,
    /// Master seed.
    pub seed: u64,
    /// Half-width asked for, relative to the point.
    pub precision: f64,
    /// What may break.
    pub subjects: Vec<Subject>,
    /// What was varied, each with what was found for every subject.
    pub varied: Vec<Varying>,
    /// Whether more was to be varied, and there was no time for it.
    pub out_of_time: bool,
}

impl BreachReport<'_> {
    /// The number that a subject is held against.
    #[must_use]
    pub fn limit(&self, subject: &Subject) -> f64 {
        limit(self.model, subject)
    }
}

impl BreachReport<'_> {
    /// Whether runs reached a limit, or something was not varied for want of time.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.out_of_time || self.varied.iter().flat_map(|varying| &varying.breaches).any(|breach| breach.limited)
    }

    /// How the numbers of a subject are written.
    #[must_use]
    pub fn write(&self, subject: &Subject) -> fn(f64) -> String {
        writer(self.model, subject)
    }
}

/// What was found when one number was varied.
#[derive(Debug)]
pub struct Varying {
    /// Its path.
    pub path: String,
    /// How far.
    pub range: Range,
    /// Every subject, in order.
    pub breaches: Vec<Breach>,
}

/// The document of `--format json`.
#[must_use]
pub fn document(report: &BreachReport<'_>) -> Value {
    let of = |varying: &Varying| {
        varying.breaches.iter().map(|breach| breach_value(report, varying, breach)).collect::<Vec<_>>()
    };
    json!({
        "schema_version": SCHEMA_VERSION,
        "peaksim_version": env!("CARGO_PKG_VERSION"),
        "scenario": { "title": report.model.title, "hash": report.hash },
        "seed": report.seed,
        "breach_points": report.varied.iter().flat_map(of).collect::<Vec<_>>(),
        "partial": report.is_partial(),
    })
}

fn breach_value(report: &BreachReport<'_>, varying: &Varying, breach: &Breach) -> Value {
    let subject = &report.subjects[breach.subject];
    let (functional, target) = functional(report.model, subject);
    let at = |time: Option<SimTime>| time.map_or(Value::Null, |time| instant(report.model, time));
    json!({
        "name": name(report.model, subject),
        "functional": functional,
        "target": target,
        "vary": varying.path,
        "range": { "low": varying.range.low, "high": varying.range.high, "whole_numbers": varying.range.whole },
        "outcome": breach.outcome.name(),
        "point": estimate(&breach.point),
        "kept": if breach.falling { "below" } else { "above" },
        "monotone": breach.monotone,
        "precision": { "asked": report.precision, "reached": breach.precision },
        "curve": breach.curve.iter().map(curve_value).collect::<Vec<_>>(),
        "single_runs": breach.own.map(|own| json!({
            "p10": own.p10, "median": own.median, "p90": own.p90,
            "share_recrossing": own.recrossing, "replications": own.replications,
        })),
        "broken_by": breach.broken_by.as_ref().map(|of| json!({ "station": of.station, "cause": of.cause })),
        "first_breach": breach.first_breach.map(|of| json!({
            "p10": at(of.p10), "median": at(of.median), "p90": at(of.p90),
        })),
        "evaluations": breach.evaluations,
        "evaluations_of_a_grid": grid_evaluations(varying, breach),
    })
}

fn curve_value(point: &CurvePoint) -> Value {
    json!({ "at": point.at, "value": estimate(&point.value) })
}

fn instant(model: &Model, at: SimTime) -> Value {
    model.calendar().map_or_else(|| json!(at.seconds()), |calendar| json!(calendar.iso(at)))
}

pub(super) fn name<'m>(model: &'m Model, subject: &Subject) -> &'m str {
    match subject {
        Subject::Sla(k) => &model.slas[*k].name,
        Subject::Limit(limit) => &model.measures[limit.measure].name,
    }
}

/// The number that a subject is held against.
pub(super) fn limit(model: &Model, subject: &Subject) -> f64 {
    match subject {
        Subject::Sla(k) => match model.slas[*k].judge {
            Judge::Pooled => model.slas[*k].target,
            Judge::Runs { risk } => risk,
        },
        Subject::Limit(limit) => limit.value,
    }
}

/// How the numbers of a subject are written.
pub(super) fn writer(model: &Model, subject: &Subject) -> fn(f64) -> String {
    match subject {
        Subject::Sla(_) => figures::share,
        Subject::Limit(limit) => {
            let measure = &model.measures[limit.measure];
            in_unit(MetricUnit::of(&measure.metric, measure.over_runs))
        }
    }
}

/// How it is judged, and against what.
pub(super) fn functional(model: &Model, subject: &Subject) -> (&'static str, f64) {
    match subject {
        Subject::Sla(k) => match model.slas[*k].judge {
            Judge::Pooled => ("pooled", model.slas[*k].target),
            Judge::Runs { .. } => ("runs", model.slas[*k].target),
        },
        Subject::Limit(limit) => ("metric", limit.value),
    }
}

/// How many loads a grid as fine as the interval would look at.
fn grid_evaluations(varying: &Varying, breach: &Breach) -> Option<f64> {
    let width = 2.0 * breach.point.half_width()?;
    (width > 0.0).then(|| libm::ceil((varying.range.high - varying.range.low) / width) + 1.0)
}

/// The text for people.
#[must_use]
pub fn text(report: &BreachReport<'_>) -> String {
    let mut page = format!("{}\n", report.model.title);
    for varying in &report.varied {
        for breach in &varying.breaches {
            page.push('\n');
            for line in told(report, varying, breach) {
                for line in wrapped(&line) {
                    page.push_str(&line);
                    page.push('\n');
                }
            }
            page.push_str(&curve_table(report, varying, breach));
        }
    }
    if report.out_of_time {
        page.push_str(&format!("\nNote: {OUT_OF_TIME}\n"));
    }
    page
}

/// What is said when there was no time for all that was to be varied.
pub(super) const OUT_OF_TIME: &str = "the deadline came before all that was to be varied was: the rest is not known.";

/// What was found, sentence by sentence.
pub(super) fn told(report: &BreachReport<'_>, varying: &Varying, breach: &Breach) -> Vec<String> {
    let mut lines = vec![headline(report, varying, breach)];
    lines.extend(broken_by(report, breach));
    lines.extend(own(varying, breach));
    let (functional, _) = functional(report.model, &report.subjects[breach.subject]);
    let confidence = figures::share(breach.point.confidence);
    let reps = figures::replications(breach.point.samples);
    let mut how = if breach.point.samples < 2 {
        "Nothing is drawn: one run at each load, and no interval.".to_owned()
    } else {
        format!("Judged {functional}, {confidence} interval from {reps}")
    };
    if breach.point.samples >= 2 {
        let work = figures::count(breach.evaluations);
        let _ = match grid_evaluations(varying, breach) {
            Some(grid) => {
                write!(how, "; {work} evaluations' worth of work, a grid as fine needs {}.", figures::count(grid))
            }
            None => write!(how, "; {work} evaluations' worth of work."),
        };
    }
    lines.push(how);
    if breach.limited {
        lines.push("Runs reached a limit at some values: there nothing is called kept (see [limits]).".to_owned());
    }
    if let Some(reached) = breach.precision.filter(|reached| *reached > report.precision * 1.15) {
        lines.push(format!(
            "The interval is ±{} wide, not ±{}: more replications would narrow it (--reps).",
            figures::share(reached),
            figures::share(report.precision)
        ));
    }
    lines
}

pub(super) fn headline(report: &BreachReport<'_>, varying: &Varying, breach: &Breach) -> String {
    let name = name(report.model, &report.subjects[breach.subject]);
    let path = &varying.path;
    let (low, high) = (load(varying, Some(varying.range.low)), load(varying, Some(varying.range.high)));
    let interval = match (breach.point.low, breach.point.high) {
        (None, None) => String::new(),
        (from, to) => format!(" ({} to {})", bound(varying, from, "below", &low), bound(varying, to, "above", &high)),
    };
    match breach.outcome {
        Outcome::Breaks if breach.falling => {
            format!("'{name}' holds up to {path} = {}{interval}.", load(varying, breach.point.value))
        }
        Outcome::Breaks => format!("'{name}' needs {path} = {}{interval} at least.", load(varying, breach.point.value)),
        Outcome::Holds => format!("'{name}' holds wherever it was looked at: {path} from {low} to {high}{interval}."),
        Outcome::Broken => format!("'{name}' is broken already at every {path} from {low} to {high}{interval}."),
        Outcome::NotMonotone => format!(
            "'{name}' has no single breach point: along {path} it is surely broken at one value and surely kept beyond it. \
             In doubt{}.",
            if interval.is_empty() { " is the whole range".to_owned() } else { interval }
        ),
        Outcome::Unknown => format!(
            "It cannot be told where '{name}' breaks: at an end of {path} from {low} to {high} there was too little to judge it."
        ),
    }
}

fn bound(varying: &Varying, end: Option<f64>, beyond: &str, limit: &str) -> String {
    end.map_or_else(|| format!("{beyond} {limit}"), |end| load(varying, Some(end)))
}

pub(super) fn load(varying: &Varying, value: Option<f64>) -> String {
    let write = |value| if varying.range.whole { figures::count(value) } else { format!("{value:.3}") };
    value.map_or_else(|| UNKNOWN.to_owned(), write)
}

fn broken_by(report: &BreachReport<'_>, breach: &Breach) -> Option<String> {
    let Blamed { station, cause } = breach.broken_by.as_ref()?;
    let place = station.as_ref().map_or_else(String::new, |station| format!(" at '{station}'"));
    let when = breach.first_breach.and_then(|first| first.median).map_or_else(String::new, |at| {
        let when = match report.model.calendar() {
            Some(calendar) => calendar.short_deadline(at),
            None => format!("{} from the start", figures::duration(at.seconds())),
        };
        format!(", in the middle run first at {when}")
    });
    Some(format!("Just beyond it breaks by {cause}{place}{when}."))
}

fn own(varying: &Varying, breach: &Breach) -> Option<String> {
    let own = breach.own?;
    let at = |value: Option<f64>| load(varying, value);
    let mut text = format!(
        "Single runs of {} break it first at {} (one in ten), {} (half), {} (nine in ten).",
        own.replications,
        at(own.p10),
        at(own.median),
        at(own.p90)
    );
    if own.recrossing > 0.0 {
        let _ = write!(text, " {} of them keep it again at a higher value.", figures::share(own.recrossing));
    }
    Some(text)
}

/// The curve at the places with most replications, at most a dozen of them.
fn curve_table(report: &BreachReport<'_>, varying: &Varying, breach: &Breach) -> String {
    let subject = &report.subjects[breach.subject];
    let shown = report.write(subject);
    let heading = held(report.model, subject);
    let mut table =
        format!("  {:>12}  {:<36}  {:>12}\n", varying.path.rsplit('.').next().unwrap_or(""), heading, "runs");
    for point in thinned(&telling(&breach.curve)) {
        let _ = writeln!(
            table,
            "  {:>12}  {:<36}  {:>12}",
            load(varying, Some(point.at)),
            figures::interval(&point.value, shown),
            point.value.samples
        );
    }
    table
}

/// What is held against the limit.
pub(super) fn held(model: &Model, subject: &Subject) -> &'static str {
    match subject {
        Subject::Sla(k) => match model.slas[*k].judge {
            Judge::Pooled => "kept in the worst window",
            Judge::Runs { .. } => "runs with a breached window",
        },
        Subject::Limit(_) => "observed",
    }
}

/// The curve without the first coarse looks where later ones, of more replications, say it better.
pub(super) fn telling(curve: &[CurvePoint]) -> Vec<CurvePoint> {
    let fewest = curve.iter().map(|point| point.value.samples).min().unwrap_or(0);
    let closer = || curve.iter().filter(|point| point.value.samples > fewest).map(|point| point.at);
    let (from, to) = (closer().fold(f64::INFINITY, f64::min), closer().fold(f64::NEG_INFINITY, f64::max));
    let kept = |point: &&CurvePoint| point.value.samples > fewest || point.at < from || point.at > to;
    curve.iter().filter(kept).copied().collect()
}

/// At most a dozen points, evenly chosen, the first and the last among them.
fn thinned(curve: &[CurvePoint]) -> Vec<CurvePoint> {
    let most = 12;
    if curve.len() <= most {
        return curve.to_vec();
    }
    (0..most).map(|k| curve[k * (curve.len() - 1) / (most - 1)]).collect()
}
