//! Messages that are nothing but visitors: a customer's first message to a plain station that answers it for good.
//!
//! All that such a message is travels with the visitor: whose it is, when it came, what it is about. It takes a place
//! among the items only when more is to be known of it: when the customer writes again, or the run ends before the answer.

use super::items::Item;
use super::plain::Pass;
use super::simulation::{Simulation, blank_item};
use super::visits::VisitObserver;
use crate::model::ItemKind;

/// What moves on at this instant, for moves that would otherwise nest.
#[derive(Clone, Copy, Debug)]
pub(super) enum Move {
    /// An item goes where its fate says.
    Item(u32, crate::model::Fate),
    /// A bare message of this identity and kind of contact comes to a station.
    Message(u64, u16, u16),
}

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
        self.enter_plain(s, id, Pass::of_message(matter));
    }

    /// A bare message has been answered: it is settled, or the customer writes again.
    pub(super) fn bare_message_answered(&mut self, s: u16, id: u64, times: (u64, u64), pass: Pass) {
        if self.settles(usize::from(pass.matter()), id, 1) {
            self.items.count_out();
            self.maybe_over();
        } else {
            let pass = self.with_place(id, times.0, pass);
            self.put_down(s, times, pass);
            self.write_again(pass.item());
        }
    }

    /// The pass of a visitor that has a place among the items; a bare message gets one.
    pub(super) fn with_place(&mut self, id: u64, entered: u64, pass: Pass) -> Pass {
        if !pass.is_bare() {
            return pass;
        }
        self.items.count_out();
        let message = Item { kind: ItemKind::Contact, matter: pass.matter(), ..blank_item(id, entered) };
        let place = self.items.add(message);
        Pass::of(&self.items[place], place)
    }
}
