//! What `run --with decisions` finds: what each lever does, and until when it can wait.

use super::cli::{Desk, SMALL};
use serde_json::{Value, json};

/// One head packs an order in 90 s; on Monday 60 orders an hour come evenly, the first at 00:00:30. Those before 08:00, 480
/// of them, are due at 10:00, when 399 are packed. 94.9 % are 456 orders: 57 more than that.
const LINE: &str = r#"format = 1
title = "A little line"
timezone = "Europe/London"
replications = 1
[horizon]
lead_in = "7d"
judge = { first = 2026-11-30, last = 2026-11-30 }
after = "2d"
[[source]]
name = "web shop"
process = "even"
rate_steps = [{ at = 2026-11-30T00:00:00, rate = "60/h" }]
next = "pack"
[[pool]]
name = "floor"
heads = 1
[[station]]
name = "pack"
pool = "floor"
takes = "90s"
next = "done"
[[sla]]
name = "on Monday"
clock = { cut_off = "08:00", calendar = "daily", due = "10:00" }
target = "94.9%"
"#;

/// The second head packs 57 orders by 10:00 if she begins by 08:34:30.
const SECOND_HEAD: &str = r#"[[lever]]
name = "a second head"
do = { pool = "floor", add = 1 }
from = 2026-11-30T06:00:00
until = 2026-11-30T12:00:00
cost = "13 GBP/h"
notice = "2 working days"
"#;

fn line(lever: &str) -> String {
    format!("{LINE}{lever}")
}

#[track_caller]
fn found(scenario: &str) -> Value {
    let words = ["run", "s.toml", "--progress", "none", "--format", "json", "--with", "decisions"];
    Desk::with(scenario).run(&words).with_code(0).document()
}

/// The first lever and its first SLA.
#[track_caller]
fn first(document: &Value) -> (Value, Value) {
    let lever = document["levers"][0].clone();
    assert!(lever.is_object(), "{}", document["levers"]);
    (lever.clone(), lever["slas"][0].clone())
}

