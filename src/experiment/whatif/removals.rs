//! One cause less: the model without outages, without exceptions, with owners who answer at once, with unlimited floor
//! staff, with collections that take all, without rate limits.

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
    /// Carriers take all that is ready, whatever its amount.
    CollectionLimits,
    /// No rate limit holds anybody up.
    RateLimits,
}

impl Removal {
    /// All of them.
    pub const ALL: [Removal; 7] = [
        Removal::Outages,
        Removal::Exceptions,
        Removal::OwnersWait,
        Removal::FloorStaff,
        Removal::FloorStaffAndEquipment,
        Removal::CollectionLimits,
        Removal::RateLimits,
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
            Removal::CollectionLimits => "collections that take all",
            Removal::RateLimits => "no rate limits",
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
            Removal::CollectionLimits => with_room_enough(&mut parts)?,
            Removal::RateLimits => without_rate_limits(&mut parts)?,
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

fn without_rate_limits(parts: &mut ModelParts) -> Option<()> {
    let found = parts.stations.iter_mut().filter_map(|station| station.rate_limit.take()).count();
    parts.changes.retain(|change| !matches!(change.to, ChangedValue::RateLimit(..)));
    (found > 0).then_some(())
}

fn with_room_enough(parts: &mut ModelParts) -> Option<()> {
    let mut found = false;
    for station in &mut parts.stations {
        if let Release::Timed { collection: true, at_most, .. } = &mut station.release {
            found |= at_most.take().is_some();
        }
    }
    let collections: Vec<StationId> =
        (0..parts.stations.len()).filter(|k| parts.stations[*k].is_collection()).map(StationId::at).collect();
    let limits = |to: ChangedValue| matches!(to, ChangedValue::ReleaseAtMost(of, _) if collections.contains(&of));
    parts.changes.retain(|change| !limits(change.to));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture::{hours, model, parts};
    use crate::model::{Change, Outage};

    #[test]
    fn what_is_not_there_cannot_be_taken_away() {
        let applies: Vec<Removal> =
            Removal::ALL.into_iter().filter(|removal| removal.from(&model()).is_some()).collect();
        let expected = [Removal::Exceptions, Removal::OwnersWait, Removal::FloorStaff, Removal::FloorStaffAndEquipment];
        assert_eq!(applies, expected);
        let mut parts = parts();
        parts.exception_factor = 0.0;
        assert!(Removal::Exceptions.from(&Model::assemble(parts).unwrap()).is_none());
    }

    #[test]
    fn outages_go_planned_or_stated() {
        let mut parts = parts();
        parts.stations[0].outages = vec![Outage { from: hours(30), to: hours(31) }];
        parts.changes = vec![Change { at: hours(40), to: ChangedValue::Outage(StationId(1), true) }];
        let without = Removal::Outages.from(&Model::assemble(parts).unwrap()).unwrap();
        assert!(without.stations[0].outages.is_empty() && without.changes.is_empty());
    }

    #[test]
    fn an_owner_at_hand_has_a_desk_without_a_line() {
        let at_hand = Removal::OwnersWait.from(&model()).unwrap();
        assert_eq!(at_hand.stations[2].staff, Staff::Unlimited);
        assert!(at_hand.pools.iter().all(|pool| !pool.order_of_work.contains(&StationId(2))));
        assert!(Removal::OwnersWait.from(&at_hand).is_none());
    }

    #[test]
    fn people_enough_keep_their_mix_and_fit_the_engine() {
        let (before, after) = (model(), Removal::FloorStaff.from(&model()).unwrap());
        let heads = |model: &Model| match &model.pools[1].roster {
            Roster::Shifts { spans, .. } => spans.iter().map(|span| span.heads).collect::<Vec<_>>(),
            Roster::Steps(_) => panic!(),
        };
        let times: Vec<u32> = heads(&after).iter().zip(heads(&before)).map(|(after, before)| after / before).collect();
        assert!(times[0] > 100 && times.iter().all(|one| *one == times[0]), "{times:?}");
        assert_eq!(after.pools[0].roster.most(), before.pools[0].roster.most());
        assert!(crate::engine::Plan::new(&after).is_ok());
        assert!(Removal::FloorStaffAndEquipment.from(&before).unwrap().stations[1].equipment.is_none());
    }
}
