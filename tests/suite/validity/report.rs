//! The table of all numbers and what was found, as a document.

use std::fmt::Write as _;
use std::path::Path;

use super::verdict::{Finding, Verdict};

/// What it says above the table.
const HEAD: &str = "# Agreement with exact theory

Every line is one number that is known exactly (from a closed formula, from a numerical solution of the model's equations,
or by hand) and what the simulation found, through nothing but a scenario file and a metric path. A number passes when it
lies within four standard errors of its exact value *and* its 95 % half-width is at most 5 % of that value (15 % of a
probability below 0.02, 0.02 items of a number below 0.5); exact traces agree to nine digits. A quantile is compared
through the share above the exact one.

Written by `PEAKSIM_VALIDITY=report cargo test validity`; seeds are fixed, so that the same version writes the same bytes.

";

/// The report as it grows.
#[derive(Default)]
pub(crate) struct Report {
    cases: String,
    numbers: String,
    passed: usize,
    all: usize,
    all_numbers: usize,
    events: u64,
}

impl Report {
    /// One case more.
    pub(crate) fn add(&mut self, id: &str, events: u64, runs: usize, findings: &[Finding]) {
        let passed = findings.iter().all(|finding| finding.verdict == Verdict::Passed);
        self.passed += usize::from(passed);
        self.all += 1;
        self.all_numbers += findings.len();
        self.events += events;
        let worst = findings.iter().map(|finding| finding.z.abs()).fold(0.0, f64::max);
        let word = |passed| if passed { "passed" } else { "NOT PASSED" };
        let _ =
            writeln!(self.cases, "| {id} | {} | {runs} | {events} | {worst:.2} | {} |", findings.len(), word(passed));
        for Finding { label, exact, found, error, z, verdict, .. } in findings {
            let half = 1.96 * error;
            let _ = writeln!(
                self.numbers,
                "| {id} | {label} | {exact:.6} | {found:.6} | ± {half:.6} | {z:.2} | {} |",
                word(*verdict == Verdict::Passed)
            );
        }
    }

    /// Writes it where reports lie.
    pub(crate) fn write(&self) {
        let Report { cases, numbers, passed, all, all_numbers, events } = self;
        let text = format!(
            "{HEAD}**{passed} of {all} cases passed**: {all_numbers} numbers, {events} events.\n\n\
             ## Cases\n\n| case | numbers | runs | events | worst z | verdict |\n|---|--:|--:|--:|--:|---|\n{cases}\n\
             ## Numbers\n\n| case | quantity | exact | simulated | 95 % | z | verdict |\n|---|---|--:|--:|--:|--:|---|\n{numbers}"
        );
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/validity.md");
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
