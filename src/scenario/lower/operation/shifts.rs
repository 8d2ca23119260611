//! Shifts: who is there from when to when, breaks taken out.

use jiff::civil::Date;

use super::Lowering;
use super::days::{clock_time, day_set};
use crate::calendar::TimeWindow;
use crate::model::ShiftSpan;
use crate::scenario::diagnostic::Place;
use crate::scenario::file::pool::BreakValue;
use crate::scenario::reader::Spanned;
use crate::scenario::units::days::Days;
use crate::scenario::units::time::Clock;
use crate::time::{SimDuration, SimTime, TICKS_PER_SECOND};

/// The longest shift that may run over midnight: beyond it, `from` and `to` have probably changed places.
const LONGEST_NIGHT: SimDuration = SimDuration::from_hours(16);

/// A group of people who come on certain days.
pub(super) struct Presence<'a> {
    pub(super) days: Option<&'a Spanned<Days>>,
    pub(super) from: &'a Spanned<Clock>,
    pub(super) to: &'a Spanned<Clock>,
    pub(super) breaks: &'a [Spanned<BreakValue>],
    pub(super) place: &'a Place,
    /// Place among the shifts of its pool.
    pub(super) index: usize,
    pub(super) heads: u32,
    pub(super) absent: f64,
    pub(super) pay: f64,
    pub(super) speed: f64,
}

/// A break within a shift: after its beginning by the clock, and how long.
type Pause = (SimDuration, SimDuration);

impl Lowering<'_> {
    /// The stretches of presence of `group` over the whole run.
    pub(super) fn spans(&mut self, group: &Presence<'_>) -> Option<Vec<ShiftSpan>> {
        let window = self.window(group.from, group.to.value, &group.to.place)?;
        if window.crosses_midnight() && window.clock_length() > LONGEST_NIGHT {
            let hours = window.clock_length().hours();
            let message = format!("the shift ends before it starts, or goes on for {hours} hours into the next day");
            let help = "exchange `from` and `to`, or write two shifts";
            self.wrong("out-of-order", &group.to.place, message, "earlier than `from`", help);
            return None;
        }
        let pauses = self.pauses(group, window)?;
        let calendar = self.time.calendar_for("a shift", group.place, self.sink)?;
        let end = self.time.horizon.end.min(SimTime::MAX);
        let days = day_set(group.days.map(|days| &days.value));
        let mut spans = Vec::new();
        let eve = calendar.day(SimTime::ZERO).date.yesterday().unwrap_or(Date::MIN);
        let dates = std::iter::once(eve).chain(calendar.days(SimTime::ZERO, end).map(|day| day.date));
        for date in dates.filter(|date| days.contains(*date, calendar.holidays())) {
            let Some((mut from, to)) = calendar.window(date, window) else { continue };
            let shift_day = shift_day(group.index, date);
            let mut add = |from: SimTime, to: SimTime| {
                if from < to {
                    let Presence { heads, absent, pay, speed, .. } = *group;
                    spans.push(ShiftSpan { from, to, heads, absent, shift_day, pay, speed });
                }
            };
            for (after, lasts) in &pauses {
                let local = window.on(date).0.checked_add(jiff::SignedDuration::from_micros(after.0.cast_signed()));
                let Some(pause) = local.ok().and_then(|local| calendar.at_or_after(local).ok()) else { continue };
                add(from, pause.min(to));
                from = (pause + *lasts).max(from);
            }
            add(from, to);
        }
        if spans.is_empty() {
            let message = "nobody of this shift ever comes in the run";
            self.wrong("never", group.place, message, "on none of the days", "check the days and the horizon");
            return None;
        }
        Some(spans)
    }

    /// The breaks in order, each within the shift and after the one before.
    fn pauses(&mut self, group: &Presence<'_>, window: TimeWindow) -> Option<Vec<Pause>> {
        let day = 86_400 * TICKS_PER_SECOND;
        let start = u64::from(window.from().second_of_day()) * TICKS_PER_SECOND;
        let mut pauses: Vec<(Pause, &Place)> = Vec::new();
        for written in group.breaks {
            let (at, lasts) = match &written.value {
                BreakValue::Short(short) => (short.at, short.lasts),
                BreakValue::Full(table) => (table.at.value, table.lasts.value),
            };
            let at = u64::from(clock_time(at).second_of_day()) * TICKS_PER_SECOND;
            // A break that is earlier by the clock than the shift's beginning is one after midnight.
            let after = SimDuration(if at < start { at + day - start } else { at - start });
            if after + lasts > window.clock_length() {
                let message = "this break does not lie within its shift";
                let (from, to) = (window.from(), window.to());
                let help = format!("the shift goes from {from} to {to}: a break begins and ends within it");
                self.wrong("outside", &written.place, message, "outside the shift", &help);
                return None;
            }
            pauses.push(((after, lasts), &written.place));
        }
        pauses.sort_by_key(|((after, _), _)| *after);
        for pair in pauses.windows(2) {
            let ((after, lasts), _) = pair[0];
            if after + lasts > pair[1].0.0 {
                let message = "this break begins before the last one has ended";
                self.wrong(
                    "overlap",
                    pair[1].1,
                    message,
                    "overlaps",
                    "write them as one break, or one after the other",
                );
                return None;
            }
        }
        Some(pauses.into_iter().map(|(pause, _)| pause).collect())
    }
}

/// The identity of a shift on a day: the same whatever the horizon and whatever other shifts there are.
pub(super) fn shift_day(index: usize, date: Date) -> u64 {
    let days = date.since(Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days());
    (index as u64) << 32 | u64::from(days.unsigned_abs())
}
