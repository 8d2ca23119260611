//! `--vary path.to.key=LOW..HIGH`: the scenario as a function of one of its numbers, or of two.

use super::outcome::Failure;
use super::unit;
use peaksim::experiment::breach::{Demand, Range, Vary};
use peaksim::experiment::frontier::Plane;
use peaksim::experiment::sweep::Setting;
use peaksim::model::{DiversionKind, Model};
use peaksim::scenario::diagnostic::{Diagnostic, Diagnostics, Place};
use peaksim::scenario::differences;
use peaksim::scenario::typed::Typed;
use peaksim::scenario::{LoadError, Scenario, ScenarioText};
use std::path::Path;

/// What one `--vary` says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lever {
    /// Path of the number; `*` stands for every item of a list.
    pub(crate) path: String,
    pub(crate) low: f64,
    pub(crate) high: f64,
    /// Unit of all of its values, as it stands behind them; empty for plain numbers.
    pub(crate) unit: String,
    /// What it was read from, which begins with the path.
    typed: Typed,
}

/// The event.
const CAMPAIGNS: &str = "campaign.*.scale";
/// All demand.
const SOURCES: &str = "source.*.uplift";

impl Lever {
    /// A lever from `path=LOW..HIGH`.
    pub(crate) fn parse(text: &str) -> Result<Lever, Failure> {
        let text = text.trim();
        let bad =
            |why: &str| Failure::usage(format!("--vary {text}: {why}; for example: --vary 'source.*.uplift=0.5..4'"));
        let (path, range) = text.rsplit_once('=').ok_or_else(|| bad("there is no `=` with a range"))?;
        let (low, high) = range.split_once("..").ok_or_else(|| bad("a range is written LOW..HIGH"))?;
        let (low, high, unit) = unit::ends(low, high).map_err(|why| bad(&why))?;
        Ok(Lever { path: path.trim().to_owned(), low, high, unit, typed: typed_as("--vary", text) })
    }

    /// A lever that nobody typed.
    pub(super) fn unasked(path: &str, low: f64, high: f64) -> Lever {
        let typed = typed_as("what is varied unasked", &format!("{path}={low}..{high}"));
        Lever { path: path.to_owned(), low, high, unit: String::new(), typed }
    }

    /// What is varied unless something else is asked for: the event, and all demand.
    pub(super) fn usual(scenario: &Scenario) -> Vec<Lever> {
        // Without any campaign the question is the same as with one that is smaller; without demand there is none.
        let event = (!scenario.model.campaigns.is_empty()).then_some((CAMPAIGNS, 0.0));
        event.into_iter().chain([(SOURCES, 0.25)]).map(|(path, low)| Lever::unasked(path, low, 4.0)).collect()
    }

    /// What of the demand it varies, if it is one of the usual ones.
    pub(super) fn demand(&self) -> Option<Demand> {
        match self.path.as_str() {
            CAMPAIGNS => Some(Demand::CampaignScale),
            SOURCES => Some(Demand::Uplift),
            _ => None,
        }
    }

    /// Campaigns come on top of ordinary trading: 1 is a whole campaign, and a tenth of one is few orders.
    fn whole_one(&self) -> Option<f64> {
        (self.path == CAMPAIGNS).then_some(1.0)
    }

    /// Set to `value`. Whole numbers are written as such: a number of people takes no point.
    fn set(&self, value: f64) -> Change<'_> {
        Change { path: &self.path, value: Setting::in_unit(value, &self.unit).text, typed: &self.typed }
    }

    /// Its value in the file; a factor that does not stand there is 1. `None` where several numbers differ.
    pub(crate) fn planned(&self, file: &Path, sets: &[String]) -> Result<Option<f64>, LoadError> {
        // No file says this, so everything that the lever sets differs from it.
        let changes = [self.set(self.high + 0.123_456_789)];
        let found = differences::of_files((file, sets), (file, &joined(sets, &changes)));
        let found = found.map_err(|error| as_typed(error, sets, &changes))?;
        let factor = [".uplift", ".scale", ".factor"].iter().any(|key| self.path.ends_with(key));
        let value = |base: &Option<String>| match base {
            Some(text) => unit::number_in(text, &self.unit),
            None => factor.then_some(1.0),
        };
        let values: Option<Vec<f64>> = found.iter().map(|difference| value(&difference.base)).collect();
        let mut values = values.unwrap_or_default().into_iter();
        let first = values.next();
        Ok(first.filter(|first| values.all(|value| value.total_cmp(first).is_eq())))
    }
}

/// What was typed after `option`.
pub(super) fn typed_as(option: &str, text: &str) -> Typed {
    Typed { option: option.to_owned(), text: text.to_owned(), at: None }
}

/// A number that is varied, set to one of its values.
#[derive(Clone, Debug)]
pub(super) struct Change<'a> {
    pub(super) path: &'a str,
    pub(super) value: String,
    /// What it comes from, which begins with the path.
    pub(super) typed: &'a Typed,
}

