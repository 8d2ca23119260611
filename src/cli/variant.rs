//! How a variant of a scenario, and a margin, are typed; and the scenarios that take part in a comparison.

use super::outcome::Failure;
use super::simulation::Simulation;
use super::terminal;
use peaksim::engine::Plan;
use peaksim::experiment::compare::{Contestant, Differing, Margins};
use peaksim::observation::ReplicationRecord;
use peaksim::scenario::diagnostic::Place;
use peaksim::scenario::differences;
use peaksim::scenario::typed::Typed;
use peaksim::scenario::{LoadError, Scenario};
use std::fmt;
use std::path::{Path, PathBuf};

/// A scenario that takes part in a comparison.
pub(super) struct Entry {
    pub(super) name: String,
    file: PathBuf,
    set: Vec<String>,
    hash: String,
    pub(super) scenario: Scenario,
}

impl Entry {
    /// The scenario of a file, called by its name, unlike those that are `taken`: where it lies is not part of the results.
    pub(super) fn of_file(file: &Path, simulation: &Simulation, taken: &[Entry]) -> Result<Entry, Failure> {
        Entry::load(&stem(file), file, &simulation.set, None, (simulation, &names(taken)))
    }

    /// The scenario of `base` with the changes of a variant.
    pub(super) fn of_variant(
        base: &Path,
        variant: &Variant,
        simulation: &Simulation,
        taken: &[Entry],
    ) -> Result<Entry, Failure> {
        let mut taken = names(taken);
        taken.push(stem(base));
        let set: Vec<String> = simulation.set.iter().chain(&variant.changes).cloned().collect();
        Entry::load(&variant.name, base, &set, Some(variant), (simulation, &taken))
    }

    fn load(
        name: &str,
        file: &Path,
        set: &[String],
        variant: Option<&Variant>,
        (simulation, taken): (&Simulation, &[String]),
    ) -> Result<Entry, Failure> {
        // The changes of a variant come after those of all.
        let typed = |number: usize, _: &Place| variant?.typed(number.checked_sub(simulation.set.len() + 1)?);
        let mut scenario = Scenario::load(file, set).map_err(|error| {
            terminal::tell(&format!("'{name}' cannot be loaded:\n"));
            error.as_typed(typed)
        })?;
        scenario.warnings = scenario.warnings.map(|found| found.as_typed(typed));
        simulation.tell_warnings(&scenario);
        let numbered = (2..).map(|k: usize| format!("{name} ({k})"));
        let name = std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name));
        let name = name.expect("numbers do not end");
        let hash = scenario.hash.to_hex().to_string();
        Ok(Entry { name, file: file.to_owned(), set: set.to_vec(), hash, scenario })
    }

    /// What it says differently from `base`.
    pub(super) fn differing(&self, base: &Entry) -> Result<Vec<Differing>, LoadError> {
        self.differing_from((&base.file, &base.set))
    }

    /// What it says differently from the scenario of a file with its changes.
    pub(super) fn differing_from(&self, base: (&Path, &[String])) -> Result<Vec<Differing>, LoadError> {
        let found = differences::of_files(base, (&self.file, &self.set))?;
        let plain = |one: differences::Difference| Differing { path: one.path, base: one.base, variant: one.variant };
        Ok(found.into_iter().map(plain).collect())
    }

    pub(super) fn plan(&self) -> Result<Plan<'_>, Failure> {
        Plan::new(&self.scenario.model).map_err(|error| Failure::scenario(format!("'{}': {error}", self.name)))
    }

    /// It and its runs.
    pub(super) fn with<'a>(&'a self, differs: &'a [Differing], records: &'a [ReplicationRecord]) -> Contestant<'a> {
        Contestant { name: &self.name, hash: &self.hash, model: &self.scenario.model, differs, records }
    }
}

fn names(of: &[Entry]) -> Vec<String> {
    of.iter().map(|entry| entry.name.clone()).collect()
}

/// A file's name without folder and ending.
pub(super) fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// A scenario that is another one with changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variant {
    /// What it is called.
    pub(crate) name: String,
    /// Its changes, each `path.to.key=VALUE`.
    pub(crate) changes: Vec<String>,
    /// The text that was typed.
    typed: String,
    /// The bytes at which the changes begin in it.
    starts: Vec<usize>,
}

impl Variant {
    /// Reads `name: path=value, path=value`; without a name it is called by its changes.
    pub(crate) fn parse(text: &str) -> Result<Variant, String> {
        let colon =
            outside(text, ':').next().filter(|colon| outside(text, '=').next().is_none_or(|equals| *colon < equals));
        let name = colon.map_or(text, |colon| &text[..colon]);
        let (mut changes, mut starts) = (Vec::new(), Vec::new());
        let mut start = colon.map_or(0, |colon| colon + 1);
        let commas: Vec<usize> = outside(&text[start..], ',').map(|comma| start + comma).collect();
        for end in commas.into_iter().chain([text.len()]) {
            let raw = &text[start..end];
            starts.push(start + raw.len() - raw.trim_start().len());
            changes.push(raw.trim().to_owned());
            start = end + 1;
        }
        let name = name.trim().trim_matches(['"', '\'']).to_owned();
        if name.is_empty() || changes.iter().any(|change| !change.contains('=')) {
            let example = "more pickers: pool.floor.shifts.0.heads=14, station.pack.servers=3";
            return Err(format!("a variant is a name and what it changes, as in: --variant '{example}'"));
        }
        Ok(Variant { name, changes, typed: text.to_owned(), starts })
    }

