//! What would help, and what is to blame: the same replications once more with a little more capacity, or without one of
//! the causes, on the same random numbers.
//!
//! - **Marginal capacity** confirms a bottleneck: one head, one bench, one hour, one wave, one cage more, a later collection,
//!   a higher rate limit, at the
//!   stations that hold orders up most, and what that does to the late orders.
//! - **Counterfactuals** take a cause away: no outages, no exceptions, owners who answer at once, unlimited floor staff,
//!   collections that take all, no rate limits.
//!   Their effects overlap and do not add up, unlike the lateness ledger.
//!
//! Every effect is the paired difference of late orders in a run, with the t interval over the replications. The p-values
//! of one list are adjusted together (Holm), so that the chance of any false *fewer* or *more* in it stays below
//! 1 − confidence.

mod additions;
mod removals;

pub use additions::Addition;
pub use removals::Removal;

use super::bottlenecks::BottleneckResult;
use super::cells::{self, Cell, NoThreads, Told, Work};
use super::slas::kept_of_due;
use crate::engine::Plan;
use crate::model::{Layer, Model, Staff};
use crate::observation::{Cause, ReplicationRecord, RunEnd, SlaRecord};
use crate::statistics::estimate::Estimate;
use crate::statistics::paired::{difference, holm};
use crate::statistics::quantile::bounds_the_median;
use crate::statistics::sample::{self, Totals};

/// How many stations at the top of the ranking are tried.
pub const TRIED: usize = 3;

/// What more capacity and fewer causes would do.
#[derive(Clone, Debug, Default)]
pub struct Why {
    /// More capacity, the greatest effect on the first SLA first.
    pub marginal_capacity: Vec<MarginalResult>,
    /// A cause less.
    pub counterfactuals: Vec<CounterfactualResult>,
    /// For each SLA of the model its attainment with unlimited floor staff; `None` where that cannot be told.
    pub ceilings: Vec<Option<Estimate>>,
}

/// A little more capacity.
#[derive(Clone, Debug)]
pub struct MarginalResult {
    /// What is added.
    pub addition: Addition,
    /// The same in words: "one head more in every shift of 'floor'".
    pub what: String,
    /// The pool or station it is added to.
    pub at: String,
    /// Person-hours it adds within the counted window of a run; `None` where nobody works longer.
    pub person_hours: Option<f64>,
    /// What it does to each SLA.
    pub effects: Vec<Effect>,
}

/// One cause less.
#[derive(Clone, Debug)]
pub struct CounterfactualResult {
    /// What is taken away.
    pub removal: Removal,
    /// What that does to each SLA.
    pub effects: Vec<Effect>,
}

/// What a change does to one SLA.
#[derive(Clone, Debug)]
pub struct Effect {
    /// Name of the SLA.
    pub sla: String,
    /// Late orders in a run with the change.
    pub late_orders: Estimate,
    /// Late orders in a run with the change less those without it.
    pub change: Estimate,
    /// Attainment with the change.
    pub attainment: Estimate,
    /// How surprising the change would be if there were none, all changes of the list looked at together.
    pub p_adjusted: Option<f64>,
    /// What it amounts to.
    pub verdict: EffectVerdict,
}

/// What an effect amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectVerdict {
    /// There are fewer late orders.
    Fewer,
    /// There are more of them.
    More,
    /// Neither is shown.
    NotShown,
    /// A run reached a limit: what it would have told is not known.
    Unknown,
}

impl EffectVerdict {
    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EffectVerdict::Fewer => "fewer late orders",
            EffectVerdict::More => "more late orders",
            EffectVerdict::NotShown => "no difference shown",
            EffectVerdict::Unknown => "unknown",
        }
    }
}

/// What is known before anything is changed.
#[derive(Clone, Copy, Debug)]
pub struct Base<'a> {
    /// The operation.
    pub model: &'a Model,
    /// Its records, in order of their index.
    pub records: &'a [ReplicationRecord],
    /// Its bottlenecks, the worst first.
    pub bottlenecks: &'a [BottleneckResult],
    /// Confidence of the intervals.
    pub confidence: f64,
}

/// What stays of a record.
pub(super) struct Kept {
    pub(super) slas: Vec<SlaRecord>,
    finished: bool,
    scheduled_hours: f64,
}

impl Kept {
    pub(super) fn of(record: ReplicationRecord) -> Kept {
        Kept { finished: record.end == RunEnd::Finished, scheduled_hours: scheduled_hours(&record), slas: record.slas }
    }
}

fn scheduled_hours(record: &ReplicationRecord) -> f64 {
    record.pools.iter().map(|pool| pool.scheduled_hours).sum()
}

