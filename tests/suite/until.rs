//! As many replications as a number needs, as many as there is time for, and a word where they are too few.

use super::cli::{Desk, Ended, SMALL};
use serde_json::{Value, json};

const ATTAINMENT: &str = "sla.'same day'.attainment";

fn run(desk: &Desk, more: &[&str]) -> Ended {
    desk.run(&[&["run", "s.toml", "--progress", "none", "--format", "json"], more].concat())
}

/// The small shop with a promise that it keeps for about a third of its orders.
fn busy() -> String {
    let promise = ", cut_off = \"14:00\", calendar = \"daily\" }";
    SMALL.replace("\"4m\"", "\"6m\"").replace(promise, " }\nwithin = \"4h\"")
}

#[track_caller]
fn until(desk: &Desk, wanted: &str, more: &[&str], code: i32) -> Value {
    run(desk, &[&["--until", wanted], more].concat()).with_code(code).document()
}

#[test]
fn a_run_ends_when_its_number_is_known_whatever_the_threads() {
    let desk = Desk::with(&busy());
    let wanted = format!("{ATTAINMENT} ± 1pp");
    let one = run(&desk, &["--until", &wanted, "--threads", "1"]).with_code(0);
    let three = run(&desk, &["--until", &wanted, "--threads", "3"]).with_code(0);
    assert_eq!(one.stdout, three.stdout);
    let document = one.document();
    let found = &document["until"];
    let (reached, count) = (found["reached_half_width"].as_f64().unwrap(), document["replications"].as_u64().unwrap());
    assert!(reached <= 0.01 && count > 22, "{reached} after {count}");
    assert_eq!(
        (&found["outcome"], &found["wanted"], &found["unit"]),
        (&json!("reached"), &json!("± 1pp"), &json!("share"))
    );
    assert_eq!((&found["observed"], &document["partial"]), (&document["slas"][0]["attainment"], &json!(false)));
    // The runs are those of a series of that length.
    let mut plain = run(&desk, &["--reps", &count.to_string()]).with_code(0).document();
    plain["until"] = found.clone();
    assert_eq!(plain, document);
    // Twenty replications would not have done.
    let fewer = run(&desk, &["--reps", "20"]).with_code(0).document()["slas"][0]["attainment"].clone();
    assert!((fewer["high"].as_f64().unwrap() - fewer["low"].as_f64().unwrap()) / 2.0 > 0.01, "{fewer}");
}

#[test]
fn twenty_replications_and_one_more_batch_are_the_fewest() {
    let desk = Desk::with(SMALL);
    let document = until(&desk, &format!("{ATTAINMENT} ± 60pp"), &[], 0);
    assert_eq!((&document["replications"], &document["until"]["outcome"]), (&json!(22), &json!("reached")));
}

#[test]
fn an_interval_without_width_is_not_taken_for_certainty() {
    // Every order is in time in every run.
    let document = until(&Desk::with(SMALL), &format!("{ATTAINMENT} ± 0.5pp"), &[], 0);
    assert_eq!((&document["replications"], &document["until"]["reached_half_width"]), (&json!(22), &json!(0.0)));
    // 0.05^(1/22) = 0.8727
    let told = "All 22 replications say the same of sla.'same day'.attainment, so its interval has no width; that up to \
                12.7 % of runs would say something else is not ruled out.";
    assert!(document["warnings"].as_array().unwrap().contains(&json!(told)), "{}", document["warnings"]);
}

#[test]
fn a_width_is_written_in_many_ways() {
    let desk = Desk::with(SMALL);
    for (wanted, width) in [
        ("sla.'same day'.attainment +- 60pp", Some(0.6)),
        ("sla.'same day'.attainment+/-60 points", Some(0.6)),
        ("orders.time_to_dispatch.mean ± 5h", Some(18_000.0)),
        ("orders.arrived ± 90%", None),
        ("orders.time_to_dispatch.p95 ± 90% or 5h", None),
        ("orders.arrived.quantile_over_runs(0.5) ± 200", Some(200.0)),
    ] {
        let found = until(&desk, wanted, &[], 0)["until"].clone();
        let of = |key: &str| found[key].as_f64().unwrap_or_else(|| panic!("{wanted}: {found}"));
        if let Some(width) = width {
            assert!((of("wanted_half_width") - width).abs() < 1e-9, "{found}");
        }
        assert!(of("reached_half_width") <= of("wanted_half_width"), "{found}");
    }
}

