//! What the looks of all rows say together.

use super::found::{First, Frontier, Line, RowPoint, Seen};
use super::rows::Row;
use super::search::{Bands, Plane, Searcher};
use crate::experiment::breach::judged::Judged;
use crate::experiment::breach::look::Look;
use crate::experiment::breach::so_far::{self, SoFar};
use crate::experiment::breach::stage::{Stage, hull, is_monotone};
use crate::experiment::breach::{Outcome, Range};
use crate::statistics::estimate::Estimate;

impl<P: Plane> Searcher<'_, '_, P> {
    /// What all looks say; without one at the plan, which is the last, the search was stopped before.
    pub(super) fn findings(&self, bands: &Bands, plan: Option<&Look>) -> Frontier {
        let Bands { scan, pilot, lines } = bands;
        let in_order = [scan.as_slice(), pilot, lines];
        let found: Vec<Line> = (0..self.subjects.len()).map(|subject| self.line(bands, subject)).collect();
        let kept = |judged: &Judged| match () {
            () if self.deterministic => Some(!judged.is_broken()),
            () if judged.is_surely_kept() => Some(true),
            () if judged.is_surely_broken() => Some(false),
            () => None,
        };
        let looks = || in_order.iter().flat_map(|band| band.iter()).flat_map(|row| &row.single.looks);
        let counts = || found.iter().flat_map(|line| &line.rows).map(|row| row.point.samples);
        let (fewest, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
        let of_plan = |subject: usize| plan.and_then(|plan| plan.judged[subject].as_ref());
        let subjects = 0..self.subjects.len();
        Frontier {
            first: (0..lines.len()).map(|row| first(&found, row)).collect(),
            seen: seen(&in_order),
            plan: subjects.clone().map(|subject| of_plan(subject).map(|judged| judged.shown)).collect(),
            plan_kept: subjects.map(|subject| of_plan(subject).and_then(kept)).collect(),
            replications: most,
            fewest_replications: fewest,
            cut_short: plan.is_none(),
            confidence: self.settings.confidence,
            confidence_together: self.together,
            limited: plan.is_some_and(|plan| plan.limited) || looks().any(|look| look.limited),
            evaluations: self.runs as f64 / self.runs_of_an_evaluation(&found),
            evaluations_of_a_grid: self.grid_evaluations(&found),
            lines: found,
        }
    }

    pub(super) fn line(&self, bands: &Bands, subject: usize) -> Line {
        let rows: Vec<RowPoint> = (0..bands.lines.len()).map(|row| self.row_point(bands, row, subject)).collect();
        let falling = self.falling[subject];
        let shown = self.shown(&rows, falling);
        Line { subject, falling, monotone: has_one_way(&rows, falling), rows, shown }
    }

    /// The line, its intervals and the plan, with something on either side. Rows that hold throughout are drawn at the
    /// end of the range, which need not be shown for them.
    fn shown(&self, rows: &[RowPoint], falling: bool) -> (f64, f64) {
        let Range { low, high, .. } = self.axes.load;
        let ends = rows.iter().flat_map(|row| [row.together.0, row.together.1]).flatten();
        let beyond = |row: &&RowPoint| row.outcome != Outcome::Holds;
        let points = rows.iter().filter(beyond).filter_map(|row| row.drawn(self.axes.load, falling));
        let plan = self.axes.planned.filter(|planned| (low..=high).contains(planned));
        let (from, to) = ends
            .chain(points)
            .chain(plan)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), at| (a.min(at), b.max(at)));
        if from > to || rows.iter().all(|row| row.outcome == Outcome::Holds) {
            return (low, high);
        }
        let margin = (0.25 * (to - from)).max(0.05 * (high - low));
        ((from - margin).max(low), (to + margin).min(high))
    }

    fn row_point(&self, bands: &Bands, row: usize, subject: usize) -> RowPoint {
        let falling = self.falling[subject];
        if let Some(outcome) = self.settled[row][subject] {
            return self.settled_point(&bands.pilot[row], (outcome, subject));
        }
        if !self.searched[row] {
            return self.point_so_far(bands, row, subject);
        }
        let looks = &bands.lines[row];
        let search = self.search(&bands.lines, row, subject);
        let (outcome, value) = looks.outcome(search, subject);
        let monotone = is_monotone(&looks.single, subject, falling);
        let outcome = if monotone || outcome == Outcome::Unknown { outcome } else { Outcome::NotMonotone };
        let outcome = so_far::borne_out(&looks.single, subject, outcome);
        let ends = |together: bool| match outcome {
            // Where nothing is drawn there is no interval: the point itself is right to the width of its bracket.
            _ if self.deterministic => (None, None),
            Outcome::NotMonotone => hull(if together { &looks.together } else { &looks.single }, subject, falling),
            _ => looks.ends(search, subject, together),
        };
        let (low, high) = ends(false);
        let value = value.filter(|_| outcome == Outcome::Breaks);
        self.row_point_of(&looks.single, subject, SoFar { outcome, value, ends: (low, high) }, ends(true))
    }

    /// What the rounds that ended say of a row that was not searched to its end, those of most replications first.
    fn point_so_far(&self, bands: &Bands, row: usize, subject: usize) -> RowPoint {
        let (range, falling) = (self.axes.load, self.falling[subject]);
        let rows = [&bands.lines[row], &bands.pilot[row], &bands.scan[row]];
        let found = rows.map(|row| SoFar::of(&row.single, subject, range, falling));
        match so_far::best(rows.into_iter().zip(found).filter_map(|(row, found)| Some((row, found?)))) {
            Some((Row { single, together, .. }, found)) => {
                self.row_point_of(single, subject, found, so_far::ends(together, subject, range, falling))
            }
            None => RowPoint {
                outcome: Outcome::Unknown,
                point: Estimate::unknown(self.settings.confidence, 0),
                together: (None, None),
                precision: None,
                broken_by: None,
            },
        }
    }

    /// What is found in a row at `stage`.
    fn row_point_of(
        &self,
        stage: &Stage,
        subject: usize,
        found: SoFar,
        together: (Option<f64>, Option<f64>),
    ) -> RowPoint {
        let SoFar { outcome, value, ends: (low, high) } = found;
        let point = Estimate { value, low, high, confidence: self.settings.confidence, samples: stage.count() };
        let mut beyond = stage.judged(subject).filter(|(_, judged)| judged.is_broken());
        let beyond = if self.falling[subject] { beyond.next() } else { beyond.next_back() };
        RowPoint {
            outcome,
            precision: value.and_then(|value| Some(point.half_width()? / self.scale(value))),
            point,
            together,
            broken_by: beyond.and_then(|(_, judged)| judged.broken_by.clone()),
        }
    }

    /// What the pilot has shown at the end of the range.
    fn settled_point(&self, looks: &Row, (outcome, subject): (Outcome, usize)) -> RowPoint {
        let point = Estimate::unknown(self.settings.confidence, looks.single.count());
        let broken_by = looks.single.judged(subject).find(|(_, judged)| judged.is_broken());
        let broken_by = broken_by.and_then(|(_, judged)| judged.broken_by.clone());
        RowPoint { outcome, point, together: (None, None), precision: None, broken_by }
    }

    /// The evaluations of a grid whose steps are as wide as the narrowest interval of each row.
    fn grid_evaluations(&self, lines: &[Line]) -> Option<f64> {
        let Range { low, high, .. } = self.axes.load;
        let steps = |row: usize| {
            let widths = lines.iter().filter_map(|line| Some(2.0 * line.rows[row].point.half_width()?));
            let narrowest = widths.filter(|width| *width > 0.0).fold(f64::INFINITY, f64::min);
            let runs = replications_of(lines, row) as f64;
            narrowest.is_finite().then(|| (libm::ceil((high - low) / narrowest) + 1.0) * runs)
        };
        let runs: Vec<f64> = (0..self.axes.rows.len()).filter_map(steps).collect();
        (!runs.is_empty()).then(|| runs.iter().sum::<f64>() / self.runs_of_an_evaluation(lines))
    }

    /// The replications of a row, on average.
    fn runs_of_an_evaluation(&self, lines: &[Line]) -> f64 {
        let rows = self.axes.rows.len();
        let all: u64 = (0..rows).map(|row| replications_of(lines, row)).sum();
        (all as f64 / rows as f64).max(1.0)
    }
}

