//! The reading layer as a whole, on a small file format of its own.

#![expect(clippy::float_cmp, reason = "quantities are read to the nearest number, exactly")]

use jiff::civil::{Date, DateTime};

use super::diagnostic::{Diagnostic, Diagnostics};
use super::document::{Document, LONGEST_TEXT};
use super::names::{Name, Names};
use super::reader::{Count, OneOrMany, Whole};
use super::schema::schema_of;
use super::sink::Sink;
use super::table::FileTable;
use super::units::days::{ByDate, ByWeekday, Days};
use super::units::money::Money;
use super::units::rate::RateOf;
use super::units::share::Chance;
use super::units::time::{Clock, Term};
use super::units::{FromText, Positive};
use crate::quantity::{Factor, Probability};
use crate::time::SimDuration;

mod any_text;
mod overrides;

crate::file_words! {
    /// The part of the operation.
    enum Layer = "layer" {
        /// Connectors.
        Integration = "integration",
        /// The floor.
        Warehouse = "warehouse",
    }
    later = ["reporting"];
}

crate::file_table! {
    /// Time that varies.
    struct Spread = "spread" {
        /// In the middle.
        required typical: Positive<SimDuration>, example "6m";
        /// One in ten takes longer.
        required one_in_ten_over: SimDuration, example "18m";
    }
}

crate::file_choice! {
    /// How long work takes.
    enum Takes {
        /// Always the same.
        text Always(SimDuration),
        /// It varies.
        table Spread(Spread),
    }
}

crate::file_table! {
    /// Asks for work every so often.
    struct Poll = "poll" {
        /// How often.
        required poll: SimDuration, example "15m";
        /// How many at once.
        optional at_most: Whole<1, 1000>;
    }
}

crate::file_table! {
    /// Releases waves.
    struct Waves = "wave plan" {
        /// How often.
        required every: SimDuration, example "60m";
        /// The first wave.
        optional from: Clock;
    }
}

crate::file_choice! {
    /// When work is released.
    enum Release {
        /// By asking.
        table "poll" Poll(Poll),
        /// In waves.
        table "every" Waves(Waves),
    }
}

crate::file_table! {
    /// Where orders wait.
    struct Station = "station" {
        /// What it is called.
        required name: Name, example "pick";
        /// Its layer.
        default layer: Layer = "warehouse";
        /// How many at once.
        optional servers: Count;
        /// How long.
        optional takes: Takes;
        /// When.
        optional release: Release;
        /// How fast.
        optional rate: RateOf;
        /// How it fails.
        optional chance: Chance;
        /// How many are lost.
        optional share: Probability;
        /// What it costs.
        optional cost: Money;
        /// When it is open.
        optional days: Days;
        /// How it differs by day.
        optional weekday: ByWeekday<Factor>;
        /// Uplift by date.
        optional uplift: ByDate<Factor>;
        /// One moment.
        optional sent: DateTime;
        /// How soon.
        optional within: Term;
        /// What is done there.
        optional action as "do": String;
        /// Where orders go.
        list next: Name, example ["pack"];
    }
    later = ["lanes"];
}

crate::file_table! {
    /// The whole file.
    struct File = "file" {
        /// The title.
        optional title: String;
        /// The stations.
        list station: Station;
        /// Anything by name.
        optional extra: std::collections::BTreeMap<String, OneOrMany<Factor>>;
    }
}

fn read_bytes(bytes: &[u8], overrides: &[String]) -> Result<File, Diagnostics> {
    let mut sink = Sink::new();
    let document = Document::parse("peak.toml", bytes, overrides, &mut sink);
    let file = document.and_then(|document| document.read::<File>(&mut sink));
    let (file, warnings) = sink.finish(file)?;
    assert!(warnings.is_none());
    Ok(file)
}

fn read(text: &str, overrides: &[&str]) -> Result<File, Diagnostics> {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    read_bytes(text.as_bytes(), &overrides)
}

fn refusal(text: &str, overrides: &[&str]) -> String {
    read(text, overrides).expect_err("this text is refused").to_string()
}

