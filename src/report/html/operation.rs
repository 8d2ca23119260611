//! The operation in tables: exceptions and their owners, stations, people, scorecard, percentiles, measures, checks.

use super::document::{Cell, Part, Section, Table, Tone};
use super::facts::ReportFacts;
use crate::experiment::Results;
use crate::experiment::results::{CheckVerdict, ExceptionResult, Percentiles, StationResult};
use crate::report::checks::{decided_by, observed};
use crate::report::figures::{self, UNKNOWN};
use crate::report::verdict::by_line;
use crate::statistics::estimate::Estimate;

/// Nobody owns it: said in words, and in the colour of what is wrong.
const UNOWNED: &str = "nobody";

pub(super) fn exceptions(results: &Results, facts: &ReportFacts) -> Option<Section> {
    if results.exceptions.is_empty() {
        return None;
    }
    let names =
        ["hold or exception", "kind", "owner", "struck", "half resolved within", "90 % resolved within", "open at end"];
    let mut table = Table::new("Holds and exceptions (mean of a run)", 3, &names);
    for (k, exception) in results.exceptions.iter().enumerate() {
        table.row([
            Cell::from(exception.name.clone()),
            facts.exception_kinds.get(k).copied().unwrap_or(UNKNOWN).into(),
            exception.owner.clone().map_or_else(|| Cell::toned(UNOWNED, Tone::Bad), Cell::from),
            Cell::estimate(&exception.count, figures::count),
            Cell::estimate(&exception.resolution_p50, figures::duration),
            Cell::estimate(&exception.resolution_p90, figures::duration),
            Cell::estimate(&exception.open_at_end, figures::count),
        ]);
    }
    let parts = vec![Part::Finding(ownership(&results.exceptions)), Part::Table(table.without_empty(UNKNOWN))];
    Some(Section { id: "exceptions", heading: "Exceptions and their owners", parts })
}

fn ownership(exceptions: &[ExceptionResult]) -> String {
    let unowned = exceptions.iter().filter(|exception| exception.owner.is_none());
    let named: Vec<String> = unowned
        .map(|one| format!("'{}' ({} in a run)", one.name, figures::value(&one.count, figures::count)))
        .collect();
    match (named.len(), exceptions.len()) {
        (0, 1) => "The one hold or exception has an owner.".to_owned(),
        (0, _) => "Every hold and exception has an owner.".to_owned(),
        (1, 1) => format!("The one hold or exception is owned by nobody: {}.", named[0]),
        (count, of) => format!("{count} of {of} holds and exceptions are owned by nobody: {}.", named.join(", ")),
    }
}

pub(super) fn stations(results: &Results, facts: &ReportFacts) -> Option<Section> {
    let slowest = results.stations.iter().filter(|station| station.wait.p95.value.is_some()).max_by(|left, right| {
        let of = |station: &StationResult| station.wait.p95.value.unwrap_or(0.0);
        of(left).total_cmp(&of(right))
    });
    let mut parts = Vec::new();
    if let Some(station) = slowest {
        parts.push(Part::Finding(format!(
            "The longest waits are at '{}': one of its {} visits in twenty waits longer than {}.",
            station.name,
            figures::value(&station.completed, figures::count),
            figures::value(&station.wait.p95, figures::duration)
        )));
    }
    let names = [
        "station",
        "layer",
        "owner",
        "visits",
        "served",
        "given up",
        "mean wait",
        "95 % within",
        "longest queue",
        "oldest wait",
        "people busy here",
    ];
    let mut table = Table::new(
        "Every station (mean of a run); people busy here: of their time present, with a shared pool of the whole pool",
        3,
        &names,
    );
    for (k, station) in results.stations.iter().enumerate() {
        let owner = facts.station_owners.get(k).cloned().flatten();
        let given_up = station.abandoned_share.value.filter(|share| *share > 0.0).map(figures::share);
        table.row([
            Cell::from(station.name.clone()),
            station.layer.into(),
            owner.unwrap_or_else(|| UNKNOWN.to_owned()).into(),
            figures::value(&station.arrivals, figures::count).into(),
            figures::value(&station.completed, figures::count).into(),
            given_up.unwrap_or_else(|| UNKNOWN.to_owned()).into(),
            figures::value(&station.wait.mean, figures::duration).into(),
            figures::value(&station.wait.p95, figures::duration).into(),
            figures::value(&station.queue_max, figures::count).into(),
            figures::value(&station.oldest_waiting, figures::duration).into(),
            figures::value(&station.utilisation, figures::share).into(),
        ]);
    }
    if results.stations.is_empty() {
        return None;
    }
    parts.push(Part::Table(table.without_empty(UNKNOWN)));
    parts.extend(by_line(results).map(Part::Paragraph));
    parts.extend(equipment(results));
    parts.extend(contacts(results));
    Some(Section { id: "stations", heading: "Stations, from sync to support", parts })
}

