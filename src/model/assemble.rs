//! The parts of a model and what must be true of them together.

use super::{
    Campaign, Change, ChangedValue, ClockStart, ClockStop, Contact, ContactCause, Day, Diversion, DiversionEnd, Fate,
    FollowUp, Horizon, Lever, Limits, Measure, Pool, Route, Sla, Source, Staff, Station, StationId, Strikes, WhenFull,
};
use crate::calendar::Calendar;

/// Everything a model consists of.
#[derive(Clone, Debug)]
pub struct ModelParts {
    /// What the scenario calls itself.
    pub title: String,
    /// Local time; `None` for a stationary question.
    pub calendar: Option<Calendar>,
    /// What is simulated and what is judged.
    pub horizon: Horizon,
    /// The local days of the horizon, in order; empty without a calendar.
    pub days: Vec<Day>,
    /// Sources of orders and other work.
    pub sources: Vec<Source>,
    /// Planned campaigns, as facts for reports: the sources' rates hold their orders already.
    pub campaigns: Vec<Campaign>,
    /// Stations.
    pub stations: Vec<Station>,
    /// Pools; the own servers of a station are a pool of one station.
    pub pools: Vec<Pool>,
    /// Holds and exception classes.
    pub diversions: Vec<Diversion>,
    /// Factor on the chance of all exceptions (not of holds).
    pub exception_factor: f64,
    /// Contacts that follow from what happens to orders.
    pub contacts: Vec<Contact>,
    /// Work that follows dispatched orders.
    pub follow_ups: Vec<FollowUp>,
    /// Service level agreements.
    pub slas: Vec<Sla>,
    /// Planned changes, ascending by time.
    pub changes: Vec<Change>,
    /// What could still be decided; no part of the plan.
    pub levers: Vec<Lever>,
    /// Numbers asked for beside the standard ones.
    pub measures: Vec<Measure>,
    /// What a run may use.
    pub limits: Limits,
}

/// Something that cannot be true of a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{item}: {flaw}")]
pub struct ModelError {
    /// The item, as `station.pick`.
    pub item: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What can be wrong with an item of a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Another of its kind has the name, too.
    #[error("the name is used twice")]
    NameTwice,
    /// No way leads to this station.
    #[error("no order ever reaches it")]
    Unreached,
    /// No way leads out from this station.
    #[error("what enters here never leaves: its flow is a circle")]
    Circle,
    /// An outage of this station begins before the last one has ended.
    #[error("its outages overlap")]
    OutagesOverlap,
    /// Something that no scenario file can say: an index without an item, a share that is none.
    #[error("{0}")]
    Other(String),
}

/// Every inconsistency of `parts`.
pub(super) fn check(parts: &ModelParts) -> Vec<ModelError> {
    let mut found = Findings { parts, errors: Vec::new() };
    found.names();
    found.sources();
    found.stations();
    found.pools();
    found.diversions();
    found.contacts();
    found.slas();
    found.changes();
    found.reachable();
    found.errors
}

struct Findings<'a> {
    parts: &'a ModelParts,
    errors: Vec<ModelError>,
}

