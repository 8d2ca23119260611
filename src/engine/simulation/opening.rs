//! A run before its first event: every part in its first state, with the keys of its draws.

use super::{DiversionState, EVENTS_BETWEEN_LOOKS, OrderCounts, RunKeys, Simulation, SourceState};
use crate::engine::demand::{Stream, StreamPlace};
use crate::engine::event_calendar::Services;
use crate::engine::items::Keeps;
use crate::engine::plan::Plan;
use crate::engine::starts::Server;
use crate::engine::state::{HeadsOverTime, PoolState, StationKeys, StationState, roster_steps};
use crate::engine::station_plan::StationPlan;
use crate::engine::visits::VisitObserver;
use crate::engine::watches::Watches;
use crate::engine::workspace::Workspace;
use crate::model::{HorizonKind, Model, StationId};
use crate::observation::{DayBook, Level, LevelSnapshot, SlaBook, Spells, TimelineGrid, TimelineRecord};
use crate::random::StreamKey;
use std::collections::VecDeque;

impl<'p, 'm, O: VisitObserver> Simulation<'p, 'm, O> {
    pub(super) fn new(
        plan: &'p Plan<'m>,
        seed: u64,
        replication: u64,
        observer: &'p mut O,
        workspace: &mut Workspace,
    ) -> Simulation<'p, 'm, O> {
        let model = plan.model;
        let horizon = model.horizon;
        let stream = |name: &str| StreamKey::new(seed, replication, name);
        let stations = plan.stations.iter().map(|station| station_state(plan, station, stream)).collect();
        let pools = model.pools.iter().map(|pool| pool_state(plan, pool, stream)).collect();
        let place = stream_place(plan, seed, replication);
        let grid = TimelineGrid::of(horizon);
        let mut run = Simulation {
            observer,
            now: 0,
            events: 0,
            services: Services::new(plan.servers as usize),
            timers: std::mem::take(&mut workspace.timers),
            servers: vec![Server::idle(0); plan.servers as usize],
            items: std::mem::take(&mut workspace.items),
            visitors: std::mem::take(&mut workspace.visitors),
            stations,
            pools,
            streams: Vec::new(),
            sources: Vec::new(),
            next_source: 0,
            next_arrival: u64::MAX,
            moves: VecDeque::new(),
            passing: Vec::new(),
            from: first_counted(model),
            until: horizon.until.0,
            counting: false,
            open_before_until: 0,
            over: None,
            look_up_at: EVENTS_BETWEEN_LOOKS,
            keys: run_keys(plan, stream),
            diversions: model.diversions.iter().map(|_| DiversionState::default()).collect(),
            exception_factor: model.exception_factor,
            books: sla_books(model, grid),
            due_watch: vec![VecDeque::new(); model.contacts.len()],
            days: DayBook::new(
                &model.days,
                model.pools.len(),
                plan.stations.iter().filter(|station| station.caged.is_some()).count(),
            ),
            orders: OrderCounts::default(),
            contacts: vec![0; model.contacts.len()],
            chasers: 0,
            contacts_made: 0,
            timeline: empty_timeline(model, grid),
            grid,
            busy_before: vec![LevelSnapshot::default(); model.stations.len()],
            watches: Watches::new(model),
            life: Vec::new(),
            plan,
        };
        run.clear_memory();
        run.open_sources(place, stream);
        run.place_servers();
        run.schedule_fixed_events();
        run
    }

    /// Empties what comes from the workspace.
    fn clear_memory(&mut self) {
        let plan = self.plan;
        self.items.start_anew(Keeps {
            circles: plan.circles,
            lives: plan.keeps_lives,
            clocks: plan.keeps_clocks,
            generations: plan.watches_due,
        });
        self.timers.clear();
        self.visitors.clear();
    }

    fn open_sources(&mut self, place: StreamPlace<'p>, stream: impl Fn(&str) -> StreamKey) {
        let plan = self.plan;
        for (source, known) in plan.model.sources.iter().zip(&plan.sources) {
            let place = StreamPlace { most_uplift: known.most_uplift, ..place };
            let first_service = known.first_at.and_then(|s| plan.first_service(s, self.stations[usize::from(s)].keys));
            let samplers = (known.day.as_ref(), known.hour.as_ref());
            self.streams.push(Stream::new(source, samplers, first_service, place));
            self.sources.push(SourceState {
                marks: stream(&format!("source/{}/marks", source.draws_as)),
                route: stream(&format!("source/{}/route", source.draws_as)),
                created: 0,
                created_in_window: 0,
                in_system: Level::default(),
                at_start: LevelSnapshot::default(),
                at_end: None,
                time_in_system: Spells::default(),
            });
        }
        self.find_next_arrival();
    }