const GOOD: &str = r#"
title = "Peak"
[[station]]
name = "pick"
servers = 3
takes = { typical = "6m", one_in_ten_over = "18m" }
release = { every = "60m", from = "07:00" }
rate = "110 lines/h"
chance = "0.8% per line"
share = "55%"
cost = "14.50 GBP/h"
days = ["mon-wed", "sat", 2026-11-27]
weekday = { mon-fri = 1.1, sat = 0.5 }
uplift = { 2026-11-27 = 3.5 }
sent = 2026-11-27T07:30:00
within = "2 working days"
do = "count"
next = ["pack"]
[[station]]
name = "pack"
layer = "integration"
takes = "90s"
release = { poll = "15m", at_most = 250 }
"#;

#[test]
fn a_good_file_is_read() {
    let file = read(GOOD, &[]).unwrap();
    assert_eq!(file.title.as_ref().map(|title| title.as_str()), Some("Peak"));
    assert!(file.extra.is_none());
    let [pick, pack] = &file.station[..] else { panic!("two stations") };
    assert_eq!(pick.layer.value, Layer::Warehouse);
    assert_eq!(pack.layer.word(), "integration");
    assert_eq!(pick.servers.as_ref().map(|n| n.get()), Some(3));
    assert_eq!((pick.name.as_str(), pick.place.line()), ("pick", 3));
    assert_eq!(pick.action.as_ref().map(|text| text.value.as_str()), Some("count"));
    assert_eq!(pick.next[0].as_str(), "pack");
    let date = Date::constant(2026, 11, 27);
    assert!(pick.days.as_ref().unwrap().contains(date));
    assert_eq!(pick.uplift.as_ref().unwrap().0[&date].value, Factor::new(3.5).unwrap());
    assert!(pick.weekday.as_ref().unwrap().0[6].is_none());
    assert!(matches!(&pack.takes.as_ref().unwrap().value, Takes::Always(SimDuration(90_000_000))));
    let Takes::Spread(spread) = &pick.takes.as_ref().unwrap().value else { panic!("a spread") };
    assert_eq!(spread.typical.get(), SimDuration::parse("6m").unwrap());
    assert_eq!(spread.one_in_ten_over.value, SimDuration::parse("18m").unwrap());
    let Release::Waves(waves) = &pick.release.as_ref().unwrap().value else { panic!("waves") };
    assert_eq!((waves.every.hours(), waves.from.as_ref().unwrap().to_string()), (1.0, "07:00".to_owned()));
    let Release::Poll(poll) = &pack.release.as_ref().unwrap().value else { panic!("a poll") };
    assert_eq!((poll.poll.seconds(), poll.at_most.as_ref().unwrap().get()), (900.0, 250));
    assert_eq!(pick.within.as_ref().unwrap().value, Term::WorkingDays(2));
    assert_eq!(pick.sent.as_ref().unwrap().to_string(), "2026-11-27T07:30:00");
    assert_eq!(pick.rate.as_ref().unwrap().rate.hourly(), 110.0);
    assert_eq!(pick.chance.as_ref().unwrap().probability.get(), 0.008);
    assert_eq!(pick.share.as_ref().unwrap().get(), 0.55);
    assert_eq!(pick.cost.as_ref().unwrap().amount, 14.5);
}

