//! What can be typed.

use super::outcome::{ExitStatus, Failure};
use super::terminal::{Format, Look};
use super::{breach, check, compare, frontier, init, outcome, run, sweep, validate};
use clap::Parser;
use std::ffi::OsString;

const EXIT_CODES: &str = "\
Exit codes:
  0         done; with `check`, every check passed
  2         wrong command line
  10        a check failed
  11        no check failed, at least one is inconclusive
  12        `compare --fail-on worse`: a variant is worse
  20, 21    scenario invalid; data file missing or invalid
  22        a limit or deadline was reached: partial results, marked partial
  23        scenarios that do not belong together
  70        internal error
  74        could not read or write
  130, 143  interrupted: the first replications are reported, marked partial";

/// Plays peak days before they come: one scenario file in, and whether, when and why its promises break out.
#[derive(Debug, Parser)]
#[command(name = "peaksim", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

/// One command with its arguments.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Write a first scenario, with every part explained
    Init(init::Arguments),
    /// Check scenarios without running them: every error at once, what is expected of each, and its timetable
    Validate(validate::Arguments),
    /// Run a scenario and report whether its promises are kept
    Run(run::Arguments),
    /// Run a scenario and pass or fail on its checks, for a build that turns red
    Check(check::Arguments),
    /// Compare scenarios on the same random numbers: better, worse, no real difference, or too few runs
    Compare(compare::Arguments),
    /// Find the load at which promises break, with an interval
    Breach(breach::Arguments),
    /// Find where in a plane of two levers (load and exceptions) promises break, row by row
    Frontier(frontier::Arguments),
    /// Run every combination of some values, or a Latin hypercube of them: promises and numbers cell by cell
    Sweep(sweep::Arguments),
    /// Print the JSON Schema of scenario files, for editors
    Schema,
}

impl Command {
    /// How its results are to look.
    pub(crate) fn look(&self) -> Look {
        match self {
            Command::Validate(arguments) => arguments.look,
            Command::Run(arguments) => arguments.simulation.look,
            Command::Check(arguments) => arguments.simulation.look,
            Command::Compare(arguments) => arguments.simulation.look,
            Command::Breach(arguments) => arguments.simulation.look,
            Command::Frontier(arguments) => arguments.simulation.look,
            Command::Sweep(arguments) => arguments.simulation.look,
            Command::Init(_) | Command::Schema => Look::default(),
        }
    }
}

/// Reads the command line; help and mistakes are printed here.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, ExitStatus> {
    let arguments: Vec<OsString> = arguments.collect();
    let error = match CommandLine::try_parse_from(&arguments) {
        Ok(parsed) => return Ok(parsed.command),
        Err(error) => error,
    };
    if error.use_stderr() && asks_for_json(&arguments) {
        let failure = Failure::usage(error.to_string().trim_end());
        let look = Look { format: Format::Json, ..Look::default() };
        return Err(outcome::conclude(&look, Err(failure)));
    }
    // That the terminal is gone changes nothing about the command line.
    let _ = error.print();
    Err(if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Done })
}

/// Whether a command line that could not be understood asks for JSON all the same.
fn asks_for_json(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| argument == "--format=json")
        || arguments.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn all_that_simulate_take_the_same_options_and_say_what_they_mean_by_them() {
        let line = CommandLine::command();
        let help = |command: &str, option: &str| {
            let found = line.find_subcommand(command).unwrap().get_arguments().find(|one| one.get_id() == option);
            found.and_then(|one| one.get_help()).unwrap_or_else(|| panic!("{command} --{option}")).to_string()
        };
        for option in ["set", "seed", "reps", "deadline", "threads", "format", "color", "progress", "output"] {
            for command in ["check", "compare", "breach", "frontier", "sweep"] {
                let own = match (command, option) {
                    (_, "output") | ("breach" | "frontier", "reps") => true,
                    ("sweep", "reps") => true,
                    ("compare", option) => ["set", "seed", "reps"].contains(&option),
                    _ => false,
                };
                assert_eq!(help(command, option) != help("run", option), own, "{command} --{option}");
            }
        }
        let parsed = |line: &str| CommandLine::try_parse_from(line.split(' ')).map_err(|error| error.to_string());
        assert!(parsed("peaksim run s.toml --reps 1").is_ok());
        assert!(parsed("peaksim breach s.toml --reps 1").unwrap_err().contains("2..=100000"));
    }

    #[test]
    fn json_is_seen_in_a_command_line_that_cannot_be_read() {
        let line = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(asks_for_json(&line("peaksim run --nonsense --format json")));
        assert!(asks_for_json(&line("peaksim --format=json run")));
        assert!(!asks_for_json(&line("peaksim run json --format text")));
    }
}
