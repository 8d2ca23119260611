//! The end of a run: what is still open is booked, and the record is written.

use super::items::Standing;
use super::simulation::Simulation;
use super::visits::{Outcome, VisitObserver};
use crate::model::{
    Count, CountedOn, ItemKind, Level, LevelScope, LevelStatistic, Metric, Roster, SlaId, Spell, SyncCounts, SyncLayer,
    TallyStatistic, VisitShare, Whose,
};
use crate::observation::{
    ContactsRecord, DiversionRecord, EquipmentRecord, LedgerCell, LevelSnapshot, MeasureValue, OrdersRecord,
    PoolRecord, RECORD_VERSION, ReplicationRecord, RunEnd, SlaRecord, SourceRecord, StationRecord, TallyRecord,
    WindowCount, WindowRecord,
};
use crate::time::{SimTime, TICKS_PER_HOUR, TICKS_PER_SECOND};

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Puts what the initial backlog holds into the system, in order of sources by name. It is not counted as arrived.
    pub(super) fn place_initial_items(&mut self) {
        let plan = self.plan;
        let mut by_name: Vec<usize> = (0..plan.model.sources.len()).collect();
        by_name.sort_by(|a, b| plan.model.sources[*a].name.cmp(&plan.model.sources[*b].name));
        for source in by_name {
            for k in 0..plan.model.sources[source].initial {
                let id = self.sources[source].marks.bits(u64::from(k), 1 << 40);
                self.create(source, &super::demand::Point { at: 0, id, height: 0.0, record: u32::MAX }, 0);
                self.make_moves();
            }
        }
        self.orders.initial = self.orders.created;
        for station in &mut self.stations {
            station.counts.arrivals_in_all = 0;
        }
    }

    /// The record of the run.
    pub(super) fn finish(&mut self, replication: u64, end: RunEnd) -> ReplicationRecord {
        self.put_down_everybody();
        let open = self.book_open_items();
        if self.counting {
            let now = self.now.min(self.until);
            self.now = now.max(self.from);
            self.end_counting();
        }
        let measures = (0..self.plan.model.measures.len()).map(|k| self.measure(k)).collect();
        ReplicationRecord {
            version: RECORD_VERSION,
            replication,
            end,
            ended_at: self.now,
            events: self.events,
            orders: OrdersRecord {
                arrived: self.orders.created_in_window,
                dispatched: self.orders.dispatched_in_window,
                cancelled: self.orders.cancelled_in_window,
                open_at_end: open,
                time_to_dispatch: TallyRecord::from(&self.orders.time_to_dispatch),
                created_in_all: self.orders.created,
            },
            sources: (0..self.sources.len()).map(|k| self.source_record(k)).collect(),
            stations: (0..self.stations.len()).map(|k| self.station_record(k)).collect(),
            pools: (0..self.pools.len()).map(|k| self.pool_record(k)).collect(),
            slas: (0..self.books.len()).map(|k| self.sla_record(k)).collect(),
            days: self.closed(self.days.rows()),
            diversions: self
                .diversions
                .iter()
                .map(|state| DiversionRecord {
                    count: state.count,
                    open_at_end: state.open,
                    resolution: TallyRecord::from(&state.resolution),
                })
                .collect(),
            contacts: ContactsRecord {
                made: self.contacts_made,
                chasers: self.chasers,
                by_kind: self.contacts.clone(),
            },
            timeline: std::mem::take(&mut self.timeline),
            measures,
        }
    }

    /// What belongs to days that the run saw to their end; a day that it did not has no close.
    fn closed<T>(&self, of_days: impl Iterator<Item = T>) -> Vec<T> {
        of_days.zip(&self.plan.model.days).take_while(|(_, day)| day.end.0 <= self.now).map(|(of, _)| of).collect()
    }

    /// Orders still open count against the promises they have missed. Says how many counted orders are open.
    fn book_open_items(&mut self) -> u64 {
        let mut open = 0;
        for item in self.items.present() {
            self.close_visit(item);
            if self.items[item].kind != ItemKind::Order || self.items[item].line > 0 {
                continue;
            }
            open += u64::from(self.items[item].marks.counted());
            if !self.plan.keeps_lives {
                continue;
            }
            self.book_open_order(item);
        }
        open
    }

    fn close_visit(&mut self, item: u32) {
        let it = &self.items[item];
        if matches!(it.standing, Standing::Moving | Standing::Split) {
            return;
        }
        let (s, entered) = (it.station, it.entered);
        let waits = self.items.detail(item).started == u64::MAX;
        if O::WATCHES {
            self.tell(s, item, Outcome::OpenAtEnd);
        }
        if waits && self.counts(entered) {
            let waited = self.now - entered;
            let state = &mut self.stations[usize::from(s)];
            state.oldest = state.oldest.max(waited);
        }
    }

    fn book_open_order(&mut self, item: u32) {
        let plan = self.plan;
        for (k, sla) in plan.model.slas.iter().enumerate() {
            // Counted on the day its clock stops, an order that is open counts nowhere.
            if sla.counted_on == CountedOn::Ship || self.items.detail(item).judged >> k & 1 == 1 {
                continue;
            }
            let Some(reading) = self.clock_reading(k, item).filter(|reading| reading.due.0 < self.now) else {
                continue;
            };
            self.label_present_wait(item);
            self.book(k, sla, item, reading, None);
        }
    }

    /// Labels what an order that is still open is waiting for.
    fn label_present_wait(&mut self, item: u32) {
        use crate::observation::Cause;
        let it = &self.items[item];
        let s = it.station;
        if s == u16::MAX {
            return;
        }
        let cause = match it.standing {
            Standing::InService => Cause::Service,
            Standing::Gated => match &self.plan.stations[usize::from(s)].of.release {
                crate::model::Release::Timed { collection: true, .. } => Cause::AwaitCollection,
                _ => Cause::AwaitRelease,
            },
            Standing::Split => Cause::Siblings,
            Standing::Moving => Cause::Backoff,
            Standing::Waiting | Standing::Suspended => {
                self.label_line(s, item);
                Cause::NoPerson
            }
        };
        self.label(item, s, cause);
    }

    fn source_record(&self, k: usize) -> SourceRecord {
        let state = &self.sources[k];
        SourceRecord {
            created: state.created_in_window,
            time_in_system: TallyRecord::from(&state.time_in_system),
            in_system: self.average(state.at_start, state.at_end),
        }
    }

    fn window_seconds(&self) -> f64 {
        let end = self.until.min(self.now.max(self.from));
        (end - self.from) as f64 / TICKS_PER_SECOND as f64
    }

    fn average(&self, start: LevelSnapshot, end: Option<LevelSnapshot>) -> f64 {
        let seconds = self.window_seconds();
        end.map_or(0.0, |end| if seconds > 0.0 { end.seconds_since(start) / seconds } else { 0.0 })
    }

    fn station_record(&self, k: usize) -> StationRecord {
        let state = &self.stations[k];
        let end = state.at_end.unwrap_or(state.at_start);
        let pool = self.plan.stations[k].pool.map(usize::from);
        let own = pool.filter(|pool| !self.plan.model.pools[*pool].shared);
        let at_work = if self.plan.stations[k].of.batch.is_some() { 3 } else { 1 };
        let busy_seconds = end[at_work].seconds_since(state.at_start[at_work]);
        StationRecord {
            arrivals: state.counts.arrivals,
            completed: state.counts.completed,
            abandoned: state.counts.abandoned,
            turned_away: state.counts.turned_away,
            first_attempts: state.counts.first_attempts,
            gave_up: state.counts.gave_up,
            delayed: state.counts.delayed,
            wait: TallyRecord::from(&state.wait),
            service: TallyRecord::from(&state.service),
            queue_mean: self.average(state.at_start[0], Some(end[0])),
            queue_max: u64::from(state.queue.max()),
            busy_seconds,
            present_seconds: own.map(|pool| self.present_seconds(pool)),
            oldest_waiting: state.oldest.max(state.wait.max().0) as f64 / TICKS_PER_SECOND as f64,
            window_seconds: self.window_seconds(),
            equipment: self.equipment_record(k, busy_seconds),
            longest_active_steps: self.watches.active_periods.longest[k],
            parcels_ready: match self.plan.stations[k].caged {
                Some(number) => self.closed(self.days.parcels_ready(number)),
                None => Vec::new(),
            },
        }
    }

    /// People who stay to finish what they have in hand included.
    fn present_seconds(&self, pool: usize) -> f64 {
        self.on_shift_seconds(pool) + self.staying_seconds(pool)
    }

    fn on_shift_seconds(&self, pool: usize) -> f64 {
        let end = self.until.min(self.now.max(self.from));
        self.pools[pool].heads.seconds(end, (self.from, self.until))
    }

    fn staying_seconds(&self, pool: usize) -> f64 {
        let end = self.until.min(self.now.max(self.from));
        self.pools[pool].staying.seconds(end, (self.from, self.until))
    }

    fn equipment_record(&self, k: usize, busy: f64) -> Option<EquipmentRecord> {
        let state = &self.stations[k];
        state.equipment?;
        let end = self.until.min(self.now.max(self.from));
        let there = state.equipment_there.seconds(end, (self.from, self.until));
        Some(EquipmentRecord {
            // What was taken away while in use is in use until the work in hand is done.
            there_seconds: there.max(busy),
            waited_seconds: state.waited_for_equipment as f64 / TICKS_PER_SECOND as f64,
        })
    }

    fn pool_record(&self, k: usize) -> PoolRecord {
        let state = &self.pools[k];
        let pool = &self.plan.model.pools[k];
        let busy = match pool.order_of_work.as_slice() {
            // A plain station keeps no second account of the same people.
            [only] if self.plan.stations[only.index()].plain => {
                let station = &self.stations[only.index()];
                station.at_end.unwrap_or(station.at_start)[1].seconds_since(station.at_start[1])
            }
            _ => state.busy_at_end.unwrap_or(state.busy_at_start).seconds_since(state.busy_at_start),
        } / 3_600.0;
        let on_shift = self.on_shift_seconds(k) / 3_600.0;
        let stayed = self.staying_seconds(k) / 3_600.0;
        let (mut scheduled, mut overtime, mut paid) = (on_shift, 0.0, on_shift);
        if let Roster::Shifts { spans, .. } = &pool.roster {
            (scheduled, overtime, paid) = (0.0, 0.0, 0.0);
            for span in spans {
                let from = span.from.0.clamp(self.from, self.until);
                let to = span.to.0.clamp(self.from, self.until);
                let hours = (to - from) as f64 / TICKS_PER_HOUR as f64 * f64::from(span.heads);
                scheduled += hours;
                overtime += if span.pay > 1.0 { hours } else { 0.0 };
                paid += hours * span.pay;
            }
        }
        PoolRecord {
            scheduled_hours: scheduled,
            present_hours: on_shift + stayed,
            stayed_hours: stayed,
            busy_hours: busy,
            overtime_hours: overtime,
            due_work_hours: if self.plan.model.has_due_work(k) {
                self.closed(self.days.due_work(k).map(|ticks| ticks as f64 / TICKS_PER_HOUR as f64))
            } else {
                Vec::new()
            },
            cost: pool.cost_per_hour.map(|rate| rate * (paid + stayed)),
        }
    }

    fn sla_record(&self, k: usize) -> SlaRecord {
        let sla = &self.plan.model.slas[k];
        let book = &self.books[k];
        SlaRecord {
            windows: book
                .windows(sla)
                .map(|(WindowCount { due, late }, suspended)| WindowRecord { due, late, suspended })
                .collect(),
            due: book.total().due,
            late: book.total().late,
            excluded: book.excluded(),
            time_to_dispatch: book.time_to_dispatch.as_ref().map(TallyRecord::from),
            late_hours: book.late_hours(),
            oldest_late: (book.oldest_late() > 0).then(|| book.oldest_late() as f64 / TICKS_PER_SECOND as f64),
            breached: book.breached(sla),
            first_breach: book.first_breach(sla).map(|at| at.0),
            last_miss: book.last_miss(sla).map(|at| at.0),
            still_missing: book.still_missing(sla, SimTime(self.now)),
            ledger: book
                .ledger
                .cells()
                .map(|(station, cause, ticks)| LedgerCell {
                    station,
                    cause: cause as u8,
                    late_hours: ticks as f64 / TICKS_PER_HOUR as f64,
                })
                .collect(),
        }
    }

    /// One run's contribution to a measure.
    fn measure(&self, k: usize) -> MeasureValue {
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
                let tally = &self.diversions[diversion.index()].resolution;
                let value = ratio(tally.sum_seconds(), tally.count() as f64);
                MeasureValue {
                    squares: if *statistic == TallyStatistic::StandardDeviation { tally.sum_squares() } else { 0.0 },
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
