//! The last order before a cut-off, walked through an empty building; releases that find nobody.

use super::super::{
    ClockStart, ClockStop, Fate, ItemKind, Layer, Model, PoolId, Promise, Release, ReleaseTimes, Route, Sla, SlaId,
    SourceId, Staff, StationId,
};
use super::flow::service_seconds;
use super::presence::Presence;
use super::{PromiseWalk, Unattended, WalkStep};
use crate::random::Distribution;
use crate::time::{SimDuration, SimTime};

/// The tightest walk of each promise with a cut-off.
pub(super) fn promises(model: &Model, presence: &[Presence]) -> Vec<PromiseWalk> {
    let walks = model.slas.iter().enumerate().filter_map(|(k, sla)| {
        let Promise::CutOff(table) = &sla.promise else { return None };
        let mut found: Option<PromiseWalk> = None;
        let (mut tried, mut missed) = (0, 0);
        for pair in table.boundaries().windows(2) {
            let (cut_off, due) = (pair[1].0, pair[0].1);
            if sla.window.of(due).is_none() {
                continue;
            }
            let tightest = sources(model, sla).filter_map(|source| {
                let walker = Walker { model, presence, source };
                let (steps, ends) = walker.walk(sla, cut_off)?;
                let sla = SlaId::at(k);
                Some(PromiseWalk { sla, source, cut_off, due, steps, ends, tried: 0, missed: 0 })
            });
            let Some(tightest) = tightest.min_by(tighter) else { continue };
            tried += 1;
            missed += usize::from(tightest.margin().is_none_or(|margin| margin < 0.0));
            if found.as_ref().is_none_or(|found| tighter(&tightest, found).is_lt()) {
                found = Some(tightest);
            }
        }
        found.map(|walk| PromiseWalk { tried, missed, ..walk })
    });
    walks.collect()
}

/// Those that never get through first, then by what is left.
fn tighter(a: &PromiseWalk, b: &PromiseWalk) -> std::cmp::Ordering {
    let left = |walk: &PromiseWalk| walk.margin().unwrap_or(f64::NEG_INFINITY);
    left(a).total_cmp(&left(b))
}

fn sources<'m>(model: &'m Model, sla: &'m Sla) -> impl Iterator<Item = SourceId> + 'm {
    let all = (0..model.sources.len()).map(SourceId::at);
    all.filter(|id| {
        model.sources[id.index()].kind == ItemKind::Order && (sla.sources.is_empty() || sla.sources.contains(id))
    })
}

/// Releases and collections in the judged window that find nobody.
pub(super) fn unattended(model: &Model, presence: &[Presence]) -> Vec<Unattended> {
    let mut found = Vec::new();
    for k in 0..model.stations.len() {
        let station = StationId::at(k);
        let Release::Timed { times: ReleaseTimes::At(times), ready_before, collection, .. } =
            &model.stations[k].release
        else {
            continue;
        };
        let Some(pool) = (if *collection { people_before(model, station) } else { people_from(model, station) }) else {
            continue;
        };
        let here = &presence[pool.index()];
        let in_window = |at: &SimTime| *at >= model.horizon.from && *at < model.horizon.until;
        let empty: Vec<SimTime> = times
            .iter()
            .enumerate()
            .filter(|(_, at)| in_window(at))
            .filter(|(n, at)| {
                if *collection {
                    let since = n.checked_sub(1).map_or(SimTime::ZERO, |before| times[before]);
                    let closes = SimTime(at.0.saturating_sub(ready_before.0));
                    !here.between(since, closes)
                } else {
                    !here.at(**at)
                }
            })
            .map(|(_, at)| *at)
            .collect();
        if let Some(first) = empty.first() {
            found.push(Unattended { station, pool, collection: *collection, count: empty.len(), first: *first });
        }
    }
    found
}

/// The pool that takes up what `station` lets through: its own, or that of the next station with people.
fn people_from(model: &Model, station: StationId) -> Option<PoolId> {
    let mut at = station;
    for _ in 0..model.stations.len() {
        let here = &model.stations[at.index()];
        if let Staff::Pool(pool) = here.staff {
            // Threads of a connector are always there.
            return (here.layer == Layer::Warehouse).then_some(pool);
        }
        let Fate::To(next) = main_way(&here.route, None) else { return None };
        at = next;
    }
    None
}

