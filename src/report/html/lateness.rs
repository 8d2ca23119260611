//! Where the time of late orders went.

use super::document::{Cell, Figure, Part, Section, Table};
use crate::experiment::Results;
use crate::experiment::results::LedgerResult;
use crate::report::blame::reason;
use crate::report::charts::{self, Bar};
use crate::report::figures::{self, UNKNOWN};

/// Most parts that are drawn; the table has all.
const MOST_BARS: usize = 8;

pub(super) fn section(results: &Results) -> Option<Section> {
    let (sla, first) = (results.slas.first()?, results.lateness_ledger.first()?);
    let drawn = &results.lateness_ledger[..results.lateness_ledger.len().min(MOST_BARS)];
    let title = format!(
        "{} of all hours late ({} in a run) come from {}",
        figures::value(&first.share, figures::share),
        figures::value(&first.late_hours, figures::hours),
        reason(&first.blamed)
    );
    let figure = Figure {
        id: "ledger".to_owned(),
        title,
        description: description(drawn),
        drawing: charts::bars(&drawn.iter().map(bar).collect::<Vec<_>>()),
        note: format!(
            "Hours that late orders of '{}' are late, split exactly into what held them up before the last chance to \
             keep the promise; mean of a run.{}",
            sla.name,
            if drawn.iter().any(|part| part.late_hours.low.is_some()) {
                format!(" The line at the end of a bar is the {} interval.", figures::share(results.confidence))
            } else {
                String::new()
            }
        ),
        data: None,
    };
    let table = table(results);
    Some(Section {
        id: "lateness",
        heading: "Where late orders’ time went",
        parts: vec![Part::Figure(Box::new(figure)), Part::Table(table)],
    })
}

fn bar(part: &LedgerResult) -> Bar {
    Bar {
        label: capital(&reason(&part.blamed)),
        value: part.late_hours.value.unwrap_or(0.0),
        interval: part.late_hours.low.zip(part.late_hours.high),
        written: format!(
            "{} ({})",
            figures::value(&part.share, figures::share),
            figures::value(&part.late_hours, figures::hours)
        ),
    }
}

fn description(drawn: &[LedgerResult]) -> String {
    let part = |part: &LedgerResult| {
        let (share, hours) = (&part.share, &part.late_hours);
        format!(
            "{} {}, {}",
            reason(&part.blamed),
            figures::value(share, figures::share),
            figures::value(hours, figures::hours)
        )
    };
    format!("Bars, the longest first: {}.", drawn.iter().map(part).collect::<Vec<_>>().join("; "))
}

fn table(results: &Results) -> Table {
    let names = ["what held late orders up", "station", "layer", "hours late", "share of all hours late"];
    let mut table = Table::new("The lateness ledger (mean of a run)", 3, &names);
    for part in &results.lateness_ledger {
        table.row([
            Cell::from(part.blamed.cause),
            part.blamed.station.clone().unwrap_or_else(|| UNKNOWN.to_owned()).into(),
            part.layer.unwrap_or(UNKNOWN).into(),
            Cell::estimate(&part.late_hours, figures::hours),
            Cell::estimate(&part.share, figures::share),
        ]);
    }
    table
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
