//! Pools, shifts, breaks, planned changes.

use super::*;
use crate::model::{ChangedValue, PoolId, Roster, ShiftSpan, SourceId, StationId};
use crate::time::SimDuration;

const PICK: &str = r#"
[[station]]
name = "pick"
pool = "floor"
takes = "2m"
retry = { chance = "1%", attempts = 3, backoff = "1m", then = "done" }
rate_limit = { refill = "1/s", burst = 5 }
release = { poll = "15m", at_most = 50 }
next = "pack"
[[station]]
name = "pack"
servers = 3
takes = "1m"
next = "done"
"#;

fn spans(shifts: &str) -> Vec<ShiftSpan> {
    let model = model_of(DATED, &format!("{PICK}[[pool]]\nname = \"floor\"\nabsent = \"5%\"\nshifts = [{shifts}]\n"));
    let Roster::Shifts { spans, stream } = model.pools[0].roster.clone() else { panic!("shifts") };
    assert_eq!(stream, "floor");
    spans
}

#[test]
fn shifts_leave_breaks_out() {
    let all = spans(
        "{ days = \"mon-fri\", from = \"08:00\", to = \"16:30\", heads = 12, breaks = [\"12:00 30m\", { at = \"10:00\", lasts = \"15m\" }] }",
    );
    assert_eq!(all.len(), 4 * 5 * 3);
    let hours: Vec<(f64, f64)> =
        all[..3].iter().map(|span| (span.from.seconds() / 3600.0, span.to.seconds() / 3600.0)).collect();
    assert_eq!(hours, [(8.0, 10.0), (10.25, 12.0), (12.5, 16.5)]);
    assert!(all[..3].iter().all(|span| span.shift_day == all[0].shift_day));
    assert_ne!(all[0].shift_day, all[3].shift_day);
    assert_eq!((all[0].heads, all[0].absent, all[0].pay, all[0].speed), (12, 0.05, 1.0, 1.0));
}

#[test]
fn shifts_run_over_midnight_and_into_overtime() {
    let night = spans(
        "{ days = [2026-11-27], from = \"22:00\", to = \"06:00\", heads = 6, overtime = 1.5, speed = 0.8, absent = \"0%\", breaks = [\"01:00 1h\"] }",
    );
    let lengths: Vec<f64> = night.iter().map(|span| span.to.since(span.from).hours()).collect();
    assert_eq!(lengths, [3.0, 4.0]);
    assert_eq!((night[0].pay, night[0].speed, night[0].absent), (1.5, 0.8, 0.0));
    // The eve of the run reaches into its first day.
    let first = spans("{ from = \"22:00\", to = \"06:00\", heads = 6 }");
    assert_eq!((first[0].from.seconds(), first[0].to.since(first[0].from).hours()), (0.0, 6.0));
}

#[test]
fn a_pool_without_shifts_is_always_there() {
    let model = model(&format!("{PICK}[[pool]]\nname = \"floor\"\nheads = 7\nstep_down = \"crew change\"\n"));
    assert_eq!(model.pools[0].roster.most(), 7);
    assert_eq!(model.pools[0].order_of_work, [StationId(0)]);
}

