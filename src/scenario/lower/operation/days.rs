//! Days of the file as days of a calendar.

use crate::calendar::{ClockTime, DaySet, WorkingDays};
use crate::scenario::units::days::{DayPattern, Days, WEEKDAYS};
use crate::scenario::units::time::Clock;

/// The days written as `days`: weekdays without holidays, every day with them, and dates whatever they are.
pub(super) fn day_set(days: Option<&Days>) -> DaySet {
    let Some(days) = days else { return DaySet::from(WorkingDays::DAILY) };
    let mut weekly: Vec<&str> = Vec::new();
    let mut dates = Vec::new();
    for pattern in days.patterns() {
        match pattern.value {
            DayPattern::On(date) => dates.push(date),
            DayPattern::Weekly(some) => {
                weekly.extend(WEEKDAYS.iter().filter(|(_, day)| some.contains(*day)).map(|(name, _)| *name));
            }
        }
    }
    if weekly.is_empty() {
        return DaySet::of_dates(dates);
    }
    let all = WEEKDAYS.iter().all(|(name, _)| weekly.contains(name));
    let working = if all {
        WorkingDays::DAILY
    } else {
        weekly.join(",").parse().expect("names of weekdays with commas between them")
    };
    DaySet::from(working).with_dates(dates)
}

/// The time of day as a calendar knows it.
pub(super) fn clock_time(clock: Clock) -> ClockTime {
    let second = clock.seconds_of_day();
    ClockTime::new(second / 3600, second / 60 % 60, second % 60).expect("both end at 24:00")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::calendar::Holidays;
    use crate::scenario::document::Document;

    crate::file_table! {
        /// A file with days in it.
        struct Sample = "sample" {
            /// The days.
            required days: Days;
        }
    }

    fn contains(days: &str, day: jiff::civil::Date) -> bool {
        let document = Document::parse("x.toml", format!("days = {days}").as_bytes(), &[]).unwrap();
        let (sample, _) = document.read::<Sample>().unwrap();
        day_set(Some(&sample.days.value)).contains(day, &Holidays::named("england-and-wales").unwrap())
    }

    #[test]
    fn weekdays_leave_holidays_out_and_dates_do_not() {
        let (christmas, monday, saturday) = (date(2026, 12, 25), date(2026, 11, 30), date(2026, 11, 28));
        assert!(contains("\"mon-fri\"", monday) && !contains("\"mon-fri\"", saturday));
        assert!(!contains("\"mon-fri\"", christmas));
        assert!(contains("\"every day\"", christmas) && contains("[2026-12-25]", christmas));
        assert!(contains("[\"mon-fri\", 2026-12-25]", christmas));
        assert!(!contains("[2026-12-25]", monday));
        assert!(day_set(None).contains(christmas, &Holidays::none()));
    }
}
