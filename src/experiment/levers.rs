//! Decisions with a deadline: what each lever would do, and the latest moment at which starting it still keeps an SLA.
//!
//! - The effect of a lever is that of pulling it as early as it can act: the paired difference of late orders, as in
//!   [`super::whatif`], on the same random numbers.
//! - An SLA that is not surely kept without the lever is judged at other starts as well, by the same verdict as that of the
//!   run: kept where the whole interval stands above the target. Later is worse, so the latest start that surely keeps it is
//!   found by halving the distance between a start that does and the next that does not, on a grid of half hours. Where a
//!   later start is surely better than an earlier one, the starts are looked at one by one, and the result says so.
//! - The decision must have fallen a notice earlier ([`crate::model::Notice::decide_by`]).
//! - For heads: the fewest that keep it when they come as early as they can, and the start from which not even many times as
//!   many would.
//!
//! The same is asked of each day of an SLA that is judged day by day (`days.rs`).
//!
//! All starts of all levers that are wanted next are run as one pool of work, and none twice. Where no lever keeps an SLA
//! alone, all are pulled together (`together.rs`).

mod days;
mod found;
mod pull;
mod search;
mod together;

pub use found::{LeverDay, LeverDays, LeverResult, LeverSla, LeverState, Price};
pub use pull::GRID;
pub use together::TogetherResult;

use super::cells::{self, Cell, Told, Work};
use super::replications::NoThreads;
use super::results::Verdict;
use super::runs::Runs;
use super::slas;
use super::whatif::{self, Base, Effect, Kept};
use crate::engine::Plan;
use crate::model::{Lever, LeverAction, Model};
use crate::observation::{ReplicationRecord, TimelineRecord};
use crate::statistics::estimate::Estimate;
use crate::statistics::paired::difference;
use crate::time::SimTime;
use search::Look;
use std::collections::BTreeMap;

/// What the levers would do, each by itself and together.
#[derive(Clone, Debug, Default)]
pub struct LeversResult {
    /// Each lever by itself.
    pub each: Vec<LeverResult>,
    /// All of them, for every SLA that none keeps alone.
    pub together: Vec<TogetherResult>,
}

/// One place to look: lever, start and heads.
type Key = (usize, usize, u32);

/// What a lever does to an SLA: the effect, the change in due orders, and what the SLA is judged by.
type Full = (Effect, Estimate, Option<Estimate>);

/// What was found there, SLA by SLA.
struct Found {
    verdicts: Vec<Verdict>,
    /// Of each SLA with days, the verdict on each of them; `None` for one that is not judged.
    days: Vec<Vec<Option<Verdict>>>,
    /// Known of the earliest start with the heads as stated.
    full: Option<Vec<Full>>,
}

/// A lever with its starts.
struct Case<'m> {
    lever: &'m Lever,
    starts: Vec<SimTime>,
    /// As stated; 0 where it adds none.
    heads: u32,
    /// Many times as many.
    many: Option<u32>,
}

/// Looks at every lever of the model. `None` when somebody asked to stop.
///
/// # Errors
/// When the threads cannot be started.
pub fn decide(
    model: &Model,
    records: &[ReplicationRecord],
    confidence: f64,
    work: Work<'_>,
    told: &mut dyn FnMut(Told),
) -> Result<Option<LeversResult>, NoThreads> {
    if records.is_empty() {
        return Ok(Some(LeversResult::default()));
    }
    let base = Base { model, records, bottlenecks: &[], confidence };
    let runs = Runs { records, confidence };
    let without: Vec<Verdict> = (0..model.slas.len()).map(|k| slas::verdict(model, &runs, k)).collect();
    let judged: Vec<bool> = (0..model.slas.len()).map(|k| slas::standing(model, &runs, k).is_some()).collect();
    let cases: Vec<Case<'_>> = model.levers.iter().map(|lever| Case::of(model, lever)).collect();
    let days_without = days::verdicts(model, &runs);
    let mut decisions = Decisions { base, without, judged, days_without, cases, found: BTreeMap::new() };
    loop {
        let wanted = decisions.wanted();
        if wanted.is_empty() {
            let Some(together) = decisions.together(work, told)? else { return Ok(None) };
            return Ok(Some(LeversResult { each: decisions.results(), together }));
        }
        if !decisions.look(&wanted, work, told)? {
            return Ok(None);
        }
    }
}

