//! Records in, results out: a pure fold, in order of index.

use super::results::{ContactsResult, ExceptionResult, OrdersResult, Results, Scorecard};
use super::runs::Runs;
use super::{bottlenecks, checks, days, ledger, measures, slas, stations, timeline};
use crate::model::{DiversionKind, Model, SyncCounts, SyncLayer};
use crate::observation::{RECORD_VERSION, ReplicationRecord, RunEnd, StationRecord, TimelineGrid};
use crate::statistics::histogram::LogLinear;
use crate::time::TICKS_PER_SECOND;

/// What results are of, beside the model itself.
#[derive(Clone, Debug, PartialEq)]
pub struct RunIdentity {
    /// Digest of the scenario.
    pub hash: String,
    /// Master seed.
    pub seed: u64,
    /// Replications asked for.
    pub asked: u64,
    /// Confidence of the intervals, in (0, 1).
    pub confidence: f64,
}

impl Results {
    /// What `records`, in order of their index, say together.
    ///
    /// # Panics
    /// When the records are not of this model; see [`belong_together`].
    #[must_use]
    pub fn fold(model: &Model, identity: &RunIdentity, records: &[ReplicationRecord]) -> Results {
        let runs = Runs { records, confidence: identity.confidence };
        let cut_short = runs.count() < identity.asked;
        let orders = orders(&runs);
        let slas = slas::fold(model, &runs, &orders.time_to_dispatch);
        Results {
            title: model.title.clone(),
            hash: identity.hash.clone(),
            seed: identity.seed,
            replications: runs.count(),
            deterministic: model.is_deterministic(),
            confidence: identity.confidence,
            calendar: model.calendar().cloned(),
            stations: stations::fold(model, &runs),
            pools: stations::fold_pools(model, &runs),
            orders,
            days: days::fold(model, &runs),
            exceptions: exceptions(model, &runs),
            contacts: contacts(model, &runs),
            scorecard: scorecard(model, &runs, &slas),
            lateness_ledger: if slas.is_empty() { Vec::new() } else { ledger::fold(model, &runs, 0) },
            bottlenecks: bottlenecks::fold(model, &runs),
            why: None,
            headroom: None,
            levers: None,
            frontier: None,
            comparisons: None,
            timeline: timeline::fold(model, &runs),
            measures: measures::fold(model, &runs),
            checks: checks::fold(model, &runs, cut_short),
            until: None,
            warnings: warnings(model, &runs, identity.asked, &slas),
            partial: cut_short || runs.limited().next().is_some(),
            events: records.iter().map(|record| record.events).sum(),
            slas,
        }
    }
}

/// Whether records are of this model and this program, each with the shape the model asks for; if not, why.
///
/// # Errors
/// The first record that does not fit, and what does not fit about it.
pub fn belong_together(model: &Model, records: &[ReplicationRecord]) -> Result<(), String> {
    for record in records {
        let wrong = |what: &str| Err(format!("the record of replication {} {what}", record.replication));
        if record.version != RECORD_VERSION {
            return wrong(&format!("has version {}, not {RECORD_VERSION}", record.version));
        }
        let windows_fit = |(record, sla): (&crate::observation::SlaRecord, &crate::model::Sla)| {
            record.windows.len() == sla.window.count()
        };
        let fits = record.sources.len() == model.sources.len()
            && record.stations.len() == model.stations.len()
            && record.pools.len() == model.pools.len()
            && record.slas.len() == model.slas.len()
            && record.slas.iter().zip(&model.slas).all(windows_fit)
            && record.diversions.len() == model.diversions.len()
            && record.contacts.by_kind.len() == model.contacts.len()
            && record.measures.len() == model.measures.len();
        if !fits {
            return wrong("is of another scenario");
        }
    }
    Ok(())
}

fn orders(runs: &Runs<'_>) -> OrdersResult {
    OrdersResult {
        arrived: runs.count_of(|record| record.orders.arrived),
        dispatched: runs.count_of(|record| record.orders.dispatched),
        cancelled: runs.count_of(|record| record.orders.cancelled),
        open_at_end: runs.count_of(|record| record.orders.open_at_end),
        time_to_dispatch: stations::percentiles(runs, |record| &record.orders.time_to_dispatch),
    }
}

