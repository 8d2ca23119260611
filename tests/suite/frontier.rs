//! The breach frontier against exact theory, and what is said where there is no line.

use peaksim::experiment::breach::{BreachError, Limit, Outcome, Range, Settings, Subject};
use peaksim::experiment::cells::{Told, Work};
use peaksim::experiment::frontier::{Axes, Frontier, Plane, find};
use peaksim::model::Model;
use peaksim::scenario::Scenario;
use peaksim::statistics::proportion::clopper_pearson;
use rayon::prelude::*;
use serde_json::Value as Json;
use std::io::{BufRead, BufReader, Read};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

/// A scenario made of a load and the value of a row.
struct Made<F>(F);

impl<F: Fn(f64, f64) -> String> Plane for Made<F> {
    type Error = String;

    fn at(&self, load: f64, row: f64) -> Result<Model, String> {
        let scenario = Scenario::from_text(&(self.0)(load, row), Path::new("."), &[]);
        scenario.map(|scenario| scenario.model).map_err(|error| error.to_string())
    }

    fn plan(&self) -> Result<Model, String> {
        self.at(1.0, 1.0)
    }
}

fn axes(low: f64, high: f64, rows: &[f64]) -> Axes {
    Axes { load: Range { low, high, whole: false }, rows: rows.to_vec(), planned: None }
}

fn frontier(made: impl Fn(f64, f64) -> String, axes: &Axes, limit: f64, precision: f64, threads: usize) -> Frontier {
    let stop = AtomicBool::new(false);
    let work = Work { seed: 11, threads: NonZeroUsize::new(threads), stop: &stop };
    let settings = Settings { work, confidence: 0.95, precision, replications: None };
    let subject = Subject::Limit(Limit { measure: 0, at_least: false, value: limit });
    find(&Made(made), axes, &[subject], settings, &mut |_| {}).unwrap_or_else(|error| panic!("{error:?}"))
}

/// One station in steady state; `keys` are the station's, `path` that of the measure.
fn station(rate: &str, uplift: f64, (hours, warm_up): (u32, u32), keys: &str, path: &str) -> String {
    format!(
        "format = 1\n[horizon]\nmode = \"steady\"\nwarm_up = \"{warm_up}m\"\nmeasured = \"{hours}h\"\n\
         [[source]]\nname = \"src\"\nrate = \"{rate}\"\nuplift = {uplift}\nnext = \"s\"\n\
         [[station]]\nname = \"s\"\n{keys}\n[[measure]]\nname = \"limit\"\npath = \"{path}\"\n"
    )
}

/// One server to whom a share of the work comes back: the mean time in the system is 1/(µ(1 - p) - λ).
fn feedback(load: f64, rework: f64, measured: (u32, u32)) -> String {
    let next = match rework {
        share if share > 0.0 => {
            format!("[{{ to = \"s\", share = \"{share}%\" }}, {{ to = \"done\", share = \"{}%\" }}]", 100.0 - share)
        }
        _ => "\"done\"".to_owned(),
    };
    let keys = format!("servers = 1\ntakes = {{ exponential = \"1m\" }}\nnext = {next}");
    station("0.5/m", load, measured, &keys, "orders.time_in_system.mean")
}

const REWORK: [f64; 5] = [0.0, 5.0, 10.0, 15.0, 20.0];
/// Where a mean of eight minutes is reached.
const LINE: [f64; 5] = [1.75, 1.65, 1.55, 1.45, 1.35];

#[test]
fn the_frontier_of_feedback_is_the_straight_line_of_theory() {
    let made = |load, rework| feedback(load, rework, (250, 1_000));
    let found = frontier(made, &axes(0.5, 2.5, &REWORK), 480.0, 0.008, 2);
    let line = &found.lines[0];
    assert!(line.falling && line.monotone);
    for (row, exact) in line.rows.iter().zip(LINE) {
        assert_eq!(row.outcome, Outcome::Breaks);
        let (low, high) = (row.point.low.unwrap(), row.point.high.unwrap());
        assert!(low <= exact && exact <= high, "{exact}: {row:?}");
        assert!(row.precision.unwrap() <= 0.01, "{exact}: {row:?}");
        let together = (row.together.0.unwrap(), row.together.1.unwrap());
        assert!(together.0 < low && high < together.1, "{row:?}");
        assert!(together.0 <= exact && exact <= together.1);
        assert!(low <= row.point.value.unwrap() && row.point.value.unwrap() <= high);
    }
    let between = line.at(&REWORK, 7.5).unwrap().value.unwrap();
    assert!((between - 1.6).abs() < 0.02, "{between}");
    // Nearer to one row than to the other.
    let nearer = line.at(&REWORK, 6.0).unwrap().value.unwrap();
    assert!((nearer - 1.63).abs() < 0.02, "{nearer}");
    assert_eq!(line.at(&REWORK, 25.0), None);
    assert!(found.evaluations < 45.0, "{}", found.evaluations);
    assert!(found.evaluations_of_a_grid.unwrap() > 5.0 * found.evaluations, "{:?}", found.evaluations_of_a_grid);
}

