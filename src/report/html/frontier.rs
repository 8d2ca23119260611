//! The page of the breach frontier: where in the plane each promise breaks.

use super::document::{Badge, Cell, Document, Figure, Front, Part, Section, Table, Tone};
use crate::experiment::Results;
use crate::experiment::breach::{Criterion, Held, Outcome};
use crate::experiment::frontier::{FrontierResult, Line, RowPoint, Seen};
use crate::report::charts::{self, Edge, Plane, PlaneRow};
use crate::report::figures::{self, UNKNOWN};
use crate::report::frontier::{FrontierReport, STOPPED, causes, headline, how, order, plan};
use askama::Template;

/// The whole page. The same findings and command give the same bytes anywhere.
#[must_use]
pub fn frontier_page(report: &FrontierReport, question: Option<&str>, command: &str) -> Vec<u8> {
    let FrontierReport { title, result, .. } = report;
    let mut sentences: Vec<String> = result.found.lines.iter().map(|line| headline(result, line)).collect();
    sentences.extend(order(result));
    let mut notes = how(result);
    notes.push(SAME_ORDERS.to_owned());
    let document = Document {
        title: if title.is_empty() { "peaksim frontier" } else { title },
        front: Front {
            question: question.map(str::to_owned),
            badge: badge(result),
            sentences,
            caution: result.found.cut_short.then(|| STOPPED.to_owned()).into_iter().collect(),
            figures: Vec::new(),
            told: Vec::new(),
            decisions: Vec::new(),
            tables: vec![points(result)],
            notes,
        },
        sections: vec![
            Section { id: "frontier", heading: "Where it breaks", parts: planes(result) },
            Section { id: "again", heading: "The same again", parts: vec![Part::Command(command.to_owned())] },
        ],
        dark_theme: charts::dark_theme(),
        version: env!("CARGO_PKG_VERSION"),
    };
    document.render().expect("writing to a String cannot fail").into_bytes()
}

const SAME_ORDERS: &str = "Every row replays the same orders; what goes wrong with an order at a low rate goes wrong with it at a higher one.";

/// What a run was asked to find of its frontier.
pub(super) fn section(results: &Results) -> Option<Section> {
    let result = results.frontier.as_ref()?;
    let mut parts: Vec<Part> = order(result).map(Part::Finding).into_iter().collect();
    parts.extend(result.found.cut_short.then(|| Part::Paragraph(STOPPED.to_owned())));
    parts.extend(planes(result));
    parts.push(Part::Table(points(result)));
    parts.extend(how(result).into_iter().chain([SAME_ORDERS.to_owned()]).map(Part::Paragraph));
    Some(Section { id: "frontier", heading: "How much more, when more goes wrong as well", parts })
}

fn badge(report: &FrontierResult) -> Badge {
    let mut rows = report.found.lines.iter().flat_map(|line| &line.rows);
    match () {
        () if report.found.plan_kept.contains(&Some(false)) => {
            Badge { sign: "✗", word: "Broken as planned", tone: Tone::Bad }
        }
        () if report.found.cut_short => Badge { sign: "?", word: "Stopped early", tone: Tone::Open },
        () if report.found.plan_kept.contains(&None) => Badge { sign: "?", word: "Cannot be told", tone: Tone::Open },
        () if rows.all(|row| row.outcome == Outcome::Holds) => {
            Badge { sign: "✓", word: "Holds over the plane", tone: Tone::Good }
        }
        () => Badge { sign: "!", word: "Headroom is limited", tone: Tone::Open },
    }
}

/// The plane of each subject, with what belongs to it.
fn planes(report: &FrontierResult) -> Vec<Part> {
    let mut parts = Vec::new();
    for (k, line) in report.found.lines.iter().enumerate() {
        parts.push(Part::Figure(Box::new(figure(report, line, k))));
        let told: Vec<String> = [plan(report, line), causes(report, line)].into_iter().flatten().collect();
        if !told.is_empty() {
            parts.push(Part::List(told));
        }
    }
    parts
}