impl<'m> Case<'m> {
    fn of(model: &Model, lever: &'m Lever) -> Case<'m> {
        let starts = pull::starts(model, lever);
        let heads = lever.heads().unwrap_or(0);
        let many = match &lever.action {
            LeverAction::Heads { pool, .. } => {
                let crowd = model.pools[pool.index()].roster.most();
                let many = heads.max(crowd).saturating_mul(5).max(20);
                let fits = pull::pulled(model, lever, lever.from, many).is_some_and(|model| Plan::new(&model).is_ok());
                (many > heads && fits).then_some(many)
            }
            _ => None,
        };
        Case { lever, starts, heads, many }
    }
}

struct Decisions<'a> {
    base: Base<'a>,
    /// The verdict on each SLA without any lever.
    without: Vec<Verdict>,
    /// Whether anything of it is judged.
    judged: Vec<bool>,
    /// The verdict on each day of each SLA without any lever.
    days_without: Vec<Vec<Option<Verdict>>>,
    cases: Vec<Case<'a>>,
    found: BTreeMap<Key, Found>,
}

impl Decisions<'_> {
    /// SLAs that a lever is needed for.
    fn open(&self) -> impl Iterator<Item = usize> {
        (0..self.without.len()).filter(|k| self.judged[*k] && self.without[*k] != Verdict::Kept)
    }

    /// The looks at the starts with so many heads.
    fn along_starts(&self, case: usize, heads: u32, sla: usize) -> Vec<Look> {
        let of = |(key, found): (&Key, &Found)| (key.1, found.verdicts[sla]);
        self.found.range((case, 0, 0)..(case + 1, 0, 0)).filter(|(key, _)| key.2 == heads).map(of).collect()
    }

    /// The looks at numbers of heads at the earliest start, from the most on: fewer is worse.
    fn along_heads(&self, case: usize, sla: usize) -> Vec<(u32, Verdict)> {
        let of = |(key, found): (&Key, &Found)| (key.2, found.verdicts[sla]);
        self.found.range((case, 0, 0)..(case, 1, 0)).map(of).collect()
    }

    /// Everything that some question wants to know next.
    fn wanted(&self) -> Vec<Key> {
        let mut wanted: Vec<Key> = Vec::new();
        for (case, of) in self.cases.iter().enumerate().filter(|(_, of)| !of.starts.is_empty()) {
            wanted.push((case, 0, of.heads));
            for sla in self.open() {
                let looks = self.along_starts(case, of.heads, sla);
                let at = |heads| move |start| (case, start, heads);
                wanted.extend(search::next(&looks, of.starts.len()).into_iter().map(at(of.heads)));
                let Some(many) = of.many else { continue };
                let fails = |look: &Look| look.1 != Verdict::Kept;
                let fails_last = looks.last().is_some_and(|look| look.0 + 1 == of.starts.len() && fails(look));
                if looks.first().is_some_and(fails) || fails_last {
                    let looks = self.along_starts(case, many, sla);
                    // What is lost from the first start on needs no second look.
                    if fails_last && !looks.first().is_some_and(fails) {
                        wanted.extend(search::next(&looks, of.starts.len()).into_iter().map(at(many)));
                    } else {
                        wanted.push(at(many)(0));
                    }
                }
                wanted.extend(fewer(&self.along_heads(case, sla)).map(|heads| (case, 0, heads)));
            }
            wanted.extend(self.wanted_for_days(case));
        }
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|key| !self.found.contains_key(key));
        wanted
    }

    /// Runs the replications at each place; `false` when somebody asked to stop.
    fn look(&mut self, wanted: &[Key], work: Work<'_>, told: &mut dyn FnMut(Told)) -> Result<bool, NoThreads> {
        let model = |(case, start, heads): &Key| {
            let case = &self.cases[*case];
            pull::pulled(self.base.model, case.lever, case.starts[*start], *heads)
        };
        let models: Vec<Option<Model>> = wanted.iter().map(model).collect();
        let plans: Vec<Option<Plan<'_>>> =
            models.iter().map(|model| model.as_ref().and_then(|model| Plan::new(model).ok())).collect();
        let first = self.base.records[0].replication;
        let replications = first..first + self.base.records.len() as u64;
        let cells: Vec<Cell<'_, '_>> =
            plans.iter().flatten().map(|plan| Cell { plan, replications: replications.clone() }).collect();
        told(Told::Begins("levers", (cells.len() * self.base.records.len()) as u64));
        let Some(records) = cells::run(work, &cells, judged_part, told)? else { return Ok(false) };
        let mut records = records.into_iter();
        for ((key, model), plan) in wanted.iter().zip(&models).zip(&plans) {
            let records = plan.as_ref().and_then(|_| records.next()).unwrap_or_default();
            let found = self.judge(*key, model.as_ref().unwrap_or(self.base.model), records);
            self.found.insert(*key, found);
        }
        Ok(true)
    }

    fn judge(&self, (case, start, heads): Key, model: &Model, records: Vec<ReplicationRecord>) -> Found {
        let slas = 0..self.without.len();
        if records.is_empty() {
            // The engine has no places for so many people: nothing is known.
            let days = self.days_without.iter().map(|days| vec![None; days.len()]).collect();
            return Found { verdicts: vec![Verdict::Inconclusive; slas.len()], days, full: None };
        }
        let runs = Runs { records: &records, confidence: self.base.confidence };
        let verdicts = slas.clone().map(|k| slas::verdict(model, &runs, k)).collect();
        let days = days::verdicts(model, &runs);
        if (start, heads) != (0, self.cases[case].heads) {
            return Found { verdicts, days, full: None };
        }
        let shown: Vec<Option<Estimate>> =
            slas.clone().map(|k| slas::standing(model, &runs, k).map(|standing| standing.shown)).collect();
        let kept: Vec<Kept> = records.into_iter().map(Kept::of).collect();
        let due = slas.map(|k| self.due_change(&kept, k)).collect::<Vec<_>>();
        let effects = whatif::effects(&self.base, &kept).into_iter().zip(due).zip(shown);
        Found { verdicts, days, full: Some(effects.map(|((effect, due), shown)| (effect, due, shown)).collect()) }
    }

    /// Due orders with a lever less those without it.
    fn due_change(&self, kept: &[Kept], k: usize) -> Estimate {
        let before = self.base.records.iter().map(|record| record.slas[k].due as f64);
        let pairs: Vec<(f64, f64)> = kept.iter().map(|run| run.slas[k].due as f64).zip(before).collect();
        if whatif::is_known(&self.base, kept) {
            difference(&pairs, self.base.confidence).estimate
        } else {
            Estimate::unknown(self.base.confidence, pairs.len() as u64)
        }
    }

    fn results(&mut self) -> Vec<LeverResult> {
        let full: Vec<Option<Vec<_>>> = (0..self.cases.len())
            .map(|case| self.found.get_mut(&(case, 0, self.cases[case].heads)).and_then(|found| found.full.take()))
            .collect();
        let mut results: Vec<LeverResult> =
            full.into_iter().enumerate().filter_map(|(case, full)| self.result(case, full?)).collect();
        whatif::judge(&self.base, results.iter_mut().flat_map(|one| &mut one.slas).map(|sla| &mut sla.effect));
        results
    }

    fn result(&self, case: usize, full: Vec<Full>) -> Option<LeverResult> {
        let Case { lever, starts, heads, .. } = &self.cases[case];
        let (earliest, last) = (*starts.first()?, *starts.last()?);
        let slas = full.into_iter().enumerate().map(|(k, full)| self.sla(case, k, full)).collect();
        Some(LeverResult {
            name: lever.name.clone(),
            what: lever.words.clone(),
            heads: lever.heads(),
            earliest,
            last,
            earliest_decision: lever.notice.decide_by(self.base.model.calendar(), earliest),
            cost: price(lever, earliest, *heads),
            slas,
        })
    }

    fn sla(&self, case: usize, k: usize, full: Full) -> LeverSla {
        let Case { lever, starts, heads, many } = &self.cases[case];
        let (effect, due_change, shown) = full;
        let keeps = self.found[&(case, 0, *heads)].verdicts[k];
        let looks = self.along_starts(case, *heads, k);
        let line = search::line(&looks);
        let needed = self.without[k] != Verdict::Kept;
        let unknown = !self.judged[k] || effect.change.value.is_none();
        let state = match (line.kept_to, keeps) {
            _ if !needed => LeverState::NotNeeded,
            _ if unknown => LeverState::Unknown,
            (Some(to), _) if to + 1 == starts.len() => LeverState::AnyStart,
            (Some(_), _) => LeverState::StartBy,
            (None, _) if !line.monotone || keeps == Verdict::Inconclusive => LeverState::Inconclusive,
            (None, _) => LeverState::NeverEnough,
        };
        let asked = needed && !unknown;
        let latest_start = line.kept_to.filter(|_| asked).map(|at| starts[at]);
        let decide_by = latest_start.and_then(|at| lever.notice.decide_by(self.base.model.calendar(), at));
        let lost = line.lost_from.filter(|_| asked && line.monotone).map(|at| starts[at]);
        let hopeless = many.filter(|_| asked).and_then(|many| {
            let line = search::line(&self.along_starts(case, many, k));
            line.lost_from.filter(|_| line.monotone).map(|at| starts[at])
        });
        let kept = |(_, verdict): &&(u32, Verdict)| *verdict == Verdict::Kept;
        let by_heads = self.along_heads(case, k);
        let fewest = by_heads.iter().rev().take_while(kept).last().map(|(heads, _)| *heads);
        LeverSla {
            effect,
            due_change,
            shown,
            keeps,
            state,
            latest_start,
            decide_by,
            cost: latest_start.and_then(|at| price(lever, at, *heads)),
            lost_from: lost,
            monotone: line.monotone,
            fewest_heads: fewest.filter(|_| asked && *heads > 0),
            most_heads: many.filter(|_| asked),
            hopeless_from: hopeless,
            days: self.days(case, k),
        }
    }
}

