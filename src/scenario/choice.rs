//! Reading a value that may be written in several ways.

use super::diagnostic::Diagnostic;
use super::node::{Node, Shape, Value};
use super::reader::{FromToml, Sink};
use super::suggest::did_you_mean;

/// One way to write a value.
#[derive(Debug)]
pub struct Way<T> {
    /// The kind of value this way is written as.
    pub shape: Shape,
    /// For tables: the key that tells this table from the others.
    pub key: Option<&'static str>,
    /// Reads it.
    pub read: fn(&Node, &mut Sink) -> Option<T>,
}

/// Reads `node` in the one way its kind, and for tables its keys, point to: so the errors are about what was meant.
pub fn read<T: FromToml>(node: &Node, ways: &[Way<T>], sink: &mut Sink) -> Option<T> {
    let shape = node.shape()?;
    let of_shape: Vec<&Way<T>> = ways.iter().filter(|way| way.shape == shape).collect();
    let Value::Table(table) = &node.value else {
        return match of_shape.first() {
            Some(way) => (way.read)(node, sink),
            // A number where a text is meant lacks its unit, and the quantity knows best which.
            None => match ways.iter().find(|way| way.shape == Shape::Text) {
                Some(way) if shape == Shape::Number => (way.read)(node, sink),
                _ => {
                    sink.wrong_type::<T>(node);
                    None
                }
            },
        };
    };
    let told_apart: Vec<(&str, &Way<T>)> = of_shape.iter().filter_map(|way| Some((way.key?, *way))).collect();
    let meant: Vec<(&str, &Way<T>)> = told_apart.iter().copied().filter(|(key, _)| table.get(key).is_some()).collect();
    if let [(_, way)] = meant[..] {
        return (way.read)(node, sink);
    }
    if meant.len() > 1 {
        let keys: Vec<String> = meant.iter().map(|(key, _)| format!("`{key}`")).collect();
        let message = format!("{} cannot stand together", keys.join(" and "));
        let help = format!("keep one of them, {}", sink.for_example(&T::example()));
        sink.push(Diagnostic::error("ambiguous-table", &node.place, message).label("which is meant?").help(help));
        return None;
    }
    if let Some(plain) = of_shape.iter().find(|way| way.key.is_none()) {
        return (plain.read)(node, sink);
    }
    if told_apart.is_empty() {
        sink.wrong_type::<T>(node);
        return None;
    }
    let keys: Vec<&str> = told_apart.iter().map(|(key, _)| *key).collect();
    let names: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    let message = format!("this table needs {}", names.join(" or "));
    // The first key that resembles one of the telling ones is the likely slip.
    let slip = table.keys().into_iter().find(|key| super::suggest::closest(key, keys.iter().copied()).is_some());
    let help = did_you_mean(slip.unwrap_or(""), "one of", &keys).unwrap_or_default();
    let example = sink.for_example(&T::example());
    sink.push(
        Diagnostic::error("missing-key", &node.place, message)
            .label("which kind is meant?")
            .help(format!("{help}\n{example}")),
    );
    None
}
