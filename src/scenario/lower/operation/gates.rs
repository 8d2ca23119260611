//! Single ways: where an item goes that has to go to one place.

use super::Lowering;
use crate::model::{
    Discipline, Fate, Layer, OutagePolicy, Release, Route, ServiceTime, Staff, Station, StationId, WhenFull, WorkUnit,
};
use crate::scenario::lower::target;
use crate::scenario::names::Name;
use crate::scenario::reader::Spanned;

impl Lowering<'_> {
    /// Where an item goes that is sent to `reference`. Several ways on (the lanes of a station, the carriers) become one
    /// station that takes no time and sends items on.
    pub(super) fn fate(&mut self, reference: &Spanned<Name>) -> Option<Fate> {
        let legs = target(reference, self.names, self.sink)?;
        if let [only] = &legs[..]
            && only.lines.is_none()
            && only.sources.is_empty()
        {
            return Some(only.to);
        }
        let first = self.names.station_names.len();
        if let Some(known) = self.gates.iter().position(|gate| gate.name == reference.as_str()) {
            return Some(Fate::To(StationId::at(first + known)));
        }
        let id = StationId::at(first + self.gates.len());
        let route = Route { legs };
        self.gates.push(plain_station(reference.as_str(), Layer::Warehouse, Staff::Unlimited, route));
        Some(Fate::To(id))
    }

    /// The station that `reference` names, where an item cannot leave instead.
    pub(super) fn station_of(&mut self, reference: &Spanned<Name>) -> Option<StationId> {
        match self.fate(reference)? {
            Fate::To(station) => Some(station),
            Fate::Done | Fate::Cancelled => {
                let message = format!("\"{}\" is no station", reference.as_str());
                let help = "name a station, collection or desk of the file";
                self.wrong("unknown-reference", &reference.place, message, "not a station", help);
                None
            }
        }
    }
}

/// A station without any limit, whose work takes no time.
pub(super) fn plain_station(name: &str, layer: Layer, staff: Staff, route: Route) -> Station {
    Station {
        name: name.to_owned(),
        draws_as: name.to_owned(),
        layer,
        owner: None,
        unit: WorkUnit::Order,
        staff,
        equipment: None,
        equipment_kinds: Vec::new(),
        takes: ServiceTime::constant(0.0),
        takes_of: Vec::new(),
        release: Release::AtOnce,
        discipline: Discipline::Fifo,
        capacity: None,
        when_full: WhenFull::TurnAway(Fate::Cancelled),
        rate_limit: None,
        batch: None,
        retry: None,
        patience: None,
        outages: Vec::new(),
        outage_policy: OutagePolicy::Pause,
        breakdown: None,
        route,
    }
}
