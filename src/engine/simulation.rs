//! One replication: the state of a run and its main loop.

use super::demand::{NO_ARRIVAL, Point, Stream, StreamPlace, draw_count};
use super::event_calendar::{Happening, Phase, Services, Timer, Timers, key, rank_of, time_of};
use super::items::{Item, Items, Keeps, Marks, NO_ITEM, Standing};
use super::messages::Move;
use super::plan::Plan;
use super::state::{HeadsOverTime, PoolState, StationKeys, StationState, roster_steps};
use super::visits::VisitObserver;
use super::watches::Watches;
use super::workspace::Workspace;
use crate::model::{Arrivals, Fate, HorizonKind, ItemKind, Model};
use crate::observation::{
    Cause, DayBook, Interval, Level, LevelSnapshot, ReplicationRecord, RunEnd, SlaBook, Spells, Tally, TimelineGrid,
    TimelineRecord,
};
use crate::random::StreamKey;
use crate::time::SimTime;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

/// A run was asked to stop; it leaves no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop;

/// Runs one replication.
///
/// # Errors
/// [`Stop`] when `stop` was raised before the run had ended.
pub fn simulate<O: VisitObserver>(
    plan: &Plan<'_>,
    seed: u64,
    replication: u64,
    stop: &AtomicBool,
    observer: &mut O,
) -> Result<ReplicationRecord, Stop> {
    simulate_in(&mut Workspace::new(), plan, seed, replication, stop, observer)
}

/// Runs one replication like [`simulate`], in memory that later replications can use again.
///
/// # Errors
/// [`Stop`] when `stop` was raised before the run had ended.
pub fn simulate_in<O: VisitObserver>(
    workspace: &mut Workspace,
    plan: &Plan<'_>,
    seed: u64,
    replication: u64,
    stop: &AtomicBool,
    observer: &mut O,
) -> Result<ReplicationRecord, Stop> {
    let mut run = Simulation::new(plan, seed, replication, observer, workspace);
    let end = run.run(stop);
    let record = end.map(|end| run.finish(replication, end));
    run.give_back(workspace);
    record
}

/// The state of one run.
pub(super) struct Simulation<'p, 'm, O: VisitObserver> {
    pub(super) plan: &'p Plan<'m>,
    pub(super) observer: &'p mut O,
    pub(super) now: u64,
    pub(super) events: u64,
    pub(super) services: Services,
    pub(super) timers: Timers,
    /// The item in service at each server, or the first of its batch.
    pub(super) in_service: Vec<u32>,
    pub(super) server_station: Vec<u16>,
    pub(super) service_began: Vec<u64>,
    /// Servers of an old crew who only finish.
    pub(super) old_crew: Vec<bool>,
    pub(super) items: Items,
    pub(super) stations: Vec<StationState<'p>>,
    pub(super) pools: Vec<PoolState>,
    pub(super) streams: Vec<Stream<'p>>,
    pub(super) sources: Vec<SourceState>,
    /// Index of the source whose arrival is next, and the key of that arrival.
    pub(super) next_source: usize,
    pub(super) next_arrival: u64,
    /// Items that are to move on at this instant, for moves that would otherwise nest.
    pub(super) moves: VecDeque<Move>,
    /// Counted window.
    pub(super) from: u64,
    pub(super) until: u64,
    pub(super) counting: bool,
    /// Orders created before the end of the counted window and still open.
    pub(super) open_before_until: u64,
    pub(super) over: Option<RunEnd>,
    pub(super) keys: RunKeys,
    pub(super) diversions: Vec<DiversionState>,
    pub(super) exception_factor: f64,
    pub(super) books: Vec<SlaBook>,
    pub(super) due_watch: Vec<VecDeque<(u64, u32, u32)>>,
    pub(super) days: DayBook,
    pub(super) orders: OrderCounts,
    pub(super) contacts: Vec<u64>,
    pub(super) chasers: u64,
    pub(super) contacts_made: u64,
    pub(super) grid: TimelineGrid,
    pub(super) timeline: TimelineRecord,
    pub(super) busy_before: Vec<LevelSnapshot>,
    pub(super) watches: Watches,
    pub(super) life: Vec<Interval>,
}

