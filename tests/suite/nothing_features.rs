//! What does nothing changes nothing, to the last bit: an exception of 0 %, a bucket that never runs dry, a cart of one.

use crate::trace::{load, run};
use crate::whole_results::{assert_same, whole};
use peaksim::engine::VisitRow;
use peaksim::model::Model;
use peaksim::observation::{ReplicationRecord, StationRecord};
use serde_json::Value;

/// A line with a station "s" of these keys and two servers; an SLA is on.
fn line(keys: &str, more: &str) -> Model {
    load(&format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"48h\"\nthen = \"drain\"\n\
         [[source]]\nname = \"web\"\nrate = \"20/h\"\nnext = \"s\"\nlines = {{ average = 1.8, single_line = \"55%\" }}\n\
         [[station]]\nname = \"s\"\nservers = 2\ntakes = {{ fixed = \"2m\", per_line = \"2m\" }}\nnext = \"t\"\n{keys}\n\
         [[station]]\nname = \"t\"\nservers = 1\ntakes = {{ exponential = \"2m30s\" }}\nnext = \"done\"\n{more}\n\
         [[sla]]\nname = \"half an hour\"\nwithin = \"30m\"\ntarget = \"90%\"\n"
    ))
}

/// What is told of the stations "s" and "t" and of the orders, whatever else there is.
fn told(model: &Model) -> (String, Vec<VisitRow>) {
    let (record, mut rows) = run(model);
    let index = |name: &str| model.stations.iter().position(|station| station.name == name).unwrap();
    let ReplicationRecord { orders, slas, stations, sources, .. } = record;
    rows.sort_by_key(|row| (row.ended, row.item, row.station));
    // What is told of equipment and of a station's own people is left out: where there are none, nothing is.
    let of = |name: &&str| StationRecord { equipment: None, present_seconds: None, ..stations[index(name)].clone() };
    let two: Vec<StationRecord> = ["s", "t"].iter().map(of).collect();
    (serde_json::to_string(&(orders, slas, sources, two)).unwrap(), rows)
}

/// Two long texts are the same; if not, where they part.
fn same_text(one: &str, other: &str, case: &str) {
    let parts = one.bytes().zip(other.bytes()).position(|(a, b)| a != b);
    let around = |text: &str, at: usize| text[at.saturating_sub(150)..(at + 60).min(text.len())].to_owned();
    if let Some(at) = parts {
        panic!("{case}:\n{}\n{}", around(one, at), around(other, at));
    }
    assert_eq!(one.len(), other.len(), "{case}");
}

/// Whether nothing but what is told of the thing itself is another: neither a visit nor a record nor, of three runs, any
/// number of results.json.
fn changes_nothing(keys: &str, more: &str) {
    tells_only(&[], keys, more);
}

/// The same, where results.json has entries of the names `own`, or parts called so, that are about the thing itself. (A
/// station more is opened by an event more.)
fn tells_only(own: &[&str], keys: &str, more: &str) {
    let (without, with) = (line("", ""), line(keys, more));
    let (expected, rows) = told(&without);
    assert!(rows.len() > 1_500, "the case would show nothing: {}", rows.len());
    let (record, also) = told(&with);
    let place = |row: &VisitRow| (row.item, row.visit, row.attempt, row.arrived, row.started, row.ended, row.outcome);
    assert_eq!(also.iter().map(place).collect::<Vec<_>>(), rows.iter().map(place).collect::<Vec<_>>(), "{keys}{more}");
    same_text(&record, &expected, keys);
    let results = |model: &Model| less(whole(model, 3), own);
    assert_same(&results(&with), &results(&without), &format!("{keys}{more}"));
}

/// A document without the entries that are named so or are of a station of that name, and without the parts of that name.
fn less(mut value: Value, own: &[&str]) -> Value {
    match &mut value {
        Value::Array(entries) => {
            let is_own = |entry: &Value| {
                ["name", "station"].iter().any(|key| entry[key].as_str().is_some_and(|name| own.contains(&name)))
            };
            entries.retain(|entry| !is_own(entry));
            entries.iter_mut().for_each(|entry| *entry = less(entry.take(), own));
        }
        Value::Object(parts) => {
            parts.retain(|key, _| !own.contains(&key.as_str()));
            parts.values_mut().for_each(|part| *part = less(part.take(), own));
        }
        _ => {}
    }
    value
}

