//! Holds and exception classes.

use super::Lowering;
use crate::model::{Diversion, DiversionKind, ServiceTime, SlaClock, SourceId, StationId, Strikes};
use crate::quantity::Factor;
use crate::scenario::diagnostic::Place;
use crate::scenario::file::exception::{DeskTable, ExceptionTable, HoldTable, SlaClockWord};
use crate::scenario::file::source::KindWord;
use crate::scenario::file::station::work::TakesValue;
use crate::scenario::names::Name;
use crate::scenario::reader::Spanned;
use crate::scenario::units::rate::Thing;

impl Lowering<'_> {
    /// Holds, then exception classes.
    pub(super) fn diversions(&mut self) -> Option<Vec<Diversion>> {
        let file = self.file;
        let mut all: Vec<Option<Diversion>> = file.hold.iter().map(|table| self.hold(table)).collect();
        all.extend(file.exception_classes().map(|table| self.exception(table)));
        all.into_iter().collect()
    }

    fn hold(&mut self, table: &HoldTable) -> Option<Diversion> {
        let sources = self.held_sources(table);
        let desk = self.desk_of(&table.owner, table.takes.as_ref());
        let ends = self.ends(None, table.ends.as_ref(), None);
        let by_hour = self.by_hour(&table.by_hour, &table.place);
        let (desk, owner, takes) = desk?;
        Some(Diversion {
            name: table.name.as_str().to_owned(),
            draws_as: drawn(table.draws_as.as_ref(), &table.name),
            kind: DiversionKind::Hold,
            strikes: Strikes::From(sources?),
            chance: table.share.get(),
            per_line: false,
            by_hour: by_hour?,
            desk,
            takes,
            owner,
            ends: ends?,
            clock: clock(table.sla_clock.value),
        })
    }

    fn exception(&mut self, table: &ExceptionTable) -> Option<Diversion> {
        let at = self.names.stations.find(&table.at, self.sink);
        let per_line = match table.chance.per {
            None | Some(Thing::Order) => Some(false),
            Some(Thing::Line) => Some(true),
            Some(other) => {
                let help = "write, for example: chance = \"0.8% per line\"";
                let message = format!("a chance per {other} is not in this version");
                self.wrong("wrong-unit", &table.chance.place, message, "per order or per line", help);
                None
            }
        };
        let desk = self.desk_of(&table.owner, table.takes.as_ref());
        if table.then.is_none() && table.ends.is_none() {
            let help = "add, for example: then = \"goes on\", or: then = \"pick\"";
            let message = "nothing says what becomes of the order afterwards";
            self.wrong("missing-key", &table.place, message, "`then` is missing", help);
        }
        let ends = self.ends(table.then.as_ref(), table.ends.as_ref(), Some(&table.at));
        let by_hour = self.by_hour(&table.by_hour, &table.place);
        let (desk, owner, takes) = desk?;
        Some(Diversion {
            name: table.name.as_str().to_owned(),
            draws_as: drawn(table.draws_as.as_ref(), &table.name),
            kind: DiversionKind::Exception,
            strikes: Strikes::After(self.names.station_ids[at?].clone()),
            chance: table.chance.probability.get(),
            per_line: per_line?,
            by_hour: by_hour?,
            desk,
            takes,
            owner,
            ends: ends?,
            clock: clock(table.sla_clock.value),
        })
    }

    /// The sources whose orders are held, their sends included.
    fn held_sources(&mut self, table: &HoldTable) -> Option<Vec<SourceId>> {
        let held: Vec<usize> = if table.sources.is_empty() {
            let orders = |k: &usize| self.file.source[*k].kind.value == KindWord::Order;
            (0..self.file.source.len()).filter(orders).collect()
        } else {
            let all: Vec<Option<usize>> =
                table.sources.iter().map(|name| self.names.sources.find(name, self.sink)).collect();
            all.into_iter().collect::<Option<_>>()?
        };
        let mut ids: Vec<SourceId> = held.into_iter().flat_map(|k| self.names.source_ids[k].clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        Some(ids)
    }

    /// The desk called `owner`, who owns it, and how long a case takes there.
    fn desk_of(
        &mut self,
        owner: &Spanned<Name>,
        takes: Option<&Spanned<TakesValue>>,
    ) -> Option<(StationId, Option<String>, ServiceTime)> {
        let index = self.names.desks.find(owner, self.sink)?;
        let file = self.file;
        let desk: &DeskTable = &file.desk[index];
        let Some(takes) = takes.or(desk.takes.as_ref()) else {
            let help = "add, for example: takes = { typical = \"6m\", one_in_ten_over = \"18m\" }";
            let message = format!("neither this nor the desk \"{}\" says how long a case takes", owner.as_str());
            self.wrong("missing-key", &owner.place, message, "`takes` is missing", help);
            return None;
        };
        let place = file.station.len() + file.collection.len() + index;
        let takes = self.takes(takes, None)?;
        Some((self.names.station_ids[place][0], desk.owner.as_ref().map(|owner| owner.value.clone()), takes))
    }

    fn by_hour(&mut self, factors: &[Spanned<Factor>], place: &Place) -> Option<Vec<f64>> {
        if !factors.is_empty() && factors.len() != 24 {
            let message = format!("`by_hour` has {} factors, not 24", factors.len());
            let help = "write one factor for each hour of the day, from 00:00 on";
            self.wrong("wrong-length", factors.first().map_or(place, |first| &first.place), message, "not 24", help);
            return None;
        }
        Some(factors.iter().map(|factor| factor.get()).collect())
    }
}

fn drawn(other: Option<&Spanned<String>>, own: &Spanned<Name>) -> String {
    other.map_or_else(|| own.as_str().to_owned(), |other| other.value.clone())
}

fn clock(word: SlaClockWord) -> SlaClock {
    match word {
        SlaClockWord::Runs => SlaClock::Runs,
        SlaClockWord::Paused => SlaClock::Paused,
        SlaClockWord::StartsAtRelease => SlaClock::StartsAtRelease,
    }
}
