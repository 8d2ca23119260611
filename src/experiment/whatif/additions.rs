//! A little more capacity: the model with one head, one bench, one hour, one wave more, or a later collection.

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
}

/// What can be added where station `k` works: people, hours, equipment.
pub(super) fn at_station(model: &Model, k: usize) -> Vec<Addition> {
    let station = &model.stations[k];
    let mut found = Vec::new();
    if let Staff::Pool(pool) = station.staff {
        found.extend([Addition::Head(pool), Addition::Hour(pool)]);
    }
    found.extend(station.equipment.map(|_| Addition::Equipment(StationId::at(k))));
    found
}

/// What can be added at station `k` if it is a gate.
pub(super) fn at_gate(model: &Model, k: usize) -> Option<Addition> {
    match model.stations[k].release {
        Release::Timed { collection: true, .. } => Some(Addition::LaterCollection(StationId::at(k))),
        Release::Timed { .. } => Some(Addition::Wave(StationId::at(k))),
        Release::AtOnce | Release::Gathered { .. } => None,
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
            Addition::LaterCollection(_) => "collection",
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
        }
        Model::assemble(parts).ok()
    }

    /// Whether it is more capacity at station `k`, whose people are those of `pool`. A collection is nobody's own.
    pub(super) fn is_at(self, k: usize, pool: Option<PoolId>) -> bool {
        match self {
            Addition::Head(of) | Addition::Hour(of) => pool == Some(of),
            Addition::Equipment(station) | Addition::Wave(station) => station.index() == k,
            Addition::LaterCollection(_) => false,
        }
    }

    pub(super) fn is_of_people(self) -> bool {
        matches!(self, Addition::Head(_) | Addition::Hour(_))
    }

    /// The pool or station it is added to.
    pub(super) fn place(self, model: &Model) -> String {
        match self {
            Addition::Head(pool) | Addition::Hour(pool) => model.pools[pool.index()].name.clone(),
            Addition::Equipment(station) | Addition::Wave(station) | Addition::LaterCollection(station) => {
                model.stations[station.index()].name.clone()
            }
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