/// The pool of a station that leads to `station`.
fn people_before(model: &Model, station: StationId) -> Option<PoolId> {
    let leads = |k: &usize| model.stations[*k].route.legs.iter().any(|leg| leg.to == Fate::To(station));
    (0..model.stations.len()).filter(leads).find_map(|k| match model.stations[k].staff {
        Staff::Pool(pool) => Some(pool),
        Staff::Unlimited => None,
    })
}

/// Where the largest share goes; the first of equals.
fn main_way(route: &Route, source: Option<SourceId>) -> Fate {
    let open = |leg: &&super::super::RouteLeg| {
        source.is_none_or(|source| leg.sources.is_empty() || leg.sources.contains(&source))
    };
    let mut best: Option<&super::super::RouteLeg> = None;
    for leg in route.legs.iter().filter(open) {
        if best.is_none_or(|best| leg.share > best.share) {
            best = Some(leg);
        }
    }
    best.map_or(Fate::Done, |leg| leg.to)
}

struct Walker<'a> {
    model: &'a Model,
    presence: &'a [Presence],
    source: SourceId,
}

impl Walker<'_> {
    /// The steps of an order whose clock starts just before `cut_off`, and when the promise is kept (`None`: not
    /// within the run). Nothing when its main way goes in circles or does not pass where the clock starts or stops.
    fn walk(&self, sla: &Sla, cut_off: SimTime) -> Option<(Vec<WalkStep>, Option<SimTime>)> {
        let mut fate = match &sla.starts {
            // Lanes of one station: the first is as good as any.
            ClockStart::Reached(stations) => Fate::To(*stations.first()?),
            ClockStart::Created | ClockStart::Released => {
                main_way(&self.model.sources[self.source.index()].route, Some(self.source))
            }
        };
        let mut now = SimTime(cut_off.0.saturating_sub(1));
        let noticed = SimDuration::from_seconds(sla.delay.as_ref().map_or(0.0, Distribution::mean));
        let mut steps: Vec<WalkStep> = Vec::new();
        while let Fate::To(station) = fate {
            if steps.iter().any(|step| step.station == station) {
                return None;
            }
            let Some(left) = self.through(station, now) else { return Some((steps, None)) };
            steps.push(WalkStep { station, left });
            now = left;
            if sla.stops.is_at(station) {
                return Some((steps, Some(now + noticed)));
            }
            fate = main_way(&self.model.stations[station.index()].route, Some(self.source));
        }
        (fate == Fate::Done && sla.stops == ClockStop::Dispatched).then_some((steps, Some(now + noticed)))
    }

    /// When an order that reaches `station` at `at` has left it.
    fn through(&self, station: StationId, at: SimTime) -> Option<SimTime> {
        let here = &self.model.stations[station.index()];
        let released = match &here.release {
            Release::AtOnce | Release::Gathered { after: None, .. } => at,
            Release::Gathered { after: Some(after), .. } => at + *after,
            Release::Timed { times, ready_before, .. } => {
                let ready = at + *ready_before;
                match times {
                    // Where a poll stands in its period is nobody's plan: the whole of it may pass.
                    ReleaseTimes::Every { period, .. } if here.layer == Layer::Integration => ready + *period,
                    ReleaseTimes::Every { first, period } => {
                        let periods = ready.0.saturating_sub(first.0).div_ceil(period.0.max(1));
                        SimTime(first.0 + periods * period.0)
                    }
                    ReleaseTimes::At(times) => *times.get(times.partition_point(|at| *at < ready))?,
                }
            }
        };
        let together = here.batch.and_then(|batch| batch.after.filter(|_| batch.min > 1)).unwrap_or(SimDuration::ZERO);
        let work = SimDuration::from_seconds(service_seconds(self.model, station, self.source));
        let done = match here.staff {
            Staff::Unlimited => Some(released + together + work),
            Staff::Pool(pool) => self.presence[pool.index()].done(released + together, work),
        };
        done.filter(|done| *done <= self.model.horizon.end)
    }
}
