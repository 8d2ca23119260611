//! Tables that are read in parts: what cannot be read is left out, so that the rest can be checked all the same.
//!
//! An item counts as read only when nothing is wrong with it: of a table with a misspelt key nobody can say what it
//! lacks. The others stay as nodes, and what they are called and what they mention still counts.

use std::ops::Deref;

use super::node::{Node, Table, Value};
use super::reader::{FromToml, Sink, Spanned};
use super::suggest::closest;
use super::table::{Field, FileTable, optional, required};

/// A key of such a table: what was read, and whether something in it could not be.
#[derive(Clone, Debug)]
pub struct Part<T> {
    value: Option<Spanned<T>>,
    unread: bool,
}

impl<T> Part<T> {
    /// What was read; of an inner table in parts also when some of it could not be.
    #[must_use]
    pub fn as_ref(&self) -> Option<&Spanned<T>> {
        self.value.as_ref()
    }

    /// Whether something is wrong with it, so that nothing follows from what is not there.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.unread
    }
}

/// A list of such a table: the items that were read, and the nodes of those that were not.
#[derive(Clone, Debug)]
pub struct Items<T> {
    read: Vec<Spanned<T>>,
    unread: Vec<Node>,
}

impl<T> Items<T> {
    /// The items that could not be read, or not as a whole.
    #[must_use]
    pub fn unread(&self) -> &[Node] {
        &self.unread
    }

    /// Nodes that were to be items.
    fn lose(&mut self, node: &Node) {
        match &node.value {
            Value::List(items) => self.unread.extend(items.iter().cloned()),
            _ => self.unread.push(node.clone()),
        }
    }
}

impl<T> Deref for Items<T> {
    type Target = [Spanned<T>];
    fn deref(&self) -> &[Spanned<T>] {
        &self.read
    }
}

impl<'a, T> IntoIterator for &'a Items<T> {
    type Item = &'a Spanned<T>;
    type IntoIter = std::slice::Iter<'a, Spanned<T>>;
    fn into_iter(self) -> Self::IntoIter {
        self.read.iter()
    }
}

/// A key that must be there; that it is not is an error of its own.
pub fn required_part<P: FileTable, T: FromToml>(table: &Table, node: &Node, field: &Field, sink: &mut Sink) -> Part<T> {
    let before = sink.errors();
    let value = required::<P, T>(table, node, field, sink);
    Part { unread: value.is_none() || sink.errors() > before, value }
}

/// A key that may be left out.
pub fn optional_part<P: FileTable, T: FromToml>(table: &Table, field: &Field, sink: &mut Sink) -> Part<T> {
    let before = sink.errors();
    let value = optional::<T>(table, field, sink).flatten();
    Part { value, unread: sink.errors() > before || slips::<P>(table, field.key).next().is_some() }
}

/// A list of items, which may be left out.
pub fn items<P: FileTable, T: FromToml>(table: &Table, field: &Field, sink: &mut Sink) -> Items<T> {
    let mut items = Items { read: Vec::new(), unread: Vec::new() };
    slips::<P>(table, field.key).for_each(|node| items.lose(node));
    let Some(node) = table.get(field.key) else { return items };
    sink.under(field.key, Some(field.example), |sink| {
        let Value::List(list) = &node.value else {
            // Says what is wrong with it.
            Vec::<T>::read(node, sink);
            return items.lose(node);
        };
        for item in list {
            let before = sink.errors();
            match sink.inside_list(|sink| Spanned::read(item, sink)) {
                Some(value) if sink.errors() == before => items.read.push(value),
                _ => items.lose(item),
            }
        }
    });
    items
}

/// What stands under misspelt forms of `key`.
fn slips<'a, P: FileTable>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Node> {
    let keys = || P::FIELDS.iter().map(|field| field.key);
    let meant = move |written: &str| keys().all(|known| known != written) && closest(written, keys()) == Some(key);
    let unknown = table.entries.iter().filter(|entry| !P::LATER.contains(&entry.key.as_str()));
    unknown.filter(move |entry| meant(&entry.key)).map(|entry| &entry.node)
}
