//! Cut-offs: which day's dispatch an order is promised for.

use std::fmt;

use jiff::civil::Date;

use super::{Calendar, ClockTime, WorkingDays};
use crate::time::SimTime;

/// A promise by cut-off. An order whose clock starts on a working day before the cut-off is due that day; one that
/// starts exactly at the cut-off or later, or on a day that is not worked, is due the next working day. `extra` working
/// days later, where some are given. It is due at the clock time `close` of its day.
///
/// "Before" is meant by instants: on the night clocks go back, a cut-off that occurs twice is over at its first
/// occurrence, and one that clocks go forward over lies at the end of the gap. So a later order is never due earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOff {
    at: ClockTime,
    days: WorkingDays,
    close: ClockTime,
    extra: u32,
}

/// Why a cut-off promises the impossible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOffError {
    /// The cut-off.
    pub at: ClockTime,
    /// The clock time at which its orders would be due, before the cut-off.
    pub close: ClockTime,
}

/// The due instant of every start of an interval: a step function, computed once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTable {
    /// Starts from the first instant of one to the next's are due at the second; both ascend.
    steps: Vec<(SimTime, SimTime)>,
    to: SimTime,
    /// Ticks from one step to the next, on average; at least 1.
    mean_step: u64,
}

impl CutOff {
    /// Orders before `at` on one of `days` are due at `close` ([`ClockTime::END_OF_DAY`]: by the end of that day),
    /// `extra` working days later.
    ///
    /// # Errors
    /// When `close` is earlier than `at` and `extra` is 0: orders would be due before they exist.
    pub fn new(at: ClockTime, days: WorkingDays, close: ClockTime, extra: u32) -> Result<CutOff, CutOffError> {
        if close < at && extra == 0 { Err(CutOffError { at, close }) } else { Ok(CutOff { at, days, close, extra }) }
    }

    /// The clock time from which on orders count for the next working day.
    #[must_use]
    pub fn at(&self) -> ClockTime {
        self.at
    }

    /// The days on which orders are dispatched.
    #[must_use]
    pub fn days(&self) -> WorkingDays {
        self.days
    }

    /// The clock time of the due day at which orders are due.
    #[must_use]
    pub fn close(&self) -> ClockTime {
        self.close
    }

    /// Working days between the day whose cut-off was met and the due day.
    #[must_use]
    pub fn extra(&self) -> u32 {
        self.extra
    }

    /// When an order is due whose clock starts at `start`.
    #[must_use]
    pub fn due(&self, calendar: &Calendar, start: SimTime) -> SimTime {
        let holidays = calendar.holidays();
        let today = calendar.day(start).date;
        let first = self.days.first_on_or_after(today, holidays);
        let met = if start < self.instant(calendar, self.at, first) {
            first
        } else {
            self.days.next_working_day(first, holidays)
        };
        self.instant(calendar, self.close, self.due_day(calendar, met))
    }

    fn due_day(&self, calendar: &Calendar, met: Date) -> Date {
        self.days.add_working_days(met, self.extra, calendar.holidays())
    }

    fn instant(&self, calendar: &Calendar, time: ClockTime, date: Date) -> SimTime {
        calendar.sim_time(calendar.lenient(time.on(date))).unwrap_or(SimTime::ZERO)
    }
}

impl DueTable {
    /// The table for starts from `from` to `to`, both included.
    ///
    /// # Panics
    /// When `to` is before `from`.
    #[must_use]
    pub fn new(calendar: &Calendar, cut_off: &CutOff, from: SimTime, to: SimTime) -> DueTable {
        assert!(from <= to, "a due table needs an interval: {from:?} to {to:?}");
        let holidays = calendar.holidays();
        let mut steps = Vec::new();
        let mut start = from;
        let mut day = cut_off.days.first_on_or_after(calendar.day(from).date, holidays);
        while start <= to {
            let cut = cut_off.instant(calendar, cut_off.at, day);
            if cut > start {
                steps.push((start, cut_off.instant(calendar, cut_off.close, cut_off.due_day(calendar, day))));
                start = cut;
            }
            let next = cut_off.days.next_working_day(day, holidays);
            if next == day {
                break; // The last date there is.
            }
            day = next;
        }
        DueTable::of(steps, to)
    }

    fn of(steps: Vec<(SimTime, SimTime)>, to: SimTime) -> DueTable {
        let span = match steps.as_slice() {
            [first, .., last] => (last.0.0 - first.0.0) / (steps.len() as u64 - 1),
            _ => 0,
        };
        DueTable { steps, to, mean_step: span.max(1) }
    }

