//! Stations: work, staff, release, limits.

use super::*;
use crate::model::{
    Backoff, Batch, Discipline, Fate, OutagePolicy, Release, ReleaseTimes, Roster, ServiceTime, Spread, Staff,
    StepDown, WhenFull, WhenLimited, WorkUnit,
};
use crate::random::Distribution;
use crate::time::{SimDuration, SimTime};

fn minutes(minutes: u64) -> SimDuration {
    SimDuration(minutes * 60_000_000)
}

fn takes(keys: &str) -> ServiceTime {
    pick(&format!("servers = 1\n{keys}")).takes
}

#[test]
fn times_of_work() {
    // To the microsecond: the mean of a lognormal time goes through its logarithm.
    let mean = |keys: &str| libm::round(takes(keys).mean(2.0, 6.0) * 1e6) / 1e6;
    assert_eq!(mean("takes = \"2s\""), 2.0);
    assert_eq!(mean("takes = { mean = \"5m\", cv = 0.5 }"), 300.0);
    assert_eq!(mean("takes = { exponential = \"2m\" }"), 120.0);
    assert_eq!(mean("takes = { uniform = [\"30s\", \"90s\"] }"), 60.0);
    assert_eq!(
        mean("takes = { fixed = \"30s\", per_line = \"20s\", per_unit = \"5s\" }\nspread = { cv = 0.3 }"),
        100.0
    );
    assert_eq!(mean("takes = { in_order = [\"2s\", \"4s\"] }"), 3.0);
    assert!(
        matches!(takes("takes = { in_order = [\"2s\", \"4s\"] }").spread, Spread::Recorded(times) if times.len() == 2)
    );
    let Spread::Variate(Distribution::Gamma { shape, .. }) =
        takes("takes = { mean = \"5m\", cv = 0.5, shape = \"gamma\" }").spread
    else {
        panic!("a gamma variate")
    };
    assert_eq!(shape, 4.0);
    // Nothing but zero has no shape to scale.
    assert_eq!(mean("takes = { values = [\"0s\", \"0s\"] }"), 0.0);
}

#[test]
fn rates_of_work() {
    let rate = |keys: &str| {
        let time = takes(keys);
        (time.fixed, time.per_line, time.per_unit)
    };
    assert_eq!(rate("rate = \"120 lines/h\""), (0.0, 30.0, 0.0));
    assert_eq!(rate("rate = \"60 orders/h\"\nusable = \"50%\""), (120.0, 0.0, 0.0));
    assert_eq!(rate("rate = \"200 parcels/h\""), (18.0, 0.0, 0.0));
    assert_eq!(rate("rate = \"720 units/h\""), (0.0, 0.0, 5.0));
    assert_eq!(rate("rate = \"60/h\""), (60.0, 0.0, 0.0));
    // A line that is a piece of work of its own is one of it.
    assert_eq!(rate("rate = \"120 lines/h\"\nunit = \"line\""), (30.0, 0.0, 0.0));
    assert_eq!(pick("servers = 1\ntakes = \"2s\"\nunit = \"line\"").unit, WorkUnit::Line);
}

#[test]
fn work_that_makes_no_sense() {
    refused(
        &[
            ("servers = 1", "nothing says how long the work takes"),
            ("servers = 1\ntakes = \"2s\"\nrate = \"60/h\"", "both say how long"),
            ("servers = 1\ntakes = \"2s\"\nusable = \"80%\"", "`usable` lowers a rate"),
            ("servers = 1\ntakes = \"2s\"\nspread = { cv = 0.4 }", "`takes` has its own spread"),
            ("servers = 1\nrate = \"60/h\"\nusable = \"0%\"", "no time at all"),
            ("servers = 1\nrate = \"60 orders/h\"\nunit = \"line\"", "the rate counts orders"),
            ("servers = 1\ntakes = { in_order = [] }", "without a time"),
            ("servers = 1\ntakes = { typical = \"9m\", one_in_ten_over = \"3m\" }", "must be longer than `typical`"),
            ("servers = 1\ntakes = \"2s\"\ntakes_of = { \"wep shop\" = \"3s\" }", "did you mean `web shop`?"),
        ],
        pick_refusal,
    );
}