#[test]
fn all_errors_of_a_file_come_at_once_and_in_order() {
    let text = r#"
titel = "Peak"
[[station]]
nmae = "pick"
servers = "three"
takes = 90
lanes = []
layer = "warehose"
release = { evry = "60m" }
share = 0.07
[[station]]
name = "pack"
rate = "110 lines"
within = "-2h"
layer = "reporting"
takes = { typical = "0s" }
release = { poll = "15m", every = "60m" }
servers = 3.0
sent = "2026-11-27T07:30"
"#;
    insta::assert_snapshot!(refusal(text, &[]), @r#"
    peak.toml:2:1: error[unknown-key]: unknown key `titel` in a file (did you mean `title`? keys of a file: `title`, `station`, `extra`; for example: title = "…")
    peak.toml:4:1: error[unknown-key]: unknown key `nmae` in a station (did you mean `name`? keys of a station: `name`, `layer`, `servers`, `takes`, `release`, `rate`, `chance`, `share`, `cost`, `days`, `weekday`, `uplift`, `sent`, `within`, `do`, `next`; for example: name = "pick")
    peak.toml:5:11: error[wrong-type]: expected a whole number, 0 or more, found the text "three" (for example: servers = 4)
    peak.toml:6:9: error[missing-unit]: expected a duration in quotes and with its unit, found the number 90 (did you mean takes = "90s"?)
    peak.toml:7:1: error[not-in-this-version]: `lanes` of a station is not in this version of peaksim (remove it: what cannot be simulated is refused, never read and ignored)
    peak.toml:8:9: error[unknown-word]: "warehose" is not a layer (did you mean `warehouse`? valid words: `integration`, `warehouse`; for example: layer = "integration")
    peak.toml:9:11: error[missing-key]: this table needs `poll` or `every` (did you mean `every`? one of: `poll`, `every`; for example: release = { poll = "15m" })
    peak.toml:10:9: error[missing-unit]: expected a share in per cent in quotes and with its unit, found the number 0.07 (did you mean share = "7%"?)
    peak.toml:13:8: error[bad-quantity]: "110 lines" is not a rate: it has no time to count in: /s, /min, /h or /day (for example: rate = "110 lines/h"; valid: "110 lines/h", "480/h", "20/s", "55 orders/h", "20/min", "560 orders/day")
    peak.toml:14:10: error[bad-quantity]: "-2h" is not a duration or a number of working days: it is negative (for example: within = "2 working days"; valid: "2 working days", "1 working day", "36h")
    peak.toml:15:9: error[not-in-this-version]: the layer "reporting" is not in this version of peaksim (valid words: `integration`, `warehouse`; for example: layer = "integration")
    peak.toml:16:9: error[missing-key]: a spread needs `one_in_ten_over` (add, for example: one_in_ten_over = "18m")
    peak.toml:16:21: error[out-of-range]: the text "0s" is zero (expected a duration such as "90s", greater than zero, for example: typical = "6m")
    peak.toml:17:11: error[ambiguous-table]: `poll` and `every` cannot stand together (keep one of them, for example: release = { poll = "15m" })
    peak.toml:18:11: error[wrong-type]: expected a whole number, 0 or more, found the number 3.0 (write it without a point: servers = 3)
    peak.toml:19:8: error[wrong-type]: expected a local date and time without quotes, such as 2026-11-27T07:30:00, found the text "2026-11-27T07:30" (leave the quotes out: sent = 2026-11-27T07:30)
    "#);
}

#[test]
fn an_error_is_drawn_with_its_line_and_without_colour_in_the_same_letters() {
    let found = read("title = \"Peak\"\n[[station]]\nnmae = \"pick\"\n", &[]).expect_err("refused");
    insta::assert_snapshot!(found.render(false), @r#"
    error[unknown-key]

      × unknown key `nmae` in a station
       ╭─[peak.toml:3:1]
     2 │ [[station]]
     3 │ nmae = "pick"
       · ──┬─
       ·   ╰── a station has no such key
       ╰────
      help: did you mean `name`? keys of a station: `name`, `layer`, `servers`, `takes`, `release`, `rate`, `chance`, `share`, `cost`, `days`, `weekday`, `uplift`, `sent`, `within`, `do`, `next`
            for example: name = "pick"

    1 error
    "#);
    let coloured = found.render(true);
    assert!(coloured.contains('\u{1b}'));
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').expect("a colour code ends in m").1;
    }
    plain.push_str(rest);
    assert_eq!(plain, found.render(false));
}

#[test]
fn the_machine_form_has_every_key() {
    let found = read("[[station]]\nname = \"pick\"\nservers = \"drei\"\n", &["title=3"]).expect_err("refused");
    insta::assert_snapshot!(serde_json::to_string_pretty(&found.to_json()).unwrap(), @r#"
    [
      {
        "file": "peak.toml",
        "line": 3,
        "column": 11,
        "length": 6,
        "severity": "error",
        "code": "wrong-type",
        "message": "expected a whole number, 0 or more, found the text \"drei\"",
        "help": "for example: servers = 4"
      },
      {
        "file": "--set #1",
        "line": 1,
        "column": 7,
        "length": 1,
        "severity": "error",
        "code": "wrong-type",
        "message": "expected a text in quotes, found the number 3",
        "help": "for example: title = \"…\""
      }
    ]
    "#);
}

#[test]
fn syntax_errors_all_come_at_once() {
    insta::assert_snapshot!(refusal("title = Peak\n[[station]\nname = \"a\"\nname = \"b\"\nx = 1 2\ny 3\n", &[]), @r#"
    peak.toml:1:9: error[syntax]: this is not valid TOML: string values must be quoted, expected literal string (write text and quantities in quotes: next = "pick", takes = "90s")
    peak.toml:2:11: error[syntax]: this is not valid TOML: unclosed array table, expected `]` (valid TOML looks like: title = "Peak", servers = 4, shifts = [{ heads = 12 }], [[station]])
    peak.toml:6:3: error[syntax]: this is not valid TOML: key with no value, expected `=` (a line is key = value, such as title = "Peak", or a header such as [horizon] or [[station]])
    "#);
    insta::assert_snapshot!(refusal("name = 1\nname = 2\n", &[]), @r#"peak.toml:2:1: error[syntax]: this is not valid TOML: duplicate key (each key stands once in its table: remove one, or start a new item with a [[header]])"#);
    insta::assert_snapshot!(refusal("title = \"Peak", &[]), @r#"peak.toml:1:14: error[syntax]: this is not valid TOML: invalid basic string, expected `"` (valid TOML looks like: title = "Peak", servers = 4, shifts = [{ heads = 12 }], [[station]])"#);
    insta::assert_snapshot!(refusal("servers = 99999999999999999999999", &[]), @r#"
    peak.toml:1:1: error[unknown-key]: unknown key `servers` in a file (keys of a file: `title`, `station`, `extra`)
    peak.toml:1:11: error[number-too-large]: the number 99999999999999999999999 is too large (whole numbers go from -9223372036854775808 to 9223372036854775807)
    "#);
}

#[test]
fn a_table_where_a_list_is_meant_gets_its_second_bracket() {
    insta::assert_snapshot!(refusal("[station]\nname = \"pick\"\n", &[]), @r#"peak.toml:1:1: error[wrong-type]: expected a list, each item a station such as { name = "pick" }, found one table (write the header with two brackets: [[station]])"#);
    insta::assert_snapshot!(refusal("station = { name = \"pick\" }\n", &[]), @r#"peak.toml:1:11: error[wrong-type]: expected a list, each item a station such as { name = "pick" }, found one table (write a list: station = [{ name = "pick" }])"#);
}

#[test]
fn names_find_their_items_or_say_what_was_meant() {
    let file = read(
        "[[station]]\nname=\"pick\"\nnext=[\"pakc\"]\n[[station]]\nname=\"pack\"\n[[station]]\nname=\"pick\"\n",
        &[],
    );
    let file = file.unwrap();
    let mut sink = Sink::new();
    let names = Names::collect("station", file.station.iter().map(|station| &station.name), &mut sink);
    assert_eq!((names.index("pack"), names.find(&file.station[1].name, &mut sink)), (Some(1), Some(1)));
    assert_eq!(names.find(&file.station[0].next[0], &mut sink), None);
    let none = Names::collect("desk", [], &mut sink);
    assert_eq!(none.find(&file.station[0].next[0], &mut sink), None);
    let found = sink.finish(Some(())).expect_err("errors");
    let drawn = found.iter().last().expect("the last of three").render(false);
    insta::assert_snapshot!(drawn, @r#"
    error[duplicate-name]

      × there are two stations called "pick"
       ╭─[peak.toml:2:6]
     1 │ [[station]]
     2 │ name="pick"
       ·      ───┬──
       ·         ╰── the first
     3 │ next=["pakc"]
       ╰────
       ╭─[peak.toml:7:6]
     6 │ [[station]]
     7 │ name="pick"
       ·      ───┬──
       ·         ╰── the second
       ╰────
      help: give one of them another name
    "#);
    insta::assert_snapshot!(found, @r#"
    peak.toml:3:7: error[unknown-reference]: there is no station called "pakc" (did you mean `pack`? stations: `pack`, `pick`)
    peak.toml:3:7: error[unknown-reference]: there is no desk called "pakc" (the file has no desk yet: describe it under [[desk]])
    peak.toml:7:6: error[duplicate-name]: there are two stations called "pick" (give one of them another name)
    "#);
}

#[test]
fn names_that_cannot_be_written_in_a_path_are_refused() {
    for name in ["''", "' a'", "'a\"b'", "\"a\\nb\""] {
        assert!(refusal(&format!("[[station]]\nname = {name}\n"), &[]).contains("error[bad-name]"), "{name}");
    }
    let file = read("[[station]]\nname = \"Women's day. 1\"\n", &["station.\"Women's day. 1\".servers=2"]).unwrap();
    assert_eq!(file.station[0].servers.as_ref().unwrap().get(), 2);
}

#[test]
fn what_is_no_scenario_text_is_refused_before_it_is_parsed() {
    let refusal = |bytes: &[u8]| read_bytes(bytes, &[]).expect_err("refused").to_string();
    let parse = |bytes: &[u8]| Document::parse("x.toml", bytes, &[], &mut Sink::new());
    insta::assert_snapshot!(refusal(b"title = \"caf\xe9\""), @r#"peak.toml:1:13: error[not-utf8]: byte 12 is not UTF-8 text (save the file as UTF-8)"#);
    insta::assert_snapshot!(refusal(b"\x7fELF\x02\0\0"), @r#"peak.toml:1:6: error[not-text]: this is not a text: byte 5 is zero (a scenario is a TOML text file)"#);
    insta::assert_snapshot!(refusal(b"\xff\xfet\0i\0"), @r#"peak.toml:1:1: error[not-utf8]: the text is written in UTF-16 (save it as UTF-8 (in Notepad: Save as, Encoding))"#);
    insta::assert_snapshot!(refusal("[[a]]\n".repeat(2_000_000).as_bytes()), @r#"peak.toml:1:1: error[text-too-long]: the text is longer than 1048576 bytes (1 MiB) (keep long data, such as recorded orders or hourly shares, in CSV files beside the scenario)"#);
    assert!(parse("[[a]]\n".repeat(LONGEST_TEXT / 6).as_bytes()).is_some());
    assert!(parse(b"\xef\xbb\xbftitle = \"with a mark\"\r\n").is_some());
    assert!(refusal("a = ".to_owned().as_bytes()).contains("syntax"));
    assert!(refusal(format!("a = {}", "[".repeat(10_000)).as_bytes()).contains("syntax"));
    assert!(refusal(format!("{}x = 1", "a.".repeat(10_000)).as_bytes()).contains("syntax"));
}

#[test]
fn findings_beyond_two_hundred_are_counted() {
    let found = read(&"[[station]]\n".repeat(1000), &[]).expect_err("refused");
    assert_eq!(found.errors(), 201);
    assert!(found.to_string().contains("800 more findings are not shown"));
}

#[test]
fn warnings_alone_do_not_stop_a_scenario() {
    let mut sink = Sink::new();
    let document = Document::parse("x.toml", b"title = \"Peak\"", &[], &mut sink).unwrap();
    sink.push(Diagnostic::warning("odd", &document.root.place, "this is odd"));
    assert!(!sink.has_errors());
    let (file, warnings) = sink.finish(Some(1)).unwrap();
    let warnings = warnings.expect("one warning");
    assert_eq!(file, 1);
    assert_eq!((warnings.errors(), warnings.iter().count()), (0, 1));
    assert!(warnings.render(false).ends_with("1 warning\n"));
}

#[test]
fn the_schema_comes_from_the_same_declaration() {
    let schema = schema_of::<File>("test");
    let station = &schema["definitions"]["Station"];
    assert_eq!(schema["allOf"][0]["$ref"], "#/definitions/File");
    assert_eq!(station["required"], serde_json::json!(["name"]));
    assert_eq!(station["additionalProperties"], false);
    assert_eq!(station["properties"]["do"]["description"], "What is done there.");
    assert_eq!(station["properties"]["layer"]["allOf"][0]["enum"][1], "warehouse");
    assert_eq!(station["properties"]["release"]["allOf"][0]["anyOf"][1]["$ref"], "#/definitions/Waves");
    assert_eq!(
        schema["definitions"]["File"]["properties"]["station"]["allOf"][0]["items"]["$ref"],
        "#/definitions/Station"
    );
    assert_eq!(station["properties"]["layer"]["default"], "warehouse");
    assert!(station["properties"].as_object().unwrap().keys().all(|key| key != "lanes"));
}

#[test]
fn every_example_in_a_message_is_valid_itself() {
    for field in <Station as FileTable>::FIELDS {
        let name = if field.key == "name" { "" } else { "name = \"a\"\n" };
        let text = format!("[[station]]\n{name}{} = {}\n", field.key, (field.example)());
        assert!(read(&text, &[]).is_ok(), "{text}");
    }
}
