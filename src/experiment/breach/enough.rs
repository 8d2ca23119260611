//! How many replications an interval needs: about as many as the pilot says, and more where that was too few.

use super::judged::Judged;
use super::look::{Place, judged, runs, simulated};
use super::search::{BreachError, Searcher, Vary};
use super::stage::{POINT, STRAIGHT, Stage};
use crate::experiment::cells::Told;

/// Most replications at one load unless more are asked for: where a breach hangs on rare days, precision is dear.
const MOST: u64 = 1_000;
/// An interval that is so many times as wide as was asked for is narrow enough.
const ENOUGH: f64 = 1.05;

impl<V: Vary> Searcher<'_, '_, V> {
    /// How many replications the wanted precision needs, after the pilot: its half-width falls with their square root.
    pub(super) fn needed(&self, pilot: &Stage) -> u64 {
        if let Some(asked) = self.settings.replications {
            return asked;
        }
        let needed = (0..self.subjects.len()).filter_map(|subject| {
            let (at, half) = pilot.rough(subject)?;
            let times = half / (self.settings.precision * self.scale(at));
            let narrow = times * times;
            let decided = self.range.whole.then(|| decided(pilot.around(subject)?)).flatten();
            Some(pilot.count() as f64 * decided.map_or(narrow, |decided| narrow.min(decided)))
        });
        count(needed.fold(0.0, f64::max), pilot.count())
    }

    /// How many fresh replications come first. Half of them would be wasted where the pilot's few have overstated how much
    /// runs differ; whole numbers are decided at once, for asking for more until they are would judge by where they lie.
    pub(super) fn begins_with(&self, pilot: &Stage, needed: u64) -> u64 {
        match self.settings.replications {
            None if !self.range.whole => needed.div_ceil(2).max(pilot.count()),
            _ => needed,
        }
    }

    /// Whether the number of replications may grow with what the interval turns out to be.
    pub(super) fn may_ask_for_more(&self) -> bool {
        self.settings.replications.is_none() && !self.range.whole
    }

    /// How many replications the looks around the crossings make likely.
    pub(super) fn likely(&self, fresh: &Stage) -> u64 {
        let half = |subject| fresh.rough_ends(subject).map(|(at, (down, up))| (at, 0.5 * (down + up)));
        self.for_halves(fresh, (0..self.subjects.len()).filter_map(half), 1.0)
    }

    /// How many replications the intervals say that they need, where one is too wide. Only their widths decide, never
    /// where they lie.
    pub(super) fn lacking(&self, fresh: &Stage) -> u64 {
        let half = |subject| {
            let at = self.crossing(subject, fresh, POINT)?;
            let (low, high) = self.ends(subject, fresh);
            Some((at, 0.5 * (high? - low?)))
        };
        self.for_halves(fresh, (0..self.subjects.len()).filter_map(half), ENOUGH)
    }

    /// How many replications these half-widths need in order to be as narrow as was asked for; as many as there are when
    /// none is more than `enough` times too wide.
    fn for_halves(&self, fresh: &Stage, halves: impl Iterator<Item = (f64, f64)>, enough: f64) -> u64 {
        let times = halves.map(|(at, half)| half / (self.settings.precision * self.scale(at))).fold(0.0, f64::max);
        let runs = fresh.count();
        if times > enough { count(runs as f64 * times * times, runs) } else { runs }
    }

    /// Adds replications, up to so many, wherever the kept ones have been looked at.
    pub(super) fn lengthen(&mut self, fresh: &mut Stage, to: u64) -> Result<(), BreachError<V::Error>> {
        let (start, end) = (fresh.replications.start, fresh.replications.end);
        let Some(kept) = self.kept.take_if(|_| start + to > end) else { return Ok(()) };
        let (places, before): (Vec<Place>, Vec<_>) = kept
            .into_iter()
            .map(|(place, records)| (Place { replications: end..start + to, ..place }, records))
            .unzip();
        (self.told)(Told::Begins("more runs where intervals are wide", runs(&places)));
        let more = simulated(self.settings.work, &places, self.told)?;
        self.runs += runs(&places);
        *fresh = Stage { replications: start..start + to, looks: Vec::new() };
        let mut kept = Vec::new();
        for ((place, mut records), more) in places.into_iter().zip(before).zip(more) {
            records.extend(more);
            let place = Place { replications: fresh.replications.clone(), ..place };
            fresh.looks.push(judged(&place, &records, self.subjects, self.settings.confidence));
            kept.push((place, records));
        }
        fresh.looks.sort_by(|a, b| a.at.total_cmp(&b.at));
        self.kept = Some(kept);
        self.expected = self.expected(fresh, to);
        Ok(())
    }

    /// The relative width of brackets: not wider than the interval, for over a bracket the curve counts as straight.
    pub(super) fn tolerance(&self) -> f64 {
        if self.deterministic { 1e-4 } else { STRAIGHT * self.expected }
    }

    /// The relative half-width that so many replications will reach, but not less than is wanted: crossings of a wide
    /// interval need no fine brackets.
    pub(super) fn expected(&self, stage: &Stage, needed: u64) -> f64 {
        let shrinks = (stage.count() as f64 / needed as f64).sqrt();
        let of = |subject| stage.rough(subject).map(|(at, half)| half * shrinks / self.scale(at));
        let narrowest = (0..self.subjects.len()).filter_map(of).fold(f64::INFINITY, f64::min);
        if narrowest.is_finite() { narrowest.max(self.settings.precision) } else { self.settings.precision }
    }
}

/// How many times as many replications tell on which side of the limit both of two looks lie, with something on top: where
/// they lie is an estimate itself. `None` when that cannot be told.
fn decided(around: [(f64, &Judged); 2]) -> Option<f64> {
    let times = |judged: &Judged| Some(1.3 * judged.half_width()? / judged.margin.abs());
    let worst =
        around.into_iter().map(|(_, judged)| times(judged)).try_fold(0.0, |most, of| Some(f64::max(most, of?)))?;
    Some(worst * worst)
}

/// A number of replications, not less than there are.
fn count(needed: f64, least: u64) -> u64 {
    let needed = needed.ceil().min(MOST as f64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a thousand")]
    let needed = needed as u64;
    needed.max(least)
}
