//! Expected orders per hour over the whole run, piece by piece.

use jiff::civil::Date;

use super::TimeFrame;
use crate::calendar::Calendar;
use crate::model::{Intensity, IntensityStep};
use crate::scenario::data::DayShape;
use crate::time::{SimDuration, SimTime, TICKS_PER_SECOND};

const SECONDS_PER_HOUR: u64 = 3_600;
/// The answers to a mailing never end: on a day without orders so few of them are no contradiction.
const LAST_ANSWERS: f64 = 0.5;

/// A rate that is constant in each of its pieces, which follow each other without a gap.
#[derive(Clone, Debug, Default)]
pub(super) struct Curve {
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    from: SimTime,
    to: SimTime,
    per_hour: f64,
}

impl Piece {
    fn orders(&self) -> f64 {
        self.per_hour * self.to.since(self.from).hours()
    }
}

/// A day, or what stands for one where the run has no calendar.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlanDay {
    /// Its date, where it has one.
    pub(super) date: Option<Date>,
    /// First instant.
    pub(super) start: SimTime,
    /// First instant of the next.
    pub(super) end: SimTime,
}

/// More orders are taken out of a day than it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooFew {
    /// The day.
    pub(super) day: PlanDay,
    /// Orders it has.
    pub(super) has: f64,
    /// Orders that were to be taken out.
    pub(super) wanted: f64,
}

/// The days of the run until arrivals end; without a calendar, days of 24 hours from the start.
pub(super) fn plan_days(time: &TimeFrame) -> Vec<PlanDay> {
    let end = time.arrivals_end();
    if time.calendar.is_some() {
        let days = time.days.iter().take_while(|day| day.start < end);
        return days.map(|day| PlanDay { date: Some(day.date), start: day.start, end: day.end }).collect();
    }
    let day = SimDuration::from_hours(24).0;
    (0..end.0.div_ceil(day))
        .map(|k| PlanDay { date: None, start: SimTime(k * day), end: SimTime((k + 1) * day) })
        .collect()
}

impl Curve {
    /// Rates from the given instants on, ascending; nothing before the first.
    pub(super) fn steps(steps: &[(SimTime, f64)], end: SimTime) -> Curve {
        let mut pieces = Vec::new();
        if steps.first().is_some_and(|(from, _)| *from > SimTime::ZERO) {
            pieces.push(Piece { from: SimTime::ZERO, to: steps[0].0, per_hour: 0.0 });
        }
        for (k, (from, per_hour)) in steps.iter().enumerate() {
            let to = steps.get(k + 1).map_or(end, |next| next.0);
            pieces.push(Piece { from: *from, to, per_hour: *per_hour });
        }
        pieces.retain(|piece| piece.from < piece.to);
        Curve { pieces }
    }

    /// Days with the given totals and shapes. A day keeps its total whatever its length: on a day of 23 or 25 hours the
    /// hours that the clock shows share it in proportion.
    pub(super) fn daily<'s>(
        days: &[PlanDay],
        calendar: Option<&Calendar>,
        plan: impl Fn(&PlanDay) -> (f64, &'s DayShape),
    ) -> Curve {
        let pieces = days.iter().flat_map(|day| {
            let (total, shape) = plan(day);
            shaped_day(day, calendar, total, shape)
        });
        Curve { pieces: pieces.collect() }
    }

    /// Gives a day another shape; its total stays.
    pub(super) fn reshape(&mut self, day: &PlanDay, calendar: Option<&Calendar>, shape: &DayShape) {
        self.split(day.start);
        self.split(day.end);
        let inside = |piece: &Piece| day.start <= piece.from && piece.to <= day.end;
        let total = self.pieces.iter().filter(|piece| inside(piece)).map(Piece::orders).sum();
        let first = self.pieces.partition_point(|piece| piece.to <= day.start);
        let last = self.pieces.partition_point(|piece| piece.to <= day.end);
        self.pieces.splice(first..last, shaped_day(day, calendar, total, shape));
    }

    /// Multiplies the rate from `from` to `to`.
    pub(super) fn scale(&mut self, from: SimTime, to: SimTime, factor: f64) {
        self.split(from);
        self.split(to);
        for piece in self.pieces.iter_mut().filter(|piece| from <= piece.from && piece.to <= to) {
            piece.per_hour *= factor;
        }
    }

