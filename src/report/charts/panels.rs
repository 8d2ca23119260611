//! Small multiples: one number against one axis, in panels of one scale.

use super::canvas::{Canvas, Drawing, Ink, LETTER_WIDTH, Side, cut, drawn};
use super::ticks::{pixel, plain, steps, steps_of};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Panels {
    /// The panels, row by row.
    pub panels: Vec<Panel>,
    /// What runs along each panel; where they differ, each title says it.
    pub along: String,
    /// The limit, where all have the same.
    pub limit: Option<f64>,
    /// How numbers of the upright axis are written.
    pub write: fn(f64) -> String,
}

/// One panel.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What it is of.
    pub title: String,
    /// What runs along it.
    pub axis: PanelAxis,
    /// Its points, in order of their place.
    pub points: Vec<PanelPoint>,
    /// Whether a line joins them.
    pub joined: bool,
}

/// The axis of a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelAxis {
    /// Its ends; the second is greater.
    pub ends: (f64, f64),
    /// What it is marked with.
    pub marks: Vec<(f64, String)>,
}

/// One point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PanelPoint {
    /// Where it is.
    pub at: f64,
    /// What was found.
    pub value: f64,
    /// Ends of its interval.
    pub low: f64,
    /// See `low`.
    pub high: f64,
    /// How it is drawn.
    pub mark: Mark,
}

/// How a point is drawn: by its form, so that colour adds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A full square: kept, or nothing is promised.
    Full,
    /// A cross: broken.
    Cross,
    /// An empty square: cannot be told.
    Empty,
}

const WIDTH: u32 = 920;
const LEFT: i32 = 84;
const RIGHT: i32 = 908;
/// Room for the legend.
const HEAD: i32 = 30;
/// Height of a panel with its title and its axis; of a single one.
const HEIGHT: (i32, i32) = (190, 300);
/// Room for a panel's title and its axis.
const TITLE: i32 = 24;
const FOOT: i32 = 26;
/// Between two panels.
const GAP: i32 = 18;
/// Panels side by side.
const MOST_COLUMNS: usize = 4;

