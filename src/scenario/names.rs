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

/// The names of all items of one kind, each with its index.
#[derive(Clone, Debug)]
pub struct Names {
    noun: &'static str,
    by_name: BTreeMap<String, (usize, Place)>,
}

impl Names {
    /// The names of the items called `noun`, in their order; a name that stands twice is reported.
    pub fn collect<'a>(
        noun: &'static str,
        names: impl IntoIterator<Item = &'a Spanned<Name>>,
        sink: &mut Sink,
    ) -> Names {
        let mut by_name: BTreeMap<String, (usize, Place)> = BTreeMap::new();
        for (index, name) in names.into_iter().enumerate() {
            if let Some((_, first)) = by_name.get(name.as_str()) {
                let message = format!("there are two {noun}s called {}", quoted(name.as_str()));
                let help = format!("the first stands in {first}; give one of them another name");
                sink.push(Diagnostic::error("duplicate-name", &name.place, message).label("taken").help(help));
            } else {
                by_name.insert(name.as_str().to_owned(), (index, name.place.clone()));
            }
        }
        Names { noun, by_name }
    }

    /// The index of the item that `reference` names; a name that nothing has is reported.
    pub fn find(&self, reference: &Spanned<Name>, sink: &mut Sink) -> Option<usize> {
        if let Some((index, _)) = self.by_name.get(reference.as_str()) {
            return Some(*index);
        }
        let written = reference.as_str();
        let message = format!("there is no {} called {}", self.noun, quoted(written));
        let known: Vec<&str> = self.by_name.keys().map(String::as_str).collect();
        let help = did_you_mean(written, &format!("{}s", self.noun), &known).unwrap_or_else(|| {
            let noun = self.noun;
            format!("the file has no {noun} yet: describe it under [[{noun}]]")
        });
        let label = format!("not {}", with_article(self.noun));
        sink.push(Diagnostic::error("unknown-reference", &reference.place, message).label(label).help(help));
        None
    }

    /// The index of `name`, in silence.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).map(|(index, _)| *index)
    }
}
