//! Several levers at once: whether all of them keep an SLA that none keeps alone, and how few of them do.
//!
//! Each lever is pulled at its earliest start, with its heads as stated. From all of them the dearest are left out one by
//! one, where the SLA is surely kept without them too: what remains is a set of which none can be spared, and need not be the
//! smallest or the cheapest there is.

use super::pull;
use super::{Decisions, Price, price};
use crate::engine::Plan;
use crate::experiment::cells::{self, Cell, Told, Work};
use crate::experiment::replications::NoThreads;
use crate::experiment::results::Verdict;
use crate::experiment::runs::Runs;
use crate::experiment::slas;
use crate::model::Model;
use crate::statistics::estimate::Estimate;
use crate::statistics::sample;
use std::collections::BTreeMap;

/// All levers together, and an SLA that none of them keeps alone.
#[derive(Clone, Debug)]
pub struct TogetherResult {
    /// Number of the SLA in the model.
    pub sla: usize,
    /// Names of the levers that were pulled.
    pub levers: Vec<String>,
    /// Whether the SLA is kept with all of them.
    pub keeps: Verdict,
    /// What it is judged by then.
    pub shown: Option<Estimate>,
    /// Of those, as many as it takes: without any of them it is not surely kept. `None` where not even all keep it.
    pub enough: Option<Vec<String>>,
    /// What it is judged by with these.
    pub shown_with_enough: Option<Estimate>,
    /// What these cost; `None` where one of them states no cost, or they do so in several currencies.
    pub cost: Option<Price>,
}

/// Levers that are pulled together, by their number, ascending.
type Set = Vec<usize>;

/// The verdict on each SLA, and what it is judged by.
type Judged = Vec<(Verdict, Option<Estimate>)>;

/// What is left out next, SLA by SLA.
struct Sparing {
    sla: usize,
    /// Surely enough.
    enough: Set,
    /// Not yet tried to leave out, the next one last.
    untried: Vec<usize>,
}

