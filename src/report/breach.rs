//! Breach points as text and as JSON.

use super::checks::in_unit;
use super::figures::{self, UNKNOWN};
use super::json::{SCHEMA_VERSION, estimate};
use super::text::{Page, wrapped};
use crate::calendar::Calendar;
use crate::experiment::Results;
use crate::experiment::breach::{Breach, CurvePoint, Outcome, Range, Risk, Subject};
use crate::experiment::results::{Blamed, Functional};
use crate::model::{Judge, MetricUnit, Model};
use crate::statistics::estimate::Estimate;
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
    /// Whether runs reached a limit, or something was not varied for want of time.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.out_of_time || self.varied.iter().flat_map(|varying| &varying.breaches).any(|breach| breach.limited)
    }

    /// Everything found, each with what was asked.
    pub(super) fn answers(&self) -> impl Iterator<Item = (Question<'_>, &Breach)> {
        let of = move |varying: usize| {
            self.varied[varying].breaches.iter().map(move |breach| (self.question(varying, breach), breach))
        };
        (0..self.varied.len()).flat_map(of)
    }

    fn question(&self, varying: usize, breach: &Breach) -> Question<'_> {
        let (varying, subject) = (&self.varied[varying], &self.subjects[breach.subject]);
        let (functional, target) = functional(self.model, subject);
        Question {
            name: name(self.model, subject),
            functional,
            target,
            limit: limit(self.model, subject),
            held: held(self.model, subject),
            write: writer(self.model, subject),
            calendar: self.model.calendar(),
            precision: self.precision,
            path: &varying.path,
            range: varying.range,
            risk: varying.risks.get(breach.subject).and_then(Option::as_ref),
        }
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
    /// For every subject, how likely the campaigns are to exceed the breach point, where that can be told.
    pub risks: Vec<Option<Risk>>,
}

/// What was asked about one subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    /// Name of the subject.
    pub(super) name: &'a str,
    pub(super) functional: &'static str,
    pub(super) target: f64,
    /// The number it is held against.
    pub(super) limit: f64,
    /// What is held against that.
    pub(super) held: &'static str,
    /// How its numbers are written.
    pub(super) write: fn(f64) -> String,
    pub(super) calendar: Option<&'a Calendar>,
    /// Half-width asked for, relative to the point.
    pub(super) precision: f64,
    /// What is varied, and how far.
    pub(super) path: &'a str,
    pub(super) range: Range,
    pub(super) risk: Option<&'a Risk>,
}

/// The breach points that a run was asked to find as well.
pub(super) fn of_run(results: &Results) -> Vec<(Question<'_>, &Breach)> {
    let Some(headroom) = &results.headroom else { return Vec::new() };
    let question = |breach: &Breach| {
        let sla = &results.slas[breach.subject];
        let (limit, held) = match sla.functional {
            Functional::Pooled => (sla.target, POOLED),
            Functional::Runs { risk } => (risk, RUNS),
        };
        Question {
            name: &sla.name,
            functional: sla.functional.name(),
            target: sla.target,
            limit,
            held,
            write: figures::share,
            calendar: results.calendar.as_ref(),
            precision: headroom.precision,
            path: &headroom.path,
            range: headroom.range,
            risk: headroom.risks.get(breach.subject).and_then(Option::as_ref),
        }
    };
    headroom.breaches.iter().map(|breach| (question(breach), breach)).collect()
}

/// The document of `--format json`.
#[must_use]
pub fn document(report: &BreachReport<'_>) -> Value {
    json!({
        "schema_version": SCHEMA_VERSION,
        "peaksim_version": env!("CARGO_PKG_VERSION"),
        "scenario": { "title": report.model.title, "hash": report.hash },
        "seed": report.seed,
        "breach_points": report.answers().map(|(question, breach)| value(&question, breach)).collect::<Vec<_>>(),
        "partial": report.is_partial(),
    })
}

/// One breach point.
pub(super) fn value(question: &Question<'_>, breach: &Breach) -> Value {
    let at = |time: Option<SimTime>| {
        let local = |time: SimTime| question.calendar.map_or_else(|| json!(time.seconds()), |of| json!(of.iso(time)));
        time.map_or(Value::Null, local)
    };
    let range = question.range;
    json!({
        "name": question.name,
        "functional": question.functional,
        "target": question.target,
        "vary": question.path,
        "range": { "low": range.low, "high": range.high, "whole_numbers": range.whole },
        "outcome": breach.outcome.name(),
        "point": estimate(&breach.point),
        "kept": if breach.falling { "below" } else { "above" },
        "monotone": breach.monotone,
        "precision": { "asked": question.precision, "reached": breach.precision },
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
        "evaluations_of_a_grid": grid_evaluations(range, breach),
        "risk": question.risk.map(|risk| json!({
            "campaign": risk.campaign,
            "forecast_error": risk.forecast_error,
            "times_planned_orders": estimate(&risk.times_planned),
            "chance_beyond": estimate(&risk.chance),
        })),
    })
}

