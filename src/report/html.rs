//! The report an operations lead opens: one self-contained HTML page, no scripts, light and dark, printable.
//!
//! Page one is the verdict and the day table. Every sentence and every chart title is computed from the results;
//! nothing here computes a statistic.

mod backlog;
mod busyness;
mod compare;
mod decisions;
mod document;
mod facts;
mod front;
mod frontier;
mod headroom;
mod lateness;
mod operation;
mod promises;
mod sureness;
mod sweep;
mod why;

pub use compare::compare_page;
pub use facts::{ReportFacts, breach_command, command_line, compare_command, frontier_command, options, sweep_command};
pub use frontier::frontier_page;
pub use headroom::breach_page;
pub use sweep::sweep_page;

use super::charts;
use crate::experiment::Results;
use askama::Template;
use document::Document;

/// The whole page. The same results and facts give the same bytes anywhere.
#[must_use]
pub fn page(results: &Results, facts: &ReportFacts) -> Vec<u8> {
    let sections = [
        promises::section(results),
        backlog::section(results, facts),
        lateness::section(results),
        why::section(results),
        headroom::section(results),
        frontier::section(results),
        compare::section(results),
        decisions::section(results),
        operation::exceptions(results, facts),
        operation::stations(results, facts),
        busyness::section(results),
        operation::people(results),
        operation::scorecard(results, facts),
        operation::percentiles(results),
        operation::measures(results),
        operation::checks(results),
        sureness::section(results),
        sureness::assumptions(facts),
        sureness::reproduction(results, facts),
    ];
    let document = Document {
        title: if results.title.is_empty() { "peaksim report" } else { &results.title },
        front: front::front(results, facts),
        sections: sections.into_iter().flatten().collect(),
        dark_theme: charts::dark_theme(),
        version: env!("CARGO_PKG_VERSION"),
    };
    document.render().expect("writing to a String cannot fail").into_bytes()
}

#[cfg(test)]
mod tests;