impl Decisions<'_> {
    /// Looks at all levers together for every SLA that none keeps. `None` when somebody asked to stop.
    pub(super) fn together(
        &self,
        work: Work<'_>,
        told: &mut dyn FnMut(Told),
    ) -> Result<Option<Vec<TogetherResult>>, NoThreads> {
        let all: Set = (0..self.cases.len()).filter(|case| !self.cases[*case].starts.is_empty()).collect();
        let open: Vec<usize> =
            self.open().filter(|sla| all.iter().all(|case| !self.keeps_alone(*case, *sla))).collect();
        if all.len() < 2 || open.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let mut found: BTreeMap<Set, Judged> = BTreeMap::new();
        if !self.pull_each(std::slice::from_ref(&all), &mut found, work, told)? {
            return Ok(None);
        }
        let mut sparing: Vec<Sparing> = open
            .iter()
            .filter(|sla| found[&all][**sla].0 == Verdict::Kept)
            .map(|sla| Sparing { sla: *sla, enough: all.clone(), untried: self.cheapest_first(&all) })
            .collect();
        loop {
            let wanted: Vec<Set> = sparing.iter().filter_map(Sparing::next).collect();
            if wanted.is_empty() {
                break;
            }
            if !self.pull_each(&wanted, &mut found, work, told)? {
                return Ok(None);
            }
            for one in &mut sparing {
                let Some(without) = one.next() else { continue };
                one.untried.pop();
                if found[&without][one.sla].0 == Verdict::Kept {
                    one.enough = without;
                }
            }
        }
        let of = |sla: &usize| {
            let enough = sparing.iter().find(|one| one.sla == *sla).map(|one| one.enough.clone());
            TogetherResult {
                sla: *sla,
                levers: self.names(&all),
                keeps: found[&all][*sla].0,
                shown: found[&all][*sla].1,
                shown_with_enough: enough.as_ref().and_then(|enough| found[enough][*sla].1),
                cost: enough.as_ref().and_then(|enough| self.cost(enough)),
                enough: enough.map(|enough| self.names(&enough)),
            }
        };
        Ok(Some(open.iter().map(of).collect()))
    }

    fn keeps_alone(&self, case: usize, sla: usize) -> bool {
        let mut looks =
            self.found.range((case, 0, 0)..(case + 1, 0, 0)).filter(|(key, _)| key.2 == self.cases[case].heads);
        looks.any(|(_, found)| found.verdicts[sla] == Verdict::Kept)
    }

    fn names(&self, set: &[usize]) -> Vec<String> {
        set.iter().map(|case| self.cases[*case].lever.name.clone()).collect()
    }

    /// What a lever costs when pulled at its earliest.
    fn cost_of(&self, case: usize) -> Option<Price> {
        let case = &self.cases[case];
        price(case.lever, case.starts[0], case.heads)
    }

    fn cost(&self, set: &[usize]) -> Option<Price> {
        let each = set.iter().map(|case| self.cost_of(*case)).collect::<Option<Vec<Price>>>()?;
        let currency = each.first()?.currency.clone();
        let amount = sample::sum(each.iter().map(|price| price.amount));
        each.iter().all(|price| price.currency == currency).then_some(Price { amount, currency })
    }

    /// By what they cost at their earliest; those whose cost is not stated first, so that they are spared last.
    fn cheapest_first(&self, all: &[usize]) -> Vec<usize> {
        let cost = |case: &usize| self.cost_of(*case).map_or(f64::NEG_INFINITY, |price| price.amount);
        let mut order = all.to_vec();
        order.sort_by(|a, b| cost(a).total_cmp(&cost(b)).then(a.cmp(b)));
        order
    }

    /// Runs the replications with each of the sets that is not known yet; `false` when somebody asked to stop.
    fn pull_each(
        &self,
        sets: &[Set],
        found: &mut BTreeMap<Set, Judged>,
        work: Work<'_>,
        told: &mut dyn FnMut(Told),
    ) -> Result<bool, NoThreads> {
        let mut wanted: Vec<&Set> = sets.iter().filter(|set| !found.contains_key(*set)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let models: Vec<Option<Model>> = wanted.iter().map(|set| self.pulled_together(set)).collect();
        let plans: Vec<Option<Plan<'_>>> =
            models.iter().map(|model| model.as_ref().and_then(|model| Plan::new(model).ok())).collect();
        let records = self.base.records;
        let replications = records[0].replication..records[0].replication + records.len() as u64;
        let cells: Vec<Cell<'_, '_>> =
            plans.iter().flatten().map(|plan| Cell { plan, replications: replications.clone() }).collect();
        told(Told::Begins("levers together", (cells.len() * records.len()) as u64));
        let Some(runs) = cells::run(work, &cells, super::judged_part, told)? else { return Ok(false) };
        let mut runs = runs.into_iter();
        let not_known = || vec![(Verdict::Inconclusive, None); self.without.len()];
        for ((set, model), plan) in wanted.into_iter().zip(&models).zip(&plans) {
            let records = plan.as_ref().and_then(|_| runs.next());
            let judged = model.as_ref().zip(records).map(|(model, records)| {
                let runs = Runs { records: &records, confidence: self.base.confidence };
                let of = |k| (slas::verdict(model, &runs, k), slas::standing(model, &runs, k).map(|of| of.shown));
                (0..self.without.len()).map(of).collect()
            });
            found.insert(set.clone(), judged.unwrap_or_else(not_known));
        }
        Ok(true)
    }

    /// The model with all of `set` pulled; `None` where that makes none.
    fn pulled_together(&self, set: &Set) -> Option<Model> {
        let pull = |model: Model, case: &usize| {
            let case = &self.cases[*case];
            pull::pulled(&model, case.lever, case.starts[0], case.heads)
        };
        set.iter().try_fold(self.base.model.clone(), pull)
    }
}

impl Sparing {
    /// The set without the next lever that might be spared; `None` when all were tried.
    fn next(&self) -> Option<Set> {
        let next = self.untried.last()?;
        Some(self.enough.iter().copied().filter(|one| one != next).collect())
    }
}
