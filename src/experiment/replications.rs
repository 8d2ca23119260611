//! Runs replications in parallel, each into its own slot; only the contiguous first ones are ever handed on.

use super::slas::kept_of_due;
use crate::engine::{NobodyWatches, Plan, Workspace, simulate_in};
use crate::observation::ReplicationRecord;
use crate::statistics::estimate::Estimate;
use crate::statistics::sample::{Totals, ratio};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// Which replications to run, and on how many threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Indices of the replications.
    pub replications: Range<u64>,
    /// Threads; `None`: as many as the machine has processors. Results do not depend on it.
    pub threads: Option<NonZeroUsize>,
}

/// How far a series has come. For the eye only: it depends on which replications happened to finish first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Replications finished.
    pub finished: u64,
    /// Replications asked for.
    pub asked: u64,
    /// Running attainment of the first SLA, renewed every few replications; `None` without an SLA.
    pub attainment: Option<Estimate>,
}

/// The records of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSet {
    /// The contiguous first finished replications, in order of their index.
    pub records: Vec<ReplicationRecord>,
    /// Replications asked for.
    pub asked: u64,
}

/// The threads could not be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the threads for the replications could not be started: {0}; fewer threads may do")]
pub struct NoThreads(String);

impl NoThreads {
    pub(super) fn of(error: &rayon::ThreadPoolBuildError) -> NoThreads {
        NoThreads(error.to_string())
    }
}

impl RunSet {
    /// Whether some of the replications asked for are missing.
    #[must_use]
    pub fn cut_short(&self) -> bool {
        (self.records.len() as u64) < self.asked
    }
}

/// How often `should_stop` is asked while nothing finishes.
const LOOK_EVERY: Duration = Duration::from_millis(20);
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
    let one = |space: &mut Workspace, index| simulate_in(space, plan, seed, index, stop, &mut NobodyWatches).ok();
    run_each(series, stop, should_stop, progress, one)
}

/// The same for any way to make a record; `one` returns `None` when it saw the `stop` flag.
fn run_each<F>(
    series: &Series,
    stop: &AtomicBool,
    should_stop: &mut dyn FnMut() -> bool,
    progress: &mut dyn FnMut(&Progress),
    one: F,
) -> Result<RunSet, NoThreads>
where
    F: Fn(&mut Workspace, u64) -> Option<ReplicationRecord> + Sync,
{
    let Range { start, end } = series.replications;
    let asked = end.saturating_sub(start);
    let threads = series.threads.map_or(0, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| NoThreads::of(&error))?;
    let mut slots: Vec<Option<ReplicationRecord>> = (0..asked).map(|_| None).collect();
    let mut tracker = Tracker { now: Progress { finished: 0, asked, attainment: None }, totals: Vec::new() };
    let next = AtomicU64::new(start);
    let (tell, told) = channel();
    pool.in_place_scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            let (tell, next, one) = (tell.clone(), &next, &one);
            scope.spawn(move |_| {
                // The replications of a thread use the same memory one after the other.
                let mut space = Workspace::default();
                while !stop.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let record = if index < end { one(&mut space, index) } else { None };
                    let Some(record) = record else { break };
                    if tell.send((index, record)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(tell);
        loop {
            match told.recv_timeout(LOOK_EVERY) {
                Ok((index, record)) => {
                    progress(tracker.take(&record));
                    let slot = usize::try_from(index - start).expect("as many slots as replications");
                    slots[slot] = Some(record);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if should_stop() {
                stop.store(true, Ordering::Relaxed);
            }
        }
    });
    Ok(RunSet { records: slots.into_iter().map_while(|slot| slot).collect(), asked })
}

struct Tracker {
    now: Progress,
    totals: Vec<Totals>,
}

impl Tracker {
    fn take(&mut self, record: &ReplicationRecord) -> &Progress {
        self.now.finished += 1;
        if let Some(sla) = record.slas.first() {
            self.totals.push(kept_of_due(sla));
            if self.now.finished % ESTIMATE_EVERY == 1 || self.now.finished == self.now.asked {
                self.now.attainment = Some(ratio(&self.totals, CONFIDENCE).within(0.0, 1.0));
            }
        }
        &self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture;

    fn series(count: u64, threads: usize) -> Series {
        Series { replications: 0..count, threads: NonZeroUsize::new(threads) }
    }

    #[test]
    fn records_come_in_order_whatever_the_threads() {
        let one = |_: &mut Workspace, index| Some(fixture::record(index));
        let expected: Vec<ReplicationRecord> = (3..20).map(fixture::record).collect();
        for threads in [1, 2, 7] {
            let series = Series { replications: 3..20, ..series(0, threads) };
            let mut seen = Vec::new();
            let runs = run_each(&series, &AtomicBool::new(false), &mut || false, &mut |p| seen.push(*p), one).unwrap();
            assert_eq!(runs.records, expected);
            assert!(!runs.cut_short());
            assert_eq!(seen.iter().map(|p| p.finished).collect::<Vec<_>>(), (1..=17).collect::<Vec<_>>());
            assert_eq!(seen[16].attainment.unwrap().samples, 17);
        }
    }

    #[test]
    fn a_gap_hides_what_finished_beyond_it() {
        // Replication 2 never finishes; with two threads 3 and later ones do.
        let stop = AtomicBool::new(false);
        let one = |_: &mut Workspace, index| {
            while index == 2 && !stop.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            (index != 2).then(|| fixture::record(index))
        };
        let finished = std::cell::Cell::new(0);
        let runs = run_each(&series(9, 2), &stop, &mut || finished.get() == 8, &mut |p| finished.set(p.finished), one)
            .unwrap();
        assert_eq!(runs.records.iter().map(|r| r.replication).collect::<Vec<_>>(), [0, 1]);
        assert_eq!((runs.asked, runs.cut_short(), finished.get()), (9, true, 8));
    }

    #[test]
    fn a_raised_flag_starts_nothing() {
        let one = |_: &mut Workspace, index| Some(fixture::record(index));
        let runs = run_each(&series(4, 2), &AtomicBool::new(true), &mut || false, &mut |_| {}, one).unwrap();
        assert_eq!((runs.records.len(), runs.asked), (0, 4));
    }
}
