//! How one run kept its promises: due and late by window, and when orders became late.

use super::passed::Passed;
use super::{LatenessLedger, Tally};
use crate::model::{CountedOn, Sla};
use crate::time::{SimTime, TICKS_PER_HOUR};
use std::collections::BTreeMap;

/// What is counted in one stretch or window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowCount {
    /// Orders (or lines) counted in it.
    pub due: u64,
    /// Of those, late (or still open at the end after their due time).
    pub late: u64,
}

/// An order whose clock has stopped, or that is open at the end of the run after its due time.
#[derive(Clone, Copy, Debug)]
pub struct JudgedOrder {
    /// When it was placed.
    pub created: SimTime,
    /// When it is due.
    pub due: SimTime,
    /// When its clock stopped, or would stop now.
    pub stopped: SimTime,
    /// How late it is by its clock, in ticks; 0 for an order that stops exactly when it is due.
    pub lateness: u64,
    /// How often it counts.
    pub weight: u64,
}

/// One SLA over one run.
#[derive(Clone, Debug)]
pub struct SlaBook {
    stretches: Vec<WindowCount>,
    /// Orders placed in each stretch; empty where nobody asks.
    intake: Vec<u64>,
    excluded: u64,
    /// Instants at which late orders are counted up: steps and window bounds, merged, ascending.
    marks: Vec<SimTime>,
    /// What became late after `marks[k]`, at `marks[k + 1]` at the latest.
    missed: Vec<u64>,
    /// What kept its promise and fell due after `marks[k]`, at `marks[k + 1]` at the latest.
    kept: Vec<u64>,
    /// The same as `missed` for each stretch, by mark, where orders count on the day they were placed and become late on another.
    missed_of: Vec<BTreeMap<usize, u64>>,
    marks_passed: Passed,
    bounds_passed: Passed,
    late_ticks: u128,
    oldest_late: u64,
    /// Who is to blame.
    pub ledger: LatenessLedger,
    /// Creation to dispatch of the orders of its sources, where it does not cover all of them.
    pub time_to_dispatch: Option<Tally>,
}

impl SlaBook {
    /// An empty book; `marks` are the ends of timeline steps from the start of counting on.
    #[must_use]
    pub fn new(sla: &Sla, steps: impl Iterator<Item = SimTime>, stations: usize) -> SlaBook {
        let mut marks: Vec<SimTime> = steps.chain(sla.window.bounds.iter().copied()).collect();
        marks.sort_unstable();
        marks.dedup();
        let stretches = sla.window.stretches();
        let by_order_day = sla.counted_on == CountedOn::Order;
        SlaBook {
            stretches: vec![WindowCount::default(); stretches],
            intake: if sla.suspension.is_some() { vec![0; stretches] } else { Vec::new() },
            excluded: 0,
            missed: vec![0; marks.len()],
            kept: vec![0; marks.len()],
            missed_of: if by_order_day { vec![BTreeMap::new(); stretches] } else { Vec::new() },
            marks,
            marks_passed: Passed::default(),
            bounds_passed: Passed::default(),
            late_ticks: 0,
            oldest_late: 0,
            ledger: LatenessLedger::new(stations),
            time_to_dispatch: sla.chooses_sources().then(Tally::default),
        }
    }

    /// An order of a source that counts was placed.
    pub fn came_in(&mut self, sla: &Sla, at: SimTime) {
        if let Some(stretch) = sla.window.of(just_after(at))
            && let Some(intake) = self.intake.get_mut(stretch)
        {
            *intake += 1;
        }
    }

    /// Takes an order. Says whether it is late and counts, so that somebody is to blame.
    ///
    /// An order that stops exactly when it is due has kept its promise.
    pub fn take(&mut self, sla: &Sla, order: &JudgedOrder) -> bool {
        let counts_at = counts_at(sla, order);
        let bounds = &sla.window.bounds;
        let passed = self.bounds_passed.before(bounds, counts_at);
        let stretch = (passed > 0 && passed < bounds.len()).then(|| passed - 1);
        let late = order.lateness > 0;
        if let Some(stretch) = stretch {
            self.stretches[stretch].due += order.weight;
            self.stretches[stretch].late += if late { order.weight } else { 0 };
        }
        let decided = if sla.counted_on == CountedOn::Ship { just_after(order.stopped) } else { order.due };
        let mark = self.marks_passed.before(&self.marks, decided).checked_sub(1);
        if !late {
            if let Some(mark) = mark {
                self.kept[mark] += order.weight;
            }
            return false;
        }
        if let Some(mark) = mark {
            self.missed[mark] += order.weight;
            if let Some(of) = stretch.and_then(|stretch| self.missed_of.get_mut(stretch)) {
                *of.entry(mark).or_default() += order.weight;
            }
        }
        if stretch.is_some() {
            self.late_ticks += u128::from(order.lateness) * u128::from(order.weight);
            self.oldest_late = self.oldest_late.max(order.lateness);
        }
        stretch.is_some()
    }

    /// Takes an order that does not count.
    pub fn exclude(&mut self, sla: &Sla, order: &JudgedOrder) {
        if sla.window.of(counts_at(sla, order)).is_some() {
            self.excluded += order.weight;
        }
    }

    /// All that is counted, each once.
    #[must_use]
    pub fn total(&self) -> WindowCount {
        sum(&self.stretches)
    }

    /// What would have counted, but is excluded.
    #[must_use]
    pub fn excluded(&self) -> u64 {
        self.excluded
    }

    /// Due and late of each window, and whether it is suspended.
    pub fn windows<'a>(&'a self, sla: &'a Sla) -> impl Iterator<Item = (WindowCount, bool)> + 'a {
        (0..sla.window.count()).map(|k| {
            let suspended =
                sla.suspension.as_ref().is_some_and(|clause| clause.holds(k, &self.intake[k..k + sla.window.rolling]));
            (sum(&self.stretches[k..k + sla.window.rolling]), suspended)
        })
    }

