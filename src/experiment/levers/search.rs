//! Where along a line of looks an SLA ceases to be kept.

use crate::experiment::results::Verdict;

/// Places of the first looks, which are also what is looked at for an order that is not the expected one.
const FIRST: usize = 5;
/// The same where even the near end is not kept, and only that order could make a difference.
const FIRST_WHERE_LOST: usize = 3;
/// Most places that are looked at one by one where the order is not the expected one.
const MOST: usize = 49;

/// A look: the place on the line, and the verdict there.
pub(super) type Look = (usize, Verdict);

/// What the looks at a line tell, the near end of which should be kept and the far end not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The last place up to which everything that was looked at is surely kept.
    pub(super) kept_to: Option<usize>,
    /// The first place from which everything that was looked at is surely breached.
    pub(super) lost_from: Option<usize>,
    /// Whether no place that is surely kept lies beyond one that is surely breached.
    pub(super) monotone: bool,
}

/// What `looks`, in order of place, tell.
pub(super) fn line(looks: &[Look]) -> Line {
    let kept = looks.iter().take_while(|(_, verdict)| *verdict == Verdict::Kept);
    let lost = looks.iter().rev().take_while(|(_, verdict)| *verdict == Verdict::Breached);
    let last_kept = looks.iter().rfind(|(_, verdict)| *verdict == Verdict::Kept);
    let first_breached = looks.iter().find(|(_, verdict)| *verdict == Verdict::Breached);
    Line {
        kept_to: kept.last().map(|(at, _)| *at),
        lost_from: lost.last().map(|(at, _)| *at),
        monotone: last_kept.zip(first_breached).is_none_or(|((kept, _), (breached, _))| kept < breached),
    }
}

/// Where to look next on a line of `places`; empty when both ends are known to one place.
pub(super) fn next(looks: &[Look], places: usize) -> Vec<usize> {
    let new = |at: &usize| looks.iter().all(|(looked, _)| looked != at);
    let Some((0, near)) = looks.first().copied() else { return evenly(places, 1) };
    let first = if near == Verdict::Kept { FIRST } else { FIRST_WHERE_LOST };
    let first: Vec<usize> = evenly(places, first).into_iter().filter(new).collect();
    if !first.is_empty() {
        return first;
    }
    let found = line(looks);
    if !found.monotone {
        return evenly(places, MOST).into_iter().filter(new).collect();
    }
    let mut wanted: Vec<usize> = after_kept(looks).into_iter().chain(before_lost(looks)).collect();
    wanted.dedup();
    wanted
}

/// Halfway between the last look up to which all are kept and the next one, unless they are neighbours.
pub(super) fn after_kept(looks: &[Look]) -> Option<usize> {
    let at = place(looks, line(looks).kept_to?)?;
    halfway(looks.get(at)?, looks.get(at + 1)?)
}

/// Halfway between the first look from which on all are breached and the one before, unless they are neighbours.
pub(super) fn before_lost(looks: &[Look]) -> Option<usize> {
    let at = place(looks, line(looks).lost_from?)?;
    halfway(looks.get(at.checked_sub(1)?)?, looks.get(at)?)
}

fn place(looks: &[Look], at: usize) -> Option<usize> {
    looks.iter().position(|(looked, _)| *looked == at)
}

fn halfway((near, _): &Look, (far, _): &Look) -> Option<usize> {
    (far - near > 1).then(|| near.midpoint(*far))
}

/// At most `count` places, both ends among them.
fn evenly(places: usize, count: usize) -> Vec<usize> {
    let last = places.saturating_sub(1);
    let steps = count.min(places).saturating_sub(1);
    if places == 0 { Vec::new() } else { (0..=steps).map(|k| k * last / steps.max(1)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{Breached, Inconclusive, Kept};

    /// Looks until nothing more is wanted; what was found, and how many looks it took.
    fn search(places: usize, verdict: impl Fn(usize) -> Verdict) -> (Line, usize) {
        let mut looks: Vec<Look> = Vec::new();
        loop {
            let wanted = next(&looks, places);
            if wanted.is_empty() {
                return (line(&looks), looks.len());
            }
            for at in wanted {
                assert!(at < places && looks.iter().all(|(looked, _)| *looked != at), "looks at {at} twice");
                looks.push((at, verdict(at)));
            }
            looks.sort_unstable_by_key(|(at, _)| *at);
        }
    }

    #[test]
    fn both_ends_are_found_to_one_place() {
        for places in [1, 2, 3, 7, 200] {
            for kept in 0..=places {
                for doubtful in [0, 1, 3] {
                    let lost = (kept + doubtful).min(places);
                    let verdict = |at| match at {
                        at if at < kept => Kept,
                        at if at < lost => Inconclusive,
                        _ => Breached,
                    };
                    let (found, looks) = search(places, verdict);
                    assert_eq!(found.kept_to, kept.checked_sub(1), "{kept} of {places}");
                    assert_eq!(found.lost_from, (lost < places).then_some(lost), "{lost} of {places}");
                    assert!(found.monotone && looks <= 5 + 14, "{looks}");
                }
            }
        }
    }

    #[test]
    fn another_order_than_the_expected_one_is_told_and_looked_at_place_by_place() {
        let (found, looks) = search(40, |at| if (5..35).contains(&at) { Breached } else { Kept });
        assert_eq!((found.monotone, found.kept_to, looks), (false, Some(4), 40));
    }

    #[test]
    fn nothing_is_looked_at_on_a_line_without_places() {
        assert!(next(&[], 0).is_empty());
        assert_eq!((evenly(10, 5), evenly(10, 1), evenly(2, 5)), (vec![0, 2, 4, 6, 9], vec![0], vec![0, 1]));
    }
}
