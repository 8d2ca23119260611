//! What counts as an order's success in the integration layer.

use super::{DiversionKind, Fate, Layer, Model, Strikes, WhenFull};

/// The integration layer of an operation, as one thing that orders come to and get through, or fail in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncLayer {
    /// Stations that orders come to from outside the layer.
    entries: Vec<usize>,
    /// Stations whose items leave the layer when their patience ends; when their last attempt has failed; when they
    /// are turned away.
    patience: Vec<usize>,
    attempts: Vec<usize>,
    room: Vec<usize>,
    /// Exceptions that strike in it.
    exceptions: Vec<usize>,
}

/// What one run tells of a station.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncCounts {
    /// Visits, further attempts not counted.
    pub arrivals: u64,
    /// Visits whose patience ended.
    pub abandoned: u64,
    /// Visits whose last attempt failed.
    pub gave_up: u64,
    /// Visits that found no room.
    pub turned_away: u64,
}

impl SyncLayer {
    /// That of `model`; `None` when it has no integration layer.
    #[must_use]
    pub fn of(model: &Model) -> Option<SyncLayer> {
        let inside = |k: usize| model.stations[k].layer == Layer::Integration;
        let layer: Vec<usize> = (0..model.stations.len()).filter(|k| inside(*k)).collect();
        if layer.is_empty() {
            return None;
        }
        let leaves = |fate: Fate| !matches!(fate, Fate::To(station) if inside(station.index()));
        let leads_to = |from: usize, to: usize| {
            let station = &model.stations[from];
            let to_it = |fate: Fate| matches!(fate, Fate::To(station) if station.index() == to);
            from != to
                && (station.route.legs.iter().any(|leg| to_it(leg.to))
                    || station.retry.as_ref().is_some_and(|retry| to_it(retry.then))
                    || station.patience.as_ref().is_some_and(|patience| to_it(patience.then)))
        };
        let fed = |k: &usize| layer.iter().any(|from| leads_to(*from, *k));
        let mut entries: Vec<usize> = layer.iter().copied().filter(|k| !fed(k)).collect();
        if entries.is_empty() {
            entries.clone_from(&layer);
        }
        let those = |test: &dyn Fn(&super::Station) -> bool| -> Vec<usize> {
            layer.iter().copied().filter(|k| test(&model.stations[*k])).collect()
        };
        let strikes_inside = |k: &usize| {
            let exception = &model.diversions[*k];
            exception.kind == DiversionKind::Exception
                && matches!(&exception.strikes, Strikes::After(stations) if stations.iter().any(|at| inside(at.index())))
        };
        Some(SyncLayer {
            entries,
            patience: those(&|station| station.patience.as_ref().is_some_and(|patience| leaves(patience.then))),
            attempts: those(&|station| station.retry.as_ref().is_some_and(|retry| leaves(retry.then))),
            room: those(&|station| {
                station.capacity.is_some() && matches!(station.when_full, WhenFull::TurnAway(fate) if leaves(fate))
            }),
            exceptions: (0..model.diversions.len()).filter(strikes_inside).collect(),
        })
    }

    /// Orders that got through without failing, and orders that came, given what a run tells of each station and how
    /// often each exception struck. An order fails that leaves the layer unserved or is struck by an exception in it.
    #[must_use]
    pub fn success(&self, station: impl Fn(usize) -> SyncCounts, struck: impl Fn(usize) -> u64) -> (u64, u64) {
        let sum =
            |of: &[usize], count: &dyn Fn(SyncCounts) -> u64| -> u64 { of.iter().map(|k| count(station(*k))).sum() };
        let came = sum(&self.entries, &|counts| counts.arrivals);
        let failed = sum(&self.patience, &|counts| counts.abandoned)
            + sum(&self.attempts, &|counts| counts.gave_up)
            + sum(&self.room, &|counts| counts.turned_away)
            + self.exceptions.iter().map(|k| struck(*k)).sum::<u64>();
        (came.saturating_sub(failed), came)
    }
}
