//! The model compiled once into dense arrays: samplers, server places, ranks, routes.

use super::drawn_ahead::FirstService;
use super::event_calendar::MOST_RANKS;
use super::items::MOST_SLAS;
use super::state::StationKeys;
use super::station_plan::{StationPlan, station};
use crate::model::{
    Arrivals, ChangedValue, ContactCause, DiversionId, Excludes, Fate, ItemKind, Level, LevelScope, LevelStatistic,
    Metric, Model, Release, ServiceTime, Sla, SourceId, Spread, StationId,
};
use crate::random::{Distribution, PoissonCounts, Sampler};
use crate::time::{SimTime, TICKS_PER_SECOND};

/// A model ready to be run any number of times; shared by all threads.
#[derive(Debug)]
pub struct Plan<'m> {
    pub(super) model: &'m Model,
    pub(super) stations: Vec<StationPlan<'m>>,
    pub(super) sources: Vec<SourcePlan>,
    /// Sources in order of their names: so their arrivals come at equal time.
    pub(super) sources_by_name: Vec<usize>,
    pub(super) diversions: Vec<DiversionPlan<'m>>,
    pub(super) contacts: Vec<ContactPlan>,
    pub(super) follow_ups: Vec<Sampler>,
    pub(super) counts: PoissonCounts,
    /// Servers of all limited stations.
    pub(super) servers: u32,
    /// Stations on circles.
    pub(super) circles: usize,
    pub(super) classes: usize,
    /// Whether labelled lives are kept.
    pub(super) keeps_lives: bool,
    /// Whether clock readings beside the creation of an order are kept.
    pub(super) keeps_clocks: bool,
    /// Whether any contact waits for orders to fall due.
    pub(super) watches_due: bool,
    /// For each SLA, how long after the event its clock takes notice.
    pub(super) delays: Vec<Option<Sampler>>,
    /// Whether any SLA leaves orders out of its count.
    pub(super) excludes: bool,
    /// Whether any SLA asks how many orders came in.
    pub(super) counts_intake: bool,
    /// Whether any SLA covers some sources only.
    pub(super) chooses_sources: bool,
    /// Instants at which levels are looked at, and the measure that asks.
    pub(super) probes: Vec<(SimTime, usize)>,
    pub(super) watches_orders: bool,
}

/// Why a valid model cannot be run by this engine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// All servers together exceed what an event key can rank.
    #[error("the scenario has {found} servers in all; this version can rank {limit}", limit = MOST_RANKS)]
    TooManyServers {
        /// Servers found.
        found: u64,
    },
    /// More SLAs than a clock has places for.
    #[error("the scenario has {found} SLAs; this version can judge {limit} in one run", limit = MOST_SLAS)]
    TooManySlas {
        /// SLAs found.
        found: usize,
    },
}

/// A service time with its sampler.
#[derive(Debug)]
pub(super) struct Takes<'m> {
    /// Work content in ticks.
    pub(super) fixed: f64,
    pub(super) per_line: f64,
    pub(super) per_unit: f64,
    /// Whether lines or units matter at all.
    pub(super) has_parts: bool,
    pub(super) spread: SpreadPlan<'m>,
}

#[derive(Debug)]
pub(super) enum SpreadPlan<'m> {
    None,
    Variate(Sampler),
    Recorded(&'m [crate::time::SimDuration]),
}

#[derive(Debug)]
pub(super) struct SourcePlan {
    pub(super) number: u16,
    pub(super) kind: ItemKind,
    pub(super) day: Option<Sampler>,
    pub(super) hour: Option<Sampler>,
    pub(super) most_uplift: f64,
    pub(super) held_by: Vec<u16>,
    pub(super) only_way: Option<Fate>,
    /// The plain station to which all its items come first, and where their services can be drawn without a look at them.
    pub(super) first_at: Option<u16>,
    /// The station where its items are nothing but visitors.
    pub(super) bare_at: Option<u16>,
}

