//! The page of a sweep: small multiples of every promise and number, and the cells as a table.

use super::document::{Badge, Cell, Document, Figure, Front, Part, Section, Table, Tone};
use crate::experiment::results::Verdict;
use crate::experiment::sweep::{CellResult, Setting};
use crate::report::charts::{self, Mark, Panel, PanelAxis, PanelPoint, Panels};
use crate::report::figures;
use crate::report::sweep::{Design, Subject, SweepReport, along, headline, how, lines, notes, shown, sign, telling};
use askama::Template;

/// Panels that are drawn; the table holds all cells.
const MOST_PANELS: usize = 24;
/// Cells that stand in the open on page one.
const MOST_OPEN: usize = 40;

/// The whole page. The same findings and command give the same bytes anywhere.
#[must_use]
pub fn sweep_page(report: &SweepReport, question: Option<&str>, command: &str) -> Vec<u8> {
    let subjects = report.subjects();
    let mut parts = Vec::new();
    for (k, subject) in subjects.iter().enumerate() {
        parts.push(Part::Figure(Box::new(figure(report, *subject, k))));
        let told: Vec<String> = along(report, *subject).into_iter().chain(telling(report, *subject)).collect();
        if !told.is_empty() {
            parts.push(Part::List(told));
        }
    }
    let whole = table(report, "Cell by cell");
    let open = report.cells.len() <= MOST_OPEN;
    let (front, below) = if open { (vec![whole], None) } else { (Vec::new(), Some(Part::Details(whole))) };
    parts.extend(below);
    let title = if report.title.is_empty() { "peaksim sweep" } else { &report.title };
    let document = Document {
        title,
        front: Front {
            question: question.map(str::to_owned),
            badge: badge(report),
            sentences: subjects.iter().map(|subject| headline(report, *subject)).collect(),
            caution: notes(report),
            tables: front,
            notes: how(report),
            figures: Vec::new(),
            told: Vec::new(),
            decisions: Vec::new(),
        },
        sections: vec![
            Section { id: "cells", heading: "Cell by cell", parts },
            Section { id: "again", heading: "The same again", parts: vec![Part::Command(command.to_owned())] },
        ],
        dark_theme: charts::dark_theme(),
        version: env!("CARGO_PKG_VERSION"),
    };
    document.render().expect("writing to a String cannot fail").into_bytes()
}

fn badge(report: &SweepReport) -> Badge {
    let verdicts = || report.cells.iter().flat_map(|cell| cell.slas.iter().map(|sla| sla.verdict));
    match () {
        () if report.slas.is_empty() => Badge { sign: "·", word: "Nothing is promised", tone: Tone::Plain },
        () if verdicts().all(|verdict| verdict == Verdict::Kept) => {
            Badge { sign: "✓", word: "Kept in every cell", tone: Tone::Good }
        }
        () if verdicts().all(|verdict| verdict == Verdict::Breached) => {
            Badge { sign: "✗", word: "Broken in every cell", tone: Tone::Bad }
        }
        () => Badge { sign: "!", word: "It depends", tone: Tone::Open },
    }
}

/// Every cell with every subject.
fn table(report: &SweepReport, caption: &str) -> Table {
    let mut names: Vec<String> = report.axes.clone();
    names.extend(report.subjects().into_iter().map(|subject| report.name(subject)));
    names.push("runs".to_owned());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut table = Table::new(caption, 0, &names);
    for cell in &report.cells {
        let mut cells: Vec<Cell> = cell.settings.iter().map(|setting| Cell::from(shown(setting))).collect();
        cells.extend(report.subjects().into_iter().map(|subject| judged(report, subject, cell)));
        cells.push(figures::count(cell.replications as f64).into());
        table.row(cells);
    }
    table
}

fn judged(report: &SweepReport, subject: Subject, cell: &CellResult) -> Cell {
    let plain = Cell::estimate(subject.of(cell), report.writer(subject));
    match subject.verdict(cell) {
        Some(verdict) => Cell { text: format!("{} {}", sign(verdict), plain.text), tone: Tone::of(verdict), ..plain },
        None => plain,
    }
}

fn figure(report: &SweepReport, subject: Subject, k: usize) -> Figure {
    let all = match report.design {
        Design::Grid => lines(report).into_iter().map(|line| of_line(report, subject, line)).collect(),
        Design::Latin => (0..report.axes.len()).map(|axis| of_axis(report, subject, axis)).collect::<Vec<_>>(),
    };
    let count = all.len();
    let left_out = count.saturating_sub(MOST_PANELS);
    let chart = Panels {
        panels: all.into_iter().take(MOST_PANELS).collect(),
        along: match report.design {
            Design::Grid => format!("along: {}", report.axes[0]),
            Design::Latin => String::new(),
        },
        limit: limit(report, subject),
        write: report.writer(subject),
    };
    let title = headline(report, subject);
    let along: Vec<String> = along(report, subject);
    let kind = match report.design {
        Design::Grid if count == 1 => format!("A chart of {} along {}.", report.name(subject), report.axes[0]),
        Design::Grid => {
            format!(
                "{count} small charts of {} along {}, one for each line of cells.",
                report.name(subject),
                report.axes[0]
            )
        }
        Design::Latin => format!("{count} small charts of {}, one against each axis.", report.name(subject)),
    };
    let mut note = match report.design {
        Design::Grid => "Every point is a cell, with the interval of its mean; all panels have one scale.".to_owned(),
        Design::Latin => {
            "Every point is a cell, with the interval of its mean; in each panel all other numbers vary as \
                          well, so that only what stands out of the scatter is an effect."
                .to_owned()
        }
    };
    if left_out > 0 {
        note.push_str(&format!(" {left_out} more lines of cells are in the table only."));
    }
    Figure {
        id: format!("sweep-{}", k + 1),
        description: format!("{title} {kind} {}", along.join(" ")).trim_end().to_owned(),
        title,
        drawing: charts::panels(&chart),
        note,
        data: Some(data(report, subject)),
    }
}