/// Benches, carts and threads: a lane may be full while its people hardly show in the pool.
fn equipment(results: &Results) -> Option<Part> {
    let names = ["equipment", "station", "count", "in use", "of the wait there, with a person free", "mean wait"];
    let mut table = Table::new("Equipment (in use: of the time that somebody is there to use it)", 2, &names);
    for station in &results.stations {
        for kind in &station.equipment {
            let waited = station.waited_for_equipment.as_ref();
            table.row([
                Cell::from(kind.name.clone()),
                station.name.clone().into(),
                kind.count.to_string().into(),
                Cell::estimate(&kind.utilisation, figures::share),
                waited.map_or_else(|| UNKNOWN.into(), |waited| Cell::estimate(waited, figures::share)),
                Cell::estimate(&station.wait.mean, figures::duration),
            ]);
        }
    }
    (!table.rows.is_empty()).then_some(Part::Table(table))
}

fn contacts(results: &Results) -> Option<Part> {
    let contacts = &results.contacts;
    if contacts.by_kind.is_empty() {
        return None;
    }
    let mut table = Table::new("Contacts with support (mean of a run)", 1, &["contact", "messages"]);
    for (name, count) in &contacts.by_kind {
        table.row([Cell::from(name.clone()), Cell::estimate(count, figures::count)]);
    }
    for (name, count) in [("all", &contacts.made), ("of these chasers", &contacts.chasers)] {
        table.row([Cell::from(name), Cell::estimate(count, figures::count)]);
    }
    Some(Part::Table(table))
}

pub(super) fn people(results: &Results) -> Option<Section> {
    if results.pools.is_empty() {
        return None;
    }
    let names = ["pool", "hours planned", "hours at work", "of hours present", "ran over", "overtime", "cost"];
    let caption = "Pools (mean of a run); ran over: hours beyond the shift, to finish what was in hand";
    let mut table = Table::new(caption, 1, &names);
    for pool in &results.pools {
        table.row([
            Cell::from(pool.name.clone()),
            Cell::estimate(&pool.scheduled_hours, figures::hours),
            Cell::estimate(&pool.busy_hours, figures::hours),
            Cell::estimate(&pool.utilisation, figures::share),
            Cell::estimate(&pool.stayed_hours, figures::hours),
            Cell::estimate(&pool.overtime_hours, figures::hours),
            pool.cost.as_ref().map_or_else(|| UNKNOWN.into(), |cost| Cell::estimate(cost, figures::count)),
        ]);
    }
    let parts = vec![Part::Table(table.without_empty(UNKNOWN))];
    Some(Section { id: "people", heading: "People", parts })
}

/// The five rows, always all of them: what is not known says so.
pub(super) fn scorecard(results: &Results, facts: &ReportFacts) -> Option<Section> {
    let card = &results.scorecard;
    let arrived = figures::value(&results.orders.arrived, figures::count);
    let mut table =
        Table::new("The weekly scorecard over the judged time", 4, &["row", "found", "counted on", "should be"]);
    let mut row = |name: &str, found: Option<String>, on: String, wanted: &str| {
        let (found, on) = match found.filter(|found| found != UNKNOWN) {
            Some(found) => (found, on),
            None => (UNKNOWN.to_owned(), "nothing to count in this scenario".to_owned()),
        };
        table.row([Cell::from(name), found.into(), on.into(), wanted.into()]);
    };
    let share = |estimate: &Estimate| figures::interval(estimate, figures::share);
    let orders = format!("{arrived} orders in a run");
    row("order sync success rate", card.order_sync_success_rate.as_ref().map(share), orders.clone(), "high and stable");
    row("inventory discrepancy rate", None, String::new(), "declining");
    let promised = results.slas.first().map_or_else(String::new, |sla| {
        let count = |estimate: &Estimate| figures::value(estimate, figures::count);
        format!("{} late of {} due in a run", count(&sla.late_orders), count(&sla.due_orders))
    });
    let kept = card.dispatch_sla_attainment.as_ref().map(share);
    row("dispatch SLA attainment", kept, promised, "improving and consistent");
    let [mean, p50, p90] = card.exception_resolution_time.map(|of| figures::value(&of, figures::duration));
    let time = (mean != UNKNOWN).then(|| format!("mean {mean}, half within {p50}, 90 % within {p90}"));
    row("exception resolution time", time, exceptions_counted(results, facts), "declining");
    let tickets = figures::interval(&card.tickets_per_100_orders, figures::number);
    let made = figures::value(&results.contacts.made, figures::count);
    let tickets = (!results.contacts.by_kind.is_empty()).then_some(tickets);
    row("support tickets per 100 orders", tickets, format!("{made} contacts, {orders}"), "declining");
    Some(Section { id: "scorecard", heading: "Scorecard", parts: vec![Part::Table(table)] })
}

