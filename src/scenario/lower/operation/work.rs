//! How long work takes: times, contents and rates.

use super::Lowering;
use crate::model::{ServiceTime, Spread};
use crate::quantity::Probability;
use crate::random::{Distribution, DistributionError};
use crate::scenario::diagnostic::Place;
use crate::scenario::file::distribution::{DurationValue, ShapeWord};
use crate::scenario::file::station::work::{ContentTable, SpreadTable, TakesValue};
use crate::scenario::lower::distribution::{distribution, impossible};
use crate::scenario::reader::Spanned;
use crate::scenario::units::rate::{RateOf, Thing};

/// What a station or lane says about its work.
pub(super) struct WorkFacts<'a> {
    pub(super) takes: Option<&'a Spanned<TakesValue>>,
    pub(super) rate: Option<&'a Spanned<RateOf>>,
    pub(super) spread: Option<&'a Spanned<SpreadTable>>,
    pub(super) usable: Option<&'a Spanned<Probability>>,
    /// Whether each line is a piece of work of its own.
    pub(super) by_line: bool,
    /// Where the station or lane stands.
    pub(super) place: &'a Place,
}

impl Lowering<'_> {
    /// The service time that `facts` describe.
    pub(super) fn service_time(&mut self, facts: &WorkFacts<'_>) -> Option<ServiceTime> {
        match (facts.takes, facts.rate) {
            (Some(takes), None) => {
                if let Some(usable) = facts.usable {
                    let message = "`usable` lowers a rate, but the work is given by its time";
                    self.wrong("needless-key", &usable.place, message, "there is no `rate`", "remove `usable`");
                    return None;
                }
                self.takes(takes, facts.spread)
            }
            (None, Some(rate)) => self.by_rate(rate, facts),
            (Some(_), Some(rate)) => {
                let message = "`takes` and `rate` both say how long the work takes";
                self.wrong("needless-key", &rate.place, message, "which one holds?", "keep one of them");
                None
            }
            (None, None) => {
                let help = "add, for example: rate = \"110 lines/h\", or: takes = \"90s\"";
                let message = "nothing says how long the work takes";
                self.wrong("missing-key", facts.place, message, "`takes` or `rate` is missing", help);
                None
            }
        }
    }

    /// The service time written as `takes`, varied by `spread` where it is given by content.
    pub(super) fn takes(
        &mut self,
        takes: &Spanned<TakesValue>,
        spread: Option<&Spanned<SpreadTable>>,
    ) -> Option<ServiceTime> {
        if let (Some(spread), false) = (spread, matches!(takes.value, TakesValue::Content(_))) {
            let message = "`spread` varies a rate or a time by content; `takes` has its own spread";
            let help = "write it inside: takes = { mean = \"90s\", cv = 0.4 }";
            self.wrong("needless-key", &spread.place, message, "not here", help);
            return None;
        }
        match &takes.value {
            TakesValue::Always(time) | TakesValue::Varies(time) => self.time(time, &takes.place),
            TakesValue::Content(table) => self.content(table, spread),
            TakesValue::InOrder(table) if table.in_order.is_empty() => {
                let help = "give at least one: takes = { in_order = [\"90s\", \"2m\"] }";
                self.wrong("empty-list", &takes.place, "a list of recorded times without a time", "empty", help);
                None
            }
            TakesValue::InOrder(table) => {
                let times = table.in_order.iter().map(|time| time.value).collect();
                Some(ServiceTime { spread: Spread::Recorded(times), ..ServiceTime::constant(0.0) })
            }
        }
    }

    /// The distribution (s) of a duration.
    pub(super) fn duration(&mut self, written: &Spanned<DurationValue>) -> Option<Distribution> {
        distribution(written, self.data, self.sink)
    }

    fn time(&mut self, time: &DurationValue, place: &Place) -> Option<ServiceTime> {
        let written = Spanned { value: time.clone(), place: place.clone() };
        let distribution = self.duration(&written)?;
        // A time that is always zero has no spread to scale.
        let some = distribution.mean() > 0.0;
        Some(if some { ServiceTime::distributed(&distribution) } else { ServiceTime::constant(0.0) })
    }

    fn content(&mut self, table: &ContentTable, spread: Option<&Spanned<SpreadTable>>) -> Option<ServiceTime> {
        Some(ServiceTime {
            fixed: table.fixed.seconds(),
            per_line: table.per_line.seconds(),
            per_unit: table.per_unit.seconds(),
            spread: self.spread(spread)?,
        })
    }

    fn by_rate(&mut self, rate: &Spanned<RateOf>, facts: &WorkFacts<'_>) -> Option<ServiceTime> {
        let usable = facts.usable.map_or(1.0, |share| share.get());
        if let Some(share) = facts.usable
            && usable <= 0.0
        {
            self.wrong(
                "out-of-range",
                &share.place,
                "no time at all is usable",
                "zero",
                "for example: usable = \"88.5%\"",
            );
            return None;
        }
        let seconds = rate.rate.mean_gap_seconds() / usable;
        let mut time = ServiceTime { spread: self.spread(facts.spread)?, ..ServiceTime::constant(0.0) };
        match rate.thing {
            Some(Thing::Line) if !facts.by_line => time.per_line = seconds,
            Some(Thing::Unit) => time.per_unit = seconds,
            // One order is one parcel and one request; a line that is a piece of work of its own is one of it.
            Some(Thing::Order | Thing::Parcel | Thing::Request | Thing::Line) | None => time.fixed = seconds,
        }
        if facts.by_line && rate.thing == Some(Thing::Order) {
            let message = "the rate counts orders, but each line is a piece of work of its own";
            self.wrong("wrong-unit", &rate.place, message, "orders?", "write, for example: rate = \"110 lines/h\"");
            return None;
        }
        Some(time)
    }

    fn spread(&mut self, spread: Option<&Spanned<SpreadTable>>) -> Option<Spread> {
        let Some(table) = spread else { return Some(Spread::None) };
        let cv = table.cv.get();
        if cv <= 0.0 {
            return Some(Spread::None);
        }
        let made: Result<Distribution, DistributionError> = match table.shape.value {
            ShapeWord::LogNormal => Distribution::log_normal_mean_cv(1.0, cv),
            ShapeWord::Gamma => Distribution::gamma_mean_cv(1.0, cv),
            ShapeWord::HyperExponential => Distribution::hyper_exponential_mean_cv(1.0, cv),
        };
        made.map(Spread::Variate)
            .map_err(|error| self.sink.push(impossible(&table.place, &error, "for example: spread = { cv = 0.4 }")))
            .ok()
    }
}