    /// Hours lost by the late orders of all windows.
    #[must_use]
    pub fn late_hours(&self) -> f64 {
        self.late_ticks as f64 / crate::time::TICKS_PER_HOUR as f64
    }

    /// The greatest lateness, in ticks.
    #[must_use]
    pub fn oldest_late(&self) -> u64 {
        self.oldest_late
    }

    /// Windows that are judged, and how many late orders each may have.
    fn judged<'a>(&'a self, sla: &'a Sla) -> impl Iterator<Item = (usize, WindowCount, f64)> + 'a {
        let enough = |(_, (window, suspended)): &(usize, (WindowCount, bool))| {
            !suspended && window.due >= u64::from(sla.min_orders)
        };
        self.windows(sla).enumerate().filter(enough).map(move |(k, (window, _))| (k, window, leaves(sla, window.due)))
    }

    /// The end of the first step in which the late orders of a window exceed what its target leaves, of its final
    /// population. Windows with fewer than the SLA's `min_orders` and suspended ones do not count.
    #[must_use]
    pub fn first_breach(&self, sla: &Sla) -> Option<SimTime> {
        self.judged(sla).filter_map(|(k, _, leaves)| self.exceeds(sla, k, leaves)).min()
    }

    /// The end of the step in which the late orders of window k exceed `leaves`.
    fn exceeds(&self, sla: &Sla, k: usize, leaves: f64) -> Option<SimTime> {
        let mut late = 0;
        let mut exceeded = |missed: u64| {
            late += missed;
            late as f64 > leaves
        };
        let mark = if self.missed_of.is_empty() {
            let (from, to) = sla.window.span(k);
            let first = self.marks.partition_point(|mark| *mark < from);
            let end = self.marks.partition_point(|mark| *mark < to);
            (first..end).find(|mark| exceeded(self.missed[*mark]))
        } else {
            let mut missed: BTreeMap<usize, u64> = BTreeMap::new();
            for (mark, count) in self.missed_of[k..k + sla.window.rolling].iter().flatten() {
                *missed.entry(*mark).or_default() += count;
            }
            missed.into_iter().find(|(_, count)| exceeded(*count)).map(|(mark, _)| mark)
        };
        mark.map(|mark| self.mark_after(self.marks[mark]))
    }

    /// Whether any judged window misses its target.
    #[must_use]
    pub fn breached(&self, sla: &Sla) -> bool {
        self.judged(sla).any(|(_, window, leaves)| window.late as f64 > leaves)
    }

    /// The end of the last step in which a promise was missed while the day up to it was below the target; `None` when
    /// there was none.
    ///
    /// A single miss that the target allows is not a relapse: with a chance of a lost parcel nothing would ever recover.
    #[must_use]
    pub fn last_miss(&self, sla: &Sla) -> Option<SimTime> {
        Some(self.mark_after(self.marks[self.last_missed(sla)?]))
    }

    /// Whether a run that ended at `end` saw no day at its target after the last miss: then nobody knows that it was the
    /// last.
    ///
    /// Only a step that lies within the run whole tells: what falls due later is kept by those who are early, whatever
    /// becomes of the others.
    #[must_use]
    pub fn still_missing(&self, sla: &Sla, end: SimTime) -> bool {
        let Some(last) = self.last_missed(sla) else { return false };
        let seen = |mark: usize| {
            self.kept[mark] > 0
                && self.marks.get(mark + 1).is_some_and(|to| *to <= end)
                && !self.day_is_below(sla, mark)
        };
        !(last + 1..self.marks.len()).any(seen)
    }

    fn last_missed(&self, sla: &Sla) -> Option<usize> {
        (0..self.marks.len()).rev().find(|mark| self.missed[*mark] > 0 && self.day_is_below(sla, *mark))
    }

    /// Whether less than the target was kept of what fell due in the 24 hours up to the end of step `mark`, or in as much
    /// longer as it takes until enough has fallen due to be judged.
    fn day_is_below(&self, sla: &Sla, mark: usize) -> bool {
        let day = self.mark_after(self.marks[mark]).0.saturating_sub(24 * TICKS_PER_HOUR);
        let (mut missed, mut due) = (0, 0);
        for step in (0..=mark).rev() {
            if self.marks[step].0 < day && due >= u64::from(sla.min_orders) {
                break;
            }
            missed += self.missed[step];
            due += self.missed[step] + self.kept[step];
        }
        missed as f64 > leaves(sla, due)
    }

    fn mark_after(&self, mark: SimTime) -> SimTime {
        let k = self.marks.partition_point(|other| *other <= mark);
        self.marks.get(k).copied().unwrap_or(mark)
    }
}

/// How many of `due` may be late.
fn leaves(sla: &Sla, due: u64) -> f64 {
    (1.0 - sla.target) * due as f64
}

/// A day begins with its first instant, a stretch of promises ends with its last.
fn just_after(at: SimTime) -> SimTime {
    SimTime(at.0 + 1)
}

/// The instant that decides in which stretch an order counts.
#[inline]
fn counts_at(sla: &Sla, order: &JudgedOrder) -> SimTime {
    match sla.counted_on {
        CountedOn::Due => order.due,
        CountedOn::Order => just_after(order.created),
        CountedOn::Ship => just_after(order.stopped),
    }
}

fn sum(stretches: &[WindowCount]) -> WindowCount {
    stretches
        .iter()
        .fold(WindowCount::default(), |all, one| WindowCount { due: all.due + one.due, late: all.late + one.late })
}
