//! `--vary path.to.key=LOW..HIGH`: the scenario as a function of one of its numbers.

use super::outcome::Failure;
use peaksim::experiment::breach::{Range, Vary};
use peaksim::model::Model;
use peaksim::scenario::{LoadError, Scenario, ScenarioText};

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
