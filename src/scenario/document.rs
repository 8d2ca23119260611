//! A scenario text as a tree of nodes: read within limits, overridden by `--set`, every syntax error at once.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use toml::de::DeTable;

use super::diagnostic::{Diagnostic, Diagnostics, Place, Source};
use super::node::{Conversion, Node, Table, Value};
use super::overrides;
use super::reader::{FromToml, Sink};

/// The longest scenario text in bytes: 1 MiB. Long data (orders, hourly shares) stands in CSV files of its own.
pub const LONGEST_TEXT: usize = 1 << 20;

/// A parsed scenario text with its overrides applied.
#[derive(Clone, Debug)]
pub struct Document {
    /// The root table.
    pub root: Node,
}

/// The bytes of a file, at most one more than [`LONGEST_TEXT`]: enough for [`Document::parse`] to refuse it.
///
/// # Errors
/// When the file cannot be opened or read.
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LONGEST_TEXT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Document {
    /// Parses the text of the file `name` and applies `overrides`, each `path.to.key=VALUE` as after `--set`.
    ///
    /// # Errors
    /// Every error of the syntax and of the overrides: too long, no UTF-8 text, not TOML, no such item.
    pub fn parse(name: &str, bytes: &[u8], overrides: &[String]) -> Result<Document, Diagnostics> {
        let source = Arc::new(readable(name, bytes)?);
        let (parsed, errors) = DeTable::parse_recoverable(&source.text);
        let mut sink = Sink::new();
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            sink.push(syntax_error(error.message(), &Place::new(&source, span.start, span.end)));
        }
        // A tree recovered from broken text would only give errors that follow from the first ones.
        sink.finish()?;
        let mut sink = Sink::new();
        let mut conversion = Conversion { source: &source, offset: 0, sink: &mut sink };
        let table = Table::from_table(parsed.get_ref(), &mut conversion);
        let mut root = Node { place: Place::new(&source, 0, 0), value: Value::Table(table) };
        for (index, text) in overrides.iter().enumerate() {
            overrides::apply(text, index + 1, &mut root, &mut sink);
        }
        sink.finish()?;
        Ok(Document { root })
    }

    /// Reads the root table as a `T`; also gives the warnings.
    ///
    /// # Errors
    /// Every error of the whole document.
    pub fn read<T: FromToml>(&self) -> Result<(T, Option<Diagnostics>), Diagnostics> {
        let mut sink = Sink::new();
        let value = T::read(&self.root, &mut sink);
        match (value, sink.finish()) {
            (_, Err(errors)) => Err(errors),
            (Some(value), Ok(warnings)) => Ok((value, warnings)),
            (None, Ok(_)) => {
                // A reader that says no without a reason is a mistake in peaksim, still no reason to end in a panic.
                let message = "the file could not be read, and peaksim does not know why";
                Err(Diagnostic::error("unreadable", &self.root.place, message).into())
            }
        }
    }
}

/// The bytes as a text within limits.
fn readable(name: &str, bytes: &[u8]) -> Result<Source, Diagnostics> {
    let refused = |text: &str, code, message: String, label: &str, help: &str| {
        let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
        let place = Place::new(&source, text.len(), text.len());
        Err(Diagnostic::error(code, &place, message).label(label).help(help).into())
    };
    if bytes.len() > LONGEST_TEXT {
        let message = format!("the text is longer than {LONGEST_TEXT} bytes (1 MiB)");
        let help = "keep long data, such as recorded orders or hourly shares, in CSV files beside the scenario";
        return refused("", "text-too-long", message, "too long", help);
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let message = "the text is written in UTF-16".to_owned();
        return refused("", "not-utf8", message, "not UTF-8", "save it as UTF-8 (in Notepad: Save as, Encoding)");
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let before = String::from_utf8_lossy(&bytes[..at]);
        let message = format!("this is not a text: byte {at} is zero");
        return refused(&before, "not-text", message, "a zero byte follows", "a scenario is a TOML text file");
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Source { name: name.to_owned(), text: text.to_owned() }),
        Err(error) => {
            let at = error.valid_up_to();
            let before = String::from_utf8_lossy(&bytes[..at]);
            let message = format!("byte {at} is not UTF-8 text");
            refused(&before, "not-utf8", message, "not UTF-8 from here", "save the file as UTF-8")
        }
    }
}

/// A syntax error of the TOML parser, with help for the slips people make.
pub(super) fn syntax_error(message: &str, place: &Place) -> Diagnostic {
    let help = if message.contains("duplicate key") {
        "each key stands once in its table: remove one, or start a new item with a [[header]]"
    } else if message.contains("basic string") || message.contains("invalid literal string") {
        "text ends on its line, with the same quotation mark it began with: title = \"Peak\""
    } else if message.contains("unclosed") {
        "close the bracket: [horizon], [[station]], [\"07:00\", \"11:00\"], { heads = 12 }"
    } else if message.contains("quoted") {
        "write text and quantities in quotes: next = \"pick\", takes = \"90s\""
    } else if message.contains("recursion") {
        "tables and lists may not be nested this deep"
    } else if message.contains('=') {
        "a line is key = value, such as title = \"Peak\", or a header such as [horizon] or [[station]]"
    } else {
        "valid TOML looks like: title = \"Peak\", servers = 4, shifts = [{ heads = 12 }], [[station]]"
    };
    // The parser's own word for text in single quotes says nothing to those who left quotes out.
    let message = message.trim_end_matches(", expected literal string");
    Diagnostic::error("syntax", place, format!("this is not valid TOML: {message}")).label("here").help(help)
}
