//! What an observer is told of the visits to stations.

use crate::time::SimTime;

/// Watches every visit as it ends; for `--orders` and for tests.
pub trait VisitObserver {
    /// Whether it wants to be told.
    const WATCHES: bool;
    /// A visit has ended.
    fn visit(&mut self, row: VisitRow);
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct NobodyWatches;

impl VisitObserver for NobodyWatches {
    const WATCHES: bool = false;
    fn visit(&mut self, _: VisitRow) {}
}

/// One visit of one item to one station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitRow {
    /// Identity of the item: the same in every variant of the scenario in which it exists.
    pub item: u64,
    /// Index of its source.
    pub source: u16,
    /// Rank of arrival at its source, from 1.
    pub rank: u32,
    /// Number of the line within its order; 0 for whole orders.
    pub line: u16,
    /// Index of the station.
    pub station: u16,
    /// Which visit to the station, from 1.
    pub visit: u16,
    /// Which attempt, from 1.
    pub attempt: u8,
    /// When it came.
    pub arrived: SimTime,
    /// When its service first started; `None` when it never did.
    pub started: Option<SimTime>,
    /// When it left.
    pub ended: SimTime,
    /// How the visit ended.
    pub outcome: Outcome,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Served.
    Served,
    /// Served in vain: the attempt failed.
    Failed,
    /// Gave up waiting.
    Abandoned,
    /// Turned away.
    TurnedAway,
    /// Still there at the end of the run.
    OpenAtEnd,
}

impl Outcome {
    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Served => "served",
            Outcome::Failed => "failed",
            Outcome::Abandoned => "abandoned",
            Outcome::TurnedAway => "turned away",
            Outcome::OpenAtEnd => "open at end",
        }
    }
}
