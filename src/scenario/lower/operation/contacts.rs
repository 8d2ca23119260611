//! Contacts and follow-ups.

use super::{Lowering, whole};
use crate::model::{Contact, ContactCause, DiversionId, FollowUp, SlaId};
use crate::random::Distribution;
use crate::scenario::file::contact::{CauseValue, ContactTable, FollowUpTable};

impl Lowering<'_> {
    /// The `[[contact]]` tables.
    pub(super) fn contacts(&mut self) -> Option<Vec<Contact>> {
        let file = self.file;
        let all: Vec<Option<Contact>> = file.contact.iter().map(|table| self.contact(table)).collect();
        all.into_iter().collect()
    }

    fn contact(&mut self, table: &ContactTable) -> Option<Contact> {
        let cause = self.cause(&table.cause.value);
        let to = self.fate(&table.to);
        let takes = self.takes(&table.takes, None);
        let again = self.optional(table.writes_again_after.as_ref(), Lowering::duration);
        if table.settled.get() < 1.0 && table.writes_again_after.is_none() {
            let message = "not every answer settles the matter, but nothing says when the customer writes again";
            let help = "add, for example: writes_again_after = { typical = \"8h\", one_in_ten_over = \"30h\" }";
            self.wrong("missing-key", &table.settled.place, message, "and then?", help);
            return None;
        }
        Some(Contact {
            name: table.name.as_str().to_owned(),
            cause: cause?,
            to: to?,
            takes: takes?,
            settled: table.settled.get(),
            // Never drawn from when every answer settles the matter.
            writes_again_after: again?.unwrap_or(Distribution::Constant(0.0)),
            at_most: whole(table.at_most.value),
        })
    }

    fn cause(&mut self, cause: &CauseValue) -> Option<ContactCause> {
        Some(match cause {
            CauseValue::Late(table) => {
                let sla = SlaId::at(self.names.slas.find(&table.late, self.sink)?);
                ContactCause::Lateness { sla, per_day: table.per_day.get().get() }
            }
            CauseValue::Silent(table) => {
                ContactCause::Silence { after: table.silent_for.value, per_day: table.per_day.get().get() }
            }
            CauseValue::Baseline(table) => {
                let after = self.optional(table.after.as_ref(), Lowering::duration)?;
                let after = after.unwrap_or(Distribution::Constant(0.0));
                ContactCause::Baseline { share: table.share.get(), after }
            }
            CauseValue::LateDispatch(table) => {
                ContactCause::LateDispatch { later_than: table.dispatched_later_than.value, chance: table.chance.get() }
            }
            CauseValue::Struck(table) => {
                let by = DiversionId::at(self.names.exceptions.find(&table.struck_by, self.sink)?);
                ContactCause::Struck { by, chance: table.chance.get() }
            }
        })
    }

    /// The `[[follow_up]]` tables.
    pub(super) fn follow_ups(&mut self) -> Option<Vec<FollowUp>> {
        let file = self.file;
        let all: Vec<Option<FollowUp>> = file.follow_up.iter().map(|table| self.follow_up(table)).collect();
        all.into_iter().collect()
    }

    fn follow_up(&mut self, table: &FollowUpTable) -> Option<FollowUp> {
        let (after, to) = (self.duration(&table.after), self.fate(&table.to));
        Some(FollowUp {
            name: table.name.as_str().to_owned(),
            share: table.share.get(),
            after: after?,
            to: to?,
            priority: u8::try_from(table.priority.get()).expect("priorities of the file lie between 0 and 255"),
        })
    }
}