#[test]
fn pools_that_make_no_sense() {
    let with = |keys: &str| refusal_of(DATED, &format!("{PICK}[[pool]]\nname = \"floor\"\n{keys}\n"));
    let shift = "days = \"mon\", from = \"08:00\", to = \"16:00\", heads = 2";
    refused(
        &[
            ("", "the pool has nobody"),
            (&format!("heads = 3\nshifts = [{{ {shift} }}]"), "both say who is there"),
            ("heads = 3\nabsent = \"5%\"", "absence is drawn for each shift"),
            ("heads = 3\ncost = \"14 GBP\"", "paid by the hour"),
            ("heads = 3\norder_of_work = [\"pack\"]", "does not take its people from"),
            ("heads = 3\norder_of_work = [\"pick\", \"pick\"]", "stands twice"),
            ("heads = 3\norder_of_work = [\"pcik\"]", "did you mean `pick`?"),
            ("heads = 3\nstep_down = \"vanish\"", "is not a step-down policy"),
            ("shifts = [{ from = \"16:00\", to = \"08:30\", heads = 2 }]", "ends before it starts"),
            ("shifts = [{ from = \"08:00\", to = \"08:00\", heads = 2 }]", "is empty"),
            ("shifts = [{ days = [2027-01-05], from = \"08:00\", to = \"12:00\", heads = 2 }]", "ever comes"),
            (&format!("shifts = [{{ {shift}, breaks = [\"17:00 30m\"] }}]"), "does not lie within"),
            (
                &format!("shifts = [{{ {shift}, breaks = [\"12:00 30m\", \"12:15 30m\"] }}]"),
                "before the last one has ended",
            ),
            (&format!("shifts = [{{ {shift}, breaks = [\"at noon\"] }}]"), "is not a break"),
            (&format!("absent = \"105%\"\nshifts = [{{ {shift} }}]"), "more than 100%"),
        ],
        with,
    );
    let steady = refusal(&format!("{PICK}[[pool]]\nname = \"floor\"\nshifts = [{{ {shift} }}]\n"));
    assert!(steady.contains("a shift needs local time"), "{steady}");
    let second = "[[station]]\nname = \"check\"\npool = \"floor\"\ntakes = \"1m\"\nnext = \"done\"\n";
    let leaves_out =
        refusal(&format!("{PICK}{second}[[pool]]\nname = \"floor\"\nheads = 1\norder_of_work = [\"pick\"]\n"));
    assert!(leaves_out.contains("leaves out \"check\""), "{leaves_out}");
    let policy = PICK.replace("pool = \"floor\"", "pool = \"floor\"\nstep_down = \"finish\"");
    let policy = refusal(&format!("{policy}[[pool]]\nname = \"floor\"\nheads = 1\n"));
    assert!(policy.contains("the pool's step-down policy"), "{policy}");
}

const FLOOR: &str = "[[pool]]\nname = \"floor\"\nheads = 7\n";

fn change(what: &str, to: &str) -> String {
    format!("{PICK}{FLOOR}[[change]]\nat = \"5h\"\nwhat = '{what}'\nto = {to}\n")
}

#[test]
fn planned_changes() {
    let (pick, pack) = (StationId(0), StationId(1));
    for (what, to, expected) in [
        ("pool.floor.extra_heads", "-4", ChangedValue::ExtraHeads(PoolId(0), -4)),
        ("station.pack.extra_heads", "1", ChangedValue::ExtraHeads(PoolId(1), 1)),
        ("station.pick.equipment", "8", ChangedValue::Equipment(pick, 8)),
        ("station.\"pick\".speed", "1.2", ChangedValue::Speed(pick, 1.2)),
        ("station.pack.out_of_order", "true", ChangedValue::Outage(pack, true)),
        ("station.pick.rate_limit", "\"20/s\"", ChangedValue::RateLimit(pick, 20.0)),
        ("station.pick.release.at_most", "500", ChangedValue::ReleaseAtMost(pick, Some(500))),
        ("station.pick.release.at_most", "\"all\"", ChangedValue::ReleaseAtMost(pick, None)),
        ("station.pick.release.every", "\"30m\"", ChangedValue::ReleaseEvery(pick, SimDuration(1_800_000_000))),
        ("station.pick.retry.chance", "\"5%\"", ChangedValue::FailureChance(pick, 0.05)),
        ("source.\"web shop\".uplift", "1.5", ChangedValue::Uplift(SourceId(0), 1.5)),
        ("exceptions.factor", "2", ChangedValue::ExceptionFactor(2.0)),
    ] {
        let model = model(&change(what, to));
        assert_eq!((model.changes[0].to, model.changes[0].at.seconds()), (expected, 18_000.0), "{what}");
    }
    let two =
        format!("{}[[change]]\nat = \"1h\"\nwhat = \"exceptions.factor\"\nto = 3\n", change("exceptions.factor", "2"));
    assert!(matches!(model(&two).changes[0].to, ChangedValue::ExceptionFactor(factor) if factor == 3.0));
}

