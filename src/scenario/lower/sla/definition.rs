//! What an SLA promises and how it is counted, in one sentence.

use super::RISK;
use crate::scenario::file::sla::{CountedOnWord, CountedUnitWord, JudgeWord, SlaTable, WindowWord};
use crate::scenario::names::Name;
use crate::scenario::node::quoted;
use crate::scenario::reader::Spanned;

/// The parts of a definition.
pub(super) struct Words<'a> {
    pub(super) table: &'a SlaTable,
    pub(super) starts: &'a str,
    pub(super) stops: &'a str,
    pub(super) promise: &'a str,
    pub(super) window: WindowWord,
}

impl Words<'_> {
    /// What is promised and how it is counted.
    pub(super) fn definition(&self, min_orders: u32) -> String {
        let table = self.table;
        let target = per_cent(table.target.get());
        let of = of_sources(&table.sources);
        let (unit, units) = match table.unit.value {
            CountedUnitWord::Order => ("orders", "orders"),
            CountedUnitWord::Parcel => ("parcels (one an order)", "parcels"),
            CountedUnitWord::Line => ("order lines", "lines"),
        };
        let counted = match table.counted_on.value {
            CountedOnWord::DueDay => "fall due",
            CountedOnWord::OrderDay => "are placed",
            CountedOnWord::ShipDay => "stop their clock",
        };
        let (window, windows) = self.windows();
        let judged = match table.judge.value {
            JudgeWord::Pooled => "over all runs together".to_owned(),
            JudgeWord::Runs => {
                let risk = table.risk.as_ref().map_or(RISK, |risk| risk.get());
                format!("with at most {} of the runs below the target", per_cent(risk))
            }
        };
        let (starts, stops, promise) = (self.starts, self.stops, self.promise);
        let mut sentence = format!(
            "{target} of the {unit}{of} that {counted} {window} must be {stops} in time ({promise}); the clock starts \
             when {starts}; judged {judged}"
        );
        if table.counted_on.value == CountedOnWord::ShipDay {
            sentence.push_str(&format!("; {units} that are still open do not count"));
        }
        sentence.push_str(&self.excluded());
        if min_orders > 1 {
            sentence.push_str(&format!("; {windows} with fewer than {min_orders} {units} are shown, not judged"));
        }
        if let Some(share) = &table.suspended_above {
            let share = per_cent(share.value.fraction());
            sentence.push_str(&format!(
                "; {windows} in which more than {share} of the forecast orders come in are shown, not judged (forecast: \
                 the plan with its campaigns, without uplift and busyness)"
            ));
        }
        sentence
    }

    /// In which window orders count, and what several of them are called.
    fn windows(&self) -> (&'static str, &'static str) {
        match self.window {
            WindowWord::Day => ("on each day", "days"),
            WindowWord::Week => ("in each stretch of seven days", "stretches"),
            WindowWord::RollingWeek => ("in the seven days up to the end of each day", "stretches"),
            WindowWord::RollingMonth => ("in the thirty days up to the end of each day", "stretches"),
            WindowWord::Whole => ("in the whole judged time", "runs"),
        }
    }

    fn excluded(&self) -> String {
        let Some(excludes) = &self.table.excludes else { return String::new() };
        let sources = of_sources(&excludes.value.sources);
        let struck: Vec<String> = excludes.value.struck_by.iter().map(|name| quoted(name.as_str())).collect();
        let sources = (!sources.is_empty()).then(|| format!("orders{sources}"));
        let struck = (!struck.is_empty()).then(|| format!("orders struck by {}", struck.join(" or ")));
        let both: Vec<String> = sources.into_iter().chain(struck).collect();
        format!("; {} do not count", both.join(" and "))
    }
}

/// " of web shop, marketplace"; nothing for all.
fn of_sources(names: &[Spanned<Name>]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    format!(" of {}", names.join(", "))
}

fn per_cent(share: f64) -> String {
    format!("{}%", libm::round(share * 1e6) / 1e4)
}
