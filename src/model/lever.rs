//! What could still be decided: levers, which are no part of the plan.

use super::{PoolId, ShiftSpan, SlaId, SourceId, StationId};
use crate::calendar::{Calendar, ClockTime, DueTable, WorkingDays};
use crate::time::{SimDuration, SimTime};

/// Something that could still be decided.
#[derive(Clone, Debug)]
pub struct Lever {
    /// Its name in the scenario.
    pub name: String,
    /// What it does.
    pub action: LeverAction,
    /// The same in words: "6 more heads in 'floor', 18:00 to 22:00".
    pub words: String,
    /// The first instant at which it can act.
    pub from: SimTime,
    /// When it ends.
    pub until: SimTime,
    /// What it costs; `None` when not stated.
    pub cost: Option<LeverCost>,
    /// How long before it acts it must be decided.
    pub notice: Notice,
}

/// What a lever does from its start to its end.
#[derive(Clone, Debug)]
pub enum LeverAction {
    /// More heads in a pool.
    Heads {
        /// The pool.
        pool: PoolId,
        /// How many.
        heads: u32,
        /// When they are there, ascending, within the time of the lever; the heads stand in each span.
        presence: Vec<ShiftSpan>,
    },
    /// Further releases, or collections, at these instants.
    Releases {
        /// The stations: the lanes of one, or a carrier.
        stations: Vec<StationId>,
        /// The instants, ascending, within the time of the lever.
        at: Vec<SimTime>,
    },
    /// Another cut-off, from the beginning of a day on.
    CutOff {
        /// The SLA.
        sla: SlaId,
        /// Its due instants with the other cut-off, over the whole run.
        due: DueTable,
    },
    /// Planned orders of a source and its mailings are capped.
    AtMost {
        /// The source and its mailings.
        sources: Vec<SourceId>,
        /// Planned orders per hour.
        per_hour: f64,
    },
    /// A source and its mailings bring nothing.
    Pause(Vec<SourceId>),
    /// A mailing is not sent.
    Unsent {
        /// The source of its orders.
        source: SourceId,
        /// When it would be sent.
        at: SimTime,
    },
}

/// What a lever costs.
#[derive(Clone, Debug, PartialEq)]
pub struct LeverCost {
    /// How much, in whole units of the currency.
    pub amount: f64,
    /// Of which currency.
    pub currency: String,
    /// Whether for each hour, and head, in which it acts; otherwise once.
    pub hourly: bool,
}

/// How long beforehand something must be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// By the clock.
    Elapsed(SimDuration),
    /// So many whole working days, Monday to Friday without holidays, lie between the decision and the day of the start.
    WorkingDays(u32),
}

/// The clock time by which is decided what needs working days.
fn close_of_business() -> ClockTime {
    ClockTime::new(17, 0, 0).expect("a time of day")
}

impl Notice {
    /// When it must be decided what is to act at `start`: for working days at 17:00 on the last working day before them.
    /// `None` before the first instant of the run, and for working days without a calendar.
    #[must_use]
    pub fn decide_by(self, calendar: Option<&Calendar>, start: SimTime) -> Option<SimTime> {
        match self {
            Notice::Elapsed(span) => start.0.checked_sub(span.0).map(SimTime),
            Notice::WorkingDays(0) => Some(start),
            Notice::WorkingDays(days) => {
                let calendar = calendar?;
                let week = WorkingDays::MONDAY_TO_FRIDAY;
                let day = week.working_days_before(calendar.date(start), days + 1, calendar.holidays());
                calendar.at_or_after(close_of_business().on(day)).ok()
            }
        }
    }
}

impl Lever {
    /// The heads it adds, if it adds any.
    #[must_use]
    pub fn heads(&self) -> Option<u32> {
        if let LeverAction::Heads { heads, .. } = self.action { Some(heads) } else { None }
    }

    /// Hours in which it acts when started at `start`, those of each head counted; of heads who may be absent the expected
    /// ones.
    #[must_use]
    pub fn hours(&self, start: SimTime, heads: u32) -> f64 {
        match &self.action {
            LeverAction::Heads { presence, .. } => presence
                .iter()
                .map(|span| {
                    let hours = span.to.saturating_since(span.from.max(start)).hours();
                    hours * f64::from(heads) * (1.0 - span.absent)
                })
                .sum(),
            _ => self.until.saturating_since(start).hours(),
        }
    }

    /// What it costs when started at `start`.
    #[must_use]
    pub fn cost(&self, start: SimTime, heads: u32) -> Option<f64> {
        let cost = self.cost.as_ref()?;
        Some(if cost.hourly { cost.amount * self.hours(start, heads) } else { cost.amount })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Holidays;
    use jiff::civil::{Date, date};

    fn calendar(first: Date) -> Calendar {
        Calendar::new("Europe/London", first, Holidays::named("england-and-wales").unwrap()).unwrap()
    }

    #[test]
    fn working_days_of_notice_lie_whole_between_the_decision_and_the_day_of_the_start() {
        let calendar = calendar(date(2026, 11, 20));
        let by = |days, start: jiff::civil::DateTime| {
            let by = Notice::WorkingDays(days).decide_by(Some(&calendar), calendar.at(start).unwrap());
            by.map(|at| calendar.short(at))
        };
        let monday = date(2026, 11, 30).at(8, 0, 0, 0);
        assert_eq!(by(2, monday).unwrap(), "Wed 25 Nov 17:00");
        assert_eq!(by(1, monday).unwrap(), "Thu 26 Nov 17:00");
        assert_eq!(by(1, date(2026, 11, 28).at(8, 0, 0, 0)).unwrap(), "Thu 26 Nov 17:00");
        assert_eq!(by(0, monday).unwrap(), "Mon 30 Nov 08:00");
        assert_eq!(by(20, monday), None);
    }

    #[test]
    fn holidays_are_no_working_days() {
        // Good Friday is 3 April, Easter Monday the 6th.
        let calendar = calendar(date(2026, 3, 20));
        let start = calendar.at(date(2026, 4, 8).at(6, 0, 0, 0)).unwrap();
        let by = Notice::WorkingDays(2).decide_by(Some(&calendar), start).unwrap();
        assert_eq!(calendar.short(by), "Wed 1 Apr 17:00");
    }

    #[test]
    fn a_notice_by_the_clock_is_taken_off() {
        let start = SimTime::ZERO + SimDuration::from_hours(5);
        let by = Notice::Elapsed(SimDuration::from_hours(4)).decide_by(None, start);
        assert_eq!(by, Some(SimTime::ZERO + SimDuration::from_hours(1)));
        assert_eq!(Notice::Elapsed(SimDuration::from_hours(6)).decide_by(None, start), None);
        assert_eq!(Notice::WorkingDays(1).decide_by(None, start), None);
    }
}