    /// When an order is due whose clock starts at `start`: the same as [`CutOff::due`].
    ///
    /// # Panics
    /// When `start` lies outside the interval of the table.
    #[must_use]
    pub fn due(&self, start: SimTime) -> SimTime {
        assert!(start <= self.to, "a start at {start:?} is later than the due table's end at {:?}", self.to);
        let mut later = self.near(start);
        // Nearly all steps are a day long, so a walk from where the step would lie were they all alike is short.
        while self.steps.get(later).is_some_and(|(first, _)| *first <= start) {
            later += 1;
        }
        while later > 0 && self.steps[later - 1].0 > start {
            later -= 1;
        }
        assert!(later > 0, "a start at {start:?} is earlier than the due table");
        self.steps[later - 1].1
    }

    /// About how many steps begin at `start` or before.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "at most a number of steps")]
    fn near(&self, start: SimTime) -> usize {
        let Some((first, _)) = self.steps.first() else { return 0 };
        let steps = start.0.saturating_sub(first.0) / self.mean_step;
        (steps + 1).min(self.steps.len() as u64) as usize
    }

    /// This table, with the due instants of `other` for starts from `from` on and before `until`. Both must be first instants
    /// of local days: only then is a later start never due earlier.
    #[must_use]
    pub fn with(&self, other: &DueTable, from: SimTime, until: SimTime) -> DueTable {
        let mut starts: Vec<SimTime> = self.steps.iter().chain(&other.steps).map(|(start, _)| *start).collect();
        starts.extend([from, until].iter().filter(|at| **at <= self.to));
        starts.sort_unstable();
        starts.dedup();
        starts.retain(|at| self.steps.first().is_some_and(|(first, _)| first <= at));
        let due = |at: SimTime| if from <= at && at < until { other.due(at) } else { self.due(at) };
        let mut steps: Vec<(SimTime, SimTime)> = starts.into_iter().map(|at| (at, due(at))).collect();
        steps.dedup_by_key(|(_, due)| *due);
        DueTable::of(steps, self.to)
    }

    /// The first start of each step, and when its starts are due; the first is the table's own start. Ascending, for
    /// a reader who walks along in time.
    #[must_use]
    pub fn boundaries(&self) -> &[(SimTime, SimTime)] {
        &self.steps
    }
}

impl fmt::Display for CutOff {
    /// "ordered before 14:00 mon-fri, due the same working day by 24:00".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ordered before {} {}, due ", self.at, self.days)?;
        match self.extra {
            0 => f.write_str("the same working day")?,
            1 => f.write_str("the next working day")?,
            extra => write!(f, "{extra} working days later")?,
        }
        write!(f, " by {}", self.close)
    }
}

impl fmt::Display for CutOffError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "orders until {} would be due at {} of the same day: let them be due later, or add a working day",
            self.at, self.close
        )
    }
}