#[test]
fn a_line_rests_on_runs_that_did_not_choose_its_places() {
    let stop = AtomicBool::new(false);
    let work = Work { seed: 11, threads: None, stop: &stop };
    let settings = Settings { work, confidence: 0.95, precision: 0.02, replications: Some(40) };
    let made = Made(|load, rework| feedback(load, rework, (20, 1_000)));
    let subject = Subject::Limit(Limit { measure: 0, at_least: false, value: 480.0 });
    let rows = [0.0, 20.0];
    let found = find(&made, &axes(0.5, 2.5, &rows), &[subject], settings, &mut |_| {}).unwrap();
    let judging = || found.seen.iter().filter(|seen| seen.values[0].is_some_and(|value| value.samples == 40));
    assert!(judging().count() >= 4);
    for seen in judging() {
        // The thirty runs of the pilot come before.
        let fresh = super::breach::measured(&made.at(seen.at, rows[seen.row]).unwrap(), 11, 30..70);
        assert_eq!(seen.values[0].unwrap().value, fresh, "row {} at {}", seen.row, seen.at);
    }
}

#[test]
fn a_row_whose_interval_comes_out_too_wide_gets_more_runs() {
    let mut lengthened = 0;
    for seed in 1..=6 {
        let stop = AtomicBool::new(false);
        let work = Work { seed, threads: None, stop: &stop };
        let settings = Settings { work, confidence: 0.95, precision: 0.02, replications: None };
        let made = Made(|load, rework| feedback(load, rework, (20, 1_000)));
        let subject = Subject::Limit(Limit { measure: 0, at_least: false, value: 480.0 });
        let mut told = |told: Told| {
            lengthened += u32::from(matches!(told, Told::Begins("more runs where intervals are wide", _)));
        };
        let found = find(&made, &axes(0.5, 2.5, &REWORK), &[subject], settings, &mut told).unwrap();
        for row in &found.lines[0].rows {
            assert!(row.precision.unwrap() <= 1.1 * 0.02, "{seed}: {row:?}");
        }
    }
    assert!(lengthened > 0, "no row was ever too wide: the test tells nothing");
}

const COVERAGE: &str = "# Coverage of the frontier

Each line is a row of `frontier-feedback`: a server to whom a share of the work comes back, and the load at which the mean
time in the system is eight minutes. 150 experiments of 30 replications, each experiment with a seed of its own; a line
passes when the exact 99.9 % binomial interval of the share of the 95 % intervals that hold the exact load meets 93 % to 97 %.
The last line counts the experiments in which the intervals of all rows together hold it; it need only reach 93 %.

Written by `PEAKSIM_COVERAGE=1 cargo test coverage`; seeds are fixed, so that the same version writes the same bytes.

| share that comes back | exact | intervals that hold it | 99.9 % interval of that share | mean half-width | verdict |
|---|--:|--:|--:|--:|---|
";

/// One experiment: for each row whether the interval holds, its relative half-width, and whether all hold together.
fn experiment(seed: u64) -> (Vec<(bool, f64)>, bool) {
    let stop = AtomicBool::new(false);
    let work = Work { seed, threads: NonZeroUsize::new(1), stop: &stop };
    let settings = Settings { work, confidence: 0.95, precision: 0.015, replications: Some(30) };
    let made = Made(|load, rework| feedback(load, rework, (60, 1_000)));
    let subject = Subject::Limit(Limit { measure: 0, at_least: false, value: 480.0 });
    let found = find(&made, &axes(0.5, 2.5, &REWORK), &[subject], settings, &mut |_| {}).unwrap();
    let holds = |(low, high): (Option<f64>, Option<f64>), exact: f64| low.unwrap() <= exact && exact <= high.unwrap();
    let rows = found.lines[0].rows.iter().zip(LINE);
    let alone =
        rows.clone().map(|(row, exact)| (holds((row.point.low, row.point.high), exact), row.precision.unwrap()));
    (alone.collect(), rows.clone().all(|(row, exact)| holds(row.together, exact)))
}

