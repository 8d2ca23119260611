//! Planned changes during the run.

use crate::scenario::file::moment::MomentValue;
use crate::scenario::names::Name;

crate::file_choice! {
    /// A new value.
    pub enum NewValue {
        /// A count or factor.
        number Number(f64),
        /// A quantity with its unit, or "all".
        text Text(String),
        /// Yes or no.
        boolean Flag(bool),
    }
}

crate::file_table! {
    /// A planned change.
    pub struct ChangeTable = "change" {
        /// What it is called in reports.
        optional name: Name, example "\"two more benches\"";
        /// When it takes effect.
        required at: MomentValue, example "2026-11-27T06:00:00";
        /// What changes.
        required what: String, example "\"pool.floor.extra_heads\"";
        /// To what.
        required to: NewValue, example "4";
    }
    later = ["until"];
}
