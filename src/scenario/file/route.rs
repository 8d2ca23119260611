//! Where orders go next.

use crate::quantity::Probability;
use crate::scenario::names::Name;
use crate::scenario::units::FromText;

/// The way out of an order that is complete.
pub const DONE: &str = "done";
/// The way out of an order that is lost.
pub const CANCEL: &str = "cancel";
/// To the carriers, by their shares.
pub const COLLECTION: &str = "collection";

/// Numbers of lines, both ends included: `"1"`, `"2-5"`, `"2+"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinesRange {
    /// Fewest.
    pub low: u32,
    /// Most; the highest number for "and more".
    pub high: u32,
}

impl FromText for LinesRange {
    const NOUN: &'static str = "a number or range of lines";
    const EXAMPLE: &'static str = "2+";
    const MORE: &'static [&'static str] = &["1", "2-5"];
    const PATTERN: &'static str = "^\\s*[0-9]+\\s*(\\+|-\\s*[0-9]+)?\\s*$";

    fn parse(text: &str) -> Result<LinesRange, String> {
        let number = |part: &str| {
            let part = part.trim();
            part.parse::<u32>().map_err(|_| format!("`{part}` is not a whole number"))
        };
        let text = text.trim();
        let (low, high) = match (text.strip_suffix('+'), text.split_once('-')) {
            (Some(low), _) => (number(low)?, u32::MAX),
            (None, Some((low, high))) => (number(low)?, number(high)?),
            (None, None) => (number(text)?, number(text)?),
        };
        if low == 0 {
            return Err("an order has at least one line".to_owned());
        }
        if low > high { Err("it ends before it begins".to_owned()) } else { Ok(LinesRange { low, high }) }
    }

    fn from_bare_number(number: f64) -> Option<String> {
        (number >= 1.0).then(|| format!("{number}"))
    }
}

crate::file_table! {
    /// One of several ways.
    pub struct WayTable = "way" {
        /// A station, a desk or a carrier, or "collection", "done" or "cancel".
        required to: Name, example "\"pack\"";
        /// Share of the orders that may go this way; the shares of all ways open to an order add up to 100%.
        default share: Probability = Probability::ALWAYS;
        /// Only orders with so many lines.
        optional lines: LinesRange;
        /// Only orders of these sources.
        list sources: Name, example "[\"web shop\"]";
    }
}

crate::file_choice! {
    /// Where orders go next.
    pub enum NextValue {
        /// All to one station, desk or carrier, to the "collection", or out: "done", "cancel".
        text To(Name),
        /// Several ways.
        list Ways(Vec<WayTable>),
    }
}
