//! Stations: queues in front of people, machines or connectors.

pub mod lane;
pub mod limits;
pub mod release;
pub mod work;

use std::collections::BTreeMap;

use crate::quantity::Probability;
use crate::scenario::file::moment::MomentValue;
use crate::scenario::file::route::NextValue;
use crate::scenario::file::sla::MilestoneWord;
use crate::scenario::names::Name;
use crate::scenario::reader::{AtLeastOne, Count, Spanned};
use crate::scenario::units::Positive;
use crate::scenario::units::rate::RateOf;
use crate::time::SimDuration;
use lane::LaneOrders;
use limits::{
    BatchTable, BreakdownTable, CartTable, OutageTable, OutageWord, PatienceValue, RateLimitValue, RetryTable,
    WhenFullValue,
};
use release::ReleaseValue;
use work::{SpreadTable, TakesValue};

crate::file_words! {
    /// The part of the operation a station belongs to.
    pub enum LayerWord = "layer" {
        /// Connectors and message queues.
        Integration = "integration",
        /// The floor.
        Warehouse = "warehouse",
        /// Desks for holds and exceptions.
        Exceptions = "exceptions",
        /// Agents who answer customers.
        Support = "support",
    }
    later = ["commerce", "reporting"];
}

crate::file_words! {
    /// What is one piece of work.
    pub enum UnitWord = "unit of work" {
        /// A whole order.
        Order = "order",
        /// Each line on its own; the order goes on when its last line is done.
        Line = "line",
    }
}

crate::file_words! {
    /// As many as are needed.
    pub enum UnlimitedWord = "word for servers" {
        /// Everything is started at once.
        Unlimited = "unlimited",
    }
}

crate::file_choice! {
    /// How many can be served at once.
    pub enum ServersValue {
        /// So many.
        number Fixed(AtLeastOne),
        /// As many as there are.
        text Unlimited(UnlimitedWord),
    }
}

crate::file_table! {
    /// From an instant on, so many servers.
    pub struct StaffingStep = "step of staffing" {
        /// The first instant.
        required at: MomentValue, example "\"8h\"";
        /// How many servers from then on.
        required servers: Count, example "6";
    }
}

crate::file_words! {
    /// What becomes of the work in hand when heads go.
    pub enum StepDownWord = "step-down policy" {
        /// Those who go leave at once; their work returns to the head of the queue and is resumed there.
        Return = "return",
        /// Those who go finish what they have in hand.
        Finish = "finish",
        /// Everybody finishes and goes, while a whole new crew starts at once.
        CrewChange = "crew change",
    }
}

crate::file_choice! {
    /// What the work needs beside people.
    pub enum EquipmentValue {
        /// So many of one kind.
        number Kind(AtLeastOne),
        /// By kind; each piece of work needs one of each.
        table Kinds(BTreeMap<String, Spanned<AtLeastOne>>),
    }
}

crate::file_words! {
    /// Who is next.
    pub enum DisciplineWord = "discipline" {
        /// Whoever came first.
        FirstInFirstOut = "first in first out",
        /// The source of the lowest `priority` number; work in hand is finished.
        Priority = "priority",
        /// The same, and a newcomer interrupts work of a lower class, which is resumed later.
        PreemptivePriority = "preemptive priority",
        /// The order that is due first, by the first SLA.
        EarliestDue = "earliest due",
    }
}

crate::file_table! {
    /// A lane of a station: some of its orders, at a rate and with equipment of their own.
    pub struct LaneTable = "lane" {
        /// Which orders.
        required orders: LaneOrders, example "\"single line\"";
        /// How long the work takes.
        optional takes: TakesValue, example "\"90s\"";
        /// How much is done in a time.
        optional rate: RateOf, example "\"55 orders/h\"";
        /// How much it varies around the rate; the station's own without it.
        optional spread: SpreadTable;
        /// Benches: work in hand at one time.
        optional benches: AtLeastOne;
        /// What the work needs beside people; the station's own without it.
        optional equipment: EquipmentValue, example "{ benches = 6 }";
    }
}

crate::file_table! {
    /// A queue in front of people, machines or connectors.
    pub struct StationTable = "station" {
        /// What it is called; no two stations, collections or desks share a name.
        required name: Name, example "\"pick\"";
        /// The part of the operation it belongs to.
        default layer: LayerWord = LayerWord::Warehouse;
        /// Who owns it.
        optional owner: String, example "\"operations lead\"";
        /// What is one piece of work.
        default unit: UnitWord = UnitWord::Order;
        /// How many of its own can be at work at once.
        optional servers: ServersValue, example "4";
        /// Its own servers by the clock, instead of `servers`.
        list staffing: StaffingStep;
        /// The steps of `staffing` begin anew after this time.
        optional staffing_repeats: Positive<SimDuration>, example "\"24h\"";
        /// The pool its people come from, instead of `servers`.
        optional pool: Name, example "\"floor\"";
        /// What becomes of the work in hand when its own servers go ("finish" without it).
        optional step_down: StepDownWord;
        /// What the work needs beside people.
        optional equipment: EquipmentValue, example "{ benches = 6, carts = 9 }";
        /// How long the work takes.
        optional takes: TakesValue, example "{ typical = \"2s\", one_in_ten_over = \"5s\" }";
        /// How much is done in a time, instead of `takes`.
        optional rate: RateOf;
        /// How much the time varies around the rate.
        optional spread: SpreadTable;
        /// Share of the attended time in which the rate is reached.
        optional usable: Probability, example "\"88.5%\"";
        /// How long the work takes for the items of some sources.
        optional takes_of: BTreeMap<String, Spanned<TakesValue>>, example "{ \"web shop\" = \"90s\" }";
        /// Orders that are worked apart, each lane a station of its own that shares the people.
        list lanes: LaneTable;
        /// When waiting items are let through to the queue; at once without it.
        optional release: ReleaseValue, example "{ poll = \"15m\", at_most = 250 }";
        /// Several orders in one tour, their work adding up.
        optional cart: CartTable;
        /// Several items worked as one.
        optional batch: BatchTable;
        /// Who is next.
        default discipline: DisciplineWord = DisciplineWord::FirstInFirstOut;
        /// Most items at the station, in service included.
        optional capacity: AtLeastOne;
        /// What becomes of an item that finds it full.
        optional when_full: WhenFullValue, example "\"turn away\"";
        /// A token bucket in front of the work.
        optional rate_limit: RateLimitValue, example "{ refill = \"20/s\", burst = 400 }";
        /// Attempts that fail.
        optional retry: RetryTable;
        /// How long an item waits before it gives up.
        optional patience: PatienceValue, example "{ typical = \"4m\", one_in_ten_over = \"15m\" }";
        /// Planned outages.
        list outages: OutageTable;
        /// What an outage does to the work in hand.
        default outage_policy: OutageWord = OutageWord::Pause;
        /// Random outages of single servers.
        optional breakdown: BreakdownTable;
        /// What an order has behind it once it has been served here, for SLA clocks that stop with that.
        list marks: MilestoneWord, example "[\"packed\"]";
        /// Where items go from here: a station, "collection" or "done", or a list of ways.
        required next: NextValue, example "\"pack\"";
        /// The name its random numbers go by; the station's own without it.
        optional draws_as: String, example "\"pick\"";
    }
    later = ["learning", "no_shows", "chase", "setup"];
}