fn exceptions(model: &Model, runs: &Runs<'_>) -> Vec<ExceptionResult> {
    let one = |(k, known): (usize, &crate::model::Diversion)| {
        let [resolution_p50, resolution_p90] =
            runs.tally_quantiles(|record| &record.diversions[k].resolution, [0.5, 0.9]);
        ExceptionResult {
            name: known.name.clone(),
            owner: known.owner.clone(),
            count: runs.count_of(|record| record.diversions[k].count),
            resolution_p50,
            resolution_p90,
            open_at_end: runs.count_of(|record| record.diversions[k].open_at_end),
        }
    };
    model.diversions.iter().enumerate().map(one).collect()
}

fn contacts(model: &Model, runs: &Runs<'_>) -> ContactsResult {
    let kinds = model.contacts.iter().enumerate();
    ContactsResult {
        made: runs.count_of(|record| record.contacts.made),
        chasers: runs.count_of(|record| record.contacts.chasers),
        by_kind: kinds
            .map(|(k, contact)| (contact.name.clone(), runs.count_of(|record| record.contacts.by_kind[k])))
            .collect(),
    }
}

fn scorecard(model: &Model, runs: &Runs<'_>, slas: &[super::results::SlaResult]) -> Scorecard {
    let exceptions: Vec<usize> =
        (0..model.diversions.len()).filter(|k| model.diversions[*k].kind == DiversionKind::Exception).collect();
    let tallies = |record: &ReplicationRecord| -> Vec<_> {
        exceptions.iter().map(|k| record.diversions[*k].resolution.clone()).collect()
    };
    let mean = runs.ratio(|record| {
        let tallies = tallies(record);
        (tallies.iter().map(|tally| tally.sum).sum(), tallies.iter().map(|tally| tally.count as f64).sum())
    });
    let merged = |record: &ReplicationRecord| {
        let mut all = LogLinear::new();
        tallies(record).iter().for_each(|tally| all.merge(&tally.log_linear()));
        all
    };
    let [p50, p90] = runs.quantiles(merged, [0.5, 0.9]);
    let sync = SyncLayer::of(model);
    let synced = |layer: &SyncLayer| {
        runs.share(|record| {
            let station = |k: usize| {
                let StationRecord { first_attempts, abandoned, gave_up, turned_away, .. } = record.stations[k];
                SyncCounts { arrivals: first_attempts, abandoned, gave_up, turned_away }
            };
            layer.success(station, |k| record.diversions[k].count)
        })
    };
    Scorecard {
        order_sync_success_rate: sync.as_ref().map(synced),
        dispatch_sla_attainment: slas.first().map(|sla| sla.attainment),
        exception_resolution_time: [mean, p50, p90],
        tickets_per_100_orders: runs
            .ratio(|record| (record.contacts.made as f64, record.orders.arrived as f64))
            .scaled(100.0),
    }
}

fn warnings(model: &Model, runs: &Runs<'_>, asked: u64, slas: &[super::results::SlaResult]) -> Vec<String> {
    let mut found = Vec::new();
    let count = runs.count();
    if count < asked {
        found.push(format!("Stopped early: these results rest on the first {count} of {asked} replications."));
    }
    for record in runs.limited() {
        let limit = if record.end == RunEnd::EventLimit { "events" } else { "items in flight" };
        found.push(format!(
            "Replication {} reached the limit of {limit}: what came after that is not in the results, and no SLA is \
             called kept.",
            record.replication
        ));
    }
    if count == 1 && !model.is_deterministic() && !slas.is_empty() {
        found.push("One replication has no interval, so no SLA is judged: run at least two.".to_owned());
    }
    for sla in slas {
        let suspended = sla.windows.iter().filter(|window| window.is_suspended()).count();
        let few = sla.windows.iter().filter(|window| !window.judged).count() - suspended;
        let (name, all, units) = (&sla.name, sla.windows.len(), sla.unit.plural());
        if few > 0 {
            found.push(format!(
                "'{name}': {few} of {all} windows hold too few {units} to be judged; they are shown only."
            ));
        }
        if suspended > 0 {
            found.push(format!(
                "'{name}': {suspended} of {all} windows are suspended in every run, since more orders come in than were \
                 forecast; they are shown only."
            ));
        }
    }
    if let Some(step) = runs.records.first().map(|record| record.timeline.step / TICKS_PER_SECOND)
        && step > 60
    {
        found.push(format!(
            "The timeline has one step in {} minutes, so that there are at most {} steps.",
            step / 60,
            TimelineGrid::MOST
        ));
    }
    found.extend(measures::too_few_for_percentiles(model, runs));
    found
}

#[cfg(test)]
mod tests;
