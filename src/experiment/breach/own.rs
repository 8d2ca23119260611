//! Where single replications break: those of the pilot, looked at wherever some of them do and others do not.

use super::found::{OwnBreach, Spread};
use super::judged::Judged;
use super::search::{BreachError, GRID, Searcher, Vary, grid};
use super::stage::{HOMED, Stage, is_monotone};
use crate::statistics::quantile;

/// Why these looks are made. They lie where single runs break, which may be far from where the promise does.
pub const WHERE_SINGLE_RUNS_BREAK: &str = "where single runs break";

/// Width of the brackets of the told quantiles, relative to their place.
const FINE: f64 = 0.5 * HOMED;
/// Most rounds of looks: each doubles the stretch that is looked at, or halves a bracket.
const ROUNDS: u32 = 12;
/// The quantiles that are told.
const TOLD: [f64; 3] = [0.1, 0.5, 0.9];

impl<V: Vary> Searcher<'_, '_, V> {
    /// Looks at the pilot's runs at both ends of the range, then farther and farther out until they agree, and between
    /// where the told quantiles lie. Where a subject is not monotone, or broken at both ends, runs may keep it anywhere.
    pub(super) fn look_at_single_runs(&mut self, scan: &Stage, pilot: &mut Stage) -> Result<(), BreachError<V::Error>> {
        let why = WHERE_SINGLE_RUNS_BREAK;
        let asked = |subject: &usize| pilot.judged(*subject).next().is_some();
        let subjects: Vec<usize> = (0..self.subjects.len()).filter(asked).collect();
        if subjects.is_empty() {
            return Ok(());
        }
        self.look(pilot, &[self.range.low, self.range.high], why)?;
        let anywhere = subjects.iter().any(|subject| {
            let crooked = [scan, &*pilot].iter().any(|stage| !is_monotone(stage, *subject, self.falling[*subject]));
            crooked || pilot.judged(*subject).all(|(_, judged)| judged.is_broken())
        });
        if anywhere {
            let plan = self.vary.planned().filter(|plan| (self.range.low..=self.range.high).contains(plan));
            let places: Vec<f64> = grid(self.range, GRID).into_iter().chain(plan).collect();
            self.look(pilot, &places, why)?;
        }
        for _ in 0..ROUNDS {
            let out = subjects.iter().flat_map(|subject| self.farther_out(pilot, *subject));
            let mut places = self.not_yet(pilot, out.collect());
            if places.is_empty() {
                let between = subjects.iter().flat_map(|subject| self.between(pilot, *subject));
                places = self.not_yet(pilot, between.collect());
            }
            if places.is_empty() {
                break;
            }
            self.look(pilot, &places, why)?;
        }
        self.single_runs = true;
        Ok(())
    }

    /// One load beyond each end of the stretch in which the runs do not agree, as far out as that is wide, unless one as
    /// near was looked at.
    fn farther_out(&self, pilot: &Stage, subject: usize) -> Vec<f64> {
        let looks: Vec<(f64, &Judged)> = pilot.judged(subject).collect();
        let mixed = |look: &(f64, &Judged)| look.1.broken.contains(&true) && look.1.broken.contains(&false);
        let Some((first, last)) = looks.iter().position(mixed).zip(looks.iter().rposition(mixed)) else {
            return Vec::new();
        };
        let (low, high) = (looks[first].0, looks[last].0);
        let step = (high - low).max(HOMED * self.scale(high)).max(if self.range.whole { 1.0 } else { 0.0 });
        let below = first.checked_sub(1).filter(|before| low - looks[*before].0 > 1.01 * step).map(|_| low - step);
        let above = looks.get(last + 1).filter(|after| after.0 - high > 1.01 * step).map(|_| high + step);
        below.into_iter().chain(above).collect()
    }

    /// The middles of the brackets in which the told quantiles lie, where they are wide.
    fn between(&self, pilot: &Stage, subject: usize) -> Vec<f64> {
        let paths = Paths::of(pilot, subject);
        let kept_from = (!self.falling[subject]).then(|| paths.kept_from());
        let bracket = |wanted: &[Option<usize>], p: f64| {
            let (from, to) = paths.bracket(wanted, p)?;
            let fine = if self.range.whole { 1.0 } else { FINE * self.scale(to) };
            (to - from > fine).then_some(0.5 * (from + to))
        };
        let wanted = [paths.first()].into_iter().chain(kept_from);
        wanted.flat_map(|wanted| TOLD.map(|p| bracket(&wanted, p))).flatten().collect()
    }

