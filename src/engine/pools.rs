//! People: shifts that begin and end, and what a freed person takes up.

use super::event_calendar::Phase;
use super::items::Items;
use super::simulation::Simulation;
use super::state::{PoolState, StationState};
use super::timers::Happening;
use super::visits::VisitObserver;
use crate::model::{Batch, OutagePolicy, StationId, StepDown};
use crate::observation::{Cause, RunEnd};
use crate::time::SimDuration;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// The person and the server of a finished piece of work become free, and take up what is next.
    #[inline(always)]
    pub(super) fn free_server(&mut self, s: u16, server: u32) {
        self.release_server(s, server);
        match self.stations[usize::from(s)].plan.pool {
            Some(pool) => self.take_up_work(pool),
            None => {
                self.try_start(s);
            }
        }
    }

    /// Gives back the person, the server and the equipment of a piece of work.
    #[inline]
    pub(super) fn release_server(&mut self, s: u16, server: u32) {
        let now = self.now;
        let state = &mut self.stations[usize::from(s)];
        let station = state.plan;
        state.equipment_used -= 1;
        if station.of.batch.is_some() {
            state.at_work.leave(now);
        }
        state.servers.give_back(server - station.first_server);
        if let Some(number) = station.pool {
            let pool = &mut self.pools[usize::from(number)];
            pool.busy_level.leave(now);
            if !std::mem::take(&mut self.servers[server as usize].old_crew) {
                pool.busy -= 1;
            }
            if pool.staying.now() > 0 {
                self.count_staying(number);
            }
        }
    }

    /// Notes how many people of a pool stay beyond their shift, and whether anybody is there to use the equipment.
    #[cold]
    fn count_staying(&mut self, pool: u16) {
        let state = &mut self.pools[usize::from(pool)];
        state.staying.set(self.now, state.beyond_roster(), (self.from, self.until));
        for station in &self.plan.model.pools[usize::from(pool)].order_of_work {
            self.count_equipment(station.0);
        }
    }

    /// Notes how much equipment is there for those who are there to use it.
    pub(super) fn count_equipment(&mut self, s: u16) {
        let k = usize::from(s);
        let Some(count) = self.stations[k].equipment else { return };
        let anybody = self.plan.stations[k].pool.is_none_or(|pool| self.pools[usize::from(pool)].anybody());
        let there = if anybody { count } else { 0 };
        self.stations[k].equipment_there.set(self.now, there, (self.from, self.until));
    }

    /// Free people take up work in the pool's order of work.
    pub(super) fn take_up_work(&mut self, pool: u16) {
        let k = usize::from(pool);
        let order = self.pools[k].order_of_work;
        let state = &mut self.pools[k];
        let noted_before = std::mem::replace(&mut state.all_noted, state.notes_last);
        let mut left = self.pools[k].perhaps_ready;
        while left != 0 {
            let turn = left.trailing_zeros();
            if noted_before && !self.pools[k].free() {
                self.check_that_all_is_noted(&order[turn as usize..]);
                return;
            }
            left &= left - 1;
            // The last bit stands for all turns from there on.
            let turns = if turn < LAST_TURN { turn as usize..turn as usize + 1 } else { turn as usize..order.len() };
            for station in &order[turns] {
                self.take_up_work_at(pool, turn, station.0, order.len() == 1);
            }
        }
        if self.pools[k].free() {
            self.pools[k].all_noted = false;
        }
    }

    /// Free people take up work at a station of their pool, if any is ready there.
    #[inline(always)]
    fn take_up_work_at(&mut self, pool: u16, turn: u32, s: u16, alone: bool) {
        let state = &self.stations[usize::from(s)];
        if state.short.open {
            self.open_plain(s);
        } else if state.nobody_ready() {
            if turn < LAST_TURN {
                self.pools[usize::from(pool)].perhaps_ready &= !(1 << turn);
            }
        } else if self.pools[usize::from(pool)].free() {
            self.try_start_somebody(s);
            // What is noted while somebody is free is not what holds when nobody is.
            if self.pools[usize::from(pool)].free() {
                self.pools[usize::from(pool)].all_noted = false;
            }
        } else if !alone && !state.waits_for_people() {
            self.note_cause(s, false);
        }
    }

    /// Holds what is not noted again against what is known, in builds with such checks.
    #[inline(always)]
    fn check_that_all_is_noted(&mut self, stations: &[StationId]) {
        if !cfg!(debug_assertions) {
            return;
        }
        for station in stations {
            let (s, k) = (station.0, station.index());
            if !self.stations[k].short.open && !self.stations[k].nobody_ready() {
                let before = self.stations[k].causes.now();
                assert_eq!(Some(before), self.cause_now(s), "the cause at station {s} was noted when it changed");
            }
        }
    }

    /// Notes why the first in line cannot start, for the ledger. Only stations whose cause can vary keep a log.
    #[inline(always)]
    pub(super) fn note_cause(&mut self, s: u16, line_was_empty: bool) {
        let Some(cause) = self.cause_now(s) else { return };
        let state = &mut self.stations[usize::from(s)];
        if cause != state.causes.now() {
            let empty = line_was_empty || state.nobody_ready();
            state.causes.set(self.now, cause, empty);
        }
    }

    /// Why the first in line cannot start now, at a station whose cause can vary.
    #[inline(always)]
    fn cause_now(&mut self, s: u16) -> Option<Cause> {
        let state = &mut self.stations[usize::from(s)];
        let station = state.plan;
        if !station.causes_vary {
            return None;
        }
        let pool = station.pool.map(|pool| &self.pools[usize::from(pool)]);
        let nobody_there = pool.is_some_and(|pool| pool.present == 0);
        Some(if state.outages > 0 || nobody_there || state.line.length() < station.line_of_people {
            cause_of_waiting(station.of.batch, pool, state, (&self.items, self.now))
        } else {
            short_of(pool, state)
        })
    }

    /// The next step of a pool's roster.
    pub(super) fn step_roster(&mut self, pool: u16) {
        let k = usize::from(pool);
        let state = &mut self.pools[k];
        let Some(step) = state.steps.get(state.next_step).copied() else { return };
        state.next_step += 1;
        state.rostered = step.heads;
        state.speed = step.speed;
        let crew_change = self.plan.model.pools[k].step_down == StepDown::CrewChange && step.from > 0;
        if crew_change {
            self.dismiss_crew(pool);
        }
        self.set_heads(pool);
        if let Some(next) = self.pools[k].steps.get(self.pools[k].next_step).copied() {
            self.at(next.from, Phase::Change, u32::from(pool), 0, Happening::Roster(pool));
        }
    }

    /// Everybody who is busy finishes and goes; they are no longer counted among those present.
    fn dismiss_crew(&mut self, pool: u16) {
        for station in &self.plan.model.pools[usize::from(pool)].order_of_work {
            let known = &self.plan.stations[station.index()];
            for server in known.first_server..known.first_server + known.servers {
                let at = &mut self.servers[server as usize];
                at.old_crew |= at.is_busy();
            }
        }
        self.pools[usize::from(pool)].busy = 0;
    }

    /// Brings the heads present in line with roster, control and breakdowns.
    pub(super) fn set_heads(&mut self, pool: u16) {
        let k = usize::from(pool);
        let window = (self.from, self.until);
        let state = &mut self.pools[k];
        state.all_noted = false;
        let heads = state.heads();
        state.heads.set(self.now, heads, window);
        state.present = heads;
        if self.plan.model.pools[k].step_down == StepDown::Return {
            while self.pools[k].busy > self.pools[k].present {
                match self.last_begun(pool) {
                    Some(server) => self.interrupt(server, Cause::OffShift),
                    None => break,
                }
            }
        }
        self.count_staying(pool);
        self.take_up_work(pool);
        for station in &self.plan.model.pools[k].order_of_work {
            if !self.stations[station.index()].nobody_ready() {
                self.note_cause(station.0, false);
            }
        }
    }

    /// The server of a pool whose work began last; at equal time the one with the highest number.
    fn last_begun(&self, pool: u16) -> Option<u32> {
        self.plan.model.pools[usize::from(pool)]
            .order_of_work
            .iter()
            .flat_map(|station| {
                let known = &self.plan.stations[station.index()];
                known.first_server..known.first_server + known.servers
            })
            .filter(|server| self.servers[*server as usize].is_busy() && !self.servers[*server as usize].old_crew)
            .max_by_key(|server| (self.servers[*server as usize].began, *server))
    }

    /// A station's outage begins or ends.
    pub(super) fn switch_outage(&mut self, s: u16, begins: bool) {
        let k = usize::from(s);
        if let Some(pool) = self.plan.stations[k].pool {
            self.pools[usize::from(pool)].all_noted = false;
        }
        if !begins {
            self.stations[k].outages -= 1;
            if self.stations[k].outages == 0 {
                self.resume_unlimited(s);
                self.try_start(s);
                if let Some(pool) = self.plan.stations[k].pool {
                    self.take_up_work(pool);
                }
            }
            return;
        }
        self.stations[k].outages += 1;
        if self.stations[k].outages == 1 && self.plan.stations[k].of.outage_policy == OutagePolicy::Pause {
            let known = &self.plan.stations[k];
            for server in known.first_server..known.first_server + known.servers {
                if self.servers[server as usize].is_busy() {
                    self.interrupt(server, Cause::Outage);
                }
            }
            if let Some(pool) = known.pool {
                self.take_up_work(pool);
            }
        }
        if !self.stations[k].nobody_ready() {
            self.note_cause(s, false);
        }
    }

    /// Items that came to an unlimited station while it was out of order start now.
    fn resume_unlimited(&mut self, s: u16) {
        if self.plan.stations[usize::from(s)].pool.is_none() {
            self.try_start(s);
        }
    }

    /// A server breaks down or is repaired, and its next change is drawn.
    pub(super) fn break_or_repair(&mut self, s: u16, server: u32, down: bool) {
        let k = usize::from(s);
        let known = &self.plan.stations[k];
        let Some(pool) = known.pool else { return };
        let place = server - known.first_server;
        if down {
            if self.servers[server as usize].is_busy() {
                self.interrupt(server, Cause::Outage);
                self.stations[k].servers.take(place);
            } else if self.stations[k].servers.is_free(place) {
                self.stations[k].servers.take(place);
            }
            self.pools[usize::from(pool)].broken += 1;
        } else {
            self.stations[k].servers.give_back(place);
            self.pools[usize::from(pool)].broken -= 1;
        }
        self.set_heads(pool);
        self.plan_breakdown(s, server, !down);
    }

    /// Draws when a server next breaks down (`down`) or is repaired.
    pub(super) fn plan_breakdown(&mut self, s: u16, server: u32, down: bool) {
        let k = usize::from(s);
        let known = &self.plan.stations[k];
        let Some((up, repair)) = &known.breakdown else { return };
        let spell = if down { up } else { repair };
        // Every change has its own draw: the server, and the instant it is drawn at.
        let bits = self.stations[k]
            .keys
            .breakdown
            .bits(u64::from(server - known.first_server), self.now << 1 | u64::from(down));
        let at = self.now + SimDuration::from_seconds(spell.value(bits)).0;
        let rank = self.plan.stations[k].rank;
        self.at(at, Phase::Change, rank, u64::from(server), Happening::Breakdown(s, server, down));
    }

    /// Sets the timers that are known from the start: rosters, outages, releases, probes, the ends of counting.
    pub(super) fn schedule_fixed_events(&mut self) {
        let model = self.plan.model;
        self.at(self.from, Phase::Probe, 2, 0, Happening::CountingStarts);
        self.at(self.until, Phase::Probe, 3, 0, Happening::CountingEnds);
        if model.horizon.kind != (crate::model::HorizonKind::Span { drain: true }) {
            self.at(model.horizon.end.0, Phase::Probe, 5, 0, Happening::HorizonEnds);
        }
        self.schedule_probes();
        for (k, change) in (0_u32..).zip(&model.changes) {
            self.at(change.at.0, Phase::Change, k.min(65_535), 0, Happening::Change(k));
        }
        for pool in 0..model.pools.len() {
            let pool = u16::try_from(pool).expect("pools are numbered by u16");
            if let Some(first) = self.pools[usize::from(pool)].steps.first().copied() {
                self.at(first.from, Phase::Change, u32::from(pool), 0, Happening::Roster(pool));
            }
        }
        for s in 0..model.stations.len() {
            let s = u16::try_from(s).expect("stations are numbered by u16");
            self.schedule_station(s);
        }
    }

    fn schedule_station(&mut self, s: u16) {
        self.count_equipment(s);
        let known = &self.plan.stations[usize::from(s)];
        for outage in &known.of.outages {
            if outage.to > outage.from {
                self.at(outage.from.0, Phase::Change, known.rank, 0, Happening::Outage(s, true));
                self.at(outage.to.0, Phase::Change, known.rank, 1, Happening::Outage(s, false));
            }
        }
        if let (Some(_), Some(pool)) = (&known.breakdown, known.pool) {
            // As many as can be at work, not the places of those who finish beside those who come.
            let servers = known.servers.min(self.plan.model.pools[usize::from(pool)].roster.most());
            for server in known.first_server..known.first_server + servers {
                self.plan_breakdown(s, server, true);
            }
        }
        self.schedule_release(s, None);
    }

    /// Whether the run may be over: nothing that counts is open any more.
    pub(super) fn maybe_over(&mut self) {
        use crate::model::HorizonKind;
        if self.counting || self.now < self.until {
            return;
        }
        let nothing_open = match self.plan.model.horizon.kind {
            HorizonKind::Calendar | HorizonKind::Steady => self.open_before_until == 0,
            HorizonKind::Span { .. } => self.items.in_use() == 0,
        };
        if nothing_open {
            self.end_run(RunEnd::Finished);
        }
    }
}

