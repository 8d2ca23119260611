//! The surface that charts are drawn on: plotters' SVG backend, whole pixels, a few named inks.

use plotters::coord::Shift;
use plotters::element::{PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea, IntoFont, RGBColor, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontStyle, ShapeStyle};
use std::fmt::Write as _;

/// A finished chart: what stands between `<svg>` and `</svg>`. The page writes the element itself, with the title and
/// the description that a reader who cannot see the chart is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Width (px).
    pub width: u32,
    /// Height (px).
    pub height: u32,
    /// The SVG elements.
    pub shapes: String,
}

/// What a chart is drawn with, by meaning. Each ink differs from its neighbours in lightness as well, for a reader or
/// a printer without colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Words.
    Word,
    /// Words that matter less.
    Aside,
    /// Grid lines.
    Grid,
    /// The middle run, a bar.
    Main,
    /// The spread around it.
    Spread,
    /// The edge of the spread.
    Edge,
    /// A missed promise.
    Alarm,
    /// The ground behind a missed promise.
    AlarmGround,
    /// A promise missed by more.
    Worse,
    /// A promise missed by far.
    Worst,
    /// A level with room to spare.
    Calm,
    /// A level that fills up.
    Filling,
}

impl Ink {
    pub(super) const ALL: [Ink; 12] = [
        Ink::Word,
        Ink::Aside,
        Ink::Grid,
        Ink::Main,
        Ink::Spread,
        Ink::Edge,
        Ink::Alarm,
        Ink::AlarmGround,
        Ink::Worse,
        Ink::Worst,
        Ink::Calm,
        Ink::Filling,
    ];

    /// Red, green and blue on a light ground, and on a dark one. No two inks share a light colour: the dark theme finds
    /// them by it.
    pub(super) fn shades(self) -> [(u8, u8, u8); 2] {
        match self {
            Ink::Word => [(0x1c, 0x24, 0x2e), (0xe6, 0xea, 0xef)],
            Ink::Aside => [(0x55, 0x61, 0x6e), (0xa3, 0xae, 0xba)],
            Ink::Grid => [(0xd9, 0xdf, 0xe5), (0x36, 0x40, 0x4b)],
            Ink::Main => [(0x0b, 0x57, 0x8f), (0x6c, 0xb8, 0xf0)],
            Ink::Spread => [(0xc4, 0xdd, 0xf0), (0x1f, 0x44, 0x61)],
            Ink::Edge => [(0x7f, 0xae, 0xd1), (0x4a, 0x85, 0xb0)],
            Ink::Alarm => [(0xb4, 0x23, 0x18), (0xff, 0x8a, 0x7a)],
            Ink::AlarmGround => [(0xfb, 0xe3, 0xe0), (0x4a, 0x23, 0x22)],
            Ink::Worse => [(0xf0, 0xb9, 0xb2), (0x6e, 0x36, 0x32)],
            Ink::Worst => [(0xde, 0x8b, 0x81), (0x96, 0x4f, 0x48)],
            Ink::Calm => [(0xb9, 0xd5, 0xea), (0x2c, 0x5b, 0x80)],
            Ink::Filling => [(0x4d, 0x8f, 0xc2), (0x47, 0x8f, 0xc6)],
        }
    }

    fn colour(self) -> RGBColor {
        let [(red, green, blue), _] = self.shades();
        RGBColor(red, green, blue)
    }
}

/// Style rules that give every ink its colour on a dark ground.
#[must_use]
pub fn dark_theme() -> String {
    let mut rules = String::new();
    for ink in Ink::ALL {
        let [light, dark] = ink.shades().map(|(red, green, blue)| format!("#{red:02X}{green:02X}{blue:02X}"));
        for paint in ["fill", "stroke"] {
            writeln!(rules, "svg [{paint}=\"{light}\"]{{{paint}:{dark}}}").expect("writing to a String");
        }
    }
    rules
}

/// Which end of a word its place is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side {
    Left,
    Right,
}

/// Size that plotters takes for letters of 12 px.
const LETTERS: f64 = 14.88;
/// Width of a letter of that size, on the safe side (px).
pub(super) const LETTER_WIDTH: i32 = 7;

/// A point on the surface (px), from the upper left corner.
pub(super) type Pixel = (i32, i32);

pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Why drawing is never refused.
const INTO_A_STRING: &str = "drawing into a string cannot fail";

/// What `draw` draws.
pub(super) fn drawn(width: u32, height: u32, draw: impl FnOnce(&Canvas<'_>)) -> Drawing {
    let mut text = String::new();
    let canvas = Canvas { area: SVGBackend::with_string(&mut text, (width, height)).into_drawing_area() };
    draw(&canvas);
    canvas.area.present().expect(INTO_A_STRING);
    drop(canvas);
    let inner = text.split_once('>').map_or("", |(_, rest)| rest).trim();
    Drawing { width, height, shapes: inner.strip_suffix("</svg>").unwrap_or(inner).trim().to_owned() }
}

impl Canvas<'_> {
    pub(super) fn block(&self, upper_left: Pixel, lower_right: Pixel, ink: Ink) {
        let block = Rectangle::new([upper_left, lower_right], ink.colour().filled());
        self.area.draw(&block).expect(INTO_A_STRING);
    }

    pub(super) fn line(&self, points: Vec<Pixel>, ink: Ink, thickness: u32) {
        let style = ShapeStyle { color: ink.colour().to_rgba(), filled: false, stroke_width: thickness };
        self.area.draw(&PathElement::new(points, style)).expect(INTO_A_STRING);
    }

    pub(super) fn region(&self, outline: Vec<Pixel>, ink: Ink) {
        self.area.draw(&Polygon::new(outline, ink.colour())).expect(INTO_A_STRING);
    }

    /// A word whose `side` lies at `place`, half of its height above it.
    pub(super) fn word(&self, word: &str, place: Pixel, side: Side, ink: Ink) {
        self.write(word, place, side, ink, FontStyle::Normal);
    }

    /// The same in bold letters.
    pub(super) fn strong(&self, word: &str, place: Pixel, side: Side, ink: Ink) {
        self.write(word, place, side, ink, FontStyle::Bold);
    }

    fn write(&self, word: &str, place: Pixel, side: Side, ink: Ink, weight: FontStyle) {
        let side = match side {
            Side::Left => HPos::Left,
            Side::Right => HPos::Right,
        };
        let style = ("sans-serif", LETTERS, weight).into_font().color(&ink.colour()).pos(Pos::new(side, VPos::Center));
        self.area.draw(&Text::new(word, place, style)).expect(INTO_A_STRING);
    }
}

/// `word`, cut to `width` pixels.
pub(super) fn cut(word: &str, width: i32) -> String {
    let most = usize::try_from(width / LETTER_WIDTH).unwrap_or(0);
    if word.chars().count() <= most {
        return word.to_owned();
    }
    let kept: String = word.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
