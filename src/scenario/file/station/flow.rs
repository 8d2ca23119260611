//! Which orders, and where they go.

use crate::quantity::Probability;
use crate::scenario::names::Name;
use crate::scenario::units::FromText;

/// Orders with so many lines, both bounds included: `"2-5"`, `"3"`, `"6+"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRange {
    /// Fewest lines, at least 1.
    pub fewest: u32,
    /// Most lines; `u32::MAX` without an upper bound.
    pub most: u32,
}

impl FromText for LineRange {
    const NOUN: &'static str = "a number or range of lines";
    const EXAMPLE: &'static str = "2-5";
    const MORE: &'static [&'static str] = &["1", "6+"];
    const PATTERN: &'static str = "^\\s*[0-9]+(\\s*-\\s*[0-9]+|\\s*\\+)?\\s*$";

    fn parse(text: &str) -> Result<LineRange, String> {
        let number = |text: &str| -> Result<u32, String> {
            let number: u32 = text.trim().parse().map_err(|_| format!("`{}` is not a whole number", text.trim()))?;
            if number == 0 { Err("an order has at least one line".to_owned()) } else { Ok(number) }
        };
        let text = text.trim();
        let range = match (text.strip_suffix('+'), text.split_once('-')) {
            (Some(fewest), _) => LineRange { fewest: number(fewest)?, most: u32::MAX },
            (None, Some((fewest, most))) => LineRange { fewest: number(fewest)?, most: number(most)? },
            (None, None) => LineRange { fewest: number(text)?, most: number(text)? },
        };
        if range.most < range.fewest { Err("it ends before it begins".to_owned()) } else { Ok(range) }
    }

    fn from_bare_number(number: f64) -> Option<String> {
        (number >= 1.0).then(|| format!("{number}"))
    }
}

crate::file_words! {
    /// Orders by their lines.
    pub enum OrdersWord = "kind of orders" {
        /// Orders of one line.
        SingleLine = "single line",
        /// Orders of two lines and more.
        MultiLine = "multi line",
        /// Whatever the other lanes leave.
        EverythingElse = "everything else",
    }
}

crate::file_table! {
    /// Orders with so many lines.
    pub struct LinesTable = "range of lines" {
        /// How many.
        required lines: LineRange, example "\"2-5\"";
    }
}

crate::file_choice! {
    /// The orders of a lane.
    pub enum LaneOrders {
        /// By a word.
        text Word(OrdersWord),
        /// By the number of lines.
        table Lines(LinesTable),
    }
}

crate::file_table! {
    /// One of several ways.
    pub struct NextLeg = "way" {
        /// Where it leads: a station, "collection", "done" or "cancel".
        required to: Name, example "\"pack\"";
        /// Share of the items that may take it; all without it.
        default share: Probability = Probability::ALWAYS;
        /// Only for orders with so many lines.
        optional lines: LineRange, example "\"2-5\"";
        /// Only for items of these sources.
        list sources: Name, example "[\"web shop\"]";
    }
}

crate::file_choice! {
    /// Where items go.
    pub enum NextValue {
        /// All of them there.
        text To(Name),
        /// In several ways, by share, lines or source.
        list Ways(Vec<NextLeg>),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_lines() {
        let range = |fewest, most| Ok(LineRange { fewest, most });
        assert_eq!(LineRange::parse("2-5"), range(2, 5));
        assert_eq!(LineRange::parse(" 3 "), range(3, 3));
        assert_eq!(LineRange::parse("6+"), range(6, u32::MAX));
        for wrong in ["", "0", "5-2", "x", "-3", "2-", "1.5", "4294967296"] {
            assert!(LineRange::parse(wrong).is_err(), "{wrong}");
        }
    }
}
