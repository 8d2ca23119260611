//! What the items of the file are called, and which items of the model they become.

use super::lanes::lanes_of;
use super::sends::source_ids;
use crate::model::{Fate, RouteLeg, SourceId, StationId};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::route::{CANCEL, COLLECTION, DONE};
use crate::scenario::names::{Listed, Name, Names};
use crate::scenario::parts::Items;
use crate::scenario::reader::{Sink, Spanned};

/// Words that stand where a station's name may stand, so that no station can have them as its name.
const RESERVED: [&str; 7] = [DONE, CANCEL, COLLECTION, "goes on", "release", "split off", "re-ship"];

/// What may stand where a way leads to, besides the name of a station.
const EXITS: [&str; 3] = [DONE, CANCEL, COLLECTION];

/// The names of all items that others refer to.
#[derive(Clone, Debug)]
pub struct ItemNames {
    /// The `[[source]]` tables.
    pub sources: Names,
    /// For each `[[source]]`: itself and its sends in the model.
    pub source_ids: Vec<Vec<SourceId>>,
    /// Wherever an order may be sent: stations, then collections, then desks, in the order of the file.
    pub stations: Names,
    /// For each of these names: where an order goes that is sent there. The lanes of a station are told apart by the
    /// lines of the order, so that the shares add up to 1 for every order.
    pub entries: Vec<Vec<RouteLeg>>,
    /// For each of these names: what it is in the model, one station for each lane.
    pub station_ids: Vec<Vec<StationId>>,
    /// For each station of the model: what it is called there.
    pub station_names: Vec<String>,
    /// Where an order goes that is sent to "collection": to the carriers by their shares. Empty without a collection.
    pub collection: Vec<RouteLeg>,
    /// Whether every carrier could be read.
    carriers_known: bool,
    /// The `[[pool]]` tables.
    pub pools: Names,
    /// The `[[desk]]` tables.
    pub desks: Names,
    /// The `[[sla]]` tables: [`crate::model::SlaId`] has the same index.
    pub slas: Names,
    /// Holds, then exception classes: [`crate::model::DiversionId`] has the same index.
    pub exceptions: Names,
    done: [RouteLeg; 1],
    cancelled: [RouteLeg; 1],
}

impl ItemNames {
    /// The names in `file`; a name that stands twice is reported.
    pub fn collect(file: &ScenarioFile, sink: &mut Sink) -> ItemNames {
        let carriers = named(&file.collection, |table| &table.carrier);
        let desks = named(&file.desk, |table| &table.name);
        let places = named(&file.station, |table| &table.name).and(carriers).and(desks.clone());
        refuse_reserved(&places.read, sink);
        let (mut entries, mut station_ids, mut station_names) = (Vec::new(), Vec::new(), Vec::new());
        for (k, name) in places.read.iter().enumerate() {
            let lanes = file.station.get(k).map_or_else(Vec::new, |table| lanes_of(table, sink));
            let first = station_names.len();
            if lanes.is_empty() {
                entries.push(vec![leg(1.0, None, Fate::To(StationId::at(first)))]);
                station_names.push(name.as_str().to_owned());
            } else {
                let mut legs = Vec::new();
                for (lane, facts) in lanes.iter().enumerate() {
                    let to = Fate::To(StationId::at(first + lane));
                    legs.extend(facts.lines.iter().map(|lines| leg(1.0, Some(*lines), to)));
                    station_names.push(format!("{} · {}", name.as_str(), facts.name));
                }
                entries.push(legs);
            }
            station_ids.push((first..station_names.len()).map(StationId::at).collect());
        }
        let collection = collection_legs(file, &station_ids, sink);
        let holds = named(&file.hold, |table| &table.name);
        let classes = Listed {
            read: file.exception_classes().map(|table| &table.name).collect(),
            unread: file.unread_exception_classes().iter().collect(),
        };
        Names::collect("campaign", &named(&file.campaign, |table| &table.name), sink);
        ItemNames {
            sources: Names::collect("source", &named(&file.source, |table| &table.name), sink),
            source_ids: source_ids(file),
            stations: Names::collect("station", &places, sink),
            entries,
            station_ids,
            station_names,
            collection,
            carriers_known: file.collection.unread().is_empty(),
            pools: Names::collect("pool", &named(&file.pool, |table| &table.name), sink),
            // A desk that stands twice has been reported as a station.
            desks: Names::collect("desk", &desks, &mut Sink::new()),
            slas: Names::collect("sla", &named(&file.sla, |table| &table.name), sink),
            exceptions: Names::collect("exception", &holds.and(classes), sink),
            done: [leg(1.0, None, Fate::Done)],
            cancelled: [leg(1.0, None, Fate::Cancelled)],
        }
    }

