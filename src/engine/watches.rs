//! The numbers a scenario asks for beside the standard ones, observed as the run goes.

use super::active_periods::ActivePeriods;
use super::event_calendar::Phase;
use super::simulation::Simulation;
use super::timers::Happening;
use super::visits::VisitObserver;
use crate::model::{
    Count, ItemKind, Level, LevelScope, LevelStatistic, Metric, Model, OrderMoment, Spell, TallyStatistic, Whose,
};
use crate::observation::MeasureValue;
use crate::time::{SimTime, TICKS_PER_SECOND};

/// What has been observed for each measure.
#[derive(Debug)]
pub(super) struct Watches {
    pub(super) seen: Vec<Seen>,
    /// Measures of the time in system.
    system: Vec<SystemWatch>,
    /// Measures of single orders.
    orders: Vec<usize>,
    /// Who is the momentary bottleneck.
    pub(super) active_periods: ActivePeriods,
}

/// A measure of the time in system.
#[derive(Clone, Copy, Debug)]
struct SystemWatch {
    /// Number of the measure.
    measure: usize,
    /// The source whose items it is about; `None`: all orders.
    source: Option<usize>,
    only_dispatched: bool,
    statistic: TallyStatistic,
}

/// Sums of one measure.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) count: u64,
    /// Ticks.
    pub(super) sum: u128,
    /// (s²), where a standard deviation is asked for.
    pub(super) squares: f64,
    pub(super) max: u64,
    /// How many were above the threshold.
    pub(super) over: u64,
    /// Values of levels and counts at instants.
    pub(super) value: f64,
}

impl Seen {
    fn observe(&mut self, ticks: u64, statistic: TallyStatistic) {
        self.count += 1;
        self.sum += u128::from(ticks);
        self.max = self.max.max(ticks);
        match statistic {
            TallyStatistic::ShareOver(threshold) => self.over += u64::from(ticks > threshold.0),
            TallyStatistic::StandardDeviation => self.add_square(ticks),
            _ => {}
        }
    }

    /// Apart, so that a division is made only where its result is wanted.
    #[inline(never)]
    fn add_square(&mut self, ticks: u64) {
        let seconds = ticks as f64 / TICKS_PER_SECOND as f64;
        self.squares += seconds * seconds;
    }

    /// The contribution of a statistic of single observations.
    pub(super) fn tally(&self, statistic: TallyStatistic) -> MeasureValue {
        let sum = self.sum as f64 / TICKS_PER_SECOND as f64;
        let count = self.count as f64;
        let (numerator, denominator) = match statistic {
            TallyStatistic::Mean | TallyStatistic::StandardDeviation | TallyStatistic::Quantile(_) => (sum, count),
            TallyStatistic::ShareOver(_) => (self.over as f64, count),
            TallyStatistic::Max => (self.max as f64 / TICKS_PER_SECOND as f64, f64::from(u8::from(self.count > 0))),
            TallyStatistic::Count => (count, 1.0),
        };
        MeasureValue { numerator, denominator, squares: self.squares }
    }
}

