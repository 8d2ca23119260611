//! Replications of one plan or of several, as one pool of work; only the contiguous first ones are ever handed on.

use super::cells::{self, Cell, Work};
use super::slas::kept_of_due;
use crate::engine::{Plan, Workspace};
use crate::observation::ReplicationRecord;
use crate::statistics::estimate::Estimate;
use crate::statistics::sample::{Totals, ratio};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

pub use super::cells::NoThreads;

/// Which replications to run, and on how many threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Indices of the replications.
    pub replications: Range<u64>,
    /// Threads; `None`: as many as the machine has processors. Results do not depend on it.
    pub threads: Option<NonZeroUsize>,
}

/// How far the work has come. For the eye only: it depends on which replications happened to finish first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Replications finished, of all plans.
    pub finished: u64,
    /// Replications asked for, of all plans; of a series until a number is known, those until the next look.
    pub asked: u64,
    /// Running attainment of the first SLA of the first plan, or what is watched instead, renewed every few replications;
    /// `None` where there is nothing to watch.
    pub running: Option<Estimate>,
}

/// The records of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSet {
    /// The contiguous first finished replications, in order of their index.
    pub records: Vec<ReplicationRecord>,
    /// Replications asked for.
    pub asked: u64,
}

impl RunSet {
    /// Whether some of the replications asked for are missing.
    #[must_use]
    pub fn cut_short(&self) -> bool {
        (self.records.len() as u64) < self.asked
    }
}

/// The running estimate is renewed once in so many finished replications.
const ESTIMATE_EVERY: u64 = 5;
/// Confidence of the running estimate.
const CONFIDENCE: f64 = 0.95;

/// Runs a series of replications of `plan`.
///
/// `should_stop` is asked again and again on the calling thread,
/// for a deadline; when it says so, `stop` is raised. `progress` is called on the calling thread as well.
///
/// Overloaded replications finish last, so a series that was stopped keeps only the contiguous first ones: whatever
/// finished beyond a gap would make the operation look better than it is.
///
/// # Errors
/// When the threads cannot be started.
pub fn run(
    plan: &Plan<'_>,
    seed: u64,
    series: &Series,
    stop: &AtomicBool,
    should_stop: &mut dyn FnMut() -> bool,
    progress: &mut dyn FnMut(&Progress),
) -> Result<RunSet, NoThreads> {
    let work = Work { seed, threads: series.threads, stop };
    let cell = Cell { plan, replications: series.replications.clone() };
    let mut runs = run_all(work, &[cell], |record| record, should_stop, progress)?;
    Ok(runs.pop().expect("as many series as cells"))
}

/// The same for several plans at once, a series for each in their order, as one pool of work. Of each record stays what
/// `kept` leaves of it.
///
/// # Errors
/// When the threads cannot be started.
pub fn run_all(
    work: Work<'_>,
    cells: &[Cell<'_, '_>],
    kept: impl Fn(ReplicationRecord) -> ReplicationRecord + Sync,
    should_stop: &mut dyn FnMut() -> bool,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Vec<RunSet>, NoThreads> {
    let one = |space: &mut Workspace, cell: usize, index| cells[cell].simulated(space, work, index).map(&kept);
    first_of_each(work, &cells::replications(cells), one, should_stop, progress)
}

/// The same for any way to make a record; `one` returns `None` when it saw the flag that stops.
fn first_of_each(
    work: Work<'_>,
    replications: &[Range<u64>],
    one: impl Fn(&mut Workspace, usize, u64) -> Option<ReplicationRecord> + Sync,
    should_stop: &mut dyn FnMut() -> bool,
    progress: &mut dyn FnMut(&Progress),
) -> Result<Vec<RunSet>, NoThreads> {
    let asked: Vec<u64> = replications.iter().map(|of| of.end.saturating_sub(of.start)).collect();
    let mut tracker = Tracker::new(Watched::FirstSla, 1.0);
    tracker.expect(asked.iter().sum(), asked.first().copied().unwrap_or(0));
    first_while_tracked(work, replications, one, should_stop, &mut |cell, record| progress(tracker.take(cell, record)))
}

/// The same, where `told` hears of (cell, record) as they finish.
pub(super) fn first_while_tracked(
    work: Work<'_>,
    replications: &[Range<u64>],
    one: impl Fn(&mut Workspace, usize, u64) -> Option<ReplicationRecord> + Sync,
    should_stop: &mut dyn FnMut() -> bool,
    told: &mut dyn FnMut(usize, &ReplicationRecord),
) -> Result<Vec<RunSet>, NoThreads> {
    let asked = replications.iter().map(|of| of.end.saturating_sub(of.start));
    let slots = cells::run_each(work, replications, one, should_stop, told)?;
    let first = |slots: Vec<Option<ReplicationRecord>>| slots.into_iter().map_while(|slot| slot).collect();
    Ok(slots.into_iter().zip(asked).map(|(slots, asked)| RunSet { records: first(slots), asked }).collect())
}

/// What the running estimate is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watched {
    /// The attainment of the first SLA of the first plan.
    FirstSla,
    /// A measure of the first plan that is the ratio of two totals.
    Measure(usize),
    /// Something that totals do not tell.
    Nothing,
}

