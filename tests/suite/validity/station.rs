//! A case's station as a table of the scenario file.

use super::case::{Backoff, Batch, Capacity, Model, Retry, Station};
use super::scenario::{Clock, Variant, next, per_cent, servers, takes};

/// The `[[station]]` table of `station`.
pub(crate) fn table(station: &Station, model: &Model, variant: Variant, clock: Clock) -> String {
    let mut text = format!("[[station]]\nname = \"{}\"\n", station.name);
    text += &staff(station, variant, clock);
    text += &takes(&station.service, model, clock);
    text += &next(&station.name, model, variant);
    if station.unit.as_deref() == Some("line") {
        text += "unit = \"line\"\n";
    }
    if let Some(discipline) = &station.discipline {
        let preemptive = discipline.starts_with("priority_preemptive");
        text += if preemptive { "discipline = \"preemptive priority\"\n" } else { "discipline = \"priority\"\n" };
    }
    if let Some(patience) = &station.patience {
        text += &format!("patience = {}\n", clock.times(patience));
    }
    if let Some(breakdown) = &station.breakdown {
        let (up, down) = (clock.times(&breakdown.up), clock.times(&breakdown.down));
        text += &format!("breakdown = {{ up = {up}, down = {down} }}\n");
    }
    text + &groups(station, clock) + &places(station, clock) + &gates(station, clock)
}

fn staff(station: &Station, variant: Variant, clock: Clock) -> String {
    if station.staffing.is_empty() {
        return servers(&station.servers, variant);
    }
    let steps: Vec<String> = station
        .staffing
        .iter()
        .map(|step| format!("{{ at = \"{}\", servers = {} }}", clock.span(step.at), step.servers))
        .collect();
    let mut text = format!("staffing = [{}]\n", steps.join(", "));
    if let Some(policy) = &station.staffing_policy {
        text += &format!("step_down = \"{}\"\n", policy.replace('_', " "));
    }
    if let Some(period) = station.staffing_period {
        text += &format!("staffing_repeats = \"{}\"\n", clock.span(period));
    }
    text
}

/// Several items worked as one.
fn groups(station: &Station, clock: Clock) -> String {
    match station.batch {
        None => String::new(),
        Some(Batch::Between { min, max }) => format!("batch = {{ min = {min}, max = {max} }}\n"),
        Some(Batch::Former { size, timeout_from_first }) => {
            let after = clock.span(timeout_from_first);
            format!("batch = {{ min = {size}, max = {size}, after = \"{after}\" }}\n")
        }
    }
}

/// Places, and what becomes of those who find none; attempts that fail.
fn places(station: &Station, clock: Clock) -> String {
    let mut text = String::new();
    if let Some(capacity) = station.capacity_in_station {
        text += &format!("capacity = {capacity}\n");
        text += &match (&station.when_full, &station.retry) {
            (Some(_), Some(Retry { backoff: Backoff::Times(after), persist_prob, .. })) => {
                let (after, persist) = (clock.times(after), per_cent(persist_prob.unwrap_or(1.0)));
                format!("when_full = {{ try_again_after = {after}, persist = \"{persist}\" }}\n")
            }
            _ => "when_full = \"turn away\"\n".to_owned(),
        };
    }
    if let (Some(chance), Some(Retry { max_attempts, backoff: Backoff::Listed(delays), backoff_dist, .. })) =
        (station.failure_prob, &station.retry)
    {
        let delays: Vec<String> = delays.iter().map(|delay| format!("\"{}\"", clock.span(*delay))).collect();
        text += &format!(
            "retry = {{ chance = \"{}\", attempts = {}, backoff = [{}], jitter = {}, then = \"cancel\" }}\n",
            per_cent(chance),
            max_attempts.unwrap_or(1),
            delays.join(", "),
            backoff_dist.as_deref() == Some("uniform(0, d)"),
        );
    }
    text
}

/// What lets items through, or does not.
fn gates(station: &Station, clock: Clock) -> String {
    let mut text = String::new();
    if let Some(limit) = &station.rate_limit {
        let when_empty = if limit.excess.starts_with("wait") { "wait" } else { "turn away" };
        let refill = clock.rate(limit.rate);
        text += &format!(
            "rate_limit = {{ refill = \"{refill}\", burst = {}, when_empty = \"{when_empty}\" }}\n",
            limit.burst
        );
    }
    if let Some(departures) = &station.departures {
        let every = clock.span(departures.every);
        let first = departures.first_at.map_or_else(String::new, |at| format!(", first = \"{}\"", clock.span(at)));
        let at_most = match &departures.capacity {
            Capacity::Number(places) => format!(", at_most = {places}"),
            Capacity::Unlimited(_) => String::new(),
        };
        text += &format!("release = {{ every = \"{every}\"{first}{at_most} }}\n");
    }
    if !station.outages.is_empty() {
        let spells: Vec<String> = station
            .outages
            .iter()
            .map(|outage| format!("{{ from = \"{}\", to = \"{}\" }}", clock.span(outage.start), clock.span(outage.end)))
            .collect();
        text += &format!("outages = [{}]\n", spells.join(", "));
    }
    text
}
