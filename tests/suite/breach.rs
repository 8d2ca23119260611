//! The breach point against exact theory, and what is said where there is none.

use peaksim::engine::Plan;
use peaksim::experiment::breach::{
    Breach, BreachError, CurvePoint, Limit, Outcome, Range, Settings, Subject, Vary, find,
};
use peaksim::experiment::cells::{Told, Work};
use peaksim::experiment::replications::run;
use peaksim::experiment::{Results, RunIdentity, Series};
use peaksim::model::Model;
use peaksim::scenario::Scenario;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// A scenario text in which `LOAD` stands for the number that is varied.
pub(crate) struct Text(pub(crate) String);

impl Vary for Text {
    type Error = String;

    fn at(&self, value: f64) -> Result<Model, String> {
        let text = self.0.replace("LOAD", &format!("{value}"));
        Scenario::from_text(&text, Path::new("."), &[])
            .map(|scenario| scenario.model)
            .map_err(|error| error.to_string())
    }
}

const REAL: Range = Range { low: 0.5, high: 2.0, whole: false };

fn breach(text: &str, range: Range, subject: Subject, precision: f64, seed: u64) -> Breach {
    let stop = AtomicBool::new(false);
    let work = Work { seed, threads: None, stop: &stop };
    let settings = Settings { work, confidence: 0.95, precision, replications: None };
    let found = find(&Text(text.to_owned()), range, &[subject], settings, &mut |_| {});
    found.unwrap_or_else(|error| panic!("{error:?}")).pop().unwrap()
}

pub(crate) fn at_most(value: f64) -> Subject {
    Subject::Limit(Limit { measure: 0, at_least: false, value })
}

/// One station in steady state; `keys` are the station's, `path` that of the measure.
pub(crate) fn station(rate: &str, hours: u32, keys: &str, path: &str) -> String {
    format!(
        "format = 1\n[horizon]\nmode = \"steady\"\nwarm_up = \"200m\"\nmeasured = \"{hours}h\"\n\
         [[source]]\nname = \"src\"\nrate = \"{rate}\"\nuplift = LOAD\nnext = \"s\"\n\
         [[station]]\nname = \"s\"\ntakes = {{ exponential = \"1m\" }}\nnext = \"done\"\n{keys}\n\
         [[measure]]\nname = \"limit\"\npath = \"{path}\"\n"
    )
}

/// The first measure over these replications of a model.
pub(crate) fn measured(model: &Model, seed: u64, replications: std::ops::Range<u64>) -> Option<f64> {
    let asked = replications.end - replications.start;
    let series = Series { replications, threads: None };
    let plan = Plan::new(model).unwrap();
    let runs = run(&plan, seed, &series, &AtomicBool::new(false), &mut || false, &mut |_| {}).unwrap();
    let identity = RunIdentity { hash: String::new(), seed, asked, confidence: 0.95 };
    Results::fold(model, &identity, &runs.records).measures[0].estimate.value
}

#[test]
fn the_interval_rests_on_runs_that_did_not_choose_its_place() {
    let text = Text(station("0.5/m", 20, "servers = 1", "orders.time_in_system.mean"));
    let stop = AtomicBool::new(false);
    let work = Work { seed: 3, threads: None, stop: &stop };
    let settings = Settings { work, confidence: 0.95, precision: 0.02, replications: Some(40) };
    let found = find(&text, REAL, &[at_most(480.0)], settings, &mut |_| {}).unwrap().pop().unwrap();
    let judging: Vec<&CurvePoint> = found.curve.iter().filter(|point| point.judges).collect();
    assert!(judging.len() >= 2, "{:?}", found.curve);
    for point in judging {
        // The thirty runs of the pilot come before.
        let fresh = measured(&text.at(point.at).unwrap(), work.seed, 30..70);
        assert_eq!((point.value.value, point.value.samples), (fresh, 40), "{point:?}");
    }
}

