//! `--vary PATH=LOW..HIGH/N` and `--vary PATH=A,B,C`: the axes of a sweep.

use super::outcome::Failure;
use super::unit;
use super::variant::outside;
use super::vary::{Change, changed, refuse_vacuous, takes_whole_numbers, typed_as};
use peaksim::experiment::sweep::{Axis, Setting, Values};
use peaksim::scenario::typed::Typed;
use peaksim::scenario::{LoadError, Scenario, ScenarioText};

/// Most points of an axis.
const MOST_POINTS: u32 = 1_000;

/// What one `--vary` says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    /// What it was read from, which begins with the path.
    typed: Typed,
    pub(crate) axis: Axis,
}

impl Asked {
    /// Reads a range or a list; whether a range takes whole numbers only is not known yet.
    pub(crate) fn parse(text: &str) -> Result<Asked, Failure> {
        let text = text.trim();
        let bad = |why: &str| {
            let examples = "--vary 'source.*.uplift=0.5..2/7' --vary station.pick.servers=3,4,5";
            Failure::usage(format!("--vary {text}: {why}; for example: {examples}"))
        };
        let equals = outside(text, '=').next().ok_or_else(|| bad("there is no `=` with values"))?;
        let (path, values) = (text[..equals].trim(), text[equals + 1..].trim());
        let values = match values.split_once("..") {
            Some((low, rest)) if outside(values, ',').next().is_none() => range(low, rest).map_err(|why| bad(&why))?,
            _ => list(values).ok_or_else(|| bad("a value is missing"))?,
        };
        Ok(Asked { typed: typed_as("--vary", text), axis: Axis { path: path.to_owned(), values } })
    }
}

fn range(low: &str, rest: &str) -> Result<Values, String> {
    let (high, points) = match rest.split_once(['/', ':']) {
        Some((high, points)) => (high, Some(points.trim())),
        None => (rest, None),
    };
    let (low, high, unit) = unit::ends(low, high)?;
    let count = |text: &str| {
        let count = text.parse::<u32>().ok().filter(|count| (2..=MOST_POINTS).contains(count));
        count.ok_or_else(|| format!("`{text}` is not a number of points from 2 to {MOST_POINTS}"))
    };
    Ok(Values::Between { low, high, whole: false, unit, points: points.map(count).transpose()? })
}

fn list(text: &str) -> Option<Values> {
    let mut values = Vec::new();
    let mut start = 0;
    for end in outside(text, ',').chain([text.len()]) {
        let value = text[start..end].trim();
        let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
        let text = if unit::is_bare(value) { format!("{value:?}") } else { value.to_owned() };
        values.push(Setting { text, number });
        start = end + 1;
    }
    values.iter().all(|value| !value.text.is_empty()).then_some(Values::Listed(values))
}

/// A scenario with axes.
#[derive(Debug)]
pub(crate) struct Spanned<'a> {
    pub(crate) text: &'a ScenarioText,
    pub(crate) sets: &'a [String],
    pub(crate) axes: Vec<Asked>,
}

impl Spanned<'_> {
    /// The scenario with these values of some axes, by their number; errors point to what was typed.
    pub(crate) fn scenario<'s>(
        &self,
        settings: impl IntoIterator<Item = (usize, &'s Setting)>,
    ) -> Result<Scenario, LoadError> {
        let change = |(k, setting): (usize, &Setting)| {
            let Asked { typed, axis } = &self.axes[k];
            Change { path: &axis.path, value: setting.text.clone(), typed }
        };
        changed(self.text, self.sets, &settings.into_iter().map(change).collect::<Vec<_>>())
    }

    /// Finds out which ranges take whole numbers only, and that both ends of each can be simulated.
    pub(crate) fn look_at_ranges(&mut self) -> Result<(), LoadError> {
        for k in 0..self.axes.len() {
            let Asked { typed, axis } = &self.axes[k];
            let load = |setting: &Setting| self.scenario([(k, setting)]);
            let refuse = |low: &Scenario, high: &Scenario| refuse_vacuous((&axis.path, typed), [low, high]);
            let (low, high, unit, points) = match &axis.values {
                Values::Between { low, high, unit, points, .. } => (*low, *high, unit.clone(), *points),
                Values::Listed(values) => {
                    // A value that cannot be loaded is told with its cell.
                    if let (Ok(first), Ok(last)) = (load(&values[0]), load(&values[values.len() - 1])) {
                        refuse(&first, &last)?;
                    }
                    continue;
                }
            };
            let setting = |value| Setting::in_unit(value, &unit);
            let whole = takes_whole_numbers(low, high, |value| load(&setting(value)))?;
            refuse(&load(&setting(low))?, &load(&setting(high))?)?;
            self.axes[k].axis.values = Values::Between { low, high, whole, unit, points };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_points_and_a_list_has_values() {
        let parse = |text: &str| Asked::parse(text).map(|asked| (asked.axis.path, asked.axis.values));
        let between = |points| Values::Between { low: 0.5, high: 4.0, whole: false, unit: String::new(), points };
        assert_eq!(parse("source.*.uplift=0.5..4").unwrap(), ("source.*.uplift".to_owned(), between(None)));
        assert_eq!(parse("a = 0.5 .. 4 / 7").unwrap(), ("a".to_owned(), between(Some(7))));
        assert_eq!(parse("a=0.5..4:7").unwrap().1, between(Some(7)));
        let (path, values) = parse("pool.\"a=b\".from=\"06:00\", \"08:00, or so\"").unwrap();
        let Values::Listed(values) = values else { panic!("{values:?}") };
        assert_eq!(
            (path.as_str(), values[1].text.as_str(), values[1].number),
            ("pool.\"a=b\".from", "\"08:00, or so\"", None)
        );
        let Values::Listed(values) = parse("x=3,4.5").unwrap().1 else { panic!("a list") };
        assert_eq!(values.iter().map(|value| value.number).collect::<Vec<_>>(), [Some(3.0), Some(4.5)]);
        for wrong in ["a", "a=", "a=1,,2", "a=4..1", "a=1..x", "a=1..2/1", "a=1..2/many", "a=1..inf"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