fn data(report: &SweepReport, subject: Subject) -> Table {
    let mut names: Vec<&str> = report.axes.iter().map(String::as_str).collect();
    names.push("found");
    if matches!(subject, Subject::Sla(_)) {
        names.extend(["late orders", "verdict"]);
    }
    let mut table = Table::new("The cells in numbers", 0, &names);
    for cell in &report.cells {
        let mut cells: Vec<Cell> = cell.settings.iter().map(|setting| Cell::from(shown(setting))).collect();
        cells.push(Cell::estimate(subject.of(cell), report.writer(subject)));
        if let Subject::Sla(k) = subject {
            cells.push(Cell::estimate(&cell.slas[k].late_orders, figures::count));
            cells.push(Cell::toned(cell.slas[k].verdict.name(), Tone::of(cell.slas[k].verdict)));
        }
        table.row(cells);
    }
    table
}

/// The target, where every cell has the same.
fn limit(report: &SweepReport, subject: Subject) -> Option<f64> {
    let Subject::Sla(k) = subject else { return None };
    let mut targets = report.cells.iter().map(|cell| cell.slas[k].target);
    let first = targets.next()?;
    targets.all(|target| target.total_cmp(&first).is_eq()).then_some(first)
}

fn of_line(report: &SweepReport, subject: Subject, (name, cells): (String, Vec<&CellResult>)) -> Panel {
    let settings: Vec<&Setting> = cells.iter().map(|cell| &cell.settings[0]).collect();
    let title = match report.axes.len() {
        1 => String::new(),
        2 => format!("{} = {name}", last_words(&report.axes[1])),
        _ => name,
    };
    panel(title, &settings, &cells, subject, true)
}

fn of_axis(report: &SweepReport, subject: Subject, axis: usize) -> Panel {
    let mut cells: Vec<&CellResult> = report.cells.iter().collect();
    if cells.iter().all(|cell| cell.settings[axis].number.is_some()) {
        cells.sort_by(|a, b| a.settings[axis].number.unwrap_or(0.0).total_cmp(&b.settings[axis].number.unwrap_or(0.0)));
    }
    let settings: Vec<&Setting> = cells.iter().map(|cell| &cell.settings[axis]).collect();
    panel(last_words(&report.axes[axis]), &settings, &cells, subject, false)
}

/// The end of a path from the last two words on that are no numbers: enough to know it by, where there is little room.
fn last_words(path: &str) -> String {
    let is_number = |at: usize| path[at + 1..].starts_with(|letter: char| letter.is_ascii_digit());
    let mut points = path.rmatch_indices('.').map(|(at, _)| at).filter(|at| !is_number(*at));
    points.nth(1).map_or_else(|| path.to_owned(), |at| format!("…{}", &path[at + 1..]))
}

fn panel(title: String, settings: &[&Setting], cells: &[&CellResult], subject: Subject, joined: bool) -> Panel {
    let numbers: Option<Vec<f64>> = settings.iter().map(|setting| setting.number).collect();
    let (places, axis) = match numbers {
        Some(numbers) => {
            let axis = PanelAxis::of_numbers(&numbers);
            (numbers, axis)
        }
        None => by_name(settings),
    };
    let point = |(cell, at): (&&CellResult, f64)| {
        let found = subject.of(cell);
        let value = found.value?;
        let mark = match subject.verdict(cell) {
            None | Some(Verdict::Kept) => Mark::Full,
            Some(Verdict::Breached) => Mark::Cross,
            Some(Verdict::Inconclusive) => Mark::Empty,
        };
        Some(PanelPoint { at, value, low: found.low.unwrap_or(value), high: found.high.unwrap_or(value), mark })
    };
    Panel { title, axis, points: cells.iter().zip(places).filter_map(point).collect(), joined }
}

/// Values that are no numbers, one place each.
fn by_name(settings: &[&Setting]) -> (Vec<f64>, PanelAxis) {
    let mut names: Vec<String> = Vec::new();
    let mut places = Vec::new();
    for setting in settings {
        let name = shown(setting);
        let known = names.iter().position(|known| *known == name);
        places.push(known.unwrap_or(names.len()) as f64);
        if known.is_none() {
            names.push(name);
        }
    }
    (places, PanelAxis::of_names(names))
}
