//! Where orders (and other work) come from.

use super::Route;
use crate::random::Distribution;
use crate::time::{SimDuration, SimTime};

/// What a source brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// A customer's order: counted, promised, judged.
    Order,
    /// Other work for the same people: receiving, counts, replenishment.
    Work,
    /// A customer's message to support.
    Contact,
}

/// A web shop, a marketplace, a wholesale feed, a send, or a stream of other work.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name in the scenario.
    pub name: String,
    /// The name its random streams go by: its own, or that of the source it is a clone of.
    pub draws_as: String,
    /// What it brings.
    pub kind: ItemKind,
    /// When its items arrive.
    pub arrivals: Arrivals,
    /// What multiplies its rate: the load lever, and busyness.
    pub factors: Factors,
    /// Order lines per item.
    pub lines: CountMix,
    /// Units per line.
    pub units: CountMix,
    /// Class at priority stations: the lower goes first.
    pub priority: u8,
    /// Where its items go first.
    pub route: Route,
    /// Items already at the first station when the run begins.
    pub initial: u32,
}

impl Source {
    /// Items expected from `from` to `to` by the plan: campaigns included, the load lever and busyness not.
    #[must_use]
    pub fn forecast(&self, from: SimTime, to: SimTime) -> f64 {
        match &self.arrivals {
            Arrivals::Poisson(intensity) | Arrivals::Even(intensity) => intensity.expected(from, to),
            Arrivals::Renewal(gaps) => to.since(from).seconds() / gaps.mean(),
            Arrivals::Recorded(records) => {
                records.iter().filter(|record| from <= record.at && record.at < to).count() as f64
            }
        }
    }
}

/// When items arrive.
#[derive(Clone, Debug)]
pub enum Arrivals {
    /// A Poisson process of this intensity: the points of the order plane below it.
    Poisson(Intensity),
    /// Evenly spaced: the k-th comes when the expected count reaches k − ½. For hand computation.
    Even(Intensity),
    /// Independent times between arrivals (s), the first from the start.
    Renewal(Distribution),
    /// Recorded orders, row for row at uplift 1.
    Recorded(Vec<RecordedArrival>),
}

/// Expected arrivals per hour as a function of time.
#[derive(Clone, Debug)]
pub enum Intensity {
    /// Constant between steps; zero before the first.
    Steps(Vec<IntensityStep>),
    /// `mean + swing · sin(2π t / period)` per hour.
    Cycle {
        /// Mean rate [items per hour].
        mean: f64,
        /// Swing of the rate, at most the mean [items per hour].
        swing: f64,
        /// Length of one cycle.
        period: SimDuration,
    },
    /// A send: so many orders in all, answering with the given half-lives.
    Send {
        /// The moment of the send.
        at: SimTime,
        /// Orders it brings in all.
        orders: f64,
        /// How the answers spread over time; the shares add up to 1.
        response: Vec<Response>,
    },
}

/// From `from` on, this many arrivals per hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IntensityStep {
    /// First instant of the step.
    pub from: SimTime,
    /// Expected arrivals per hour; finite, not negative.
    pub per_hour: f64,
}

/// A part of the answers to a send, decaying exponentially.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// Share of all answers, 0 to 1.
    pub share: f64,
    /// Time in which half of them have come.
    pub half_life: SimDuration,
}

/// What multiplies a source's intensity without touching its curve.
#[derive(Clone, Debug)]
pub struct Factors {
    /// The load lever: 1 is the plan.
    pub uplift: f64,
    /// Random busyness.
    pub busyness: Busyness,
}

/// Random factors of mean 1 on the intensity: whole days, and hours within them.
#[derive(Clone, Debug, Default)]
pub struct Busyness {
    /// Factor drawn for each local day.
    pub day: Option<Distribution>,
    /// Factor drawn for each hour.
    pub hour: Option<Distribution>,
    /// First instants of the days that have a factor of their own, ascending; before the first, and without a
    /// calendar, the whole run is one day.
    pub days: Vec<SimTime>,
    /// Name of the stream that the factors are drawn from; sources that share it are busy together.
    pub stream: String,
}

