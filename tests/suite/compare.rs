//! What `peaksim compare` promises: verdicts on paired differences that are rarely false, and what they rest on.

use super::cli::{Desk, SMALL};
use peaksim::engine::Plan;
use peaksim::experiment::Series;
use peaksim::experiment::compare::{Contestant, Contrast, ContrastVerdict, Margins, Terms, compare};
use peaksim::experiment::replications::run;
use peaksim::model::Model;
use peaksim::observation::ReplicationRecord;
use peaksim::scenario::Scenario;
use peaksim::statistics::distributions::binomial_survival;
use peaksim::statistics::estimate::Estimate;
use peaksim::statistics::paired::holm;
use peaksim::statistics::proportion::clopper_pearson;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// The small shop with a promise that it keeps for about a third of its orders, and people who are paid.
fn busy() -> String {
    SMALL
        .replace("replications = 6", "replications = 20")
        .replace("\"4m\"", "\"6m\"")
        .replace("order_of_work", "cost = \"14 GBP/h\"\norder_of_work")
        .replace(", cut_off = \"14:00\", calendar = \"daily\" }", " }\nwithin = \"4h\"")
}

const ONE_MORE: &str = "one more: pool.floor.shifts.0.heads=3";
const SLOWER: &str = "slower: station.pick.takes.one_in_ten_over='20m'";

#[track_caller]
fn compared(desk: &Desk, more: &[&str]) -> Value {
    desk.run(&[&["compare", "s.toml", "--progress", "none", "--format", "json"], more].concat()).with_code(0).document()
}

fn verdict(document: &Value, variant: usize) -> &str {
    document["comparisons"][variant]["slas"][0]["verdict"].as_str().unwrap()
}

#[test]
fn identical_scenarios_differ_by_exactly_nothing() {
    let desk = Desk::with(&busy());
    desk.put("copy.toml", busy());
    let document = compared(&desk, &["copy.toml"]);
    let found = &document["comparisons"][0];
    assert_eq!((&found["variant"], &found["differs"]), (&json!("copy"), &json!([])));
    let exploratory = found["exploratory"].as_array().unwrap();
    for contrast in [&found["slas"][0], &found["cost"]].into_iter().chain(exploratory) {
        assert_eq!(contrast["difference"]["value"], 0.0, "{contrast}");
        assert_eq!((&contrast["p"], &contrast["verdict"]), (&json!(1.0), &json!("no real difference")), "{contrast}");
    }
    assert_eq!(document["best_set"], Value::Null);
}

#[test]
fn one_more_pair_of_hands_is_better_and_costs_more() {
    let desk = Desk::with(&busy());
    let document = compared(&desk, &["--variant", ONE_MORE, "--variant", SLOWER]);
    assert_eq!((verdict(&document, 0), verdict(&document, 1)), ("better", "worse"));
    let found = &document["comparisons"][0];
    assert_eq!(found["cost"]["verdict"], "worse", "{}", found["cost"]);
    assert_eq!(found["differs"], json!([{ "path": "pool.floor.shifts.0.heads", "base": "2", "variant": "3" }]));
    assert_eq!(
        (&document["best_set"]["sla"], &document["best_set"]["names"]),
        (&json!("same day"), &json!(["one more"]))
    );
    // The difference is that of the two values, and far tighter than either of them.
    let sla = &found["slas"][0];
    let number = |key: &str, part: &str| sla[key][part].as_f64().unwrap();
    let (base, variant, difference) =
        (number("base", "value"), number("variant", "value"), number("difference", "value"));
    assert!((variant - base - difference).abs() < 1e-12);
    let width = |key: &str| number(key, "high") - number(key, "low");
    assert!(width("difference") < 0.8 * (width("base") + width("variant")), "{sla}");
}

