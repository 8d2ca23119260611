use jiff::civil::{date, datetime};
use proptest::prelude::*;

use super::*;

fn calendar(zone: &str, first: Date) -> Calendar {
    Calendar::new(zone, first, Holidays::none()).unwrap()
}

fn london() -> Calendar {
    calendar("Europe/London", date(2026, 3, 1))
}

fn clock(text: &str) -> ClockTime {
    text.parse().unwrap()
}

fn hours_of(calendar: &Calendar, day: Date) -> f64 {
    calendar.day(calendar.start_of_day(day)).length().hours()
}

fn every_day() -> DaySet {
    DaySet::from(WorkingDays::DAILY)
}

#[test]
fn an_unknown_zone_is_answered_with_similar_names() {
    let text = |name| Calendar::new(name, date(2026, 3, 1), Holidays::none()).unwrap_err().to_string();
    assert_eq!(text("london"), "no time zone is named \"london\": did you mean \"Europe/London\"?");
    assert_eq!(text("US/New York"), "no time zone is named \"US/New York\": did you mean \"America/New_York\"?");
    assert!(text("Middle Earth").contains("an IANA name such as"));
    assert!(text("").contains("an IANA name such as"));
    assert_eq!(calendar("europe/london", date(2026, 3, 1)).zone_name(), "Europe/London");
}

#[test]
fn a_horizon_in_a_far_year_is_refused() {
    let error = Calendar::new("UTC", date(2200, 1, 1), Holidays::none()).unwrap_err();
    assert_eq!(error.to_string(), "the horizon starts on 2200-01-01, but calendars reach from 1970 to 2199");
}

#[test]
fn days_of_23_and_25_hours_in_london() {
    let calendar = london();
    assert!((hours_of(&calendar, date(2026, 3, 28)) - 24.0).abs() < 1e-12);
    assert!((hours_of(&calendar, date(2026, 3, 29)) - 23.0).abs() < 1e-12);
    assert!((hours_of(&calendar, date(2026, 10, 25)) - 25.0).abs() < 1e-12);
    // 28 days from the first of March, then the night without 01:00 to 02:00.
    assert_eq!(calendar.at(datetime(2026, 3, 29, 0, 59, 59, 0)), Ok(SimTime((28 * 86_400 + 3_599) * 1_000_000)));
    assert_eq!(calendar.at(datetime(2026, 3, 29, 2, 0, 0, 0)), Ok(SimTime((28 * 86_400 + 3_600) * 1_000_000)));
}

#[test]
fn a_skipped_time_is_an_error_or_the_end_of_the_gap() {
    let calendar = london();
    let skipped = datetime(2026, 3, 29, 1, 30, 0, 0);
    assert_eq!(
        calendar.at(skipped).unwrap_err().to_string(),
        "01:30 does not exist on Sunday 29 March in Europe/London: clocks go forward from 01:00 to 02:00; \
         the next valid time is 2026-03-29T02:00:00"
    );
    let end = calendar.at(datetime(2026, 3, 29, 2, 0, 0, 0)).unwrap();
    for minute in [0, 1, 30, 59] {
        assert_eq!(calendar.at_or_after(datetime(2026, 3, 29, 1, minute, 0, 0)), Ok(end));
    }
}

#[test]
fn a_repeated_time_means_the_first() {
    let calendar = london();
    let repeated = datetime(2026, 10, 25, 1, 30, 0, 0);
    let first = calendar.at(datetime(2026, 10, 25, 0, 30, 0, 0)).unwrap() + SimDuration::from_hours(1);
    let second = first + SimDuration::from_hours(1);
    assert_eq!(calendar.occurrence(repeated), Ok(Occurrence::Folded { first, second }));
    assert_eq!((calendar.at(repeated), calendar.at_or_after(repeated)), (Ok(first), Ok(first)));
    assert_eq!((calendar.local(first), calendar.local(second)), (repeated, repeated));
    assert_eq!(calendar.iso(first), "2026-10-25T01:30:00+01:00");
    assert_eq!(calendar.iso(second), "2026-10-25T01:30:00+00:00");
}