#[track_caller]
fn told(scenario: &str) -> String {
    let words = ["run", "s.toml", "--progress", "none", "-o", "out", "--with", "decisions"];
    Desk::with(scenario).run(&words).with_code(0).stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn the_latest_start_is_the_one_worked_out_on_paper() {
    let document = found(&line(SECOND_HEAD));
    let (lever, sla) = first(&document);
    assert_eq!(
        (&sla["state"], &sla["keeps"], &sla["latest_start"], &sla["lost_from"]),
        (&json!("start by"), &json!("kept"), &json!("2026-11-30T08:30:00+00:00"), &json!("2026-11-30T09:00:00+00:00"))
    );
    // 480 less 399 are late without her, none with her from 06:00 on.
    assert_eq!((&document["slas"][0]["late_orders"]["value"], &sla["change"]["value"]), (&json!(81.0), &json!(-81.0)));
    assert_eq!((&sla["late_orders"]["value"], &sla["due_change"]["value"]), (&json!(0.0), &json!(0.0)));
    // Thursday and Friday lie whole between Wednesday's close of business and Monday.
    assert_eq!(sla["decide_by"], "2026-11-25T17:00:00+00:00");
    assert_eq!(
        (&lever["cost"], &sla["cost_at_latest"]["amount"]),
        (&json!({ "amount": 78.0, "currency": "GBP" }), &json!(45.5))
    );
    assert_eq!((&sla["fewest_heads"], &sla["monotone"]), (&json!(1), &json!(true)));
    // Twenty heads pack what is left in a quarter of an hour.
    assert_eq!((&sla["most_heads_tried"], &sla["hopeless_from"]), (&json!(20), &json!("2026-11-30T10:00:00+00:00")));

    let text = told(&line(SECOND_HEAD));
    for sentence in [
        "Decide on 'a second head' (1 head more in 'floor') by Wednesday 25 November, 17:00: it keeps 'on Monday' if it \
         starts by Monday 30 November, 08:30; from Monday 30 November, 09:00 on it is too late.",
        "It then costs 46 GBP.",
        "From Monday 30 November, 10:00 on no number of heads saves it (up to 20 were tried).",
    ] {
        assert!(text.contains(sentence), "{sentence}\n{text}");
    }
}

/// The same orders come on Monday and on Tuesday, none on Wednesday; each day is judged by itself.
fn two_days(lever: &str) -> String {
    let hours = "{ at = 2026-11-30T00:00:00, rate = \"60/h\" }, { at = 2026-11-30T08:00:00, rate = \"0/h\" }, \
                 { at = 2026-12-01T00:00:00, rate = \"60/h\" }, { at = 2026-12-01T08:00:00, rate = \"0/h\" }";
    let line = LINE.replace("{ at = 2026-11-30T00:00:00, rate = \"60/h\" }", hours);
    let line = line.replace("last = 2026-11-30", "last = 2026-12-02").replace("on Monday", "in time");
    format!("{}window = \"1d\"\n{}", line, lever.replace("until = 2026-11-30T12", "until = 2026-12-01T12"))
}

#[test]
fn each_day_that_a_lever_saves_has_a_deadline_of_its_own() {
    let day = |of: &str, next: &str, start: &str, by: &str, amount: f64, hopeless: &str| {
        json!({
            "from": format!("{of}T00:00:00+00:00"), "to": format!("{next}T00:00:00+00:00"),
            "latest_start": start, "decide_by": by, "cost_at_latest": { "amount": amount, "currency": "GBP" },
            "hopeless_from": hopeless, "monotone": true,
        })
    };
    let (monday, tuesday, wednesday) = ("2026-11-30", "2026-12-01", "2026-12-02");
    let tuesday = |amount| {
        let (start, hopeless) = ("2026-12-01T08:30:00+00:00", "2026-12-01T10:00:00+00:00");
        // From Friday on two working days lie before Tuesday.
        day(tuesday, wednesday, start, "2026-11-26T17:00:00+00:00", amount, hopeless)
    };
    let (_, sla) = first(&found(&two_days(SECOND_HEAD)));
    // Monday as above, with the price of all of both days that is left; she is paid until Tuesday noon.
    let (start, hopeless) = ("2026-11-30T08:30:00+00:00", "2026-11-30T10:00:00+00:00");
    let first_day = day(monday, "2026-12-01", start, "2026-11-25T17:00:00+00:00", 357.5, hopeless);
    assert_eq!(sla["days"], json!({ "open": 2, "saved": [first_day, tuesday(45.5)] }));
    // Both days are kept if the first one is.
    assert_eq!(sla["latest_start"], sla["days"]["saved"][0]["latest_start"]);

    // Too late for Monday, in time for Tuesday: the SLA is lost, a day is not.
    let late = two_days(&SECOND_HEAD.replace("11-30T06", "11-30T09"));
    let (_, sla) = first(&found(&late));
    assert_eq!((&sla["state"], &sla["latest_start"]), (&json!("never enough"), &Value::Null));
    assert_eq!(sla["days"], json!({ "open": 2, "saved": [tuesday(45.5)] }));
    let text = told(&late);
    for words in [
        "'a second head' saves 1 of the 2 days on which 'in time' is not surely kept without it: Tuesday 1 December, if \
         decided by Thursday 26 November, 17:00 (from Tuesday 1 December, 10:00 on no number of heads saves it, up to 20 \
         were tried).",
        "Days that a lever saves",
        "Other days of the SLA may be missed all the same.",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

#[test]
fn a_lever_that_saves_no_day_and_an_sla_without_days_say_nothing_of_days() {
    let too_late = two_days(&SECOND_HEAD.replace("11-30T06", "12-01T10"));
    let (_, sla) = first(&found(&too_late));
    assert_eq!(sla["days"], json!({ "open": 2, "saved": [] }));
    assert!(!told(&too_late).contains("Days that a lever saves"));
    // One window, and windows that overlap.
    assert_eq!(first(&found(&line(SECOND_HEAD))).1["days"], Value::Null);
    let weeks = two_days(SECOND_HEAD).replace("last = 2026-12-02", "last = 2026-12-13");
    let rolling = weeks.replace("window = \"1d\"", "window = \"rolling 7d\"");
    assert_eq!(first(&found(&rolling)).1["days"], Value::Null);
    // A window of a week is one for all that, and is named by its first and its last day.
    let text = told(&weeks.replace("window = \"1d\"", "window = \"7d\""));
    assert!(text.contains("without it: Monday 30 November to Sunday 6 December, if decided by"), "{text}");
}

/// So many heads more from 09:00 on, each 40 orders by 10:00.
fn from_nine(name: &str, cost: &str) -> String {
    SECOND_HEAD.replace("a second head", name).replace("06:00:00", "09:00:00").replace("13 GBP/h", cost)
}

#[test]
fn where_none_is_enough_alone_all_are_pulled_and_the_dearest_spared() {
    // 399 and 40 are not 456, with 40 more they are.
    let three = [from_nine("a", "13 GBP/h"), from_nine("b", "50 GBP/h"), from_nine("c", "14 GBP/h")].concat();
    let document = found(&line(&three));
    assert!(document["levers"].as_array().unwrap().iter().all(|one| one["slas"][0]["state"] == "never enough"));
    let together = &document["levers_together"][0];
    assert_eq!((&together["sla"], &together["keeps"]), (&json!("on Monday"), &json!("kept")));
    assert_eq!((&together["levers"], &together["enough"]), (&json!(["a", "b", "c"]), &json!(["a", "c"])));
    assert!((number(&together["held_with_enough"]["value"]) - 479.0 / 480.0).abs() < 1e-12, "{together}");
    // Three hours of either.
    assert_eq!(together["cost_of_enough"], json!({ "amount": 81.0, "currency": "GBP" }));
    let sentence = "Together, each started at its earliest, 'a' and 'c' keep 'on Monday', and 1 of the 3 can be spared: its \
                    worst window comes to 99.79 %, and the target is 94.9 %. They cost 81 GBP.";
    assert!(told(&line(&three)).contains(sentence), "{}", told(&line(&three)));
}

#[test]
fn where_not_even_all_together_are_enough_that_is_said() {
    let late = |name: &str| from_nine(name, "13 GBP/h").replace("09:00:00", "09:45:00");
    let document = found(&line(&[late("a"), late("b")].concat()));
    let together = &document["levers_together"][0];
    assert_eq!((&together["keeps"], &together["enough"]), (&json!("breached"), &Value::Null));
    let text = told(&line(&[late("a"), late("b")].concat()));
    assert!(text.contains("Not even all levers together, 'a' and 'b', each started at its earliest, keep"), "{text}");
    // One that is enough alone needs nobody else, and one lever is no set.
    assert_eq!(found(&line(&[late("a"), SECOND_HEAD.to_owned()].concat()))["levers_together"], json!([]));
    assert_eq!(found(&line(&late("a")))["levers_together"], json!([]));
    let plain = Desk::with(&line(&late("a"))).run(&["run", "s.toml", "--progress", "none", "--format", "json"]);
    assert_eq!(plain.with_code(0).document()["levers_together"], Value::Null);
}

#[test]
fn a_holiday_is_no_working_day_of_notice_and_a_notice_by_the_clock_is() {
    let friday = line(SECOND_HEAD).replace("replications = 1\n", "replications = 1\nholidays = [2026-11-27]\n");
    assert_eq!(first(&found(&friday)).1["decide_by"], "2026-11-24T17:00:00+00:00");
    let clock = line(&SECOND_HEAD.replace("2 working days", "4h"));
    assert_eq!(first(&found(&clock)).1["decide_by"], "2026-11-30T04:30:00+00:00");
    let none = line(&SECOND_HEAD.replace("notice = \"2 working days\"\n", ""));
    assert!(told(&none).contains("by Monday 30 November, 08:30, without notice: it keeps"), "{}", told(&none));
    let before = line(&SECOND_HEAD.replace("2 working days", "8 working days"));
    assert_eq!(first(&found(&before)).1["decide_by"], Value::Null);
    assert!(told(&before).contains("falls before the run begins"), "{}", told(&before));
}

#[test]
fn a_lever_that_comes_too_late_is_never_enough_and_the_heads_that_would_do_are_told() {
    // From 09:00 one head packs 40 orders, two pack 80.
    let late = line(&SECOND_HEAD.replace("06:00:00", "09:00:00"));
    let (_, sla) = first(&found(&late));
    assert_eq!(
        (&sla["state"], &sla["keeps"], &sla["latest_start"]),
        (&json!("never enough"), &json!("breached"), &Value::Null)
    );
    assert_eq!((&sla["decide_by"], &sla["fewest_heads"]), (&Value::Null, &json!(2)));
    assert!((number(&sla["held"]["value"]) - 439.0 / 480.0).abs() < 1e-12, "{sla}");
    let text = told(&late);
    let sentence = "cannot keep 'on Monday', whenever it starts: at the earliest, Monday 30 November, 09:00, its worst window \
                    comes to 91.5 %, and the target is 94.9 %. It takes 2 at the earliest start";
    assert!(text.contains(sentence), "{text}");

    let hopeless = line(&SECOND_HEAD.replace("06:00:00", "10:00:00"));
    let (_, sla) = first(&found(&hopeless));
    assert_eq!(
        (&sla["state"], &sla["fewest_heads"], &sla["hopeless_from"]),
        (&json!("never enough"), &Value::Null, &json!("2026-11-30T10:00:00+00:00"))
    );
    assert!(told(&hopeless).contains("Nor do 20 keep it then."), "{}", told(&hopeless));
}

#[test]
fn a_lever_that_is_not_needed_says_so_and_one_that_always_helps_has_its_last_start() {
    let easy = line(SECOND_HEAD).replace("94.9%", "80%");
    let document = found(&easy);
    let (_, sla) = first(&document);
    assert_eq!(
        (&sla["state"], &sla["latest_start"], &sla["fewest_heads"]),
        (&json!("not needed"), &Value::Null, &Value::Null)
    );
    // Its effect is known all the same.
    assert_eq!(sla["change"]["value"], -81.0);
    assert!(told(&easy).contains("No decision is needed: every SLA is kept without any lever."), "{}", told(&easy));

    // 84 % are 404 orders, and half an hour of a second head packs 20 more than 399.
    let any = line(&SECOND_HEAD.replace("12:00:00", "08:00:00")).replace("94.9%", "84%");
    let (_, sla) = first(&found(&any));
    assert_eq!((&sla["state"], &sla["latest_start"]), (&json!("any start"), &json!("2026-11-30T07:30:00+00:00")));
}

#[test]
fn a_pause_of_the_source_is_too_late_once_too_many_orders_have_come() {
    // Of n orders 399 are packed by 10:00: 420 may come, those before 07:00; with those of the next half hour 450.
    let pause = "[[lever]]\nname = \"shut the shop\"\ndo = { pause = \"web shop\" }\nfrom = 2026-11-30T04:00:00\n\
                 until = 2026-11-30T08:00:00\nnotice = \"1h\"\n";
    let (lever, sla) = first(&found(&line(pause)));
    assert_eq!(
        (&sla["latest_start"], &sla["decide_by"]),
        (&json!("2026-11-30T07:00:00+00:00"), &json!("2026-11-30T06:00:00+00:00"))
    );
    assert_eq!((&sla["due_change"]["value"], &sla["change"]["value"]), (&json!(-240.0), &json!(-81.0)));
    assert!(told(&line(pause)).contains("At the earliest it gives orders away: -240 due in a run."));
    assert_eq!(
        (&lever["what"], &lever["cost"], &sla["fewest_heads"]),
        (&json!("'web shop' takes no orders"), &Value::Null, &Value::Null)
    );
}

/// The small shop with a promise that it does not keep.
fn busy(lever: &str) -> String {
    let busy = SMALL.replace("replications = 6", "replications = 10").replace("\"4m\"", "\"6m\"");
    let busy = busy.replace("orders_per_day = 150", "orders_per_day = 200");
    format!("{busy}{lever}")
}

/// A lever of the small shop for the whole of its run.
fn lever(action: &str) -> String {
    let name = "\n[[lever]]\nname = \"x\"\n";
    busy(
        &format!("{name}do = {action}\nfrom = 2026-11-22T00:00:00\nuntil = 2026-11-27T24:00:00\n")
            .replace("27T24", "27T23"),
    )
}

/// What the lever does is what `changed`, the same written into the plan, gives.
#[track_caller]
fn as_planned(action: &str, changed: &str) {
    let (_, sla) = first(&found(&lever(action)));
    let words = ["run", "s.toml", "--progress", "none", "--format", "json"];
    let planned = Desk::with(changed).run(&words).with_code(0).document();
    assert_eq!(sla["late_orders"], planned["slas"][0]["late_orders"], "{action}");
    assert_eq!(sla["attainment"], planned["slas"][0]["attainment"], "{action}");
    assert_ne!(sla["change"]["value"], 0.0, "{action}");
}

#[test]
fn what_a_lever_does_is_what_the_same_in_the_plan_does() {
    let twilight = "{ pool = \"floor\", add = 2, from = \"18:00\", to = \"22:00\", breaks = [\"20:00 15m\"] }";
    let more =
        "heads = 2 }, { days = \"every day\", from = \"18:00\", to = \"22:00\", heads = 2, breaks = [\"20:00 15m\"] }]";
    as_planned(twilight, &busy("").replace("heads = 2 }]", more));
    as_planned("{ pool = \"floor\", add = 1 }", &busy("").replace("heads = 2", "heads = 3"));
    as_planned("{ cut_off = \"11:00\", sla = \"same day\" }", &busy("").replace("14:00", "11:00"));
    let change =
        |at: &str, to: &str| format!("\n[[change]]\nat = {at}\nwhat = 'source.\"web shop\".uplift'\nto = {to}\n");
    let pause = change("2026-11-22T00:00:00", "0.0") + &change("2026-11-27T23:00:00", "1.0");
    let pause = busy(&pause);
    let (_, sla) = first(&found(&lever("{ pause = \"web shop\" }")));
    let words = ["run", "s.toml", "--progress", "none", "--format", "json"];
    let planned = Desk::with(&pause).run(&words).with_code(0).document();
    assert_eq!(planned["orders"]["arrived"]["value"], 0.0);
    assert!(number(&sla["due_change"]["value"]) < -200.0, "{sla}");
}

#[test]
fn releases_and_collections_join_those_of_the_plan() {
    let gates = |text: String| {
        text.replace(
            "next = \"done\"",
            "next = \"collection\"\nrelease = { at = [\"08:00\", \"12:00\"] }\n[[collection]]\ncarrier = \"lorry\"\nat = \"15:00\"",
        )
    };
    for (action, old, new) in [
        ("{ release = \"pick\", at = \"14:00\" }", "\"12:00\"]", "\"12:00\", \"14:00\"]"),
        ("{ collection = \"lorry\", at = \"17:30\" }", "\"15:00\"", "[\"15:00\", \"17:30\"]"),
    ] {
        let (_, sla) = first(&found(&gates(lever(action))));
        let words = ["run", "s.toml", "--progress", "none", "--format", "json"];
        let planned = Desk::with(&gates(busy("")).replace(old, new)).run(&words).with_code(0).document();
        assert_eq!(sla["late_orders"], planned["slas"][0]["late_orders"], "{action}");
        assert!(number(&sla["change"]["value"]) < 0.0, "{sla}");
    }
}

#[test]
fn a_cap_and_a_mailing_that_is_not_sent_take_their_orders_away_and_no_others() {
    let send = "\n[[campaign]]\nname = \"noon email\"\nsent = 2026-11-23T12:00:00\norders = 100\ncounted = \"on top\"\n\
                response = \"sms\"\n";
    let (lever_unsent, sla) = first(&found(&(lever("{ pause = \"noon email\" }") + send)));
    assert_eq!(lever_unsent["earliest_start"], "2026-11-23T12:00:00+00:00");
    let words = ["run", "s.toml", "--progress", "none", "--format", "json"];
    let without = Desk::with(&busy("")).run(&words).with_code(0).document();
    assert_eq!(sla["late_orders"], without["slas"][0]["late_orders"]);
    assert!((number(&sla["due_change"]["value"]) + 100.0).abs() < 20.0, "{sla}");
    // 200 a day are 8.3 an hour: a cap of 50 holds back the mailing alone, one of 1,000 nothing.
    let capped = |most: &str| {
        let action = format!("{{ source = \"web shop\", at_most = \"{most} orders/h\" }}");
        number(&first(&found(&(lever(&action) + send))).1["due_change"]["value"])
    };
    let (some, none) = (capped("50"), capped("1000"));
    assert!(-90.0 < some && some < -20.0 && none == 0.0, "{some} {none}");
}

#[test]
fn levers_that_are_declared_change_no_byte_unless_asked() {
    let written = |scenario: &str| {
        let desk = Desk::with(scenario);
        let text = desk.run(&["run", "s.toml", "--progress", "none", "-o", "out"]).with_code(0).stdout;
        let (json, html) = (desk.read("out/results.json"), desk.read("out/report.html"));
        let hash = serde_json::from_slice::<Value>(&json).unwrap()["scenario"]["hash"].as_str().unwrap().to_owned();
        let plain = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&hash, "HASH");
        assert!(text.contains(&hash[..8]), "{text}");
        [plain(text.into_bytes()), plain(json), plain(html)]
    };
    let (with, without) = (written(&line(SECOND_HEAD)), written(LINE));
    assert_eq!(with, without);
    assert!(with[1].contains("\"levers\": null"));
}

#[test]
fn threads_change_no_byte_and_page_one_has_the_decisions() {
    let desk = Desk::with(&lever("{ pool = \"floor\", add = 2, from = \"18:00\", to = \"22:00\" }"));
    let written = |threads: &str| {
        let words = ["run", "s.toml", "--progress", "none", "--with", "decisions", "--threads", threads, "-o", threads];
        let stdout = desk.run(&words).with_code(0).stdout;
        (stdout, desk.read(&format!("{threads}/results.json")), desk.read(&format!("{threads}/report.html")))
    };
    let one = written("1");
    assert!(one == written("3"));
    let page = String::from_utf8(one.2).unwrap();
    let front = page.split("<nav").next().unwrap();
    assert!(front.contains("<h2>Decisions</h2>") && page.contains("What each lever does"), "{front}");
    assert!(page.contains("--with decisions"));
}

#[test]
fn without_levers_without_slas_and_without_orders_nothing_is_claimed() {
    assert!(told(LINE).contains("No lever is declared"));
    assert_eq!(found(LINE)["levers"], json!([]));
    let no_sla = line(SECOND_HEAD).replace(&LINE[LINE.find("[[sla]]").unwrap()..], "");
    assert_eq!(found(&no_sla)["levers"][0]["slas"], json!([]));
    assert!(told(&no_sla).contains("There is no SLA that a lever could keep."));
    let empty = line(SECOND_HEAD).replace("2026-11-30T00:00:00, rate", "2026-12-02T00:00:00, rate");
    let (_, sla) = first(&found(&empty));
    assert_eq!(
        (&sla["state"], &sla["change"]["value"], &sla["latest_start"]),
        (&json!("unknown"), &Value::Null, &Value::Null)
    );
    let limited = lever("{ pool = \"floor\", add = 2 }").replace("orders_per_day = 200", "orders_per_day = 5000");
    let limited = limited + "[limits]\nin_flight = 50\n";
    let words = ["run", "s.toml", "--progress", "none", "--format", "json", "--with", "decisions"];
    let (_, sla) = first(&Desk::with(&limited).run(&words).with_code(22).document());
    assert_eq!((&sla["state"], &sla["effect"]), (&json!("unknown"), &json!("unknown")));
}

#[test]
fn a_lever_that_makes_no_sense_is_refused_with_its_place_and_what_would_be_right() {
    #[track_caller]
    fn refused(lever: &str, words: &[&str]) {
        let ended = Desk::with(&line(lever)).run(&["validate", "s.toml"]).with_code(20);
        for word in words {
            assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
        }
        assert!(ended.stderr.contains("s.toml:"), "{}", ended.stderr);
    }
    let swap = |old: &str, new: &str| SECOND_HEAD.replace(old, new);
    let act = |action: &str| swap("{ pool = \"floor\", add = 1 }", action);
    refused(&act("{ pool = \"flor\", add = 1 }"), &["there is no pool called \"flor\"", "did you mean `floor`?"]);
    refused(&act("{ pool = \"floor\", ad = 1 }"), &["this table needs", "`add`", "`pause`"]);
    refused(&act("{ pool = \"floor\", add = 1, from = \"18:00\" }"), &["belong together", "to = \"22:00\""]);
    refused(&act("{ pool = \"floor\", add = 1, speed = 0.8 }"), &["have no shifts"]);
    refused(
        &act("{ pool = \"floor\", add = 1, overtime = 1.5 }"),
        &["`overtime` of a lever of heads is not in this version"],
    );
    refused(&act("{ release = \"pack\", at = \"16:00\" }"), &["no releases at clock times", "release = {"]);
    refused(&act("{ collection = \"pack\", at = \"16:00\" }"), &["no carrier called \"pack\" collects"]);
    refused(&act("{ cut_off = \"12:00\", sla = \"on Mondy\" }"), &["did you mean `on Monday`?"]);
    refused(&act("{ cut_off = \"12:00\", sla = \"on Monday\" }"), &["would be due at 10:00 of the same day"]);
    refused(
        &act("{ at_most = \"60/h\", source = \"web shop\" }"),
        &["do not follow a planned rate", "not-in-this-version"],
    );
    refused(&act("{ pause = \"web shp\" }"), &["did you mean `web shop`?"]);
    refused(&swap("until = 2026-11-30T12:00:00", "until = 2026-11-30T05:00:00"), &["ends before it can act"]);
    refused(
        &swap("06:00:00\nuntil = 2026-11-30T12:00:00", "06:00:00").replace("2026-11-30T06", "2026-12-01T06"),
        &["only after the judged time"],
    );
    refused(&swap("13 GBP/h", "13 GBP per order"), &["by the hour, or once", "cost = \"400 GBP\""]);
    refused(&swap("2 working days", "2 wrking days"), &["working days"]);
    refused(&swap("notice", "notce"), &["did you mean `notice`?"]);
    refused(&format!("{SECOND_HEAD}{SECOND_HEAD}"), &["two levers called"]);
    let campaign = "[[campaign]]\nname = \"sale\"\ndays = { 2026-11-30 = 2.0 }\nsources = [\"web shop\"]\n";
    refused(&format!("{}{campaign}", act("{ pause = \"sale\" }")), &["not in this version"]);
}

#[test]
fn the_schema_knows_levers() {
    let schema = Desk::with("").run(&["schema"]).with_code(0).document();
    assert!(
        schema["definitions"]["LeverTable"]["properties"]["notice"].is_object(),
        "{}",
        schema["definitions"]["LeverTable"]
    );
}
