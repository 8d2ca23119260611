//! Page one, the Monday peak meeting: the verdict in plain words and the day table.

use super::document::{Badge, Cell, Figure, Front, Table, Tone};
use super::facts::ReportFacts;
use super::headroom;
use crate::calendar::short_date;
use crate::experiment::Results;
use crate::experiment::results::{DayResult, Verdict};
use crate::report::breach;
use crate::report::days::{self, Column};
use crate::report::decisions;
use crate::report::figures;
use crate::report::verdict::{attainment, breaks_first, headline};

pub(super) fn front(results: &Results, facts: &ReportFacts) -> Front {
    let headline = headline(results);
    let badge = match headline.verdict {
        Some(Verdict::Kept) => Badge { sign: "✓", word: "Kept", tone: Tone::Good },
        Some(Verdict::Breached) => Badge { sign: "✕", word: "Breached", tone: Tone::Bad },
        Some(Verdict::Inconclusive) => Badge { sign: "?", word: "Inconclusive", tone: Tone::Open },
        None => Badge { sign: "–", word: "Not judged", tone: Tone::Plain },
    };
    let first = breaks_first(results).map(|sla| &sla.name);
    let untold = results.slas.iter().filter(|sla| match headline.verdict {
        Some(Verdict::Breached) => first != Some(&sla.name),
        Some(Verdict::Inconclusive) => sla.verdict != Verdict::Inconclusive,
        Some(Verdict::Kept) | None => false,
    });
    let others = untold.map(|sla| match sla.verdict {
        Verdict::Kept => format!("Kept is {}", attainment(sla)),
        Verdict::Breached => format!("Breached is also {}", attainment(sla)),
        Verdict::Inconclusive => format!("It cannot be told whether this is kept: {}", attainment(sla)),
    });
    let mut caution = Vec::new();
    if results.partial {
        caution.push(
            "These results are partial: replications are missing or reached a limit, so nothing is called kept. \
             What is missing is told under “How sure we are”."
                .to_owned(),
        );
    }
    let guesses = facts.assumptions.iter().filter(|assumption| assumption.assumed).count();
    if guesses > 0 {
        let of = facts.assumptions.len();
        caution.push(format!("{guesses} of the {of} stated assumptions are guesses, not yet measured."));
    }
    let (tables, notes) = match results.calendar {
        Some(_) => days(results).unzip(),
        None => (Some(orders(results)), None),
    };
    let (figures, told) = headroom(results);
    Front {
        question: facts.description.clone(),
        badge,
        sentences: headline.sentences.into_iter().chain(others).collect(),
        caution,
        tables: tables.into_iter().collect(),
        notes: notes.unwrap_or_default(),
        figures,
        told,
        decisions: decisions::on_front(results),
    }
}

fn days(results: &Results) -> Option<(Table, Vec<String>)> {
    let shown = days::shown(results);
    let columns = days::columns(shown.days);
    let mut names = vec!["day"];
    names.extend(columns.iter().map(|column| column.name(results)));
    let mut table = Table::new(caption(results), 1, &names);
    for day in shown.days {
        let named = Cell { aside: (!day.judged).then(|| "(not judged)".to_owned()), ..date(day).into() };
        table.row(std::iter::once(named).chain(columns.iter().map(|column| cell(results, *column, day))));
    }
    let notes = shown.tail.into_iter().chain(days::legend(results, shown.days)).collect();
    (!table.rows.is_empty()).then_some((table, notes))
}

/// The curve of the SLA that breaks first, and what belongs to it; or how to get it.
fn headroom(results: &Results) -> (Vec<Figure>, Vec<String>) {
    let answers = breach::of_run(results);
    let Some((question, found)) = breach::breaks_first(&answers) else {
        let asks = results.headroom.is_none() && !results.slas.is_empty();
        return (Vec::new(), if asks { vec![breach::ASK_HEADROOM.to_owned()] } else { Vec::new() });
    };
    let risk = question.risk.map(|risk| breach::risk_told(question.name, risk));
    let told = breach::broken_by(question, found).into_iter().chain(risk).collect();
    (vec![headroom::titled(breach::plain_headline(question, found), question, found, 0)], told)
}

/// A date in one line.
fn date(day: &DayResult) -> String {
    short_date(day.date).replace(' ', &figures::NO_BREAK.to_string())
}

/// Red always says in words or numbers what is wrong: overdue orders, more heads than planned, missing cages.
fn cell(results: &Results, column: Column, day: &DayResult) -> Cell {
    let text = column.text(results, day);
    let tone = if column.is_bad(results, day) { Tone::Bad } else { Tone::Plain };
    let aside = match column {
        Column::Overdue => Cell::estimate(&day.overdue_at_close, figures::count).aside,
        Column::Cages if column.is_bad(results, day) => {
            Some(format!("({} short)", figures::value(&day.cages_short, figures::count)))
        }
        _ => None,
    };
    Cell { aside, ..Cell::toned(text, tone) }
}

/// For a question without a calendar: what became of the orders.
fn orders(results: &Results) -> Table {
    let orders = &results.orders;
    let mut table = Table::new(caption(results), 1, &["orders", "in a run"]);
    let rows = [
        ("created", &orders.arrived),
        ("dispatched", &orders.dispatched),
        ("cancelled", &orders.cancelled),
        ("open at the end", &orders.open_at_end),
    ];
    for (name, estimate) in rows {
        table.row([Cell::from(name), Cell::estimate(estimate, figures::count)]);
    }
    table
}

fn caption(results: &Results) -> String {
    match results.replications {
        1 if results.deterministic => "One run; nothing is random, so every run is the same".to_owned(),
        1 => "One run; it has no intervals".to_owned(),
        runs => format!(
            "Mean of {} runs; in brackets the {} interval of the mean",
            figures::count(runs as f64),
            figures::share(results.confidence)
        ),
    }
}
