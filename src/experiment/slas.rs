//! How the SLAs fared, and the verdict on each.
//!
//! An SLA is kept when every judged window is. The verdict never rests on a point estimate:
//!
//! - *pooled*: a window stands above its target when the whole interval of expected kept ÷ expected due does, below it
//!   when the whole interval does. Kept: every judged window stands above (each at the stated confidence: all must
//!   hold, so nothing is gained by looking at many). Breached: some judged window stands below; because the worst of
//!   W windows is looked for, each is tested at 1 − (1 − confidence)/W (Bonferroni).
//! - *runs*: Wilson's interval of the share of runs with a breached window, against the risk.
//! - An interval of no width (every run with orders kept everything) says nothing by itself. It counts only from as many
//!   such runs as would bound the median run: (½)ⁿ ≤ (1 − confidence)/2, six at 95 %. So do searches for a breach point, whose first
//!   looks rest on few runs: where an end of an interval is not known, nothing there is surely kept or surely broken.
//! - A window that is suspended in a run, because more orders came in than were forecast, counts there as one without
//!   orders.
//! - Where nothing in the scenario is drawn, every run is the same: the value itself is held against the target, from
//!   one run on.
//! - When a run reached a limit, nothing is called kept; when no window is judged, nothing is called anything.

use super::results::{Blamed, Functional, Instants, Percentiles, SlaResult, Undecided, Verdict, WindowResult};
use super::runs::Runs;
use super::stations::percentiles;
use crate::model::{Excludes, ItemKind, Judge, Model, Sla, SourceId};
use crate::observation::{ReplicationRecord, RunEnd, SlaRecord, WindowRecord};
use crate::statistics::estimate::Estimate;
use crate::statistics::proportion::wilson;
use crate::statistics::quantile::{bounds_the_median, fewest_that_bound_the_median, rank};
use crate::statistics::sample::{Totals, ratio};
use crate::statistics::sequential::replications_for;
use crate::time::SimTime;

/// Kept and due orders of one run, each once.
pub(super) fn kept_of_due(record: &SlaRecord) -> Totals {
    ((record.due - record.late) as f64, record.due as f64)
}

/// Kept and due orders of a window that is not suspended.
fn judged_of(window: &WindowRecord) -> Totals {
    if window.suspended { (0.0, 0.0) } else { ((window.due - window.late) as f64, window.due as f64) }
}

/// Every SLA of the model, in its order; the ledgers are searched for what breaks each. `of_all` is how long all orders
/// took to dispatch.
pub(super) fn fold(model: &Model, runs: &Runs<'_>, of_all: &Percentiles) -> Vec<SlaResult> {
    model.slas.iter().enumerate().map(|(k, sla)| fold_one(model, runs, (k, sla), of_all)).collect()
}

fn fold_one(model: &Model, runs: &Runs<'_>, (k, sla): (usize, &Sla), of_all: &Percentiles) -> SlaResult {
    let total = |record: &ReplicationRecord, of: fn(Totals) -> f64| of(kept_of_due(&record.slas[k]));
    let windows: Vec<WindowResult> = (0..sla.window.count()).map(|w| window(runs, k, sla, w)).collect();
    let breached = runs.records.iter().filter(|record| record.slas[k].breached).count() as u64;
    let share_of_runs_breached = wilson(breached, runs.count(), runs.confidence);
    let verdict = judged(model, runs, k, &windows);
    SlaResult {
        name: sla.name.clone(),
        definition: sla.definition.clone(),
        functional: functional(sla),
        unit: sla.unit,
        target: sla.target,
        attainment: runs.ratio(|record| kept_of_due(&record.slas[k])).within(0.0, 1.0),
        ceiling: None,
        due_orders: runs.mean(|record| total(record, |(_, due)| due)).within(0.0, f64::INFINITY),
        late_orders: runs.mean(|record| total(record, |(kept, due)| due - kept)).within(0.0, f64::INFINITY),
        excluded: (sla.excludes != Excludes::default()).then(|| runs.count_of(|record| record.slas[k].excluded)),
        oldest_late: runs.mean_of_known(|record| record.slas[k].oldest_late).within(0.0, f64::INFINITY),
        verdict,
        undecided: (verdict == Verdict::Inconclusive).then(|| undecided(runs, k, sla, &windows)),
        share_of_runs_breached,
        first_breach: first_breach(runs, k),
        recovered: instants(runs, |record| match record.slas[k].last_miss {
            _ if has_not_recovered(record, k) => Moment::Never,
            Some(at) => Moment::At(at),
            None => Moment::Before,
        }),
        share_of_runs_not_recovered: runs.share(|record| (u64::from(has_not_recovered(record, k)), 1)),
        broken_by: broken_by(model, runs, k),
        windows,
        sources: counted_sources(model, sla),
        time_to_dispatch: if sla.chooses_sources() { time_to_dispatch(runs, k) } else { *of_all },
    }
}

