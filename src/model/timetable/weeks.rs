//! Weeks: what the orders bring against what is rostered and collected.

use super::super::{ChangedValue, Day, Model, PoolId, Release, ReleaseTimes, Roster, StationId};
use super::flow::Flow;
use super::{CollectionWeek, PoolWeek, Week};
use crate::time::SimTime;
use jiff::civil::Weekday;

/// The weeks from Monday to Sunday that hold a judged day, as far as they lie in the run.
pub(super) fn weeks(model: &Model, flows: &[Flow]) -> Vec<Week> {
    let mut weeks: Vec<Vec<&Day>> = Vec::new();
    for day in &model.days {
        match weeks.last_mut() {
            Some(week) if day.date.weekday() != Weekday::Monday => week.push(day),
            _ => weeks.push(vec![day]),
        }
    }
    let judged = weeks.into_iter().filter(|week| week.iter().any(|day| day.judged));
    judged.map(|week| load(model, flows, week[0].start, week[week.len() - 1].end)).collect()
}

fn load(model: &Model, flows: &[Flow], from: SimTime, to: SimTime) -> Week {
    let stations = (0..model.stations.len()).map(StationId::at);
    let collection = |station: StationId| {
        let capacity = capacity(model, station, from, to)?;
        let orders = flows.iter().map(|flow| flow.visits(model, station, from, to)).sum();
        Some(CollectionWeek { station, orders, capacity })
    };
    let people = |k: usize| {
        let pool = &model.pools[k];
        let Roster::Shifts { .. } = pool.roster else { return None };
        let hours = hours(model, k, from, to)?;
        let at =
            |station: &StationId| -> f64 { flows.iter().map(|flow| flow.work_hours(model, *station, from, to)).sum() };
        let work: f64 = pool.order_of_work.iter().map(at).sum();
        // What only exceptions bring is not known beforehand.
        (work > 0.0).then(|| PoolWeek { pool: PoolId::at(k), hours, work })
    };
    Week {
        from,
        to,
        orders: flows.iter().filter(|flow| flow.is_orders(model)).map(|flow| flow.expected(model, from, to)).sum(),
        collections: stations.filter_map(collection).collect(),
        pools: (0..model.pools.len()).filter_map(people).collect(),
    }
}

/// What the collections at `station` can take; `None` when it is none, or takes all there is.
pub(super) fn capacity(model: &Model, station: StationId, from: SimTime, to: SimTime) -> Option<f64> {
    let changed =
        model.changes.iter().any(|change| matches!(change.to, ChangedValue::ReleaseAtMost(s, _) if s == station));
    match &model.stations[station.index()].release {
        Release::Timed { times: ReleaseTimes::At(at), at_most: Some(most), collection: true, .. } if !changed => {
            let count = at.partition_point(|at| *at < to) - at.partition_point(|at| *at < from);
            Some(count as f64 * f64::from(*most))
        }
        _ => None,
    }
}

/// Person-hours of a pool's shifts that are expected to be there; `None` when planned changes move its heads.
fn hours(model: &Model, k: usize, from: SimTime, to: SimTime) -> Option<f64> {
    let Roster::Shifts { spans, .. } = &model.pools[k].roster else { return None };
    let moved =
        |change: &&super::super::Change| matches!(change.to, ChangedValue::ExtraHeads(pool, _) if pool.index() == k);
    if model.changes.iter().find(moved).is_some() {
        return None;
    }
    let one = |span: &super::super::ShiftSpan| {
        let here = span.to.min(to).saturating_since(span.from.max(from)).hours();
        here * f64::from(span.heads) * (1.0 - span.absent) * span.speed
    };
    Some(spans.iter().map(one).sum())
}
