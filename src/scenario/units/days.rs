//! Days: by weekday, by range of weekdays, by date; and tables keyed by them.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde_json::{Value as Json, json};

use super::FromText;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::node::{Node, Value};
use crate::scenario::reader::{FromToml, OneOrMany, Sink, Spanned};
use crate::scenario::schema::Definitions;
use crate::scenario::suggest::did_you_mean;

/// The weekdays as the file writes them, Monday first.
pub const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// A set of weekdays, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays([bool; 7]);

impl Weekdays {
    /// Whether `day` is one of them.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        WEEKDAYS.iter().zip(self.0).any(|((_, known), member)| member && *known == day)
    }

    /// The days, Monday first.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        WEEKDAYS.into_iter().zip(self.0).filter(|(_, member)| *member).map(|((_, day), _)| day)
    }
}

impl FromText for Weekdays {
    const NOUN: &'static str = "a weekday or a range of weekdays";
    const EXAMPLE: &'static str = "mon-fri";
    const MORE: &'static [&'static str] = &["sat", "every day"];
    const PATTERN: &'static str =
        "^(every day|daily|(mon|tue|wed|thu|fri|sat|sun)(\\s*-\\s*(mon|tue|wed|thu|fri|sat|sun))?)$";

    fn parse(text: &str) -> Result<Weekdays, String> {
        let text = text.trim();
        if matches!(text, "every day" | "daily") {
            return Ok(Weekdays([true; 7]));
        }
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (day_index(first.trim())?, day_index(last.trim())?);
        let mut days = [false; 7];
        let mut day = first;
        // A range may run over the weekend: "fri-mon".
        loop {
            days[day] = true;
            if day == last {
                return Ok(Weekdays(days));
            }
            day = (day + 1) % 7;
        }
    }
}

fn day_index(word: &str) -> Result<usize, String> {
    let names = WEEKDAYS.map(|(name, _)| name);
    names.iter().position(|name| *name == word).ok_or_else(|| {
        let list = did_you_mean(word, "weekdays", &names).unwrap_or_default();
        format!("`{word}` is no weekday; {list}")
    })
}

/// One entry of [`Days`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayPattern {
    /// These weekdays, every week.
    Weekly(Weekdays),
    /// This one date.
    On(Date),
}

impl FromToml for DayPattern {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        match &node.value {
            Value::Moment(_) => Date::read(node, sink).map(DayPattern::On),
            Value::Text(text) if text.parse::<Date>().is_ok() => {
                Date::read(node, sink);
                None
            }
            Value::Text(_) => Weekdays::read(node, sink).map(DayPattern::Weekly),
            _ => {
                sink.wrong_type::<Self>(node);
                None
            }
        }
    }
    fn expected() -> String {
        "weekdays such as \"mon-fri\" or a date such as 2026-11-27".to_owned()
    }
    fn example() -> String {
        "\"mon-fri\"".to_owned()
    }
    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [Weekdays::schema(definitions), Date::schema(definitions)] })
    }
}

/// The days something is on: `"mon-fri"`, `["mon-wed", "sat"]`, `[2026-11-27, 2026-11-30]`; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Days(Vec<Spanned<DayPattern>>);

impl Days {
    /// The entries in the order of the file.
    #[must_use]
    pub fn patterns(&self) -> &[Spanned<DayPattern>] {
        &self.0
    }

    /// Whether `date` is one of the days.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.0.iter().any(|pattern| match pattern.value {
            DayPattern::Weekly(days) => days.contains(date.weekday()),
            DayPattern::On(day) => day == date,
        })
    }

    /// Whether any entry names this date itself.
    #[must_use]
    pub fn names_date(&self, date: Date) -> bool {
        self.0.iter().any(|pattern| pattern.value == DayPattern::On(date))
    }
}

