//! The reading layer as a whole, on a small file format of its own.

#![expect(clippy::float_cmp, reason = "quantities are read to the nearest number, exactly")]

use jiff::civil::{Date, DateTime};

use super::diagnostic::Diagnostics;
use super::document::Document;
use super::names::Name;
use super::reader::{Count, OneOrMany, Whole};
use super::units::days::{ByDate, ByWeekday, Days};
use super::units::money::Money;
use super::units::rate::RateOf;
use super::units::share::Chance;
use super::units::time::{Clock, Term};
use super::units::{FromText, Positive};
use crate::quantity::{Factor, Probability};
use crate::time::SimDuration;

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
        required typical: Positive<SimDuration>, example "\"6m\"";
        /// One in ten takes longer.
        required one_in_ten_over: SimDuration, example "\"18m\"";
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
        required poll: SimDuration, example "\"15m\"";
        /// How many at once.
        optional at_most: Whole<1, 1000>;
    }
}

crate::file_table! {
    /// Releases waves.
    struct Waves = "wave plan" {
        /// How often.
        required every: SimDuration, example "\"60m\"";
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
        required name: Name, example "\"pick\"";
        /// Its layer.
        default layer: Layer = Layer::Warehouse;
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
        list next: Name, example "[\"pack\"]";
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

fn read(text: &str, overrides: &[&str]) -> Result<File, Diagnostics> {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    let (file, warnings) = Document::parse("peak.toml", text.as_bytes(), &overrides)?.read::<File>()?;
    assert!(warnings.is_none());
    Ok(file)
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
