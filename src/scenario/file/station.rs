//! Stations.

use crate::scenario::names::Name;

crate::file_table! {
    /// A queue in front of resources.
    pub struct StationTable = "station" {
        /// What it is called.
        required name: Name, example "\"pick\"";
    }
}
