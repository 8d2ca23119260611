//! The page of breach points: how much more would be too much, subject by subject.

use super::document::{Badge, Cell, Document, Figure, Front, Part, Section, Table, Tone};
use crate::experiment::breach::{Breach, CurvePoint, Outcome};
use crate::report::breach::{BreachReport, OUT_OF_TIME, Varying, headline, load, name, telling, told};
use crate::report::charts::{self, Headroom, HeadroomPoint};
use crate::report::figures;
use askama::Template;

/// The whole page. The same findings and command give the same bytes anywhere.
#[must_use]
pub fn breach_page(report: &BreachReport<'_>, question: Option<&str>, command: &str) -> Vec<u8> {
    let all = || report.varied.iter().flat_map(|varying| varying.breaches.iter().map(move |breach| (varying, breach)));
    let sentences: Vec<String> = all().map(|(varying, breach)| headline(report, varying, breach)).collect();
    let breaks = all().any(|(_, breach)| breach.outcome != Outcome::Holds);
    let mut parts = Vec::new();
    for (k, (varying, breach)) in all().enumerate() {
        parts.push(Part::Figure(Box::new(figure(report, varying, breach, k))));
        parts.push(Part::List(told(report, varying, breach).into_iter().skip(1).collect()));
    }
    let title = if report.model.title.is_empty() { "peaksim breach" } else { &report.model.title };
    let document = Document {
        title,
        front: Front {
            question: question.map(str::to_owned),
            badge: if breaks {
                Badge { sign: "!", word: "Headroom is limited", tone: Tone::Open }
            } else {
                Badge { sign: "✓", word: "Holds over the range", tone: Tone::Good }
            },
            sentences,
            caution: report.out_of_time.then(|| OUT_OF_TIME.to_owned()).into_iter().collect(),
            tables: vec![points(report)],
            notes: vec![
                "An interval holds the true breach point with the stated confidence: the same orders are replayed at every \
                 load, so the looks differ in nothing but the load."
                    .to_owned(),
            ],
        },
        sections: vec![
            Section { id: "headroom", heading: "How much more would be too much", parts },
            Section { id: "again", heading: "The same again", parts: vec![Part::Command(command.to_owned())] },
        ],
        dark_theme: charts::dark_theme(),
        version: env!("CARGO_PKG_VERSION"),
    };
    document.render().expect("writing to a String cannot fail").into_bytes()
}

fn points(report: &BreachReport<'_>) -> Table {
    let names = ["what", "varied", "breaks at", "from", "to", "runs"];
    let mut table = Table::new("Breach points", 2, &names);
    for varying in &report.varied {
        for breach in &varying.breaches {
            let point = &breach.point;
            let shown =
                if point.value.is_some() { load(varying, point.value) } else { breach.outcome.name().to_owned() };
            table.row([
                Cell::from(name(report.model, &report.subjects[breach.subject])),
                varying.path.clone().into(),
                shown.into(),
                load(varying, point.low).into(),
                load(varying, point.high).into(),
                figures::count(point.samples as f64).into(),
            ]);
        }
    }
    table
}

fn figure(report: &BreachReport<'_>, varying: &Varying, breach: &Breach, k: usize) -> Figure {
    let subject = &report.subjects[breach.subject];
    let (from, to) = window(varying, breach);
    let write = report.write(subject);
    let limit = report.limit(subject);
    let spot = |point: &CurvePoint| {
        let value = point.value.value?;
        let (low, high) = (point.value.low.unwrap_or(value), point.value.high.unwrap_or(value));
        Some(HeadroomPoint { at: point.at, value, low, high })
    };
    // A load as planned is 1 where a factor is varied.
    let factor = [".uplift", ".scale", ".factor"].iter().any(|key| varying.path.ends_with(key));
    let doubt = (breach.point.low, breach.point.high);
    let chart = Headroom {
        from,
        to,
        points: telling(&breach.curve).iter().filter_map(spot).collect(),
        limit,
        in_doubt: (doubt != (None, None)).then(|| (doubt.0.unwrap_or(from), doubt.1.unwrap_or(to))),
        breaks: breach.point.value,
        planned: factor.then_some(1.0),
        write,
    };
    let mut data = Table::new("The looks in numbers", 0, &[varying.path.as_str(), "observed", "runs"]);
    for point in &breach.curve {
        data.row([
            Cell::from(load(varying, Some(point.at))),
            Cell::estimate(&point.value, write),
            figures::count(point.value.samples as f64).into(),
        ]);
    }
    let title = headline(report, varying, breach);
    Figure {
        id: format!("headroom-{}", k + 1),
        description: format!(
            "{title} A line of looks at {} from {} to {}, held against a limit of {}.",
            varying.path,
            load(varying, Some(from)),
            load(varying, Some(to)),
            write(limit)
        ),
        title,
        drawing: charts::headroom(&chart),
        note: String::new(),
        data: Some(data),
    }
}

/// The stretch of loads worth looking at: around the breach point and the plan, or the whole range.
fn window(varying: &Varying, breach: &Breach) -> (f64, f64) {
    let (low, high) = (varying.range.low, varying.range.high);
    let Some(value) = breach.point.value else { return (low, high) };
    let wide = 4.0 * breach.point.half_width().unwrap_or(0.0);
    let reach = wide.max(0.35 * value.abs()).max(0.1 * (high - low)).max(if varying.range.whole { 4.0 } else { 0.0 });
    ((value - reach).max(low), (value + reach).min(high))
}
