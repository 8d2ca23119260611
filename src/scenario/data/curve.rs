//! Measured curves of a day: the share of orders in each hour, or each five minutes.

use std::io::Read;

use super::error::{DataError, DataErrorKind, Found};
use super::path::DataPath;
use super::table::{Column, Table};

const MINUTES_PER_DAY: u32 = 1_440;
const ADVICE: &str = "a day curve has a header such as `hour,share` (0 to 23) or `at,value` (00:00, 00:05, ...)";
const HOUR_WANTED: &str = "write an hour from 0 to 23";
const MINUTE_WANTED: &str = "write a minute of the day from 0 to 1439";
const CLOCK_WANTED: &str = "write a time of day such as 07:05";

/// Shares of a day in equal steps; within a step the rate is constant.
#[derive(Debug, Clone, PartialEq)]
pub struct DayShape {
    shares: Vec<f64>,
}

impl DayShape {
    /// The shape of these values, one for each equal step from midnight; they are divided by their sum.
    ///
    /// None unless there are at least two values, their number divides 1,440 (minutes), all are finite and not
    /// negative, and their sum is finite and above zero.
    #[must_use]
    pub fn new(values: &[f64]) -> Option<DayShape> {
        let steps = u32::try_from(values.len()).ok()?;
        let divides = steps >= 2 && MINUTES_PER_DAY.is_multiple_of(steps);
        let fit = values.iter().all(|value| value.is_finite() && *value >= 0.0);
        let total: f64 = values.iter().sum();
        let shares: Vec<f64> = values.iter().map(|value| value / total).collect();
        (divides && fit && total.is_finite() && total > 0.0).then_some(DayShape { shares })
    }

    /// Shares of the steps in order, which add up to 1.
    #[must_use]
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// Length of a step in minutes; divides 1,440.
    #[must_use]
    pub fn step_minutes(&self) -> u32 {
        MINUTES_PER_DAY / u32::try_from(self.shares.len()).expect("at most 1,440 steps")
    }
}

/// A day curve read from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct DayCurve {
    /// The curve.
    pub shape: DayShape,
    /// Hash of the file's bytes.
    pub hash: blake3::Hash,
}

impl DayCurve {
    /// Reads a curve: a column `hour`, `minute_of_day` or `at` (also `start`; `HH:MM`) and a column `share`, `value` or
    /// `orders`; rows from midnight in equal steps.
    ///
    /// # Errors
    /// See [`DataErrorKind`]: gaps, uneven steps, negative or unreadable values, a sum of zero.
    pub fn load(path: &DataPath) -> Result<DayCurve, DataError> {
        DayCurve::read(path.shown(), path.open()?)
    }

    /// Reads a curve from any source of bytes; `file` is its name in messages.
    ///
    /// # Errors
    /// As [`DayCurve::load`].
    pub fn read(file: &str, source: impl Read) -> Result<DayCurve, DataError> {
        let mut table = Table::open(file, source)?;
        let at = table.needed(&["hour", "minute_of_day", "at", "start"], ADVICE)?;
        let value = table.needed(&["share", "value", "orders"], ADVICE)?;
        let mut values = vec![];
        let mut step = None;
        while table.next_row()? {
            let minute = minute_of_day(&table, at)?;
            check_step(values.len(), minute, &mut step).map_err(|kind| table.cell_error(at, kind))?;
            values.push(table.needed_number(value)?);
        }
        let step = step.unwrap_or(60);
        let covered = step * u32::try_from(values.len()).expect("no more rows than steps were let through");
        if !values.is_empty() && covered != MINUTES_PER_DAY {
            let steps = MINUTES_PER_DAY / step;
            return Err(table.whole(DataErrorKind::EarlyEnd { expected: covered, steps }));
        }
        let no_total = table.whole(DataErrorKind::NoTotal { what: "the shares" });
        let hash = table.finish()?;
        let shape = DayShape::new(&values).ok_or(no_total)?;
        Ok(DayCurve { shape, hash })
    }
}

/// Checks that the row number `index` (from 0) is for the minute that comes next; the second row sets the step.
fn check_step(index: usize, minute: u32, step: &mut Option<u32>) -> Result<(), DataErrorKind> {
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    if index == 0 {
        return if minute == 0 { Ok(()) } else { Err(DataErrorKind::LateStart { minute }) };
    }
    let step = *step.get_or_insert(minute);
    if step == 0 || !MINUTES_PER_DAY.is_multiple_of(step) {
        return Err(DataErrorKind::BadStep { minutes: step });
    }
    // A row past the end of the day is told as one that should have been the next day's midnight.
    let expected = index.saturating_mul(step).min(MINUTES_PER_DAY);
    if minute == expected { Ok(()) } else { Err(DataErrorKind::OutOfStep { minute, expected }) }
}

