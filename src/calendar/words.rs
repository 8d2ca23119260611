//! How dates and times are written in reports: English, the same on every machine.

use std::fmt::Write as _;

use jiff::civil::{Date, Weekday};

use super::Calendar;
use crate::time::SimTime;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "Monday" to "Sunday".
#[must_use]
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// "January" to "December", the month of `date`.
#[must_use]
pub fn month_name(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

/// "Mon 30 Nov".
#[must_use]
pub fn short_date(date: Date) -> String {
    format!("{} {} {}", &weekday_name(date.weekday())[..3], date.day(), &month_name(date)[..3])
}

/// "Friday 27 November".
#[must_use]
pub fn long_date(date: Date) -> String {
    format!("{} {} {}", weekday_name(date.weekday()), date.day(), month_name(date))
}

/// "2026-11-27".
#[must_use]
pub fn iso_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

impl Calendar {
    /// "Mon 30 Nov 14:00", cut to the minute.
    #[must_use]
    pub fn short(&self, time: SimTime) -> String {
        let local = self.local(time);
        format!("{} {:02}:{:02}", short_date(local.date()), local.hour(), local.minute())
    }

    /// "Friday 27 November, 16:40", cut to the minute.
    #[must_use]
    pub fn long(&self, time: SimTime) -> String {
        let local = self.local(time);
        format!("{}, {:02}:{:02}", long_date(local.date()), local.hour(), local.minute())
    }

    /// Like [`Calendar::short`], but a midnight is the end of the day before: "Fri 27 Nov 24:00". So a promise that
    /// falls due at the end of Friday does not read as Saturday's.
    #[must_use]
    pub fn short_deadline(&self, time: SimTime) -> String {
        let start = self.start_of_day(self.date(time));
        match self.date(time).yesterday() {
            Ok(eve) if start == time => format!("{} 24:00", short_date(eve)),
            _ => self.short(time),
        }
    }

    /// "2026-11-27T16:40:00+00:00": the local time with its offset, cut to the second.
    #[must_use]
    pub fn iso(&self, time: SimTime) -> String {
        let local = self.local(time);
        let offset = self.offset(time).seconds();
        let (sign, ahead) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
        let mut text =
            format!("{}T{:02}:{:02}:{:02}", iso_date(local.date()), local.hour(), local.minute(), local.second());
        write!(text, "{sign}{:02}:{:02}", ahead / 3600, ahead / 60 % 60).expect("writing to a String");
        text
    }
}
