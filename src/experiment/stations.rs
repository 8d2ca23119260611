//! How stations and pools fared, over all runs.

use super::results::{EquipmentResult, Percentiles, PoolResult, StationResult};
use super::runs::Runs;
use crate::model::{ChangedValue, EquipmentKind, Model, Staff};
use crate::observation::{ReplicationRecord, StationRecord, TallyRecord};
use crate::statistics::estimate::Estimate;

/// Every station of the model.
pub(super) fn fold(model: &Model, runs: &Runs<'_>) -> Vec<StationResult> {
    (0..model.stations.len()).map(|k| station(model, runs, k)).collect()
}

fn station(model: &Model, runs: &Runs<'_>, k: usize) -> StationResult {
    fn of(record: &ReplicationRecord, k: usize) -> &StationRecord {
        &record.stations[k]
    }
    let known = &model.stations[k];
    StationResult {
        name: known.name.clone(),
        layer: known.layer.name(),
        unit: known.unit.name(),
        arrivals: runs.count_of(|record| of(record, k).arrivals),
        completed: runs.count_of(|record| of(record, k).completed),
        abandoned_share: runs.share(|record| (of(record, k).abandoned, of(record, k).arrivals)),
        wait: percentiles(runs, |record| &record.stations[k].wait),
        service_mean: runs.tally_mean(|record| &record.stations[k].service),
        queue_mean: runs.mean(|record| of(record, k).queue_mean).within(0.0, f64::INFINITY),
        queue_max: runs.count_of(|record| of(record, k).queue_max),
        utilisation: utilisation(model, runs, k),
        oldest_waiting: runs.mean(|record| of(record, k).oldest_waiting).within(0.0, f64::INFINITY),
        equipment: equipment(model, runs, k),
        waited_for_equipment: known.equipment.map(|_| {
            let totals = |record: &ReplicationRecord| {
                let here = of(record, k);
                (here.equipment.map_or(0.0, |equipment| equipment.waited_seconds), here.wait.sum)
            };
            runs.ratio(totals).within(0.0, 1.0)
        }),
    }
}

/// Every piece of work takes one of each kind, so all are in use for the same time.
pub(super) fn equipment(model: &Model, runs: &Runs<'_>, k: usize) -> Vec<EquipmentResult> {
    let known = &model.stations[k];
    let scarcest = known.equipment_kinds.iter().map(|kind| kind.count).min().unwrap_or(0);
    let changes =
        model.changes.iter().any(|change| matches!(change.to, ChangedValue::Equipment(id, _) if id.index() == k));
    let one = |kind: &EquipmentKind| {
        let times = f64::from(kind.count) / f64::from(scarcest.max(1));
        let totals = |record: &ReplicationRecord| {
            let here = &record.stations[k];
            (here.busy_seconds, here.equipment.map_or(0.0, |equipment| equipment.there_seconds * times))
        };
        let utilisation = runs.ratio(totals).within(0.0, 1.0);
        EquipmentResult { name: kind.name.clone(), count: kind.count, utilisation }
    };
    // A planned change sets the number of the scarcest: of the others nothing is known then.
    known.equipment_kinds.iter().filter(|kind| !changes || kind.count == scarcest).map(one).collect()
}

/// Busy time at station `k` over the time present of those who can work there.
pub(super) fn utilisation(model: &Model, runs: &Runs<'_>, k: usize) -> Estimate {
    let Staff::Pool(pool) = model.stations[k].staff else { return runs.unknown() };
    runs.ratio(|record| {
        let here = &record.stations[k];
        let present = here.present_seconds.unwrap_or(record.pools[pool.index()].present_hours * 3_600.0);
        (here.busy_seconds, present)
    })
    .within(0.0, 1.0)
}

/// Mean and percentiles of a tally.
pub(super) fn percentiles(runs: &Runs<'_>, tally: impl Fn(&ReplicationRecord) -> &TallyRecord) -> Percentiles {
    let [p50, p95, p99] = runs.tally_quantiles(&tally, [0.5, 0.95, 0.99]);
    Percentiles { mean: runs.tally_mean(&tally), p50, p95, p99 }
}

/// Person-hours at work of pool `k` over its person-hours present.
pub(super) fn pool_utilisation(runs: &Runs<'_>, k: usize) -> Estimate {
    runs.ratio(|record| (record.pools[k].busy_hours, record.pools[k].present_hours)).within(0.0, 1.0)
}

/// Every declared pool of the model; the own servers of a station are part of the station.
pub(super) fn fold_pools(model: &Model, runs: &Runs<'_>) -> Vec<PoolResult> {
    let shared = model.pools.iter().enumerate().filter(|(_, pool)| pool.shared);
    shared
        .map(|(k, pool)| PoolResult {
            name: pool.name.clone(),
            scheduled_hours: runs.mean(|record| record.pools[k].scheduled_hours),
            busy_hours: runs.mean(|record| record.pools[k].busy_hours),
            utilisation: pool_utilisation(runs, k),
            stayed_hours: runs.mean(|record| record.pools[k].stayed_hours).within(0.0, f64::INFINITY),
            overtime_hours: runs.mean(|record| record.pools[k].overtime_hours),
            cost: pool.cost_per_hour.map(|_| runs.mean_of_known(|record| record.pools[k].cost)),
        })
        .collect()
}
