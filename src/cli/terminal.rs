//! What goes to stdout and stderr, and in what dress.

use serde_json::Value as Json;
use std::io::{self, IsTerminal, Write};

/// How results are to look.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct Look {
    /// Result as text for people, or as exactly one JSON document
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: Format,
    /// Colour; `auto` means on a terminal, unless NO_COLOR is set. Nothing is said by colour alone
    #[arg(long, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: When,
}

/// Form of the result on stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Look {
    /// Whether to colour stdout.
    pub(crate) fn colour_on_stdout(&self) -> bool {
        self.color.decide(io::stdout().is_terminal())
    }

    /// Whether to colour stderr.
    pub(crate) fn colour_on_stderr(&self) -> bool {
        self.color.decide(io::stderr().is_terminal())
    }
}

impl When {
    fn decide(self, terminal: bool) -> bool {
        // https://no-color.org: any value but the empty one.
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        match self {
            When::Auto => terminal && !refused,
            When::Always => true,
            When::Never => false,
        }
    }
}

/// Prints the result on stdout. A reader who has seen enough and closed the pipe is no error.
pub(crate) fn print(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Tells the person something on stderr; that nobody can read it is no reason to fail.
pub(crate) fn tell(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// A JSON document, indented, with a final line break.
pub(crate) fn json(document: &Json) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(document).expect("a JSON value can be written");
    bytes.push(b'\n');
    bytes
}
