//! The sink that collects what is wrong while a document is read and checked.

use std::sync::Arc;

use super::diagnostic::{Diagnostic, Diagnostics, Place, Severity, Source};
use super::node::{Node, Value, written_key};
use super::reader::FromToml;

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

    /// Whether further findings are only counted.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.found.len() >= MOST_FINDINGS
    }

    /// The value that was read with the warnings about it.
    ///
    /// # Errors
    /// Everything found, warnings included, when there is an error among it.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<(T, Option<Diagnostics>), Diagnostics> {
        if let Some(last) = self.found.last().filter(|_| self.uncounted > 0) {
            let message = format!("{} more findings are not shown", self.uncounted);
            let severity = if self.errors > 0 { Severity::Error } else { Severity::Warning };
            let more = Diagnostic { severity, ..Diagnostic::error("too-many-findings", &last.place, message) };
            self.found.push(more);
        }
        if let (Some(value), 0) = (value, self.errors) {
            return Ok((value, Diagnostics::collect(self.found)));
        }
        if self.errors == 0 {
            // Whoever gave no value gave no reason: a mistake in peaksim, and still no reason for a panic.
            let nowhere = Arc::new(Source { name: "peaksim".to_owned(), text: String::new() });
            let message = "the scenario could not be read, and peaksim does not know why";
            self.found.push(Diagnostic::error("unreadable", &Place::new(&nowhere, 0, 0), message));
        }
        Err(Diagnostics::collect(self.found).expect("at least one error was pushed"))
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
        self.push(Diagnostic::error(code, &node.place, message).help(help));
    }
}
