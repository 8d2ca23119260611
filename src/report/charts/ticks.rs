//! Where axes are marked. Integers only: a tick never depends on the machine.

use super::TimeAxis;
use crate::calendar::{ClockTime, short_date};
use crate::time::{SimTime, TICKS_PER_HOUR};

/// Most steps of a count axis.
const COUNT_STEPS: u64 = 5;
/// Room that a word below a time axis takes (px).
const WORD_WIDTH: i32 = 84;
/// Hours that a clock is marked at.
const CLOCK_STEPS: [u64; 5] = [1, 2, 3, 6, 12];

/// 0, and on in steps of 1, 2 or 5 times a power of ten, to the first that is not below `most`.
pub(super) fn counts(most: u64) -> Vec<u64> {
    let most = most.max(1);
    let mut power = 1_u64;
    let step = loop {
        let found = [1, 2, 5].map(|digit| power.saturating_mul(digit)).into_iter();
        if let Some(step) = found.into_iter().find(|step| most.div_ceil(*step) <= COUNT_STEPS) {
            break step;
        }
        power = power.saturating_mul(10);
    };
    (0..=most.div_ceil(step)).map(|k| k.saturating_mul(step)).collect()
}

/// Round lengths of time, in seconds, up to a day.
const ROUND_TIMES: [f64; 14] =
    [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0];
/// The same in hours, from three to a day.
const ROUND_HOURS: [f64; 4] = [3.0, 6.0, 12.0, 24.0];

/// As [`steps`], of numbers that `write` writes: where it writes seconds as minutes, hours and days, these are round.
pub(super) fn steps_of(low: f64, high: f64, most: u32, write: fn(f64) -> String) -> Vec<f64> {
    let is_time = write(3_600.0).ends_with(" min") && write(7_200.0).ends_with(" h");
    let fits = |step: &f64| (high - low) / step <= f64::from(most);
    let times = ROUND_TIMES.into_iter().chain(ROUND_HOURS.map(|hours| hours * 3_600.0));
    let times = times.chain([2.0, 5.0, 10.0, 20.0, 50.0, 100.0].map(|days| days * 86_400.0));
    let step = Some(times).filter(|_| is_time && high - low > 2.0).and_then(|mut times| times.find(fits));
    step.map_or_else(|| steps(low, high, most), |step| stepped(low, high, step))
}

/// Round numbers in steps of 1, 2 or 5 times a power of ten, at most `most` steps, from one not above `low` to one not
/// below `high`.
pub(super) fn steps(low: f64, high: f64, most: u32) -> Vec<f64> {
    let span = (high - low).max(1e-9);
    let mut power = 1e-12;
    let step = loop {
        let fits = |digit: &f64| span / (power * digit) <= f64::from(most);
        if let Some(digit) = [1.0, 2.0, 5.0].into_iter().find(fits) {
            break power * digit;
        }
        power *= 10.0;
    };
    stepped(low, high, step)
}

/// Multiples of `step` from one not above `low` to one not below `high`.
fn stepped(low: f64, high: f64, step: f64) -> Vec<f64> {
    let first = libm::floor(low / step + 1e-9);
    let count = libm::ceil(high / step - 1e-9) - first;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of steps")]
    let count = count.clamp(1.0, 100.0) as u32;
    // 50 × 0.02 is not quite 1, but is written so.
    let round = |at: f64| libm::round(at * 1e9) / 1e9;
    (0..=count).map(|k| round((first + f64::from(k)) * step)).collect()
}

/// Where `value` lies between two pixels.
#[expect(clippy::cast_possible_truncation, reason = "held between the two pixels")]
pub(super) fn pixel(value: f64, (low, high): (f64, f64), (from, to): (i32, i32)) -> i32 {
    let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
    from + libm::round(share * f64::from(to - from)) as i32
}