/// Between which numbers of heads to look next: `looks` are in order of heads, none keep what is asked for.
fn fewer(looks: &[(u32, Verdict)]) -> impl Iterator<Item = u32> {
    let kept = looks.iter().rev().take_while(|(_, verdict)| *verdict == Verdict::Kept).count();
    let fewest = looks.len().checked_sub(kept).filter(|_| kept > 0).map(|at| looks[at].0);
    let not = looks.len().checked_sub(kept + 1).map_or(0, |at| looks[at].0);
    fewest.filter(|fewest| fewest - not > 1).map(|fewest| not.midpoint(fewest)).into_iter()
}

fn price(lever: &Lever, start: SimTime, heads: u32) -> Option<Price> {
    let currency = lever.cost.as_ref()?.currency.clone();
    Some(Price { amount: lever.cost(start, heads)?, currency })
}

/// A record without what no verdict looks at, which is most of it.
fn judged_part(record: ReplicationRecord) -> ReplicationRecord {
    ReplicationRecord {
        sources: Vec::new(),
        stations: Vec::new(),
        days: Vec::new(),
        diversions: Vec::new(),
        timeline: TimelineRecord::default(),
        measures: Vec::new(),
        ..record
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Breached, Inconclusive, Kept};

    #[test]
    fn the_fewest_heads_are_found_by_halving() {
        for enough in 1..=40 {
            let mut looks = vec![(6, if enough <= 6 { Kept } else { Breached }), (40, Kept)];
            loop {
                let Some(heads) = fewer(&looks).next() else { break };
                assert!(looks.iter().all(|(looked, _)| *looked != heads), "looks at {heads} twice");
                looks.push((heads, if enough <= heads { Kept } else { Inconclusive }));
                looks.sort_unstable_by_key(|(heads, _)| *heads);
            }
            let fewest = looks.iter().find(|(_, verdict)| *verdict == Kept).unwrap().0;
            assert!(fewest == enough && looks.len() <= 8, "{fewest} for {enough}: {looks:?}");
        }
        assert_eq!(fewer(&[(6, Breached), (40, Inconclusive)]).next(), None);
        assert_eq!(fewer(&[]).next(), None);
    }
}
