//! Breach points as text and as JSON.

mod sentences;

pub use sentences::text;
pub(super) use sentences::{ASK_HEADROOM, broken_by, opening, part, plain_headline, risk_told, told};

use super::checks::in_unit;
use super::figures;
use super::json::{SCHEMA_VERSION, estimate};
use crate::calendar::Calendar;
use crate::experiment::Results;
use crate::experiment::breach::{Breach, Criterion, CurvePoint, Held, Outcome, Range, Risk};
use crate::experiment::results::Functional;
use crate::model::Model;
use crate::time::SimTime;
use serde_json::{Value, json};

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
    /// What may break, and what it is held against.
    pub subjects: Vec<Criterion>,
    /// What was varied, each with what was found for every subject.
    pub varied: Vec<Varying>,
    /// Whether more was to be varied when it was stopped.
    pub out_of_time: bool,
}

impl BreachReport<'_> {
    /// Whether runs reached a limit, or it was stopped before it was done.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.is_cut_short() || self.breaches().any(|breach| breach.limited)
    }

    /// Whether it was stopped before it was done.
    #[must_use]
    pub fn is_cut_short(&self) -> bool {
        self.out_of_time || self.breaches().any(|breach| breach.cut_short)
    }

    fn breaches(&self) -> impl Iterator<Item = &Breach> {
        self.varied.iter().flat_map(|varying| &varying.breaches)
    }

    /// What to mind of all of it.
    pub(super) fn cautions(&self) -> Vec<&'static str> {
        let so_far =
            "Stopped early: the intervals are those of the looks so far, wider than a whole search would find.";
        let rest = "Stopped before all that was to be varied was: the rest is not known.";
        let cut_short = self.breaches().any(|breach| breach.cut_short);
        [cut_short.then_some(so_far), self.out_of_time.then_some(rest)].into_iter().flatten().collect()
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
        Question {
            name: &subject.name,
            functional: functional(subject.held),
            target: subject.target,
            limit: subject.limit,
            held: held(subject.held),
            write: in_unit(subject.unit),
            calendar: self.model.calendar(),
            precision: self.precision,
            path: &varying.path,
            unit: &varying.unit,
            range: varying.range,
            planned: varying.planned,
            risk: varying.risks.get(breach.subject).and_then(Option::as_ref),
        }
    }
}

/// What was found when one number was varied.
#[derive(Debug)]
pub struct Varying {
    /// Its path.
    pub path: String,
    /// Unit of its values, as it stands behind them; empty for plain numbers.
    pub unit: String,
    /// How far.
    pub range: Range,
    /// Its value as planned; `None` where several numbers differ.
    pub planned: Option<f64>,
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
    pub(super) unit: &'a str,
    pub(super) range: Range,
    /// Its value as planned.
    pub(super) planned: Option<f64>,
    pub(super) risk: Option<&'a Risk>,
}

impl Question<'_> {
    /// A value of what is varied, with its unit.
    pub(super) fn load(&self, value: Option<f64>) -> String {
        let write = |value| if self.range.whole { figures::count(value) } else { format!("{value:.3}") };
        value.map_or_else(|| figures::UNKNOWN.to_owned(), |value| format!("{}{}", write(value), self.unit))
    }
}

/// The breach points that a run was asked to find as well.
pub(super) fn of_run(results: &Results) -> Vec<(Question<'_>, &Breach)> {
    let Some(headroom) = &results.headroom else { return Vec::new() };
    let question = |breach: &Breach| {
        let sla = &results.slas[breach.subject];
        let (limit, held) = match sla.functional {
            Functional::Pooled => (sla.target, held(Held::WorstWindow)),
            Functional::Runs { risk } => (risk, held(Held::BreachedRuns)),
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
            unit: "",
            range: headroom.range,
            planned: headroom.planned,
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
        "range": { "low": range.low, "high": range.high, "whole_numbers": range.whole, "unit": unit(question.unit) },
        "planned": question.planned,
        "outcome": breach.outcome.name(),
        "point": estimate(&breach.point),
        "kept": if breach.falling { "below" } else { "above" },
        "monotone": breach.monotone,
        "precision": { "asked": question.precision, "reached": breach.precision },
        "stopped_early": breach.cut_short,
        "curve": breach.curve.iter().map(curve_value).collect::<Vec<_>>(),
        "single_runs": breach.own.map(|own| json!({
            "p10": own.first.p10, "median": own.first.median, "p90": own.first.p90,
            "kept_from": { "p10": own.kept_from.p10, "median": own.kept_from.median, "p90": own.kept_from.p90 },
            "breaking": own.breaking, "share_recrossing": own.recrossing, "replications": own.replications,
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

/// A unit in results; `null` for plain numbers.
pub(super) fn unit(unit: &str) -> Option<&str> {
    Some(unit.trim()).filter(|unit| !unit.is_empty())
}

/// How it is judged, by its name in results.
pub(super) fn functional(held: Held) -> &'static str {
    match held {
        Held::WorstWindow => "pooled",
        Held::BreachedRuns => "runs",
        Held::AtLeast | Held::AtMost => "metric",
    }
}

/// How many loads a grid as fine as the interval would look at.
fn grid_evaluations(range: Range, breach: &Breach) -> Option<f64> {
    let width = 2.0 * breach.point.half_width()?;
    (width > 0.0).then(|| libm::ceil((range.high - range.low) / width) + 1.0)
}

/// What is held against the limit.
pub(super) fn held(held: Held) -> &'static str {
    match held {
        Held::WorstWindow => "kept in the worst window",
        Held::BreachedRuns => "runs with a breached window",
        Held::AtLeast | Held::AtMost => "observed",
    }
}

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

/// The curve by the looks that the finding rests on; beyond them, and far from any of them, by those that led there, of
/// most replications first. Looks of other runs side by side would make a zigzag of a curve that has none.
pub(super) fn telling(curve: &[CurvePoint]) -> Vec<CurvePoint> {
    let rank = |point: &CurvePoint| (point.judges, point.value.samples);
    let mut ranks: Vec<(bool, u64)> = curve.iter().map(rank).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let ends = curve.first().zip(curve.last());
    let far = ends.map_or(0.0, |(first, last)| 0.1 * (last.at - first.at));
    let mut told: Vec<CurvePoint> = Vec::new();
    for of in ranks.into_iter().rev() {
        let (from, to) =
            told.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), point| (a.min(point.at), b.max(point.at)));
        let alone = |point: &&CurvePoint| told.iter().all(|known| (known.at - point.at).abs() > far);
        let tells = |point: &&CurvePoint| point.at < from || point.at > to || alone(point);
        let of_rank: Vec<CurvePoint> = curve.iter().filter(|point| rank(point) == of).filter(tells).copied().collect();
        told.extend(of_rank);
    }
    told.sort_by(|a, b| a.at.total_cmp(&b.at));
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_that_only_led_there_are_told_beyond_the_others() {
        let point = |(at, samples, judges)| CurvePoint {
            at,
            value: crate::statistics::estimate::Estimate::point(0.5, 0.95, samples),
            judges,
        };
        let curve = [
            (0.5, 5, false),
            (1.0, 30, false),
            (1.1, 30, true),
            (1.2, 30, false),
            (1.3, 30, true),
            (1.4, 5, false),
            (1.5, 30, false),
            (2.0, 5, false),
        ];
        let told: Vec<f64> = telling(&curve.map(point)).iter().map(|point| point.at).collect();
        assert_eq!(told, [0.5, 1.0, 1.1, 1.3, 1.5, 2.0]);
    }
}