/// The replications behind a row.
fn replications_of(lines: &[Line], row: usize) -> u64 {
    lines.iter().map(|line| line.rows[row].point.samples).max().unwrap_or(0)
}

/// Where a row's point surely lies, with all rows together; an end that is not known is at infinity.
fn bounds(row: &RowPoint, falling: bool) -> Option<(f64, f64)> {
    let beyond = |kept: bool| {
        if kept == falling { (f64::INFINITY, f64::INFINITY) } else { (f64::NEG_INFINITY, f64::NEG_INFINITY) }
    };
    match row.outcome {
        Outcome::Breaks => {
            let (low, high) = row.together;
            let or =
                |end: Option<f64>, open: f64| end.or(row.point.value.filter(|_| row.point.samples < 2)).unwrap_or(open);
            Some((or(low, f64::NEG_INFINITY), or(high, f64::INFINITY)))
        }
        // Beyond an end of the range, but its interval may reach inside.
        Outcome::Holds | Outcome::Broken => {
            let (at, _) = beyond(row.outcome == Outcome::Holds);
            let (low, high) = row.together;
            Some(if at > 0.0 { (low.unwrap_or(at), at) } else { (at, high.unwrap_or(at)) })
        }
        Outcome::NotMonotone | Outcome::Unknown => None,
    }
}