/// One source in a run.
#[derive(Debug)]
pub(super) struct SourceState {
    pub(super) marks: StreamKey,
    pub(super) route: StreamKey,
    pub(super) created: u64,
    pub(super) created_in_window: u64,
    pub(super) in_system: Level,
    pub(super) at_start: LevelSnapshot,
    pub(super) at_end: Option<LevelSnapshot>,
    pub(super) time_in_system: Spells,
}

/// Keys of streams that belong to no station or source.
#[derive(Debug)]
pub(super) struct RunKeys {
    pub(super) diversions: Vec<(StreamKey, StreamKey, StreamKey)>,
    pub(super) contacts: Vec<StreamKey>,
    pub(super) follow_ups: Vec<StreamKey>,
    /// Scans and pushed statuses; one stream, so that all SLAs that wait for a scan see the same one.
    pub(super) status_delay: StreamKey,
}

/// One hold or exception class in a run.
#[derive(Debug, Default)]
pub(super) struct DiversionState {
    pub(super) count: u64,
    pub(super) open: u64,
    pub(super) resolution: Tally,
}

/// Orders of a run.
#[derive(Debug, Default)]
pub(super) struct OrderCounts {
    pub(super) created: u64,
    /// Of those, how many were there when the run began.
    pub(super) initial: u64,
    pub(super) created_in_window: u64,
    pub(super) dispatched_in_window: u64,
    pub(super) cancelled_in_window: u64,
    pub(super) time_to_dispatch: Tally,
    pub(super) time_in_system: Spells,
    pub(super) in_system: Level,
    pub(super) at_start: LevelSnapshot,
    pub(super) at_end: Option<LevelSnapshot>,
    pub(super) last_end: u64,
}

/// Looks at the stop flag once in so many events.
const EVENTS_BETWEEN_LOOKS: u64 = 1 << 14;

impl<'p, 'm, O: VisitObserver> Simulation<'p, 'm, O> {
    fn new(
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
        let pools = model.pools.iter().map(|pool| pool_state(pool, stream)).collect();
        let last_arrival = match horizon.kind {
            HorizonKind::Span { .. } => horizon.until,
            HorizonKind::Calendar | HorizonKind::Steady => horizon.end,
        };
        let place = StreamPlace {
            seed,
            replication,
            counts: &plan.counts,
            origin: model.calendar().map_or((0, 0), |calendar| {
                let (hours, rest) = calendar.origin_utc_hours();
                (hours, rest.0)
            }),
            end: last_arrival.0,
            most_uplift: 1.0,
        };
        let grid = TimelineGrid::over(horizon.from, horizon.end, 60);
        let mut run = Simulation {
            observer,
            now: 0,
            events: 0,
            services: Services::new(plan.servers as usize),
            timers: std::mem::take(&mut workspace.timers),
            in_service: vec![NO_ITEM; plan.servers as usize],
            server_station: vec![0; plan.servers as usize],
            service_began: vec![0; plan.servers as usize],
            old_crew: vec![false; plan.servers as usize],
            items: std::mem::take(&mut workspace.items),
            stations,
            pools,
            streams: Vec::new(),
            sources: Vec::new(),
            next_source: 0,
            next_arrival: u64::MAX,
            moves: VecDeque::new(),
            from: first_counted(model),
            until: horizon.until.0,
            counting: false,
            open_before_until: 0,
            over: None,
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
        run.clear_memory(workspace);
        run.open_sources(place, stream);
        run.place_servers();
        run.schedule_fixed_events();
        run
    }

    /// Empties what comes from the workspace.
    fn clear_memory(&mut self, workspace: &mut Workspace) {
        let plan = self.plan;
        self.items.start_anew(Keeps {
            circles: plan.circles,
            lives: plan.keeps_lives,
            clocks: plan.keeps_clocks,
            generations: plan.watches_due,
        });
        self.timers.clear();
        for (station, line) in self.stations.iter_mut().zip(&mut workspace.lines) {
            station.short.line = std::mem::take(line);
            station.short.line.clear();
        }
    }

    fn give_back(self, workspace: &mut Workspace) {
        workspace.items = self.items;
        workspace.timers = self.timers;
        workspace.lines = self.stations.into_iter().map(|station| station.short.line).collect();
    }

    fn open_sources(&mut self, place: StreamPlace<'p>, stream: impl Fn(&str) -> StreamKey) {
        let plan = self.plan;
        for (source, known) in plan.model.sources.iter().zip(&plan.sources) {
            let place = StreamPlace { most_uplift: known.most_uplift, ..place };
            self.streams.push(Stream::new(source, (known.day.as_ref(), known.hour.as_ref()), place));
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
                self.server_station[server as usize] = k;
            }
        }
    }