/// How many lines or units.
#[derive(Clone, Debug, PartialEq)]
pub enum CountMix {
    /// Always the same number.
    Fixed(u32),
    /// Number and share, ascending by number; the shares add up to 1.
    Shares(Vec<(u32, f64)>),
    /// 1 with the given share, otherwise 2 + a geometric number of the given mean (0 or more).
    OneOrGeometric {
        /// Share of ones.
        single: f64,
        /// Mean of what comes on top of 2 for the others.
        beyond_two: f64,
    },
}

impl CountMix {
    /// Expected number.
    #[must_use]
    pub fn mean(&self) -> f64 {
        match self {
            CountMix::Fixed(n) => f64::from(*n),
            CountMix::Shares(shares) => shares.iter().map(|(n, share)| f64::from(*n) * share).sum(),
            CountMix::OneOrGeometric { single, beyond_two } => single + (1.0 - single) * (2.0 + beyond_two),
        }
    }
}

/// One recorded order.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedArrival {
    /// When it arrived.
    pub at: SimTime,
    /// Its lines, at least 1.
    pub lines: u32,
    /// Its units, at least 1.
    pub units: u32,
    /// Its class at priority stations, where the record has one.
    pub priority: Option<u8>,
}

impl Intensity {
    /// Expected arrivals per hour at `t`.
    #[must_use]
    pub fn at(&self, t: SimTime) -> f64 {
        match self {
            Intensity::Steps(steps) => match steps.partition_point(|step| step.from <= t) {
                0 => 0.0,
                k => steps[k - 1].per_hour,
            },
            Intensity::Cycle { mean, swing, period } => {
                let turns = (t.0 % period.0) as f64 / period.0 as f64;
                mean + swing * libm::sin(2.0 * std::f64::consts::PI * turns)
            }
            Intensity::Send { at, orders, response } => {
                if t < *at {
                    return 0.0;
                }
                let since = t.since(*at).hours();
                response.iter().map(|part| part.density(since)).sum::<f64>() * orders
            }
        }
    }

    /// The highest rate [items per hour] between `from` and `to`.
    #[must_use]
    pub fn highest(&self, from: SimTime, to: SimTime) -> f64 {
        match self {
            Intensity::Steps(steps) => {
                let first = steps.partition_point(|step| step.from <= from).saturating_sub(1);
                steps[first..].iter().take_while(|step| step.from < to).map(|step| step.per_hour).fold(0.0, f64::max)
            }
            Intensity::Cycle { mean, swing, .. } => mean + swing.abs(),
            // It decays from the send on, so the highest rate is at the later of the two.
            Intensity::Send { at, .. } => {
                if to <= *at {
                    0.0
                } else {
                    self.at(from.max(*at))
                }
            }
        }
    }

    /// Expected arrivals from `from` to `to`.
    #[must_use]
    pub fn expected(&self, from: SimTime, to: SimTime) -> f64 {
        match self {
            Intensity::Steps(steps) => {
                let mut sum = 0.0;
                for (k, step) in steps.iter().enumerate() {
                    let end = steps.get(k + 1).map_or(to, |next| next.from.min(to));
                    let start = step.from.max(from);
                    if end > start {
                        sum += step.per_hour * end.since(start).hours();
                    }
                }
                sum
            }
            Intensity::Cycle { mean, swing, period } => {
                let turn = 2.0 * std::f64::consts::PI / period.hours();
                let (a, b) = (SimDuration(from.0).hours(), SimDuration(to.0).hours());
                mean * (b - a) + swing / turn * (libm::cos(turn * a) - libm::cos(turn * b))
            }
            Intensity::Send { at, orders, response } => {
                let (a, b) = (from.max(*at), to.max(*at));
                let answered = |t: SimTime| -> f64 {
                    response.iter().map(|part| part.answered(t.since(*at).hours())).sum::<f64>()
                };
                orders * (answered(b) - answered(a))
            }
        }
    }
}

impl Response {
    /// Share of all answers that have come `hours` after the send.
    #[must_use]
    pub fn answered(&self, hours: f64) -> f64 {
        self.share * (1.0 - libm::exp2(-hours / self.half_life.hours()))
    }

    /// Answers per hour, as a share of all, `hours` after the send.
    #[must_use]
    pub fn density(&self, hours: f64) -> f64 {
        let half_life = self.half_life.hours();
        self.share * std::f64::consts::LN_2 / half_life * libm::exp2(-hours / half_life)
    }
}
