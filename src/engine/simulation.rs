//! One replication: the state of a run and its main loop.

mod opening;

use super::demand::Stream;
use super::event_calendar::{Phase, Services, key, rank_of, time_of};
use super::items::Items;
use super::plan::Plan;
use super::starts::Server;
use super::state::{PoolState, StationState};
use super::timers::{Happening, Timer, Timers};
use super::visitor_line::VisitorPlaces;
use super::visits::VisitObserver;
use super::watches::Watches;
use super::workspace::Workspace;
use crate::model::Fate;
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
    pub(super) servers: Vec<Server>,
    pub(super) items: Items,
    /// Who waits at plain stations.
    pub(super) visitors: VisitorPlaces,
    pub(super) stations: Vec<StationState<'p>>,
    pub(super) pools: Vec<PoolState<'p>>,
    pub(super) streams: Vec<Stream<'p>>,
    pub(super) sources: Vec<SourceState>,
    /// Index of the source whose arrival is next, and the key of that arrival.
    pub(super) next_source: usize,
    pub(super) next_arrival: u64,
    /// Items that are to move on at this instant, for moves that would otherwise nest.
    pub(super) moves: VecDeque<Move>,
    /// Those who pass a station at this instant: identity, turn at the gate, item.
    pub(super) passing: Vec<(u64, u32, u32)>,
    /// Counted window.
    pub(super) from: u64,
    pub(super) until: u64,
    pub(super) counting: bool,
    /// Orders created before the end of the counted window and still open.
    pub(super) open_before_until: u64,
    over: Option<RunEnd>,
    /// Number of events after which the main loop next looks up from its work.
    look_up_at: u64,
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

/// What moves on at this instant, for moves that would otherwise nest.
#[derive(Clone, Copy, Debug)]
pub(super) enum Move {
    /// An item goes where its fate says.
    Item(u32, Fate),
    /// A bare message of this identity and kind of contact comes to a station.
    Message(u64, u16, u16),
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
    /// Sum of the squares of the times to resolve (s²).
    pub(super) squares: f64,
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
    pub(super) in_system: Level,
    pub(super) at_start: LevelSnapshot,
    pub(super) at_end: Option<LevelSnapshot>,
    pub(super) last_end: u64,
}

/// Looks at the stop flag once in so many events.
const EVENTS_BETWEEN_LOOKS: u64 = 1 << 14;

impl<'p, 'm, O: VisitObserver> Simulation<'p, 'm, O> {
    fn give_back(self, workspace: &mut Workspace) {
        workspace.items = self.items;
        workspace.timers = self.timers;
        workspace.visitors = self.visitors;
    }

    /// Main loop: the first of arrivals, services and timers, until the run is over.
    fn run(&mut self, stop: &AtomicBool) -> Result<RunEnd, Stop> {
        self.place_initial_items();
        loop {
            let service = self.services.first();
            let timer = self.timers.first();
            let first = service.min(timer);
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
            if self.time_to_look_up()
                && let Some(end) = self.look_up(stop)?
            {
                return Ok(end);
            }
        }
    }

    /// Whether the main loop is to look up after the present event.
    #[inline]
    pub(super) fn time_to_look_up(&self) -> bool {
        self.events >= self.look_up_at
    }

    /// Whether the run has ended, is to stop or has reached a limit.
    #[cold]
    fn look_up(&mut self, stop: &AtomicBool) -> Result<Option<RunEnd>, Stop> {
        if self.over.is_some() {
            return Ok(self.over);
        }
        self.look_up_at = self.events + EVENTS_BETWEEN_LOOKS;
        let limits = self.plan.model.limits;
        if stop.load(Ordering::Relaxed) {
            return Err(Stop);
        }
        if self.events >= limits.events {
            return Ok(Some(RunEnd::EventLimit));
        }
        Ok((self.items.in_use() > limits.in_flight).then_some(RunEnd::InFlightLimit))
    }

    /// Ends the run after the present event.
    pub(super) fn end_run(&mut self, end: RunEnd) {
        self.over = Some(end);
        self.look_up_at = 0;
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
                self.end_run(RunEnd::EventLimit);
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
            Happening::HorizonEnds => self.end_run(RunEnd::Finished),
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
        let timer = Timer { key: key(time.min(SimTime::MAX.0), phase, rank), tie, what };
        if time == self.now {
            self.timers.add_for_now(timer);
        } else if time < SimTime::MAX.0 {
            self.timers.add(timer);
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
