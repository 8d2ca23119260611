//! What the items of the file are called, and which items of the model they become.

use crate::model::{Fate, RouteLeg, SourceId, StationId};
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::campaign::CampaignTable;
use crate::scenario::file::source::{KindWord, RateValue, SourceTable};
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
            source_ids: source_ids(file),
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

/// The source whose orders a mailing brings: the one it names, or the only one that takes part in campaigns. `None` for
/// other campaigns, and where there is no such source.
pub(super) fn source_of_send(file: &ScenarioFile, campaign: &CampaignTable) -> Option<usize> {
    campaign.sent.as_ref()?;
    let fitting: Vec<usize> = match &campaign.sources[..] {
        [] => (0..file.source.len()).filter(|k| takes_part_in_campaigns(&file.source[*k])).collect(),
        [name] => {
            let named = |table: &SourceTable| table.name.as_str() == name.as_str();
            (0..file.source.len()).filter(|k| named(&file.source[*k])).collect()
        }
        _ => return None,
    };
    if let [only] = fitting[..] { Some(only) } else { None }
}

/// Whether campaigns that name no source move this one: it brings orders and has a rate that can be multiplied.
pub(super) fn takes_part_in_campaigns(source: &SourceTable) -> bool {
    let steady = source.rate.as_ref().is_some_and(|rate| matches!(rate.value, RateValue::Steady(_)));
    let has_curve = source.orders_per_day.is_some() || !source.rate_steps.is_empty() || steady;
    has_curve && source.kind.value == KindWord::Order
}

/// Sources by table, each with its sends, which follow all tables in the order of the campaigns.
fn source_ids(file: &ScenarioFile) -> Vec<Vec<SourceId>> {
    let mut ids: Vec<Vec<SourceId>> = (0..file.source.len()).map(|k| vec![SourceId::at(k)]).collect();
    let sends = file.campaign.iter().filter_map(|campaign| source_of_send(file, campaign));
    for (k, source) in sends.enumerate() {
        ids[source].push(SourceId::at(file.source.len() + k));
    }
    ids
}
