//! What changes during a run, station by station and pool by pool.

use super::cause_log::CauseLog;
use super::items::{Items, NO_ITEM};
use super::line::{Line, List};
use super::plain::ShortWay;
use super::server_set::ServerSet;
use super::station_plan::StationPlan;
use crate::model::{Batch, Pool, RateLimit, StationId};
use crate::observation::{Cause, Level, LevelSnapshot, Spells, Tally};
use crate::random::StreamKey;
use crate::time::{SimTime, TICKS_PER_SECOND};

/// One station in a run.
#[derive(Debug)]
pub(super) struct StationState<'p> {
    /// What is always so at it: beside what changes, so that one look finds both.
    pub(super) plan: &'p StationPlan<'p>,
    pub(super) line: Line,
    pub(super) short: ShortWay<'p>,
    /// Whether anybody is told of its visits: measures, or who looks at whole orders.
    pub(super) told: bool,
    /// Items behind a gate that has not let them through.
    pub(super) gate: List,
    pub(super) suspended: Vec<Suspended>,
    pub(super) servers: ServerSet,
    /// Everybody here who is not in service.
    pub(super) queue: Level,
    pub(super) busy: Level,
    /// Servers at work, where that is not the same as items in service (batches).
    pub(super) at_work: Level,
    pub(super) orbit: Level,
    pub(super) equipment: Option<u32>,
    pub(super) equipment_used: u32,
    /// Equipment over time, while somebody is there to use it.
    pub(super) equipment_there: HeadsOverTime,
    /// Ticks that those who were served waited with a person free and no equipment.
    pub(super) waited_for_equipment: u64,
    /// Outages in force.
    pub(super) outages: u32,
    pub(super) speed: f64,
    pub(super) failure_factor: Option<crate::random::Threshold>,
    pub(super) bucket: Option<Bucket>,
    pub(super) at_most: Option<u32>,
    pub(super) period: u64,
    /// Stamp of the present gathering, for its timer.
    pub(super) gathering: u32,
    pub(super) causes: CauseLog,
    pub(super) keys: StationKeys,
    pub(super) counts: VisitCounts,
    pub(super) wait: Tally,
    pub(super) service: Spells,
    pub(super) groups: Groups,
    pub(super) zero: ZeroTime,
    pub(super) at_start: [LevelSnapshot; 4],
    pub(super) at_end: Option<[LevelSnapshot; 4]>,
    pub(super) oldest: u64,
}

/// Keys of a station's streams in this replication.
#[derive(Clone, Copy, Debug)]
pub(super) struct StationKeys {
    pub(super) service: StreamKey,
    pub(super) route: StreamKey,
    pub(super) failure: StreamKey,
    pub(super) backoff: StreamKey,
    pub(super) patience: StreamKey,
    pub(super) breakdown: StreamKey,
}

/// Counts of visits that began in the counted window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct VisitCounts {
    pub(super) arrivals: u64,
    pub(super) completed: u64,
    pub(super) abandoned: u64,
    pub(super) turned_away: u64,
    pub(super) delayed: u64,
    pub(super) found_all_busy: u64,
    pub(super) first_attempts: u64,
    pub(super) first_turned_away: u64,
    pub(super) first_succeeded: u64,
    pub(super) gave_up: u64,
    pub(super) attempts: u64,
    pub(super) batches: u64,
    pub(super) full_batches: u64,
    /// The same from the start of the run, whatever the window, for counts "by" an instant.
    pub(super) arrivals_in_all: u64,
    pub(super) completed_in_all: u64,
    pub(super) abandoned_in_all: u64,
    pub(super) turned_away_in_all: u64,
}

/// Sizes of batches, or of what releases let through.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Groups {
    pub(super) count: u64,
    pub(super) sum: u64,
    pub(super) squares: u64,
    pub(super) left_behind: u64,
    pub(super) nobody_left: u64,
}

/// Time at which nobody was there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ZeroTime {
    pub(super) present: u32,
    pub(super) since: u64,
    pub(super) total: u64,
}

impl ZeroTime {
    pub(super) fn enter(&mut self, now: u64, from: u64) {
        if self.present == 0 {
            self.total += now.saturating_sub(self.since.max(from));
        }
        self.present += 1;
    }

    pub(super) fn leave(&mut self, now: u64) {
        self.present -= 1;
        if self.present == 0 {
            self.since = now;
        }
    }

    /// Ticks at zero from `from` to `to`, while nothing after `to` has been told yet.
    pub(super) fn until(&self, from: u64, to: u64) -> u64 {
        if self.present == 0 { self.total + to.saturating_sub(self.since.max(from)) } else { self.total }
    }
}

/// Interrupted work, to be resumed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suspended {
    pub(super) priority: u8,
    pub(super) entered: u64,
    pub(super) id: u64,
    /// The item, or the first of a batch linked by `next`.
    pub(super) item: u32,
    /// Ticks of work left.
    pub(super) left: u64,
}

/// A token bucket as virtual scheduling: `full_at` is when it would be full again. Times are in 1/2^16 tick.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    full_at: u128,
    interval: u128,
    burst: u32,
    pub(super) timer_at: u64,
    full_ticks: u64,
}

