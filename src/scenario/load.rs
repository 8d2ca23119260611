//! Loading a scenario: a file, its overrides and its data files in; a valid model and a plan out.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::data::DataError;
use super::diagnostic::{Diagnostic, Diagnostics, counted};
use super::document::{Document, read_bytes};
use super::file::ScenarioFile;
use super::lower::{DataFiles, lower};
use super::reader::{FromToml, Sink};
use crate::model::{Campaign, Model, RunPlan};

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

/// A scenario file that has been read, to be loaded with these or those changes.
#[derive(Clone, Debug)]
pub struct ScenarioText {
    name: String,
    bytes: Vec<u8>,
    folder: PathBuf,
}

impl ScenarioText {
    /// Reads the file at `path`. Data files lie in its folder.
    ///
    /// # Errors
    /// [`LoadError::Unreadable`].
    pub fn read(path: &Path) -> Result<ScenarioText, LoadError> {
        let bytes = read_bytes(path).map_err(|error| LoadError::Unreadable { path: path.to_owned(), error })?;
        let folder = path.parent().unwrap_or_else(|| Path::new("")).to_owned();
        Ok(ScenarioText { name: path.display().to_string(), bytes, folder })
    }

    /// The scenario with `overrides`, changes to the text, each `path.to.key=VALUE`.
    ///
    /// # Errors
    /// See [`LoadError`]; all that is wrong is told at once.
    pub fn load(&self, overrides: &[String]) -> Result<Scenario, LoadError> {
        Scenario::from_bytes(&self.name, &self.bytes, &self.folder, overrides)
    }
}

