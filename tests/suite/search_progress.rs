//! While a search for breaches runs, it shows how near to the limit it is, with the interval of that look.

use super::cli::Desk;
use super::frontier::SHOP;

/// What the lines on stderr know of a subject: value, ends and load, line by line.
fn known(stderr: &str, subject: &str) -> Vec<[f64; 4]> {
    let name = format!("; '{subject}' ");
    let of = |line: &str| -> Option<[f64; 4]> {
        let (_, rest) = line.split_once(&name)?;
        let rest = rest.split(';').next().unwrap();
        let number = |text: &str| text.trim_end_matches([' ', '%', ')', '\u{a0}']).trim().parse::<f64>().unwrap();
        // Where every run keeps everything the interval has no width, and is left out.
        let (value, rest) = rest.split_once(" (")?;
        let (ends, at) = rest.split_once(") at ").unwrap();
        let (low, high) = ends.split_once(" to ").unwrap();
        Some([number(value), number(low), number(high), number(at)])
    };
    stderr.lines().filter_map(of).collect()
}

#[test]
fn a_breach_search_closes_in_on_the_limit_with_intervals() {
    let words = ["breach", "s.toml", "--sla", "quick", "--vary", "source.*.uplift=0.5..4", "--precision", "5%"];
    let ended = Desk::with(SHOP).run(&[&words[..], &["--progress", "plain", "--format", "json"]].concat()).with_code(0);
    let seen = known(&ended.stderr, "quick");
    assert!(seen.len() >= 3, "{}", ended.stderr);
    for [value, low, high, at] in &seen {
        assert!(low < value && value < high && (0.5..=4.0).contains(at), "{}", ended.stderr);
    }
    let point = ended.document()["breach_points"][0]["point"]["value"].as_f64().unwrap();
    let [value, low, high, at] = *seen.last().unwrap();
    // The target is 90 %.
    assert!(low < 90.0 && 90.0 < high && (value - 90.0).abs() < 5.0, "{}", ended.stderr);
    assert!((at / point - 1.0).abs() < 0.2, "{at} is far from {point}");
}

#[test]
fn a_frontier_search_shows_every_subject_with_its_interval() {
    let words = ["frontier", "s.toml", "--rows", "2", "--precision", "20%", "--progress", "plain"];
    let ended = Desk::with(SHOP).run(&words).with_code(0);
    for subject in ["quick", "on the day"] {
        let seen = known(&ended.stderr, subject);
        assert!(seen.iter().any(|[value, low, high, _]| low < value && value < high), "{}", ended.stderr);
    }
}
