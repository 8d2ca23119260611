//! Planned changes during the run.

use crate::scenario::names::Name;

crate::file_table! {
    /// A planned change.
    pub struct ChangeTable = "change" {
        /// What it is called.
        required name: Name, example "\"two more benches\"";
    }
}
