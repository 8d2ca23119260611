//! Orders whose lines are worked apart and joined again.

use super::items::{Item, Marks, Standing, blank_item};
use super::simulation::{Move, Simulation};
use super::visits::VisitObserver;
use crate::model::Fate;
use crate::observation::Stretch;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// An order comes to a station that works its lines apart.
    #[inline(never)]
    pub(super) fn split(&mut self, s: u16, order: u32) {
        let now = self.now;
        let parent = self.items[order].clone();
        let detail = self.items.detail_mut(order);
        (detail.open, detail.lost) = (parent.lines, None);
        self.items[order].standing = Standing::Split;
        for line in 1..=parent.lines {
            let child = self.items.add(Item {
                line: u16::try_from(line).unwrap_or(u16::MAX),
                source: parent.source,
                station: s,
                visit: parent.visit,
                priority: parent.priority,
                kind: parent.kind,
                rank: parent.rank,
                marks: Marks::new(false, parent.marks.kept()),
                ..blank_item(parent.id, now)
            });
            self.items.detail_mut(child).order = order;
            self.enter_again(s, child);
        }
    }

    /// A line is done; with the last one its order goes on. The last line's life is the order's.
    #[inline(never)]
    pub(super) fn join(&mut self, s: u16, line: u32) {
        let order = self.items.order_of(line);
        let detail = self.items.detail_mut(order);
        detail.open -= 1;
        let last = detail.open == 0;
        if last && self.items[order].marks.kept() {
            let from = self.items[line].created;
            let mut life = std::mem::take(&mut self.life);
            life.clear();
            self.items.life(line, from, &mut life);
            for interval in &life {
                let (station, to) = (interval.station, interval.to.0);
                let stretch = if interval.mixed {
                    Stretch::mixed(station, to)
                } else {
                    Stretch::new(station, interval.cause, to)
                };
                self.items.label_stretch(order, stretch);
            }
            self.life = life;
        }
        self.items.remove(line);
        if !last {
            return;
        }
        self.items[order].standing = Standing::Moving;
        if let Some(fate) = self.items.detail(order).lost {
            self.moves.push_back(Move::Item(order, fate));
            return;
        }
        if self.plan.stations[usize::from(s)].stops_clocks {
            self.stopped_at(s, order);
        }
        if !self.plan.stations[usize::from(s)].struck_by.is_empty() && self.struck(s, order) {
            return;
        }
        let fate = self.way_on(s, order);
        self.moves.push_back(Move::Item(order, fate));
    }

    /// A line gives up, is turned away or fails for good: its order follows it once the other lines have ended.
    #[inline(never)]
    pub(super) fn lose_line(&mut self, line: u32, fate: Fate) {
        let (s, order) = (self.items[line].station, self.items.order_of(line));
        let lost = &mut self.items.detail_mut(order).lost;
        *lost = lost.or(Some(fate));
        self.join(s, line);
    }
}
