//! The report for a terminal: the verdict first, then the tables behind it. At most 100 columns wide.
//!
//! Colour adds nothing that is not in the letters: both forms read the same.

use super::breach;
use super::checks::finding;
use super::compare;
use super::days::{self, Column};
use super::decisions;
use super::figures::{self, UNKNOWN};
use super::frontier;
use super::verdict::{by_line, headline};
use super::why;
use crate::calendar::short_date;
use crate::experiment::Results;
use crate::experiment::results::{CheckVerdict, DayResult, SlaResult, StationResult, Verdict};
use crate::statistics::estimate::Estimate;
use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table, TableComponent};

/// Columns of the report.
pub const WIDTH: u16 = 100;
/// Rows of the ledger that are shown.
const LEDGER_ROWS: usize = 8;
/// Columns of a check's verdict, with the blanks after it.
const VERDICT_WIDTH: usize = 14;

/// The whole report, with a final line break.
#[must_use]
pub fn report(results: &Results, colour: bool) -> String {
    let mut page = Page { text: String::new(), colour };
    let headline = headline(results);
    page.heading(&results.title);
    if let Some(verdict) = headline.verdict {
        page.verdict(verdict);
    }
    headline.sentences.iter().for_each(|sentence| page.paragraph(sentence));
    results.warnings.iter().for_each(|warning| page.paragraph(&format!("Note: {warning}")));
    days(&mut page, results);
    slas(&mut page, results);
    breach::part(&mut page, results);
    frontier::part(&mut page, results);
    compare::part(&mut page, results);
    decisions::text(&mut page, results);
    stations(&mut page, results);
    ledger(&mut page, results);
    why::text(&mut page, results);
    pools(&mut page, results);
    exceptions(&mut page, results);
    measures(&mut page, results);
    checks(&mut page, results);
    footer(&mut page, results);
    // They have done their work; who searches the text expects plain spaces.
    page.text.replace(figures::NO_BREAK, " ")
}

/// The checks alone: a line for each, with what to do about it, and a final line break.
#[must_use]
pub fn check_report(results: &Results, colour: bool) -> String {
    let mut page = Page { text: String::new(), colour };
    page.heading(&results.title);
    if results.partial {
        results.warnings.iter().for_each(|warning| page.paragraph(&format!("Note: {warning}")));
    }
    checks(&mut page, results);
    if results.checks.iter().any(|check| check.verdict == CheckVerdict::Fail) {
        page.text.push('\n');
        page.paragraph("What breaks, when and why: peaksim run, on the same file.");
    }
    footer(&mut page, results);
    page.text.replace(figures::NO_BREAK, " ")
}

/// What the report rests on.
fn footer(page: &mut Page, results: &Results) {
    page.text.push('\n');
    results.until.iter().for_each(|until| page.paragraph(&super::until::sentence(until)));
    page.paragraph(&format!(
        "{}, seed {}, {}{} events; scenario {}; peaksim {}.",
        figures::replications(results.replications),
        results.seed,
        if results.replications > 1 {
            format!("{} intervals, ", figures::share(results.confidence))
        } else {
            String::new()
        },
        figures::count(results.events as f64),
        if results.hash.is_empty() { UNKNOWN } else { &results.hash },
        env!("CARGO_PKG_VERSION"),
    ));
}

/// A text in the making.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) colour: bool,
}

impl Page {
    pub(super) fn heading(&mut self, title: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        for line in wrapped(title) {
            self.styled(&line, "1");
        }
    }

    fn verdict(&mut self, verdict: Verdict) {
        self.styled(
            &verdict.name().to_uppercase(),
            match verdict {
                Verdict::Kept => "1;32",
                Verdict::Breached => "1;31",
                Verdict::Inconclusive => "1;33",
            },
        );
    }

    fn styled(&mut self, line: &str, code: &str) {
        if self.colour {
            self.text.push_str(&format!("\u{1b}[{code}m{line}\u{1b}[0m\n"));
        } else {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        for line in wrapped(text) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    /// A table under a heading; the first `words` columns are words, the others numbers. Nothing without rows.
    pub(super) fn table(&mut self, title: &str, header: &[&str], words: usize, rows: Vec<Vec<Cell>>) {
        if rows.is_empty() {
            return;
        }
        self.heading(title);
        let mut table = Table::new();
        table.force_no_tty().load_preset(NOTHING).set_width(WIDTH).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_style(TableComponent::HeaderLines, '─').set_style(TableComponent::MiddleHeaderIntersections, '─');
        table.set_header(header.to_vec()).add_rows(rows);
        for (k, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, 1));
            column.set_cell_alignment(if k < words { CellAlignment::Left } else { CellAlignment::Right });
        }
        if self.colour {
            table.enforce_styling();
            table.style_text_only();
        }
        self.text.push_str(&table.trim_fmt());
        self.text.push('\n');
    }
}