/// Holds are not exceptions: the scorecard does not count them.
fn exceptions_counted(results: &Results, facts: &ReportFacts) -> String {
    let kinds = facts.exception_kinds.iter().zip(&results.exceptions);
    let counts: Vec<f64> =
        kinds.filter(|(kind, _)| **kind == "exception").filter_map(|(_, one)| one.count.value).collect();
    let classes = if counts.len() == 1 { "1 class".to_owned() } else { format!("{} classes", counts.len()) };
    format!("{} exceptions of {classes} in a run", figures::count(counts.iter().sum()))
}

pub(super) fn percentiles(results: &Results) -> Option<Section> {
    let names = ["time", "counted on", "mean", "50 % within", "95 % within", "99 % within"];
    let mut table =
        Table::new("Percentiles with their intervals (of single orders and visits, over all runs)", 2, &names);
    let mut row = |name: String, on: String, of: &Percentiles| {
        if of.mean.value.is_some() {
            let write = |estimate: &Estimate| Cell::estimate(estimate, figures::duration);
            table.row([name.into(), on.into(), write(&of.mean), write(&of.p50), write(&of.p95), write(&of.p99)]);
        }
    };
    let dispatched = figures::value(&results.orders.dispatched, figures::count);
    let orders = &results.orders.time_to_dispatch;
    row("order to dispatch".to_owned(), format!("{dispatched} orders in a run"), orders);
    for station in &results.stations {
        let served = figures::value(&station.completed, figures::count);
        row(format!("wait at '{}'", station.name), format!("{served} visits in a run"), &station.wait);
    }
    let parts = vec![Part::Table(table)];
    Some(Section { id: "percentiles", heading: "Percentiles", parts })
}

/// What the file expects of its numbers. A run is none the worse for a check that fails: `peaksim check` is what ends
/// with another code.
pub(super) fn checks(results: &Results) -> Option<Section> {
    if results.checks.is_empty() {
        return None;
    }
    let names = ["check", "verdict", "found", "expected", "what to do"];
    let mut table = Table::new("Checks of the file, judged on the whole interval", 5, &names);
    for check in &results.checks {
        let tone = match check.verdict {
            CheckVerdict::Pass => Tone::Good,
            CheckVerdict::Fail => Tone::Bad,
            CheckVerdict::Inconclusive(_) => Tone::Open,
        };
        table.row([
            Cell { aside: Some(format!("({})", check.path)), ..Cell::from(check.name.clone()) },
            Cell::toned(check.verdict.name(), tone),
            observed(check).into(),
            check.limit.clone().into(),
            decided_by(check).unwrap_or_default().into(),
        ]);
    }
    let note = "A check says what must hold. It changes nothing about a run or its exit code; peaksim check passes or \
                fails on it.";
    let parts = vec![Part::Table(table.without_empty("")), Part::List(vec![note.to_owned()])];
    Some(Section { id: "checks", heading: "Checks", parts })
}

pub(super) fn measures(results: &Results) -> Option<Section> {
    if results.measures.is_empty() {
        return None;
    }
    let mut table = Table::new("Numbers asked for (times in seconds)", 2, &["measure", "path", "found"]);
    for measure in &results.measures {
        let found = figures::interval(&measure.estimate, figures::number);
        table.row([Cell::from(measure.name.clone()), measure.path.clone().into(), found.into()]);
    }
    Some(Section { id: "measures", heading: "Measures", parts: vec![Part::Table(table)] })
}
