//! What may break: SLAs by name, and numbers with a limit. Shared by the commands that search for breaches.

use super::outcome::Failure;
use super::simulation::{CONFIDENCE, Simulation};
use peaksim::experiment::breach::{Limit, Subject};
use peaksim::model::Measure;
use peaksim::scenario::diagnostic::Place;
use peaksim::scenario::typed::Typed;
use peaksim::scenario::{LoadError, Scenario, ScenarioText};

/// What may break, and how sure the answer is to be.
#[derive(Debug, clap::Args)]
pub(crate) struct Promises {
    /// The SLA that may break; repeatable [default: every SLA of the file]
    #[arg(long, value_name = "NAME")]
    pub(super) sla: Vec<String>,
    /// Any other number that has a limit: --limit 'station.pick.wait.p95 <= 2h'; repeatable
    #[arg(long, value_name = "METRIC PATH >= VALUE", value_parser = limit)]
    pub(super) limit: Vec<String>,
    /// Confidence of the intervals
    #[arg(long, value_name = "SHARE", default_value_t = CONFIDENCE, value_parser = confidence)]
    pub(super) confidence: f64,
}

impl Promises {
    /// The scenario with the changes asked for, and these changes; what is wrong points to what was typed.
    pub(super) fn load(
        &self,
        text: &ScenarioText,
        simulation: &Simulation,
    ) -> Result<(Scenario, Vec<String>), LoadError> {
        let sets = self.changes(&simulation.set);
        let typed = |number: usize, at: &Place| (number > simulation.set.len()).then(|| self.typed_limit(at.text()));
        let mut scenario = text.load(&sets).map_err(|error| error.as_typed(typed))?;
        scenario.warnings = scenario.warnings.map(|found| found.as_typed(typed));
        simulation.tell_warnings(&scenario);
        Ok((scenario, sets))
    }

    /// The changes to the file, the limits among them: they are checks, read and refused like those of a file.
    fn changes(&self, set: &[String]) -> Vec<String> {
        let mut sets = set.to_vec();
        if !self.limit.is_empty() {
            let check = |limit: &String| {
                let quoted = quoted(limit);
                format!("{{ name = {quoted}, expect = {quoted} }}")
            };
            sets.push(format!("check=[{}]", self.limit.iter().map(check).collect::<Vec<_>>().join(", ")));
        }
        sets
    }

    /// The limit that a check was made of, whose part `at` is found fault with.
    fn typed_limit(&self, at: &str) -> Typed {
        let limits = &self.limit;
        let text = limits.iter().find(|limit| quoted(limit) == at).cloned().unwrap_or_else(|| limits.join(", "));
        Typed { option: "--limit".to_owned(), text, at: None }
    }

    /// Whether nothing was asked for by name.
    pub(super) fn is_open(&self) -> bool {
        self.sla.is_empty() && self.limit.is_empty()
    }

    /// The SLAs and limits asked for by name, or all SLAs.
    pub(super) fn subjects(&self, scenario: &Scenario) -> Result<Vec<Subject>, Failure> {
        let slas = &scenario.model.slas;
        let names: Vec<&str> = slas.iter().map(|sla| sla.name.as_str()).collect();
        let numbered = |name: &String| {
            let at = names.iter().position(|known| known == name);
            let unknown =
                || Failure::usage(format!("--sla {name}: the scenario has no such SLA; it has {}", listed(&names)));
            at.map(Subject::Sla).ok_or_else(unknown)
        };
        if self.is_open() {
            if slas.is_empty() {
                return Err(Failure::usage(
                    "the scenario has no SLA that could break; name a number and its limit, for example: \
                     --limit 'orders.time_to_dispatch.mean <= 2h'; or add a [[sla]]",
                ));
            }
            return Ok((0..slas.len()).map(Subject::Sla).collect());
        }
        let limits = if self.limit.is_empty() { Vec::new() } else { limits_of(scenario) };
        self.sla.iter().map(numbered).chain(limits.into_iter().map(Ok)).collect()
    }
}

/// The scenario's checks, each a number with a limit.
pub(super) fn limits_of(scenario: &Scenario) -> Vec<Subject> {
    let limit = |(measure, of): (usize, &Measure)| {
        let expected = of.expected.as_ref()?;
        let at_least = expected.comparison.wants_more();
        Some(Subject::Limit(Limit { measure, at_least, value: expected.limit }))
    };
    scenario.model.measures.iter().enumerate().filter_map(limit).collect()
}

/// A text in quotes, as TOML and JSON write it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

/// A limit says something; what, the scenario is needed to tell.
fn limit(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("a metric path with its limit, for example: station.pick.wait.p95 <= 2h".to_owned());
    }
    Ok(text.to_owned())
}

fn confidence(text: &str) -> Result<f64, String> {
    share(text).filter(|share| (0.5..1.0).contains(share)).ok_or_else(|| "from 50% to below 100%".to_owned())
}

/// Reads a relative half-width.
pub(super) fn precision(text: &str) -> Result<f64, String> {
    share(text).filter(|share| (0.0005..=0.5).contains(share)).ok_or_else(|| "from 0.05% to 50%".to_owned())
}

/// A share, written as 2% or 0.02.
fn share(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(number) => number.trim().parse::<f64>().ok().map(|number| number / 100.0),
        None => text.trim().parse().ok(),
    }
}
