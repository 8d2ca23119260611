//! How one run kept its promises: due and late by window, and when orders became late.

use super::LatenessLedger;
use crate::model::Sla;
use crate::time::SimTime;

/// Due and late orders of one window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowCount {
    /// Orders due in it.
    pub due: u64,
    /// Of those, late (or still open at the end after their due time).
    pub late: u64,
}

/// One SLA over one run.
#[derive(Clone, Debug)]
pub struct SlaBook {
    windows: Vec<WindowCount>,
    /// Instants at which late orders are counted up: steps and window bounds, merged, ascending.
    marks: Vec<SimTime>,
    /// Orders that were due after `marks[k]`, at `marks[k + 1]` at the latest, and missed it.
    missed: Vec<u64>,
    /// How many marks had passed at the last late order's due time: those of its followers lie near.
    marks_passed: usize,
    late_ticks: u128,
    oldest_late: u64,
    /// Who is to blame.
    pub ledger: LatenessLedger,
}

impl SlaBook {
    /// An empty book; `marks` are the ends of timeline steps from the start of counting on.
    #[must_use]
    pub fn new(sla: &Sla, steps: impl Iterator<Item = SimTime>, stations: usize) -> SlaBook {
        let mut marks: Vec<SimTime> = steps.chain(sla.window.bounds.iter().copied()).collect();
        marks.sort_unstable();
        marks.dedup();
        SlaBook {
            windows: vec![WindowCount::default(); sla.window.count()],
            missed: vec![0; marks.len()],
            marks,
            marks_passed: 0,
            late_ticks: 0,
            oldest_late: 0,
            ledger: LatenessLedger::new(stations),
        }
    }

    /// Takes an order due at `due` whose clock stopped, or would now stop, at `stopped`. Returns its lateness in
    /// ticks; `None` when it kept the promise.
    ///
    /// An order that stops exactly when it is due has kept its promise.
    pub fn take(&mut self, sla: &Sla, due: SimTime, stopped: SimTime) -> Option<u64> {
        let window = sla.window.of(due);
        let late = stopped > due;
        if let Some(window) = window {
            self.windows[window].due += 1;
            self.windows[window].late += u64::from(late);
        }
        if !late {
            return None;
        }
        let lateness = stopped.0 - due.0;
        if let Some(mark) = self.marks_before(due).checked_sub(1) {
            self.missed[mark] += 1;
        }
        if window.is_some() {
            self.late_ticks += u128::from(lateness);
            self.oldest_late = self.oldest_late.max(lateness);
        }
        Some(lateness)
    }

    /// How many marks lie before `t`. Orders fall due in nearly the order of time, so the last answer is looked at first.
    #[inline]
    fn marks_before(&mut self, t: SimTime) -> usize {
        let known = self.marks_passed;
        let passed = known == 0 || self.marks[known - 1] < t;
        let next_is_not = self.marks.get(known).is_none_or(|next| *next >= t);
        if !(passed && next_is_not) {
            self.marks_passed = self.marks.partition_point(|mark| *mark < t);
        }
        self.marks_passed
    }

    /// Due and late by window.
    #[must_use]
    pub fn windows(&self) -> &[WindowCount] {
        &self.windows
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

    /// The end of the first step in which the late orders of a window exceed what its target leaves, of its final
    /// population. Windows with fewer than the SLA's `min_orders` do not count.
    #[must_use]
    pub fn first_breach(&self, sla: &Sla) -> Option<SimTime> {
        let mut first: Option<SimTime> = None;
        for (k, window) in self.windows.iter().enumerate() {
            if window.due < u64::from(sla.min_orders) {
                continue;
            }
            let leaves = (1.0 - sla.target) * window.due as f64;
            let (from, to) = (sla.window.bounds[k], sla.window.bounds[k + 1]);
            let mut late = 0;
            for (mark, missed) in self.marks.iter().zip(&self.missed) {
                if *mark >= from && *mark < to {
                    late += missed;
                    if late as f64 > leaves {
                        let at = self.mark_after(*mark);
                        first = Some(first.map_or(at, |earlier| earlier.min(at)));
                        break;
                    }
                }
            }
        }
        first
    }

    /// Whether any judged window misses its target.
    #[must_use]
    pub fn breached(&self, sla: &Sla) -> bool {
        self.windows.iter().any(|window| {
            window.due >= u64::from(sla.min_orders) && window.late as f64 > (1.0 - sla.target) * window.due as f64
        })
    }

    /// The end of the last step in which a promise was missed; `None` when none was.
    #[must_use]
    pub fn recovered(&self) -> Option<SimTime> {
        let last = self.missed.iter().rposition(|missed| *missed > 0)?;
        Some(self.mark_after(self.marks[last]))
    }

    fn mark_after(&self, mark: SimTime) -> SimTime {
        let k = self.marks.partition_point(|other| *other <= mark);
        self.marks.get(k).copied().unwrap_or(mark)
    }
}
