//! The day table, over all runs.

use super::results::DayResult;
use super::runs::Runs;
use crate::model::timetable::{Stretch, room, stretches};
use crate::model::{ChangedValue, Day, DiversionKind, Layer, Model, Pool, Release, ReleaseTimes};
use crate::observation::{DayRecord, ReplicationRecord};
use crate::statistics::estimate::Estimate;

/// The days that at least one run saw to the end.
///
/// A run is over when its judged orders have ended; what it would have done later is not known, so a day rests only on
/// the runs that saw it to the end.
pub(super) fn fold(model: &Model, runs: &Runs<'_>) -> Vec<DayResult> {
    let room = room(model);
    let days = model.days.iter().enumerate();
    let seen = days.filter(|(_, day)| runs.records.iter().any(|record| record.ended_at >= day.end.0));
    seen.map(|(k, day)| DayResult { room: room[k], ..day_result(model, runs, k, day) }).collect()
}

fn day_result(model: &Model, runs: &Runs<'_>, k: usize, day: &Day) -> DayResult {
    let promised = !model.slas.is_empty();
    let holds = model.diversions.iter().any(|diversion| diversion.kind == DiversionKind::Hold);
    let count = |of: fn(&DayRecord) -> u64| -> Estimate {
        let known = |record: &ReplicationRecord| {
            (record.ended_at >= day.end.0).then(|| record.days.get(k).map(|day| of(day) as f64)).flatten()
        };
        runs.mean_of_known(known).within(0.0, f64::INFINITY)
    };
    let cages = Cages::of(model, day);
    DayResult {
        date: day.date,
        judged: day.judged,
        intake: count(|day| day.intake),
        due: if promised { count(|day| day.due) } else { runs.unknown() },
        dispatched: count(|day| day.dispatched),
        overdue_at_close: if promised { count(|day| day.overdue_at_close) } else { runs.unknown() },
        room: None,
        heads_planned: heads_planned(model, day),
        heads_needed: runs.mean_of_known(|record| heads_needed(model, record, k, day)).within(0.0, f64::INFINITY),
        cages_booked: (!cages.0.is_empty()).then(|| cages.0.iter().map(|of| of.booked).sum()),
        cages_needed: runs.mean_of_known(|record| cages.needed(record, k)).within(0.0, f64::INFINITY),
        cages_short: runs.mean_of_known(|record| cages.short(record, k)).within(0.0, f64::INFINITY),
        holds_open: if holds { count(|day| day.holds_open) } else { runs.unknown() },
    }
}

/// The most people of a pool that are planned to be there at one time of the day.
fn most_heads(model: &Model, pool: usize, day: &Day) -> u32 {
    stretches(model, pool, day.start, day.end).iter().map(|stretch| stretch.heads).max().unwrap_or(0)
}

/// Heads of the pools that work in the warehouse.
fn heads_planned(model: &Model, day: &Day) -> u64 {
    let in_warehouse =
        |pool: &Pool| pool.order_of_work.iter().any(|id| model.stations[id.index()].layer == Layer::Warehouse);
    let pools = model.pools.iter().enumerate().filter(|(_, pool)| in_warehouse(pool));
    pools.map(|(k, _)| u64::from(most_heads(model, k, day))).sum()
}

/// Due work of the day over the hours that each of those planned is expected to be there, pool by pool: in order of
/// name, so that the order of the file does not show in the last digit of the sum.
fn heads_needed(model: &Model, record: &ReplicationRecord, k: usize, day: &Day) -> Option<f64> {
    let mut needed = None;
    let mut pools: Vec<usize> = (0..model.pools.len()).filter(|pool| model.has_due_work(*pool)).collect();
    pools.sort_by_key(|pool| &model.pools[*pool].name);
    for pool in pools {
        let work = *record.pools[pool].due_work_hours.get(k)?;
        let there = stretches(model, pool, day.start, day.end);
        let hours: f64 = there.iter().map(|stretch: &Stretch| stretch.hours * stretch.expected).sum();
        let each = hours / f64::from(most_heads(model, pool, day).max(1));
        if work > 0.0 && each <= 0.0 {
            return None;
        }
        *needed.get_or_insert(0.0) += if work > 0.0 { work / each } else { 0.0 };
    }
    needed
}

/// What each carrier's collections of a day take.
struct Cages(Vec<CarrierCages>);

struct CarrierCages {
    station: usize,
    parcels_each: u32,
    booked: u64,
}

impl Cages {
    fn of(model: &Model, day: &Day) -> Cages {
        let one = |station: usize| {
            let Release::Timed { times, at_most, parcels_per_cage: Some(parcels_each), .. } =
                &model.stations[station].release
            else {
                return None;
            };
            let ReleaseTimes::At(times) = times else { return None };
            let changed = |at| {
                let changes =
                    model.changes.iter().filter(|change| change.at <= at).filter_map(|change| match change.to {
                        ChangedValue::ReleaseAtMost(id, most) if id.index() == station => Some((change.at, most)),
                        _ => None,
                    });
                changes.max_by_key(|(at, _)| *at).map(|(_, most)| most)
            };
            let today = times.iter().filter(|at| (day.start..day.end).contains(*at));
            let parcels = today.map(|at| u64::from(changed(*at).unwrap_or(*at_most).unwrap_or(0)));
            let booked = parcels.map(|parcels| parcels / u64::from((*parcels_each).max(1))).sum();
            Some(CarrierCages { station, parcels_each: *parcels_each, booked })
        };
        Cages((0..model.stations.len()).filter_map(one).collect())
    }

    /// Cages that one run's parcels of day `k` would fill, over all carriers.
    fn needed(&self, record: &ReplicationRecord, k: usize) -> Option<f64> {
        self.total(record, k, |needed, _| needed)
    }

    fn short(&self, record: &ReplicationRecord, k: usize) -> Option<f64> {
        self.total(record, k, |needed, booked| needed.saturating_sub(booked))
    }

    fn total(&self, record: &ReplicationRecord, k: usize, of: fn(u64, u64) -> u64) -> Option<f64> {
        let one = |carrier: &CarrierCages| {
            let parcels = *record.stations[carrier.station].parcels_ready.get(k)?;
            Some(of(parcels.div_ceil(u64::from(carrier.parcels_each.max(1))), carrier.booked))
        };
        let all: Option<Vec<u64>> = self.0.iter().map(one).collect();
        all.filter(|all| !all.is_empty()).map(|all| all.iter().sum::<u64>() as f64)
    }
}

#[cfg(test)]
mod tests;
