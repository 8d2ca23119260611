//! The days on which something recurs.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Calendar, Holidays, TimeWindow, WorkingDays};
use crate::time::SimTime;

/// Days of the week, dates, or both. A date that is named counts even when it is a holiday: who wrote it meant it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DaySet {
    weekly: Option<WorkingDays>,
    dates: BTreeSet<Date>,
    except: BTreeSet<Date>,
}

impl DaySet {
    /// The given dates only.
    #[must_use]
    pub fn of_dates(dates: impl IntoIterator<Item = Date>) -> DaySet {
        DaySet { dates: dates.into_iter().collect(), ..DaySet::default() }
    }

    /// These days and the given dates too.
    #[must_use]
    pub fn with_dates(mut self, dates: impl IntoIterator<Item = Date>) -> DaySet {
        self.dates.extend(dates);
        self
    }

    /// These days without the given dates, which win over dates that were named.
    #[must_use]
    pub fn without_dates(mut self, dates: impl IntoIterator<Item = Date>) -> DaySet {
        self.except.extend(dates);
        self
    }

    /// Whether `date` is one of them.
    #[must_use]
    pub fn contains(&self, date: Date, holidays: &Holidays) -> bool {
        if self.except.contains(&date) {
            return false;
        }
        self.dates.contains(&date) || self.weekly.is_some_and(|weekly| weekly.is_working(date, holidays))
    }

    /// The dates of the set whose windows may touch `from` <= t < `to`: from the eve of the first day on, because a
    /// window may cross midnight.
    pub(super) fn dates_around(&self, calendar: &Calendar, from: SimTime, to: SimTime) -> Vec<Date> {
        let eve = calendar.day(from).date.yesterday().unwrap_or(Date::MIN);
        let days = calendar.days(from, to).map(|day| day.date);
        std::iter::once(eve).chain(days).filter(|date| self.contains(*date, calendar.holidays())).collect()
    }
}

impl From<WorkingDays> for DaySet {
    fn from(weekly: WorkingDays) -> DaySet {
        DaySet { weekly: Some(weekly), ..DaySet::default() }
    }
}

impl Calendar {
    /// The windows that open on the given days and share an instant with `from` <= t < `to`, by their start; whole, but
    /// never from before the origin. Their ends follow the rules of [`Calendar::window`]. A window that crosses midnight
    /// belongs to the day on which it opens.
    #[must_use]
    pub fn windows(&self, days: &DaySet, window: TimeWindow, from: SimTime, to: SimTime) -> Vec<(SimTime, SimTime)> {
        let dates = days.dates_around(self, from, to);
        let windows = dates.into_iter().filter_map(|date| self.window(date, window));
        windows.filter(|(start, end)| *start < to && *end > from).collect()
    }
}
