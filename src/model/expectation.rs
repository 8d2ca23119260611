//! What is expected of a number, and the unit in which it is said.

use super::{LevelStatistic, Metric, OverRuns, TallyStatistic};

/// What is expected of a number: a comparison with a limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Which side of the limit is right.
    pub comparison: Comparison,
    /// The limit, in the number's own unit; a share from 0 to 1.
    pub limit: f64,
    /// Comparison and limit as written: ">= 98%".
    pub text: String,
}

/// Which side of a limit is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `<`
    Below,
}

impl Comparison {
    /// Those there are, in their written form.
    pub const ALL: [(&str, Comparison); 4] =
        [(">=", Comparison::AtLeast), ("<=", Comparison::AtMost), (">", Comparison::Above), ("<", Comparison::Below)];

    /// Whether `value` is on the right side of `limit`.
    #[must_use]
    pub fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Comparison::AtLeast => value >= limit,
            Comparison::AtMost => value <= limit,
            Comparison::Above => value > limit,
            Comparison::Below => value < limit,
        }
    }

    /// Whether larger numbers are better.
    #[must_use]
    pub fn wants_more(self) -> bool {
        matches!(self, Comparison::AtLeast | Comparison::Above)
    }
}

/// The unit of a reported number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricUnit {
    /// A share, from 0 to 1.
    Share,
    /// Seconds; an instant is the time since the start of the run.
    Seconds,
    /// Hours.
    Hours,
    /// A count, a level, an amount of money.
    Number,
}

impl MetricUnit {
    /// The unit of `metric` once it is taken over all runs.
    #[must_use]
    pub fn of(metric: &Metric, over_runs: OverRuns) -> MetricUnit {
        match over_runs {
            OverRuns::Mean | OverRuns::StandardDeviation | OverRuns::Quantile(_) => within_a_run(metric),
            OverRuns::Variance => MetricUnit::Number,
            OverRuns::ShareOver(_) => MetricUnit::Share,
        }
    }

    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MetricUnit::Share => "share",
            MetricUnit::Seconds => "seconds",
            MetricUnit::Hours => "hours",
            MetricUnit::Number => "number",
        }
    }
}

fn within_a_run(metric: &Metric) -> MetricUnit {
    match metric {
        Metric::Visit { statistic, .. } | Metric::TimeInSystem { statistic, .. } | Metric::Resolution(_, statistic) => {
            match statistic {
                TallyStatistic::ShareOver(_) => MetricUnit::Share,
                TallyStatistic::Count => MetricUnit::Number,
                TallyStatistic::Mean
                | TallyStatistic::StandardDeviation
                | TallyStatistic::Quantile(_)
                | TallyStatistic::Max => MetricUnit::Seconds,
            }
        }
        Metric::Level { statistic, .. } => match statistic {
            LevelStatistic::AllBusyAt(_) | LevelStatistic::ZeroAtEvery { .. } | LevelStatistic::ShareAtZero => {
                MetricUnit::Share
            }
            LevelStatistic::Mean
            | LevelStatistic::Max
            | LevelStatistic::Integral
            | LevelStatistic::At(_)
            | LevelStatistic::AtEvery { .. } => MetricUnit::Number,
        },
        Metric::VisitShare { .. }
        | Metric::AbandonedShare(_)
        | Metric::FullBatches(_)
        | Metric::NobodyLeftBehind(_)
        | Metric::BucketFull(_)
        | Metric::Availability(_)
        | Metric::Utilisation(_)
        | Metric::PoolUtilisation(_)
        | Metric::Attainment(_)
        | Metric::SyncSuccess => MetricUnit::Share,
        Metric::Count { .. }
        | Metric::GroupSize { .. }
        | Metric::LeftBehind(_)
        | Metric::AttemptsPerItem(_)
        | Metric::Kept(_)
        | Metric::Late(_)
        | Metric::Struck(_)
        | Metric::TicketsPer100
        | Metric::LabourCost => MetricUnit::Number,
        Metric::LateHours(_) => MetricUnit::Hours,
        Metric::Makespan | Metric::OneOrder { .. } => MetricUnit::Seconds,
    }
}
