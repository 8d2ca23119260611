//! Estimates over the replications of one experiment: every fold of records goes through here, in order of index.

use crate::observation::{ReplicationRecord, RunEnd, TallyRecord};
use crate::statistics::estimate::Estimate;
use crate::statistics::histogram::LogLinear;
use crate::statistics::quantile::bounds_the_median;
use crate::statistics::{sample, spread};
use crate::time::TICKS_PER_SECOND;

/// The records of an experiment, in order of index, and the confidence asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs<'a> {
    pub(super) records: &'a [ReplicationRecord],
    pub(super) confidence: f64,
}

impl<'a> Runs<'a> {
    /// How many replications there are.
    pub(super) fn count(&self) -> u64 {
        self.records.len() as u64
    }

    /// Mean over replications.
    pub(super) fn mean(&self, value: impl Fn(&ReplicationRecord) -> f64) -> Estimate {
        sample::mean(&self.records.iter().map(value).collect::<Vec<_>>(), self.confidence)
    }

    /// Mean over replications of a count.
    pub(super) fn count_of(&self, count: impl Fn(&ReplicationRecord) -> u64) -> Estimate {
        self.mean(|record| count(record) as f64).within(0.0, f64::INFINITY)
    }

    /// Mean over those replications that have a value; they are its samples.
    pub(super) fn mean_of_known(&self, value: impl Fn(&ReplicationRecord) -> Option<f64>) -> Estimate {
        sample::mean(&self.records.iter().filter_map(value).collect::<Vec<_>>(), self.confidence)
    }

    /// Pooled ratio of two totals.
    pub(super) fn ratio(&self, totals: impl Fn(&ReplicationRecord) -> sample::Totals) -> Estimate {
        sample::ratio(&self.records.iter().map(totals).collect::<Vec<_>>(), self.confidence)
    }

    /// Pooled ratio of which the numerator is a part of the denominator.
    pub(super) fn share(&self, totals: impl Fn(&ReplicationRecord) -> (u64, u64)) -> Estimate {
        let totals = |record: &ReplicationRecord| {
            let (part, whole) = totals(record);
            (part as f64, whole as f64)
        };
        self.ratio(totals).within(0.0, 1.0)
    }

    /// Mean over all observations of all replications (s).
    pub(super) fn tally_mean(&self, tally: impl Fn(&ReplicationRecord) -> &TallyRecord) -> Estimate {
        let totals = |record: &ReplicationRecord| {
            let tally = tally(record);
            (tally.sum, tally.count as f64)
        };
        self.ratio(totals).within(0.0, f64::INFINITY)
    }

    /// Quantiles of all observations of all replications together (s).
    pub(super) fn tally_quantiles<const N: usize>(
        &self,
        tally: impl Fn(&ReplicationRecord) -> &TallyRecord,
        ps: [f64; N],
    ) -> [Estimate; N] {
        self.quantiles(|record| tally(record).log_linear(), ps)
    }

    /// Quantiles of all observations of all replications together (s), of histograms in ticks.
    pub(super) fn quantiles<const N: usize>(
        &self,
        histogram: impl Fn(&ReplicationRecord) -> LogLinear,
        ps: [f64; N],
    ) -> [Estimate; N] {
        let histograms: Vec<LogLinear> = self.records.iter().map(histogram).collect();
        let estimates = spread::pooled_quantiles(&histograms, &ps, self.confidence);
        std::array::from_fn(|k| estimates[k].scaled(1.0 / TICKS_PER_SECOND as f64))
    }

    /// The ends of the interval of `estimate`, which may be at another confidence, as far as they say something. Those of
    /// an interval of no width, because every run that told something said the same, do not before those would bound the
    /// median run: see [`bounds_the_median`]. Where nothing is drawn, the value itself is certain.
    pub(super) fn ends(&self, estimate: &Estimate, deterministic: bool) -> (Option<f64>, Option<f64>) {
        if deterministic {
            return (estimate.value, estimate.value);
        }
        let has_width = estimate.half_width() != Some(0.0);
        let telling = has_width || bounds_the_median(estimate.samples, self.confidence);
        if telling { (estimate.low, estimate.high) } else { (None, None) }
    }

    /// An estimate of what cannot be known from these records.
    pub(super) fn unknown(&self) -> Estimate {
        Estimate::unknown(self.confidence, self.count())
    }

    /// The replications that reached a limit.
    pub(super) fn limited(&self) -> impl Iterator<Item = &'a ReplicationRecord> {
        self.records.iter().filter(|record| record.end != RunEnd::Finished)
    }
}
