//! When waiting items are let through: polls, waves, counts.

use crate::scenario::reader::{AtLeastOne, OneOrMany, Spanned};
use crate::scenario::units::days::Days;
use crate::scenario::units::time::Clock;
use crate::scenario::units::{FromText, Positive};
use crate::time::SimDuration;

/// A time of day or, where the run has no dates, a time since its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockOrSpan {
    /// A time of day.
    Clock(Clock),
    /// So long after the start.
    After(SimDuration),
}

impl FromText for ClockOrSpan {
    const NOUN: &'static str = "a time of day (or, where the run has no dates, a time since its start)";
    const EXAMPLE: &'static str = "07:00";
    const MORE: &'static [&'static str] = &["16:15", "5h"];
    const PATTERN: &'static str = "^\\s*([0-9]{1,2}:[0-9]{2}(:[0-9]{2})?|([0-9]+(\\.[0-9]+)?\\s*[a-z]+\\s*)+)$";

    fn parse(text: &str) -> Result<ClockOrSpan, String> {
        if text.contains(':') {
            return Clock::parse(text).map(ClockOrSpan::Clock);
        }
        SimDuration::parse(text).map(ClockOrSpan::After)
    }
}

crate::file_table! {
    /// Asks for work every so often, day and night.
    pub struct PollTable = "poll" {
        /// How often.
        required poll: Positive<SimDuration>, example "\"15m\"";
        /// The first time, after the start of the run; one period after it when left out.
        optional first: SimDuration, example "\"5m\"";
        /// Most items let through each time.
        optional at_most: AtLeastOne;
        /// An item must have been ready this long before.
        default ready_before: SimDuration = SimDuration::ZERO;
    }
}

crate::file_table! {
    /// Waves at equal distances.
    pub struct WavesTable = "wave plan" {
        /// Time between two waves.
        required every: Positive<SimDuration>, example "\"60m\"";
        /// The first wave of a day; without it waves go on day and night.
        optional from: Clock, example "\"07:00\"";
        /// No wave later than this.
        optional to: Clock, example "\"16:00\"";
        /// On which days; every day without it. Weekdays leave holidays out.
        optional days: Days;
        /// The first wave, after the start of the run, where no `from` is given; one period after it when left out.
        optional first: SimDuration, example "\"2h\"";
        /// Most items let through each time.
        optional at_most: AtLeastOne;
        /// An item must have been ready this long before.
        default ready_before: SimDuration = SimDuration::ZERO;
    }
}

crate::file_table! {
    /// Waves at given times.
    pub struct TimesTable = "list of wave times" {
        /// The times.
        required at: OneOrMany<Spanned<ClockOrSpan>>, example "[\"07:00\", \"11:00\"]";
        /// On which days; every day without it. Weekdays leave holidays out.
        optional days: Days;
        /// Most items let through each time.
        optional at_most: AtLeastOne;
        /// An item must have been ready this long before.
        default ready_before: SimDuration = SimDuration::ZERO;
    }
}

crate::file_table! {
    /// Waves as soon as enough items wait.
    pub struct GatheredTable = "wave by count" {
        /// So many items open the gate.
        required count: AtLeastOne, example "100";
        /// So long after the first of them it opens all the same.
        optional after: Positive<SimDuration>, example "\"30m\"";
    }
}

crate::file_choice! {
    /// When waiting items are let through.
    pub enum ReleaseValue {
        /// By asking for work.
        table "poll" Poll(PollTable),
        /// At equal distances.
        table "every" Waves(WavesTable),
        /// At given times.
        table "at" Times(TimesTable),
        /// When enough items wait.
        table "count" Gathered(GatheredTable),
    }
}