#[derive(Debug)]
pub(super) struct DiversionPlan<'m> {
    pub(super) of: &'m crate::model::Diversion,
    /// A little more than the chance in the hour in which it is highest, of an order or one of its lines.
    pub(super) most: f64,
    pub(super) takes: Takes<'m>,
    /// SLAs that do not count what it strikes, one bit each.
    pub(super) excluded_by: u8,
}

#[derive(Debug)]
pub(super) struct ContactPlan {
    pub(super) takes_mean: f64,
    pub(super) spread: Option<Sampler>,
    pub(super) again: Sampler,
    pub(super) delay: Option<Sampler>,
}

impl<'m> Plan<'m> {
    /// Compiles `model`.
    ///
    /// # Errors
    /// When the model is larger than this engine can rank.
    pub fn new(model: &'m Model) -> Result<Plan<'m>, PlanError> {
        if model.slas.len() > MOST_SLAS {
            return Err(PlanError::TooManySlas { found: model.slas.len() });
        }
        let circles = stations_on_circles(model);
        let mut stations: Vec<StationPlan<'m>> =
            (0..model.stations.len()).map(|k| station(model, k, circles[k])).collect();
        let servers = rank_and_place(&mut stations)?;
        let caged = |of: &crate::model::Station| {
            !model.days.is_empty() && matches!(of.release, Release::Timed { parcels_per_cage: Some(_), .. })
        };
        for (number, station) in stations.iter_mut().filter(|station| caged(station.of)).enumerate() {
            station.caged = Some(number);
        }
        let mut plan = Plan {
            model,
            stations,
            sources: model.sources.iter().enumerate().map(|(k, source)| source_plan(model, k, source)).collect(),
            sources_by_name: sources_by_name(model),
            diversions: (0..model.diversions.len()).map(|k| diversion_plan(model, k)).collect(),
            contacts: model.contacts.iter().map(contact).collect(),
            follow_ups: model.follow_ups.iter().map(|work| Sampler::new(&work.after)).collect(),
            counts: PoissonCounts::new(),
            servers,
            circles: circles.iter().flatten().count(),
            classes: classes(model),
            keeps_lives: !model.slas.is_empty(),
            keeps_clocks: !model.slas.is_empty()
                && (!model.diversions.is_empty()
                    || model.slas.iter().any(|sla| sla.starts != crate::model::ClockStart::Created)),
            watches_due: model
                .contacts
                .iter()
                .any(|contact| matches!(contact.cause, ContactCause::Lateness { .. } | ContactCause::Silence { .. })),
            delays: model.slas.iter().map(|sla| sla.delay.as_ref().map(Sampler::new)).collect(),
            excludes: model.slas.iter().any(|sla| sla.excludes != Excludes::default()),
            counts_intake: model.slas.iter().any(|sla| sla.suspension.is_some()),
            chooses_sources: model.slas.iter().any(Sla::chooses_sources),
            probes: Vec::new(),
            watches_orders: false,
        };
        plan.place_measures();
        for source in 0..plan.sources.len() {
            plan.sources[source].first_at = plan.first_at(source);
            plan.sources[source].bare_at = plan.bare_at(source);
        }
        Ok(plan)
    }

    /// The model it was compiled from.
    #[must_use]
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// The same plan without the short way through plain stations, which must tell the same: for holding the two
    /// against each other.
    #[must_use]
    pub fn without_short_ways(mut self) -> Plan<'m> {
        for station in &mut self.stations {
            station.plain = false;
        }
        for source in &mut self.sources {
            (source.first_at, source.bare_at) = (None, None);
        }
        self
    }

    /// The plain station that serves all items of a source for good, where nobody asks what they were.
    fn bare_at(&self, source: usize) -> Option<u16> {
        let (model, of) = (self.model, &self.sources[source]);
        let at = &self.stations[usize::from(of.first_at?)];
        let nobody_asks = model.slas.is_empty()
            && model.contacts.is_empty()
            && model.follow_ups.is_empty()
            && of.held_by.is_empty()
            && at.watches.is_empty()
            && !self.watches_orders;
        of.first_at.filter(|_| at.ends_all_at_once() && nobody_asks)
    }

