//! Civil time: what the clock on the warehouse wall shows, which days are worked, and when a promise falls due.
//!
//! Everything else in the crate counts ticks ([`SimTime`]); this module alone knows zones, daylight saving, bank
//! holidays and cut-offs. A [`Calendar`] is fixed before the run starts, and what the engine needs of it is computed
//! beforehand: a [`DueTable`], the instants of [`RecurringTimes`].
//!
//! Daylight saving, everywhere in this module:
//! - A clock time that is skipped (a *gap*) is an error where a person wrote that very date ([`Calendar::at`]), and
//!   moves to the end of the gap where it recurs ([`Calendar::at_or_after`]).
//! - A clock time that occurs twice (a *fold*) means its first occurrence.
//! - Lengths are elapsed time: a shift over the night of the change is an hour shorter or longer.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase};

use crate::time::{SimDuration, SimTime, TICKS_PER_HOUR};

mod clock_time;
mod cut_off;
mod day_set;
mod days;
mod holidays;
mod recurring_times;
mod words;
mod working_days;

pub use clock_time::{ClockTime, ClockTimeError, TimeWindow};
pub use cut_off::{CutOff, CutOffError, DueTable};
pub use day_set::DaySet;
pub use days::{Day, Days, LocalHour, LocalHours};
pub use holidays::{Holiday, Holidays, UnknownHolidays};
pub use recurring_times::{RecurringTimes, RecurringTimesError};
pub use words::{iso_date, long_date, month_name, short_date, weekday_name};
pub use working_days::{WorkingDays, WorkingDaysError};

/// First and last year in which a calendar may start.
pub const YEARS: std::ops::RangeInclusive<i16> = 1970..=2199;

/// Later instants show the local time of this one (142 years after the origin), so that no conversion can fail.
const LATEST: u64 = 1 << 52;
/// Last year that [`Calendar::at`] accepts: beyond every instant up to [`LATEST`].
const LAST_LOCAL_YEAR: i16 = 2399;

/// The local time of one place over the simulated horizon, and its holidays.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    zone_name: String,
    first_day: Date,
    origin: Timestamp,
    holidays: Holidays,
}

/// When a local date and time occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// Exactly once.
    Once(SimTime),
    /// Twice, because clocks go back.
    Folded {
        /// Before clocks go back.
        first: SimTime,
        /// After clocks have gone back.
        second: SimTime,
    },
    /// Never, because clocks go forward over it.
    Skipped(Gap),
}

/// Local times that do not exist, because clocks go forward over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first local time that does not exist.
    pub start: DateTime,
    /// The next local time that does exist.
    pub end: DateTime,
    /// The instant of the change, at which the clock shows `end`.
    pub instant: SimTime,
}

/// Why a calendar cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarError {
    /// No time zone has this name.
    UnknownZone {
        /// The name as written.
        name: String,
        /// Names of zones that contain it, at most five.
        nearest: Vec<String>,
    },
    /// The first day lies outside [`YEARS`].
    YearOutOfRange(Date),
}

/// Why a local time is not an instant of the simulated horizon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalTimeError {
    /// Clocks go forward over it.
    Skipped {
        /// Name of the zone.
        zone: String,
        /// The local time asked for.
        local: DateTime,
        /// The skipped times around it.
        gap: Gap,
    },
    /// It lies before the first instant of the horizon.
    BeforeOrigin {
        /// The local time asked for.
        local: DateTime,
        /// The first day of the horizon.
        first_day: Date,
    },
    /// It lies beyond the last year a calendar knows.
    TooLate(DateTime),
}

/// An occurrence on the absolute time line, before it is known to lie on the horizon.
enum Moment {
    Once(Timestamp),
    Folded(Timestamp, Timestamp),
    Skipped { start: DateTime, end: DateTime, instant: Timestamp },
}