fn assert_contains(found: &Breach, exact: f64, precision: f64) {
    assert_eq!(found.outcome, Outcome::Breaks, "{found:?}");
    let (low, high) = (found.point.low.unwrap(), found.point.high.unwrap());
    assert!(low <= exact && exact <= high, "{exact} is not within {low} to {high}");
    let value = found.point.value.unwrap();
    assert!(low <= value && value <= high);
    assert!(found.precision.unwrap() <= precision, "±{:?}", found.precision);
    assert!(found.monotone && found.curve.len() >= 5);
}

#[test]
fn the_largest_load_of_twenty_servers_is_that_of_theory() {
    // C(c, a) exp(-(c µ - λ) t) = 5 % with t = 15 s.
    let text = station("15/m", 28, "servers = 20", "station.s.wait.share_over(15s)");
    let found = breach(&text, REAL, at_most(0.05), 0.008, 3);
    assert_contains(&found, 1.007_509_188_547_695_4, 0.01);
}

#[test]
fn the_largest_load_of_an_impatient_queue_is_that_of_theory() {
    let keys = "servers = 12\npatience = { exponential = \"1m\" }";
    let text = station("10/m", 42, keys, "station.s.abandoned_share");
    let found = breach(&text, REAL, at_most(0.05), 0.008, 4);
    assert_contains(&found, 0.987_438_083_748_870_8, 0.01);
}

#[test]
fn the_fewest_servers_at_a_load_beyond_the_breach_are_those_of_theory() {
    let text = station("15/m", 28, "servers = LOAD", "station.s.wait.share_over(15s)")
        .replace("uplift = LOAD", "uplift = 1.10826");
    let range = Range { low: 15.0, high: 40.0, whole: true };
    let found = breach(&text, range, at_most(0.05), 0.01, 5);
    assert_eq!((found.outcome, found.falling, found.point.value), (Outcome::Breaks, false, Some(22.0)));
}

/// The day of `breach-mt-diurnal`: orders an hour, hour by hour, for five servers that take 2 minutes 44 seconds each.
const DIURNAL: [u32; 24] =
    [20, 12, 8, 6, 6, 10, 20, 40, 60, 75, 85, 90, 95, 90, 85, 80, 85, 95, 110, 120, 105, 80, 50, 30];

pub(crate) fn diurnal() -> String {
    let step = |(hour, rate)| format!("{{ at = \"{hour}h\", rate = \"{rate}/h\" }}");
    let steps: Vec<String> = DIURNAL.iter().enumerate().map(step).collect();
    format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"24h\"\nthen = \"drain\"\n\
         [[source]]\nname = \"src\"\nrate_steps = [{}]\nuplift = LOAD\nnext = \"s\"\n\
         [[station]]\nname = \"s\"\nservers = 5\ntakes = {{ exponential = \"163.636363636s\" }}\nnext = \"done\"\n\
         [[measure]]\nname = \"limit\"\npath = \"station.s.wait.share_over(15m)\"\n",
        steps.join(", ")
    )
}

#[test]
fn the_largest_uplift_of_a_day_with_a_peak_is_that_of_the_kolmogorov_equations() {
    let range = Range { low: 0.8, high: 1.25, whole: false };
    let found = breach(&diurnal(), range, at_most(0.05), 0.008, 11);
    assert_contains(&found, 0.989_058_319_926_160_4, 0.01);
}

#[test]
fn where_nothing_breaks_and_where_everything_is_broken_is_said_so() {
    let text = station("1/m", 20, "servers = 20", "station.s.wait.share_over(15s)");
    let found = breach(&text, REAL, at_most(0.05), 0.05, 6);
    assert_eq!((found.outcome, found.point.value), (Outcome::Holds, None));
    let text = station("60/m", 2, "servers = 20", "station.s.wait.share_over(15s)");
    let found = breach(&text, REAL, at_most(0.05), 0.05, 6);
    assert_eq!((found.outcome, found.point.value), (Outcome::Broken, None));
}

