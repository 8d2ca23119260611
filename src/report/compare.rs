//! A comparison for a terminal and as JSON: a verdict for each SLA and the cost, waits as exploratory, and what differs.

use super::figures::{self, UNKNOWN};
use super::json::{SCHEMA_VERSION, estimate};
use super::text::{Page, cells};
use crate::experiment::compare::{
    BestSet, ComparisonResults, Contrast, ContrastVerdict, Identity, Quantity, VariantResult,
};
use crate::scenario::differences::Difference;
use crate::statistics::estimate::Estimate;
use comfy_table::{Cell, Color};
use serde_json::{Value, json};

/// The most differences between two files that the text lists.
const MOST_DIFFERENCES: usize = 20;

/// The comparison as a JSON value; `differs` lists for each variant what it says differently from the base.
#[must_use]
pub fn document(found: &ComparisonResults, differs: &[Vec<Difference>]) -> Value {
    let comparisons: Vec<Value> =
        found.variants.iter().zip(differs).map(|(variant, differs)| comparison(variant, differs)).collect();
    json!({
        "schema_version": SCHEMA_VERSION,
        "peaksim_version": env!("CARGO_PKG_VERSION"),
        "base": identity(&found.base),
        "seed": found.terms.seed,
        "replications": found.replications,
        "margins": { "attainment": found.terms.margins.attainment, "relative": found.terms.margins.relative },
        "verdicts_adjusted_together": found.family,
        "comparisons": comparisons,
        "best_set": found.best.as_ref().map(|BestSet { sla, names, confidence }| {
            json!({ "sla": sla, "names": names, "confidence": confidence })
        }),
        "partial": found.partial,
    })
}

fn identity(of: &Identity) -> Value {
    json!({ "name": of.name, "title": of.title, "hash": of.hash })
}

fn comparison(variant: &VariantResult, differs: &[Difference]) -> Value {
    let differ = |one: &Difference| json!({ "path": one.path, "base": one.base, "variant": one.variant });
    let list = |contrasts: &[Contrast]| Value::Array(contrasts.iter().map(contrast).collect());
    json!({
        "variant": variant.identity.name,
        "scenario": { "title": variant.identity.title, "hash": variant.identity.hash },
        "differs": differs.iter().map(differ).collect::<Vec<_>>(),
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
pub fn text(found: &ComparisonResults, differs: &[Vec<Difference>], colour: bool) -> String {
    let mut page = Page { text: String::new(), colour };
    page.heading(&format!("Compared with '{}' on the same random numbers", found.base.name));
    if found.partial {
        page.paragraph(&format!(
            "Note: of the {} asked for, {} could be compared in full.",
            figures::replications(found.terms.asked),
            figures::count(found.replications as f64)
        ));
    }
    for (variant, differs) in found.variants.iter().zip(differs) {
        page.heading(&variant.identity.name);
        differences(&mut page, differs);
        notes(&mut page, variant);
        let judged: Vec<&Contrast> = variant.judged().collect();
        table(&mut page, "Verdicts", &judged);
        waits(&mut page, variant);
    }
    if let Some(best) = &found.best {
        page.text.push('\n');
        page.paragraph(&best_set(best, found.variants.len() + 1));
    }
    page.text.push('\n');
    page.paragraph(&format!(
        "{} of each scenario, seed {}, {} intervals; a difference matters from {} of attainment, {} of waits and cost; the \
         p-values of {} are adjusted together (Holm); peaksim {}.",
        figures::replications(found.replications),
        found.terms.seed,
        figures::share(found.terms.confidence),
        points(found.terms.margins.attainment),
        figures::share(found.terms.margins.relative),
        if found.family == 1 { "1 verdict".to_owned() } else { format!("{} verdicts", found.family) },
        env!("CARGO_PKG_VERSION"),
    ));
    page.text.replace(figures::NO_BREAK, " ")
}

fn differences(page: &mut Page, differs: &[Difference]) {
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

fn notes(page: &mut Page, variant: &VariantResult) {
    let named = |names: &[String]| names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    for (names, what) in [
        (&variant.only_in_base, "Only the base promises"),
        (&variant.only_in_variant, "Only the variant promises"),
        (&variant.defined_differently, "Not the same promise in both, though under one name:"),
    ] {
        if !names.is_empty() {
            page.paragraph(&format!("Note: {what} {}.", named(names)));
        }
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
        row.push(Cell::new(verdict(of.verdict)).fg(colour));
        row
    };
    page.table(title, &header, 1, contrasts.iter().map(row).collect());
}

/// The name of a wait without ", mean", which the title says.
fn mean_of(name: &str) -> &str {
    name.strip_suffix(", mean").unwrap_or(name)
}

fn verdict(of: ContrastVerdict) -> String {
    match of {
        ContrastVerdict::TooFewRuns { needed: Some(needed) } => {
            format!("{}: --reps {needed}", of.name())
        }
        _ => of.name().to_owned(),
    }
}

fn writer(quantity: Quantity) -> fn(f64) -> String {
    match quantity {
        Quantity::Attainment => figures::share,
        Quantity::Cost => figures::count,
        Quantity::Wait => figures::duration,
    }
}

/// "+1.9 points (+1.7 to +2.1)": with signs, so that nobody reads it as a level, and one unit for all three.
fn difference(of: &Contrast) -> String {
    let Estimate { value, low, high, .. } = of.difference;
    let Some(value) = value else { return UNKNOWN.to_owned() };
    let largest = [Some(value), low, high].into_iter().flatten().fold(0.0_f64, |most, part| most.max(part.abs()));
    let (divisor, digits, unit) = match of.quantity {
        Quantity::Attainment => (0.01, 2, " points"),
        Quantity::Cost if largest >= 100.0 => (1.0, 0, ""),
        Quantity::Cost => (1.0, 2, ""),
        Quantity::Wait if largest < 90.0 => (1.0, 1, " s"),
        Quantity::Wait if largest < 5_400.0 => (60.0, 1, " min"),
        Quantity::Wait => (3_600.0, 1, " h"),
    };
    let signed = |part: f64| {
        let text = format!("{:+.digits$}", part / divisor);
        // A difference that rounds to nothing has no sign.
        if text[1..].chars().all(|letter| matches!(letter, '0' | '.')) { "0".to_owned() } else { text }
    };
    match (low, high) {
        (Some(low), Some(high)) if low < high => {
            format!("{}{unit} ({} to {})", signed(value), signed(low), signed(high))
        }
        _ => format!("{}{unit}", signed(value)),
    }
}

/// "1.9 points", from a share.
fn points(share: f64) -> String {
    format!("{} points", figures::number(share * 100.0))
}

fn best_set(best: &BestSet, of: usize) -> String {
    let names: Vec<String> = best.names.iter().map(|name| format!("'{name}'")).collect();
    let names = names.join(", ");
    let sla = &best.sla;
    match best.names.len() {
        1 => format!("By '{sla}', {names} is the best of the {of} ({} confidence).", figures::share(best.confidence)),
        n if n == of => format!("By '{sla}', any of the {of} may be the best."),
        _ => format!(
            "By '{sla}', the best of the {of} is one of: {names} ({} confidence).",
            figures::share(best.confidence)
        ),
    }
}
