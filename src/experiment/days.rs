//! The day table, over all runs.

use super::results::DayResult;
use super::runs::Runs;
use crate::model::{Day, Layer, Model, Pool, Roster};
use crate::observation::{DayRecord, ReplicationRecord};
use crate::statistics::estimate::Estimate;
use std::collections::BTreeMap;

/// The days that at least one run saw to the end.
///
/// A run is over when its judged orders have ended; what it would have done later is not known, so a day rests only on
/// the runs that saw it to the end.
pub(super) fn fold(model: &Model, runs: &Runs<'_>) -> Vec<DayResult> {
    let promised = !model.slas.is_empty();
    let days = model.days.iter().enumerate();
    let seen = days.filter(|(_, day)| runs.records.iter().any(|record| record.ended_at >= day.end.0));
    seen.map(|(k, day)| {
        let count = |of: fn(&DayRecord) -> u64| -> Estimate {
            let known = |record: &ReplicationRecord| {
                (record.ended_at >= day.end.0).then(|| record.days.get(k).map(|day| of(day) as f64)).flatten()
            };
            runs.mean_of_known(known).within(0.0, f64::INFINITY)
        };
        DayResult {
            date: day.date,
            judged: day.judged,
            intake: count(|day| day.intake),
            due: if promised { count(|day| day.due) } else { runs.unknown() },
            dispatched: count(|day| day.dispatched),
            overdue_at_close: if promised { count(|day| day.overdue_at_close) } else { runs.unknown() },
            heads_planned: heads_planned(model, day),
        }
    })
    .collect()
}

/// Heads of the pools that work in the warehouse.
fn heads_planned(model: &Model, day: &Day) -> u64 {
    let in_warehouse =
        |pool: &&Pool| pool.order_of_work.iter().any(|id| model.stations[id.index()].layer == Layer::Warehouse);
    model.pools.iter().filter(in_warehouse).map(|pool| heads(pool, day)).sum()
}

/// Heads of the shifts that begin on the day, counted once however many breaks they have; with a plain staffing
/// level, the highest of the day.
fn heads(pool: &Pool, day: &Day) -> u64 {
    match &pool.roster {
        Roster::Shifts { spans, .. } => {
            let mut shifts: BTreeMap<u64, u32> = BTreeMap::new();
            let mut begun = BTreeMap::new();
            for span in spans {
                begun.entry(span.shift_day).or_insert(span.from);
                let most = shifts.entry(span.shift_day).or_default();
                *most = (*most).max(span.heads);
            }
            let today = |from| day.start <= from && from < day.end;
            shifts.iter().filter(|(shift, _)| today(begun[shift])).map(|(_, heads)| u64::from(*heads)).sum()
        }
        Roster::Steps(steps) => {
            let before = steps.iter().rev().find(|step| step.from <= day.start);
            let within = steps.iter().filter(|step| day.start < step.from && step.from < day.end);
            within.chain(before).map(|step| u64::from(step.heads)).max().unwrap_or(0)
        }
    }
}
