//! Differences from a base: for each variant where it lies, with its interval, against nothing and the margin that matters.

use super::canvas::{Canvas, Drawing, Ink, LETTER_WIDTH, Side, cut, drawn};
use super::ticks::{pixel, steps_of};

/// What a chart of differences shows.
#[derive(Clone, Debug)]
pub struct Differences {
    /// One row for each variant, from the top.
    pub rows: Vec<DifferenceRow>,
    /// From so much on, either way, a difference matters; `None` where nobody can say.
    pub margin: Option<f64>,
    /// Whether more is better; otherwise less is.
    pub more_is_better: bool,
    /// How differences are written.
    pub write: fn(f64) -> String,
}

/// One variant.
#[derive(Clone, Debug, PartialEq)]
pub struct DifferenceRow {
    /// What it is called; cut where there is no room.
    pub label: String,
    /// The difference and the ends of its interval; `None` when it is not known.
    pub found: Option<[f64; 3]>,
    /// The same in words.
    pub written: String,
    /// The verdict in words.
    pub verdict: String,
    /// Whether the verdict is a difference for the worse.
    pub worse: bool,
    /// Whether there is a verdict at all.
    pub told: bool,
}

const WIDTH: u32 = 920;
const ROW: i32 = 44;
const LEFT: i32 = 236;
const RIGHT: i32 = 660;
const TOP: i32 = 34;

/// Draws `chart`.
#[must_use]
pub fn differences(chart: &Differences) -> Drawing {
    let margin = chart.margin.unwrap_or(0.0);
    let ends = || chart.rows.iter().filter_map(|row| row.found).flatten();
    let least = ends().fold(-margin, f64::min);
    let most = ends().fold(margin, f64::max);
    // Where nothing differs at all there is still an axis.
    let (least, most) = if least < most { (least, most) } else { (least - 1.0, most + 1.0) };
    let room = 0.04 * (most - least);
    let scale = (least - room, most + room);
    let rows = i32::try_from(chart.rows.len()).expect("a chart has few rows");
    let bottom = TOP + rows * ROW;
    let x = |value: f64| pixel(value, scale, (LEFT, RIGHT));
    drawn(WIDTH, (bottom + 30).unsigned_abs(), |canvas| {
        if margin > 0.0 {
            canvas.block((x(-margin), TOP), (x(margin), bottom), Ink::Grid);
        }
        axis(canvas, chart, scale, bottom);
        for (row, top) in chart.rows.iter().zip((0..).map(|k| TOP + k * ROW)) {
            one(canvas, row, top, &x);
        }
        sides(canvas, chart, x(0.0));
    })
}

fn axis(canvas: &Canvas<'_>, chart: &Differences, scale: (f64, f64), bottom: i32) {
    let x = |value: f64| pixel(value, scale, (LEFT, RIGHT));
    let mut free = LEFT - 4;
    for at in steps_of(scale.0, scale.1, 5, chart.write).into_iter().filter(|at| scale.0 <= *at && *at <= scale.1) {
        canvas.line(vec![(x(at), bottom), (x(at), bottom + 5)], Ink::Aside, 1);
        let word = (chart.write)(at);
        let width = i32::try_from(word.chars().count()).unwrap_or(0) * LETTER_WIDTH;
        let start = (x(at) - width / 2).max(LEFT);
        if start >= free {
            canvas.word(&word, (start, bottom + 16), Side::Left, Ink::Aside);
            free = start + width + 8;
        }
    }
    canvas.line(vec![(LEFT, bottom), (RIGHT, bottom)], Ink::Aside, 1);
    canvas.line(vec![(x(0.0), TOP - 6), (x(0.0), bottom)], Ink::Word, 1);
}

/// Which side is which.
fn sides(canvas: &Canvas<'_>, chart: &Differences, zero: i32) {
    let (left, right) = if chart.more_is_better { ("worse", "better") } else { ("better", "worse") };
    let fits = |word: &str, room: i32| i32::try_from(word.len()).is_ok_and(|length| length * LETTER_WIDTH < room);
    if fits(left, zero - LEFT) {
        canvas.word(left, (zero - 10, TOP - 14), Side::Right, Ink::Aside);
    }
    if fits(right, RIGHT - zero) {
        canvas.word(right, (zero + 10, TOP - 14), Side::Left, Ink::Aside);
    }
}

fn one(canvas: &Canvas<'_>, row: &DifferenceRow, top: i32, x: &dyn Fn(f64) -> i32) {
    let middle = top + ROW / 2;
    canvas.word(&cut(&row.label, LEFT - 16), (LEFT - 10, middle), Side::Right, Ink::Word);
    canvas.strong(&cut(&row.verdict, 240), (RIGHT + 16, middle - 8), Side::Left, Ink::Word);
    canvas.word(&row.written, (RIGHT + 16, middle + 9), Side::Left, Ink::Aside);
    let Some([value, low, high]) = row.found else { return };
    let ink = if row.worse { Ink::Alarm } else { Ink::Main };
    canvas.line(vec![(x(low), middle), (x(high), middle)], ink, 2);
    for end in [low, high] {
        canvas.line(vec![(x(end), middle - 6), (x(end), middle + 6)], ink, 2);
    }
    let (at, reach) = (x(value), 5);
    let corners = vec![
        (at - reach, middle - reach),
        (at + reach, middle - reach),
        (at + reach, middle + reach),
        (at - reach, middle + reach),
        (at - reach, middle - reach),
    ];
    if row.told {
        canvas.region(corners, ink);
    } else {
        // Hollow: it cannot be told.
        canvas.line(corners, ink, 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, found: Option<[f64; 3]>) -> DifferenceRow {
        DifferenceRow {
            label: label.to_owned(),
            found,
            written: "+8 points".to_owned(),
            verdict: "better".to_owned(),
            worse: false,
            told: true,
        }
    }

    #[test]
    fn a_difference_is_drawn_on_its_side_of_nothing() {
        let rows = vec![row("more", Some([0.08, 0.07, 0.09])), row("less", Some([-0.08, -0.09, -0.07]))];
        let chart =
            Differences { rows, margin: Some(0.005), more_is_better: true, write: crate::report::figures::share };
        let shapes = differences(&chart).shapes;
        let places: Vec<i32> = shapes
            .lines()
            .filter(|line| line.starts_with("<polygon"))
            .filter_map(|line| line.split("points=\"").nth(1)?.split(',').next()?.parse().ok())
            .collect();
        let zero = i32::midpoint(LEFT, RIGHT);
        assert!(places.len() == 2 && places[0] > zero + 100 && places[1] < zero - 100, "{places:?}: {shapes}");
        assert!(shapes.contains("worse") && shapes.contains("better"), "{shapes}");
    }

    #[test]
    fn where_nothing_differs_and_nothing_is_known_there_is_still_a_frame() {
        let rows = vec![row("same", Some([0.0; 3])), row("unknown", None)];
        let chart = Differences { rows, margin: None, more_is_better: false, write: crate::report::figures::count };
        let shapes = differences(&chart).shapes;
        assert!(shapes.contains("same") && shapes.contains("unknown") && !shapes.contains("NaN"), "{shapes}");
        assert_eq!(shapes.matches("<polygon").count(), 1, "{shapes}");
    }
}
