//! How busy each station is over time: one row a station; the higher and darker, the busier.

use super::TimeAxis;
use super::canvas::{Canvas, Drawing, Ink, Side, cut, drawn};
use super::fan::time_axis;
use crate::time::SimTime;

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Levels<'c> {
    /// Its stretch of time.
    pub axis: TimeAxis<'c>,
    /// Ends of the columns, ascending; the first begins where the axis does.
    pub ends: Vec<SimTime>,
    /// The rows, the first above.
    pub rows: Vec<LevelRow>,
}

/// One row.
#[derive(Clone, Debug)]
pub struct LevelRow {
    /// Its name; cut where there is no room.
    pub label: String,
    /// The level of each column, 0 to 1 (more is drawn as 1); `None`: nothing to be busy.
    pub cells: Vec<Option<f64>>,
}

const WIDTH: u32 = 920;
const LEFT: i32 = 190;
const RIGHT: i32 = 900;
const ROW: i32 = 34;
/// Height of a full cell.
const FULL: i32 = 26;
const TOP: i32 = 34;
/// From here on a level is drawn as full.
pub(crate) const FULL_FROM: f64 = 0.95;
/// From here on a level is drawn as filling up.
const FILLING_FROM: f64 = 0.75;

/// Draws `chart`.
#[must_use]
pub fn levels(chart: &Levels<'_>) -> Drawing {
    let rows = i32::try_from(chart.rows.len()).expect("a chart has few rows");
    let bottom = TOP + rows * ROW;
    drawn(WIDTH, (bottom + 30).unsigned_abs(), |canvas| {
        legend(canvas);
        for (k, row) in (0..).zip(&chart.rows) {
            let foot = TOP + (k + 1) * ROW - 4;
            canvas.word(&cut(&row.label, LEFT - 16), (LEFT - 10, foot - FULL / 2), Side::Right, Ink::Word);
            canvas.line(vec![(LEFT, foot), (RIGHT, foot)], Ink::Grid, 1);
            cells(canvas, chart, row, foot);
        }
        time_axis(canvas, &chart.axis, LEFT, RIGHT, bottom);
    })
}

/// Neighbours that look the same are one block.
fn cells(canvas: &Canvas<'_>, chart: &Levels<'_>, row: &LevelRow, foot: i32) {
    let mut block: Option<(i32, i32, (i32, Ink))> = None;
    let mut from = LEFT;
    for (end, cell) in chart.ends.iter().zip(&row.cells) {
        let to = chart.axis.pixel(*end, LEFT, RIGHT - LEFT);
        match (&mut block, cell.map(look)) {
            (Some((_, end, same)), Some(look)) if *same == look && *end == from => *end = to,
            (_, next) => {
                draw(canvas, block.take(), foot);
                block = next.map(|look| (from, to, look));
            }
        }
        from = to;
    }
    draw(canvas, block, foot);
}

fn draw(canvas: &Canvas<'_>, block: Option<(i32, i32, (i32, Ink))>, foot: i32) {
    if let Some((from, to, (height, ink))) = block
        && height > 0
    {
        canvas.block((from, foot - height), (to, foot), ink);
    }
}

/// Height and ink of a level.
#[expect(clippy::cast_possible_truncation, reason = "at most the height of a cell")]
fn look(level: f64) -> (i32, Ink) {
    let ink = match level {
        level if level >= FULL_FROM => Ink::Alarm,
        level if level >= FILLING_FROM => Ink::Filling,
        _ => Ink::Calm,
    };
    // Steps of two pixels, so that neighbours that hardly differ become one block.
    let steps = (level.clamp(0.0, 1.0) * f64::from(FULL / 2) + 0.5) as i32;
    (steps * 2, ink)
}

fn legend(canvas: &Canvas<'_>) {
    let foot = 24;
    let marks = [(0.4, "below 75 %"), (0.85, "75 % to 95 %"), (1.0, "95 % and more")];
    for (k, (level, words)) in (0..).zip(marks) {
        let (x, (height, ink)) = (LEFT + k * 150, look(level));
        canvas.block((x, foot - height * 2 / 3), (x + 22, foot), ink);
        canvas.word(words, (x + 30, 16), Side::Left, Ink::Word);
    }
}