/// Runs the replications of `base` once more with each change. `told` hears of the batch and of each replication.
///
/// `None` when somebody asked to stop. Without an SLA nothing is late, and nothing is tried; what does not apply to the
/// model, or makes it too large for the engine, is left out.
///
/// # Errors
/// When the threads cannot be started.
pub fn why(base: &Base<'_>, work: Work<'_>, told: &mut dyn FnMut(Told)) -> Result<Option<Why>, NoThreads> {
    let (Some(first), false) = (base.records.first(), base.model.slas.is_empty()) else {
        return Ok(Some(Why { ceilings: vec![None; base.model.slas.len()], ..Why::default() }));
    };
    let late = |record: &ReplicationRecord| record.slas.iter().any(|sla| sla.late > 0);
    let additions = if base.records.iter().any(late) { candidates(base) } else { Vec::new() };
    let additions: Vec<(Addition, Model)> =
        additions.into_iter().filter_map(|addition| Some((addition, addition.to(base.model)?))).collect();
    let removals: Vec<(Removal, Model)> =
        Removal::ALL.into_iter().filter_map(|removal| Some((removal, removal.from(base.model)?))).collect();
    let models = additions.iter().map(|(_, model)| model).chain(removals.iter().map(|(_, model)| model));
    let plans: Vec<Option<Plan<'_>>> = models.map(|model| Plan::new(model).ok()).collect();
    let replications = first.replication..first.replication + base.records.len() as u64;
    let cells: Vec<Cell<'_, '_>> =
        plans.iter().flatten().map(|plan| Cell { plan, replications: replications.clone() }).collect();
    told(Told::Begins("more capacity, fewer causes", (cells.len() * base.records.len()) as u64));
    let Some(runs) = cells::run(work, &cells, Kept::of, told)? else { return Ok(None) };
    let mut runs = runs.into_iter();
    let mut of_plan = plans.iter().map(|plan| plan.as_ref().and_then(|_| runs.next()));
    let mut marginal_capacity: Vec<MarginalResult> = additions
        .iter()
        .zip(&mut of_plan)
        .filter_map(|((addition, model), runs)| Some(marginal(base, *addition, model, &runs?)))
        .collect();
    let mut counterfactuals = Vec::new();
    let mut ceilings = vec![None; base.model.slas.len()];
    for ((removal, model), runs) in removals.iter().zip(of_plan) {
        let Some(runs) = runs else { continue };
        if *removal == Removal::FloorStaff && nobody_was_short(model, &runs) {
            ceilings = (0..ceilings.len()).map(|k| attainment(base, &runs, k)).collect();
        }
        counterfactuals.push(CounterfactualResult { removal: *removal, effects: effects(base, &runs) });
    }
    judge(base, marginal_capacity.iter_mut().flat_map(|one| &mut one.effects));
    judge(base, counterfactuals.iter_mut().flat_map(|one| &mut one.effects));
    let size = |one: &MarginalResult| one.effects.first().and_then(|effect| effect.change.value).unwrap_or(0.0);
    marginal_capacity.sort_by(|left, right| size(left).total_cmp(&size(right)));
    Ok(Some(Why { marginal_capacity, counterfactuals, ceilings }))
}

/// What to try: the people, the equipment and the waves of the stations at the top of the ranking, and every wave and
/// collection, which are the deadlines of all that stands before them.
fn candidates(base: &Base<'_>) -> Vec<Addition> {
    let mut found: Vec<Addition> = Vec::new();
    let mut add = |addition: Addition| {
        if !found.contains(&addition) {
            found.push(addition);
        }
    };
    for one in base.bottlenecks.iter().take(TRIED) {
        let Some(k) = base.model.stations.iter().position(|station| station.name == one.station) else { continue };
        additions::at_station(base.model, k).into_iter().for_each(&mut add);
    }
    (0..base.model.stations.len()).flat_map(|k| additions::at_gate(base.model, k)).for_each(add);
    found
}

/// Whether no late order waited for a person on the floor: then there were as good as unlimited people.
fn nobody_was_short(model: &Model, runs: &[Kept]) -> bool {
    let floor = |station: u16| model.stations[usize::from(station)].layer == Layer::Warehouse;
    let mut cells = runs.iter().flat_map(|run| run.slas.iter().flat_map(|sla| &sla.ledger));
    !cells.any(|cell| cell.cause() == Cause::NoPerson && cell.station.is_some_and(floor))
}