fn functional(sla: &Sla) -> Functional {
    match sla.judge {
        Judge::Pooled => Functional::Pooled,
        Judge::Runs { risk } => Functional::Runs { risk },
    }
}

/// The verdict on SLA `k` alone.
pub(super) fn verdict(model: &Model, runs: &Runs<'_>, k: usize) -> Verdict {
    let sla = &model.slas[k];
    let windows: Vec<WindowResult> = (0..sla.window.count()).map(|w| window(runs, k, sla, w)).collect();
    judged(model, runs, k, &windows)
}

fn judged(model: &Model, runs: &Runs<'_>, k: usize, windows: &[WindowResult]) -> Verdict {
    let sla = &model.slas[k];
    let functional = functional(sla);
    match functional {
        _ if model.is_deterministic() => judge_the_one_run(runs, k, windows, sla, functional),
        Functional::Pooled => judge_windows(runs, k, sla, windows),
        Functional::Runs { risk } => {
            let breached = runs.records.iter().filter(|record| record.slas[k].breached).count() as u64;
            judge_runs(runs, windows, wilson(breached, runs.count(), runs.confidence), risk)
        }
    }
}

/// Why a verdict that cannot be told cannot be told.
fn undecided(runs: &Runs<'_>, k: usize, sla: &Sla, windows: &[WindowResult]) -> Undecided {
    if !windows.iter().any(|window| window.judged) {
        return Undecided::NoSamples;
    }
    if runs.limited().next().is_some() {
        return Undecided::LimitReached;
    }
    if runs.count() < 2 {
        return Undecided::OneRun;
    }
    let judged = |(w, _): (usize, &WindowResult)| ratio(&totals(runs, k, w), runs.confidence);
    let judged = windows.iter().enumerate().filter(|(_, window)| window.judged).map(judged);
    let (wide, alike): (Vec<Estimate>, Vec<Estimate>) = judged.partition(|window| tells(*window));
    let straddles = |window: &Estimate| {
        window.low.is_none_or(|low| low < sla.target) && window.high.is_none_or(|high| high >= sla.target)
    };
    match alike.iter().map(|window| window.samples).min() {
        Some(samples) if sla.judge == Judge::Pooled && !wide.iter().any(straddles) => {
            let fewest = fewest_that_bound_the_median(runs.confidence);
            let needed = fewest.and_then(|fewest| replications_for(fewest, samples, runs.count()));
            Undecided::TooAlike { needed }
        }
        _ => Undecided::Straddles { needed: None },
    }
}

/// Kept and due orders of window `w` of SLA `k` in each run.
fn totals(runs: &Runs<'_>, k: usize, w: usize) -> Vec<Totals> {
    runs.records.iter().map(|record| judged_of(&record.slas[k].windows[w])).collect()
}

/// Whether an interval of an attainment says anything: one of no width does not before its runs bound the median run.
fn tells(attainment: Estimate) -> bool {
    has_width(attainment) || bounds_the_median(attainment.samples, attainment.confidence)
}

/// Whether a run ended, or was cut off, while promises were still being missed.
fn has_not_recovered(record: &ReplicationRecord, k: usize) -> bool {
    record.end != RunEnd::Finished || record.slas[k].still_missing
}

/// Creation to dispatch of the orders that an SLA counts by their source.
fn time_to_dispatch(runs: &Runs<'_>, k: usize) -> Percentiles {
    percentiles(runs, |record| record.slas[k].time_to_dispatch.as_ref().unwrap_or(&record.orders.time_to_dispatch))
}

fn counted_sources(model: &Model, sla: &Sla) -> Vec<String> {
    let counted = model
        .sources
        .iter()
        .enumerate()
        .filter(|(k, source)| source.kind == ItemKind::Order && sla.counts(SourceId::at(*k)));
    counted.map(|(_, source)| source.name.clone()).collect()
}

