//! What the items of the file are called, and which items of the model they become.

use crate::model::{Fate, RouteLeg, SourceId, StationId};
use crate::scenario::file::ScenarioFile;
use crate::scenario::names::{Name, Names};
use crate::scenario::reader::{Sink, Spanned};

/// The names of all items that others refer to.
#[derive(Clone, Debug)]
pub struct ItemNames {
    /// The `[[source]]` tables.
    pub sources: Names,
    /// For each `[[source]]`: itself and its sends in the model.
    pub source_ids: Vec<Vec<SourceId>>,
    /// Wherever an order may be sent: stations, then collections, then desks, in the order of the file.
    pub stations: Names,
    /// For each of these names: where an order goes that is sent there (one leg for each lane, shares adding up to 1).
    pub entries: Vec<Vec<RouteLeg>>,
    /// The `[[pool]]` tables.
    pub pools: Names,
    /// The `[[desk]]` tables.
    pub desks: Names,
    /// The `[[sla]]` tables: [`crate::model::SlaId`] has the same index.
    pub slas: Names,
    /// Holds, then exception classes.
    pub exceptions: Names,
}

impl ItemNames {
    /// The names in `file`; a name that stands twice is reported.
    pub fn collect(file: &ScenarioFile, sink: &mut Sink) -> ItemNames {
        let places = file.station.iter().map(|table| &table.name);
        let places = places.chain(file.collection.iter().map(|table| &table.carrier));
        let places: Vec<&Spanned<Name>> = places.chain(file.desk.iter().map(|table| &table.name)).collect();
        let leg = |k| RouteLeg { share: 1.0, lines: None, sources: Vec::new(), to: Fate::To(StationId::at(k)) };
        let classes = file.exceptions.iter().flat_map(|table| &table.class);
        ItemNames {
            sources: Names::collect("source", file.source.iter().map(|table| &table.name), sink),
            source_ids: (0..file.source.len()).map(|k| vec![SourceId::at(k)]).collect(),
            entries: (0..places.len()).map(|k| vec![leg(k)]).collect(),
            stations: Names::collect("station", places, sink),
            pools: Names::collect("pool", file.pool.iter().map(|table| &table.name), sink),
            // A desk that stands twice has been reported as a station.
            desks: Names::collect("desk", file.desk.iter().map(|table| &table.name), &mut Sink::new()),
            slas: Names::collect("sla", file.sla.iter().map(|table| &table.name), sink),
            exceptions: Names::collect(
                "exception",
                file.hold.iter().map(|table| &table.name).chain(classes.map(|table| &table.name)),
                sink,
            ),
        }
    }

    /// Where an order goes that is sent to `reference`; a name that nothing has is reported.
    pub fn entry(&self, reference: &Spanned<Name>, sink: &mut Sink) -> Option<&[RouteLeg]> {
        self.stations.find(reference, sink).map(|index| &self.entries[index][..])
    }
}