#[test]
fn times_before_the_horizon_and_after_all_calendars_are_errors() {
    let calendar = london();
    let text = |local| calendar.at(local).unwrap_err().to_string();
    assert_eq!(
        text(datetime(2026, 2, 28, 23, 59, 59, 0)),
        "2026-02-28T23:59:59 lies before the horizon, which starts on 2026-03-01"
    );
    assert!(text(datetime(-5000, 1, 1, 0, 0, 0, 0)).contains("before the horizon"));
    assert_eq!(text(DateTime::MAX), "9999-12-31T23:59:59.999999999 lies beyond the year 2399");
    assert_eq!(calendar.at(datetime(2026, 3, 1, 0, 0, 0, 0)), Ok(SimTime::ZERO));
}

#[test]
fn new_york_changes_on_other_nights() {
    let calendar = calendar("America/New_York", date(2026, 3, 1));
    assert!((hours_of(&calendar, date(2026, 3, 8)) - 23.0).abs() < 1e-12);
    assert!((hours_of(&calendar, date(2026, 3, 29)) - 24.0).abs() < 1e-12);
    assert!((hours_of(&calendar, date(2026, 11, 1)) - 25.0).abs() < 1e-12);
    assert_eq!(calendar.iso(SimTime::ZERO), "2026-03-01T00:00:00-05:00");
}

#[test]
fn lord_howe_changes_by_half_an_hour() {
    let calendar = calendar("Australia/Lord_Howe", date(2026, 4, 1));
    assert!((hours_of(&calendar, date(2026, 4, 5)) - 24.5).abs() < 1e-12);
    assert!((hours_of(&calendar, date(2026, 10, 4)) - 23.5).abs() < 1e-12);
    let Ok(Occurrence::Skipped(gap)) = calendar.occurrence(datetime(2026, 10, 4, 2, 10, 0, 0)) else {
        panic!("02:10 is skipped")
    };
    assert_eq!((gap.start, gap.end), (datetime(2026, 10, 4, 2, 0, 0, 0), datetime(2026, 10, 4, 2, 30, 0, 0)));
    assert_eq!(calendar.local(gap.instant), gap.end);
    let night =
        calendar.hours(calendar.start_of_day(date(2026, 4, 5)), calendar.at(datetime(2026, 4, 5, 3, 0, 0, 0)).unwrap());
    let seen: Vec<(u8, f64)> = night.map(|hour| (hour.hour, hour.end.since(hour.start).hours())).collect();
    assert_eq!(seen, [(0, 1.0), (1, 1.0), (1, 0.5), (2, 1.0)]);
}

#[test]
fn a_day_without_midnight_starts_at_the_end_of_the_gap() {
    // Clocks in Brazil went forward from 00:00 to 01:00, in Egypt from 00:00 to 01:00 on a Friday.
    for (zone, day) in [("America/Sao_Paulo", date(2017, 10, 15)), ("Africa/Cairo", date(2026, 4, 24))] {
        let first = calendar(zone, day);
        assert_eq!(first.local(SimTime::ZERO), day.at(1, 0, 0, 0), "{zone}");
        assert_eq!(first.at_or_after(day.at(0, 0, 0, 0)), Ok(SimTime::ZERO));
        assert!(matches!(first.at(day.at(0, 30, 0, 0)), Err(LocalTimeError::Skipped { .. })));
        let before = calendar(zone, day.yesterday().unwrap());
        assert!((hours_of(&before, day) - 23.0).abs() < 1e-12, "{zone}");
        assert_eq!(before.start_of_day(day), SimTime(86_400_000_000));
    }
}

#[test]
fn a_date_that_was_left_out_is_no_day() {
    let samoa = calendar("Pacific/Apia", date(2011, 12, 28));
    let days: Vec<Date> = samoa.days(SimTime::ZERO, SimTime(4 * 86_400_000_000)).map(|day| day.date).collect();
    assert_eq!(days, [date(2011, 12, 28), date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]);
}