/// A number without needless zeros.
pub(super) fn plain(at: f64) -> String {
    let text = format!("{at:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A mark of a time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TimeTick {
    pub(super) at: SimTime,
    /// What it is called; `None` where words would be too many.
    pub(super) word: Option<String>,
}

/// Local midnights, called by their day; where they are few, the hours between them as well. Without a calendar, hours
/// from the start. Words fit below an axis of `width` pixels.
pub(super) fn moments(axis: &TimeAxis<'_>, width: i32) -> Vec<TimeTick> {
    let most = usize::try_from(width / WORD_WIDTH).unwrap_or(0).max(1);
    let Some(calendar) = axis.calendar else { return elapsed(axis, most as u64) };
    let days: Vec<_> = calendar.days(axis.from, axis.to).collect();
    if days.len() > 3 {
        let every = days.len().div_ceil(most);
        let word = |k: usize, date| k.is_multiple_of(every).then(|| short_date(date));
        let midnights = days.iter().enumerate().filter(|(_, day)| day.start >= axis.from);
        return midnights.map(|(k, day)| TimeTick { at: day.start, word: word(k, day.date) }).collect();
    }
    let hours: u64 = 24 * days.len() as u64;
    let step = CLOCK_STEPS.into_iter().find(|step| hours / step <= most as u64).unwrap_or(12);
    let mut ticks = Vec::new();
    for day in &days {
        for hour in (0..24).step_by(usize::try_from(step).expect("at most 12")) {
            let clock = u32::try_from(hour).ok().and_then(|hour| ClockTime::new(hour, 0, 0));
            let at = clock.and_then(|clock| calendar.at_or_after(clock.on(day.date)).ok());
            if let Some(at) = at.filter(|at| *at >= axis.from && *at < axis.to) {
                let word = if hour == 0 { short_date(day.date) } else { format!("{hour:02}:00") };
                ticks.push(TimeTick { at, word: Some(word) });
            }
        }
    }
    ticks
}

fn elapsed(axis: &TimeAxis<'_>, most: u64) -> Vec<TimeTick> {
    let hours = |time: SimTime| time.0 / TICKS_PER_HOUR;
    let (first, last) = (axis.from.0.div_ceil(TICKS_PER_HOUR), hours(axis.to));
    let steps = CLOCK_STEPS.into_iter().chain((1..).map(|days| days * 24));
    let step = { steps }.find(|step| last.saturating_sub(first) / step <= most).unwrap_or(24);
    (first.div_ceil(step)..=last / step)
        .map(|k| TimeTick { at: SimTime(k * step * TICKS_PER_HOUR), word: Some(format!("{} h", k * step)) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, Holidays};
    use crate::report::figures;
    use jiff::civil::date;

    #[test]
    fn counts_end_at_or_above_the_greatest() {
        assert_eq!(counts(0), [0, 1]);
        assert_eq!(counts(7), [0, 2, 4, 6, 8]);
        assert_eq!(counts(1_890), [0, 500, 1_000, 1_500, 2_000]);
        assert_eq!(counts(u64::from(u32::MAX)).last(), Some(&5_000_000_000));
    }

    fn words(calendar: Option<&Calendar>, from: u64, to: u64) -> Vec<String> {
        let axis = TimeAxis { calendar, from: SimTime(from * TICKS_PER_HOUR), to: SimTime(to * TICKS_PER_HOUR) };
        moments(&axis, 840).into_iter().filter_map(|tick| tick.word).collect()
    }

    #[test]
    fn days_are_named_and_hours_where_there_is_room() {
        // Clocks go back on Sunday 25 October: 25 hours.
        let calendar = Calendar::new("Europe/London", date(2026, 10, 24), Holidays::default()).unwrap();
        assert_eq!(
            words(Some(&calendar), 0, 49),
            ["Sat 24 Oct", "06:00", "12:00", "18:00", "Sun 25 Oct", "06:00", "12:00", "18:00"]
        );
        assert_eq!(words(Some(&calendar), 0, 25 + 4 * 24).len(), 5);
        let many = words(Some(&calendar), 0, 60 * 24);
        assert!(many.len() <= 10 && many.len() > 6, "{many:?}");
    }

    #[test]
    fn without_a_calendar_hours_are_counted() {
        assert_eq!(words(None, 0, 24), ["0 h", "3 h", "6 h", "9 h", "12 h", "15 h", "18 h", "21 h", "24 h"]);
        assert_eq!(words(None, 5, 400).first().map(String::as_str), Some("48 h"));
    }

    #[test]
    fn times_are_marked_at_round_hours() {
        let marks = |high| -> Vec<String> {
            steps_of(0.0, high, 5, figures::duration).into_iter().map(figures::duration).collect()
        };
        assert_eq!(marks(190_000.0), ["0 s", "12 h", "24 h", "36 h", "2 days", "2.5 days"]);
        assert_eq!(marks(2_000.0), ["0 s", "10 min", "20 min", "30 min", "40 min"]);
        assert_eq!(steps_of(0.0, 1.0, 5, figures::share), steps(0.0, 1.0, 5));
    }

    #[test]
    fn steps_are_round_and_cover_the_range() {
        let rounded = |low, high, most| steps(low, high, most).iter().map(|at| plain(*at)).collect::<Vec<_>>();
        assert_eq!(rounded(0.5, 4.0, 8), ["0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4"]);
        assert_eq!(rounded(0.931, 0.998, 5), ["0.92", "0.94", "0.96", "0.98", "1"]);
        assert_eq!(rounded(2.0, 2.0, 5).len(), 2);
    }
}
