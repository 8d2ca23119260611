//! `--vary path.to.key=LOW..HIGH`: the scenario as a function of one of its numbers.

use super::outcome::Failure;
use peaksim::experiment::breach::{Range, Vary};
use peaksim::experiment::frontier::Plane;
use peaksim::model::Model;
use peaksim::scenario::differences;
use peaksim::scenario::{LoadError, Scenario, ScenarioText};
use std::path::Path;

/// What one `--vary` says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lever {
    /// Path of the number; `*` stands for every item of a list.
    pub(crate) path: String,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Lever {
    /// A lever from `path=LOW..HIGH`.
    pub(crate) fn parse(text: &str) -> Result<Lever, Failure> {
        let bad =
            |why: &str| Failure::usage(format!("--vary {text}: {why}; for example: --vary 'source.*.uplift=0.5..4'"));
        let (path, range) = text.rsplit_once('=').ok_or_else(|| bad("there is no `=` with a range"))?;
        let (low, high) = range.split_once("..").ok_or_else(|| bad("a range is written LOW..HIGH"))?;
        let number = |text: &str| {
            let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
            number.ok_or_else(|| bad(&format!("`{text}` is not a number")))
        };
        let (low, high) = (number(low)?, number(high)?);
        if low >= high {
            return Err(bad("the range does not go upwards"));
        }
        Ok(Lever { path: path.trim().to_owned(), low, high })
    }

    /// The change that sets it to `value`.
    fn set(&self, value: f64) -> String {
        // Whole numbers are written as such: a number of people takes no point.
        format!("{}={value}", self.path)
    }

    /// Its value in the file; a factor that does not stand there is 1. `None` where several numbers differ.
    pub(crate) fn planned(&self, file: &Path, sets: &[String]) -> Result<Option<f64>, LoadError> {
        // No file says this, so everything that the lever sets differs from it.
        let mut other = sets.to_vec();
        other.push(self.set(self.high + 0.123_456_789));
        let found = differences::of_files((file, sets), (file, &other))?;
        let factor = [".uplift", ".scale", ".factor"].iter().any(|key| self.path.ends_with(key));
        let value = |base: &Option<String>| match base {
            Some(text) => text.parse::<f64>().ok(),
            None => factor.then_some(1.0),
        };
        let values: Option<Vec<f64>> = found.iter().map(|difference| value(&difference.base)).collect();
        let mut values = values.unwrap_or_default().into_iter();
        let first = values.next();
        Ok(first.filter(|first| values.all(|value| value.total_cmp(first).is_eq())))
    }
}

/// A scenario with one lever.
#[derive(Debug)]
pub(crate) struct Varied<'a> {
    pub(crate) text: &'a ScenarioText,
    pub(crate) sets: &'a [String],
    pub(crate) lever: &'a Lever,
}

impl Varied<'_> {
    pub(crate) fn scenario(&self, value: f64) -> Result<Scenario, LoadError> {
        let mut sets = self.sets.to_vec();
        sets.push(self.lever.set(value));
        self.text.load(&sets)
    }

    /// The range, once it is known that both ends can be simulated, and whether only whole numbers can.
    pub(crate) fn range(&self) -> Result<Range, Failure> {
        let Lever { low, high, .. } = *self.lever;
        self.scenario(low)?;
        self.scenario(high)?;
        let whole = low.fract() == 0.0 && high.fract() == 0.0 && self.scenario(low + 0.5).is_err();
        Ok(Range { low, high, whole })
    }
}

impl Vary for Varied<'_> {
    type Error = LoadError;

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
    pub(crate) fn axes(&self, rows: u16) -> Result<(Range, Vec<f64>), Failure> {
        let of = |lever| Varied { text: self.text, sets: self.sets, lever }.range();
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

    fn at(&self, load: f64, row: f64) -> Result<Model, LoadError> {
        let mut sets = self.sets.to_vec();
        sets.extend([self.load.set(load), self.across.set(row)]);
        Ok(self.text.load(&sets)?.model)
    }

    fn plan(&self) -> Result<Model, LoadError> {
        Ok(self.text.load(self.sets)?.model)
    }
}
