//! Page one, the Monday peak meeting: the verdict in plain words and the day table.

use super::document::{Badge, Cell, Front, Table, Tone};
use super::facts::ReportFacts;
use crate::calendar::short_date;
use crate::experiment::Results;
use crate::experiment::results::Verdict;
use crate::report::figures::{self, UNKNOWN};
use crate::report::text::shown_days;
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
    let tables = if results.calendar.is_some() { days(results) } else { Some(orders(results)) };
    Front {
        question: facts.description.clone(),
        badge,
        sentences: headline.sentences.into_iter().chain(others).collect(),
        caution,
        tables: tables.into_iter().collect(),
    }
}

fn days(results: &Results) -> Option<Table> {
    let names = ["day", "orders in", "due", "dispatched", "overdue at close", "heads planned"];
    let mut table = Table::new(caption(results), 1, &names);
    for day in shown_days(results) {
        let date = short_date(day.date);
        let overdue = day.overdue_at_close.value.is_some_and(|overdue| overdue >= 0.5);
        table.row([
            Cell::from(if day.judged { date } else { format!("{date} (not judged)") }),
            figures::value(&day.intake, figures::count).into(),
            figures::value(&day.due, figures::count).into(),
            figures::value(&day.dispatched, figures::count).into(),
            Cell::estimate(&day.overdue_at_close, figures::count).with(if overdue { Tone::Bad } else { Tone::Plain }),
            day.heads_planned.to_string().into(),
        ]);
    }
    (!table.rows.is_empty()).then(|| table.without_empty(UNKNOWN))
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
        1 => "One run; it has no intervals".to_owned(),
        runs => format!(
            "Mean of {} runs; in brackets the {} interval of the mean",
            figures::count(runs as f64),
            figures::share(results.confidence)
        ),
    }
}
