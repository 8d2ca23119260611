//! Demand, horizon and promises as they come out of the file.

#![expect(clippy::float_cmp, reason = "exact facts are compared exactly")]

use jiff::civil::date;
use std::path::Path;

use super::demand::{Demand, demand};
use super::{DataFiles, ItemNames, TimeFrame, limits, sla};
use crate::model::{Arrivals, ClockStart, CountMix, HorizonKind, Intensity, Judge, Sla, Source};
use crate::scenario::document::Document;
use crate::scenario::file::ScenarioFile;
use crate::scenario::reader::Sink;
use crate::time::{SimDuration, SimTime};

/// What a text lowers to, apart from its operation.
#[derive(Debug)]
struct Lowered {
    demand: Demand,
    time: TimeFrame,
    slas: Vec<Sla>,
    warnings: String,
}

impl Lowered {
    fn source(&self, name: &str) -> &Source {
        self.demand.sources.iter().find(|source| source.name == name).expect("a source of this name")
    }

    fn intensity(&self, name: &str) -> &Intensity {
        match &self.source(name).arrivals {
            Arrivals::Poisson(intensity) | Arrivals::Even(intensity) => intensity,
            other => panic!("no rate: {other:?}"),
        }
    }

    /// Expected orders of all sources on a date.
    fn on(&self, day: jiff::civil::Date) -> f64 {
        let day = self.time.days.iter().find(|known| known.date == day).expect("a day of the run");
        let names: Vec<&str> = self.demand.sources.iter().map(|source| source.name.as_str()).collect();
        names.iter().map(|name| self.intensity(name).expected(day.start, day.end)).sum()
    }
}

fn try_lower_in(folder: &Path, text: &str) -> Result<Lowered, String> {
    let document = Document::parse("x.toml", text.as_bytes(), &[]).map_err(|errors| errors.to_string())?;
    let (file, _) = document.read::<ScenarioFile>().map_err(|errors| errors.to_string())?;
    let (mut sink, mut data) = (Sink::new(), DataFiles::of(folder));
    let names = ItemNames::collect(&file, &mut sink);
    let time = TimeFrame::new(&file, &mut sink);
    let parts = time.and_then(|time| {
        let demand = demand(&file, &names, &time, &mut data, &mut sink);
        let slas = sla::slas(&file, &names, &time, &mut sink);
        if let Some(demand) = &demand {
            limits::check(&file, &demand.sources, limits::limits(&file), &time, &mut sink);
        }
        Some((demand?, slas?, time))
    });
    match (sink.finish(), parts) {
        (Ok(warnings), Some((demand, slas, time))) => {
            let warnings = warnings.map_or_else(String::new, |found| found.to_string());
            Ok(Lowered { demand, time, slas, warnings })
        }
        (Err(errors), _) => Err(errors.to_string()),
        (Ok(_), None) => Err(data.into_errors().iter().map(ToString::to_string).collect()),
    }
}

fn try_lower(text: &str) -> Result<Lowered, String> {
    try_lower_in(Path::new("."), text)
}

fn lowered(text: &str) -> Lowered {
    try_lower(text).unwrap_or_else(|errors| panic!("{errors}"))
}

fn refusal(text: &str) -> String {
    try_lower(text).expect_err("this text is refused")
}

/// A calendar of three weeks around Black Friday, judged in the last; the clocks do not change in it.
const PEAK: &str = r#"
format = 1
timezone = "Europe/London"
holidays = "england-and-wales"
[horizon]
lead_in = "14d"
judge = { first = 2026-11-23, last = 2026-11-29 }
after = "7d"
[[station]]
name = "pick"
servers = 4
takes = "5m"
next = "done"
[[source]]
name = "web shop"
orders_per_day = 560
weekday = { mon = 1.10, tue = 1.05, wed = 1.11, thu = 1.09, fri = 1.04, sat = 0.74, sun = 0.87 }
hourly = [1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 7, 6, 6, 6, 6, 6, 7, 8, 8, 6, 4, 2]
next = "pick"
"#;

/// A day of ten hours from time zero.
const SPAN: &str = r#"
format = 1
[horizon]
mode = "span"
length = "10h"
then = "stop"
[[station]]
name = "pick"
servers = 4
takes = "5m"
next = "done"
[[source]]
name = "web shop"
next = "pick"
"#;

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}

