//! What stands in the brackets of a path: shares, numbers, spans of time, instants.

use jiff::civil::DateTime;

use crate::calendar::Calendar;
use crate::model::Instant;
use crate::time::{SimDuration, SimTime, TICKS_PER_HOUR, TICKS_PER_SECOND};

/// The units of a span, longest first, with their ticks.
const UNITS: [(&str, u64); 6] = [
    ("w", 168 * TICKS_PER_HOUR),
    ("d", 24 * TICKS_PER_HOUR),
    ("h", TICKS_PER_HOUR),
    ("m", 60 * TICKS_PER_SECOND),
    ("s", TICKS_PER_SECOND),
    ("ms", TICKS_PER_SECOND / 1_000),
];

/// A finite number.
pub(super) fn number(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("`{text}` is not a number")),
    }
}

/// A share strictly between 0 and 1, or in per cent.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = match text.strip_suffix('%') {
        // Through text, so that 95% is exactly 0.95.
        Some(per_cent) => number(&format!("{}e-2", per_cent.trim()))?,
        None => number(text)?,
    };
    if share > 0.0 && share < 1.0 { Ok(share) } else { Err(format!("`{text}` is not a share between 0 and 1")) }
}

/// A rank, from 1.
pub(super) fn rank(text: &str) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(rank) if rank > 0 => Ok(rank),
        _ => Err(format!("`{text}` is not a whole number from 1")),
    }
}

/// A span of time such as `15m` or `1h 30m`.
///
/// # Errors
/// What is wrong with the text.
pub fn span(text: &str) -> Result<SimDuration, String> {
    let wrong = || format!("`{text}` is not a span of time such as 90s, 15m or 5h");
    let mut rest = text.trim();
    let mut ticks = 0.0_f64;
    let mut smallest = u64::MAX;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).ok_or_else(wrong)?;
        let (number, after) = rest.split_at(digits);
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let (_, length) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
        if *length >= smallest {
            return Err(wrong());
        }
        smallest = *length;
        ticks += number.parse::<f64>().map_err(|_| wrong())? * *length as f64;
        rest = after.trim_start();
    }
    let span = SimDuration::from_seconds(ticks / TICKS_PER_SECOND as f64);
    if span.0 > SimTime::MAX.0 {
        return Err(format!("`{text}` is longer than 203 days, the longest time that can be simulated"));
    }
    Ok(span)
}

/// A span after the start, or a local time.
pub(super) fn instant(text: &str, calendar: Option<&Calendar>) -> Result<Instant, String> {
    let Ok(local) = text.parse::<DateTime>() else {
        return span(text)
            .map(|after| Instant(SimTime::ZERO + after))
            .map_err(|_| format!("`{text}` is neither a span after the start such as 5h nor a local time"));
    };
    let Some(calendar) = calendar else {
        return Err(format!("`{text}` is a local time, and this scenario has no calendar"));
    };
    calendar.at(local).map(Instant).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_shares() {
        assert_eq!(span("15m"), Ok(SimDuration(900_000_000)));
        assert_eq!(span("1h 30m"), Ok(SimDuration(5_400_000_000)));
        assert_eq!(span("2.5s"), Ok(SimDuration(2_500_000)));
        for wrong in ["", "5", "h", "5 h 6h", "30m 1h", "1..2h", "1000w", "-1h"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
        assert_eq!(share("95%"), Ok(0.95));
        assert_eq!(share("0.95"), Ok(0.95));
        for wrong in ["0", "1", "1.5", "NaN", "x"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
        assert!(rank("0").is_err() && rank("2.5").is_err() && rank("7") == Ok(7));
    }
}
