//! Holds, exceptions, and the desks that work on them.

use std::collections::BTreeMap;

use crate::quantity::{Factor, Probability};
use crate::scenario::file::pool::BreakValue;
use crate::scenario::file::station::work::TakesValue;
use crate::scenario::file::station::{DisciplineWord, LayerWord, StepDownWord};
use crate::scenario::names::Name;
use crate::scenario::reader::{AtLeastOne, Spanned};
use crate::scenario::units::days::Days;
use crate::scenario::units::money::Money;
use crate::scenario::units::share::Chance;
use crate::scenario::units::time::Clock;

crate::file_table! {
    /// When a desk is staffed.
    pub struct WorksTable = "working time" {
        /// On which days; every day without it. Weekdays leave holidays out.
        optional days: Days;
        /// When it begins.
        required from: Clock, example "\"09:00\"";
        /// When it ends; a time not later than `from` is one of the next day.
        required to: Clock, example "\"17:00\"";
        /// Breaks.
        list breaks: BreakValue, example "[\"12:30 30m\"]";
        /// How many people, when not all of the desk's.
        optional people: AtLeastOne;
    }
}

crate::file_table! {
    /// Where holds and exceptions are worked on.
    pub struct DeskTable = "desk" {
        /// What it is called; no two stations, collections or desks share a name.
        required name: Name, example "\"risk desk\"";
        /// Who owns it.
        optional owner: String, example "\"payments lead\"";
        /// Whether it stands among the exceptions or with support.
        default layer: LayerWord = LayerWord::Exceptions;
        /// How many people, where it has its own (one without it).
        optional people: AtLeastOne;
        /// When they are there; always without it.
        list works: WorksTable;
        /// The pool its people come from, instead of `people`.
        optional pool: Name, example "\"floor\"";
        /// How long a case takes, where the hold or exception does not say.
        optional takes: TakesValue, example "{ typical = \"6m\", one_in_ten_over = \"18m\" }";
        /// Which case is next.
        default discipline: DisciplineWord = DisciplineWord::FirstInFirstOut;
        /// Chance that a person stays away for a whole day.
        default absent: Probability = Probability::NEVER;
        /// Pay per hour of presence.
        optional cost: Money;
        /// What becomes of the case in hand when people go ("finish" without it).
        optional step_down: StepDownWord;
    }
    later = ["escalate", "response", "on_call"];
}

crate::file_table! {
    /// The order goes on, and a parcel of its own follows.
    pub struct SplitTable = "split" {
        /// The station from which the second parcel starts.
        required split_off: Name, example "\"pick\"";
    }
}

crate::file_table! {
    /// The order has ended; the same goods are sent once more.
    pub struct ReshipTable = "re-shipment" {
        /// The station from which they start.
        required re_ship: Name, example "\"pick\"";
    }
}

crate::file_choice! {
    /// What becomes of an order when its hold or exception is over.
    pub enum EndValue {
        /// "goes on" (or "release"), "cancel", "split off", "re-ship", or the station at which it enters.
        text Word(Name),
        /// It goes on, and a second parcel follows.
        table "split_off" Split(SplitTable),
        /// It is sent once more.
        table "re_ship" Reship(ReshipTable),
    }
}

crate::file_table! {
    /// One way in which a hold or exception ends.
    pub struct EndTable = "end" {
        /// How often.
        required share: Probability, example "\"82%\"";
        /// What becomes of the order.
        required then: EndValue, example "\"goes on\"";
    }
}

crate::file_choice! {
    /// How a hold or exception ends; the shares add up to 100%.
    pub enum EndsValue {
        /// Word or station, and how often.
        table Shares(BTreeMap<String, Spanned<Probability>>),
        /// In full.
        list Full(Vec<EndTable>),
    }
}

crate::file_words! {
    /// What a hold does to SLA clocks that are running.
    pub enum SlaClockWord = "word for the SLA clock" {
        /// They run on.
        Runs = "runs",
        /// They stand still while it lasts.
        Paused = "paused",
        /// They start anew when it is over.
        StartsAtRelease = "starts at release",
    }
}

crate::file_table! {
    /// What keeps a share of the orders from being released.
    pub struct HoldTable = "hold" {
        /// What it is called; no two holds or exceptions share a name.
        required name: Name, example "\"fraud review\"";
        /// Share of the orders.
        required share: Probability, example "\"2%\"";
        /// Only orders of these sources; all orders without it.
        list sources: Name, example "[\"web shop\"]";
        /// The desk that works on it.
        required owner: Name, example "\"risk desk\"";
        /// How long a case takes; the desk's own time without it.
        optional takes: TakesValue, example "{ typical = \"6m\", one_in_ten_over = \"18m\" }";
        /// How it ends; all orders go on without it.
        optional ends: EndsValue, example "{ release = \"82%\", cancel = \"18%\" }";
        /// What it does to SLA clocks that are running.
        default sla_clock: SlaClockWord = SlaClockWord::Runs;
        /// Factor on the share by hour of the day: 24 numbers.
        list by_hour: Factor;
        /// The name its random numbers go by; its own without it.
        optional draws_as: String, example "\"fraud review\"";
    }
    later = ["intercept", "edit_window"];
}

crate::file_table! {
    /// A kind of exception.
    pub struct ExceptionTable = "exception class" {
        /// What it is called; no two holds or exceptions share a name.
        required name: Name, example "\"short pick\"";
        /// The station after which it strikes.
        required at: Name, example "\"pick\"";
        /// How often, for each order or each line.
        required chance: Chance, example "\"0.8% per line\"";
        /// Factor on the chance by hour of the day: 24 numbers.
        list by_hour: Factor;
        /// The desk that works on it.
        required owner: Name, example "\"stock desk\"";
        /// How long a case takes; the desk's own time without it.
        optional takes: TakesValue, example "{ typical = \"25m\", one_in_ten_over = \"70m\" }";
        /// What becomes of the order when it is over.
        optional then: EndValue, example "\"pick\"";
        /// The same, where there are several ways.
        optional ends: EndsValue, example "{ pick = \"90%\", cancel = \"10%\" }";
        /// What it does to SLA clocks that are running.
        default sla_clock: SlaClockWord = SlaClockWord::Runs;
        /// The name its random numbers go by; its own without it.
        optional draws_as: String, example "\"short pick\"";
    }
    later = ["detected", "silent", "triage", "misrouted", "by_load", "hand_offs", "escalate"];
}

crate::file_table! {
    /// What goes wrong.
    pub struct ExceptionsTable = "table of exceptions" in parts {
        /// Injects more (or fewer) of all exceptions.
        default factor: Factor = Factor::ONE;
        /// The kinds of exception.
        list class: ExceptionTable;
    }
}