#[test]
fn a_week_brings_seven_average_days() {
    let scenario = lowered(PEAK);
    assert_eq!(scenario.warnings, "");
    let time = &scenario.time;
    let (from, until) = (time.horizon.from, time.horizon.until);
    assert_eq!((from, until.since(from)), (SimTime(14 * 86_400_000_000), SimDuration::from_hours(7 * 24)));
    close(scenario.intensity("web shop").expected(from, until), 7.0 * 560.0);
    close(scenario.on(date(2026, 11, 28)), 560.0 * 0.74);
    // 7 of 104 parts of Friday come between 12:00 and 13:00.
    let noon = time.calendar.as_ref().unwrap().at(date(2026, 11, 27).at(12, 30, 0, 0)).unwrap();
    close(scenario.intensity("web shop").at(noon), 560.0 * 1.04 * 7.0 / 104.0);
    assert_eq!(time.days.iter().filter(|day| day.judged).count(), 7);
}

#[test]
fn days_keep_their_totals_when_the_clocks_change() {
    // Clocks go back on 25 October 2026 and forward on 28 March 2027.
    for (first, last, changed, hours) in
        [("2026-10-19", "2026-10-26", date(2026, 10, 25), 25), ("2027-03-22", "2027-03-29", date(2027, 3, 28), 23)]
    {
        let text = PEAK.replace("2026-11-23", first).replace("2026-11-29", last);
        let scenario = lowered(&text);
        let day = scenario.time.days.iter().find(|day| day.date == changed).unwrap();
        assert_eq!(day.end.since(day.start), SimDuration::from_hours(hours));
        close(scenario.on(changed), 560.0 * 0.87);
        let local = |hour| scenario.time.calendar.as_ref().unwrap().at(changed.at(hour, 30, 0, 0)).unwrap();
        let rate = scenario.intensity("web shop");
        close(rate.at(local(12)) / rate.at(local(13)), 7.0 / 6.0);
    }
}

#[test]
fn campaigns_multiply_days_and_windows() {
    let text = format!(
        "{PEAK}
[[campaign]]
name = \"Black Friday\"
days = {{ 2026-11-27 = 3.5, 2026-11-28 = 2.0 }}
forecast_error = \"25%\"
[[campaign]]
name = \"evening deal\"
from = 2026-11-26T18:15:00
to = 2026-11-26T20:00:00
uplift = 2
"
    );
    let scenario = lowered(&text);
    close(scenario.on(date(2026, 11, 27)), 560.0 * 1.04 * 3.5);
    close(scenario.on(date(2026, 11, 28)), 560.0 * 0.74 * 2.0);
    let evening = (0.75 * 7.0 + 8.0) / 104.0;
    close(scenario.on(date(2026, 11, 26)), 560.0 * 1.09 * (1.0 + evening));
    let facts = &scenario.demand.campaigns;
    assert_eq!(facts[0].forecast_error, Some(0.25));
    assert_eq!(facts[0].to.since(facts[0].from), SimDuration::from_hours(48));
    assert_eq!(facts[1].to.since(facts[1].from).hours(), 1.75);
}

fn send(counted: &str, orders: u32) -> String {
    format!(
        "{PEAK}
[[campaign]]
name = \"Black Friday\"
days = {{ 2026-11-27 = 3.5 }}
[[campaign]]
name = \"07:30 email\"
sent = 2026-11-27T07:30:00
orders = {orders}
counted = \"{counted}\"
response = \"email\"
"
    )
}