#[test]
fn work_of_single_sources() {
    let times = pick("servers = 1\ntakes = \"2s\"\ntakes_of = { \"web shop\" = \"3s\" }").takes_of;
    assert_eq!((times.len(), times[0].0.index(), times[0].1.fixed), (1, 0, 3.0));
}

#[test]
fn who_works_at_a_station() {
    let roster = |keys: &str| {
        let model = model(&format!("[[station]]\nname = \"pick\"\ntakes = \"2s\"\nnext = \"done\"\n{keys}"));
        let Staff::Pool(pool) = model.stations[0].staff else { panic!("somebody works there") };
        let pool = model.pools[pool.index()].clone();
        assert!(!pool.shared && pool.name == "pick");
        (pool.roster, pool.step_down)
    };
    let (constant, policy) = roster("servers = 4");
    assert!(matches!(&constant, Roster::Steps(steps) if steps.len() == 1 && steps[0].heads == 4));
    assert_eq!(policy, StepDown::Finish);
    let (steps, policy) =
        roster("step_down = \"return\"\nstaffing = [{ at = \"0h\", servers = 8 }, { at = \"8h\", servers = 0 }]");
    let Roster::Steps(steps) = steps else { panic!("steps") };
    assert_eq!((steps.len(), steps[1].from.seconds(), steps[1].heads), (2, 28_800.0, 0));
    assert_eq!(policy, StepDown::Return);
    let (repeated, _) =
        roster("staffing_repeats = \"24h\"\nstaffing = [{ at = \"0h\", servers = 8 }, { at = \"8h\", servers = 0 }]");
    let Roster::Steps(repeated) = repeated else { panic!("steps") };
    assert_eq!((repeated[2].from.seconds(), repeated[2].heads), (86_400.0, 8));
    assert!(matches!(pick("servers = \"unlimited\"\ntakes = \"2s\"").staff, Staff::Unlimited));
    assert_eq!(pick("servers = 3\ntakes = \"2s\"\nequipment = { carts = 9, benches = 6 }").equipment, Some(6));
    assert_eq!(pick("servers = 3\ntakes = \"2s\"\nequipment = 2").equipment, Some(2));
}

#[test]
fn staff_that_makes_no_sense() {
    let with = |keys: &str| pick_refusal(&format!("takes = \"2s\"\n{keys}"));
    refused(
        &[
            ("", "nobody works at \"pick\""),
            ("servers = 0", "0 is too small"),
            ("servers = \"endless\"", "not a word for servers"),
            ("servers = 2\npool = \"floor\"", "only one of"),
            ("pool = \"floor\"", "the file has no pool yet"),
            ("servers = 2\nstaffing_repeats = \"24h\"", "no `staffing` to repeat"),
            ("staffing = [{ at = \"0h\", servers = 0 }]", "nobody ever works"),
            ("staffing = [{ at = \"8h\", servers = 1 }, { at = \"8h\", servers = 2 }]", "does not come after"),
            ("staffing_repeats = \"5h\"\nstaffing = [{ at = \"8h\", servers = 1 }]", "do not fit"),
            ("servers = 2\nequipment = { carts = 0 }", "0 is too small"),
        ],
        with,
    );
}

#[test]
fn releases() {
    let release = |value: &str| pick(&format!("servers = 1\ntakes = \"2s\"\nrelease = {value}")).release;
    let timed = |times, at_most, ready_before| Release::Timed {
        times,
        at_most,
        ready_before,
        collection: false,
        parcels_per_cage: None,
    };
    let every = |first, period| ReleaseTimes::Every { first: SimTime::ZERO + minutes(first), period: minutes(period) };
    let none = SimDuration::ZERO;
    assert_eq!(release("{ poll = \"15m\", at_most = 250 }"), timed(every(15, 15), Some(250), none));
    assert_eq!(release("{ poll = \"15m\", first = \"0m\" }"), timed(every(0, 15), None, none));
    assert_eq!(release("{ every = \"2h\", ready_before = \"5m\" }"), timed(every(120, 120), None, minutes(5)));
    let at = ReleaseTimes::At(vec![SimTime::ZERO + minutes(60), SimTime::ZERO + minutes(300)]);
    assert_eq!(release("{ at = [\"5h\", \"1h\"], at_most = 4 }"), timed(at, Some(4), none));
    let gathered = Release::Gathered { count: 100, after: Some(minutes(30)) };
    assert_eq!(release("{ count = 100, after = \"30m\" }"), gathered);
}

