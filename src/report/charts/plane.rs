//! A number over a plane of two levers as shades with lines of equal level, and the line at which a promise breaks.

use super::canvas::{Canvas, Drawing, Ink, LETTER_WIDTH, Pixel, Side, drawn};
use super::ticks::{pixel, plain, steps};

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Plane {
    /// Ends of the load axis.
    pub from: f64,
    /// See `from`; greater.
    pub to: f64,
    /// What the load is called.
    pub load: String,
    /// What the rows are called.
    pub across: String,
    /// The rows, the first below.
    pub rows: Vec<PlaneRow>,
    /// Shades in order, the first where the promise is kept: each begins where the number passes its level. Without the
    /// first, which needs none.
    pub levels: Vec<f64>,
    /// Whether the number falls as things get worse.
    pub falls: bool,
    /// The plan: load, and place among the rows (1.5: halfway between the second and the third).
    pub planned: Option<(f64, f64)>,
    /// How the number is written.
    pub write: fn(f64) -> String,
}

/// One row.
#[derive(Clone, Debug)]
pub struct PlaneRow {
    /// Its name.
    pub label: String,
    /// The number at some loads, ascending.
    pub curve: Vec<(f64, f64)>,
    /// Where the promise breaks.
    pub breaks: Option<f64>,
    /// Beyond which end it does so, where it does not within.
    pub beyond: Option<Edge>,
    /// Between these loads it may do so.
    pub in_doubt: Option<(f64, f64)>,
}

/// An end of the load axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The low one.
    Left,
    /// The high one.
    Right,
}

const WIDTH: u32 = 920;
const LEFT: i32 = 76;
const RIGHT: i32 = 900;
const TOP: i32 = 66;
/// Room below for the axis.
const FOOT: i32 = 50;
/// Height of all rows, and the least and most of one.
const HEIGHT: i32 = 300;
const ROW: (i32, i32) = (16, 60);
/// Width of a column of shades.
const COLUMN: i32 = 8;
const SHADES: [Ink; 4] = [Ink::Calm, Ink::AlarmGround, Ink::Worse, Ink::Worst];

/// Draws `chart`.
#[must_use]
pub fn plane(chart: &Plane) -> Drawing {
    let count = i32::try_from(chart.rows.len()).expect("a chart has few rows").max(1);
    let row = (HEIGHT / count).clamp(ROW.0, ROW.1);
    let bottom = TOP + count * row;
    let x = |at: f64| pixel(at, (chart.from, chart.to), (LEFT, RIGHT));
    let middle = |k: i32| bottom - k * row - row / 2;
    drawn(WIDTH, (bottom + FOOT).unsigned_abs(), |canvas| {
        for (k, of) in (0..).zip(&chart.rows) {
            shades(canvas, chart, of, (bottom - (k + 1) * row, bottom - k * row));
            if row >= 22 || k % 2 == 0 {
                canvas.word(&of.label, (LEFT - 8, middle(k)), Side::Right, Ink::Aside);
            }
        }
        let known = |at: fn(&PlaneRow) -> Option<f64>| -> Vec<Vec<Pixel>> {
            runs((0..).zip(&chart.rows).map(|(k, of)| Some((x(at(of)?), middle(k)))))
        };
        doubt(canvas, chart, &x, &middle);
        for level in chart.levels.iter().skip(1) {
            let places = (0..).zip(&chart.rows).map(|(k, of)| Some((x(passes(chart, of, *level)?), middle(k))));
            for line in runs(places) {
                canvas.line(line, Ink::Alarm, 1);
            }
        }
        for line in known(|of| of.breaks) {
            canvas.line(line, Ink::Word, 3);
        }
        for place in known(|of| of.breaks).into_iter().flatten() {
            canvas.block((place.0 - 3, place.1 - 3), (place.0 + 3, place.1 + 3), Ink::Word);
        }
        for (k, edge) in (0..).zip(&chart.rows).filter_map(|(k, of)| Some((k, of.beyond?))) {
            let (end, body) = if edge == Edge::Left { (LEFT + 2, 1) } else { (RIGHT - 2, -1) };
            arrow(canvas, (end, middle(k)), body);
        }
        plan(canvas, chart, &x, (bottom, row));
        axes(canvas, chart, &x, bottom);
        legend(canvas, chart);
    })
}

