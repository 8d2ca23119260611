//! Reading nodes into typed values: the trait, the plain types, and the sink that collects what is wrong.

use std::collections::BTreeMap;
use std::ops::Deref;

use serde_json::{Value as Json, json};

use super::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use super::node::{Node, Value};
use super::schema::Definitions;
use super::table::list_written_as_table;

/// A type that can be read from a TOML value.
pub trait FromToml: Sized {
    /// The value, or `None` after at least one error went to the sink.
    fn read(node: &Node, sink: &mut Sink) -> Option<Self>;
    /// What is expected, with its article: "a duration such as \"90s\"".
    fn expected() -> String;
    /// A valid value as TOML text.
    fn example() -> String;
    /// JSON Schema (draft-07) of the value; tables add themselves to the definitions.
    fn schema(definitions: &mut Definitions) -> Json;
}

/// The most findings that are kept one by one; what comes after is counted.
const MOST_FINDINGS: usize = 200;

/// Collects findings while a document is read and checked.
#[derive(Debug, Default)]
pub struct Sink {
    found: Vec<Diagnostic>,
    errors: usize,
    uncounted: usize,
    keys: Vec<Option<Key>>,
}

/// The key whose value is being read.
#[derive(Clone, Debug)]
struct Key {
    name: String,
    example: Option<fn() -> String>,
}

impl Sink {
    /// An empty sink.
    #[must_use]
    pub fn new() -> Sink {
        Sink::default()
    }

    /// Takes a finding.
    pub fn push(&mut self, found: Diagnostic) {
        self.errors += usize::from(found.severity == Severity::Error);
        if self.found.len() < MOST_FINDINGS {
            self.found.push(found);
        } else {
            self.uncounted += 1;
        }
    }

    /// Whether anything was found that forbids the simulation.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors have come in so far: compare two counts to learn whether a step has failed.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// The texts of the places at which findings of this `code` stand, without quotes.
    #[must_use]
    pub fn texts_of(&self, code: &str) -> Vec<String> {
        let found = self.found.iter().filter(|found| found.code == code);
        found.map(|found| found.place.text().trim_matches(['"', '\'']).to_owned()).collect()
    }

    /// Everything found, warnings included, if there is an error among it; otherwise the warnings alone.
    ///
    /// # Errors
    /// When at least one error was pushed.
    pub fn finish(mut self) -> Result<Option<Diagnostics>, Diagnostics> {
        if self.uncounted > 0
            && let Some(last) = self.found.last().map(|found| found.place.clone())
        {
            let message = format!("{} more findings are not shown", self.uncounted);
            let severity = if self.errors > 0 { Severity::Error } else { Severity::Warning };
            self.found.push(Diagnostic { severity, ..Diagnostic::error("too-many-findings", &last, message) });
        }
        let failed = self.errors > 0;
        match Diagnostics::collect(self.found) {
            Some(found) if failed => Err(found),
            warnings => Ok(warnings),
        }
    }

    /// Reads what stands under `name`; help then shows a whole line, `name = example`.
    pub fn under<T>(&mut self, name: &str, example: Option<fn() -> String>, read: impl FnOnce(&mut Sink) -> T) -> T {
        self.keys.push(Some(Key { name: name.to_owned(), example }));
        let value = read(self);
        self.keys.pop();
        value
    }

    /// Reads an item of a list: help then shows the item alone.
    pub fn inside_list<T>(&mut self, read: impl FnOnce(&mut Sink) -> T) -> T {
        self.keys.push(None);
        let value = read(self);
        self.keys.pop();
        value
    }

    /// " for `key`", the key whose value is being read; nothing inside a list.
    #[must_use]
    pub fn subject(&self) -> String {
        match self.keys.last() {
            Some(Some(key)) => format!(" for `{}`", key.name),
            _ => String::new(),
        }
    }

    /// `key = value` of what is being read, or the value alone inside a list.
    #[must_use]
    pub fn line(&self, value: &str) -> String {
        match self.keys.last() {
            Some(Some(key)) => format!("{} = {value}", written_key(&key.name)),
            _ => value.to_owned(),
        }
    }

