//! What the looks say when a search is stopped before its crossings are closely bracketed.
//!
//! Only rounds that ended count, and of them the stage of most replications that bounds the point. Its interval
//! reaches from the last load at which the subject is surely kept to the first at which it is surely broken: the
//! crossings of the interval's ends lie between, so it is wider than a search that goes on would find, and as true.

use super::found::Outcome;
use super::search::Range;
use super::stage::{POINT, Stage, crossing, hull, is_monotone};

/// What one stage says of a subject.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::experiment) struct SoFar {
    pub(in crate::experiment) outcome: Outcome,
    pub(in crate::experiment) value: Option<f64>,
    /// The interval; an end outside the range is not known.
    pub(in crate::experiment) ends: (Option<f64>, Option<f64>),
}

impl SoFar {
    /// `None` when the stage says nothing for sure: there is no point without an interval.
    pub(in crate::experiment) fn of(stage: &Stage, subject: usize, range: Range, falling: bool) -> Option<SoFar> {
        let ends = ends(stage, subject, range, falling);
        if !is_monotone(stage, subject, falling) {
            return Some(SoFar { outcome: Outcome::NotMonotone, value: None, ends });
        }
        let margins: Vec<(f64, f64)> = stage.judged(subject).map(|(at, judged)| (at, judged.margin)).collect();
        let (first, last) = (margins.first()?, margins.last()?);
        let breaks = |pair: &&[(f64, f64)]| (pair[0].1 < 0.0) != (pair[1].1 < 0.0);
        if let Some(pair) = margins.windows(2).find(breaks) {
            let (kept, broken) = if pair[0].1 < 0.0 { (pair[1].0, pair[0].0) } else { (pair[0].0, pair[1].0) };
            let value = crossing(stage, subject, POINT, (kept, broken));
            // Between two whole numbers it is not known which one; the one nearer to where it is kept promises less.
            let whole = if kept < broken { libm::floor(value) } else { libm::ceil(value) };
            let value = Some(if range.whole { whole } else { value });
            return (ends != (None, None)).then_some(SoFar { outcome: Outcome::Breaks, value, ends });
        }
        let outcome = match first.1 >= 0.0 {
            _ if first.0 > range.low || last.0 < range.high => return None,
            true if !surely_kept(stage, subject).is_empty() => Outcome::Holds,
            false if !surely_broken(stage, subject).is_empty() => Outcome::Broken,
            _ => return None,
        };
        Some(SoFar { outcome, value: None, ends })
    }
}

/// Of what several stages say, that of most replications first, the first whose interval is bounded on both sides where it
/// breaks; otherwise the first.
pub(in crate::experiment) fn best<T>(found: impl IntoIterator<Item = (T, SoFar)>) -> Option<(T, SoFar)> {
    let bounded = |found: &SoFar| match found.ends {
        (Some(_), Some(_)) => true,
        _ => found.outcome != Outcome::Breaks,
    };
    let mut found = found.into_iter();
    let first = found.next()?;
    if bounded(&first.1) { Some(first) } else { found.find(|(_, found)| bounded(found)).or(Some(first)) }
}

/// The ends of the interval by whole brackets, where the subject is kept on one side only; one at the far end of the range
/// bounds nothing inside it.
pub(in crate::experiment) fn ends(
    stage: &Stage,
    subject: usize,
    range: Range,
    falling: bool,
) -> (Option<f64>, Option<f64>) {
    let (low, high) = if is_monotone(stage, subject, falling) {
        // What is kept at one load is kept at those on its side: few runs that are all alike say nothing by themselves.
        let (kept, broken) = (surely_kept(stage, subject), surely_broken(stage, subject));
        let (below, above) = if falling { (kept, broken) } else { (broken, kept) };
        (below.into_iter().reduce(f64::max), above.into_iter().reduce(f64::min))
    } else {
        hull(stage, subject, falling)
    };
    (low.filter(|low| *low < range.high), high.filter(|high| *high > range.low))
}

/// An outcome as far as some look bears it out: where none is sure of anything, because too few runs tell anything or all
/// of those say the same, nothing is known.
pub(in crate::experiment) fn borne_out(stage: &Stage, subject: usize, outcome: Outcome) -> Outcome {
    let (kept, broken) = (!surely_kept(stage, subject).is_empty(), !surely_broken(stage, subject).is_empty());
    let is_sure = match outcome {
        Outcome::Holds => kept,
        Outcome::Broken => broken,
        Outcome::Breaks => kept || broken,
        Outcome::NotMonotone | Outcome::Unknown => true,
    };
    if is_sure { outcome } else { Outcome::Unknown }
}

fn surely_kept(stage: &Stage, subject: usize) -> Vec<f64> {
    let surely = stage.judged(subject).filter(|(_, judged)| judged.is_surely_kept());
    surely.map(|(at, _)| at).collect()
}

