//! Which days are worked: days of the week, with or without holidays.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};

use super::days::tomorrow;
use super::{Holidays, weekday_name};

/// At least one day of the week, and whether a holiday that falls on one of them is worked too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkingDays {
    /// Monday to Sunday.
    weekdays: [bool; 7],
    holidays_worked: bool,
}

/// Why a text names no days of the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkingDaysError {
    /// It names no day at all.
    Empty,
    /// This part of it is neither a day nor a range of days.
    UnknownDay(String),
}

impl WorkingDays {
    /// Every day, holidays too.
    pub const DAILY: WorkingDays = WorkingDays { weekdays: [true; 7], holidays_worked: true };
    /// Monday to Friday, without holidays.
    pub const MONDAY_TO_FRIDAY: WorkingDays =
        WorkingDays { weekdays: [true, true, true, true, true, false, false], holidays_worked: false };

    /// The same days of the week, holidays worked or not.
    #[must_use]
    pub fn with_holidays_worked(self, holidays_worked: bool) -> WorkingDays {
        WorkingDays { holidays_worked, ..self }
    }

    /// Whether a holiday on one of these days of the week is worked.
    #[must_use]
    pub fn holidays_worked(self) -> bool {
        self.holidays_worked
    }

    /// Whether this day of the week is among them.
    #[must_use]
    pub fn has(self, weekday: Weekday) -> bool {
        self.weekdays[index(weekday)]
    }

    /// Whether `date` is worked.
    #[must_use]
    pub fn is_working(self, date: Date, holidays: &Holidays) -> bool {
        self.has(date.weekday()) && (self.holidays_worked || !holidays.contains(date))
    }

    /// `date` when it is worked, otherwise the next date that is.
    #[must_use]
    pub fn first_on_or_after(self, date: Date, holidays: &Holidays) -> Date {
        let mut day = date;
        while !self.is_working(day, holidays) && day < Date::MAX {
            day = tomorrow(day);
        }
        day
    }

    /// The first working day later than `date`.
    #[must_use]
    pub fn next_working_day(self, date: Date, holidays: &Holidays) -> Date {
        self.first_on_or_after(tomorrow(date), holidays)
    }

    /// The `count`-th working day later than `date`, so that Saturday plus one is Monday; with `count` = 0 the first
    /// working day on or after `date`. Ends at the last date there is, in the year 9999.
    #[must_use]
    pub fn add_working_days(self, date: Date, count: u32, holidays: &Holidays) -> Date {
        if count == 0 {
            return self.first_on_or_after(date, holidays);
        }
        let mut day = date;
        for _ in 0..count {
            if day == Date::MAX {
                break;
            }
            day = self.next_working_day(day, holidays);
        }
        day
    }

    /// The `count`-th working day earlier than `date`, so that Monday minus one is Friday; with `count` = 0 `date` itself.
    /// Ends at the first date there is.
    #[must_use]
    pub fn working_days_before(self, date: Date, count: u32, holidays: &Holidays) -> Date {
        let mut day = date;
        for _ in 0..count {
            loop {
                let Ok(eve) = day.yesterday() else { return day };
                day = eve;
                if self.is_working(day, holidays) {
                    break;
                }
            }
        }
        day
    }
}

impl FromStr for WorkingDays {
    type Err = WorkingDaysError;

    /// Reads `mon-fri`, `sat-mon` (over the week's end), `mon,wed,fri`, `mon-wed, sat`, with the days' names in full or
    /// cut after three letters or more. Holidays are not worked unless the text says so: `mon-sat, holidays`. `daily`,
    /// or `every day`, is with holidays.
    fn from_str(text: &str) -> Result<WorkingDays, WorkingDaysError> {
        let mut days = WorkingDays { weekdays: [false; 7], holidays_worked: false };
        let lower = text.to_lowercase();
        for part in lower.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let unknown = |word: &str| WorkingDaysError::UnknownDay(word.to_owned());
            match (part, part.split_once('-')) {
                ("daily" | "every day", _) => days = WorkingDays::DAILY,
                ("holidays", _) => days.holidays_worked = true,
                (_, Some((first, last))) => {
                    let first = weekday(first).ok_or_else(|| unknown(part))?;
                    let last = weekday(last).ok_or_else(|| unknown(part))?;
                    for ahead in 0..=last.since(first) {
                        days.weekdays[index(first.wrapping_add(ahead))] = true;
                    }
                }
                (_, None) => days.weekdays[index(weekday(part).ok_or_else(|| unknown(part))?)] = true,
            }
        }
        if days.weekdays == [false; 7] { Err(WorkingDaysError::Empty) } else { Ok(days) }
    }
}

fn index(weekday: Weekday) -> usize {
    usize::from(weekday.to_monday_zero_offset().unsigned_abs())
}

/// The day of the week that a lower-case word of three letters or more begins.
fn weekday(word: &str) -> Option<Weekday> {
    let word = word.trim();
    let begins = |day: &Weekday| word.len() >= 3 && weekday_name(*day).to_lowercase().starts_with(word);
    Weekday::Monday.cycle_forward().take(7).find(begins)
}

