//! The end of a run: what is still open is booked, and the record is written.

use super::items::Standing;
use super::simulation::Simulation;
use super::visits::{Outcome, VisitObserver};
use crate::model::{CountedOn, ItemKind, Roster};
use crate::observation::{
    ContactsRecord, DiversionRecord, EquipmentRecord, LedgerCell, LevelSnapshot, OrdersRecord, PoolRecord,
    RECORD_VERSION, ReplicationRecord, RunEnd, SlaRecord, SourceRecord, StationRecord, TallyRecord, WindowCount,
    WindowRecord,
};
use crate::time::{SimTime, TICKS_PER_HOUR, TICKS_PER_SECOND};

impl<O: VisitObserver> Simulation<'_, '_, O> {
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
                self.stations[usize::from(s)].label_line(s, &mut self.items, item, self.now);
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

    pub(super) fn window_seconds(&self) -> f64 {
        let end = self.until.min(self.now.max(self.from));
        (end - self.from) as f64 / TICKS_PER_SECOND as f64
    }

    fn average(&self, start: LevelSnapshot, end: Option<LevelSnapshot>) -> f64 {
        let seconds = self.window_seconds();
        end.map_or(0.0, |end| if seconds > 0.0 { end.seconds_since(start) / seconds } else { 0.0 })
    }

    pub(super) fn station_record(&self, k: usize) -> StationRecord {
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
    pub(super) fn present_seconds(&self, pool: usize) -> f64 {
        self.on_shift_seconds(pool) + self.staying_seconds(pool)
    }

    pub(super) fn on_shift_seconds(&self, pool: usize) -> f64 {
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

    pub(super) fn pool_record(&self, k: usize) -> PoolRecord {
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
}
