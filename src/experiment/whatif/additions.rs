//! A little more capacity: the model with one head, one bench, one hour, one wave or one cage more, a later
//! collection, a higher rate limit.

use crate::model::{
    ChangedValue, Day, Model, ModelParts, Pool, PoolId, Release, ReleaseTimes, Roster, Staff, StationId,
};
use crate::time::{SimDuration, SimTime};
use std::collections::BTreeMap;

/// How much later or longer.
const HOUR: SimDuration = SimDuration::from_hours(1);

/// A little more capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addition {
    /// One head more whenever somebody of the pool is rostered.
    Head(PoolId),
    /// Every shift of the pool an hour longer.
    Hour(PoolId),
    /// One more of the scarcest kind of equipment.
    Equipment(StationId),
    /// One wave more on each day that has waves, as long after the last as that is after the one before.
    Wave(StationId),
    /// A carrier collects an hour later.
    LaterCollection(StationId),
    /// A carrier takes a cage more at each collection.
    Cage(StationId),
    /// A rate limit a tenth higher.
    RateLimit(StationId),
}

/// What can be added where station `k` works: people, hours, equipment.
pub(super) fn at_station(model: &Model, k: usize) -> Vec<Addition> {
    let station = &model.stations[k];
    let mut found = Vec::new();
    if let Staff::Pool(pool) = station.staff {
        found.extend([Addition::Head(pool), Addition::Hour(pool)]);
    }
    found.extend(station.equipment.map(|_| Addition::Equipment(StationId::at(k))));
    found.extend(station.rate_limit.map(|_| Addition::RateLimit(StationId::at(k))));
    found
}

/// What can be added at station `k` if it is a gate.
pub(super) fn at_gate(model: &Model, k: usize) -> Vec<Addition> {
    let id = StationId::at(k);
    match model.stations[k].release {
        Release::Timed { collection: true, .. } => vec![Addition::LaterCollection(id), Addition::Cage(id)],
        Release::Timed { .. } => vec![Addition::Wave(id)],
        Release::AtOnce | Release::Gathered { .. } => Vec::new(),
    }
}

impl Addition {
    /// The kind of capacity, as results name it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Addition::Head(_) => "head",
            Addition::Hour(_) => "hour",
            Addition::Equipment(_) => "equipment",
            Addition::Wave(_) => "release",
            Addition::LaterCollection(_) => "later collection",
            Addition::Cage(_) => "cage",
            Addition::RateLimit(_) => "rate limit",
        }
    }

    /// `model` with it; `None` where there is no such thing to add.
    #[must_use]
    pub fn to(self, model: &Model) -> Option<Model> {
        let mut parts = model.clone().into_parts();
        match self {
            Addition::Head(pool) => one_head(&mut parts.pools[pool.index()].roster),
            Addition::Hour(pool) => one_hour(&mut parts.pools[pool.index()].roster)?,
            Addition::Equipment(station) => one_piece(&mut parts, station)?,
            Addition::Wave(station) => {
                let days = std::mem::take(&mut parts.days);
                one_wave(&mut parts.stations[station.index()].release, &days)?;
                parts.days = days;
            }
            Addition::LaterCollection(station) => {
                let days = std::mem::take(&mut parts.days);
                later(&mut parts.stations[station.index()].release, &days)?;
                parts.days = days;
            }
            Addition::Cage(station) => one_cage(&mut parts.stations[station.index()].release)?,
            Addition::RateLimit(station) => higher_limit(&mut parts, station)?,
        }
        Model::assemble(parts).ok()
    }

    /// Whether it is more capacity at station `k`, whose people are those of `pool`.
    pub(super) fn is_at(self, k: usize, pool: Option<PoolId>) -> bool {
        match self {
            Addition::Head(of) | Addition::Hour(of) => pool == Some(of),
            Addition::Equipment(of)
            | Addition::Wave(of)
            | Addition::LaterCollection(of)
            | Addition::Cage(of)
            | Addition::RateLimit(of) => of.index() == k,
        }
    }

    /// Whether it is people who work more, not servers.
    pub(super) fn is_of_people(self, model: &Model) -> bool {
        let people = |pool: &Pool| pool.shared || matches!(pool.roster, Roster::Shifts { .. });
        matches!(self, Addition::Head(pool) | Addition::Hour(pool) if people(&model.pools[pool.index()]))
    }

    /// The pool or station it is added to.
    pub(super) fn place(self, model: &Model) -> String {
        match self {
            Addition::Head(pool) | Addition::Hour(pool) => model.pools[pool.index()].name.clone(),
            Addition::Equipment(of)
            | Addition::Wave(of)
            | Addition::LaterCollection(of)
            | Addition::Cage(of)
            | Addition::RateLimit(of) => model.stations[of.index()].name.clone(),
        }
    }

    /// What it is, as it stands in a table: "one head more in every shift of 'floor'".
    pub(super) fn in_words(self, model: &Model) -> String {
        let place = self.place(model);
        match self {
            Addition::Head(pool) => {
                let Pool { shared, roster, .. } = &model.pools[pool.index()];
                match (shared, roster) {
                    (true, Roster::Shifts { .. }) => format!("one head more in every shift of '{place}'"),
                    (true, Roster::Steps(_)) => format!("one head more in '{place}'"),
                    (false, Roster::Shifts { .. }) => format!("one person more in every shift at '{place}'"),
                    (false, Roster::Steps(_)) => format!("one server more at '{place}'"),
                }
            }
            Addition::Hour(_) => format!("every shift of '{place}' an hour longer"),
            Addition::Equipment(station) => {
                let kinds = &model.stations[station.index()].equipment_kinds;
                let least = kinds.iter().map(|kind| kind.count).min();
                let scarcest: Vec<&str> =
                    kinds.iter().filter(|kind| Some(kind.count) == least).map(|kind| kind.name.as_str()).collect();
                format!("one more of the {} at '{place}'", scarcest.join(" and "))
            }
            Addition::Wave(_) => format!("one wave more a day at '{place}'"),
            Addition::LaterCollection(_) => format!("'{place}' collects an hour later"),
            Addition::Cage(_) => format!("'{place}' takes a cage more each time"),
            Addition::RateLimit(_) => format!("the rate limit of '{place}' a tenth higher"),
        }
    }
}

