//! What `peaksim check` promises: three verdicts, judged on intervals, with exit codes that a build can trust.

use super::cli::{Desk, Ended, SMALL};
use serde_json::json;

/// The small shop with a check for each expectation.
fn expecting(expectations: &[&str]) -> Desk {
    let mut text = SMALL.to_owned();
    for (k, expect) in expectations.iter().enumerate() {
        text += &format!("\n[[check]]\nname = \"check {}\"\nexpect = \"{expect}\"\n", k + 1);
    }
    Desk::with(&text)
}

fn checked(desk: &Desk, more: &[&str]) -> Ended {
    desk.run(&[&["check", "s.toml", "--progress", "none"], more].concat())
}

const SURE: &str = "sla.'same day'.attainment >= 50%";
const HOPELESS: &str = "orders.time_to_dispatch.mean <= 1m";
/// The value itself lies at the limit, to within its interval.
const OPEN: &str = "orders.arrived >= 300";

#[test]
fn every_check_passed_is_0_and_one_that_failed_is_10() {
    checked(&expecting(&[SURE, "station.pick.wait.p95 < 3d"]), &[]).with_code(0);
    let failed = checked(&expecting(&[SURE, HOPELESS, OPEN]), &[]).with_code(10);
    assert!(failed.stdout.contains("FAIL ") && failed.stdout.contains("PASS "), "{}", failed.stdout);
    assert!(failed.stderr.is_empty(), "{}", failed.stderr);
}

#[test]
fn none_failed_but_one_cannot_be_told_is_11_and_says_what_would_decide_it() {
    let open = checked(&expecting(&[SURE, OPEN]), &[]).with_code(11);
    assert!(open.stdout.contains("INCONCLUSIVE ") && open.stdout.contains("--reps "), "{}", open.stdout);
    let open = checked(&expecting(&[SURE, OPEN]), &["--format", "json"]).with_code(11).document();
    let (check, needed) = (&open["checks"][1], open["checks"][1]["replications_needed"].as_u64().unwrap());
    assert!(needed > 6 && check["reason"].as_str().unwrap().contains(&format!("--reps {needed}")), "{check}");
    let (low, high) = (check["observed"]["low"].as_f64().unwrap(), check["observed"]["high"].as_f64().unwrap());
    assert!(low < 300.0 && 300.0 < high, "{check}");
    // One replication has no interval, however clear its value.
    let one = checked(&expecting(&[SURE]), &["--reps", "1"]).with_code(11);
    assert!(one.stdout.contains("run at least two"), "{}", one.stdout);
}

