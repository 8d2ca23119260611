//! Carriers' collections.

use crate::quantity::Probability;
use crate::scenario::file::station::release::ClockOrSpan;
use crate::scenario::names::Name;
use crate::scenario::reader::{AtLeastOne, OneOrMany, Spanned};
use crate::scenario::units::days::Days;
use crate::time::SimDuration;

crate::file_table! {
    /// A carrier's collection: what stands ready is taken along, and an order that is taken is dispatched.
    pub struct CollectionTable = "collection" {
        /// Who collects; no two stations, collections or desks share a name.
        required carrier: Name, example "\"Royal Mail\"";
        /// Share of the orders sent to "collection" that go with it; the shares add up to 100%.
        optional serves: Probability, example "\"60%\"";
        /// On which days; every day without it. Weekdays leave holidays out.
        optional days: Days, example "\"mon-sat\"";
        /// At which times.
        required at: OneOrMany<Spanned<ClockOrSpan>>, example "\"16:15\"";
        /// Cages (or pallets) it takes each time; all there are without it.
        optional cages: AtLeastOne;
        /// Parcels in a cage; one order is one parcel.
        optional parcels_per_cage: AtLeastOne, example "80";
        /// An order must have been ready this long before.
        default ready_before: SimDuration = SimDuration::ZERO;
        /// Who owns it.
        optional owner: String, example "\"dispatch lead\"";
    }
    later = ["cost", "no_show", "weight"];
}