fn window(runs: &Runs<'_>, k: usize, sla: &Sla, w: usize) -> WindowResult {
    let of = |record: &ReplicationRecord| record.slas[k].windows[w];
    let (from, to) = sla.window.span(w);
    let suspended = runs.records.iter().filter(|record| of(record).suspended).count();
    WindowResult {
        from,
        to,
        due: runs.count_of(|record| of(record).due),
        late: runs.count_of(|record| of(record).late),
        attainment: runs.share(|record| (of(record).due - of(record).late, of(record).due)),
        judged: is_judged(runs, k, sla, w),
        suspended: sla.suspension.as_ref().map(|_| suspended as f64 / runs.count() as f64),
    }
}

/// By the worst judged window; see the head of the module.
fn judge_windows(runs: &Runs<'_>, k: usize, sla: &Sla, windows: &[WindowResult]) -> Verdict {
    let judged = windows.iter().filter(|window| window.judged).count();
    let strict = 1.0 - (1.0 - runs.confidence) / judged.max(1) as f64;
    let (mut all_above, mut any_below) = (judged > 0, false);
    for (w, _) in windows.iter().enumerate().filter(|(_, window)| window.judged) {
        let (above, below) = stands(runs, k, sla, w, strict);
        all_above &= above;
        any_below |= below;
    }
    if any_below {
        Verdict::Breached
    } else if all_above && runs.limited().next().is_none() {
        Verdict::Kept
    } else {
        Verdict::Inconclusive
    }
}

/// Whether a window surely stands above its target, and whether it surely stands below it by the confidence `strict`.
fn stands(runs: &Runs<'_>, k: usize, sla: &Sla, w: usize, strict: f64) -> (bool, bool) {
    let totals = totals(runs, k, w);
    let judged = ratio(&totals, runs.confidence);
    let telling = tells(judged);
    let above = judged.low.is_some_and(|low| low >= sla.target);
    let below = ratio(&totals, strict).high.is_some_and(|high| high < sla.target);
    (telling && above, telling && below)
}

/// The verdict on window `w` of SLA `k` by itself, at the stated confidence; `None` when it is not judged.
///
/// By runs, a window is missed in a run whose share of orders in time falls short of the target.
pub(super) fn window_verdict(model: &Model, runs: &Runs<'_>, k: usize, w: usize) -> Option<Verdict> {
    let sla = &model.slas[k];
    if !is_judged(runs, k, sla, w) {
        return None;
    }
    let missed = |record: &ReplicationRecord| {
        let (kept, due) = judged_of(&record.slas[k].windows[w]);
        kept < sla.target * due
    };
    let (above, below) = match functional(sla) {
        _ if model.is_deterministic() => (!missed(runs.records.first()?), missed(runs.records.first()?)),
        Functional::Pooled => stands(runs, k, sla, w, runs.confidence),
        Functional::Runs { risk } => {
            let missed = runs.records.iter().filter(|record| missed(record)).count() as u64;
            let share = wilson(missed, runs.count(), runs.confidence);
            (share.high.is_some_and(|high| high <= risk), share.low.is_some_and(|low| low > risk))
        }
    };
    Some(match (below, above && runs.limited().next().is_none()) {
        (true, _) => Verdict::Breached,
        (false, true) => Verdict::Kept,
        (false, false) => Verdict::Inconclusive,
    })
}

/// How far an SLA is kept, by the functional that judges it: what is between the worst judged window and the target, or
/// between the share of runs with a breached window and the risk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Standing {
    /// Attainment of the worst window, or the share of runs.
    pub(super) shown: Estimate,
    /// How far it is kept; below 0 it is broken.
    pub(super) margin: f64,
    /// The same at the unfavourable end of the interval, where that is known: from 0 on it is surely kept.
    pub(super) surely: Option<f64>,
    /// The same at the favourable end, where that is known: below 0 it is surely broken.
    pub(super) at_best: Option<f64>,
}

