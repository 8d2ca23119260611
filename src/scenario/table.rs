//! What every declared table does when it is read: known keys, unknown keys, missing keys, keys of later versions.

use serde_json::Value as Json;

use super::diagnostic::{Diagnostic, Place};
use super::node::{Node, Table, Value};
use super::reader::{FromToml, Sink, Spanned, written_key};
use super::schema::Definitions;
use super::suggest::{closest, did_you_mean};

/// Whether a key must stand in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Without it the table is an error.
    Required,
    /// It may be left out; the meaning of that is the table's own.
    Optional,
}

/// One key of a declared table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The TOML key.
    pub key: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Whether it must be there.
    pub presence: Presence,
    /// What it is when it is left out, as the declaration writes it.
    pub default: Option<&'static str>,
    /// A valid value as TOML text.
    pub example: fn() -> String,
    /// The schema of its value.
    pub schema: fn(&mut Definitions) -> Json,
}

/// A table that `file_table!` declared.
pub trait FileTable: FromToml {
    /// What one of them is called: "station".
    const NOUN: &'static str;
    /// What it is.
    const DOC: &'static str;
    /// Its keys, in the order to show them.
    const FIELDS: &'static [Field];
    /// Keys of the format that this version refuses.
    const LATER: &'static [&'static str];
    /// Where the table stands.
    fn place(&self) -> &Place;
}

/// `noun` with its article.
#[must_use]
pub fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

/// The table at `node`, after its unknown and later keys have been reported.
pub fn open<'a, T: FileTable>(node: &'a Node, sink: &mut Sink) -> Option<&'a Table> {
    let Value::Table(table) = &node.value else {
        sink.wrong_type::<T>(node);
        return None;
    };
    for entry in &table.entries {
        if T::LATER.contains(&entry.key.as_str()) {
            let message = format!("`{}` of {} is not in this version of peaksim", entry.key, with_article(T::NOUN));
            let help = "remove it: what cannot be simulated is refused, never read and ignored";
            sink.push(
                Diagnostic::error("not-in-this-version", &entry.key_place, message)
                    .label("not in this version")
                    .help(help),
            );
        } else if T::FIELDS.iter().all(|field| field.key != entry.key) {
            sink.push(unknown_key::<T>(&entry.key, &entry.key_place));
        }
    }
    Some(table)
}

fn unknown_key<T: FileTable>(key: &str, place: &Place) -> Diagnostic {
    let keys: Vec<&str> = T::FIELDS.iter().map(|field| field.key).collect();
    let owner = with_article(T::NOUN);
    let shown: String = key.chars().take(60).collect();
    let found = Diagnostic::error("unknown-key", place, format!("unknown key `{shown}` in {owner}"))
        .label(format!("{owner} has no such key"));
    let meant = closest(key, keys.iter().copied());
    let example = T::FIELDS.iter().find(|field| Some(field.key) == meant).map(example_line);
    match (did_you_mean(key, &format!("keys of {owner}"), &keys), example) {
        (Some(help), Some(line)) => found.help(format!("{help}\nfor example: {line}")),
        (Some(help), None) => found.help(help),
        (None, _) => found,
    }
}

fn example_line(field: &Field) -> String {
    format!("{} = {}", written_key(field.key), (field.example)())
}

/// A key that must be there.
pub fn required<T: FileTable, V: FromToml>(
    table: &Table,
    node: &Node,
    field: &Field,
    sink: &mut Sink,
) -> Option<Spanned<V>> {
    if let Some(value) = table.get(field.key) {
        return sink.under(field.key, Some(field.example), |sink| Spanned::read(value, sink));
    }
    // A misspelt key is reported once, not also as the missing one.
    let keys = || T::FIELDS.iter().map(|field| field.key);
    let misspelt = |key: &str| keys().all(|known| known != key) && closest(key, keys()) == Some(field.key);
    if table.entries.iter().any(|entry| misspelt(&entry.key)) {
        return None;
    }
    sink.push(
        Diagnostic::error("missing-key", &node.place, format!("{} needs `{}`", with_article(T::NOUN), field.key))
            .label(format!("`{}` is missing", field.key))
            .help(format!("add, for example: {}", example_line(field))),
    );
    None
}

/// A key that may be left out: `Some(None)` when it is, `None` after an error.
pub fn optional<V: FromToml>(table: &Table, field: &Field, sink: &mut Sink) -> Option<Option<Spanned<V>>> {
    match table.get(field.key) {
        None => Some(None),
        Some(value) => sink.under(field.key, Some(field.example), |sink| Spanned::read(value, sink)).map(Some),
    }
}

/// A valid table as TOML text: its required keys, or its first one.
#[must_use]
pub fn example_table(fields: &[Field]) -> String {
    let required: Vec<String> =
        fields.iter().filter(|field| field.presence == Presence::Required).map(example_line).collect();
    if required.is_empty() {
        return fields.first().map_or_else(|| "{}".to_owned(), |field| format!("{{ {} }}", example_line(field)));
    }
    format!("{{ {} }}", required.join(", "))
}

/// Reports `[key]` where `[[key]]` or a list is meant; `false` when `node` is no table.
pub fn list_written_as_table<T: FromToml>(node: &Node, sink: &mut Sink) -> bool {
    if node.table().is_none() {
        return false;
    }
    let header = node.place.text().trim();
    let help = match header.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(name) if !name.starts_with('[') => format!("write the header with two brackets: [[{name}]]"),
        _ => format!("write a list: {}", sink.line(&format!("[{}]", T::example()))),
    };
    let message = format!("expected a list, each item {}, found one table", T::expected());
    sink.push(Diagnostic::error("wrong-type", &node.place, message).label("a table, not a list").help(help));
    true
}
