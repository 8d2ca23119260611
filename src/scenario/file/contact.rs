//! Contacts and other work that follows from orders.

use crate::scenario::names::Name;

crate::file_table! {
    /// Customers' messages that follow from what happens to their orders.
    pub struct ContactTable = "contact" {
        /// What it is called.
        required name: Name, example "\"where is my order\"";
    }
}

crate::file_table! {
    /// Work that follows dispatched orders.
    pub struct FollowUpTable = "follow-up" {
        /// What it is called.
        required name: Name, example "\"returns\"";
    }
}