fn one_head(roster: &mut Roster) {
    match roster {
        Roster::Steps(steps) => steps.iter_mut().filter(|step| step.heads > 0).for_each(|step| step.heads += 1),
        Roster::Shifts { spans, .. } => spans.iter_mut().filter(|span| span.heads > 0).for_each(|span| span.heads += 1),
    }
}

/// Each shift ends an hour later; `None` when nobody ever goes home, or would meet the next shift of the same people.
fn one_hour(roster: &mut Roster) -> Option<()> {
    match roster {
        Roster::Steps(steps) => {
            let downs: Vec<usize> = (1..steps.len()).filter(|k| steps[*k].heads < steps[*k - 1].heads).collect();
            for k in &downs {
                let at = steps[*k].from + HOUR;
                if steps.get(k + 1).is_some_and(|next| next.from <= at) {
                    return None;
                }
                steps[*k].from = at;
            }
            (!downs.is_empty()).then_some(())
        }
        Roster::Shifts { spans, .. } => {
            let mut shifts: BTreeMap<u64, (SimTime, usize)> = BTreeMap::new();
            for (k, span) in spans.iter().enumerate() {
                let (from, last) = shifts.entry(span.shift_day).or_insert((span.from, k));
                *from = (*from).min(span.from);
                if spans[*last].to < span.to {
                    *last = k;
                }
            }
            for (from, last) in shifts.into_values() {
                let to = spans[last].to + HOUR;
                if to.since(from) > SimDuration::from_hours(24) {
                    return None;
                }
                spans[last].to = to;
            }
            Some(())
        }
    }
}

/// One more of each kind that is as scarce as the scarcest, planned changes of it included.
fn one_piece(parts: &mut ModelParts, id: StationId) -> Option<()> {
    let station = &mut parts.stations[id.index()];
    let least = station.equipment?;
    station.equipment_kinds.iter_mut().filter(|kind| kind.count == least).for_each(|kind| kind.count += 1);
    station.equipment = Some(least + 1);
    for change in &mut parts.changes {
        if let ChangedValue::Equipment(of, count) = &mut change.to
            && *of == id
        {
            *count += 1;
        }
    }
    Some(())
}

/// The releases at clock times, and the local day that each lies in.
fn by_day<'r>(release: &'r mut Release, days: &[Day]) -> Option<(&'r mut Vec<SimTime>, Vec<usize>)> {
    let Release::Timed { times: ReleaseTimes::At(instants), .. } = release else { return None };
    let day_of = |at: &SimTime| days.iter().position(|day| day.start <= *at && *at < day.end);
    let of: Option<Vec<usize>> = instants.iter().map(day_of).collect();
    Some((instants, of?))
}

fn one_wave(release: &mut Release, days: &[Day]) -> Option<()> {
    let (instants, of_day) = by_day(release, days)?;
    let mut more = Vec::new();
    for (k, day) in days.iter().enumerate() {
        let waves: Vec<SimTime> = (0..instants.len()).filter(|at| of_day[*at] == k).map(|at| instants[at]).collect();
        let Some(last) = waves.last().copied() else { continue };
        let gap = waves.len().checked_sub(2).map_or(HOUR, |before| last.since(waves[before]));
        let at = last + gap;
        if at < day.end {
            more.push(at);
        }
    }
    if more.is_empty() {
        return None;
    }
    instants.extend(more);
    instants.sort_unstable();
    Some(())
}