    /// Main loop: the first of arrivals, services and timers, until the run is over.
    fn run(&mut self, stop: &AtomicBool) -> Result<RunEnd, Stop> {
        self.place_initial_items();
        let limits = self.plan.model.limits;
        loop {
            let service = self.services.first();
            let timer = self.timers.first();
            let first = if service < timer { service } else { timer };
            self.events += 1;
            if self.next_arrival < first {
                self.now = time_of(self.next_arrival);
                self.arrive();
            } else if first == u64::MAX {
                return Ok(RunEnd::Finished);
            } else {
                self.now = time_of(first);
                if service < timer {
                    self.complete(rank_of(service));
                } else {
                    self.ring();
                }
            }
            if !self.moves.is_empty() {
                self.make_moves();
            }
            if let Some(end) = self.over {
                return Ok(end);
            }
            if self.events.is_multiple_of(EVENTS_BETWEEN_LOOKS) {
                if stop.load(Ordering::Relaxed) {
                    return Err(Stop);
                }
                if self.events >= limits.events {
                    return Ok(RunEnd::EventLimit);
                }
                if self.items.in_use() > limits.in_flight {
                    return Ok(RunEnd::InFlightLimit);
                }
            }
        }
    }

    /// Sends on the items that are to move at this instant.
    pub(super) fn make_moves(&mut self) {
        let mut moves = 0_u64;
        while let Some(next) = self.moves.pop_front() {
            match next {
                Move::Item(item, fate) => self.go(item, fate),
                Move::Message(id, matter, station) => self.bare_message_comes(id, matter, station),
            }
            moves += 1;
            // Stations that turn items away to each other would pass them round for ever within one instant.
            if moves > self.plan.model.limits.events {
                self.over = Some(RunEnd::EventLimit);
                return;
            }
        }
    }

    fn ring(&mut self) {
        let Some((_, what)) = self.timers.take() else { return };
        match what {
            Happening::Probe(k) => self.probe(k),
            Happening::CountingStarts => self.start_counting(),
            Happening::CountingEnds => self.end_counting(),
            Happening::HorizonEnds => self.over = Some(RunEnd::Finished),
            Happening::Change(k) => self.change(k as usize),
            Happening::Roster(pool) => self.step_roster(pool),
            Happening::Outage(station, begins) => self.switch_outage(station, begins),
            Happening::Breakdown(station, server, down) => self.break_or_repair(station, server, down),
            Happening::Served(item) => self.complete_unlimited(item),
            Happening::Return(item) => self.come_back(item),
            Happening::Release(station) => self.release(station),
            Happening::Gathered(station, stamp) => self.gathered(station, stamp),
            Happening::Abandon(item, stamp) => self.abandon(item, stamp),
            Happening::BatchTimeout(station) | Happening::Token(station) => {
                self.try_start(station);
            }
            Happening::Due(contact) => self.fall_due(contact),
            Happening::Writes(contact, item, stamp) => self.write_about(contact, item, stamp),
            Happening::Message(item) | Happening::FollowUp(item) => self.deliver(item),
        }
    }

    /// Sets a timer.
    pub(super) fn at(&mut self, time: u64, phase: Phase, rank: u32, tie: u64, what: Happening) {
        if time < SimTime::MAX.0 {
            self.timers.add(Timer { key: key(time, phase, rank), tie, what });
        }
    }

    /// Finds the source whose arrival comes next; at equal time the source first by name.
    pub(super) fn find_next_arrival(&mut self) {
        let mut best: Option<(u64, &str, usize)> = None;
        for (k, stream) in self.streams.iter().enumerate() {
            let next = stream.next_at();
            if next == NO_ARRIVAL {
                continue;
            }
            let name = self.plan.model.sources[k].name.as_str();
            if best.is_none_or(|(at, other, _)| (next, name) < (at, other)) {
                best = Some((next, name, k));
            }
        }
        match best {
            Some((at, _, k)) => {
                self.next_source = k;
                self.next_arrival = key(at, Phase::Arrival, 0);
            }
            None => self.next_arrival = u64::MAX,
        }
    }

