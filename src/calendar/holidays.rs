//! Public holidays, computed by the rules that set them, with substitute days.

use std::collections::BTreeSet;
use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Holidays: a named set computed by rule, dates added to it and dates taken out of it.
///
/// Where a holiday falls on a weekend and another day is off instead, both are holidays: nobody collects parcels on
/// Christmas Day, even when it is a Saturday.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Holidays {
    region: Region,
    added: BTreeSet<Date>,
    removed: BTreeSet<Date>,
}

/// One holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// Its date.
    pub date: Date,
    /// Its name, in English.
    pub name: &'static str,
    /// Whether it stands in for one that falls on a weekend.
    pub substitute: bool,
}

/// No set of holidays has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownHolidays(pub String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
enum Region {
    #[default]
    None,
    EnglandAndWales,
    Scotland,
    UnitedStatesFederal,
    Germany,
}

impl Holidays {
    /// The names that [`Holidays::named`] knows.
    pub const NAMES: [&'static str; 5] = ["england-and-wales", "scotland", "united-states-federal", "germany", "none"];

    /// No holidays at all.
    #[must_use]
    pub fn none() -> Holidays {
        Holidays::default()
    }

    /// The set of that name; see [`Holidays::NAMES`]. The rules are today's, with the moved and the one-off days from
    /// 2020 on that were proclaimed by early 2026; what is proclaimed later is for [`Holidays::with_dates`].
    ///
    /// # Errors
    /// When no set has that name.
    pub fn named(name: &str) -> Result<Holidays, UnknownHolidays> {
        let region = match name {
            "england-and-wales" => Region::EnglandAndWales,
            "scotland" => Region::Scotland,
            "united-states-federal" => Region::UnitedStatesFederal,
            "germany" => Region::Germany,
            "none" => Region::None,
            _ => return Err(UnknownHolidays(name.to_owned())),
        };
        Ok(Holidays { region, ..Holidays::default() })
    }

    /// These holidays and the given dates too.
    #[must_use]
    pub fn with_dates(mut self, dates: impl IntoIterator<Item = Date>) -> Holidays {
        self.added.extend(dates);
        self
    }

    /// These holidays without the given dates, which are worked.
    #[must_use]
    pub fn without_dates(mut self, dates: impl IntoIterator<Item = Date>) -> Holidays {
        self.removed.extend(dates);
        self
    }

    /// The holiday on `date`.
    #[must_use]
    pub fn on(&self, date: Date) -> Option<Holiday> {
        self.in_year(date.year()).into_iter().find(|holiday| holiday.date == date)
    }

    /// Whether `date` is a holiday.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        if self.removed.contains(&date) {
            return false;
        }
        self.added.contains(&date) || (self.region != Region::None && self.on(date).is_some())
    }

    /// The holidays on dates of `year`, by date. Two of them may share a date (in Germany, when Ascension is 1 May).
    #[must_use]
    pub fn in_year(&self, year: i16) -> Vec<Holiday> {
        let mut holidays = match self.region {
            Region::None => Vec::new(),
            Region::EnglandAndWales => england_and_wales(year),
            Region::Scotland => scotland(year),
            Region::UnitedStatesFederal => united_states_federal(year),
            Region::Germany => germany(year),
        };
        holidays.extend(
            self.added.iter().filter(|date| date.year() == year).map(|date| holiday(*date, "holiday of the scenario")),
        );
        holidays.retain(|holiday| !self.removed.contains(&holiday.date));
        holidays.sort();
        holidays
    }
}

/// Banking and Financial Dealings Act 1971, schedule 1, and royal proclamations under it.
fn england_and_wales(year: i16) -> Vec<Holiday> {
    let easter = easter_sunday(year);
    let mut holidays = vec![
        holiday(day(year, 1, 1), "New Year's Day"),
        holiday(plus(easter, -2), "Good Friday"),
        holiday(plus(easter, 1), "Easter Monday"),
        holiday(early_may(year), "Early May bank holiday"),
        holiday(late_may(year), "Spring bank holiday"),
        holiday(weekday_of(year, 8, -1, Weekday::Monday), "Summer bank holiday"),
        holiday(day(year, 12, 25), "Christmas Day"),
        holiday(day(year, 12, 26), "Boxing Day"),
    ];
    with_next_weekdays(&mut holidays);
    holidays.extend(royal_occasions(year));
    holidays
}

/// The same Act; New Year has two days, Easter Monday none, and summer comes four weeks earlier.
fn scotland(year: i16) -> Vec<Holiday> {
    let mut holidays = vec![
        holiday(day(year, 1, 1), "New Year's Day"),
        holiday(day(year, 1, 2), "2nd January"),
        holiday(plus(easter_sunday(year), -2), "Good Friday"),
        holiday(early_may(year), "Early May bank holiday"),
        holiday(late_may(year), "Spring bank holiday"),
        holiday(weekday_of(year, 8, 1, Weekday::Monday), "Summer bank holiday"),
        holiday(day(year, 11, 30), "St Andrew's Day"),
        holiday(day(year, 12, 25), "Christmas Day"),
        holiday(day(year, 12, 26), "Boxing Day"),
    ];
    with_next_weekdays(&mut holidays);
    holidays.extend(royal_occasions(year));
    if year == 2026 {
        holidays.push(holiday(day(2026, 6, 15), "World Cup bank holiday"));
    }
    holidays
}