impl std::error::Error for CutOffError {}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, date, datetime};
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::Holidays;
    use crate::time::SimDuration;

    fn calendar(zone: &str, first: Date) -> Calendar {
        Calendar::new(zone, first, Holidays::named("england-and-wales").unwrap()).unwrap()
    }

    fn cut_off(at: &str, days: &str, close: &str, extra: u32) -> CutOff {
        CutOff::new(at.parse().unwrap(), days.parse().unwrap(), close.parse().unwrap(), extra).unwrap()
    }

    /// The due instants by the rule as it is worded, for local times that exist once.
    fn due(calendar: &Calendar, cut_off: &CutOff, local: DateTime) -> String {
        let start = calendar.at(local).unwrap();
        let due = cut_off.due(calendar, start);
        let table = DueTable::new(calendar, cut_off, start, start);
        assert_eq!(table.due(start), due, "the table of an instant");
        calendar.short_deadline(due)
    }

    #[test]
    fn before_at_and_after_the_cut_off() {
        let calendar = calendar("Europe/London", date(2026, 11, 23));
        let same_day = cut_off("14:00", "mon-sat", "24:00", 0);
        let at =
            |day, hour, minute, second| due(&calendar, &same_day, datetime(2026, 11, day, hour, minute, second, 0));
        assert_eq!(at(27, 0, 0, 0), "Fri 27 Nov 24:00");
        assert_eq!(at(27, 13, 59, 59), "Fri 27 Nov 24:00");
        assert_eq!(at(27, 14, 0, 0), "Sat 28 Nov 24:00");
        assert_eq!(at(28, 13, 0, 0), "Sat 28 Nov 24:00");
        assert_eq!(at(28, 14, 0, 0), "Mon 30 Nov 24:00");
        assert_eq!(at(29, 13, 0, 0), "Mon 30 Nov 24:00");
        assert_eq!(at(29, 23, 59, 59), "Mon 30 Nov 24:00");
        let instant = calendar.at(datetime(2026, 11, 27, 14, 0, 0, 0)).unwrap();
        let tick_before = SimTime(instant.0 - 1);
        assert_eq!(calendar.short_deadline(same_day.due(&calendar, tick_before)), "Fri 27 Nov 24:00");
    }

    #[test]
    fn a_stated_close_extra_days_and_holidays() {
        let calendar = calendar("Europe/London", date(2026, 3, 30));
        let by_five = cut_off("14:00", "mon-fri", "17:00", 0);
        let next_day_noon = cut_off("14:00", "mon-fri", "12:00", 1);
        // Good Friday is 3 April, Easter Monday the 6th.
        let thursday = datetime(2026, 4, 2, 13, 0, 0, 0);
        assert_eq!(due(&calendar, &by_five, thursday), "Thu 2 Apr 17:00");
        assert_eq!(due(&calendar, &next_day_noon, thursday), "Tue 7 Apr 12:00");
        let later = datetime(2026, 4, 2, 14, 0, 0, 0);
        assert_eq!(due(&calendar, &by_five, later), "Tue 7 Apr 17:00");
        assert_eq!(due(&calendar, &next_day_noon, later), "Wed 8 Apr 12:00");
        assert_eq!(due(&calendar, &next_day_noon, datetime(2026, 4, 4, 9, 0, 0, 0)), "Wed 8 Apr 12:00");
    }

    #[test]
    fn a_cut_off_at_either_end_of_the_day() {
        let calendar = calendar("Europe/London", date(2026, 11, 23));
        let whole_day = cut_off("24:00", "daily", "24:00", 0);
        let never_today = cut_off("00:00", "daily", "24:00", 0);
        for (hour, minute) in [(0, 0), (23, 59)] {
            let local = datetime(2026, 11, 24, hour, minute, 0, 0);
            assert_eq!(due(&calendar, &whole_day, local), "Tue 24 Nov 24:00");
            assert_eq!(due(&calendar, &never_today, local), "Wed 25 Nov 24:00");
        }
    }

    #[test]
    fn cut_offs_on_the_nights_of_change() {
        let calendar = calendar("Europe/London", date(2026, 3, 1));
        let early = cut_off("01:30", "daily", "24:00", 0);
        // In spring 01:30 is skipped: the cut-off is 02:00, an hour after midnight.
        assert_eq!(due(&calendar, &early, datetime(2026, 3, 29, 0, 59, 59, 0)), "Sun 29 Mar 24:00");
        assert_eq!(due(&calendar, &early, datetime(2026, 3, 29, 2, 0, 0, 0)), "Mon 30 Mar 24:00");
        // In autumn it is over at the first 01:30; the second 01:15 is after it.
        let first = calendar.at(datetime(2026, 10, 25, 1, 15, 0, 0)).unwrap();
        let second = first + SimDuration::from_hours(1);
        assert_eq!(calendar.local(second), calendar.local(first));
        assert_eq!(calendar.short_deadline(early.due(&calendar, first)), "Sun 25 Oct 24:00");
        assert_eq!(calendar.short_deadline(early.due(&calendar, second)), "Mon 26 Oct 24:00");
    }

    #[test]
    fn orders_cannot_be_due_before_they_exist() {
        let noon = "12:00".parse().unwrap();
        let error = CutOff::new("14:00".parse().unwrap(), WorkingDays::DAILY, noon, 0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "orders until 14:00 would be due at 12:00 of the same day: let them be due later, or add a working day"
        );
    }

    #[test]
    fn another_cut_off_holds_on_its_days_alone() {
        let calendar = calendar("Europe/London", date(2026, 11, 23));
        let (from, until) = (calendar.start_of_day(date(2026, 11, 24)), calendar.start_of_day(date(2026, 11, 26)));
        let week = calendar.start_of_day(date(2026, 11, 30));
        let table = |at: &str| DueTable::new(&calendar, &cut_off(at, "mon-fri", "24:00", 0), SimTime::ZERO, week);
        for earlier in ["12:00", "16:00"] {
            let changed = table("14:00").with(&table(earlier), from, until);
            for hours in 0..160 {
                let at = SimTime::ZERO + SimDuration::from_hours(hours);
                let expected = if from <= at && at < until { table(earlier).due(at) } else { table("14:00").due(at) };
                assert_eq!(changed.due(at), expected, "{hours}");
            }
            let dues: Vec<SimTime> = changed.boundaries().iter().map(|step| step.1).collect();
            assert!(dues.windows(2).all(|pair| pair[0] < pair[1]), "{dues:?}");
        }
    }

    #[test]
    fn a_table_has_one_step_per_working_day() {
        let calendar = calendar("Europe/London", date(2026, 11, 23));
        let same_day = cut_off("14:00", "mon-fri", "24:00", 0);
        let week = calendar.start_of_day(date(2026, 11, 30));
        let table = DueTable::new(&calendar, &same_day, SimTime::ZERO, week);
        let steps: Vec<String> = table.boundaries().iter().map(|step| calendar.short(step.0)).collect();
        assert_eq!(
            steps,
            [
                "Mon 23 Nov 00:00",
                "Mon 23 Nov 14:00",
                "Tue 24 Nov 14:00",
                "Wed 25 Nov 14:00",
                "Thu 26 Nov 14:00",
                "Fri 27 Nov 14:00"
            ]
        );
        assert_eq!(calendar.short_deadline(table.due(week)), "Mon 30 Nov 24:00");
    }

    #[test]
    #[should_panic(expected = "later than the due table's end")]
    fn a_table_does_not_answer_beyond_its_end() {
        let calendar = calendar("UTC", date(2026, 11, 23));
        let table = DueTable::new(&calendar, &cut_off("14:00", "daily", "24:00", 0), SimTime(5), SimTime(9));
        let _ = table.due(SimTime(10));
    }

    #[test]
    fn a_promise_in_a_sentence() {
        assert_eq!(
            cut_off("14:00", "mon-sat", "24:00", 0).to_string(),
            "ordered before 14:00 mon-sat, due the same working day by 24:00"
        );
        assert_eq!(
            cut_off("14:00", "mon-fri", "17:00", 2).to_string(),
            "ordered before 14:00 mon-fri, due 2 working days later by 17:00"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

        #[test]
        fn table_and_rule_agree(
            zone in prop::sample::select(vec!["Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Nuuk", "Africa/Cairo"]),
            first in prop::sample::select(vec![date(2026, 3, 24), date(2026, 10, 21), date(2026, 4, 1), date(2026, 12, 20)]),
            at in 0..=96_u32, close in 0..=96_u32, extra in 0..4_u32,
            days in prop::sample::select(vec!["mon-fri", "mon-sat", "daily", "sat-mon", "wed", "sun, holidays"]),
            from in 0..100_u64, starts in prop::collection::vec(0..1_300_000_000_000_u64, 20),
        ) {
            let quarter = |count: u32| ClockTime::new(count / 4, count % 4 * 15, 0).unwrap();
            let calendar = calendar(zone, first);
            let Ok(cut_off) = CutOff::new(quarter(at), days.parse().unwrap(), quarter(close), extra) else {
                return Ok(());
            };
            let from = SimTime(from * 3_600_000_000);
            let to = from + SimDuration(1_300_000_000_000);
            let table = DueTable::new(&calendar, &cut_off, from, to);
            let edges = table.boundaries().iter().flat_map(|step| [step.0.0, step.0.0.saturating_sub(1)]);
            let mut starts: Vec<u64> = starts.into_iter().map(|start| start + from.0).chain(edges).collect();
            starts.retain(|start| (from.0..=to.0).contains(start));
            starts.sort_unstable();
            let mut last = SimTime::ZERO;
            for start in starts.into_iter().map(SimTime) {
                let due = cut_off.due(&calendar, start);
                prop_assert_eq!(table.due(start), due, "{} {}", cut_off, calendar.iso(start));
                prop_assert!(due > start && due >= last, "{} {}", cut_off, calendar.iso(start));
                // The rule in its own words, for starts whose local time is not that of a night of change.
                let local = calendar.local(start);
                if local.date() == calendar.day(start).date && local.hour() > 3 && quarter(at) > ClockTime::new(3, 0, 0).unwrap() {
                    let works = |date| cut_off.days().is_working(date, calendar.holidays());
                    let in_time = works(local.date()) && ClockTime::from(local.time()) < cut_off.at();
                    let met = if in_time { local.date() } else { cut_off.days().next_working_day(local.date(), calendar.holidays()) };
                    let due_day = cut_off.days().add_working_days(met, extra, calendar.holidays());
                    prop_assert_eq!(Ok(due), calendar.at_or_after(cut_off.close().on(due_day)));
                }
                last = due;
            }
        }
    }
}
