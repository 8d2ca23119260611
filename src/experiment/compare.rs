//! Scenarios compared on the same random numbers: replication r of each is the same days with the same draws.
//!
//! - Differences are paired, run by run: of means and sums the paired t interval, of ratios such as attainment that of the
//!   residuals, so that what both scenarios share cancels ([`crate::statistics::paired`]).
//! - One verdict for each SLA's attainment and one for the total cost, of each variant. All of them are one family, and
//!   their p-values are adjusted together (Holm's step-down), so that the chance of any false *better* or *worse* in the
//!   whole comparison stays below 1 − confidence. See [`ContrastVerdict`].
//! - Waits are exploratory: they are judged one by one, without such an adjustment, and reports say so.
//! - With three or more scenarios, screening (`compare/best.rs`) names those that may be the best.

mod best;
mod contrast;
mod found;

pub use best::BestSet;
pub use contrast::{Contrast, ContrastVerdict, Quantity};
pub use found::{ComparisonResults, Differing, Identity, VariantResult};

use super::runs::Runs;
use super::slas::kept_of_due;
use crate::model::Model;
use crate::observation::{
    ContactsRecord, PoolRecord, ReplicationRecord, SlaRecord, StationRecord, TallyRecord, TimelineRecord,
};
use crate::statistics::estimate::Estimate;
use crate::statistics::paired::{Difference, difference, holm, ratio_difference};
use crate::statistics::sample::{self, Totals};
use contrast::{Circumstances, judge};

/// One scenario with its runs.
#[derive(Clone, Copy, Debug)]
pub struct Contestant<'a> {
    /// What it is called in the comparison.
    pub name: &'a str,
    /// Digest of the scenario.
    pub hash: &'a str,
    /// The scenario.
    pub model: &'a Model,
    /// What it says differently from the base; nothing of the base itself.
    pub differs: &'a [Differing],
    /// Its records, in order of their index.
    pub records: &'a [ReplicationRecord],
}

/// How large a difference must be to matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Margins {
    /// Of an attainment, as a share: 0.005 is half a point of per cent.
    pub attainment: f64,
    /// Of waits and cost, as a share of the base's own.
    pub relative: f64,
}

impl Default for Margins {
    fn default() -> Margins {
        Margins { attainment: 0.005, relative: 0.02 }
    }
}

/// What a comparison rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Master seed of all scenarios.
    pub seed: u64,
    /// Replications asked for, of each scenario.
    pub asked: u64,
    /// Confidence of the intervals, in (0, 1).
    pub confidence: f64,
    /// How large a difference must be to matter.
    pub margins: Margins,
}

/// Scenarios without an SLA in common.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{variant}' and '{base}' have no SLA in common, so there is nothing to compare them by: give one [[sla]] the same \
     name in both"
)]
pub struct NothingInCommon {
    /// The base.
    pub base: String,
    /// The variant.
    pub variant: String,
}