#[test]
fn a_mailing_inside_the_uplift_leaves_every_days_total() {
    let (plain, inside) = (lowered(PEAK), lowered(&send("inside the uplift", 800)));
    close(inside.on(date(2026, 11, 27)), 560.0 * 1.04 * 3.5);
    for day in [date(2026, 11, 26), date(2026, 11, 28), date(2026, 11, 29), date(2026, 11, 30)] {
        close(inside.on(day), plain.on(day));
    }
    let mailing = inside.source("web shop / 07:30 email");
    assert_eq!(mailing.draws_as, "web shop / 07:30 email");
    let Arrivals::Poisson(intensity) = &mailing.arrivals else { panic!("a random source") };
    let at = inside.time.calendar.as_ref().unwrap().at(date(2026, 11, 27).at(7, 30, 0, 0)).unwrap();
    close(
        intensity.expected(at, at + SimDuration::from_hours(6)) / 800.0,
        0.6 * 15.0 / 16.0 + 0.4 * (1.0 - 0.5_f64.sqrt().sqrt()),
    );
    let Intensity::Steps(steps) = inside.intensity("web shop") else { panic!("steps") };
    assert!(steps.iter().all(|step| step.per_hour >= 0.0 && step.per_hour.is_finite()));
    // Before the mailing the day's hours keep their order, after it the curve gives way to it.
    let (before, after) = (SimTime(at.0 - 3_600_000_000), SimTime(at.0 + 1_800_000_000));
    assert!(inside.intensity("web shop").at(after) < inside.intensity("web shop").at(before));
    assert_eq!(inside.demand.campaigns[1].sources, [crate::model::SourceId(1)]);
}

#[test]
fn a_mailing_on_top_adds_its_orders() {
    let (without, on_top) = (lowered(PEAK), lowered(&send("on top", 800)));
    let (from, end) = (SimTime::ZERO, on_top.time.horizon.end);
    let sum = |scenario: &Lowered| -> f64 {
        let names: Vec<&str> = scenario.demand.sources.iter().map(|source| source.name.as_str()).collect();
        names.iter().map(|name| scenario.intensity(name).expected(from, end)).sum()
    };
    let campaign = 560.0 * 1.04 * 2.5;
    // The last answers come after the run, less than half an order.
    assert!((sum(&on_top) - sum(&without) - campaign - 800.0).abs() < 0.5);
}

#[test]
fn more_than_the_day_has_is_refused() {
    let message = refusal(&send("inside the uplift", 4000));
    assert!(message.contains("error[more-than-the-day]: mailings bring 3005 orders on 2026-11-27, but \"web shop\" has 2038 in all that day"), "{message}");
}

#[test]
fn rates_of_a_span() {
    let source = |keys: &str| lowered(&format!("{SPAN}{keys}\n"));
    let hour = |hours: u64| SimTime(hours * 3_600_000_000);
    let steady = source("rate = \"30/h\"");
    close(steady.intensity("web shop").expected(SimTime::ZERO, hour(10)), 300.0);
    assert_eq!(steady.time.horizon.kind, HorizonKind::Span { drain: false });
    let steps = source("rate_steps = [{ at = \"1h\", rate = \"20/h\" }, { at = \"3h\", rate = \"0/h\" }]");
    close(steps.intensity("web shop").expected(SimTime::ZERO, hour(10)), 40.0);
    assert_eq!(steps.intensity("web shop").at(hour(0)), 0.0);
    let cycle = source("rate = { mean = \"60/h\", swing = \"40/h\", period = \"4h\" }");
    close(cycle.intensity("web shop").at(hour(1)), 100.0);
    let even = source("rate = \"1/min\"\nprocess = \"even\"");
    assert!(matches!(even.source("web shop").arrivals, Arrivals::Even(_)));
    let renewal = source("between = { erlang = \"2m\", phases = 2 }");
    let Arrivals::Renewal(gaps) = &renewal.source("web shop").arrivals else { panic!("renewal") };
    close(gaps.mean(), 120.0);
    let exact = source("arrivals = [\"5m\", \"0m\", \"1m\"]\npriorities = [2, 0, 1]\nlines = 3");
    let Arrivals::Recorded(records) = &exact.source("web shop").arrivals else { panic!("recorded") };
    let told: Vec<_> = records.iter().map(|r| (r.at.seconds(), r.priority, r.lines, r.units)).collect();
    assert_eq!(told, [(0.0, Some(0), 3, 3), (60.0, Some(1), 3, 3), (300.0, Some(2), 3, 3)]);
}