/// How far SLA `k` is kept; `None` when no window is judged.
pub(super) fn standing(model: &Model, runs: &Runs<'_>, k: usize) -> Option<Standing> {
    let sla = &model.slas[k];
    let judged: Vec<usize> = (0..sla.window.count()).filter(|w| is_judged(runs, k, sla, *w)).collect();
    if judged.is_empty() {
        return None;
    }
    let certain = model.is_deterministic();
    if let Judge::Runs { risk } = sla.judge {
        let breached = runs.records.iter().filter(|record| record.slas[k].breached).count() as u64;
        let shown = wilson(breached, runs.count(), runs.confidence);
        let (low, high) = runs.ends(&shown, certain);
        let margin = |share: f64| risk - share;
        let (surely, at_best) = (high.map(margin), low.map(margin));
        return Some(Standing { shown, margin: margin(shown.value?), surely, at_best });
    }
    // As in the verdict: all windows must be kept, so each is held at the stated confidence; the worst of W is looked
    // for, so each is called broken at 1 - (1 - confidence)/W only.
    let strict = 1.0 - (1.0 - runs.confidence) / judged.len() as f64;
    let mut all: Option<Standing> = None;
    for w in judged {
        let totals = totals(runs, k, w);
        let shown = ratio(&totals, runs.confidence).within(0.0, 1.0);
        let Some(value) = shown.value else { continue };
        let (low, _) = runs.ends(&ratio(&totals, runs.confidence), certain);
        let (_, high) = runs.ends(&ratio(&totals, strict), certain);
        let margin = |share: f64| share - sla.target;
        let one = Standing { shown, margin: margin(value), surely: low.map(margin), at_best: high.map(margin) };
        let Standing { margin, surely, at_best, .. } = one;
        all = Some(match all {
            None => one,
            Some(so_far) => Standing {
                shown: if margin < so_far.margin { shown } else { so_far.shown },
                margin: so_far.margin.min(margin),
                // All windows must be kept for sure; one that is broken for sure is enough.
                surely: so_far.surely.zip(surely).map(|(one, other)| one.min(other)),
                at_best: [so_far.at_best, at_best].into_iter().flatten().reduce(f64::min),
            },
        });
    }
    all
}

/// Whether a window holds enough orders on average to be judged.
fn is_judged(runs: &Runs<'_>, k: usize, sla: &Sla, w: usize) -> bool {
    let counts = |record: &ReplicationRecord| {
        let window = record.slas[k].windows[w];
        (!window.suspended).then_some(window.due as f64)
    };
    runs.mean_of_known(counts).value.is_some_and(|due| due > 0.0 && due >= f64::from(sla.min_orders))
}

fn judge_runs(runs: &Runs<'_>, windows: &[WindowResult], breached: Estimate, risk: f64) -> Verdict {
    if !windows.iter().any(|window| window.judged) {
        return Verdict::Inconclusive;
    }
    match (breached.low, breached.high) {
        (Some(low), _) if low > risk => Verdict::Breached,
        (_, Some(high)) if high <= risk && runs.limited().next().is_none() => Verdict::Kept,
        _ => Verdict::Inconclusive,
    }
}

/// Every run is the same: what it says is so.
fn judge_the_one_run(runs: &Runs<'_>, k: usize, windows: &[WindowResult], sla: &Sla, by: Functional) -> Verdict {
    let mut judged = windows.iter().filter(|window| window.judged).peekable();
    if runs.records.is_empty() || judged.peek().is_none() {
        return Verdict::Inconclusive;
    }
    let breached = match by {
        Functional::Pooled => judged.any(|window| window.attainment.value.is_some_and(|kept| kept < sla.target)),
        Functional::Runs { risk } => risk < 1.0 && runs.records[0].slas[k].breached,
    };
    match (breached, runs.limited().next()) {
        (true, _) => Verdict::Breached,
        (false, None) => Verdict::Kept,
        (false, Some(_)) => Verdict::Inconclusive,
    }
}

fn has_width(estimate: Estimate) -> bool {
    estimate.half_width().is_some_and(|half| half > 0.0)
}

/// When SLA `k` breaks, over all runs; a run that keeps it counts as never.
pub(super) fn first_breach(runs: &Runs<'_>, k: usize) -> Instants {
    instants(runs, |record| record.slas[k].first_breach.map_or(Moment::Never, Moment::At))
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Moment {
    Before,
    At(u64),
    Never,
}

fn instants(runs: &Runs<'_>, moment: impl Fn(&ReplicationRecord) -> Moment) -> Instants {
    let mut moments: Vec<Moment> = runs.records.iter().map(moment).collect();
    moments.sort_unstable();
    let at = |p: f64| {
        let rank = rank(p, moments.len() as u64)?;
        match moments[usize::try_from(rank).ok()? - 1] {
            Moment::At(ticks) => Some(SimTime(ticks)),
            Moment::Before | Moment::Never => None,
        }
    };
    Instants { p10: at(0.1), median: at(0.5), p90: at(0.9) }
}

pub(super) fn broken_by(model: &Model, runs: &Runs<'_>, k: usize) -> Option<Blamed> {
    super::ledger::fold(model, runs, k).into_iter().next().map(|part| part.blamed)
}

#[cfg(test)]
mod tests;