fn surely_broken(stage: &Stage, subject: usize) -> Vec<f64> {
    stage.judged(subject).filter(|(_, judged)| judged.is_surely_broken()).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::super::judged::Judged;
    use super::super::look::Look;
    use super::*;
    use crate::statistics::estimate::Estimate;

    const RANGE: Range = Range { low: 0.0, high: 4.0, whole: false };

    /// Looks with a margin each, whose interval reaches `half` to either side.
    fn stage(looks: &[(f64, f64)], half: f64) -> Stage {
        let judged = |margin: f64| Judged {
            shown: Estimate::around(margin, Some(half), 0.95, 5),
            margin,
            ends: (Some(margin - half), Some(margin + half)),
            broken: Vec::new(),
            broken_by: None,
            first_breach: None,
        };
        let look = |(at, margin): &(f64, f64)| Look { at: *at, limited: false, judged: vec![Some(judged(*margin))] };
        Stage { replications: 0..5, looks: looks.iter().map(look).collect() }
    }

    #[test]
    fn the_interval_reaches_to_the_nearest_sure_looks() {
        let looks = [(0.0, 0.5), (1.0, 0.3), (2.0, 0.1), (3.0, -0.1), (4.0, -0.5)];
        let found = SoFar::of(&stage(&looks, 0.2), 0, RANGE, true).unwrap();
        assert_eq!((found.outcome, found.ends), (Outcome::Breaks, (Some(1.0), Some(4.0))));
        assert!((found.value.unwrap() - 2.5).abs() < 1e-12);
        let whole = SoFar::of(&stage(&looks, 0.2), 0, Range { whole: true, ..RANGE }, true).unwrap();
        assert_eq!(whole.value, Some(2.0));
        // With the upper end in doubt to the end of the range, only the lower one is known.
        let open = SoFar::of(&stage(&looks[..4], 0.2), 0, RANGE, true).unwrap();
        assert_eq!(open.ends, (Some(1.0), None));
        // More is better: the same looks the other way round.
        let risen: Vec<(f64, f64)> = looks.iter().rev().map(|(at, margin)| (4.0 - at, *margin)).collect();
        let found = SoFar::of(&stage(&risen, 0.2), 0, RANGE, false).unwrap();
        assert_eq!((found.outcome, found.ends), (Outcome::Breaks, (Some(0.0), Some(3.0))));
    }

    #[test]
    fn runs_that_are_all_alike_at_the_ends_hide_nothing() {
        let mut stage = stage(&[(0.0, 0.5), (1.0, 0.3), (3.0, -0.3), (4.0, -0.5)], 0.2);
        for end in [0, 3] {
            let judged = stage.looks[end].judged[0].as_mut().unwrap();
            judged.ends = (None, None);
        }
        let found = SoFar::of(&stage, 0, RANGE, true).unwrap();
        assert_eq!((found.outcome, found.ends), (Outcome::Breaks, (Some(1.0), Some(3.0))));
    }

    #[test]
    fn what_is_not_sure_anywhere_is_not_told() {
        let looks = [(0.0, 0.5), (2.0, 0.1), (4.0, -0.5)];
        assert_eq!(SoFar::of(&stage(&looks, 0.6), 0, RANGE, true), None);
        assert_eq!(SoFar::of(&stage(&[], 0.1), 0, RANGE, true), None);
    }

    #[test]
    fn an_outcome_that_no_look_is_sure_of_is_not_known() {
        let outcomes = |half: f64, looks: &[(f64, f64)]| {
            let stage = stage(looks, half);
            [Outcome::Holds, Outcome::Broken, Outcome::Breaks].map(|outcome| borne_out(&stage, 0, outcome))
        };
        let [holds, broken, breaks] = [Outcome::Holds, Outcome::Broken, Outcome::Breaks];
        assert_eq!(outcomes(0.2, &[(0.0, 0.5), (4.0, 0.1)]), [holds, Outcome::Unknown, breaks]);
        assert_eq!(outcomes(0.2, &[(0.0, 0.1), (4.0, -0.5)]), [Outcome::Unknown, broken, breaks]);
        assert_eq!(outcomes(0.2, &[(0.0, 0.1), (4.0, -0.1)]), [Outcome::Unknown; 3]);
    }

    #[test]
    fn it_holds_only_where_both_ends_were_looked_at() {
        let looks = [(0.0, 0.5), (2.0, 0.4), (4.0, 0.3)];
        let found = SoFar::of(&stage(&looks, 0.1), 0, RANGE, true).unwrap();
        assert_eq!((found.outcome, found.value, found.ends), (Outcome::Holds, None, (None, None)));
        assert_eq!(SoFar::of(&stage(&looks[..2], 0.1), 0, RANGE, true), None);
        let broken: Vec<(f64, f64)> = looks.iter().map(|(at, margin)| (*at, -margin)).collect();
        assert_eq!(SoFar::of(&stage(&broken, 0.1), 0, RANGE, true).unwrap().outcome, Outcome::Broken);
        // In doubt at the far end: it holds as far as was seen, and surely up to 2.
        let doubt = SoFar::of(&stage(&[(0.0, 0.5), (2.0, 0.4), (4.0, 0.05)], 0.1), 0, RANGE, true).unwrap();
        assert_eq!((doubt.outcome, doubt.ends), (Outcome::Holds, (Some(2.0), None)));
    }

    #[test]
    fn broken_kept_and_broken_again_has_no_point() {
        let looks = [(0.0, 0.5), (1.0, -0.5), (2.0, 0.5), (4.0, -0.5)];
        let found = SoFar::of(&stage(&looks, 0.1), 0, RANGE, true).unwrap();
        assert_eq!((found.outcome, found.value, found.ends), (Outcome::NotMonotone, None, (Some(0.0), Some(4.0))));
    }
}
