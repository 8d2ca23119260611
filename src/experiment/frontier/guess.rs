//! Where a row is looked at first: what the pilot or its searched neighbours make likely.

use super::rows::{Guess, Row, search};
use super::search::{Bands, EXACT, GRID, Plane, Searcher, Spot};
use crate::experiment::breach::root::Search;
use crate::experiment::breach::stage::{FAVOURABLE, STRAIGHT, UNFAVOURABLE};
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
                self.guesses[row][subject] = looks.single.rough(subject).map(guess);
            }
        }
    }

    /// How much wider the interval is with which all rows hold together.
    pub(super) fn wider(&self) -> f64 {
        let reach = |confidence: f64| normal_quantile(0.5 + 0.5 * confidence);
        reach(self.together).zip(reach(self.settings.confidence)).map_or(1.5, |(wide, single)| wide / single)
    }

    /// Where the rows of a wave are looked at first.
    pub(super) fn first_looks(&mut self, bands: &mut Bands, rows: &[usize]) -> Result<(), BreachError<P::Error>> {
        for row in rows {
            for subject in 0..self.subjects.len() {
                let guess = self.guesses[*row][subject].or_else(|| self.guess_between(&bands.lines, *row, subject));
                self.guesses[*row][subject] = guess;
            }
        }
        if !self.deterministic {
            self.settle(bands, rows)?;
        }
        let mut spots: Vec<Spot> = Vec::new();
        for row in rows {
            for subject in (0..self.subjects.len()).filter(|subject| self.settled[*row][*subject].is_none()) {
                match self.guesses[*row][subject] {
                    Some(Guess { at, half_together: reach, .. }) => {
                        self.spread(&mut spots, *row, &[at, at - 1.05 * reach, at + 1.05 * reach], 0.6 * reach);
                    }
                    None => spots.extend(self.unguided(bands, *row, subject)),
                }
            }
            if !self.is_monotone(&bands.scan[*row]) {
                spots.extend(grid(self.axes.load, GRID).into_iter().map(|at| (*row, at)));
            }
        }
        self.look(&mut bands.lines, &spots, "the rows")
    }

    /// Far-off ends are decided by the pilot's few runs: where a row is likely to be kept, or broken, over the whole
    /// range, and they show it at its end with all rows together, nothing more needs to be run.
    fn settle(&mut self, bands: &mut Bands, rows: &[usize]) -> Result<(), BreachError<P::Error>> {
        let mut likely = Vec::new();
        for row in rows {
            for subject in (0..self.subjects.len()).filter(|subject| self.guesses[*row][*subject].is_none()) {
                let known = self.known(bands, *row, subject);
                let all = |of: Outcome| !known.is_empty() && known.iter().all(|(outcome, _)| *outcome == of);
                likely.extend(
                    [Outcome::Holds, Outcome::Broken].into_iter().filter(|of| all(*of)).map(|of| (*row, subject, of)),
                );
            }
        }
        let spots: Vec<Spot> = likely.iter().map(|(row, subject, of)| (*row, self.end(*subject, *of))).collect();
        self.look(&mut bands.pilot, &spots, "ends of the range")?;
        for (row, subject, of) in likely {
            let end = self.end(subject, of);
            let judged = bands.pilot[row].together.judged(subject).find(|(at, _)| at.total_cmp(&end).is_eq());
            let shown = judged.is_some_and(|(_, judged)| match of {
                Outcome::Holds => judged.margins[UNFAVOURABLE] >= 0.0,
                _ => judged.margins[FAVOURABLE] < 0.0,
            });
            if shown && self.is_monotone(&bands.scan[row]) {
                self.settled[row][subject] = Some(of);
            }
        }
        Ok(())
    }

    /// The end of the range up to which a row that holds is kept, or from which one that is broken is.
    fn end(&self, subject: usize, of: Outcome) -> f64 {
        let Range { low, high, .. } = self.axes.load;
        if (of == Outcome::Holds) == self.falling[subject] { high } else { low }
    }

    /// How the nearest searched rows below and above ended; without any, what the first looks tell of the row itself.
    fn known(&self, bands: &Bands, row: usize, subject: usize) -> Vec<(Outcome, Option<f64>)> {
        let of = |rows: &[Row], row: usize| rows[row].outcome(self.search(row, subject), subject);
        let done = |row: usize| self.settled[row][subject].map_or_else(|| of(&bands.lines, row), |ended| (ended, None));
        let known: Vec<_> = self.neighbours(row).into_iter().flatten().map(done).collect();
        if known.is_empty() { vec![of(&bands.scan, row)] } else { known }
    }

    /// The nearest searched rows below and above.
    fn neighbours(&self, row: usize) -> [Option<usize>; 2] {
        let searched = |row: &usize| self.searched[*row];
        [(0..row).rev().find(searched), (row + 1..self.searched.len()).find(searched)]
    }

    /// What two searched rows make likely for one between them.
    fn guess_between(&self, lines: &[Row], row: usize, subject: usize) -> Option<Guess> {
        let [below, above] = self.neighbours(row);
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
    fn unguided(&self, bands: &Bands, row: usize, subject: usize) -> Vec<Spot> {
        let Range { low, high, whole } = self.axes.load;
        let known = self.known(bands, row, subject);
        let mut places = Vec::new();
        for outcome in [Outcome::Holds, Outcome::Broken] {
            if known.iter().any(|(known, _)| *known == outcome) {
                let end = self.end(subject, outcome);
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
