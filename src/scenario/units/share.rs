//! Shares and chances, written in per cent.

use super::rate::{Thing, split_per};
use super::{Decimal, FromText};
use crate::quantity::Probability;

impl FromText for Probability {
    const NOUN: &'static str = "a share in per cent";
    const EXAMPLE: &'static str = "5%";
    const MORE: &'static [&'static str] = &["0.5 %", "100%"];
    const PATTERN: &'static str = "^\\s*[0-9]+(\\.[0-9]+)?\\s*%\\s*$";

    fn parse(text: &str) -> Result<Probability, String> {
        let (share, rest) = per_cent(text)?;
        if !rest.is_empty() {
            return Err(format!("`{rest}` stands after the per cent sign"));
        }
        at_most_all(share)
    }

    fn from_bare_number(number: f64) -> Option<String> {
        as_per_cent(number)
    }
}

/// A chance, per order or per line: `"0.8% per line"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// How likely.
    pub probability: Probability,
    /// For each of what, if it was said.
    pub per: Option<Thing>,
}

impl FromText for Chance {
    const NOUN: &'static str = "a chance in per cent";
    const EXAMPLE: &'static str = "0.8% per line";
    const MORE: &'static [&'static str] = &["2% per order", "1%"];
    const PATTERN: &'static str = "^\\s*[0-9]+(\\.[0-9]+)?\\s*%(\\s*(per |/\\s*)[a-z]+)?\\s*$";

    fn parse(text: &str) -> Result<Chance, String> {
        let (share, rest) = per_cent(text)?;
        let probability = at_most_all(share)?;
        if rest.is_empty() {
            return Ok(Chance { probability, per: None });
        }
        match split_per(rest) {
            Some(("", thing)) => Ok(Chance { probability, per: Some(Thing::parse(thing)?) }),
            _ => Err(format!("`{rest}` stands after the per cent sign; `per order` or `per line` may")),
        }
    }

    fn from_bare_number(number: f64) -> Option<String> {
        as_per_cent(number)
    }
}

/// Per cent that may exceed one hundred, as a fraction: `"25%"` is 0.25, `"150%"` is 1.5.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Percent(f64);

impl Percent {
    /// The fraction, 0 or more.
    #[must_use]
    pub fn fraction(self) -> f64 {
        self.0
    }
}

impl FromText for Percent {
    const NOUN: &'static str = "a percentage";
    const EXAMPLE: &'static str = "25%";
    const MORE: &'static [&'static str] = &["7.5 %", "150%"];
    const PATTERN: &'static str = Probability::PATTERN;

    fn parse(text: &str) -> Result<Percent, String> {
        let (share, rest) = per_cent(text)?;
        if rest.is_empty() { Ok(Percent(share)) } else { Err(format!("`{rest}` stands after the per cent sign")) }
    }

    fn from_bare_number(number: f64) -> Option<String> {
        as_per_cent(number)
    }
}

/// The fraction before the per cent sign, and what stands after it.
fn per_cent(text: &str) -> Result<(f64, &str), String> {
    let (number, rest) = Decimal::take(text)?;
    let rest = rest.strip_prefix('%').ok_or("it has no per cent sign")?;
    Ok((number.value(2), rest.trim()))
}

fn at_most_all(share: f64) -> Result<Probability, String> {
    Probability::new(share).map_err(|_| "it is more than 100%".to_owned())
}

/// 0.05 was meant as 5%; 5 as 5%.
fn as_per_cent(number: f64) -> Option<String> {
    if (0.0..=1.0).contains(&number) {
        // Through the shortest decimal text, so that 0.07 becomes 7% and not 7.000000000000001%.
        let rounded = libm::round(number * 100.0 * 1e9) / 1e9;
        return Some(format!("{rounded}%"));
    }
    (number > 1.0 && number <= 100.0).then(|| format!("{number}%"))
}