/// Columns that look the same are one block.
fn shades(canvas: &Canvas<'_>, chart: &Plane, row: &PlaneRow, (top, foot): (i32, i32)) {
    let mut block: Option<(i32, Ink)> = None;
    let mut left = LEFT;
    while left <= RIGHT {
        let share = f64::from(left + COLUMN / 2 - LEFT) / f64::from(RIGHT - LEFT);
        let value = valued(row, chart.from + share * (chart.to - chart.from));
        let ink = value.filter(|_| left < RIGHT).map(|value| SHADES[passed(chart, value).min(SHADES.len() - 1)]);
        if let Some((from, drawn)) = block
            && ink != Some(drawn)
        {
            canvas.block((from, top), (left.min(RIGHT), foot), drawn);
            block = None;
        }
        if block.is_none() {
            block = ink.map(|ink| (left, ink));
        }
        left += COLUMN;
    }
    if let Some((from, drawn)) = block {
        canvas.block((from, top), (RIGHT, foot), drawn);
    }
}

/// How many levels a value has passed.
fn passed(chart: &Plane, value: f64) -> usize {
    let beyond = |level: &&f64| if chart.falls { value < **level } else { value > **level };
    chart.levels.iter().filter(beyond).count()
}

/// The number at a load, between two known ones by a straight line.
fn valued(row: &PlaneRow, at: f64) -> Option<f64> {
    let after = row.curve.iter().position(|point| point.0 >= at)?;
    let (to, value) = row.curve[after];
    if after == 0 {
        return (to <= at).then_some(value);
    }
    let (from, before) = row.curve[after - 1];
    Some(before + (value - before) * (at - from) / (to - from))
}

/// The first load at which a row passes a level within the axis.
fn passes(chart: &Plane, row: &PlaneRow, level: f64) -> Option<f64> {
    let pair = row.curve.windows(2).find(|pair| (pair[0].1 < level) != (pair[1].1 < level))?;
    let ((a, one), (b, other)) = (pair[0], pair[1]);
    let at = a + (b - a) * (one - level) / (one - other);
    (chart.from <= at && at <= chart.to).then_some(at)
}

