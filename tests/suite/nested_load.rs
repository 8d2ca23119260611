//! Load is nested: a lever on demand keeps the identity, the time, the lines, the promise and every draw of the orders
//! that remain, whether orders are generated or replayed.

use crate::trace::{load, run};
use peaksim::model::Model;
use peaksim::scenario::Scenario;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const DAY: f64 = 86_400.0;

/// What every order goes through: a station that takes a minute a line and a second a unit, one whose service time is
/// drawn, and one that keeps it for six days; so every promise is broken, and the customer writes within seconds of
/// the due time. No station has a queue: what is seen of an order is the order's own.
const OPERATION: &str = r#"
[[station]]
name = "count"
servers = "unlimited"
takes = { fixed = "1s", per_line = "1m", per_unit = "1s" }
next = "work"
[[station]]
name = "work"
servers = "unlimited"
takes = { mean = "20m", cv = 0.7 }
next = "keep"
[[station]]
name = "keep"
servers = "unlimited"
takes = "6d"
next = "done"
[[station]]
name = "support"
servers = "unlimited"
takes = "1m"
next = "done"
[[sla]]
name = "dispatched"
clock = { starts = "paid", stops = "dispatched", cut_off = "14:00", calendar = "mon-sat", due = "24:00" }
target = "95%"
[[contact]]
name = "where is my order"
cause = { late = "dispatched", per_day = 100000 }
to = "support"
takes = { exponential = "5m" }
"#;

fn text(source: &str, more: &str) -> String {
    format!(
        "format = 1\ntimezone = \"Europe/London\"\n\
         [horizon]\nlead_in = \"0d\"\njudge = {{ first = 2026-11-23, last = 2026-11-29 }}\nafter = \"20d\"\n\
         {source}\nnext = \"count\"\n{more}{OPERATION}"
    )
}

/// By identity and station: when it came, and how long it stayed.
type Seen = BTreeMap<(u64, String), (u64, u64)>;

/// The orders of the first six days at all their stations, and the messages of the first eight, which come when an
/// order falls due. (Later ones may be cut short by the end of the run, which is not the same at every load.)
fn seen(model: &Model) -> Seen {
    let (_, rows) = run(model);
    let name = |row: &peaksim::engine::VisitRow| model.stations[usize::from(row.station)].name.clone();
    let early: BTreeSet<u64> = rows
        .iter()
        .filter(|row| match name(row).as_str() {
            "count" => row.arrived.seconds() < 6.0 * DAY,
            "support" => row.arrived.seconds() < 8.0 * DAY,
            _ => false,
        })
        .map(|row| row.item)
        .collect();
    let kept: Seen = rows
        .iter()
        .filter(|row| early.contains(&row.item))
        .map(|row| ((row.item, name(row)), (row.arrived.0, row.ended.0 - row.arrived.0)))
        .collect();
    let at = |station: &str| kept.keys().filter(|key| key.1 == station).count();
    assert!(at("count") > 100 && at("work") == at("count") && at("keep") == at("count"), "the case shows nothing");
    assert!(at("support") * 2 > at("count"), "hardly an order fell due: {}", at("support"));
    kept
}

fn orders(source: &str, more: &str) -> Seen {
    seen(&load(&text(source, more)))
}

const SHOP: &str = "[[source]]\nname = \"web\"\nbusyness = { day_cv = 0.2, hour_cv = 0.2 }\n\
                    lines = { average = 1.8, single_line = \"55%\" }\nunits = { average = 1.2, single_unit = \"85%\" }\n";

fn assert_nested(less: &Seen, more: &Seen) {
    assert!(!less.is_empty() && less.len() < more.len(), "{} of {}", less.len(), more.len());
    for (order, seen) in less {
        assert_eq!(more.get(order), Some(seen), "an order of the lower load is another at the higher: {order:?}");
    }
}

