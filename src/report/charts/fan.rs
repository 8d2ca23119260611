//! A queue over time: the middle run as a line, eight runs of ten as a band, missed promises behind, cut-offs below.

use super::TimeAxis;
use super::canvas::{Canvas, Drawing, Ink, LETTER_WIDTH, Pixel, Side, drawn};
use super::ticks;
use crate::report::figures;
use crate::time::SimTime;

/// What a fan chart shows.
#[derive(Clone, Debug)]
pub struct Fan<'c> {
    /// Its stretch of time.
    pub axis: TimeAxis<'c>,
    /// The queue, ascending in time.
    pub points: Vec<FanPoint>,
    /// Stretches in which a promise was missed.
    pub shades: Vec<Shade>,
    /// Cut-offs.
    pub cut_offs: Vec<SimTime>,
}

/// The queue at one instant; what is not known has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FanPoint {
    /// When.
    pub at: SimTime,
    /// One run in ten is lower.
    pub p10: Option<u32>,
    /// The middle run.
    pub median: Option<u32>,
    /// One run in ten is higher.
    pub p90: Option<u32>,
}

/// A stretch of time in which a promise was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shade {
    /// First instant.
    pub from: SimTime,
    /// End.
    pub to: SimTime,
}

const WIDTH: u32 = 920;
const HEIGHT: u32 = 300;
const LEFT: i32 = 64;
const RIGHT: i32 = 900;
const TOP: i32 = 44;
const BOTTOM: i32 = 262;

/// Draws `chart`.
#[must_use]
pub fn fan(chart: &Fan<'_>) -> Drawing {
    let most = chart.points.iter().filter_map(|point| point.p90.max(point.median)).max().unwrap_or(0);
    let counts = ticks::counts(u64::from(most));
    let scale = Scale { axis: chart.axis, most: counts.last().copied().unwrap_or(1) };
    drawn(WIDTH, HEIGHT, |canvas| {
        shades(canvas, chart, &scale);
        axes(canvas, &scale, &counts);
        band(canvas, chart, &scale);
        for known in stretches(chart, |point| point.median) {
            canvas.line(scale.line(&known), Ink::Main, 2);
        }
        cut_offs(canvas, chart, &scale);
        legend(canvas, chart);
    })
}

struct Scale<'c> {
    axis: TimeAxis<'c>,
    most: u64,
}

impl Scale<'_> {
    fn x(&self, at: SimTime) -> i32 {
        self.axis.pixel(at, LEFT, RIGHT - LEFT)
    }

    fn y(&self, count: u64) -> i32 {
        let rise = (count.min(self.most) * (BOTTOM - TOP).unsigned_abs() as u64 + self.most / 2) / self.most;
        BOTTOM - i32::try_from(rise).expect("at most the height")
    }

    fn line(&self, points: &[(SimTime, u32)]) -> Vec<Pixel> {
        let mut line: Vec<Pixel> = points.iter().map(|(at, count)| (self.x(*at), self.y(u64::from(*count)))).collect();
        line.dedup();
        // A level stretch is its two ends.
        let level = |k: usize, line: &[Pixel]| {
            k > 0 && k + 1 < line.len() && line[k - 1].1 == line[k].1 && line[k].1 == line[k + 1].1
        };
        (0..line.len()).filter(|k| !level(*k, &line)).map(|k| line[k]).collect()
    }
}

/// The known values of `of`, cut where it is not known.
fn stretches(chart: &Fan<'_>, of: impl Fn(&FanPoint) -> Option<u32>) -> Vec<Vec<(SimTime, u32)>> {
    let runs = chart.points.chunk_by(|left, right| of(left).is_some() == of(right).is_some());
    let known = runs.map(|run| run.iter().filter_map(|point| Some((point.at, of(point)?))).collect::<Vec<_>>());
    known.filter(|run| run.len() > 1).collect()
}

fn shades(canvas: &Canvas<'_>, chart: &Fan<'_>, scale: &Scale<'_>) {
    for shade in &chart.shades {
        let (from, to) = (scale.x(shade.from), scale.x(shade.to));
        canvas.block((from, TOP), (to, BOTTOM), Ink::AlarmGround);
        // The bar says without colour what the ground says with it.
        canvas.block((from, TOP - 4), (to, TOP), Ink::Alarm);
    }
}

