//! `peaksim validate`: every error of every file, without running anything.

use super::outcome::{self, ExitStatus, Failure};
use super::terminal::{self, Format, Look};
use peaksim::model::timetable::Timetable;
use peaksim::report::timetable;
use peaksim::scenario::{LoadError, Scenario};
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

/// What can be typed after `validate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Scenario files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Change a value of every file, as in: --set station.pick.servers=4
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    pub(crate) look: Look,
}

/// Checks every file and says what it found.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitStatus, Failure> {
    let checked: Vec<(&Path, Result<Scenario, LoadError>)> =
        arguments.files.iter().map(|file| (file.as_path(), Scenario::load(file, &arguments.set))).collect();
    let shown = match arguments.look.format {
        Format::Json => {
            let files: Vec<Json> = checked.iter().map(|(file, loaded)| document(file, loaded)).collect();
            terminal::json(
                &json!({ "schema_version": 1, "peaksim_version": env!("CARGO_PKG_VERSION"), "files": files }),
            )
        }
        Format::Text => {
            let colour = arguments.look.colour_on_stderr();
            checked.iter().map(|(file, loaded)| text(file, loaded, colour)).collect::<String>().into_bytes()
        }
    };
    terminal::print(&shown).map_err(|error| Failure::printing(&error))?;
    let failures = checked.iter().filter_map(|(_, loaded)| loaded.as_ref().err()).map(outcome::load_status);
    // What no retry mends comes first: 20 before 21 before 74.
    Ok(failures.min_by_key(|status| *status as u8).unwrap_or(ExitStatus::Done))
}

fn document(file: &Path, loaded: &Result<Scenario, LoadError>) -> Json {
    let (diagnostics, data, timetable) = match loaded {
        Err(error) => {
            let (diagnostics, data) = outcome::load_findings(error);
            (diagnostics, data, Json::Null)
        }
        Ok(Scenario { model, warnings, .. }) => (
            warnings.as_ref().map_or(json!([]), |found| found.to_json()),
            json!([]),
            timetable::document(model, &Timetable::of(model)),
        ),
    };
    json!({
        "file": file.display().to_string(),
        "valid": loaded.is_ok(),
        "diagnostics": diagnostics,
        "data": data,
        "timetable": timetable,
    })
}

fn text(file: &Path, loaded: &Result<Scenario, LoadError>, colour: bool) -> String {
    let file = file.display();
    match loaded {
        Err(error) => {
            terminal::tell(&error.render(colour));
            format!("{file}: not valid\n")
        }
        Ok(scenario) => {
            if let Some(warnings) = &scenario.warnings {
                terminal::tell(&warnings.render(colour));
            }
            let found = Timetable::of(&scenario.model);
            for warning in timetable::warnings(&scenario.model, &found) {
                terminal::tell(&format!("{file}: warning: {warning}\n"));
            }
            let lines = timetable::lines(&scenario.model, &found);
            lines.into_iter().fold(format!("{file}: valid\n"), |text, line| text + "  " + &line + "\n")
        }
    }
}
