//! A scenario over several of its numbers: every cell of a design with the same replications, as one pool of work.
//!
//! A cell is the scenario with its values and nothing else: replication r of each cell is the same days with the same
//! draws, and what it tells is what a run of those values alone would tell.

mod design;

pub use design::{Axis, Setting, Values, grid, latin};

use super::cells::{Cell, Work};
use super::measures;
use super::replications::{NoThreads, Progress, RunSet, run_all};
use super::results::{Blamed, Percentiles, SlaResult, Undecided, Verdict};
use super::runs::Runs;
use super::slas;
use crate::engine::Plan;
use crate::model::{MetricUnit, Model, TallyStatistic};
use crate::observation::{ContactsRecord, OrdersRecord, ReplicationRecord, TimelineRecord};
use crate::statistics::estimate::Estimate;

/// A cell that can be run.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its values, axis by axis.
    pub settings: Vec<Setting>,
    /// The scenario with them; its last measures are the numbers asked for.
    pub model: Model,
}

/// What is asked of every cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Replications of each cell.
    pub replications: u64,
    /// How many of the last measures are asked for.
    pub metrics: usize,
    /// Confidence of the intervals, in (0, 1).
    pub confidence: f64,
}

/// What became of one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellResult {
    /// Its values, axis by axis.
    pub settings: Vec<Setting>,
    /// Replications it rests on.
    pub replications: u64,
    /// SLAs, in the model's order.
    pub slas: Vec<CellSla>,
    /// The numbers asked for.
    pub metrics: Vec<Estimate>,
    /// Whether a replication reached a limit.
    pub limited: bool,
    /// Percentiles among the numbers that the replications do not bound.
    pub too_few: Vec<String>,
}

/// One SLA in one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct CellSla {
    /// Share to be kept.
    pub target: f64,
    /// Expected kept over expected due.
    pub attainment: Estimate,
    /// Late orders of a run.
    pub late_orders: Estimate,
    /// Share of runs with a breached window.
    pub share_of_runs_breached: Estimate,
    /// Kept, breached, or too little to tell.
    pub verdict: Verdict,
    /// Why it cannot be told; `None` where it can.
    pub undecided: Option<Undecided>,
    /// The largest part of its lateness.
    pub broken_by: Option<Blamed>,
}

/// Why a sweep has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SweepError {
    /// A cell, by its number, cannot be simulated.
    #[error("{1}")]
    Plan(usize, String),
    /// The threads could not be started.
    #[error(transparent)]
    Threads(#[from] NoThreads),
}

/// Runs every cell. The first replications of all cells come before the second ones; a sweep that is stopped tells of each
/// cell what its own first replications say. `should_stop` and `progress` as for [`super::replications::run`].
///
/// # Errors
/// When a cell cannot be simulated, or the threads cannot be started.
pub fn run(
    work: Work<'_>,
    entries: &[Entry],
    terms: Terms,
    should_stop: &mut dyn FnMut() -> bool,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Vec<CellResult>, SweepError> {
    let mut plans = Vec::new();
    for (k, entry) in entries.iter().enumerate() {
        plans.push(Plan::new(&entry.model).map_err(|why| SweepError::Plan(k, why.to_string()))?);
    }
    let cells: Vec<Cell<'_, '_>> =
        plans.iter().map(|plan| Cell { plan, replications: 0..terms.replications }).collect();
    let histograms = entries.first().is_some_and(|entry| needs_histograms(&entry.model, terms));
    let found = run_all(work, &cells, |record| kept(record, histograms), should_stop, progress)?;
    Ok(entries.iter().zip(&found).map(|(entry, runs)| cell(entry, runs, terms)).collect())
}

/// The units of the numbers asked for.
#[must_use]
pub fn units(model: &Model, metrics: usize) -> Vec<MetricUnit> {
    let asked = &model.measures[model.measures.len() - metrics..];
    asked.iter().map(|measure| MetricUnit::of(&measure.metric, measure.over_runs)).collect()
}

fn needs_histograms(model: &Model, terms: Terms) -> bool {
    let asked = &model.measures[model.measures.len() - terms.metrics..];
    asked.iter().any(|measure| matches!(measures::statistic_of(&measure.metric), Some(TallyStatistic::Quantile(_))))
}

/// A record without all that a cell never looks at, which is most of it: many cells are in memory at once.
fn kept(record: ReplicationRecord, histograms: bool) -> ReplicationRecord {
    let record =
        ReplicationRecord { pools: Vec::new(), days: Vec::new(), timeline: TimelineRecord::default(), ..record };
    if histograms {
        return record;
    }
    ReplicationRecord {
        orders: OrdersRecord::default(),
        sources: Vec::new(),
        stations: Vec::new(),
        diversions: Vec::new(),
        contacts: ContactsRecord::default(),
        ..record
    }
}

fn cell(entry: &Entry, found: &RunSet, terms: Terms) -> CellResult {
    let runs = Runs { records: &found.records, confidence: terms.confidence };
    let model = &entry.model;
    let unknown = runs.unknown();
    let times = Percentiles { mean: unknown, p50: unknown, p95: unknown, p99: unknown };
    let asked = || model.measures.iter().enumerate().skip(model.measures.len() - terms.metrics);
    let metrics: Vec<Estimate> = asked().map(|(k, measure)| measures::shown(&runs, k, measure)).collect();
    let too_few = asked().zip(&metrics).filter(|_| !model.is_deterministic());
    CellResult {
        settings: entry.settings.clone(),
        replications: runs.count(),
        slas: slas::fold(model, &runs, &times).into_iter().map(cell_sla).collect(),
        limited: runs.limited().next().is_some(),
        too_few: too_few
            .filter_map(|((_, measure), found)| measures::too_few_for_percentile(&runs, measure, found))
            .collect(),
        metrics,
    }
}

fn cell_sla(found: SlaResult) -> CellSla {
    CellSla {
        target: found.target,
        attainment: found.attainment,
        late_orders: found.late_orders,
        share_of_runs_breached: found.share_of_runs_breached,
        verdict: found.verdict,
        undecided: found.undecided,
        broken_by: found.broken_by,
    }
}
