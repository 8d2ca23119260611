//! Looks over the plane, pilot, number of replications, fresh replications row by row.

use super::found::Frontier;
use super::rows::{Guess, Row, WANTED, search};
use crate::experiment::breach::look::{Look, Place, looks, runs};
use crate::experiment::breach::root::Next;
use crate::experiment::breach::stage::{HOMED, falls, is_monotone};
use crate::experiment::breach::{BreachError, Outcome, Range, Settings, Subject, grid};
use crate::experiment::cells::Told;
use crate::model::Model;
use crate::observation::ReplicationRecord;
use std::ops::Range as Span;

/// The scenario as a function of two numbers.
pub trait Plane {
    /// Why a scenario cannot be made.
    type Error;

    /// The operation at a load and a value of the rows' lever.
    ///
    /// # Errors
    /// When there is no scenario with these values.
    fn at(&self, load: f64, row: f64) -> Result<Model, Self::Error>;

    /// The operation as it stands.
    ///
    /// # Errors
    /// When the scenario is not valid.
    fn plan(&self) -> Result<Model, Self::Error>;

    /// The load that is a whole one, where there is such; see [`crate::experiment::breach::Vary::whole_one`].
    fn whole_one(&self) -> Option<f64> {
        None
    }
}

/// The plane that is searched.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// The load, along which each row is searched.
    pub load: Range,
    /// The values of the rows' lever, ascending; at least two.
    pub rows: Vec<f64>,
    /// The load as planned, which the picture is to show.
    pub planned: Option<f64>,
}

/// Replications of the first looks over the plane, of which most lie far from any crossing.
const SCAN: u64 = 4;
/// Their places in the middle row, which is looked at for more than one crossing.
pub(super) const GRID: u32 = 9;
/// Their places in the first and the last row.
const COARSE: u32 = 3;
/// Places of a row in the picture.
const SHOWN: u32 = 7;
/// Replications of the pilot.
pub(super) const PILOT: u64 = 30;
/// How often a row gets more replications.
const MORE: u32 = 2;
/// Relative width of a bracket where nothing is drawn.
pub(super) const EXACT: f64 = 1e-4;

/// Finds where every subject breaks in each row of the plane. `told` hears what is being done, and of each replication.
///
/// When somebody asks to stop, it tells what is known by then, marked as cut short.
///
/// # Errors
/// See [`BreachError`]; its value is a load.
pub fn find<P: Plane>(
    plane: &P,
    axes: &Axes,
    subjects: &[Subject],
    settings: Settings<'_>,
    told: &mut dyn FnMut(Told),
) -> Result<Frontier, BreachError<P::Error>> {
    let plan = plane.plan().map_err(|error| BreachError::Scenario(axes.load.low, error))?;
    let mut searcher = Searcher {
        plane,
        axes,
        subjects,
        settings,
        told,
        together: 1.0 - (1.0 - settings.confidence) / axes.rows.len() as f64,
        deterministic: plan.is_deterministic(),
        falling: Vec::new(),
        runs: 0,
        guesses: vec![vec![None; subjects.len()]; axes.rows.len()],
        settled: vec![vec![None; subjects.len()]; axes.rows.len()],
        searched: vec![false; axes.rows.len()],
    };
    let most = if searcher.deterministic { 1 } else { settings.replications.unwrap_or(u64::MAX) };
    let mut bands = searcher.bands(most);
    match searcher.look_closer_and_closer(&mut bands, plan) {
        Ok(standing) => Ok(searcher.findings(&bands, Some(&standing))),
        Err(BreachError::Stopped) if bands.have_looks() => Ok(searcher.findings(&bands, None)),
        Err(error) => Err(error),
    }
}

/// All looks, row by row, in bands of replications.
pub(super) struct Bands {
    /// The first looks, of few replications.
    pub(super) scan: Vec<Row>,
    pub(super) pilot: Vec<Row>,
    /// Those that the lines are drawn from.
    pub(super) lines: Vec<Row>,
}

impl Bands {
    fn have_looks(&self) -> bool {
        [&self.scan, &self.lines].iter().any(|band| band.iter().any(|row| !row.single.looks.is_empty()))
    }
}