/// Neighbouring places that are known, as lines.
fn runs(places: impl Iterator<Item = Option<Pixel>>) -> Vec<Vec<Pixel>> {
    let mut runs: Vec<Vec<Pixel>> = vec![Vec::new()];
    for place in places {
        match place {
            Some(place) => runs.last_mut().expect("there is always one").push(place),
            None => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// The band around the line.
fn doubt(canvas: &Canvas<'_>, chart: &Plane, x: &dyn Fn(f64) -> i32, middle: &dyn Fn(i32) -> i32) {
    let side = |of: fn((f64, f64)) -> f64| {
        runs((0..).zip(&chart.rows).map(|(k, row)| Some((x(of(row.in_doubt?)), middle(k)))))
    };
    for (low, high) in side(|ends| ends.0).into_iter().zip(side(|ends| ends.1)) {
        let outline: Vec<Pixel> = low.iter().copied().chain(high.iter().rev().copied()).collect();
        if low.len() > 1 {
            canvas.region(outline, Ink::Grid);
        } else {
            canvas.line(outline, Ink::Grid, 5);
        }
        canvas.line(low, Ink::Aside, 1);
        canvas.line(high, Ink::Aside, 1);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a place among a few rows")]
fn plan(canvas: &Canvas<'_>, chart: &Plane, x: &dyn Fn(f64) -> i32, (bottom, row): (i32, i32)) {
    let inside = |(load, place): &(f64, f64)| {
        (chart.from..=chart.to).contains(load) && *place >= 0.0 && *place <= (chart.rows.len() - 1) as f64
    };
    if let Some((load, place)) = chart.planned.filter(inside) {
        let y = bottom - row / 2 - libm::round(place * f64::from(row)) as i32;
        diamond(canvas, (x(load), y));
    }
}

/// An arrow with its point at a place and its body on the side of `body`.
fn arrow(canvas: &Canvas<'_>, (x, y): Pixel, body: i32) {
    canvas.region(vec![(x, y), (x + 9 * body, y - 6), (x + 9 * body, y + 6)], Ink::Word);
}

fn diamond(canvas: &Canvas<'_>, (x, y): Pixel) {
    canvas.region(vec![(x, y - 8), (x + 8, y), (x, y + 8), (x - 8, y)], Ink::Main);
}

fn axes(canvas: &Canvas<'_>, chart: &Plane, x: &dyn Fn(f64) -> i32, bottom: i32) {
    canvas.line(vec![(LEFT, bottom), (RIGHT, bottom)], Ink::Aside, 1);
    for at in steps(chart.from, chart.to, 8).into_iter().filter(|at| chart.from <= *at && *at <= chart.to) {
        canvas.line(vec![(x(at), bottom), (x(at), bottom + 5)], Ink::Aside, 1);
        canvas.word(&plain(at), (x(at) + 3, bottom + 14), Side::Left, Ink::Aside);
    }
    canvas.word(&chart.load, (RIGHT, bottom + 34), Side::Right, Ink::Aside);
    canvas.word(&chart.across, (8, TOP - 14), Side::Left, Ink::Aside);
}

fn legend(canvas: &Canvas<'_>, chart: &Plane) {
    let middle = 16;
    let mut x = 8;
    let mut word = |mark: &dyn Fn(i32), text: &str| {
        mark(x);
        canvas.word(text, (x + 28, middle), Side::Left, Ink::Word);
        x += 28 + i32::try_from(text.chars().count()).unwrap_or(0) * LETTER_WIDTH + 14;
    };
    let block = |ink: Ink| move |x: i32| canvas.block((x, middle - 7), (x + 22, middle + 7), ink);
    word(&block(SHADES[0]), "kept");
    let side = if chart.falls { "below" } else { "above" };
    for (level, ink) in chart.levels.iter().zip(&SHADES[1..]) {
        word(&block(*ink), &format!("{side} {}", (chart.write)(*level)));
    }
    word(&|x| canvas.line(vec![(x, middle), (x + 22, middle)], Ink::Word, 3), "breaks");
    if chart.rows.iter().any(|row| row.beyond.is_some()) {
        word(&|x| arrow(canvas, (x + 18, middle), -1), "breaks beyond");
    }
    word(&block(Ink::Grid), "in doubt");
    if chart.planned.is_some_and(|(load, _)| chart.from <= load && load <= chart.to) {
        word(&|x| diamond(canvas, (x + 11, middle)), "plan");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Plane {
        let row = |k: i32| PlaneRow {
            label: format!("{k}×"),
            curve: vec![(0.5, 1.0), (1.0, 0.98), (1.5, 0.5), (2.0, 0.0)],
            breaks: Some(1.0 - 0.1 * f64::from(k)),
            beyond: None,
            in_doubt: Some((0.8 - 0.1 * f64::from(k), 1.1)),
        };
        Plane {
            from: 0.5,
            to: 1.5,
            load: "uplift".to_owned(),
            across: "factor".to_owned(),
            rows: (0..3).map(row).collect(),
            levels: vec![0.98, 0.9, 0.75],
            falls: true,
            planned: Some((1.0, 0.0)),
            write: crate::report::figures::share,
        }
    }

    #[test]
    fn shades_change_where_levels_are_passed() {
        let chart = chart();
        let at = |load: f64| passed(&chart, valued(&chart.rows[0], load).unwrap());
        assert_eq!([0.9, 1.05, 1.2, 1.5].map(at), [0, 1, 2, 3]);
        assert_eq!(valued(&chart.rows[0], 2.5), None);
        assert!((passes(&chart, &chart.rows[0], 0.74).unwrap() - 1.25).abs() < 1e-12);
        assert_eq!(passes(&chart, &chart.rows[0], 0.1), None);
    }

    #[test]
    fn line_band_plan_and_legend_are_drawn() {
        let shapes = plane(&chart()).shapes;
        for word in ["kept", "below 90 %", "breaks", "in doubt", "plan", "2×", "uplift"] {
            assert!(shapes.contains(word), "{word}: {shapes}");
        }
        // The band, the plan and its mark in the legend.
        assert_eq!(shapes.matches("<polygon").count(), 3, "{shapes}");
        let unplanned = plane(&Plane { planned: None, ..chart() }).shapes;
        assert_eq!(unplanned.matches("<polygon").count(), 1);
    }

    #[test]
    fn rows_without_a_point_break_the_line() {
        let mut broken = chart();
        broken.rows[1].breaks = None;
        let thick = |shapes: &str| shapes.lines().filter(|line| line.contains("stroke-width=\"3\"")).count();
        assert_eq!((thick(&plane(&chart()).shapes), thick(&plane(&broken).shapes)), (2, 3));
    }

    #[test]
    fn a_row_that_breaks_nowhere_has_an_arrow_and_no_place() {
        let mut holds = chart();
        holds.rows[2] = PlaneRow { breaks: None, beyond: Some(Edge::Right), in_doubt: None, ..holds.rows[2].clone() };
        let (all, without) = (plane(&chart()).shapes, plane(&holds).shapes);
        // The arrow and its mark in the legend.
        assert_eq!(without.matches("<polygon").count(), all.matches("<polygon").count() + 2, "{without}");
        assert!(without.contains("breaks beyond") && !all.contains("breaks beyond"));
    }
}