impl Findings<'_> {
    fn push(&mut self, item: String, message: impl Into<String>) {
        self.flaw(item, Flaw::Other(message.into()));
    }

    fn flaw(&mut self, item: String, flaw: Flaw) {
        self.errors.push(ModelError { item, flaw });
    }

    fn names(&mut self) {
        let parts = self.parts;
        let lists: [(&str, Vec<&str>); 5] = [
            ("source", parts.sources.iter().map(|s| s.name.as_str()).collect()),
            ("station", parts.stations.iter().map(|s| s.name.as_str()).collect()),
            ("pool", parts.pools.iter().filter(|p| p.shared).map(|p| p.name.as_str()).collect()),
            ("exception", parts.diversions.iter().map(|d| d.name.as_str()).collect()),
            ("sla", parts.slas.iter().map(|s| s.name.as_str()).collect()),
        ];
        for (kind, mut names) in lists {
            names.sort_unstable();
            for pair in names.windows(2) {
                if pair[0] == pair[1] {
                    self.flaw(format!("{kind}.{}", pair[0]), Flaw::NameTwice);
                }
            }
        }
    }

    fn fate(&mut self, item: &str, fate: Fate) {
        if let Fate::To(station) = fate {
            self.station(item, station);
        }
    }

    fn station(&mut self, item: &str, station: StationId) {
        if station.index() >= self.parts.stations.len() {
            self.push(item.to_owned(), format!("there is no station number {}", station.0));
        }
    }

    fn route(&mut self, item: &str, route: &Route) {
        if route.legs.is_empty() {
            self.push(item.to_owned(), "its items have nowhere to go");
        }
        for leg in &route.legs {
            self.fate(item, leg.to);
            if !(0.0..=1.0).contains(&leg.share) {
                self.push(item.to_owned(), "a share of its route is not between 0 and 1");
            }
        }
    }

    fn sources(&mut self) {
        for source in &self.parts.sources {
            let item = format!("source.{}", source.name);
            self.route(&item, &source.route);
            if !(source.factors.uplift.is_finite() && source.factors.uplift >= 0.0) {
                self.push(item, "the uplift must be a number from 0 up");
            }
        }
    }

    fn stations(&mut self) {
        for (k, station) in self.parts.stations.iter().enumerate() {
            let item = format!("station.{}", station.name);
            self.route(&item, &station.route);
            if let Staff::Pool(pool) = station.staff {
                match self.parts.pools.get(pool.index()) {
                    None => self.push(item.clone(), format!("there is no pool number {}", pool.0)),
                    Some(pool) if !pool.order_of_work.contains(&StationId::at(k)) => {
                        self.push(item.clone(), format!("pool '{}' does not list it in its order of work", pool.name));
                    }
                    Some(_) => {}
                }
            }
            if let WhenFull::TurnAway(fate) = station.when_full {
                self.fate(&item, fate);
            }
            if let Some(retry) = &station.retry {
                self.fate(&item, retry.then);
                if retry.attempts == 0 {
                    self.push(item.clone(), "it needs at least one attempt");
                }
            }
            if let Some(patience) = &station.patience {
                self.fate(&item, patience.then);
            }
            if let Some(batch) = station.batch
                && (batch.min == 0 || batch.max < batch.min)
            {
                self.push(item.clone(), "a batch needs 1 ≤ min ≤ max");
            }
            if station.outages.windows(2).any(|pair| pair[0].to > pair[1].from) {
                self.flaw(item, Flaw::OutagesOverlap);
            }
        }
    }

    fn pools(&mut self) {
        for pool in &self.parts.pools {
            for station in &pool.order_of_work {
                self.station(&format!("pool.{}", pool.name), *station);
            }
        }
    }

    fn diversions(&mut self) {
        for diversion in &self.parts.diversions {
            let item = format!("exception.{}", diversion.name);
            self.station(&item, diversion.desk);
            match &diversion.strikes {
                Strikes::After(stations) => stations.iter().for_each(|station| self.station(&item, *station)),
                Strikes::From(sources) => {
                    for source in sources.iter().filter(|source| source.index() >= self.parts.sources.len()) {
                        self.push(item.clone(), format!("there is no source number {}", source.0));
                    }
                }
            }
            for (_, end) in &diversion.ends {
                if let DiversionEnd::Enters(station) | DiversionEnd::SplitOff(station) | DiversionEnd::Reship(station) =
                    end
                {
                    self.station(&item, *station);
                }
            }
            let sum: f64 = diversion.ends.iter().map(|(share, _)| share).sum();
            if (sum - 1.0).abs() > 1e-9 {
                self.push(item, format!("the shares of its ends add up to {sum}, not 1"));
            }
        }
    }

    fn contacts(&mut self) {
        for work in &self.parts.follow_ups {
            self.fate(&format!("follow_up.{}", work.name), work.to);
        }
        for contact in &self.parts.contacts {
            let item = format!("contact.{}", contact.name);
            self.fate(&item, contact.to);
            if let ContactCause::Lateness { sla, .. } = &contact.cause
                && sla.index() >= self.parts.slas.len()
            {
                self.push(item, format!("there is no SLA number {}", sla.0));
            }
        }
    }

    fn slas(&mut self) {
        let parts = self.parts;
        for sla in &parts.slas {
            let item = format!("sla.{}", sla.name);
            if let ClockStart::Reached(stations) = &sla.starts {
                stations.iter().for_each(|station| self.station(&item, *station));
            }
            if let ClockStop::Served(stations) = &sla.stops {
                stations.iter().for_each(|station| self.station(&item, *station));
            }
            let sources = sla.sources.iter().chain(&sla.excludes.sources);
            for source in sources.filter(|source| source.index() >= parts.sources.len()) {
                self.push(item.clone(), format!("there is no source number {}", source.0));
            }
            for id in sla.excludes.struck_by.iter().filter(|id| id.index() >= parts.diversions.len()) {
                self.push(item.clone(), format!("there is no hold or exception number {}", id.0));
            }
            if sla.window.rolling == 0 || sla.window.count() == 0 {
                self.push(item.clone(), "it has no window");
            }
            if sla.suspension.as_ref().is_some_and(|clause| clause.forecast.len() != sla.window.stretches()) {
                self.push(item, "its forecast is not one number for each stretch of its windows");
            }
        }
    }

    fn changes(&mut self) {
        if self.parts.changes.windows(2).any(|pair| pair[0].at > pair[1].at) {
            self.push("changes".to_owned(), "they are not in order of time");
        }
        for change in &self.parts.changes {
            if let ChangedValue::ExtraHeads(pool, _) = change.to
                && pool.index() >= self.parts.pools.len()
            {
                self.push("changes".to_owned(), format!("there is no pool number {}", pool.0));
            }
        }
    }

    /// Every station must be reached from a source, and every station must lead out.
    fn reachable(&mut self) {
        if !self.errors.is_empty() {
            return;
        }
        let reached = self.parts.reached_stations();
        for (k, station) in self.parts.stations.iter().enumerate() {
            if !reached[k] {
                self.flaw(format!("station.{}", station.name), Flaw::Unreached);
            }
        }
        let leads_out = self.parts.stations_that_lead_out();
        for (k, station) in self.parts.stations.iter().enumerate() {
            if reached[k] && !leads_out[k] {
                self.flaw(format!("station.{}", station.name), Flaw::Circle);
            }
        }
    }
}

