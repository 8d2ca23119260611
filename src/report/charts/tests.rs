use super::canvas::Ink;
use super::*;
use crate::time::TICKS_PER_HOUR;

fn hour(hour: u64) -> SimTime {
    SimTime(hour * TICKS_PER_HOUR)
}

fn axis() -> TimeAxis<'static> {
    TimeAxis { calendar: None, from: hour(0), to: hour(10) }
}

fn point(at: u64, of: Option<u32>) -> FanPoint {
    FanPoint { at: hour(at), p10: of, median: of.map(|queue| queue * 2), p90: of.map(|queue| queue * 3) }
}

fn queue() -> Fan<'static> {
    Fan {
        axis: axis(),
        points: vec![point(0, Some(0)), point(5, Some(10)), point(7, None), point(8, Some(3)), point(10, Some(0))],
        shades: vec![Shade { from: hour(5), to: hour(10) }],
        cut_offs: vec![hour(4), hour(44)],
    }
}

#[test]
fn a_line_breaks_where_nothing_is_known() {
    let shapes = fan(&queue()).shapes;
    let middle = shapes.lines().filter(|line| line.contains("<polyline") && line.contains("stroke-width=\"2\""));
    let points: Vec<&str> = middle.filter_map(|line| line.split("points=\"").nth(1)).collect();
    // 10 h on 836 px from 64; 30 at most, 218 px up from 262. The legend's sample is a line as well.
    assert_eq!(points, ["64,262 482,117 \"/>", "733,218 900,262 \"/>", "64,16 86,16 \"/>"]);
    assert_eq!(shapes.matches("<polygon").count(), 2 + 2, "two bands, and the cut-off within the axis with its legend");
}

#[test]
fn every_number_of_a_drawing_is_whole_but_the_letters() {
    let rows = vec![LevelRow { label: "pick".to_owned(), cells: vec![Some(0.3), None, Some(2.0)] }];
    let bar = Bar { label: "a".to_owned(), value: 1.0 / 3.0, interval: Some((0.1, 0.7)), written: "0.33".to_owned() };
    let drawings =
        [fan(&queue()), bars(&[bar]), levels(&Levels { axis: axis(), ends: vec![hour(3), hour(5), hour(10)], rows })];
    let places = ["x=\"", "y=\"", "x1=\"", "points=\"", "width=\"", "height=\""];
    for drawing in &drawings {
        for attribute in drawing.shapes.split([' ', '<']).filter(|part| places.iter().any(|at| part.starts_with(at))) {
            assert!(!attribute.contains('.'), "{attribute}");
        }
        assert!(!drawing.shapes.contains("svg"));
    }
}

#[test]
fn bars_are_as_long_as_their_values_and_long_labels_are_cut() {
    let bar = |label: &str, value| Bar { label: label.to_owned(), value, interval: None, written: String::new() };
    let shapes = bars(&[bar("waiting & <waiting>", 4.0), bar(&"x".repeat(300), 1.0), bar("none", 0.0)]).shapes;
    let widths: Vec<&str> = shapes.split(" width=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(widths, ["330", "83", "0"]);
    assert!(shapes.contains("waiting &amp; &lt;waiting&gt;"));
    assert!(shapes.contains("x…") && !shapes.contains(&"x".repeat(60)));
}

#[test]
fn a_busier_cell_is_higher_and_darker() {
    let ends = (1..=10).map(hour).collect();
    let cells = vec![Some(0.1), Some(0.1), Some(0.5), None, Some(0.8), Some(1.0), Some(1.4), None, None, None];
    let shapes =
        levels(&Levels { axis: axis(), ends, rows: vec![LevelRow { label: "pick".to_owned(), cells }] }).shapes;
    let blocks = shapes.lines().filter(|line| line.starts_with("<rect")).skip(3); // the legend's
    let part =
        |line: &str, name: &str| line.split(name).nth(1).and_then(|rest| rest.split('"').next().map(str::to_owned));
    let found: Vec<_> = blocks.map(|line| (part(line, " width=\""), part(line, " height=\""))).collect();
    let expected = [("142", "2"), ("71", "14"), ("71", "20"), ("142", "26")];
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(found, expected.map(|(width, height)| (text(width), text(height))));
}

#[test]
fn the_dark_theme_knows_every_ink_apart() {
    let mut light: Vec<_> = Ink::ALL.iter().map(|ink| ink.shades()[0]).collect();
    light.sort_unstable();
    light.dedup();
    assert_eq!(light.len(), Ink::ALL.len());
    let theme = dark_theme();
    for drawing in [fan(&queue()), bars(&[])] {
        for colour in drawing.shapes.split("=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(theme.contains(&format!("=\"#{colour}\"]")), "{colour}");
        }
    }
}
