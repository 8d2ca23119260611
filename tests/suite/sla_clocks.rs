//! SLA clocks that start late, stand still or stop early, worked out on paper. Times are minutes.

use crate::trace::{load, model, orders, run};
use peaksim::engine::{NobodyWatches, Plan, simulate};
use peaksim::model::Model;
use peaksim::observation::{Cause, ReplicationRecord, RunEnd, SlaRecord};
use peaksim::time::TICKS_PER_HOUR;
use std::sync::atomic::AtomicBool;

/// The minutes of lateness of an SLA: station and cause, without the hours of others.
fn blamed(model: &Model, sla: &SlaRecord) -> Vec<(String, &'static str, f64)> {
    let station = |id: Option<u16>| id.map_or("promise", |id| model.stations[usize::from(id)].name.as_str()).to_owned();
    let minutes = |hours: f64| (hours * 60e6).round() / 1e6;
    sla.ledger.iter().map(|cell| (station(cell.station), cell.cause().name(), minutes(cell.late_hours))).collect()
}

fn due_and_late(sla: &SlaRecord) -> (u64, u64) {
    sla.windows.iter().fold((0, 0), |(due, late), window| (due + window.due, late + window.late))
}

/// Two orders at once, a desk with one person who takes half an hour for each of them, then a station where one server
/// takes an hour: order 1 is held 0-30 and served 30-90, order 2 waits at the desk 0-30, is held until 60, waits until
/// 90 and is served 90-150.
fn held(effect: &str, starts: &str, more: &str) -> (Model, ReplicationRecord) {
    let tables = format!(
        "{}[[hold]]\nname = \"fraud review\"\nshare = \"100%\"\nowner = \"risk desk\"\nsla_clock = \"{effect}\"\n\
         [[desk]]\nname = \"risk desk\"\nowner = \"payments lead\"\npeople = 1\ntakes = \"30m\"\n\
         [[station]]\nname = \"s\"\nservers = 1\ntakes = \"60m\"\nnext = \"done\"\n\
         [[sla]]\nname = \"an hour\"\nclock = {{ starts = \"{starts}\" }}\nwithin = \"60m\"\ntarget = \"98%\"\n{more}",
        orders(&[0.0, 0.0])
    );
    let model = model(&tables);
    let (record, _) = run(&model);
    (model, record)
}

#[test]
fn what_passes_while_the_clock_stands_still_is_not_blamed() {
    for (effect, starts) in [
        ("paused", "paid"),
        ("starts at release", "paid"),
        ("runs", "hold cleared"),
        ("paused", "hold cleared"),
        ("starts at release", "hold cleared"),
    ] {
        let (model, record) = held(effect, starts, "");
        let sla = &record.slas[0];
        // Due an hour after the hold: order 1 at 90, just in time, order 2 at 120, half an hour late.
        assert_eq!(due_and_late(sla), (2, 1), "{effect}, {starts}");
        assert_eq!(blamed(&model, sla), [("s".to_owned(), "no person free", 30.0)], "{effect}, {starts}");
    }
}

#[test]
fn a_clock_that_runs_through_a_hold_blames_the_desk_too() {
    let (model, record) = held("runs", "paid", "");
    let sla = &record.slas[0];
    // Due at 60: order 1 is 30 late without having waited, so the work took too long, the longest at s; order 2 is 90
    // late after 30 minutes in line at the desk and 30 at s.
    assert_eq!(due_and_late(sla), (2, 2));
    let shares = [
        ("risk desk".to_owned(), "no person free", 45.0),
        ("s".to_owned(), "service", 30.0),
        ("s".to_owned(), "no person free", 45.0),
    ];
    let mut found = blamed(&model, sla);
    found.sort_by(|a, b| (&a.0, a.2.total_cmp(&b.2)).partial_cmp(&(&b.0, std::cmp::Ordering::Equal)).unwrap());
    assert_eq!(found, shares);
}

/// Two orders at once through "first" (half an hour each) and "s" (an hour each), a clock that starts at s: order 1
/// reaches it at 30 and leaves at 90, order 2 reaches it at 60, waits until 90 and leaves at 150.
fn reached(more: &str) -> (Model, ReplicationRecord) {
    let tables = format!(
        "{}[[station]]\nname = \"first\"\nservers = 1\ntakes = \"30m\"\nnext = \"s\"\n\
         [[station]]\nname = \"s\"\nservers = 1\ntakes = \"60m\"\nnext = \"done\"\n\
         [[sla]]\nname = \"an hour\"\nclock = {{ starts = {{ reaches = \"s\" }} }}\nwithin = \"60m\"\ntarget = \"98%\"\n{more}",
        orders(&[0.0, 0.0]).replace("next = \"s\"", "next = \"first\"")
    );
    let model = model(&tables);
    let (record, _) = run(&model);
    (model, record)
}

