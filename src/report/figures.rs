//! How numbers are written for people: few digits, a unit, and "–" for what is not known.

use crate::calendar::long_date;
use crate::experiment::Results;
use crate::statistics::estimate::Estimate;
use crate::time::SimTime;

/// What is not known.
pub const UNKNOWN: &str = "–";

/// "1,409", below ten "4.3".
#[must_use]
pub fn count(number: f64) -> String {
    let digits = usize::from(number.abs() < 9.95 && number.fract().abs() > 0.0);
    grouped(&format!("{number:.digits$}"))
}

/// The next whole number up: "14" for 13.2.
#[must_use]
pub fn whole_up(number: f64) -> String {
    count(libm::ceil(number - 1e-9) + 0.0)
}

/// "1 replication", "100 replications".
#[must_use]
pub fn replications(number: u64) -> String {
    if number == 1 { "1 replication".to_owned() } else { format!("{} replications", count(number as f64)) }
}

/// "93.1 %"; near 0 and 100 % with two digits, and never rounded to one of them.
#[must_use]
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    let off_the_ends = share > 0.0 && share < 1.0;
    if off_the_ends && percent < 0.005 {
        "<0.01 %".to_owned()
    } else if off_the_ends && percent >= 99.995 {
        ">99.99 %".to_owned()
    } else if off_the_ends && !(0.95..99.05).contains(&percent) {
        format!("{percent:.2} %")
    } else {
        format!("{} %", trimmed(format!("{percent:.1}")))
    }
}

/// "45 s", "12.5 min", "5.2 h", "3.1 days", from seconds.
#[must_use]
pub fn duration(seconds: f64) -> String {
    let (number, unit) = match seconds.abs() {
        size if size < 89.95 => (seconds, "s"),
        size if size < 5_397.0 => (seconds / 60.0, "min"),
        size if size < 172_620.0 => (seconds / 3_600.0, "h"),
        _ => (seconds / 86_400.0, "days"),
    };
    format!("{} {unit}", trimmed(format!("{number:.1}")))
}

/// "291 h", from hours; always in hours, so that a column can be added up.
#[must_use]
pub fn hours(hours: f64) -> String {
    format!("{} h", count(hours))
}

/// Any number: three digits or more, without a unit.
#[must_use]
pub fn number(number: f64) -> String {
    let size = number.abs();
    let digits = match size {
        size if size >= 1_000.0 || size <= 0.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        size if size >= 1.0 => 3,
        size if size >= 0.001 => 5,
        _ => return format!("{number:e}"),
    };
    grouped(&trimmed(format!("{number:.digits$}")))
}

/// The value of an estimate as `write` writes it, or "–".
#[must_use]
pub fn value(estimate: &Estimate, write: fn(f64) -> String) -> String {
    estimate.value.map_or_else(|| UNKNOWN.to_owned(), write)
}

/// Value and interval: "93.1 % (92.9 % to 93.3 %)"; the value alone without an interval, or with one that reads like it.
#[must_use]
pub fn interval(estimate: &Estimate, write: fn(f64) -> String) -> String {
    let whole = value(estimate, write);
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) if write(low) != whole || write(high) != whole => {
            format!("{whole} ({} to {})", write(low), write(high))
        }
        _ => whole,
    }
}

/// Value and how far the interval reaches above it, for narrow columns: "1,321 ±55".
#[must_use]
pub fn plus_minus(estimate: &Estimate, write: fn(f64) -> String) -> String {
    let whole = value(estimate, write);
    let beyond = estimate.high.zip(estimate.value).map(|(high, value)| high - value).filter(|beyond| *beyond > 0.0);
    match beyond.map(write) {
        Some(beyond) if beyond != "0.0" => format!("{whole} ±{beyond}"),
        _ => whole,
    }
}

/// "Fri 27 Nov 18:00"; without a calendar the time since the start.
#[must_use]
pub fn instant(results: &Results, at: SimTime) -> String {
    match &results.calendar {
        Some(calendar) => calendar.short_deadline(at),
        None => format!("{} from the start", duration(at.seconds())),
    }
}

/// "Friday 27 November, 18:00", at midnight "Friday 27 November, 24:00"; without a calendar the time since the start.
#[must_use]
pub fn long_instant(results: &Results, at: SimTime) -> String {
    match &results.calendar {
        Some(calendar) if calendar.short_deadline(at).ends_with(" 24:00") => {
            format!("{}, 24:00", day_that_ends(results, at))
        }
        Some(calendar) => calendar.long(at),
        None => instant(results, at),
    }
}

/// "on Friday 27 November, 18:00"; without a calendar "18 h after the start".
#[must_use]
pub fn when(results: &Results, at: SimTime) -> String {
    match &results.calendar {
        Some(_) => format!("on {}", long_instant(results, at)),
        None => format!("{} after the start", duration(at.seconds())),
    }
}

