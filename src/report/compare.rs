//! A comparison for a terminal and as JSON: a verdict for each SLA and the cost, waits as exploratory, and what differs.

mod sentences;

pub(super) use sentences::{caution, findings, headline, rests_on, unlike};

use super::figures::{self, UNKNOWN};
use super::json::{SCHEMA_VERSION, estimate};
use super::text::{Page, cells};
use crate::experiment::Results;
use crate::experiment::compare::{
    BestSet, ComparisonResults, Contrast, ContrastVerdict, Differing, Identity, Quantity, VariantResult,
};
use crate::statistics::estimate::Estimate;
use comfy_table::{Cell, Color};
use serde_json::{Value, json};

/// The most differences between two files that the text lists.
const MOST_DIFFERENCES: usize = 20;

/// The comparison as a JSON value.
#[must_use]
pub fn document(found: &ComparisonResults) -> Value {
    json!({
        "schema_version": SCHEMA_VERSION,
        "peaksim_version": env!("CARGO_PKG_VERSION"),
        "base": identity(&found.base),
        "seed": found.terms.seed,
        "replications": found.replications,
        "margins": { "attainment": found.terms.margins.attainment, "relative": found.terms.margins.relative },
        "verdicts_adjusted_together": found.family,
        "comparisons": values(found),
        "best_set": best_set(found),
        "partial": found.partial,
    })
}

/// Each variant against the base.
pub(super) fn values(found: &ComparisonResults) -> Value {
    Value::Array(found.variants.iter().map(comparison).collect())
}

/// Those that may be the best.
pub(super) fn best_set(found: &ComparisonResults) -> Value {
    found.best.as_ref().map_or(
        Value::Null,
        |BestSet { sla, names, confidence }| json!({ "sla": sla, "names": names, "confidence": confidence }),
    )
}

fn identity(of: &Identity) -> Value {
    json!({ "name": of.name, "title": of.title, "hash": of.hash })
}

fn comparison(variant: &VariantResult) -> Value {
    let differ = |one: &Differing| json!({ "path": one.path, "base": one.base, "variant": one.variant });
    let list = |contrasts: &[Contrast]| Value::Array(contrasts.iter().map(contrast).collect());
    json!({
        "variant": variant.identity.name,
        "scenario": { "title": variant.identity.title, "hash": variant.identity.hash },
        "differs": variant.differs.iter().map(differ).collect::<Vec<_>>(),
        "slas": list(&variant.slas),
        "cost": variant.cost.as_ref().map(contrast),
        "exploratory": list(&variant.exploratory),
        "slas_only_in_base": variant.only_in_base,
        "slas_only_in_variant": variant.only_in_variant,
        "slas_defined_differently": variant.defined_differently,
    })
}

fn contrast(of: &Contrast) -> Value {
    json!({
        "name": of.name,
        "base": estimate(&of.base),
        "variant": estimate(&of.variant),
        "difference": estimate(&of.difference),
        "p": of.p,
        "p_adjusted": of.p_adjusted,
        "margin": of.margin,
        "verdict": of.verdict.name(),
        "replications_needed": of.verdict.replications_needed(),
    })
}

/// The comparison for a terminal, with a final line break.
#[must_use]
pub fn text(found: &ComparisonResults, colour: bool) -> String {
    let mut page = Page { text: String::new(), colour };
    page.heading(&format!("Compared with '{}' on the same random numbers", found.base.name));
    tell(&mut page, found);
    page.paragraph(&format!("{}; peaksim {}.", rests_on(found), env!("CARGO_PKG_VERSION")));
    page.text.replace(figures::NO_BREAK, " ")
}

/// The part of a run's text report.
pub(super) fn part(page: &mut Page, results: &Results) {
    let Some(found) = &results.comparisons else { return };
    page.heading("What if: variants on the same random numbers");
    tell(page, found);
    page.paragraph(&format!("{}.", rests_on(found)));
}

/// Variant by variant, then which may be the best, and a blank line.
fn tell(page: &mut Page, found: &ComparisonResults) {
    caution(found).iter().for_each(|caution| page.paragraph(&format!("Note: {caution}")));
    for variant in &found.variants {
        page.heading(&variant.identity.name);
        differences(page, &variant.differs);
        unlike(variant).iter().for_each(|note| page.paragraph(&format!("Note: {note}")));
        let judged: Vec<&Contrast> = variant.judged().collect();
        table(page, "Verdicts", &judged);
        waits(page, variant);
    }
    page.text.push('\n');
    if let Some(best) = &found.best {
        page.paragraph(&sentences::best_set(best, found.variants.len() + 1));
        page.text.push('\n');
    }
}

