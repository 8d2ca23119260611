//! The `sla` tables.

use crate::scenario::names::Name;

crate::file_table! {
    /// A sla.
    pub struct SlaTable = "sla" {
        /// What it is called.
        required name: Name, example "\"web shop\"";
    }
}
