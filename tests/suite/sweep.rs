//! `peaksim sweep`: every cell is the run of its values, a grid agrees with theory, and a Latin hypercube covers each axis.

use super::cli::{Desk, Ended, SMALL};
use serde_json::{Value, json};

const LOAD: &str = "source.'web shop'.uplift=0.8..2/4";
const HEADS: &str = "pool.floor.shifts.0.heads=1,2,3";

fn swept(desk: &Desk, more: &[&str]) -> Ended {
    desk.run(&[&["sweep", "s.toml", "--progress", "none", "--format", "json"], more].concat())
}

#[track_caller]
fn cells(document: &Value) -> &[Value] {
    document["sweep"]["cells"].as_array().unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

#[test]
fn a_sweep_over_the_arrivals_of_one_server_agrees_with_theory() {
    let desk = Desk::with(
        "format = 1\nreplications = 20\n[horizon]\nmode = \"steady\"\nwarm_up = \"5h\"\nmeasured = \"60h\"\n\
         [[source]]\nname = \"src\"\nrate = \"1/m\"\nnext = \"s\"\n\
         [[station]]\nname = \"s\"\nservers = 1\ntakes = { exponential = \"1m\" }\nnext = \"done\"\n",
    );
    let metric = ["--metric", "orders.time_in_system.mean", "--metric", "station.s.utilisation"];
    let grid =
        swept(&desk, &[&["--vary", "source.src.uplift=0.2..0.8/4"], &metric[..]].concat()).with_code(0).document();
    let listed = "source.src.rate='0.2/m','0.4/m','0.6/m','0.8/m'";
    let listed = swept(&desk, &[&["--vary", listed], &metric[..]].concat()).with_code(0).document();
    assert_eq!(cells(&grid).len(), 4);
    for (k, (cell, other)) in cells(&grid).iter().zip(cells(&listed)).enumerate() {
        let load = [0.2, 0.4, 0.6, 0.8][k];
        assert_eq!(cell["values"], json!({ "source.src.uplift": load }));
        assert_eq!(other["values"], json!({ "source.src.rate": format!("{load}/m") }));
        for (metric, exact) in [60.0 / (1.0 - load), load].into_iter().enumerate() {
            for found in [&cell["metrics"][metric]["estimate"], &other["metrics"][metric]["estimate"]] {
                let (value, half) = (number(&found["value"]), number(&found["high"]) - number(&found["value"]));
                assert!((value - exact).abs() <= 2.0 * half && half < 0.1 * exact, "{load}: {found}, exactly {exact}");
            }
        }
    }
}

#[test]
fn every_cell_is_the_run_of_its_values_whatever_the_threads() {
    let desk = Desk::with(SMALL);
    let metric = ["--metric", "station.pick.wait.p95", "--metric", "orders.dispatched.quantile_over_runs(0.5)"];
    let measures = "\n[[measure]]\nname = \"a\"\npath = \"station.pick.wait.p95\"\n\
                    [[measure]]\nname = \"b\"\npath = \"orders.dispatched.quantile_over_runs(0.5)\"\n";
    desk.put("asked.toml", format!("{SMALL}{measures}"));
    let words = [&["--vary", LOAD, "--vary", HEADS], &metric[..]].concat();
    let one = swept(&desk, &[&words[..], &["--threads", "1"]].concat()).with_code(0);
    let three = swept(&desk, &[&words[..], &["--threads", "3"]].concat()).with_code(0);
    assert_eq!(one.stdout, three.stdout);
    let document = one.document();
    assert_eq!(document["sweep"]["axes"], json!(["source.'web shop'.uplift", "pool.floor.shifts.0.heads"]));
    assert_eq!(cells(&document).len(), 12);
    for cell in cells(&document).iter().step_by(5) {
        let set = |path: &str| format!("{path}={}", number(&cell["values"][path]));
        let sets = [set("source.'web shop'.uplift"), set("pool.floor.shifts.0.heads")];
        let run = |file: &str| {
            let words = ["run", file, "--progress", "none", "--format", "json", "--set", &sets[0], "--set", &sets[1]];
            desk.run(&words).with_code(0).document()
        };
        let alone = run("s.toml");
        for key in ["attainment", "late_orders", "share_of_runs_breached", "verdict", "broken_by", "target"] {
            assert_eq!(cell["slas"][0][key], alone["slas"][0][key], "{key} with {sets:?}");
        }
        let asked = run("asked.toml");
        for k in 0..2 {
            assert_eq!(cell["metrics"][k]["estimate"], asked["measures"][k]["estimate"], "{sets:?}");
        }
    }
    // More people are no worse, more orders no better.
    let late = |cell: usize| number(&cells(&document)[cell]["slas"][0]["late_orders"]["value"]);
    assert!(late(9) > late(11) && late(9) > late(0), "{} {} {}", late(9), late(11), late(0));
}

#[test]
fn a_latin_hypercube_has_one_point_in_each_stratum_of_each_axis() {
    let desk = Desk::with(SMALL);
    let vary =
        ["--vary", "source.'web shop'.uplift=0.5..2.5", "--vary", "station.pick.takes.one_in_ten_over='10m','20m'"];
    let words = [&vary[..], &["--latin", "20", "--reps", "2", "-o", "out"]].concat();
    let document = swept(&desk, &words).with_code(0).document();
    assert_eq!((&document["sweep"]["design"], cells(&document).len()), (&json!("latin hypercube"), 20));
    let values = |path: &str| cells(&document).iter().map(|cell| cell["values"][path].clone()).collect::<Vec<_>>();
    let loads = values("source.'web shop'.uplift");
    let mut strata: Vec<f64> = loads.iter().map(|load| ((number(load) - 0.5) / 2.0 * 20.0).floor()).collect();
    strata.sort_by(f64::total_cmp);
    assert_eq!(strata, (0..20).map(f64::from).collect::<Vec<_>>());
    let slow = values("station.pick.takes.one_in_ten_over").iter().filter(|value| **value == json!("20m")).count();
    assert_eq!(slow, 10);
    let table = String::from_utf8(desk.read("out/sweep.csv")).unwrap();
    assert_eq!(table.lines().count(), 21);
    assert!(
        table.starts_with("source.'web shop'.uplift,station.pick.takes.one_in_ten_over,replications,limit_reached,")
    );
    assert_eq!(desk.files("out"), ["sweep.csv", "sweep.html", "sweep.json"]);
    let other = swept(&desk, &[&words[..], &["--seed", "2"]].concat()).with_code(0).document();
    assert_ne!(cells(&other)[0]["values"], cells(&document)[0]["values"]);
}

#[test]
fn the_axes_of_a_latin_hypercube_are_shuffled_each_by_itself() {
    let desk = Desk::with(SMALL);
    let vary = ["--vary", "source.'web shop'.uplift=1..2", "--vary", "source.'web shop'.busyness.day_cv=0..0.5"];
    let document = swept(&desk, &[&vary[..], &["--latin", "12", "--reps", "1"]].concat()).with_code(0).document();
    let order = |path: &str| {
        let values: Vec<f64> = cells(&document).iter().map(|cell| number(&cell["values"][path])).collect();
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        order
    };
    assert_ne!(order("source.'web shop'.uplift"), order("source.'web shop'.busyness.day_cv"));
}

#[test]
fn the_finding_is_the_title() {
    let desk = Desk::with(&SMALL.replace("replications = 6", "replications = 20"));
    let line = ["sweep", "s.toml", "--progress", "none"];
    let single = desk.run(&[&line[..], &["--vary", "source.'web shop'.uplift=0.2..4/5"]].concat()).with_code(0).stdout;
    assert!(single.contains("'same day' is kept up to") && single.contains("and broken from"), "{single}");
    let words = ["--vary", LOAD, "--vary", HEADS, "--metric", "station.pick.wait.mean", "-o", "out", "--csv", "tables"];
    let text = desk.run(&[&line[..], &words].concat()).with_code(0).stdout;
    for expected in ["cells and broken in", "pool.floor.shifts.0.heads \\ source.'web shop'.uplift", "✗", "runs from"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let page = String::from_utf8(desk.read("out/sweep.html")).unwrap();
    for expected in
        ["It depends", "…shifts.0.heads = 2", "The cells in numbers", "<svg", "small charts", "peaksim sweep s.toml"]
    {
        assert!(page.contains(expected), "{expected}");
    }
    assert!(!page.contains("NaN") && !page.contains("inf "));
    assert_eq!(desk.files("tables"), ["sweep.csv"]);
}

#[test]
fn what_cannot_be_swept_is_told_with_what_would_be_right() {
    let desk = Desk::with(SMALL);
    let swept = |more: &[&str]| desk.run(&[&["sweep", "s.toml", "--progress", "none"], more].concat());
    for (words, code, expected) in [
        (&[][..], 2, "--vary"),
        (&["--vary", "station.pick.servers"], 2, "there is no `=` with values"),
        (&["--vary", "source.*.uplift=4..1"], 2, "does not go upwards"),
        (&["--vary", LOAD, "--vary", LOAD], 2, "twice"),
        (&["--vary", "source.*.uplift=1..2/1000", "--vary", HEADS], 2, "3000 cells of 6 replications are 18000 runs"),
        (&["--vary", "station.pikc.takes='4m','5m'"], 20, "did you mean `pick`?"),
        (&["--vary", "pool.floor.shifts.0.heads=2,x"], 20, "text and quantities need quotes"),
        (&["--vary", "pool.floor.shifts.0.heads=-1,2"], 20, "pool.floor.shifts.0.heads = -1 cannot be loaded"),
        (&["--vary", LOAD, "--metric", "station.pikc.wait.mean"], 20, "did you mean `pick`?"),
    ] {
        let limit: &[&str] = if expected.contains("18000") { &["--max-runs", "10000"] } else { &[] };
        let ended = swept(&[words, limit].concat()).with_code(code);
        assert!(ended.stderr.contains(expected) && ended.stdout.is_empty(), "{words:?}: {}", ended.stderr);
        if code == 20 {
            assert!(
                ended.stderr.contains(if words.contains(&"--metric") { "--metric" } else { "--vary" }),
                "{}",
                ended.stderr
            );
        }
    }
}

#[test]
fn a_deadline_ends_with_22_and_what_is_known_of_each_cell() {
    let desk = Desk::with(SMALL);
    let words = ["--vary", HEADS, "--reps", "20000", "--deadline", "500ms"];
    let ended = swept(&desk, &words).with_code(22);
    let document = ended.document();
    if document.get("error").is_none() {
        assert_eq!(document["partial"], json!(true));
        assert!(document["warnings"][0].as_str().unwrap().starts_with("Stopped early: the cells rest on"));
    }
}

/// Kills a long sweep once a tenth of it is done.
#[test]
#[cfg(unix)]
fn an_interrupted_sweep_tells_what_is_known_of_each_cell() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let desk = Desk::with(SMALL);
    let words =
        ["sweep", "s.toml", "--vary", HEADS, "--reps", "2000", "--format", "json", "--progress", "plain", "-o", "out"];
    let mut child = desk.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(line.contains("10 %"), "{line}");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&document["partial"], document["sweep"]["cells"].as_array().unwrap().len()), (&json!(true), 3));
    let cell = &cells(&document)[1];
    assert!(number(&cell["replications"]) > 0.0, "{cell}");
    let (count, heads) = (cell["replications"].to_string(), "pool.floor.shifts.0.heads=2");
    let alone =
        desk.run(&["run", "s.toml", "--set", heads, "--reps", &count, "--format", "json", "--progress", "none"]);
    assert_eq!(cell["slas"][0]["attainment"], alone.with_code(0).document()["slas"][0]["attainment"]);
    assert_eq!(desk.files("out"), ["sweep.csv", "sweep.html", "sweep.json"]);
}

#[test]
fn too_few_runs_for_a_percentile_are_told_once() {
    let desk = Desk::with(SMALL);
    let words = ["--vary", HEADS, "--metric", "orders.dispatched.quantile_over_runs(0.9)"];
    let warnings = swept(&desk, &words).with_code(0).document()["warnings"].clone();
    assert_eq!(warnings.as_array().unwrap().len(), 1, "{warnings}");
    assert!(warnings[0].as_str().unwrap().contains("6 runs are too few to bound the 90 % quantile over the runs"));
}