/// Where a panel is drawn.
#[derive(Clone, Copy)]
struct Frame {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

/// Draws `chart`.
#[must_use]
pub fn panels(chart: &Panels) -> Drawing {
    let count = chart.panels.len().max(1);
    // Rows as even as they can be: five panels are three and two.
    let rows = count.div_ceil(MOST_COLUMNS);
    let columns = count.div_ceil(rows);
    let height = if count == 1 { HEIGHT.1 } else { HEIGHT.0 };
    let number = |count: usize| i32::try_from(count).expect("a chart has few panels");
    let width = (RIGHT - LEFT + GAP) / number(columns) - GAP;
    let shown = || chart.panels.iter().flat_map(|panel| &panel.points);
    let limit = || chart.limit.into_iter();
    let least = shown().map(|point| point.low).chain(limit()).fold(f64::INFINITY, f64::min);
    let most = shown().map(|point| point.high).chain(limit()).fold(f64::NEG_INFINITY, f64::max);
    let levels = if least <= most { steps_of(least, most, 4, chart.write) } else { vec![0.0, 1.0] };
    let bottom = HEAD + number(rows) * height;
    drawn(WIDTH, (bottom + 18).unsigned_abs(), |canvas| {
        for (k, panel) in chart.panels.iter().enumerate() {
            let (row, column) = (number(k / columns), number(k % columns));
            let left = LEFT + column * (width + GAP);
            let top = HEAD + row * height;
            let frame = Frame { left, right: left + width, top: top + TITLE, bottom: top + height - FOOT };
            one(canvas, chart, panel, &levels, frame);
            if column == 0 {
                for level in &levels {
                    let y = upright(&levels, frame, *level);
                    canvas.word(&(chart.write)(*level), (LEFT - 8, y), Side::Right, Ink::Aside);
                }
            }
        }
        canvas.word(&cut(&chart.along, RIGHT - LEFT), (RIGHT, bottom + 6), Side::Right, Ink::Aside);
        legend(canvas, chart);
    })
}

fn upright(levels: &[f64], frame: Frame, value: f64) -> i32 {
    pixel(value, (levels[0], levels[levels.len() - 1]), (frame.bottom, frame.top))
}

fn one(canvas: &Canvas<'_>, chart: &Panels, panel: &Panel, levels: &[f64], frame: Frame) {
    let Frame { left, right, top, bottom } = frame;
    let x = |at: f64| pixel(at, panel.axis.ends, (left + 8, right - 8));
    let y = |value: f64| upright(levels, frame, value);
    canvas.strong(&cut(&panel.title, right - left), (left, top - 12), Side::Left, Ink::Word);
    for level in levels {
        canvas.line(vec![(left, y(*level)), (right, y(*level))], Ink::Grid, 1);
    }
    canvas.line(vec![(left, bottom), (right, bottom)], Ink::Aside, 1);
    let mut free = left - 4;
    for (at, word) in &panel.axis.marks {
        let place = x(*at);
        canvas.line(vec![(place, bottom), (place, bottom + 4)], Ink::Aside, 1);
        let width = i32::try_from(word.chars().count()).unwrap_or(0) * LETTER_WIDTH;
        let start = (place - width / 2).clamp(left, (right - width).max(left));
        if start >= free {
            canvas.word(word, (start, bottom + 13), Side::Left, Ink::Aside);
            free = start + width + 6;
        }
    }
    if let Some(limit) = chart.limit {
        canvas.line(vec![(left, y(limit)), (right, y(limit))], Ink::Alarm, 1);
    }
    if panel.joined {
        canvas.line(panel.points.iter().map(|point| (x(point.at), y(point.value))).collect(), Ink::Edge, 1);
    }
    for point in &panel.points {
        let at = x(point.at);
        if point.low < point.high {
            canvas.line(vec![(at, y(point.low)), (at, y(point.high))], Ink::Main, 1);
        }
        mark(canvas, point.mark, (at, y(point.value)));
    }
}

fn mark(canvas: &Canvas<'_>, mark: Mark, (x, y): (i32, i32)) {
    match mark {
        Mark::Full => canvas.block((x - 3, y - 3), (x + 3, y + 3), Ink::Main),
        Mark::Cross => {
            canvas.line(vec![(x - 4, y - 4), (x + 4, y + 4)], Ink::Alarm, 2);
            canvas.line(vec![(x - 4, y + 4), (x + 4, y - 4)], Ink::Alarm, 2);
        }
        Mark::Empty => {
            let corners = vec![(x - 4, y - 4), (x + 4, y - 4), (x + 4, y + 4), (x - 4, y + 4), (x - 4, y - 4)];
            canvas.line(corners, Ink::Word, 1);
        }
    }
}

fn legend(canvas: &Canvas<'_>, chart: &Panels) {
    let middle = 12;
    let mut x = LEFT;
    let mut word = |sign: &dyn Fn(i32), text: &str| {
        sign(x + 8);
        canvas.word(text, (x + 22, middle), Side::Left, Ink::Word);
        x += 22 + i32::try_from(text.chars().count()).unwrap_or(0) * LETTER_WIDTH + 14;
    };
    let has = |of: Mark| chart.panels.iter().flat_map(|panel| &panel.points).any(|point| point.mark == of);
    let judged = has(Mark::Cross) || has(Mark::Empty) || chart.limit.is_some();
    for (of, text) in [
        (Mark::Full, if judged { "kept" } else { "found, with interval of the mean" }),
        (Mark::Cross, "broken"),
        (Mark::Empty, "cannot be told"),
    ] {
        if has(of) {
            word(&|x| mark(canvas, of, (x, middle)), text);
        }
    }
    if let Some(limit) = chart.limit {
        let text = format!("promised: {}", (chart.write)(limit));
        word(&|x| canvas.line(vec![(x - 8, middle), (x + 8, middle)], Ink::Alarm, 1), &text);
    }
}

impl PanelAxis {
    /// An axis that holds these numbers.
    #[must_use]
    pub fn of_numbers(numbers: &[f64]) -> PanelAxis {
        let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if least >= most {
            return PanelAxis { ends: (least - 1.0, least + 1.0), marks: vec![(least, plain(least))] };
        }
        let within = |at: &f64| least <= *at && *at <= most;
        let marks = steps(least, most, 5).into_iter().filter(within).map(|at| (at, plain(at)));
        PanelAxis { ends: (least, most), marks: marks.collect() }
    }

    /// An axis with a place for each name, from 0 on.
    #[must_use]
    pub fn of_names(names: Vec<String>) -> PanelAxis {
        let ends = (-0.5, names.len() as f64 - 0.5);
        PanelAxis { ends, marks: names.into_iter().enumerate().map(|(k, name)| (k as f64, name)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_share_one_scale_and_say_what_their_marks_mean() {
        let point = |at, value, mark| PanelPoint { at, value, low: value - 0.01, high: value + 0.01, mark };
        let axis = PanelAxis::of_numbers(&[1.0, 2.0]);
        let panel = |title: &str, points| Panel { title: title.to_owned(), axis: axis.clone(), points, joined: true };
        let chart = Panels {
            panels: vec![
                panel("3 people", vec![point(1.0, 0.97, Mark::Full), point(2.0, 0.6, Mark::Cross)]),
                panel("4 people", vec![point(1.0, 0.99, Mark::Full), point(2.0, 0.9, Mark::Full)]),
            ],
            along: "source.*.uplift".to_owned(),
            limit: Some(0.9),
            write: crate::report::figures::share,
        };
        let shapes = panels(&chart).shapes;
        for word in ["3 people", "4 people", "source.*.uplift", "kept", "broken", "promised: 90 %", "60 %", "100 %"] {
            assert!(shapes.contains(word), "{word}: {shapes}");
        }
        assert!(!shapes.contains("cannot be told") && !shapes.contains("NaN"), "{shapes}");
        // Nothing known is an empty frame.
        let empty = Panels { panels: vec![panel("none", Vec::new())], limit: None, ..chart };
        assert!(panels(&empty).shapes.contains("none"));
    }
}
