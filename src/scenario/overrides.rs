//! `--set path.to.key=VALUE`: changes to the tree before anything is validated.

use std::sync::Arc;

use toml::de::DeValue;

use super::diagnostic::{Diagnostic, Place, Source};
use super::document::syntax_error;
use super::names::NAMING_KEYS;
use super::node::{Conversion, Entry, Node, Table, Value};
use super::reader::Sink;
use super::suggest::did_you_mean;

/// One step of a path, and where it stands in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The key, name or index, without quotes.
    pub text: String,
    /// Whether it was written in quotes: then it is a name and never an index or `*`.
    pub quoted: bool,
    /// First and one past last byte, quotes included.
    pub span: (usize, usize),
}

/// The steps of a path such as `campaign."Black Friday".uplift`, and the byte after it: the end, or one of `stop`.
///
/// # Errors
/// The byte and the reason, when a step is empty or a quote is not closed.
pub fn parse_path(text: &str, stop: &[char]) -> Result<(Vec<Step>, usize), (usize, &'static str)> {
    let mut steps = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (word, length) = if let Some(quote) = quote {
            let close = rest[1..].find(quote).ok_or((at, "this quote is not closed"))?;
            (&rest[1..=close], close + 2)
        } else {
            let end = rest.find(|c| c == '.' || stop.contains(&c)).unwrap_or(rest.len());
            (rest[..end].trim(), end)
        };
        if word.is_empty() {
            return Err((at, "a step of the path is empty"));
        }
        steps.push(Step { text: word.to_owned(), quoted: quote.is_some(), span: (at, at + length) });
        at += length;
        match text[at..].chars().next() {
            Some('.') => at += 1,
            Some(c) if !stop.contains(&c) => return Err((at, "a point must stand between two steps")),
            _ => return Ok((steps, at)),
        }
    }
}

/// What override number `number` (from 1) is called when nobody says otherwise.
fn name(number: usize) -> String {
    format!("--set #{number}")
}

/// The number of the override that is called so.
pub(super) fn number(source: &Source) -> Option<usize> {
    source.name.strip_prefix("--set #")?.parse().ok()
}

/// Applies override number `number` (from 1) to the tree; what is wrong with it goes to the sink.
pub(super) fn apply(text: &str, number: usize, root: &mut Node, sink: &mut Sink) {
    let source = Arc::new(Source { name: name(number), text: text.to_owned() });
    let (steps, end) = match parse_path(text, &['=']) {
        Ok(parsed) => parsed,
        Err((at, reason)) => {
            return sink.push(bad_override(&Place::new(&source, at, text.len()), reason));
        }
    };
    if end == text.len() {
        return sink.push(bad_override(&Place::new(&source, end, end), "there is no `=` with a value"));
    }
    let Some(value) = parse_value(&source, end + 1, sink) else { return };
    let change = Change { source: &source, steps: &steps, value: &value };
    change.apply(root, 0, sink);
}

fn bad_override(place: &Place, reason: &str) -> Diagnostic {
    Diagnostic::error("bad-override", place, format!("this override cannot be read: {reason}"))
        .label("here")
        .help("for example: --set station.pick.servers=4 --set 'campaign.\"Black Friday\".uplift=3.5'")
}

fn parse_value(source: &Arc<Source>, from: usize, sink: &mut Sink) -> Option<Node> {
    // The parser takes a value only without blanks around it.
    let raw = &source.text[from..];
    let text = raw.trim();
    let offset = from + (raw.len() - raw.trim_start().len());
    if text.is_empty() {
        sink.push(bad_override(&Place::new(source, from, source.text.len()), "there is no value after the `=`"));
        return None;
    }
    match DeValue::parse(text) {
        Ok(parsed) => {
            let mut conversion = Conversion { source, offset, sink };
            Some(Node::from_value(parsed.span(), parsed.get_ref(), &mut conversion))
        }
        Err(error) => {
            let span = error.span().unwrap_or(0..text.len());
            let place = Place::new(source, offset + span.start, offset + span.end);
            let path = &source.text[..from];
            let found = syntax_error(error.message(), &place);
            sink.push(found.help(format!("text and quantities need quotes: --set '{path}\"{text}\"'")));
            None
        }
    }
}

struct Change<'a> {
    source: &'a Arc<Source>,
    steps: &'a [Step],
    value: &'a Node,
}

impl Change<'_> {
    fn place(&self, step: &Step) -> Place {
        Place::new(self.source, step.span.0, step.span.1)
    }

    /// The path up to and with step `depth`, as it was written.
    fn path(&self, depth: usize) -> &str {
        &self.source.text[..self.steps[depth].span.1]
    }

    fn apply(&self, node: &mut Node, depth: usize, sink: &mut Sink) {
        let Some(step) = self.steps.get(depth) else {
            *node = self.value.clone();
            return;
        };
        let found = node.found();
        match &mut node.value {
            Value::Table(table) => self.in_table(table, step, depth, sink),
            Value::List(items) => self.in_list(items, step, depth, sink),
            Value::Reported => {}
            _ => {
                let above = if depth == 0 { "the file" } else { self.path(depth - 1) };
                let message = format!("`{above}` is {found}: there is no `{}` in it", step.text);
                let help = format!("to replace it: --set '{above}=…'");
                sink.push(Diagnostic::error("unknown-path", &self.place(step), message).help(help));
            }
        }
    }

    fn in_table(&self, table: &mut Table, step: &Step, depth: usize, sink: &mut Sink) {
        let place = self.place(step);
        if let Some(entry) = table.entries.iter_mut().find(|entry| entry.key == step.text) {
            if depth + 1 == self.steps.len() {
                entry.key_place = place;
            }
            return self.apply(&mut entry.node, depth + 1, sink);
        }
        // A key that is not in the file is added, tables on the way included: whether the format knows it is the
        // reader's question, and its answer points here.
        let mut node = Node { place: place.clone(), value: Value::Table(Table::default()) };
        self.apply(&mut node, depth + 1, sink);
        table.entries.push(Entry { key: step.text.clone(), key_place: place, node });
    }

    fn in_list(&self, items: &mut [Node], step: &Step, depth: usize, sink: &mut Sink) {
        if step.text == "*" && !step.quoted {
            if items.is_empty() {
                let message = format!("`{}` stands for nothing: the list is empty", self.path(depth));
                sink.push(Diagnostic::error("unknown-path", &self.place(step), message));
            }
            for item in items {
                self.apply(item, depth + 1, sink);
            }
            return;
        }
        let named = items.iter().position(|item| item_name(item) == Some(&step.text));
        let by_index = if step.quoted { None } else { step.text.parse().ok().filter(|index| *index < items.len()) };
        if let Some(item) = named.or(by_index).and_then(|index| items.get_mut(index)) {
            return self.apply(item, depth + 1, sink);
        }
        let names: Vec<&str> = items.iter().filter_map(item_name).collect();
        let list = if depth == 0 { "the file" } else { self.path(depth - 1) };
        let message = format!("`{list}` has no item `{}`", step.text);
        let help = did_you_mean(&step.text, "items", &names)
            .unwrap_or_else(|| format!("its items have no names: count them from 0 to {}", items.len().max(1) - 1));
        let found = Diagnostic::error("unknown-path", &self.place(step), message).label("no such item");
        sink.push(found.help(help));
    }
}

/// What an item of a list is called.
pub(super) fn item_name(item: &Node) -> Option<&str> {
    let table = item.table()?;
    NAMING_KEYS.iter().find_map(|key| match &table.get(key)?.value {
        Value::Text(name) => Some(name.as_str()),
        _ => None,
    })
}
