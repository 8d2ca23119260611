//! Where a row is looked at first: what the pilot or its searched neighbours make likely.

use super::rows::{Guess, Row, search};
use super::search::{EXACT, GRID, Plane, STRAIGHT, Searcher, Spot};
use crate::experiment::breach::root::Search;
use crate::experiment::breach::{BreachError, Outcome, Range, grid};
use crate::statistics::distributions::normal_quantile;

impl<P: Plane> Searcher<'_, '_, P> {
    pub(super) fn guess_from(&mut self, pilot: &[Row], needed: u64) {
        let shrinks = (pilot[0].single.count() as f64 / needed as f64).sqrt();
        let wider = self.wider();
        for (row, looks) in pilot.iter().enumerate() {
            for subject in 0..self.subjects.len() {
                let guess =
                    |(at, half): (f64, f64)| Guess { at, half: half * shrinks, half_together: half * shrinks * wider };
                self.guesses[row][subject] = looks.rough(subject).map(guess);
            }
        }
    }

    /// How much wider the interval is with which all rows hold together.
    pub(super) fn wider(&self) -> f64 {
        let reach = |confidence: f64| normal_quantile(0.5 + 0.5 * confidence);
        reach(self.together).zip(reach(self.settings.confidence)).map_or(1.5, |(wide, single)| wide / single)
    }

    /// Where the rows of a wave are looked at first.
    pub(super) fn first_looks(
        &mut self,
        lines: &mut [Row],
        scan: &[Row],
        rows: &[usize],
    ) -> Result<(), BreachError<P::Error>> {
        let mut spots: Vec<Spot> = Vec::new();
        for row in rows {
            for subject in 0..self.subjects.len() {
                let guess = self.guesses[*row][subject].or_else(|| self.guess_between(lines, *row, subject));
                self.guesses[*row][subject] = guess;
                match guess {
                    Some(Guess { at, half_together: reach, .. }) => {
                        self.spread(&mut spots, *row, &[at, at - 1.05 * reach, at + 1.05 * reach], 0.4 * reach);
                    }
                    None => spots.extend(self.unguided(lines, scan, *row, subject)),
                }
            }
            if !self.is_monotone(&scan[*row]) {
                spots.extend(grid(self.axes.load, GRID).into_iter().map(|at| (*row, at)));
            }
        }
        self.look(lines, &spots, "the rows")
    }

    /// The nearest searched rows below and above.
    fn neighbours(&self, lines: &[Row], row: usize) -> [Option<usize>; 2] {
        let searched = |row: &usize| !lines[*row].single.looks.is_empty();
        [(0..row).rev().find(searched), (row + 1..lines.len()).find(searched)]
    }

    /// What two searched rows make likely for one between them.
    fn guess_between(&self, lines: &[Row], row: usize, subject: usize) -> Option<Guess> {
        let [below, above] = self.neighbours(lines, row);
        let (below, above) = below.zip(above)?;
        let of = |row: usize| {
            let search = self.search(row, subject);
            let at = lines[row].outcome(search, subject).1?;
            let half = |together| match lines[row].ends(search, subject, together) {
                (Some(low), Some(high)) => Some(0.5 * (high - low)),
                _ => None,
            };
            let half_width = half(false).unwrap_or(self.settings.precision * self.scale(at));
            Some(Guess { at, half: half_width, half_together: half(true).unwrap_or(half_width * self.wider()) })
        };
        let (one, other) = (of(below)?, of(above)?);
        let rows = &self.axes.rows;
        let share = (rows[row] - rows[below]) / (rows[above] - rows[below]);
        let between = |a: f64, b: f64| a + share * (b - a);
        Some(Guess {
            at: between(one.at, other.at),
            half: between(one.half, other.half),
            half_together: between(one.half_together, other.half_together),
        })
    }

    /// Where to look first in a row without a guess: at the end where its neighbours stay kept or broken, and halfway to
    /// where one of them breaks.
    fn unguided(&self, lines: &[Row], scan: &[Row], row: usize, subject: usize) -> Vec<Spot> {
        let Range { low, high, whole } = self.axes.load;
        let of = |rows: &[Row], row: usize| rows[row].outcome(self.search(row, subject), subject);
        let neighbours = self.neighbours(lines, row).into_iter().flatten();
        let mut known: Vec<(Outcome, Option<f64>)> = neighbours.map(|row| of(lines, row)).collect();
        if known.is_empty() {
            known.push(of(scan, row));
        }
        let (kept_end, broken_end) = if self.falling[subject] { (high, low) } else { (low, high) };
        let has = |outcome| known.iter().any(|(known, _)| *known == outcome);
        let mut places = Vec::new();
        for (outcome, end) in [(Outcome::Holds, kept_end), (Outcome::Broken, broken_end)] {
            if has(outcome) {
                places.push(end);
                let halfway = known.iter().filter_map(|(_, at)| Some(0.5 * (end + (*at)?)));
                places.extend(halfway.map(|at| if whole { libm::round(at) } else { at }));
            }
        }
        if places.is_empty() {
            places = vec![low, high];
        }
        places.into_iter().map(|at| (row, at)).collect()
    }

    pub(super) fn search(&self, row: usize, subject: usize) -> Search {
        search(self.axes.load, self.falling[subject], self.tolerance(row, subject))
    }

    /// The relative width of brackets in a row: narrow beside its interval, for over a bracket the curve counts as
    /// straight.
    pub(super) fn tolerance(&self, row: usize, subject: usize) -> f64 {
        if self.deterministic {
            return EXACT;
        }
        let wanted = STRAIGHT * self.wider() * self.settings.precision;
        let own = self.guesses[row][subject].map(|guess| STRAIGHT * guess.half_together / guess.at.abs().max(1e-9));
        own.map_or(wanted, |own| own.clamp(0.25 * wanted, 4.0 * wanted))
    }
}
