//! Many cells at once: one pool of work over all cells and replications, so that no processor idles while the last
//! replications of a cell come to their end.

use crate::engine::NobodyWatches;
use crate::engine::{Plan, Workspace, simulate_in};
use crate::observation::ReplicationRecord;
use crate::statistics::estimate::Estimate;
use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// Replications of one plan.
#[derive(Clone, Debug)]
pub struct Cell<'p, 'm> {
    /// What is simulated.
    pub plan: &'p Plan<'m>,
    /// Indices of the replications.
    pub replications: Range<u64>,
}

/// How cells are run.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    /// Master seed, the same for all cells: an order has the same draws in each.
    pub seed: u64,
    /// Threads; `None`: one for each processor. Results do not depend on it.
    pub threads: Option<NonZeroUsize>,
    /// Raised to stop.
    pub stop: &'a AtomicBool,
}

/// The threads could not be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the threads for the replications could not be started: {0}; fewer threads may do")]
pub struct NoThreads(String);

/// What a search tells while it works.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// A batch of so many runs begins.
    Begins(&'static str, u64),
    /// One of them has ended.
    Ran,
    /// A look of a search for breaches is over, and this is how one of its subjects fares there.
    Looked(Looked),
    /// They still run: told every few milliseconds, so that whoever listens can look at a clock and raise the flag.
    Runs,
}

/// How a subject fares at one load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Looked {
    /// The load.
    pub at: f64,
    /// Number of the subject among those asked for.
    pub subject: usize,
    /// The number that is held against its limit.
    pub shown: Estimate,
    /// How far the limit is kept; below 0 it is broken.
    pub margin: f64,
}

/// Runs all replications of all cells; `kept` makes of each record what is to stay of it. `told` hears of each
/// replication that has finished, and again and again that they run, on the calling thread.
///
/// The outer `None` when `stop` was raised: cells that are not complete tell nothing. Where the first replications tell
/// something as well, see [`run_all`](super::replications::run_all).
///
/// # Errors
/// When the threads cannot be started.
pub fn run<T: Send>(
    work: Work<'_>,
    cells: &[Cell<'_, '_>],
    kept: impl Fn(ReplicationRecord) -> T + Sync,
    told: &mut dyn FnMut(Told),
) -> Result<Option<Vec<Vec<T>>>, NoThreads> {
    let one = |space: &mut Workspace, cell: usize, index| cells[cell].simulated(space, work, index).map(&kept);
    let told = RefCell::new(told);
    let mut runs = || {
        (told.borrow_mut())(Told::Runs);
        false
    };
    let found = run_each(work, &replications(cells), one, &mut runs, &mut |_, _| (told.borrow_mut())(Told::Ran))?;
    Ok(found.into_iter().map(|values| values.into_iter().collect()).collect())
}

impl Cell<'_, '_> {
    /// One replication; `None` when it saw the flag that stops.
    pub(super) fn simulated(&self, space: &mut Workspace, work: Work<'_>, index: u64) -> Option<ReplicationRecord> {
        simulate_in(space, self.plan, work.seed, index, work.stop, &mut NobodyWatches).ok()
    }
}

/// Which replications each cell is to have.
pub(super) fn replications(cells: &[Cell<'_, '_>]) -> Vec<Range<u64>> {
    cells.iter().map(|cell| cell.replications.clone()).collect()
}

