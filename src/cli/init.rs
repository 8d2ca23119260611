//! `peaksim init`: a first scenario, commented.

use super::files;
use super::outcome::{ExitStatus, Failure};
use super::terminal;
use peaksim::scenario::file::FIRST_SCENARIO;
use std::path::PathBuf;

/// What can be typed after `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// File to write
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
    /// Replace the file if there is one
    #[arg(long)]
    force: bool,
}

/// Writes the scenario and says what to do with it.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, Failure> {
    let Arguments { file, force } = arguments;
    if !force && file.symlink_metadata().is_ok() {
        let shown = file.display();
        return Err(Failure::usage(format!("{shown} is there already; name another file, or replace it with --force")));
    }
    files::write(&[(file.clone(), FIRST_SCENARIO.as_bytes().to_vec())])?;
    terminal::tell(&format!("{0} written. Change its numbers to yours, then: peaksim run {0}\n", file.display()));
    Ok(ExitStatus::Done)
}