/// Row by row where each subject breaks, and which is the first.
fn points(report: &FrontierResult) -> Table {
    let names: Vec<String> =
        report.found.lines.iter().map(|line| format!("{} breaks at", report.name(line.subject))).collect();
    let mut columns = vec![report.across.path.as_str()];
    columns.extend(names.iter().map(String::as_str));
    if names.len() > 1 {
        columns.push("breaks first");
    }
    let mut table = Table::new(format!("Where it breaks, in {}", report.load.path), 0, &columns);
    for (k, at) in report.rows.iter().enumerate() {
        let mut cells = vec![Cell::from(figures::number(*at))];
        cells.extend(report.found.lines.iter().map(|line| point(report, &line.rows[k])));
        if names.len() > 1 {
            cells.push(Cell::from(match &report.found.first[k] {
                None => UNKNOWN,
                Some(first) if first.or.is_empty() => report.name(first.subject),
                Some(_) => "too close to tell",
            }));
        }
        table.row(cells);
    }
    table
}

fn point(report: &FrontierResult, row: &RowPoint) -> Cell {
    let known = row.point.low.is_some() || row.point.high.is_some();
    let aside = known.then(|| format!("({})", report.between((row.point.low, row.point.high))));
    Cell { aside, ..Cell::from(report.point(row)) }
}

fn figure(report: &FrontierResult, line: &Line, k: usize) -> Figure {
    let subject = line.subject;
    let (from, to) = line.shown;
    let write = report.writer(subject);
    let row = |(number, of): (usize, &RowPoint)| PlaneRow {
        label: report.across.short(report.rows[number]),
        curve: curve(report, number, subject),
        breaks: of.point.value.filter(|_| of.outcome == Outcome::Breaks),
        beyond: match of.outcome {
            Outcome::Holds => Some(if line.falling { Edge::Right } else { Edge::Left }),
            Outcome::Broken => Some(if line.falling { Edge::Left } else { Edge::Right }),
            _ => None,
        },
        in_doubt: in_doubt(report, line, of),
    };
    let (levels, falls) = levels(report, subject);
    let chart = Plane {
        from,
        to,
        load: report.load.path.clone(),
        across: report.across.path.clone(),
        rows: line.rows.iter().enumerate().map(row).collect(),
        levels,
        falls,
        planned: report.load.planned.zip(place_of_plan(report)),
        write,
    };
    let mut data = Table::new("The looks in numbers", 0, &[&report.across.path, &report.load.path, "observed", "runs"]);
    for seen in &report.found.seen {
        let value = seen.values[subject].as_ref();
        data.row([
            Cell::from(figures::number(report.rows[seen.row])),
            report.load(Some(seen.at)).into(),
            value.map_or_else(|| Cell::from(UNKNOWN), |value| Cell::estimate(value, write)),
            value.map_or_else(|| UNKNOWN.to_owned(), |value| figures::count(value.samples as f64)).into(),
        ]);
    }
    let title = headline(report, line);
    let rows = report.rows.iter().zip(&line.rows);
    let spoken: Vec<String> =
        rows.map(|(at, row)| format!("{}: {}", report.across.short(*at), report.point(row))).collect();
    Figure {
        id: format!("frontier-{}", k + 1),
        description: format!(
            "{title} A plane with {} from {} to {} and one row for each {}; a line joins where it breaks: {}.",
            report.load.path,
            report.load(Some(from)),
            report.load(Some(to)),
            report.across.path,
            spoken.join(", ")
        ),
        title,
        drawing: charts::plane(&chart),
        note: format!(
            "Shaded by what is {} at each load. The grey band holds the whole line with {}. Away from the line the shades \
             rest on a few runs, and between looks on straight lines.",
            report.held(subject),
            figures::share(report.found.confidence)
        ),
        data: Some(data),
    }
}

fn in_doubt(report: &FrontierResult, line: &Line, row: &RowPoint) -> Option<(f64, f64)> {
    let end = row.drawn(report.range, line.falling);
    let open = |known: bool, edge: f64| if known { Some(edge) } else { end };
    let breaks = row.outcome == Outcome::Breaks && row.point.samples > 1 || row.outcome == Outcome::NotMonotone;
    if !breaks && row.together == (None, None) {
        return None;
    }
    let low = row.together.0.or_else(|| open(breaks, report.range.low));
    let high = row.together.1.or_else(|| open(breaks, report.range.high));
    low.zip(high)
}