#[test]
fn releases_by_the_clock() {
    let times = |value: &str| {
        let station =
            format!("[[station]]\nname = \"pick\"\nservers = 1\ntakes = \"2s\"\nnext = \"done\"\nrelease = {value}");
        match model_of(DATED, &station).stations[0].release.clone() {
            Release::Timed { times: ReleaseTimes::At(times), .. } => times,
            other => panic!("{other:?}"),
        }
    };
    // Four weeks from Monday 16 November; ten waves from 07:00 to 16:00.
    let hourly = times("{ every = \"60m\", from = \"07:00\", to = \"16:00\", days = \"mon-sat\" }");
    assert_eq!((hourly.len(), hourly[0].seconds()), (4 * 6 * 10, 7.0 * 3600.0));
    assert_eq!(times("{ at = [\"07:00\", \"11:00\"] }").len(), 56);
    assert_eq!(times("{ at = \"07:00\", days = [2026-11-27] }").len(), 1);
}

#[test]
fn releases_that_make_no_sense() {
    let with = |value: &str| pick_refusal(&format!("servers = 1\ntakes = \"2s\"\nrelease = {value}"));
    refused(
        &[
            ("{ every = \"1h\", to = \"16:00\" }", "it needs the time of the first wave"),
            ("{ every = \"1h\", from = \"07:00\" }", "needs local time"),
            ("{ at = [\"07:00\", \"5h\"] }", "side by side"),
            ("{ at = \"5h\", days = \"mon\" }", "`days` belongs to times of day"),
            ("{ at = [] }", "without a time"),
            ("{ poll = \"1ms\" }", "more than 2,000,000 releases"),
            ("{ poll = \"0s\" }", "is zero"),
            ("{ evry = \"1h\" }", "did you mean `every`?"),
        ],
        with,
    );
    let dated = |value: &str| {
        let keys = format!("servers = 1\ntakes = \"2s\"\nnext = \"done\"\nrelease = {value}");
        refusal_of(DATED, &format!("[[station]]\nname = \"pick\"\n{keys}"))
    };
    refused(
        &[
            ("{ at = \"07:00\", days = [2027-11-27] }", "none of these times falls into the run"),
            ("{ every = \"1h\", from = \"07:00\", to = \"07:00\" }", "is empty"),
            ("{ every = \"1h\", from = \"07:00\", first = \"2h\" }", "both say when the first wave goes"),
        ],
        dated,
    );
}

#[test]
fn groups_and_limits() {
    let with = |keys: &str| pick(&format!("servers = 1\ntakes = \"2s\"\n{keys}"));
    let batch = |min, max, after, adds_up| Some(Batch { min, max, after, adds_up });
    let cart = |rule: &str| with(&format!("cart = {{ orders = 10, starts_when = \"{rule}\" }}")).batch;
    assert_eq!(cart("full or 20m"), batch(10, 10, Some(minutes(20)), true));
    assert_eq!(cart("full"), batch(10, 10, None, true));
    assert_eq!(cart("any"), batch(1, 10, None, true));
    assert_eq!(with("batch = { max = 6 }").batch, batch(1, 6, None, false));
    let each = "batch = { min = 2, max = 6, after = \"5m\", takes = \"each\" }";
    assert_eq!(with(each).batch, batch(2, 6, Some(minutes(5)), true));
    assert_eq!(with("discipline = \"earliest due\"").discipline, Discipline::EarliestDue);
    assert_eq!(with("discipline = \"preemptive priority\"").discipline, Discipline::Priority { preemptive: true });
    let full = with("capacity = 5");
    assert!(full.capacity == Some(5) && matches!(full.when_full, WhenFull::TurnAway(Fate::Cancelled)));
    let again = "capacity = 5\nwhen_full = { try_again_after = { exponential = \"2m\" }, persist = \"80%\" }";
    assert!(matches!(with(again).when_full, WhenFull::TryAgain { persist, .. } if persist == 0.8));
    let out =
        with("outage_policy = \"finish\"\noutages = [{ from = \"8h\", to = \"10h\" }, { from = \"3h\", to = \"5h\" }]");
    assert_eq!((out.outages[0].from.seconds(), out.outage_policy), (10_800.0, OutagePolicy::Finish));
    let broken = with("breakdown = { up = { exponential = \"40h\" }, down = \"8h\" }").breakdown.unwrap();
    assert_eq!((broken.up.mean(), broken.down.mean()), (144_000.0, 28_800.0));
}