#[test]
fn changes_that_make_no_sense() {
    for (what, to, message) in [
        ("pools.floor.extra_heads", "1", "did you mean `pool`?"),
        ("pool.flor.extra_heads", "1", "did you mean `floor`?"),
        ("pool.floor.extra_head", "1", "did you mean `extra_heads`?"),
        ("pool.floor.extra_heads", "1.5", "cannot be the new value of `extra_heads`"),
        ("pool.floor.extra_heads", "\"two\"", "for example: to = 4"),
        ("station.pick.speed", "0", "cannot be the new value"),
        ("station.pick.equipment", "0", "cannot be the new value"),
        ("station.pick.retry.chance", "\"5\"", "no per cent sign"),
        ("station.pick.release.every", "\"0s\"", "cannot be the new value"),
        ("station.pack.retry.chance", "\"5%\"", "does not have a retry policy"),
        ("station.pack.release.every", "\"5m\"", "does not have a release at equal distances"),
        ("station.pack.rate_limit", "\"5/s\"", "does not have a rate limit"),
        ("station.pick.extra_heads", "1", "change the heads of its pool"),
        ("station", "1", "`` of station cannot change"),
        ("station.pick(3).speed", "1", "takes nothing in brackets"),
        ("exceptions.factor", "-1", "cannot be the new value"),
    ] {
        let found = refusal(&change(what, to));
        assert!(found.contains(message), "{what} = {to}: {found}");
    }
}

#[test]
fn measures_are_metric_paths() {
    let measure = |path: &str| format!("{PICK}{FLOOR}[[measure]]\nname = \"x\"\npath = '{path}'\n");
    assert_eq!(model(&measure("station.pick.wait.p95")).measures[0].path, "station.pick.wait.p95");
    assert_eq!(model(&measure("source.\"web shop\".created")).measures.len(), 1);
    let found = refusal(&measure("station.pcik.wait.p95"));
    assert!(found.contains("did you mean `pick`?") && found.contains("bad-metric"), "{found}");
}

#[test]
fn what_is_probably_not_meant_is_a_warning() {
    let warnings = |text: &str| {
        let warnings = scenario(text).unwrap_or_else(|error| panic!("{error}")).warnings;
        warnings.map_or_else(String::new, |found| found.to_string())
    };
    let idle = format!("{STEADY}{PICK}{FLOOR}[[pool]]\nname = \"night\"\nheads = 2\n");
    assert!(warnings(&idle).contains("no station takes its people from the pool \"night\""));
    let late = PICK.replace("poll = \"15m\", at_most = 50", "at = \"19:00\"");
    let shift = "[[pool]]\nname = \"floor\"\nshifts = [{ from = \"08:00\", to = \"16:30\", heads = 2 }]\n";
    assert!(warnings(&format!("{DATED}{late}{shift}")).contains("nobody is there whenever \"pick\""));
    let with = |keys: &str| {
        warnings(&format!("{STEADY}{}{FLOOR}", PICK.replace("servers = 3", &format!("servers = 3\n{keys}"))))
    };
    for (keys, message) in [
        ("", ""),
        ("cart = { orders = 5, starts_when = \"full\" }", "the last orders of the day wait"),
        ("cart = { orders = 5, starts_when = \"full or 5m\" }", ""),
        ("batch = { min = 2, max = 5 }", "the last orders of the day wait"),
        ("release = { count = 100 }", "the last orders of the day wait"),
        ("capacity = 9", "orders are cancelled"),
        ("capacity = 9\nwhen_full = \"turn away\"", ""),
    ] {
        let found = with(keys);
        assert!(found.contains(message) && found.is_empty() == message.is_empty(), "{keys}: {found}");
    }
    let often = "[exceptions]\nfactor = 5\n[[exceptions.class]]\nname = \"x\"\nat = \"pick\"\nchance = \"30%\"\n\
                 owner = \"desk\"\nthen = \"goes on\"\n[[desk]]\nname = \"desk\"\ntakes = \"1m\"\n";
    let often = warnings(&format!("{STEADY}{PICK}{FLOOR}{often}"));
    assert!(often.contains("certain for every order") && often.contains("nobody owns the desk"), "{often}");
}
