//! The program as a user meets it: what it prints, what it writes, and how it ends.

mod bad_input; // every mistake a scenario or its data can hold is told with its place, and never a panic
mod commands; // init, validate and schema
mod endings; // exit codes, interruption, limits, files that cannot be written
mod results; // the same bytes however it is run

use serde_json::Value as Json;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Two days of a small shop: a replication takes about a millisecond.
pub(crate) const SMALL: &str = r#"format = 1
title = "Two small days"
timezone = "Europe/London"
replications = 6

[horizon]
lead_in = "1d"
judge = { first = 2026-11-23, last = 2026-11-24 }
after = "3d"

[[source]]
name = "web shop"
orders_per_day = 150
next = "pick"

[[pool]]
name = "floor"
shifts = [{ days = "every day", from = "08:00", to = "18:00", heads = 2 }]
order_of_work = ["pick"]

[[station]]
name = "pick"
pool = "floor"
takes = { typical = "4m", one_in_ten_over = "12m" }
next = "done"

[[sla]]
name = "same day"
clock = { starts = "paid", stops = "dispatched", cut_off = "14:00", calendar = "daily" }
target = "90%"
"#;

/// A folder of its own with a scenario in it.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    pub(crate) fn with(scenario: &str) -> Desk {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        desk.put("s.toml", scenario);
        desk
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Names of the files in a folder, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path().join(folder)) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peaksim"));
        command.args(arguments).current_dir(self.path()).env_remove("NO_COLOR").env_remove("RUST_BACKTRACE");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.command(arguments).output().unwrap())
    }
}

/// How the program ended and what it said.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    fn of(output: Output) -> Ended {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ended = Ended { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
        assert!(!ended.stderr.contains("mistake in peaksim"), "{}", ended.stderr);
        ended
    }

    #[track_caller]
    pub(crate) fn with_code(self, code: i32) -> Ended {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub(crate) fn document(&self) -> Json {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}