#[test]
fn people_do_not_break_down() {
    let down = "breakdown = { up = { exponential = \"40h\" }, down = \"8h\" }";
    let staffing = format!("takes = \"2s\"\nstaffing = [{{ at = \"0h\", servers = 3 }}]\n{down}");
    assert!(pick_refusal(&staffing).contains("here people come and go"));
}

#[test]
fn rate_limits() {
    let limit = |value: &str| {
        let limit = pick(&format!("servers = 1\ntakes = \"2s\"\nrate_limit = {value}")).rate_limit.unwrap();
        (limit.per_second, limit.burst, limit.when_empty)
    };
    assert_eq!(limit("{ refill = \"20/s\", burst = 400 }"), (20.0, 400, WhenLimited::Wait));
    let away = limit("{ refill = \"60/min\", burst = 1, when_empty = \"turn away\" }");
    assert_eq!(away, (1.0, 1, WhenLimited::TurnAway));
    // Plus: 1,000 points a second and 20,000 in the bucket; a mutation costs ten.
    assert_eq!(limit("{ shopify_plan = \"plus\" }"), (100.0, 2_000, WhenLimited::Wait));
    assert_eq!(limit("{ shopify_plan = \"standard\", api = \"rest\" }"), (2.0, 40, WhenLimited::Wait));
    assert_eq!(limit("{ shopify_plan = \"standard\", api = \"rest\", cost = 3 }").1, 13);
    let dear = "servers = 1\ntakes = \"2s\"\nrate_limit = { shopify_plan = \"standard\", api = \"rest\", cost = 41 }";
    assert!(pick_refusal(dear).contains("costs more than the bucket holds"));
}

#[test]
fn failures_and_impatience() {
    let with = |keys: &str| pick(&format!("servers = 1\ntakes = \"2s\"\n{keys}"));
    let retry =
        "retry = { chance = \"25%\", attempts = 4, backoff = [\"1s\", \"2s\"], jitter = true, then = \"done\" }";
    let retry = with(retry).retry.unwrap();
    assert_eq!((retry.chance, retry.attempts, retry.then), (0.25, 4, Fate::Done));
    let listed = vec![SimDuration::from_seconds(1.0), SimDuration::from_seconds(2.0)];
    assert_eq!(retry.backoff, Backoff { delays: listed, jitter: true });
    let patience = with("patience = { exponential = \"10m\" }").patience.unwrap();
    assert_eq!((patience.lasts.mean(), patience.then), (600.0, Fate::Cancelled));
    let patience = with("patience = { lasts = \"10m\", then = \"done\" }").patience.unwrap();
    assert_eq!((patience.lasts.mean(), patience.then), (600.0, Fate::Done));
}

#[test]
fn limits_that_make_no_sense() {
    let with = |keys: &str| pick_refusal(&format!("servers = 1\ntakes = \"2s\"\n{keys}"));
    refused(
        &[
            ("batch = { min = 7, max = 6 }", "at most 6 items, but needs at least 7"),
            ("batch = { max = 6 }\ncart = { orders = 3, starts_when = \"any\" }", "both say what is worked together"),
            ("cart = { orders = 3, starts_when = \"half full\" }", "is not a rule for setting out"),
            ("when_full = \"turn away\"", "has room for everything"),
            ("outages = [{ from = \"5h\", to = \"4h\" }]", "ends before it begins"),
            ("outages = [{ from = \"1h\", to = \"5h\" }, { from = \"4h\", to = \"6h\" }]", "before it has ended"),
            ("outages = [{ from = 2026-11-27T02:00:00, to = \"6h\" }]", "the run has no dates"),
            ("retry = { chance = \"1%\", attempts = 3, backoff = [], then = \"done\" }", "without a pause"),
            ("retry = { chance = \"1%\", attempts = 3, backoff = \"1s\", then = \"pack\" }", "no station called"),
            ("retry = { chance = \"101%\", attempts = 3, backoff = \"1s\", then = \"done\" }", "more than 100%"),
            ("rate_limit = { shopify_plan = \"pluss\" }", "did you mean `plus`?"),
        ],
        with,
    );
}
