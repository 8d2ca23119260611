//! How orders spread over the hours of a day and the days of a week.

use jiff::civil::Weekday;

use super::DataFiles;
use super::counts::adds_up;
use crate::scenario::data::{DayCurve, DayShape};
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::source::{HourValue, HourlyValue, WeekdayValue};
use crate::scenario::reader::{Sink, Spanned};
use crate::scenario::units::days::{ByWeekday, WEEKDAYS};

/// A day on which every minute is like any other.
pub(super) fn even_day() -> DayShape {
    DayShape::new(&[1.0; 24]).expect("24 equal shares are a shape")
}

/// The shape that `written` describes; `None` after an error.
pub(super) fn hourly(written: &Spanned<HourlyValue>, data: &mut DataFiles, sink: &mut Sink) -> Option<DayShape> {
    let values = match &written.value {
        HourlyValue::File(path) => {
            return data.read(path, |path| DayCurve::load(path).map(|read| (read.shape, read.hash)));
        }
        HourlyValue::Shares(values) => values,
    };
    let numbers: Vec<f64> = values
        .iter()
        .map(|value| match value {
            HourValue::Share(share) => share.get(),
            HourValue::Weight(weight) => weight.get(),
        })
        .collect();
    let shares = values.iter().filter(|value| matches!(value, HourValue::Share(_))).count();
    if shares > 0 && shares < values.len() {
        let message = "some hours are shares in per cent and some are plain numbers";
        let help = "write all of them in per cent, or all as numbers in proportion to each other";
        sink.push(Diagnostic::error("mixed-shares", &written.place, message).label("mixed").help(help));
        return None;
    }
    if shares > 0 && !adds_up(numbers.iter().sum(), "the shares of the hours", &written.place, sink) {
        return None;
    }
    let shape = DayShape::new(&numbers);
    if shape.is_none() {
        let message = format!("{} values do not make a day", numbers.len());
        let help = "give 24 (one for each hour; or 48, 96, 288 equal steps), at least one above zero";
        sink.push(Diagnostic::error("bad-day-shape", &written.place, message).label("not a day").help(help));
    }
    shape
}

/// Factors of the weekdays, Monday first, that average to 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct WeekShape([f64; 7]);

impl WeekShape {
    /// All days alike.
    pub(super) const EVEN: WeekShape = WeekShape([1.0; 7]);

    /// The factor of `day`.
    pub(super) fn factor(&self, day: Weekday) -> f64 {
        self.0[usize::from(day.to_monday_zero_offset().unsigned_abs())]
    }

    /// The factors that `written` describes; `None` after an error.
    pub(super) fn read(written: &Spanned<ByWeekday<WeekdayValue>>, sink: &mut Sink) -> Option<WeekShape> {
        let given = || written.value.0.iter().flatten();
        let shares = given().filter(|day| matches!(day.value, WeekdayValue::Share(_))).count();
        if shares == 0 {
            return WeekShape::of_factors(written, sink);
        }
        if shares < 7 {
            let message = "shares of the week need all seven days in per cent";
            let help = "or write factors on the average day: weekday = { mon-fri = 1.1, sat = 0.8, sun = 0.7 }";
            sink.push(Diagnostic::error("mixed-shares", &written.place, message).label("not all seven").help(help));
            return None;
        }
        let mut days = [0.0; 7];
        for (slot, day) in days.iter_mut().zip(given()) {
            *slot = number(&day.value);
        }
        let sum: f64 = days.iter().sum();
        adds_up(sum, "the shares of the week", &written.place, sink).then(|| WeekShape(days.map(|day| day / sum * 7.0)))
    }

    fn of_factors(written: &Spanned<ByWeekday<WeekdayValue>>, sink: &mut Sink) -> Option<WeekShape> {
        // Factors are measured or rounded: an average this near to 1 was meant to be 1.
        const ROUNDED: f64 = 0.02;
        let mut days = [1.0; 7];
        for (slot, day) in days.iter_mut().zip(&written.value.0) {
            *slot = day.as_ref().map_or(1.0, |day| number(&day.value));
        }
        let average = days.iter().sum::<f64>() / 7.0;
        if average <= 0.0 {
            let message = "no day of the week has any orders";
            let help = "give at least one day a factor above zero: weekday = { mon-fri = 1.4, sat = 0, sun = 0 }";
            sink.push(Diagnostic::error("no-orders", &written.place, message).label("all zero").help(help));
            return None;
        }
        if (average - 1.0).abs() > ROUNDED {
            sink.push(scaled_weekdays(&written.place, average));
        }
        Some(WeekShape(days.map(|day| day / average)))
    }
}

fn number(value: &WeekdayValue) -> f64 {
    match value {
        WeekdayValue::Share(share) => share.get(),
        WeekdayValue::Factor(factor) => factor.get(),
    }
}

fn scaled_weekdays(place: &Place, average: f64) -> Diagnostic {
    let names: Vec<&str> = WEEKDAYS.iter().map(|(name, _)| *name).collect();
    let average = libm::round(average * 1e3) / 1e3;
    let message = format!("the factors of the weekdays average to {average}; they are scaled to average to 1");
    let help = format!(
        "`orders_per_day` is the average over seven days; give all of {} so that they average to 1",
        names.join(", ")
    );
    Diagnostic::warning("scaled-weekdays", place, message).label("scaled").help(help)
}
