//! How many replications a row needs: as many as its neighbours make likely, and more where that was too few.

use super::rows::{Guess, Row};
use super::search::{PILOT, Plane, Searcher};
use crate::experiment::breach::BreachError;
use crate::experiment::breach::look::{Place, judged, runs, simulated};
use crate::experiment::cells::Told;
use std::ops::Range as Span;

/// Most replications of a cell unless more are asked for.
const MOST: u64 = 500;
/// An interval that is so many times as wide as was asked for is narrow enough.
const ENOUGH: f64 = 1.05;

impl<P: Plane> Searcher<'_, '_, P> {
    /// How many replications the wanted precision needs in a row, as far as is guessed: the half-width falls with their
    /// square root. Rows that turn out to need more get more.
    pub(super) fn needed(&self, row: usize) -> u64 {
        let root = |guess: &Guess| guess.half_spread() / (self.settings.precision * self.scale(guess.at));
        count(self.guesses[row].iter().flatten().map(|guess| root(guess) * root(guess)).fold(0.0, f64::max))
    }

    /// How many replications the intervals of a row say that it needs; `None` when it has enough. Only their width
    /// decides, never where they lie.
    fn lacking(&self, lines: &[Row], row: usize) -> Option<u64> {
        let runs = lines[row].single.count();
        let open = (0..self.subjects.len()).filter(|subject| self.settled[row][*subject].is_none());
        let times = open.filter_map(|subject| {
            let search = self.search(lines, row, subject);
            let at = lines[row].outcome(search, subject).1?;
            let (low, high) = lines[row].ends(search, subject, false);
            Some(0.5 * (high? - low?) / (self.settings.precision * self.scale(at)))
        });
        let times = times.fold(0.0, f64::max);
        let needed = if times > ENOUGH { count(runs as f64 * times * times) } else { 0 };
        (self.settings.replications.is_none() && !self.deterministic && needed > runs).then_some(needed)
    }

    /// Rows whose intervals came out too wide get more replications, wherever they have been looked at. Tells whether
    /// there were any.
    pub(super) fn lengthen(&mut self, lines: &mut [Row], rows: &[usize]) -> Result<bool, BreachError<P::Error>> {
        let wanted: Vec<(usize, u64)> =
            rows.iter().filter_map(|row| Some((*row, self.lacking(lines, *row)?))).collect();
        let (mut places, mut before) = (Vec::new(), Vec::new());
        for (row, needed) in &wanted {
            let Span { start, end } = lines[*row].single.replications;
            for (place, records) in std::mem::take(&mut lines[*row].kept) {
                places.push(Place { replications: end..start + needed, ..place });
                before.push((*row, start, records));
            }
        }
        if wanted.is_empty() {
            return Ok(false);
        }
        (self.told)(Told::Begins("more runs where intervals are wide", runs(&places)));
        let more = simulated(self.settings.work, &places, self.told)?;
        self.runs += runs(&places);
        for (row, needed) in &wanted {
            for subject in 0..self.subjects.len() {
                self.guesses[*row][subject] = self.measured(lines, *row, subject).or(self.guesses[*row][subject]);
            }
            let start = lines[*row].single.replications.start;
            lines[*row] = Row::new(start..start + needed);
            lines[*row].keeps = true;
        }
        for ((place, (row, start, mut records)), more) in places.into_iter().zip(before).zip(more) {
            records.extend(more);
            let place = Place { replications: start..place.replications.end, ..place };
            let [single, together] = [self.settings.confidence, self.together]
                .map(|confidence| judged(&place, &records, self.subjects, confidence));
            lines[row].add(single, together);
            lines[row].kept.push((place, records));
        }
        Ok(true)
    }
}

/// A number of replications, from that of the pilot to the most.
fn count(needed: f64) -> u64 {
    let needed = needed.ceil().clamp(PILOT as f64, MOST as f64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 30 and a few hundred")]
    let needed = needed as u64;
    needed
}
