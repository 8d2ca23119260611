//! Every draw is a function of its key: an order has the same lines, service times, exceptions and ways whatever else
//! changes in the scenario. All comparisons are bit for bit, and by name.

use crate::arrival_counts::correlation;
use crate::trace::{load, run};
use peaksim::engine::{NobodyWatches, Plan, simulate};
use peaksim::experiment::replications::{Series, run as run_series};
use peaksim::model::Model;
use peaksim::time::SimTime;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

const HEAD: &str = "format = 1\n[horizon]\nmode = \"span\"\nlength = \"48h\"\nthen = \"drain\"\n";
const WEB: &str =
    "[[source]]\nname = \"web\"\nrate = \"14/h\"\nnext = \"sync\"\nlines = { average = 1.8, single_line = \"55%\" }\n";
const TRADE: &str =
    "[[source]]\nname = \"trade\"\nrate = \"3/h\"\nnext = \"pick\"\nlines = { average = 4.0, single_line = \"10%\" }\n";
const SYNC: &str = "[[station]]\nname = \"sync\"\nlayer = \"integration\"\nservers = 2\ntakes = { mean = \"30s\", cv = 0.6 }\nnext = \"pick\"\n";
const PICK: &str = "[[station]]\nname = \"pick\"\npool = \"floor\"\ntakes = { fixed = \"2m\", per_line = \"2m\" }\nretry = { chance = \"5%\", attempts = 3, backoff = \"5m\", then = \"cancel\" }\nnext = [{ to = \"check\", share = \"30%\" }, { to = \"pack\", share = \"70%\" }]\n";
const CHECK: &str = "[[station]]\nname = \"check\"\nservers = 2\ntakes = { exponential = \"3m\" }\nnext = \"pack\"\n";
const PACK: &str =
    "[[station]]\nname = \"pack\"\npool = \"floor\"\ntakes = { gamma = \"4m\", shape = 2.5 }\nnext = \"done\"\n";
const FLOOR: &str = "[[pool]]\nname = \"floor\"\nheads = 4\norder_of_work = [\"pack\", \"pick\"]\n";
const DESK: &str =
    "[[desk]]\nname = \"stock desk\"\nowner = \"stock lead\"\npeople = 1\ntakes = { exponential = \"9m\" }\n";
const SHORT: &str = "[[exceptions.class]]\nname = \"short pick\"\nat = \"pick\"\nchance = \"8%\"\nowner = \"stock desk\"\nends = { \"goes on\" = \"60%\", pick = \"30%\", cancel = \"10%\" }\n";
const SLA: &str = "[[sla]]\nname = \"three hours\"\nwithin = \"3h\"\ntarget = \"90%\"\n";

fn whole() -> Vec<&'static str> {
    vec![WEB, TRADE, SYNC, PICK, CHECK, PACK, FLOOR, DESK, SHORT, SLA]
}

fn model(parts: &[&str]) -> Model {
    load(&format!("{HEAD}{}", parts.concat()))
}

