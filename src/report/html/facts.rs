//! What the page tells of the scenario beyond its results.

use crate::model::{DiversionKind, Model, Promise};
use crate::scenario::load::Assumption;
use crate::time::SimTime;

/// Facts of the scenario that results do not hold.
#[derive(Clone, Debug, Default)]
pub struct ReportFacts {
    /// The question the scenario is to answer.
    pub description: Option<String>,
    /// What is taken for granted.
    pub assumptions: Vec<Assumption>,
    /// For each SLA, in the model's order, its cut-offs; none for a promise without.
    pub cut_offs: Vec<Vec<SimTime>>,
    /// For each station, in the model's order, who owns it.
    pub station_owners: Vec<Option<String>>,
    /// For each hold and exception class, in the model's order, which of the two it is.
    pub exception_kinds: Vec<&'static str>,
    /// The command that gives the same results again; see [`command_line`].
    pub command: String,
}

impl ReportFacts {
    /// The facts of `model`; `description` and `assumptions` are the scenario's.
    #[must_use]
    pub fn of(model: &Model, description: Option<&str>, assumptions: &[Assumption], command: String) -> ReportFacts {
        let cut_offs = |promise: &Promise| match promise {
            // The first boundary is where the table starts, not a cut-off.
            Promise::CutOff(table) => table.boundaries().iter().skip(1).map(|(at, _)| *at).collect(),
            Promise::Within(_) | Promise::ByInstant(_) => Vec::new(),
        };
        let kind = |kind: &DiversionKind| match kind {
            DiversionKind::Hold => "hold",
            DiversionKind::Exception => "exception",
        };
        ReportFacts {
            description: description.map(str::to_owned),
            assumptions: assumptions.to_vec(),
            cut_offs: model.slas.iter().map(|sla| cut_offs(&sla.promise)).collect(),
            station_owners: model.stations.iter().map(|station| station.owner.clone()).collect(),
            exception_kinds: model.diversions.iter().map(|diversion| kind(&diversion.kind)).collect(),
            command,
        }
    }
}

/// The command that runs `scenario` again with the same numbers. Of a path from the root of a machine only the file's
/// name is kept.
#[must_use]
pub fn command_line(scenario: &str, seed: u64, replications: u64, sets: &[String]) -> String {
    let mut words = format!("peaksim run {} --seed {seed} --reps {replications}", quoted(unplaced(scenario)));
    for set in sets {
        words.push_str(" --set ");
        words.push_str(&quoted(set));
    }
    words
}

/// Options as they are typed, each word with a blank before it.
#[must_use]
pub fn options(words: &[String]) -> String {
    words.iter().map(|word| format!(" {}", quoted(word))).collect()
}

/// The command that searches `scenario` for breach points again; `options` as typed.
#[must_use]
pub fn breach_command(scenario: &str, options: &[String]) -> String {
    search_command("breach", scenario, options)
}

/// The command that searches `scenario` for its frontier again; `options` as typed.
#[must_use]
pub fn frontier_command(scenario: &str, options: &[String]) -> String {
    search_command("frontier", scenario, options)
}

/// The command that runs the cells of `scenario` again; `options` as typed.
#[must_use]
pub fn sweep_command(scenario: &str, options: &[String]) -> String {
    search_command("sweep", scenario, options)
}

/// The command that compares `files` again, the base first; `options` as typed.
#[must_use]
pub fn compare_command(files: &[String], options: &[String]) -> String {
    let (base, variants) = files.split_first().map_or(("", &[][..]), |(base, rest)| (base.as_str(), rest));
    let variants = variants.iter().map(|file| unplaced(file).to_owned());
    search_command("compare", base, &variants.chain(options.iter().cloned()).collect::<Vec<_>>())
}

fn search_command(command: &str, scenario: &str, options: &[String]) -> String {
    format!("peaksim {command} {}{}", quoted(unplaced(scenario)), self::options(options))
}

/// The path of a file; of one from the root of a machine only the file's name.
fn unplaced(scenario: &str) -> &str {
    let absolute = scenario.starts_with(['/', '\\']) || scenario.get(1..3).is_some_and(|drive| drive.starts_with(':'));
    if absolute { scenario.rsplit(['/', '\\']).next().unwrap_or(scenario) } else { scenario }
}

/// A word as a POSIX shell takes it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,+@%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_can_be_pasted_and_names_no_machine() {
        let sets = ["station.pick.servers=12".to_owned(), "campaign.\"Black Friday\".uplift=3 # it's".to_owned()];
        assert_eq!(
            command_line("scenarios/a b.toml", 7, 100, &sets),
            "peaksim run 'scenarios/a b.toml' --seed 7 --reps 100 --set station.pick.servers=12 --set \
             'campaign.\"Black Friday\".uplift=3 # it'\\''s'"
        );
        assert_eq!(command_line("/home/x/peak.toml", 1, 2, &[]), "peaksim run peak.toml --seed 1 --reps 2");
        assert_eq!(command_line("C:\\x\\peak.toml", 1, 2, &[]), "peaksim run peak.toml --seed 1 --reps 2");
    }
}