/// Turns of a pool's order of work from this one on are looked through together.
const LAST_TURN: u32 = 63;

impl PoolState<'_> {
    /// Somebody may be ready at the station with this turn in the order of work.
    #[inline(always)]
    pub(super) fn look_at(&mut self, turn: u32) {
        self.perhaps_ready |= 1 << turn.min(LAST_TURN);
    }
}

/// Why nobody can start at a station: by precedence outage, nobody on shift, rate limit, batch, person, equipment.
#[inline(never)]
fn cause_of_waiting(
    batch: Option<Batch>,
    pool: Option<&PoolState<'_>>,
    state: &mut StationState<'_>,
    (items, now): (&Items, u64),
) -> Cause {
    if state.outages > 0 {
        return Cause::Outage;
    }
    if pool.is_some_and(|pool| pool.present == 0) {
        return Cause::OffShift;
    }
    if state.bucket.as_ref().is_some_and(|bucket| bucket.next_token(now) > now) {
        return Cause::RateLimit;
    }
    if let Some(batch) = batch
        && state.suspended.is_empty()
        && !state.batch_is_ready(batch, items, now)
    {
        return Cause::BatchForming;
    }
    short_of(pool, state)
}

/// What is short where nothing but people and equipment can be.
#[inline]
fn short_of(pool: Option<&PoolState<'_>>, state: &StationState<'_>) -> Cause {
    let nobody_free = pool.is_some_and(|pool| !pool.free());
    let no_equipment = state.equipment.is_some_and(|all| state.equipment_used >= all);
    if nobody_free || !no_equipment { Cause::NoPerson } else { Cause::NoEquipment }
}