    /// As it was typed.
    pub(super) fn text(&self) -> &str {
        &self.typed
    }

    /// Where change number `index` (from 0) was typed; `None`: there is no such change.
    pub(crate) fn typed(&self, index: usize) -> Option<Typed> {
        let at = Some(*self.starts.get(index)?);
        Some(Typed { option: "--variant".to_owned(), text: self.typed.clone(), at })
    }
}

/// The places of `sought` outside of quotes and brackets. The apostrophe of "Tom's team" begins no quote.
pub(super) fn outside(text: &str, sought: char) -> impl Iterator<Item = usize> {
    let (mut depth, mut open, mut before) = (0_u32, None, ' ');
    text.char_indices().filter_map(move |(at, c)| {
        let within_word = std::mem::replace(&mut before, c).is_alphanumeric();
        match open {
            Some(quote) if c == quote => open = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') && !within_word => open = Some(c),
            None if matches!(c, '[' | '{') => depth += 1,
            None if matches!(c, ']' | '}') => depth = depth.saturating_sub(1),
            None if c == sought && depth == 0 => return Some(at),
            None => {}
        }
        None
    })
}

/// The difference that matters, of one kind of quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Margin {
    /// Of an attainment, as a share.
    Attainment(f64),
    /// Of waits and cost, as a share of the base's own.
    Relative(f64),
}

impl Margin {
    /// The margins with this one among them.
    pub(crate) fn among(self, margins: Margins) -> Margins {
        match self {
            Margin::Attainment(attainment) => Margins { attainment, ..margins },
            Margin::Relative(relative) => Margins { relative, ..margins },
        }
    }
}

impl fmt::Display for Margin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Margin::Attainment(share) => write!(f, "{} points", share * 100.0),
            Margin::Relative(share) => write!(f, "{}%", share * 100.0),
        }
    }
}

/// Reads `0.5 points` or `2%`.
pub(crate) fn margin(text: &str) -> Result<Margin, String> {
    let wrong = || "a margin is '0.5 points' of attainment, or '2%' of waits and cost".to_owned();
    let text = text.trim();
    let points = text.strip_suffix("points").or_else(|| text.strip_suffix("point"));
    let number = points.or_else(|| text.strip_suffix('%')).ok_or_else(wrong)?;
    let share = number.trim().parse::<f64>().map_err(|_| wrong())? / 100.0;
    if !(0.0..=1.0).contains(&share) {
        return Err(wrong());
    }
    Ok(if points.is_some() { Margin::Attainment(share) } else { Margin::Relative(share) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_a_name_and_its_changes() {
        let read = |text: &str| Variant::parse(text).map(|variant| (variant.name, variant.changes));
        let two = read(
            "more pickers: pool.floor.shifts.0.heads=14, station.\"a, b\".release={ every = \"1h\", from = \"07:00\" }",
        );
        let changes = ["pool.floor.shifts.0.heads=14", "station.\"a, b\".release={ every = \"1h\", from = \"07:00\" }"];
        assert_eq!(two, Ok(("more pickers".to_owned(), changes.map(str::to_owned).to_vec())));
        let unnamed = read("station.pick.servers=4");
        assert_eq!(unnamed, Ok(("station.pick.servers=4".to_owned(), vec!["station.pick.servers=4".to_owned()])));
        let late = read("sla.x.clock.cut_off=\"15:00\"").unwrap();
        assert_eq!(late.1, ["sla.x.clock.cut_off=\"15:00\""]);
        let typed = Variant::parse("a=1: x.a=1,  a=1").unwrap();
        for (index, change) in typed.changes.iter().enumerate() {
            let Typed { text, at, .. } = typed.typed(index).unwrap();
            assert!(text[at.unwrap()..].starts_with(change), "{text} {at:?}");
        }
        let tom = read("Tom's team, all of it: station.'a, b'.servers=4, x=1");
        let changes = ["station.'a, b'.servers=4", "x=1"].map(str::to_owned).to_vec();
        assert_eq!(tom, Ok(("Tom's team, all of it".to_owned(), changes)));
        for wrong in ["", "name:", "name: a", ": a=1", "name: a=1,"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_margin_has_its_unit() {
        assert_eq!(margin("0.5 points"), Ok(Margin::Attainment(0.005)));
        assert_eq!(margin("1point"), Ok(Margin::Attainment(0.01)));
        assert_eq!(margin("2%"), Ok(Margin::Relative(0.02)));
        for wrong in ["", "2", "points", "-1%", "NaN%", "200%"] {
            assert!(margin(wrong).is_err(), "{wrong}");
        }
    }
}
