//! A lever pulled: the model in which it acts from a start on.

use crate::model::{
    Arrivals, Change, ChangedValue, Intensity, IntensityStep, Lever, LeverAction, Model, ModelParts, Promise, Release,
    ReleaseTimes, Roster, ShiftSpan, Source, SourceId, StaffStep,
};
use crate::time::{SimDuration, SimTime};

/// Distance of the starts that are told apart.
pub const GRID: SimDuration = SimDuration(30 * 60 * 1_000_000);
/// Stretch of time over which planned orders are held against a cap.
const QUARTER: SimDuration = SimDuration(15 * 60 * 1_000_000);

/// The starts that differ in what the lever does, ascending, on a grid from its first instant: a shift cannot begin while
/// nobody is there, a release only at its times, and a cut-off moves for whole days.
pub(super) fn starts(model: &Model, lever: &Lever) -> Vec<SimTime> {
    let grid = || {
        let steps = lever.until.since(lever.from).0.saturating_sub(1) / GRID.0;
        (0..=steps).map(|k| SimTime(lever.from.0 + k * GRID.0))
    };
    let mut starts: Vec<SimTime> = match &lever.action {
        LeverAction::Heads { presence, .. } => {
            let there = |at: &SimTime| presence.iter().any(|span| span.from <= *at && *at < span.to);
            presence.iter().map(|span| span.from).chain(grid().filter(there)).collect()
        }
        LeverAction::Releases { at, .. } => at.clone(),
        LeverAction::CutOff { .. } => {
            let within = |at: &SimTime| lever.from <= *at && *at < lever.until;
            model.days.iter().map(|day| day.start).filter(within).collect()
        }
        LeverAction::AtMost { .. } | LeverAction::Pause(_) => grid().collect(),
        LeverAction::Unsent { at, .. } => vec![*at],
    };
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// `model` with the lever pulled at `start`, with so many heads where it adds any; `None` where that makes no model.
pub(super) fn pulled(model: &Model, lever: &Lever, start: SimTime, heads: u32) -> Option<Model> {
    let mut parts = model.clone().into_parts();
    match &lever.action {
        LeverAction::Heads { pool, presence, .. } => {
            let spans = presence.iter().filter(|span| start < span.to);
            let spans: Vec<ShiftSpan> =
                spans.map(|span| ShiftSpan { from: span.from.max(start), heads, ..*span }).collect();
            add_heads(&mut parts.pools[pool.index()].roster, &spans);
        }
        LeverAction::Releases { stations, at } => {
            for station in stations {
                if let Release::Timed { times: ReleaseTimes::At(times), .. } =
                    &mut parts.stations[station.index()].release
                {
                    times.extend(at.iter().filter(|at| start <= **at));
                    times.sort_unstable();
                    times.dedup();
                }
            }
        }
        LeverAction::CutOff { sla, due } => {
            let sla = &mut parts.slas[sla.index()];
            let until = model.days.iter().find(|day| lever.until <= day.start).map_or(SimTime::MAX, |day| day.start);
            if let Promise::CutOff(table) = &sla.promise {
                sla.promise = Promise::CutOff(table.with(due, start, until));
            }
        }
        LeverAction::AtMost { sources, per_hour } => cap(&mut parts, sources, *per_hour, (start, lever.until)),
        LeverAction::Pause(sources) => pause(&mut parts, sources, (start, lever.until)),
        LeverAction::Unsent { source, .. } => unsend(&mut parts.sources[source.index()]),
    }
    Model::assemble(parts).ok()
}

fn add_heads(roster: &mut Roster, spans: &[ShiftSpan]) {
    match roster {
        Roster::Shifts { spans: all, .. } => {
            all.extend_from_slice(spans);
            all.sort_by_key(|span| (span.from, span.shift_day));
        }
        Roster::Steps(steps) => {
            let before = |at: SimTime| steps.iter().rfind(|step| step.from <= at).map_or(0, |step| step.heads);
            let more = |at: SimTime| -> u32 {
                spans.iter().filter(|span| span.from <= at && at < span.to).map(|span| span.heads).sum()
            };
            let mut edges: Vec<SimTime> = steps.iter().map(|step| step.from).collect();
            edges.extend(spans.iter().flat_map(|span| [span.from, span.to]));
            edges.sort_unstable();
            edges.dedup();
            let made = edges.into_iter().map(|from| StaffStep { from, heads: before(from) + more(from) });
            let made: Vec<StaffStep> = made.collect();
            *steps = made;
        }
    }
}

fn pause(parts: &mut ModelParts, sources: &[SourceId], (start, until): (SimTime, SimTime)) {
    for id in sources {
        match &mut parts.sources[id.index()].arrivals {
            Arrivals::Recorded(records) => records.retain(|record| record.at < start || until <= record.at),
            Arrivals::Even(Intensity::Steps(steps)) => *steps = silenced(steps, start, until),
            _ => scale(parts, *id, &[(start, 0.0), (until, 1.0)]),
        }
    }
}

/// The same rates, zero from `start` to `until`.
fn silenced(steps: &[IntensityStep], start: SimTime, until: SimTime) -> Vec<IntensityStep> {
    let at = |t: SimTime| steps.iter().rfind(|step| step.from <= t).map_or(0.0, |step| step.per_hour);
    let outside = steps.iter().filter(|step| step.from < start || until < step.from).copied();
    let mut all: Vec<IntensityStep> = outside.collect();
    all.push(IntensityStep { from: start, per_hour: 0.0 });
    all.push(IntensityStep { from: until, per_hour: at(until) });
    all.sort_by_key(|step| step.from);
    all
}

fn unsend(source: &mut Source) {
    if let Arrivals::Poisson(Intensity::Send { orders, .. }) | Arrivals::Even(Intensity::Send { orders, .. }) =
        &mut source.arrivals
    {
        *orders = 0.0;
    }
}

/// Holds the planned orders of all `sources` together to `per_hour` in each quarter of an hour.
fn cap(parts: &mut ModelParts, sources: &[SourceId], per_hour: f64, (start, until): (SimTime, SimTime)) {
    let mut factors: Vec<(SimTime, f64)> = Vec::new();
    let mut at = start;
    while at < until {
        let end = (at + QUARTER).min(until);
        let of = |id: &SourceId| {
            let source = &parts.sources[id.index()];
            source.forecast(at, end) * source.factors.uplift * value_at(&uplifts(parts, *id), at)
        };
        let planned: f64 = sources.iter().map(of).sum();
        let most = per_hour * end.since(at).hours();
        factors.push((at, if planned > most { most / planned } else { 1.0 }));
        at = end;
    }
    factors.dedup_by_key(|(_, factor)| factor.to_bits());
    factors.push((until, 1.0));
    for id in sources {
        scale(parts, *id, &factors);
    }
}

/// Multiplies the rate of a source by `factors`, each from its instant on, 1 before the first.
fn scale(parts: &mut ModelParts, id: SourceId, factors: &[(SimTime, f64)]) {
    let planned = uplifts(parts, id);
    let mut edges: Vec<SimTime> = planned.iter().chain(factors).map(|(at, _)| *at).collect();
    edges.sort_unstable();
    edges.dedup();
    parts.changes.retain(|change| !matches!(change.to, ChangedValue::Uplift(of, _) if of == id));
    let change = |at: SimTime| {
        let factor = value_at(&planned, at) * value_at(factors, at);
        Change { at, to: ChangedValue::Uplift(id, factor) }
    };
    parts.changes.extend(edges.into_iter().map(change));
    parts.changes.sort_by_key(|change| change.at);
}

/// The planned changes of a source's rate.
fn uplifts(parts: &ModelParts, id: SourceId) -> Vec<(SimTime, f64)> {
    let of = |change: &Change| match change.to {
        ChangedValue::Uplift(source, factor) if source == id => Some((change.at, factor)),
        _ => None,
    };
    parts.changes.iter().filter_map(of).collect()
}

fn value_at(steps: &[(SimTime, f64)], at: SimTime) -> f64 {
    steps.iter().rfind(|(from, _)| *from <= at).map_or(1.0, |(_, factor)| *factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fixture::{hours, model, parts};
    use crate::model::{LeverCost, Notice, PoolId, StationId};

    fn lever(action: LeverAction, from: SimTime, until: SimTime) -> Lever {
        Lever {
            name: "a lever".to_owned(),
            action,
            words: String::new(),
            from,
            until,
            cost: Some(LeverCost { amount: 10.0, currency: "GBP".to_owned(), hourly: true }),
            notice: Notice::Elapsed(SimDuration::ZERO),
        }
    }

    /// Two heads from 18 to 20 on two days.
    fn twilight() -> Lever {
        let span = |day: u64| ShiftSpan {
            from: hours(24 * day + 18),
            to: hours(24 * day + 20),
            heads: 2,
            absent: 0.5,
            shift_day: day,
            pay: 1.0,
            speed: 1.0,
        };
        let presence = vec![span(1), span(2)];
        lever(LeverAction::Heads { pool: PoolId(1), heads: 2, presence }, hours(24), hours(72))
    }

    #[test]
    fn a_shift_starts_within_its_hours_on_whole_steps() {
        let half_hours: Vec<u64> = starts(&model(), &twilight()).iter().map(|at| at.0 / GRID.0).collect();
        assert_eq!(half_hours, [84, 85, 86, 87, 132, 133, 134, 135]);
        let every = starts(&model(), &lever(LeverAction::Pause(vec![SourceId(0)]), hours(24), hours(26)));
        assert_eq!(every.len(), 4);
    }

    #[test]
    fn heads_join_from_the_start_on_and_cost_what_they_are_expected_to_work() {
        let lever = twilight();
        let late = hours(24 + 19);
        let more = pulled(&model(), &lever, late, 3).unwrap();
        let Roster::Shifts { spans, .. } = &more.pools[1].roster else { panic!() };
        let Roster::Shifts { spans: before, .. } = &model().pools[1].roster else { panic!() };
        let new: Vec<&ShiftSpan> = spans.iter().filter(|span| !before.contains(span)).collect();
        let seen: Vec<_> = new.iter().map(|span| (span.from, span.to, span.heads)).collect();
        assert_eq!(seen, [(late, hours(44), 3), (hours(66), hours(68), 3)]);
        assert_eq!(lever.cost(late, 3), Some(10.0 * 3.0 * 3.0 * 0.5));
    }

    #[test]
    fn heads_join_people_who_are_always_there() {
        let mut lever = twilight();
        let LeverAction::Heads { pool, .. } = &mut lever.action else { panic!() };
        *pool = PoolId(0);
        let more = pulled(&model(), &lever, hours(0), 2).unwrap();
        let Roster::Steps(steps) = &more.pools[0].roster else { panic!() };
        let seen: Vec<(u64, u32)> = steps.iter().map(|step| (step.from.0 / hours(1).0, step.heads)).collect();
        assert_eq!(seen, [(0, 2), (42, 4), (44, 2), (66, 4), (68, 2)]);
    }

    #[test]
    fn a_pause_and_a_cap_multiply_what_is_planned() {
        let mut parts = parts();
        parts.changes = vec![Change { at: hours(30), to: ChangedValue::Uplift(SourceId(0), 2.0) }];
        let model = Model::assemble(parts).unwrap();
        let seen = |action| {
            let pulled = pulled(&model, &lever(action, hours(24), hours(36)), hours(28), 0).unwrap();
            let of = |change: &Change| match change.to {
                ChangedValue::Uplift(_, factor) => (change.at.0 / hours(1).0, factor),
                _ => panic!(),
            };
            pulled.changes.iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(seen(LeverAction::Pause(vec![SourceId(0)])), [(28, 0.0), (30, 0.0), (36, 2.0)]);
        // 40 orders an hour are planned, from the thirtieth hour on 80.
        let cap = LeverAction::AtMost { sources: vec![SourceId(0)], per_hour: 60.0 };
        assert_eq!(seen(cap), [(28, 1.0), (30, 1.5), (36, 2.0)]);
    }

    #[test]
    fn further_releases_stand_among_the_others() {
        let mut parts = parts();
        parts.stations[1].release = Release::Timed {
            times: ReleaseTimes::At(vec![hours(30), hours(40)]),
            at_most: None,
            ready_before: SimDuration::ZERO,
            collection: false,
            parcels_per_cage: None,
        };
        let model = Model::assemble(parts).unwrap();
        let action = LeverAction::Releases { stations: vec![StationId(1)], at: vec![hours(32), hours(35), hours(40)] };
        let lever = lever(action, hours(24), hours(48));
        assert_eq!(starts(&model, &lever), [hours(32), hours(35), hours(40)]);
        let more = pulled(&model, &lever, hours(33), 0).unwrap();
        let Release::Timed { times: ReleaseTimes::At(times), .. } = &more.stations[1].release else { panic!() };
        assert_eq!(*times, [hours(30), hours(35), hours(40)]);
    }
}
