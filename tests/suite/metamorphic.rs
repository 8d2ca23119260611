//! Laws that hold between two runs: more servers help, longer units scale, halves make a whole, less load helps.

use crate::trace::{load, run};
use crate::whole_results::whole;
use peaksim::engine::{NobodyWatches, Plan, VisitRow, simulate};
use peaksim::observation::{MeasureValue, ReplicationRecord};
use peaksim::statistics::sample::{ratio, ratio_influence, standard_error};
use peaksim::time::SimTime;
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;

fn visits(text: &str) -> (ReplicationRecord, Vec<VisitRow>) {
    run(&load(text))
}

/// When every order had left every station.
fn ends(rows: &[VisitRow]) -> BTreeMap<(u64, u16), u64> {
    rows.iter().map(|row| ((row.item, row.station), row.ended.0)).collect()
}

fn line(uplift: f64, days: u32, stations: &str) -> String {
    format!(
        "format = 1\nseed = 11\n[horizon]\nmode = \"span\"\nlength = \"{}h\"\nthen = \"drain\"\n\
         [[source]]\nname = \"web\"\nrate = \"20/h\"\nuplift = {uplift}\nnext = \"s\"\n{stations}",
        days * 24
    )
}

fn station(name: &str, servers: u32, next: &str) -> String {
    format!(
        "[[station]]\nname = \"{name}\"\nservers = {servers}\ntakes = {{ mean = \"2m30s\", cv = 0.8 }}\nnext = \"{next}\"\n"
    )
}

#[test]
fn with_one_server_more_at_a_single_station_no_order_is_later() {
    for servers in 1..4 {
        let (_, few) = visits(&line(f64::from(servers), 40, &station("s", servers, "done")));
        let (_, many) = visits(&line(f64::from(servers), 40, &station("s", servers + 1, "done")));
        let (few, many) = (ends(&few), ends(&many));
        assert_eq!(few.len(), many.len());
        assert!(few.iter().all(|(key, end)| many[key] <= *end), "{servers} servers");
        assert!(few.iter().any(|(key, end)| many[key] < *end), "{servers} servers: the case shows nothing");
    }
}

/// How long every order waited at all stations together.
fn waits(rows: &[VisitRow]) -> BTreeMap<u64, u64> {
    let mut waits = BTreeMap::new();
    for row in rows {
        if let Some(started) = row.started {
            *waits.entry(row.item).or_default() += started.0 - row.arrived.0;
        }
    }
    waits
}

/// Of the orders that are there at both loads, how many wait longer at the lower, and how many there are.
fn longer_at_the_lower(less: &BTreeMap<u64, u64>, more: &BTreeMap<u64, u64>) -> (usize, usize) {
    assert!(less.len() > 70_000 && less.len() < more.len(), "{} of {}", less.len(), more.len());
    let longer = less.iter().filter(|(order, wait)| more.get(*order).is_none_or(|other| other < *wait)).count();
    (longer, less.len())
}

#[test]
fn at_lower_load_no_order_waits_longer_at_a_single_station_nor_in_a_tandem_of_single_servers() {
    let single = station("s", 1, "done");
    let tandem = station("s", 1, "t") + &station("t", 1, "done");
    for stations in [single, tandem] {
        let at = |uplift| waits(&visits(&line(uplift, 200, &stations)).1);
        let (low, middle, high) = (at(0.8), at(1.0), at(1.15));
        for (less, more) in [(&low, &middle), (&middle, &high)] {
            let (longer, _) = longer_at_the_lower(less, more);
            assert_eq!(longer, 0, "orders that wait longer at the lower load");
        }
    }
}

const TABLE_HEAD: &str = "# Who waits longer when there is less to do

At 0.8 times the load every order is one of those at the full load, with the same draws. At a single station that serves
in order of arrival, and in a tandem of single servers, none of them waits longer for it: `cargo test` demands that.
Overtaking, priorities and batches break the law order by order: an order more can let another start sooner. Each line is
200 days of 384 orders or more (at 0.8 times the load): how many orders are there at both loads, and how many of them wait
longer at the lower, all stations together. That is told, not judged.

Written by `PEAKSIM_NESTED_LOAD=write cargo test nested_load_table`; seeds are fixed, so that the same version writes the
same bytes.

| line | orders at both loads | wait longer at the lower | share |
|---|--:|--:|--:|
";

