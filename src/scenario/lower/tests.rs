//! Demand, horizon and promises as they come out of the file.

#![expect(clippy::float_cmp, reason = "exact facts are compared exactly")]

use jiff::civil::date;
use std::path::Path;

mod follow_ups;
mod refusals;
mod slas;

use super::demand::{Demand, demand};
use super::{DataFiles, ItemNames, TimeFrame, limits, sla};
use crate::model::{Arrivals, ClockStart, CountMix, Fate, HorizonKind, Intensity, Judge, Sla, Source};
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
        let orders = demand.as_ref().map_or(&[][..], |demand| &demand.sources);
        let slas = sla::slas(&file, (&names, &time, orders), &mut data, &mut sink);
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
    assert_eq!(
        (picked.window.count(), picked.starts.clone()),
        (1, ClockStart::Reached(vec![crate::model::StationId(0)]))
    );
    assert_eq!(working.promise.due(at(26, 9)), calendar.at(date(2026, 12, 1).at(0, 0, 0, 0)).unwrap());
    let by = lowered(&format!("{SPAN}rate = \"1/h\"\n[[sla]]\nname = \"x\"\nby = \"9h\"\ntarget = \"90%\"\n"));
    assert_eq!(by.slas[0].promise.due(SimTime::ZERO), SimTime(9 * 3_600_000_000));
}

#[test]
fn a_campaign_gives_its_days_another_shape() {
    let midnight: Vec<&str> = (0..48).map(|step| if step < 1 { "1" } else { "0" }).collect();
    let campaign =
        format!("[[campaign]]\nname = \"drop\"\ndays = {{ 2026-11-27 = 2 }}\nhourly = [{}]\n", midnight.join(", "));
    let rate = PEAK.replace("orders_per_day = 560\n", "rate = \"24/h\"\n");
    let rate: String = rate
        .lines()
        .filter(|l| !l.starts_with("weekday") && !l.starts_with("hourly"))
        .map(|l| format!("{l}\n"))
        .collect();
    for (text, total) in [(PEAK.to_owned(), 560.0 * 1.04 * 2.0), (rate, 24.0 * 24.0 * 2.0)] {
        let scenario = lowered(&format!("{text}{campaign}"));
        close(scenario.on(date(2026, 11, 27)), total);
        let start = scenario.time.calendar.as_ref().unwrap().start_of_day(date(2026, 11, 27));
        let half_an_hour = SimDuration(1_800_000_000);
        close(scenario.intensity("web shop").expected(start, start + half_an_hour), total);
        let twice = refusal(&format!("{text}{campaign}{}", campaign.replace("drop", "again")));
        assert!(twice.contains("two campaigns say how the orders of 2026-11-27 spread"), "{twice}");
    }
}

#[test]
fn several_mailings_of_one_day_stay_inside_it() {
    let mailing = |name: &str, hour: u32, kind: &str| {
        format!(
            "[[campaign]]\nname = \"{name}\"\nsources = [\"web shop\"]\nsent = 2026-11-27T{hour:02}:00:00\norders = 200\n\
             counted = \"inside the uplift\"\nresponse = \"{kind}\"\n"
        )
    };
    let scenario = lowered(&format!("{PEAK}{}{}", mailing("a", 8, "sms"), mailing("b", 20, "drop")));
    close(scenario.on(date(2026, 11, 27)), 560.0 * 1.04);
    let at = |hour| scenario.time.calendar.as_ref().unwrap().at(date(2026, 11, 27).at(hour, 0, 0, 0)).unwrap();
    let quarter = SimDuration(900_000_000);
    let share = |name, hour| scenario.intensity(name).expected(at(hour), at(hour) + quarter) / 200.0;
    // 37 % of the answers to a text message, and about 45 % of those to a drop, come within a quarter of an hour.
    assert!((share("web shop / a", 8) - 0.367).abs() < 0.001, "{}", share("web shop / a", 8));
    assert!((share("web shop / b", 20) - 0.445).abs() < 0.001, "{}", share("web shop / b", 20));
    let two = format!("{PEAK}{}", mailing("a", 8, "sms").replace("sources = [\"web shop\"]\n", ""));
    assert_eq!(lowered(&two).demand.sources.len(), 2);
    let second = "[[source]]\nname = \"marketplace\"\nrate = \"3/h\"\nnext = \"pick\"\n";
    let unclear = refusal(&format!("{two}{second}"));
    assert!(unclear.contains("it is unclear whose orders \"a\" brings"), "{unclear}");
}

#[test]
fn routes_by_lines_and_by_source() {
    let lanes = "next = [{ to = \"pick\", lines = \"1\" }, { to = \"pack\", lines = \"2-5\" }, \
                 { to = \"pack\", lines = \"6+\", share = \"30%\" }, { to = \"cancel\", lines = \"6+\", share = \"70%\" }]";
    let pack = "[[station]]\nname = \"pack\"\nservers = 1\ntakes = \"1m\"\nnext = \"done\"\n";
    let by_lines = lowered(&format!("{}{pack}", PEAK.replace("next = \"pick\"", lanes)));
    let legs = &by_lines.source("web shop").route.legs;
    let told: Vec<_> = legs.iter().map(|leg| (leg.share, leg.lines, leg.to)).collect();
    let pack_id = Fate::To(crate::model::StationId(1));
    assert_eq!(
        told,
        [
            (1.0, Some((1, 1)), Fate::To(crate::model::StationId(0))),
            (1.0, Some((2, 5)), pack_id),
            (0.3, Some((6, u32::MAX)), pack_id),
            (0.7, Some((6, u32::MAX)), Fate::Cancelled),
        ]
    );
    // What is said of a source holds for its mailings, too.
    let of_source = "next = [{ to = \"pick\", sources = [\"web shop\"] }]";
    let by_source = lowered(&send("on top", 100).replace("next = \"pick\"", of_source));
    let ids = [crate::model::SourceId(0), crate::model::SourceId(1)];
    assert_eq!(by_source.source("web shop").route.legs[0].sources, ids);
}
