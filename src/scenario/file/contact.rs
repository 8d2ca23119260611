//! Contacts and other work that follows from orders.

use crate::quantity::{Factor, Probability};
use crate::scenario::file::distribution::DurationValue;
use crate::scenario::file::station::work::TakesValue;
use crate::scenario::names::Name;
use crate::scenario::reader::{AtLeastOne, Whole};
use crate::scenario::units::Positive;
use crate::time::SimDuration;

crate::file_table! {
    /// The customer of a late order writes sooner or later.
    pub struct LatenessTable = "contact from lateness" {
        /// The SLA whose promise is late.
        required late: Name, example "\"dispatched as promised\"";
        /// Hazard per day late: 0.12 is about 11 % of those still silent, each day.
        required per_day: Positive<Factor>, example "0.12";
    }
}

crate::file_table! {
    /// The customer of an order that is not dispatched after so long writes sooner or later.
    pub struct SilenceTable = "contact from silence" {
        /// Nobody writes before the order is so old.
        required silent_for: SimDuration, example "\"3d\"";
        /// Hazard per day from then on, until it is dispatched.
        required per_day: Positive<Factor>, example "0.12";
    }
}

crate::file_table! {
    /// A plain share of the orders brings a message.
    pub struct BaselineTable = "baseline of contacts" {
        /// How many.
        required share: Probability, example "\"5.5%\"";
        /// How long after the order; at once without it.
        optional after: DurationValue, example "{ typical = \"1d\", one_in_ten_over = \"3d\" }";
    }
}

crate::file_table! {
    /// Orders that are dispatched late bring a message.
    pub struct LateDispatchTable = "contact from late dispatch" {
        /// Dispatched later than this after the order.
        required dispatched_later_than: SimDuration, example "\"4h\"";
        /// With this chance.
        required chance: Probability, example "\"20%\"";
    }
}

crate::file_table! {
    /// Orders with a hold or an exception bring a message.
    pub struct StruckTable = "contact from an exception" {
        /// The hold or exception.
        required struck_by: Name, example "\"short pick\"";
        /// With this chance.
        required chance: Probability, example "\"30%\"";
    }
}

crate::file_choice! {
    /// Why customers write.
    pub enum CauseValue {
        /// Their order is late.
        table "late" Late(LatenessTable),
        /// They have heard nothing of it.
        table "silent_for" Silent(SilenceTable),
        /// Whatever happens.
        table "share" Baseline(BaselineTable),
        /// Their order was dispatched late.
        table "dispatched_later_than" LateDispatch(LateDispatchTable),
        /// Something went wrong with it.
        table "struck_by" Struck(StruckTable),
    }
}

crate::file_table! {
    /// Customers' messages that follow from what happens to their orders.
    pub struct ContactTable = "contact" {
        /// What it is called.
        required name: Name, example "\"where is my order\"";
        /// Why they write.
        required cause: CauseValue, example "{ late = \"dispatched as promised\", per_day = 0.12 }";
        /// Where the message goes: a station or desk.
        required to: Name, example "\"support\"";
        /// How long an answer takes.
        required takes: TakesValue, example "{ typical = \"5m\", one_in_ten_over = \"12m\" }";
        /// Share of the answers that settle the matter; otherwise the customer writes again.
        default settled: Probability = Probability::ALWAYS;
        /// How long until an unsettled customer writes again.
        optional writes_again_after: DurationValue, example "{ typical = \"8h\", one_in_ten_over = \"30h\" }";
        /// Messages of one customer about one matter.
        default at_most: AtLeastOne = AtLeastOne::of(5);
    }
    later = ["channel", "notice", "look_up", "patience"];
}

crate::file_table! {
    /// Work that follows dispatched orders.
    pub struct FollowUpTable = "follow-up" {
        /// What it is called.
        required name: Name, example "\"returns\"";
        /// Share of the dispatched orders that bring it.
        required share: Probability, example "\"20%\"";
        /// How long after dispatch.
        required after: DurationValue, example "{ typical = \"9d\", one_in_ten_over = \"20d\" }";
        /// Where it goes: a station or desk.
        required to: Name, example "\"returns\"";
        /// Its class at priority stations: the lower goes first.
        default priority: Whole<0, 255> = Whole::of(0);
    }
}
