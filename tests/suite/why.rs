//! What `run --with` adds: bottlenecks that more capacity confirms, causes taken away, headroom and its risk.

use super::cli::{Desk, SMALL};
use peaksim::experiment::whatif::Removal;
use peaksim::model::{Model, Release, Staff};
use peaksim::scenario::Scenario;
use peaksim::statistics::distributions::{normal_cdf, student_t_cdf, student_t_multiplier};
use peaksim::statistics::paired::holm;
use serde_json::{Value, json};
use std::path::Path;

/// Eight hours of two stations in a row: the first is busy for a quarter of its time, the second for nine tenths.
const TANDEM: &str = r#"format = 1
replications = 20
[horizon]
mode = "span"
length = "8h"
then = "drain"
[[source]]
name = "shop"
rate = "60/h"
next = "sort"
[[station]]
name = "sort"
servers = 2
takes = { exponential = "30s" }
next = "seal"
[[station]]
name = "seal"
servers = 1
takes = { exponential = "54s" }
next = "done"
[[sla]]
name = "quick"
within = "10m"
target = "90%"
"#;

/// The small shop with a promise that it keeps for about a third of its orders, and something that goes wrong.
fn busy() -> String {
    SMALL
        .replace("replications = 6", "replications = 10")
        .replace("\"4m\"", "\"6m\"")
        .replace(", cut_off = \"14:00\", calendar = \"daily\" }", " }\nwithin = \"4h\"")
        + "[[desk]]\nname = \"stock desk\"\nowner = \"stock\"\npeople = 1\n\
           works = [{ days = \"mon-fri\", from = \"09:00\", to = \"17:00\" }]\n\
           [[exceptions.class]]\nname = \"short pick\"\nat = \"pick\"\nchance = \"5%\"\nowner = \"stock desk\"\n\
           takes = \"10m\"\nthen = \"pick\"\n"
}

/// The same with a campaign on its first day, of which nobody knows how large it will be.
fn campaign() -> String {
    busy().replace("\"6m\"", "\"4m\"").replace("within = \"4h\"", "within = \"30h\"")
        + "[[campaign]]\nname = \"sale\"\ndays = { 2026-11-23 = 3.0 }\nforecast_error = \"25%\"\n"
}

#[track_caller]
fn found(scenario: &str, more: &[&str]) -> Value {
    let words = ["run", "s.toml", "--progress", "none", "--format", "json"];
    Desk::with(scenario).run(&[&words[..], more].concat()).with_code(0).document()
}

fn list<'v>(document: &'v Value, key: &str) -> &'v Vec<Value> {
    document[key].as_array().unwrap_or_else(|| panic!("{key} is {}", document[key]))
}

