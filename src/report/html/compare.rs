//! A comparison as a page of its own, and as the part of a run's page that tells what its variants would do.

use super::document::{Badge, Cell, Document, Figure, Front, Part, Section, Table, Tone};
use crate::experiment::Results;
use crate::experiment::compare::{ComparisonResults, Contrast, ContrastVerdict, Quantity, VariantResult};
use crate::report::charts::{self, DifferenceRow, Differences};
use crate::report::compare::{caution, difference, findings, headline, mean_of, rests_on, unlike, verdict, writer};
use crate::report::figures::{self, UNKNOWN};
use askama::Template;

/// The whole page. The same findings and command give the same bytes anywhere.
#[must_use]
pub fn compare_page(found: &ComparisonResults, question: Option<&str>, command: &str) -> Vec<u8> {
    let mut differs: Vec<Part> = found.variants.iter().flat_map(|variant| what_differs(found, variant)).collect();
    differs.extend(found.variants.iter().filter_map(waits).map(Part::Details));
    let document = Document {
        title: if found.base.title.is_empty() { "peaksim compare" } else { &found.base.title },
        front: Front {
            question: question.map(str::to_owned),
            badge: badge(found),
            sentences: findings(found),
            caution: caution(found).into_iter().collect(),
            tables: vec![verdicts(found)],
            notes: vec![format!("{}.", rests_on(found)), HOW_TO_READ.to_owned()],
            figures: Vec::new(),
            told: Vec::new(),
            decisions: Vec::new(),
        },
        sections: vec![
            Section { id: "differences", heading: "How much better or worse", parts: drawn(found) },
            Section { id: "differs", heading: "What differs between the scenarios", parts: differs },
            Section { id: "again", heading: "The same again", parts: vec![Part::Command(command.to_owned())] },
        ],
        dark_theme: charts::dark_theme(),
        version: env!("CARGO_PKG_VERSION"),
    };
    document.render().expect("writing to a String cannot fail").into_bytes()
}

const HOW_TO_READ: &str = "Better and worse hold for all verdicts of the comparison together. No real difference: the whole \
     interval lies within the margin that matters. Too few runs: neither could be shown.";

/// What a run was asked to compare itself with.
pub(super) fn section(results: &Results) -> Option<Section> {
    let found = results.comparisons.as_ref()?;
    let mut told = findings(found).into_iter();
    let mut parts: Vec<Part> = told.next().map(Part::Finding).into_iter().collect();
    if told.len() > 0 {
        parts.push(Part::List(told.collect()));
    }
    parts.extend(caution(found).map(Part::Paragraph));
    parts.extend(drawn(found));
    parts.push(Part::Table(verdicts(found)));
    parts.push(Part::Paragraph(format!("{}. {HOW_TO_READ}", rests_on(found))));
    parts.extend(found.variants.iter().flat_map(|variant| what_differs(found, variant)));
    parts.extend(found.variants.iter().filter_map(waits).map(Part::Details));
    Some(Section { id: "what-if", heading: "What if", parts })
}

fn badge(found: &ComparisonResults) -> Badge {
    let judged = || found.variants.iter().flat_map(VariantResult::judged).map(|one| one.verdict);
    let any = |verdict: ContrastVerdict| judged().any(|one| one == verdict);
    match (any(ContrastVerdict::Better), any(ContrastVerdict::Worse)) {
        (true, true) => Badge { sign: "!", word: "Better and worse", tone: Tone::Open },
        (true, false) => Badge { sign: "✓", word: "Better", tone: Tone::Good },
        (false, true) => Badge { sign: "✗", word: "Worse", tone: Tone::Bad },
        (false, false) if judged().all(|one| one == ContrastVerdict::NoRealDifference) => {
            Badge { sign: "=", word: "No real difference", tone: Tone::Plain }
        }
        (false, false) if judged().all(|one| one == ContrastVerdict::Unknown) => {
            Badge { sign: "?", word: "Nothing to tell", tone: Tone::Open }
        }
        (false, false) => Badge { sign: "?", word: "Too few runs", tone: Tone::Open },
    }
}

fn tone(of: ContrastVerdict) -> Tone {
    match of {
        ContrastVerdict::Better => Tone::Good,
        ContrastVerdict::Worse => Tone::Bad,
        ContrastVerdict::NoRealDifference => Tone::Plain,
        ContrastVerdict::TooFewRuns { .. } | ContrastVerdict::Unknown => Tone::Open,
    }
}

/// Every verdict that counts.
fn verdicts(found: &ComparisonResults) -> Table {
    let names = ["variant", "what", "verdict", found.base.name.as_str(), "variant's own", "difference"];
    let mut table = Table::new(format!("Verdicts against '{}'", found.base.name), 3, &names);
    for variant in &found.variants {
        for one in variant.judged() {
            table.row(
                [Cell::from(variant.identity.name.clone()), what(one).into(), judged(one)]
                    .into_iter()
                    .chain(numbers(one)),
            );
        }
    }
    table
}

fn what(of: &Contrast) -> String {
    if of.quantity == Quantity::Attainment { format!("'{}' kept", of.name) } else { mean_of(&of.name).to_owned() }
}

fn judged(of: &Contrast) -> Cell {
    Cell::toned(verdict(of), tone(of.verdict))
}