fn curve_value(point: &CurvePoint) -> Value {
    json!({ "at": point.at, "value": estimate(&point.value) })
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
fn grid_evaluations(range: Range, breach: &Breach) -> Option<f64> {
    let width = 2.0 * breach.point.half_width()?;
    (width > 0.0).then(|| libm::ceil((range.high - range.low) / width) + 1.0)
}

/// The text for people.
#[must_use]
pub fn text(report: &BreachReport<'_>) -> String {
    let mut page = format!("{}\n", report.model.title);
    for (question, breach) in report.answers() {
        page.push('\n');
        for line in told(&question, breach) {
            for line in wrapped(&line) {
                page.push_str(&line);
                page.push('\n');
            }
        }
        page.push_str(&curve_table(&question, breach));
    }
    if report.out_of_time {
        page.push_str(&format!("\nNote: {OUT_OF_TIME}\n"));
    }
    page
}

/// What is said when there was no time for all that was to be varied.
pub(super) const OUT_OF_TIME: &str = "the deadline came before all that was to be varied was: the rest is not known.";

/// What was found, sentence by sentence.
pub(super) fn told(question: &Question<'_>, breach: &Breach) -> Vec<String> {
    let mut lines = vec![headline(question, breach)];
    lines.extend(question.risk.map(|risk| risk_told(question.name, risk)));
    lines.extend(broken_by(question, breach));
    lines.extend(own(question, breach));
    let functional = question.functional;
    let confidence = figures::share(breach.point.confidence);
    let reps = figures::replications(breach.point.samples);
    let mut how = if breach.point.samples < 2 {
        "Nothing is drawn: one run at each load, and no interval.".to_owned()
    } else {
        format!("Judged {functional}, {confidence} interval from {reps}")
    };
    if breach.point.samples >= 2 {
        let work = figures::count(breach.evaluations);
        let _ = match grid_evaluations(question.range, breach) {
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
    if let Some(reached) = breach.precision.filter(|reached| *reached > question.precision * 1.15) {
        lines.push(format!(
            "The interval is ±{} wide, not ±{}: more replications would narrow it (--reps).",
            figures::share(reached),
            figures::share(question.precision)
        ));
    }
    lines
}

pub(super) fn headline(question: &Question<'_>, breach: &Breach) -> String {
    let Question { name, path, range, .. } = *question;
    let (low, high) = (load(range, Some(range.low)), load(range, Some(range.high)));
    let interval = match (breach.point.low, breach.point.high) {
        (None, None) => String::new(),
        (from, to) => format!(" ({} to {})", bound(range, from, "below", &low), bound(range, to, "above", &high)),
    };
    match breach.outcome {
        Outcome::Breaks if breach.falling => {
            format!("'{name}' holds up to {path} = {}{interval}.", load(range, breach.point.value))
        }
        Outcome::Breaks => format!("'{name}' needs {path} = {}{interval} at least.", load(range, breach.point.value)),
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

fn bound(range: Range, end: Option<f64>, beyond: &str, limit: &str) -> String {
    end.map_or_else(|| format!("{beyond} {limit}"), |end| load(range, Some(end)))
}

pub(super) fn load(range: Range, value: Option<f64>) -> String {
    let write = |value| if range.whole { figures::count(value) } else { format!("{value:.3}") };
    value.map_or_else(|| UNKNOWN.to_owned(), write)
}

pub(super) fn broken_by(question: &Question<'_>, breach: &Breach) -> Option<String> {
    let Blamed { station, cause } = breach.broken_by.as_ref()?;
    let place = station.as_ref().map_or_else(String::new, |station| format!(" at '{station}'"));
    let when = breach.first_breach.and_then(|first| first.median).map_or_else(String::new, |at| {
        let when = match question.calendar {
            Some(calendar) => calendar.short_deadline(at),
            None => format!("{} from the start", figures::duration(at.seconds())),
        };
        format!(", in the middle run first at {when}")
    });
    Some(format!("Just beyond it breaks by {cause}{place}{when}."))
}

fn own(question: &Question<'_>, breach: &Breach) -> Option<String> {
    let own = breach.own?;
    let at = |value: Option<f64>| load(question.range, value);
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
fn curve_table(question: &Question<'_>, breach: &Breach) -> String {
    let what = question.path.rsplit('.').next().unwrap_or("");
    let mut table = format!("  {what:>12}  {:<36}  {:>12}\n", question.held, "runs");
    for point in thinned(&telling(&breach.curve)) {
        let _ = writeln!(
            table,
            "  {:>12}  {:<36}  {:>12}",
            load(question.range, Some(point.at)),
            figures::interval(&point.value, question.write),
            point.value.samples
        );
    }
    table
}

const POOLED: &str = "kept in the worst window";
const RUNS: &str = "runs with a breached window";

/// What is held against the limit.
pub(super) fn held(model: &Model, subject: &Subject) -> &'static str {
    match subject {
        Subject::Sla(k) => match model.slas[*k].judge {
            Judge::Pooled => POOLED,
            Judge::Runs { .. } => RUNS,
        },
        Subject::Limit(_) => "observed",
    }
}

/// "'dispatched as promised' breaks at 1.31× the planned orders of 'Black Friday' ...: that is a 14 % chance".
pub(super) fn risk_told(name: &str, risk: &Risk) -> String {
    let times = |value: f64| format!("{value:.2}×");
    let error = figures::share(risk.forecast_error);
    let campaign = &risk.campaign;
    let bound = |word: &str, chance: f64| {
        format!(
            "With a forecast error of ±{error} of '{campaign}' the chance that '{name}' breaks is {}.",
            bounded(word, chance)
        )
    };
    match (risk.times_planned.value, risk.chance.value) {
        (Some(at), Some(chance)) => format!(
            "'{name}' breaks at {}{} the planned orders of '{campaign}': with a forecast error of ±{error} that is a \
             {}{} chance.",
            times(at),
            ends(&risk.times_planned, &times),
            percent(chance),
            ends(&risk.chance, &percent)
        ),
        _ => match (risk.chance.low, risk.chance.high) {
            (None, Some(most)) => bound("at most", most),
            (Some(least), _) => bound("at least", least),
            (None, None) => format!("How likely '{campaign}' is to break '{name}' cannot be told."),
        },
    }
}

/// The interval in brackets, unless both ends read the same.
fn ends(of: &Estimate, write: &dyn Fn(f64) -> String) -> String {
    match (of.low.map(write), of.high.map(write)) {
        (Some(low), Some(high)) if low != high => format!(" ({low} to {high})"),
        _ => String::new(),
    }
}

/// Whole per cents, and never 0 or 100 of them.
fn percent(chance: f64) -> String {
    match libm::round(chance * 100.0) {
        percent if percent < 1.0 => "<1 %".to_owned(),
        percent if percent > 99.0 => ">99 %".to_owned(),
        percent => format!("{percent} %"),
    }
}

/// "at most 14 %", "below 1 %".
fn bounded(word: &str, chance: f64) -> String {
    let percent = percent(chance);
    match percent.split_at(1) {
        ("<", rest) => format!("below {rest}"),
        (">", rest) => format!("above {rest}"),
        _ => format!("{word} {percent}"),
    }
}

/// The headline in a manager's words, where what is varied has some.
pub(super) fn plain_headline(question: &Question<'_>, breach: &Breach) -> String {
    let what = match question.path {
        "campaign.*.scale" => "the extra orders that the campaigns are planned to bring",
        "source.*.uplift" => "the planned demand",
        _ => return headline(question, breach),
    };
    let Question { name, range, .. } = *question;
    let times = |load: f64| format!("{load:.2}×");
    match (breach.outcome, breach.point.value) {
        (Outcome::Breaks, Some(at)) if breach.falling => {
            format!("'{name}' holds up to {}{} {what}.", times(at), ends(&breach.point, &times))
        }
        (Outcome::Holds, _) => format!("'{name}' holds up to {} {what}, as far as was looked.", times(range.high)),
        (Outcome::Broken, _) => format!("'{name}' is broken already at {} {what}.", times(range.low)),
        _ => headline(question, breach),
    }
}

/// How to get what was not asked for.
pub(super) const ASK_HEADROOM: &str =
    "How much more it could take is not looked into here: run it again with --with headroom.";

/// The SLA that breaks at the lowest load, the first of those that do not break otherwise.
pub(super) fn breaks_first<'q, 'a>(
    answers: &'q [(Question<'a>, &'a Breach)],
) -> Option<&'q (Question<'a>, &'a Breach)> {
    let load = |breach: &Breach| breach.point.value.filter(|_| breach.falling);
    let broken = |breach: &Breach| breach.outcome == Outcome::Broken;
    answers.iter().reduce(|first, next| {
        let earlier = match (load(first.1), load(next.1)) {
            (Some(first), Some(next)) => next < first,
            (None, Some(_)) => !broken(first.1),
            (_, None) => broken(next.1) && !broken(first.1),
        };
        if earlier { next } else { first }
    })
}

/// The part of the text report.
pub(super) fn part(page: &mut Page, results: &Results) {
    let answers = of_run(results);
    if !answers.is_empty() {
        page.heading("How much more it could take");
    }
    for (question, breach) in &answers {
        told(question, breach).iter().for_each(|sentence| page.paragraph(sentence));
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
