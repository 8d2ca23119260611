//! How long the work on an item takes.

use super::contacts::contact_ticks;
use super::flow::draw_number;
use super::items::Item;
use super::plan::{SpreadPlan, Takes};
use super::simulation::Simulation;
use super::visits::VisitObserver;
use crate::model::ItemKind;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Service time of one item, in ticks.
    #[inline(always)]
    pub(super) fn service_ticks(&mut self, s: u16, item: u32) -> u64 {
        let state = &self.stations[usize::from(s)];
        let it = &self.items[item];
        if state.plan.works_by_item || it.kind == ItemKind::Contact {
            return self.ticks_by_item(s, item);
        }
        let bits = state.keys.service.bits(it.id, draw_number(it));
        self.at_speed(s, ticks(&state.plan.takes, it, bits))
    }

    /// Service time where it matters what an item is: a message, an exception at its desk, an order of a certain source.
    #[inline(never)]
    fn ticks_by_item(&mut self, s: u16, item: u32) -> u64 {
        let state = &self.stations[usize::from(s)];
        let station = state.plan;
        let it = &self.items[item];
        if it.kind == ItemKind::Contact {
            return contact_ticks(self.plan, &self.keys, &self.items, item);
        }
        if station.is_desk && self.at_its_desk(s, item) {
            return self.desk_ticks(s, item);
        }
        let of_source = station.takes_of.iter().find(|(source, _)| source.0 == it.source);
        let takes = of_source.map_or(&station.takes, |(_, takes)| takes);
        let bits = state.keys.service.bits(it.id, draw_number(it));
        self.at_speed(s, ticks(takes, it, bits))
    }

    /// Service time of a batch whose work contents add up, with one variate for the whole.
    pub(super) fn batch_ticks(&mut self, s: u16, first: u32, size: u32, content: (u32, u32)) -> u64 {
        let k = usize::from(s);
        let takes = &self.stations[k].plan.takes;
        let it = &self.items[first];
        let bits = self.stations[k].keys.service.bits(it.id, draw_number(it));
        let mut work = takes.fixed * f64::from(size)
            + takes.per_line * f64::from(content.0)
            + takes.per_unit * f64::from(content.1);
        if let SpreadPlan::Variate(sampler) = &takes.spread {
            work *= sampler.value(bits);
        }
        self.at_speed(s, to_ticks(work))
    }

    /// Ticks of work at the present speed of the station and its people.
    #[inline(always)]
    #[expect(clippy::float_cmp, reason = "the speed is exactly 1 unless a control or a roster has set another")]
    pub(super) fn at_speed(&self, s: u16, ticks: u64) -> u64 {
        let k = usize::from(s);
        let state = &self.stations[k];
        let station = state.plan;
        if !station.causes_vary {
            return ticks;
        }
        let people = station.pool.map_or(1.0, |pool| self.pools[usize::from(pool)].speed);
        let speed = state.speed * people;
        if speed == 1.0 { ticks } else { to_ticks(ticks.cast_signed() as f64 / speed) }
    }
}

/// Work content × spread, in ticks. The item is looked at only where its content matters.
#[inline(always)]
pub(super) fn ticks(takes: &Takes<'_>, item: &Item, bits: u64) -> u64 {
    let mut content = takes.fixed;
    if takes.has_parts {
        content += takes.per_line * f64::from(item.lines) + takes.per_unit * f64::from(item.units);
    }
    match &takes.spread {
        SpreadPlan::Variate(sampler) => to_ticks(content * sampler.value(bits)),
        SpreadPlan::None => to_ticks(content),
        SpreadPlan::Recorded(times) => {
            let n = times.len().max(1);
            times.get((item.rank.saturating_sub(1)) as usize % n).map_or(0, |time| time.0)
        }
    }
}

/// Rounds to the nearest tick.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
pub(super) fn to_ticks(ticks: f64) -> u64 {
    // By way of a signed number, which processors convert at once; durations are positive.
    ((ticks + 0.5) as i64).max(0).cast_unsigned()
}
