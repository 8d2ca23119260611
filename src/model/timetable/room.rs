//! Room: the most orders that a day can take.

use super::super::{Layer, Model, Staff, StationId};
use super::flow::Flow;
use super::heads::{Stretch, stretches};
use super::weeks::capacity;
use crate::time::SimTime;

/// For each day of the model, the most orders it has room for; `None` where nothing limits it.
///
/// A fluid bound: the people planned work without a pause on nothing but average orders, at every bench that somebody
/// can stand at, and the lorries leave full. Who does other work, waits or walks brings less.
#[must_use]
pub fn room(model: &Model) -> Vec<Option<f64>> {
    let flows: Vec<Flow> = Flow::of_sources(model).into_iter().filter(|flow| flow.is_orders(model)).collect();
    let work = work_of_an_order(model, &flows);
    model.days.iter().map(|day| room_of(model, &work, day.start, day.end)).collect()
}

/// Person-hours that an average order of the judged window brings to each station.
fn work_of_an_order(model: &Model, flows: &[Flow]) -> Vec<f64> {
    let (from, until) = (model.horizon.from, model.horizon.until);
    let orders: f64 = flows.iter().map(|flow| flow.expected(model, from, until)).sum();
    let at = |k: usize| -> f64 {
        let hours: f64 = flows.iter().map(|flow| flow.work_hours(model, StationId::at(k), from, until)).sum();
        if orders > 0.0 { hours / orders } else { 0.0 }
    };
    (0..model.stations.len()).map(at).collect()
}

fn room_of(model: &Model, work: &[f64], from: SimTime, to: SimTime) -> Option<f64> {
    let mut limits: Vec<f64> = Vec::new();
    for (k, pool) in model.pools.iter().enumerate().filter(|(_, pool)| pool.shared) {
        let here: Vec<StationId> = pool.order_of_work.iter().copied().filter(|id| in_warehouse(model, *id)).collect();
        let each: f64 = here.iter().map(|id| work[id.index()]).sum();
        if each <= 0.0 {
            continue;
        }
        let there = stretches(model, k, from, to);
        let hours = |most: f64| -> f64 {
            let one = |stretch: &Stretch| stretch.hours * stretch.expected.min(most) * stretch.speed;
            // The sum of nothing is -0.
            there.iter().map(one).sum::<f64>() + 0.0
        };
        limits.push(hours(f64::INFINITY) / each);
        for id in here {
            let station = &model.stations[id.index()];
            if let (Some(count), Staff::Pool(_)) = (station.equipment, station.staff)
                && work[id.index()] > 0.0
            {
                limits.push(hours(f64::from(count)) / work[id.index()]);
            }
        }
    }
    let stations = || (0..model.stations.len()).map(StationId::at);
    let collections: Vec<StationId> = stations().filter(|id| model.stations[id.index()].is_collection()).collect();
    let loads: Vec<Option<f64>> = collections.iter().map(|id| capacity(model, *id, from, to)).collect();
    if !loads.is_empty() {
        // One lorry that takes all there is, and the lorries are no limit.
        limits.extend(loads.into_iter().collect::<Option<Vec<f64>>>().map(|loads| loads.iter().sum::<f64>() + 0.0));
    }
    limits.into_iter().min_by(f64::total_cmp)
}

fn in_warehouse(model: &Model, id: StationId) -> bool {
    model.stations[id.index()].layer == Layer::Warehouse
}
