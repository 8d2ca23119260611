//! Quantities written as text with their unit: `"90s"`, `"480/h"`, `"5%"`, `"14.50 GBP/h"`, `"mon-fri"`.

pub mod days;
pub mod moment;
pub mod money;
pub mod rate;
pub mod share;
pub mod time;

use serde_json::{Value as Json, json};

use super::diagnostic::Diagnostic;
use super::node::{Node, Value, quoted};
use super::reader::{FromToml, Sink};
use super::schema::Definitions;
use crate::quantity::Factor;

/// A quantity that is written as one text.
pub trait FromText: Sized {
    /// What it is, with its article: "a duration".
    const NOUN: &'static str;
    /// A valid text.
    const EXAMPLE: &'static str;
    /// Further valid texts, for help.
    const MORE: &'static [&'static str];
    /// A regular expression (ECMA 262) for the JSON Schema; it may let through what [`FromText::parse`] refuses.
    const PATTERN: &'static str;

    /// The quantity.
    ///
    /// # Errors
    /// Why the text is not one: "it has no unit".
    fn parse(text: &str) -> Result<Self, String>;

    /// How `number`, written without quotes and unit, was probably meant.
    #[must_use]
    fn from_bare_number(_number: f64) -> Option<String> {
        None
    }
}

impl<T: FromText> FromToml for T {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        match &node.value {
            Value::Text(text) => match T::parse(text) {
                Ok(quantity) => Some(quantity),
                Err(reason) => {
                    let examples: Vec<String> =
                        std::iter::once(&T::EXAMPLE).chain(T::MORE).map(|text| format!("\"{text}\"")).collect();
                    let message = format!("{} is not {}: {reason}", quoted(text), T::NOUN);
                    let help = format!("{}\nvalid: {}", sink.for_example(&Self::example()), examples.join(", "));
                    let found = Diagnostic::error("bad-quantity", &node.place, message);
                    sink.push(found.label(format!("not {}", T::NOUN)).help(help));
                    None
                }
            },
            Value::Integer(number) => without_unit::<T>(node, *number as f64, sink),
            Value::Float(number) => without_unit::<T>(node, *number, sink),
            _ => {
                sink.wrong_type::<T>(node);
                None
            }
        }
    }
    fn expected() -> String {
        format!("{} such as \"{}\"", T::NOUN, T::EXAMPLE)
    }
    fn example() -> String {
        format!("\"{}\"", T::EXAMPLE)
    }
    fn schema(_: &mut Definitions) -> Json {
        let examples: Vec<&str> = std::iter::once(&T::EXAMPLE).chain(T::MORE).copied().collect();
        json!({ "type": "string", "pattern": T::PATTERN, "examples": examples })
    }
}

fn without_unit<T: FromText>(node: &Node, number: f64, sink: &mut Sink) -> Option<T> {
    let Some(meant) = T::from_bare_number(number).filter(|_| number.is_finite()) else {
        sink.wrong_type::<T>(node);
        return None;
    };
    let message = format!("expected {} in quotes and with its unit, found {}", T::NOUN, node.found());
    let help = format!("did you mean {}?", sink.line(&format!("\"{meant}\"")));
    sink.push(Diagnostic::error("missing-unit", &node.place, message).label("which unit?").help(help));
    None
}

impl FromToml for Factor {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let number = match node.value {
            Value::Integer(whole) => whole as f64,
            Value::Float(number) => number,
            _ => {
                sink.wrong_type::<Self>(node);
                return None;
            }
        };
        let factor = Factor::new(number);
        if let Err(reason) = factor {
            sink.wrong_value::<Self>("out-of-range", node, format!("{} is no factor: {reason}", node.found()));
        }
        factor.ok()
    }
    fn expected() -> String {
        "a factor (a bare number, 0 or more)".to_owned()
    }
    fn example() -> String {
        "1.5".to_owned()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "number", "minimum": 0 })
    }
}

/// A bare number, 0 or more: orders a day, orders of a mailing.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Amount(f64);

impl Amount {
    /// The number: finite, 0 or more.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl FromToml for Amount {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let number = f64::read(node, sink)?;
        if number < 0.0 {
            sink.wrong_value::<Self>("out-of-range", node, format!("{} is negative", node.found()));
            return None;
        }
        Some(Amount(number + 0.0))
    }
    fn expected() -> String {
        "a number, 0 or more".to_owned()
    }
    fn example() -> String {
        "560".to_owned()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "number", "minimum": 0 })
    }
}

/// A quantity that can be zero, for [`Positive`].
pub trait MaybeZero {
    /// Whether it is zero.
    fn is_zero(&self) -> bool;
}

impl MaybeZero for Factor {
    fn is_zero(&self) -> bool {
        self.get() <= 0.0
    }
}

/// A quantity greater than zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Positive<T>(T);

impl<T: Copy> Positive<T> {
    /// The quantity.
    #[must_use]
    pub fn get(self) -> T {
        self.0
    }
}

impl<T: FromToml + MaybeZero> FromToml for Positive<T> {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let quantity = T::read(node, sink)?;
        if quantity.is_zero() {
            sink.wrong_value::<Self>("out-of-range", node, format!("{} is zero", node.found()));
            return None;
        }
        Some(Positive(quantity))
    }
    fn expected() -> String {
        format!("{}, greater than zero", T::expected())
    }
    fn example() -> String {
        T::example()
    }
    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

/// A decimal number without sign: `digits / 10^places`, kept exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: u64,
    places: u32,
}

impl Decimal {
    /// The number at the start of `text`, and the rest after it without leading blanks.
    pub(super) fn take(text: &str) -> Result<(Decimal, &str), String> {
        const MOST_DIGITS: usize = 18; // fits 64 bits with room to spare
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        if text.starts_with(['-', '−']) {
            return Err("it is negative".to_owned());
        }
        if number.is_empty() {
            return Err("it does not begin with a number".to_owned());
        }
        if rest.starts_with(',') {
            return Err("write the number without commas, with a point before the decimals".to_owned());
        }
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
            return Err(format!("`{number}` is not a number"));
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{}{fraction}", whole.trim_start_matches('0'));
        if digits.len() > MOST_DIGITS {
            return Err(format!("its number has more than {MOST_DIGITS} digits"));
        }
        let places = u32::try_from(fraction.len()).expect("at most 18 digits");
        let digits = if digits.is_empty() { 0 } else { digits.parse().expect("at most 18 decimal digits") };
        Ok((Decimal { digits, places }, rest.trim_start()))
    }

    /// The nearest `f64` to this number times 10^-`shift`.
    pub(super) fn value(self, shift: u32) -> f64 {
        // Through text the result is the nearest one; a division by 100 would round twice.
        format!("{}e-{}", self.digits, self.places + shift).parse().expect("digits and an exponent are a number")
    }

    /// This number times `unit`, rounded to a whole number.
    pub(super) fn times(self, unit: u64) -> u128 {
        let divisor = 10_u128.pow(self.places);
        (u128::from(self.digits) * u128::from(unit) + divisor / 2) / divisor
    }
}
