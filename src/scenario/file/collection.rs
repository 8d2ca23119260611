//! Carriers' collections.

use crate::scenario::names::Name;

crate::file_table! {
    /// A carrier's collection.
    pub struct CollectionTable = "collection" {
        /// Who collects.
        required carrier: Name, example "\"Royal Mail\"";
    }
}
