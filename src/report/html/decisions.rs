//! What each lever does, and until when it can wait.

use super::document::{Cell, Part, Section, Table, Tone};
use crate::experiment::Results;
use crate::report::decisions::{self, days};

pub(super) fn section(results: &Results) -> Option<Section> {
    results.levers.as_ref()?;
    let mut told = decisions::sentences(results).into_iter();
    let mut parts = vec![Part::Finding(told.next()?)];
    let rest: Vec<String> = told.collect();
    parts.extend((!rest.is_empty()).then_some(Part::List(rest)));
    let rows = decisions::rows(results);
    if !rows.is_empty() {
        let mut table = Table::new("What each lever does, pulled at its earliest", 2, &decisions::COLUMNS);
        for (keeps, row) in rows {
            let tone = |column: usize| if column == 3 { Tone::of(keeps) } else { Tone::Plain };
            table.row(row.into_iter().enumerate().map(|(column, text)| Cell::toned(text, tone(column))));
        }
        parts.push(Part::Table(table));
        parts.push(Part::Paragraph(decisions::legend(results)));
    }
    let saved = days::rows(results);
    if !saved.is_empty() {
        let mut table = Table::new(days::TITLE, 3, &days::COLUMNS);
        for row in saved {
            table.row(row.map(Cell::from));
        }
        parts.push(Part::Table(table));
        parts.push(Part::Paragraph(days::legend(results)));
    }
    Some(Section { id: "decisions", heading: "What could still be decided", parts })
}
