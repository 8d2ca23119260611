//! What a comparison says, sentence by sentence.

use super::{alone, difference};
use crate::experiment::compare::{BestSet, ComparisonResults, Contrast, ContrastVerdict, Quantity, VariantResult};
use crate::report::figures;

/// The answer, then what is found of each variant.
pub(in crate::report) fn findings(found: &ComparisonResults) -> Vec<String> {
    let best = found.best.as_ref().map(|best| best_set(best, found.variants.len() + 1));
    best.into_iter().chain(found.variants.iter().map(finding)).collect()
}

/// The verdicts on one variant in a sentence.
fn finding(variant: &VariantResult) -> String {
    let of = |verdict: &dyn Fn(ContrastVerdict) -> bool| -> Vec<&Contrast> {
        variant.judged().filter(|one| verdict(one.verdict)).collect()
    };
    let with_size = |one: &&Contrast| format!("{} by {}", named(one), difference(one));
    let plain = |one: &&Contrast| named(one);
    let mut parts = Vec::new();
    let mut part = |found: Vec<&Contrast>, word: &str, write: &dyn Fn(&&Contrast) -> String, after: &str| {
        if !found.is_empty() {
            parts.push(format!("{word} {}{after}", listed(&found.iter().map(write).collect::<Vec<_>>())));
        }
    };
    part(of(&|verdict| verdict == ContrastVerdict::Better), "better for", &with_size, "");
    part(of(&|verdict| verdict == ContrastVerdict::Worse), "worse for", &with_size, "");
    part(of(&|verdict| verdict == ContrastVerdict::NoRealDifference), "no real difference for", &plain, "");
    let open = of(&|verdict| matches!(verdict, ContrastVerdict::TooFewRuns { .. }));
    let needed = open.iter().map(|one| one.verdict.replications_needed()).collect::<Option<Vec<u64>>>();
    let needed = needed.and_then(|needed| needed.into_iter().max());
    let after =
        needed.map_or_else(String::new, |needed| format!(" (about {} would do)", figures::replications(needed)));
    part(open, "too few runs to tell for", &plain, &after);
    part(of(&|verdict| verdict == ContrastVerdict::Unknown), "nothing to tell it from for", &plain, "");
    format!("'{}': {}.", variant.identity.name, parts.join("; "))
}

/// What is found of one quantity, variant by variant.
pub(in crate::report) fn headline(contrasts: &[(&str, &Contrast)]) -> String {
    let Some((_, first)) = contrasts.first() else { return String::new() };
    let told = contrasts.iter().map(|(variant, one)| match one.verdict {
        ContrastVerdict::Better | ContrastVerdict::Worse => {
            format!("{} with '{variant}' ({})", one.verdict.name(), alone(one))
        }
        _ => format!("{} with '{variant}'", one.verdict.name()),
    });
    let what =
        if first.quantity == Quantity::Attainment { format!("'{}' kept", first.name) } else { capital(&first.name) };
    format!("{what}: {}.", told.collect::<Vec<_>>().join("; "))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn named(of: &Contrast) -> String {
    if of.quantity == Quantity::Attainment { format!("'{}'", of.name) } else { of.name.clone() }
}

/// "a, b and c".
fn listed(words: &[String]) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.join(""),
    }
}

/// "1.9 points", from a share.
fn points(share: f64) -> String {
    format!("{} points", figures::number(share * 100.0))
}

/// What the verdicts rest on.
pub(in crate::report) fn rests_on(found: &ComparisonResults) -> String {
    format!(
        "{} of each scenario, seed {}, {} intervals; a difference matters from {} of attainment, {} of waits and cost; the \
         p-values of {} are adjusted together (Holm)",
        figures::replications(found.replications),
        found.terms.seed,
        figures::share(found.terms.confidence),
        points(found.terms.margins.attainment),
        figures::share(found.terms.margins.relative),
        if found.family == 1 { "1 verdict".to_owned() } else { format!("{} verdicts", found.family) },
    )
}

/// What to mind of all of it.
pub(in crate::report) fn caution(found: &ComparisonResults) -> Option<String> {
    found.partial.then(|| {
        format!(
            "Of the {} asked for, {} could be compared in full.",
            figures::replications(found.terms.asked),
            figures::count(found.replications as f64)
        )
    })
}

/// What the base and a variant do not promise alike.
pub(in crate::report) fn unlike(variant: &VariantResult) -> Vec<String> {
    let named = |names: &[String]| names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    let all = [
        (&variant.only_in_base, "Only the base promises"),
        (&variant.only_in_variant, "Only the variant promises"),
        (&variant.defined_differently, "Not the same promise in both, though under one name:"),
    ];
    all.into_iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, what)| format!("{what} {}.", named(names)))
        .collect()
}

/// Which of the scenarios may be the best.
pub(in crate::report) fn best_set(best: &BestSet, of: usize) -> String {
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