    fn first_at(&self, source: usize) -> Option<u16> {
        let Some(Fate::To(station)) = self.sources[source].only_way else { return None };
        let at = &self.stations[station.index()];
        (at.plain && matches!(at.takes.spread, SpreadPlan::Variate(_)) && !at.takes.has_parts).then_some(station.0)
    }

    /// The services of a station, where they can be drawn without a look at the items.
    pub(super) fn first_service(&self, s: u16, keys: StationKeys) -> Option<FirstService<'_>> {
        let takes = &self.stations[usize::from(s)].takes;
        match &takes.spread {
            SpreadPlan::Variate(sampler) => Some(FirstService { key: keys.service, content: takes.fixed, sampler }),
            _ => None,
        }
    }

    fn place_measures(&mut self) {
        for (k, measure) in self.model.measures.iter().enumerate() {
            match &measure.metric {
                Metric::Visit { station, .. } => self.stations[station.index()].watches.push(k),
                Metric::Level { level, scope, statistic } => match statistic {
                    LevelStatistic::At(at) | LevelStatistic::AllBusyAt(at) => self.probes.push((at.0, k)),
                    LevelStatistic::AtEvery { phase, period } | LevelStatistic::ZeroAtEvery { phase, period } => {
                        let mut at = SimTime(phase.0);
                        while at < self.model.horizon.until {
                            if at >= self.model.horizon.from {
                                self.probes.push((at, k));
                            }
                            at += *period;
                        }
                    }
                    LevelStatistic::ShareAtZero => {
                        if let (LevelScope::Station(station), Level::Present) = (scope, level) {
                            self.stations[station.index()].watches_zero = true;
                        }
                    }
                    _ => {}
                },
                Metric::Count { by: Some(at), .. } => self.probes.push((at.0, k)),
                Metric::OneOrder { .. } => self.watches_orders = true,
                _ => {}
            }
        }
        self.probes.sort_by_key(|(at, k)| (*at, *k));
    }
}

fn sources_by_name(model: &Model) -> Vec<usize> {
    let mut by_name: Vec<usize> = (0..model.sources.len()).collect();
    by_name.sort_by(|a, b| model.sources[*a].name.cmp(&model.sources[*b].name));
    by_name
}

/// Priority classes that any item may have.
fn classes(model: &Model) -> usize {
    let recorded = |source: &crate::model::Source| match &source.arrivals {
        Arrivals::Recorded(records) => records.iter().filter_map(|record| record.priority).max(),
        _ => None,
    };
    let sources = model.sources.iter().flat_map(|source| [Some(source.priority), recorded(source)]);
    let work = model.follow_ups.iter().map(|work| Some(work.priority));
    sources.chain(work).flatten().max().map_or(1, |highest| usize::from(highest) + 1)
}

/// Compiles a service time.
pub(super) fn takes<'m>(service: &'m ServiceTime) -> Takes<'m> {
    let ticks = TICKS_PER_SECOND as f64;
    Takes {
        fixed: service.fixed * ticks,
        per_line: service.per_line * ticks,
        per_unit: service.per_unit * ticks,
        has_parts: service.per_line > 0.0 || service.per_unit > 0.0,
        spread: match &service.spread {
            Spread::None => SpreadPlan::None,
            Spread::Variate(distribution) => SpreadPlan::Variate(Sampler::new(distribution)),
            Spread::Recorded(times) => SpreadPlan::Recorded(times),
        },
    }
}