#[test]
fn a_day_that_has_begun_is_not_left_again() {
    // In Newfoundland clocks went back at 00:01 to 23:01 of the day before.
    let calendar = calendar("America/St_Johns", date(2010, 11, 7));
    let in_the_repeated_hour = SimTime(600_000_000);
    assert_eq!(calendar.date(in_the_repeated_hour), date(2010, 11, 6));
    assert_eq!(calendar.day(in_the_repeated_hour).date, date(2010, 11, 7));
    assert!((calendar.day(SimTime::ZERO).length().hours() - 25.0).abs() < 1e-12);
}

#[test]
fn days_of_a_span_are_whole_and_end_before_it_does() {
    let calendar = london();
    let noon = calendar.at(datetime(2026, 3, 28, 12, 0, 0, 0)).unwrap();
    let midnight = calendar.start_of_day(date(2026, 3, 30));
    let days: Vec<Day> = calendar.days(noon, midnight).collect();
    assert_eq!(days.iter().map(|day| day.date).collect::<Vec<_>>(), [date(2026, 3, 28), date(2026, 3, 29)]);
    assert_eq!((days[0].end, days[1].end), (days[1].start, midnight));
    assert!(days[0].start < noon);
    assert_eq!(calendar.days(midnight, midnight + SimDuration(1)).count(), 1);
    assert_eq!(calendar.days(midnight, midnight).count(), 0);
}

#[test]
fn hours_since_1970_at_the_origin() {
    let (hours, rest) = calendar("UTC", date(1970, 1, 2)).origin_utc_hours();
    assert_eq!((hours, rest), (24, SimDuration::ZERO));
    // 00:00 in Kathmandu (+05:45) is 18:15 UTC of the day before.
    let (hours, rest) = calendar("Asia/Kathmandu", date(1990, 1, 2)).origin_utc_hours();
    assert_eq!((hours, rest), (20 * 8_760 + 5 * 24 + 18, SimDuration(900_000_000)));
    let (hours, rest) = calendar("Asia/Kolkata", date(1970, 1, 1)).origin_utc_hours();
    assert_eq!((hours, rest), (-6, SimDuration(1_800_000_000)));
}

#[test]
fn a_night_shift_is_longer_and_shorter() {
    let calendar = london();
    let night = "22:00-06:00".parse().unwrap();
    let length = |date| {
        let (start, end) = calendar.window(date, night).unwrap();
        end.since(start).hours()
    };
    assert!((length(date(2026, 3, 27)) - 8.0).abs() < 1e-12);
    assert!((length(date(2026, 3, 28)) - 7.0).abs() < 1e-12);
    assert!((length(date(2026, 10, 24)) - 9.0).abs() < 1e-12);
    // A shift from 01:30 starts at the end of the gap; one within the gap does not take place.
    let late = calendar.window(date(2026, 3, 29), "01:30-04:00".parse().unwrap()).unwrap();
    assert_eq!(calendar.short(late.0), "Sun 29 Mar 02:00");
    assert_eq!(calendar.window(date(2026, 3, 29), "01:15-01:45".parse().unwrap()), None);
    // The night before the first day reaches into it.
    let eve = calendar.windows(&every_day(), night, SimTime::ZERO, SimTime(1));
    assert_eq!(eve, [(SimTime::ZERO, SimTime(6 * TICKS_PER_HOUR))]);
    assert_eq!(calendar.windows(&every_day(), night, SimTime(6 * TICKS_PER_HOUR), SimTime(22 * TICKS_PER_HOUR)), []);
}

