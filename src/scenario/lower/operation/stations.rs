//! The `[[station]]` tables: each becomes a station of the model, or one for each lane.

use super::gates::plain_station;
use super::staff::equipment;
use super::work::WorkFacts;
use super::{Lowering, whole};
use crate::model::{Discipline, EquipmentKind, Layer, ServiceTime, SourceId, Station, WorkUnit};
use crate::scenario::file::station::{DisciplineWord, LaneTable, LayerWord, StationTable, UnitWord};
use crate::scenario::lower::route;

/// What the key `benches` of a lane counts.
const BENCHES: &str = "benches";

/// What differs between the lanes of a station.
struct Workplace {
    equipment: Vec<EquipmentKind>,
    takes: ServiceTime,
}

impl Lowering<'_> {
    /// The stations of the `[[station]]` tables, lanes in the place of their station; `None` for each that failed.
    pub(super) fn stations(&mut self) -> Vec<Option<Station>> {
        let mut all = Vec::new();
        for (place, table) in self.file.station.iter().enumerate() {
            match self.station(place, table) {
                Some(lanes) => all.extend(lanes.into_iter().map(Some)),
                None => all.resize(all.len() + self.names.station_ids[place].len(), None),
            }
        }
        all
    }

    fn station(&mut self, place: usize, table: &StationTable) -> Option<Vec<Station>> {
        let staff = self.staff(place, table);
        let workplaces = self.workplaces(table);
        let takes_of = self.takes_of(table);
        let release = self.optional(table.release.as_ref(), Lowering::release);
        let route = route(&table.next, self.names, self.sink);
        let limits = self.limits(table);
        let mut base = plain_station(table.name.as_str(), layer(table.layer.value), staff?, route?);
        limits?.give(&mut base);
        base.takes_of = takes_of?;
        if let Some(release) = release? {
            base.release = release;
        }
        base.owner = table.owner.as_ref().map(|owner| owner.value.clone());
        base.unit = if by_line(table) { WorkUnit::Line } else { WorkUnit::Order };
        base.discipline = discipline(table.discipline.value);
        let ids = &self.names.station_ids[place];
        let lanes = ids.iter().zip(workplaces?).map(|(id, workplace)| {
            let name = self.names.station_names[id.index()].clone();
            // A clone's lanes draw as the lanes of the station it is a clone of.
            let draws_as = match &table.draws_as {
                Some(other) => format!("{}{}", other.value, &name[table.name.as_str().len()..]),
                None => name.clone(),
            };
            // A piece of work takes one of each kind, so the scarcest decides.
            let equipment = workplace.equipment.iter().map(|kind| kind.count).min();
            let Workplace { equipment: equipment_kinds, takes } = workplace;
            Station { name, draws_as, equipment, equipment_kinds, takes, ..base.clone() }
        });
        Some(lanes.collect())
    }

    /// One workplace for each lane, or the only one.
    fn workplaces(&mut self, table: &StationTable) -> Option<Vec<Workplace>> {
        if table.lanes.is_empty() {
            let takes = self.service_time(&WorkFacts {
                takes: table.takes.as_ref(),
                rate: table.rate.as_ref(),
                spread: table.spread.as_ref(),
                usable: table.usable.as_ref(),
                by_line: by_line(table),
                place: &table.place,
            })?;
            return Some(vec![Workplace { equipment: equipment(table.equipment.as_deref()), takes }]);
        }
        let own = [table.takes.as_ref().map(|key| &key.place), table.rate.as_ref().map(|key| &key.place)];
        if let Some(place) = own.into_iter().flatten().next() {
            let message = "each lane says itself how long its work takes";
            self.wrong("needless-key", place, message, "not beside `lanes`", "move it into the lanes");
            return None;
        }
        let all: Vec<Option<Workplace>> = table.lanes.iter().map(|lane| self.lane(table, lane)).collect();
        all.into_iter().collect()
    }

    fn lane(&mut self, table: &StationTable, lane: &LaneTable) -> Option<Workplace> {
        let by_rate = lane.rate.is_some();
        let takes = self.service_time(&WorkFacts {
            takes: lane.takes.as_ref(),
            rate: lane.rate.as_ref(),
            spread: lane.spread.as_ref().or(if by_rate { table.spread.as_ref() } else { None }),
            usable: if by_rate { table.usable.as_ref() } else { None },
            by_line: by_line(table),
            place: &lane.place,
        })?;
        let written = lane.equipment.as_deref().or(table.equipment.as_deref());
        let mut equipment = equipment(written);
        if let Some(count) = lane.benches.as_deref().copied().map(whole) {
            match equipment.iter_mut().find(|kind| kind.name == BENCHES) {
                Some(benches) => benches.count = benches.count.min(count),
                None => equipment.push(EquipmentKind { name: BENCHES.to_owned(), count }),
            }
        }
        Some(Workplace { equipment, takes })
    }

    /// Service times of single sources, by source.
    fn takes_of(&mut self, table: &StationTable) -> Option<Vec<(SourceId, ServiceTime)>> {
        let Some(written) = &table.takes_of else { return Some(Vec::new()) };
        let mut all = Vec::new();
        let mut failed = false;
        for (source, takes) in &written.value {
            let name = self.name_from_key(source, &takes.place);
            let index = name.and_then(|name| self.names.sources.find(&name, self.sink));
            let (Some(index), Some(time)) = (index, self.takes(takes, None)) else {
                failed = true;
                continue;
            };
            all.extend(self.names.source_ids[index].iter().map(|id| (*id, time.clone())));
        }
        all.sort_by_key(|(source, _)| *source);
        (!failed).then_some(all)
    }
}

fn by_line(table: &StationTable) -> bool {
    table.unit.value == UnitWord::Line
}

/// The layer as the model knows it.
pub(super) fn layer(word: LayerWord) -> Layer {
    match word {
        LayerWord::Integration => Layer::Integration,
        LayerWord::Warehouse => Layer::Warehouse,
        LayerWord::Exceptions => Layer::Exceptions,
        LayerWord::Support => Layer::Support,
    }
}

/// The discipline as the model knows it.
pub(super) fn discipline(word: DisciplineWord) -> Discipline {
    match word {
        DisciplineWord::FirstInFirstOut => Discipline::Fifo,
        DisciplineWord::Priority => Discipline::Priority { preemptive: false },
        DisciplineWord::PreemptivePriority => Discipline::Priority { preemptive: true },
        DisciplineWord::EarliestDue => Discipline::EarliestDue,
    }
}
