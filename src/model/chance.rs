//! Whether chance has a part in a model at all.

use super::{
    Arrivals, ChangedValue, CountMix, Fate, Model, Roster, Route, ServiceTime, Source, Spread, Staff, Station, WhenFull,
};
use crate::random::Distribution;

impl Model {
    /// Whether every run of the model is the same, whatever its seed: nothing in it is drawn.
    ///
    /// It errs on the side of chance: holds, exceptions, contacts, follow-up work, retries, patience and breakdowns
    /// count as drawn whatever their numbers, and so does a station without a limit that leads to another one, since
    /// orders that leave it at one instant go on in an order that is drawn.
    #[must_use]
    pub fn is_deterministic(&self) -> bool {
        self.diversions.is_empty()
            && self.contacts.is_empty()
            && self.follow_ups.is_empty()
            && self.sources.iter().all(source)
            && self.stations.iter().all(station)
            && self.pools.iter().all(|pool| roster(&pool.roster))
            && self.slas.iter().all(|sla| sla.delay.as_ref().is_none_or(constant))
            && self
                .changes
                .iter()
                .all(|change| !matches!(change.to, ChangedValue::FailureChance(..) | ChangedValue::Uplift(..)))
    }
}

#[expect(
    clippy::float_cmp,
    reason = "exactly 1 is the only factor at which recorded orders are neither drawn nor copied"
)]
fn source(source: &Source) -> bool {
    let arrivals = match &source.arrivals {
        Arrivals::Even(_) => true,
        Arrivals::Recorded(_) => source.factors.uplift == 1.0,
        Arrivals::Renewal(gaps) => constant(gaps),
        Arrivals::Poisson(_) => false,
    };
    arrivals && count(&source.lines) && count(&source.units) && route(&source.route)
}

fn station(station: &Station) -> bool {
    let leads_on = station.route.legs.iter().any(|leg| matches!(leg.to, Fate::To(_)));
    takes(&station.takes)
        && station.takes_of.iter().all(|(_, of)| takes(of))
        && route(&station.route)
        && station.retry.is_none()
        && station.patience.is_none()
        && station.breakdown.is_none()
        && !matches!(station.when_full, WhenFull::TryAgain { .. })
        && !(station.staff == Staff::Unlimited && leads_on)
}

fn takes(takes: &ServiceTime) -> bool {
    match &takes.spread {
        Spread::None | Spread::Recorded(_) => true,
        Spread::Variate(distribution) => constant(distribution),
    }
}

fn route(route: &Route) -> bool {
    route.legs.iter().all(|leg| leg.share >= 1.0 || leg.share <= 0.0)
}

fn roster(roster: &Roster) -> bool {
    match roster {
        Roster::Steps(_) => true,
        Roster::Shifts { spans, .. } => spans.iter().all(|span| span.absent <= 0.0),
    }
}

fn count(mix: &CountMix) -> bool {
    match mix {
        CountMix::Fixed(_) => true,
        CountMix::Shares(shares) => shares.len() == 1,
        CountMix::OneOrGeometric { .. } => false,
    }
}

fn constant(distribution: &Distribution) -> bool {
    matches!(distribution, Distribution::Constant(_))
}

#[cfg(test)]
mod tests;
