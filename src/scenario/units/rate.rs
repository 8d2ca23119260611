//! Rates: a count in a time, with or without the thing that is counted.

use std::fmt;

use super::{Decimal, FromText};
use crate::quantity::Rate;

/// What a rate or a chance counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// An order.
    Order,
    /// A line of an order.
    Line,
    /// A unit of a line.
    Unit,
    /// A parcel.
    Parcel,
    /// A request to an interface.
    Request,
}

impl Thing {
    const ALL: [(Thing, &'static str, &'static str); 5] = [
        (Thing::Order, "order", "orders"),
        (Thing::Line, "line", "lines"),
        (Thing::Unit, "unit", "units"),
        (Thing::Parcel, "parcel", "parcels"),
        (Thing::Request, "request", "requests"),
    ];

    /// The thing called `word`, in the singular or the plural.
    ///
    /// # Errors
    /// The list of things, when there is no such one.
    pub fn parse(word: &str) -> Result<Thing, String> {
        let known = Thing::ALL.iter().find(|(_, one, many)| word == *one || word == *many);
        known
            .map(|(thing, _, _)| *thing)
            .ok_or_else(|| format!("`{word}` cannot be counted: orders, lines, units, parcels and requests can"))
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, one, _) = Thing::ALL[*self as usize];
        f.write_str(one)
    }
}

/// So many things in a time: `"110 lines/h"`, or `"480/h"` where the thing is clear.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateOf {
    /// How many.
    pub rate: Rate,
    /// Of what, if it was said.
    pub thing: Option<Thing>,
}

/// The times a rate may be given for, with how many of them make an hour (or hours in them).
const PER: [(&[&str], f64, f64); 4] = [
    (&["s", "sec", "second"], 3600.0, 1.0),
    (&["m", "min", "minute"], 60.0, 1.0),
    (&["h", "hour"], 1.0, 1.0),
    (&["d", "day"], 1.0, 24.0),
];

impl FromText for RateOf {
    const NOUN: &'static str = "a rate";
    const EXAMPLE: &'static str = "110 lines/h";
    const MORE: &'static [&'static str] = &["480/h", "20/s", "55 orders/h", "20/min", "560 orders/day"];
    const PATTERN: &'static str = "^\\s*[0-9]+(\\.[0-9]+)?\\s*[a-z]*\\s*(/|per )\\s*[a-z]+\\s*$";

    fn parse(text: &str) -> Result<RateOf, String> {
        let (per_hour, thing) = per_hour(text)?;
        let rate = Rate::per_hour(per_hour).map_err(|_| "a rate is greater than zero")?;
        Ok(RateOf { rate, thing })
    }

    fn from_bare_number(number: f64) -> Option<String> {
        (number > 0.0).then(|| format!("{number}/h"))
    }
}

/// A rate that may be zero: `"0/h"` where nothing comes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowOf {
    /// Things per hour; finite, 0 or more.
    pub per_hour: f64,
    /// Of what, if it was said.
    pub thing: Option<Thing>,
}

impl FromText for FlowOf {
    const NOUN: &'static str = "a rate";
    const EXAMPLE: &'static str = "30/h";
    const MORE: &'static [&'static str] = &["0/h", "560 orders/day"];
    const PATTERN: &'static str = RateOf::PATTERN;

    fn parse(text: &str) -> Result<FlowOf, String> {
        let (per_hour, thing) = per_hour(text)?;
        Ok(FlowOf { per_hour, thing })
    }

    fn from_bare_number(number: f64) -> Option<String> {
        (number >= 0.0).then(|| format!("{number}/h"))
    }
}

/// How many in an hour, and of what.
fn per_hour(text: &str) -> Result<(f64, Option<Thing>), String> {
    let (number, rest) = Decimal::take(text)?;
    let (word, time) = split_per(rest).ok_or("it has no time to count in: /s, /min, /h or /day")?;
    let thing = if word.is_empty() { None } else { Some(Thing::parse(word)?) };
    let (_, times, hours) = PER
        .iter()
        .find(|(names, _, _)| names.contains(&time))
        .ok_or_else(|| format!("`{time}` is no time to count in: /s, /min, /h or /day"))?;
    Ok((number.value(0) * times / hours, thing))
}

/// What stands before and after the `/` or the word `per`.
pub(super) fn split_per(text: &str) -> Option<(&str, &str)> {
    if let Some((before, after)) = text.split_once('/') {
        return Some((before.trim(), after.trim()));
    }
    let padded = text.strip_prefix("per ").map(|after| ("", after));
    padded.or_else(|| text.split_once(" per ")).map(|(before, after)| (before.trim(), after.trim()))
}