/// Lines of at most [`WIDTH`] columns, broken at spaces; a word that is longer is cut.
pub(super) fn wrapped(text: &str) -> Vec<String> {
    wrapped_to(text, usize::from(WIDTH))
}

fn wrapped_to(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in figures::glued(text).split(' ').filter(|word| !word.is_empty()) {
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.chunks(width) {
            let line = lines.last_mut().expect("there is always a line");
            let used = line.chars().count();
            if used > 0 && used + 1 + piece.len() > width {
                lines.push(piece.iter().collect());
            } else {
                line.push_str(if used > 0 { " " } else { "" });
                line.extend(piece);
            }
        }
    }
    lines
}

pub(super) fn cells(texts: impl IntoIterator<Item = String>) -> Vec<Cell> {
    texts.into_iter().map(|text| Cell::new(figures::glued(&text))).collect()
}

fn days(page: &mut Page, results: &Results) {
    let shown = days::shown(results);
    let columns = days::columns(shown.days);
    let mut header = vec!["day"];
    header.extend(columns.iter().map(|column| column.name(results)));
    let cell = |column: &Column, day: &DayResult| match column {
        Column::Overdue => figures::plus_minus(&day.overdue_at_close, figures::count),
        other => other.text(results, day),
    };
    let row = |day: &DayResult| {
        let date = short_date(day.date);
        let mut row = vec![if day.judged { date } else { format!("{date} *") }];
        row.extend(columns.iter().map(|column| cell(column, day)));
        cells(row)
    };
    let title = match results.replications {
        1 => "Days".to_owned(),
        _ => format!("Days (mean of a run; ± {} interval of the mean)", figures::share(results.confidence)),
    };
    page.table(&title, &header, 1, shown.days.iter().map(row).collect());
    if shown.days.iter().any(|day| !day.judged) {
        page.paragraph("* not judged");
    }
    shown.tail.iter().for_each(|tail| page.paragraph(tail));
    days::legend(results, shown.days).iter().for_each(|sentence| page.paragraph(sentence));
}

fn slas(page: &mut Page, results: &Results) {
    let header = ["SLA", "verdict", "target", "kept", "late of due", "oldest late", "first breach"];
    let row = |sla: &SlaResult| {
        let colour = match sla.verdict {
            Verdict::Kept => Color::Green,
            Verdict::Breached => Color::Red,
            Verdict::Inconclusive => Color::Yellow,
        };
        let (late, due) = (&sla.late_orders, &sla.due_orders);
        let breach = sla.first_breach.median.map_or_else(|| "never".to_owned(), |at| figures::instant(results, at));
        let mut row = vec![Cell::new(&sla.name), Cell::new(sla.verdict.name()).fg(colour)];
        row.extend(cells([
            figures::share(sla.target),
            figures::interval(&sla.attainment, figures::share),
            format!("{} of {}", figures::value(late, figures::count), figures::value(due, figures::count)),
            figures::value(&sla.oldest_late, figures::duration),
            breach,
        ]));
        row
    };
    page.table(
        "SLAs (mean of a run; first breach of the middle run)",
        &header,
        2,
        results.slas.iter().map(row).collect(),
    );
    for sla in &results.slas {
        let excluded = sla.excluded.as_ref().map_or_else(String::new, |count| {
            format!(" ({} {} of a run do not count)", figures::value(count, figures::count), sla.unit.plural())
        });
        page.paragraph(&format!("{}: {}{excluded}", sla.name, sla.definition));
    }
}

fn stations(page: &mut Page, results: &Results) {
    let header = ["station", "layer", "visits", "mean wait", "95 % within", "longest queue", "oldest wait", "busy"];
    let rows = results.stations.iter().map(|station| {
        cells([
            station.name.clone(),
            station.layer.to_owned(),
            figures::value(&station.arrivals, figures::count),
            figures::value(&station.wait.mean, figures::duration),
            figures::value(&station.wait.p95, figures::duration),
            figures::value(&station.queue_max, figures::count),
            figures::value(&station.oldest_waiting, figures::duration),
            figures::value(&station.utilisation, figures::share),
        ])
    });
    page.table("Stations (mean of a run)", &header, 2, rows.collect());
    if let Some(note) = by_line(results) {
        page.paragraph(&note);
    }
    equipment(page, results);
}