#[test]
fn the_coverage_of_the_rows_intervals_is_what_they_say() {
    // A hundred thousand runs: asked for by name, or three experiments, for the machinery.
    let whole = std::env::var("PEAKSIM_COVERAGE").is_ok();
    let experiments = if whole { 150 } else { 3 };
    let found: Vec<_> = (0..experiments).into_par_iter().map(|k| experiment(1_000 + k)).collect();
    let (mut table, mut misses) = (COVERAGE.to_owned(), Vec::new());
    let mut judge = |name: String, exact: String, held: u64, width: String, most: f64| {
        let share = clopper_pearson(held, experiments, 0.999);
        let (low, high) = (share.low.unwrap(), share.high.unwrap());
        let passed = low <= most && high >= 0.93;
        let verdict = if passed { "passed" } else { "MISSED" };
        let (low, high) = (low * 100.0, high * 100.0);
        let row =
            format!("| {name} | {exact} | {held} of {experiments} | {low:.1} % to {high:.1} % | {width} | {verdict} |");
        table.push_str(&row);
        table.push('\n');
        misses.extend((!passed).then_some(row));
    };
    for (row, rework) in REWORK.iter().enumerate() {
        let held = found.iter().filter(|(rows, _)| rows[row].0).count() as u64;
        let width = found.iter().map(|(rows, _)| rows[row].1).sum::<f64>() / experiments as f64;
        judge(format!("{rework} %"), format!("{:.2}", LINE[row]), held, format!("{:.2} %", width * 100.0), 0.97);
    }
    let together = found.iter().filter(|(_, all)| *all).count() as u64;
    judge("all together".to_owned(), "–".to_owned(), together, "–".to_owned(), 1.0);
    if whole {
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/coverage-frontier.md"), table).unwrap();
    }
    assert!(misses.is_empty(), "{misses:#?}");
}

/// Twenty servers to one: the row is the number of servers.
fn servers(load: f64, row: f64) -> String {
    let keys = format!("servers = {row}\ntakes = {{ exponential = \"1m\" }}\nnext = \"done\"");
    station("15/m", load, (5, 60), &keys, "station.s.wait.share_over(15s)")
}

#[test]
fn rows_that_are_broken_or_kept_throughout_are_told() {
    let found = frontier(servers, &axes(0.5, 2.0, &[5.0, 20.0, 30.0, 60.0]), 0.05, 0.05, 2);
    let line = &found.lines[0];
    let outcomes: Vec<Outcome> = line.rows.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Outcome::Broken, Outcome::Breaks, Outcome::Breaks, Outcome::Holds]);
    assert_eq!((line.rows[0].point.value, line.rows[3].point.value), (None, None));
    assert_eq!((line.rows[0].point.high, line.rows[3].point.low), (None, None));
    assert!(line.monotone);
    assert_eq!(found.first.iter().map(|first| first.is_some()).collect::<Vec<_>>(), [true, true, true, false]);
}

#[test]
fn the_fewest_servers_of_each_load_are_those_of_theory() {
    let axes =
        Axes { load: Range { low: 10.0, high: 40.0, whole: true }, rows: vec![0.8, 1.108_26, 1.3], planned: None };
    let made = |fewest: f64, uplift: f64| servers(uplift, fewest).replace("\"5h\"", "\"28h\"");
    let found = frontier(made, &axes, 0.05, 0.01, 2);
    let line = &found.lines[0];
    assert!(!line.falling && line.monotone);
    assert_eq!(line.rows[1].point.value, Some(22.0), "{:?}", line.rows);
    let numbers: Vec<f64> = line.rows.iter().map(|row| row.point.value.unwrap()).collect();
    assert!(numbers.is_sorted() && numbers[0] < 22.0 && numbers[2] > 22.0, "{numbers:?}");
}