/// The table that is committed says what this version finds.
#[test]
fn nested_load_table_tells_how_many_common_orders_wait_longer_at_the_lower_load() {
    let takes = |minutes: u32| format!("takes = {{ mean = \"{minutes}m\", cv = 0.8 }}");
    let four = format!("[[station]]\nname = \"s\"\nservers = 4\n{}\nnext = \"t\"\n", takes(10));
    let trade = "[[source]]\nname = \"trade\"\nrate = \"4/h\"\nuplift = UPLIFT\npriority = 1\nnext = \"s\"\n";
    let lines = [
        ("one server", station("s", 1, "done")),
        ("a single station with four servers", four.replace("\"t\"", "\"done\"")),
        ("four servers, then one", four.clone() + &station("t", 1, "done")),
        ("two classes, the higher first", trade.to_owned() + &station("s", 1, "done") + "discipline = \"priority\"\n"),
        (
            "batches of up to eight, or after 20 minutes",
            format!(
                "[[station]]\nname = \"s\"\nservers = 2\n{}\nbatch = {{ min = 8, max = 8, after = \"20m\" }}\nnext = \"done\"\n",
                takes(30)
            ),
        ),
    ];
    let (mut shares, mut table) = (BTreeMap::new(), TABLE_HEAD.to_owned());
    for (name, stations) in lines {
        let at = |uplift: f64| {
            let text = line(uplift, 200, &stations.replace("UPLIFT", &uplift.to_string()));
            waits(&visits(&text).1)
        };
        let (longer, common) = longer_at_the_lower(&at(0.8), &at(1.0));
        let share = longer as f64 / common as f64;
        table += &format!("| {name} | {common} | {longer} | {:.2} % |\n", share * 100.0);
        shares.insert(name, longer);
    }
    // Each of them waits in one queue in order of arrival, so the first start is never later for an order more.
    assert_eq!(shares["one server"], 0);
    assert_eq!(shares["a single station with four servers"], 0);
    // The measure can tell: batches fill sooner at the higher load.
    assert!(shares["batches of up to eight, or after 20 minutes"] > 0);
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/nested-load.md");
    if std::env::var("PEAKSIM_NESTED_LOAD").is_ok_and(|word| word == "write") {
        std::fs::write(&committed, &table).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&committed).unwrap(), table, "reports/nested-load.md says something else");
}

/// A small line in units of so many minutes: waits at gates, for people and at a rate limit, a late order, a contact.
fn trace(unit: u64) -> String {
    let times = |thirds: &[u64]| -> String {
        thirds.iter().map(|m| format!("\"{}s\"", m * unit * 20)).collect::<Vec<_>>().join(", ")
    };
    let span = |thirds: u64| format!("{}s", thirds * 20 * unit);
    format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"{}h\"\nthen = \"drain\"\n\
         [[source]]\nname = \"web\"\narrivals = [{}]\nnext = \"s\"\n\
         [[station]]\nname = \"s\"\nservers = 2\ntakes = {{ in_order = [{}] }}\nnext = \"t\"\n\
         [[station]]\nname = \"t\"\nservers = 1\ntakes = {{ in_order = [{}] }}\nnext = \"done\"\n\
         release = {{ every = \"{}\" }}\n\
         [[sla]]\nname = \"soon\"\nwithin = \"{}\"\ntarget = \"90%\"\n\
         [[measure]]\nname = \"rate\"\npath = \"station.t.completed.per_hour\"\n\
         [[measure]]\nname = \"spread\"\npath = \"orders.time_in_system.sd\"\n",
        4 * unit,
        times(&[0, 1, 1, 2, 5, 9, 14, 14, 20]),
        times(&[7, 3, 12, 5, 5, 9, 1, 4, 8]),
        times(&[4, 4, 2, 6, 1, 3, 5, 2, 2]),
        span(20),
        span(25),
    )
}

#[test]
fn a_trace_in_units_three_times_as_long_is_three_times_as_long() {
    let (once, thrice) = (visits(&trace(1)), visits(&trace(3)));
    let triple = |rows: &[VisitRow], k: u64| -> Vec<_> {
        rows.iter()
            .map(|row| (row.item, row.station, row.arrived.0 * k, row.started.map(|at| at.0 * k), row.ended.0 * k))
            .collect()
    };
    assert_eq!(triple(&once.1, 3), triple(&thrice.1, 1));
    assert_eq!(once.1.len(), 18);
}