    /// "for example: key = value", with the example of the key where it has one, else that of the type.
    #[must_use]
    pub fn for_example(&self, of_type: &str) -> String {
        let own = self.keys.last().and_then(|key| key.as_ref()?.example);
        format!("for example: {}", self.line(&own.map_or_else(|| of_type.to_owned(), |example| example())))
    }

    /// Reports that `node` is not a `T`; nothing when the node has been reported already.
    pub fn wrong_type<T: FromToml>(&mut self, node: &Node) {
        if node.value == Value::Reported {
            return;
        }
        let help = self.for_example(&T::example());
        let message = format!("expected {}, found {}", T::expected(), node.found());
        self.push(Diagnostic::error("wrong-type", &node.place, message).label("not what is expected here").help(help));
    }

    /// Reports a value of the right type that is out of bounds or cannot be understood: `message` says what was read
    /// and why it cannot be, the help shows a valid `T`.
    pub fn wrong_value<T: FromToml>(&mut self, code: &'static str, node: &Node, message: impl Into<String>) {
        let help = format!("expected {}, {}", T::expected(), self.for_example(&T::example()));
        self.push(Diagnostic::error(code, &node.place, message).label("not possible").help(help));
    }
}

/// A key as it is written in TOML: bare where that is allowed, else in quotes.
#[must_use]
pub fn written_key(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { key.to_owned() } else { super::node::quoted(key) }
}

/// A value that remembers its place, for errors that are found later.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands; for a default, the table that left it out.
    pub place: Place,
}

impl<T> Deref for Spanned<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    /// Equal values; the place does not count.
    fn eq(&self, other: &Spanned<T>) -> bool {
        self.value == other.value
    }
}

impl<T: FromToml> FromToml for Spanned<T> {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        T::read(node, sink).map(|value| Spanned { value, place: node.place.clone() })
    }
    fn expected() -> String {
        T::expected()
    }
    fn example() -> String {
        T::example()
    }
    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

impl FromToml for String {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        if let Value::Text(text) = &node.value {
            return Some(text.clone());
        }
        sink.wrong_type::<Self>(node);
        None
    }
    fn expected() -> String {
        "a text in quotes".to_owned()
    }
    fn example() -> String {
        "\"…\"".to_owned()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string" })
    }
}

impl FromToml for bool {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        if let Value::Boolean(flag) = node.value {
            return Some(flag);
        }
        sink.wrong_type::<Self>(node);
        None
    }
    fn expected() -> String {
        "`true` or `false`".to_owned()
    }
    fn example() -> String {
        "true".to_owned()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "boolean" })
    }
}

impl FromToml for f64 {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let number = match node.value {
            Value::Integer(whole) => whole as f64,
            Value::Float(number) => number,
            _ => {
                sink.wrong_type::<Self>(node);
                return None;
            }
        };
        if number.is_finite() {
            return Some(number);
        }
        sink.wrong_value::<Self>("not-finite", node, format!("{} is not a number to reckon with", node.found()));
        None
    }
    fn expected() -> String {
        "a number".to_owned()
    }
    fn example() -> String {
        "1.5".to_owned()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "number" })
    }
}

/// A whole number from `MIN` to `MAX`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole<const MIN: i64, const MAX: i64>(i64);

/// A count of people, servers or cages, as many as a scenario can mean.
pub type Count = Whole<0, 1_000_000_000>;

/// A count of at least one.
pub type AtLeastOne = Whole<1, 1_000_000_000>;

impl<const MIN: i64, const MAX: i64> Whole<MIN, MAX> {
    /// `number`, if it lies in the range.
    #[must_use]
    pub fn new(number: i64) -> Option<Self> {
        (MIN..=MAX).contains(&number).then_some(Whole(number))
    }