/// Base, variant and difference.
fn numbers(of: &Contrast) -> [Cell; 3] {
    let write = writer(of.quantity);
    [figures::value(&of.base, write).into(), figures::value(&of.variant, write).into(), difference(of).into()]
}

/// A chart for each SLA and the cost, with a row for each variant.
fn drawn(found: &ComparisonResults) -> Vec<Part> {
    let mut names: Vec<(Quantity, &str)> = Vec::new();
    for one in found.variants.iter().flat_map(VariantResult::judged) {
        if !names.contains(&(one.quantity, one.name.as_str())) {
            names.push((one.quantity, one.name.as_str()));
        }
    }
    // The cost comes last, whichever variant has it.
    names.sort_by_key(|(quantity, _)| *quantity == Quantity::Cost);
    let of = |(k, (quantity, name)): (usize, (Quantity, &str))| {
        let is_it = |one: &&Contrast| one.quantity == quantity && one.name == name;
        let contrasts = found
            .variants
            .iter()
            .filter_map(|variant| Some((variant.identity.name.as_str(), variant.judged().find(is_it)?)))
            .collect::<Vec<_>>();
        Part::Figure(Box::new(figure(&contrasts, k)))
    };
    names.into_iter().enumerate().map(of).collect()
}

fn figure(contrasts: &[(&str, &Contrast)], k: usize) -> Figure {
    let row = |(variant, one): &(&str, &Contrast)| {
        let found = &one.difference;
        let ends = |value: f64| [value, found.low.unwrap_or(value), found.high.unwrap_or(value)];
        DifferenceRow {
            label: (*variant).to_owned(),
            found: found.value.map(ends),
            written: difference(one),
            verdict: one.verdict.name().to_owned(),
            worse: one.verdict == ContrastVerdict::Worse,
            told: !matches!(one.verdict, ContrastVerdict::TooFewRuns { .. } | ContrastVerdict::Unknown),
        }
    };
    let quantity = contrasts.first().map_or(Quantity::Attainment, |(_, one)| one.quantity);
    let margin = contrasts.iter().find_map(|(_, one)| one.margin);
    let chart = Differences {
        rows: contrasts.iter().map(row).collect(),
        margin,
        more_is_better: quantity == Quantity::Attainment,
        write: match quantity {
            Quantity::Attainment => in_points,
            Quantity::Cost | Quantity::Wait => signed,
        },
    };
    let title = headline(contrasts);
    let spoken: Vec<String> = contrasts
        .iter()
        .map(|(variant, one)| format!("{variant} {}, {}", difference(one), one.verdict.name()))
        .collect();
    let names = ["variant", "base", "variant's own", "difference", "p, adjusted", "margin", "verdict"];
    let mut data = Table::new("The differences in numbers", 1, &names);
    for (variant, one) in contrasts {
        let [base, own, difference] = numbers(one);
        let known = |number: Option<f64>, write: fn(f64) -> String| number.map_or_else(|| UNKNOWN.to_owned(), write);
        data.row([
            Cell::from(*variant),
            base,
            own,
            difference,
            known(one.p_adjusted, p_value).into(),
            known(one.margin, chart.write).replace('+', "±").into(),
            judged(one),
        ]);
    }
    Figure {
        id: format!("difference-{}", k + 1),
        description: format!(
            "{title} Differences from the base with their intervals, one row for each variant: {}.",
            spoken.join("; ")
        ),
        title,
        drawing: charts::differences(&chart),
        note: "The line is no difference at all, the grey band the margin within which one does not matter; a hollow mark \
               cannot be told."
            .to_owned(),
        data: Some(data),
    }
}

/// "+2 points", from a share.
fn in_points(share: f64) -> String {
    format!("{} points", signed(share * 100.0))
}

/// A number with its sign.
fn signed(number: f64) -> String {
    if number > 0.0 { format!("+{}", figures::number(number)) } else { figures::number(number) }
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { figures::number(p) }
}

/// What a variant says differently, and what it does not promise alike.
fn what_differs(found: &ComparisonResults, variant: &VariantResult) -> Vec<Part> {
    let name = &variant.identity.name;
    let mut parts = Vec::new();
    if variant.differs.is_empty() {
        parts.push(Part::Paragraph(format!("Nothing differs between '{}' and '{name}'.", found.base.name)));
    } else {
        let mut table =
            Table::new(format!("What '{name}' says differently"), 3, &["path", found.base.name.as_str(), name]);
        for one in &variant.differs {
            let side = |side: &Option<String>| Cell::from(side.as_deref().unwrap_or("nothing"));
            table.row([Cell::from(one.path.clone()), side(&one.base), side(&one.variant)]);
        }
        parts.push(Part::Table(table));
    }
    parts.extend(unlike(variant).into_iter().map(|note| Part::Paragraph(format!("'{name}': {note}"))));
    parts
}

/// Waits, which nobody adjusts for looking at many.
fn waits(variant: &VariantResult) -> Option<Table> {
    let names = ["wait", "verdict of its own", "base", "variant", "difference"];
    let caption = format!("Exploratory: mean waits with '{}', each judged by itself", variant.identity.name);
    let mut table = Table::new(caption, 2, &names);
    for one in &variant.exploratory {
        table.row([Cell::from(mean_of(&one.name)), judged(one)].into_iter().chain(numbers(one)));
    }
    (!table.rows.is_empty()).then_some(table)
}