fn equipment(page: &mut Page, results: &Results) {
    let header = ["equipment", "station", "count", "in use", "waits here with a person free but none of it"];
    let all = results.stations.iter().flat_map(|station| station.equipment.iter().map(move |kind| (station, kind)));
    let rows = all.map(|(station, kind)| {
        let waited = station.waited_for_equipment.as_ref();
        cells([
            kind.name.clone(),
            station.name.clone(),
            kind.count.to_string(),
            figures::value(&kind.utilisation, figures::share),
            waited.map_or_else(|| UNKNOWN.to_owned(), |waited| waited_share(station, waited)),
        ])
    });
    page.table("Equipment (in use: of the time that somebody is there)", &header, 2, rows.collect());
}

/// "18.2 % of 3.1 h": a share never stands without what it is a share of.
fn waited_share(station: &StationResult, waited: &Estimate) -> String {
    let mean = figures::value(&station.wait.mean, figures::duration);
    format!("{} of {mean} on average", figures::value(waited, figures::share))
}

fn ledger(page: &mut Page, results: &Results) {
    let Some(first) = results.slas.first() else { return };
    let header = ["cause", "station", "layer", "hours late", "share"];
    let rows = results.lateness_ledger.iter().take(LEDGER_ROWS).map(|part| {
        cells([
            part.blamed.cause.to_owned(),
            part.blamed.station.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
            part.layer.unwrap_or(UNKNOWN).to_owned(),
            figures::interval(&part.late_hours, figures::hours),
            figures::value(&part.share, figures::share),
        ])
    });
    page.table(
        &format!("Where the lateness of '{}' comes from (mean of a run)", first.name),
        &header,
        3,
        rows.collect(),
    );
    if results.lateness_ledger.len() > LEDGER_ROWS {
        page.paragraph(&format!("and {} smaller parts.", results.lateness_ledger.len() - LEDGER_ROWS));
    }
}

fn pools(page: &mut Page, results: &Results) {
    let header = ["pool", "hours planned", "at work", "of those present", "ran over", "overtime", "cost"];
    let rows = results.pools.iter().map(|pool| {
        cells([
            pool.name.clone(),
            figures::value(&pool.scheduled_hours, figures::hours),
            figures::value(&pool.busy_hours, figures::hours),
            figures::value(&pool.utilisation, figures::share),
            figures::value(&pool.stayed_hours, figures::hours),
            figures::value(&pool.overtime_hours, figures::hours),
            pool.cost.as_ref().map_or_else(|| UNKNOWN.to_owned(), |cost| figures::value(cost, figures::count)),
        ])
    });
    page.table("Pools (mean of a run)", &header, 1, rows.collect());
}

fn exceptions(page: &mut Page, results: &Results) {
    let header = ["hold or exception", "owner", "struck", "half resolved within", "90 % within", "open at end"];
    let rows = results.exceptions.iter().map(|exception| {
        let owner = match &exception.owner {
            Some(owner) => Cell::new(owner),
            None => Cell::new("nobody").fg(Color::Red),
        };
        let mut row = vec![Cell::new(&exception.name), owner];
        row.extend(cells([
            figures::value(&exception.count, figures::count),
            figures::value(&exception.resolution_p50, figures::duration),
            figures::value(&exception.resolution_p90, figures::duration),
            figures::value(&exception.open_at_end, figures::count),
        ]));
        row
    });
    page.table("Holds and exceptions (mean of a run)", &header, 2, rows.collect());
}

fn measures(page: &mut Page, results: &Results) {
    let rows = results.measures.iter().map(|measure| {
        cells([measure.name.clone(), measure.path.clone(), figures::interval(&measure.estimate, figures::number)])
    });
    page.table("Measures (times in seconds)", &["measure", "path", "found"], 2, rows.collect());
}

fn checks(page: &mut Page, results: &Results) {
    if results.checks.is_empty() {
        return;
    }
    page.heading("Checks (judged on the whole interval)");
    for check in &results.checks {
        let code = match check.verdict {
            CheckVerdict::Pass => "32",
            CheckVerdict::Fail => "31",
            CheckVerdict::Inconclusive(_) => "33",
        };
        let word = check.verdict.name().to_uppercase();
        // The word is padded, so that the names stand below each other.
        let line = format!("{}: {}", check.name, finding(check));
        for (k, piece) in wrapped_to(&line, usize::from(WIDTH) - VERDICT_WIDTH).iter().enumerate() {
            let start = if k == 0 { word.as_str() } else { "" };
            let padding = " ".repeat(VERDICT_WIDTH - start.len());
            let start =
                if page.colour && k == 0 { format!("\u{1b}[{code}m{start}\u{1b}[0m") } else { start.to_owned() };
            page.text.push_str(&format!("{start}{padding}{piece}\n"));
        }
    }
}

#[cfg(test)]
mod tests;