    fn arrive(&mut self) {
        let source = self.next_source;
        let stream = &mut self.streams[source];
        let point = stream.take();
        if self.plan.sources.len() == 1 {
            let next = stream.next_at();
            self.next_arrival = if next == NO_ARRIVAL { u64::MAX } else { key(next, Phase::Arrival, 0) };
        } else {
            self.find_next_arrival();
        }
        if let Some(point) = point
            && self.streams[source].exists(&point)
        {
            let state = &mut self.sources[source];
            state.created += 1;
            let rank = u32::try_from(state.created).unwrap_or(u32::MAX);
            self.create(source, &point, rank);
        }
    }

    /// Creates an item of a source, the `rank`-th to arrive, and sends it on its way.
    pub(super) fn create(&mut self, source: usize, point: &Point, rank: u32) {
        let of = &self.plan.model.sources[source];
        let state = &mut self.sources[source];
        let record = match &of.arrivals {
            Arrivals::Recorded(records) => records.get(point.record as usize),
            _ => None,
        };
        let (lines, units) = match record {
            Some(record) => (record.lines, record.units),
            None => {
                let lines = draw_count(&of.lines, || state.marks.bits(point.id, 0));
                let per_line = draw_count(&of.units, || state.marks.bits(point.id, 1));
                (lines, lines.saturating_mul(per_line))
            }
        };
        let counted = self.counting;
        state.created_in_window += u64::from(counted);
        state.in_system.enter(self.now);
        let order = of.kind == ItemKind::Order;
        let item = self.items.add(Item {
            priority: record.and_then(|record| record.priority).unwrap_or(of.priority),
            lines,
            units,
            rank,
            source: u16::try_from(source).expect("sources are numbered by u16"),
            kind: of.kind,
            marks: Marks::new(counted, order),
            ..blank_item(point.id, self.now)
        });
        if order {
            self.order_created(item);
        }
        self.leave_source(item);
    }

    /// Sends a new item to its first station, or to a hold.
    fn leave_source(&mut self, item: u32) {
        let source = usize::from(self.items[item].source);
        if !self.plan.sources[source].held_by.is_empty() && self.hold(item) {
            return;
        }
        match self.way_from_source(item) {
            Fate::To(station) => self.enter(station.0, item),
            fate => self.go(item, fate),
        }
    }

    /// The first way of an item from its source.
    pub(super) fn way_from_source(&mut self, item: u32) -> Fate {
        let source = usize::from(self.items[item].source);
        match self.plan.sources[source].only_way {
            Some(fate) => fate,
            None => {
                let bits = self.sources[source].route.bits(self.items[item].id, 0);
                super::flow::choose(&self.plan.model.sources[source].route, &self.items[item], bits)
            }
        }
    }

    /// Labels what an item has been waiting for up to now.
    #[inline]
    pub(super) fn label(&mut self, item: u32, station: u16, cause: Cause) {
        self.items.label(item, station, cause, self.now);
    }

    /// Whether a visit that began at `entered` counts.
    #[inline]
    pub(super) fn counts(&self, entered: u64) -> bool {
        entered >= self.from && entered < self.until
    }
}

/// The first instant that counts. Items that are there when a run begins did not arrive in it, so counting begins one
/// tick (1 µs) after them.
fn first_counted(model: &Model) -> u64 {
    let initial = model.sources.iter().any(|source| source.initial > 0);
    model.horizon.from.0.max(u64::from(initial))
}

fn sla_books(model: &Model, grid: TimelineGrid) -> Vec<SlaBook> {
    let steps = || (0..grid.steps).map(|k| grid.end(k)).chain([grid.from]);
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

/// An item with an identity and a time of creation, and nothing else decided.
pub(super) fn blank_item(id: u64, now: u64) -> Item {
    Item {
        id,
        created: now,
        entered: now,
        work: 0,
        rank: 0,
        units: 1,
        stamp: 0,
        lines: 1,
        source: u16::MAX,
        station: u16::MAX,
        visit: 1,
        line: 0,
        matter: 0,
        attempt: 1,
        intervals: 0,
        priority: 0,
        kind: ItemKind::Work,
        standing: Standing::Moving,
        marks: Marks::default(),
    }
}

fn station_state<'p>(
    plan: &Plan<'_>,
    station: &'p super::station_plan::StationPlan<'_>,
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
    state.short.told |= plan.watches_orders;
    state
}

fn pool_state(pool: &crate::model::Pool, stream: impl Fn(&str) -> StreamKey) -> PoolState {
    PoolState {
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