const FINE: u32 = 16;

impl Bucket {
    pub(super) fn new(limit: &RateLimit) -> Bucket {
        Bucket { full_at: 0, interval: interval(limit.per_second), burst: limit.burst, timer_at: 0, full_ticks: 0 }
    }

    /// When the next token is there: now or later.
    pub(super) fn next_token(&self, now: u64) -> u64 {
        let spare = self.interval * u128::from(self.burst - 1);
        let at = self.full_at.saturating_sub(spare);
        let at = at.div_ceil(1 << FINE);
        u64::try_from(at).unwrap_or(u64::MAX).max(now)
    }

    /// Takes a token that is there.
    pub(super) fn take(&mut self, now: u64, from: u64) {
        let now_fine = u128::from(now) << FINE;
        if self.full_at <= now_fine {
            let full_since = u64::try_from(self.full_at >> FINE).unwrap_or(u64::MAX);
            self.full_ticks += now.saturating_sub(full_since.max(from));
        }
        self.full_at = self.full_at.max(now_fine) + self.interval;
    }

    /// Changes the rate; the tokens there now stay.
    pub(super) fn set_rate(&mut self, now: u64, per_second: f64) {
        let now_fine = u128::from(now) << FINE;
        let new = interval(per_second);
        let missing = self.full_at.saturating_sub(now_fine);
        self.full_at = now_fine + missing / self.interval * new + missing % self.interval * new / self.interval;
        self.interval = new;
    }

    pub(super) fn full_ticks(&self, from: u64, to: u64) -> u64 {
        let full_since = u64::try_from(self.full_at >> FINE).unwrap_or(u64::MAX);
        self.full_ticks + to.saturating_sub(full_since.max(from))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rates are positive and checked at load")]
fn interval(per_second: f64) -> u128 {
    ((TICKS_PER_SECOND as f64 * f64::from(1_u32 << FINE) / per_second + 0.5) as u128).max(1)
}

/// One pool in a run.
#[derive(Debug)]
pub(super) struct PoolState<'p> {
    pub(super) order_of_work: &'p [StationId],
    /// A bit for each turn in the order of work where somebody may be ready: whoever comes sets it, whoever looks and finds
    /// nobody clears it.
    pub(super) perhaps_ready: u64,
    /// Whether everybody has been busy ever since somebody last looked through the order of work to its end: then it is
    /// noted at every station that it waits for people, or what else it waits for.
    pub(super) all_noted: bool,
    /// Whether what is noted lasts: a rate limit lets go as time passes.
    pub(super) notes_last: bool,
    /// Heads by roster (absence deducted) and control.
    pub(super) present: u32,
    pub(super) rostered: u32,
    pub(super) extra: i32,
    /// People at work, without those of an old crew who only finish.
    pub(super) busy: u32,
    /// Heads that are out of order, for random breakdowns.
    pub(super) broken: u32,
    pub(super) speed: f64,
    pub(super) steps: Vec<RosterStep>,
    pub(super) next_step: usize,
    pub(super) heads: HeadsOverTime,
    /// People who stay beyond their shift to finish what they have in hand.
    pub(super) staying: HeadsOverTime,
    pub(super) busy_level: Level,
    pub(super) busy_at_start: LevelSnapshot,
    pub(super) busy_at_end: Option<LevelSnapshot>,
}

/// From `from` on, so many heads of such a speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RosterStep {
    pub(super) from: u64,
    pub(super) heads: u32,
    pub(super) speed: f64,
}

/// Heads (or equipment) that are there, integrated over the counted window.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct HeadsOverTime {
    now: u32,
    since: u64,
    total: u128,
}

impl HeadsOverTime {
    #[inline]
    pub(super) fn now(&self) -> u32 {
        self.now
    }

    pub(super) fn set(&mut self, t: u64, heads: u32, window: (u64, u64)) {
        let from = self.since.clamp(window.0, window.1);
        let to = t.clamp(window.0, window.1);
        self.total += u128::from(self.now) * u128::from(to - from);
        self.now = heads;
        self.since = t;
    }

    /// Head-seconds up to `t` within the window.
    pub(super) fn seconds(mut self, t: u64, window: (u64, u64)) -> f64 {
        self.set(t, self.now, window);
        self.total as f64 / TICKS_PER_SECOND as f64
    }
}

impl PoolState<'_> {
    #[inline]
    pub(super) fn free(&self) -> bool {
        self.busy < self.present
    }

    /// People at work beyond the heads that should be there: who finishes after the bell, and an old crew.
    pub(super) fn beyond_roster(&self) -> u32 {
        self.busy_level.now().saturating_sub(self.busy) + self.busy.saturating_sub(self.present)
    }

    /// Somebody is there.
    pub(super) fn anybody(&self) -> bool {
        self.present > 0 || self.staying.now() > 0
    }

    /// Heads that should be there now.
    pub(super) fn heads(&self) -> u32 {
        let heads = i64::from(self.rostered) + i64::from(self.extra) - i64::from(self.broken);
        u32::try_from(heads.max(0)).unwrap_or(u32::MAX)
    }
}

