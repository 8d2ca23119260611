//! Where lateness comes from, over all runs.

use super::results::{Blamed, LedgerResult};
use super::runs::Runs;
use crate::model::Model;
use crate::observation::{Cause, LedgerCell, ReplicationRecord};
use crate::time::TICKS_PER_HOUR;
use std::collections::BTreeSet;

/// Hours of lateness in those cells of a ledger. They are added in whole ticks: cells come in the order of stations in
/// the file, and a sum of fractions would tell that order in its last digit.
pub(super) fn hours(ledger: &[LedgerCell], of: impl Fn(&LedgerCell) -> bool) -> f64 {
    let ticks: u64 = ledger.iter().filter(|cell| of(cell)).map(LedgerCell::ticks).sum();
    ticks as f64 / TICKS_PER_HOUR as f64
}

/// The lateness of the SLA at `k` by station and cause, the largest part first; equal parts in order of name.
pub(super) fn fold(model: &Model, runs: &Runs<'_>, k: usize) -> Vec<LedgerResult> {
    let cells: BTreeSet<(Option<u16>, Cause)> =
        runs.records.iter().flat_map(|r| &r.slas[k].ledger).map(|cell| (cell.station, cell.cause())).collect();
    let mut parts: Vec<LedgerResult> =
        cells.into_iter().map(|(station, cause)| part(model, runs, k, station, cause)).collect();
    let hours = |part: &LedgerResult| part.late_hours.value.unwrap_or(0.0);
    let name = |part: &LedgerResult| part.blamed.station.clone();
    parts.sort_by(|left, right| hours(right).total_cmp(&hours(left)).then_with(|| name(left).cmp(&name(right))));
    parts
}

fn part(model: &Model, runs: &Runs<'_>, k: usize, station: Option<u16>, cause: Cause) -> LedgerResult {
    let here = |record: &ReplicationRecord| {
        hours(&record.slas[k].ledger, |cell| cell.station == station && cell.cause() == cause)
    };
    let all = |record: &ReplicationRecord| hours(&record.slas[k].ledger, |_| true);
    let station = station.map(|station| &model.stations[usize::from(station)]);
    LedgerResult {
        blamed: Blamed { station: station.map(|station| station.name.clone()), cause: cause.name() },
        layer: station.map(|station| station.layer.name()),
        late_hours: runs.mean(here).within(0.0, f64::INFINITY),
        share: runs.ratio(|record| (here(record), all(record))).within(0.0, 1.0),
    }
}