fn marginal(base: &Base<'_>, addition: Addition, model: &Model, runs: &[Kept]) -> MarginalResult {
    let hours = runs.iter().zip(base.records).map(|(run, record)| run.scheduled_hours - scheduled_hours(record));
    let hours = sample::sum(hours) / base.records.len() as f64;
    MarginalResult {
        addition,
        what: addition.in_words(model),
        at: addition.place(model),
        person_hours: addition.is_of_people(model).then_some(hours),
        effects: effects(base, runs),
    }
}

fn attainment(base: &Base<'_>, runs: &[Kept], k: usize) -> Option<Estimate> {
    let totals: Vec<Totals> = runs.iter().map(|run| kept_of_due(&run.slas[k])).collect();
    let known = is_known(base, runs);
    known.then(|| sample::ratio(&totals, base.confidence).within(0.0, 1.0)).filter(|found| found.value.is_some())
}

/// Whether no run reached a limit, neither with the change nor without it.
pub(super) fn is_known(base: &Base<'_>, runs: &[Kept]) -> bool {
    runs.iter().all(|run| run.finished) && base.records.iter().all(|record| record.end == RunEnd::Finished)
}

/// What was found, not yet judged.
pub(super) fn effects(base: &Base<'_>, runs: &[Kept]) -> Vec<Effect> {
    let unknown = Estimate::unknown(base.confidence, runs.len() as u64);
    let effect = |(k, sla): (usize, &crate::model::Sla)| {
        let late: Vec<f64> = runs.iter().map(|run| run.slas[k].late as f64).collect();
        let before = base.records.iter().map(|record| record.slas[k].late as f64);
        let pairs: Vec<(f64, f64)> = late.iter().copied().zip(before).collect();
        let nothing_due = runs.iter().all(|run| run.slas[k].due == 0);
        let found = difference(&pairs, base.confidence);
        let known = is_known(base, runs) && !nothing_due;
        let if_known = |estimate: Estimate| if known { estimate } else { unknown };
        Effect {
            sla: sla.name.clone(),
            late_orders: if_known(sample::mean(&late, base.confidence).within(0.0, f64::INFINITY)),
            change: if_known(found.estimate),
            attainment: attainment(base, runs, k).unwrap_or(unknown),
            p_adjusted: found.p_value.filter(|_| known),
            verdict: EffectVerdict::Unknown,
        }
    };
    base.model.slas.iter().enumerate().map(effect).collect()
}

/// Adjusts the p-values of a list together, and says what each effect amounts to.
pub(super) fn judge<'e>(base: &Base<'_>, list: impl Iterator<Item = &'e mut Effect>) {
    let mut all: Vec<&mut Effect> = list.collect();
    let raw: Vec<f64> = all.iter().filter_map(|effect| effect.p_adjusted).collect();
    let mut adjusted = holm(&raw).into_iter();
    let deterministic = base.model.is_deterministic();
    for effect in &mut all {
        if effect.p_adjusted.is_some() {
            effect.p_adjusted = adjusted.next();
        }
        effect.verdict = verdict(effect, deterministic);
    }
}

fn verdict(effect: &Effect, deterministic: bool) -> EffectVerdict {
    let Some(value) = effect.change.value else { return EffectVerdict::Unknown };
    // A difference that is the same in every run counts only from as many runs as would bound the median run.
    let telling = effect.change.half_width().is_some_and(|half| half > 0.0)
        || bounds_the_median(effect.change.samples, effect.change.confidence);
    let shown = effect.p_adjusted.is_some_and(|p| p <= 1.0 - effect.change.confidence) && telling;
    match (deterministic || shown, value) {
        (true, value) if value < 0.0 => EffectVerdict::Fewer,
        (true, value) if value > 0.0 => EffectVerdict::More,
        _ => EffectVerdict::NotShown,
    }
}

impl super::Results {
    /// Adds what more capacity and fewer causes would do: the ceilings of the SLAs, and whether the bottlenecks are
    /// confirmed.
    pub fn tell_why(&mut self, model: &Model, why: Why) {
        for (sla, ceiling) in self.slas.iter_mut().zip(&why.ceilings) {
            sla.ceiling = *ceiling;
        }
        for bottleneck in &mut self.bottlenecks {
            let Some(k) = model.stations.iter().position(|station| station.name == bottleneck.station) else {
                continue;
            };
            let pool = match model.stations[k].staff {
                Staff::Pool(pool) => Some(pool),
                Staff::Unlimited => None,
            };
            let tried = why.marginal_capacity.iter().filter(|one| one.addition.is_at(k, pool));
            let verdicts = tried.filter_map(|one| Some(one.effects.first()?.verdict));
            bottleneck.confirmed =
                verdicts.map(|verdict| verdict == EffectVerdict::Fewer).reduce(|one, other| one || other);
        }
        self.why = Some(why);
    }
}