fn with(orders_per_day: u32, more: &str) -> Seen {
    orders(&format!("{SHOP}orders_per_day = {orders_per_day}\n{more}"), "")
}

#[test]
fn an_uplift_only_adds_orders() {
    let at = |uplift: f64| orders(&format!("{SHOP}orders_per_day = 600\nuplift = {uplift}"), "");
    assert_nested(&at(0.8), &at(1.0));
    assert_nested(&at(1.0), &at(1.3));
    assert_nested(&at(1.3), &at(4.0));
}

#[test]
fn more_orders_a_day_only_add_orders() {
    assert_nested(&with(500, ""), &with(700, ""));
}

#[test]
fn a_campaign_only_adds_orders() {
    let campaign = "[[campaign]]\nname = \"sale\"\ndays = { 2026-11-27 = 3.0 }\n";
    let source = format!("{SHOP}orders_per_day = 600");
    assert_nested(&orders(&source, ""), &orders(&source, campaign));
}

#[test]
fn a_mailing_on_top_only_adds_orders() {
    let mailing = "[[campaign]]\nname = \"mail\"\nsent = 2026-11-26T07:30:00\norders = 200\ncounted = \"on top\"\nresponse = \"email\"\n";
    let source = format!("{SHOP}orders_per_day = 600");
    assert_nested(&orders(&source, ""), &orders(&source, mailing));
}

#[test]
fn a_busier_hour_of_the_curve_keeps_the_orders_of_the_others() {
    let flat: String = vec!["1"; 24].join(", ");
    let peaked: String = (0..24).map(|hour| if hour == 12 { "5" } else { "1" }).collect::<Vec<_>>().join(", ");
    // 28 shares instead of 24: the day is made larger so that every other hour stays as it was.
    let before = with(2400, &format!("hourly = [{flat}]"));
    let after = with(2800, &format!("hourly = [{peaked}]"));
    assert_nested(&before, &after);
}

#[test]
fn another_weekday_share_keeps_the_orders_of_the_other_days() {
    // Thursday three times as busy, in a week so much larger that every other day stays as it was.
    let even = with(700, "");
    let thursday = with(900, "weekday = { thu = 3.0, mon-wed = 1.0, fri-sun = 1.0 }");
    assert_nested(&even, &thursday);
    let of_day = |seen: &Seen, day: u64| -> BTreeSet<u64> {
        let on = |arrived: u64| arrived / 86_400_000_000 == day;
        seen.iter().filter(|(key, at)| key.1 == "count" && on(at.0)).map(|(key, _)| key.0).collect()
    };
    for day in 0..6 {
        let (few, many) = (of_day(&even, day), of_day(&thursday, day));
        assert_eq!(few == many, day != 3, "day {day}: {} and {}", few.len(), many.len());
    }
}

/// Whether the orders of every span of time are nested one way or the other, those in both alike to the last bit;
/// how many spans lost orders and how many gained some.
fn nested_either_way(one: &Seen, other: &Seen, span: u64) -> (usize, usize) {
    let by_span = |seen: &Seen| {
        let mut spans: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
        for (key, at) in seen.iter().filter(|(key, _)| key.1 == "count") {
            spans.entry(at.0 / span).or_default().insert(key.0);
        }
        spans
    };
    for (key, seen) in one {
        assert!(other.get(key).is_none_or(|same| same == seen), "an order in both is not the same: {key:?}");
    }
    let (ones, others) = (by_span(one), by_span(other));
    let (mut lost, mut gained) = (0, 0);
    let nothing = BTreeSet::new();
    for span in ones.keys().chain(others.keys()).collect::<BTreeSet<_>>() {
        let (one, other) = (ones.get(span).unwrap_or(&nothing), others.get(span).unwrap_or(&nothing));
        assert!(one.is_subset(other) || other.is_subset(one), "span {span}: neither holds the other");
        lost += usize::from(other.len() < one.len());
        gained += usize::from(one.len() < other.len());
    }
    (lost, gained)
}

