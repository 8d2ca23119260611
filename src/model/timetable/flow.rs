//! How often the items of one source visit each station, and the work they bring.

use super::super::{Arrivals, CountMix, Fate, ItemKind, Model, Route, Source, SourceId, StationId, WorkUnit};
use crate::theory::traffic::visit_rates;
use crate::time::SimTime;

/// The way of one source's items through the stations.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    source: SourceId,
    /// Expected visits of one item, station by station; holds, exceptions and failures are left out.
    visits: Vec<f64>,
}

impl Flow {
    /// The flow of every source that has a way out.
    pub(super) fn of_sources(model: &Model) -> Vec<Flow> {
        let one = |k: usize| {
            let (id, source) = (SourceId::at(k), &model.sources[k]);
            let routing: Vec<Vec<f64>> =
                model.stations.iter().map(|station| shares(model, &station.route, id, source)).collect();
            let visits = visit_rates(&shares(model, &source.route, id, source), &routing).ok()?;
            Some(Flow { source: id, visits })
        };
        (0..model.sources.len()).filter_map(one).collect()
    }

    /// Whether its items are orders.
    pub(super) fn is_orders(&self, model: &Model) -> bool {
        model.sources[self.source.index()].kind == ItemKind::Order
    }

    /// Items expected from `from` to `to`.
    pub(super) fn expected(&self, model: &Model, from: SimTime, to: SimTime) -> f64 {
        let source = &model.sources[self.source.index()];
        let planned = match &source.arrivals {
            Arrivals::Poisson(intensity) | Arrivals::Even(intensity) => intensity.expected(from, to),
            Arrivals::Renewal(gaps) => to.since(from).seconds() / gaps.mean(),
            Arrivals::Recorded(records) => {
                let first = records.partition_point(|record| record.at < from);
                (records.partition_point(|record| record.at < to) - first) as f64
            }
        };
        planned * source.factors.uplift
    }

    /// Visits to `station` expected of the items of `from` to `to`.
    pub(super) fn visits(&self, model: &Model, station: StationId, from: SimTime, to: SimTime) -> f64 {
        self.visits[station.index()] * self.expected(model, from, to)
    }

    /// Person-hours of work at `station` that the items of `from` to `to` bring.
    pub(super) fn work_hours(&self, model: &Model, station: StationId, from: SimTime, to: SimTime) -> f64 {
        self.visits(model, station, from, to) * service_seconds(model, station, self.source) / 3600.0
    }
}

/// Mean seconds of work that one visit of an item of `source` brings to `station`.
pub(super) fn service_seconds(model: &Model, station: StationId, source: SourceId) -> f64 {
    let (at, of) = (&model.stations[station.index()], &model.sources[source.index()]);
    let own = at.takes_of.iter().find(|(id, _)| *id == source).map(|(_, takes)| takes);
    let takes = own.unwrap_or(&at.takes);
    let (lines, units) = content(of);
    let once = match at.unit {
        WorkUnit::Order => takes.mean(lines, lines * units),
        WorkUnit::Line => lines * takes.mean(1.0, units),
    };
    match &at.batch {
        // As much as a full batch saves: the least that the work can be.
        Some(batch) if !batch.adds_up => once / f64::from(batch.max.max(1)),
        _ => once,
    }
}

/// Mean lines of an item, and mean units of a line.
fn content(source: &Source) -> (f64, f64) {
    match &source.arrivals {
        Arrivals::Recorded(records) if !records.is_empty() => {
            let lines: u64 = records.iter().map(|record| u64::from(record.lines)).sum();
            let units: u64 = records.iter().map(|record| u64::from(record.units)).sum();
            (lines as f64 / records.len() as f64, units as f64 / lines.max(1) as f64)
        }
        _ => (source.lines.mean(), source.units.mean()),
    }
}

/// Share of a source's items that goes to each station.
fn shares(model: &Model, route: &Route, id: SourceId, source: &Source) -> Vec<f64> {
    let mut shares = vec![0.0; model.stations.len()];
    for leg in &route.legs {
        if let Fate::To(station) = leg.to
            && (leg.sources.is_empty() || leg.sources.contains(&id))
        {
            let passing = leg.lines.map_or(1.0, |(low, high)| share_of_lines(source, low, high));
            shares[station.index()] += leg.share * passing;
        }
    }
    shares
}

/// Share of a source's items with `low` to `high` lines, both included.
fn share_of_lines(source: &Source, low: u32, high: u32) -> f64 {
    match &source.arrivals {
        Arrivals::Recorded(records) if !records.is_empty() => {
            let passing = records.iter().filter(|record| (low..=high).contains(&record.lines)).count();
            passing as f64 / records.len() as f64
        }
        _ => share_between(&source.lines, low, high),
    }
}

/// Share of items with `low` to `high` lines, both included.
fn share_between(mix: &CountMix, low: u32, high: u32) -> f64 {
    match mix {
        CountMix::Fixed(n) => f64::from(u8::from((low..=high).contains(n))),
        CountMix::Shares(shares) => {
            shares.iter().filter(|(n, _)| (low..=high).contains(n)).map(|(_, share)| share).sum()
        }
        CountMix::OneOrGeometric { single, beyond_two } => {
            // More than 2 + k with probability q to the power of k + 1.
            let q = beyond_two / (1.0 + beyond_two);
            let at_least = |n: u32| if n <= 2 { 1.0 } else { libm::pow(q, f64::from(n - 2)) };
            let more = if high < 2 { 0.0 } else { at_least(low) - at_least(high.saturating_add(1)) };
            let ones = if low <= 1 && high >= 1 { *single } else { 0.0 };
            ones + (1.0 - single) * more
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_orders_bring_what_their_records_say() {
        use super::super::super::RecordedArrival;
        let mut source = crate::experiment::fixture::parts().sources.remove(0);
        let record = |lines, units| RecordedArrival { at: SimTime::ZERO, lines, units, priority: None };
        source.arrivals = Arrivals::Recorded(vec![record(1, 2), record(3, 3), record(5, 13)]);
        assert_eq!(content(&source), (3.0, 2.0));
        assert!((share_of_lines(&source, 2, 9) - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn shares_of_line_counts_add_up() {
        let mix = CountMix::OneOrGeometric { single: 0.55, beyond_two: 0.8 };
        assert!((share_between(&mix, 1, 1) - 0.55).abs() < 1e-12);
        assert!((share_between(&mix, 2, 2) - 0.45 / 1.8).abs() < 1e-12);
        assert!((share_between(&mix, 1, 3) + share_between(&mix, 4, u32::MAX) - 1.0).abs() < 1e-12);
        let mix = CountMix::Shares(vec![(1, 0.5), (2, 0.3), (5, 0.2)]);
        assert!((share_between(&mix, 2, 9) - 0.5).abs() < 1e-12);
    }
}