#[test]
fn the_text_of_the_checks() {
    let desk = expecting(&[SURE, HOPELESS, OPEN]);
    let said = checked(&desk, &[]).with_code(10).stdout;
    let said = said.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let (checks, footer) = said.split_at(said.rfind("\n\n").unwrap());
    insta::assert_snapshot!(checks, @"
    Two small days

    Checks (judged on the whole interval)
    PASS          check 1: 100 %, expected >= 50%
    FAIL          check 2: 6 h (5.6 h to 6.3 h), expected <= 1m: orders.time_to_dispatch.mean
    INCONCLUSIVE  check 3: 303.3 (293 to 313.7), expected >= 300; about 58 replications would probably
                  decide it: --reps 58

    What breaks, when and why: peaksim run, on the same file.
    ");
    assert!(footer.contains("6 replications, seed 1, 95 % intervals"), "{footer}");
}

#[test]
fn a_number_that_happens_to_have_no_samples_is_not_passed() {
    // Patience that never ends in a run: some could give up, but nobody does.
    let desk = expecting(&["station.pick.wait.abandoned.mean <= 1h"]);
    let patience = ["--set", "station.pick.patience='60d'"];
    let ended = checked(&desk, &[&patience[..], &["--format", "json"]].concat()).with_code(11).document();
    let check = &ended["checks"][0];
    assert_eq!((&check["observed"]["value"], &check["verdict"]), (&json!(null), &json!("inconclusive")), "{check}");
    assert!(check["reason"].as_str().unwrap().contains("no run has anything to tell"), "{check}");
}

#[test]
fn a_run_that_reached_a_limit_passes_nothing_and_ends_with_22() {
    let desk = expecting(&["orders.arrived >= 1"]);
    let busy = ["--set", "source.\"web shop\".orders_per_day=20000", "--set", "limits.events=20000"];
    let ended = checked(&desk, &busy).with_code(22);
    assert!(ended.stdout.contains("INCONCLUSIVE") && ended.stdout.contains("reached a limit"), "{}", ended.stdout);
    assert!(!ended.stdout.contains("PASS"), "{}", ended.stdout);
}

#[test]
fn without_chance_one_run_decides() {
    let desk = expecting(&["station.pick.service.mean <= 4m", "station.pick.service.mean < 4m"]);
    let plain = [
        "--set",
        "source=[{ name = 'web shop', arrivals = [2026-11-23T10:00:00, 2026-11-23T11:00:00], next = 'pick' }]",
        "--set",
        "station.pick.takes='4m'",
    ];
    let ended = checked(&desk, &[&plain[..], &["--reps", "1", "--format", "json"]].concat());
    let document = ended.document();
    assert_eq!(document["deterministic"], true, "{document}");
    let verdicts = [&document["checks"][0]["verdict"], &document["checks"][1]["verdict"]];
    assert_eq!(verdicts, [&json!("pass"), &json!("fail")]);
    ended.with_code(10);
}

#[test]
fn an_unknown_metric_is_an_error_at_its_place_with_a_suggestion() {
    for (expect, told) in [
        ("station.pikc.wait.p95 <= 15m", "did you mean `pick`?"),
        ("sla.'same day'.attainmnt >= 98%", "did you mean `attainment`?"),
        ("station.pick.wait.p95 <= 98%", "for example: station.pick.wait.p95 <= 15m"),
        ("station.pick.wait.abandoned.mean <= 1h", "no `patience`"),
        ("station.pick.abandoned_share <= 5%", "nobody gives up waiting at station \"pick\", which has no `patience`"),
        ("station.pick.abandoned <= 20", "no `patience`"),
        ("source.'web shop'.abandoned_share <= 5%", "no station has `patience`"),
        ("station.pick.batch_size.mean >= 2", "no `batch`"),
        ("cost.labour <= 5000", "no pool has a cost"),
        ("orders.time_in_system.p95 <= 2d", "percentiles are kept of"),
        ("station.pick.queue.at(2027-11-27T10:00) <= 10", "after the end of the run"),
    ] {
        let desk = expecting(&[expect]);
        for command in ["check", "run", "validate"] {
            let ended = desk.run(&[command, "s.toml"]).with_code(20);
            assert!(ended.stderr.contains("s.toml:34") && ended.stderr.contains(told), "{expect}: {}", ended.stderr);
        }
    }
}

#[test]
fn a_file_without_checks_says_so() {
    let ended = checked(&Desk::with(SMALL), &[]).with_code(20);
    assert!(ended.stderr.contains("has no [[check]]"), "{}", ended.stderr);
    // What it shows as an example can be used as it is.
    let example = ended.stderr.split("[[check]]\nname").nth(1).unwrap();
    let desk = Desk::with(&format!("{SMALL}\n[[check]]\nname{example}"));
    assert_ne!(checked(&desk, &[]).code, Some(20));
}

#[test]
fn a_run_shows_the_checks_and_still_ends_with_0() {
    let desk = expecting(&[SURE, HOPELESS]);
    let text = desk.run(&["run", "s.toml"]).with_code(0).stdout;
    assert!(text.contains("FAIL ") && text.contains("check 2: "), "{text}");
    let run = desk.run(&["run", "s.toml", "--format", "json"]).with_code(0).stdout;
    // The same document, byte for byte.
    assert_eq!(checked(&desk, &["--format", "json"]).with_code(10).stdout, run);
    assert!(desk.files("reports").contains(&"s".to_owned()), "only of the run in text form");
}

#[test]
fn the_page_of_a_run_holds_every_check_with_its_verdict() {
    let desk = expecting(&[SURE, HOPELESS, OPEN]);
    desk.run(&["run", "s.toml", "-o", "out"]).with_code(0);
    let page = String::from_utf8(desk.read("out/report.html")).unwrap();
    let (_, section) = page.split_once("id=\"checks\"").expect("a section of checks");
    let section = section.split("</section>").next().unwrap();
    for words in
        ["check 1", "pass", HOPELESS.split(' ').next().unwrap(), "fail", "inconclusive", "--reps 58", "peaksim check"]
    {
        assert!(section.contains(words), "{words}: {section}");
    }
}

#[test]
fn a_check_changes_no_other_number() {
    let plain = Desk::with(SMALL).run(&["run", "s.toml", "--format", "json"]).with_code(0).document();
    let checked = expecting(&[SURE, OPEN]).run(&["run", "s.toml", "--format", "json"]).with_code(0).document();
    for (key, value) in plain.as_object().unwrap() {
        if !["checks", "scenario"].contains(&key.as_str()) {
            assert_eq!(&checked[key], value, "{key}");
        }
    }
}