impl Scenario {
    /// Loads the file at `path`; `overrides` are changes to it, each `path.to.key=VALUE`. Data files lie in its folder.
    ///
    /// # Errors
    /// See [`LoadError`]; all that is wrong is told at once.
    pub fn load(path: &Path, overrides: &[String]) -> Result<Scenario, LoadError> {
        ScenarioText::read(path)?.load(overrides)
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
        let mut data = DataFiles::of(folder);
        let mut sink = Sink::new();
        let file = ScenarioFile::read(&document.root, &mut sink).expect("the root is a table, and tables have parts");
        let model = lower(&document.root, &file, &mut data, &mut sink);
        let warnings = match sink.finish() {
            Ok(warnings) => warnings,
            Err(diagnostics) => return Err(LoadError::Invalid { diagnostics, data: data.into_errors() }),
        };
        let hash = hash(bytes, overrides, &data);
        let Some(model) = model else { return Err(without_model(&document, data.into_errors())) };
        let stated = file.assumption.iter().map(|table| assumption(&table.value));
        let assumptions = stated.chain(model.campaigns.iter().filter_map(exact_plan)).collect();
        Ok(Scenario {
            model,
            plan: RunPlan {
                seed: file.seed.get().unsigned_abs(),
                replications: u32::try_from(file.replications.get()).expect("at most a million"),
            },
            title: file.title.as_ref().map_or_else(String::new, |title| title.value.clone()),
            description: file.description.as_ref().map(|text| text.value.clone()),
            hash,
            assumptions,
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

/// That the runs take a plan as it stands, where the file says how far off it may be.
fn exact_plan(campaign: &Campaign) -> Option<Assumption> {
    let error = libm::round(campaign.forecast_error? * 1e4) / 1e2;
    let what = format!(
        "\"{}\" brings the orders that are planned: the runs do not vary the plan by its forecast error of {error}%.",
        campaign.name
    );
    Some(Assumption { what, source: Some("the campaign's forecast_error".to_owned()), assumed: true })
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
            LoadError::Invalid { diagnostics, data } => paragraphs(data) + &diagnostics.render_with(data.len(), colour),
            LoadError::Data(data) => paragraphs(data) + &counted(data.len(), 0) + "\n",
            LoadError::Unreadable { .. } => format!("error: {self}\n"),
        }
    }
}

/// Errors of data files in the form of the others; no line of the file is shown, for it may be about a person.
fn paragraphs(data: &[DataError]) -> String {
    data.iter().map(|error| format!("error[data-file]\n\n  × {error}\n\n")).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Fate;
    use crate::scenario::file::{FIRST_SCENARIO, schema};

    fn load(text: &str, overrides: &[&str]) -> Result<Scenario, LoadError> {
        let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
        Scenario::from_text(text, Path::new("."), &overrides)
    }

    /// Without the model, which is too long to be shown.
    fn refusal(text: &str, overrides: &[&str]) -> LoadError {
        load(text, overrides).map(|_| "a model").expect_err("this scenario is refused")
    }

    #[test]
    fn the_first_scenario_loads() {
        let scenario = load(FIRST_SCENARIO, &[]).unwrap_or_else(|error| panic!("{error}"));
        assert!(scenario.warnings.is_none(), "{:?}", scenario.warnings);
        assert_eq!(scenario.plan, RunPlan { seed: 1, replications: 100 });
        let model = &scenario.model;
        let names = |list: Vec<&str>| list.join(", ");
        assert_eq!(names(model.sources.iter().map(|s| s.name.as_str()).collect()), "web shop, web shop / 07:30 email");
        let stations = names(model.stations.iter().map(|s| s.name.as_str()).collect());
        assert_eq!(stations, "order sync, pick, pack, Royal Mail, stock desk");
        assert_eq!((model.slas.len(), model.campaigns.len(), model.days.len()), (1, 2, 42));
        assert!(scenario.assumptions[0].assumed);
    }

    #[test]
    fn the_hash_follows_text_overrides_and_data() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hourly.csv");
        let write = |first: u32| {
            let rows: String = (0..24).map(|hour| format!("{hour},{}\n", if hour == 0 { first } else { 1 })).collect();
            std::fs::write(&file, format!("hour,share\n{rows}")).unwrap();
        };
        write(1);
        let start = FIRST_SCENARIO.find("hourly = [").unwrap();
        let end = start + FIRST_SCENARIO[start..].find("\n]").unwrap() + 2;
        let text = format!("{}hourly = \"hourly.csv\"{}", &FIRST_SCENARIO[..start], &FIRST_SCENARIO[end..]);
        let hash = |text: &str, overrides: &[String]| {
            Scenario::from_text(text, folder.path(), overrides).unwrap_or_else(|error| panic!("{error}")).hash
        };
        let first = hash(&text, &[]);
        assert_eq!(first, hash(&text, &[]));
        assert_ne!(first, hash(&format!("{text}\n"), &[]));
        assert_ne!(first, hash(&text, &["seed=1".to_owned()]));
        write(2);
        assert_ne!(first, hash(&text, &[]));
        std::fs::remove_file(&file).unwrap();
        let error = Scenario::from_text(&text, folder.path(), &[]).unwrap_err();
        assert_eq!(error.exit_code(), 21, "{error}");
        assert!(error.to_string().starts_with("hourly.csv: no such file"), "{error}");
    }

    #[test]
    fn overrides_reach_the_model() {
        let scenario = load(
            FIRST_SCENARIO,
            &["seed=7", "source.\"web shop\".uplift=1.5", "station.pack.next=\"done\"", "collection=[]"],
        )
        .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(scenario.plan.seed, 7);
        assert!((scenario.model.sources[0].factors.uplift - 1.5).abs() < 1e-12);
        assert_eq!(scenario.model.stations[2].route.legs[0].to, Fate::Done);
    }

    #[test]
    fn what_fails_says_with_which_code() {
        let invalid = refusal(FIRST_SCENARIO, &["station.pick.next=\"pakc\"", "source.0.next=\"pikc\""]);
        assert_eq!(invalid.exit_code(), 20);
        insta::assert_snapshot!(invalid, @r#"
        --set #1:1:19: error[unknown-reference]: there is no station called "pakc" (did you mean `pack`? stations: `Royal Mail`, `order sync`, `pack`, `pick`, `stock desk`; or `done`, `cancel`, `collection`)
        --set #2:1:15: error[unknown-reference]: there is no station called "pikc" (did you mean `pick`? stations: `Royal Mail`, `order sync`, `pack`, `pick`, `stock desk`; or `done`, `cancel`, `collection`)
        scenario.toml:42:8: error[unreached]: station "order sync": no order ever reaches it (name it where orders come from, for example: next = "order sync"; or remove it)
        "#);
        let cut = ["station.pick.next=\"done\"", "exceptions.class.\"short pick\".then=\"cancel\""];
        let unreached = refusal(FIRST_SCENARIO, &cut);
        insta::assert_snapshot!(unreached, @r#"
        scenario.toml:64:8: error[unreached]: station "pack": no order ever reaches it (name it where orders come from, for example: next = "pack"; or remove it)
        scenario.toml:73:11: error[unreached]: station "Royal Mail": no order ever reaches it (name it where orders come from, for example: next = "Royal Mail"; or remove it)
        "#);
        let missing = Scenario::load(Path::new("no such scenario.toml"), &[]).unwrap_err();
        assert_eq!(missing.exit_code(), 74, "{missing}");
    }

    #[test]
    fn the_schema_knows_every_part() {
        let schema = schema();
        let parts = schema["definitions"]["ScenarioFile"]["properties"].as_object().unwrap();
        for key in ["format", "horizon", "source", "campaign", "station", "pool", "collection", "exceptions", "sla"] {
            assert!(parts.contains_key(key), "{key}");
        }
        let source = &schema["definitions"]["SourceTable"];
        assert_eq!(source["required"], serde_json::json!(["name", "next"]));
        assert_eq!(source["additionalProperties"], serde_json::json!(false));
        // Every reference leads somewhere.
        let text = schema.to_string();
        for part in text.split("#/definitions/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(schema["definitions"][name].is_object(), "{name}");
        }
    }
}