#[test]
fn what_passes_before_the_clock_starts_is_not_blamed() {
    let (model, record) = reached("");
    assert_eq!(due_and_late(&record.slas[0]), (2, 1));
    assert_eq!(blamed(&model, &record.slas[0]), [("s".to_owned(), "no person free", 30.0)]);
}

/// Customers who write within moments of their order being late.
const IMPATIENT: &str = "[[contact]]\nname = \"where is my order\"\ncause = { late = \"an hour\", per_day = 100000 }\n\
     to = \"support\"\ntakes = \"1m\"\n[[station]]\nname = \"support\"\nlayer = \"support\"\nservers = 9\ntakes = \"1m\"\nnext = \"done\"\n";

#[test]
fn who_is_late_by_a_clock_that_starts_at_a_station_writes_once() {
    assert_eq!(reached(IMPATIENT).1.contacts.by_kind, [1]);
}

#[test]
fn who_is_held_with_a_stopped_clock_does_not_write_and_who_is_late_after_it_writes_once() {
    assert_eq!(held("paused", "paid", IMPATIENT).1.contacts.by_kind, [1]);
    assert_eq!(held("starts at release", "paid", IMPATIENT).1.contacts.by_kind, [1]);
    assert_eq!(held("runs", "hold cleared", IMPATIENT).1.contacts.by_kind, [1]);
    // By a clock that runs on, both are late.
    assert_eq!(held("runs", "paid", IMPATIENT).1.contacts.by_kind, [2]);
}

#[test]
fn an_attempt_in_vain_stops_no_clock() {
    let tables = format!(
        "{}[[station]]\nname = \"s\"\nservers = 1\ntakes = \"10m\"\nnext = \"done\"\n\
         retry = {{ chance = \"100%\", attempts = 3, backoff = \"1m\", then = \"done\" }}\n\
         [[sla]]\nname = \"synced\"\nclock = {{ stops = {{ served = \"s\" }} }}\nwithin = \"15m\"\ntarget = \"98%\"\n",
        orders(&[0.0])
    );
    let (record, _) = run(&model(&tables));
    assert_eq!(due_and_late(&record.slas[0]), (0, 0), "it was never served with success");
}

/// One server takes ten hours for each of two orders while work of another kind keeps the events coming; the run is cut
/// off by its limit of events.
fn cut_short() -> Model {
    let text = format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"24h\"\nthen = \"drain\"\n[limits]\nevents = 1\n{}\
         [[source]]\nname = \"counting\"\nkind = \"work\"\nrate = \"2000/h\"\nprocess = \"even\"\nnext = \"count\"\n\
         [[station]]\nname = \"s\"\nservers = 1\ntakes = \"10h\"\nnext = \"done\"\n\
         [[station]]\nname = \"count\"\nservers = 40\ntakes = \"1s\"\nnext = \"done\"\n\
         [[sla]]\nname = \"an hour\"\nwithin = \"60m\"\ntarget = \"98%\"\n",
        orders(&[0.0, 30.0])
    );
    load(&text)
}

#[test]
fn the_ledger_of_a_run_cut_short_calls_waiting_waiting() {
    let model = cut_short();
    let plan = Plan::new(&model).unwrap();
    let run = |plan: &Plan<'_>| simulate(plan, 1, 0, &AtomicBool::new(false), &mut NobodyWatches).unwrap();
    let record = run(&plan);
    assert_eq!(record.end, RunEnd::EventLimit);
    let late = |due: f64| (record.ended_at as f64 - due * TICKS_PER_HOUR as f64) / TICKS_PER_HOUR as f64;
    assert!(late(0.0) > 3.0 && late(0.0) < 10.0, "order 1 is still at work, order 2 in line: {} h", late(0.0));
    // Order 1 has been worked on since it came; order 2, half an hour later, has only waited.
    let found: Vec<(Option<u16>, Cause, f64)> =
        record.slas[0].ledger.iter().map(|cell| (cell.station, cell.cause(), cell.late_hours)).collect();
    let s = u16::try_from(model.stations.iter().position(|station| station.name == "s").unwrap()).unwrap();
    assert_eq!(found, [(Some(s), Cause::Service, late(1.0)), (Some(s), Cause::NoPerson, late(1.5))]);
    assert_eq!(run(&Plan::new(&model).unwrap().without_short_ways()).slas, record.slas);
}
