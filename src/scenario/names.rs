//! Names of items, and references from one item to another.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::diagnostic::{Diagnostic, Place};
use super::node::{Node, Value, quoted};
use super::reader::{FromToml, Sink, Spanned};
use super::schema::Definitions;
use super::suggest::did_you_mean;
use super::table::with_article;

/// The longest name in characters: names stand in table columns and chart legends.
const LONGEST_NAME: usize = 100;

/// What an item is called: text without double quotes and control characters, neither empty nor padded with blanks.
///
/// Double quotes are left out so that every name can be written in a path: `campaign."Women's day".uplift`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromToml for Name {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        let Value::Text(text) = &node.value else {
            sink.wrong_type::<Self>(node);
            return None;
        };
        let reason = if text.trim().is_empty() {
            "is empty"
        } else if text.trim() != text {
            "begins or ends with a blank"
        } else if text.contains('"') || text.chars().any(char::is_control) {
            "holds a double quote or a control character"
        } else if text.chars().count() > LONGEST_NAME {
            "is longer than 100 characters"
        } else {
            return Some(Name(text.clone()));
        };
        sink.wrong_value::<Self>("bad-name", node, format!("the name {} {reason}", quoted(text)));
        None
    }
    fn expected() -> String {
        "a name in quotes".to_owned()
    }
    fn example() -> String {
        "\"pick\"".to_owned()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": "^[^\\s\"]([^\"]*[^\\s\"])?$" })
    }
}

/// The names of the items of a kind that were read, and the nodes of those that could not be.
#[derive(Clone, Debug, Default)]
pub struct Listed<'a> {
    /// What the items are called, in their order: the index of a name is its place in this list.
    pub read: Vec<&'a Spanned<Name>>,
    /// The others.
    pub unread: Vec<&'a Node>,
}

impl<'a> Listed<'a> {
    /// These items, then `others`.
    #[must_use]
    pub fn and(mut self, others: Listed<'a>) -> Listed<'a> {
        self.read.extend(others.read);
        self.unread.extend(others.unread);
        self
    }
}

/// The names of all items of one kind, each with its index.
#[derive(Clone, Debug)]
pub struct Names {
    noun: &'static str,
    by_name: BTreeMap<String, (usize, Place)>,
    /// Of items that could not be read: a reference to one of them is neither right nor wrong.
    unread: BTreeMap<String, Place>,
}

/// The code of a reference that names nothing.
pub const UNKNOWN_REFERENCE: &str = "unknown-reference";

/// The keys that name an item.
pub const NAMING_KEYS: [&str; 2] = ["name", "carrier"];

/// What the item at `node`, which could not be read, is called: its name where it has one, else any text in it, for one
/// of them may stand under a misspelt key.
pub fn texts_for_name(node: &Node) -> Vec<(&str, &Place)> {
    let Some(table) = node.table() else { return Vec::new() };
    let text = |node: &'_ Node| matches!(node.value, Value::Text(_));
    let own = NAMING_KEYS.iter().find_map(|key| table.get(key)).filter(|node| text(node));
    let nodes = table.entries.iter().map(|entry| &entry.node).filter(|node| text(node));
    nodes
        .filter(|node| own.is_none_or(|own| std::ptr::eq(own, *node)))
        .filter_map(|node| if let Value::Text(text) = &node.value { Some((text.as_str(), &node.place)) } else { None })
        .collect()
}

fn twice(noun: &str, name: &str, second: &Place, first: &Place) -> Diagnostic {
    let message = format!("there are two {noun}s called {}", quoted(name));
    let help = format!("the first stands in {first}; give one of them another name");
    Diagnostic::error("duplicate-name", second, message).label("taken").help(help)
}

impl Names {
    /// The names of the items called `noun`; a name that stands twice is reported.
    pub fn collect(noun: &'static str, items: &Listed<'_>, sink: &mut Sink) -> Names {
        let mut by_name: BTreeMap<String, (usize, Place)> = BTreeMap::new();
        for (index, name) in items.read.iter().enumerate() {
            if let Some((_, first)) = by_name.get(name.as_str()) {
                sink.push(twice(noun, name.as_str(), &name.place, first));
            } else {
                by_name.insert(name.as_str().to_owned(), (index, name.place.clone()));
            }
        }
        let mut unread: BTreeMap<String, Place> = BTreeMap::new();
        for node in &items.unread {
            let texts = texts_for_name(node);
            if let [(name, place)] = texts[..]
                && let Some(other) = by_name.get(name).map(|(_, place)| place).or(unread.get(name))
            {
                let (first, second) = if other.start() < place.start() { (other, place) } else { (place, other) };
                sink.push(twice(noun, name, second, first));
            }
            for (name, place) in texts {
                unread.entry(name.to_owned()).or_insert_with(|| place.clone());
            }
        }
        Names { noun, by_name, unread }
    }

    /// Names, or what may be the names, of items that could not be read.
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        self.unread.keys().map(String::as_str)
    }

    /// The index of the item that `reference` names; a name that nothing has is reported. `None` without a report for
    /// an item that could not be read.
    pub fn find(&self, reference: &Spanned<Name>, sink: &mut Sink) -> Option<usize> {
        if let Some((index, _)) = self.by_name.get(reference.as_str()) {
            return Some(*index);
        }
        let written = reference.as_str();
        if self.unread.contains_key(written) {
            return None;
        }
        let message = format!("there is no {} called {}", self.noun, quoted(written));
        let known: Vec<&str> = self.all().collect();
        let help = did_you_mean(written, &format!("{}s", self.noun), &known).unwrap_or_else(|| {
            let noun = self.noun;
            format!("the file has no {noun} yet: describe it under [[{noun}]]")
        });
        let label = format!("not {}", with_article(self.noun));
        sink.push(Diagnostic::error(UNKNOWN_REFERENCE, &reference.place, message).label(label).help(help));
        None
    }

    /// All names, and what may be the names of items that could not be read, in alphabetical order.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let mut all: Vec<&str> = self.by_name.keys().map(String::as_str).chain(self.unread()).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter()
    }

    /// The index of `name`, in silence.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).map(|(index, _)| *index)
    }
}
