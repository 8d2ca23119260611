//! The cases as they are written down: plain data of models, and the exact values of their quantities.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// The whole file.
#[derive(Deserialize)]
pub(crate) struct Cases {
    pub(crate) case: Vec<Case>,
}

/// One model and what is known exactly of it.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) model: Model,
    pub(crate) quantities: Vec<Quantity>,
    pub(crate) sim: Sim,
}

/// A model; times and rates are in its own unit of time.
#[derive(Deserialize)]
pub(crate) struct Model {
    pub(crate) time_unit: String,
    pub(crate) sources: Vec<Source>,
    pub(crate) stations: Vec<Station>,
    #[serde(default)]
    pub(crate) routing: Vec<Routing>,
    #[serde(default)]
    pub(crate) initial_in_system: u32,
    pub(crate) sla: Option<Sla>,
    pub(crate) variant: Option<Other>,
}

#[derive(Deserialize)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) to: String,
    pub(crate) rate: Option<f64>,
    #[serde(default)]
    pub(crate) rate_segments: Vec<Segment>,
    pub(crate) rate_formula: Option<String>,
    pub(crate) interarrival: Option<Times>,
    #[serde(default)]
    pub(crate) arrivals: Vec<f64>,
    #[serde(default)]
    pub(crate) priorities: Vec<u8>,
    pub(crate) priority: Option<u8>,
    pub(crate) service: Option<Times>,
    #[serde(default)]
    pub(crate) lines_per_order: Vec<Lines>,
    pub(crate) day_multiplier: Option<Times>,
}

#[derive(Deserialize)]
pub(crate) struct Segment {
    pub(crate) start: f64,
    pub(crate) rate: f64,
}

#[derive(Deserialize)]
pub(crate) struct Lines {
    pub(crate) n: u32,
    pub(crate) prob: f64,
}

/// A distribution of times (or, for a day's multiplier, of factors).
#[derive(Deserialize)]
#[serde(tag = "dist", rename_all = "snake_case")]
pub(crate) enum Times {
    Exponential { mean: f64 },
    Constant { value: f64 },
    Lognormal { mean: f64, scv: f64 },
    Gamma { mean: f64, shape: f64 },
    Erlang { k: u32, mean: f64 },
    Hyperexponential { p: Vec<f64>, mean: Vec<f64> },
    Uniform { min: f64, max: f64 },
    Trace { values: Vec<f64> },
    Discrete { values: Vec<f64>, probs: Vec<f64> },
}

#[derive(Deserialize)]
pub(crate) struct Station {
    pub(crate) name: String,
    pub(crate) servers: Servers,
    pub(crate) service: Service,
    #[serde(default)]
    pub(crate) staffing: Vec<Staffing>,
    pub(crate) staffing_period: Option<f64>,
    pub(crate) staffing_policy: Option<String>,
    pub(crate) discipline: Option<String>,
    pub(crate) capacity_in_station: Option<u32>,
    pub(crate) when_full: Option<String>,
    pub(crate) patience: Option<Times>,
    pub(crate) breakdown: Option<Breakdown>,
    pub(crate) unit: Option<String>,
    pub(crate) batch: Option<Batch>,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) failure_prob: Option<f64>,
    pub(crate) retry: Option<Retry>,
    pub(crate) departures: Option<Departures>,
    #[serde(default)]
    pub(crate) outages: Vec<Outage>,
}

/// A number of servers, or the word "infinite".
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Servers {
    Number(u32),
    Infinite(IgnoredAny),
}

/// Times of service, or the words "per class".
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Service {
    Times(Times),
    PerClass(IgnoredAny),
}

#[derive(Deserialize)]
pub(crate) struct Staffing {
    pub(crate) at: f64,
    pub(crate) servers: u32,
}

#[derive(Deserialize)]
pub(crate) struct Breakdown {
    pub(crate) up: Times,
    pub(crate) down: Times,
}

/// Fewest and most items, or a size and the longest time to wait for it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Batch {
    Between { min: u32, max: u32 },
    Former { size: u32, timeout_from_first: f64 },
}

#[derive(Deserialize)]
pub(crate) struct RateLimit {
    pub(crate) rate: f64,
    pub(crate) burst: u32,
    pub(crate) excess: String,
}

#[derive(Deserialize)]
pub(crate) struct Retry {
    pub(crate) max_attempts: Option<u32>,
    pub(crate) backoff: Backoff,
    pub(crate) backoff_dist: Option<String>,
    pub(crate) persist_prob: Option<f64>,
}

/// Times after each failure, or a distribution of the time between two attempts.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Backoff {
    Listed(Vec<f64>),
    Times(Times),
}

#[derive(Deserialize)]
pub(crate) struct Departures {
    pub(crate) every: f64,
    pub(crate) capacity: Capacity,
    pub(crate) first_at: Option<f64>,
}

/// A number of places, or the word "unlimited".
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Capacity {
    Number(u32),
    Unlimited(IgnoredAny),
}

#[derive(Deserialize)]
pub(crate) struct Outage {
    pub(crate) start: f64,
    pub(crate) end: f64,
}

#[derive(Deserialize)]
pub(crate) struct Routing {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) prob: Chance,
}

/// A number, or the letter of a swept one.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Chance {
    Number(f64),
    Swept(IgnoredAny),
}

#[derive(Deserialize)]
pub(crate) struct Sla {
    pub(crate) kind: Option<String>,
    pub(crate) at: Option<f64>,
    pub(crate) metric: Option<String>,
    pub(crate) t: Option<f64>,
    pub(crate) target: Option<f64>,
}

/// The other side of a comparison.
#[derive(Deserialize)]
pub(crate) struct Other {
    pub(crate) servers: u32,
}

/// A quantity with its exact value.
#[derive(Deserialize)]
pub(crate) struct Quantity {
    pub(crate) metric: String,
    pub(crate) value: f64,
    pub(crate) station: Option<String>,
    pub(crate) class: Option<String>,
    pub(crate) over: Option<String>,
    pub(crate) t: Option<f64>,
    pub(crate) p: Option<f64>,
    pub(crate) k: Option<u32>,
    pub(crate) order: Option<u32>,
    pub(crate) multiplier: Option<f64>,
    pub(crate) given_multiplier: Option<f64>,
    pub(crate) p_rework: Option<f64>,
    #[serde(default)]
    pub(crate) exact: bool,
}

/// How long to run.
#[derive(Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub(crate) enum Sim {
    Steady { replications: u32, warmup_time: f64, measured_time: f64 },
    Terminating { replications: u32, horizon: Horizon },
}

/// A length of time, or the words "until empty".
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Horizon {
    Length(f64),
    UntilEmpty(IgnoredAny),
}

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let text = include_str!("../../fixtures/validity/cases.json");
    serde_json::from_str::<Cases>(text).expect("the fixture holds cases").case
}
