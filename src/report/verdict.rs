//! The verdict in words: what breaks first, when, on which date it recovers, and why. Every sentence is computed.

use super::figures;
use crate::experiment::Results;
use crate::experiment::results::{Functional, SlaResult, Undecided, Verdict};
use crate::statistics::estimate::Estimate;

/// The answer to "will we keep our promises?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// Worst verdict of all SLAs; `None` when none is stated.
    pub verdict: Option<Verdict>,
    /// The sentences, first the answer.
    pub sentences: Vec<String>,
}

/// The verdict on the SLA that breaks first, or on all of them.
#[must_use]
pub fn headline(results: &Results) -> Headline {
    let mut headline = judged(results);
    if results.deterministic && results.replications > 0 {
        let sentence = "Nothing in the scenario is random: every run is the same, and one says it all.";
        headline.sentences.push(sentence.to_owned());
    }
    headline
}

fn judged(results: &Results) -> Headline {
    if results.slas.is_empty() {
        let sentences = vec!["No SLA is stated, so nothing is judged.".to_owned()];
        return Headline { verdict: None, sentences };
    }
    if let Some(sla) = breaks_first(results) {
        let mut sentences = vec![breach(results, sla)];
        sentences.extend(recovery(results, sla));
        sentences.push(attainment(sla));
        sentences.extend(blame(results, sla));
        return Headline { verdict: Some(Verdict::Breached), sentences };
    }
    let open: Vec<&SlaResult> = results.slas.iter().filter(|sla| sla.verdict == Verdict::Inconclusive).collect();
    let verdict = if open.is_empty() { Verdict::Kept } else { Verdict::Inconclusive };
    let mut sentences = Vec::new();
    if open.is_empty() {
        let all = if results.slas.len() == 1 { "The SLA is kept." } else { "Every SLA is kept." };
        sentences.push(all.to_owned());
    }
    for sla in &open {
        sentences.push(format!("Whether '{}' is kept cannot be told{}.", sla.name, why_open(results, sla)));
    }
    let shown: Vec<&SlaResult> = if open.is_empty() { results.slas.iter().collect() } else { open };
    sentences.extend(shown.into_iter().map(attainment));
    Headline { verdict: Some(verdict), sentences }
}

/// Of the breached SLAs the one whose middle run breaks first; those that do not break in the middle run come last.
pub(super) fn breaks_first(results: &Results) -> Option<&SlaResult> {
    let breached = results.slas.iter().filter(|sla| sla.verdict == Verdict::Breached);
    breached.min_by_key(|sla| (sla.first_breach.median.is_none(), sla.first_breach.median))
}

fn breach(results: &Results, sla: &SlaResult) -> String {
    let first = if results.slas.len() > 1 { "breaks first" } else { "is breached" };
    let runs = runs_breached(sla);
    let Some(at) = sla.first_breach.median else {
        return format!("'{}' {first}, though in {runs} only.", sla.name);
    };
    let mut text = format!("'{}' {first}, {}", sla.name, figures::when(results, at));
    if results.replications > 1 {
        let by = |at| figures::instant(results, at);
        let early =
            sla.first_breach.p10.filter(|early| *early != at).map(|early| format!("; one in ten by {}", by(early)));
        let late = match sla.first_breach.p90 {
            Some(late) if late != at => format!("; nine in ten by {}", by(late)),
            Some(_) => String::new(),
            None => "; some never".to_owned(),
        };
        text.push_str(&format!(" (in the middle run; it breaks in {runs}{}{late})", early.unwrap_or_default()));
    }
    text.push('.');
    text
}

/// "7 of 8 runs".
pub(super) fn runs_breached(sla: &SlaResult) -> String {
    runs_of(&sla.share_of_runs_breached)
}

/// A share of runs as a count of them.
fn runs_of(share: &Estimate) -> String {
    let samples = share.samples;
    format!("{} of {samples} runs", figures::count(share.value.unwrap_or(0.0) * samples as f64))
}