    fn place_servers(&mut self) {
        for (k, station) in (0_u16..).zip(&self.plan.stations) {
            for server in station.first_server..station.first_server + station.servers {
                self.servers[server as usize] = Server::idle(k);
            }
        }
    }
}

/// What the streams of all sources share.
fn stream_place<'p>(plan: &'p Plan<'_>, seed: u64, replication: u64) -> StreamPlace<'p> {
    let (model, horizon) = (plan.model, plan.model.horizon);
    let last_arrival = match horizon.kind {
        HorizonKind::Span { .. } => horizon.until,
        HorizonKind::Calendar | HorizonKind::Steady => horizon.end,
    };
    StreamPlace {
        seed,
        replication,
        counts: &plan.counts,
        origin: model.calendar().map_or((0, 0), |calendar| {
            let (hours, rest) = calendar.origin_utc_hours();
            (hours, rest.0)
        }),
        end: last_arrival.0,
        most_uplift: 1.0,
    }
}

/// The first instant that counts. Items that are there when a run begins did not arrive in it, so counting begins one
/// tick (1 µs) after them.
fn first_counted(model: &Model) -> u64 {
    let initial = model.sources.iter().any(|source| source.initial > 0);
    model.horizon.from.0.max(u64::from(initial))
}

fn sla_books(model: &Model, grid: TimelineGrid) -> Vec<SlaBook> {
    let steps = || grid.ends_until(model.horizon.end).chain([grid.from]);
    model.slas.iter().map(|sla| SlaBook::new(sla, steps(), model.stations.len())).collect()
}

fn empty_timeline(model: &Model, grid: TimelineGrid) -> TimelineRecord {
    TimelineRecord {
        from: grid.from.0,
        step: grid.step,
        queue: model.stations.iter().map(|_| Vec::with_capacity(grid.steps as usize)).collect(),
        busy: model.stations.iter().map(|_| Vec::with_capacity(grid.steps as usize)).collect(),
    }
}

fn station_state<'p>(
    plan: &Plan<'_>,
    station: &'p StationPlan<'p>,
    stream: impl Fn(&str) -> StreamKey,
) -> StationState<'p> {
    let name = &station.of.draws_as;
    let keys = StationKeys {
        service: stream(&format!("station/{name}/service")),
        route: stream(&format!("station/{name}/route")),
        failure: stream(&format!("station/{name}/failure")),
        backoff: stream(&format!("station/{name}/backoff")),
        patience: stream(&format!("station/{name}/patience")),
        breakdown: stream(&format!("station/{name}/breakdown")),
    };
    let mut state = StationState::new(station, plan.classes, keys);
    state.told |= plan.watches_orders;
    state.short.told = state.told;
    state
}

fn pool_state<'p>(plan: &Plan<'p>, pool: &'p crate::model::Pool, stream: impl Fn(&str) -> StreamKey) -> PoolState<'p> {
    let plain = |station: &StationId| plan.stations[station.index()].plain;
    PoolState {
        order_of_work: &pool.order_of_work,
        // At plain stations nobody tells who comes.
        perhaps_ready: u64::from(pool.order_of_work.first().is_some_and(plain)),
        all_noted: false,
        notes_last: pool.order_of_work.iter().all(|station| plan.stations[station.index()].of.rate_limit.is_none()),
        present: 0,
        rostered: 0,
        extra: 0,
        busy: 0,
        broken: 0,
        speed: 1.0,
        steps: roster_steps(pool, stream),
        next_step: 0,
        heads: HeadsOverTime::default(),
        staying: HeadsOverTime::default(),
        busy_level: Level::default(),
        busy_at_start: LevelSnapshot::default(),
        busy_at_end: None,
    }
}

fn run_keys(plan: &Plan<'_>, stream: impl Fn(&str) -> StreamKey) -> RunKeys {
    RunKeys {
        diversions: plan
            .model
            .diversions
            .iter()
            .map(|diversion| {
                let name = &diversion.draws_as;
                (
                    stream(&format!("exception/{name}/strike")),
                    stream(&format!("exception/{name}/work")),
                    stream(&format!("exception/{name}/end")),
                )
            })
            .collect(),
        contacts: plan.model.contacts.iter().map(|c| stream(&format!("contact/{}", c.name))).collect(),
        follow_ups: plan.model.follow_ups.iter().map(|w| stream(&format!("follow up/{}", w.name))).collect(),
        status_delay: stream("sla/status delay"),
    }
}
