//! Parts of a whole as horizontal bars, with their intervals.

use super::canvas::{Canvas, Drawing, Ink, Side, cut, drawn};

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it is; cut where there is no room.
    pub label: String,
    /// How long it is; at least 0.
    pub value: f64,
    /// Its interval.
    pub interval: Option<(f64, f64)>,
    /// Its number in words.
    pub written: String,
}

const WIDTH: u32 = 920;
const ROW: i32 = 32;
const LEFT: i32 = 420;
const RIGHT: i32 = 750;

/// Draws bars from a common left end, the first above.
#[must_use]
pub fn bars(bars: &[Bar]) -> Drawing {
    let reach = |bar: &Bar| bar.interval.map_or(bar.value, |(_, high)| high.max(bar.value));
    let most = bars.iter().map(reach).fold(0.0, f64::max);
    let rows = i32::try_from(bars.len()).expect("a chart has few bars");
    drawn(WIDTH, (rows * ROW + 8).unsigned_abs(), |canvas| {
        for (row, bar) in (0..).zip(bars) {
            one(canvas, bar, row * ROW + 4, most);
        }
        canvas.line(vec![(LEFT, 4), (LEFT, rows * ROW + 4)], Ink::Aside, 1);
    })
}

fn one(canvas: &Canvas<'_>, bar: &Bar, top: i32, most: f64) {
    let middle = top + ROW / 2;
    canvas.word(&cut(&bar.label, LEFT - 16), (LEFT - 10, middle), Side::Right, Ink::Word);
    canvas.block((LEFT, top + 5), (x(bar.value, most), top + ROW - 5), Ink::Main);
    let mut end = x(bar.value, most);
    if let Some((low, high)) = bar.interval.filter(|(low, high)| high > low) {
        let (low, high) = (x(low, most), x(high, most));
        // Light within the bar, dark beyond it: seen on both.
        canvas.line(vec![(low, middle), (end.max(low), middle)], Ink::Spread, 2);
        canvas.line(vec![(end, middle), (high, middle)], Ink::Word, 2);
        canvas.line(vec![(high, middle - 5), (high, middle + 5)], Ink::Word, 2);
        end = end.max(high);
    }
    canvas.strong(&bar.written, (end + 10, middle), Side::Left, Ink::Word);
}

#[expect(clippy::cast_possible_truncation, reason = "a share of the width, which is a few hundred pixels")]
fn x(value: f64, most: f64) -> i32 {
    let share = if most > 0.0 { (value / most).clamp(0.0, 1.0) } else { 0.0 };
    LEFT + (share * f64::from(RIGHT - LEFT) + 0.5) as i32
}
