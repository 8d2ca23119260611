//! Looking at loads: their runs as one pool of work, and how every subject fares at each.

use super::judged::{Judged, Subject};
use super::search::BreachError;
use crate::engine::Plan;
use crate::experiment::cells::{self, Cell, Looked, Told, Work};
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

impl Look {
    /// What is told of it while the search goes on.
    fn told(&self) -> impl Iterator<Item = Looked> + '_ {
        let known = self.judged.iter().enumerate().filter_map(|(subject, judged)| Some((subject, judged.as_ref()?)));
        known.map(|(subject, judged)| Looked { at: self.at, subject, shown: judged.shown, margin: judged.margin })
    }
}

/// Where to look, with which replications.
#[derive(Debug)]
pub(in crate::experiment) struct Place {
    pub(in crate::experiment) at: f64,
    /// The operation there.
    pub(in crate::experiment) model: Model,
    pub(in crate::experiment) replications: Range<u64>,
}

impl Place {
    fn runs(&self) -> u64 {
        self.replications.end - self.replications.start
    }

    fn plan<E>(&self) -> Result<Plan<'_>, BreachError<E>> {
        Plan::new(&self.model).map_err(|error| BreachError::Plan(self.at, error.to_string()))
    }
}

/// Records are held until their cell is judged: of about so many runs at a time.
const AT_ONCE: u64 = 4_000;

/// How many runs the looks at `places` take.
pub(in crate::experiment) fn runs(places: &[Place]) -> u64 {
    places.iter().map(Place::runs).sum()
}

/// Looks at each of `places`: for each of them a look at each of the `confidences`. `kept` is given the records of each, by
/// its number.
///
/// # Errors
/// When a model cannot be simulated, the threads cannot be started, or somebody asked to stop.
pub(in crate::experiment) fn looks<E>(
    work: Work<'_>,
    places: &[Place],
    (subjects, confidences): (&[Subject], &[f64]),
    kept: &mut dyn FnMut(usize, Vec<ReplicationRecord>),
    told: &mut dyn FnMut(Told),
) -> Result<Vec<Vec<Look>>, BreachError<E>> {
    let mut found = Vec::with_capacity(places.len());
    while found.len() < places.len() {
        let rest = &places[found.len()..];
        let fits = |count: &usize| runs(&rest[..*count]) <= AT_ONCE;
        let now = &rest[..(1..=rest.len()).take_while(fits).last().unwrap_or(1)];
        for (place, records) in now.iter().zip(simulated(work, now, told)?) {
            let number = found.len();
            let of = |confidence: &f64| judged(place, &records, subjects, *confidence);
            let seen: Vec<Look> = confidences.iter().map(of).collect();
            seen.first().into_iter().flat_map(Look::told).for_each(|looked| told(Told::Looked(looked)));
            found.push(seen);
            kept(number, records);
        }
    }
    Ok(found)
}

/// The records of each of `places`.
///
/// # Errors
/// See [`looks`].
pub(in crate::experiment) fn simulated<E>(
    work: Work<'_>,
    places: &[Place],
    told: &mut dyn FnMut(Told),
) -> Result<Vec<Vec<ReplicationRecord>>, BreachError<E>> {
    let plans: Vec<Plan<'_>> = places.iter().map(Place::plan).collect::<Result<_, _>>()?;
    let cell = |(plan, place): (_, &Place)| Cell { plan, replications: place.replications.clone() };
    let cells: Vec<Cell<'_, '_>> = plans.iter().zip(places).map(cell).collect();
    cells::run(work, &cells, without_timeline, told).map_err(BreachError::Threads)?.ok_or(BreachError::Stopped)
}

/// How every subject fares at a place, as `records` of it tell.
pub(in crate::experiment) fn judged(
    place: &Place,
    records: &[ReplicationRecord],
    subjects: &[Subject],
    confidence: f64,
) -> Look {
    let runs = Runs { records, confidence };
    let limited = runs.limited().next().is_some();
    // What a run that reached a limit would have missed is not known: nothing is called kept there.
    let told = |judged: &Judged| !limited || judged.is_surely_broken();
    let judged = subjects.iter().map(|subject| subject.judge(&place.model, &runs).filter(told)).collect();
    Look { at: place.at, limited, judged }
}

/// Timelines are most of a record, and nobody looks at them here.
fn without_timeline(mut record: ReplicationRecord) -> ReplicationRecord {
    record.timeline.queue = Vec::new();
    record.timeline.busy = Vec::new();
    record
}
