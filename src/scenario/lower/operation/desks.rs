//! Desks: stations where holds and exceptions are worked on.

use super::gates::plain_station;
use super::pools::step_down;
use super::shifts::Presence;
use super::stations::{discipline, layer};
use super::{Lowering, whole};
use crate::model::{Fate, Roster, Route, Staff, Station, StepDown};
use crate::scenario::file::exception::DeskTable;

impl Lowering<'_> {
    /// The stations of the `[[desk]]` tables; `None` for each that failed.
    pub(super) fn desks(&mut self) -> Vec<Option<Station>> {
        let file = self.file;
        let first = file.station.len() + file.collection.len();
        file.desk.iter().enumerate().map(|(k, table)| self.desk(first + k, table)).collect()
    }

    fn desk(&mut self, place: usize, table: &DeskTable) -> Option<Station> {
        let staff = self.desk_staff(place, table);
        let takes = self.optional(table.takes.as_ref(), |work, takes| work.takes(takes, None));
        let route = Route::always(Fate::Done);
        let mut station = plain_station(table.name.as_str(), layer(table.layer.value), staff?, route);
        station.owner = table.owner.as_ref().map(|owner| owner.value.clone());
        station.discipline = discipline(table.discipline.value);
        if let Some(takes) = takes? {
            station.takes = takes;
        }
        Some(station)
    }

    fn desk_staff(&mut self, place: usize, table: &DeskTable) -> Option<Staff> {
        let cost = self.optional(table.cost.as_ref(), Lowering::pay_per_hour);
        let Some(pool) = &table.pool else {
            let policy = table.step_down.as_ref().map_or(StepDown::Finish, |word| step_down(word.value));
            let roster = self.desk_roster(table)?;
            let id = self.own_pool(place, table.name.as_str(), roster, policy);
            let cost = cost?;
            if let Some(Some(own)) = self.pools.get_mut(id.index()) {
                own.cost_per_hour = cost;
            }
            return Some(Staff::Pool(id));
        };
        let own = [
            table.people.as_ref().map(|key| &key.place),
            table.works.first().map(|shift| &shift.place),
            table.cost.as_ref().map(|key| &key.place),
            table.step_down.as_ref().map(|key| &key.place),
        ];
        if let Some(place) = own.into_iter().flatten().next() {
            let message = "the desk takes its people from a pool, which says who is there, when, and what they cost";
            self.wrong("needless-key", place, message, "not beside `pool`", "write it under the [[pool]]");
            return None;
        }
        self.pool_of(pool).map(Staff::Pool)
    }

    fn desk_roster(&mut self, table: &DeskTable) -> Option<Roster> {
        let people = table.people.as_deref().copied().map_or(1, whole);
        if table.works.is_empty() {
            if table.absent.get() > 0.0 {
                let message = "absence is drawn for each day of work, but these people are always there";
                self.wrong("needless-key", &table.absent.place, message, "no `works`", "add `works`");
                return None;
            }
            return Some(Roster::constant(people));
        }
        let mut spans = Vec::new();
        for (index, works) in table.works.iter().enumerate() {
            spans.push(self.spans(&Presence {
                days: works.days.as_ref(),
                from: &works.from,
                to: &works.to,
                breaks: &works.breaks,
                place: &works.place,
                index,
                heads: works.people.as_deref().copied().map_or(people, whole),
                absent: table.absent.get(),
                pay: 1.0,
                speed: 1.0,
            }));
        }
        let mut spans = spans.into_iter().collect::<Option<Vec<_>>>()?.concat();
        spans.sort_by_key(|span| (span.from, span.shift_day));
        Some(Roster::Shifts { spans, stream: table.name.as_str().to_owned() })
    }
}
