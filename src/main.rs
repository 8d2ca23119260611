//! The command line of peaksim: parse, dispatch, exit code.

mod cli;

use cli::arguments::{Command, parse};
use cli::{breach, check, compare, frontier, init, internal_error, outcome, run, schema, sweep, validate};
use std::process::ExitCode;

fn main() -> ExitCode {
    internal_error::install();
    let command = match parse(std::env::args_os()) {
        Ok(command) => command,
        Err(status) => return status.into(),
    };
    let result = internal_error::caught(|| match &command {
        Command::Init(arguments) => init::run(arguments),
        Command::Validate(arguments) => validate::run(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Breach(arguments) => breach::run(arguments),
        Command::Frontier(arguments) => frontier::run(arguments),
        Command::Sweep(arguments) => sweep::run(arguments),
        Command::Schema => schema::run(),
    });
    outcome::conclude(&command.look(), result).into()
}
