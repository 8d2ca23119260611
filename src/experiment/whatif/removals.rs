//! One cause less: the model without outages, without exceptions, with owners who answer at once, with unlimited floor
//! staff.

use crate::engine::MOST_RANKS;
use crate::model::{
    ChangedValue, DiversionKind, Layer, Model, ModelParts, Pool, PoolId, Release, Roster, Staff, Station, StationId,
};

/// A cause that is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// No station is ever out of order, and no server breaks down.
    Outages,
    /// No exception strikes; holds do.
    Exceptions,
    /// Nobody waits at a desk of holds and exceptions, by day or by night. The work there still takes its time.
    OwnersWait,
    /// Whoever works in the warehouse has as many people as there is work, in today's shifts and with today's equipment.
    FloorStaff,
    /// The same, with as much equipment in the warehouse as there is work.
    FloorStaffAndEquipment,
}

impl Removal {
    /// All of them.
    pub const ALL: [Removal; 5] = [
        Removal::Outages,
        Removal::Exceptions,
        Removal::OwnersWait,
        Removal::FloorStaff,
        Removal::FloorStaffAndEquipment,
    ];

    /// Its name in results and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Removal::Outages => "no outages",
            Removal::Exceptions => "no exceptions",
            Removal::OwnersWait => "owners answer at once",
            Removal::FloorStaff => "unlimited floor staff",
            Removal::FloorStaffAndEquipment => "unlimited floor staff and equipment",
        }
    }

    /// `model` without the cause; `None` where there is nothing of the kind to take away.
    #[must_use]
    pub fn from(self, model: &Model) -> Option<Model> {
        let mut parts = model.clone().into_parts();
        match self {
            Removal::Outages => without_outages(&mut parts)?,
            Removal::Exceptions => without_exceptions(&mut parts)?,
            Removal::OwnersWait => with_owners_at_hand(&mut parts)?,
            Removal::FloorStaff => with_people_enough(&mut parts)?,
            Removal::FloorStaffAndEquipment => {
                with_equipment_enough(&mut parts)?;
                with_people_enough(&mut parts)?;
            }
        }
        Model::assemble(parts).ok()
    }
}

fn without_outages(parts: &mut ModelParts) -> Option<()> {
    let mut found = false;
    for station in &mut parts.stations {
        found |= !station.outages.is_empty() || station.breakdown.is_some();
        station.outages.clear();
        station.breakdown = None;
    }
    let planned = parts.changes.len();
    parts.changes.retain(|change| !matches!(change.to, ChangedValue::Outage(..)));
    (found || parts.changes.len() < planned).then_some(())
}

fn without_exceptions(parts: &mut ModelParts) -> Option<()> {
    let strikes = |of: &crate::model::Diversion| of.kind == DiversionKind::Exception && of.chance > 0.0;
    let raised = parts.changes.iter().any(|change| matches!(change.to, ChangedValue::ExceptionFactor(to) if to > 0.0));
    if !parts.diversions.iter().any(strikes) || (parts.exception_factor <= 0.0 && !raised) {
        return None;
    }
    parts.exception_factor = 0.0;
    parts.changes.retain(|change| !matches!(change.to, ChangedValue::ExceptionFactor(_)));
    Some(())
}

fn with_owners_at_hand(parts: &mut ModelParts) -> Option<()> {
    let desks: Vec<StationId> = parts.diversions.iter().map(|diversion| diversion.desk).collect();
    let waits = |desk: &StationId| parts.stations[desk.index()].staff != Staff::Unlimited;
    if !desks.iter().any(waits) {
        return None;
    }
    for desk in desks {
        let station = &mut parts.stations[desk.index()];
        station.staff = Staff::Unlimited;
        station.release = Release::AtOnce;
        station.equipment = None;
        station.equipment_kinds.clear();
        station.batch = None;
        station.rate_limit = None;
        station.capacity = None;
        station.patience = None;
        for pool in &mut parts.pools {
            pool.order_of_work.retain(|id| *id != desk);
        }
        parts.changes.retain(|change| !matches!(change.to, ChangedValue::Equipment(of, _) if of == desk));
    }
    Some(())
}

fn with_equipment_enough(parts: &mut ModelParts) -> Option<()> {
    let mut found = false;
    let (stations, changes) = (&mut parts.stations, &mut parts.changes);
    let warehouse = |station: &Station| station.layer == Layer::Warehouse;
    changes.retain(|change| !matches!(change.to, ChangedValue::Equipment(of, _) if warehouse(&stations[of.index()])));
    for station in stations.iter_mut().filter(|station| warehouse(station)) {
        found |= station.equipment.is_some();
        station.equipment = None;
        station.equipment_kinds.clear();
    }
    found.then_some(())
}

/// Servers that the engine has places for are not without end: the people of the floor get most of them.
const PLACES: u64 = MOST_RANKS as u64 / 4 * 3;

/// Multiplies the people of every pool of the warehouse, so that the mix of those who are fast and those who still learn
/// stays, by as much as there are places for.
fn with_people_enough(parts: &mut ModelParts) -> Option<()> {
    let in_warehouse = |id: &StationId| parts.stations[id.index()].layer == Layer::Warehouse;
    let is_floor = |pool: &Pool| pool.order_of_work.iter().any(in_warehouse) && pool.roster.most() > 0;
    let floor: Vec<usize> = (0..parts.pools.len()).filter(|k| is_floor(&parts.pools[*k])).collect();
    // Those who finish overlap with those who come, at every station that they work at.
    let places = |pool: usize| {
        let at = parts.stations.iter().filter(|station| station.staff == Staff::Pool(PoolId::at(pool))).count();
        2 * u64::from(parts.pools[pool].roster.most()) * at as u64
    };
    let needed: u64 = floor.iter().map(|pool| places(*pool)).sum();
    let others: u64 = (0..parts.pools.len()).filter(|pool| !floor.contains(pool)).map(places).sum();
    let times = u32::try_from(PLACES.checked_sub(others)?.checked_div(needed)?).ok().filter(|times| *times > 1)?;
    for pool in floor {
        match &mut parts.pools[pool].roster {
            Roster::Steps(steps) => steps.iter_mut().for_each(|step| step.heads *= times),
            Roster::Shifts { spans, .. } => {
                for span in spans {
                    span.heads *= times;
                    // Who stays away makes no difference, and need not be drawn.
                    span.absent = 0.0;
                }
            }
        }
    }
    Some(())
}