    /// Where an order goes that is sent to `reference`: a station, a desk, one carrier or "collection", "done" or
    /// "cancel"; a name that nothing has is reported.
    pub fn entry(&self, reference: &Spanned<Name>, sink: &mut Sink) -> Option<&[RouteLeg]> {
        match reference.as_str() {
            DONE => Some(&self.done),
            CANCEL => Some(&self.cancelled),
            COLLECTION if !self.carriers_known => None,
            COLLECTION if !self.collection.is_empty() => Some(&self.collection),
            COLLECTION => {
                let message = "orders are sent to \"collection\", but no carrier collects";
                let help = "describe at least one [[collection]], or let orders end here: \"done\"";
                let found = Diagnostic::error("unknown-reference", &reference.place, message);
                sink.push(found.label("nobody comes").help(help));
                None
            }
            _ => self.stations.find_beside(reference, &EXITS, sink).map(|index| &self.entries[index][..]),
        }
    }
}

impl ItemNames {
    /// Whether `text` names an item that could not be read: nothing can be said about it then.
    pub(super) fn names_unread(&self, text: &str) -> bool {
        let kinds = [&self.sources, &self.stations, &self.pools, &self.slas, &self.exceptions];
        kinds.iter().any(|names| names.may_be_unread(text))
    }
}

/// The names of the items of one list.
pub(super) fn named<T>(items: &Items<T>, name: impl Fn(&T) -> &Spanned<Name>) -> Listed<'_> {
    Listed { read: items.iter().map(|item| name(&item.value)).collect(), unread: items.unread().iter().collect() }
}

fn leg(share: f64, lines: Option<(u32, u32)>, to: Fate) -> RouteLeg {
    RouteLeg { share, lines, sources: Vec::new(), to }
}

fn refuse_reserved(names: &[&Spanned<Name>], sink: &mut Sink) {
    for name in names.iter().filter(|name| RESERVED.contains(&name.as_str())) {
        let message = format!("\"{}\" says what becomes of an order and cannot be a station's name", name.as_str());
        let found = Diagnostic::error("reserved-name", &name.place, message).label("reserved");
        sink.push(found.help("give it another name, such as \"dispatch\""));
    }
}

/// The carriers with their shares, which must add up to 1.
fn collection_legs(file: &ScenarioFile, station_ids: &[Vec<StationId>], sink: &mut Sink) -> Vec<RouteLeg> {
    let carriers = &file.collection;
    if !carriers.unread().is_empty() {
        return Vec::new();
    }
    let only = carriers.len() == 1;
    let mut sum = 0.0;
    let mut legs = Vec::new();
    for (k, carrier) in carriers.iter().enumerate() {
        let share = match &carrier.serves {
            Some(share) => share.get(),
            None if only => 1.0,
            None => {
                let message = "several carriers collect: say what share of the orders goes with each";
                let found = Diagnostic::error("missing-key", &carrier.place, message).label("`serves` is missing");
                sink.push(found.help("add, for example: serves = \"60%\""));
                return legs;
            }
        };
        sum += share;
        legs.push(leg(share, None, Fate::To(station_ids[file.station.len() + k][0])));
    }
    if let Some(last) = carriers.last()
        && (sum - 1.0).abs() > 1e-9
    {
        let place = last.serves.as_ref().map_or(&last.place, |share| &share.place);
        let message = format!("the carriers together serve {}% of the orders, not 100%", rounded(sum * 100.0));
        let help = "let the shares of the carriers add up to 100%: serves = \"60%\" and serves = \"40%\"";
        sink.push(Diagnostic::error("shares", place, message).label("not 100% together").help(help));
    }
    legs
}

/// A number for a message, without the dust of binary fractions.
pub(super) fn rounded(number: f64) -> f64 {
    libm::round(number * 1e6) / 1e6
}
