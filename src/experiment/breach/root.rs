//! Where a margin crosses zero, found with few looks at it.
//!
//! The runs behind a margin are fixed beforehand (same replications, nested load), so it is a plain function of the
//! load and ordinary bracketing is exact. A look costs seconds, thinking costs nothing: so the next place is guessed
//! by a straight line and overstepped a little, which closes the bracket from both sides.

/// A value of the margin: where, and how far the limit is kept there (below 0: broken).
pub(in crate::experiment) type Point = (f64, f64);

/// In which way and how closely to look.
#[derive(Clone, Copy, Debug)]
pub(in crate::experiment) struct Search {
    /// Ends of the range.
    pub(in crate::experiment) low: f64,
    pub(in crate::experiment) high: f64,
    /// Whether the limit is kept at low values and broken at high ones.
    pub(in crate::experiment) falling: bool,
    /// Width of the bracket to reach, relative to its place.
    pub(in crate::experiment) tolerance: f64,
    /// Only whole numbers exist.
    pub(in crate::experiment) whole: bool,
}

/// What is known of a crossing, or where to look next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::experiment) enum Next {
    /// Kept at the first of two near places, broken at the second.
    Between(f64, f64),
    /// Look there.
    Look(f64),
    /// Kept wherever one looks, up to the far end.
    KeptThroughout,
    /// Broken already at the near end.
    BrokenThroughout,
}

/// What the points known so far, in order of place, tell.
pub(in crate::experiment) fn next(search: Search, points: &[Point]) -> Next {
    if search.falling {
        return next_falling(search, points);
    }
    // The mirror image falls.
    let mirrored = Search { low: -search.high, high: -search.low, falling: true, ..search };
    let points: Vec<Point> = points.iter().rev().map(|(x, margin)| (-x, *margin)).collect();
    match next_falling(mirrored, &points) {
        Next::Between(kept, broken) => Next::Between(-kept, -broken),
        Next::Look(x) => Next::Look(-x),
        end => end,
    }
}

fn next_falling(search: Search, points: &[Point]) -> Next {
    let Some(first_broken) = points.iter().position(|(_, margin)| *margin < 0.0) else {
        return beyond_the_last(search, points);
    };
    if first_broken == 0 {
        return before_the_first(search, points);
    }
    let (kept, broken) = (points[first_broken - 1], points[first_broken]);
    let width = broken.0 - kept.0;
    let near = search.tolerance * broken.0.abs().max(kept.0.abs());
    if width <= if search.whole { 1.0 } else { near } {
        return Next::Between(kept.0, broken.0);
    }
    let crossing = kept.0 + width * (kept.1 / (kept.1 - broken.1));
    // A margin of exactly 0 has its crossing there, and a flat one everywhere: never look twice at one place.
    let (nearest, farthest) = (kept.0 + 0.04 * width, broken.0 - 0.04 * width);
    let overstep = 0.35 * near;
    let aim = if crossing - kept.0 < broken.0 - crossing { crossing + overstep } else { crossing - overstep };
    // Where a few looks have left the bracket wide, the curve is no line there: half way to halving it.
    let wide = width > 8.0 * near && points.len() > 4;
    let middle = 0.5 * (kept.0 + broken.0);
    let aim = match wide {
        true if search.whole => middle,
        true => 0.5 * (crossing + middle),
        false => aim,
    };
    let aim = aim.clamp(nearest, farthest);
    Next::Look(if search.whole { libm::round(aim).clamp(kept.0 + 1.0, broken.0 - 1.0) } else { aim })
}

fn beyond_the_last(search: Search, points: &[Point]) -> Next {
    let Some(last) = points.last() else { return Next::Look(search.low) };
    if last.0 >= search.high {
        return Next::KeptThroughout;
    }
    let before = points.len().checked_sub(2).map(|at| points[at]);
    let slope = before.map_or(0.0, |before| (last.1 - before.1) / (last.0 - before.0));
    let aim = if slope < 0.0 { last.0 - 1.3 * last.1 / slope } else { 0.5 * (last.0 + search.high) };
    let aim = aim.max(last.0 + search.tolerance * last.0.abs()).min(search.high);
    // Near the end of the range there is no use in stopping just short of it.
    let aim = if search.high - aim < search.tolerance * search.high.abs() { search.high } else { aim };
    Next::Look(if search.whole { libm::round(aim).clamp(last.0 + 1.0, search.high) } else { aim })
}

