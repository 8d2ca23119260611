//! Loading a scenario: a file, its overrides and its data files in; a valid model and a plan out.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::data::DataError;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::document::{Document, read_bytes};
use super::file::ScenarioFile;
use super::lower::{DataFiles, lower};
use super::reader::Sink;
use crate::model::{Model, RunPlan};

/// A scenario that can be run: nothing after it checks input again.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The operation, the demand and the promises.
    pub model: Model,
    /// Seed and replications as the file states them.
    pub plan: RunPlan,
    /// What the scenario is about, in one line; empty when the file does not say.
    pub title: String,
    /// The question it is to answer.
    pub description: Option<String>,
    /// Identifies everything that the results follow from: the text, the overrides and the data files.
    pub hash: blake3::Hash,
    /// What is taken for granted.
    pub assumptions: Vec<Assumption>,
    /// What was read without being an error, but is probably not what was meant.
    pub warnings: Option<Diagnostics>,
}

/// Something a scenario takes for granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// What, in one sentence.
    pub what: String,
    /// Where it comes from.
    pub source: Option<String>,
    /// Whether it is a guess, not yet measured.
    pub assumed: bool,
}

/// Why a scenario cannot be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// The scenario file could not be read (exit code 74).
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The scenario is invalid (exit code 20); what is wrong with its data files is told beside it.
    Invalid {
        /// What is wrong with the scenario.
        diagnostics: Diagnostics,
        /// What is wrong with data files.
        data: Vec<DataError>,
    },
    /// The scenario is in order as far as it can be told, but a data file is missing or invalid (exit code 21).
    Data(Vec<DataError>),
}

impl Scenario {
    /// Loads the file at `path`; `overrides` are changes to it, each `path.to.key=VALUE`. Data files lie in its folder.
    ///
    /// # Errors
    /// See [`LoadError`]; all that is wrong is told at once.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Scenario, LoadError> {
        let bytes = read_bytes(path).map_err(|error| LoadError::Unreadable { path: path.to_owned(), error })?;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        Scenario::from_bytes(&path.display().to_string(), &bytes, folder, overrides)
    }

    /// Loads `text`, whose data files lie in `folder`.
    ///
    /// # Errors
    /// As [`Scenario::load`], except that nothing but data files is read.
    pub fn from_text(text: &str, folder: &Path, overrides: &[String]) -> Result<Scenario, LoadError> {
        Scenario::from_bytes("scenario.toml", text.as_bytes(), folder, overrides)
    }

    fn from_bytes(name: &str, bytes: &[u8], folder: &Path, overrides: &[String]) -> Result<Scenario, LoadError> {
        let invalid = |diagnostics| LoadError::Invalid { diagnostics, data: Vec::new() };
        let document = Document::parse(name, bytes, overrides).map_err(invalid)?;
        let (file, _) = document.read::<ScenarioFile>().map_err(invalid)?;
        let mut data = DataFiles::of(folder);
        let mut sink = Sink::new();
        let model = lower(&file, &mut data, &mut sink);
        let warnings = match sink.finish() {
            Ok(warnings) => warnings,
            Err(diagnostics) => return Err(LoadError::Invalid { diagnostics, data: data.into_errors() }),
        };
        let hash = hash(bytes, overrides, &data);
        let Some(model) = model else { return Err(without_model(&document, data.into_errors())) };
        Ok(Scenario {
            model,
            plan: RunPlan {
                seed: file.seed.get().unsigned_abs(),
                replications: u32::try_from(file.replications.get()).expect("at most a million"),
            },
            title: file.title.as_ref().map_or_else(String::new, |title| title.value.clone()),
            description: file.description.as_ref().map(|text| text.value.clone()),
            hash,
            assumptions: file.assumption.iter().map(|table| assumption(&table.value)).collect(),
            warnings,
        })
    }
}

fn without_model(document: &Document, data: Vec<DataError>) -> LoadError {
    if !data.is_empty() {
        return LoadError::Data(data);
    }
    // A part that says no without a reason is a mistake in peaksim, still no reason to end in a panic.
    let message = "the scenario could not be understood, and peaksim does not know why";
    LoadError::Invalid { diagnostics: Diagnostic::error("unreadable", &document.root.place, message).into(), data }
}

fn assumption(table: &super::file::horizon::AssumptionTable) -> Assumption {
    Assumption {
        what: table.what.value.clone(),
        source: table.source.as_ref().map(|source| source.value.clone()),
        assumed: table.assumed.value,
    }
}

/// The hash of everything that results follow from; each part is preceded by its length, so that no two differ in
/// nothing but where one ends.
fn hash(bytes: &[u8], overrides: &[String], data: &DataFiles) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let mut part = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(bytes);
    part(&(overrides.len() as u64).to_le_bytes());
    overrides.iter().for_each(|text| part(text.as_bytes()));
    for (file, hash) in data.hashes() {
        part(file.as_bytes());
        part(hash.as_bytes());
    }
    hasher.finalize()
}

impl LoadError {
    /// The exit code of a program that ends with it: 20, 21 or 74.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            LoadError::Invalid { .. } => 20,
            LoadError::Data(_) => 21,
            LoadError::Unreadable { .. } => 74,
        }
    }

    /// For a person, with the lines of the file underlined where that helps.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        match self {
            LoadError::Invalid { diagnostics, data } => format!("{}{}", lines(data), diagnostics.render(colour)),
            other => format!("{other}\n"),
        }
    }
}

fn lines(data: &[DataError]) -> String {
    data.iter().map(|error| format!("{error}\n")).collect()
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Unreadable { path, error } => write!(f, "{} cannot be read: {error}", path.display()),
            LoadError::Invalid { diagnostics, data } => write!(f, "{}{diagnostics}", lines(data)),
            LoadError::Data(errors) => f.write_str(lines(errors).trim_end()),
        }
    }
}

impl std::error::Error for LoadError {}