#[test]
fn rows_in_which_a_cart_fills_faster_under_load_have_no_single_point() {
    // With carts of 20 or 40 at least, orders wait for the cart at low load and for the picker at high load.
    let made = |load: f64, least: f64| {
        let keys = format!(
            "servers = 1\nbatch = {{ min = {least}, max = 40 }}\ntakes = {{ mean = \"20m\", cv = 0.3 }}\nnext = \"done\""
        );
        station("20/h", load, (200, 60), &keys, "station.s.wait.mean")
    };
    let found = frontier(made, &axes(0.5, 8.0, &[1.0, 20.0, 30.0, 40.0]), 1_800.0, 0.05, 2);
    let outcomes: Vec<Outcome> = found.lines[0].rows.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes[0], Outcome::Breaks, "{:?}", found.lines[0].rows);
    assert_eq!(outcomes[1..], [Outcome::NotMonotone; 3], "{:?}", found.lines[0].rows);
    for (k, row) in found.lines[0].rows.iter().enumerate().skip(1) {
        assert_eq!(row.point.value, None);
        // The fallback is a whole grid of that row.
        let looks = found.seen.iter().filter(|seen| seen.row == k && seen.values[0].unwrap().samples >= 30).count();
        assert!(looks >= 9, "{looks}");
    }
}

#[test]
fn without_orders_there_is_no_line() {
    let found = frontier(|_, row| servers(0.0, row), &axes(0.5, 2.0, &[5.0, 20.0]), 0.05, 0.05, 2);
    assert!(found.lines[0].rows.iter().all(|row| row.outcome == Outcome::Unknown && row.point.value.is_none()));
    assert_eq!((&found.plan[0], found.plan_kept[0], &found.first[0]), (&None, None, &None));
}

#[test]
fn runs_that_reach_a_limit_are_never_called_kept() {
    let made = |load: f64, row: f64| format!("{}[limits]\nevents = 2000\n", servers(load, row));
    let found = frontier(made, &axes(0.5, 2.0, &[40.0, 60.0]), 0.05, 0.05, 2);
    assert!(found.limited && found.lines[0].rows.iter().all(|row| row.outcome == Outcome::Unknown), "{found:?}");
}

#[test]
fn the_same_seed_finds_the_same_to_the_last_bit_on_any_number_of_threads() {
    let found = |threads| format!("{:?}", frontier(servers, &axes(0.5, 2.0, &[15.0, 20.0, 25.0]), 0.05, 0.05, threads));
    assert_eq!(found(1), found(3));
}

#[test]
fn a_search_that_is_stopped_tells_the_rows_so_far() {
    let axes = axes(0.5, 2.0, &[15.0, 20.0, 25.0]);
    let stopped_after = |rounds: usize| {
        let (stop, mut begun) = (AtomicBool::new(false), 0);
        let work = Work { seed: 11, threads: None, stop: &stop };
        let settings = Settings { work, confidence: 0.95, precision: 0.05, replications: None };
        let subject = Subject::Limit(Limit { measure: 0, at_least: false, value: 0.05 });
        let mut told = |told| {
            if let Told::Begins(..) = told {
                stop.fetch_or(begun == rounds, Ordering::Relaxed);
                begun += 1;
            }
        };
        match find(&Made(servers), &axes, &[subject], settings, &mut told) {
            Ok(found) => Some(found),
            Err(BreachError::Stopped) => None,
            Err(error) => panic!("{error:?}"),
        }
    };
    let whole = stopped_after(usize::MAX).unwrap();
    assert!(!whole.cut_short && stopped_after(0).is_none());
    let is_look = |found: &Frontier, row: usize, at: Option<f64>| {
        at.is_none_or(|at| found.seen.iter().any(|seen| seen.row == row && seen.at.total_cmp(&at).is_eq()))
    };
    let mut rounds = 1;
    loop {
        let found = stopped_after(rounds).unwrap();
        if !found.cut_short {
            assert_eq!(format!("{found:?}"), format!("{whole:?}"));
            break;
        }
        assert_eq!((&found.plan[0], found.plan_kept[0]), (&None, None));
        for (row, (point, done)) in found.lines[0].rows.iter().zip(&whole.lines[0].rows).enumerate() {
            let same = format!("{point:?}") == format!("{done:?}");
            let (low, high) = (point.point.low, point.point.high);
            assert!(same || is_look(&found, row, low) && is_look(&found, row, high), "{rounds}: {point:?}");
            let Some(value) = point.point.value else { continue };
            // No point without an interval, and it is no other than that of the whole search.
            assert!(low.is_some() || high.is_some(), "{rounds}: {point:?}");
            assert!(low.is_none_or(|low| low <= value) && high.is_none_or(|high| value <= high), "{point:?}");
            let (from, to) = (done.point.low.unwrap(), done.point.high.unwrap());
            assert!(low.is_none_or(|low| low <= to) && high.is_none_or(|high| from <= high), "{rounds}: {point:?}");
        }
        rounds += 1;
    }
    assert!(rounds >= 5, "{rounds}");
}

