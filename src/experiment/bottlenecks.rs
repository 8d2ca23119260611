//! Which stations hold orders up, by what the runs themselves tell: where the lateness comes from, who is the momentary
//! bottleneck, who is busy. Only more capacity shows what would help: see [`super::whatif`].

use super::runs::Runs;
use super::{ledger, stations};
use crate::model::{Model, Staff};
use crate::observation::{LedgerCell, ReplicationRecord};
use crate::statistics::estimate::Estimate;

/// One station as a bottleneck.
#[derive(Clone, Debug)]
pub struct BottleneckResult {
    /// Its name.
    pub station: String,
    /// Its layer.
    pub layer: &'static str,
    /// The shared pool that works there.
    pub pool: Option<String>,
    /// Hours of lateness of the first SLA, in a run, put down to waiting there; not known without an SLA.
    pub late_hours: Estimate,
    /// Their share of all hours of lateness.
    pub share_of_lateness: Estimate,
    /// Share of the time at which it had more work ready than it could start for longer than any other station, of all
    /// the time at which some station had. Looked at at the end of each step of the timeline.
    pub share_of_time: Estimate,
    /// What is used most there.
    pub utilisation: Option<Utilisation>,
    /// Whether more capacity there means fewer late orders; `None` when it was not tried.
    pub confirmed: Option<bool>,
}

/// The scarcest of what a station works with.
#[derive(Clone, Debug)]
pub struct Utilisation {
    /// What it is: "people", "people of 'floor'", "benches".
    pub of: String,
    /// In use over there to be used; of a shared pool at all its stations together.
    pub share: Estimate,
}

/// The stations that somebody works at or that make orders late: the largest share of the lateness first, then the
/// largest share of the time, then the most used, then in order of name.
pub(super) fn fold(model: &Model, runs: &Runs<'_>) -> Vec<BottleneckResult> {
    let mut found: Vec<BottleneckResult> = (0..model.stations.len()).map(|k| bottleneck(model, runs, k)).collect();
    found.retain(|one| one.utilisation.is_some() || known(&one.late_hours) > 0.0 || known(&one.share_of_time) > 0.0);
    let rank = |one: &BottleneckResult| {
        let used = one.utilisation.as_ref().map_or(0.0, |used| known(&used.share));
        [known(&one.share_of_lateness), known(&one.share_of_time), used]
    };
    found.sort_by(|left, right| {
        let pairs = rank(right).into_iter().zip(rank(left));
        pairs
            .map(|(right, left)| right.total_cmp(&left))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| left.station.cmp(&right.station))
    });
    found
}

fn known(estimate: &Estimate) -> f64 {
    estimate.value.unwrap_or(0.0)
}

fn bottleneck(model: &Model, runs: &Runs<'_>, k: usize) -> BottleneckResult {
    let station = &model.stations[k];
    let cells = |record: &ReplicationRecord, of: &dyn Fn(&LedgerCell) -> bool| {
        ledger::hours(record.slas.first().map_or(&[][..], |sla| &sla.ledger), of)
    };
    let here = |record: &ReplicationRecord| cells(record, &|cell| cell.station.map(usize::from) == Some(k));
    let late = |found: Estimate| if model.slas.is_empty() { runs.unknown() } else { found };
    // Stations that tie share a step, so all of them together have whole ones: whatever the order of the sum.
    let steps =
        |record: &ReplicationRecord| record.stations.iter().map(|of| of.longest_active_steps).sum::<f64>().round();
    let pool = match station.staff {
        Staff::Pool(pool) => Some(&model.pools[pool.index()]).filter(|pool| pool.shared),
        Staff::Unlimited => None,
    };
    BottleneckResult {
        station: station.name.clone(),
        layer: station.layer.name(),
        pool: pool.map(|pool| pool.name.clone()),
        late_hours: late(runs.mean(here).within(0.0, f64::INFINITY)),
        share_of_lateness: late(runs.ratio(|record| (here(record), cells(record, &|_| true)))).within(0.0, 1.0),
        share_of_time: runs.ratio(|record| (record.stations[k].longest_active_steps, steps(record))).within(0.0, 1.0),
        utilisation: utilisation(model, runs, k),
        confirmed: None,
    }
}

/// Of the people and every kind of equipment, what is used most.
fn utilisation(model: &Model, runs: &Runs<'_>, k: usize) -> Option<Utilisation> {
    let people = match model.stations[k].staff {
        Staff::Pool(id) => {
            let pool = &model.pools[id.index()];
            let of = if pool.shared { format!("people of '{}'", pool.name) } else { "people".to_owned() };
            let share = if pool.shared {
                stations::pool_utilisation(runs, id.index())
            } else {
                stations::utilisation(model, runs, k)
            };
            Some(Utilisation { of, share })
        }
        Staff::Unlimited => None,
    };
    let equipment = stations::equipment(model, runs, k).into_iter();
    let equipment = equipment.map(|kind| Utilisation { of: kind.name, share: kind.utilisation });
    let all = people.into_iter().chain(equipment).filter(|used| used.share.value.is_some());
    all.reduce(|most, next| if known(&next.share) > known(&most.share) { next } else { most })
}
