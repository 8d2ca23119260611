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
//! A run that is right but too short is continued until it is precise enough. Seeds are fixed. A case that fails is
//! run once more with another seed and four times as often: with some 750 numbers a right program has a number more
//! than four errors off in one run of five. Failing twice is a defect.
//!
//! `cargo test` runs all cases, the ten heaviest (see [`HEAVIEST`]) at a third of their length, with half-widths of
//! up to 10 %. `PEAKSIM_VALIDITY=report cargo test validity` runs all of them whole and writes `reports/validity.md`;
//! `PEAKSIM_VALIDITY=prio,mt- cargo test validity -- --nocapture` runs, whole, those whose names begin so.

mod case; // the cases as data
mod coverage; // whether intervals hold the exact value as often as they say
mod question; // quantities as metric paths
mod report; // the table of all of them
mod scenario; // models as scenario files
mod station; // stations as tables of them
mod verdict; // numbers, errors, verdicts

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use peaksim::engine::{NobodyWatches, Plan, simulate};
use peaksim::model::Model;
use peaksim::observation::{MeasureValue, RunEnd};
use peaksim::scenario::Scenario;
use rayon::prelude::*;

use case::{Case, Sim};
use question::Question;
use report::Report;
use scenario::Variant;
use verdict::{Finding, Verdict, judge};

/// Where most events happen: together more than half of all.
const HEAVIEST: [&str; 10] = [
    "mmc-200-r95",
    "mmc-50-r90",
    "mm1-r90",
    "bucket-10",
    "frontier-feedback",
    "prio-np-2-equal",
    "gim-h2-m1",
    "cox-day",
    "mdc-10-r90",
    "prio-mm4-np",
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
    let whole = !wanted.is_empty();
    let begins: Vec<&str> =
        if wanted.is_empty() || wanted == "report" { vec![""] } else { wanted.split(',').collect() };
    let chosen = case::all().into_iter().filter(|case| begins.iter().any(|begin| case.id.starts_with(begin)));
    let mut defects = String::new();
    let mut report = Report::default();
    for case in chosen {
        let length = if !whole && HEAVIEST.contains(&case.id.as_str()) { Length::Third } else { Length::Whole };
        let mut trial = Trial::of(&case, SEED, length);
        trial.run_until_precise(1);
        if trial.findings.iter().any(|finding| finding.verdict == Verdict::Failed) {
            println!("{}\n    once more:", trial.table());
            trial = Trial::of(&case, SEED + 1, length);
            trial.run_until_precise(4);
        }
        println!("{}", trial.table());
        if trial.findings.iter().any(|finding| finding.verdict != Verdict::Passed) {
            defects += &(trial.table() + "\n");
        }
        report.add(&case.id, trial.events, trial.runs[0].len(), &trial.findings);
    }
    if wanted == "report" {
        report.write();
    }
    assert!(defects.is_empty(), "{defects}");
}

/// How much of its stated length a case is run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Whole,
    /// With half-widths up to twice as wide.
    Third,
}

/// A case being run.
struct Trial<'c> {
    case: &'c Case,
    seed: u64,
    length: Length,
    /// Events of all runs so far.
    events: u64,
    question: Question,
    models: Vec<Model>,
    /// For each variant and replication the values of all measures.
    runs: Vec<Vec<Vec<MeasureValue>>>,
    findings: Vec<Finding>,
}

impl<'c> Trial<'c> {
    fn of(case: &'c Case, seed: u64, length: Length) -> Trial<'c> {
        let question = question::of(case);
        let written = |variant: &Variant| model(case, &scenario::text(case, *variant, &question.paths));
        let models: Vec<Model> = question.variants.iter().map(written).collect();
        let runs = vec![Vec::new(); models.len()];
        Trial { case, seed, length, events: 0, models, runs, findings: Vec::new(), question }
    }

    /// Runs `times` the stated number of replications; and, where all is right so far but some of it is not precise
    /// enough to mean anything, as many more as that takes.
    fn run_until_precise(&mut self, times: u64) {
        let stated = match self.case.sim {
            Sim::Steady { replications, .. } | Sim::Terminating { replications, .. } => u64::from(replications),
        };
        let (mut wanted, widest_allowed) = match self.length {
            Length::Whole => (stated * times, 1.0),
            Length::Third => (stated.div_ceil(3) * times, 2.0),
        };
        for _ in 0..3 {
            for (model, runs) in self.models.iter().zip(&mut self.runs) {
                for (events, values) in run(self.case, model, self.seed, runs.len() as u64..wanted) {
                    self.events += events;
                    runs.push(values);
                }
            }
            let measures = &self.models[0].measures;
            let judged = |check| judge(check, measures, &self.runs, widest_allowed);
            self.findings = self.question.checks.iter().map(judged).collect();
            let widest = self.findings.iter().map(|finding| finding.width).fold(0.0, f64::max);
            if widest <= 1.0 || self.findings.iter().any(|finding| finding.verdict == Verdict::Failed) {
                return;
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a factor from 1 to 100")]
            let longer = (widest * widest * 110.0).min(10_000.0).ceil() as u64;
            wanted = wanted * longer / 100 + 1;
        }
    }

    /// The worst of the findings, and those that did not pass.
    fn table(&self) -> String {
        let worst = self.findings.iter().map(|finding| finding.z.abs()).fold(0.0, f64::max);
        let bad: Vec<&Finding> = self.findings.iter().filter(|finding| finding.verdict != Verdict::Passed).collect();
        let word = if bad.is_empty() { "passed" } else { "NOT PASSED" };
        let (numbers, runs, events) = (self.findings.len(), self.runs[0].len(), self.events);
        let mut text =
            format!("{}: {numbers} numbers, {runs} runs, {events} events, worst |z| {worst:.2}, {word}", self.case.id);
        for Finding { label, exact, found, z, width, verdict, .. } in bad {
            text += &format!(
                "\n    {verdict:?} {label}: {found:.9} instead of {exact:.9}, z {z:.2}, {width:.2} times as wide as \
                 it may be"
            );
        }
        text
    }
}

/// The model that the scenario file `text` of `case` describes.
fn model(case: &Case, text: &str) -> Model {
    match Scenario::from_text(text, Path::new("."), &[]) {
        Ok(scenario) => scenario.model,
        Err(error) => panic!("{} is refused:\n{}\n{text}", case.id, error.render(false)),
    }
}

/// Events and the values of all measures in each of `replications`.
fn run(case: &Case, model: &Model, seed: u64, replications: Range<u64>) -> Vec<(u64, Vec<MeasureValue>)> {
    let plan = Plan::new(model).expect("the engine can run it");
    let stop = AtomicBool::new(false);
    let one = |replication: u64| {
        let record = simulate(&plan, seed, replication, &stop, &mut NobodyWatches).expect("nobody stops it");
        assert_eq!(record.end, RunEnd::Finished, "{}", case.id);
        (record.events, record.measures)
    };
    replications.into_par_iter().map(one).collect()
}