fn one_cage(release: &mut Release) -> Option<()> {
    let Release::Timed { at_most: Some(most), parcels_per_cage: Some(parcels), .. } = release else { return None };
    *most = most.saturating_add(*parcels);
    Some(())
}

fn higher_limit(parts: &mut ModelParts, id: StationId) -> Option<()> {
    parts.stations[id.index()].rate_limit.as_mut()?.per_second *= 1.1;
    for change in &mut parts.changes {
        if let ChangedValue::RateLimit(of, per_second) = &mut change.to
            && *of == id
        {
            *per_second *= 1.1;
        }
    }
    Some(())
}

/// `None` when a collection would come on the next day.
fn later(release: &mut Release, days: &[Day]) -> Option<()> {
    let (instants, of_day) = by_day(release, days)?;
    for (at, day) in instants.iter_mut().zip(of_day) {
        *at += HOUR;
        if *at >= days[day].end {
            return None;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture::{hours, model, parts};
    use crate::model::StaffStep;

    fn at(times: &[u64]) -> Release {
        Release::Timed {
            times: ReleaseTimes::At(times.iter().map(|hour| hours(*hour)).collect()),
            at_most: Some(80),
            ready_before: SimDuration::ZERO,
            collection: false,
            parcels_per_cage: Some(40),
        }
    }

    fn instants(release: &Release) -> Vec<u64> {
        let Release::Timed { times: ReleaseTimes::At(instants), .. } = release else { panic!("{release:?}") };
        instants.iter().map(|at| at.0 / hours(1).0).collect()
    }

    #[test]
    fn a_wave_more_follows_the_last_of_each_day_at_their_distance() {
        let days = parts().days;
        let mut release = at(&[8, 12, 33]);
        one_wave(&mut release, &days).unwrap();
        assert_eq!(instants(&release), [8, 12, 16, 33, 34]);
        // None before midnight, and none by the clock.
        assert_eq!(one_wave(&mut at(&[8, 20]), &days), None);
        assert_eq!(one_wave(&mut Release::AtOnce, &days), None);
    }

    #[test]
    fn a_collection_an_hour_later_stays_on_its_day() {
        let days = parts().days;
        let mut release = at(&[15, 18, 39]);
        later(&mut release, &days).unwrap();
        assert_eq!(instants(&release), [16, 19, 40]);
        assert_eq!(later(&mut at(&[15, 23]), &days), None);
        let mut release = at(&[15]);
        one_cage(&mut release).unwrap();
        assert!(matches!(release, Release::Timed { at_most: Some(120), .. }));
    }

    #[test]
    fn an_hour_more_follows_the_last_stretch_of_each_shift() {
        let step = |from, heads| StaffStep { from: hours(from), heads };
        let mut roster = Roster::Steps(vec![step(0, 2), step(8, 1), step(12, 3), step(20, 0)]);
        one_hour(&mut roster).unwrap();
        let Roster::Steps(steps) = &roster else { panic!() };
        assert_eq!(*steps, [step(0, 2), step(9, 1), step(12, 3), step(21, 0)]);
        // Who is always there has no hour to add, and who comes back within the hour neither.
        assert_eq!(one_hour(&mut Roster::constant(3)), None);
        assert_eq!(one_hour(&mut Roster::Steps(vec![step(0, 2), step(8, 0), step(9, 2)])), None);

        let before = model();
        let after = Addition::Hour(PoolId(1)).to(&before).unwrap();
        let spans = |model: &Model| match &model.pools[1].roster {
            Roster::Shifts { spans, .. } => spans.clone(),
            Roster::Steps(_) => panic!(),
        };
        let hours = |model: &Model| -> u64 { spans(model).iter().map(|span| span.to.since(span.from).0).sum() };
        let mut shifts: Vec<u64> = spans(&before).iter().map(|span| span.shift_day).collect();
        shifts.sort_unstable();
        shifts.dedup();
        assert_eq!(hours(&after) - hours(&before), shifts.len() as u64 * HOUR.0);
    }

    #[test]
    fn one_more_of_the_scarcest_equipment_is_there_after_planned_changes_too() {
        let mut parts = parts();
        let pick = StationId(1);
        parts.changes = vec![crate::model::Change { at: hours(30), to: ChangedValue::Equipment(pick, 2) }];
        let more = Addition::Equipment(pick).to(&Model::assemble(parts).unwrap()).unwrap();
        assert_eq!((more.stations[1].equipment, more.stations[1].equipment_kinds[0].count), (Some(5), 5));
        assert_eq!(more.changes[0].to, ChangedValue::Equipment(pick, 3));
        assert!(Addition::Equipment(StationId(0)).to(&model()).is_none());
    }
}
