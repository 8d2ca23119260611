//! What holds orders up, what would help, and what is to blame.

use super::document::{Cell, Figure, Part, Section, Table, Tone};
use crate::experiment::Results;
use crate::experiment::whatif::{Effect, EffectVerdict, MarginalResult, Why};
use crate::report::charts::{self, Bar};
use crate::report::figures::{self, UNKNOWN};
use crate::report::why;

/// Additions that are drawn; the table has all.
const MOST_BARS: usize = 8;

pub(super) fn section(results: &Results) -> Option<Section> {
    let headline = why::headline(results)?;
    let mut parts = vec![Part::Finding(headline), Part::Table(ranking(results))];
    parts.push(Part::Paragraph(why::how_ranked(results)));
    match &results.why {
        None if results.slas.is_empty() => {}
        None => parts.push(Part::Paragraph(why::ASK_WHY.to_owned())),
        Some(found) => parts.extend(looked_into(results, found)),
    }
    Some(Section { id: "bottlenecks", heading: "What holds orders up, and what would help", parts })
}

fn ranking(results: &Results) -> Table {
    let names = [
        "station",
        "layer",
        "hours late",
        "of all hours late",
        "of the time the bottleneck",
        "used most",
        "more capacity there helps",
    ];
    let mut table = Table::new("Bottlenecks, the worst first (mean of a run)", 2, &names);
    for one in &results.bottlenecks {
        table.row([
            Cell::from(one.station.clone()),
            one.layer.into(),
            Cell::estimate(&one.late_hours, figures::hours),
            Cell::estimate(&one.share_of_lateness, figures::share),
            Cell::estimate(&one.share_of_time, figures::share),
            why::used(one).into(),
            why::confirmed(one).into(),
        ]);
    }
    table.without_empty(UNKNOWN)
}

fn looked_into(results: &Results, found: &Why) -> Vec<Part> {
    let mut parts = Vec::new();
    if results.slas.is_empty() {
        return parts;
    }
    match figure(results, found) {
        Some(figure) => parts.push(Part::Figure(Box::new(figure))),
        None => parts.push(Part::Finding(why::helps_most(found))),
    }
    let effects = why::effect_columns(results);
    let names = |first: &[&'static str]| {
        let all: Vec<String> = first.iter().map(|name| (*name).to_owned()).chain(effects.iter().cloned()).collect();
        all
    };
    if !found.marginal_capacity.is_empty() {
        let names = names(&["a little more", "person-hours"]);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut table = Table::new("What a little more capacity does (change of late orders in a run)", 1, &names);
        for one in &found.marginal_capacity {
            let first = [Cell::from(one.what.clone()), why::person_hours(one).into()];
            table.row(first.into_iter().chain(one.effects.iter().map(cell)));
        }
        parts.push(Part::Table(table));
        parts.push(Part::Paragraph(why::tried(results, found)));
    }
    if !found.counterfactuals.is_empty() {
        let names = names(&["with"]);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut table = Table::new("If a cause were away (change of late orders in a run)", 1, &names);
        for one in &found.counterfactuals {
            table.row(std::iter::once(Cell::from(one.removal.name())).chain(one.effects.iter().map(cell)));
        }
        parts.push(Part::Table(table));
        parts.push(Part::Paragraph(why::DO_NOT_ADD_UP.to_owned()));
    }
    parts.extend(why::ceilings(results).into_iter().map(Part::Paragraph));
    parts
}

fn cell(effect: &Effect) -> Cell {
    let tone = match effect.verdict {
        EffectVerdict::Fewer => Tone::Good,
        EffectVerdict::More => Tone::Bad,
        EffectVerdict::NotShown | EffectVerdict::Unknown => Tone::Plain,
    };
    Cell::toned(why::change(effect), tone)
}

/// What is shown to take late orders away, as bars.
fn figure(results: &Results, found: &Why) -> Option<Figure> {
    let helps = |one: &&MarginalResult| one.effects.first().is_some_and(|of| of.verdict == EffectVerdict::Fewer);
    let drawn: Vec<&MarginalResult> = found.marginal_capacity.iter().filter(helps).take(MOST_BARS).collect();
    let name = &results.slas.first()?.name;
    let bar = |one: &&MarginalResult| {
        let fewer = one.effects.first()?.change.scaled(-1.0);
        let ends = |(low, high): (f64, f64)| (low.max(0.0), high.max(0.0));
        Some(Bar {
            label: one.what.clone(),
            value: fewer.value.unwrap_or(0.0).max(0.0),
            interval: fewer.low.zip(fewer.high).map(ends),
            written: figures::value(&fewer, figures::count),
        })
    };
    let bars: Vec<Bar> = drawn.iter().filter_map(bar).collect();
    if bars.is_empty() {
        return None;
    }
    let told = |bar: &Bar| format!("{} {}", bar.label, bar.written);
    Some(Figure {
        id: "marginal-capacity".to_owned(),
        title: why::helps_most(found),
        description: format!("Bars, the longest first: {}.", bars.iter().map(told).collect::<Vec<_>>().join("; ")),
        drawing: charts::bars(&bars),
        note: format!("Fewer late orders of '{name}' in a run, each addition by itself; only what is shown to help."),
        data: None,
    })
}