#[test]
fn each_row_has_as_many_replications_as_it_needs() {
    let found = frontier(servers, &axes(0.5, 2.0, &[14.0, 17.0, 20.0, 23.0, 26.0]), 0.05, 0.015, 2);
    let rows = &found.lines[0].rows;
    for row in rows {
        assert!(row.precision.unwrap() <= 0.015 * 1.1 || row.point.samples == 500, "{row:?}");
    }
    let counts: Vec<u64> = rows.iter().map(|row| row.point.samples).collect();
    assert!(counts.iter().any(|count| *count != counts[0]), "{counts:?}");
    assert_eq!(counts.iter().copied().max(), Some(found.replications));
    assert_eq!(counts.iter().copied().min(), Some(found.fewest_replications));
}

/// A shop whose desk is overloaded when three times as much goes wrong.
/// A small shop in which something goes wrong: a replication takes a fraction of a millisecond.
pub(crate) const SHOP: &str = "format = 1\ntitle = \"A small shop\"\n[horizon]\nmode = \"span\"\nlength = \"8h\"\nthen = \"drain\"\n\
    [[source]]\nname = \"shop\"\nrate = \"60/h\"\nnext = \"pick\"\n\
    [[station]]\nname = \"pick\"\nservers = 2\ntakes = { exponential = \"1m\" }\nnext = \"done\"\n\
    [[exceptions.class]]\nname = \"short\"\nat = \"pick\"\nchance = \"6%\"\nowner = \"desk\"\n\
    takes = { exponential = \"8m\" }\nthen = \"goes on\"\n[[desk]]\nname = \"desk\"\nowner = \"lead\"\npeople = 1\n\
    [[sla]]\nname = \"quick\"\nwithin = \"30m\"\ntarget = \"90%\"\n\
    [[sla]]\nname = \"on the day\"\nwithin = \"4h\"\ntarget = \"95%\"\n";

/// The program on `scenario`.
fn command(folder: &Path, scenario: &str, arguments: &[&str]) -> Command {
    std::fs::write(folder.join("shop.toml"), scenario).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_peaksim"));
    command.arg("frontier").arg("shop.toml").args(arguments).current_dir(folder);
    command
}

fn told(scenario: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let done = command(folder.path(), scenario, arguments).args(["--progress", "none"]).output().unwrap();
    let words = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), words(done.stdout), words(done.stderr))
}

#[test]
fn the_program_prints_one_document_of_axes_lines_and_plan() {
    let (code, out, err) = told(SHOP, &["--rows", "3", "--precision", "10%", "--format", "json"]);
    assert_eq!(code, 0, "{err}");
    let document: Json = serde_json::from_str(&out).unwrap();
    let found = &document["frontier"];
    assert_eq!((&found["load"]["path"], &found["load"]["planned"]), (&"source.*.uplift".into(), &1.0.into()));
    assert_eq!((&found["rows"]["path"], &found["rows"]["planned"]), (&"exceptions.factor".into(), &1.0.into()));
    assert_eq!(found["rows"]["values"], serde_json::json!([1.0, 3.0, 5.0]));
    let quick = &found["lines"][0];
    assert_eq!(quick["name"], "quick");
    let at = |row: usize| quick["rows"][row]["point"]["value"].as_f64();
    assert!(at(0) > at(1), "{quick}");
    let row = &quick["rows"][0];
    let number = |key: &str| row["point"][key].as_f64().unwrap();
    let together = |key: &str| row["together"][key].as_f64().unwrap();
    assert!(together("low") < number("low") && number("low") < number("high") && number("high") < together("high"));
    assert_eq!(quick["rows"][1]["broken_by"]["station"], "desk", "{quick}");
    assert_eq!(found["breaks_first"][0]["name"], "quick");
    let plan = &found["plan"][0];
    assert_eq!((&plan["kept"], &plan["breaks_at"]["value"]), (&true.into(), &row["point"]["value"]));
    assert!(found["evaluations"].as_f64().unwrap() < found["evaluations_of_a_grid"].as_f64().unwrap());
    assert!(found["seen"].as_array().unwrap().len() >= 15);
}