    /// Takes the expected orders of `sends` out of each day, hour by hour. Where an hour has fewer than are to be taken
    /// out, it is left without orders and the other hours of its day make up for it in proportion: curve and sends
    /// together bring what the curve alone would have brought that day.
    ///
    /// # Errors
    /// The first day that has fewer orders than the sends bring on it.
    pub(super) fn take_out(&mut self, days: &[PlanDay], sends: &[Intensity]) -> Result<(), TooFew> {
        for day in days {
            let wanted: f64 = sends.iter().map(|send| send.expected(day.start, day.end)).sum();
            if wanted <= 0.0 {
                continue;
            }
            self.split_hours(day);
            let in_day = |piece: &&mut Piece| day.start <= piece.from && piece.to <= day.end;
            let (mut has, mut left) = (0.0, 0.0);
            for piece in self.pieces.iter_mut().filter(in_day) {
                has += piece.orders();
                let taken: f64 = sends.iter().map(|send| send.expected(piece.from, piece.to)).sum();
                let hours = piece.to.since(piece.from).hours();
                piece.per_hour = (piece.per_hour - taken / hours).max(0.0);
                left += piece.orders();
            }
            if wanted > has + LAST_ANSWERS {
                return Err(TooFew { day: *day, has, wanted });
            }
            let scale = if left > 0.0 { (has - wanted).max(0.0) / left } else { 0.0 };
            self.pieces.iter_mut().filter(in_day).for_each(|piece| piece.per_hour *= scale);
        }
        Ok(())
    }

    /// The curve as a model has it.
    pub(super) fn intensity(&self) -> Intensity {
        let mut steps: Vec<IntensityStep> = Vec::new();
        for piece in &self.pieces {
            if steps.last().is_none_or(|last| last.per_hour.to_bits() != piece.per_hour.to_bits()) {
                steps.push(IntensityStep { from: piece.from, per_hour: piece.per_hour });
            }
        }
        Intensity::Steps(steps)
    }

    fn split_hours(&mut self, day: &PlanDay) {
        let mut at = day.start;
        while at < day.end {
            self.split(at);
            at += SimDuration::from_hours(1);
        }
        self.split(day.end);
    }

    fn split(&mut self, at: SimTime) {
        let index = self.pieces.partition_point(|piece| piece.to <= at);
        if let Some(piece) = self.pieces.get_mut(index)
            && piece.from < at
        {
            let rest = Piece { from: at, ..*piece };
            piece.to = at;
            self.pieces.insert(index + 1, rest);
        }
    }
}

/// The pieces of a day with this total and shape.
fn shaped_day(day: &PlanDay, calendar: Option<&Calendar>, total: f64, shape: &DayShape) -> Vec<Piece> {
    let mut pieces = Vec::new();
    match calendar {
        Some(calendar) => {
            for hour in calendar.hours(day.start, day.end) {
                let shown = calendar.local(hour.start);
                let part = |value: i8| u64::from(value.unsigned_abs());
                let second = u64::from(hour.hour) * SECONDS_PER_HOUR + part(shown.minute()) * 60 + part(shown.second());
                shaped(hour.start, hour.end, second, shape, &mut pieces);
            }
        }
        None => shaped(day.start, day.end, 0, shape, &mut pieces),
    }
    let shown: f64 = pieces.iter().map(Piece::orders).sum();
    let scale = if shown > 0.0 { total / shown } else { 0.0 };
    pieces.iter_mut().for_each(|piece| piece.per_hour *= scale);
    pieces
}

/// The pieces of a shape from `from` to `to`, where the clock shows `second` of the day at `from`.
fn shaped(from: SimTime, to: SimTime, second: u64, shape: &DayShape, pieces: &mut Vec<Piece>) {
    let step = u64::from(shape.step_minutes()) * 60;
    let hours = step as f64 / SECONDS_PER_HOUR as f64;
    let (mut now, mut second) = (from, second);
    while now < to {
        let index = usize::try_from(second / step).unwrap_or(usize::MAX) % shape.shares().len();
        let rest = step - second % step;
        let next = (now + SimDuration(rest * TICKS_PER_SECOND)).min(to);
        pieces.push(Piece { from: now, to: next, per_hour: shape.shares()[index] / hours });
        now = next;
        second += rest;
    }
}
