//! What every unit takes and refuses.
#![expect(clippy::float_cmp, reason = "quantities are read to the nearest number, exactly")]

use jiff::civil::Weekday;
use proptest::prelude::*;

use super::days::Weekdays;
use super::money::{Money, PaidPer};
use super::rate::{RateOf, Thing};
use super::share::{Chance, Percent};
use super::time::{Clock, Term};
use super::{Decimal, FromText};
use crate::quantity::Probability;
use crate::time::SimDuration;

fn reason<T: FromText + std::fmt::Debug>(text: &str) -> String {
    T::parse(text).expect_err(text)
}

#[test]
fn durations() {
    let ticks = |text: &str| SimDuration::parse(text).map(|span| span.0);
    assert_eq!(ticks("90s"), Ok(90_000_000));
    assert_eq!(ticks("500ms"), Ok(500_000));
    assert_eq!(ticks("1h 30m"), Ok(5_400_000_000));
    assert_eq!(ticks("1h30m"), ticks("1.5h"));
    assert_eq!(ticks(" 14 d "), Ok(14 * 86_400_000_000));
    assert_eq!(ticks("2 weeks"), ticks("14d"));
    assert_eq!(ticks("0s"), Ok(0));
    assert_eq!(ticks("0.0000005s"), Ok(1));
    assert_eq!(ticks("203d"), Ok(203 * 86_400_000_000));
    assert_eq!(ticks("204d").unwrap_err(), "it is longer than 203 days, the longest time that can be simulated");
    assert_eq!(ticks("999999999999999999w 999999999999999999d").unwrap_err(), ticks("204d").unwrap_err());
    assert_eq!(reason::<SimDuration>(""), "it is empty");
    assert_eq!(reason::<SimDuration>("90"), "it has no unit: ms, s, m, h, d or w");
    assert_eq!(reason::<SimDuration>("90x"), "`x` is no unit of time: ms, s, m, h, d or w");
    assert_eq!(reason::<SimDuration>("-90s"), "it is negative");
    assert_eq!(reason::<SimDuration>("NaN"), "it does not begin with a number");
    assert_eq!(reason::<SimDuration>("inf s"), "it does not begin with a number");
    assert_eq!(reason::<SimDuration>("1,5h"), "write the number without commas, with a point before the decimals");
    assert_eq!(reason::<SimDuration>("1..5h"), "`1..5` is not a number");
    assert_eq!(reason::<SimDuration>("30m 1h"), "`h` stands after a unit that is not longer");
    assert_eq!(reason::<SimDuration>("9999999999999999999s"), "its number has more than 18 digits");
    assert!(reason::<SimDuration>("2 working days").contains("calendar"));
}

#[test]
fn working_days() {
    assert_eq!(Term::parse("2 working days"), Ok(Term::WorkingDays(2)));
    assert_eq!(Term::parse("1 working day"), Ok(Term::WorkingDays(1)));
    assert_eq!(Term::parse("36h"), Ok(Term::Elapsed(SimDuration::from_hours(36))));
    assert_eq!(reason::<Term>("1.5 working days"), "`1.5` is not a whole number of working days");
    assert_eq!(reason::<Term>("400 working days"), "it is longer than a year");
}

#[test]
fn times_of_day() {
    let seconds = |text: &str| Clock::parse(text).map(Clock::seconds_of_day);
    assert_eq!(seconds("14:00"), Ok(50_400));
    assert_eq!(seconds("7:05"), Ok(25_500));
    assert_eq!(seconds("00:00:01"), Ok(1));
    assert_eq!(seconds("24:00"), Ok(86_400));
    assert_eq!(Clock::parse("24:00"), Ok(Clock::END_OF_DAY));
    assert_eq!(reason::<Clock>("24:01"), "a day ends at 24:00");
    assert_eq!(reason::<Clock>("12:60"), "an hour has minutes 00 to 59");
    assert_eq!(reason::<Clock>("12:5"), "minutes have two digits");
    assert_eq!(reason::<Clock>("2pm"), "write hours and minutes with a colon between them, on the 24-hour clock");
    assert_eq!(reason::<Clock>("+1:00"), "`+1` is not a number");
    assert_eq!(Clock::parse("07:30").unwrap().to_string(), "07:30");
}