fn recovery(results: &Results, sla: &SlaResult) -> Option<String> {
    let by = |at| figures::day_that_ends(results, at);
    let on = |at| figures::on_day_that_ends(results, at);
    let unrecovered = sla.share_of_runs_not_recovered.value.unwrap_or(0.0);
    if unrecovered >= 0.5 {
        let runs = runs_of(&sla.share_of_runs_not_recovered);
        return Some(format!("It has not recovered: the target is still missed when the run ends, in {runs}."));
    }
    Some(match (sla.recovered.median, sla.recovered.p90) {
        (Some(median), Some(p90)) if by(median) == by(p90) => {
            format!("The target is missed for the last time {}; after that it has recovered.", on(median))
        }
        (Some(median), Some(p90)) => format!(
            "The target is missed for the last time {} in the middle run, and by {} in nine runs of ten; after that it has \
             recovered.",
            on(median),
            by(p90)
        ),
        (Some(median), None) => {
            let runs = runs_of(&sla.share_of_runs_not_recovered);
            format!(
                "The target is missed for the last time {} in the middle run; {runs} have not recovered when they end.",
                on(median)
            )
        }
        (None, Some(p90)) => {
            format!("Half of the runs do not miss the target for a day; nine in ten have recovered after {}.", by(p90))
        }
        (None, None) => return None,
    })
}

/// Where visits and queues count lines, not orders.
pub(super) fn by_line(results: &Results) -> Option<String> {
    let names = results.stations.iter().filter(|station| station.unit == "line");
    let names: Vec<String> = names.map(|station| format!("'{}'", station.name)).collect();
    (!names.is_empty()).then(|| format!("Visits, waits and queues at {} are those of lines.", names.join(", ")))
}

/// The rate with its count, the target and the oldest late order.
pub(super) fn attainment(sla: &SlaResult) -> String {
    let confidence = figures::share(sla.attainment.confidence);
    let interval = match (sla.attainment.low, sla.attainment.high) {
        (Some(low), Some(high)) => {
            format!(", {confidence} interval {} to {}", figures::share(low), figures::share(high))
        }
        _ => String::new(),
    };
    let target = figures::share(sla.target);
    let judged = match sla.functional {
        Functional::Pooled => format!("the target is {target} in every window"),
        Functional::Runs { risk } => {
            format!("at most {} of the runs may have a window below {target}", figures::share(risk))
        }
    };
    let oldest = sla.oldest_late.value.map(|oldest| format!("; the oldest is {} late", figures::duration(oldest)));
    format!(
        "'{}': {} of {} orders due in a run are late (kept {}{interval}); {judged}{}.",
        sla.name,
        figures::value(&sla.late_orders, figures::count),
        figures::value(&sla.due_orders, figures::count),
        figures::value(&sla.attainment, figures::share),
        oldest.unwrap_or_default(),
    )
}

/// What the first SLA's lateness is put down to, with its share; for another SLA without.
fn blame(results: &Results, sla: &SlaResult) -> Option<String> {
    let blamed = sla.broken_by.as_ref()?;
    let place = blamed.station.as_ref().map_or_else(String::new, |station| format!(" at '{station}'"));
    let ledger = results
        .lateness_ledger
        .first()
        .filter(|part| results.slas.first().is_some_and(|first| first.name == sla.name) && part.blamed == *blamed);
    let size = ledger.map(|part| {
        let (share, hours) = (&part.share, &part.late_hours);
        format!(
            ": {} of all hours late, {} in a run",
            figures::value(share, figures::share),
            figures::value(hours, figures::hours)
        )
    });
    Some(format!("The largest part of the lateness: {}{place}{}.", blamed.cause, size.unwrap_or_default()))
}

fn why_open(results: &Results, sla: &SlaResult) -> String {
    if results.replications < 2 {
        return format!(": {} replication has no interval", results.replications);
    }
    if !sla.windows.iter().any(|window| window.judged) {
        return ": no window holds enough orders to be judged".to_owned();
    }
    if results.partial {
        return format!(" from the {} replications there are", results.replications);
    }
    if let Some(why @ Undecided::TooAlike { .. }) = sla.undecided {
        return format!(" from {} replications: {}", results.replications, open_because(why));
    }
    format!(" from {} replications: more would narrow the interval", results.replications)
}

/// Why an SLA cannot be told, and what would decide it.
pub(super) fn open_because(why: Undecided) -> String {
    match why {
        Undecided::NoSamples => "no window holds enough orders to be judged".to_owned(),
        Undecided::LimitReached => "a run reached a limit".to_owned(),
        Undecided::OneRun => "one replication has no interval".to_owned(),
        Undecided::TooAlike { needed } => {
            let enough = needed.map_or_else(|| "more replications".to_owned(), |needed| format!("--reps {needed}"));
            format!("in a window every run with orders says the same, and too few do: {enough}")
        }
        _ => "the interval holds the target, and more replications would narrow it".to_owned(),
    }
}
