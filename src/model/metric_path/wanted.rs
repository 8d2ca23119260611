//! A metric path with the precision wanted of it: `sla.'next day'.attainment ± 0.5pp`.

use super::expectation::outside_quotes;
use super::values;
use crate::model::{Measure, MetricError, MetricUnit, Model};
use crate::statistics::sequential::Precision;
use crate::time::TICKS_PER_HOUR;

/// A number, and how far its interval may reach to either side.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedPrecision {
    /// The number.
    pub measure: Measure,
    /// Half-width wanted, in the number's own unit or relative to it; where both are named, the wider one will do.
    pub precision: Precision,
    /// The width as written: "± 0.5pp".
    pub text: String,
}

impl Model {
    /// What `text` wants: a metric path, `±` (or `+-`, `+/-`), and a half-width. `0.5pp` are points of per cent of a share,
    /// `2%` is relative to the number, everything else is in the number's own unit; `2% or 0.5pp` takes the wider of two.
    ///
    /// # Errors
    /// What is wrong with the path or the width, and what would be right.
    pub fn wanted_precision(&self, text: &str) -> Result<WantedPrecision, MetricError> {
        let at = outside_quotes(text, |c| c == '±' || c == '+');
        let measure = self.measure(&text[..at])?;
        let unit = MetricUnit::of(&measure.metric, measure.over_runs);
        let help = || format!("for example: {} {}", measure.path, example(unit));
        let rest = text[at..].trim();
        if rest.is_empty() {
            let message = format!("`{}` has no half-width: how near the number is to be known", measure.path);
            return Err(MetricError { message, help: help() });
        }
        let width = ["±", "+/-", "+-"].iter().find_map(|sign| rest.strip_prefix(sign));
        let read = match width {
            Some(width) => precision(width.trim(), unit),
            None => Err(format!("`{rest}` does not begin with `±`, `+-` or `+/-`")),
        };
        let precision = match read {
            Ok(precision) => precision,
            Err(reason) => return Err(MetricError { message: format!("{reason} (in `{text}`)"), help: help() }),
        };
        let text = format!("± {}", width.unwrap_or_default().trim());
        Ok(WantedPrecision { measure, precision, text })
    }
}

fn example(unit: MetricUnit) -> &'static str {
    match unit {
        MetricUnit::Share => "± 0.5pp",
        MetricUnit::Seconds | MetricUnit::Hours => "± 5m",
        MetricUnit::Number => "± 2%",
    }
}

fn precision(text: &str, unit: MetricUnit) -> Result<Precision, String> {
    let mut found = Precision::default();
    for part in text.split(" or ").map(str::trim) {
        let (width, relative) = half_width(part, unit)?;
        if !(width > 0.0 && width.is_finite()) {
            return Err(format!("`{part}` is no half-width: it must be more than 0"));
        }
        let place = if relative { &mut found.relative } else { &mut found.absolute };
        if place.replace(width).is_some() {
            return Err(format!("`{text}` names two half-widths of one kind"));
        }
    }
    Ok(found)
}

/// A half-width, and whether it is relative.
fn half_width(text: &str, unit: MetricUnit) -> Result<(f64, bool), String> {
    if text.is_empty() {
        return Err("the half-width is missing".to_owned());
    }
    // Through text, so that 0.5% is exactly 0.005.
    let per_cent = |number: &str| values::number(&format!("{}e-2", number.trim()));
    let points = ["pp", "points", "point"].iter().find_map(|word| text.strip_suffix(word));
    if let Some(number) = points {
        if unit != MetricUnit::Share {
            return Err(format!("`{text}` are points of per cent, and the number is not a share"));
        }
        return Ok((per_cent(number)?, false));
    }
    if let Some(number) = text.strip_suffix('%') {
        return Ok((per_cent(number)?, true));
    }
    let width = match unit {
        MetricUnit::Share => values::number(text).map_err(|_| {
            format!("the number is a share, and `{text}` is no half-width for one: write 0.5pp or 0.005")
        })?,
        MetricUnit::Seconds | MetricUnit::Hours => {
            let span = values::span(text).map_err(|reason| format!("the number is a time, and {reason}"))?;
            if unit == MetricUnit::Seconds { span.seconds() } else { span.0 as f64 / TICKS_PER_HOUR as f64 }
        }
        MetricUnit::Number => values::number(text)
            .map_err(|_| format!("the number has no unit, and `{text}` is no plain number: write 5 or 2%"))?,
    };
    Ok((width, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_width_is_read_in_the_unit_of_its_number_or_relative_to_it() {
        let absolute = |text, unit| precision(text, unit).unwrap().absolute;
        assert_eq!(absolute("0.5pp", MetricUnit::Share), Some(0.005));
        assert_eq!(absolute("0.5 points", MetricUnit::Share), Some(0.005));
        assert_eq!(absolute("0.005", MetricUnit::Share), Some(0.005));
        assert_eq!(absolute("1h 30m", MetricUnit::Seconds), Some(5_400.0));
        assert_eq!(absolute("90m", MetricUnit::Hours), Some(1.5));
        assert_eq!(absolute("12", MetricUnit::Number), Some(12.0));
        let both = precision("2 % or 0.1pp", MetricUnit::Share).unwrap();
        assert_eq!(both, Precision { relative: Some(0.02), absolute: Some(0.001) });
    }

    #[test]
    fn a_half_width_of_nothing_or_of_another_unit_is_refused() {
        for (text, unit, expected) in [
            ("", MetricUnit::Share, "missing"),
            ("0pp", MetricUnit::Share, "more than 0"),
            ("-1%", MetricUnit::Number, "more than 0"),
            ("2%or 1%", MetricUnit::Number, "is not a number"),
            ("2% or 1%", MetricUnit::Number, "two half-widths"),
            ("5m", MetricUnit::Share, "write 0.5pp"),
            ("0.5pp", MetricUnit::Seconds, "not a share"),
            ("5", MetricUnit::Seconds, "the number is a time"),
            ("5m", MetricUnit::Number, "write 5 or 2%"),
        ] {
            let found = precision(text, unit).unwrap_err();
            assert!(found.contains(expected), "{text}: {found}");
        }
    }
}