fn named<'v>(document: &'v Value, list_key: &str, key: &str, name: &str) -> &'v Value {
    let all = list(document, list_key);
    all.iter().find(|one| one[key] == name).unwrap_or_else(|| panic!("no {name} in {all:?}"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn the_bottleneck_of_a_tandem_is_ranked_first_and_only_one_server_more_there_helps() {
    let document = found(TANDEM, &["--with", "why"]);
    let bottlenecks = list(&document, "bottlenecks");
    assert_eq!((&bottlenecks[0]["station"], &bottlenecks[1]["station"]), (&json!("seal"), &json!("sort")));
    assert_eq!((&bottlenecks[0]["confirmed"], &bottlenecks[1]["confirmed"]), (&json!(true), &json!(false)));
    // An hour brings 60 orders of 54 s to one server.
    let share = &bottlenecks[0]["utilisation"]["share"];
    assert!((number(&share["value"]) - 0.9).abs() < 0.05, "{share}");
    assert!(
        number(&bottlenecks[0]["share_of_time"]["value"]) > 0.9
            && number(&bottlenecks[0]["share_of_lateness"]["value"]) > 0.9
    );

    let late = number(&document["slas"][0]["late_orders"]["value"]);
    let effect = |at: &str| named(&document, "marginal_capacity", "at", at)["effects"][0].clone();
    let (there, elsewhere) = (effect("seal"), effect("sort"));
    assert_eq!(there["verdict"], "fewer late orders");
    assert!(number(&there["change"]["high"]) < 0.0 && number(&there["change"]["value"]) < -0.8 * late, "{there}");
    assert_eq!(elsewhere["verdict"], "no difference shown");
    assert!(number(&elsewhere["change"]["value"]).abs() < 0.05 * late, "{elsewhere} of {late}");
    // The change is the difference of the two scenarios.
    let more = found(TANDEM, &["--set", "station.seal.servers=2"]);
    assert_eq!(there["late_orders"], more["slas"][0]["late_orders"]);
    assert!((number(&there["late_orders"]["value"]) - late - number(&there["change"]["value"])).abs() < 1e-9);
}

#[test]
fn the_ceiling_is_what_a_scenario_with_many_heads_keeps() {
    let document = found(&busy(), &["--with", "why"]);
    let many = found(&busy(), &["--set", "pool.floor.shifts.0.heads=500"]);
    assert_eq!(document["slas"][0]["ceiling"], many["slas"][0]["attainment"]);
    assert!(document["slas"][0]["ceiling"]["value"].as_f64() > document["slas"][0]["attainment"]["value"].as_f64());
}

#[test]
fn what_is_added_or_taken_away_is_what_the_same_change_to_the_file_gives() {
    let document = found(&busy(), &["--with", "why"]);
    let one_more = found(&busy(), &["--set", "pool.floor.shifts.0.heads=3"]);
    let head = list(&document, "marginal_capacity").iter().find(|one| one["addition"] == "head").unwrap();
    assert_eq!(head["effects"][0]["late_orders"], one_more["slas"][0]["late_orders"]);
    let longer = found(&busy(), &["--set", "pool.floor.shifts.0.to='19:00'"]);
    let hour = list(&document, "marginal_capacity").iter().find(|one| one["addition"] == "hour").unwrap();
    assert_eq!(hour["effects"][0]["late_orders"], longer["slas"][0]["late_orders"]);
    // Two judged days of two people, an hour longer each.
    assert_eq!((number(&hour["person_hours"]), number(&head["person_hours"])), (4.0, 20.0));

    let without = named(&document, "counterfactuals", "without", "no exceptions");
    let none = found(&busy(), &["--set", "exceptions.factor=0"]);
    assert_eq!(without["effects"][0]["late_orders"], none["slas"][0]["late_orders"]);
    assert_eq!(without["effects"][0]["attainment"], none["slas"][0]["attainment"]);
    // What the scenario does not have is not there.
    let names: Vec<&Value> = list(&document, "counterfactuals").iter().map(|one| &one["without"]).collect();
    assert_eq!(names, ["no exceptions", "owners answer at once", "unlimited floor staff"]);
}

#[test]
fn a_collection_can_come_later_take_more_or_take_all() {
    let floor = "[[collection]]\ncarrier = \"lorry\"\nserves = \"100%\"\ndays = \"every day\"\nat = \"15:00\"\n\
                 cages = 2\nparcels_per_cage = 40\n";
    let scenario = busy().replace(
        "next = \"done\"",
        "next = \"collection\"\nrelease = { every = \"60m\", from = \"08:00\", to = \"13:00\" }",
    ) + floor;
    let document = found(&scenario, &["--with", "why"]);
    for (addition, sets) in [
        ("later collection", ["collection.lorry.at='16:00'"]),
        ("cage", ["collection.lorry.cages=3"]),
        ("release", ["station.pick.release.to='14:00'"]),
    ] {
        let added = list(&document, "marginal_capacity").iter().find(|one| one["addition"] == addition).unwrap();
        let changed = found(&scenario, &["--set", sets[0]]);
        assert_eq!(added["effects"][0]["late_orders"], changed["slas"][0]["late_orders"], "{addition}");
    }
    let all = named(&document, "counterfactuals", "without", "collections that take all");
    let roomy = found(&scenario, &["--set", "collection.lorry.cages=1000"]);
    assert_eq!(all["effects"][0]["late_orders"], roomy["slas"][0]["late_orders"]);
}

#[test]
fn a_rate_limit_that_holds_orders_up_is_confirmed_and_can_be_taken_away() {
    // Sixty orders an hour at a limit of fifty.
    let limit = "servers = 2\nrate_limit = { refill = \"50/h\", burst = 1 }";
    let limited = TANDEM.replace("servers = 2", limit).replace("\"54s\"", "\"20s\"");
    let document = found(&limited, &["--with", "why"]);
    let first = &list(&document, "bottlenecks")[0];
    assert_eq!((&first["station"], &first["confirmed"]), (&json!("sort"), &json!(true)));
    let higher = named(&document, "marginal_capacity", "addition", "rate limit");
    let changed = found(&limited, &["--set", "station.sort.rate_limit.refill='55/h'"]);
    assert_eq!(higher["effects"][0]["late_orders"], changed["slas"][0]["late_orders"]);
    let without = &named(&document, "counterfactuals", "without", "no rate limits")["effects"][0];
    assert_eq!((&without["verdict"], &higher["person_hours"]), (&json!("fewer late orders"), &Value::Null));
}

#[test]
fn the_chance_beyond_the_breach_point_is_that_of_a_lognormal_forecast() {
    let desk = Desk::with(&campaign());
    let words = ["run", "s.toml", "--progress", "none", "--with", "headroom", "-o", "out"];
    let text = desk.run(&words).with_code(0).stdout.replace('\n', " ");
    let document: Value = serde_json::from_slice(&desk.read("out/results.json")).unwrap();
    let point = &list(&document, "breach_points")[0];
    assert_eq!((&point["outcome"], &point["vary"]), (&json!("breaks"), &json!("campaign.*.scale")), "{text}");
    let risk = &point["risk"];
    assert_eq!((&risk["campaign"], &risk["forecast_error"]), (&json!("sale"), &json!(0.25)));
    // Three times an ordinary day is planned; at scale s it is 1 + 2 s times one.
    let times = |end: &str| (1.0 + 2.0 * number(&point["point"][end])) / 3.0;
    let sigma = libm::log(1.0 + 0.25 * 0.25).sqrt();
    let chance = |end: &str| normal_cdf(-libm::log(times(end)) / sigma);
    for (end, of) in [("value", "value"), ("low", "high"), ("high", "low")] {
        assert!((number(&risk["times_planned_orders"][end]) - times(end)).abs() < 1e-12, "{risk}");
        assert!((number(&risk["chance_beyond"][of]) - chance(end)).abs() < 1e-12, "{risk}");
    }
    let told = format!("with a forecast error of ±25 % that is a {:.0} % (", 100.0 * chance("value"));
    assert!(text.contains(&told), "{told}: {text}");
    let page = String::from_utf8(desk.read("out/report.html")).unwrap();
    let front = page.split("<nav").next().unwrap();
    assert!(front.contains("id=\"headroom-1-title\"") && front.contains("forecast error"), "{front}");
}

#[test]
fn a_plan_that_is_itself_raised_is_what_the_forecast_is_of() {
    let desk = Desk::with(&campaign());
    let words =
        ["breach", "s.toml", "--vary", "source.*.uplift=0.5..4", "--set", "source.0.uplift=0.8", "--reps", "10"];
    let ended = desk.run(&[&words[..], &["--progress", "none", "--format", "json"]].concat()).with_code(0);
    let document = ended.document();
    let point = &list(&document, "breach_points")[0];
    assert_eq!(point["outcome"], "breaks", "{point}");
    let times = number(&point["risk"]["times_planned_orders"]["value"]);
    assert!((times - number(&point["point"]["value"]) / 0.8).abs() < 1e-12, "{point}");
}

#[test]
fn what_more_capacity_does_is_judged_as_often_as_one_looks() {
    let document = found(&busy(), &["--with", "why"]);
    let effects: Vec<Value> =
        list(&document, "marginal_capacity").iter().map(|one| one["effects"][0].clone()).collect();
    assert!(effects.len() >= 2);
    let by_itself = |effect: &Value| {
        let change = |key: &str| number(&effect["change"][key]);
        let (value, half, freedom) = (change("value"), 0.5 * (change("high") - change("low")), change("samples") - 1.0);
        if half <= 0.0 {
            return f64::from(u8::from(value.abs() <= 0.0));
        }
        let error = half / student_t_multiplier(0.95, freedom).unwrap();
        2.0 * (1.0 - student_t_cdf((value / error).abs(), freedom).unwrap())
    };
    let adjusted = holm(&effects.iter().map(by_itself).collect::<Vec<f64>>());
    for (effect, adjusted) in effects.iter().zip(adjusted) {
        assert!((number(&effect["p_adjusted"]) - adjusted).abs() < 1e-6, "{adjusted}: {effect}");
    }
}

#[test]
fn an_owner_at_hand_waits_for_nobody_and_nothing() {
    let model = Scenario::from_text(&busy(), Path::new("."), &[]).unwrap().model;
    let desk = model.diversions[0].desk.index();
    let mut parts = model.into_parts();
    parts.stations[desk].release = Release::Gathered { count: 12, after: None };
    let model = Model::assemble(parts).unwrap();
    let without = Removal::OwnersWait.from(&model).unwrap();
    assert_eq!((&without.stations[desk].release, &without.stations[desk].staff), (&Release::AtOnce, &Staff::Unlimited));
}

#[test]
fn without_being_asked_for_it_is_null_and_the_report_says_how_to_ask() {
    let desk = Desk::with(&campaign());
    let text = desk.run(&["run", "s.toml", "--progress", "none", "-o", "out"]).with_code(0).stdout;
    assert!(text.contains("--with why,headroom."), "{text}");
    let document: Value = serde_json::from_slice(&desk.read("out/results.json")).unwrap();
    for key in ["marginal_capacity", "counterfactuals", "breach_points"] {
        assert_eq!(document.get(key), Some(&Value::Null), "{key}");
    }
    assert_eq!(
        (&document["slas"][0]["ceiling"], &document["bottlenecks"][0]["confirmed"]),
        (&Value::Null, &Value::Null)
    );
    let page = String::from_utf8(desk.read("out/report.html")).unwrap();
    assert!(page.contains("--with why") && page.contains("--with headroom"));
    let refused = desk.run(&["run", "s.toml", "--with", "what"]).with_code(2);
    assert!(refused.stderr.contains("why") && refused.stderr.contains("headroom"), "{}", refused.stderr);
}

#[test]
fn no_sla_nothing_late_and_all_late_leave_no_number_that_is_none() {
    let no_sla = busy().split("[[sla]]").next().unwrap().to_owned();
    let never = busy().replace("within = \"4h\"", "within = \"30d\"");
    let always = busy().replace("within = \"4h\"", "within = \"1s\"");
    let empty = busy().replace("orders_per_day = 150", "orders_per_day = 0.0001");
    for (scenario, tried) in [(no_sla, false), (never, false), (always, true), (empty, false)] {
        let desk = Desk::with(&scenario);
        let ended = desk.run(&["run", "s.toml", "--progress", "none", "--with", "all", "--reps", "4", "-o", "out"]);
        let text = ended.with_code(0).stdout;
        let bytes = String::from_utf8(desk.read("out/results.json")).unwrap();
        assert!(!text.contains("NaN") && !text.contains("inf ") && !bytes.contains("NaN"), "{text}");
        let document: Value = serde_json::from_str(&bytes).unwrap();
        assert_eq!(!list(&document, "marginal_capacity").is_empty(), tried, "{text}");
        for point in list(&document, "breach_points") {
            assert!(tried || point["outcome"] != "broken", "{point}");
        }
    }
}

#[test]
fn where_nothing_is_drawn_one_run_confirms_a_bottleneck() {
    let certain = TANDEM
        .replace("rate = \"60/h\"", "rate = \"60/h\"\nprocess = \"even\"")
        .replace("{ exponential = \"30s\" }", "\"30s\"")
        .replace("{ exponential = \"54s\" }", "\"66s\"");
    let document = found(&certain, &["--with", "why", "--reps", "1"]);
    assert_eq!((&document["deterministic"], &document["bottlenecks"][0]["confirmed"]), (&json!(true), &json!(true)));
    let effect = &named(&document, "marginal_capacity", "at", "seal")["effects"][0];
    assert_eq!((&effect["late_orders"]["value"], &effect["change"]["low"]), (&json!(0.0), &Value::Null));
}

#[test]
fn runs_that_reach_a_limit_tell_nothing() {
    let desk = Desk::with(&busy());
    let limits = ["--set", "source.0.orders_per_day=20000", "--set", "limits.events=20000", "--with", "why"];
    let words = ["run", "s.toml", "--progress", "none", "--format", "json"];
    let ended = desk.run(&[&words[..], &limits].concat()).with_code(22);
    let document = ended.document();
    assert_eq!(document["slas"][0]["ceiling"], Value::Null);
    for one in list(&document, "marginal_capacity") {
        let effect = &one["effects"][0];
        assert_eq!((&effect["verdict"], &effect["change"]["value"]), (&json!("unknown"), &Value::Null));
    }
}

#[test]
fn threads_change_no_byte_of_what_is_added() {
    let desk = Desk::with(&campaign());
    let written = |threads: &str| {
        let words = ["run", "s.toml", "--progress", "none", "--with", "all", "--threads", threads, "-o", threads];
        let stdout = desk.run(&words).with_code(0).stdout;
        (stdout, desk.read(&format!("{threads}/results.json")), desk.read(&format!("{threads}/report.html")))
    };
    assert!(written("1") == written("3"));
}
