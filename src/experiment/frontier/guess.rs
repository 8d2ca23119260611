//! Where a row is looked at first: what the pilot or its searched neighbours make likely.

use super::rows::{Guess, Row, search};
use super::search::{Bands, EXACT, GRID, PILOT, Plane, Searcher, Spot};
use crate::experiment::breach::root::Search;
use crate::experiment::breach::stage::STRAIGHT;
use crate::experiment::breach::{BreachError, Outcome, Range, grid};
use crate::statistics::distributions::normal_quantile;

impl<P: Plane> Searcher<'_, '_, P> {
    /// Where the pilot's rows are expected to break.
    pub(super) fn guess_from(&mut self, pilot: &[Row]) {
        for (row, looks) in pilot.iter().enumerate() {
            let root = (looks.single.count() as f64).sqrt();
            for subject in 0..self.subjects.len() {
                let guess = |(at, (down, up)): (f64, (f64, f64))| Guess { at, spread: (down * root, up * root) };
                self.guesses[row][subject] = looks.single.rough_ends(subject).map(guess);
            }
        }
    }

    /// Decides how many replications each of the rows gets: all begin with the same ones, and each has as many as it
    /// needs. They are fresh, for the pilot has chosen the place and must not judge its own choice.
    fn ask_for(&mut self, bands: &mut Bands, rows: &[usize]) {
        let from = bands.pilot[0].single.replications.end;
        for row in rows {
            let guided = self.guesses[*row].iter().any(Option::is_some);
            let neighbours = || self.neighbours(*row).into_iter().flatten().map(|row| bands.lines[row].single.count());
            let needed = match self.settings.replications {
                Some(asked) => asked,
                None if guided => self.needed(*row),
                None => neighbours().max().unwrap_or(PILOT),
            };
            bands.lines[*row].ask_for(from..from + needed);
        }
    }

    /// How far the interval of a guess reaches down and up with the replications of its row, all rows together.
    fn reach(&self, row: &Row, guess: Guess) -> (f64, f64) {
        let times = self.wider() / (row.single.count().max(1) as f64).sqrt();
        (guess.spread.0 * times, guess.spread.1 * times)
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
            self.ask_for(bands, rows);
        }
        let mut spots: Vec<Spot> = Vec::new();
        for row in rows {
            for subject in (0..self.subjects.len()).filter(|subject| self.settled[*row][*subject].is_none()) {
                match self.guesses[*row][subject] {
                    Some(guess) => {
                        let (at, (down, up)) = (guess.at, self.reach(&bands.lines[*row], guess));
                        self.spread(&mut spots, *row, &[at, at - 1.05 * down, at + 1.05 * up], 0.6 * down.min(up));
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
                Outcome::Holds => judged.is_surely_kept(),
                _ => judged.is_surely_broken(),
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
        let of = |rows: &[Row], row: usize| rows[row].outcome(self.search(rows, row, subject), subject);
        let done = |row: usize| self.settled[row][subject].map_or_else(|| of(&bands.lines, row), |ended| (ended, None));
        let known: Vec<_> = self.neighbours(row).into_iter().flatten().map(done).collect();
        if known.is_empty() { vec![of(&bands.scan, row)] } else { known }
    }

    /// The nearest searched rows below and above.
    fn neighbours(&self, row: usize) -> [Option<usize>; 2] {
        let searched = |row: &usize| self.searched[*row];
        [(0..row).rev().find(searched), (row + 1..self.searched.len()).find(searched)]
    }

    /// What the searched rows on either side make likely for one between them: where the line is bent, those beyond them
    /// tell as well.
    fn guess_between(&self, lines: &[Row], row: usize, subject: usize) -> Option<Guess> {
        let [below, above] = self.neighbours(row);
        let (below, above) = below.zip(above)?;
        let of = |row: usize| self.measured(lines, row, subject);
        let (one, other) = (of(below)?, of(above)?);
        let beyond = [self.neighbours(below)[0], self.neighbours(above)[1]].into_iter().flatten();
        let rows = &self.axes.rows;
        let mut known = vec![(rows[below], one.at), (rows[above], other.at)];
        known.extend(beyond.filter_map(|row| Some((rows[row], of(row)?.at))));
        let share = (rows[row] - rows[below]) / (rows[above] - rows[below]);
        let between = |a: f64, b: f64| a + share * (b - a);
        Some(Guess {
            at: through(&known, rows[row]).clamp(one.at.min(other.at), one.at.max(other.at)),
            spread: (between(one.spread.0, other.spread.0), between(one.spread.1, other.spread.1)),
        })
    }

    /// Where a searched row breaks, and how far its interval reaches; an end outside the range as far as is asked for.
    pub(super) fn measured(&self, lines: &[Row], row: usize, subject: usize) -> Option<Guess> {
        let search = self.search(lines, row, subject);
        let at = lines[row].outcome(search, subject).1?;
        let (low, high) = lines[row].ends(search, subject, false);
        let root = (lines[row].single.count() as f64).sqrt();
        let or = |reach: Option<f64>| root * reach.unwrap_or(self.settings.precision * self.scale(at));
        Some(Guess { at, spread: (or(low.map(|low| at - low)), or(high.map(|high| high - at))) })
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

    pub(super) fn search(&self, lines: &[Row], row: usize, subject: usize) -> Search {
        search(self.axes.load, self.falling[subject], (self.tolerance(lines, row, subject), self.least()))
    }

    /// The relative width of brackets in a row: narrow beside its interval, for over a bracket the curve counts as
    /// straight.
    fn tolerance(&self, lines: &[Row], row: usize, subject: usize) -> f64 {
        if self.deterministic {
            return EXACT;
        }
        let wanted = STRAIGHT * self.wider() * self.settings.precision;
        let wider_side = |(down, up): (f64, f64)| down.max(up);
        let own = |guess: Guess| {
            STRAIGHT * wider_side(self.reach(&lines[row], guess)) / guess.at.abs().max(self.least()).max(1e-9)
        };
        self.guesses[row][subject].map_or(wanted, |guess| own(guess).clamp(0.25 * wanted, 4.0 * wanted))
    }
}

/// The polynomial through `points`, at `x` (Lagrange).
fn through(points: &[(f64, f64)], x: f64) -> f64 {
    let factor = |k: usize| {
        let others = points.iter().enumerate().filter(|(other, _)| *other != k);
        others.map(|(_, other)| (x - other.0) / (points[k].0 - other.0)).product::<f64>()
    };
    points.iter().enumerate().map(|(k, point)| point.1 * factor(k)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bent_line_is_guessed_through_its_neighbours() {
        let square = |x: f64| (x, 3.0 - 0.25 * x * x);
        assert!((through(&[square(1.0), square(3.0), square(5.0)], 2.0) - 2.0).abs() < 1e-12);
        assert!((through(&[(1.0, 2.0), (3.0, 1.0)], 2.0) - 1.5).abs() < 1e-12);
    }
}
