//! What differs between two scenarios, value by value, under the paths that `--set` takes.

use super::document::{Document, read_bytes};
use super::load::LoadError;
use super::node::{Node, Table, Value, quoted};
use super::overrides::item_name;
use std::path::Path;

/// A value that is not the same in two scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it stands, as after `--set`: `pool.floor.shifts.0.heads`.
    pub path: String,
    /// What the first scenario says, as TOML; `None`: nothing.
    pub base: Option<String>,
    /// What the second says; `None`: nothing.
    pub variant: Option<String>,
}

/// What differs between two files, each with its overrides; the contents of data files aside.
///
/// # Errors
/// When a file cannot be read as TOML or an override does not fit it.
pub fn of_files(base: (&Path, &[String]), variant: (&Path, &[String])) -> Result<Vec<Difference>, LoadError> {
    Ok(between(&document(base)?.root, &document(variant)?.root))
}

fn document((path, overrides): (&Path, &[String])) -> Result<Document, LoadError> {
    let bytes = read_bytes(path).map_err(|error| LoadError::Unreadable { path: path.to_owned(), error })?;
    let invalid = |diagnostics| LoadError::Invalid { diagnostics, data: Vec::new() };
    Document::parse(&path.display().to_string(), &bytes, overrides).map_err(invalid)
}

/// What differs between two trees, in the order of the first; what only the second has comes last.
#[must_use]
pub fn between(base: &Node, variant: &Node) -> Vec<Difference> {
    let mut found = Vec::new();
    walk("", Some(base), Some(variant), &mut found);
    found
}

fn walk(path: &str, base: Option<&Node>, variant: Option<&Node>, found: &mut Vec<Difference>) {
    let both = base.zip(variant).map(|(base, variant)| (&base.value, &variant.value));
    match both {
        Some((Value::Table(one), Value::Table(other))) => {
            for key in keys(one, other) {
                walk(&below(path, &key), one.get(&key), other.get(&key), found);
            }
        }
        Some((Value::List(one), Value::List(other))) if have_items(one) || have_items(other) => {
            for key in item_keys(one, other) {
                walk(&below(path, &key.step()), key.find(one), key.find(other), found);
            }
        }
        _ => {
            let (base, variant) = (base.map(written), variant.map(written));
            if base != variant {
                found.push(Difference { path: path.to_owned(), base, variant });
            }
        }
    }
}

fn keys(one: &Table, other: &Table) -> Vec<String> {
    let mut keys: Vec<String> = one.keys().into_iter().map(str::to_owned).collect();
    let more = other.keys().into_iter().filter(|key| one.get(key).is_none()).map(str::to_owned);
    keys.extend(more);
    keys
}

/// Whether it is a list of tables; a list of plain values is one value.
fn have_items(list: &[Node]) -> bool {
    list.iter().any(|item| item.table().is_some())
}

/// What an item of a list goes by: its name, or its index.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ItemKey {
    Name(String),
    Index(usize),
}

impl ItemKey {
    fn find<'n>(&self, list: &'n [Node]) -> Option<&'n Node> {
        match self {
            ItemKey::Name(name) => list.iter().find(|item| item_name(item) == Some(name)),
            ItemKey::Index(index) => list.get(*index).filter(|item| item_name(item).is_none()),
        }
    }

    fn step(&self) -> String {
        match self {
            ItemKey::Name(name) => name.clone(),
            ItemKey::Index(index) => index.to_string(),
        }
    }
}

fn item_keys(one: &[Node], other: &[Node]) -> Vec<ItemKey> {
    let mut keys: Vec<ItemKey> = Vec::new();
    for (index, item) in one.iter().enumerate().chain(other.iter().enumerate()) {
        let key = item_name(item).map_or(ItemKey::Index(index), |name| ItemKey::Name(name.to_owned()));
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

fn below(path: &str, step: &str) -> String {
    let bare = !step.is_empty() && step.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    let step = if bare { step.to_owned() } else { format!("\"{step}\"") };
    if path.is_empty() { step } else { format!("{path}.{step}") }
}

/// A value as TOML writes it in one line; long text is cut.
fn written(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => quoted(text),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Boolean(flag) => flag.to_string(),
        Value::Moment(moment) => moment.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let entry = |key: &str| table.get(key).map(|node| format!("{} = {}", below("", key), written(node)));
            format!("{{ {} }}", table.keys().into_iter().filter_map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Reported => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r#"
title = "Base"
[horizon]
lead_in = "1d"
[[station]]
name = "pick"
servers = 4
takes = { typical = "4m" }
[[station]]
name = "order sync"
[[pool]]
name = "floor"
shifts = [{ days = "mon-fri", heads = 12 }, { days = "sat", heads = 4 }]
"#;

    fn found(variant: &str, overrides: &[&str]) -> Vec<String> {
        let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
        let base = Document::parse("base", BASE.as_bytes(), &[]).unwrap();
        let variant = Document::parse("variant", variant.as_bytes(), &overrides).unwrap();
        let text = |side: Option<String>| side.unwrap_or_else(|| "nothing".to_owned());
        between(&base.root, &variant.root)
            .into_iter()
            .map(|found| format!("{}: {} -> {}", found.path, text(found.base), text(found.variant)))
            .collect()
    }

    #[test]
    fn what_is_the_same_differs_in_nothing() {
        assert!(found(BASE, &[]).is_empty());
        // Neither does the order of named items.
        let (pick, sync) = (BASE.find("[[station]]").unwrap(), BASE.find("[[station]]\nname = \"order").unwrap());
        let pool = BASE.find("[[pool]]").unwrap();
        let swapped = [&BASE[..pick], &BASE[sync..pool], &BASE[pick..sync], &BASE[pool..]].concat();
        assert!(found(&swapped, &[]).is_empty());
    }

    #[test]
    fn a_change_is_told_under_its_path() {
        let changes = [
            "pool.floor.shifts.1.heads=6",
            "station.pick.servers=5",
            "station.\"order sync\".rate=\"9/h\"",
            "horizon=3",
        ];
        assert_eq!(
            found(BASE, &changes),
            [
                "horizon: { lead_in = \"1d\" } -> 3",
                "station.pick.servers: 4 -> 5",
                "station.\"order sync\".rate: nothing -> \"9/h\"",
                "pool.floor.shifts.1.heads: 4 -> 6",
            ]
        );
        let without = BASE.replace("[[station]]\nname = \"order sync\"\n", "");
        assert_eq!(found(&without, &[]), ["station.\"order sync\": { name = \"order sync\" } -> nothing"]);
    }
}
