//! The tree of a TOML text, in which every value and key knows its place.

use std::sync::Arc;

use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::diagnostic::{Diagnostic, Place, Source};
use super::reader::Sink;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where the value stands; for a table under a header, the header.
    pub place: Place,
    /// The value itself.
    pub value: Value,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent; may be NaN or infinite.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, a time of day, or both.
    Moment(Datetime),
    /// An array, also one of tables.
    List(Vec<Node>),
    /// A table.
    Table(Table),
    /// A value that has been reported already; readers pass over it in silence.
    Reported,
}

/// The keys of a table, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Key by key; no key stands twice.
    pub entries: Vec<Entry>,
}

/// One key of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key without quotes.
    pub key: String,
    /// Where the key stands.
    pub key_place: Place,
    /// Its value.
    pub node: Node,
}

/// The kinds of value, as a choice between alternatives sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A string.
    Text,
    /// A whole or broken number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A date, a time of day, or both.
    Moment,
    /// An array.
    List,
    /// A table.
    Table,
}

impl Node {
    /// The kind of value; `None` when it has been reported already.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        Some(match &self.value {
            Value::Text(_) => Shape::Text,
            Value::Integer(_) | Value::Float(_) => Shape::Number,
            Value::Boolean(_) => Shape::Boolean,
            Value::Moment(_) => Shape::Moment,
            Value::List(_) => Shape::List,
            Value::Table(_) => Shape::Table,
            Value::Reported => return None,
        })
    }

    /// What was found, for "expected …, found …".
    #[must_use]
    pub fn found(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("the text {}", quoted(text)),
            Value::Integer(number) => format!("the number {number}"),
            Value::Float(number) => format!("the number {number:?}"),
            Value::Boolean(flag) => format!("`{flag}`"),
            Value::Moment(moment) => match (moment.date, moment.time) {
                (Some(_), None) => format!("the date {moment}"),
                (None, Some(_)) => format!("the time of day {moment}"),
                _ => format!("the date and time {moment}"),
            },
            Value::List(items) if items.is_empty() => "an empty list".to_owned(),
            Value::List(_) => "a list".to_owned(),
            Value::Table(_) => "a table".to_owned(),
            Value::Reported => "a value that could not be read".to_owned(),
        }
    }

    /// The table, if it is one.
    #[must_use]
    pub fn table(&self) -> Option<&Table> {
        if let Value::Table(table) = &self.value { Some(table) } else { None }
    }

    /// The tree of a parsed TOML value; numbers too large for 64 bits are reported.
    pub(super) fn from_value(span: std::ops::Range<usize>, value: &DeValue<'_>, to: &mut Conversion<'_>) -> Node {
        let place = to.place(span);
        let value = match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| to.too_large(&place, &number.to_string()), Value::Integer),
            DeValue::Float(number) => {
                number.as_str().parse().map_or_else(|_| to.too_large(&place, number.as_str()), Value::Float)
            }
            DeValue::Boolean(flag) => Value::Boolean(*flag),
            DeValue::Datetime(moment) => Value::Moment(*moment),
            DeValue::Array(items) => {
                Value::List(items.iter().map(|item| Node::from_value(item.span(), item.get_ref(), to)).collect())
            }
            DeValue::Table(table) => Value::Table(Table::from_table(table, to)),
        };
        Node { place, value }
    }
}

impl Table {
    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// All keys, in the order of the text.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        self.entries.iter().map(|entry| entry.key.as_str()).collect()
    }

    pub(super) fn from_table(table: &DeTable<'_>, to: &mut Conversion<'_>) -> Table {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_place: to.place(key.span()),
                node: Node::from_value(value.span(), value.get_ref(), to),
            })
            .collect();
        // The parser keeps keys in alphabetical order; people read their own.
        entries.sort_by_key(|entry| entry.key_place.start());
        Table { entries }
    }
}

/// What turning parsed TOML into nodes needs: where it stands, and whom to tell.
#[derive(Debug)]
pub(super) struct Conversion<'a> {
    /// The text the places point into.
    pub(super) source: &'a Arc<Source>,
    /// Bytes that stand before the parsed text in its source.
    pub(super) offset: usize,
    /// Takes the errors.
    pub(super) sink: &'a mut Sink,
}

impl Conversion<'_> {
    fn place(&self, span: std::ops::Range<usize>) -> Place {
        Place::new(self.source, span.start + self.offset, span.end + self.offset)
    }

    fn too_large(&mut self, place: &Place, number: &str) -> Value {
        let shown: String = number.chars().take(40).collect();
        self.sink.push(
            Diagnostic::error("number-too-large", place, format!("the number {shown} is too large"))
                .label("does not fit 64 bits")
                .help(format!("whole numbers go from {} to {}", i64::MIN, i64::MAX)),
        );
        Value::Reported
    }
}

/// `text` in double quotes as TOML writes it, cut when it is long.
#[must_use]
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().count() > LONGEST {
        shown.push('…');
    }
    // Single quotes need no escape in double-quoted TOML.
    format!("\"{}\"", shown.replace("\\'", "'"))
}
