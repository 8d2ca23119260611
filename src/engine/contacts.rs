//! Customers write: because an order is late or silent, was struck, or for no reason; and again when unanswered.

use super::diversions::scaled;
use super::event_calendar::Phase;
use super::items::{Item, Items, MOST_SLAS, blank_item};
use super::plan::Plan;
use super::simulation::{Move, RunKeys, Simulation};
use super::timers::Happening;
use super::visits::VisitObserver;
use crate::model::{ClockStart, ContactCause, Fate, ItemKind, SourceId};
use crate::random::unit;
use crate::time::{SimDuration, TICKS_PER_HOUR};

impl<O: VisitObserver> Simulation<'_, '_, O> {
    /// A new order may bring a message whatever happens to it, and is watched until it is due.
    pub(super) fn order_may_write(&mut self, item: u32) {
        let model = self.plan.model;
        for (k, contact) in model.contacts.iter().enumerate() {
            let id = self.items[item].id;
            match &contact.cause {
                ContactCause::Baseline { share, .. } => {
                    if unit(self.keys.contacts[k].bits(id, 0)) < *share {
                        let delay = self.plan.contacts[k]
                            .delay
                            .as_ref()
                            .map_or(0.0, |delay| delay.value(self.keys.contacts[k].bits(id, 1)));
                        self.write_after(k, item, SimDuration::from_seconds(delay).0);
                    }
                }
                // A clock that starts at a station has not started yet.
                ContactCause::Lateness { sla, .. }
                    if matches!(model.slas[sla.index()].starts, ClockStart::Reached(_)) => {}
                ContactCause::Lateness { sla, .. } => self.watch_clock(k, sla.index(), item),
                ContactCause::Silence { after, .. } => self.watch_due(k, item, self.now + after.0),
                ContactCause::LateDispatch { .. } | ContactCause::Struck { .. } => {}
            }
        }
    }

    /// A clock of an order has started: whoever writes when it is late watches it from now on.
    pub(super) fn watch_started_clock(&mut self, sla: usize, order: u32) {
        let model = self.plan.model;
        for (k, contact) in model.contacts.iter().enumerate() {
            if matches!(&contact.cause, ContactCause::Lateness { sla: of, .. } if of.index() == sla) {
                self.watch_clock(k, sla, order);
            }
        }
    }

    /// Watches for an order to fall due, if its clock has started. A hold that has it now lets it go on with another
    /// due time, if any; see [`Simulation::let_go`].
    fn watch_clock(&mut self, k: usize, sla: usize, order: u32) {
        let known = &self.plan.model.slas[sla];
        if !known.covers(SourceId(self.items[order].source)) {
            return;
        }
        if let Some(reading) = self.unheld_reading(sla, order) {
            self.watch_due(k, order, reading.due.0);
        }
    }

    /// A hold or exception lets an order go: its clocks go on, and those that are due at another time than they were
    /// are watched anew.
    pub(super) fn let_go(&mut self, order: u32) {
        let (model, now, created) = (self.plan.model, self.now, self.items[order].created);
        let watches = !model.contacts.is_empty() && self.items[order].kind == ItemKind::Order;
        let mut before = [(None, false); MOST_SLAS];
        let Some(clock) = self.items.clock_mut(order) else { return };
        if watches {
            for ((k, sla), before) in model.slas.iter().enumerate().zip(&mut before) {
                let due = clock.read_unheld(sla, k, created).map(|reading| reading.due.0);
                *before = (due, clock.read(sla, k, created, now).is_none());
            }
        }
        clock.let_go(now);
        if !watches {
            return;
        }
        let struck = self.items.detail(order).diverted_since;
        for (k, contact) in model.contacts.iter().enumerate() {
            let ContactCause::Lateness { sla, .. } = &contact.cause else { continue };
            let sla = sla.index();
            let Some(reading) = self.clock_reading(sla, order) else { continue };
            let (due, stood_still) = before[sla];
            // One that fell due while its clock stood still was not taken for late then.
            let missed = stood_still && due.is_some_and(|due| struck < due && due <= now);
            if missed || due != Some(reading.due.0) {
                self.watch_clock(k, sla, order);
            }
        }
    }

