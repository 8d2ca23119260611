//! `results.json`: the machine-readable contract, key for key and in its order.
//!
//! The same results give the same bytes anywhere: no wall-clock time, host name, path or thread count is in them. A
//! number that is not known is `null`. Instants are local times with their offset; without a calendar, seconds from
//! the start.

use super::{breach, compare, decisions, frontier, why};
use crate::experiment::Results;
use crate::experiment::results::{
    Blamed, DayResult, EquipmentResult, ExceptionResult, Instants, LedgerResult, MeasureResult, Percentiles,
    PoolResult, SlaResult, StationResult, WindowResult,
};
use crate::statistics::estimate::Estimate;
use crate::time::SimTime;
use serde_json::{Value, json};

/// Raised when a key changes its meaning or goes; new keys do not raise it.
pub const SCHEMA_VERSION: u32 = 1;

/// The results as one JSON document, indented by two spaces, with a final line break. The timeline, which is most of it,
/// has a line for each step.
#[must_use]
pub fn results(results: &Results) -> Vec<u8> {
    const WRITTEN: &str = "a JSON value can be written";
    const EMPTY: &str = "\n  \"timeline\": []";
    let mut document = document(results);
    let steps = std::mem::replace(&mut document["timeline"], Value::Array(Vec::new()));
    let mut text = serde_json::to_string_pretty(&document).expect(WRITTEN);
    let steps: Vec<String> =
        steps.as_array().into_iter().flatten().map(|step| serde_json::to_string(step).expect(WRITTEN)).collect();
    // No line of a JSON document begins so but that of the key itself: within a text a line break is escaped.
    if let Some(at) = text.find(EMPTY).filter(|_| !steps.is_empty()) {
        let end = at + EMPTY.len() - 1;
        text.insert_str(end, &format!("\n    {}\n  ", steps.join(",\n    ")));
    }
    text.push('\n');
    text.into_bytes()
}

/// The results as a JSON value, keys in the contract's order; `best_set` comes after `comparisons` where variants were
/// run, and `until` last, where a precision was asked for.
#[must_use]
pub fn document(results: &Results) -> Value {
    let list = |values: Vec<Value>| Value::Array(values);
    let mut document = json!({
        "schema_version": SCHEMA_VERSION,
        "peaksim_version": env!("CARGO_PKG_VERSION"),
        "scenario": { "title": results.title, "hash": results.hash },
        "seed": results.seed,
        "replications": results.replications,
        "slas": list(results.slas.iter().map(|sla| sla_value(results, sla)).collect()),
        "stations": list(results.stations.iter().map(station).collect()),
        "pools": list(results.pools.iter().map(pool).collect()),
        "orders": orders(results),
        "days": list(results.days.iter().map(day).collect()),
        "exceptions": list(results.exceptions.iter().map(exception).collect()),
        "contacts": contacts(results),
        "scorecard": scorecard(results),
        "lateness_ledger": list(results.lateness_ledger.iter().map(ledger).collect()),
        "timeline": timeline(results),
        "measures": list(results.measures.iter().map(measure).collect()),
        "checks": list(results.checks.iter().map(super::checks::value).collect()),
        "warnings": results.warnings,
        "partial": results.partial,
        "events": results.events,
        "deterministic": results.deterministic,
    });
    for (key, value) in why::values(results, estimate) {
        document[key] = value;
    }
    let asked = results.headroom.is_some();
    let points = || breach::of_run(results).iter().map(|(question, breach)| breach::value(question, breach)).collect();
    document["breach_points"] = if asked { points() } else { Value::Null };
    document["levers"] = decisions::value(results);
    document["levers_together"] = decisions::together_value(results);
    document["frontier"] = results.frontier.as_ref().map_or(Value::Null, frontier::value);
    document["comparisons"] = results.comparisons.as_ref().map_or(Value::Null, compare::values);
    if let Some(found) = &results.comparisons {
        document["best_set"] = compare::best_set(found);
    }
    if let Some(until) = &results.until {
        document["until"] = super::until::value(until);
    }
    document
}