    /// `number`, which must lie in the range: for numbers written in the program itself.
    ///
    /// # Panics
    /// When it does not.
    #[must_use]
    pub const fn of(number: i64) -> Self {
        assert!(MIN <= number && number <= MAX);
        Whole(number)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> FromToml for Whole<MIN, MAX> {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let Value::Integer(number) = node.value else {
            if let Value::Float(number) = node.value {
                let help = format!("write it without a point: {}", sink.line(&format!("{}", libm::round(number))));
                let message = format!("expected {}, found {}", Self::expected(), node.found());
                let found = Diagnostic::error("wrong-type", &node.place, message).label("not a whole number");
                sink.push(if number.is_finite() { found.help(help) } else { found });
            } else {
                sink.wrong_type::<Self>(node);
            }
            return None;
        };
        let whole = Self::new(number);
        if whole.is_none() {
            let side = if number < MIN { "too small" } else { "too large" };
            sink.wrong_value::<Self>("out-of-range", node, format!("{number} is {side}{}", sink.subject()));
        }
        whole
    }
    fn expected() -> String {
        if MAX < 1_000_000_000 {
            format!("a whole number from {MIN} to {MAX}")
        } else {
            format!("a whole number, {MIN} or more")
        }
    }
    fn example() -> String {
        4.clamp(MIN, MAX).to_string()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "integer", "minimum": MIN, "maximum": MAX })
    }
}

macro_rules! whole_numbers {
    ($($type:ident),*) => {$(
        impl FromToml for $type {
            fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
                if let Value::Integer(number) = node.value {
                    if let Ok(whole) = $type::try_from(number) {
                        return Some(whole);
                    }
                    let side = if number < 0 { "too small" } else { "too large" };
                    sink.wrong_value::<Self>("out-of-range", node, format!("{number} is {side}"));
                } else {
                    sink.wrong_type::<Self>(node);
                }
                None
            }
            fn expected() -> String {
                // Beyond 64 signed bits TOML itself ends.
                format!("a whole number from {} to {}", $type::MIN, i128::from($type::MAX).min(i128::from(i64::MAX)))
            }
            fn example() -> String {
                "4".to_owned()
            }
            fn schema(_: &mut Definitions) -> Json {
                json!({ "type": "integer", "minimum": $type::MIN })
            }
        }
    )*};
}

whole_numbers!(u8, u16, u32, u64, i32);

impl<T: FromToml> FromToml for Vec<T> {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let Value::List(items) = &node.value else {
            if !list_written_as_table::<T>(node, sink) {
                sink.wrong_type::<Self>(node);
            }
            return None;
        };
        // Every item is read, so that the errors of all of them are shown.
        let read: Vec<Option<T>> = items.iter().map(|item| sink.inside_list(|sink| T::read(item, sink))).collect();
        read.into_iter().collect()
    }
    fn expected() -> String {
        format!("a list, each item {}", T::expected())
    }
    fn example() -> String {
        format!("[{}]", T::example())
    }
    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "type": "array", "items": T::schema(definitions) })
    }
}

impl<T: FromToml> FromToml for Option<T> {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        T::read(node, sink).map(Some)
    }
    fn expected() -> String {
        T::expected()
    }
    fn example() -> String {
        T::example()
    }
    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

/// One value, or a list of them.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T: FromToml> FromToml for OneOrMany<T> {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        if let Value::List(_) = node.value {
            return Vec::read(node, sink).map(OneOrMany);
        }
        T::read(node, sink).map(|one| OneOrMany(vec![one]))
    }
    fn expected() -> String {
        format!("{}, or a list of them", T::expected())
    }
    fn example() -> String {
        T::example()
    }
    fn schema(definitions: &mut Definitions) -> Json {
        let one = T::schema(definitions);
        json!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

impl<T: FromToml> FromToml for BTreeMap<String, T> {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            sink.wrong_type::<Self>(node);
            return None;
        };
        let read: Vec<Option<(String, T)>> = table
            .entries
            .iter()
            .map(|entry| {
                let value = sink.under(&entry.key, None, |sink| T::read(&entry.node, sink));
                value.map(|value| (entry.key.clone(), value))
            })
            .collect();
        read.into_iter().collect()
    }
    fn expected() -> String {
        format!("a table of names, each with {}", T::expected())
    }
    fn example() -> String {
        format!("{{ name = {} }}", T::example())
    }
    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "type": "object", "additionalProperties": T::schema(definitions) })
    }
}