#[test]
fn listed_times_recur_on_their_days() {
    let calendar =
        Calendar::new("Europe/London", date(2026, 5, 1), Holidays::named("england-and-wales").unwrap()).unwrap();
    let week = SimTime(7 * 24 * TICKS_PER_HOUR);
    let short = |times: RecurringTimes| {
        let instants = times.instants(&calendar, SimTime::ZERO, week);
        instants.into_iter().map(|time| calendar.short(time)).collect::<Vec<_>>()
    };
    // Friday 1 May to Thursday 7 May; Monday the 4th is a bank holiday.
    let days = DaySet::from("mon,fri".parse::<WorkingDays>().unwrap());
    let times = vec![clock("16:15"), clock("09:00"), clock("24:00")];
    assert_eq!(
        short(RecurringTimes::at(days.clone(), times.clone()).unwrap()),
        ["Fri 1 May 09:00", "Fri 1 May 16:15", "Sat 2 May 00:00"]
    );
    let also = days.with_dates([date(2026, 5, 4), date(2026, 5, 7)]).without_dates([date(2026, 5, 1)]);
    assert_eq!(
        short(RecurringTimes::at(also, times).unwrap()),
        ["Mon 4 May 09:00", "Mon 4 May 16:15", "Tue 5 May 00:00", "Thu 7 May 09:00", "Thu 7 May 16:15"]
    );
    let eve = DaySet::of_dates([date(2026, 4, 30)]);
    assert_eq!(short(RecurringTimes::at(eve, vec![clock("24:00"), clock("23:00")]).unwrap()), ["Fri 1 May 00:00"]);
    assert!(RecurringTimes::at(DaySet::default(), Vec::new()).unwrap_err().to_string().contains("16:15"));
}

#[test]
fn recurring_times_on_the_nights_of_change() {
    let calendar = london();
    let count = |day: Date, minutes: u64, window: &str| {
        let distance = SimDuration(minutes * 60_000_000);
        let times = RecurringTimes::every(DaySet::of_dates([day]), distance, window.parse().unwrap()).unwrap();
        times.instants(&calendar, SimTime::ZERO, SimTime::MAX).len()
    };
    // Both ends count.
    assert_eq!(count(date(2026, 3, 28), 60, "07:00-16:00"), 10);
    assert_eq!(count(date(2026, 3, 28), 50, "07:00-16:00"), 11);
    assert_eq!(count(date(2026, 3, 28), 60, "00:00-06:00"), 7);
    assert_eq!(count(date(2026, 3, 29), 60, "00:00-06:00"), 6);
    // Whole days meet at midnight, which happens once.
    let hourly = RecurringTimes::every(every_day(), SimDuration::from_hours(1), TimeWindow::WHOLE_DAY).unwrap();
    let (from, to) = (calendar.start_of_day(date(2026, 3, 28)), calendar.start_of_day(date(2026, 3, 30)));
    assert_eq!(hourly.instants(&calendar, from, to).len(), 47);
    // Two times in the gap become one instant, a repeated time happens once.
    let at = |day, times: &[&str]| {
        let calendar = self::calendar("Europe/London", date(2026, 3, 1));
        let times = times.iter().map(|text| clock(text)).collect();
        let times = RecurringTimes::at(DaySet::of_dates([day]), times).unwrap();
        let instants = times.instants(&calendar, SimTime::ZERO, calendar.start_of_day(date(2026, 11, 1)));
        instants.into_iter().map(|time| calendar.iso(time)).collect::<Vec<_>>()
    };
    assert_eq!(at(date(2026, 3, 29), &["01:10", "01:50", "02:00"]), ["2026-03-29T02:00:00+01:00"]);
    assert_eq!(at(date(2026, 10, 25), &["01:30"]), ["2026-10-25T01:30:00+01:00"]);
    let too_often = RecurringTimes::every(every_day(), SimDuration(999_999), TimeWindow::WHOLE_DAY);
    assert!(too_often.unwrap_err().to_string().contains("at least one second"));
}

