//! The engine against exact theory, through nothing but scenario files and metric paths.
//!
//! `fixtures/validity/cases.json` holds models whose quantities are known from closed formulas or from numerical
//! solutions of their equations. Each case is written as a scenario file, run, and compared:
//!
//! - a number must lie within four standard errors of its exact value, where every replication gives one value;
//! - its 95 % half-width must be at most 5 % of that value (15 % of a probability below 0.02, 0.02 items of a number
//!   below 0.5): otherwise the run was too short to mean anything;
//! - a quantile is compared through the share above the exact quantile, an exact trace to the last digit.
//!
//! Seeds are fixed. A case that fails is run once more with another seed and four times as often: with some 750
//! numbers a right program has a number more than four errors off in one run of five. Failing twice is a defect.
//!
//! `cargo test validity` runs the cases of [`ALWAYS`]; `PEAKSIM_VALIDITY=all cargo test validity -- --nocapture` runs
//! them all (some minutes) and prints a table of them. `PEAKSIM_VALIDITY=prio,mt-` runs those whose names begin so.

mod case; // the cases as data
mod question; // quantities as metric paths
mod scenario; // models as scenario files
mod station; // stations as tables of them
mod verdict; // numbers, errors, verdicts

use std::path::Path;
use std::sync::atomic::AtomicBool;

use peaksim::engine::{NobodyWatches, Plan, simulate};
use peaksim::model::Model;
use peaksim::observation::{MeasureValue, RunEnd};
use peaksim::scenario::Scenario;
use rayon::prelude::*;

use case::{Case, Sim};
use question::Question;
use verdict::{Finding, Verdict, judge};

/// Cases that are run whenever the tests are.
const ALWAYS: [&str; 20] = [
    "mm1-r50",
    "mmc-10-r70",
    "mg1-lognormal-scv4",
    "mg1-h2-scv4",
    "prio-np-3-mixed",
    "prio-mm4-pr",
    "jackson-feedback",
    "tandem-3",
    "erla-10-overload",
    "loss-mm3-10-overload",
    "mt-spike-shifts-return",
    "mt-spike-shifts-finish",
    "mt-crew-change",
    "mt-outage",
    "truck-capacity-40",
    "bucket-10",
    "batch-timeout",
    "bulk-greedy-1-6",
    "forkjoin-4",
    "trace-",
];

const SEED: u64 = 20_261_127;

#[test]
fn every_case_can_be_said_and_is_accepted() {
    let cases = case::all();
    assert_eq!(cases.len(), 77);
    for case in &cases {
        let question = question::of(case);
        for variant in &question.variants {
            let model = model(case, &scenario::text(case, *variant, &question.paths));
            assert_eq!(model.measures.len(), question.paths.len(), "{}", case.id);
            Plan::new(&model).expect("the engine can run it");
        }
    }
}

#[test]
fn numbers_agree_with_exact_theory() {
    let wanted = std::env::var("PEAKSIM_VALIDITY").unwrap_or_default();
    let begins: Vec<&str> = match wanted.as_str() {
        "" => ALWAYS.to_vec(),
        "all" => vec![""],
        some => some.split(',').collect(),
    };
    let chosen = case::all().into_iter().filter(|case| begins.iter().any(|begin| case.id.starts_with(begin)));
    let mut defects = String::new();
    for case in chosen {
        let mut findings = findings(&case, SEED, 1);
        if findings.iter().any(|finding| finding.verdict != Verdict::Passed) {
            println!("{}\nonce more:", table(&case, &findings, false));
            findings = self::findings(&case, SEED + 1, 4);
        }
        println!("{}", table(&case, &findings, false));
        if findings.iter().any(|finding| finding.verdict != Verdict::Passed) {
            defects += &table(&case, &findings, true);
        }
    }
    assert!(defects.is_empty(), "{defects}");
}

/// The model that the scenario file `text` of `case` describes.
fn model(case: &Case, text: &str) -> Model {
    match Scenario::from_text(text, Path::new("."), &[]) {
        Ok(scenario) => scenario.model,
        Err(error) => panic!("{} is refused:\n{}\n{text}", case.id, error.render(false)),
    }
}

/// Runs `case` with the stated number of replications `times` over.
fn findings(case: &Case, seed: u64, times: u64) -> Vec<Finding> {
    let question = question::of(case);
    let models: Vec<Model> = question
        .variants
        .iter()
        .map(|variant| model(case, &scenario::text(case, *variant, &question.paths)))
        .collect();
    let replications = match case.sim {
        Sim::Steady { replications, .. } | Sim::Terminating { replications, .. } => u64::from(replications),
    };
    let runs: Vec<Vec<Vec<MeasureValue>>> =
        models.iter().map(|model| run(case, model, seed, replications * times)).collect();
    let Question { checks, .. } = question;
    checks.iter().map(|check| judge(check, &models[0].measures, &runs)).collect()
}

/// The values of all measures in each replication.
fn run(case: &Case, model: &Model, seed: u64, replications: u64) -> Vec<Vec<MeasureValue>> {
    let plan = Plan::new(model).expect("the engine can run it");
    let stop = AtomicBool::new(false);
    let one = |replication: u64| {
        let record = simulate(&plan, seed, replication, &stop, &mut NobodyWatches).expect("nobody stops it");
        assert_eq!(record.end, RunEnd::Finished, "{}", case.id);
        record.measures
    };
    (0..replications).into_par_iter().map(one).collect()
}

/// The worst of the findings, and those that did not pass.
fn table(case: &Case, findings: &[Finding], only_defects: bool) -> String {
    let worst = findings.iter().map(|finding| finding.z.abs()).fold(0.0, f64::max);
    let bad: Vec<&Finding> = findings.iter().filter(|finding| finding.verdict != Verdict::Passed).collect();
    let word = if bad.is_empty() { "passed" } else { "NOT PASSED" };
    let mut text = format!("{}: {} numbers, worst |z| {worst:.2}, {word}", case.id, findings.len());
    for finding in bad {
        text += &format!(
            "\n    {:?} {}: {:.9} instead of {:.9}, z {:.2}, half-width {:.4}",
            finding.verdict, finding.label, finding.found, finding.exact, finding.z, finding.half_width
        );
    }
    if only_defects { text + "\n" } else { text }
}
