//! People: who is there when, and what they take up first.

use super::StationId;
use crate::time::SimTime;

/// People (or servers) who share an order of work.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Its name in the scenario; the servers of one station go by the station's name.
    pub name: String,
    /// Whether it is declared as a pool; `false` for the own servers of one station.
    pub shared: bool,
    /// Who is there when.
    pub roster: Roster,
    /// What happens to the work in hand when heads go.
    pub step_down: StepDown,
    /// Its stations, first taken up first.
    pub order_of_work: Vec<StationId>,
    /// Pay per hour of presence; `None` when not stated.
    pub cost_per_hour: Option<f64>,
}

/// Who is there when.
#[derive(Clone, Debug)]
pub enum Roster {
    /// Heads by the clock, ascending; nobody before the first step.
    Steps(Vec<StaffStep>),
    /// Shifts of people who may be absent: each (shift day, person) is drawn.
    Shifts {
        /// Every shift of the horizon, ascending by start.
        spans: Vec<ShiftSpan>,
        /// Name of the stream that absence is drawn from.
        stream: String,
    },
}

/// From `from` on, this many heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffStep {
    /// First instant.
    pub from: SimTime,
    /// Heads present.
    pub heads: u32,
}

/// One stretch of presence of a group of people: a shift, or the part of it between two breaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShiftSpan {
    /// First instant.
    pub from: SimTime,
    /// End.
    pub to: SimTime,
    /// Heads rostered.
    pub heads: u32,
    /// Chance that a person stays away for the whole shift, 0 to 1.
    pub absent: f64,
    /// Identity of the shift day: spans around a break share it, so that who is absent is absent all day.
    pub shift_day: u64,
    /// Factor on the pay: 1 ordinary time, more for overtime.
    pub pay: f64,
    /// Factor on the speed of work: below 1 for people who are still learning.
    pub speed: f64,
}

/// What happens to the work in hand when heads go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepDown {
    /// Idle people go first; surplus busy ones leave at once and their work returns to the head of the queue, to be
    /// resumed where it stopped.
    Return,
    /// Idle people go first; surplus busy ones finish what they have in hand.
    Finish,
    /// Everybody who is busy finishes and goes, while a whole new crew starts at once.
    CrewChange,
}

impl Roster {
    /// A constant number of heads for the whole run.
    #[must_use]
    pub fn constant(heads: u32) -> Roster {
        Roster::Steps(vec![StaffStep { from: SimTime::ZERO, heads }])
    }

    /// The most heads ever rostered at one time.
    #[must_use]
    pub fn most(&self) -> u32 {
        match self {
            Roster::Steps(steps) => steps.iter().map(|step| step.heads).max().unwrap_or(0),
            Roster::Shifts { spans, .. } => spans
                .iter()
                .map(|span| spans.iter().filter(|o| o.from <= span.from && span.from < o.to).map(|o| o.heads).sum())
                .max()
                .unwrap_or(0),
        }
    }
}
