//! A frontier with what was asked, as plain values: everything that a report tells of it.

use super::found::Frontier;
use crate::experiment::breach::{Criterion, Range};

/// Where each subject breaks in a plane of two levers.
#[derive(Clone, Debug)]
pub struct FrontierResult {
    /// Half-width asked for, relative to the load.
    pub precision: f64,
    /// What may break, and what it is held against.
    pub subjects: Vec<Criterion>,
    /// The lever along which each row is searched.
    pub load: Lever,
    /// How far.
    pub range: Range,
    /// The lever of the rows.
    pub across: Lever,
    /// Its values.
    pub rows: Vec<f64>,
    /// What was found.
    pub found: Frontier,
}

/// A lever of the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Lever {
    /// Path of the number in the scenario.
    pub path: String,
    /// Unit of its values, as it stands behind them; empty for plain numbers.
    pub unit: String,
    /// Its value as planned; `None` where several numbers differ, or there is none.
    pub planned: Option<f64>,
}

impl FrontierResult {
    /// Whether runs reached a limit, or it was stopped before it was done.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.found.limited || self.found.cut_short
    }
}