#[test]
fn every_result_of_a_trace_in_units_three_times_as_long_is_three_times_as_long_or_the_same() {
    let [mut once, mut thrice] = [1, 3].map(|unit| whole(&load(&trace(unit)), 1));
    // That steps are coarser than asked is said of the longer one only.
    for document in [&mut once, &mut thrice] {
        document["warnings"].take();
    }
    let [queues, thrice_queues] = [&mut once, &mut thrice].map(|document| queues(document["timeline"].take()));
    // A timeline's step does not scale with its span: what is compared are the instants at which both have one.
    let mut compared = 0;
    for ((station, at), queue) in &queues {
        if let Some(other) = thrice_queues.get(&(station.clone(), at * 3)) {
            assert_eq!(other, queue, "{station} at {at} s");
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared} of {} instants", queues.len());
    let mut seen = Seen::default();
    scaled(&once, &thrice, "", &mut seen);
    assert!(seen.wrong.is_empty(), "{:#?}", seen.wrong);
    assert!(seen.longer > 20 && seen.same > 50, "{} times, {} others", seen.longer, seen.same);
}

/// Who waits at the end of every step, by station and second.
fn queues(timeline: Value) -> BTreeMap<(String, u64), Value> {
    let Value::Array(steps) = timeline else { panic!("a timeline is a list") };
    let second = |at: &Value| at.to_string().trim_end_matches(".0").parse().expect("whole seconds");
    let of = |step: Value| ((step["station"].as_str().unwrap().to_owned(), second(&step["at"])), step["queue"].clone());
    steps.into_iter().map(of).collect()
}

/// What two documents have to do with each other.
#[derive(Default)]
struct Seen {
    /// Times, three times as long.
    longer: usize,
    /// Other numbers, the same.
    same: usize,
    wrong: Vec<String>,
}

/// What is a time, wherever it stands.
const TIMES: [&str; 13] = [
    "at",
    "from",
    "to",
    "first_breach",
    "recovered",
    "oldest_late",
    "oldest_waiting",
    "late_hours",
    "scheduled_hours",
    "busy_hours",
    "wait",
    "service",
    "time_to_dispatch",
];
/// What is known up to a bucket of a histogram, a 128th of it.
const QUANTILES: [&str; 3] = ["p50", "p95", "p99"];

/// Holds every number of `thrice` against that of `once` at the same path.
fn scaled(once: &Value, thrice: &Value, path: &str, seen: &mut Seen) {
    match (once, thrice) {
        // Words with the promise's own time in them.
        _ if path.ends_with("/definition") => {}
        // Looked at once in a step of the timeline, which is as long in both; its steps are events as well.
        _ if path.ends_with("/share_of_time") || path == "/events" => {}
        // The window has no end.
        _ if once == thrice && once.as_f64() == Some(SimTime::MAX.seconds()) => {}
        (Value::Object(one), Value::Object(other)) => {
            assert!(one.keys().eq(other.keys()), "{path}");
            one.iter().for_each(|(key, one)| scaled(one, &other[key], &format!("{path}/{key}"), seen));
        }
        (Value::Array(one), Value::Array(other)) => {
            assert_eq!(one.len(), other.len(), "{path}");
            let name = |k: usize, entry: &Value| entry["name"].as_str().map_or(k.to_string(), str::to_owned);
            let pairs = one.iter().zip(other).enumerate();
            pairs.for_each(|(k, (one, other))| scaled(one, other, &format!("{path}/{}", name(k, one)), seen));
        }
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            let has = |keys: &[&str]| path.split('/').any(|key| keys.contains(&key));
            let factor = if has(&TIMES) || path.starts_with("/measures/spread/") {
                3.0
            } else if path.starts_with("/measures/rate/") {
                1.0 / 3.0
            } else {
                1.0
            };
            let factor = if path.ends_with("/confidence") || path.ends_with("/samples") { 1.0 } else { factor };
            // A sum of ticks is exact, and a mean is one rounding of it; a spread is the root of a difference of sums;
            // lateness is shared out in whole ticks.
            let off = (other - one * factor).abs() / (one * factor).abs().max(f64::MIN_POSITIVE);
            let most = if has(&QUANTILES) {
                1.0 / 128.0
            } else if path.contains("lateness") || path.contains("late_hours") {
                1e-8
            } else if path.starts_with("/measures/spread/") {
                1e-13
            } else {
                2.0 * f64::EPSILON
            };
            if off > most {
                seen.wrong.push(format!("{path}: {other} for {one} times {factor}"));
            }
            let counted = if factor > 1.0 { &mut seen.longer } else { &mut seen.same };
            *counted += 1;
        }
        _ if once == thrice => {}
        _ => seen.wrong.push(format!("{path}: {thrice} for {once}")),
    }
}

