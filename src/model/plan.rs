//! How a model is run, and what is planned in it.

use super::SourceId;
use crate::time::SimTime;

/// Which random numbers a scenario is run with, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunPlan {
    /// Picks the random numbers.
    pub seed: u64,
    /// Runs with other random numbers, at least 1.
    pub replications: u32,
}

/// A planned campaign. Its orders are in the sources' rates already: this is what reports and lookbacks say about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// Its name in the scenario.
    pub name: String,
    /// First instant of its first day, of its window, or of its mailing.
    pub from: SimTime,
    /// End of its last day or window; for a mailing, the end of the run.
    pub to: SimTime,
    /// The sources it moves; for a mailing, the source of its own orders.
    pub sources: Vec<SourceId>,
    /// One standard deviation of the plan's error, as a fraction of the plan; `None` when not stated.
    pub forecast_error: Option<f64>,
    /// How many times an ordinary day its highest day (or its window) is planned to be, at scale 1; `None` for a mailing.
    pub peak: Option<f64>,
    /// How much of it takes place, as planned.
    pub scale: f64,
}
