//! Pilot, number of replications, fresh replications, interval.

use super::found::Breach;
use super::judged::Subject;
use super::look::{Place, looks, runs};
use super::root::{self, Next, Search};
use super::stage::{ALL, HOMED, POINT, Stage, falls};
use crate::experiment::cells::{Told, Work};
use crate::experiment::replications::NoThreads;
use crate::model::Model;
use crate::observation::ReplicationRecord;

/// What is varied: the scenario as a function of one number.
pub trait Vary {
    /// Why a scenario cannot be made.
    type Error;

    /// The operation at `value`.
    ///
    /// # Errors
    /// When there is no scenario with that value.
    fn at(&self, value: f64) -> Result<Model, Self::Error>;

    /// Its value as planned, where there is one: where looks about it do not tell how the plan fares, it is looked at too.
    fn planned(&self) -> Option<f64> {
        None
    }

    /// The value that is a whole one, where there is such: the precision is relative to no less than that. Of a factor on
    /// top of something else, such as the campaigns' scale, a few per cent of very little would be nothing at all.
    fn whole_one(&self) -> Option<f64> {
        None
    }
}

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least value.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// Whether only whole numbers make sense.
    pub whole: bool,
}

/// How closely, and on what.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// Seed, threads and the flag that stops.
    pub work: Work<'a>,
    /// Confidence of the interval.
    pub confidence: f64,
    /// Half-width of the interval to reach, relative to the point.
    pub precision: f64,
    /// Replications of the interval; `None`: as many as the precision needs.
    pub replications: Option<u64>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum BreachError<E> {
    /// The scenario cannot be made at this value.
    Scenario(f64, E),
    /// It cannot be simulated at this value.
    Plan(f64, String),
    /// The threads could not be started.
    Threads(NoThreads),
    /// Somebody asked to stop before anything was known.
    Stopped,
}

/// Replications of the first looks over the range, of which most lie far from the crossing.
const SCAN: u64 = 5;
/// Their places, which are also what is looked at for more than one crossing.
pub(super) const GRID: u32 = 9;
/// Replications of the pilot: enough for a standard deviation that is right to a sixth or so.
const PILOT: u64 = 30;
/// How often an interval that came out too wide gets more replications.
const MORE: u32 = 2;

/// Finds the breach point of every subject over `range`. `told` hears what is being done, and of each replication.
///
/// When somebody asks to stop, it tells what is known by then, marked as cut short.
///
/// # Errors
/// See [`BreachError`].
pub fn find<V: Vary>(
    vary: &V,
    range: Range,
    subjects: &[Subject],
    settings: Settings<'_>,
    told: &mut dyn FnMut(Told),
) -> Result<Vec<Breach>, BreachError<V::Error>> {
    let mut searcher = Searcher {
        vary,
        range,
        subjects,
        settings,
        told,
        deterministic: false,
        falling: Vec::new(),
        expected: settings.precision,
        runs: 0,
        kept: None,
        single_runs: false,
    };
    searcher.deterministic = searcher.model(range.low)?.is_deterministic();
    let most = if searcher.deterministic { 1 } else { settings.replications.unwrap_or(u64::MAX) };
    let of = |replications: u64| Stage { replications: 0..replications.min(most), looks: Vec::new() };
    let mut stages = Stages { scan: of(SCAN), pilot: of(PILOT), fresh: of(0) };
    let subjects = 0..subjects.len();
    match searcher.look_closer_and_closer(&mut stages) {
        Ok(()) => Ok(subjects.map(|subject| searcher.finding(subject, &stages)).collect()),
        Err(BreachError::Stopped) if !stages.scan.looks.is_empty() => {
            Ok(subjects.map(|subject| searcher.found_so_far(subject, &stages)).collect())
        }
        Err(error) => Err(error),
    }
}

/// All looks, by the replications that they share.
#[derive(Debug)]
pub(super) struct Stages {
    /// The first looks, of few replications.
    pub(super) scan: Stage,
    pub(super) pilot: Stage,
    /// Those that the interval comes from.
    pub(super) fresh: Stage,
}