#[test]
fn lines_and_busyness() {
    let source = |keys: &str| lowered(&format!("{SPAN}rate = \"30/h\"\n{keys}\n")).source("web shop").clone();
    let mix = source("lines = { average = 1.8, single_line = \"55%\" }").lines;
    close(mix.mean(), 1.8);
    assert!(matches!(mix, CountMix::OneOrGeometric { single, .. } if single == 0.55));
    let shares = source("lines = { shares = { \"10\" = \"25%\", \"1\" = \"75%\" } }").lines;
    assert_eq!(shares, CountMix::Shares(vec![(1, 0.75), (10, 0.25)]));
    assert_eq!(source("units = 2").units, CountMix::Fixed(2));
    let busy = source("busyness = { day_cv = 0.5, hour = { values = [0.5, 1.5], shares = [\"50%\", \"50%\"] } }");
    let busyness = &busy.factors.busyness;
    let day = busyness.day.as_ref().unwrap();
    close(day.mean(), 1.0);
    close(day.variance(), 0.25);
    close(busyness.hour.as_ref().unwrap().mean(), 1.0);
    assert_eq!(busyness.stream, "web shop");
}

#[test]
fn a_replay_reads_the_orders_of_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let rows =
        "timestamp,lines,units,cancelled\n2026-11-23T09:00,2,3,no\n2026-11-23T10:00,1,1,yes\n2025-11-23T10:00,1,1,no\n";
    std::fs::write(folder.path().join("orders.csv"), rows).unwrap();
    let text = PEAK.split("orders_per_day").next().unwrap().to_owned() + "replay = \"orders.csv\"\nnext = \"pick\"\n";
    let scenario = try_lower_in(folder.path(), &text).unwrap();
    let Arrivals::Recorded(records) = &scenario.source("web shop").arrivals else { panic!("recorded") };
    let nine = scenario.time.calendar.as_ref().unwrap().at(date(2026, 11, 23).at(9, 0, 0, 0)).unwrap();
    assert_eq!((records.len(), records[0].at, records[0].lines, records[0].units), (1, nine, 2, 3));
    assert!(scenario.warnings.contains("1 recorded orders of \"orders.csv\" were cancelled"), "{}", scenario.warnings);
    assert!(scenario.warnings.contains("1 recorded orders of \"orders.csv\" fall outside"), "{}", scenario.warnings);
    let kept = try_lower_in(folder.path(), &format!("{text}cancelled = \"keep\"\n")).unwrap();
    assert!(matches!(&kept.source("web shop").arrivals, Arrivals::Recorded(records) if records.len() == 2));
    let busy = try_lower_in(folder.path(), &format!("{text}busyness = {{ day_cv = 0.1 }}\n")).unwrap_err();
    assert!(busy.contains("random busyness multiplies a rate"), "{busy}");
    let missing = try_lower_in(folder.path(), &text.replace("orders.csv", "other.csv")).unwrap_err();
    assert!(missing.starts_with("other.csv: no such file"), "{missing}");
}

