//! Pools of people and their shifts.

use crate::quantity::{Factor, Probability};
use crate::scenario::file::station::StepDownWord;
use crate::scenario::names::Name;
use crate::scenario::reader::{AtLeastOne, Count};
use crate::scenario::units::days::Days;
use crate::scenario::units::money::Money;
use crate::scenario::units::time::Clock;
use crate::scenario::units::{FromText, Positive};
use crate::time::SimDuration;

/// A break written as one text: `"12:00 30m"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortBreak {
    /// When it begins.
    pub at: Clock,
    /// How long it lasts.
    pub lasts: SimDuration,
}

impl FromText for ShortBreak {
    const NOUN: &'static str = "a break";
    const EXAMPLE: &'static str = "12:00 30m";
    const MORE: &'static [&'static str] = &["10:15 15m"];
    const PATTERN: &'static str = "^\\s*[0-9]{1,2}:[0-9]{2}\\s+.+$";

    fn parse(text: &str) -> Result<ShortBreak, String> {
        let (at, lasts) = text
            .trim()
            .split_once(char::is_whitespace)
            .ok_or("write the time at which it begins, a blank, and how long it lasts")?;
        Ok(ShortBreak { at: Clock::parse(at)?, lasts: SimDuration::parse(lasts)? })
    }
}

crate::file_table! {
    /// A break.
    pub struct BreakTable = "break" {
        /// When it begins.
        required at: Clock, example "\"12:00\"";
        /// How long it lasts.
        required lasts: SimDuration, example "\"30m\"";
    }
}

crate::file_choice! {
    /// A break.
    pub enum BreakValue {
        /// In one text.
        text Short(ShortBreak),
        /// In full.
        table Full(BreakTable),
    }
}

crate::file_table! {
    /// People who are there from one time of day to another.
    pub struct ShiftTable = "shift" {
        /// On which days; every day without it. Weekdays leave holidays out.
        optional days: Days;
        /// When it begins.
        required from: Clock, example "\"08:00\"";
        /// When it ends; a time not later than `from` is one of the next day.
        required to: Clock, example "\"16:30\"";
        /// How many people.
        required heads: Count, example "12";
        /// Breaks.
        list breaks: BreakValue, example "[\"12:00 30m\"]";
        /// Factor on the pay.
        optional overtime: Positive<Factor>, example "1.5";
        /// Factor on the speed of work: below 1 for people who are new.
        optional speed: Positive<Factor>, example "0.8";
        /// Chance that a person stays away for the whole shift; the pool's own without it.
        optional absent: Probability;
    }
}

crate::file_table! {
    /// People who share an order of work.
    pub struct PoolTable = "pool" {
        /// What it is called.
        required name: Name, example "\"floor\"";
        /// Who is there when.
        list shifts: ShiftTable;
        /// People who are always there, instead of `shifts`.
        optional heads: AtLeastOne;
        /// Pay per hour of presence.
        optional cost: Money;
        /// Chance that a person stays away for a whole shift.
        default absent: Probability = Probability::NEVER;
        /// What is taken up first; as the stations stand in the file without it.
        list order_of_work: Name, example "[\"pack\", \"pick\"]";
        /// What becomes of the work in hand when people go.
        default step_down: StepDownWord = StepDownWord::Finish;
    }
    later = ["learning", "no_shows"];
}