    /// Those of `places` that have not been looked at and are not too near to each other.
    fn not_yet(&self, pilot: &Stage, places: Vec<f64>) -> Vec<f64> {
        let mut wanted: Vec<f64> = Vec::new();
        for at in self.within_range(places) {
            let alone = wanted.iter().all(|other| (other - at).abs() > 0.5 * FINE * self.scale(at));
            if alone && !pilot.has_looked(at) {
                wanted.push(at);
            }
        }
        wanted
    }
}

/// Every replication of a stage, look by look.
struct Paths<'a> {
    /// Load, and which replications break there, in order of load.
    looks: Vec<(f64, &'a [bool])>,
    replications: usize,
}

impl<'a> Paths<'a> {
    fn of(stage: &'a Stage, subject: usize) -> Paths<'a> {
        let looks: Vec<(f64, &[bool])> =
            stage.judged(subject).map(|(at, judged)| (at, judged.broken.as_slice())).collect();
        let replications = looks.first().map_or(0, |(_, broken)| broken.len());
        Paths { looks, replications }
    }

    fn each(&self, of: impl Fn(usize) -> Option<usize>) -> Vec<Option<usize>> {
        (0..self.replications).map(of).collect()
    }

    /// The number of the lowest look at which each breaks.
    fn first(&self) -> Vec<Option<usize>> {
        self.each(|run| self.looks.iter().position(|(_, broken)| broken[run]))
    }

    /// The number of the lowest look from which on each keeps it.
    fn kept_from(&self) -> Vec<Option<usize>> {
        let last = |run: usize| self.looks.iter().rposition(|(_, broken)| broken[run]);
        self.each(|run| Some(last(run).map_or(0, |look| look + 1)).filter(|look| *look < self.looks.len()))
    }

    /// The rank of a quantile of `numbers`, and which of them it is.
    fn ranked(&self, numbers: &[Option<usize>], p: f64) -> Option<(u64, usize)> {
        let rank = quantile::rank(p, numbers.len() as u64)?;
        let mut sorted: Vec<usize> = numbers.iter().flatten().copied().collect();
        sorted.sort_unstable();
        Some((rank, *sorted.get(usize::try_from(rank).ok()? - 1)?))
    }

    /// Between which loads the quantile lies; at the first look both are the same.
    fn bracket(&self, numbers: &[Option<usize>], p: f64) -> Option<(f64, f64)> {
        let (_, look) = self.ranked(numbers, p)?;
        Some((self.looks[look.saturating_sub(1)].0, self.looks[look].0))
    }

    /// The quantile; within its bracket the replications count as evenly spread.
    fn quantile(&self, numbers: &[Option<usize>], p: f64, whole: bool) -> Option<f64> {
        let (rank, look) = self.ranked(numbers, p)?;
        let (from, to) = self.bracket(numbers, p)?;
        let below = numbers.iter().flatten().filter(|number| **number < look).count() as f64;
        let here = numbers.iter().flatten().filter(|number| **number == look).count() as f64;
        let share = if whole { 1.0 } else { (rank as f64 - below - 0.5) / here };
        Some(from + share * (to - from))
    }

    fn spread(&self, numbers: &[Option<usize>], whole: bool) -> Spread {
        let [p10, median, p90] = TOLD.map(|p| self.quantile(numbers, p, whole));
        Spread { p10, median, p90 }
    }

    /// Whether one keeps it beyond a load at which it breaks: at a higher one where more is worse.
    fn recrosses(&self, run: usize, falling: bool) -> bool {
        let broken = |look: &(f64, &[bool])| look.1[run];
        let begins = self.looks.iter().position(|look| broken(look) == falling);
        begins.is_some_and(|from| self.looks[from..].iter().any(|look| broken(look) != falling))
    }
}

/// Where single replications of a stage break.
pub(super) fn own(pilot: &Stage, subject: usize, (falling, whole): (bool, bool)) -> Option<OwnBreach> {
    let paths = Paths::of(pilot, subject);
    if paths.replications == 0 {
        return None;
    }
    let recrossing = (0..paths.replications).filter(|run| paths.recrosses(*run, falling)).count();
    let first = paths.first();
    Some(OwnBreach {
        breaking: first.iter().flatten().count() as u64,
        first: paths.spread(&first, whole),
        kept_from: paths.spread(&paths.kept_from(), whole),
        recrossing: recrossing as f64 / paths.replications as f64,
        replications: paths.replications as u64,
    })
}
