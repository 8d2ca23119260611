//! What is booked of a wait in line: how long it was for equipment alone, and why it passed.

use super::items::Items;
use super::state::StationState;
use crate::observation::{Cause, Stretch};

impl StationState<'_> {
    /// An item's wait in line is over: labels it, and counts the item out of the queue. `window`: what counts.
    #[inline(always)]
    pub(super) fn end_wait(&mut self, s: u16, items: &mut Items, item: u32, now: u64, window: (u64, u64)) {
        if self.equipment.is_some() {
            self.book_wait_for_equipment(items, item, now, window);
        }
        self.label_line(s, items, item, now);
        self.queue.leave(now);
        let it = &mut items[item];
        it.stamp = it.stamp.wrapping_add(1);
    }

    /// Labels an item's life in line up to now.
    #[inline(always)]
    pub(super) fn label_line(&mut self, s: u16, items: &mut Items, item: u32, now: u64) {
        if !items[item].marks.kept() {
            return;
        }
        if !self.plan.causes_vary {
            items.label(item, s, Cause::NoPerson, now);
            return;
        }
        let from = items.labelled(item);
        if from >= now {
            return;
        }
        let stretch = match self.causes.only(from, now) {
            Some(cause) => Stretch::new(s, cause, now),
            None => Stretch::mixed(s, now),
        };
        items.label_stretch(item, stretch);
        if self.causes.is_long() {
            self.causes.forget_before(items.oldest().unwrap_or(now));
        }
    }

    /// Books how much of a wait in line, before the first start of a counted visit, was for equipment alone.
    #[inline]
    fn book_wait_for_equipment(&mut self, items: &Items, item: u32, now: u64, window: (u64, u64)) {
        let (entered, detail) = (items[item].entered, items.detail(item));
        if detail.started == u64::MAX && entered >= window.0 && entered < window.1 {
            self.waited_for_equipment += self.causes.lacked_until(now) - detail.lacked;
        }
    }
}