/// How often `should_stop` is asked while nothing finishes.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The pool: for each cell, which has the given replications, a slot for each of them with what `one` made of (cell,
/// index); empty where `one` gave `None` or the flag was raised before. `told` hears of (cell, value) as they finish, and
/// `should_stop` is asked again and again, both on the calling thread.
///
/// The first replications of all cells come before the second ones: who stops early knows as much of each cell.
pub(super) fn run_each<T: Send>(
    work: Work<'_>,
    replications: &[Range<u64>],
    one: impl Fn(&mut Workspace, usize, u64) -> Option<T> + Sync,
    should_stop: &mut dyn FnMut() -> bool,
    told: &mut dyn FnMut(usize, &T),
) -> Result<Vec<Vec<Option<T>>>, NoThreads> {
    let mut slots: Vec<Vec<Option<T>>> = replications.iter().map(|of| of.clone().map(|_| None).collect()).collect();
    let asked: Vec<usize> = slots.iter().map(Vec::len).collect();
    let asked_of = asked.iter().copied().enumerate();
    let row = |k| asked_of.clone().filter(move |(_, asked)| k < *asked).map(move |(cell, _)| (cell, k));
    let tasks: Vec<(usize, usize)> = (0..asked.iter().copied().max().unwrap_or(0)).flat_map(row).collect();
    let next = AtomicUsize::new(0);
    let (tell, finished) = channel();
    let worker = |tell: Sender<(usize, usize, T)>| {
        // The replications of a thread use the same memory one after the other.
        let mut space = Workspace::default();
        while !work.stop.load(Ordering::Relaxed) {
            let Some(&(cell, k)) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
            let Some(value) = one(&mut space, cell, replications[cell].start + k as u64) else { break };
            if tell.send((cell, k, value)).is_err() {
                break;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads(work).min(tasks.len()) {
            let (tell, worker) = (tell.clone(), &worker);
            let started = thread::Builder::new().spawn_scoped(scope, move || worker(tell));
            if let Err(error) = started {
                // Those who have started end with what they have in hand.
                next.store(tasks.len(), Ordering::Relaxed);
                return Err(NoThreads(error.to_string()));
            }
        }
        drop(tell);
        loop {
            match finished.recv_timeout(LOOK_EVERY) {
                Ok((cell, k, value)) => {
                    told(cell, &value);
                    slots[cell][k] = Some(value);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if should_stop() {
                work.stop.store(true, Ordering::Relaxed);
            }
        }
    })?;
    Ok(slots)
}

/// How many threads work.
fn threads(work: Work<'_>) -> usize {
    work.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(stop: &AtomicBool, threads: usize) -> Work<'_> {
        Work { seed: 1, threads: NonZeroUsize::new(threads), stop }
    }

    #[test]
    fn every_replication_of_every_cell_has_its_slot_whatever_the_threads() {
        let (stop, replications) = (AtomicBool::new(false), [3..6, 0..0, 1..9]);
        let one = |_: &mut Workspace, cell: usize, index: u64| Some((cell, index));
        for threads in [1, 2, 7] {
            let mut told = 0;
            let found =
                run_each(work(&stop, threads), &replications, one, &mut || false, &mut |_, _| told += 1).unwrap();
            for (cell, (found, asked)) in found.iter().zip(&replications).enumerate() {
                let expected: Vec<_> = asked.clone().map(|index| Some((cell, index))).collect();
                assert_eq!(*found, expected);
            }
            assert_eq!(told, 11);
        }
    }

    #[test]
    fn searches_within_a_pool_of_threads_do_not_begin_within_one_another() {
        use rayon::prelude::*;
        // A thread that waited for its runs by beginning the next search would need the stack of all of them.
        let (stop, deep, deepest) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
        let search = |k: u64| {
            deepest.fetch_max(deep.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            let one = |_: &mut Workspace, _: usize, index: u64| Some(index + k);
            let found = run_each(work(&stop, 1), &[0..2, 0..1], one, &mut || false, &mut |_, _| {}).unwrap();
            deep.fetch_sub(1, Ordering::Relaxed);
            found == [vec![Some(k), Some(k + 1)], vec![Some(k)]]
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        assert!(pool.install(|| (0..200_u64).into_par_iter().all(search)));
        assert!(deepest.into_inner() <= 2);
    }

    #[test]
    fn a_clock_is_looked_at_while_nothing_ends() {
        // The pieces of work end when the flag is up, and who raises it hears nothing but that they run.
        let stop = AtomicBool::new(false);
        let one = |_: &mut Workspace, _: usize, _: u64| {
            while !stop.load(Ordering::Relaxed) {
                std::thread::yield_now();
            }
            None::<u64>
        };
        let mut looks = 0;
        let mut should_stop = || {
            looks += 1;
            looks == 3
        };
        let found = run_each(work(&stop, 2), &[0..1, 0..1], one, &mut should_stop, &mut |_, _| {}).unwrap();
        assert_eq!(found, [[None], [None]]);
    }

    #[test]
    fn who_stops_early_knows_as_much_of_each_cell() {
        let stop = AtomicBool::new(false);
        // One thread, and the flag goes up within the seventh piece of work: with three cells, that is (0, 2).
        let pieces = AtomicUsize::new(0);
        let one = |_: &mut Workspace, _: usize, index: u64| {
            let raised = pieces.fetch_add(1, Ordering::Relaxed) == 6;
            stop.fetch_or(raised, Ordering::Relaxed);
            (!raised).then_some(index)
        };
        let found = run_each(work(&stop, 1), &[0..5, 0..5, 0..5], one, &mut || false, &mut |_, _| {}).unwrap();
        let count = |slots: &Vec<Option<u64>>| slots.iter().flatten().count();
        assert_eq!(found.iter().map(count).collect::<Vec<_>>(), [2, 2, 2]);
    }
}