impl Stages {
    /// In the order in which they are looked at, those of most replications last.
    pub(super) fn all(&self) -> [&Stage; 3] {
        [&self.scan, &self.pilot, &self.fresh]
    }
}

/// So many places over `range`, evenly apart, both ends among them.
pub(in crate::experiment) fn grid(range: Range, places: u32) -> Vec<f64> {
    let step = (range.high - range.low) / f64::from(places - 1);
    let at = |k: u32| if k + 1 == places { range.high } else { range.low + f64::from(k) * step };
    let mut places: Vec<f64> = (0..places).map(|k| if range.whole { libm::round(at(k)) } else { at(k) }).collect();
    places.dedup_by(|a, b| a.total_cmp(b).is_eq());
    places
}

pub(super) struct Searcher<'a, 's, V: Vary> {
    pub(super) vary: &'a V,
    pub(super) range: Range,
    pub(super) subjects: &'a [Subject],
    pub(super) settings: Settings<'s>,
    pub(super) told: &'a mut dyn FnMut(Told),
    pub(super) deterministic: bool,
    /// Of each subject whether more is worse, as the first looks tell.
    pub(super) falling: Vec<bool>,
    /// The relative half-width that the fresh replications will reach.
    pub(super) expected: f64,
    pub(super) runs: u64,
    /// The runs behind the looks of the interval, where more of them may be asked for.
    pub(super) kept: Option<Vec<(Place, Vec<ReplicationRecord>)>>,
    /// Whether the pilot's runs have been looked at wherever single ones of them break.
    pub(super) single_runs: bool,
}

impl<V: Vary> Searcher<'_, '_, V> {
    fn look_closer_and_closer(&mut self, stages: &mut Stages) -> Result<(), BreachError<V::Error>> {
        let Stages { scan, pilot, fresh } = stages;
        self.look(scan, &grid(self.range, GRID), "first looks over the range")?;
        self.falling = (0..self.subjects.len()).map(|subject| falls(scan, subject)).collect();
        if self.deterministic {
            return self.close_in(scan, &[POINT], 1e-4, "closing in");
        }
        self.close_in(scan, &[POINT], HOMED, "first looks over the range")?;
        self.look(pilot, &self.around(scan), "pilot")?;
        self.close_in(pilot, &[POINT], 1.5 * HOMED, "pilot")?;
        let needed = self.needed(pilot);
        let first = self.first_places(pilot, needed);
        self.expected = self.expected(pilot, needed);
        self.look_at_single_runs(scan, pilot)?;
        // Fresh draws: the pilot has chosen the place and the number, and must not judge its own choice.
        let from = pilot.replications.end;
        fresh.replications = from..from + self.begins_with(pilot, needed);
        self.kept = self.may_ask_for_more().then(Vec::new);
        self.look(fresh, &first, "fresh runs")?;
        let likely = self.likely(fresh);
        self.lengthen(fresh, likely)?;
        self.close_in(fresh, &ALL, self.tolerance(), "fresh runs")?;
        for _ in 0..MORE {
            let lacking = self.lacking(fresh);
            self.lengthen(fresh, lacking)?;
            self.close_in(fresh, &ALL, self.tolerance(), "fresh runs")?;
        }
        Ok(())
    }

    fn model(&self, at: f64) -> Result<Model, BreachError<V::Error>> {
        self.vary.at(at).map_err(|error| BreachError::Scenario(at, error))
    }

