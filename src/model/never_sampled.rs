//! Numbers that no run of a model can ever tell.

use super::{
    Count, LevelScope, LevelStatistic, Metric, Model, Release, Spell, Staff, StationId, SyncLayer, TallyStatistic,
    VisitShare, Whose,
};
use crate::time::SimTime;

impl Model {
    /// Why no run can ever tell `metric`: a number of batches where nothing is batched, of those who give up where
    /// nobody can, of an instant after the end. `None` when a run can.
    #[must_use]
    pub fn why_never_sampled(&self, metric: &Metric) -> Option<String> {
        self.not_kept(metric).or_else(|| match metric {
            // A share or a number of those who give up is 0 in every run: a limit on it would be kept for ever, and say nothing.
            Metric::Visit { station, whose: Whose::Abandoned, .. }
            | Metric::VisitShare { station, share: VisitShare::Abandoned }
            | Metric::Count { count: Count::Abandoned(station), .. }
                if self.station(*station).patience.is_none() =>
            {
                Some(format!("nobody gives up waiting at {}, which has no `patience`", self.named(*station)))
            }
            Metric::AbandonedShare(_) if self.stations.iter().all(|station| station.patience.is_none()) => {
                Some("nobody gives up waiting anywhere: no station has `patience`".to_owned())
            }
            Metric::GroupSize { station, batch: true, .. } | Metric::FullBatches(station)
                if self.station(*station).batch.is_none() =>
            {
                Some(format!("{} has no `batch`", self.named(*station)))
            }
            Metric::GroupSize { station, batch: false, .. }
            | Metric::LeftBehind(station)
            | Metric::NobodyLeftBehind(station)
                if self.station(*station).release == Release::AtOnce =>
            {
                Some(format!("{} has no `release`: everything is let through at once", self.named(*station)))
            }
            Metric::BucketFull(station) if self.station(*station).rate_limit.is_none() => {
                Some(format!("{} has no rate limit", self.named(*station)))
            }
            Metric::Availability(station) | Metric::Utilisation(station)
                if self.station(*station).staff == Staff::Unlimited =>
            {
                Some(format!("{} needs nobody: everything is started at once", self.named(*station)))
            }
            Metric::Level { statistic: LevelStatistic::At(at) | LevelStatistic::AllBusyAt(at), .. }
            | Metric::Count { by: Some(at), .. } => self.after_the_end(at.0),
            Metric::SyncSuccess if SyncLayer::of(self).is_none() => {
                Some("no station is of the layer \"integration\"".to_owned())
            }
            Metric::LabourCost if self.pools.iter().all(|pool| pool.cost_per_hour.is_none()) => {
                Some("no pool has a cost".to_owned())
            }
            Metric::Count { count: Count::Contacts, .. } | Metric::TicketsPer100 if self.contacts.is_empty() => {
                Some("nobody writes: there is no [[contact]]".to_owned())
            }
            _ => None,
        })
    }

    /// Why runs keep too little of `metric` to tell it; `None` when they keep enough.
    fn not_kept(&self, metric: &Metric) -> Option<String> {
        let why = match metric {
            Metric::Visit { spell, whose, source, statistic: TallyStatistic::Quantile(_), .. } => {
                let kept = matches!(spell, Spell::Wait | Spell::Service) && *whose == Whose::Served && source.is_none();
                (!kept).then_some("percentiles are kept of the wait and the service of all who were served")
            }
            Metric::TimeInSystem { source, dispatched, statistic: TallyStatistic::Quantile(_) } => {
                let kept = source.is_some() != *dispatched;
                (!kept).then_some("percentiles are kept of orders.time_to_dispatch and of a source's time_in_system")
            }
            Metric::Level { scope, statistic: LevelStatistic::ShareAtZero, .. }
                if !matches!(scope, LevelScope::Station(_)) =>
            {
                Some("the share of time at zero is kept of stations")
            }
            _ => None,
        };
        why.map(|why| format!("{why}, not of this"))
    }

    fn after_the_end(&self, at: SimTime) -> Option<String> {
        (at > self.horizon.end).then(|| "its instant lies after the end of the run".to_owned())
    }

    fn station(&self, id: StationId) -> &super::Station {
        &self.stations[id.index()]
    }

    fn named(&self, id: StationId) -> String {
        format!("station \"{}\"", self.station(id).name)
    }
}