    /// Puts an order on the watch for its due time. Due times come in order, so the watch is a plain queue; one that
    /// would come out of order gets a timer of its own.
    fn watch_due(&mut self, k: usize, item: u32, due: u64) {
        let contact = u16::try_from(k).expect("few contacts");
        let stamp = self.items.generation(item);
        if due <= self.now {
            self.late_order(k, item, stamp, due);
            return;
        }
        let watch = &mut self.due_watch[k];
        if watch.back().is_some_and(|last| last.0 > due) {
            let id = self.items[item].id;
            self.at(due, Phase::Probe, 4, id, Happening::Writes(contact, item, stamp));
            return;
        }
        let first = watch.is_empty();
        watch.push_back((due, item, stamp));
        if first {
            self.at(due, Phase::Probe, 4, 0, Happening::Due(contact));
        }
    }

    /// Orders of a watch fall due: those still open are late from now on, and may write at a constant hazard.
    pub(super) fn fall_due(&mut self, contact: u16) {
        let k = usize::from(contact);
        while let Some((due, item, generation)) = self.due_watch[k].front().copied() {
            if due > self.now {
                self.at(due, Phase::Probe, 4, 0, Happening::Due(contact));
                return;
            }
            self.due_watch[k].pop_front();
            self.late_order(k, item, generation, due);
        }
    }

    /// An order that was watched until `due` is late from then on, if it is still open and due then.
    fn late_order(&mut self, k: usize, item: u32, generation: u32, due: u64) {
        if self.late_since(k, item, generation) != Some(due) {
            return;
        }
        let at = due + self.silence(k, item);
        if at <= self.now {
            self.make_contact(k, item);
        } else {
            let contact = u16::try_from(k).expect("few contacts");
            self.at(at, Phase::Return, 0, self.items[item].id, Happening::Writes(contact, item, generation));
        }
    }

    /// A watched order falls due now, or its customer would write now, if it is still open.
    pub(super) fn write_about(&mut self, contact: u16, item: u32, generation: u32) {
        let k = usize::from(contact);
        let Some(due) = self.late_since(k, item, generation) else { return };
        if self.now == due {
            self.late_order(k, item, generation, due);
        } else if self.now == due + self.silence(k, item) {
            self.make_contact(k, item);
        }
        // Otherwise a hold has moved its due time since, and it is watched for the new one.
    }

    /// Since when an order that contact `k` watches is late, or when it will be. `None` when it has ended (its place
    /// may hold another item by now), when its clock has stopped, and while it stands still.
    fn late_since(&mut self, k: usize, item: u32, generation: u32) -> Option<u64> {
        if self.items.generation(item) != generation {
            return None;
        }
        match &self.plan.model.contacts[k].cause {
            ContactCause::Lateness { sla, .. } => {
                let stopped = self.items.detail(item).judged >> sla.index() & 1 == 1;
                self.clock_reading(sla.index(), item).filter(|_| !stopped).map(|reading| reading.due.0)
            }
            ContactCause::Silence { after, .. } => Some(self.items[item].created + after.0),
            _ => None,
        }
    }

    /// How long the customer of a late order bears it in silence, in ticks.
    fn silence(&self, k: usize, item: u32) -> u64 {
        let (ContactCause::Lateness { per_day, .. } | ContactCause::Silence { per_day, .. }) =
            &self.plan.model.contacts[k].cause
        else {
            return u64::MAX;
        };
        let days = -libm::log(unit(self.keys.contacts[k].bits(self.items[item].id, 0))) / per_day;
        SimDuration::from_seconds(days * 86_400.0).0
    }

    /// A dispatched order may bring a message because it took so long.
    pub(super) fn dispatched_order_may_write(&mut self, item: u32) {
        let model = self.plan.model;
        for (k, contact) in model.contacts.iter().enumerate() {
            if let ContactCause::LateDispatch { later_than, chance } = &contact.cause {
                let it = &self.items[item];
                if self.now - it.created > later_than.0 && unit(self.keys.contacts[k].bits(it.id, 0)) < *chance {
                    self.make_contact(k, item);
                }
            }
        }
    }

    /// An order struck by a hold or exception may bring a message.
    pub(super) fn struck_order_may_write(&mut self, d: u16, item: u32) {
        let model = self.plan.model;
        for (k, contact) in model.contacts.iter().enumerate() {
            if let ContactCause::Struck { by, chance } = &contact.cause
                && by.0 == d
                && unit(self.keys.contacts[k].bits(self.items[item].id, 0)) < *chance
            {
                self.make_contact(k, item);
            }
        }
    }

    /// A message about an order, now.
    fn make_contact(&mut self, k: usize, order: u32) {
        self.write_after(k, order, 0);
    }