/// Whether the line does not surely rise in one place and surely fall in another.
fn has_one_way(rows: &[RowPoint], falling: bool) -> bool {
    let known: Vec<(f64, f64)> = rows.iter().filter_map(|row| bounds(row, falling)).collect();
    let (mut rises, mut falls) = (false, false);
    for (k, (low, high)) in known.iter().enumerate() {
        rises |= known[k + 1..].iter().any(|later| later.0 > *high);
        falls |= known[k + 1..].iter().any(|later| later.1 < *low);
    }
    !(rises && falls)
}

/// Which subject breaks first in a row, as the load grows.
pub(super) fn first(lines: &[Line], row: usize) -> Option<First> {
    let falling = || lines.iter().filter(|line| line.falling);
    let place = |line: &Line| match line.rows[row].outcome {
        Outcome::Broken => Some(f64::NEG_INFINITY),
        Outcome::Breaks => line.rows[row].point.value,
        Outcome::Holds | Outcome::NotMonotone | Outcome::Unknown => None,
    };
    let least = falling().filter_map(|line| Some((place(line)?, line))).min_by(|a, b| a.0.total_cmp(&b.0))?.1;
    let latest = match least.rows[row].outcome {
        Outcome::Broken => f64::NEG_INFINITY,
        _ => least.rows[row].point.high.or(least.rows[row].point.value).unwrap_or(f64::INFINITY),
    };
    let earliest = |line: &Line| match line.rows[row].outcome {
        Outcome::Broken => Some(f64::NEG_INFINITY),
        Outcome::Breaks => Some(line.rows[row].point.low.or(line.rows[row].point.value).unwrap_or(f64::NEG_INFINITY)),
        _ => None,
    };
    let may = |line: &&Line| line.subject != least.subject && earliest(line).is_some_and(|earliest| earliest <= latest);
    Some(First { subject: least.subject, or: falling().filter(may).map(|line| line.subject).collect() })
}

/// Every cell looked at, once: the later bands have more replications.
fn seen(bands: &[&[Row]]) -> Vec<Seen> {
    let mut seen: Vec<Seen> = Vec::new();
    for band in bands.iter().rev() {
        for (row, looks) in band.iter().enumerate() {
            for look in &looks.single.looks {
                if seen.iter().all(|seen| seen.row != row || seen.at.total_cmp(&look.at).is_ne()) {
                    let values = look.judged.iter().map(|judged| judged.as_ref().map(|judged| judged.shown)).collect();
                    seen.push(Seen { row, at: look.at, values });
                }
            }
        }
    }
    seen.sort_by(|a, b| a.row.cmp(&b.row).then(a.at.total_cmp(&b.at)));
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: f64, half: f64) -> RowPoint {
        let point = Estimate::around(value, Some(half), 0.95, 30);
        let together = (point.low, point.high);
        RowPoint { outcome: Outcome::Breaks, point, together, precision: None, broken_by: None }
    }

    #[test]
    fn a_line_that_surely_turns_is_not_monotone() {
        assert!(has_one_way(&[row(1.3, 0.1), row(1.2, 0.1), row(1.25, 0.1), row(1.0, 0.1)], true));
        assert!(!has_one_way(&[row(1.3, 0.02), row(1.1, 0.02), row(1.25, 0.02)], true));
        let broken = RowPoint { outcome: Outcome::Broken, together: (None, None), ..row(0.5, 0.0) };
        assert!(has_one_way(&[row(1.3, 0.02), broken.clone(), broken.clone()], true));
        assert!(!has_one_way(&[row(1.3, 0.02), broken, row(1.2, 0.02)], true));
    }

    #[test]
    fn who_breaks_first_is_told_with_those_who_may() {
        let line = |subject, row| Line { subject, falling: true, monotone: true, rows: vec![row], shown: (0.5, 2.0) };
        let lines = [line(0, row(1.3, 0.05)), line(1, row(1.2, 0.02)), line(2, row(1.23, 0.02))];
        assert_eq!(first(&lines, 0), Some(First { subject: 1, or: vec![2] }));
        let holds = RowPoint { outcome: Outcome::Holds, ..row(4.0, 0.0) };
        assert_eq!(first(&[line(0, holds)], 0), None);
    }
}