impl Calendar {
    /// The calendar of `zone_name` (an IANA name, such as `Europe/London`) whose tick zero is the first instant of
    /// `first_local_day`: its midnight, or the end of the gap where clocks go forward over midnight.
    ///
    /// # Errors
    /// When no zone has that name, or the first day lies outside [`YEARS`].
    pub fn new(zone_name: &str, first_local_day: Date, holidays: Holidays) -> Result<Calendar, CalendarError> {
        // Bundled, never the machine's own: a scenario means the same everywhere.
        let zone = TimeZoneDatabase::bundled()
            .get(zone_name)
            .map_err(|_| CalendarError::UnknownZone { name: zone_name.to_owned(), nearest: zones_like(zone_name) })?;
        if !YEARS.contains(&first_local_day.year()) {
            return Err(CalendarError::YearOutOfRange(first_local_day));
        }
        let zone_name = zone.iana_name().unwrap_or(zone_name).to_owned();
        let mut calendar =
            Calendar { zone, zone_name, first_day: first_local_day, origin: Timestamp::UNIX_EPOCH, holidays };
        calendar.origin = calendar.lenient(first_local_day.at(0, 0, 0, 0));
        Ok(calendar)
    }

    /// The zone's IANA name.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// The zone, for times that were recorded in it.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The local date on which the horizon starts.
    #[must_use]
    pub fn first_day(&self) -> Date {
        self.first_day
    }

    /// The absolute instant of [`SimTime::ZERO`].
    #[must_use]
    pub fn origin(&self) -> Timestamp {
        self.origin
    }

    /// The holidays of this calendar.
    #[must_use]
    pub fn holidays(&self) -> &Holidays {
        &self.holidays
    }

    /// Whole UTC hours from 1970-01-01T00:00Z to the origin, and what remains of an hour after them (not zero where the
    /// zone is half or three quarters of an hour off). Negative hours only for a horizon that starts on 1970-01-01 east
    /// of Greenwich.
    #[must_use]
    pub fn origin_utc_hours(&self) -> (i64, SimDuration) {
        let ticks = self.origin.as_microsecond();
        let hour = TICKS_PER_HOUR.cast_signed();
        (ticks.div_euclid(hour), SimDuration(ticks.rem_euclid(hour).cast_unsigned()))
    }

    /// The instant of a local date and time that a person wrote down. A time that occurs twice means the first; ask
    /// [`Calendar::occurrence`] to learn of it. Fractions of a microsecond are cut off.
    ///
    /// # Errors
    /// When clocks go forward over it (the error names the gap and the next time that exists), when it lies before the
    /// origin, or centuries after it.
    pub fn at(&self, local: DateTime) -> Result<SimTime, LocalTimeError> {
        match self.occurrence(local)? {
            Occurrence::Once(time) | Occurrence::Folded { first: time, .. } => Ok(time),
            Occurrence::Skipped(gap) => Err(LocalTimeError::Skipped { zone: self.zone_name.clone(), local, gap }),
        }
    }

    /// The instant of a local time that recurs, such as the start of a shift: like [`Calendar::at`], but a time that
    /// clocks go forward over moves to the end of the gap.
    ///
    /// # Errors
    /// When the instant lies before the origin, or centuries after it.
    pub fn at_or_after(&self, local: DateTime) -> Result<SimTime, LocalTimeError> {
        match self.occurrence(local)? {
            Occurrence::Once(time) | Occurrence::Folded { first: time, .. } => Ok(time),
            Occurrence::Skipped(gap) => Ok(gap.instant),
        }
    }

    /// When a local date and time occurs: once, twice or never.
    ///
    /// # Errors
    /// When its (first) instant lies before the origin, or centuries after it.
    pub fn occurrence(&self, local: DateTime) -> Result<Occurrence, LocalTimeError> {
        if local.year() > LAST_LOCAL_YEAR {
            return Err(LocalTimeError::TooLate(local));
        }
        if local.year() < *YEARS.start() - 1 {
            return Err(self.before_origin(local));
        }
        let on_horizon = |moment| self.sim_time(moment).ok_or_else(|| self.before_origin(local));
        Ok(match self.moment(local) {
            Moment::Once(moment) => Occurrence::Once(on_horizon(moment)?),
            Moment::Folded(first, second) => {
                Occurrence::Folded { first: on_horizon(first)?, second: on_horizon(second)? }
            }
            Moment::Skipped { start, end, instant } => {
                Occurrence::Skipped(Gap { start, end, instant: on_horizon(instant)? })
            }
        })
    }

    /// The local date and time at `time`.
    #[must_use]
    pub fn local(&self, time: SimTime) -> DateTime {
        self.zone.to_datetime(self.timestamp(time))
    }

    /// The zone's offset from UTC at `time`.
    #[must_use]
    pub fn offset(&self, time: SimTime) -> Offset {
        self.zone.to_offset(self.timestamp(time))
    }

