//! Releases: polls, waves, counts, and carriers' collections.

use super::days::{clock_time, day_set};
use super::gates::plain_station;
use super::{Lowering, whole};
use crate::calendar::{RecurringTimes, TimeWindow};
use crate::model::{Fate, Layer, Release, ReleaseTimes, Route, Staff, Station};
use crate::scenario::diagnostic::Place;
use crate::scenario::file::collection::CollectionTable;
use crate::scenario::file::station::release::{ClockOrSpan, ReleaseValue, WavesTable};
use crate::scenario::reader::{OneOrMany, Spanned};
use crate::scenario::units::days::Days;
use crate::scenario::units::time::Clock;
use crate::time::{SimDuration, SimTime};

/// The most releases of one station in a run.
const MOST_TIMES: u64 = 2_000_000;

impl Lowering<'_> {
    /// The release that `written` describes.
    pub(super) fn release(&mut self, written: &Spanned<ReleaseValue>) -> Option<Release> {
        let timed = |times, at_most: Option<u32>, ready_before| Release::Timed {
            times,
            at_most,
            ready_before,
            collection: false,
            parcels_per_cage: None,
        };
        match &written.value {
            ReleaseValue::Poll(table) => {
                let first = table.first.as_ref().map(|first| first.value);
                let times = self.every(table.poll.get(), first, &table.poll.place)?;
                Some(timed(times, table.at_most.as_deref().copied().map(whole), table.ready_before.value))
            }
            ReleaseValue::Waves(table) => {
                let times = self.waves(table)?;
                Some(timed(times, table.at_most.as_deref().copied().map(whole), table.ready_before.value))
            }
            ReleaseValue::Times(table) => {
                let times = self.times_at(&table.at, table.days.as_ref())?;
                Some(timed(times, table.at_most.as_deref().copied().map(whole), table.ready_before.value))
            }
            ReleaseValue::Gathered(table) => Some(Release::Gathered {
                count: whole(table.count.value),
                after: table.after.as_ref().map(|after| after.get()),
            }),
        }
    }

    fn every(&mut self, period: SimDuration, first: Option<SimDuration>, place: &Place) -> Option<ReleaseTimes> {
        self.not_too_often(period, place)?;
        Some(ReleaseTimes::Every { first: SimTime::ZERO + first.unwrap_or(period), period })
    }

    fn not_too_often(&mut self, period: SimDuration, place: &Place) -> Option<()> {
        let run = self.time.horizon.end.min(SimTime::MAX).0;
        if run / period.0 <= MOST_TIMES {
            return Some(());
        }
        let message = "that is more than 2,000,000 releases in the run";
        self.wrong("too-often", place, message, "too often", "release less often, or leave `release` out: at once");
        None
    }

    fn waves(&mut self, table: &WavesTable) -> Option<ReleaseTimes> {
        let Some(from) = &table.from else {
            let (to, days) = (table.to.as_ref().map(|key| &key.place), table.days.as_ref().map(|key| &key.place));
            if let Some(place) = to.or(days) {
                let help = "add, for example: from = \"07:00\"";
                self.wrong("missing-key", place, "it needs the time of the first wave", "from when?", help);
                return None;
            }
            let first = table.first.as_ref().map(|first| first.value);
            return self.every(table.every.get(), first, &table.every.place);
        };
        if let Some(first) = &table.first {
            let message = "`from` and `first` both say when the first wave goes";
            self.wrong("needless-key", &first.place, message, "which one holds?", "keep `from`");
            return None;
        }
        self.not_too_often(table.every.get(), &table.every.place)?;
        let to = table.to.as_ref().map_or(Clock::END_OF_DAY, |to| to.value);
        let window = self.window(from, to, table.to.as_ref().map_or(&from.place, |to| &to.place))?;
        let calendar = self.time.calendar_for("a wave at a time of day", &from.place, self.sink)?;
        let days = day_set(table.days.as_deref());
        match RecurringTimes::every(days, table.every.get(), window) {
            Ok(times) => {
                let instants = times.instants(calendar, SimTime::ZERO, self.time.horizon.end.min(SimTime::MAX));
                self.some_times(instants, &table.place)
            }
            Err(error) => {
                self.wrong(
                    "too-often",
                    &table.every.place,
                    error.to_string(),
                    "too often",
                    "for example: every = \"60m\"",
                );
                None
            }
        }
    }

    /// The window from one clock time to another; the same twice is an error.
    pub(super) fn window(&mut self, from: &Spanned<Clock>, to: Clock, place: &Place) -> Option<TimeWindow> {
        match TimeWindow::new(clock_time(from.value), clock_time(to)) {
            Ok(window) => Some(window),
            Err(error) => {
                let help = "write a later `to`; one that is earlier than `from` is a time of the next day";
                self.wrong("out-of-order", place, error.to_string(), "the same time as `from`", help);
                None
            }
        }
    }

    /// Instants at clock times on days, or at spans after the start.
    pub(super) fn times_at(
        &mut self,
        at: &Spanned<OneOrMany<Spanned<ClockOrSpan>>>,
        days: Option<&Spanned<Days>>,
    ) -> Option<ReleaseTimes> {
        let (mut clocks, mut spans) = (Vec::new(), Vec::new());
        for time in &at.0 {
            match time.value {
                ClockOrSpan::Clock(clock) => clocks.push(clock_time(clock)),
                ClockOrSpan::After(span) => spans.push(SimTime::ZERO + span),
            }
        }
        if at.0.is_empty() {
            self.wrong(
                "empty-list",
                &at.place,
                "a list of times without a time",
                "empty",
                "for example: at = [\"07:00\"]",
            );
            return None;
        }
        if !clocks.is_empty() && !spans.is_empty() {
            let message = "times of day and times since the start stand side by side";
            self.wrong("mixed-times", &at.place, message, "both kinds", "write times of day: [\"07:00\", \"11:00\"]");
            return None;
        }
        if let (Some(days), false) = (days, spans.is_empty()) {
            let message = "`days` belongs to times of day, but these are times since the start";
            self.wrong("needless-key", &days.place, message, "no days here", "remove `days`");
            return None;
        }
        if spans.is_empty() {
            let calendar = self.time.calendar_for("a time of day", &at.place, self.sink)?;
            let times = RecurringTimes::at(day_set(days.map(|days| &days.value)), clocks);
            let times = times.expect("there is a time, and it is one of day");
            spans = times.instants(calendar, SimTime::ZERO, self.time.horizon.end.min(SimTime::MAX));
        }
        spans.sort_unstable();
        spans.dedup();
        self.some_times(spans, &at.place)
    }

    fn some_times(&mut self, instants: Vec<SimTime>, place: &Place) -> Option<ReleaseTimes> {
        if instants.is_empty() {
            let message = "none of these times falls into the run";
            self.wrong("never", place, message, "it never happens", "check the days and the horizon");
            return None;
        }
        Some(ReleaseTimes::At(instants))
    }

    /// The carriers' collections; `None` for each that failed.
    pub(super) fn collections(&mut self) -> Vec<Option<Station>> {
        let file = self.file;
        file.collection.iter().map(|table| self.collection(table)).collect()
    }

    fn collection(&mut self, table: &CollectionTable) -> Option<Station> {
        let at_most = match (&table.cages, &table.parcels_per_cage) {
            (Some(cages), Some(parcels)) => Some(whole(cages.value).saturating_mul(whole(parcels.value))),
            (None, None) => None,
            (Some(given), None) | (None, Some(given)) => {
                let message = "`cages` and `parcels_per_cage` belong together";
                let help = "add, for example: cages = 6, parcels_per_cage = 80";
                self.wrong("missing-key", &given.place, message, "the other one is missing", help);
                return None;
            }
        };
        let parcels_per_cage = table.parcels_per_cage.as_ref().map(|parcels| whole(parcels.value));
        let times = self.times_at(&table.at, table.days.as_ref())?;
        let ready_before = table.ready_before.value;
        let route = Route::always(Fate::Done);
        let mut station = plain_station(table.carrier.as_str(), Layer::Warehouse, Staff::Unlimited, route);
        station.owner = table.owner.as_ref().map(|owner| owner.value.clone());
        station.release = Release::Timed { times, at_most, ready_before, collection: true, parcels_per_cage };
        Some(station)
    }
}
