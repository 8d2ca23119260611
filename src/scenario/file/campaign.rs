//! The `campaign` tables.

use crate::scenario::names::Name;

crate::file_table! {
    /// A campaign.
    pub struct CampaignTable = "campaign" {
        /// What it is called.
        required name: Name, example "\"web shop\"";
    }
}
