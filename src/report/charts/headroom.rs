//! A number against a load: looks with their intervals, the limit, and where it breaks.

use super::canvas::{Canvas, Drawing, Ink, LETTER_WIDTH, Side, drawn};
use super::ticks::{pixel, plain, steps, steps_of};

/// What a headroom chart shows.
#[derive(Clone, Debug)]
pub struct Headroom {
    /// Ends of the load axis.
    pub from: f64,
    /// See `from`; greater.
    pub to: f64,
    /// What is held against the limit, in order of load.
    pub points: Vec<HeadroomPoint>,
    /// The limit.
    pub limit: f64,
    /// Where it breaks: not before the first, surely from the second on; an end that is not known is that of the axis.
    pub in_doubt: Option<(f64, f64)>,
    /// Where it breaks, as far as one can tell.
    pub breaks: Option<f64>,
    /// The load as planned.
    pub planned: Option<f64>,
    /// How numbers of the upright axis are written.
    pub write: fn(f64) -> String,
}

/// One look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadroomPoint {
    /// The load.
    pub at: f64,
    /// What was found.
    pub value: f64,
    /// Ends of its interval.
    pub low: f64,
    /// See `low`.
    pub high: f64,
}

const WIDTH: u32 = 920;
const HEIGHT: u32 = 320;
const LEFT: i32 = 76;
const RIGHT: i32 = 900;
const TOP: i32 = 44;
const BOTTOM: i32 = 276;

/// Draws `chart`.
#[must_use]
pub fn headroom(chart: &Headroom) -> Drawing {
    let shown: Vec<HeadroomPoint> =
        chart.points.iter().copied().filter(|point| chart.from <= point.at && point.at <= chart.to).collect();
    let least = shown.iter().map(|point| point.low).fold(chart.limit, f64::min);
    let most = shown.iter().map(|point| point.high).fold(chart.limit, f64::max);
    let rows = steps_of(least, most, 5, chart.write);
    let (bottom, top) = (rows[0], rows[rows.len() - 1]);
    let x = |at: f64| pixel(at, (chart.from, chart.to), (LEFT, RIGHT));
    let y = |value: f64| pixel(value, (bottom, top), (BOTTOM, TOP));
    drawn(WIDTH, HEIGHT, |canvas| {
        if let Some((from, to)) = chart.in_doubt {
            canvas.block((x(from), TOP), (x(to), BOTTOM), Ink::AlarmGround);
        }
        for row in &rows {
            canvas.line(vec![(LEFT, y(*row)), (RIGHT, y(*row))], Ink::Grid, 1);
            canvas.word(&(chart.write)(*row), (LEFT - 8, y(*row)), Side::Right, Ink::Aside);
        }
        canvas.line(vec![(LEFT, BOTTOM), (RIGHT, BOTTOM)], Ink::Aside, 1);
        for at in steps(chart.from, chart.to, 8).into_iter().filter(|at| chart.from <= *at && *at <= chart.to) {
            canvas.line(vec![(x(at), BOTTOM), (x(at), BOTTOM + 5)], Ink::Aside, 1);
            canvas.word(&plain(at), (x(at) + 3, BOTTOM + 14), Side::Left, Ink::Aside);
        }
        canvas.line(vec![(LEFT, y(chart.limit)), (RIGHT, y(chart.limit))], Ink::Alarm, 2);
        canvas.line(shown.iter().map(|point| (x(point.at), y(point.value))).collect(), Ink::Edge, 1);
        for point in &shown {
            canvas.line(vec![(x(point.at), y(point.low)), (x(point.at), y(point.high))], Ink::Main, 2);
            let (x, y) = (x(point.at), y(point.value));
            canvas.block((x - 3, y - 3), (x + 3, y + 3), Ink::Main);
        }
        if let Some(at) = chart.breaks {
            canvas.line(vec![(x(at), TOP), (x(at), BOTTOM)], Ink::Alarm, 2);
        }
        if let Some(at) = chart.planned.filter(|at| chart.from <= *at && *at <= chart.to) {
            canvas.region(vec![(x(at), BOTTOM), (x(at) - 5, BOTTOM - 10), (x(at) + 5, BOTTOM - 10)], Ink::Word);
        }
        legend(canvas, chart);
    })
}

fn legend(canvas: &Canvas<'_>, chart: &Headroom) {
    let middle = 16;
    let mut x = LEFT;
    let mut word = |mark: &dyn Fn(i32), text: &str| {
        mark(x);
        canvas.word(text, (x + 30, middle), Side::Left, Ink::Word);
        x += 30 + i32::try_from(text.chars().count()).unwrap_or(0) * LETTER_WIDTH + 16;
    };
    let look = |x: i32| {
        canvas.line(vec![(x + 11, middle - 8), (x + 11, middle + 8)], Ink::Main, 2);
        canvas.block((x + 8, middle - 3), (x + 14, middle + 3), Ink::Main);
    };
    word(&look, "looked at, interval of the mean");
    word(&|x| canvas.line(vec![(x, middle), (x + 22, middle)], Ink::Alarm, 2), "limit");
    if chart.in_doubt.is_some() {
        word(&|x| canvas.block((x, middle - 6), (x + 22, middle + 6), Ink::AlarmGround), "breaks in here");
    }
    if chart.planned.is_some_and(|at| chart.from <= at && at <= chart.to) {
        let mark = |x: i32| {
            canvas.region(vec![(x + 11, middle + 6), (x + 6, middle - 4), (x + 16, middle - 4)], Ink::Word);
        };
        word(&mark, "plan");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_is_not_drawn() {
        let point = |at, value| HeadroomPoint { at, value, low: value - 0.01, high: value + 0.01 };
        let chart = Headroom {
            from: 0.5,
            to: 1.5,
            points: vec![point(0.5, 0.99), point(1.0, 0.95), point(4.0, 0.0)],
            limit: 0.98,
            in_doubt: Some((0.7, 0.8)),
            breaks: Some(0.75),
            planned: Some(1.0),
            write: crate::report::figures::share,
        };
        let drawing = headroom(&chart);
        assert!(drawing.shapes.contains("plan"), "{}", drawing.shapes);
        // The third look would stretch the scale down to 0.
        assert!(drawing.shapes.contains("94 %") && !drawing.shapes.contains("20 %"), "{}", drawing.shapes);
    }
}