/// One visit by names: arrival, start and end, and how it ended.
type Seen = (SimTime, Option<SimTime>, SimTime, &'static str);
/// By order, source, station, visit and attempt.
type Visits = BTreeMap<(u64, String, String, u16, u8), Seen>;

fn visits(model: &Model) -> Visits {
    let (_, rows) = run(model);
    let name = |row: &peaksim::engine::VisitRow| {
        let source = model.sources.get(usize::from(row.source)).map_or("", |source| source.name.as_str());
        let station = model.stations[usize::from(row.station)].name.clone();
        (row.item, source.to_owned(), station, row.visit, row.attempt)
    };
    let seen: Visits =
        rows.iter().map(|row| (name(row), (row.arrived, row.started, row.ended, row.outcome.name()))).collect();
    assert!(seen.len() > 1_000, "the case would show nothing: {}", seen.len());
    seen
}

/// Service times of first attempts, by order, station and visit.
fn services(model: &Model) -> BTreeMap<(u64, String, u16), u64> {
    let of = |((order, _, station, visit, attempt), (_, started, ended, _)): (_, Seen)| match started {
        Some(started) if attempt == 1 => Some(((order, station, visit), ended.0 - started.0)),
        _ => None,
    };
    visits(model).into_iter().filter_map(of).collect()
}

#[test]
fn every_visit_every_attempt_and_every_station_draws_anew() {
    let again = SHORT.replace("8%", "40%").replace("pick = \"30%\", cancel = \"10%\"", "pick = \"40%\"");
    let moody = PICK.replace("{ fixed = \"2m\", per_line = \"2m\" }", "{ exponential = \"4m\" }").replace("5%", "30%");
    let parts: Vec<&str> = whole()
        .into_iter()
        .map(|part| match part {
            SHORT => again.as_str(),
            PICK => moody.as_str(),
            other => other,
        })
        .collect();
    let visits = visits(&model(&parts));
    let seen: BTreeMap<(u64, &str, u16, u8), u64> = visits
        .iter()
        .filter_map(|((order, _, station, visit, attempt), (_, started, ended, _))| {
            started.map(|started| ((*order, station.as_str(), *visit, *attempt), ended.0 - started.0))
        })
        .collect();
    // Each with the same order's first attempt at its first visit to the floor.
    for (what, station, visit, attempt) in
        [("second visit", "pick", 2, 1), ("second attempt", "pick", 1, 2), ("packing", "pack", 1, 1)]
    {
        let pairs: Vec<(u64, u64)> = seen
            .iter()
            .filter(|(key, _)| (key.1, key.2, key.3) == (station, visit, attempt))
            .filter_map(|(key, ticks)| seen.get(&(key.0, "pick", 1, 1)).map(|first| (*first, *ticks)))
            .collect();
        assert!(pairs.len() > 80, "{what}: {} pairs", pairs.len());
        assert!(pairs.iter().all(|(first, ticks)| first != ticks), "{what} draws what the first did");
        // Monotone draws from the same bits would agree on which order takes long: the rank correlation of n
        // independent pairs is normal with variance 1/(n - 1); 4.42 is level 1e-5.
        let rank = |of: fn(&(u64, u64)) -> u64| -> Vec<f64> {
            pairs.iter().map(|pair| pairs.iter().filter(|other| of(other) < of(pair)).count() as f64).collect()
        };
        let score = correlation(&rank(|pair| pair.0), &rank(|pair| pair.1)) * (pairs.len() as f64 - 1.0).sqrt();
        assert!(score.abs() < 4.42, "{what}: rank correlation {score} standard errors off");
    }
}

#[test]
fn a_station_that_nobody_visits_changes_nothing() {
    let spare = "[[station]]\nname = \"a spare\"\nservers = 3\ntakes = { exponential = \"3m\" }\nnext = \"done\"\n";
    // A way to it that nobody takes: no wait lasts so long.
    let patient = format!("{CHECK}patience = {{ lasts = \"4000h\", then = \"a spare\" }}\n");
    let mut parts: Vec<&str> = whole().into_iter().filter(|part| *part != CHECK).collect();
    parts.insert(2, spare);
    parts.insert(5, &patient);
    assert_eq!(visits(&model(&parts)), visits(&model(&whole())));
}

#[test]
fn the_order_of_stations_sources_and_pools_in_the_file_changes_nothing() {
    let expected = visits(&model(&whole()));
    let mut parts = whole();
    parts.reverse();
    assert_eq!(visits(&model(&parts)), expected);
    parts.rotate_left(4);
    parts.swap(0, 5);
    assert_eq!(visits(&model(&parts)), expected);
}

#[test]
fn one_more_output_changes_nothing() {
    let expected = model(&whole());
    let mut parts = whole();
    parts.push("[[measure]]\nname = \"w\"\npath = \"station.pick.wait.p95\"\n");
    parts.push("[[measure]]\nname = \"q\"\npath = \"station.pack.queue.at(20h)\"\n");
    parts.push("[[sla]]\nname = \"a day\"\nwithin = \"24h\"\ntarget = \"99%\"\n");
    let more = model(&parts);
    assert_eq!(visits(&more), visits(&expected));
    let (more, _) = run(&more);
    let (expected, _) = run(&expected);
    assert_eq!(
        (&more.stations, &more.orders, &more.slas[0]),
        (&expected.stations, &expected.orders, &expected.slas[0])
    );
}

#[test]
fn replication_17_alone_is_replication_17_among_others() {
    let model = model(&whole());
    let plan = Plan::new(&model).unwrap();
    let stop = AtomicBool::new(false);
    let series = |replications, threads| Series { replications, threads: NonZeroUsize::new(threads) };
    let run = |series| run_series(&plan, 5, &series, &stop, &mut || false, &mut |_| {}).unwrap().records;
    let alone = simulate(&plan, 5, 17, &stop, &mut NobodyWatches).unwrap();
    assert_eq!(run(series(17..18, 1)), std::slice::from_ref(&alone));
    assert_eq!(run(series(0..20, 2))[17], alone);
}

#[test]
fn without_a_station_that_orders_pass_the_others_take_as_long() {
    let with = services(&model(&whole()));
    let direct = PICK.replace(
        "{ to = \"check\", share = \"30%\" }, { to = \"pack\", share = \"70%\" }",
        "{ to = \"pack\", share = \"100%\" }",
    );
    let parts: Vec<&str> =
        whole().into_iter().filter(|part| *part != CHECK && *part != PICK).chain([direct.as_str()]).collect();
    let without = services(&model(&parts));
    let mut compared = 0;
    for (key, ticks) in without {
        // Interrupted work aside (there is none), an order that makes the visit in both takes as long in both.
        if let Some(other) = with.get(&key) {
            assert_eq!(*other, ticks, "{key:?}");
            compared += 1;
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn another_mean_keeps_every_orders_share_of_it() {
    let base = services(&model(&whole()));
    let slower = PACK.replace("gamma = \"4m\"", "gamma = \"5m\"");
    let parts: Vec<&str> = whole().into_iter().map(|part| if part == PACK { slower.as_str() } else { part }).collect();
    let slower = services(&model(&parts));
    let mut compared = 0;
    for ((order, station, visit), ticks) in base {
        let Some(other) = slower.get(&(order, station.clone(), visit)) else { continue };
        if station == "pack" {
            let expected = ticks as f64 * 1.25;
            assert!((*other as f64 - expected).abs() <= 1.2, "{order}: {other} instead of {expected}");
            compared += 1;
        } else {
            assert_eq!(*other, ticks, "{order} at {station}");
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn a_renamed_station_with_the_old_name_to_draw_as_keeps_its_draws() {
    let renamed: Vec<String> = whole().iter().map(|part| part.replace("\"check\"", "\"second look\"")).collect();
    let own: Vec<&str> = renamed.iter().map(String::as_str).collect();
    let kept: Vec<String> = renamed
        .iter()
        .map(|part| part.replace("name = \"second look\"", "name = \"second look\"\ndraws_as = \"check\""))
        .collect();
    let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
    let named = |station: &str| if station == "second look" { "check".to_owned() } else { station.to_owned() };
    let by_old_name = |visits: Visits| -> Visits {
        visits.into_iter().map(|((o, s, station, v, a), seen)| ((o, s, named(&station), v, a), seen)).collect()
    };
    // Ranks at equal time follow names, but no two events here fall on one microsecond.
    let expected = visits(&model(&whole()));
    assert_eq!(by_old_name(visits(&model(&kept))), expected);
    assert_ne!(by_old_name(visits(&model(&own))), expected, "without it the draws are others");
}

#[test]
fn more_exceptions_only_add_to_those_there_were_and_take_as_long() {
    let at = |chance: &str| {
        let more = SHORT
            .replace("8%", chance)
            .replace("{ \"goes on\" = \"60%\", pick = \"30%\", cancel = \"10%\" }", "{ \"goes on\" = \"100%\" }");
        let parts: Vec<&str> =
            whole().into_iter().map(|part| if part == SHORT { more.as_str() } else { part }).collect();
        services(&model(&parts))
    };
    let (none, few, many) = (at("0%"), at("2%"), at("5%"));
    for (less, more) in [(&none, &few), (&few, &many)] {
        let struck =
            |services: &BTreeMap<(u64, String, u16), u64>| services.keys().filter(|key| key.1 == "stock desk").count();
        assert!(struck(less) < struck(more), "{} and {}", struck(less), struck(more));
        // The desk's visits are among them: whoever is struck at the lower chance is at the higher, and for as long.
        for (visit, ticks) in less {
            assert_eq!(more.get(visit), Some(ticks), "{visit:?}");
        }
    }
}
