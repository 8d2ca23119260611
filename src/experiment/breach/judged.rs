//! What is held against its limit at one load.

use crate::experiment::results::{Blamed, Instants};
use crate::experiment::runs::Runs;
use crate::experiment::{measures, slas};
use crate::model::Model;
use crate::statistics::estimate::Estimate;

/// What may break.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// An SLA of the model, by its number.
    Sla(usize),
    /// A number that has a limit.
    Limit(Limit),
}

/// A limit on one of the model's measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Number of the measure in the model.
    pub measure: usize,
    /// Whether it must not fall below the limit; otherwise it must not exceed it.
    pub at_least: bool,
    /// The limit, in the unit of the measure.
    pub value: f64,
}

/// How far a subject is kept at one load.
#[derive(Clone, Debug)]
pub(in crate::experiment) struct Judged {
    /// The number that is held against the limit.
    pub(in crate::experiment) shown: Estimate,
    /// How far it is kept; below 0 it is broken.
    pub(in crate::experiment) margin: f64,
    /// The same at the unfavourable end of the interval, and at the favourable one, as far as they are known.
    pub(in crate::experiment) ends: (Option<f64>, Option<f64>),
    /// Replication by replication: whether it breaks.
    pub(in crate::experiment) broken: Vec<bool>,
    /// The largest part of its lateness.
    pub(in crate::experiment) broken_by: Option<Blamed>,
    pub(in crate::experiment) first_breach: Option<Instants>,
}

impl Judged {
    /// Whether it is broken, as far as one can tell.
    pub(in crate::experiment) fn is_broken(&self) -> bool {
        self.margin < 0.0
    }

    /// Whether the whole interval keeps it.
    pub(in crate::experiment) fn is_surely_kept(&self) -> bool {
        self.ends.0.is_some_and(|margin| margin >= 0.0)
    }

    /// Whether the whole interval breaks it.
    pub(in crate::experiment) fn is_surely_broken(&self) -> bool {
        self.ends.1.is_some_and(|margin| margin < 0.0)
    }

    /// Half of the interval of its margin; of one that is known on one side only, that side.
    pub(in crate::experiment) fn half_width(&self) -> Option<f64> {
        match self.ends {
            (Some(low), Some(high)) => Some(0.5 * (high - low)),
            (Some(low), None) => Some(self.margin - low),
            (None, Some(high)) => Some(high - self.margin),
            (None, None) => None,
        }
    }
}

impl Subject {
    /// How far it is kept; `None` when nothing is known.
    pub(in crate::experiment) fn judge(&self, model: &Model, runs: &Runs<'_>) -> Option<Judged> {
        match self {
            Subject::Sla(k) => {
                let standing = slas::standing(model, runs, *k)?;
                Some(Judged {
                    shown: standing.shown,
                    margin: standing.margin,
                    ends: (standing.surely, standing.at_best),
                    broken: runs.records.iter().map(|record| record.slas[*k].breached).collect(),
                    broken_by: slas::broken_by(model, runs, *k),
                    first_breach: Some(slas::first_breach(runs, *k)),
                })
            }
            Subject::Limit(limit) => limit.judge(model, runs),
        }
    }
}

impl Limit {
    /// How far `value` keeps the limit.
    fn margin(&self, value: f64) -> f64 {
        if self.at_least { value - self.value } else { self.value - value }
    }

    fn judge(&self, model: &Model, runs: &Runs<'_>) -> Option<Judged> {
        let measure = &model.measures[self.measure];
        let shown = measures::estimate(runs, self.measure, measure);
        let value = shown.value?;
        let (low, high) = runs.ends(&shown, model.is_deterministic());
        let (worse, better) = if self.at_least { (low, high) } else { (high, low) };
        let margin = |value: f64| self.margin(value);
        let ends = (worse.map(margin), better.map(margin));
        let own = measures::own_values(runs, self.measure, measure);
        Some(Judged {
            shown: measures::within_range(&shown, measure),
            margin: margin(value),
            ends,
            broken: own.iter().map(|value| value.is_some_and(|value| self.margin(value) < 0.0)).collect(),
            broken_by: None,
            first_breach: None,
        })
    }
}
