//! Items that are nothing but visitors: an arrival that one plain station serves for good and of which nobody asks more,
//! and a customer's first message to a plain station that answers it for good.
//!
//! All that such an item is travels with the visitor: its identity, when it came, its source or what it is about. It takes
//! a place among the items only when more is to be known of it: when the customer writes again, or the run ends before its
//! service.

use super::demand::Point;
use super::items::{Item, Marks, blank_item};
use super::plain::Pass;
use super::simulation::Simulation;
use super::visits::VisitObserver;
use crate::model::ItemKind;

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// Whether a first message to this station can be a mere visitor there: nobody looks on, and from there it goes nowhere.
    #[inline]
    pub(super) fn takes_bare_messages(&self, s: u16) -> bool {
        let short = &self.stations[usize::from(s)].short;
        !O::WATCHES && short.ends_here && !short.told
    }

    /// A bare message comes to its station.
    #[inline]
    pub(super) fn bare_message_comes(&mut self, id: u64, matter: u16, s: u16) {
        self.enter_plain(s, id, Pass::of_message(matter), None);
    }

    /// An arrival of a source comes to the station where it is a mere visitor.
    #[inline]
    pub(super) fn bare_arrival_comes(&mut self, source: u16, point: &Point, s: u16) {
        self.items.count_in();
        self.enter_plain(s, point.id, Pass::of_arrival(source, self.counting), point.work);
    }

    /// A bare visitor has been served.
    #[inline(never)]
    pub(super) fn bare_visitor_served(&mut self, s: u16, id: u64, times: (u64, u64), pass: Pass) {
        if pass.is_contact() {
            self.bare_message_answered(s, id, times, pass);
            return;
        }
        let source = usize::from(pass.matter());
        let kind = self.plan.model.sources[source].kind;
        self.way_is_over((source, kind), times.0, pass.is_counted(), true);
        self.items.count_out();
        self.look_whether_over();
    }

    /// A bare message has been answered: it is settled, or the customer writes again.
    fn bare_message_answered(&mut self, s: u16, id: u64, times: (u64, u64), pass: Pass) {
        if self.settles(usize::from(pass.matter()), id, 1) {
            self.items.count_out();
            self.maybe_over();
        } else {
            let pass = self.with_place(id, times.0, pass);
            self.put_down(s, times, pass);
            self.write_again(pass.item());
        }
    }

    /// The pass of a visitor that has a place among the items; a bare one gets one.
    pub(super) fn with_place(&mut self, id: u64, entered: u64, pass: Pass) -> Pass {
        if !pass.is_bare() {
            return pass;
        }
        self.items.count_out();
        let item = if pass.is_contact() {
            Item { kind: ItemKind::Contact, matter: pass.matter(), ..blank_item(id, entered) }
        } else {
            let kind = self.plan.model.sources[usize::from(pass.matter())].kind;
            let marks = Marks::new(pass.is_counted(), kind == ItemKind::Order);
            Item { kind, source: pass.matter(), marks, ..blank_item(id, entered) }
        };
        let place = self.items.add(item);
        Pass::of(&self.items[place], place)
    }
}