/// "on Friday 27 November", the day that the span ending at `end` belongs to; without a calendar "30 h after the start".
#[must_use]
pub fn on_day_that_ends(results: &Results, end: SimTime) -> String {
    match &results.calendar {
        Some(_) => format!("on {}", day_that_ends(results, end)),
        None => when(results, end),
    }
}

/// "Friday 27 November": the day that the span ending at `end` belongs to; without a calendar the time of its end.
#[must_use]
pub fn day_that_ends(results: &Results, end: SimTime) -> String {
    match &results.calendar {
        Some(calendar) => long_date(calendar.day(SimTime(end.0.saturating_sub(1))).date),
        None => instant(results, end),
    }
}

/// The same text with a no-break space after each number, so that a line never ends between "13" and "heads".
#[must_use]
pub fn glued(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after_number = false;
    for word in text.split_inclusive(' ') {
        if after_number && !out.is_empty() {
            out.pop();
            out.push(NO_BREAK);
        }
        out.push_str(word);
        // "13", "(93.1", "<0.01", "1,409", but not "14:00," or "98%".
        let bare = word.trim_end_matches(' ').trim_start_matches(['(', '<', '>', '-']);
        after_number = word.ends_with(' ')
            && bare.starts_with(|letter: char| letter.is_ascii_digit())
            && bare.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ','))
            && !bare.ends_with([',', '.']);
    }
    out
}

/// A space at which no line is broken.
pub const NO_BREAK: char = '\u{a0}';

fn trimmed(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Thousands apart: "12,400.5".
fn grouped(text: &str) -> String {
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = unsigned.find('.').map_or((unsigned, ""), |at| unsigned.split_at(at));
    let mut out = sign.to_owned();
    for (k, digit) in whole.chars().enumerate() {
        if k > 0 && (whole.len() - k).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_sensible_digits() {
        let counts: Vec<String> = [0.0, 3.0, 4.26, 9.96, 97.4, 1_409.6, 1_234_567.0].map(count).to_vec();
        assert_eq!(counts, ["0", "3", "4.3", "10", "97", "1,410", "1,234,567"]);
        let shares: Vec<String> = [0.0, 0.000_01, 0.004_2, 0.5, 0.931, 0.995_4, 0.999_99, 1.0].map(share).to_vec();
        assert_eq!(shares, ["0 %", "<0.01 %", "0.42 %", "50 %", "93.1 %", "99.54 %", ">99.99 %", "100 %"]);
        let spells: Vec<String> = [0.0, 45.26, 90.0, 5_400.0, 20_000.0, 300_000.0].map(duration).to_vec();
        assert_eq!(spells, ["0 s", "45.3 s", "1.5 min", "1.5 h", "5.6 h", "3.5 days"]);
        let plain: Vec<String> = [0.0, -0.25, 3.145_29, 27.5, 12_345.678, 0.000_01].map(number).to_vec();
        assert_eq!(plain, ["0", "-0.25", "3.145", "27.5", "12,346", "1e-5"]);
    }

    #[test]
    fn a_number_stays_with_what_it_counts() {
        let glue = |text: &str| glued(text).replace(NO_BREAK, "_");
        assert_eq!(
            glue("at least 13 heads, 93.1 % (92.9 % to 93.3 %)"),
            "at least 13_heads, 93.1_% (92.9_% to 93.3_%)"
        );
        assert_eq!(glue("by 14:00 mon-sat, 98% of 1,409 orders"), "by 14:00 mon-sat, 98% of 1,409_orders");
        assert_eq!(glue("on Friday 27 November, 24:00 and 3"), "on Friday 27_November, 24:00 and 3");
        assert_eq!(glue("1, 2 and  3  "), "1, 2_and  3_ ");
        assert_eq!(whole_up(13.2), "14");
        assert_eq!((whole_up(13.0).as_str(), whole_up(0.0).as_str()), ("13", "0"));
    }

    #[test]
    fn an_interval_is_shown_only_when_there_is_one() {
        let estimate = Estimate::around(0.931, Some(0.002), 0.95, 8);
        assert_eq!(interval(&estimate, share), "93.1 % (92.9 % to 93.3 %)");
        assert_eq!(interval(&Estimate::point(0.931, 0.95, 1), share), "93.1 %");
        assert_eq!(interval(&Estimate::around(1.0, Some(0.0), 0.95, 8), share), "100 %");
        assert_eq!(plus_minus(&Estimate::around(1_321.0, Some(54.6), 0.95, 8), count), "1,321 ±55");
        assert_eq!(plus_minus(&Estimate::around(0.0, Some(0.0), 0.95, 8), count), "0");
        assert_eq!(plus_minus(&Estimate::point(7.0, 0.95, 1), count), "7");
        assert_eq!(interval(&Estimate::unknown(0.95, 3), share), "–");
    }
}