impl fmt::Display for WorkingDays {
    /// Runs of days as in `mon-fri` and `fri-mon, wed`, then `holidays` when they are worked; reads back to the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == WorkingDays::DAILY {
            return f.write_str("daily");
        }
        let short = |weekday: Weekday| weekday_name(weekday)[..3].to_lowercase();
        let mut separator = "";
        if self.weekdays == [true; 7] {
            f.write_str("mon-sun")?;
            separator = ", ";
        } else {
            // Each run starts at a day whose eve is not among them.
            for first in
                Weekday::Monday.cycle_forward().take(7).filter(|day| self.has(*day) && !self.has(day.previous()))
            {
                let run = first.cycle_forward().take_while(|day| self.has(*day));
                let last = run.last().unwrap_or(first);
                write!(f, "{separator}{}", short(first))?;
                if last != first {
                    write!(f, "-{}", short(last))?;
                }
                separator = ", ";
            }
        }
        if self.holidays_worked { write!(f, "{separator}holidays") } else { Ok(()) }
    }
}

impl fmt::Display for WorkingDaysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkingDaysError::Empty => f.write_str("no day of the week is named")?,
            WorkingDaysError::UnknownDay(part) => write!(f, "\"{part}\" is no day of the week")?,
        }
        f.write_str(": write \"mon-fri\", \"sat-mon\", \"mon,wed,fri\", \"mon-sat, holidays\" or \"daily\"")
    }
}

impl std::error::Error for WorkingDaysError {}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn days(text: &str) -> WorkingDays {
        text.parse().unwrap()
    }

    fn england() -> Holidays {
        Holidays::named("england-and-wales").unwrap()
    }

    #[test]
    fn days_are_read_and_written() {
        for (text, written) in [
            ("mon-fri", "mon-fri"),
            ("Monday - Saturday", "mon-sat"),
            ("mon,wed,fri", "mon, wed, fri"),
            ("sat-mon", "sat-mon"),
            ("thurs, tues", "tue, thu"),
            ("sun-sun", "sun"),
            ("tue-mon", "mon-sun"),
            ("mon-fri, holidays", "mon-fri, holidays"),
            ("daily", "daily"),
            ("mon-sun,holidays", "daily"),
        ] {
            assert_eq!(days(text).to_string(), written);
        }
        for (text, message) in [
            ("", "no day of the week is named"),
            (" , ", "no day of the week is named"),
            ("holidays", "no day of the week is named"),
            ("mo-fr", "\"mo-fr\" is no day"),
            ("mon-", "\"mon-\" is no day"),
            ("mon-wed-fri", "\"mon-wed-fri\" is no day"),
            ("mon, day", "\"day\" is no day"),
            ("mondays", "\"mondays\" is no day"),
        ] {
            let error = text.parse::<WorkingDays>().unwrap_err().to_string();
            assert!(error.starts_with(message) && error.contains("mon-fri"), "{text}: {error}");
        }
    }

    #[test]
    fn holidays_are_worked_only_when_named() {
        let boxing_day = date(2028, 12, 26);
        assert!(!days("mon-sat").is_working(boxing_day, &england()));
        assert!(days("mon-sat, holidays").is_working(boxing_day, &england()));
        assert!(days("daily").is_working(boxing_day, &england()));
        assert!(!days("mon, holidays").is_working(boxing_day, &england()), "it is a Tuesday");
    }

    #[test]
    fn working_days_are_counted_over_easter() {
        let (week, holidays) = (WorkingDays::MONDAY_TO_FRIDAY, england());
        let maundy_thursday = date(2026, 4, 2);
        assert_eq!(week.next_working_day(maundy_thursday, &holidays), date(2026, 4, 7));
        assert_eq!(week.add_working_days(maundy_thursday, 0, &holidays), maundy_thursday);
        assert_eq!(week.add_working_days(maundy_thursday, 3, &holidays), date(2026, 4, 9));
        let saturday = date(2026, 4, 4);
        assert_eq!(week.add_working_days(saturday, 0, &holidays), date(2026, 4, 7));
        assert_eq!(week.add_working_days(saturday, 1, &holidays), date(2026, 4, 7));
        assert_eq!(week.add_working_days(Date::MAX, 3, &holidays), Date::MAX);
        let after_easter = date(2026, 4, 7);
        assert_eq!(week.working_days_before(after_easter, 0, &holidays), after_easter);
        assert_eq!(week.working_days_before(after_easter, 1, &holidays), maundy_thursday);
        assert_eq!(week.working_days_before(after_easter, 3, &holidays), date(2026, 3, 31));
        assert_eq!(week.working_days_before(Date::MIN, 3, &holidays), Date::MIN);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        #[test]
        fn what_is_written_reads_back(weekdays: [bool; 7], holidays_worked: bool) {
            prop_assume!(weekdays != [false; 7]);
            let set = WorkingDays { weekdays, holidays_worked };
            prop_assert_eq!(set.to_string().parse(), Ok(set));
        }
    }
}