impl Watches {
    pub(super) fn new(model: &Model) -> Watches {
        let measures = || model.measures.iter().enumerate();
        let system = |(measure, metric): (usize, &Metric)| match *metric {
            Metric::TimeInSystem { source, dispatched: only_dispatched, statistic } => {
                Some(SystemWatch { measure, source: source.map(|id| id.index()), only_dispatched, statistic })
            }
            _ => None,
        };
        Watches {
            seen: vec![Seen::default(); model.measures.len()],
            system: measures().filter_map(|(k, measure)| system((k, &measure.metric))).collect(),
            orders: measures().filter(|(_, m)| matches!(m.metric, Metric::OneOrder { .. })).map(|(k, _)| k).collect(),
            active_periods: ActivePeriods::new(model.stations.len()),
        }
    }
}

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// A visit's service starts after so long a wait.
    pub(super) fn watch_start(&mut self, s: u16, item: u32, waited: u64) {
        let source = self.items[item].source;
        let plan = self.plan;
        for k in &plan.stations[usize::from(s)].watches {
            let Metric::Visit { spell: Spell::Wait, whose, source: only, statistic, .. } =
                plan.model.measures[*k].metric
            else {
                continue;
            };
            if whose != Whose::Abandoned && only.is_none_or(|only| only.0 == source) {
                self.watches.seen[*k].observe(waited, statistic);
            }
        }
    }

    /// A visit ends by service after so long, so much of it work.
    pub(super) fn watch_end(&mut self, s: u16, item: u32, visit: u64, work: u64) {
        let source = self.items[item].source;
        let plan = self.plan;
        for k in &plan.stations[usize::from(s)].watches {
            let Metric::Visit { spell, whose, source: only, statistic, .. } = plan.model.measures[*k].metric else {
                continue;
            };
            let ticks = match spell {
                Spell::Wait => continue,
                Spell::Idle => visit - work,
                Spell::Service => work,
                Spell::Visit => visit,
            };
            if whose != Whose::Abandoned && only.is_none_or(|only| only.0 == source) {
                self.watches.seen[*k].observe(ticks, statistic);
            }
        }
    }

    /// A visit ends by giving up.
    pub(super) fn watch_abandoned(&mut self, s: u16, item: u32, waited: u64) {
        let source = self.items[item].source;
        let plan = self.plan;
        for k in &plan.stations[usize::from(s)].watches {
            let Metric::Visit { spell, whose, source: only, statistic, .. } = plan.model.measures[*k].metric else {
                continue;
            };
            let wanted = matches!(spell, Spell::Wait | Spell::Idle | Spell::Visit);
            if wanted && whose != Whose::Served && only.is_none_or(|only| only.0 == source) {
                self.watches.seen[*k].observe(waited, statistic);
            }
        }
    }

    /// An item's way is over.
    pub(super) fn watch_system(&mut self, source: usize, kind: ItemKind, dispatched: bool, counted: bool, ticks: u64) {
        if !counted {
            return;
        }
        for watch in &self.watches.system {
            let wanted = watch.source.map_or(kind == ItemKind::Order, |only| only == source);
            if wanted && (dispatched || !watch.only_dispatched) {
                self.watches.seen[watch.measure].observe(ticks, watch.statistic);
            }
        }
    }

    fn watch_one(&mut self, item: u32, station: Option<u16>, wanted: OrderMoment, value: f64) {
        let rank = self.items[item].rank;
        for at in 0..self.watches.orders.len() {
            let k = self.watches.orders[at];
            if let Metric::OneOrder { station: asked, what, order } = self.plan.model.measures[k].metric
                && order == rank
                && what == wanted
                && asked.map(|asked| asked.0) == station
                && self.watches.seen[k].count == 0
            {
                self.watches.seen[k].count = 1;
                self.watches.seen[k].value = value;
            }
        }
    }

    /// For measures of single orders: a service starts for the first time.
    pub(super) fn watch_order_start(&mut self, s: u16, item: u32) {
        let started = self.items.detail(item).started;
        let (start, wait) = (seconds(started), seconds(started - self.items[item].entered));
        self.watch_one(item, Some(s), OrderMoment::Start, start);
        self.watch_one(item, Some(s), OrderMoment::Wait, wait);
    }

    /// For measures of single orders: a service ends.
    pub(super) fn watch_order_end(&mut self, s: u16, item: u32) {
        let now = seconds(self.now);
        self.watch_one(item, Some(s), OrderMoment::End, now);
    }

    /// For measures of single orders: the way is over.
    pub(super) fn watch_whole_order(&mut self, item: u32) {
        let now = seconds(self.now);
        self.watch_one(item, None, OrderMoment::End, now);
    }

    /// Sets a timer for each instant at which a measure looks at the levels, and for the steps of the timeline.
    ///
    /// Both come before the ends of counting and of the run at the same instant: with these the run may be over.
    pub(super) fn schedule_probes(&mut self) {
        if let Some((at, _)) = self.plan.probes.first() {
            self.at(at.0, Phase::Probe, 0, 0, Happening::Probe(0));
        }
        let first = self.grid.end(0);
        self.at(first.0, Phase::Probe, 1, 0, Happening::Probe(u32::MAX));
    }

    /// Looks at the levels: for measures (the `k`-th probe), or for the timeline.
    pub(super) fn probe(&mut self, k: u32) {
        if k == u32::MAX {
            self.step_timeline();
            return;
        }
        let (_, measure) = self.plan.probes[k as usize];
        let value = self.value_now(measure);
        self.watches.seen[measure].count += 1;
        self.watches.seen[measure].value += value;
        if let Some((at, _)) = self.plan.probes.get(k as usize + 1) {
            self.at(at.0, Phase::Probe, 0, 0, Happening::Probe(k + 1));
        }
    }

    fn value_now(&self, measure: usize) -> f64 {
        match &self.plan.model.measures[measure].metric {
            Metric::Level { scope, level, statistic } => {
                let now = self.level_now(*scope, *level);
                match statistic {
                    LevelStatistic::AllBusyAt(_) => f64::from(u8::from(self.all_busy(*scope))),
                    LevelStatistic::ZeroAtEvery { .. } => f64::from(u8::from(now == 0)),
                    _ => f64::from(now),
                }
            }
            Metric::Count { count, .. } => self.count_so_far(*count),
            _ => 0.0,
        }
    }

    fn all_busy(&self, scope: LevelScope) -> bool {
        let LevelScope::Station(station) = scope else { return false };
        self.plan.stations[station.index()].pool.is_some_and(|pool| !self.pools[usize::from(pool)].free())
    }

    fn level_now(&self, scope: LevelScope, level: Level) -> u32 {
        match scope {
            LevelScope::Station(station) => {
                let state = &self.stations[station.index()];
                match level {
                    Level::Queue => state.queue.now(),
                    Level::Busy => state.busy.now(),
                    Level::Present => state.queue.now() + state.busy.now(),
                    Level::Orbit => state.orbit.now(),
                }
            }
            LevelScope::Source(source) => self.sources[source.index()].in_system.now(),
            LevelScope::Orders => self.orders.in_system.now(),
        }
    }

    fn count_so_far(&self, count: Count) -> f64 {
        let station = |id: crate::model::StationId| self.stations[id.index()].counts;
        let n = match count {
            Count::Arrivals(id) => station(id).arrivals_in_all,
            Count::Completed(id) => station(id).completed_in_all,
            Count::Abandoned(id) => station(id).abandoned_in_all,
            Count::TurnedAway(id) => station(id).turned_away_in_all,
            Count::Batches(id) => station(id).batches,
            Count::Created(source) => self.sources[source.index()].created,
            Count::Orders => self.orders.created - self.orders.initial,
            Count::Dispatched => self.orders.dispatched_in_window,
            Count::Cancelled => self.orders.cancelled_in_window,
            Count::OpenAtEnd => u64::from(self.orders.in_system.now()),
            Count::Contacts => self.contacts_made,
        };
        n as f64
    }

    /// One step of the timeline ends.
    fn step_timeline(&mut self) {
        let now = SimTime(self.now);
        for (k, state) in self.stations.iter().enumerate() {
            let level = if self.plan.stations[k].of.batch.is_some() { &state.at_work } else { &state.busy };
            let snapshot = level.snapshot(now);
            let busy = snapshot.seconds_since(self.busy_before[k]) / (self.grid.step as f64 / TICKS_PER_SECOND as f64);
            self.busy_before[k] = snapshot;
            self.timeline.queue[k].push(state.queue.now());
            #[expect(clippy::cast_possible_truncation, reason = "a timeline needs no more than seven digits")]
            self.timeline.busy[k].push(busy as f32);
        }
        let steps = self.timeline.queue.first().map_or(0, Vec::len);
        self.step_active_periods(steps);
        let next = u32::try_from(steps).expect("at most a few thousand steps");
        if next < self.grid.steps && !self.stations.is_empty() {
            self.at(self.grid.end(next).0, Phase::Probe, 1, 0, Happening::Probe(u32::MAX));
        }
    }

    /// Counting starts: levels are integrated from here.
    pub(super) fn start_counting(&mut self) {
        self.counting = true;
        let now = self.now;
        for state in &mut self.stations {
            state.at_start = state.snapshots(now);
            state.queue.forget_max();
            state.busy.forget_max();
        }
        for pool in &mut self.pools {
            pool.busy_at_start = pool.busy_level.snapshot(SimTime(now));
        }
        for source in &mut self.sources {
            source.at_start = source.in_system.snapshot(SimTime(now));
        }
        self.orders.at_start = self.orders.in_system.snapshot(SimTime(now));
        for (k, state) in self.stations.iter().enumerate() {
            let level = if self.plan.stations[k].of.batch.is_some() { &state.at_work } else { &state.busy };
            self.busy_before[k] = level.snapshot(SimTime(now));
        }
    }

    /// Counting ends: levels are integrated up to here.
    pub(super) fn end_counting(&mut self) {
        let now = self.now;
        self.counting = false;
        for state in &mut self.stations {
            state.at_end = Some(state.snapshots(now));
        }
        for pool in &mut self.pools {
            pool.busy_at_end = Some(pool.busy_level.snapshot(SimTime(now)));
        }
        for source in &mut self.sources {
            source.at_end = Some(source.in_system.snapshot(SimTime(now)));
        }
        self.orders.at_end = Some(self.orders.in_system.snapshot(SimTime(now)));
        self.maybe_over();
    }
}

fn seconds(ticks: u64) -> f64 {
    ticks as f64 / TICKS_PER_SECOND as f64
}