#[test]
fn each_scenario_fares_as_when_it_runs_alone() {
    let desk = Desk::with(&busy());
    let found = compared(&desk, &["--variant", SLOWER, "--threads", "2"])["comparisons"][0]["slas"][0].clone();
    for (side, change) in [("base", "replications=20"), ("variant", SLOWER.split_once(": ").unwrap().1)] {
        let words = ["run", "s.toml", "--set", change, "--progress", "none", "--format", "json"];
        let alone = desk.run(&words).with_code(0).document()["slas"][0]["attainment"].clone();
        for key in ["value", "low", "high"] {
            assert_eq!(found[side][key], alone[key], "{side} {key}");
        }
    }
}

#[test]
fn few_replications_are_too_few_runs_and_say_how_many_would_do() {
    let desk = Desk::with(&busy());
    let small = "a little slower: station.pick.takes.one_in_ten_over='12.4m'";
    let document = compared(&desk, &["--variant", small, "--reps", "3"]);
    assert_eq!(verdict(&document, 0), "too few runs");
    let needed = document["comparisons"][0]["slas"][0]["replications_needed"].as_u64().unwrap();
    assert!(needed > 3, "{needed}");
    let text = desk.run(&["compare", "s.toml", "--variant", small, "--reps", "3"]).with_code(0).stdout;
    assert!(text.contains(&format!("too few runs: --reps {needed}")), "{text}");
    // One replication shows nothing, however large the difference.
    assert_eq!(verdict(&compared(&desk, &["--variant", ONE_MORE, "--reps", "1"]), 0), "too few runs");
}