/// What is asked of both sides of a law about chance.
const OUTPUTS: [(&str, &str); 5] = [
    ("wait", "station.s.wait.mean"),
    ("queue", "station.s.queue.mean"),
    ("long waits", "station.s.wait.share_over(LONG)"),
    ("utilisation", "station.s.utilisation"),
    ("time in system", "orders.time_in_system.mean"),
];

/// A station in units of so many minutes, with everything in [`OUTPUTS`] asked; the sources go to "s".
fn station_in_units(unit: f64, sources: &str) -> String {
    let measures: String = OUTPUTS
        .iter()
        .map(|(name, path)| {
            let path = path.replace("LONG", &format!("{}s", 600.0 * unit));
            format!("[[measure]]\nname = \"{name}\"\npath = \"{path}\"\n")
        })
        .collect();
    format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"{}h\"\nthen = \"drain\"\n{sources}\
         [[station]]\nname = \"s\"\nservers = 2\ntakes = {{ mean = \"{}s\", cv = 1.2 }}\nnext = \"done\"\n{measures}",
        1000.0 * unit,
        300.0 * unit
    )
}

const RUNS: u64 = 60;

/// Estimates of all [`OUTPUTS`]: pooled ratios, with their standard errors.
fn measured(text: &str, seed: u64) -> Vec<(f64, f64)> {
    let model = load(text);
    let plan = Plan::new(&model).unwrap();
    let stop = AtomicBool::new(false);
    let one = |k| simulate(&plan, seed, k, &stop, &mut NobodyWatches).unwrap().measures;
    let runs: Vec<Vec<MeasureValue>> = (0..RUNS).into_par_iter().map(one).collect();
    let of = |k: usize| {
        let pairs: Vec<(f64, f64)> = runs.iter().map(|run| (run[k].numerator, run[k].denominator)).collect();
        (ratio(&pairs, 0.95).value.unwrap(), standard_error(&ratio_influence(&pairs).unwrap()).unwrap())
    };
    (0..OUTPUTS.len()).map(of).collect()
}

/// Whether the outputs on both sides are the same, but for what stands in `times`, which is so many times as large on the
/// other side: within four standard errors, of which two are at most 5 % of the output, so that a tenth would be seen.
fn same_law(one: &[(f64, f64)], other: &[(f64, f64)], times: &[(&str, f64)]) {
    for (((name, _), one), other) in OUTPUTS.iter().zip(one).zip(other) {
        let factor = times.iter().find(|(of, _)| of == name).map_or(1.0, |(_, factor)| *factor);
        let (expected, error) = (one.0 * factor, (one.1 * one.1 * factor * factor + other.1 * other.1).sqrt());
        let (z, half) = ((other.0 - expected) / error, 1.96 * error / expected);
        println!("{name}: {} for {expected}, z {z:.2}, half-width {:.2} %", other.0, half * 100.0);
        assert!(half <= 0.05, "{name}: {half} is too wide to say anything");
        assert!(z.abs() <= 4.0, "{name}: {} for {expected}, z = {z}", other.0);
    }
}

fn source(name: &str, per_hour: f64) -> String {
    format!("[[source]]\nname = \"{name}\"\nrate = \"{per_hour}/h\"\nnext = \"s\"\n")
}

#[test]
fn all_times_three_times_as_long_make_times_three_times_as_long_and_leave_the_rest() {
    let once = measured(&station_in_units(1.0, &source("web", 16.0)), 3);
    let thrice = measured(&station_in_units(3.0, &source("web", 16.0 / 3.0)), 4);
    same_law(&once, &thrice, &[("wait", 3.0), ("time in system", 3.0)]);
}

#[test]
fn a_source_split_in_two_equal_halves_keeps_the_law() {
    let one = measured(&station_in_units(1.0, &source("web", 16.0)), 3);
    let two = measured(&station_in_units(1.0, &(source("north", 8.0) + &source("south", 8.0))), 4);
    same_law(&one, &two, &[]);
}
