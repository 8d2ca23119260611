//! What is simulated and what is judged.

use crate::time::SimTime;
use jiff::civil::Date;

/// What kind of question the run answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HorizonKind {
    /// A stretch of calendar: lead-in, judged days, then ordinary trading until the judged orders have ended.
    Calendar,
    /// From the stated start; what arrives in the span is counted, and followed to its end while arrivals go on.
    Steady,
    /// From the stated start to a fixed end; arrivals stop there. `drain` follows what is open to its end.
    Span {
        /// Whether orders open at the end of the span are worked off.
        drain: bool,
    },
}

/// The three instants of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// What kind of question the run answers.
    pub kind: HorizonKind,
    /// Counting starts here: before it lie the lead-in or the warm-up.
    pub from: SimTime,
    /// Counting ends here: visits that begin, and promises that fall due, in `[from, until)` are counted.
    pub until: SimTime,
    /// The run ends here at the latest, whatever is still open.
    pub end: SimTime,
}

/// One local day of the horizon, 23 to 25 hours long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: Date,
    /// Its first instant.
    pub start: SimTime,
    /// The first instant of the next day.
    pub end: SimTime,
    /// Whether its promises are judged.
    pub judged: bool,
}

/// What a run may use before it is stopped with what is known so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events of one replication.
    pub events: u64,
    /// Orders, contacts and other work in progress at one time.
    pub in_flight: u32,
    /// Orders one replication is expected to create: above it the scenario is refused before any work.
    pub orders: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { events: 20_000_000_000, in_flight: 50_000_000, orders: 200_000_000 }
    }
}