#[test]
fn reports_write_english() {
    let calendar = calendar("Europe/London", date(2026, 11, 23));
    let time = calendar.at(datetime(2026, 11, 27, 16, 40, 59, 0)).unwrap();
    assert_eq!(calendar.short(time), "Fri 27 Nov 16:40");
    assert_eq!(calendar.long(time), "Friday 27 November, 16:40");
    assert_eq!(calendar.iso(time), "2026-11-27T16:40:59+00:00");
    let midnight = calendar.start_of_day(date(2026, 12, 1));
    assert_eq!(calendar.short(midnight), "Tue 1 Dec 00:00");
    assert_eq!(calendar.short_deadline(midnight), "Mon 30 Nov 24:00");
    assert_eq!(calendar.short_deadline(time), "Fri 27 Nov 16:40");
    assert_eq!(self::calendar("Asia/Kathmandu", date(2026, 1, 1)).iso(SimTime::ZERO), "2026-01-01T00:00:00+05:45");
    assert_eq!(self::calendar("America/St_Johns", date(2026, 1, 1)).iso(SimTime::ZERO), "2026-01-01T00:00:00-03:30");
}

#[test]
fn no_tick_is_too_late_to_be_shown() {
    let calendar = london();
    assert_eq!(calendar.local(SimTime(u64::MAX)), calendar.local(SimTime(1 << 52)));
    let last = calendar.days(SimTime(u64::MAX - 1), SimTime(u64::MAX)).last().unwrap();
    assert_eq!(last.date, date(2399, 12, 30));
}

fn zones() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Europe/London",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "America/Nuuk",
        "Asia/Kathmandu",
        "America/Havana",
        "Pacific/Chatham",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn local_time_and_back(zone in zones(), tick in 0..SimTime::MAX.0) {
        let calendar = calendar(zone, date(2026, 1, 1));
        let time = SimTime(tick);
        match calendar.occurrence(calendar.local(time)).unwrap() {
            Occurrence::Once(only) => prop_assert_eq!(only, time),
            Occurrence::Folded { first, second } => prop_assert!(first == time || second == time),
            Occurrence::Skipped(gap) => prop_assert!(false, "the clock shows a skipped time: {:?}", gap),
        }
    }

    #[test]
    fn recurring_local_times_never_go_backwards(zone in zones(), minute in 0..300_000_i64, later in 0..2_000_i64) {
        let calendar = calendar(zone, date(2026, 1, 1));
        let local = |minutes: i64| date(2026, 1, 1).at(0, 0, 0, 0) + jiff::SignedDuration::from_mins(minutes);
        let earlier = calendar.at_or_after(local(minute)).unwrap();
        prop_assert!(earlier <= calendar.at_or_after(local(minute + later)).unwrap());
    }

    #[test]
    fn hours_tile_every_span(zone in zones(), from in 0..SimTime::MAX.0, length in 1..(100 * TICKS_PER_HOUR)) {
        let calendar = calendar(zone, date(2026, 1, 1));
        let (from, to) = (SimTime(from), SimTime(from + length));
        let mut now = from;
        for hour in calendar.hours(from, to) {
            prop_assert_eq!(hour.start, now);
            prop_assert!(hour.start < hour.end && hour.end.since(hour.start) <= SimDuration::from_hours(1));
            for inside in [hour.start, SimTime(hour.end.0 - 1)] {
                let shown = calendar.local(inside);
                prop_assert_eq!((shown.date(), shown.hour()), (hour.date, hour.hour.cast_signed()));
            }
            now = hour.end;
        }
        prop_assert_eq!(now, to);
    }

    #[test]
    fn days_tile_every_span(zone in zones(), from in 0..SimTime::MAX.0, length in 1..(400 * TICKS_PER_HOUR)) {
        let calendar = calendar(zone, date(2026, 1, 1));
        let (from, to) = (SimTime(from), SimTime(from + length));
        let days: Vec<Day> = calendar.days(from, to).collect();
        prop_assert!(days[0].start <= from && from < days[0].end);
        prop_assert!(days[days.len() - 1].start < to && to <= days[days.len() - 1].end);
        for pair in days.windows(2) {
            prop_assert_eq!(pair[0].end, pair[1].start);
            prop_assert_eq!(pair[0].date.tomorrow().unwrap(), pair[1].date);
        }
        prop_assert_eq!(calendar.day(from), days[0]);
    }
}
