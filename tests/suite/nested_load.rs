//! Load is nested: a lever on demand keeps the identity, the time and the draws of the orders that remain.

use crate::trace::{load, run};
use std::collections::BTreeMap;

/// Identity of every order of the first six days with its arrival and its service time at a station without a queue;
/// the last may be cut short by the end of the run, which is not the same at every load.
fn orders(source: &str, more: &str) -> BTreeMap<u64, (u64, u64)> {
    let text = format!(
        "format = 1\ntimezone = \"Europe/London\"\n\
         [horizon]\nlead_in = \"0d\"\njudge = {{ first = 2026-11-23, last = 2026-11-29 }}\nafter = \"1d\"\n\
         {source}\nnext = \"s\"\n{more}\n\
         [[station]]\nname = \"s\"\nservers = \"unlimited\"\ntakes = {{ mean = \"20m\", cv = 0.7 }}\nnext = \"done\"\n\
         [[sla]]\nname = \"a day\"\nwithin = \"24h\"\ntarget = \"95%\"\n"
    );
    let (_, rows) = run(&load(&text));
    rows.into_iter()
        .filter(|row| row.arrived.seconds() < 6.0 * 86_400.0)
        .map(|row| (row.item, (row.arrived.0, row.ended.0 - row.arrived.0)))
        .collect()
}

const SHOP: &str = "[[source]]\nname = \"web\"\nbusyness = { day_cv = 0.2, hour_cv = 0.2 }\n";

fn assert_nested(less: &BTreeMap<u64, (u64, u64)>, more: &BTreeMap<u64, (u64, u64)>) {
    assert!(!less.is_empty() && less.len() < more.len(), "{} of {}", less.len(), more.len());
    for (order, seen) in less {
        assert_eq!(more.get(order), Some(seen), "an order of the lower load is another at the higher");
    }
}

fn with(orders_per_day: u32, more: &str) -> BTreeMap<u64, (u64, u64)> {
    orders(&format!("{SHOP}orders_per_day = {orders_per_day}"), more)
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
    assert_nested(&with(600, ""), &with(600, campaign));
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
fn a_replay_is_nested_up_and_down_and_at_one_it_is_the_record() {
    let folder = std::env::temp_dir().join(format!("peaksim-replay-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let mut csv = String::from("timestamp,lines,units\n");
    for k in 0..300 {
        csv.push_str(&format!(
            "2026-11-2{} {:02}:{:02}:00,{},{}\n",
            3 + k / 60,
            8 + (k % 60) / 6,
            (k % 6) * 10,
            1 + k % 3,
            2 + k % 3
        ));
    }
    std::fs::write(folder.join("orders.csv"), csv).expect("a writable folder");
    let at = |uplift: f64| {
        let text = format!(
            "format = 1\ntimezone = \"Europe/London\"\n\
             [horizon]\nlead_in = \"0d\"\njudge = {{ first = 2026-11-23, last = 2026-11-29 }}\nafter = \"1d\"\n\
             [[source]]\nname = \"web\"\nreplay = \"orders.csv\"\nuplift = {uplift}\nnext = \"s\"\n\
             [[station]]\nname = \"s\"\nservers = \"unlimited\"\ntakes = {{ mean = \"20m\", cv = 0.7 }}\nnext = \"done\"\n\
             [[sla]]\nname = \"a day\"\nwithin = \"24h\"\ntarget = \"95%\"\n"
        );
        let scenario = peaksim::scenario::Scenario::from_text(&text, &folder, &[]).expect("a good scenario");
        let (_, rows) = run(&scenario.model);
        let found: BTreeMap<u64, (u64, u64)> =
            rows.iter().map(|row| (row.item, (row.arrived.0, row.ended.0 - row.arrived.0))).collect();
        let mut times: Vec<u64> = rows.iter().map(|row| row.arrived.0 / 60_000_000).collect();
        times.sort_unstable();
        (found, times)
    };
    let (half, _) = at(0.5);
    let (whole, times) = at(1.0);
    let (more, _) = at(1.5);
    std::fs::remove_dir_all(&folder).expect("it was made above");
    let mut recorded: Vec<u64> =
        (0..300_u64).map(|k| (k / 60) * 1_440 + (8 + (k % 60) / 6) * 60 + (k % 6) * 10).collect();
    recorded.sort_unstable();
    assert_eq!(times, recorded, "at 1 the arrivals are the file's, row for row");
    assert_nested(&half, &whole);
    assert_nested(&whole, &more);
}