/// Compares each of `variants` with `base`, on as many replications as all of them have.
///
/// # Errors
/// When a variant has no SLA of the same name as the base.
pub fn compare(
    base: &Contestant<'_>,
    variants: &[Contestant<'_>],
    terms: Terms,
) -> Result<ComparisonResults, NothingInCommon> {
    variants.iter().try_for_each(|variant| in_common((base.name, base.model), (variant.name, variant.model)))?;
    let all = || std::iter::once(base).chain(variants);
    let count = all().map(|one| one.records.len()).min().unwrap_or(0);
    let cut: Vec<Contestant<'_>> = all().map(|one| Contestant { records: &one.records[..count], ..*one }).collect();
    let limited = cut.iter().any(|one| runs(one, terms.confidence).limited().next().is_some());
    let (base, variants) = cut.split_first().expect("the base is always there");
    let mut found: Vec<VariantResult> = variants.iter().map(|variant| against(base, variant, &terms)).collect();
    let family = adjust(&mut found);
    for (result, variant) in found.iter_mut().zip(variants) {
        let known = Circumstances {
            deterministic: base.model.is_deterministic() && variant.model.is_deterministic(),
            limited: [base, variant].iter().any(|one| runs(one, terms.confidence).limited().next().is_some()),
            family,
            runs: count as u64,
        };
        for contrast in result.slas.iter_mut().chain(&mut result.cost) {
            contrast.verdict = judge(contrast, known);
            if contrast.quantity == Quantity::Attainment {
                // Two shares differ by no more than all.
                contrast.difference = contrast.difference.within(-1.0, 1.0);
            }
        }
        for contrast in &mut result.exploratory {
            contrast.verdict = judge(contrast, Circumstances { family: 1, ..known });
        }
    }
    Ok(ComparisonResults {
        terms,
        replications: count as u64,
        base: identity(base),
        variants: found,
        best: if limited { None } else { best::screened(&cut, terms.confidence) },
        partial: (count as u64) < terms.asked || limited,
        family,
    })
}

/// Whether a base and a variant, each by its name, have an SLA in common.
///
/// # Errors
/// When they have none.
pub fn in_common(base: (&str, &Model), variant: (&str, &Model)) -> Result<(), NothingInCommon> {
    if common_slas(base.1, variant.1).is_empty() {
        return Err(NothingInCommon { base: base.0.to_owned(), variant: variant.0.to_owned() });
    }
    Ok(())
}

/// A record without all that a comparison never looks at, which is most of it: many scenarios are in memory at once.
#[must_use]
pub fn kept(record: ReplicationRecord) -> ReplicationRecord {
    let sums = |tally: TallyRecord| TallyRecord { histogram: Vec::new(), ..tally };
    let station = |of: StationRecord| StationRecord { wait: sums(of.wait), ..StationRecord::default() };
    let pool = |of: PoolRecord| PoolRecord { cost: of.cost, ..PoolRecord::default() };
    let sla = |of: SlaRecord| SlaRecord { due: of.due, late: of.late, ..SlaRecord::default() };
    ReplicationRecord {
        sources: Vec::new(),
        stations: record.stations.into_iter().map(station).collect(),
        pools: record.pools.into_iter().map(pool).collect(),
        slas: record.slas.into_iter().map(sla).collect(),
        days: Vec::new(),
        diversions: Vec::new(),
        contacts: ContactsRecord::default(),
        timeline: TimelineRecord::default(),
        measures: Vec::new(),
        ..record
    }
}

fn runs<'a>(of: &Contestant<'a>, confidence: f64) -> Runs<'a> {
    Runs { records: of.records, confidence }
}

fn identity(of: &Contestant<'_>) -> Identity {
    Identity { name: of.name.to_owned(), title: of.model.title.clone(), hash: of.hash.to_owned() }
}

/// Indices of the SLAs that both models have, in the order of the first.
fn common_slas(one: &Model, other: &Model) -> Vec<(usize, usize)> {
    let place = |name: &str| other.slas.iter().position(|sla| sla.name == name);
    one.slas.iter().enumerate().filter_map(|(k, sla)| Some((k, place(&sla.name)?))).collect()
}

fn against(base: &Contestant<'_>, variant: &Contestant<'_>, terms: &Terms) -> VariantResult {
    let common = common_slas(base.model, variant.model);
    let missing = |of: &Model, from: &Model| {
        let names = of.slas.iter().map(|sla| sla.name.clone());
        names.filter(|name| from.slas.iter().all(|sla| sla.name != *name)).collect::<Vec<_>>()
    };
    let differ = |(k, l): &&(usize, usize)| {
        let (one, other) = (&base.model.slas[*k], &variant.model.slas[*l]);
        one.definition != other.definition || one.target.to_bits() != other.target.to_bits()
    };
    let named = |(k, _): &(usize, usize)| base.model.slas[*k].name.clone();
    VariantResult {
        identity: identity(variant),
        differs: variant.differs.to_vec(),
        slas: common.iter().map(|(k, l)| attainment(base, variant, (*k, *l), terms)).collect(),
        cost: cost(base, variant, terms),
        exploratory: waits(base, variant, terms),
        only_in_base: missing(base.model, variant.model),
        only_in_variant: missing(variant.model, base.model),
        defined_differently: common.iter().filter(differ).map(named).collect(),
    }
}

fn attainment(base: &Contestant<'_>, variant: &Contestant<'_>, (k, l): (usize, usize), terms: &Terms) -> Contrast {
    let ours: Vec<Totals> = base.records.iter().map(|record| kept_of_due(&record.slas[k])).collect();
    let theirs: Vec<Totals> = variant.records.iter().map(|record| kept_of_due(&record.slas[l])).collect();
    let mut contrast = of_ratios(Quantity::Attainment, &base.model.slas[k].name, &ours, &theirs, terms);
    contrast.base = contrast.base.within(0.0, 1.0);
    contrast.variant = contrast.variant.within(0.0, 1.0);
    Contrast { margin: Some(terms.margins.attainment), ..contrast }
}

