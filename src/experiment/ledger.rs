//! Where lateness comes from, over all runs.

use super::results::{Blamed, LedgerResult};
use super::runs::Runs;
use crate::model::Model;
use crate::observation::{Cause, ReplicationRecord};
use std::collections::BTreeSet;

/// The lateness of the SLA at `k` by station and cause, the largest part first; equal parts in order of station.
pub(super) fn fold(model: &Model, runs: &Runs<'_>, k: usize) -> Vec<LedgerResult> {
    let cells: BTreeSet<(Option<u16>, Cause)> =
        runs.records.iter().flat_map(|r| &r.slas[k].ledger).map(|cell| (cell.station, cell.cause())).collect();
    let mut parts: Vec<LedgerResult> =
        cells.into_iter().map(|(station, cause)| part(model, runs, k, station, cause)).collect();
    let hours = |part: &LedgerResult| part.late_hours.value.unwrap_or(0.0);
    parts.sort_by(|left, right| hours(right).total_cmp(&hours(left)));
    parts
}

fn part(model: &Model, runs: &Runs<'_>, k: usize, station: Option<u16>, cause: Cause) -> LedgerResult {
    let hours = |record: &ReplicationRecord| -> f64 {
        let here = record.slas[k].ledger.iter().filter(|cell| cell.station == station && cell.cause() == cause);
        here.map(|cell| cell.late_hours).sum()
    };
    let all = |record: &ReplicationRecord| record.slas[k].ledger.iter().map(|cell| cell.late_hours).sum::<f64>();
    let station = station.map(|station| &model.stations[usize::from(station)]);
    LedgerResult {
        blamed: Blamed { station: station.map(|station| station.name.clone()), cause: cause.name() },
        layer: station.map(|station| station.layer.name()),
        late_hours: runs.mean(hours).within(0.0, f64::INFINITY),
        share: runs.ratio(|record| (hours(record), all(record))).within(0.0, 1.0),
    }
}