#[test]
fn a_limit_that_is_too_low_is_told() {
    let desk = Desk::with(&busy());
    let document = until(&desk, &format!("{ATTAINMENT} ± 0.001pp"), &["--reps", "30"], 22);
    assert_eq!((&document["replications"], &document["partial"]), (&json!(30), &json!(true)));
    assert_eq!(document["until"]["outcome"], "limit reached");
    let warned = document["warnings"].as_array().unwrap().iter().any(|text| {
        text.as_str().unwrap().contains("not known to ± 0.001pp: 30 replications were run, the most allowed")
    });
    assert!(warned, "{}", document["warnings"]);
    let text =
        desk.run(&["run", "s.toml", "--reps", "5", "--until", "orders.arrived +- 0.1%", "-o", "out"]).with_code(22);
    let lines = text.stdout.replace('\n', " ");
    assert!(lines.contains("5 replications were allowed, and --reps allows more"), "{lines}");
    let page = String::from_utf8(desk.read("out/report.html")).unwrap();
    assert!(page.contains("were allowed, and --reps allows more"));
}

#[test]
fn progress_shows_the_interval_of_the_number() {
    let desk = Desk::with(SMALL);
    let ended = desk.run(&["run", "s.toml", "--progress", "plain", "--until", "orders.arrived ± 5%"]).with_code(0);
    assert!(ended.stderr.contains("orders.arrived (until ± 5%)"), "{}", ended.stderr);
    assert!(ended.stderr.lines().last().unwrap().starts_with("Written"), "{}", ended.stderr);
    assert!(ended.stderr.contains("100 %: 22 of 22 replications"), "{}", ended.stderr);
}

#[test]
fn what_cannot_be_read_is_pointed_at() {
    let desk = Desk::with(SMALL);
    for (wanted, expected) in [
        ("station.pikc.wait.mean ± 5m", "did you mean `pick`?"),
        ("sla.'same dya'.attainment ± 1pp", "did you mean `same day`?"),
        ("orders.arrived", "has no half-width"),
        ("orders.arrived ± 1pp", "not a share"),
        ("orders.arrived ± 0", "more than 0"),
        ("orders.arrived + 5", "does not begin with `±`"),
        ("sla.'same day'.attainment ± 5m", "write 0.5pp"),
        ("cost.labour ± 2%", "can never be told: no pool has a cost"),
        ("", "a word is missing"),
    ] {
        let ended = desk.run(&["run", "s.toml", "--until", wanted]).with_code(20);
        assert!(ended.stderr.contains(expected) && ended.stderr.contains("--until"), "{wanted}: {}", ended.stderr);
        assert!(desk.files("reports").is_empty());
        let diagnostic = run(&desk, &["--until", wanted]).with_code(20).document()["error"]["diagnostics"][0].clone();
        assert_eq!((&diagnostic["file"], &diagnostic["code"]), (&json!("--until"), &json!("bad-metric")), "{wanted}");
    }
    desk.run(&["run", "s.toml", "--until", "orders.arrived ± 5%", "--only-rep", "3"]).with_code(2);
}