    /// Runs a stage's replications at each of `places` where it has not yet looked, all as one pool of work.
    pub(super) fn look(
        &mut self,
        stage: &mut Stage,
        places: &[f64],
        why: &'static str,
    ) -> Result<(), BreachError<V::Error>> {
        let mut places: Vec<f64> = places.to_vec();
        places.sort_by(f64::total_cmp);
        places.dedup_by(|a, b| a.total_cmp(b).is_eq());
        places.retain(|place| !stage.has_looked(*place));
        if places.is_empty() {
            return Ok(());
        }
        let place = |at: &f64| Ok(Place { at: *at, model: self.model(*at)?, replications: stage.replications.clone() });
        let places: Vec<Place> = places.iter().map(place).collect::<Result<_, _>>()?;
        let asked = runs(&places);
        (self.told)(Told::Begins(why, asked));
        let Settings { work, confidence, .. } = self.settings;
        let asked_of = (self.subjects, &[confidence][..]);
        let mut records = Vec::new();
        let keeps = self.kept.is_some();
        let looks = looks(work, &places, asked_of, &mut |_, of| records.extend(keeps.then_some(of)), self.told)?;
        self.runs += asked;
        if let Some(kept) = &mut self.kept {
            kept.extend(places.into_iter().zip(records));
        }
        stage.looks.extend(looks.into_iter().flatten());
        stage.looks.sort_by(|a, b| a.at.total_cmp(&b.at));
        Ok(())
    }

    /// Looks until the wanted crossings of all subjects are bracketed.
    fn close_in(
        &mut self,
        stage: &mut Stage,
        which: &[usize],
        tolerance: f64,
        why: &'static str,
    ) -> Result<(), BreachError<V::Error>> {
        loop {
            let mut places: Vec<f64> = Vec::new();
            for subject in 0..self.subjects.len() {
                for which in which {
                    let points = stage.margins(subject, *which);
                    let next = if points.is_empty() {
                        None
                    } else {
                        Some(root::next(self.search(subject, tolerance), &points))
                    };
                    // Where a look told nothing, another would not either.
                    if let Some(Next::Look(at)) = next
                        && !stage.has_looked(at)
                        && places.iter().all(|place| (place - at).abs() > 0.5 * tolerance * at.abs().max(self.least()))
                    {
                        places.push(at);
                    }
                }
            }
            if places.is_empty() {
                return Ok(());
            }
            self.look(stage, &places, why)?;
        }
    }

    pub(super) fn search(&self, subject: usize, tolerance: f64) -> Search {
        let Range { low, high, whole } = self.range;
        Search { low, high, falling: self.falling[subject], tolerance, least: self.least(), whole }
    }

    /// Where the pilot looks first: on either side of the crossings that the first looks suggest, or at the ends of the
    /// range.
    fn around(&self, scan: &Stage) -> Vec<f64> {
        let mut places = Vec::new();
        for subject in 0..self.subjects.len() {
            match scan.place(subject) {
                Some(at) => {
                    let reach = 0.5 * HOMED * self.scale(at);
                    places.extend([at - reach, at + reach]);
                }
                None if scan.judged(subject).next().is_some() => places.extend([self.range.low, self.range.high]),
                None => {}
            }
        }
        self.within_range(places)
    }

    pub(super) fn within_range(&self, places: Vec<f64>) -> Vec<f64> {
        let Range { low, high, whole } = self.range;
        places.into_iter().map(|at| if whole { libm::round(at) } else { at }.clamp(low, high)).collect()
    }

    /// Brackets are relative to no less than a whole one.
    pub(super) fn least(&self) -> f64 {
        self.vary.whole_one().unwrap_or(0.0)
    }

    /// What the precision is relative to: the point itself, but not less than a whole one or a tenth of the range, or
    /// nothing would ever be precise enough near 0.
    pub(super) fn scale(&self, at: f64) -> f64 {
        let least = self.vary.whole_one().unwrap_or(0.1 * (self.range.high - self.range.low));
        at.abs().max(least)
    }

    /// Where the fresh replications look first: the pilot's point and the ends that their number makes likely.
    fn first_places(&self, pilot: &Stage, needed: u64) -> Vec<f64> {
        let shrinks = (pilot.count() as f64 / needed as f64).sqrt();
        let mut places = Vec::new();
        for subject in 0..self.subjects.len() {
            match pilot.rough(subject) {
                // A little beyond the ends, so that they are bracketed.
                Some((at, half)) => {
                    let reach = 1.05 * half * shrinks;
                    places.extend([at - reach, at, at + reach]);
                }
                None if pilot.judged(subject).next().is_some() => places.extend([self.range.low, self.range.high]),
                None => {}
            }
        }
        self.within_range(places)
    }
}
