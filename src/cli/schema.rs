//! `peaksim schema`: the JSON Schema of scenario files.

use super::outcome::{ExitStatus, Failure};
use super::terminal;
use peaksim::scenario::file;

/// Prints the schema.
pub(crate) fn run() -> Result<ExitStatus, Failure> {
    terminal::print(&terminal::json(&file::schema())).map_err(|error| Failure::printing(&error))?;
    Ok(ExitStatus::Done)
}
