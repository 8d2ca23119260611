//! Whatever stands in a file: an answer, never a panic, and never for long.

use proptest::prelude::*;

use super::{Document, LONGEST_TEXT, Sink, read_bytes};

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), set in ".{0,40}") {
        if let Err(found) = read_bytes(&bytes, &[set]) {
            prop_assert!(found.errors() > 0);
            prop_assert!(found.render(false).contains("error"));
        }
    }

    #[test]
    fn no_text_of_the_format_makes_reading_panic(
        lines in proptest::collection::vec((
            "(\\[\\[station\\]\\]\n)?[a-z_]{1,8}|name|takes|release|rate|share|cost|days|weekday|uplift|sent|within|next|do",
            "\"[0-9. ä€%/a-zA-Z:-]{0,14}\"|-?[0-9.e]{1,20}|nan|-inf|true|\\[\"[a-z-]{0,9}\", 2026-1[0-9]-[0-3][0-9]\\]|\\{ [a-z-]{1,5} = [0-9]{1,3} \\}",
        ), 0..12),
        sets in proptest::collection::vec("(station|title|\\*|0)(\\.(a|0|\\*|'x'|\"é\")){0,3}=(1|\"5%\"|\\{\\}|[a-z]{0,3})", 0..3),
    ) {
        let text: String = lines.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
        for text in [format!("[[station]]\n{text}"), text] {
            if let Err(found) = read_bytes(text.as_bytes(), &sets) {
                prop_assert!(found.render(true).contains("error"));
                prop_assert_eq!(found.to_json().as_array().map(Vec::len), Some(found.iter().count()));
            }
        }
    }
}

#[test]
fn the_longest_hostile_texts_are_answered() {
    let full = |unit: &str| unit.repeat(LONGEST_TEXT / unit.len());
    let many = |make: &dyn Fn(usize) -> String| (0..LONGEST_TEXT / 16).map(make).collect::<String>();
    let stations: String =
        (0..15_000).map(|i| format!("[[station]]\nname = \"s{i}\"\nnext = [\"t{i}\"]\nx{i} = 1\n")).collect();
    for text in [
        full("[[station]]\n"),
        format!("a = [{}]", full("1,").split_at(LONGEST_TEXT - 100).0),
        many(&|i| format!("k{i:06} = 1\n")),
        many(&|i| format!("[a.b{i:06}]\n")),
        format!("a = \"{}\"", "\\n".repeat(LONGEST_TEXT / 2 - 10)),
        full("\""),
        full("]"),
        full("a="),
        stations[..LONGEST_TEXT.min(stations.len())].to_owned(),
    ] {
        assert!(text.len() <= LONGEST_TEXT);
        let mut sink = Sink::new();
        let document = Document::parse("x.toml", text.as_bytes(), &["station.*.y=1".to_owned()], &mut sink);
        assert!(document.is_some() || sink.has_errors());
        let errors = read_bytes(text.as_bytes(), &[]).expect_err("none of these is a scenario");
        assert!(errors.errors() <= 201);
        assert!(errors.render(false).ends_with("errors\n") || errors.errors() == 1);
    }
}
