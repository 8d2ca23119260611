//! How long the work at a station takes.

use crate::quantity::Factor;
use crate::scenario::file::distribution::{DurationValue, ShapeWord};
use crate::time::SimDuration;

crate::file_table! {
    /// How much a time varies around its mean.
    pub struct SpreadTable = "spread" {
        /// Coefficient of variation: standard deviation ÷ mean.
        required cv: Factor, example "0.4";
        /// The form of the distribution.
        default shape: ShapeWord = ShapeWord::LogNormal;
    }
}

crate::file_table! {
    /// Work that depends on what the order holds.
    pub struct ContentTable = "work by content" {
        /// Time that every order takes.
        required fixed: SimDuration, example "\"30s\"";
        /// Time for each line.
        default per_line: SimDuration = SimDuration::ZERO;
        /// Time for each unit.
        default per_unit: SimDuration = SimDuration::ZERO;
    }
}

crate::file_table! {
    /// Recorded times, one an order in order of arrival.
    pub struct InOrderTable = "list of recorded times" {
        /// The times.
        list in_order: SimDuration, example "[\"2m\", \"5m\", \"1m\"]";
    }
}

crate::file_choice! {
    /// How long the work takes.
    pub enum TakesValue {
        /// Always the same.
        text Always(DurationValue),
        /// By what the order holds; `spread` varies it.
        table "fixed" Content(ContentTable),
        /// As recorded, in order of arrival.
        table "in_order" InOrder(InOrderTable),
        /// It varies.
        table Varies(DurationValue),
    }
}
