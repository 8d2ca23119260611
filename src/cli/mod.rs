//! The commands, one file each, and what they share: arguments, exit codes, the terminal, files and signals.

pub(crate) mod arguments;
pub(crate) mod breach;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod frontier;
pub(crate) mod init;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod sweep;
pub(crate) mod validate;

pub(crate) mod internal_error;
pub(crate) mod outcome;

mod axis;
mod deadline;
mod files;
mod options;
mod progress;
mod promises;
mod rounds;
mod signals;
mod simulation;
mod terminal;
mod unit;
mod until;
mod variant;
mod vary;
mod with;