/// The scenario of `text` with `sets`, as typed after `--set`, and then `changes`; what is wrong with these points to what
/// was typed.
pub(super) fn changed(text: &ScenarioText, sets: &[String], changes: &[Change<'_>]) -> Result<Scenario, LoadError> {
    text.load(&joined(sets, changes)).map_err(|error| as_typed(error, sets, changes))
}

fn joined(sets: &[String], changes: &[Change<'_>]) -> Vec<String> {
    sets.iter().cloned().chain(changes.iter().map(|change| format!("{}={}", change.path, change.value))).collect()
}

fn as_typed(error: LoadError, sets: &[String], changes: &[Change<'_>]) -> LoadError {
    let error = error.as_typed(|number: usize, place: &Place| {
        let change = changes.get(number.checked_sub(sets.len() + 1)?)?;
        // The path stands at the beginning of what was typed; a value of a range need not stand there at all.
        let at = (place.start() < change.path.len()).then_some(0);
        Some(Typed { at, ..change.typed.clone() })
    });
    with_units(error)
}

/// Where a quantity was varied as a plain number: how it is typed with its unit, instead of how it stands in a file.
fn with_units(error: LoadError) -> LoadError {
    let LoadError::Invalid { diagnostics, data } = error else { return error };
    let retyped = |found: &Diagnostic| {
        let meant =
            found.help.as_deref().filter(|_| found.code == "missing-unit").and_then(|help| help.split('"').nth(1));
        let typed = found.place.source();
        match meant.and_then(|meant| unit::with_unit_of(&typed.text, meant)) {
            Some(text) if typed.name == "--vary" => found.clone().help(format!("did you mean --vary {text}?")),
            _ => found.clone(),
        }
    };
    let diagnostics = Diagnostics::collect(diagnostics.iter().map(retyped).collect()).expect("as many as there were");
    LoadError::Invalid { diagnostics, data }
}

/// A scenario with one lever.
#[derive(Debug)]
pub(crate) struct Varied<'a> {
    pub(crate) text: &'a ScenarioText,
    pub(crate) sets: &'a [String],
    pub(crate) lever: &'a Lever,
    /// Its value in the file.
    pub(crate) planned: Option<f64>,
}

impl Varied<'_> {
    pub(crate) fn scenario(&self, value: f64) -> Result<Scenario, LoadError> {
        changed(self.text, self.sets, &[self.lever.set(value)])
    }

    /// The range, once it is known that both ends can be simulated, and whether only whole numbers can.
    pub(crate) fn range(&self) -> Result<Range, LoadError> {
        let Lever { low, high, .. } = *self.lever;
        let whole = takes_whole_numbers(low, high, |value| self.scenario(value))?;
        refuse_vacuous((&self.lever.path, &self.lever.typed), [&self.scenario(low)?, &self.scenario(high)?])?;
        Ok(Range { low, high, whole })
    }
}

/// Whether only whole numbers from `low` to `high` can be loaded, once it is known that both ends can be.
pub(super) fn takes_whole_numbers<T, E>(low: f64, high: f64, load: impl Fn(f64) -> Result<T, E>) -> Result<bool, E> {
    load(low)?;
    load(high)?;
    Ok(low.fract() == 0.0 && high.fract() == 0.0 && load(low + 0.5).is_err())
}

/// Refuses what changes nothing: an answer about it would be true and mean nothing.
pub(super) fn refuse_vacuous((path, typed): (&str, &Typed), [low, high]: [&Scenario; 2]) -> Result<(), LoadError> {
    let refuse = |message: &str, help: &str| Err(typed.refused("varies-nothing", message, help));
    if low.plan != high.plan {
        let message = format!("`{path}` says how often and with which draws to run, not how the operation works");
        return refuse(&message, "vary a number of the operation; for other draws: --seed, for more runs: --reps");
    }
    if path.trim() == "exceptions.factor" && !goes_wrong(low) {
        let message = "the scenario has no [[exceptions.class]] of which there could be more";
        return refuse(message, "add a class of exceptions, or vary something else: --vary 'source.*.uplift=0.5..4'");
    }
    Ok(())
}

/// Whether there are exceptions, of which more could be injected.
pub(super) fn goes_wrong(scenario: &Scenario) -> bool {
    scenario.model.diversions.iter().any(|diversion| diversion.kind == DiversionKind::Exception)
}

impl Vary for Varied<'_> {
    type Error = LoadError;

    fn planned(&self) -> Option<f64> {
        self.planned
    }

    fn whole_one(&self) -> Option<f64> {
        self.lever.whole_one()
    }

    fn at(&self, value: f64) -> Result<Model, LoadError> {
        Ok(self.scenario(value)?.model)
    }
}

/// A scenario with two levers.
#[derive(Debug)]
pub(crate) struct Crossed<'a> {
    pub(crate) text: &'a ScenarioText,
    pub(crate) sets: &'a [String],
    pub(crate) load: &'a Lever,
    pub(crate) across: &'a Lever,
}

impl Crossed<'_> {
    /// The range of the load and the values of the rows, once it is known that the corners can be simulated.
    pub(crate) fn axes(&self, rows: u16) -> Result<(Range, Vec<f64>), LoadError> {
        let of = |lever| Varied { text: self.text, sets: self.sets, lever, planned: None }.range();
        let (load, across) = (of(self.load)?, of(self.across)?);
        for (at, row) in
            [(load.low, across.low), (load.high, across.low), (load.low, across.high), (load.high, across.high)]
        {
            self.at(at, row)?;
        }
        let step = (across.high - across.low) / f64::from(rows - 1);
        let value = |k: u16| if k + 1 == rows { across.high } else { across.low + f64::from(k) * step };
        // 1 + 3 x 0.4 is not quite 2.2, but is written so.
        let tidy = |value: f64| if across.whole { value.round() } else { (value * 1e9).round() / 1e9 };
        let mut values: Vec<f64> = (0..rows).map(|k| tidy(value(k))).collect();
        values.dedup_by(|a, b| a.total_cmp(b).is_eq());
        Ok((load, values))
    }
}

impl Plane for Crossed<'_> {
    type Error = LoadError;

    fn whole_one(&self) -> Option<f64> {
        self.load.whole_one()
    }

    fn at(&self, load: f64, row: f64) -> Result<Model, LoadError> {
        Ok(changed(self.text, self.sets, &[self.load.set(load), self.across.set(row)])?.model)
    }

    fn plan(&self) -> Result<Model, LoadError> {
        Ok(self.text.load(self.sets)?.model)
    }
}