fn axes(canvas: &Canvas<'_>, scale: &Scale<'_>, counts: &[u64]) {
    for count in counts {
        let y = scale.y(*count);
        canvas.line(vec![(LEFT, y), (RIGHT, y)], Ink::Grid, 1);
        canvas.word(&figures::count(*count as f64), (LEFT - 8, y), Side::Right, Ink::Aside);
    }
    time_axis(canvas, &scale.axis, LEFT, RIGHT, BOTTOM);
}

/// Marks and words below a chart.
pub(super) fn time_axis(canvas: &Canvas<'_>, axis: &TimeAxis<'_>, left: i32, right: i32, bottom: i32) {
    canvas.line(vec![(left, bottom), (right, bottom)], Ink::Aside, 1);
    for tick in ticks::moments(axis, right - left) {
        let x = axis.pixel(tick.at, left, right - left);
        canvas.line(vec![(x, bottom), (x, bottom + 5)], Ink::Aside, 1);
        let Some(word) = tick.word else { continue };
        let width = i32::try_from(word.chars().count()).unwrap_or(0) * LETTER_WIDTH;
        if x + 3 + width <= right + 24 {
            canvas.word(&word, (x + 3, bottom + 14), Side::Left, Ink::Aside);
        }
    }
}

fn band(canvas: &Canvas<'_>, chart: &Fan<'_>, scale: &Scale<'_>) {
    let both = |point: &FanPoint| point.p10.and(point.p90);
    let uppers = stretches(chart, both);
    let lowers = stretches(chart, |point| point.p90.and(point.p10));
    for (upper, lower) in uppers.iter().zip(&lowers) {
        let mut outline = scale.line(upper);
        outline.extend(scale.line(lower).into_iter().rev());
        canvas.region(outline, Ink::Spread);
    }
    for edge in stretches(chart, |point| point.p90).iter().chain(&lowers) {
        canvas.line(scale.line(edge), Ink::Edge, 1);
    }
}

fn cut_offs(canvas: &Canvas<'_>, chart: &Fan<'_>, scale: &Scale<'_>) {
    for at in chart.cut_offs.iter().filter(|at| chart.axis.from <= **at && **at <= chart.axis.to) {
        cut_off_mark(canvas, scale.x(*at), BOTTOM);
    }
}

fn cut_off_mark(canvas: &Canvas<'_>, x: i32, tip: i32) {
    canvas.region(vec![(x, tip), (x - 4, tip - 8), (x + 4, tip - 8)], Ink::Word);
}

fn legend(canvas: &Canvas<'_>, chart: &Fan<'_>) {
    let middle = 16;
    let mut x = LEFT;
    let mut word = |mark: &dyn Fn(i32), text: &str| {
        mark(x);
        canvas.word(text, (x + 30, middle), Side::Left, Ink::Word);
        x += 30 + i32::try_from(text.chars().count()).unwrap_or(0) * LETTER_WIDTH + 16;
    };
    let spread = chart.points.iter().any(|point| point.p10.is_some() && point.p10 != point.p90);
    let line = |x| canvas.line(vec![(x, middle), (x + 22, middle)], Ink::Main, 2);
    word(&line, if spread { "middle run" } else { "queue" });
    if spread {
        let swatch = |x| canvas.block((x, middle - 6), (x + 22, middle + 6), Ink::Spread);
        word(&swatch, "eight runs of ten");
    }
    if !chart.shades.is_empty() {
        let swatch = |x| {
            canvas.block((x, middle - 6), (x + 22, middle + 6), Ink::AlarmGround);
            canvas.block((x, middle - 6), (x + 22, middle - 3), Ink::Alarm);
        };
        word(&swatch, "promise below target");
    }
    if chart.cut_offs.iter().any(|at| chart.axis.from <= *at && *at <= chart.axis.to) {
        word(&|x| cut_off_mark(canvas, x + 11, middle + 4), "cut-off");
    }
}