#[test]
fn promises_by_cut_off_within_and_by() {
    let text = format!(
        "{PEAK}
[[sla]]
name = \"dispatched as promised\"
clock = {{ starts = \"paid\", stops = \"collected\", cut_off = \"14:00\", calendar = \"mon-sat\" }}
target = \"98%\"
[[sla]]
name = \"picked soon\"
clock = {{ starts = {{ reaches = \"pick\" }}, stops = {{ served = \"pick\" }} }}
within = \"90m\"
target = \"95%\"
window = \"whole\"
judge = \"runs\"
risk = \"5%\"
min_orders = 1
sources = [\"web shop\"]
[[sla]]
name = \"two working days\"
clock = {{ starts = \"hold cleared\", calendar = \"mon-fri\" }}
within = \"2 working days\"
target = \"99.5%\"
window = \"7d\"
"
    );
    let scenario = lowered(&text);
    let calendar = scenario.time.calendar.as_ref().unwrap();
    let [promised, picked, working] = &scenario.slas[..] else { panic!("three SLAs") };
    let at = |day, hour| calendar.at(date(2026, 11, day).at(hour, 0, 0, 0)).unwrap();
    assert_eq!(promised.promise.due(at(28, 13)), at(29, 0));
    assert_eq!(promised.promise.due(at(28, 14)), calendar.at(date(2026, 12, 1).at(0, 0, 0, 0)).unwrap());
    assert_eq!(promised.window.count(), 7);
    insta::assert_snapshot!(promised.definition, @"98% of the orders that fall due on each day must be collected in time (ordered before 14:00 mon-sat, due the same working day by 24:00, Europe/London time); the clock starts when an order is paid; judged over all runs together; days with fewer than 20 orders are shown, not judged");
    insta::assert_snapshot!(picked.definition, @r#"95% of the orders of web shop that fall due in the whole judged time must be served at "pick" in time (within 90 min); the clock starts when an order reaches "pick"; judged with at most 5% of the runs below the target"#);
    insta::assert_snapshot!(working.definition, @"99.5% of the orders that fall due in each stretch of seven days must be dispatched in time (ordered before 24:00 mon-fri, due 2 working days later by 24:00, Europe/London time); the clock starts when the last hold of an order is cleared; judged over all runs together; stretches with fewer than 20 orders are shown, not judged");
    assert_eq!(picked.judge, Judge::Runs { risk: 0.05 });
    assert_eq!((picked.window.count(), picked.starts), (1, ClockStart::Reached(crate::model::StationId(0))));
    assert_eq!(working.promise.due(at(26, 9)), calendar.at(date(2026, 12, 1).at(0, 0, 0, 0)).unwrap());
    let by = lowered(&format!("{SPAN}rate = \"1/h\"\n[[sla]]\nname = \"x\"\nby = \"9h\"\ntarget = \"90%\"\n"));
    assert_eq!(by.slas[0].promise.due(SimTime::ZERO), SimTime(9 * 3_600_000_000));
}

#[test]
fn what_is_refused_and_how() {
    let peak = |from: &str, to: &str| refusal(&PEAK.replace(from, to));
    let span = |keys: &str| refusal(&format!("{SPAN}{keys}\n"));
    let campaign = |keys: &str| refusal(&format!("{PEAK}[[campaign]]\nname = \"x\"\n{keys}\n"));
    let refusals = [
        peak("orders_per_day = 560", "orders_per_day = nan"),
        peak("orders_per_day = 560", "orders_per_dya = 560"),
        peak("orders_per_day = 560", "orders_per_day = 1e12"),
        peak("orders_per_day = 560", "orders_per_day = 1e7"),
        peak("next = \"pick\"", "next = \"pikc\""),
        peak("next = \"pick\"", "next = [{ to = \"pick\", share = \"60%\" }]"),
        peak("timezone = \"Europe/London\"", "timezone = \"London\""),
        peak("after = \"7d\"", "after = \"200d\""),
        peak("sun = 0.87 }", "sun = \"87%\" }"),
        campaign("days = { 2027-01-03 = 2 }"),
        campaign("from = 2026-11-27T18:00:00\nto = 2026-11-27T18:00:00\nuplift = 2"),
        campaign("sent = 2026-11-27T07:30:00\norders = 10\nresponse = \"email\""),
        campaign(
            "sent = 2026-11-27T07:30:00\norders = 10\ncounted = \"on top\"\nresponse = [{ share = \"60%\", half_life = \"90m\" }]",
        ),
        refusal(&format!(
            "{}[[campaign]]\nname = \"x\"\nfrom = 2027-03-28T01:30:00\nto = 2027-03-28T03:00:00\nuplift = 2\n",
            PEAK.replace("2026-11-23", "2027-03-22").replace("2026-11-29", "2027-03-29")
        )),
        span("rate = 30"),
        span("rate = \"30 lines/h\""),
        span("rate = \"30/h\"\norders_per_day = 4"),
        span("rate = \"30/h\"\nlines = { average = 1.2, single_line = \"55%\" }"),
        span("rate = \"30/h\"\nlines = { shares = { \"1\" = \"40%\", \"2\" = \"50%\" } }"),
        span("rate = \"30/h\"\nbusyness = { day = { values = [1.0, 1.5] } }"),
        span("rate = { mean = \"30/h\", swing = \"40/h\", period = \"24h\" }"),
        span("rate_steps = [{ at = 2026-11-27T07:30:00, rate = \"30/h\" }]"),
        span("rate = \"30/h\"\n[[sla]]\nname = \"x\"\ntarget = \"98%\""),
        span("rate = \"30/h\"\n[[runbook]]\nname = \"x\""),
    ];
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    x.toml:16:18: error[not-finite]: the number NaN is not a number to reckon with (expected a number, for example: orders_per_day = 560)
    x.toml:16:1: error[unknown-key]: unknown key `orders_per_dya` in a source (did you mean `orders_per_day`? keys of a source: `name`, `kind`, `orders_per_day`, `hourly`, `weekday`, `rate`, `rate_steps`, `process`, `between`, `arrivals`, `priorities`, `replay`, `cancelled`, `uplift`, `busyness`, `lines`, `units`, `priority`, `next`, `initial`, `draws_as`; for example: orders_per_day = 560)
    x.toml:16:18: error[too-many-orders]: "web shop" brings up to 85,384,615,385 an hour (at most 60,000,000 an hour can be simulated: is a unit wrong?)
    x.toml:16:18: error[too-many-orders]: one run would create about 280,000,000 orders, above the limit of 200,000,000 (shorten the horizon or lower the orders; if it is meant, raise the limit: [limits] orders = …)
    x.toml:19:8: error[unknown-reference]: there is no station called "pikc" (did you mean `pick`? stations: `pick`)
    x.toml:19:8: error[shares-not-one]: the ways open to orders of 1 line add up to 60%, not 100% (give each way its `share`; where ways differ by lines, say so on each: lines = "1", lines = "2+")
    x.toml:3:12: error[unknown-zone]: no time zone is named "London": did you mean "Europe/London"?
    x.toml:5:1: error[horizon-too-long]: the run is up to 221 days long, but 203 days can be simulated (shorten the lead-in, the judged days or what comes after them)
    x.toml:17:11: error[mixed-shares]: shares of the week need all seven days in per cent (or write factors on the average day: weekday = { mon-fri = 1.1, sat = 0.8, sun = 0.7 })
    x.toml:22:23: error[outside-horizon]: the campaign "x" is outside the run: 2027-01-03 (the run goes from 2026-11-09 (the lead-in) to 2026-12-06 (what comes after the judged days))
    x.toml:23:6: error[out-of-order]: the window does not end after it begins
    x.toml:21:8: error[missing-key]: the campaign "x" needs `counted` (are its orders part of what the days bring anyway? counted = "inside the uplift", or "on top"; there is no default, because the two differ by all its orders)
    x.toml:25:12: error[shares-not-one]: the shares of the answers add up to 60%, not 100% (shares make a whole: let them add up to 100%)
    x.toml:22:8: error[no-such-time]: 01:30 does not exist on Sunday 28 March in Europe/London: clocks go forward from 01:00 to 02:00; the next valid time is 2027-03-28T02:00:00
    x.toml:15:8: error[missing-unit]: expected a rate in quotes and with its unit, found the number 30 (did you mean rate = "30/h"?)
    x.toml:15:8: error[wrong-unit]: a source brings orders, not lines (write orders, for example: rate = "30 orders/h", and say how many lines they have under `lines`)
    x.toml:13:8: error[arrivals-once]: the source "web shop" says it in 2 ways: `orders_per_day`, `rate` (give one of `orders_per_day`, `rate`, `rate_steps`, `between`, `arrivals` and `replay`, for example: orders_per_day = 560)
    x.toml:16:21: error[impossible-average]: an average of 1.2 does not go with single_line = "55%" (the others have at least 2: the average is then at least 1.45)
    x.toml:16:20: error[shares-not-one]: the shares add up to 90%, not 100% (shares make a whole: let them add up to 100%)
    x.toml:16:20: error[mean-not-one]: the factors average to 1.25, not to 1 (busyness must not change the plan: divide all factors by their average, and change `uplift` or `orders_per_day` where more or fewer orders are meant)
    x.toml:15:33: error[out-of-range]: a swing of 40/h around a mean of 30/h goes below zero (the swing is at most the mean: swing = "30/h")
    x.toml:15:22: error[no-calendar]: a date is written, but the run has no dates (give the scenario a `timezone` and the horizon its dates, or write the time since the start: "5h")
    x.toml:17:8: error[due-once]: the SLA "x" does not say when an order is due (give one of: clock = { cut_off = "14:00", calendar = "mon-sat" }, within = "4h", by = 2026-11-27T16:00:00)
    x.toml:16:3: error[not-in-this-version]: `runbook` of a scenario is not in this version of peaksim (remove it: what cannot be simulated is refused, never read and ignored)
    "#);
}
