//! The numbers a scenario asks for beside the standard ones, at the end of a run.

use super::simulation::Simulation;
use super::visits::VisitObserver;
use crate::model::{
    Count, Level, LevelScope, LevelStatistic, Metric, SlaId, Spell, SyncCounts, SyncLayer, TallyStatistic, VisitShare,
    Whose,
};
use crate::observation::{LevelSnapshot, MeasureValue, WindowCount};
use crate::time::TICKS_PER_SECOND;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// One run's contribution to a measure.
    pub(super) fn measure(&self, k: usize) -> MeasureValue {
        let seen = &self.watches.seen[k];
        let ratio = |numerator: f64, denominator: f64| MeasureValue { numerator, denominator, squares: 0.0 };
        match &self.plan.model.measures[k].metric {
            Metric::Visit { station, spell, whose, source, statistic } => {
                if let (TallyStatistic::Quantile(_), Spell::Wait, Whose::Served, None) =
                    (statistic, spell, whose, source)
                {
                    let wait = &self.stations[station.index()].wait;
                    return ratio(wait.sum_seconds(), wait.count() as f64);
                }
                seen.tally(*statistic)
            }
            Metric::TimeInSystem { statistic, .. } => seen.tally(*statistic),
            Metric::Level { scope, level, statistic } => self.level_measure(*scope, *level, *statistic, k),
            Metric::VisitShare { station, share } => {
                let (numerator, denominator) = self.visit_share(station.index(), *share);
                ratio(numerator as f64, denominator as f64)
            }
            Metric::Count { by: Some(_), .. } => ratio(seen.value, seen.count as f64),
            Metric::Count { count, per_hour, .. } => {
                let hours = if *per_hour { self.window_seconds() / 3_600.0 } else { 1.0 };
                ratio(self.count_in_window(*count), hours)
            }
            Metric::GroupSize { station, statistic, .. } => {
                let groups = &self.stations[station.index()].groups;
                let squares = if *statistic == TallyStatistic::StandardDeviation { groups.squares as f64 } else { 0.0 };
                MeasureValue { numerator: groups.sum as f64, denominator: groups.count as f64, squares }
            }
            Metric::FullBatches(station) => {
                let counts = &self.stations[station.index()].counts;
                ratio(counts.full_batches as f64, counts.batches as f64)
            }
            Metric::LeftBehind(station) => {
                let groups = &self.stations[station.index()].groups;
                ratio(groups.left_behind as f64, groups.count as f64)
            }
            Metric::NobodyLeftBehind(station) => {
                let groups = &self.stations[station.index()].groups;
                ratio(groups.nobody_left as f64, groups.count as f64)
            }
            other => self.other_measure(other, k),
        }
    }

    fn other_measure(&self, metric: &Metric, k: usize) -> MeasureValue {
        let seen = &self.watches.seen[k];
        let ratio = |numerator: f64, denominator: f64| MeasureValue { numerator, denominator, squares: 0.0 };
        match metric {
            Metric::BucketFull(station) => {
                let end = self.until.min(self.now.max(self.from));
                let full = self.stations[station.index()].bucket.as_ref().map_or(0, |b| b.full_ticks(self.from, end));
                ratio(full as f64, (end - self.from) as f64)
            }
            Metric::AttemptsPerItem(station) => {
                let counts = &self.stations[station.index()].counts;
                ratio(counts.attempts as f64, counts.first_attempts as f64)
            }
            Metric::Availability(station) => {
                let known = &self.plan.stations[station.index()];
                let present = known.pool.map_or(0.0, |pool| self.on_shift_seconds(usize::from(pool)));
                let heads = known.pool.map_or(0, |pool| self.pools[usize::from(pool)].rostered);
                ratio(present, f64::from(heads) * self.window_seconds())
            }
            Metric::Utilisation(station) => {
                let record = self.station_record(station.index());
                let pool = self.plan.stations[station.index()].pool.map(usize::from);
                ratio(record.busy_seconds, pool.map_or(0.0, |pool| self.present_seconds(pool)))
            }
            Metric::PoolUtilisation(pool) => {
                let record = self.pool_record(pool.index());
                ratio(record.busy_hours, record.present_hours)
            }
            Metric::Attainment(sla) => {
                let (due, late) = self.due_and_late(*sla);
                ratio((due - late) as f64, due as f64)
            }
            Metric::Kept(sla) => {
                let (due, late) = self.due_and_late(*sla);
                ratio((due - late) as f64, 1.0)
            }
            Metric::Late(sla) => ratio(self.due_and_late(*sla).1 as f64, 1.0),
            Metric::LateHours(sla) => ratio(self.books[sla.index()].late_hours(), 1.0),
            Metric::Resolution(diversion, statistic) => {
                let state = &self.diversions[diversion.index()];
                let value = ratio(state.resolution.sum_seconds(), state.resolution.count() as f64);
                MeasureValue {
                    squares: if *statistic == TallyStatistic::StandardDeviation { state.squares } else { 0.0 },
                    ..value
                }
            }
            Metric::Struck(diversion) => ratio(self.diversions[diversion.index()].count as f64, 1.0),
            Metric::TicketsPer100 => ratio(100.0 * self.contacts_made as f64, self.orders.created_in_window as f64),
            Metric::SyncSuccess => {
                let (kept, came) = self.sync_success();
                ratio(kept as f64, came as f64)
            }
            Metric::LabourCost => {
                let cost: f64 = (0..self.pools.len()).filter_map(|pool| self.pool_record(pool).cost).sum();
                ratio(cost, 1.0)
            }
            Metric::Makespan => ratio(self.orders.last_end as f64 / TICKS_PER_SECOND as f64, 1.0),
            Metric::OneOrder { .. } => ratio(seen.value, seen.count as f64),
            _ => MeasureValue::default(),
        }
    }

    /// Orders that got through the integration layer, and orders that came to it.
    fn sync_success(&self) -> (u64, u64) {
        let station = |k: usize| {
            let counts = &self.stations[k].counts;
            SyncCounts {
                arrivals: counts.first_attempts,
                abandoned: counts.abandoned,
                gave_up: counts.gave_up,
                turned_away: counts.turned_away,
            }
        };
        SyncLayer::of(self.plan.model).map_or((0, 0), |layer| layer.success(station, |k| self.diversions[k].count))
    }

    fn due_and_late(&self, sla: SlaId) -> (u64, u64) {
        let WindowCount { due, late } = self.books[sla.index()].total();
        (due, late)
    }

    fn visit_share(&self, k: usize, share: VisitShare) -> (u64, u64) {
        let counts = &self.stations[k].counts;
        match share {
            VisitShare::Delayed => (counts.delayed + counts.abandoned, counts.arrivals - counts.turned_away),
            VisitShare::FindAllBusy => (counts.found_all_busy, counts.arrivals),
            VisitShare::Abandoned => (counts.abandoned, counts.arrivals),
            VisitShare::TurnedAway => (counts.turned_away, counts.arrivals),
            VisitShare::FirstTurnedAway => (counts.first_turned_away, counts.first_attempts),
            VisitShare::GaveUp => (counts.gave_up, counts.first_attempts),
            VisitShare::FirstSucceeded => (counts.first_succeeded, counts.first_attempts),
        }
    }

    fn count_in_window(&self, count: Count) -> f64 {
        let station = |id: crate::model::StationId| &self.stations[id.index()].counts;
        let n = match count {
            Count::Arrivals(id) => station(id).arrivals,
            Count::Completed(id) => station(id).completed,
            Count::Abandoned(id) => station(id).abandoned,
            Count::TurnedAway(id) => station(id).turned_away,
            Count::Batches(id) => station(id).batches,
            Count::Created(source) => self.sources[source.index()].created_in_window,
            Count::Orders => self.orders.created_in_window,
            Count::Dispatched => self.orders.dispatched_in_window,
            Count::Cancelled => self.orders.cancelled_in_window,
            Count::OpenAtEnd => {
                let ended = self.orders.dispatched_in_window + self.orders.cancelled_in_window;
                self.orders.created_in_window - ended
            }
            Count::Contacts => self.contacts_made,
        };
        n as f64
    }

    fn level_measure(&self, scope: LevelScope, level: Level, statistic: LevelStatistic, k: usize) -> MeasureValue {
        let seen = &self.watches.seen[k];
        let (start, end, max) = self.snapshots_of(scope, level);
        let seconds = self.window_seconds();
        let (numerator, denominator) = match statistic {
            LevelStatistic::Mean => (end.seconds_since(start), seconds),
            LevelStatistic::Integral => (end.seconds_since(start), 1.0),
            LevelStatistic::Max => (f64::from(max), 1.0),
            LevelStatistic::At(_)
            | LevelStatistic::AllBusyAt(_)
            | LevelStatistic::AtEvery { .. }
            | LevelStatistic::ZeroAtEvery { .. } => (seen.value, seen.count as f64),
            LevelStatistic::ShareAtZero => {
                let LevelScope::Station(station) = scope else { return MeasureValue::default() };
                let end = self.until.min(self.now.max(self.from));
                let zero = self.stations[station.index()].zero.until(self.from, end);
                (zero as f64 / TICKS_PER_SECOND as f64, seconds)
            }
        };
        MeasureValue { numerator, denominator, squares: 0.0 }
    }

    fn snapshots_of(&self, scope: LevelScope, level: Level) -> (LevelSnapshot, LevelSnapshot, u32) {
        match scope {
            LevelScope::Station(station) => {
                let state = &self.stations[station.index()];
                let ends = state.at_end.unwrap_or(state.at_start);
                match level {
                    Level::Queue => (state.at_start[0], ends[0], state.queue.max()),
                    Level::Busy => (state.at_start[1], ends[1], state.busy.max()),
                    Level::Orbit => (state.at_start[2], ends[2], state.orbit.max()),
                    Level::Present => {
                        let both = |s: [LevelSnapshot; 4]| LevelSnapshot {
                            integral: s[0].integral + s[1].integral,
                            now: s[0].now + s[1].now,
                        };
                        (both(state.at_start), both(ends), state.queue.max() + state.busy.max())
                    }
                }
            }
            LevelScope::Source(source) => {
                let state = &self.sources[source.index()];
                (state.at_start, state.at_end.unwrap_or(state.at_start), state.in_system.max())
            }
            LevelScope::Orders => {
                let state = &self.orders;
                (state.at_start, state.at_end.unwrap_or(state.at_start), state.in_system.max())
            }
        }
    }
}