impl<'p> StationState<'p> {
    pub(super) fn new(plan: &'p StationPlan<'p>, classes: usize, keys: StationKeys) -> StationState<'p> {
        let of = plan.of;
        StationState {
            plan,
            line: Line::new(of.discipline, classes),
            short: ShortWay::new(plan),
            told: !plan.watches.is_empty(),
            gate: List::default(),
            suspended: Vec::new(),
            servers: ServerSet::all_free(plan.servers.max(1)),
            queue: Level::default(),
            busy: Level::default(),
            at_work: Level::default(),
            orbit: Level::default(),
            equipment: of.equipment,
            equipment_used: 0,
            equipment_there: HeadsOverTime::default(),
            waited_for_equipment: 0,
            outages: 0,
            speed: 1.0,
            failure_factor: plan.failure,
            bucket: of.rate_limit.as_ref().map(Bucket::new),
            at_most: match &of.release {
                crate::model::Release::Timed { at_most, .. } => *at_most,
                _ => None,
            },
            period: match &of.release {
                crate::model::Release::Timed { times: crate::model::ReleaseTimes::Every { period, .. }, .. } => {
                    period.0
                }
                _ => 0,
            },
            gathering: 0,
            causes: CauseLog::new(),
            keys,
            counts: VisitCounts::default(),
            wait: Tally::default(),
            service: Spells::default(),
            groups: Groups::default(),
            zero: ZeroTime::default(),
            at_start: [LevelSnapshot::default(); 4],
            at_end: None,
            oldest: 0,
        }
    }

    pub(super) fn snapshots(&self, t: u64) -> [LevelSnapshot; 4] {
        let t = SimTime(t);
        [self.queue.snapshot(t), self.busy.snapshot(t), self.orbit.snapshot(t), self.at_work.snapshot(t)]
    }

    /// Nobody is in line and no work is suspended.
    #[inline]
    pub(super) fn nobody_ready(&self) -> bool {
        self.line.length() == 0 && self.suspended.is_empty()
    }

    /// Whether those in line are known to wait for people alone, while nobody of their pool is free.
    #[inline(always)]
    pub(super) fn waits_for_people(&self) -> bool {
        self.causes.now() == Cause::NoPerson && self.line.length() >= self.plan.line_of_people && self.outages == 0
    }

    /// Whether nothing but a person or a server can be missing for work to start, batches aside.
    #[inline(always)]
    pub(super) fn has_all_but_people(&self, now: u64) -> bool {
        self.outages == 0
            && self.equipment.is_none_or(|all| self.equipment_used < all)
            && (self.plan.pool.is_none() || self.servers.any())
            && self.bucket.as_ref().is_none_or(|bucket| bucket.next_token(now) <= now)
    }

    /// Whether those in line are enough for a batch, or the first of them has waited long enough.
    pub(super) fn batch_is_ready(&mut self, batch: Batch, items: &Items, now: u64) -> bool {
        if self.line.length() >= batch.min {
            return true;
        }
        let Some(after) = batch.after else { return false };
        let Some(first) = self.line.first(items) else { return false };
        items.detail(first).joined + after.0 <= now
    }
}

/// The roster of a pool in one replication: heads and speed by the clock, absence drawn.
pub(super) fn roster_steps(pool: &Pool, key: impl Fn(&str) -> StreamKey) -> Vec<RosterStep> {
    match &pool.roster {
        crate::model::Roster::Steps(steps) => {
            steps.iter().map(|step| RosterStep { from: step.from.0, heads: step.heads, speed: 1.0 }).collect()
        }
        crate::model::Roster::Shifts { spans, stream } => {
            let key = key(&format!("pool/{stream}/absence"));
            let present: Vec<(u64, u64, u32, f64)> = spans
                .iter()
                .map(|span| {
                    let here = (0..span.heads)
                        .filter(|person| {
                            crate::random::unit(key.bits(span.shift_day, u64::from(*person))) >= span.absent
                        })
                        .count();
                    (span.from.0, span.to.0, u32::try_from(here).expect("at most the heads"), span.speed)
                })
                .collect();
            let mut edges: Vec<u64> = present.iter().flat_map(|(from, to, ..)| [*from, *to]).collect();
            edges.sort_unstable();
            edges.dedup();
            edges
                .into_iter()
                .map(|at| {
                    let here = present.iter().filter(|(from, to, ..)| *from <= at && at < *to);
                    let (heads, output) = here.fold((0, 0.0), |(heads, output), (_, _, n, speed)| {
                        (heads + n, output + f64::from(*n) * speed)
                    });
                    RosterStep { from: at, heads, speed: if heads > 0 { output / f64::from(heads) } else { 1.0 } }
                })
                .collect()
        }
    }
}

/// Links of a chain of items (a batch) starting at `first`.
pub(super) fn chain(items: &Items, first: u32) -> impl Iterator<Item = u32> + '_ {
    let mut at = first;
    std::iter::from_fn(move || {
        if at == NO_ITEM {
            return None;
        }
        let item = at;
        at = items.detail(item).next;
        Some(item)
    })
}
