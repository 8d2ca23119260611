//! Recorded times: `2011-11-25T08:26`, `2025-10-07 09:50:26 +0200` and what lies between.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// The years a recorded time may have; others are slips of the pen.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// What a right time looks like, for messages.
pub(super) const TIME_WANTED: &str =
    "write a time such as 2025-11-28T09:50 or 2025-11-28 09:50:26 +0000 (years 1970 to 2199)";

/// When something was recorded. Within one file all times are of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordedTime {
    /// A time without an offset, to be read in the scenario's zone.
    Local(DateTime),
    /// A time with an offset: an instant.
    Instant(Timestamp),
}

impl RecordedTime {
    /// Reads `YYYY-MM-DD` + (`T` or blanks) + `HH:MM[:SS[.fraction]]` + nothing, `Z`, `UTC`, `GMT`, `+02`, `+0200` or
    /// `+02:00` (a blank may stand before them). Digits of a fraction beyond nanoseconds are dropped.
    ///
    /// None for anything else, for days and times that do not exist, and for years outside 1970 to 2199.
    #[must_use]
    pub fn parse(text: &str) -> Option<RecordedTime> {
        let (date, rest) = read_date(text.trim().as_bytes())?;
        let rest = match rest.split_first()? {
            (b'T' | b't', rest) => rest,
            (b' ', rest) => rest.trim_ascii_start(),
            _ => return None,
        };
        let (time, rest) = read_time(rest)?;
        let local = DateTime::from_parts(date, time);
        match rest.trim_ascii_start() {
            [] => Some(RecordedTime::Local(local)),
            rest => read_offset(rest)?.to_timestamp(local).ok().map(RecordedTime::Instant),
        }
    }

    /// Whether the time was written with an offset.
    #[must_use]
    pub fn has_offset(self) -> bool {
        matches!(self, RecordedTime::Instant(_))
    }

    /// The instant, reading a local time in `zone`: in the hour skipped in spring one hour later, in the hour repeated
    /// in autumn the first of the two.
    ///
    /// # Panics
    /// Never for a time made by [`RecordedTime::parse`]: its year is far from the ends of what a timestamp holds.
    #[must_use]
    pub fn timestamp(self, zone: &TimeZone) -> Timestamp {
        match self {
            RecordedTime::Instant(at) => at,
            RecordedTime::Local(local) => {
                zone.to_ambiguous_timestamp(local).compatible().expect("years 1970 to 2199 are in range")
            }
        }
    }
}

impl fmt::Display for RecordedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordedTime::Local(local) => local.fmt(f),
            RecordedTime::Instant(at) => at.fmt(f),
        }
    }
}

/// The number of the first `count` bytes (all digits, at most nine), and the rest.
fn read_digits(bytes: &[u8], count: usize) -> Option<(i32, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(count)?;
    let number = digits
        .iter()
        .try_fold(0_i32, |number, digit| digit.is_ascii_digit().then(|| number * 10 + i32::from(digit - b'0')))?;
    Some((number, rest))
}

/// As [`read_digits`] for at most two digits.
fn read_short(bytes: &[u8], count: usize) -> Option<(i8, &[u8])> {
    let (number, rest) = read_digits(bytes, count)?;
    Some((i8::try_from(number).ok()?, rest))
}

fn read_date(bytes: &[u8]) -> Option<(Date, &[u8])> {
    let (year, rest) = read_digits(bytes, 4)?;
    let (month, rest) = read_short(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = read_short(rest.strip_prefix(b"-")?, 2)?;
    let year = i16::try_from(year).ok().filter(|year| YEARS.contains(year))?;
    Some((Date::new(year, month, day).ok()?, rest))
}

fn read_time(bytes: &[u8]) -> Option<(Time, &[u8])> {
    let (hour, rest) = read_short(bytes, 2)?;
    let (minute, rest) = read_short(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = match rest.strip_prefix(b":") {
        Some(rest) => read_short(rest, 2)?,
        None => return Some((Time::new(hour, minute, 0, 0).ok()?, rest)),
    };
    let (nanosecond, rest) = match rest.strip_prefix(b".") {
        Some(rest) => read_fraction(rest)?,
        None => (0, rest),
    };
    Some((Time::new(hour, minute, second, nanosecond).ok()?, rest))
}

/// Digits after the decimal point, in nanoseconds.
fn read_fraction(bytes: &[u8]) -> Option<(i32, &[u8])> {
    let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut nanoseconds, _) = read_digits(bytes, count.min(9))?;
    for _ in count..9 {
        nanoseconds *= 10;
    }
    (count > 0).then_some((nanoseconds, &bytes[count..]))
}

fn read_offset(bytes: &[u8]) -> Option<Offset> {
    if [&b"Z"[..], b"UTC", b"GMT"].iter().any(|name| bytes.eq_ignore_ascii_case(name)) {
        return Some(Offset::UTC);
    }
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = read_digits(&bytes[1..], 2)?;
    let (minutes, rest) = match rest {
        [] => (0, rest),
        [b':', rest @ ..] | rest => read_digits(rest, 2)?,
    };
    let in_range = hours <= 23 && minutes <= 59 && rest.is_empty();
    in_range.then(|| Offset::from_seconds(sign * (hours * 3_600 + minutes * 60)).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        RecordedTime::parse(text).map(|time| time.to_string())
    }

    #[test]
    fn local_times() {
        for text in ["2011-11-25T08:26", "2011-11-25 08:26:00", " 2011-11-25t08:26:00.000 "] {
            assert_eq!(shown(text).as_deref(), Some("2011-11-25T08:26:00"), "{text}");
        }
        assert_eq!(shown("2011-11-25T08:26:01.5").as_deref(), Some("2011-11-25T08:26:01.5"));
        assert_eq!(shown("2011-11-25T08:26:01.1234567899").as_deref(), Some("2011-11-25T08:26:01.123456789"));
    }

    #[test]
    fn instants() {
        for text in [
            "2025-10-07 09:50:26 +0200",
            "2025-10-07T09:50:26+02:00",
            "2025-10-07 09:50:26+02",
            "2025-10-07T07:50:26Z",
            "2025-10-07 07:50:26 UTC",
            "2025-10-07 01:20:26 -0630",
        ] {
            assert_eq!(shown(text).as_deref(), Some("2025-10-07T07:50:26Z"), "{text}");
        }
    }

    #[test]
    fn all_else_is_refused() {
        for text in [
            "",
            "2011-11-25",
            "2011-11-25T",
            "2011-11-25T8:26",
            "2011-02-29T08:26",
            "2011-11-25T24:00",
            "2011-11-25T08:60",
            "2011-11-25T08:26:",
            "2011-11-25T08:26:00.",
            "2011-11-25T08:26 PM",
            "2011-11-25T08:26+2",
            "2011-11-25T08:26+02:",
            "2011-11-25T08:26+0260",
            "2011-11-25T08:26+02000",
            "0201-11-25T08:26",
            "25/11/2011 08:26",
            "１０11-11-25T08:26",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn local_times_get_their_instant_from_the_zone() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let instant = |text: &str| RecordedTime::parse(text).unwrap().timestamp(&zone).to_string();
        assert_eq!(instant("2025-07-01T12:00"), "2025-07-01T11:00:00Z");
        assert_eq!(instant("2025-03-30T01:30"), "2025-03-30T01:30:00Z"); // skipped: one hour later, 02:30 BST
        assert_eq!(instant("2025-10-26T01:30"), "2025-10-26T00:30:00Z"); // twice: the first
        assert_eq!(instant("2025-10-26T01:30Z"), "2025-10-26T01:30:00Z");
    }
}