impl FromToml for Days {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let OneOrMany(patterns) = OneOrMany::read(node, sink)?;
        if patterns.is_empty() {
            sink.wrong_value::<Self>("empty-list", node, "a list of days without a day");
            return None;
        }
        Some(Days(patterns))
    }
    fn expected() -> String {
        OneOrMany::<DayPattern>::expected()
    }
    fn example() -> String {
        DayPattern::example()
    }
    fn schema(definitions: &mut Definitions) -> Json {
        OneOrMany::<DayPattern>::schema(definitions)
    }
}

/// A value for some or all weekdays: `{ mon = 1.1, sat-sun = 0.8 }`; Monday first.
#[derive(Clone, Debug, PartialEq)]
pub struct ByWeekday<T>(pub [Option<Spanned<T>>; 7]);

impl<T: FromToml + Clone> FromToml for ByWeekday<T> {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let Some(table) = node.table() else {
            sink.wrong_type::<Self>(node);
            return None;
        };
        let before = sink.errors();
        let mut days: [Option<Spanned<T>>; 7] = [const { None }; 7];
        for entry in &table.entries {
            let keys = Weekdays::parse(&entry.key);
            if let Err(reason) = &keys {
                let found = Diagnostic::error("unknown-key", &entry.key_place, reason.clone());
                sink.push(found.label("not a weekday").help(format!("for example: {}", Self::example())));
            }
            let value: Option<Spanned<T>> = sink.under(&entry.key, None, |sink| Spanned::read(&entry.node, sink));
            for (slot, (name, day)) in days.iter_mut().zip(WEEKDAYS) {
                if !keys.as_ref().is_ok_and(|keys| keys.contains(day)) {
                    continue;
                }
                if slot.is_some() {
                    let message = format!("`{name}` is given twice");
                    sink.push(Diagnostic::error("duplicate-key", &entry.key_place, message).label("the second time"));
                }
                slot.clone_from(&value);
            }
        }
        (sink.errors() == before).then_some(ByWeekday(days))
    }
    fn expected() -> String {
        format!("a table by weekday, each with {}", T::expected())
    }
    fn example() -> String {
        format!("{{ mon-fri = {0}, sat = {0} }}", T::example())
    }
    fn schema(definitions: &mut Definitions) -> Json {
        let value = T::schema(definitions);
        json!({
            "type": "object",
            "patternProperties": { Weekdays::PATTERN: value },
            "additionalProperties": false,
        })
    }
}

/// A value for single dates: `{ 2026-11-27 = 3.5, 2026-11-28 = 2.0 }`.
#[derive(Clone, Debug, PartialEq)]
pub struct ByDate<T>(pub BTreeMap<Date, Spanned<T>>);

impl<T: FromToml> FromToml for ByDate<T> {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let Some(table) = node.table() else {
            sink.wrong_type::<Self>(node);
            return None;
        };
        let before = sink.errors();
        let mut dates = BTreeMap::new();
        for entry in &table.entries {
            let value = sink.under(&entry.key, None, |sink| Spanned::read(&entry.node, sink));
            // Only the plain form, so that no date can be written in two ways.
            let date = entry.key.parse::<Date>().ok().filter(|date| date.to_string() == entry.key);
            let Some(date) = date else {
                let message = format!("`{}` is not a date", entry.key.chars().take(60).collect::<String>());
                let found = Diagnostic::error("unknown-key", &entry.key_place, message).label("not a date");
                sink.push(found.help(format!("write year-month-day, for example: {}", Self::example())));
                continue;
            };
            if let Some(value) = value {
                dates.insert(date, value);
            }
        }
        (sink.errors() == before).then_some(ByDate(dates))
    }
    fn expected() -> String {
        format!("a table by date, each with {}", T::expected())
    }
    fn example() -> String {
        format!("{{ 2026-11-27 = {} }}", T::example())
    }
    fn schema(definitions: &mut Definitions) -> Json {
        json!({
            "type": "object",
            "patternProperties": { "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": T::schema(definitions) },
            "additionalProperties": false,
        })
    }
}
