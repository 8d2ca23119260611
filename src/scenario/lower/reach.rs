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
        for item in items(root, &["source"]) {
            let (ways, out) = self.ways_from(item);
            if ways.is_empty() && !out {
                return None;
            }
            self.starts.extend(ways);
        }
        for item in ["contact", "follow_up", "hold"].iter().flat_map(|key| items(root, &[key])) {
            self.starts.extend(self.ways_from(item).0);
        }
        for item in items(root, &["station"]) {
            let ((ways, out), own) = (self.ways_from(item), own_names(item));
            if own.is_empty() || (ways.is_empty() && !out) {
                return None;
            }
            self.lead(&own, &ways, out);
        }
        for item in items(root, &["exceptions", "class"]) {
            let ways = self.ways_from(item).0;
            match item.table().and_then(|table| table.get("at")) {
                // What strikes at a station leads to a desk, and on from there.
                Some(at) => self.lead(&texts(at), &ways, false),
                None => self.starts.extend(ways),
            }
        }
        self.exits.extend(items(root, &["desk"]).into_iter().flat_map(own_names));
        self.exits.extend(&self.carriers);
        Some(())
    }

    fn lead(&mut self, from: &[&'a str], ways: &BTreeSet<&'a str>, out: bool) {
        for name in from {
            let name = self.slips.get(name).unwrap_or(name);
            self.ways.entry(name).or_default().extend(ways);
            if out {
                self.exits.insert(name);
            }
        }
    }

    /// The names that `item` mentions beside its own, and whether orders can leave from there.
    fn ways_from(&self, item: &'a Node) -> (BTreeSet<&'a str>, bool) {
        let Some(table) = item.table() else { return (BTreeSet::new(), false) };
        let others = table.entries.iter().filter(|entry| !NAMING_KEYS.contains(&entry.key.as_str()));
        let texts: Vec<&str> = others.flat_map(|entry| texts(&entry.node)).collect();
        let mut ways: BTreeSet<&str> = texts.iter().map(|text| *self.slips.get(text).unwrap_or(text)).collect();
        if ways.contains(COLLECTION) {
            ways.extend(&self.carriers);
        }
        let out = ways.contains(DONE) || ways.contains(CANCEL) || ways.contains(COLLECTION);
        ways.retain(|way| self.names.contains(way));
        (ways, out || OTHER_WAYS.iter().any(|key| table.get(key).is_some()))
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