/// The row's minute of the day; `hour` columns hold hours.
fn minute_of_day(table: &Table<'_>, column: Column) -> Result<u32, DataError> {
    let (unit, limit, wanted) = match column.name {
        "hour" => (60, 24, HOUR_WANTED),
        "minute_of_day" => (1, MINUTES_PER_DAY, MINUTE_WANTED),
        _ => (1, 0, CLOCK_WANTED),
    };
    let text = table.text(column)?;
    let text = table.filled(column, text, wanted)?;
    let minute = match text.split_once(':') {
        Some((hour, minute)) => read_clock(hour, minute),
        None => text.parse().ok().filter(|number: &u32| *number < limit).map(|number| number * unit),
    };
    let bad = || DataErrorKind::BadCell { found: Found::number(text), wanted };
    minute.ok_or_else(|| table.cell_error(column, bad()))
}

/// `7` and `05` (or `05:00`) as 425.
fn read_clock(hour: &str, minute: &str) -> Option<u32> {
    let minute = minute.strip_suffix(":00").unwrap_or(minute);
    let short =
        |text: &str, least: usize| (least..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !short(hour, 1) || !short(minute, 2) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<DayCurve, DataError> {
        DayCurve::read("curve.csv", text.as_bytes())
    }

    fn kind(text: &str) -> (Option<u64>, DataErrorKind) {
        let error = read(text).unwrap_err();
        (error.row, error.kind)
    }

    fn hours(share: impl Fn(u32) -> String) -> String {
        (0..24).fold("hour,share\n".to_owned(), |text, hour| format!("{text}{hour},{}\n", share(hour)))
    }

    #[test]
    fn hourly_shares_are_normalised() {
        let text = hours(|hour| if hour < 12 { "3".into() } else { "1".into() });
        let curve = read(&text).unwrap();
        assert_eq!((curve.shape.step_minutes(), curve.shape.shares().len()), (60, 24));
        let bits = |hour: usize| curve.shape.shares()[hour].to_bits();
        assert_eq!(bits(0), 0.0625_f64.to_bits());
        assert_eq!(bits(23), (1.0_f64 / 48.0).to_bits());
        assert_eq!(curve.hash, blake3::hash(text.as_bytes()));
    }

    #[test]
    fn five_minute_curves_are_read_from_clock_times_and_minutes() {
        let clock = (0..288).fold("at,value\n".to_owned(), |text, step| {
            format!("{text}{:02}:{:02},{step}\n", step * 5 / 60, step * 5 % 60)
        });
        let minutes =
            (0..288).fold("minute_of_day;value\n".to_owned(), |text, step| format!("{text}{};{step}\n", step * 5));
        let curve = read(&clock).unwrap();
        assert_eq!(curve.shape.step_minutes(), 5);
        assert_eq!(curve.shape, read(&minutes).unwrap().shape);
    }

    #[test]
    fn gaps_and_uneven_steps_are_named() {
        let whole = hours(|_| "1".into());
        let gap = whole.replace("5,1\n6,1\n", "6,1\n");
        assert_eq!(kind(&gap), (Some(7), DataErrorKind::OutOfStep { minute: 360, expected: 300 }));
        assert_eq!(kind(&format!("{whole}0,1\n")), (Some(26), DataErrorKind::OutOfStep { minute: 0, expected: 1440 }));
        assert_eq!(kind(&whole.replace("\n23,1", "")).1, DataErrorKind::EarlyEnd { expected: 1380, steps: 24 });
        assert_eq!(kind("hour,share\n0,1\n").1, DataErrorKind::EarlyEnd { expected: 60, steps: 24 });
        assert_eq!(kind("hour,share\n7,1\n"), (Some(2), DataErrorKind::LateStart { minute: 420 }));
        assert_eq!(kind("at,value\n00:00,1\n00:07,1\n"), (Some(3), DataErrorKind::BadStep { minutes: 7 }));
        assert_eq!(kind("at,value\n00:00,1\n00:00,1\n").1, DataErrorKind::BadStep { minutes: 0 });
    }

    #[test]
    fn bad_values_are_named() {
        for bad in ["-1", "NaN", "inf", "x", ""] {
            assert_eq!(kind(&hours(|hour| if hour == 3 { bad.into() } else { "1".into() })).0, Some(5), "{bad}");
        }
        assert_eq!(kind(&hours(|_| "0".into())).1, DataErrorKind::NoTotal { what: "the shares" });
        assert_eq!(kind(&hours(|_| "1e308".into())).1, DataErrorKind::NoTotal { what: "the shares" });
        for bad in ["24", "25:00", "7:5", "noon", "-1"] {
            assert_eq!(kind(&format!("hour,share\n0,1\n{bad},1\n")).0, Some(3), "{bad}");
        }
        assert!(read("hour,orders_est\n0,1\n").unwrap_err().to_string().contains("column `share`"));
    }
}
