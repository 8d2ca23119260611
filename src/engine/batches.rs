//! Several items worked as one: carts, pallets, batch jobs.

use super::items::NO_ITEM;
use super::simulation::Simulation;
use super::visits::VisitObserver;
use crate::model::Batch;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    #[inline(never)]
    pub(super) fn start_batch(&mut self, s: u16, batch: Batch) {
        let k = usize::from(s);
        let mut first = NO_ITEM;
        let mut last = NO_ITEM;
        let mut size = 0_u32;
        let mut content = (0_u32, 0_u32);
        while size < batch.max {
            let Some(item) = self.stations[k].line.take_first(&self.items) else { break };
            self.stations[k].end_wait(s, &mut self.items, item, self.now, (self.from, self.until));
            let (it, detail) = self.items.with_detail(item);
            content = (content.0 + it.lines, content.1 + it.units);
            detail.next = NO_ITEM;
            if first == NO_ITEM {
                first = item;
            } else {
                self.items.detail_mut(last).next = item;
            }
            last = item;
            size += 1;
        }
        let work = if batch.adds_up { self.batch_ticks(s, first, size, content) } else { self.service_ticks(s, first) };
        let mut item = first;
        while item != NO_ITEM {
            let (it, detail) = self.items.with_detail(item);
            let (next, waited) = (detail.next, self.now - it.entered);
            let state = &mut self.stations[k];
            let counted = state.book_start(it, detail, work, self.now, (self.from, self.until));
            if state.told {
                self.tell_started(s, item, counted.then_some(waited));
            }
            item = next;
        }
        if let Some(bucket) = &mut self.stations[k].bucket {
            bucket.take(self.now, self.from);
        }
        self.count_batch(s, size, batch.max);
        for _ in 1..size {
            self.stations[k].busy.enter(self.now);
        }
        match self.stations[k].plan.pool {
            Some(pool) => self.stations[k].occupy(
                first,
                work,
                self.now,
                (&mut self.pools[usize::from(pool)], &mut self.servers, &mut self.services),
            ),
            None => {
                self.stations[k].busy.enter(self.now);
                self.stations[k].equipment_used += 1;
                self.finish_unlimited_at(s, first, work);
            }
        }
        if self.stations[k].line.length() > 0 {
            self.watch_batch(s);
        }
    }

    fn count_batch(&mut self, s: u16, size: u32, max: u32) {
        if !self.counting {
            return;
        }
        let state = &mut self.stations[usize::from(s)];
        state.counts.batches += 1;
        state.counts.full_batches += u64::from(size == max);
        state.groups.count += 1;
        state.groups.sum += u64::from(size);
        state.groups.squares += u64::from(size) * u64::from(size);
    }
}