#[test]
fn checks_can_have_the_replications_that_a_number_needs() {
    let check = "\n[[check]]\nname = \"most\"\nexpect = \"sla.'same day'.attainment >= 5%\"\n";
    let desk = Desk::with(&format!("{SMALL}{check}"));
    let words = ["check", "s.toml", "--progress", "none", "--format", "json", "--until"];
    let wanted = format!("{ATTAINMENT} ± 10pp");
    let document = desk.run(&[&words[..], &[&wanted]].concat()).with_code(0).document();
    assert_eq!((&document["checks"][0]["verdict"], &document["until"]["outcome"]), (&json!("pass"), &json!("reached")));
    let failed = desk.run(&[&words[..], &[&wanted, "--set", "check.most.expect='orders.arrived <= 1'"]].concat());
    failed.with_code(10);
    desk.run(&[&words[..], &["orders.arrived ± 0.001%", "--reps", "21"]].concat()).with_code(22);
}

#[test]
fn a_deadline_ends_with_22_and_the_best_answer_so_far() {
    let desk = Desk::with(&format!("{SMALL}\n[[check]]\nname = \"some\"\nexpect = \"orders.arrived >= 1\"\n"));
    let until = ["run", "s.toml", "--reps", "60000", "--until", "orders.arrived ± 0.0001%"];
    for words in [
        &["run", "s.toml", "--reps", "60000"][..],
        &["check", "s.toml", "--reps", "60000"],
        &["compare", "s.toml", "--reps", "30000", "--variant", "more: pool.floor.shifts.0.heads=3"],
        &["breach", "s.toml", "--reps", "60000"],
        &until,
    ] {
        for time in ["0s", "300ms"] {
            let options = ["--deadline", time, "--progress", "none", "--format", "json"];
            let ended = desk.run(&[words, &options[..]].concat()).with_code(22);
            let document = ended.document();
            if document.get("error").is_some() {
                let message = document["error"]["message"].as_str().unwrap();
                assert!(message.contains(&format!("deadline of {time}")), "{words:?}: {message}");
                continue;
            }
            assert_eq!(document["partial"], json!(true), "{words:?}");
            // Replications were counted, or a search had looked at some loads.
            let what = if words[0] == "breach" { "of source.*.uplift what is known" } else { "the first" };
            assert!(ended.stderr.contains(&format!("Deadline of {time} reached: {what}")), "{}", ended.stderr);
        }
    }
    let late = desk.run(&["run", "s.toml", "--deadline", "10d", "--progress", "none", "--format", "json"]).with_code(0);
    assert_eq!(late.document()["partial"], json!(false));
    let wrong = desk.run(&["run", "s.toml", "--deadline", "60"]).with_code(2);
    assert!(wrong.stderr.contains("`60` is not a span of time such as 90s"), "{}", wrong.stderr);
}

#[test]
fn the_first_replications_of_a_deadline_are_those_of_a_short_run() {
    let desk = Desk::with(SMALL);
    // However slow the machine is, some replications end within a minute; however fast, not a million.
    let document = run(&desk, &["--reps", "60000", "--deadline", "2s"]).with_code(22).document();
    if let Some(count) = document["replications"].as_u64() {
        let plain = run(&desk, &["--reps", &count.to_string()]).with_code(0).document();
        assert_eq!((&plain["slas"], &plain["events"]), (&document["slas"], &document["events"]));
    }
}

#[test]
fn too_few_runs_for_a_percentile_are_told_with_how_many_would_do() {
    let measure = "
[[measure]]
name = \"bad days\"
path = \"orders.arrived.quantile_over_runs(0.95)\"
[[measure]]
name = \"slow orders\"
path = \"orders.time_to_dispatch.p50\"
";
    let desk = Desk::with(&format!("{SMALL}{measure}"));
    let warnings = |reps: &str| run(&desk, &["--reps", reps]).with_code(0).document()["warnings"].clone();
    let told = "'bad days': 6 runs are too few to bound the 95 % quantile over the runs \
                (orders.arrived.quantile_over_runs(0.95)) on both sides; 72 runs would bound it.";
    // The first warning is of the timeline.
    assert_eq!((&warnings("6")[1], &warnings("6")[2]), (&json!(told), &Value::Null));
    assert!(warnings("71")[1].as_str().unwrap().contains("71 runs are too few"));
    assert_eq!(warnings("72")[1], Value::Null);
}