#[test]
fn without_orders_nothing_holds() {
    let text = station("1/m", 2, "servers = 20", "station.s.wait.share_over(15s)").replace("LOAD", "0\nlines = LOAD");
    let range = Range { low: 1.0, high: 4.0, whole: true };
    let found = breach(&text, range, at_most(0.05), 0.05, 7);
    assert_eq!((found.outcome, found.point.value), (Outcome::Unknown, None));
}

#[test]
fn where_the_low_end_has_no_orders_the_search_still_ends() {
    // Broken wherever there are orders; at 0 there are none.
    let text = station("60/m", 2, "servers = 20", "station.s.wait.share_over(15s)");
    let range = Range { low: 0.0, high: 2.0, whole: false };
    let found = breach(
        &text.replace("60/m", "60000/m").replace("\"2h\"", "\"20s\"").replace("200m", "1s"),
        range,
        at_most(0.05),
        0.05,
        6,
    );
    assert_eq!((found.outcome, found.point.value), (Outcome::Unknown, None));
}

#[test]
fn runs_that_reach_a_limit_are_never_called_kept() {
    let text = station("15/m", 28, "servers = 40", "station.s.wait.share_over(15s)");
    let found = breach(&format!("{text}[limits]\nevents = 20000\n"), REAL, at_most(0.05), 0.05, 6);
    assert!(found.limited && found.outcome != Outcome::Holds, "{found:?}");
}

#[test]
fn a_cart_that_fills_faster_under_load_has_no_single_breach_point() {
    // Orders wait for a cart of 40 at low load, for a picker at high load; in between they do neither.
    let keys = "servers = 1\nbatch = { min = 40, max = 40 }";
    let text =
        station("20/h", 200, keys, "station.s.wait.mean").replace("exponential = \"1m\"", "mean = \"20m\", cv = 0.3");
    let range = Range { low: 0.5, high: 8.0, whole: false };
    let found = breach(&text, range, at_most(1800.0), 0.05, 8);
    assert_eq!((found.outcome, found.monotone), (Outcome::NotMonotone, false), "{:?}", found.curve);
}

#[test]
fn the_same_seed_finds_the_same_to_the_last_bit_on_any_number_of_threads() {
    let text = station("15/m", 5, "servers = 20", "station.s.wait.share_over(15s)");
    let found = |threads| {
        let stop = AtomicBool::new(false);
        let work = Work { seed: 9, threads: std::num::NonZeroUsize::new(threads), stop: &stop };
        let settings = Settings { work, confidence: 0.95, precision: 0.05, replications: None };
        find(&Text(text.clone()), REAL, &[at_most(0.05)], settings, &mut |_| {}).unwrap()
    };
    assert_eq!(format!("{:?}", found(1)), format!("{:?}", found(3)));
}