    /// The local date at `time`, as a clock on the wall shows it.
    #[must_use]
    pub fn date(&self, time: SimTime) -> Date {
        self.local(time).date()
    }

    /// The local day of the week at `time`.
    #[must_use]
    pub fn weekday(&self, time: SimTime) -> Weekday {
        self.date(time).weekday()
    }

    /// The absolute instant of `time`. Beyond 142 years after the origin it stands still.
    #[must_use]
    pub fn timestamp(&self, time: SimTime) -> Timestamp {
        let ticks = time.0.min(LATEST).cast_signed();
        Timestamp::from_microsecond(self.origin.as_microsecond() + ticks).expect("at most year 2342")
    }

    /// The tick of an absolute instant; `None` before the origin.
    #[must_use]
    pub fn sim_time(&self, instant: Timestamp) -> Option<SimTime> {
        u64::try_from(instant.as_microsecond() - self.origin.as_microsecond()).ok().map(SimTime)
    }

    fn before_origin(&self, local: DateTime) -> LocalTimeError {
        LocalTimeError::BeforeOrigin { local, first_day: self.first_day }
    }

    /// The instant of a recurring local time, wherever it lies; dates out of the calendar's reach count as its last.
    fn lenient(&self, local: DateTime) -> Timestamp {
        let first = Date::constant(*YEARS.start() - 1, 1, 1).at(0, 0, 0, 0);
        let last = Date::constant(LAST_LOCAL_YEAR, 12, 31).at(0, 0, 0, 0);
        match self.moment(local.clamp(first, last)) {
            Moment::Once(instant) | Moment::Folded(instant, _) | Moment::Skipped { instant, .. } => instant,
        }
    }

    /// Looks `local` up in the zone. The year must lie well within what timestamps can hold.
    fn moment(&self, local: DateTime) -> Moment {
        let with = |offset: Offset| offset.to_timestamp(local).expect("years 1969 to 2399 are timestamps");
        match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => Moment::Once(with(offset)),
            AmbiguousOffset::Fold { before, after } => Moment::Folded(with(before), with(after)),
            AmbiguousOffset::Gap { before, after } => {
                // Read with the later offset, the skipped time lies just before the change.
                let change = self.zone.following(with(after)).find(|change| change.offset() == after);
                let instant = change.map_or_else(|| with(before), |change| change.timestamp());
                Moment::Skipped { start: before.to_datetime(instant), end: after.to_datetime(instant), instant }
            }
        }
    }
}

/// Every zone name a calendar knows, sorted.
#[must_use]
pub fn zone_names() -> Vec<String> {
    let mut names: Vec<String> = TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
    names.sort();
    names
}

/// At most five names of zones that contain what was written, as in "London" for "Europe/London".
fn zones_like(written: &str) -> Vec<String> {
    let wanted = written.trim().to_lowercase().replace(' ', "_");
    let city = wanted.rsplit('/').next().unwrap_or_default();
    if city.is_empty() {
        return Vec::new();
    }
    zone_names().into_iter().filter(|name| name.to_lowercase().contains(city)).take(5).collect()
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CalendarError::UnknownZone { name, nearest } if nearest.is_empty() => {
                write!(f, "no time zone is named \"{name}\": an IANA name such as \"Europe/London\" is needed")
            }
            CalendarError::UnknownZone { name, nearest } => {
                write!(f, "no time zone is named \"{name}\": did you mean \"{}\"?", nearest.join("\" or \""))
            }
            CalendarError::YearOutOfRange(date) => {
                write!(f, "the horizon starts on {date}, but calendars reach from {} to {}", YEARS.start(), YEARS.end())
            }
        }
    }
}

impl fmt::Display for LocalTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LocalTimeError::Skipped { zone, local, gap } => write!(
                f,
                "{} does not exist on {} in {zone}: clocks go forward from {} to {}; the next valid time is {}",
                ClockTime::from(local.time()),
                long_date(local.date()),
                ClockTime::from(gap.start.time()),
                ClockTime::from(gap.end.time()),
                gap.end,
            ),
            LocalTimeError::BeforeOrigin { local, first_day } => {
                write!(f, "{local} lies before the horizon, which starts on {first_day}")
            }
            LocalTimeError::TooLate(local) => write!(f, "{local} lies beyond the year {LAST_LOCAL_YEAR}"),
        }
    }
}

impl std::error::Error for CalendarError {}
impl std::error::Error for LocalTimeError {}

#[cfg(test)]
mod tests;
