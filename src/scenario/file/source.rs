//! The `source` tables.

use crate::scenario::names::Name;

crate::file_table! {
    /// A source.
    pub struct SourceTable = "source" {
        /// What it is called.
        required name: Name, example "\"web shop\"";
    }
}