/// The search, stopped when round number `rounds` (from 0) begins; `None`: it tells nothing.
fn stopped_after(text: &str, rounds: usize) -> Option<Breach> {
    let (stop, mut begun) = (AtomicBool::new(false), 0);
    let work = Work { seed: 9, threads: None, stop: &stop };
    let settings = Settings { work, confidence: 0.95, precision: 0.05, replications: None };
    let mut told = |told| {
        if let Told::Begins(..) = told {
            stop.fetch_or(begun == rounds, Ordering::Relaxed);
            begun += 1;
        }
    };
    match find(&Text(text.to_owned()), REAL, &[at_most(0.05)], settings, &mut told) {
        Ok(mut found) => found.pop(),
        Err(BreachError::Stopped) => None,
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn a_search_that_is_stopped_tells_what_the_looks_so_far_say() {
    let text = station("15/m", 5, "servers = 20", "station.s.wait.share_over(15s)");
    let whole = stopped_after(&text, usize::MAX).unwrap();
    assert!(!whole.cut_short);
    let is_look = |found: &Breach, at: f64| found.curve.iter().any(|point| point.at.total_cmp(&at).is_eq());
    // The looks of the interval get more runs where it is too wide.
    let same = |a: &CurvePoint, b: &CurvePoint| match a.value.samples < b.value.samples {
        true => a.judges && a.at.total_cmp(&b.at).is_eq(),
        false => format!("{:?}", (a.at, a.value)) == format!("{:?}", (b.at, b.value)),
    };
    assert!(stopped_after(&text, 0).is_none(), "nothing was looked at");
    let mut rounds = 1;
    let mut widths = Vec::new();
    loop {
        let found = stopped_after(&text, rounds).unwrap();
        if !found.cut_short {
            assert_eq!(format!("{found:?}"), format!("{whole:?}"));
            break;
        }
        assert_eq!(found.outcome, Outcome::Breaks, "{found:?}");
        let (low, value, high) = (found.point.low.unwrap(), found.point.value.unwrap(), found.point.high.unwrap());
        assert!(low <= value && value <= high && is_look(&found, low) && is_look(&found, high), "{found:?}");
        assert!(low <= 1.007_509_188_547_695_4 && 1.007_509_188_547_695_4 <= high, "{low} to {high}");
        assert!(found.curve.iter().all(|point| whole.curve.iter().any(|of_whole| same(point, of_whole))));
        widths.push(high - low);
        rounds += 1;
    }
    assert!(rounds >= 4 && widths.is_sorted_by(|wide, narrow| narrow <= wide), "{widths:?}");
    assert!(whole.point.half_width().unwrap() <= 0.5 * widths[widths.len() - 1], "{widths:?}");
}

#[test]
fn where_nothing_was_sure_there_is_no_point_yet() {
    // Two runs of a quarter of an hour say nothing for sure at any load but the ends.
    let text = station("15/m", 1, "servers = 20", "station.s.wait.share_over(15s)").replace("\"1h\"", "\"2m\"");
    let (stop, work) = (AtomicBool::new(false), |stop| Work { seed: 9, threads: None, stop });
    let settings = Settings { work: work(&stop), confidence: 0.95, precision: 0.05, replications: Some(2) };
    let mut begun = 0;
    let mut told = |told| {
        if let Told::Begins(..) = told {
            begun += 1;
            stop.fetch_or(begun == 2, Ordering::Relaxed);
        }
    };
    let range = Range { low: 0.98, high: 1.02, whole: false };
    let found = find(&Text(text), range, &[at_most(0.05)], settings, &mut told).unwrap().pop().unwrap();
    assert!(found.cut_short && found.outcome == Outcome::Unknown, "{found:?}");
    assert_eq!((found.point.value, found.point.low, found.point.high), (None, None, None));
}

#[test]
#[cfg(unix)]
fn an_interrupted_search_prints_what_it_knows() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("line.toml"), LINE).unwrap();
    let words = ["breach", "line.toml", "--reps", "20000", "--progress", "plain", "--format", "json", "-o", "out"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_peaksim"))
        .args(words)
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("fresh runs")));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let said: Vec<String> = lines.map(Result::unwrap).collect();
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(130), "{said:?}");
    assert!(said[0].contains("what is known so far is reported"), "{said:?}");
    let document: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let found = &document["breach_points"][0];
    assert_eq!((&document["partial"], &found["stopped_early"]), (&true.into(), &true.into()));
    let number = |key: &str| found["point"][key].as_f64().unwrap();
    assert!(number("low") <= number("value") && number("value") <= number("high"), "{found}");
    assert!(number("samples") >= 30.0, "the pilot's: {found}");
    let page = std::fs::read_to_string(folder.path().join("out/breach.html")).unwrap();
    assert!(page.contains("Stopped early"), "{page}");
}

