//! Where a margin crosses zero, found with few looks at it.
//!
//! The runs behind a margin are fixed beforehand (same replications, nested load), so it is a plain function of the
//! load and ordinary bracketing is exact. A look costs seconds, thinking costs nothing: so the next place is guessed
//! by a straight line and overstepped a little, which closes the bracket from both sides.

/// What is known of the margin at one place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::experiment) struct Point {
    pub(in crate::experiment) at: f64,
    /// How far the limit is kept there; `None` where nobody can say.
    pub(in crate::experiment) margin: Option<f64>,
    /// On which side of the crossing it lies, which is known all the same: what is not surely kept is on the other side of
    /// where that ends.
    pub(in crate::experiment) broken: bool,
}

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
    /// It is relative to no less than this.
    pub(in crate::experiment) least: f64,
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
    let points: Vec<Point> = points.iter().rev().map(|point| Point { at: -point.at, ..*point }).collect();
    match next_falling(mirrored, &points) {
        Next::Between(kept, broken) => Next::Between(-kept, -broken),
        Next::Look(x) => Next::Look(-x),
        end => end,
    }
}

fn next_falling(search: Search, points: &[Point]) -> Next {
    let Some(first_broken) = points.iter().position(|point| point.broken) else {
        return beyond_the_last(search, points);
    };
    if first_broken == 0 {
        return before_the_first(search, points);
    }
    let (kept, broken) = (points[first_broken - 1], points[first_broken]);
    let width = broken.at - kept.at;
    let near = search.tolerance * broken.at.abs().max(kept.at.abs()).max(search.least);
    if width <= if search.whole { 1.0 } else { near } {
        return Next::Between(kept.at, broken.at);
    }
    // A straight line where both ends are known, otherwise halfway.
    let share = kept.margin.zip(broken.margin).map_or(0.5, |(above, below)| above / (above - below));
    let crossing = kept.at + width * share;
    // A margin of exactly 0 has its crossing there, and a flat one everywhere: never look twice at one place.
    let (nearest, farthest) = (kept.at + 0.04 * width, broken.at - 0.04 * width);
    let overstep = 0.35 * near;
    let aim = if crossing - kept.at < broken.at - crossing { crossing + overstep } else { crossing - overstep };
    // Where a few looks have left the bracket wide, the curve is no line there: half way to halving it.
    let wide = width > 8.0 * near && points.len() > 4;
    let middle = 0.5 * (kept.at + broken.at);
    let aim = match wide {
        true if search.whole => middle,
        true => 0.5 * (crossing + middle),
        false => aim,
    };
    let aim = aim.clamp(nearest, farthest);
    Next::Look(if search.whole { libm::round(aim).clamp(kept.at + 1.0, broken.at - 1.0) } else { aim })
}

fn beyond_the_last(search: Search, points: &[Point]) -> Next {
    let Some(last) = points.last() else { return Next::Look(search.low) };
    if last.at >= search.high {
        return Next::KeptThroughout;
    }
    let before = points.len().checked_sub(2).map(|at| points[at]);
    let end = before.and_then(|before| beyond(before, *last, *last));
    let aim = end.unwrap_or(0.5 * (last.at + search.high));
    let aim = aim.max(last.at + search.tolerance * last.at.abs()).min(search.high);
    // Near the end of the range there is no use in stopping just short of it.
    let aim = if search.high - aim < search.tolerance * search.high.abs() { search.high } else { aim };
    Next::Look(if search.whole { libm::round(aim).clamp(last.at + 1.0, search.high) } else { aim })
}

fn before_the_first(search: Search, points: &[Point]) -> Next {
    let first = points[0];
    if first.at <= search.low {
        return Next::BrokenThroughout;
    }
    let end = points.get(1).and_then(|after| beyond(first, *after, first));
    let aim = end.unwrap_or(0.5 * (first.at + search.low));
    let aim = aim.min(first.at - search.tolerance * first.at.abs()).max(search.low);
    let aim = if aim - search.low < search.tolerance * search.low.abs() { search.low } else { aim };
    Next::Look(if search.whole { libm::round(aim).clamp(search.low, first.at - 1.0) } else { aim })
}

/// A little beyond where the line through two points, seen from one of them, reaches 0; `None` where it does not fall.
fn beyond(one: Point, other: Point, from: Point) -> Option<f64> {
    let slope = (other.margin? - one.margin?) / (other.at - one.at);
    (slope < 0.0).then_some(from.at - 1.3 * from.margin? / slope)
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
                    assert!(points.iter().all(|point| point.at.total_cmp(&x).is_ne()), "looks at {x} twice");
                    assert!((search.low..=search.high).contains(&x), "{x} is outside");
                    let margin = margin(x);
                    points.push(Point { at: x, margin: Some(margin), broken: margin < 0.0 });
                    points.sort_by(|a, b| a.at.total_cmp(&b.at));
                }
                end => return (end, looks),
            }
        }
        panic!("no end: {points:?}");
    }

    const REAL: Search = Search { low: 0.5, high: 4.0, falling: true, tolerance: 0.002, least: 0.0, whole: false };

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
    fn between_a_place_that_tells_and_one_that_does_not_one_looks_halfway() {
        let known = Point { at: 1.0, margin: Some(0.001), broken: false };
        let unsure = Point { at: 3.0, margin: None, broken: true };
        let Next::Look(at) = next(REAL, &[known, unsure]) else { panic!("they lie apart") };
        assert!((at - 2.0).abs() < 0.01, "{at}");
    }

    #[test]
    fn near_nothing_a_bracket_need_not_be_narrow_beside_its_place() {
        let from_nothing = Search { low: 0.0, least: 1.0, ..REAL };
        let (Next::Between(kept, broken), looks) = search(from_nothing, |x| 0.01 - x) else { panic!("no bracket") };
        assert!(kept <= 0.01 && 0.01 < broken && broken - kept <= 0.002);
        let (_, without) = search(Search { least: 0.0, ..from_nothing }, |x| 0.01 - x);
        assert!(looks < without, "{looks} {without}");
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
        let whole = Search { low: 1.0, high: 40.0, falling: false, tolerance: 0.001, least: 0.0, whole: true };
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
