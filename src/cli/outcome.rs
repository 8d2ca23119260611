//! How a command ends: its exit code, and what is said when it fails.

use super::terminal::{self, Format, Look};
use peaksim::experiment::replications::NoThreads;
use peaksim::report::json::SCHEMA_VERSION;
use peaksim::scenario::LoadError;
use serde_json::{Value as Json, json};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit codes, as documented; 1 is never used, so that a wrapper's 1 is never read as ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Done.
    Done = 0,
    /// Wrong command line.
    Usage = 2,
    /// A check failed.
    CheckFailed = 10,
    /// No check failed, at least one is inconclusive.
    CheckInconclusive = 11,
    /// A variant is worse, and that was to count.
    Worse = 12,
    /// The scenario is invalid.
    ScenarioInvalid = 20,
    /// A data file is missing or invalid.
    DataInvalid = 21,
    /// A limit was reached; partial results were written.
    LimitReached = 22,
    /// Results that do not belong together.
    NotTogether = 23,
    /// A mistake in peaksim.
    Internal = 70,
    /// Could not read or write.
    InputOutput = 74,
    /// Interrupted by Ctrl-C.
    Interrupted = 130,
    /// Asked to end.
    Terminated = 143,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

impl ExitStatus {
    /// Its name in machine output.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ExitStatus::Done => "done",
            ExitStatus::Usage => "wrong command line",
            ExitStatus::CheckFailed => "check failed",
            ExitStatus::CheckInconclusive => "check inconclusive",
            ExitStatus::Worse => "a variant is worse",
            ExitStatus::ScenarioInvalid => "scenario invalid",
            ExitStatus::DataInvalid => "data invalid",
            ExitStatus::LimitReached => "limit reached",
            ExitStatus::NotTogether => "results that do not belong together",
            ExitStatus::Internal => "internal error",
            ExitStatus::InputOutput => "could not read or write",
            ExitStatus::Interrupted => "interrupted",
            ExitStatus::Terminated => "terminated",
        }
    }
}

/// Why a command has no result.
#[derive(Debug)]
pub(crate) struct Failure {
    status: ExitStatus,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Text(String),
    Load(Box<LoadError>),
    /// Told already, on stderr.
    Told(String),
}

impl Failure {
    /// A wrong command line.
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure { status: ExitStatus::Usage, reason: Reason::Text(message.into()) }
    }

    /// A scenario that is valid by itself and still cannot be run.
    pub(crate) fn scenario(message: impl Into<String>) -> Failure {
        Failure { status: ExitStatus::ScenarioInvalid, reason: Reason::Text(message.into()) }
    }

    /// Results that do not belong together.
    pub(crate) fn not_together(message: impl Into<String>) -> Failure {
        Failure { status: ExitStatus::NotTogether, reason: Reason::Text(message.into()) }
    }

    /// `path` could not be written.
    pub(crate) fn writing(path: &Path, error: &io::Error) -> Failure {
        let message = format!("{} cannot be written: {error}", path.display());
        Failure { status: ExitStatus::InputOutput, reason: Reason::Text(message) }
    }

    /// The result could not be printed.
    pub(crate) fn printing(error: &io::Error) -> Failure {
        Failure::writing(&PathBuf::from("standard output"), error)
    }

    /// A mistake in peaksim, told by the panic hook.
    pub(crate) fn internal(message: impl Into<String>) -> Failure {
        Failure { status: ExitStatus::Internal, reason: Reason::Told(message.into()) }
    }

    /// Interrupted before there was anything to report.
    pub(crate) fn interrupted(status: ExitStatus) -> Failure {
        let message = "interrupted before the first replication had ended: there is nothing to report";
        Failure { status, reason: Reason::Text(message.to_owned()) }
    }

    /// The deadline typed as `text` passed before there was anything to report.
    pub(crate) fn too_late(text: &str) -> Failure {
        let message = format!("the deadline of {text} passed before there was anything to report: allow more time");
        Failure { status: ExitStatus::LimitReached, reason: Reason::Text(message) }
    }

    /// The code to end with.
    pub(crate) fn status(&self) -> ExitStatus {
        self.status
    }

    /// For a person, with a final line break.
    pub(crate) fn render(&self, colour: bool) -> String {
        match &self.reason {
            Reason::Text(text) => format!("error: {}\n", text.strip_prefix("error: ").unwrap_or(text)),
            Reason::Load(error) => error.render(colour),
            Reason::Told(_) => String::new(),
        }
    }

    /// The document that stands in for the results.
    fn document(&self) -> Json {
        let mut error = json!({
            "kind": self.status.name(),
            "exit_code": self.status as u8,
            "message": self.to_string(),
        });
        if let Reason::Load(load) = &self.reason {
            (error["diagnostics"], error["data"]) = load_findings(load);
        }
        json!({ "schema_version": SCHEMA_VERSION, "peaksim_version": env!("CARGO_PKG_VERSION"), "error": error })
    }
}

/// What is wrong with a scenario and with its data files, as JSON lists.
pub(crate) fn load_findings(error: &LoadError) -> (Json, Json) {
    let texts = |errors: &[peaksim::scenario::data::DataError]| {
        Json::Array(errors.iter().map(|error| json!({ "file": error.file, "row": error.row, "column": error.column, "message": error.to_string() })).collect())
    };
    match error {
        LoadError::Invalid { diagnostics, data } => (diagnostics.to_json(), texts(data)),
        LoadError::Data(data) => (json!([]), texts(data)),
        LoadError::Unreadable { .. } => (json!([]), json!([])),
    }
}

/// The code that a scenario which cannot be loaded ends with.
pub(crate) fn load_status(error: &LoadError) -> ExitStatus {
    match error {
        LoadError::Invalid { .. } => ExitStatus::ScenarioInvalid,
        LoadError::Data(_) => ExitStatus::DataInvalid,
        LoadError::Unreadable { .. } => ExitStatus::InputOutput,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Reason::Text(text) | Reason::Told(text) => f.write_str(text),
            Reason::Load(error) => error.fmt(f),
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Failure {
        Failure { status: load_status(&error), reason: Reason::Load(Box::new(error)) }
    }
}

impl From<NoThreads> for Failure {
    fn from(error: NoThreads) -> Failure {
        Failure { status: ExitStatus::InputOutput, reason: Reason::Text(error.to_string()) }
    }
}

/// Hands over what was found: `shown` to the screen, then `write` to the disk. Neither costs the other: a screen that is
/// gone does not keep files from being written, and a disk that is full by now does not keep results from being shown.
/// With both done, the command ends with `status`.
pub(crate) fn deliver(
    look: &Look,
    shown: &[u8],
    write: impl FnOnce() -> Result<(), Failure>,
    status: ExitStatus,
) -> Result<ExitStatus, Failure> {
    let printed = terminal::print(shown);
    if let Err(failure) = write() {
        // The document on stdout is the results already.
        terminal::tell(&failure.render(look.colour_on_stderr()));
        return Ok(failure.status());
    }
    printed.map_err(|error| Failure::printing(&error))?;
    Ok(status)
}

/// Says why a command failed, and the code to end with. With JSON asked for, stdout gets a document all the same.
pub(crate) fn conclude(look: &Look, result: Result<ExitStatus, Failure>) -> ExitStatus {
    let failure = match result {
        Ok(status) => return status,
        Err(failure) => failure,
    };
    terminal::tell(&failure.render(look.colour_on_stderr()));
    if look.format == Format::Json && terminal::print(&terminal::json(&failure.document())).is_err() {
        return ExitStatus::InputOutput;
    }
    failure.status()
}
