//! Numbers asked of a model that stands already: they are not part of its scenario, and change nothing about it.

use super::{MetricNames, parse};
use crate::model::{Measure, MetricError, Model};

impl Model {
    /// What `read` makes of the names that metric paths may hold here.
    pub fn with_metric_names<T>(&self, read: impl FnOnce(&MetricNames<'_>) -> T) -> T {
        let slas: Vec<&str> = self.slas.iter().map(|sla| sla.name.as_str()).collect();
        let stations: Vec<&str> = self.stations.iter().map(|station| station.name.as_str()).collect();
        let pools: Vec<&str> =
            self.pools.iter().take_while(|pool| pool.shared).map(|pool| pool.name.as_str()).collect();
        let diversions: Vec<&str> = self.diversions.iter().map(|diversion| diversion.name.as_str()).collect();
        let mut sources: Vec<&str> = Vec::new();
        for source in &self.sources {
            // What a source sends later has its name, and is found through it.
            let known = sources.contains(&source.name.as_str());
            sources.push(if known { "" } else { &source.name });
        }
        read(&MetricNames {
            sources: &sources,
            stations: &stations,
            pools: &pools,
            slas: &slas,
            diversions: &diversions,
            calendar: self.calendar(),
        })
    }

    /// The number that `path` names, as a measure of this model.
    ///
    /// # Errors
    /// What is wrong with the path, or why no run can ever tell the number.
    pub fn measure(&self, path: &str) -> Result<Measure, MetricError> {
        let path = path.trim();
        let (metric, over_runs) = self.with_metric_names(|names| parse(path, names))?;
        let measure = Measure { name: path.to_owned(), path: path.to_owned(), metric, over_runs, expected: None };
        match self.why_never_sampled(&measure.metric) {
            Some(why) => Err(MetricError {
                message: format!("`{path}` can never be told: {why}"),
                help: "name a number that the model has".to_owned(),
            }),
            None => Ok(measure),
        }
    }

    /// The same model, asked for `more` numbers of its own as well: they come after all others. Its runs are the same.
    #[must_use]
    pub fn asked_for(&self, more: impl IntoIterator<Item = Measure>) -> Model {
        let mut asked = self.clone();
        asked.0.measures.extend(more);
        asked
    }
}
