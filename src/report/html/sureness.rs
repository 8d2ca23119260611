//! How sure we are, what is taken for granted, and how to get the same page again.

use super::document::{Cell, Part, Section, Table, Tone};
use super::facts::ReportFacts;
use crate::experiment::Results;
use crate::experiment::results::SlaResult;
use crate::report::figures::{self, UNKNOWN};
use crate::report::verdict::runs_breached;

pub(super) fn section(results: &Results) -> Option<Section> {
    let mut facts = vec![runs(results)];
    facts.extend(results.slas.iter().filter(|_| results.replications > 1).map(breaches));
    facts.extend(results.until.iter().map(crate::report::until::sentence));
    facts.push(if results.partial {
        "These results are partial: replications are missing or reached a limit.".to_owned()
    } else {
        "Complete: every replication asked for ran to its end.".to_owned()
    });
    let mut parts = vec![Part::List(facts)];
    if results.warnings.is_empty() {
        parts.push(Part::Paragraph("There are no warnings.".to_owned()));
    } else {
        parts.push(Part::Paragraph("Before believing the rest:".to_owned()));
        parts.push(Part::List(results.warnings.clone()));
    }
    Some(Section { id: "sureness", heading: "How sure we are", parts })
}

fn runs(results: &Results) -> String {
    let events = figures::count(results.events as f64);
    let share = figures::share(results.confidence);
    match results.replications {
        0 => "No replication was finished.".to_owned(),
        1 if results.deterministic => {
            format!("One replication of {events} events: nothing in the scenario is random, so every run is the same.")
        }
        1 => format!("One replication of {events} events: nothing is known about what another peak would bring."),
        count => format!(
            "{} replications, {events} events in all. An interval holds the mean over very many runs with {share} \
             confidence; one that reads like its number is left out. A single peak varies more, as the bands of the \
             charts show.",
            figures::count(count as f64)
        ),
    }
}

fn breaches(sla: &SlaResult) -> String {
    let share = figures::interval(&sla.share_of_runs_breached, figures::share);
    format!("'{}' breaks in {}: {share}.", sla.name, runs_breached(sla))
}

pub(super) fn assumptions(facts: &ReportFacts) -> Option<Section> {
    if facts.assumptions.is_empty() {
        return None;
    }
    let guesses = facts.assumptions.iter().filter(|assumption| assumption.assumed).count();
    let of = facts.assumptions.len();
    let finding = match guesses {
        0 => format!("None of the {of} stated assumptions is a guess."),
        _ => format!("{guesses} of the {of} stated assumptions are guesses, not yet measured."),
    };
    let mut table = Table::new("What is taken for granted", 3, &["assumption", "standing", "source"]);
    for assumption in &facts.assumptions {
        let (word, tone) = if assumption.assumed { ("a guess", Tone::Open) } else { ("known", Tone::Plain) };
        let source = assumption.source.clone();
        table.row([
            Cell::from(assumption.what.clone()),
            Cell::toned(word, tone),
            source.unwrap_or_else(|| UNKNOWN.to_owned()).into(),
        ]);
    }
    let parts = vec![Part::Finding(finding), Part::Table(table.without_empty(UNKNOWN))];
    Some(Section { id: "assumptions", heading: "What is taken for granted", parts })
}

pub(super) fn reproduction(results: &Results, facts: &ReportFacts) -> Option<Section> {
    let mut parts = Vec::new();
    if !facts.command.is_empty() {
        parts.push(Part::Paragraph("This line gives the same numbers on any machine:".to_owned()));
        parts.push(Part::Command(facts.command.clone()));
    }
    parts.push(Part::Paragraph(format!(
        "Seed {}, {}, {} events; scenario {}; peaksim {}.",
        results.seed,
        figures::replications(results.replications),
        figures::count(results.events as f64),
        if results.hash.is_empty() { UNKNOWN } else { &results.hash },
        env!("CARGO_PKG_VERSION"),
    )));
    Some(Section { id: "reproduce", heading: "The same again", parts })
}