/// What is known of a row: its own looks, and beyond them what the rows on either side say.
fn curve(report: &FrontierResult, row: usize, subject: usize) -> Vec<(f64, f64)> {
    let own = looks(report, row, subject);
    let (Some(first), Some(last)) = (own.first().copied(), own.last().copied()) else { return own };
    let covers = |other: usize, at: f64| {
        let looks = looks(report, other, subject);
        let after = looks.iter().position(|look| look.0 >= at)?;
        let (to, value) = looks[after];
        let Some((from, before)) = after.checked_sub(1).map(|before| looks[before]) else {
            return (to <= at).then_some(value);
        };
        Some(before + (value - before) * (at - from) / (to - from))
    };
    let between = |at: f64| {
        let below = (0..row).rev().find_map(|other| Some((other, covers(other, at)?)));
        let above = (row + 1..report.rows.len()).find_map(|other| Some((other, covers(other, at)?)));
        let ((below, one), (above, other)) = below.zip(above)?;
        let share = (report.rows[row] - report.rows[below]) / (report.rows[above] - report.rows[below]);
        Some((at, one + share * (other - one)))
    };
    let mut places: Vec<f64> =
        (0..report.rows.len()).flat_map(|row| looks(report, row, subject)).map(|look| look.0).collect();
    places.retain(|at| *at < first.0 || *at > last.0);
    places.sort_by(f64::total_cmp);
    places.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let mut curve: Vec<(f64, f64)> = places.into_iter().filter_map(between).collect();
    curve.extend(own);
    curve.sort_by(|a, b| a.0.total_cmp(&b.0));
    curve
}

/// Load and number of a row's looks, in order of load; those of fewer runs only where the others do not reach.
fn looks(report: &FrontierResult, row: usize, subject: usize) -> Vec<(f64, f64)> {
    let of_row = report.found.seen.iter().filter(|seen| seen.row == row);
    let known =
        |seen: &Seen| Some((seen.at, seen.values[subject].as_ref()?.value?, seen.values[subject].as_ref()?.samples));
    let looks: Vec<(f64, f64, u64)> = of_row.filter_map(known).collect();
    let most = looks.iter().map(|look| look.2).max().unwrap_or(0);
    let fine = || looks.iter().filter(|look| look.2 == most).map(|look| look.0);
    let (from, to) = (fine().fold(f64::INFINITY, f64::min), fine().fold(f64::NEG_INFINITY, f64::max));
    let kept = |look: &&(f64, f64, u64)| look.2 == most || look.0 < from || look.0 > to;
    looks.iter().filter(kept).map(|look| (look.0, look.1)).collect()
}

/// The limit, then levels that are worse and worse; and whether numbers fall on that way.
fn levels(report: &FrontierResult, subject: usize) -> (Vec<f64>, bool) {
    let Criterion { held, limit, .. } = report.subjects[subject];
    let worse = match held {
        Held::WorstWindow => vec![0.9, 0.75, 0.5, 0.25],
        Held::BreachedRuns => vec![0.25, 0.5, 0.75, 0.9],
        Held::AtLeast => vec![limit - 0.5 * limit.abs(), limit - 0.75 * limit.abs()],
        Held::AtMost => vec![limit + limit.abs(), limit + 3.0 * limit.abs()],
    };
    let falls = held.wants_more();
    let beyond = |level: &f64| if falls { *level < limit } else { *level > limit };
    let mut levels = vec![limit];
    levels.extend(worse.into_iter().filter(beyond).take(2));
    (levels, falls)
}

/// Where the plan lies among the rows.
fn place_of_plan(report: &FrontierResult) -> Option<f64> {
    let planned = report.across.planned?;
    let after = report.rows.iter().position(|row| *row >= planned)?;
    let to = report.rows[after];
    match after.checked_sub(1).map(|before| report.rows[before]) {
        None => (to <= planned).then_some(0.0),
        Some(from) => Some((after - 1) as f64 + (planned - from) / (to - from)),
    }
}
