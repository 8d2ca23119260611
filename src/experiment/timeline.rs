//! Queues over time, over all runs.

use super::results::{Timeline, TimelineStep};
use super::runs::Runs;
use crate::model::{Model, Pool, Roster, Staff};
use crate::observation::{ReplicationRecord, RunEnd};
use crate::statistics::quantile::rank;
use crate::statistics::sample::sum;
use crate::time::SimTime;

/// A run's queue at a step. A run ends early when all it is judged by has ended: its queue counts as lower than any;
/// one that reached a limit broke off under load: higher than any.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Queue {
    Ended,
    Length(u32),
    CutOff,
}

/// Every station at every step that some run reached.
pub(super) fn fold(model: &Model, runs: &Runs<'_>) -> Timeline {
    let Some(first) = runs.records.first().map(|record| &record.timeline) else {
        return Timeline { at: Vec::new(), stations: Vec::new() };
    };
    let lengths = runs.records.iter().flat_map(|record| record.timeline.queue.iter().map(Vec::len));
    let steps = lengths.max().unwrap_or(0);
    let end_of = |step: usize| SimTime(first.from + (step as u64 + 1) * first.step);
    let at: Vec<SimTime> = (0..steps).map(end_of).collect();
    let stations = model.stations.iter().enumerate().map(|(k, station)| {
        let heads = match station.staff {
            Staff::Pool(pool) => mean_heads(&model.pools[pool.index()], first.from, first.step, steps),
            Staff::Unlimited => Vec::new(),
        };
        let team = team(model, k);
        let of = |step| step_of(runs, (k, &team), step, heads.get(step).copied().unwrap_or(0.0));
        (station.name.clone(), (0..steps).map(of).collect())
    });
    Timeline { at, stations: stations.collect() }
}

/// The stations that share the people of station `k`.
fn team(model: &Model, k: usize) -> Vec<usize> {
    match model.stations[k].staff {
        Staff::Pool(pool) => model.pools[pool.index()].order_of_work.iter().map(|id| id.index()).collect(),
        Staff::Unlimited => vec![k],
    }
}

fn step_of(runs: &Runs<'_>, (station, team): (usize, &[usize]), step: usize, heads: f64) -> TimelineStep {
    let mut queues: Vec<Queue> = runs
        .records
        .iter()
        .map(|record| match record.timeline.queue.get(station).and_then(|queue| queue.get(step)) {
            Some(length) => Queue::Length(*length),
            None if record.end == RunEnd::Finished => Queue::Ended,
            None => Queue::CutOff,
        })
        .collect();
    queues.sort_unstable();
    let at = |p: f64| {
        let rank = rank(p, queues.len() as u64)?;
        match queues[usize::try_from(rank).ok()? - 1] {
            Queue::Length(length) => Some(length),
            Queue::Ended | Queue::CutOff => None,
        }
    };
    let mean_busy = |station: usize| {
        let of = |record: &&ReplicationRecord| record.timeline.busy.get(station)?.get(step).copied();
        let busy: Vec<f64> = runs.records.iter().filter_map(|record| of(&record)).map(f64::from).collect();
        (!busy.is_empty()).then(|| sum(busy.iter().copied()) / busy.len() as f64)
    };
    let utilisation = mean_busy(station).filter(|_| heads > 0.0).map(|busy| {
        // Who finishes after the bell is there as well.
        let at_work = sum(team.iter().filter_map(|station| mean_busy(*station)));
        busy / heads.max(at_work)
    });
    TimelineStep { p10: at(0.1), median: at(0.5), p90: at(0.9), utilisation }
}

/// Heads rostered, averaged over each step; absence is not deducted.
fn mean_heads(pool: &Pool, from: u64, step: u64, steps: usize) -> Vec<f64> {
    let mut ticks = vec![0_u128; steps];
    let mut spread = |start: u64, end: u64, heads: u32| {
        let first = usize::try_from(start.saturating_sub(from) / step).unwrap_or(steps);
        for (k, sum) in ticks.iter_mut().enumerate().skip(first) {
            let (low, high) = (from + k as u64 * step, from + (k as u64 + 1) * step);
            if low >= end {
                break;
            }
            *sum += u128::from(end.min(high).saturating_sub(start.max(low))) * u128::from(heads);
        }
    };
    match &pool.roster {
        Roster::Steps(levels) => {
            for (k, level) in levels.iter().enumerate() {
                let end = levels.get(k + 1).map_or(u64::MAX, |next| next.from.0);
                spread(level.from.0, end, level.heads);
            }
        }
        Roster::Shifts { spans, .. } => spans.iter().for_each(|span| spread(span.from.0, span.to.0, span.heads)),
    }
    ticks.into_iter().map(|ticks| ticks as f64 / step as f64).collect()
}
