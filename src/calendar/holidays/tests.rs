use jiff::civil::date;

use super::*;

/// Month and day of the holidays on weekdays, as the published tables list them.
fn on_weekdays(name: &str, year: i16) -> Vec<(i8, i8)> {
    let holidays = Holidays::named(name).unwrap().in_year(year).into_iter().map(|holiday| holiday.date);
    holidays
        .filter(|date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday))
        .map(|date| (date.month(), date.day()))
        .collect()
}

#[test]
fn bank_holidays_in_england_and_wales() {
    for (year, expected) in [
        (2020, vec![(1, 1), (4, 10), (4, 13), (5, 8), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2021, vec![(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2022, vec![(1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19), (12, 26), (12, 27)]),
        (2023, vec![(1, 2), (4, 7), (4, 10), (5, 1), (5, 8), (5, 29), (8, 28), (12, 25), (12, 26)]),
        (2024, vec![(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
        (2025, vec![(1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]),
        (2026, vec![(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2027, vec![(1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2028, vec![(1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)]),
    ] {
        assert_eq!(on_weekdays("england-and-wales", year), expected, "{year}");
    }
}

#[test]
fn bank_holidays_in_scotland() {
    for (year, expected) in [
        (2022, vec![(1, 3), (1, 4), (4, 15), (5, 2), (6, 2), (6, 3), (8, 1), (9, 19), (11, 30), (12, 26), (12, 27)]),
        (2023, vec![(1, 2), (1, 3), (4, 7), (5, 1), (5, 8), (5, 29), (8, 7), (11, 30), (12, 25), (12, 26)]),
        (2024, vec![(1, 1), (1, 2), (3, 29), (5, 6), (5, 27), (8, 5), (12, 2), (12, 25), (12, 26)]),
        (2026, vec![(1, 1), (1, 2), (4, 3), (5, 4), (5, 25), (6, 15), (8, 3), (11, 30), (12, 25), (12, 28)]),
    ] {
        assert_eq!(on_weekdays("scotland", year), expected, "{year}");
    }
}

#[test]
fn federal_holidays_in_the_united_states() {
    let expected = vec![
        (1, 1),
        (1, 18),
        (2, 15),
        (5, 31),
        (6, 18),
        (7, 5),
        (9, 6),
        (10, 11),
        (11, 11),
        (11, 25),
        (12, 24),
        (12, 31),
    ];
    assert_eq!(on_weekdays("united-states-federal", 2021), expected);
    let expected =
        vec![(1, 1), (1, 19), (2, 16), (5, 25), (6, 19), (7, 3), (9, 7), (10, 12), (11, 11), (11, 26), (12, 25)];
    assert_eq!(on_weekdays("united-states-federal", 2026), expected);
}

#[test]
fn holidays_in_all_of_germany() {
    let expected = vec![(1, 1), (4, 3), (4, 6), (5, 1), (5, 14), (5, 25), (12, 25)];
    assert_eq!(on_weekdays("germany", 2026), expected);
    assert!(Holidays::named("germany").unwrap().contains(date(2026, 10, 3)), "a Saturday");
    assert!(!Holidays::named("germany").unwrap().contains(date(2026, 10, 5)), "and no substitute");
}

#[test]
fn easter_by_the_almanac() {
    for expected in [
        date(1954, 4, 18), // simpler rules come out a week late here,
        date(1981, 4, 19), // and here
        date(2008, 3, 23),
        date(2019, 4, 21),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2028, 4, 16),
        date(2038, 4, 25),
        date(2285, 3, 22),
    ] {
        assert_eq!(easter_sunday(expected.year()), expected);
    }
    for year in 1900..2400 {
        let easter = easter_sunday(year);
        assert_eq!(easter.weekday(), Weekday::Sunday);
        assert!(date(year, 3, 22) <= easter && easter <= date(year, 4, 25), "{easter}");
    }
}

#[test]
fn a_christmas_on_saturday_is_off_and_so_is_its_substitute() {
    let holidays = Holidays::named("england-and-wales").unwrap();
    let christmas = holidays.on(date(2027, 12, 25)).unwrap();
    let monday = holidays.on(date(2027, 12, 27)).unwrap();
    assert_eq!((christmas.name, christmas.substitute), ("Christmas Day", false));
    assert_eq!((monday.name, monday.substitute), ("Christmas Day", true));
}

#[test]
fn a_new_year_observed_in_the_old_year() {
    let holidays = Holidays::named("united-states-federal").unwrap();
    assert!(holidays.contains(date(2027, 12, 31)) && holidays.contains(date(2028, 1, 1)));
    assert!(!holidays.contains(date(2028, 1, 3)));
    assert!(holidays.in_year(2027).is_sorted());
}

#[test]
fn dates_are_added_and_removed() {
    let stocktake = date(2026, 11, 30);
    let holidays = Holidays::named("england-and-wales").unwrap();
    let holidays = holidays.with_dates([stocktake]).without_dates([date(2026, 12, 28)]);
    assert!(holidays.contains(stocktake) && !holidays.contains(date(2026, 12, 28)));
    assert_eq!(holidays.on(stocktake).unwrap().name, "holiday of the scenario");
    assert_eq!(holidays.on(date(2026, 12, 28)), None);
    assert!(Holidays::none().with_dates([stocktake]).contains(stocktake));
    assert!(Holidays::none().in_year(2026).is_empty());
}

#[test]
fn every_name_is_known_and_every_year_has_its_holidays() {
    for name in Holidays::NAMES {
        let holidays = Holidays::named(name).unwrap();
        for year in [Date::MIN.year(), 0, 1970, 9999] {
            assert_eq!(holidays.in_year(year).is_empty(), name == "none", "{name} {year}");
        }
    }
    let error = Holidays::named("England").unwrap_err().to_string();
    assert!(error.contains("england-and-wales, scotland"), "{error}");
}
