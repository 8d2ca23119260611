//! Many cells at once: one pool of work over all cells and replications, so that no processor idles while the last
//! replications of a cell come to their end.

use super::replications::NoThreads;
use crate::engine::NobodyWatches;
use crate::engine::{Plan, Workspace, simulate_in};
use crate::observation::ReplicationRecord;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;

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
    /// Raised to stop: then there are no results.
    pub stop: &'a AtomicBool,
}

/// Runs all replications of all cells; `kept` makes of each record what is to stay of it. `progress` is told of each
/// replication that has finished, on the calling thread.
///
/// The outer `None` when `stop` was raised: cells that are not complete tell nothing.
///
/// # Errors
/// When the threads cannot be started.
pub fn run<T: Send>(
    work: Work<'_>,
    cells: &[Cell<'_, '_>],
    kept: impl Fn(ReplicationRecord) -> T + Sync,
    progress: &mut dyn FnMut(),
) -> Result<Option<Vec<Vec<T>>>, NoThreads> {
    let threads = work.threads.map_or(0, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|error| NoThreads::of(&error))?;
    let tasks: Vec<(usize, u64)> = cells
        .iter()
        .enumerate()
        .flat_map(|(cell, of)| of.replications.clone().map(move |index| (cell, index)))
        .collect();
    let mut slots: Vec<Option<T>> = tasks.iter().map(|_| None).collect();
    let next = AtomicU64::new(0);
    let (tell, told) = channel();
    pool.in_place_scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            let (tell, next, tasks, kept) = (tell.clone(), &next, &tasks, &kept);
            scope.spawn(move |_| {
                let mut space = Workspace::default();
                while !work.stop.load(Ordering::Relaxed) {
                    let task = usize::try_from(next.fetch_add(1, Ordering::Relaxed)).expect("fits the memory");
                    let Some(&(cell, index)) = tasks.get(task) else { break };
                    let plan = cells[cell].plan;
                    let run = simulate_in(&mut space, plan, work.seed, index, work.stop, &mut NobodyWatches);
                    let Ok(record) = run else { break };
                    if tell.send((task, kept(record))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(tell);
        while let Ok((task, value)) = told.recv() {
            slots[task] = Some(value);
            progress();
        }
    });
    let Some(values) = slots.into_iter().collect::<Option<Vec<T>>>() else { return Ok(None) };
    let mut values = values.into_iter();
    let of_cell = |cell: &Cell<'_, '_>| values.by_ref().take(cell.replications.clone().count()).collect();
    Ok(Some(cells.iter().map(of_cell).collect()))
}
