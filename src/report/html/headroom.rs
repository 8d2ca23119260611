//! The page of breach points: how much more would be too much, subject by subject.

use super::document::{Badge, Cell, Document, Figure, Front, Part, Section, Table, Tone};
use crate::experiment::Results;
use crate::experiment::breach::{Breach, CurvePoint, Outcome, Range};
use crate::report::breach::{BreachReport, Question, breaks_first, of_run, opening, plain_headline, telling, told};
use crate::report::charts::{self, Headroom, HeadroomPoint};
use crate::report::figures;
use askama::Template;

fn badge(report: &BreachReport<'_>) -> Badge {
    let any = |of: fn(&Question<'_>, &Breach) -> bool| report.answers().any(|(question, breach)| of(&question, breach));
    let keeps = |question: &Question<'_>, breach: &Breach| breach.keeps(question.planned?, question.range);
    match () {
        () if report.answers().any(|(question, breach)| keeps(&question, breach) == Some(false)) => {
            Badge { sign: "✗", word: "Broken as planned", tone: Tone::Bad }
        }
        () if any(|_, breach| breach.outcome == Outcome::Unknown) || any(is_untold) => {
            Badge { sign: "?", word: "Cannot be told", tone: Tone::Open }
        }
        () if any(|_, breach| breach.outcome == Outcome::Broken) => {
            Badge { sign: "✗", word: "Broken over the range", tone: Tone::Bad }
        }
        () if any(|_, breach| breach.outcome != Outcome::Holds) => {
            Badge { sign: "!", word: "Headroom is limited", tone: Tone::Open }
        }
        () => Badge { sign: "✓", word: "Holds over the range", tone: Tone::Good },
    }
}

/// Whether the plan was within reach and nothing surely says how it fares.
fn is_untold(question: &Question<'_>, breach: &Breach) -> bool {
    let inside = question.planned.filter(|plan| (question.range.low..=question.range.high).contains(plan));
    inside.is_some_and(|plan| breach.keeps(plan, question.range).is_none())
}

/// The whole page. The same findings and command give the same bytes anywhere.
#[must_use]
pub fn breach_page(report: &BreachReport<'_>, question: Option<&str>, command: &str) -> Vec<u8> {
    let sentences: Vec<String> = report.answers().map(|(question, breach)| opening(&question, breach)).collect();
    let mut parts = Vec::new();
    for (k, (question, breach)) in report.answers().enumerate() {
        parts.push(Part::Figure(Box::new(figure(&question, breach, k))));
        parts.push(Part::List(told(&question, breach).into_iter().skip(1).collect()));
    }
    let title = if report.model.title.is_empty() { "peaksim breach" } else { &report.model.title };
    let document = Document {
        title,
        front: Front {
            question: question.map(str::to_owned),
            badge: badge(report),
            sentences,
            caution: report.cautions().into_iter().map(str::to_owned).collect(),
            tables: vec![points(report)],
            notes: vec![
                "An interval holds the true breach point with the stated confidence: the same orders are replayed at every \
                 load, so the looks differ in nothing but the load."
                    .to_owned(),
            ],
            figures: Vec::new(),
            told: Vec::new(),
            decisions: Vec::new(),
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
    for (question, breach) in report.answers() {
        let point = &breach.point;
        let shown = if point.value.is_some() { question.load(point.value) } else { breach.outcome.name().to_owned() };
        table.row([
            Cell::from(question.name),
            question.path.into(),
            shown.into(),
            question.load(point.low).into(),
            question.load(point.high).into(),
            figures::count(point.samples as f64).into(),
        ]);
    }
    table
}

/// What a run was asked to find of its headroom: every SLA, the one that stands on page one told in words only.
pub(super) fn section(results: &Results) -> Option<Section> {
    let answers = of_run(results);
    let first = breaks_first(&answers)?.1.subject;
    let mut parts = Vec::new();
    for (question, breach) in &answers {
        let mut told = told(question, breach);
        if breach.subject != first {
            told.remove(0);
            let title = plain_headline(question, breach);
            parts.push(Part::Figure(Box::new(titled(title, question, breach, breach.subject + 1))));
        }
        parts.push(Part::List(told));
    }
    Some(Section { id: "headroom", heading: "How much more would be too much", parts })
}

/// The curve of one subject; `k` makes its name unlike that of others on the page.
fn figure(question: &Question<'_>, breach: &Breach, k: usize) -> Figure {
    titled(plain_headline(question, breach), question, breach, k)
}

/// The same under another title.
pub(super) fn titled(title: String, question: &Question<'_>, breach: &Breach, k: usize) -> Figure {
    let Question { path, range, write, limit, planned, .. } = *question;
    let planned = planned.filter(|planned| (range.low..=range.high).contains(planned));
    let (from, to) = window(range, breach, planned);
    let spot = |point: &CurvePoint| {
        let value = point.value.value?;
        let (low, high) = (point.value.low.unwrap_or(value), point.value.high.unwrap_or(value));
        Some(HeadroomPoint { at: point.at, value, low, high })
    };
    let doubt = (breach.point.low, breach.point.high);
    let chart = Headroom {
        from,
        to,
        points: telling(&breach.curve).iter().filter_map(spot).collect(),
        limit,
        in_doubt: (doubt != (None, None)).then(|| (doubt.0.unwrap_or(from), doubt.1.unwrap_or(to))),
        breaks: breach.point.value,
        planned,
        write,
    };
    let mut data = Table::new("The looks in numbers", 0, &[path, "observed", "runs"]);
    for point in &breach.curve {
        data.row([
            Cell::from(question.load(Some(point.at))),
            Cell::estimate(&point.value, write),
            figures::count(point.value.samples as f64).into(),
        ]);
    }
    Figure {
        id: format!("headroom-{}", k + 1),
        description: format!(
            "{title} A line of looks at {} from {} to {}, held against a limit of {}.",
            path,
            question.load(Some(from)),
            question.load(Some(to)),
            write(limit)
        ),
        title,
        drawing: charts::headroom(&chart),
        note: String::new(),
        data: Some(data),
    }
}

/// The stretch of loads worth looking at: around the breach point and the plan, or the whole range.
fn window(range: Range, breach: &Breach, planned: Option<f64>) -> (f64, f64) {
    let (low, high) = (range.low, range.high);
    let Some(value) = breach.point.value else { return (low, high) };
    let wide = 4.0 * breach.point.half_width().unwrap_or(0.0);
    let reach = wide.max(0.35 * value.abs()).max(0.1 * (high - low)).max(if range.whole { 4.0 } else { 0.0 });
    // A look beyond the plan, so that the curve does not end short of it.
    let plan = |end: f64, further: f64| planned.map_or(end, |plan| plan * further);
    let (from, to) = ((value - reach).min(plan(value, 0.85)), (value + reach).max(plan(value, 1.15)));
    (from.max(low), to.min(high))
}
