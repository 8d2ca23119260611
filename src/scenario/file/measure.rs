//! Numbers asked for beside the standard ones.

use crate::scenario::names::Name;

crate::file_table! {
    /// A number to add to the results.
    pub struct MeasureTable = "measure" {
        /// What it is called.
        required name: Name, example "\"queue at ten\"";
        /// Its metric path.
        required path: String, example "\"station.pick.queue.at(2026-11-27T10:00)\"";
    }
}
