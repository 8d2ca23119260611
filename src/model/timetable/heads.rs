//! Who is planned to be there, stretch by stretch.

use super::super::{ChangedValue, Model, Roster};
use crate::time::SimTime;

/// A stretch of time in which nothing about who is planned to be there changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Its length (h).
    pub hours: f64,
    /// Heads planned.
    pub heads: u32,
    /// Of those, expected to come.
    pub expected: f64,
    /// Mean factor on their speed of work.
    pub speed: f64,
}

/// The stretches of `[from, to)` in which at least one head of pool number `pool` is planned, planned changes included.
#[must_use]
pub fn stretches(model: &Model, pool: usize, from: SimTime, to: SimTime) -> Vec<Stretch> {
    let roster = &model.pools[pool].roster;
    let extra: Vec<(SimTime, i32)> = model
        .changes
        .iter()
        .filter_map(|change| match change.to {
            ChangedValue::ExtraHeads(of, heads) if of.index() == pool => Some((change.at, heads)),
            _ => None,
        })
        .collect();
    let mut edges = vec![from, to];
    match roster {
        Roster::Steps(steps) => edges.extend(steps.iter().map(|step| step.from)),
        Roster::Shifts { spans, .. } => edges.extend(spans.iter().flat_map(|span| [span.from, span.to])),
    }
    edges.extend(extra.iter().map(|(at, _)| *at));
    edges.retain(|at| (from..=to).contains(at));
    edges.sort_unstable();
    edges.dedup();
    let stretch = |pair: &[SimTime]| {
        let (heads, expected, output) = rostered(roster, pair[0]);
        let before = extra.iter().filter(|(at, _)| *at <= pair[0]).max_by_key(|(at, _)| *at);
        let more = before.map_or(0, |(_, heads)| *heads);
        let all = u32::try_from((i64::from(heads) + i64::from(more)).max(0)).unwrap_or(u32::MAX);
        Stretch {
            hours: pair[1].since(pair[0]).hours(),
            heads: all,
            expected: (expected + f64::from(more)).max(0.0),
            speed: if expected > 0.0 { output / expected } else { 1.0 },
        }
    };
    edges.windows(2).map(stretch).filter(|stretch| stretch.heads > 0).collect()
}

/// Heads at an instant, those expected to come, and the sum of their speeds.
fn rostered(roster: &Roster, at: SimTime) -> (u32, f64, f64) {
    match roster {
        Roster::Steps(steps) => {
            let next = steps.partition_point(|step| step.from <= at);
            let heads = next.checked_sub(1).map_or(0, |now| steps[now].heads);
            (heads, f64::from(heads), f64::from(heads))
        }
        Roster::Shifts { spans, .. } => {
            let here = spans.iter().filter(|span| span.from <= at && at < span.to);
            here.fold((0, 0.0, 0.0), |(heads, expected, output), span| {
                let come = f64::from(span.heads) * (1.0 - span.absent);
                (heads + span.heads, expected + come, output + come * span.speed)
            })
        }
    }
}