/// An instant: local time, or seconds without a calendar.
pub(super) fn instant(results: &Results, at: SimTime) -> Value {
    match &results.calendar {
        Some(calendar) => json!(calendar.iso(at)),
        None => json!(at.seconds()),
    }
}

pub(super) fn estimate(estimate: &Estimate) -> Value {
    let Estimate { value, low, high, confidence, samples } = estimate;
    json!({ "value": value, "low": low, "high": high, "confidence": confidence, "samples": samples })
}

fn known(part: Option<&Estimate>) -> Value {
    part.map_or(Value::Null, estimate)
}

/// `null` for what is not known in any run.
fn if_known(part: &Estimate) -> Value {
    known(Some(part).filter(|part| part.value.is_some()))
}

fn instants(results: &Results, of: &Instants) -> Value {
    let at = |time: Option<SimTime>| time.map_or(Value::Null, |time| instant(results, time));
    json!({ "p10": at(of.p10), "median": at(of.median), "p90": at(of.p90) })
}

fn blamed(blamed: &Blamed) -> Value {
    json!({ "station": blamed.station, "cause": blamed.cause })
}

fn sla_value(results: &Results, sla: &SlaResult) -> Value {
    let window = |window: &WindowResult| {
        json!({
            "from": instant(results, window.from),
            "to": instant(results, window.to),
            "due": estimate(&window.due),
            "attainment": estimate(&window.attainment),
            "judged": window.judged,
            "suspended": window.suspended,
        })
    };
    json!({
        "name": sla.name,
        "definition": sla.definition,
        "functional": sla.functional.name(),
        "unit": sla.unit.plural(),
        "target": sla.target,
        "attainment": estimate(&sla.attainment),
        "ceiling": known(sla.ceiling.as_ref()),
        "late_orders": estimate(&sla.late_orders),
        "excluded_orders": known(sla.excluded.as_ref()),
        "oldest_late": estimate(&sla.oldest_late),
        "share_of_runs_breached": estimate(&sla.share_of_runs_breached),
        "first_breach": instants(results, &sla.first_breach),
        "recovered": instants(results, &sla.recovered),
        "share_of_runs_not_recovered": estimate(&sla.share_of_runs_not_recovered),
        "broken_by": sla.broken_by.as_ref().map(blamed),
        "windows": sla.windows.iter().map(window).collect::<Vec<_>>(),
        "verdict": sla.verdict.name(),
    })
}

fn percentiles(of: &Percentiles) -> Value {
    json!({
        "mean": estimate(&of.mean), "p50": estimate(&of.p50), "p95": estimate(&of.p95), "p99": estimate(&of.p99),
    })
}

fn station(station: &StationResult) -> Value {
    json!({
        "name": station.name,
        "layer": station.layer,
        "unit": station.unit,
        "arrivals": estimate(&station.arrivals),
        "completed": estimate(&station.completed),
        "abandoned_share": estimate(&station.abandoned_share),
        "wait": percentiles(&station.wait),
        "service": { "mean": estimate(&station.service_mean) },
        "queue": { "mean": estimate(&station.queue_mean), "max": estimate(&station.queue_max) },
        "utilisation": estimate(&station.utilisation),
        "oldest_waiting": estimate(&station.oldest_waiting),
        "equipment": station.equipment.iter().map(equipment).collect::<Vec<_>>(),
        "waited_for_equipment": known(station.waited_for_equipment.as_ref()),
    })
}

fn equipment(of: &EquipmentResult) -> Value {
    json!({ "name": of.name, "count": of.count, "utilisation": estimate(&of.utilisation) })
}

fn pool(pool: &PoolResult) -> Value {
    json!({
        "name": pool.name,
        "scheduled_hours": estimate(&pool.scheduled_hours),
        "busy_hours": estimate(&pool.busy_hours),
        "utilisation": estimate(&pool.utilisation),
        "overtime_hours": estimate(&pool.overtime_hours),
        "cost": known(pool.cost.as_ref()),
        "stayed_hours": estimate(&pool.stayed_hours),
    })
}