    fn write_after(&mut self, k: usize, order: u32, delay: u64) {
        let identity = self.keys.contacts[k].bits(self.items[order].id, 2);
        let matter = u16::try_from(k).expect("few contacts");
        if delay == 0
            && let Fate::To(station) = self.plan.model.contacts[k].to
            && self.takes_bare_messages(station.0)
        {
            self.items.count_in();
            self.count_message(k, 1);
            self.moves.push_back(Move::Message(identity, matter, station.0));
            return;
        }
        let message = self.items.add(Item { kind: ItemKind::Contact, matter, ..blank_item(identity, self.now) });
        if delay == 0 {
            self.message_comes(k, message, 1);
        } else {
            self.items.detail_mut(message).open = 0;
            self.at(self.now + delay, Phase::Return, 0, identity, Happening::Message(message));
        }
    }

    /// A message, or work that follows a dispatch, comes to its first station.
    pub(super) fn deliver(&mut self, item: u32) {
        let k = usize::from(self.items[item].matter);
        if self.items[item].kind != ItemKind::Contact {
            let fate = self.plan.model.follow_ups[k].to;
            let it = &mut self.items[item];
            (it.created, it.entered) = (self.now, self.now);
            self.moves.push_back(Move::Item(item, fate));
            return;
        }
        let detail = self.items.detail_mut(item);
        detail.open += 1;
        let written = detail.open;
        self.message_comes(k, item, written);
    }

    /// The `written`-th message of a customer of kind `k` comes to its first station.
    #[inline]
    fn message_comes(&mut self, k: usize, item: u32, written: u32) {
        self.count_message(k, written);
        let fate = self.plan.model.contacts[k].to;
        self.moves.push_back(Move::Item(item, fate));
    }

    #[inline]
    fn count_message(&mut self, k: usize, written: u32) {
        if self.counts(self.now) {
            self.contacts_made += 1;
            self.contacts[k] += 1;
            self.chasers += u64::from(written > 1);
        }
    }

    /// Whether the answer to a customer's `written`-th message settles the matter.
    #[inline]
    pub(super) fn settles(&self, k: usize, id: u64, written: u32) -> bool {
        let share = self.plan.model.contacts[k].settled;
        // Where every answer does, nothing needs to be drawn: a draw is below 1.
        share >= 1.0 || unit(self.keys.contacts[k].bits(id, 9 + u64::from(written) * 4)) < share
    }

    /// A message has been answered (or has left the route): it is settled, or the customer writes again.
    pub(super) fn contact_ended(&mut self, item: u32, answered: bool) {
        let (id, k) = (self.items[item].id, usize::from(self.items[item].matter));
        let written = self.items.detail(item).open;
        if answered && self.settles(k, id, written) {
            self.items.remove(item);
            self.maybe_over();
        } else {
            self.write_again(item);
        }
    }

    /// A customer gave up waiting for an answer.
    pub(super) fn unanswered(&mut self, item: u32) {
        let then = self.plan.stations[usize::from(self.items[item].station)].of.patience.as_ref().map(|p| p.then);
        match then {
            // Sent elsewhere by the scenario: a second desk, say.
            Some(Fate::To(station)) => self.moves.push_back(Move::Item(item, Fate::To(station))),
            _ => self.write_again(item),
        }
    }

    pub(super) fn write_again(&mut self, item: u32) {
        let (identity, k) = (self.items[item].id, usize::from(self.items[item].matter));
        let written = self.items.detail(item).open;
        if written >= self.plan.model.contacts[k].at_most {
            self.items.remove(item);
            self.maybe_over();
            return;
        }
        let number = 10 + u64::from(written) * 4;
        let delay = self.plan.contacts[k].again.value(self.keys.contacts[k].bits(identity, number));
        let it = &mut self.items[item];
        it.stamp = it.stamp.wrapping_add(1);
        let delay = SimDuration::from_seconds(delay).0.min(TICKS_PER_HOUR * 24 * 365);
        self.at(self.now + delay.max(1), Phase::Return, 0, identity, Happening::Message(item));
    }
}

/// The agents' work on a message that is an item, in ticks.
pub(super) fn contact_ticks(plan: &Plan<'_>, keys: &RunKeys, items: &Items, item: u32) -> u64 {
    let (id, k) = (items[item].id, usize::from(items[item].matter));
    message_ticks(plan, keys, k, id, items.detail(item).open)
}

/// The agents' work on the `written`-th message of this identity and kind of contact, in ticks.
#[inline]
pub(super) fn message_ticks(plan: &Plan<'_>, keys: &RunKeys, k: usize, id: u64, written: u32) -> u64 {
    let known = &plan.contacts[k];
    let bits = keys.contacts[k].bits(id, 8 + u64::from(written) * 4);
    scaled(known.takes_mean, known.spread.as_ref().map_or(1.0, |spread| spread.value(bits)))
}