#[test]
fn another_busyness_makes_every_day_or_hour_larger_or_smaller_and_keeps_the_orders_in_both() {
    const HOUR: u64 = 3_600_000_000;
    let at = |busyness: &str| {
        let source = SHOP.replace("{ day_cv = 0.2, hour_cv = 0.2 }", busyness);
        orders(&format!("{source}orders_per_day = 1200"), "")
    };
    let usual = at("{ day_cv = 0.2, hour_cv = 0.2 }");
    for (name, other, span) in [
        ("days more alike", at("{ day_cv = 0.05, hour_cv = 0.2 }"), 24 * HOUR),
        ("days less alike", at("{ day_cv = 0.5, hour_cv = 0.2 }"), 24 * HOUR),
        ("days in two kinds", at("{ day = { values = [0.5, 1.5] }, hour_cv = 0.2 }"), 24 * HOUR),
        ("hours less alike", at("{ day_cv = 0.2, hour_cv = 0.4 }"), HOUR),
        ("hours alike", at("{ day_cv = 0.2 }"), HOUR),
        ("none", at("{ day_cv = 0.0 }"), HOUR),
    ] {
        let (lost, gained) = nested_either_way(&usual, &other, span);
        // Factors of mean 1: some grow, some shrink.
        assert!(lost > 0 && gained > 0, "{name}: {lost} spans lost orders, {gained} gained some");
    }
}

#[test]
fn under_another_busyness_loads_are_nested_as_well() {
    for busyness in ["{ day_cv = 0.5, hour_cv = 0.05 }", "{ hour_cv = 0.6 }", "{ day = { values = [0.5, 1.5] } }"] {
        let source = SHOP.replace("{ day_cv = 0.2, hour_cv = 0.2 }", busyness);
        let at = |uplift: f64| orders(&format!("{source}orders_per_day = 600\nuplift = {uplift}"), "");
        let (low, middle, high) = (at(0.8), at(1.0), at(1.3));
        assert_nested(&low, &middle);
        assert_nested(&middle, &high);
    }
}

#[test]
fn a_replay_is_nested_up_and_down_and_at_one_it_is_the_record() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut csv = String::from("timestamp,lines,units\n");
    for k in 0..300 {
        let (day, hour, minute) = (3 + k / 60, 8 + (k % 60) / 6, (k % 6) * 10);
        writeln!(csv, "2026-11-2{day} {hour:02}:{minute:02}:00,{},{}", 1 + k % 3, 2 + k % 3).unwrap();
    }
    std::fs::write(folder.path().join("orders.csv"), csv).expect("a writable folder");
    let at = |uplift: f64| {
        let source = format!("[[source]]\nname = \"web\"\nreplay = \"orders.csv\"\nuplift = {uplift}");
        let scenario = Scenario::from_text(&text(&source, ""), folder.path(), &[]).expect("a good scenario");
        seen(&scenario.model)
    };
    let whole = at(1.0);
    let mut rows: Vec<(u64, u64)> = whole
        .iter()
        .filter(|(key, _)| key.1 == "count")
        .map(|(_, (arrived, stayed))| (arrived / 60_000_000, stayed / 1_000_000))
        .collect();
    rows.sort_unstable();
    let mut recorded: Vec<(u64, u64)> = (0..300_u64)
        .map(|k| ((k / 60) * 1_440 + (8 + (k % 60) / 6) * 60 + (k % 6) * 10, 1 + 60 * (1 + k % 3) + 2 + k % 3))
        .collect();
    recorded.sort_unstable();
    assert_eq!(rows, recorded, "at 1 the arrivals, lines and units are the file's, row for row");
    let loads = [at(0.5), at(0.8), whole, at(1.3), at(2.0)];
    for pair in loads.windows(2) {
        assert_nested(&pair[0], &pair[1]);
    }
}