#[test]
fn verdicts_that_count_are_adjusted_together_and_waits_are_labelled_exploratory() {
    let desk = Desk::with(&busy());
    let variants = ["--variant", ONE_MORE, "--variant", SLOWER, "--variant", "same: seed=1", "--reps", "5"];
    let document = compared(&desk, &variants);
    let judged: Vec<&Value> = document["comparisons"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|found| found["slas"].as_array().unwrap().iter().chain([&found["cost"]]))
        .collect();
    let numbers = |key: &str| judged.iter().map(|one| one[key].as_f64().unwrap()).collect::<Vec<f64>>();
    assert_eq!(document["verdicts_adjusted_together"], 6);
    let adjusted = holm(&numbers("p"));
    for (found, expected) in numbers("p_adjusted").iter().zip(&adjusted) {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
    let exploratory = document["comparisons"][0]["exploratory"].as_array().unwrap();
    assert!(exploratory.len() == 3 && exploratory.iter().all(|one| one["p_adjusted"].is_null()), "{exploratory:?}");
    let text = desk.run(&["compare", "s.toml", "--variant", ONE_MORE]).with_code(0).stdout;
    assert!(text.contains("Exploratory: mean waits") && text.contains("not adjusted"), "{text}");
}

#[test]
fn a_worse_variant_ends_with_12_only_when_asked_to() {
    let desk = Desk::with(&busy().replace("cost = \"14 GBP/h\"\n", ""));
    let slower = ["compare", "s.toml", "--variant", SLOWER, "--progress", "none"];
    desk.run(&slower).with_code(0);
    let failed = desk.run(&[&slower[..], &["--fail-on", "worse"]].concat()).with_code(12);
    assert!(failed.stdout.contains("worse") && failed.stderr.is_empty(), "{}", failed.stderr);
    desk.run(&["compare", "s.toml", "--variant", ONE_MORE, "--fail-on", "worse"]).with_code(0);
    // A margin that makes it not matter.
    desk.run(&[&slower[..], &["--fail-on", "worse", "--margin", "50 points"]].concat()).with_code(0);
}

#[test]
fn files_are_told_apart_path_by_path_and_slas_by_name() {
    let desk = Desk::with(&busy());
    let more = "\n[[sla]]\nname = \"soon\"\nclock = { starts = \"paid\", stops = \"dispatched\" }\nwithin = \"1d\"\ntarget = \"90%\"\n";
    desk.put("other.toml", busy().replace("\"6m\"", "\"5m\"").replace("within = \"4h\"", "within = \"5h\"") + more);
    let found = compared(&desk, &["other.toml"])["comparisons"][0].clone();
    let paths: Vec<&str> =
        found["differs"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["station.pick.takes.typical", "sla.\"same day\".within", "sla.soon"]);
    assert_eq!(found["slas_only_in_variant"], json!(["soon"]));
    assert_eq!(found["slas_defined_differently"], json!(["same day"]));
    assert_eq!(found["slas"].as_array().unwrap().len(), 1);

    desk.put("stranger.toml", busy().replace("\"same day\"", "\"next day\""));
    let ended = desk.run(&["compare", "s.toml", "stranger.toml", "--progress", "none"]).with_code(23);
    assert!(ended.stderr.contains("no SLA in common"), "{}", ended.stderr);
}

#[test]
fn a_wrong_variant_is_told_with_its_name() {
    let desk = Desk::with(&busy());
    let ended = desk.run(&["compare", "s.toml", "--variant", "typo: station.pikc.takes='6m'"]).with_code(20);
    assert!(ended.stderr.contains("'typo' cannot be loaded") && ended.stderr.contains("`pick`"), "{}", ended.stderr);
    // Errors point to where it was typed, whatever stands before it.
    let words = ["compare", "s.toml", "--set", "seed=3", "--variant", "slow: seed=4, station.pick.takes='6x'"];
    let ended = desk.run(&words).with_code(20);
    for part in ["--variant:1:34", "slow: seed=4, station.pick.takes='6x'", "not a duration"] {
        assert!(ended.stderr.contains(part), "{part}: {}", ended.stderr);
    }
    desk.run(&["compare", "s.toml"]).with_code(2);
    desk.run(&["compare", "s.toml", "--variant", "nothing"]).with_code(2);
    desk.run(&["compare", "s.toml", "--variant", ONE_MORE, "--margin", "2"]).with_code(2);
}

#[test]
fn a_run_that_reached_a_limit_is_neither_better_nor_worse() {
    let desk = Desk::with(&busy());
    let limit = [
        "--set",
        "source.0.orders_per_day=20000",
        "--set",
        "limits.events=20000",
        "--variant",
        ONE_MORE,
        "--progress",
        "none",
        "--format",
        "json",
    ];
    let ended = desk.run(&[&["compare", "s.toml"], &limit[..]].concat()).with_code(22);
    let document = ended.document();
    assert_eq!((verdict(&document, 0), &document["partial"]), ("unknown", &json!(true)));
}

#[test]
fn threads_change_no_byte_and_the_folder_holds_the_same() {
    let desk = Desk::with(&busy());
    let run = |more: &[&str]| {
        let words = ["compare", "s.toml", "--variant", ONE_MORE, "--progress", "none", "--format", "json"];
        desk.run(&[&words[..], more].concat()).with_code(0).stdout
    };
    let one = run(&["--threads", "1"]);
    assert_eq!(run(&["--threads", "3", "-o", "out"]), one);
    assert_eq!(desk.read("out/comparison.json"), one.as_bytes());
    assert!(!one.contains(&*desk.path().to_string_lossy()));
}

#[test]
fn the_page_states_the_finding_and_shows_what_it_rests_on() {
    let desk = Desk::with(&busy());
    let words = ["compare", "s.toml", "--variant", ONE_MORE, "--variant", SLOWER, "--progress", "none", "-o", "out"];
    desk.run(&words).with_code(0);
    assert_eq!(desk.files("out"), ["comparison.html", "comparison.json", "comparison.txt"]);
    let page = String::from_utf8(desk.read("out/comparison.html")).unwrap().replace('\u{a0}', " ");
    let document: Value = serde_json::from_slice(&desk.read("out/comparison.json")).unwrap();
    let points = 100.0 * document["comparisons"][0]["slas"][0]["difference"]["value"].as_f64().unwrap();
    let front = page.split("<nav").next().unwrap();
    for part in [
        "<h1>Two small days</h1>",
        "Better and worse",
        "By &#39;same day&#39;, &#39;one more&#39; is the best of the 3",
        &format!("&#39;one more&#39;: better for &#39;same day&#39; by +{points:.2} points"),
        "&#39;slower&#39;: worse for &#39;same day&#39; by -",
        "<td class=\"good\">better</td>",
        "<td class=\"bad\">worse</td>",
    ] {
        assert!(front.contains(part), "{part}: {front}");
    }
    assert_eq!(page.matches("<svg").count(), 2, "one SLA and the cost");
    assert_eq!(page.matches("The differences in numbers</summary>").count(), 2);
    for part in [
        "<th scope=\"row\">pool.floor.shifts.0.heads</th>",
        "Exploratory: mean waits with &#39;slower&#39;",
        "peaksim compare s.toml --variant &#39;one more: pool.floor.shifts.0.heads=3&#39;",
        "--seed 1 --reps 20",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("<script") && !page.contains(&*desk.path().to_string_lossy()));
}

fn records(plan: &Plan<'_>, seed: u64, count: u64) -> Vec<ReplicationRecord> {
    let series = Series { replications: 0..count, threads: None };
    run(plan, seed, &series, &AtomicBool::new(false), &mut || false, &mut |_| {}).unwrap().records
}

/// Two processes that are the same, on different random numbers: whatever verdict says otherwise is false.
#[test]
fn a_false_better_or_worse_is_as_rare_as_stated() {
    const REPETITIONS: u64 = 200;
    const RUNS: u64 = 20;
    let scenario = Scenario::from_text(&busy(), Path::new("."), &[]).unwrap();
    let plan = Plan::new(&scenario.model).unwrap();
    let margins = Margins { attainment: 0.0, relative: 0.0 };
    let terms = Terms { seed: 0, asked: RUNS, confidence: 0.95, margins };
    let (mut better, mut worse) = (0, 0);
    for repetition in 0..REPETITIONS {
        let sides = [records(&plan, 2 * repetition + 1, RUNS), records(&plan, 2 * repetition + 2, RUNS)];
        let side =
            |k: usize| Contestant { name: "s", hash: "", differs: &[], model: &scenario.model, records: &sides[k] };
        let found = compare(&side(0), &[side(1)], terms).unwrap();
        let sla = &found.variants[0].slas[0];
        let kept = sla.base.value.unwrap();
        assert!((0.1..0.9).contains(&kept), "the promise is neither always kept nor never: {kept}");
        better += u64::from(sla.verdict == ContrastVerdict::Better);
        worse += u64::from(sla.verdict == ContrastVerdict::Worse);
    }
    // More than this happens by chance once in a thousand times, if the levels are 2.5 % and 5 %.
    let plausible = |hits: u64, level: f64| binomial_survival(hits, REPETITIONS, level).unwrap() > 0.001;
    assert!(plausible(better, 0.025) && plausible(worse, 0.025), "{better} better and {worse} worse of {REPETITIONS}");
    assert!(plausible(better + worse, 0.05), "{better} better and {worse} worse of {REPETITIONS}");
}

/// What one server more takes off the mean wait: M/M/10 against M/M/11, in seconds.
const EXACT: f64 = -0.453_496_400_743_476_86 * 60.0;

/// M/M/10 or M/M/11, warmed up and measured for so many hours.
fn servers(count: u32, (warm_up, measured): (u32, u32)) -> Model {
    let text = format!(
        "format = 1\n[horizon]\nmode = \"steady\"\nwarm_up = \"{warm_up}h\"\nmeasured = \"{measured}h\"\n\
         [[source]]\nname = \"src\"\nrate = \"9/m\"\nnext = \"s\"\n\
         [[station]]\nname = \"s\"\nservers = {count}\ntakes = {{ exponential = \"1m\" }}\nnext = \"done\"\n\
         [[sla]]\nname = \"quick\"\nwithin = \"10m\"\ntarget = \"90%\"\n"
    );
    Scenario::from_text(&text, Path::new("."), &[]).unwrap().model
}

/// The difference of the mean waits as `compare` tells it.
fn wait_compared(models: &[Model; 2], found: &[Vec<ReplicationRecord>; 2], seed: u64) -> Contrast {
    let side = |k: usize| Contestant { name: "s", hash: "", differs: &[], model: &models[k], records: &found[k] };
    let margins = Margins { attainment: 0.0, relative: 0.0 };
    let terms = Terms { seed, asked: found[0].len() as u64, confidence: 0.95, margins };
    let mut compared = compare(&side(0), &[side(1)], terms).unwrap();
    let list = compared.variants.remove(0).exploratory;
    list.into_iter().find(|one| one.name == "wait at 's', mean").unwrap()
}

fn holds(estimate: &Estimate, exact: f64) -> bool {
    estimate.low.unwrap() <= exact && exact <= estimate.high.unwrap()
}

/// The exact difference to 1 %, and what common random numbers are worth.
#[test]
fn one_server_more_shortens_the_wait_by_what_theory_says() {
    const RUNS: u64 = 400;
    let models = [10, 11].map(|count| servers(count, (28, 190)));
    let found = [0, 1].map(|k: usize| records(&Plan::new(&models[k]).unwrap(), 12, RUNS));
    let wait = wait_compared(&models, &found, 12);
    assert!(holds(&wait.difference, EXACT), "{EXACT} s: {:?}", wait.difference);
    // The half-widths are those of the same number of runs, so their squares are to one another as the variances.
    let [base, variant, paired] = [wait.base, wait.variant, wait.difference].map(|one| one.half_width().unwrap());
    assert!(paired <= 0.01 * -EXACT, "half-width {:.2} %", 100.0 * paired / -EXACT);
    let correlation = (base * base + variant * variant - paired * paired) / (2.0 * base * variant);
    assert!(correlation >= 0.75, "correlation {correlation}");
    let independent = (base * base + variant * variant).sqrt();
    assert!(paired <= 0.95 * independent, "{paired} against {independent}");
}

const COVERAGE: &str = "# Coverage of the interval of a difference

Two scenarios are compared on the same random numbers: ten servers and eleven, whose difference of the mean waits is exactly
known. 400 comparisons of 20 replications, each with a seed of its own, give 400 intervals of 95 %; it passes when the exact
99.9 % binomial interval of the share that holds the exact difference meets 93 % to 97 %.

Written by `PEAKSIM_COVERAGE=1 cargo test coverage`; seeds are fixed, so that the same version writes the same bytes.

| models | exact | intervals that hold it | 99.9 % interval of that share | mean half-width | verdict |
|---|--:|--:|--:|--:|---|
";

#[test]
fn coverage_of_the_interval_of_a_difference_is_what_it_says() {
    // Sixteen thousand runs: asked for by name, or a few comparisons, for the machinery.
    let whole = std::env::var("PEAKSIM_COVERAGE").is_ok();
    let comparisons = if whole { 400 } else { 3 };
    let models = [10, 11].map(|count| servers(count, (5, 20)));
    let plans = [0, 1].map(|k: usize| Plan::new(&models[k]).unwrap());
    let one = |seed: u64| {
        let found = [0, 1].map(|k: usize| records(&plans[k], seed, 20));
        let difference = wait_compared(&models, &found, seed).difference;
        (holds(&difference, EXACT), difference.half_width().unwrap())
    };
    let found: Vec<(bool, f64)> = (0..comparisons).map(|k| one(7_000 + k)).collect();
    let held = found.iter().filter(|(held, _)| *held).count() as u64;
    let width = found.iter().map(|(_, width)| width).sum::<f64>() / comparisons as f64 / -EXACT;
    let share = clopper_pearson(held, comparisons, 0.999);
    let (low, high) = (share.low.unwrap(), share.high.unwrap());
    let passed = low <= 0.97 && high >= 0.93;
    let row = format!(
        "| M/M/10 and M/M/11 | {EXACT:.6} s | {held} of {comparisons} | {:.1} % to {:.1} % | {:.1} % | {} |\n",
        100.0 * low,
        100.0 * high,
        100.0 * width,
        if passed { "passed" } else { "NOT PASSED" }
    );
    if whole {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/coverage-compare.md");
        std::fs::write(path, format!("{COVERAGE}{row}")).unwrap();
    }
    assert!(passed, "{row}");
}