fn orders(results: &Results) -> Value {
    let orders = &results.orders;
    json!({
        "arrived": estimate(&orders.arrived),
        "dispatched": estimate(&orders.dispatched),
        "cancelled": estimate(&orders.cancelled),
        "open_at_end": estimate(&orders.open_at_end),
        "time_to_dispatch": percentiles(&orders.time_to_dispatch),
        "by_promise": results.slas.iter().map(by_promise).collect::<Vec<_>>(),
    })
}

/// The orders of one promise.
fn by_promise(sla: &SlaResult) -> Value {
    json!({
        "name": sla.name,
        "sources": sla.sources,
        "due": estimate(&sla.due_orders),
        "attained": estimate(&sla.attainment),
        "time_to_dispatch": percentiles(&sla.time_to_dispatch),
    })
}

fn day(day: &DayResult) -> Value {
    json!({
        "date": crate::calendar::iso_date(day.date),
        "intake": estimate(&day.intake),
        "due": estimate(&day.due),
        "dispatched": estimate(&day.dispatched),
        "overdue_at_close": estimate(&day.overdue_at_close),
        "heads_planned": day.heads_planned,
        "heads_needed": if_known(&day.heads_needed),
        "room": day.room,
        "cages_booked": day.cages_booked,
        "cages_needed": if_known(&day.cages_needed),
        "cages_short": if_known(&day.cages_short),
        "holds_open": if_known(&day.holds_open),
    })
}

fn exception(exception: &ExceptionResult) -> Value {
    json!({
        "name": exception.name,
        "owner": exception.owner,
        "count": estimate(&exception.count),
        "resolution": { "p50": estimate(&exception.resolution_p50), "p90": estimate(&exception.resolution_p90) },
        "open_at_end": estimate(&exception.open_at_end),
    })
}

fn contacts(results: &Results) -> Value {
    let kind = |(name, count): &(String, Estimate)| json!({ "name": name, "count": estimate(count) });
    json!({
        "made": estimate(&results.contacts.made),
        "chasers": estimate(&results.contacts.chasers),
        "by_kind": results.contacts.by_kind.iter().map(kind).collect::<Vec<_>>(),
    })
}

fn scorecard(results: &Results) -> Value {
    let card = &results.scorecard;
    let [mean, p50, p90] = &card.exception_resolution_time;
    json!({
        "order_sync_success_rate": known(card.order_sync_success_rate.as_ref()),
        "inventory_discrepancy_rate": null,
        "dispatch_sla_attainment": known(card.dispatch_sla_attainment.as_ref()),
        "exception_resolution_time": { "mean": estimate(mean), "p50": estimate(p50), "p90": estimate(p90) },
        "tickets_per_100_orders": estimate(&card.tickets_per_100_orders),
    })
}

fn ledger(part: &LedgerResult) -> Value {
    json!({
        "cause": part.blamed.cause,
        "layer": part.layer,
        "station": part.blamed.station,
        "late_hours": estimate(&part.late_hours),
        "share": estimate(&part.share),
    })
}

fn timeline(results: &Results) -> Value {
    let at: Vec<Value> = results.timeline.at.iter().map(|at| instant(results, *at)).collect();
    let mut steps = Vec::new();
    for (station, of) in &results.timeline.stations {
        for (at, step) in at.iter().zip(of) {
            steps.push(json!({
                "at": at,
                "station": station,
                "queue": { "p10": step.p10, "median": step.median, "p90": step.p90 },
                "utilisation": step.utilisation,
            }));
        }
    }
    Value::Array(steps)
}

fn measure(measure: &MeasureResult) -> Value {
    json!({ "name": measure.name, "path": measure.path, "estimate": estimate(&measure.estimate) })
}

#[cfg(test)]
mod tests;