/// The rows in the order in which they are searched: first, middle and last, then those halfway between searched ones.
fn waves(rows: usize) -> Vec<Vec<usize>> {
    let last = rows - 1;
    let mut done: Vec<usize> = vec![0, last / 2, last];
    done.dedup();
    let mut waves = vec![done.clone()];
    while done.len() < rows {
        let between = |pair: &[usize]| (pair[1] - pair[0] > 1).then(|| usize::midpoint(pair[0], pair[1]));
        let wave: Vec<usize> = done.windows(2).filter_map(between).collect();
        done.extend(&wave);
        done.sort_unstable();
        waves.push(wave);
    }
    waves
}

pub(super) struct Searcher<'a, 's, P: Plane> {
    pub(super) plane: &'a P,
    pub(super) axes: &'a Axes,
    pub(super) subjects: &'a [Subject],
    pub(super) settings: Settings<'s>,
    pub(super) told: &'a mut dyn FnMut(Told),
    /// Confidence of each row's interval such that all hold together.
    pub(super) together: f64,
    pub(super) deterministic: bool,
    /// Of each subject whether more is worse, as the first looks tell.
    pub(super) falling: Vec<bool>,
    pub(super) runs: u64,
    /// By row and subject: where the fresh replications are expected to break.
    pub(super) guesses: Vec<Vec<Option<Guess>>>,
    /// By row and subject: kept or broken over the whole range, as the pilot's runs have shown at its end.
    pub(super) settled: Vec<Vec<Option<Outcome>>>,
    /// Rows that are done.
    pub(super) searched: Vec<bool>,
}

/// A cell to look at: row and load.
pub(super) type Spot = (usize, f64);

impl<P: Plane> Searcher<'_, '_, P> {
    /// All looks, up to the last: that at the scenario as it stands.
    fn look_closer_and_closer(&mut self, bands: &mut Bands, plan: Model) -> Result<Look, BreachError<P::Error>> {
        let last = self.axes.rows.len() - 1;
        let probes = [0, last / 2, last];
        self.scan(&mut bands.scan, probes)?;
        if self.deterministic {
            bands.lines = std::mem::replace(&mut bands.scan, self.band(0..1));
        } else {
            self.bracket(&mut bands.scan, &probes, HOMED, "first looks over the plane")?;
            self.pilot(bands, probes)?;
            self.guess_from(&bands.pilot);
        }
        for rows in waves(self.axes.rows.len()) {
            self.first_looks(bands, &rows)?;
            self.close_in(&mut bands.lines, &rows)?;
            for _ in 0..MORE {
                if self.lengthen(&mut bands.lines, &rows)? {
                    self.close_in(&mut bands.lines, &rows)?;
                }
            }
            self.grids(&mut bands.lines, &rows)?;
            for row in rows {
                self.searched[row] = true;
                bands.lines[row].is_done();
            }
        }
        self.picture(bands)?;
        let most = bands.lines.iter().max_by_key(|row| row.single.count()).expect("a plane has rows");
        self.plan(plan, &most.single.replications)
    }

    fn bands(&self, most: u64) -> Bands {
        let of = |replications: u64| self.band(0..replications.min(most));
        Bands { scan: of(SCAN), pilot: of(PILOT), lines: of(0) }
    }

    fn band(&self, replications: Span<u64>) -> Vec<Row> {
        self.axes.rows.iter().map(|_| Row::new(replications.clone())).collect()
    }

    /// Runs a band's replications at each of `spots` where it has not yet looked, all as one pool of work.
    pub(super) fn look(
        &mut self,
        band: &mut [Row],
        spots: &[Spot],
        why: &'static str,
    ) -> Result<(), BreachError<P::Error>> {
        let mut spots: Vec<Spot> = spots.to_vec();
        spots.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        spots.dedup_by(|a, b| a.0 == b.0 && a.1.total_cmp(&b.1).is_eq());
        spots.retain(|(row, at)| !band[*row].single.has_looked(*at));
        if spots.is_empty() {
            return Ok(());
        }
        let place = |(row, at): &Spot| {
            let model = self.plane.at(*at, self.axes.rows[*row]);
            let model = model.map_err(|error| BreachError::Scenario(*at, error))?;
            Ok(Place { at: *at, model, replications: band[*row].single.replications.clone() })
        };
        let places: Vec<Place> = spots.iter().map(place).collect::<Result<_, _>>()?;
        let mut kept = Vec::new();
        let found =
            self.judged(&places, &mut |k, records| kept.push(band[spots[k].0].keeps.then_some(records)), why)?;
        for ((((row, _), [single, together]), place), kept) in spots.into_iter().zip(found).zip(places).zip(kept) {
            band[row].add(single, together);
            band[row].kept.extend(kept.map(|records| (place, records)));
        }
        Ok(())
    }

