//! Names of items, and references from one item to another.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::diagnostic::{Diagnostic, Place};
use super::node::{Node, Value, quoted};
use super::reader::{FromToml, Sink, Spanned};
use super::schema::Definitions;
use super::suggest::{closest, did_you_mean};
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
    /// Whether there is one whose name nobody can say: any name may be the one.
    nameless: bool,
}

/// The code of a reference that names nothing.
pub const UNKNOWN_REFERENCE: &str = "unknown-reference";

/// The keys that name an item.
pub const NAMING_KEYS: [&str; 2] = ["name", "carrier"];

/// What the item at `node`, which could not be read, is called: its name, perhaps under a misspelt key, or the keys of
/// tables such as `[station.pick]`, where the key is meant as the name. Empty when nobody can say.
#[must_use]
pub fn names_of_unread(node: &Node) -> Vec<(&str, &Place)> {
    let entries = || node.table().into_iter().flat_map(|table| &table.entries);
    let own = entries().filter(|entry| closest(&entry.key, NAMING_KEYS).is_some());
    for entry in own {
        if let Value::Text(name) = &entry.node.value {
            return vec![(name, &entry.node.place)];
        }
    }
    if entries().any(|entry| entry.node.table().is_none()) {
        return Vec::new();
    }
    entries().map(|entry| (entry.key.as_str(), &entry.key_place)).collect()
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
        let names: Vec<Vec<(&str, &Place)>> = items.unread.iter().map(|node| names_of_unread(node)).collect();
        for (name, place) in names.iter().flatten() {
            if let Some(other) = by_name.get(*name).map(|(_, place)| place).or(unread.get(*name)) {
                let (first, second) = if other.start() < place.start() { (other, *place) } else { (*place, other) };
                sink.push(twice(noun, name, second, first));
            }
            unread.entry((*name).to_owned()).or_insert_with(|| (*place).clone());
        }
        Names { noun, by_name, unread, nameless: names.iter().any(Vec::is_empty) }
    }

    /// Whether `text` may name an item that could not be read: then nothing can be said about it.
    #[must_use]
    pub fn may_be_unread(&self, text: &str) -> bool {
        self.nameless || self.unread.keys().any(|name| text.contains(name.as_str()))
    }

    /// The index of the item that `reference` names; a name that nothing has is reported. `None` without a report for
    /// an item that could not be read.
    pub fn find(&self, reference: &Spanned<Name>, sink: &mut Sink) -> Option<usize> {
        self.find_beside(reference, &[], sink)
    }

    /// As [`Names::find`], where one of the words `others` might stand as well.
    pub fn find_beside(&self, reference: &Spanned<Name>, others: &[&str], sink: &mut Sink) -> Option<usize> {
        if let Some((index, _)) = self.by_name.get(reference.as_str()) {
            return Some(*index);
        }
        let written = reference.as_str();
        if self.nameless || self.unread.contains_key(written) {
            return None;
        }
        let message = format!("there is no {} called {}", self.noun, quoted(written));
        let known: Vec<&str> = self.all().collect();
        let noun = self.noun;
        let list = did_you_mean("", &format!("{noun}s"), &known);
        let list = list.unwrap_or_else(|| format!("the file has no {noun} yet: describe it under [[{noun}]]"));
        let words: Vec<String> = others.iter().map(|word| format!("`{word}`")).collect();
        let or = if words.is_empty() { String::new() } else { format!("; or {}", words.join(", ")) };
        let help = match closest(written, known.iter().chain(others).copied()) {
            Some(meant) => format!("did you mean `{meant}`? {list}{or}"),
            None => format!("{list}{or}"),
        };
        let label = format!("not {}", with_article(self.noun));
        sink.push(Diagnostic::error(UNKNOWN_REFERENCE, &reference.place, message).label(label).help(help));
        None
    }

    /// All names, those of items that could not be read included, in alphabetical order.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let mut all: Vec<&str> = self.by_name.keys().chain(self.unread.keys()).map(String::as_str).collect();
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