/// A small scenario with one overloaded hour.
pub(crate) const LINE: &str = "format = 1\n[horizon]\nmode = \"span\"\nlength = \"8h\"\nthen = \"drain\"\n\
    [[source]]\nname = \"shop\"\nrate = \"60/h\"\nnext = \"pick\"\n\
    [[station]]\nname = \"pick\"\nservers = 2\ntakes = { exponential = \"1m\" }\nnext = \"done\"\n\
    [[sla]]\nname = \"quick\"\nwithin = \"10m\"\ntarget = \"90%\"\n";

/// The program on it.
fn told(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("line.toml");
    std::fs::write(&file, LINE).unwrap();
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_peaksim"))
        .arg("breach")
        .arg(&file)
        .args(arguments)
        .args(["--progress", "none", "-o"])
        .arg(folder.path())
        .output()
        .unwrap();
    let words = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), words(done.stdout), words(done.stderr))
}

#[test]
fn the_program_prints_one_document_with_point_interval_and_curve() {
    let (code, out, err) = told(&["--format", "json", "--precision", "5%"]);
    assert_eq!(code, 0, "{err}");
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    let found = &document["breach_points"][0];
    assert_eq!((&found["name"], &found["vary"]), (&"quick".into(), &"source.*.uplift".into()));
    assert_eq!(found["outcome"], "breaks");
    let number = |key: &str| found["point"][key].as_f64().unwrap();
    assert!(1.0 < number("low") && number("low") <= number("value") && number("value") <= number("high"), "{found}");
    assert!(number("high") < 2.5 && number("samples") >= 30.0, "{found}");
    assert!(found["curve"].as_array().unwrap().len() >= 5);
    assert_eq!(found["broken_by"]["station"], "pick");
    assert_eq!((&found["planned"], &found["stopped_early"]), (&1.0.into(), &false.into()));
    let busy = ["--format", "json", "--precision", "50%", "--reps", "6", "--set", "source.shop.uplift=1.25"];
    let busy: serde_json::Value = serde_json::from_str(&told(&busy).1).unwrap();
    assert_eq!(busy["breach_points"][0]["planned"], 1.25, "the plan is what the file and --set say");
}

#[test]
fn the_page_says_at_once_when_the_plan_itself_is_beyond() {
    let page = |uplift: &str| {
        let folder = tempfile::tempdir().unwrap();
        let (file, out) = (folder.path().join("line.toml"), folder.path().join("out"));
        std::fs::write(&file, LINE.replace("rate = \"60/h\"", &format!("rate = \"60/h\"\nuplift = {uplift}"))).unwrap();
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_peaksim"));
        program.arg("breach").arg(&file).args(["--precision", "10%", "--progress", "none", "-o"]).arg(&out);
        assert!(program.output().unwrap().status.success());
        std::fs::read_to_string(out.join("breach.html")).unwrap()
    };
    for (uplift, badge) in [("0.6", "Headroom is limited"), ("3.5", "Broken as planned")] {
        assert!(page(uplift).contains(badge), "{uplift}");
    }
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_would_be_right() {
    for (arguments, code, says) in [
        (["--sla", "slow"], 2, "it has 'quick'"),
        (["--vary", "source.*.uplift=3"], 2, "LOW..HIGH"),
        (["--vary", "source.*.uplift=3..1"], 2, "does not go upwards"),
        (["--vary", "source.*.uplfit=1..3"], 20, "did you mean `uplift`"),
        (["--limit", "station.pack.wait.mean <= 5m"], 20, "there is no station called \"pack\""),
        (["--limit", "station.pack.wait.mean <= 6m"], 20, "[--limit:1:1]\n 1 │ station.pack.wait.mean <= 6m\n"),
        (["--precision", "0"], 2, "from 0.05% to 50%"),
    ] {
        let (found, out, err) = told(&arguments);
        assert_eq!((found, out.as_str()), (code, ""), "{arguments:?}: {err}");
        assert!(err.contains(says), "{arguments:?}: {err}");
    }
}
