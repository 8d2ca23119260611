//! What a subject is held against, as plain values: a report outlives the model that its numbers come from.

use super::judged::Subject;
use crate::model::{Judge, MetricUnit, Model};

/// A subject with the limit that it is held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Name of the SLA or the number.
    pub name: String,
    /// Which of its numbers is held against the limit, and from which side.
    pub held: Held,
    /// The SLA's target as a share; of other numbers the limit.
    pub target: f64,
    /// The limit, in `unit`.
    pub limit: f64,
    /// Unit of the number.
    pub unit: MetricUnit,
}

/// Which number of a subject is held against its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The attainment of an SLA's worst window: not below the target.
    WorstWindow,
    /// The share of runs with a breached window: not above the risk.
    BreachedRuns,
    /// A number that must not fall below its limit.
    AtLeast,
    /// A number that must not exceed it.
    AtMost,
}

impl Held {
    /// Whether more of the number is better.
    #[must_use]
    pub fn wants_more(self) -> bool {
        matches!(self, Held::WorstWindow | Held::AtLeast)
    }
}

impl Subject {
    /// What it is held against in `model`.
    #[must_use]
    pub fn criterion(&self, model: &Model) -> Criterion {
        match self {
            Subject::Sla(k) => {
                let sla = &model.slas[*k];
                let (held, limit) = match sla.judge {
                    Judge::Pooled => (Held::WorstWindow, sla.target),
                    Judge::Runs { risk } => (Held::BreachedRuns, risk),
                };
                Criterion { name: sla.name.clone(), held, target: sla.target, limit, unit: MetricUnit::Share }
            }
            Subject::Limit(of) => {
                let measure = &model.measures[of.measure];
                Criterion {
                    name: measure.name.clone(),
                    held: if of.at_least { Held::AtLeast } else { Held::AtMost },
                    target: of.value,
                    limit: of.value,
                    unit: MetricUnit::of(&measure.metric, measure.over_runs),
                }
            }
        }
    }
}