#[test]
fn the_page_and_the_text_state_the_finding() {
    let folder = tempfile::tempdir().unwrap();
    let vary = ["--vary", "source.*.uplift=0.5..4", "--vary", "exceptions.factor=1..2", "--rows", "2"];
    let arguments = [&vary[..], &["--precision", "10%", "--sla", "quick", "-o", "out"]].concat();
    let done = command(folder.path(), SHOP, &arguments).output().unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(
        text.contains("'quick' holds up to") && text.contains("× the plan; at 2× the exceptions only to"),
        "{text}"
    );
    let page = std::fs::read_to_string(folder.path().join("out/frontier.html")).unwrap();
    assert!(page.contains("only to") && page.contains("<svg") && !page.contains("<script"), "{page}");
    let document: Json =
        serde_json::from_slice(&std::fs::read(folder.path().join("out/frontier.json")).unwrap()).unwrap();
    assert_eq!(document["frontier"]["lines"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_would_be_right() {
    let plain = SHOP.replace("[[exceptions.class]]", "[[hold]]").replace("at = \"pick\"\nchance", "share");
    let plain = plain.replace("then = \"goes on\"\n", "");
    let vary = "source.*.uplift=1..3";
    for (scenario, arguments, code, says) in [
        (SHOP, &["--sla", "slow"][..], 2, "it has 'quick'"),
        (SHOP, &["--vary", "source.*.uplift=3"], 2, "LOW..HIGH"),
        (SHOP, &["--vary", "source.*.uplfit=1..3"], 20, "did you mean `uplift`"),
        (SHOP, &["--vary", vary, "--vary", vary], 2, "levers of their own"),
        (
            SHOP,
            &["--vary", vary, "--vary", "exceptions.factor=1..2", "--vary", "station.pick.servers=1..2"],
            2,
            "two levers",
        ),
        (SHOP, &["--vary", vary, "--vary", "exceptions.factor=-1..2"], 20, "factor"),
        (SHOP, &["--rows", "1"], 2, "2..=101"),
        (&plain, &[], 2, "no [[exceptions.class]]"),
    ] {
        let (found, out, err) = told(scenario, arguments);
        assert_eq!((found, out.as_str()), (code, ""), "{arguments:?}: {err}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
}

#[test]
#[cfg(unix)]
fn an_interrupted_search_prints_the_rows_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["--rows", "3", "--reps", "20000", "--progress", "plain", "--format", "json", "-o", "out"];
    let mut child = command(folder.path(), SHOP, &words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("the rows")));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let said: Vec<String> = lines.map(Result::unwrap).collect();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(130), "{said:?}");
    let document: Json = serde_json::from_slice(&done.stdout).unwrap();
    let found = &document["frontier"];
    assert_eq!((&document["partial"], &found["stopped_early"]), (&true.into(), &true.into()));
    let point = &found["lines"][0]["rows"][0]["point"];
    let number = |key: &str| point[key].as_f64().unwrap();
    assert!(number("low") <= number("value") && number("value") <= number("high"), "{point}");
    assert!(found["plan"][0]["value"].is_null() && found["plan"][0]["kept"].is_null(), "{found}");
    let page = std::fs::read_to_string(folder.path().join("out/frontier.html")).unwrap();
    assert!(page.contains("Stopped early"), "{page}");
}

#[test]
#[cfg(unix)]
fn an_interrupted_search_ends_with_130() {
    let folder = tempfile::tempdir().unwrap();
    let long = SHOP.replace("\"8h\"", "\"2000h\"");
    let mut child = command(folder.path(), &long, &["--reps", "5000", "--progress", "plain", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(line.contains("first looks"), "{line}");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let done = child.wait_with_output().unwrap();
    stderr.read_to_string(&mut line).unwrap();
    assert_eq!(done.status.code(), Some(130), "{line}");
    let document: Json = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(document["error"]["exit_code"], 130);
}
