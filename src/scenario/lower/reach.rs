//! Stations that nobody reaches and circles without a way out, as far as a file with errors tells.
//!
//! The model knows this exactly, but there is none as long as anything is wrong. Until then every text in a table counts
//! as a way to the station of that name: rather too many ways than an error that only follows from another one.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Flaw, ModelError};
use crate::scenario::file::route::{CANCEL, COLLECTION, DONE};
use crate::scenario::names::{NAMING_KEYS, Names, names_of_unread};
use crate::scenario::node::{Node, Value};
use crate::scenario::suggest::closest;

/// Keys with which orders can leave a station other than by `next`.
const OTHER_WAYS: [&str; 4] = ["capacity", "when_full", "retry", "patience"];

/// The stations of the tree at `root` that no order can reach, or from which none can leave. `lost` are references
/// that name nothing: each counts as one to the station it is most like, and nothing is known when there is none.
pub(super) fn errors(root: &Node, stations: &Names, lost: &[String]) -> Vec<ModelError> {
    let carriers = items(root, &["collection"]).into_iter().flat_map(own_names).collect();
    let mut map = Map { names: stations.all().collect(), carriers, slips: BTreeMap::new(), ..Map::default() };
    for reference in lost {
        match closest(reference, map.names.iter().copied().chain([DONE, CANCEL, COLLECTION])) {
            Some(meant) => map.slips.insert(reference, meant),
            None => return Vec::new(),
        };
    }
    if map.draw(root).is_none() {
        return Vec::new();
    }
    let reached = map.reached();
    let leads_out = map.leading_out();
    let judged = stations.all().filter(|name| stations.index(name).is_some());
    let flaw = |name: &&str| match (reached.contains(name), leads_out.contains(name)) {
        (false, _) => Some(Flaw::Unreached),
        (true, false) => Some(Flaw::Circle),
        (true, true) => None,
    };
    let found = judged.filter_map(|name| Some((name, flaw(&name)?)));
    found.map(|(name, flaw)| ModelError { item: format!("station.{name}"), flaw }).collect()
}

/// Which names lead to which.
#[derive(Default)]
struct Map<'a> {
    names: BTreeSet<&'a str>,
    carriers: BTreeSet<&'a str>,
    /// What misspelt references mean.
    slips: BTreeMap<&'a str, &'a str>,
    /// Where orders begin.
    starts: BTreeSet<&'a str>,
    ways: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// From where orders can leave at once.
    exits: BTreeSet<&'a str>,
}

impl<'a> Map<'a> {
    /// `None` when a table does not say what it is called or where it leads: then it may lead anywhere.
    fn draw(&mut self, root: &'a Node) -> Option<()> {
        for (list, key) in [("source", "next"), ("contact", "to"), ("follow_up", "to"), ("hold", "owner")] {
            for item in items(root, &[list]) {
                let (ways, _) = self.ways_from(item, key)?;
                self.starts.extend(ways);
            }
        }
        for item in items(root, &["station"]) {
            let (ways, out) = self.ways_from(item, "next")?;
            let own = own_names(item);
            if own.is_empty() {
                return None;
            }
            self.lead(&own, &ways, out);
        }
        for item in items(root, &["exceptions", "class"]) {
            let (ways, _) = self.ways_from(item, "owner")?;
            // What strikes at a station leads to a desk, and on from there.
            let at = item.table().and_then(|table| table.get("at")).map(texts).unwrap_or_default();
            if at.iter().any(|name| self.names.contains(self.meant(name))) {
                self.lead(&at, &ways, false);
            } else {
                self.starts.extend(ways);
            }
        }
        self.exits.extend(items(root, &["desk"]).into_iter().flat_map(own_names));
        self.exits.extend(&self.carriers);
        Some(())
    }

    fn lead(&mut self, from: &[&'a str], ways: &BTreeSet<&'a str>, out: bool) {
        for name in from {
            let name = self.meant(name);
            self.ways.entry(name).or_default().extend(ways);
            if out {
                self.exits.insert(name);
            }
        }
    }

    fn meant(&self, text: &'a str) -> &'a str {
        self.slips.get(text).copied().unwrap_or(text)
    }

    /// The names that `item` mentions beside its own, and whether orders can leave from there; `None` when what stands
    /// under `key`, its main way, leads nowhere.
    fn ways_from(&self, item: &'a Node, key: &str) -> Option<(BTreeSet<&'a str>, bool)> {
        let table = item.table()?;
        let leaves = |text: &&str| [DONE, CANCEL, COLLECTION].contains(text);
        let main = table.entries.iter().filter(|entry| closest(&entry.key, [key]).is_some());
        let main = main.flat_map(|entry| texts(&entry.node)).map(|text| self.meant(text));
        if !main.into_iter().any(|text| leaves(&text) || self.names.contains(text)) {
            return None;
        }
        let others = table.entries.iter().filter(|entry| !NAMING_KEYS.contains(&entry.key.as_str()));
        let texts = others.flat_map(|entry| texts(&entry.node)).map(|text| self.meant(text));
        let mut ways: BTreeSet<&str> = texts.collect();
        let out = ways.iter().any(leaves) || OTHER_WAYS.iter().any(|key| table.get(key).is_some());
        if ways.contains(COLLECTION) {
            ways.extend(&self.carriers);
        }
        ways.retain(|way| self.names.contains(way));
        Some((ways, out))
    }

    fn reached(&self) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = self.starts.iter().copied().collect();
        while let Some(name) = open.pop() {
            if reached.insert(name) {
                open.extend(self.ways.get(name).into_iter().flatten());
            }
        }
        reached
    }

    fn leading_out(&self) -> BTreeSet<&'a str> {
        let mut out = self.exits.clone();
        loop {
            let more = self.ways.iter().filter(|(name, ways)| !out.contains(*name) && !ways.is_disjoint(&out));
            let more: Vec<&str> = more.map(|(name, _)| *name).collect();
            if more.is_empty() {
                return out;
            }
            out.extend(more);
        }
    }
}

/// The tables of the list at `path`, a misspelt one included.
fn items<'a>(node: &'a Node, path: &[&str]) -> Vec<&'a Node> {
    let Some((key, rest)) = path.split_first() else {
        return match &node.value {
            Value::List(list) => list.iter().collect(),
            _ => vec![node],
        };
    };
    let entries = node.table().into_iter().flat_map(|table| &table.entries);
    let meant = entries.filter(|entry| closest(&entry.key, [*key]).is_some());
    meant.flat_map(|entry| items(&entry.node, rest)).collect()
}

fn own_names(item: &Node) -> Vec<&str> {
    names_of_unread(item).into_iter().map(|(name, _)| name).collect()
}

/// Every text at `node`, keys included.
fn texts(node: &Node) -> Vec<&str> {
    match &node.value {
        Value::Text(text) => vec![text],
        Value::List(list) => list.iter().flat_map(texts).collect(),
        Value::Table(table) => {
            let entries = &table.entries;
            entries.iter().flat_map(|entry| std::iter::once(entry.key.as_str()).chain(texts(&entry.node))).collect()
        }
        _ => Vec::new(),
    }
}