/// Ranks stations by name and gives each its servers, so that the order of the file decides nothing.
fn rank_and_place(stations: &mut [StationPlan<'_>]) -> Result<u32, PlanError> {
    let mut by_name: Vec<usize> = (0..stations.len()).collect();
    by_name.sort_by(|a, b| stations[*a].of.name.cmp(&stations[*b].of.name));
    let mut next = 0_u64;
    for k in by_name {
        let rank = u32::try_from(next).unwrap_or(u32::MAX);
        stations[k].rank = rank;
        stations[k].first_server = rank;
        // An unlimited station takes one rank for the services that live in the heap.
        next += u64::from(stations[k].servers.max(1));
    }
    if next >= MOST_RANKS as u64 {
        return Err(PlanError::TooManyServers { found: next });
    }
    Ok(u32::try_from(next).expect("below 2^17"))
}

/// For each station that an item can come back to, its number among those.
fn stations_on_circles(model: &Model) -> Vec<Option<usize>> {
    let n = model.stations.len();
    let ways: Vec<Vec<usize>> = (0..n)
        .map(|k| {
            let mut to: Vec<usize> = model
                .ways_on(StationId::at(k))
                .into_iter()
                .filter_map(|fate| match fate {
                    Fate::To(station) => Some(station.index()),
                    Fate::Done | Fate::Cancelled => None,
                })
                .collect();
            to.sort_unstable();
            to.dedup();
            to
        })
        .collect();
    let mut found = 0;
    (0..n)
        .map(|start| {
            let mut seen = vec![false; n];
            let mut open = ways[start].clone();
            while let Some(k) = open.pop() {
                if !std::mem::replace(&mut seen[k], true) {
                    open.extend(&ways[k]);
                }
            }
            seen[start].then(|| {
                found += 1;
                found - 1
            })
        })
        .collect()
}

fn source_plan(model: &Model, k: usize, source: &crate::model::Source) -> SourcePlan {
    let sampler = |factor: &Option<Distribution>| match &source.arrivals {
        Arrivals::Poisson(_) => factor.as_ref().map(Sampler::new),
        _ => None,
    };
    let id = SourceId::at(k);
    let most_uplift = model
        .changes
        .iter()
        .filter_map(|change| match change.to {
            ChangedValue::Uplift(of, factor) if of == id => Some(factor),
            _ => None,
        })
        .fold(1.0, f64::max);
    let lowered = model.changes.iter().any(|change| matches!(change.to, ChangedValue::Uplift(of, _) if of == id));
    SourcePlan {
        day: sampler(&source.factors.busyness.day),
        hour: sampler(&source.factors.busyness.hour),
        // A hair above 1 makes the stream keep the heights that a control needs.
        most_uplift: if lowered { most_uplift.max(1.0 + f64::EPSILON) } else { 1.0 },
        held_by: (0_u16..)
            .zip(&model.diversions)
            .filter(|(_, diversion)| diversion.strikes.from(id))
            .map(|(k, _)| k)
            .collect(),
        number: u16::try_from(k).expect("sources are numbered by u16"),
        kind: source.kind,
        first_at: None,
        bare_at: None,
        only_way: match source.route.legs.as_slice() {
            [leg] if leg.share >= 1.0 && leg.lines.is_none() && leg.sources.is_empty() => Some(leg.to),
            _ => None,
        },
    }
}

fn diversion_plan(model: &Model, k: usize) -> DiversionPlan<'_> {
    let of = &model.diversions[k];
    let excludes = |sla: &Sla| sla.excludes.struck_by.contains(&DiversionId::at(k));
    let excluded_by = (0_u8..).zip(&model.slas).filter(|(_, sla)| excludes(sla)).map(|(bit, _)| 1_u8 << bit).sum();
    let by_hour = of.by_hour.iter().copied().reduce(f64::max).unwrap_or(1.0);
    DiversionPlan { of, most: of.chance * by_hour * (1.0 + 1e-8), takes: takes(&of.takes), excluded_by }
}

fn contact(contact: &crate::model::Contact) -> ContactPlan {
    ContactPlan {
        takes_mean: contact.takes.mean(1.0, 1.0) * TICKS_PER_SECOND as f64,
        spread: match &contact.takes.spread {
            Spread::Variate(distribution) => Some(Sampler::new(distribution)),
            Spread::None | Spread::Recorded(_) => None,
        },
        again: Sampler::new(&contact.writes_again_after),
        delay: match &contact.cause {
            crate::model::ContactCause::Baseline { after, .. } => Some(Sampler::new(after)),
            _ => None,
        },
    }
}
