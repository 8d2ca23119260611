//! Which of several scenarios may be the best.

use super::Contestant;
use crate::experiment::slas::kept_of_due;
use crate::statistics::paired::ratio_difference;
use crate::statistics::quantile::bounds_the_median;
use crate::statistics::sample::Totals;

/// The scenarios that may be the best, by the attainment of one SLA.
#[derive(Clone, Debug, PartialEq)]
pub struct BestSet {
    /// The SLA: the first that all of them have.
    pub sla: String,
    /// Names of those that may be the best, in the order given, the base among them if it may be.
    pub names: Vec<String>,
    /// Chance that the best is among them, at least.
    pub confidence: f64,
}

/// Screening at a fixed number of replications (Nelson, Swann, Goldsman & Song 2001), in the form for common random
/// numbers: with k scenarios, i stays unless some l beats it by more than t(1 − α/(k−1), n−1) standard errors of their
/// paired difference (Bonferroni). The best stays with a probability of at least 1 − α.
///
/// `None` with fewer than three scenarios, without an SLA that all of them have, or with fewer than two replications.
pub(super) fn screened(all: &[Contestant<'_>], confidence: f64) -> Option<BestSet> {
    let first = all.first()?;
    if all.len() < 3 || first.records.len() < 2 {
        return None;
    }
    let place = |of: &Contestant<'_>, name: &str| of.model.slas.iter().position(|sla| sla.name == name);
    let sla = first.model.slas.iter().find(|sla| all.iter().all(|one| place(one, &sla.name).is_some()))?;
    let totals: Vec<Vec<Totals>> = all
        .iter()
        .map(|one| {
            let k = place(one, &sla.name).expect("all of them have it");
            one.records.iter().map(|record| kept_of_due(&record.slas[k])).collect()
        })
        .collect();
    // One-sided, so twice the error is left to the two-sided interval.
    let two_sided = 1.0 - 2.0 * (1.0 - confidence) / (all.len() - 1) as f64;
    let deterministic = all.iter().all(|one| one.model.is_deterministic());
    let beaten = |i: usize, l: usize| {
        let pairs: Vec<(Totals, Totals)> = totals[i].iter().copied().zip(totals[l].iter().copied()).collect();
        let found = ratio_difference(&pairs, two_sided).estimate;
        let telling = deterministic
            || found.half_width().is_some_and(|half| half > 0.0)
            || bounds_the_median(found.samples, confidence);
        telling && found.high.is_some_and(|high| high < 0.0)
    };
    let stays = |i: &usize| (0..all.len()).all(|l| l == *i || !beaten(*i, l));
    let names = (0..all.len()).filter(stays).map(|i| all[i].name.to_owned()).collect();
    Some(BestSet { sla: sla.name.clone(), names, confidence })
}