fn before_the_first(search: Search, points: &[Point]) -> Next {
    let first = points[0];
    if first.0 <= search.low {
        return Next::BrokenThroughout;
    }
    let slope = points.get(1).map_or(0.0, |after| (after.1 - first.1) / (after.0 - first.0));
    let aim = if slope < 0.0 { first.0 - 1.3 * first.1 / slope } else { 0.5 * (first.0 + search.low) };
    let aim = aim.min(first.0 - search.tolerance * first.0.abs()).max(search.low);
    let aim = if aim - search.low < search.tolerance * search.low.abs() { search.low } else { aim };
    Next::Look(if search.whole { libm::round(aim).clamp(search.low, first.0 - 1.0) } else { aim })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Searches for the crossing of `margin`; says where it is, or at which end, and how many looks it took.
    fn search(search: Search, margin: impl Fn(f64) -> f64) -> (Next, usize) {
        let mut points: Vec<Point> = Vec::new();
        for looks in 0..200 {
            match next(search, &points) {
                Next::Look(x) => {
                    assert!(points.iter().all(|point| point.0.total_cmp(&x).is_ne()), "looks at {x} twice");
                    assert!((search.low..=search.high).contains(&x), "{x} is outside");
                    points.push((x, margin(x)));
                    points.sort_by(|a, b| a.0.total_cmp(&b.0));
                }
                end => return (end, looks),
            }
        }
        panic!("no end: {points:?}");
    }

    const REAL: Search = Search { low: 0.5, high: 4.0, falling: true, tolerance: 0.002, whole: false };

    #[test]
    fn a_straight_line_takes_few_looks() {
        let (found, looks) = search(REAL, |x| 1.3 - x);
        let Next::Between(kept, broken) = found else { panic!("{found:?}") };
        assert!(kept <= 1.3 && 1.3 < broken && broken - kept <= 0.002 * broken);
        assert!(looks <= 6, "{looks}");
    }

    #[test]
    fn a_saturating_curve_takes_few_looks() {
        // Everything is kept for long, then little.
        let (found, looks) = search(REAL, |x| 0.02 - 0.5 * (x - 1.9).max(0.0));
        let Next::Between(kept, broken) = found else { panic!("{found:?}") };
        assert!(kept <= 1.94 && 1.94 <= broken, "{kept} {broken}");
        assert!(looks <= 14, "{looks}");
    }

    #[test]
    fn the_ends_of_the_range_are_told() {
        assert_eq!(search(REAL, |_| 0.1).0, Next::KeptThroughout);
        assert_eq!(search(REAL, |_| -0.1).0, Next::BrokenThroughout);
        let rising = Search { falling: false, ..REAL };
        assert_eq!(search(rising, |_| 0.1).0, Next::KeptThroughout);
    }

    #[test]
    fn fewest_servers_are_found_from_above() {
        let whole = Search { low: 1.0, high: 40.0, falling: false, tolerance: 0.001, whole: true };
        let (found, looks) = search(whole, |servers| if servers >= 22.0 { 0.01 } else { -0.3 });
        assert_eq!(found, Next::Between(22.0, 21.0));
        assert!(looks <= 12, "{looks}");
    }

    proptest! {
        #[test]
        fn every_crossing_is_bracketed(at in 0.51_f64..3.99, power in 0.2_f64..6.0, step in 0.0_f64..0.3) {
            let margin = |x: f64| {
                let rest = libm::pow((at - x).abs(), power);
                if x <= at { rest } else { -rest - step - 1e-12 }
            };
            let (found, looks) = search(REAL, margin);
            let Next::Between(kept, broken) = found else { return Err(TestCaseError::fail(format!("{found:?}"))) };
            prop_assert!(kept <= at && at < broken && broken - kept <= 0.002 * broken);
            prop_assert!(looks <= 60, "{} looks", looks);
        }
    }
}