/// What the people of one run cost; `None` where nobody has a cost.
fn total_cost(of: &Contestant<'_>) -> Option<Vec<f64>> {
    let paid: Vec<usize> =
        of.model.pools.iter().enumerate().filter(|(_, pool)| pool.cost_per_hour.is_some()).map(|(k, _)| k).collect();
    let total = |record: &ReplicationRecord| sample::sum(paid.iter().filter_map(|k| record.pools[*k].cost));
    (!paid.is_empty()).then(|| of.records.iter().map(total).collect())
}

fn cost(base: &Contestant<'_>, variant: &Contestant<'_>, terms: &Terms) -> Option<Contrast> {
    let (ours, theirs) = (total_cost(base)?, total_cost(variant)?);
    let pairs: Vec<(f64, f64)> = theirs.into_iter().zip(ours).collect();
    Some(of_values(Quantity::Cost, "total cost", &pairs, terms))
}

/// The time to dispatch, and the mean wait at each station of the same name.
fn waits(base: &Contestant<'_>, variant: &Contestant<'_>, terms: &Terms) -> Vec<Contrast> {
    let mut found = Vec::new();
    let means = |of: &Contestant<'_>, tally: &dyn Fn(&ReplicationRecord) -> &TallyRecord| -> Vec<Totals> {
        of.records.iter().map(|record| (tally(record).sum, tally(record).count as f64)).collect()
    };
    let dispatch = |of: &Contestant<'_>| means(of, &|record| &record.orders.time_to_dispatch);
    found.push(of_ratios(Quantity::Wait, "time to dispatch, mean", &dispatch(base), &dispatch(variant), terms));
    let pairs: Vec<(f64, f64)> = variant
        .records
        .iter()
        .zip(base.records)
        .filter_map(|(other, one)| Some((own_p95(other)?, own_p95(one)?)))
        .collect();
    found.push(of_values(Quantity::Wait, "time to dispatch, p95 of a run", &pairs, terms));
    for (k, station) in base.model.stations.iter().enumerate() {
        let Some(l) = variant.model.stations.iter().position(|other| other.name == station.name) else { continue };
        let ours = means(base, &|record| &record.stations[k].wait);
        let theirs = means(variant, &|record| &record.stations[l].wait);
        found.push(of_ratios(Quantity::Wait, &format!("wait at '{}', mean", station.name), &ours, &theirs, terms));
    }
    found
}

/// The 95th percentile of one run's own times to dispatch (s).
fn own_p95(record: &ReplicationRecord) -> Option<f64> {
    let (_, high) = record.orders.time_to_dispatch.log_linear().quantile_bounds(0.95)?;
    Some(crate::time::SimDuration(high).seconds())
}

fn of_ratios(quantity: Quantity, name: &str, base: &[Totals], variant: &[Totals], terms: &Terms) -> Contrast {
    let pairs: Vec<(Totals, Totals)> = variant.iter().copied().zip(base.iter().copied()).collect();
    let (ours, theirs) = (sample::ratio(base, terms.confidence), sample::ratio(variant, terms.confidence));
    let found = |confidence| ratio_difference(&pairs, confidence);
    contrast(quantity, name, (ours, theirs), &found, terms)
}

/// Of `(variant, base)` in each run.
fn of_values(quantity: Quantity, name: &str, pairs: &[(f64, f64)], terms: &Terms) -> Contrast {
    let (theirs, ours): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let estimates = (sample::mean(&ours, terms.confidence), sample::mean(&theirs, terms.confidence));
    let found = |confidence| difference(pairs, confidence);
    contrast(quantity, name, estimates, &found, terms)
}

fn contrast(
    quantity: Quantity,
    name: &str,
    (base, variant): (Estimate, Estimate),
    found: &dyn Fn(f64) -> Difference,
    terms: &Terms,
) -> Contrast {
    let Difference { estimate, p_value } = found(terms.confidence);
    Contrast {
        quantity,
        name: name.to_owned(),
        base,
        variant,
        difference: estimate,
        p: p_value,
        p_adjusted: None,
        margin: base.value.map(|value| value.abs() * terms.margins.relative),
        verdict: ContrastVerdict::Unknown,
    }
}

/// Adjusts the p-values of all verdicts that count together; gives their number.
fn adjust(found: &mut [VariantResult]) -> usize {
    let known: Vec<f64> = found.iter().flat_map(VariantResult::judged).filter_map(|contrast| contrast.p).collect();
    let mut adjusted = holm(&known).into_iter();
    for contrast in found.iter_mut().flat_map(|result| result.slas.iter_mut().chain(&mut result.cost)) {
        if contrast.p.is_some() {
            contrast.p_adjusted = adjusted.next();
        }
    }
    known.len()
}

#[cfg(test)]
mod tests;