/// 5 U.S.C. 6103; a Saturday's holiday is observed on Friday, a Sunday's on Monday.
fn united_states_federal(year: i16) -> Vec<Holiday> {
    let mut holidays = vec![
        holiday(weekday_of(year, 1, 3, Weekday::Monday), "Birthday of Martin Luther King, Jr."),
        holiday(weekday_of(year, 2, 3, Weekday::Monday), "Washington's Birthday"),
        holiday(weekday_of(year, 5, -1, Weekday::Monday), "Memorial Day"),
        holiday(weekday_of(year, 9, 1, Weekday::Monday), "Labor Day"),
        holiday(weekday_of(year, 10, 2, Weekday::Monday), "Columbus Day"),
        holiday(weekday_of(year, 11, 4, Weekday::Thursday), "Thanksgiving Day"),
    ];
    let mut fixed = vec![
        (day(year, 1, 1), "New Year's Day"),
        (day(year, 7, 4), "Independence Day"),
        (day(year, 11, 11), "Veterans Day"),
        (day(year, 12, 25), "Christmas Day"),
        // Observed on 31 December of this year when it is a Saturday.
        (day(year + 1, 1, 1), "New Year's Day"),
    ];
    if year >= 2021 {
        fixed.push((day(year, 6, 19), "Juneteenth National Independence Day"));
    }
    for (date, name) in fixed {
        holidays.push(holiday(date, name));
        match date.weekday() {
            Weekday::Saturday => holidays.push(substitute(plus(date, -1), name)),
            Weekday::Sunday => holidays.push(substitute(plus(date, 1), name)),
            _ => {}
        }
    }
    holidays.retain(|holiday| holiday.date.year() == year);
    holidays
}

/// The nine holidays of every one of the sixteen states; there are no substitute days.
fn germany(year: i16) -> Vec<Holiday> {
    let easter = easter_sunday(year);
    vec![
        holiday(day(year, 1, 1), "New Year's Day"),
        holiday(plus(easter, -2), "Good Friday"),
        holiday(plus(easter, 1), "Easter Monday"),
        holiday(day(year, 5, 1), "Labour Day"),
        holiday(plus(easter, 39), "Ascension Day"),
        holiday(plus(easter, 50), "Whit Monday"),
        holiday(day(year, 10, 3), "German Unity Day"),
        holiday(day(year, 12, 25), "Christmas Day"),
        holiday(day(year, 12, 26), "Second Day of Christmas"),
    ]
}

/// The first Monday in May, but VE Day's anniversary in 2020.
fn early_may(year: i16) -> Date {
    if year == 2020 { day(2020, 5, 8) } else { weekday_of(year, 5, 1, Weekday::Monday) }
}

/// The last Monday in May, but next to the Platinum Jubilee in 2022.
fn late_may(year: i16) -> Date {
    if year == 2022 { day(2022, 6, 2) } else { weekday_of(year, 5, -1, Weekday::Monday) }
}

/// Days that were holidays once, in the whole kingdom.
fn royal_occasions(year: i16) -> Vec<Holiday> {
    match year {
        2022 => vec![
            holiday(day(2022, 6, 3), "Platinum Jubilee"),
            holiday(day(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        ],
        2023 => vec![holiday(day(2023, 5, 8), "Coronation of King Charles III")],
        _ => Vec::new(),
    }
}

/// Adds, for each holiday on a weekend, the next weekday that is not a holiday already.
fn with_next_weekdays(holidays: &mut Vec<Holiday>) {
    let is_weekend = |date: Date| matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let on_weekends: Vec<Holiday> = holidays.iter().copied().filter(|holiday| is_weekend(holiday.date)).collect();
    for missed in on_weekends {
        let mut date = missed.date;
        while is_weekend(date) || holidays.iter().any(|other| other.date == date) {
            date = plus(date, 1);
        }
        holidays.push(substitute(date, missed.name));
    }
}

/// Easter Sunday of the Gregorian calendar: the anonymous algorithm of 1876 (Meeus, *Astronomical Algorithms*, ch. 8).
fn easter_sunday(year: i16) -> Date {
    let year_number = i32::from(year);
    let golden = year_number.rem_euclid(19);
    let (century, of_century) = (year_number.div_euclid(100), year_number.rem_euclid(100));
    let moon_shift = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon_shift + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let march_day = epact + to_sunday - 7 * late + 22;
    plus(day(year, 3, 1), march_day - 1)
}

fn holiday(date: Date, name: &'static str) -> Holiday {
    Holiday { date, name, substitute: false }
}

fn substitute(date: Date, name: &'static str) -> Holiday {
    Holiday { date, name, substitute: true }
}

/// A date that exists in every year; the years beyond those of [`Date`] count as the last.
fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year.min(Date::MAX.year()), month, day).expect("the month has that day in every year")
}

/// The `nth` such day of the week in a month; -1 is the last.
fn weekday_of(year: i16, month: i8, nth: i8, weekday: Weekday) -> Date {
    day(year, month, 1).nth_weekday_of_month(nth, weekday).expect("every month has four of each day of the week")
}

fn plus(date: Date, days: i32) -> Date {
    date.saturating_add(days.days())
}

impl fmt::Display for UnknownHolidays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no holidays are named \"{}\": the names are {}", self.0, Holidays::NAMES.join(", "))
    }
}

impl std::error::Error for UnknownHolidays {}

#[cfg(test)]
mod tests;