    /// Runs `places` and judges each at either confidence.
    fn judged(
        &mut self,
        places: &[Place],
        kept: &mut dyn FnMut(usize, Vec<ReplicationRecord>),
        why: &'static str,
    ) -> Result<Vec<[Look; 2]>, BreachError<P::Error>> {
        let asked = runs(places);
        (self.told)(Told::Begins(why, asked));
        let confidences = [self.settings.confidence, self.together];
        let found = looks(self.settings.work, places, (self.subjects, &confidences), kept, self.told)?;
        self.runs += asked;
        Ok(found.into_iter().filter_map(|looks| <[Look; 2]>::try_from(looks).ok()).collect())
    }

    /// The first looks: a grid in the middle row, the ends and the middle in the first and the last one. Where one of
    /// them is not monotone, every row gets the grid.
    fn scan(&mut self, scan: &mut [Row], probes: [usize; 3]) -> Result<(), BreachError<P::Error>> {
        let fine = grid(self.axes.load, GRID);
        let coarse = grid(self.axes.load, COARSE);
        let places = |row: usize| if row == probes[1] { fine.clone() } else { coarse.clone() };
        let spots: Vec<Spot> =
            probes.into_iter().flat_map(|row| places(row).into_iter().map(move |at| (row, at))).collect();
        self.look(scan, &spots, "first looks over the plane")?;
        self.falling = (0..self.subjects.len())
            .map(|subject| probes.iter().filter(|row| falls(&scan[**row].single, subject)).count() >= 2)
            .collect();
        if probes.iter().any(|row| !self.is_monotone(&scan[*row])) {
            let all = (0..scan.len()).flat_map(|row| fine.iter().map(move |at| (row, *at)));
            self.look(scan, &all.collect::<Vec<_>>(), "a grid, for a row is not monotone")?;
        }
        Ok(())
    }

    /// Whether no subject is surely kept in a row beyond a load at which it is surely broken.
    pub(super) fn is_monotone(&self, row: &Row) -> bool {
        self.falling.iter().enumerate().all(|(subject, falling)| is_monotone(&row.single, subject, *falling))
    }

    /// Looks until the point of every subject in `rows` is bracketed as closely as `tolerance`.
    fn bracket(
        &mut self,
        band: &mut [Row],
        rows: &[usize],
        tolerance: f64,
        why: &'static str,
    ) -> Result<(), BreachError<P::Error>> {
        loop {
            let mut spots: Vec<Spot> = Vec::new();
            for row in rows {
                for subject in 0..self.subjects.len() {
                    let search = search(self.axes.load, self.falling[subject], (tolerance, self.least()));
                    if is_monotone(&band[*row].single, subject, self.falling[subject]) {
                        self.want(
                            &mut spots,
                            &band[*row],
                            (*row, band[*row].next(search, subject, WANTED[0])),
                            tolerance,
                        );
                    }
                }
            }
            if spots.is_empty() {
                return Ok(());
            }
            self.look(band, &spots, why)?;
        }
    }

    /// Adds the next place to look at, unless it was looked at (where a look told nothing, another would not either) or
    /// a near one is wanted already.
    fn want(&self, spots: &mut Vec<Spot>, row: &Row, (number, next): (usize, Option<Next>), tolerance: f64) {
        if let Some(Next::Look(at)) = next
            && !row.single.has_looked(at)
            && spots
                .iter()
                .all(|spot| spot.0 != number || (spot.1 - at).abs() > 0.5 * tolerance * at.abs().max(self.least()))
        {
            spots.push((number, at));
        }
    }

    /// Looks on either side of the crossings of the probed rows, with enough replications for a standard deviation.
    fn pilot(&mut self, bands: &mut Bands, probes: [usize; 3]) -> Result<(), BreachError<P::Error>> {
        let mut spots = Vec::new();
        for row in probes {
            for subject in 0..self.subjects.len() {
                if let Some(at) = bands.scan[row].single.place(subject) {
                    let reach = 0.5 * HOMED * self.scale(at);
                    self.spread(&mut spots, row, &[at - reach, at + reach], 0.5 * reach);
                }
            }
        }
        self.look(&mut bands.pilot, &spots, "pilot")?;
        self.bracket(&mut bands.pilot, &probes, 1.5 * HOMED, "pilot")
    }