fn differences(page: &mut Page, differs: &[Differing]) {
    if differs.is_empty() {
        page.paragraph("Nothing differs between the two files.");
    }
    for one in differs.iter().take(MOST_DIFFERENCES) {
        let side = |side: &Option<String>| side.as_deref().unwrap_or("nothing").to_owned();
        page.paragraph(&format!("{}: {} -> {}", one.path, side(&one.base), side(&one.variant)));
    }
    if differs.len() > MOST_DIFFERENCES {
        page.paragraph(&format!("and {} more differences.", differs.len() - MOST_DIFFERENCES));
    }
}

/// The waits that change at all; the others are counted.
fn waits(page: &mut Page, variant: &VariantResult) {
    let is_the_same = |of: &&Contrast| {
        let Estimate { value, low, high, .. } = of.difference;
        [value, low, high].into_iter().all(|part| part.is_some_and(|part| part.abs() <= 0.0))
    };
    let (same, changed): (Vec<&Contrast>, Vec<&Contrast>) = variant.exploratory.iter().partition(is_the_same);
    let title = "Exploratory: mean waits, each judged by itself, not adjusted for looking at many";
    table(page, title, &changed);
    if !same.is_empty() {
        let names: Vec<String> = same.iter().map(|of| mean_of(&of.name).to_owned()).collect();
        page.paragraph(&format!("The same in every run: {}.", names.join(", ")));
    }
}

fn table(page: &mut Page, title: &str, contrasts: &[&Contrast]) {
    let header = ["", "base", "variant", "difference", "verdict"];
    let row = |of: &&Contrast| {
        let name = if of.quantity == Quantity::Attainment {
            format!("'{}' kept", of.name)
        } else {
            mean_of(&of.name).to_owned()
        };
        let mut row = cells([
            name,
            figures::value(&of.base, writer(of.quantity)),
            figures::value(&of.variant, writer(of.quantity)),
            difference(of),
        ]);
        let colour = match of.verdict {
            ContrastVerdict::Better => Color::Green,
            ContrastVerdict::Worse => Color::Red,
            ContrastVerdict::NoRealDifference => Color::Reset,
            ContrastVerdict::TooFewRuns { .. } | ContrastVerdict::Unknown => Color::Yellow,
        };
        row.push(Cell::new(verdict(of)).fg(colour));
        row
    };
    page.table(title, &header, 1, contrasts.iter().map(row).collect());
}

/// The name of a wait without ", mean", which the title says.
pub(super) fn mean_of(name: &str) -> &str {
    name.strip_suffix(", mean").unwrap_or(name)
}

/// A verdict in words.
pub(super) fn verdict(of: &Contrast) -> String {
    match of.verdict {
        ContrastVerdict::Unknown if of.difference.value.is_none() => "nothing to tell it from".to_owned(),
        ContrastVerdict::TooFewRuns { needed: Some(needed) } => {
            format!("{}: --reps {needed}", of.verdict.name())
        }
        of => of.name().to_owned(),
    }
}

pub(super) fn writer(quantity: Quantity) -> fn(f64) -> String {
    match quantity {
        Quantity::Attainment => figures::share,
        Quantity::Cost => figures::count,
        Quantity::Wait => figures::duration,
    }
}

/// "+1.9 points (+1.7 to +2.1)": with signs, so that nobody reads it as a level, and one unit for all three.
pub(super) fn difference(of: &Contrast) -> String {
    let Estimate { value, low, high, .. } = of.difference;
    let (scale, _) = scale(of);
    let alone = alone(of);
    match (value, low, high) {
        (Some(_), Some(low), Some(high)) if low < high => {
            format!("{alone} ({} to {})", signed(low, scale), signed(high, scale))
        }
        (Some(_), ..) => alone,
        (None, ..) => UNKNOWN.to_owned(),
    }
}

/// The same without its interval.
fn alone(of: &Contrast) -> String {
    let (scale, unit) = scale(of);
    of.difference.value.map_or_else(|| UNKNOWN.to_owned(), |value| format!("{}{unit}", signed(value, scale)))
}

/// What a difference is divided by and how many digits it has after the point; and its unit.
fn scale(of: &Contrast) -> ((f64, usize), &'static str) {
    let Estimate { value, low, high, .. } = of.difference;
    let largest = [value, low, high].into_iter().flatten().fold(0.0_f64, |most, part| most.max(part.abs()));
    match of.quantity {
        Quantity::Attainment => ((0.01, 2), " points"),
        Quantity::Cost if largest >= 100.0 => ((1.0, 0), ""),
        Quantity::Cost => ((1.0, 2), ""),
        Quantity::Wait if largest < 90.0 => ((1.0, 1), " s"),
        Quantity::Wait if largest < 5_400.0 => ((60.0, 1), " min"),
        Quantity::Wait => ((3_600.0, 1), " h"),
    }
}

fn signed(part: f64, (divisor, digits): (f64, usize)) -> String {
    let text = format!("{:+.digits$}", part / divisor);
    // A difference that rounds to nothing has no sign.
    if text[1..].chars().all(|letter| matches!(letter, '0' | '.')) { "0".to_owned() } else { text }
}
