//! Levers: what could still be decided, what it costs, and how long beforehand it must be known.

use super::moment::MomentValue;
use super::pool::BreakValue;
use super::station::release::ClockOrSpan;
use crate::quantity::{Factor, Probability};
use crate::scenario::names::Name;
use crate::scenario::reader::{AtLeastOne, OneOrMany, Spanned};
use crate::scenario::units::Positive;
use crate::scenario::units::days::Days;
use crate::scenario::units::money::Money;
use crate::scenario::units::rate::RateOf;
use crate::scenario::units::time::{Clock, Term};
use crate::time::SimDuration;

crate::file_table! {
    /// More people in a pool.
    pub struct HeadsTable = "lever of heads" {
        /// The pool they join.
        required pool: Name, example "\"floor\"";
        /// How many.
        required add: AtLeastOne, example "6";
        /// When they come, to a shift of their own; without it they are there whenever somebody of the pool is rostered.
        optional from: Clock, example "\"18:00\"";
        /// When they go; a time not later than `from` is one of the next day.
        optional to: Clock, example "\"22:00\"";
        /// On which days; every day without it. Weekdays leave holidays out.
        optional days: Days;
        /// Breaks of a shift of their own.
        list breaks: BreakValue, example "[\"20:00 15m\"]";
        /// Factor on their speed of work: below 1 for people who are new.
        optional speed: Positive<Factor>, example "0.8";
        /// Chance that one of them stays away for a whole shift; the pool's own without it.
        optional absent: Probability;
    }
    later = ["overtime", "learning"];
}

crate::file_table! {
    /// Further releases of a station that has releases at clock times.
    pub struct ReleaseTable = "lever of releases" {
        /// The station.
        required release: Name, example "\"pick\"";
        /// At which times.
        required at: OneOrMany<Spanned<ClockOrSpan>>, example "\"16:30\"";
        /// On which days; every day without it. Weekdays leave holidays out.
        optional days: Days;
    }
    later = ["at_most"];
}

crate::file_table! {
    /// Further collections by a carrier, of as many cages as its others.
    pub struct CollectTable = "lever of collections" {
        /// The carrier.
        required collection: Name, example "\"Royal Mail\"";
        /// At which times.
        required at: OneOrMany<Spanned<ClockOrSpan>>, example "\"19:30\"";
        /// On which days; every day without it. Weekdays leave holidays out.
        optional days: Days;
    }
    later = ["cages"];
}

crate::file_table! {
    /// Another cut-off of an SLA, from the beginning of a day on.
    pub struct CutOffTable = "lever of a cut-off" {
        /// Orders before this time are due the same working day, others the next.
        required cut_off: Clock, example "\"12:00\"";
        /// The SLA.
        required sla: Name, example "\"dispatched as promised\"";
    }
}

crate::file_table! {
    /// A cap on a source: what is planned above this rate in a quarter of an hour is not sold. Chance still varies what is.
    pub struct AtMostTable = "order cap" {
        /// Planned orders, campaigns and mailings included.
        required at_most: RateOf, example "\"120 orders/h\"";
        /// The source.
        required source: Name, example "\"web shop\"";
    }
}

crate::file_table! {
    /// A source that takes no orders, or a mailing that is not sent.
    pub struct PauseTable = "pause" {
        /// The source, or the campaign that is a mailing.
        required pause: Name, example "\"web shop\"";
    }
}

crate::file_choice! {
    /// What a lever does.
    pub enum ActionValue {
        /// It adds people.
        table "add" Heads(HeadsTable),
        /// It adds releases.
        table "release" Release(ReleaseTable),
        /// It adds collections.
        table "collection" Collect(CollectTable),
        /// It moves a cut-off.
        table "cut_off" CutOff(CutOffTable),
        /// It caps the orders of a source.
        table "at_most" AtMost(AtMostTable),
        /// It stops a source or a mailing.
        table "pause" Pause(PauseTable),
    }
}

crate::file_table! {
    /// Something that could still be decided. Declared, it changes nothing: `peaksim run --with decisions` finds what it
    /// would do, and until when it can wait.
    pub struct LeverTable = "lever" {
        /// What it is called.
        required name: Name, example "\"six more packers\"";
        /// What it does.
        required action as "do": ActionValue, example "{ pool = \"floor\", add = 6 }";
        /// The first instant at which it can act.
        required from: MomentValue, example "2026-11-25T08:00:00";
        /// The instant at which it ends; the end of the judged time without it.
        optional until: MomentValue, example "2026-12-05T18:30:00";
        /// What it costs: for each hour (and head) in which it acts, or once.
        optional cost: Money;
        /// How long before it acts it must be decided. So many working days are whole ones, Monday to Friday: the decision
        /// falls at 17:00 on the working day before them.
        default notice: Term = Term::Elapsed(SimDuration::ZERO), example "\"2 working days\"";
    }
    later = ["when", "owner", "at_most"];
}