#[test]
fn rates() {
    let hourly = |text: &str| RateOf::parse(text).map(|rate| (rate.rate.hourly(), rate.thing));
    assert_eq!(hourly("480/h"), Ok((480.0, None)));
    assert_eq!(hourly("20/s"), Ok((72_000.0, None)));
    assert_eq!(hourly("20/min"), Ok((1_200.0, None)));
    assert_eq!(hourly("240 orders/day"), Ok((10.0, Some(Thing::Order))));
    assert_eq!(hourly("110 lines per hour"), Ok((110.0, Some(Thing::Line))));
    assert_eq!(hourly("480 per hour"), Ok((480.0, None)));
    assert_eq!(reason::<RateOf>("0/h"), "a rate is greater than zero");
    assert_eq!(reason::<RateOf>("-4/h"), "it is negative");
    assert_eq!(reason::<RateOf>("480"), "it has no time to count in: /s, /min, /h or /day");
    assert_eq!(reason::<RateOf>("4/fortnight"), "`fortnight` is no time to count in: /s, /min, /h or /day");
    assert_eq!(
        reason::<RateOf>("4 boxes/h"),
        "`boxes` cannot be counted: orders, lines, units, parcels and requests can"
    );
}

#[test]
fn shares_and_chances() {
    let share = |text: &str| Probability::parse(text).map(Probability::get);
    assert_eq!(share("5%"), Ok(0.05));
    assert_eq!(share("0.5 %"), Ok(0.005));
    assert_eq!(share("0.8%"), Ok(0.008));
    assert_eq!(share("100%"), Ok(1.0));
    assert_eq!(reason::<Probability>("101%"), "it is more than 100%");
    assert_eq!(reason::<Probability>("0.05"), "it has no per cent sign");
    assert_eq!(reason::<Probability>("-5%"), "it is negative");
    assert_eq!(reason::<Probability>("5% per line"), "`per line` stands after the per cent sign");
    assert_eq!(Probability::from_bare_number(0.07).as_deref(), Some("7%"));
    assert_eq!(Probability::from_bare_number(5.0).as_deref(), Some("5%"));
    assert_eq!(Probability::from_bare_number(-1.0), None);
    let chance = Chance::parse("0.8% per line").unwrap();
    assert_eq!((chance.probability.get(), chance.per), (0.008, Some(Thing::Line)));
    assert_eq!(Chance::parse("2%/order").unwrap().per, Some(Thing::Order));
    assert_eq!(Chance::parse("1%").unwrap().per, None);
    assert!(reason::<Chance>("1% of orders").contains("`of orders`"));
    assert_eq!(Percent::parse("150%").unwrap().fraction(), 1.5);
}

#[test]
fn money() {
    let wage = Money::parse("14.50 GBP/h").unwrap();
    assert_eq!((wage.amount, wage.currency.to_string(), wage.per), (14.5, "GBP".to_owned(), Some(PaidPer::Hour)));
    assert_eq!(Money::parse("5 GBP").unwrap().per, None);
    assert_eq!(Money::parse("0.35 EUR per order").unwrap().per, Some(PaidPer::Thing(Thing::Order)));
    for text in ["£5", "5", "5 pounds", "5 gbp"] {
        assert!(reason::<Money>(text).contains("three capital letters"), "{text}");
    }
    assert_eq!(reason::<Money>("5 GBP now"), "`now` stands after the currency; `/h` or `per order` may");
}

#[test]
fn weekdays() {
    let count = |text: &str| Weekdays::parse(text).map(|days| days.iter().count());
    assert_eq!(count("mon-fri"), Ok(5));
    assert_eq!(count("fri-mon"), Ok(4));
    assert_eq!(count("every day"), Ok(7));
    assert!(Weekdays::parse("sat").is_ok_and(|days| days.iter().eq([Weekday::Saturday])));
    assert!(reason::<Weekdays>("Mon-friday").starts_with("`Mon` is no weekday; did you mean `mon`?"));
}

#[test]
fn every_example_is_valid() {
    fn check<T: FromText>() {
        for text in std::iter::once(&T::EXAMPLE).chain(T::MORE) {
            assert!(T::parse(text).is_ok(), "{text} is not {}", T::NOUN);
        }
    }
    check::<SimDuration>();
    check::<Term>();
    check::<Clock>();
    check::<RateOf>();
    check::<Probability>();
    check::<Chance>();
    check::<Percent>();
    check::<Money>();
    check::<Weekdays>();
}

proptest! {
    #[test]
    fn no_text_makes_a_unit_panic(text in "[-−+0-9.,:/% a-zA-Z€]{0,24}|.{0,12}") {
        let _ = SimDuration::parse(&text);
        let _ = Term::parse(&text);
        let _ = Clock::parse(&text);
        let _ = RateOf::parse(&text);
        let _ = Probability::parse(&text);
        let _ = Chance::parse(&text);
        let _ = Money::parse(&text);
        let _ = Weekdays::parse(&text);
    }

    #[test]
    fn a_decimal_is_the_nearest_number(digits in 0_u64..10_000_000, places in 0_usize..6) {
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        let text = if places == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") };
        let (decimal, rest) = Decimal::take(&text).unwrap();
        prop_assert_eq!(rest, "");
        prop_assert_eq!(decimal.value(0), text.parse::<f64>().unwrap());
        prop_assert_eq!(decimal.value(2), format!("{text}e-2").parse::<f64>().unwrap());
    }
}
