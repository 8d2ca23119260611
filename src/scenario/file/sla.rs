//! Service level agreements.

use super::distribution::DurationValue;
use super::moment::MomentValue;
use crate::quantity::Probability;
use crate::scenario::names::Name;
use crate::scenario::reader::Whole;
use crate::scenario::units::share::Percent;
use crate::scenario::units::time::{Clock, Term};

crate::file_words! {
    /// When an SLA's clock starts.
    pub enum StartsWord = "start of the clock" {
        /// When the order is paid; here the same as created.
        Paid = "paid",
        /// When the order is placed.
        Created = "created",
        /// When its last hold is cleared; placed, without one.
        HoldCleared = "hold cleared",
    }
}

crate::file_words! {
    /// What an order has behind it once a station has served it.
    pub enum MilestoneWord = "milestone" {
        /// It has its shipping label.
        Label = "label",
        /// It is packed.
        Packed = "packed",
        /// It stands on the carrier's manifest.
        Manifest = "manifest",
        /// The shop shows it as fulfilled.
        MarkedFulfilled = "marked fulfilled",
    }
}

crate::file_words! {
    /// When an SLA's clock stops.
    pub enum StopsWord = "end of the clock" {
        /// When the carrier collects the order.
        Collected = "collected",
        /// When the order leaves its route: the collection, where there is one.
        Dispatched = "dispatched",
        /// When it gets its label, at the station with marks = ["label"].
        Label = "label",
        /// When it is packed, at the station with marks = ["packed"].
        Packed = "packed",
        /// When it is put on the manifest, at the station with marks = ["manifest"].
        Manifest = "manifest",
        /// When the carrier first scans it: so long after the collection as `delay` says.
        CarrierScan = "carrier scan",
        /// When the shop shows it as fulfilled: at the station with marks = ["marked fulfilled"], or so long after the
        /// order is dispatched as `delay` says.
        MarkedFulfilled = "marked fulfilled",
    }
    later = ["delivered"];
}

crate::file_table! {
    /// A clock that starts at a station.
    pub struct ReachesTable = "start at a station" {
        /// When the order reaches this station.
        required reaches: Name, example "\"pick\"";
    }
}

crate::file_table! {
    /// A clock that stops at a station.
    pub struct ServedTable = "end at a station" {
        /// When the order has been served at this station (in any of its lanes).
        required served: Name, example "\"pack\"";
    }
}

crate::file_choice! {
    /// When an SLA's clock starts.
    pub enum StartsValue {
        /// By a word.
        text Word(StartsWord),
        /// At a station.
        table "reaches" Reaches(ReachesTable),
    }
}

crate::file_choice! {
    /// When an SLA's clock stops.
    pub enum StopsValue {
        /// By a word.
        text Word(StopsWord),
        /// At a station.
        table "served" Served(ServedTable),
    }
}

crate::file_table! {
    /// When the clock starts and stops, and when an order is due by cut-off and calendar.
    pub struct ClockTable = "SLA clock" {
        /// When the clock starts.
        default starts: StartsValue = StartsValue::Word(StartsWord::Paid), example "\"paid\"";
        /// When the clock stops.
        default stops: StopsValue = StopsValue::Word(StopsWord::Dispatched), example "\"collected\"";
        /// How long after that the clock takes notice: the carrier's first scan, a status that is pushed later. Drawn
        /// for each order.
        optional delay: DurationValue, example "{ typical = \"2h\", one_in_ten_over = \"6h\" }";
        /// Orders before this time are due the same working day, others the next.
        optional cut_off: Clock, example "\"14:00\"";
        /// The working days.
        optional calendar: String, example "\"mon-sat\"";
        /// The time of the due day at which an order is due.
        default due: Clock = Clock::END_OF_DAY, example "\"24:00\"";
        /// Working days more.
        default extra_days: Whole<0, 60> = Whole::of(0);
    }
}

crate::file_words! {
    /// How orders are put together for judging.
    pub enum WindowWord = "window" {
        /// By the day.
        Day = "1d",
        /// In stretches of seven days from the first judged day.
        Week = "7d",
        /// Each judged day with the six before it, as far as those are judged too.
        RollingWeek = "rolling 7d",
        /// Each judged day with the 29 before it, as far as those are judged too.
        RollingMonth = "rolling 30d",
        /// All together.
        Whole = "whole",
    }
    later = ["30d"];
}

crate::file_words! {
    /// The day an order counts on.
    pub enum CountedOnWord = "day of counting" {
        /// The day on which it is due.
        DueDay = "due day",
        /// The day on which it is placed.
        OrderDay = "order day",
        /// The day on which its clock stops; what is still open does not count.
        ShipDay = "ship day",
    }
}

crate::file_words! {
    /// What is counted.
    pub enum CountedUnitWord = "unit of an SLA" {
        /// Each order once.
        Order = "order",
        /// Each parcel; an order is one parcel.
        Parcel = "parcel",
        /// Each line of an order.
        Line = "line",
    }
}

crate::file_table! {
    /// Orders that an SLA does not count.
    pub struct ExcludesTable = "table of excluded orders" {
        /// Those of these sources.
        list sources: Name, example "[\"wholesale\"]";
        /// Those that were struck by one of these holds or exceptions before the clock stopped.
        list struck_by: Name, example "[\"fraud review\", \"short pick\"]";
    }
}

crate::file_words! {
    /// The functional that decides.
    pub enum JudgeWord = "way of judging" {
        /// Expected late orders over expected due orders.
        Pooled = "pooled",
        /// Share of runs with a breached window.
        Runs = "runs",
    }
}

crate::file_table! {
    /// A promise, a target, and the rule by which it is judged.
    pub struct SlaTable = "sla" {
        /// What it is called.
        required name: Name, example "\"dispatched as promised\"";
        /// Its clock.
        optional clock: ClockTable, example "{ starts = \"paid\", stops = \"collected\", cut_off = \"14:00\", calendar = \"mon-sat\" }";
        /// Instead of a cut-off: so long after the clock starts.
        optional within: Term, example "\"4h\"";
        /// Instead of a cut-off: by this instant, whenever the clock starts.
        optional by: MomentValue, example "2026-11-27T16:00:00";
        /// Share of the orders that must be in time.
        required target: Probability, example "\"98%\"";
        /// What is counted: orders, or their lines.
        default unit: CountedUnitWord = CountedUnitWord::Order;
        /// How orders are put together for judging; by the day where the run has dates, else all together.
        optional window: WindowWord, example "\"1d\"";
        /// The day an order counts on.
        default counted_on: CountedOnWord = CountedOnWord::DueDay;
        /// Windows with fewer orders (or lines) are shown, not judged.
        default min_orders: Whole<0, 1_000_000_000> = Whole::of(20);
        /// What decides: late orders over all runs together, or the share of runs with a breached window.
        default judge: JudgeWord = JudgeWord::Pooled;
        /// With judge = "runs": the highest share of runs with a breached window; 10% without it.
        optional risk: Probability, example "\"10%\"";
        /// The sources whose orders it covers; without them all.
        list sources: Name, example "[\"web shop\"]";
        /// Orders that it does not count.
        optional excludes: ExcludesTable, example "{ struck_by = [\"fraud review\"] }";
        /// Windows in which more orders come in than this share of the forecast are shown, not judged. The forecast is
        /// the plan of the file with its campaigns, without uplift and busyness.
        optional suspended_above: Percent, example "\"120%\"";
    }
}
