//! Looking at loads: their runs as one pool of work, and how every subject fares at each.

use super::judged::{Judged, Subject};
use super::search::BreachError;
use super::stage::FAVOURABLE;
use crate::engine::Plan;
use crate::experiment::cells::{self, Cell, Told, Work};
use crate::experiment::runs::Runs;
use crate::model::Model;
use crate::observation::ReplicationRecord;
use std::ops::Range;

/// One load, and how every subject fares there.
#[derive(Debug)]
pub(in crate::experiment) struct Look {
    pub(in crate::experiment) at: f64,
    /// Whether a replication reached a limit there.
    pub(in crate::experiment) limited: bool,
    pub(in crate::experiment) judged: Vec<Option<Judged>>,
}

/// Records are held until their cell is judged: of about so many runs at a time.
const AT_ONCE: u64 = 4_000;

/// Looks at each of `models`, the operation at a load: for each of them a look at each of the `confidences`.
///
/// # Errors
/// When a model cannot be simulated, the threads cannot be started, or somebody asked to stop.
pub(in crate::experiment) fn looks<E>(
    work: Work<'_>,
    models: &[(f64, Model)],
    replications: &Range<u64>,
    (subjects, confidences): (&[Subject], &[f64]),
    told: &mut dyn FnMut(Told),
) -> Result<Vec<Vec<Look>>, BreachError<E>> {
    let runs_each = (replications.end - replications.start).max(1);
    let together = usize::try_from(AT_ONCE / runs_each).unwrap_or(1).max(1);
    let mut found = Vec::with_capacity(models.len());
    for models in models.chunks(together) {
        let plan = |(at, model)| Plan::new(model).map_err(|error| BreachError::Plan(at, error.to_string()));
        let plans: Vec<Plan<'_>> = models.iter().map(|(at, model)| plan((*at, model))).collect::<Result<_, _>>()?;
        let cells: Vec<Cell<'_, '_>> =
            plans.iter().map(|plan| Cell { plan, replications: replications.clone() }).collect();
        let records = cells::run(work, &cells, without_timeline, told);
        let records = records.map_err(BreachError::Threads)?.ok_or(BreachError::Stopped)?;
        for ((at, model), records) in models.iter().zip(&records) {
            let at_confidence = |confidence| look(*at, model, Runs { records, confidence }, subjects);
            found.push(confidences.iter().copied().map(at_confidence).collect());
        }
    }
    Ok(found)
}

fn look(at: f64, model: &Model, runs: Runs<'_>, subjects: &[Subject]) -> Look {
    let limited = runs.limited().next().is_some();
    // What a run that reached a limit would have missed is not known: nothing is called kept there.
    let told = |judged: &Judged| !limited || judged.margins[FAVOURABLE] < 0.0;
    let judged = subjects.iter().map(|subject| subject.judge(model, &runs).filter(told)).collect();
    Look { at, limited, judged }
}

/// Timelines are most of a record, and nobody looks at them here.
fn without_timeline(mut record: ReplicationRecord) -> ReplicationRecord {
    record.timeline.queue = Vec::new();
    record.timeline.busy = Vec::new();
    record
}
