//! What was found of each lever.

use crate::experiment::results::Verdict;
use crate::experiment::whatif::Effect;
use crate::statistics::estimate::Estimate;
use crate::time::SimTime;

/// A lever, and what it would do.
#[derive(Clone, Debug)]
pub struct LeverResult {
    /// Its name.
    pub name: String,
    /// What it does, in words.
    pub what: String,
    /// The heads it adds, if it adds any.
    pub heads: Option<u32>,
    /// The first start at which it does anything.
    pub earliest: SimTime,
    /// The last one.
    pub last: SimTime,
    /// When it must be decided to act at the first.
    pub earliest_decision: Option<SimTime>,
    /// What it costs when pulled at the earliest.
    pub cost: Option<Price>,
    /// What it does to each SLA.
    pub slas: Vec<LeverSla>,
}

/// What a lever costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// How much, in whole units of the currency.
    pub amount: f64,
    /// Of which currency.
    pub currency: String,
}

/// A lever and an SLA.
#[derive(Clone, Debug)]
pub struct LeverSla {
    /// What the lever does to it when pulled at the earliest.
    pub effect: Effect,
    /// Due orders in a run with the lever less those without it: what a pause or a cap gives away.
    pub due_change: Estimate,
    /// What the SLA is judged by, at the earliest: attainment of the worst window, or share of runs with a breach.
    pub shown: Option<Estimate>,
    /// Whether it is kept then.
    pub keeps: Verdict,
    /// What that means for the decision.
    pub state: LeverState,
    /// The latest start that surely keeps it; `None` where none does, or none is needed.
    pub latest_start: Option<SimTime>,
    /// When that must be decided; `None` also before the first instant of the run.
    pub decide_by: Option<SimTime>,
    /// What it costs then.
    pub cost: Option<Price>,
    /// The first start from which on it is surely breached.
    pub lost_from: Option<SimTime>,
    /// Whether no later start is surely better than an earlier one, as far as was looked.
    pub monotone: bool,
    /// The fewest heads that keep it at the earliest start; `None` where none do, or the lever adds none.
    pub fewest_heads: Option<u32>,
    /// As many heads were tried at most.
    pub most_heads: Option<u32>,
    /// The first start from which on not even so many heads keep it.
    pub hopeless_from: Option<SimTime>,
    /// Its days, where it is judged day by day (or by other windows, several of them, that do not overlap).
    pub days: Option<LeverDays>,
}

/// What a lever does for the windows of an SLA, each by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct LeverDays {
    /// How many windows are judged and not surely kept without the lever.
    pub open: usize,
    /// Those of them that are surely kept with the lever at the earliest, in order.
    pub saved: Vec<LeverDay>,
}

/// A window that a lever saves.
#[derive(Clone, Debug, PartialEq)]
pub struct LeverDay {
    /// Its first instant.
    pub from: SimTime,
    /// Its end.
    pub to: SimTime,
    /// The latest start that surely saves it.
    pub latest_start: SimTime,
    /// When that must be decided; `None` before the first instant of the run.
    pub decide_by: Option<SimTime>,
    /// What it costs then.
    pub cost: Option<Price>,
    /// The first start from which on not even [`LeverSla::most_heads`] heads save it.
    pub hopeless_from: Option<SimTime>,
    /// Whether no later start is surely better for it than an earlier one, as far as was looked.
    pub monotone: bool,
}

/// What a lever means for an SLA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeverState {
    /// The SLA is kept without it.
    NotNeeded,
    /// It keeps the SLA if started by the latest start.
    StartBy,
    /// It keeps the SLA whenever it starts.
    AnyStart,
    /// No start keeps the SLA.
    NeverEnough,
    /// Too few runs to tell whether any start keeps it.
    Inconclusive,
    /// Nothing is judged, or a run reached a limit.
    Unknown,
}

impl LeverState {
    /// Its name in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            LeverState::NotNeeded => "not needed",
            LeverState::StartBy => "start by",
            LeverState::AnyStart => "any start",
            LeverState::NeverEnough => "never enough",
            LeverState::Inconclusive => "inconclusive",
            LeverState::Unknown => "unknown",
        }
    }
}