impl ModelParts {
    /// Where an item may go after `station`, whatever happens to it there.
    #[must_use]
    pub fn ways_on(&self, station: StationId) -> Vec<Fate> {
        let here = &self.stations[station.index()];
        let mut ways: Vec<Fate> = here.route.legs.iter().filter(|leg| leg.share > 0.0).map(|leg| leg.to).collect();
        if let WhenFull::TurnAway(fate) = here.when_full
            && here.capacity.is_some()
        {
            ways.push(fate);
        }
        ways.extend(here.retry.as_ref().map(|retry| retry.then));
        ways.extend(here.patience.as_ref().map(|patience| patience.then));
        for diversion in &self.diversions {
            if diversion.strikes.after(station) {
                ways.push(Fate::To(diversion.desk));
            }
            if diversion.desk == station {
                ways.extend(diversion.ends.iter().filter(|(share, _)| *share > 0.0).flat_map(|(_, end)| match end {
                    DiversionEnd::Enters(to) | DiversionEnd::SplitOff(to) | DiversionEnd::Reship(to) => {
                        vec![Fate::To(*to), Fate::Done]
                    }
                    DiversionEnd::GoesOn => self.ways_past(diversion),
                    DiversionEnd::Cancel => vec![Fate::Cancelled],
                }));
            }
        }
        ways
    }

    fn ways_past(&self, diversion: &Diversion) -> Vec<Fate> {
        let routes: Vec<&Route> = match &diversion.strikes {
            Strikes::From(sources) => sources.iter().map(|source| &self.sources[source.index()].route).collect(),
            Strikes::After(stations) => stations.iter().map(|station| &self.stations[station.index()].route).collect(),
        };
        routes.iter().flat_map(|route| &route.legs).filter(|leg| leg.share > 0.0).map(|leg| leg.to).collect()
    }

    /// For each station, whether an item of some source or contact may reach it.
    #[must_use]
    pub fn reached_stations(&self) -> Vec<bool> {
        let mut reached = vec![false; self.stations.len()];
        let mut open: Vec<Fate> = self
            .sources
            .iter()
            .flat_map(|source| source.route.legs.iter().filter(|leg| leg.share > 0.0).map(|leg| leg.to))
            .chain(self.contacts.iter().map(|contact| contact.to))
            .chain(self.follow_ups.iter().map(|work| work.to))
            .collect();
        open.extend(self.diversions.iter().filter_map(|diversion| match &diversion.strikes {
            Strikes::From(_) => Some(Fate::To(diversion.desk)),
            Strikes::After(_) => None,
        }));
        while let Some(fate) = open.pop() {
            if let Fate::To(station) = fate
                && !std::mem::replace(&mut reached[station.index()], true)
            {
                open.extend(self.ways_on(station));
            }
        }
        reached
    }

    /// For each station, whether there is a way out from it.
    #[must_use]
    pub fn stations_that_lead_out(&self) -> Vec<bool> {
        let mut leads = vec![false; self.stations.len()];
        loop {
            let before = leads.iter().filter(|out| **out).count();
            for k in 0..self.stations.len() {
                leads[k] = leads[k]
                    || self.ways_on(StationId::at(k)).iter().any(|fate| match fate {
                        Fate::To(to) => leads[to.index()],
                        Fate::Done | Fate::Cancelled => true,
                    });
            }
            if leads.iter().filter(|out| **out).count() == before {
                return leads;
            }
        }
    }
}