#[test]
fn an_exception_of_0_percent_changes_nothing() {
    let desk = "[[desk]]\nname = \"desk\"\nowner = \"somebody\"\npeople = 1\ntakes = { exponential = \"9m\" }\n";
    tells_only(
        &["desk", "none", "events"],
        "",
        &format!(
            "{desk}[[exceptions.class]]\nname = \"none\"\nat = \"s\"\nchance = \"0%\"\nowner = \"desk\"\nthen = \"t\"\n"
        ),
    );
}

#[test]
fn a_hold_of_0_percent_changes_nothing() {
    let desk = "[[desk]]\nname = \"desk\"\nowner = \"somebody\"\npeople = 1\ntakes = { exponential = \"9m\" }\n";
    tells_only(
        &["desk", "review", "events"],
        "",
        &format!(
            "{desk}[[hold]]\nname = \"review\"\nshare = \"0%\"\nowner = \"desk\"\nends = {{ release = \"100%\" }}\n"
        ),
    );
}

#[test]
fn a_bucket_that_never_runs_dry_changes_nothing() {
    changes_nothing("rate_limit = { refill = \"1000000/s\", burst = 1000000 }", "");
}

#[test]
fn patience_beyond_the_run_changes_nothing() {
    changes_nothing("patience = \"4000h\"", "");
}

#[test]
fn a_retry_that_never_fails_changes_nothing() {
    changes_nothing("retry = { chance = \"0%\", attempts = 3, backoff = \"5m\", then = \"cancel\" }", "");
}

#[test]
fn a_cart_of_one_changes_nothing() {
    changes_nothing("cart = { orders = 1, starts_when = \"any\" }", "");
}

#[test]
fn batches_of_one_change_nothing() {
    changes_nothing("batch = { max = 1 }", "");
    changes_nothing("batch = { min = 1, max = 1 }", "");
}

#[test]
fn priorities_with_one_class_change_nothing() {
    changes_nothing("discipline = \"priority\"", "");
    changes_nothing("discipline = \"preemptive priority\"", "");
}

#[test]
fn an_outage_of_no_length_changes_nothing() {
    changes_nothing("outages = [{ from = \"9h\", to = \"9h\" }]", "");
}

#[test]
fn more_equipment_than_people_changes_nothing() {
    tells_only(&["equipment", "waited_for_equipment"], "equipment = { benches = 50 }", "");
}

#[test]
fn more_room_than_is_ever_needed_changes_nothing() {
    changes_nothing("capacity = 100000", "");
}

#[test]
fn contacts_that_nobody_writes_change_nothing() {
    let support =
        "[[station]]\nname = \"support\"\nlayer = \"support\"\nservers = 1\ntakes = \"5m\"\nnext = \"done\"\n";
    let contact = "[[contact]]\nname = \"question\"\ncause = { share = \"0%\" }\nto = \"support\"\ntakes = { exponential = \"5m\" }\n";
    tells_only(&["support", "question", "events"], "", &format!("{support}{contact}"));
}

#[test]
fn a_shared_pool_that_is_one_stations_own_changes_nothing() {
    let text = |people: &str, more: &str| {
        load(&format!(
            "format = 1\n[horizon]\nmode = \"span\"\nlength = \"48h\"\nthen = \"drain\"\n\
             [[source]]\nname = \"web\"\nrate = \"20/h\"\nnext = \"s\"\n\
             [[station]]\nname = \"s\"\n{people}\ntakes = {{ mean = \"5m\", cv = 0.7 }}\nnext = \"t\"\n\
             [[station]]\nname = \"t\"\nservers = 1\ntakes = {{ exponential = \"2m30s\" }}\nnext = \"done\"\n{more}"
        ))
    };
    let (own, shared) =
        (told(&text("servers = 2", "")), told(&text("pool = \"floor\"", "[[pool]]\nname = \"floor\"\nheads = 2\n")));
    same_text(&own.0, &shared.0, "a shared pool");
    assert_eq!(own.1, shared.1);
}
