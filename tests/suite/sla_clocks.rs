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

#[test]
fn a_scan_comes_some_time_after_the_order_has_left_and_has_its_own_part_of_the_lateness() {
    let tables = format!(
        "{}[[station]]\nname = \"s\"\nservers = 1\ntakes = \"60m\"\nnext = \"done\"\n\
         [[sla]]\nname = \"scanned\"\nclock = {{ stops = \"carrier scan\", delay = \"30m\" }}\nwithin = \"105m\"\ntarget = \"98%\"\n",
        orders(&[0.0, 0.0])
    );
    let model = model(&tables);
    let (record, _) = run(&model);
    // Order 1 is scanned at 90. Order 2 waits 60 minutes, leaves at 120 and is scanned at 150, 45 minutes late.
    let sla = &record.slas[0];
    assert_eq!(due_and_late(sla), (2, 1));
    let delayed = ("s".to_owned(), "scan or status delay", 15.0);
    assert_eq!(blamed(&model, sla), [("s".to_owned(), "no person free", 30.0), delayed]);
}

#[test]
fn a_milestone_stops_the_clock_in_whatever_lane_and_the_first_time_counts() {
    let tables = format!(
        "{}[[station]]\nname = \"s\"\npool = \"floor\"\nmarks = [\"packed\"]\nnext = \"later\"\n\
         lanes = [{{ orders = \"single line\", takes = \"10m\" }}, {{ orders = \"everything else\", takes = \"20m\" }}]\n\
         [[pool]]\nname = \"floor\"\nheads = 1\n\
         [[station]]\nname = \"later\"\nservers = 1\ntakes = \"300m\"\nnext = \"done\"\n\
         [[sla]]\nname = \"packed\"\nclock = {{ stops = \"packed\" }}\nwithin = \"15m\"\ntarget = \"98%\"\n",
        orders(&[0.0, 0.0])
    );
    let (record, _) = run(&model(&tables));
    // Packed at 10 and 20; what comes later does not matter.
    assert_eq!(due_and_late(&record.slas[0]), (2, 1));
    assert!((record.slas[0].late_hours - 5.0 / 60.0).abs() < 1e-9);
}

#[test]
fn lines_count_one_by_one_and_so_does_their_lateness() {
    let source = "[[source]]\nname = \"shop\"\nnext = \"s\"\nlines = 3\nprocess = \"even\"\n\
         rate_steps = [{ at = \"0s\", rate = \"2/h\" }, { at = \"1h\", rate = \"0/h\" }]\n";
    let tables = format!(
        "{source}[[station]]\nname = \"s\"\nservers = 1\ntakes = \"60m\"\nnext = \"done\"\n\
         [[sla]]\nname = \"soon\"\nunit = \"line\"\nwithin = \"70m\"\ntarget = \"98%\"\n"
    );
    let model = model(&tables);
    let (record, _) = run(&model);
    // Orders at 15 and 45: the second waits until 75 and is served at 135, 20 minutes after it was due, with 3 lines.
    assert_eq!(due_and_late(&record.slas[0]), (6, 3));
    assert_eq!(blamed(&model, &record.slas[0]), [("s".to_owned(), "no person free", 60.0)]);
    assert!((record.slas[0].late_hours - 1.0).abs() < 1e-9);
}

#[test]
fn excluded_orders_are_told_apart_and_do_not_count() {
    let tables = format!(
        "{}{}[[station]]\nname = \"s\"\nservers = 1\ntakes = \"60m\"\nnext = \"done\"\n\
         [[hold]]\nname = \"review\"\nshare = \"100%\"\nsources = [\"other\"]\nowner = \"desk\"\n\
         [[desk]]\nname = \"desk\"\nowner = \"lead\"\npeople = 9\ntakes = \"1m\"\n\
         [[sla]]\nname = \"all\"\nwithin = \"90m\"\ntarget = \"98%\"\n\
         [[sla]]\nname = \"not struck\"\nwithin = \"90m\"\ntarget = \"98%\"\nexcludes = {{ struck_by = [\"review\"] }}\n\
         [[sla]]\nname = \"not other\"\nwithin = \"90m\"\ntarget = \"98%\"\nexcludes = {{ sources = [\"other\"] }}\n",
        orders(&[0.0, 0.0]),
        orders(&[0.0]).replace("\"shop\"", "\"other\"")
    );
    let (record, _) = run(&model(&tables));
    // At s from 0, 60 and 120 on: two orders are late, one of them the other shop's.
    let counted: Vec<_> =
        record.slas.iter().map(|sla| (sla.due, sla.late, sla.excluded, sla.time_to_dispatch.is_some())).collect();
    assert_eq!(counted, [(3, 2, 0, false), (2, 1, 1, false), (2, 1, 1, true)]);
    assert_eq!(record.slas[2].time_to_dispatch.as_ref().map(|tally| tally.count), Some(2));
}