    /// Wants `places` in a row, inside the range, where nothing within `apart` is wanted yet.
    pub(super) fn spread(&self, spots: &mut Vec<Spot>, row: usize, places: &[f64], apart: f64) {
        let Range { low, high, whole } = self.axes.load;
        for at in places {
            let at = if whole { libm::round(*at) } else { *at }.clamp(low, high);
            if spots.iter().all(|spot| spot.0 != row || (spot.1 - at).abs() >= apart) {
                spots.push((row, at));
            }
        }
    }

    /// Brackets are relative to no less than a whole one.
    pub(super) fn least(&self) -> f64 {
        self.plane.whole_one().unwrap_or(0.0)
    }

    /// What the precision is relative to: the load itself, but not less than a whole one or a tenth of the range.
    pub(super) fn scale(&self, at: f64) -> f64 {
        let least = self.plane.whole_one().unwrap_or(0.1 * (self.axes.load.high - self.axes.load.low));
        at.abs().max(least)
    }

    /// Looks until the crossings of all subjects in `rows` are bracketed.
    fn close_in(&mut self, lines: &mut [Row], rows: &[usize]) -> Result<(), BreachError<P::Error>> {
        let wanted = if self.deterministic { &WANTED[..1] } else { &WANTED };
        loop {
            let mut spots: Vec<Spot> = Vec::new();
            for number in rows {
                let row = &lines[*number];
                for subject in 0..self.subjects.len() {
                    let done = self.settled[*number][subject].is_some();
                    if done || !is_monotone(&row.single, subject, self.falling[subject]) {
                        continue;
                    }
                    let search = self.search(lines, *number, subject);
                    for which in wanted {
                        self.want(&mut spots, row, (*number, row.next(search, subject, *which)), search.tolerance);
                    }
                }
            }
            if spots.is_empty() {
                return Ok(());
            }
            self.look(lines, &spots, "closing in")?;
        }
    }

    /// Rows that are not monotone are looked at over the whole range.
    fn grids(&mut self, lines: &mut [Row], rows: &[usize]) -> Result<(), BreachError<P::Error>> {
        let places = grid(self.axes.load, GRID);
        let crooked = rows.iter().filter(|row| !self.is_monotone(&lines[**row]));
        let spots: Vec<Spot> = crooked.flat_map(|row| places.iter().map(|at| (*row, *at))).collect();
        self.look(lines, &spots, "a grid, for a row is not monotone")
    }

    /// Fills the stretch of loads worth showing with a few runs in each row, where nothing near was looked at.
    fn picture(&mut self, bands: &mut Bands) -> Result<(), BreachError<P::Error>> {
        let mut spots: Vec<Spot> = Vec::new();
        for subject in 0..self.subjects.len() {
            let (low, high) = self.line(bands, subject).shown;
            let apart = 0.5 * (high - low) / f64::from(SHOWN - 1);
            let places = grid(Range { low, high, ..self.axes.load }, SHOWN);
            for row in 0..self.axes.rows.len() {
                let looked = [&bands.scan, &bands.pilot, &bands.lines].map(|band| &band[row].single.looks);
                let near = |at: &f64| looked.iter().any(|looks| looks.iter().any(|look| (look.at - at).abs() < apart));
                let places: Vec<f64> = places.iter().copied().filter(|at| !near(at)).collect();
                self.spread(&mut spots, row, &places, apart);
            }
        }
        let band = if self.deterministic { &mut bands.lines } else { &mut bands.scan };
        self.look(band, &spots, "the picture")
    }

    /// The scenario as it stands, with the replications of the lines.
    fn plan(&mut self, model: Model, replications: &Span<u64>) -> Result<Look, BreachError<P::Error>> {
        let place = Place { at: self.axes.load.low, model, replications: replications.clone() };
        let found = self.judged(&[place], &mut |_, _| {}, "the plan")?;
        let [single, _] = found.into_iter().next().expect("one model, one look");
        Ok(single)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_searched_once_and_lies_between_searched_ones() {
        for rows in [2, 3, 4, 5, 9, 12] {
            let mut done: Vec<usize> = Vec::new();
            for (k, wave) in waves(rows).into_iter().enumerate() {
                let between = |row: &usize| done.iter().any(|one| one < row) && done.iter().any(|one| one > row);
                assert!(k == 0 || wave.iter().all(between), "{rows}: {wave:?}");
                done.extend(wave);
            }
            done.sort_unstable();
            assert_eq!(done, (0..rows).collect::<Vec<_>>());
        }
    }
}
