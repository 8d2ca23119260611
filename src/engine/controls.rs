//! Controls: quantities that a plan, an incident or a rule may change during a run. The present value is state; a
//! change is an event.

use super::event_calendar::Phase;
use super::simulation::Simulation;
use super::timers::Happening;
use super::visits::VisitObserver;
use crate::model::{ChangedValue, StationId};
use crate::random::Threshold;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// A planned change takes effect.
    pub(super) fn change(&mut self, k: usize) {
        let change = self.plan.model.changes[k];
        match change.to {
            ChangedValue::ExtraHeads(pool, heads) => {
                self.pools[pool.index()].extra = heads;
                self.set_heads(pool.0);
            }
            ChangedValue::Equipment(station, count) => {
                self.stations[station.index()].equipment = Some(count);
                self.count_equipment(station.0);
                self.look_again(station);
            }
            ChangedValue::Speed(station, factor) => self.stations[station.index()].speed = factor,
            ChangedValue::Outage(station, out) => {
                if out || self.stations[station.index()].outages > 0 {
                    self.switch_outage(station.0, out);
                }
            }
            ChangedValue::RateLimit(station, per_second) => {
                let now = self.now;
                if let Some(bucket) = &mut self.stations[station.index()].bucket {
                    bucket.set_rate(now, per_second);
                }
                self.look_again(station);
            }
            ChangedValue::ReleaseAtMost(station, at_most) => self.stations[station.index()].at_most = at_most,
            ChangedValue::ReleaseEvery(station, period) => self.set_period(station, period.0),
            ChangedValue::FailureChance(station, probability) => {
                self.stations[station.index()].failure_factor = Threshold::new(probability).ok();
            }
            ChangedValue::ExceptionFactor(factor) => self.exception_factor = factor,
            ChangedValue::Uplift(source, factor) => self.streams[source.index()].set_uplift(factor),
        }
    }

    /// The new period counts from the first instant of the release; the timer of the old one is passed over.
    fn set_period(&mut self, station: StationId, period: u64) {
        self.stations[station.index()].period = period.max(1);
        let rank = self.plan.stations[station.index()].rank;
        if let Some(next) = self.next_release(station.0, crate::time::SimTime(self.now)) {
            self.at(next.0, Phase::Release, rank, 0, Happening::Release(station.0));
        }
    }

    /// Something a station needs may be there now.
    fn look_again(&mut self, station: StationId) {
        match self.plan.stations[station.index()].pool {
            Some(pool) => self.take_up_work(pool),
            None => {
                self.try_start(station.0);
            }
        }
    }
}
