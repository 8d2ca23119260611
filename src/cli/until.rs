//! `--until "sla.NAME.attainment ± 0.5pp"`: as many replications as a number needs.

use super::outcome::Failure;
use peaksim::experiment::until::Until;
use peaksim::model::MetricUnit;
use peaksim::report::checks::in_unit;
use peaksim::scenario::Scenario;
use peaksim::scenario::typed::Typed;

/// What is watched while replications run.
#[derive(Debug)]
pub(crate) struct Watched {
    /// What it is, as in: 'same day' kept.
    pub(crate) what: String,
    /// How its numbers are written.
    pub(crate) write: fn(f64) -> String,
}

/// What `text` asks for of `scenario`, with at most `most` replications.
pub(crate) fn read(text: &str, scenario: &Scenario, most: Option<u64>, confidence: f64) -> Result<Until, Failure> {
    let wanted = scenario.model.wanted_precision(text).map_err(|error| {
        let typed = Typed { option: "--until".to_owned(), text: text.to_owned(), at: None };
        typed.refused("bad-metric", &error.message, &error.help)
    })?;
    Ok(Until { wanted, most: most.unwrap_or(Until::MOST), confidence })
}

/// What is shown of it while it runs.
pub(crate) fn watched(until: &Until) -> Watched {
    let measure = &until.wanted.measure;
    Watched {
        what: format!("{} (until {})", measure.path, until.wanted.text),
        write: in_unit(MetricUnit::of(&measure.metric, measure.over_runs)),
    }
}