/// How far the work has come, and the running estimate.
pub(super) struct Tracker {
    pub(super) now: Progress,
    watched: Watched,
    /// The most that it can be.
    greatest: f64,
    totals: Vec<Totals>,
    /// How many of them there will be.
    most: u64,
}

impl Tracker {
    pub(super) fn new(watched: Watched, greatest: f64) -> Tracker {
        let now = Progress { finished: 0, asked: 0, running: None };
        Tracker { now, watched, greatest, totals: Vec::new(), most: 0 }
    }

    /// From now on `asked` replications are asked for, those that have finished included; `of_first` of the first plan.
    pub(super) fn expect(&mut self, asked: u64, of_first: u64) {
        (self.now.asked, self.most) = (asked, of_first);
    }

    pub(super) fn take(&mut self, cell: usize, record: &ReplicationRecord) -> &Progress {
        self.now.finished += 1;
        let totals = match self.watched {
            Watched::FirstSla if cell == 0 => record.slas.first().map(kept_of_due),
            Watched::Measure(k) if cell == 0 => Some((record.measures[k].numerator, record.measures[k].denominator)),
            _ => None,
        };
        if let Some(totals) = totals {
            self.totals.push(totals);
            let known = self.totals.len() as u64;
            // The more there are the less one of them changes it.
            let every = ESTIMATE_EVERY.max(known / ESTIMATE_EVERY.pow(3));
            if known % every == 1 || known == self.most {
                self.now.running = Some(ratio(&self.totals, CONFIDENCE).within(f64::NEG_INFINITY, self.greatest));
            }
        }
        &self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;
    use std::sync::atomic::Ordering;

    fn work(stop: &AtomicBool, threads: usize) -> Work<'_> {
        Work { seed: 1, threads: NonZeroUsize::new(threads), stop }
    }

    fn indices(runs: &RunSet) -> Vec<u64> {
        runs.records.iter().map(|record| record.replication).collect()
    }

    #[test]
    fn records_come_in_order_whatever_the_threads() {
        let one = |_: &mut Workspace, _: usize, index| Some(fixture::record(index));
        let expected: Vec<ReplicationRecord> = (3..20).map(fixture::record).collect();
        for threads in [1, 2, 7] {
            let stop = AtomicBool::new(false);
            let mut seen = Vec::new();
            let mut see = |progress: &Progress| seen.push(*progress);
            let runs = first_of_each(work(&stop, threads), &[3..20, 0..2], one, &mut || false, &mut see).unwrap();
            assert_eq!(runs[0].records, expected);
            assert_eq!(indices(&runs[1]), [0, 1]);
            assert!(!runs[0].cut_short() && !runs[1].cut_short());
            assert_eq!(
                seen.iter().map(|p| (p.finished, p.asked)).collect::<Vec<_>>(),
                (1..=19).map(|k| (k, 19)).collect::<Vec<_>>()
            );
            // The estimate is that of the first plan alone.
            assert_eq!(seen[18].running.unwrap().samples, 17);
        }
    }

    #[test]
    fn a_gap_hides_what_finished_beyond_it() {
        // Replication 2 of the first plan never finishes; with two threads 3 and later ones do, and all of the second.
        let stop = AtomicBool::new(false);
        let one = |_: &mut Workspace, cell: usize, index| {
            let stuck = cell == 0 && index == 2;
            while stuck && !stop.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            (!stuck).then(|| fixture::record(index))
        };
        let finished = std::cell::Cell::new(0);
        let mut see = |progress: &Progress| finished.set(progress.finished);
        let runs = first_of_each(work(&stop, 2), &[0..9, 0..4], one, &mut || finished.get() == 12, &mut see).unwrap();
        assert_eq!((indices(&runs[0]), indices(&runs[1])), (vec![0, 1], vec![0, 1, 2, 3]));
        assert_eq!((runs[0].asked, runs[0].cut_short(), runs[1].cut_short()), (9, true, false));
    }

    #[test]
    fn a_raised_flag_starts_nothing() {
        let one = |_: &mut Workspace, _: usize, index| Some(fixture::record(index));
        let raised = AtomicBool::new(true);
        let (work, replications) = (work(&raised, 2), [Range { start: 0, end: 4 }]);
        let runs = first_of_each(work, &replications, one, &mut || false, &mut |_| {}).unwrap();
        assert_eq!((runs[0].records.len(), runs[0].asked), (0, 4));
    }
}
