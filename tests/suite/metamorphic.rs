//! Laws that hold between two runs: more servers help, longer units scale, halves make a whole, less load helps.

use crate::trace::{load, run};
use peaksim::engine::VisitRow;
use peaksim::observation::{MeasureValue, ReplicationRecord};
use peaksim::statistics::sample::standard_error;
use std::collections::BTreeMap;

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

/// Overtaking, priorities and batches break that law order by order: an order more can let another start sooner. What
/// share of the orders in common this befalls is told, not judged.
#[test]
fn elsewhere_the_share_of_common_orders_that_wait_longer_at_the_lower_load_is_told() {
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
    let mut shares = BTreeMap::new();
    for (name, stations) in lines {
        let at = |uplift: f64| {
            let text = line(uplift, 200, &stations.replace("UPLIFT", &uplift.to_string()));
            waits(&visits(&text).1)
        };
        let (longer, common) = longer_at_the_lower(&at(0.8), &at(1.0));
        let share = longer as f64 / common as f64;
        println!("{name}: {longer} of {common} common orders ({:.2} %) wait longer at 0.8 than at 1", share * 100.0);
        assert!(share.is_finite());
        shares.insert(name, longer);
    }
    // Each of them waits in one queue in order of arrival, so the first start is never later for an order more.
    assert_eq!(shares["one server"], 0);
    assert_eq!(shares["a single station with four servers"], 0);
    // The measure can tell: batches fill sooner at the higher load.
    assert!(shares["batches of up to eight, or after 20 minutes"] > 0);
}

#[test]
fn a_trace_in_units_three_times_as_long_is_three_times_as_long() {
    let text = |unit: u64| {
        let times = |minutes: &[u64]| -> String {
            minutes.iter().map(|m| format!("\"{}s\"", m * unit * 20)).collect::<Vec<_>>().join(", ")
        };
        format!(
            "format = 1\n[horizon]\nmode = \"span\"\nlength = \"{}h\"\nthen = \"drain\"\n\
             [[source]]\nname = \"web\"\narrivals = [{}]\nnext = \"s\"\n\
             [[station]]\nname = \"s\"\nservers = 2\ntakes = {{ in_order = [{}] }}\nnext = \"t\"\n\
             [[station]]\nname = \"t\"\nservers = 1\ntakes = {{ in_order = [{}] }}\nnext = \"done\"\n\
             release = {{ every = \"{}s\" }}\n",
            4 * unit,
            times(&[0, 1, 1, 2, 5, 9, 14, 14, 20]),
            times(&[7, 3, 12, 5, 5, 9, 1, 4, 8]),
            times(&[4, 4, 2, 6, 1, 3, 5, 2, 2]),
            20 * 20 * unit,
        )
    };
    let (once, thrice) = (visits(&text(1)), visits(&text(3)));
    let triple = |rows: &[VisitRow], k: u64| -> Vec<_> {
        rows.iter()
            .map(|row| (row.item, row.station, row.arrived.0 * k, row.started.map(|at| at.0 * k), row.ended.0 * k))
            .collect()
    };
    assert_eq!(triple(&once.1, 3), triple(&thrice.1, 1));
    assert_eq!(once.1.len(), 18);
}

/// Values of the only measure of a scenario in `runs` replications.
fn measured(text: &str, runs: u64) -> Vec<f64> {
    let model = load(text);
    let plan = peaksim::engine::Plan::new(&model).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let one = |k| {
        let record = peaksim::engine::simulate(&plan, 3, k, &stop, &mut peaksim::engine::NobodyWatches).unwrap();
        let MeasureValue { numerator, denominator, .. } = record.measures[0];
        numerator / denominator
    };
    (0..runs).map(one).collect()
}

/// Whether two samples have the same mean, by their standard errors.
fn same_mean(one: &[f64], other: &[f64]) {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let [one_error, other_error] = [one, other].map(|values| standard_error(values).unwrap());
    let error = (one_error * one_error + other_error * other_error).sqrt();
    let z = (mean(one) - mean(other)) / error;
    assert!(z.abs() <= 4.0, "{} and {}: z = {z}", mean(one), mean(other));
}

const WAIT: &str = "[[measure]]\nname = \"wait\"\npath = \"station.s.wait.mean\"\n";

#[test]
fn all_times_three_times_as_long_make_waits_three_times_as_long() {
    let text = |k: f64| {
        format!(
            "format = 1\n[horizon]\nmode = \"span\"\nlength = \"{}h\"\nthen = \"drain\"\n\
             [[source]]\nname = \"web\"\nrate = \"{}/h\"\nnext = \"s\"\n\
             [[station]]\nname = \"s\"\nservers = 2\ntakes = {{ mean = \"{}s\", cv = 1.2 }}\nnext = \"done\"\n{WAIT}",
            100.0 * k,
            20.0 / k,
            300.0 * k
        )
    };
    let once: Vec<f64> = measured(&text(1.0), 60).iter().map(|wait| wait * 3.0).collect();
    same_mean(&once, &measured(&text(3.0), 60));
}

#[test]
fn a_source_split_in_two_equal_halves_keeps_the_law() {
    let text = |sources: &str| {
        format!(
            "format = 1\n[horizon]\nmode = \"span\"\nlength = \"100h\"\nthen = \"drain\"\n{sources}\
             [[station]]\nname = \"s\"\nservers = 2\ntakes = {{ mean = \"5m\", cv = 1.2 }}\nnext = \"done\"\n{WAIT}"
        )
    };
    let source = |name: &str, rate: u32| format!("[[source]]\nname = \"{name}\"\nrate = \"{rate}/h\"\nnext = \"s\"\n");
    let one = measured(&text(&source("web", 20)), 80);
    let two = measured(&text(&(source("north", 10) + &source("south", 10))), 80);
    same_mean(&one, &two);
}
