//! Money, plain or for each hour, order or other thing.

use std::fmt;

use super::rate::{Thing, split_per};
use super::{Decimal, FromText};

/// A currency by its three capital letters, such as GBP (ISO 4217).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

/// What an amount is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaidPer {
    /// An hour of work.
    Hour,
    /// A day.
    Day,
    /// An order, a line, a parcel, …
    Thing(Thing),
}

/// An amount of money, 0 or more: `"14.50 GBP/h"`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Money {
    /// How much, in whole units of the currency.
    pub amount: f64,
    /// Of which currency.
    pub currency: Currency,
    /// For each of what, if it was said.
    pub per: Option<PaidPer>,
}

impl FromText for Money {
    const NOUN: &'static str = "an amount of money";
    const EXAMPLE: &'static str = "14.50 GBP/h";
    const MORE: &'static [&'static str] = &["5 GBP", "0.35 EUR per order"];
    const PATTERN: &'static str = "^\\s*[0-9]+(\\.[0-9]+)?\\s*[A-Z]{3}(\\s*(/|per )\\s*[a-z]+)?\\s*$";

    fn parse(text: &str) -> Result<Money, String> {
        let no_currency = "it has no currency: write three capital letters such as GBP after the number";
        let (number, rest) = Decimal::take(text)
            .map_err(|reason| if text.trim().starts_with(['£', '$', '€']) { no_currency.to_owned() } else { reason })?;
        let (currency, rest) = match rest.as_bytes() {
            [a, b, c, ..] if [a, b, c].iter().all(|letter| letter.is_ascii_uppercase()) => {
                (Currency([*a, *b, *c]), &rest[3..])
            }
            _ => return Err(no_currency.to_owned()),
        };
        let rest = rest.trim();
        let per = match (rest, split_per(rest)) {
            ("", _) => None,
            (_, Some(("", "h" | "hour"))) => Some(PaidPer::Hour),
            (_, Some(("", "d" | "day"))) => Some(PaidPer::Day),
            (_, Some(("", word))) => Some(PaidPer::Thing(Thing::parse(word)?)),
            _ => return Err(format!("`{rest}` stands after the currency; `/h` or `per order` may")),
        };
        Ok(Money { amount: number.value(0), currency, per })
    }

    fn from_bare_number(number: f64) -> Option<String> {
        (number >= 0.0).then(|| format!("{number} GBP"))
    }
}