/// The days' counts of an SLA whose orders come at 20 h and 23 h, are promised within two hours, and leave at 30 h and
/// 40 h.
fn by_day(counted_on: &str, target: &str) -> SlaRecord {
    let text = format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"72h\"\nthen = \"drain\"\n{}\
         [[station]]\nname = \"s\"\nservers = 1\ntakes = \"10h\"\nnext = \"done\"\n\
         [[sla]]\nname = \"soon\"\nwithin = \"2h\"\ntarget = \"{target}\"\nwindow = \"1d\"\nmin_orders = 1\n\
         counted_on = \"{counted_on}\"\n",
        orders(&[1_200.0, 1_380.0])
    );
    run(&load(&text)).0.slas.remove(0)
}

#[test]
fn orders_count_on_the_day_they_are_due_placed_or_shipped() {
    let due = |sla: &SlaRecord| sla.windows.iter().map(|window| (window.due, window.late)).collect::<Vec<_>>();
    assert_eq!(due(&by_day("due day", "98%")), [(1, 1), (1, 1), (0, 0)]);
    assert_eq!(due(&by_day("order day", "98%")), [(2, 2), (0, 0), (0, 0)]);
    assert_eq!(due(&by_day("ship day", "98%")), [(0, 0), (2, 2), (0, 0)]);
    let breaks = |counted_on| by_day(counted_on, "50%").first_breach.unwrap() as f64 / TICKS_PER_HOUR as f64;
    // Half of them may be late: by the day of the order it breaks when the second falls due, a day later; by the day
    // on which they leave, when the second leaves: with what leaves in the five minutes from that instant on.
    assert_eq!((breaks("due day"), breaks("order day"), breaks("ship day")), (22.0, 25.0, 40.0 + 1.0 / 12.0));
}

#[test]
fn a_rolling_window_is_judged_at_the_end_of_each_day_once_it_is_full() {
    let at: Vec<f64> = (0..10).map(|day| f64::from(day) * 1_440.0 + 60.0).collect();
    let text = format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"240h\"\nthen = \"drain\"\n{}\
         [[station]]\nname = \"s\"\nservers = 1\nnext = \"done\"\n\
         takes = {{ in_order = [\"1h\", \"1h\", \"9h\", \"1h\", \"1h\", \"1h\", \"1h\", \"1h\", \"1h\", \"1h\"] }}\n\
         [[sla]]\nname = \"soon\"\nwithin = \"2h\"\ntarget = \"90%\"\nwindow = \"rolling 7d\"\nmin_orders = 1\n",
        orders(&at)
    );
    let sla = run(&load(&text)).0.slas.remove(0);
    let windows: Vec<_> = sla.windows.iter().map(|window| (window.due, window.late)).collect();
    assert_eq!(windows, [(7, 1), (7, 1), (7, 1), (7, 0)]);
    assert_eq!((sla.due, sla.late), (10, 1), "each order once");
    assert!(sla.breached);
}

#[test]
fn a_window_with_more_orders_than_forecast_is_shown_and_not_judged() {
    let sla = |above: &str| {
        let text = format!(
            "format = 1\n[horizon]\nmode = \"span\"\nlength = \"24h\"\nthen = \"drain\"\n\
             [[source]]\nname = \"shop\"\nnext = \"s\"\nrate = \"10/h\"\nprocess = \"even\"\nuplift = 2\n\
             [[station]]\nname = \"s\"\nservers = 1\ntakes = \"10m\"\nnext = \"done\"\n\
             [[sla]]\nname = \"soon\"\nwithin = \"2h\"\ntarget = \"90%\"\nwindow = \"whole\"\nsuspended_above = \"{above}\"\n"
        );
        run(&load(&text)).0.slas.remove(0)
    };
    let (suspended, judged) = (sla("150%"), sla("200%"));
    assert_eq!((suspended.due, suspended.late), (judged.due, judged.late));
    assert!(suspended.late > 100 && suspended.windows[0].suspended && !suspended.breached);
    assert_eq!(suspended.first_breach, None);
    assert!(!judged.windows[0].suspended && judged.breached && judged.first_breach.is_some());
}
