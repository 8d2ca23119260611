//! Single days that a lever saves: "booked by Wednesday it saves Monday; from Monday 11:00 on no number of heads does".
//!
//! - Asked of every SLA with several windows that do not overlap. A window is judged by itself, at the stated confidence,
//!   by what judges the SLA; a window without orders is none.
//! - Looked at are windows that are not surely kept without the lever and surely kept when it is pulled at the earliest.
//!   For each the latest start that surely saves it is found by halving, on the same grid as for the SLA as a whole; a
//!   start after the last is no start, so there the verdict is the one without the lever.
//! - A look tells of all windows of all SLAs, and none is made twice.
//! - For heads, and a window that is surely missed without them: the start from which on not even many times as many save
//!   it, sought between the latest start of the heads as stated and the end.

use super::found::{LeverDay, LeverDays};
use super::search::{self, Look};
use super::{Decisions, Key, price};
use crate::experiment::results::Verdict;
use crate::experiment::runs::Runs;
use crate::experiment::slas;
use crate::model::{Model, Sla};

/// A window of an SLA: which SLA, which of its windows.
type Day = (usize, usize);

/// The verdict on each window of each SLA that has days; `None` for one that is not judged.
pub(super) fn verdicts(model: &Model, runs: &Runs<'_>) -> Vec<Vec<Option<Verdict>>> {
    let of = |(k, sla): (usize, &Sla)| {
        let days = if has_days(sla) { sla.window.count() } else { 0 };
        (0..days).map(|w| slas::window_verdict(model, runs, k, w)).collect()
    };
    model.slas.iter().enumerate().map(of).collect()
}

/// Whether an SLA is judged by several windows that do not overlap.
fn has_days(sla: &Sla) -> bool {
    sla.window.rolling == 1 && sla.window.count() > 1
}

impl Decisions<'_> {
    /// Everything that questions about the days that a lever saves want to know next.
    pub(super) fn wanted_for_days(&self, case: usize) -> Vec<Key> {
        let of = &self.cases[case];
        let mut wanted = Vec::new();
        for day in self.days_saved(case) {
            let looks = self.along_day(case, of.heads, day);
            if let Some(start) = search::after_kept(&looks) {
                wanted.push((case, start, of.heads));
            } else if let Some(many) = of.many
                && let Some(start) = self.along_crowd(case, many, day).and_then(|looks| search::before_lost(&looks))
            {
                wanted.push((case, start, many));
            }
        }
        wanted
    }

    /// The days that are not surely kept without a lever and surely kept with it at the earliest.
    fn days_saved(&self, case: usize) -> Vec<Day> {
        let Some(earliest) = self.found.get(&(case, 0, self.cases[case].heads)) else { return Vec::new() };
        let days = |k: usize| (0..earliest.days[k].len()).map(move |w| (k, w));
        let saved = |(k, w): &Day| self.is_open((*k, *w)) && earliest.days[*k][*w] == Some(Verdict::Kept);
        (0..earliest.days.len()).flat_map(days).filter(saved).collect()
    }

    fn is_open(&self, (k, w): Day) -> bool {
        self.days_without[k][w].is_some_and(|verdict| verdict != Verdict::Kept)
    }

    /// The looks at a day along the starts with so many heads, and behind the last start what holds without the lever.
    fn along_day(&self, case: usize, heads: u32, (k, w): Day) -> Vec<Look> {
        let verdict = |verdict: Option<Verdict>| verdict.unwrap_or(Verdict::Inconclusive);
        let of_case = self.found.range((case, 0, 0)..(case + 1, 0, 0)).filter(|(key, _)| key.2 == heads);
        let looks = of_case.map(|(key, found)| (key.1, verdict(found.days[k][w])));
        looks.chain([(self.cases[case].starts.len(), verdict(self.days_without[k][w]))]).collect()
    }

    /// The same with many times as many heads, from the latest start on at which those that were stated save the day.
    fn along_crowd(&self, case: usize, many: u32, day: Day) -> Option<Vec<Look>> {
        let kept_to = search::line(&self.along_day(case, self.cases[case].heads, day)).kept_to?;
        let later = self.along_day(case, many, day).into_iter().filter(|look| look.0 > kept_to);
        Some([(kept_to, Verdict::Kept)].into_iter().chain(later).collect())
    }

    /// What a lever does for the days of SLA `k`.
    pub(super) fn days(&self, case: usize, k: usize) -> Option<LeverDays> {
        if !has_days(&self.base.model.slas[k]) {
            return None;
        }
        let open = (0..self.days_without[k].len()).filter(|w| self.is_open((k, *w))).count();
        let saved = self.days_saved(case).into_iter().filter(|day| day.0 == k);
        Some(LeverDays { open, saved: saved.filter_map(|day| self.day(case, day)).collect() })
    }

    fn day(&self, case: usize, day: Day) -> Option<LeverDay> {
        let of = &self.cases[case];
        let line = search::line(&self.along_day(case, of.heads, day));
        let latest_start = of.starts[line.kept_to?];
        let hopeless = of.many.and_then(|many| {
            let line = search::line(&self.along_crowd(case, many, day)?);
            line.lost_from.filter(|_| line.monotone).and_then(|at| of.starts.get(at)).copied()
        });
        let (from, to) = self.base.model.slas[day.0].window.span(day.1);
        Some(LeverDay {
            from,
            to,
            latest_start,
            decide_by: of.lever.notice.decide_by(self.base.model.calendar(), latest_start),
            cost: price(of.lever, latest_start, of.heads),
            hopeless_from: hopeless,
            monotone: line.monotone,
        })
    }
}
