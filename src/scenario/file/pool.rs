//! Pools of people and their shifts.

use crate::scenario::names::Name;

crate::file_table! {
    /// People who share an order of work.
    pub struct PoolTable = "pool" {
        /// What it is called.
        required name: Name, example "\"floor\"";
    }
}
