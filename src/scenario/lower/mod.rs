//! From the tables of the file to a model: names become indices, local times ticks, per cent shares.

mod arrivals;
mod busyness;
mod campaign;
mod counts;
mod curve;
mod data_files;
mod demand;
mod distribution;
mod lanes;
mod limits;
mod measures;
mod names;
mod operation;
mod replay;
mod route;
mod sends;
mod shape;
mod sla;
mod time_frame;

pub use data_files::DataFiles;
pub use distribution::distribution;
pub use names::ItemNames;
pub use operation::Operation;
pub use route::{route, target};
pub use time_frame::TimeFrame;

use super::diagnostic::{Diagnostic, Place};
use super::file::ScenarioFile;
use super::reader::Sink;
use crate::model::{Model, ModelError, ModelParts};

/// The model that `file` describes; `None` after at least one error went to the sink or to `data`.
pub fn lower(file: &ScenarioFile, data: &mut DataFiles, sink: &mut Sink) -> Option<Model> {
    let names = ItemNames::collect(file, sink);
    let time = TimeFrame::new(file, sink)?;
    // All parts are lowered before any failure counts, so that all errors are shown.
    let demand = demand::demand(file, &names, &time, data, sink);
    let operation = operation::operation(file, &names, &time, data, sink);
    let orders = demand.as_ref().map_or(&[][..], |demand| &demand.sources);
    let slas = sla::slas(file, (&names, &time, orders), data, sink);
    let measures = measures::measures(file, &names, &time, sink);
    let limits = limits::limits(file);
    if let Some(demand) = &demand {
        limits::check(file, &demand.sources, limits, &time, sink);
    }
    if sink.has_errors() {
        return None;
    }
    let (demand, operation, slas) = (demand?, operation?, slas?);
    let parts = ModelParts {
        title: file.title.as_ref().map_or_else(String::new, |title| title.value.clone()),
        calendar: time.calendar,
        horizon: time.horizon,
        days: time.days,
        sources: demand.sources,
        campaigns: demand.campaigns,
        stations: operation.stations,
        pools: operation.pools,
        diversions: operation.diversions,
        exception_factor: operation.exception_factor,
        contacts: operation.contacts,
        follow_ups: operation.follow_ups,
        slas,
        changes: operation.changes,
        measures,
        limits,
    };
    match Model::assemble(parts) {
        Ok(model) => Some(model),
        Err(errors) => {
            for error in errors {
                sink.push(inconsistency(file, &error));
            }
            None
        }
    }
}

/// What the model refuses, at the item of the file that it is about.
fn inconsistency(file: &ScenarioFile, error: &ModelError) -> Diagnostic {
    let (kind, name) = error.item.split_once('.').unwrap_or((&error.item, ""));
    let place = item_place(file, kind, name).unwrap_or(&file.place);
    let message = if name.is_empty() { error.message.clone() } else { format!("{kind} \"{name}\": {}", error.message) };
    Diagnostic::error("inconsistent", place, message).label("this one")
}

fn item_place<'f>(file: &'f ScenarioFile, kind: &str, name: &str) -> Option<&'f Place> {
    let classes = || file.exceptions.iter().flat_map(|table| &table.class);
    let items: Vec<&super::reader::Spanned<super::names::Name>> = match kind {
        "source" => file.source.iter().map(|table| &table.name).collect(),
        "station" => {
            let stations = file.station.iter().map(|table| &table.name);
            let collections = file.collection.iter().map(|table| &table.carrier);
            stations.chain(collections).chain(file.desk.iter().map(|table| &table.name)).collect()
        }
        "pool" => file.pool.iter().map(|table| &table.name).collect(),
        "exception" => file.hold.iter().map(|table| &table.name).chain(classes().map(|table| &table.name)).collect(),
        "contact" => file.contact.iter().map(|table| &table.name).collect(),
        "follow_up" => file.follow_up.iter().map(|table| &table.name).collect(),
        "sla" => file.sla.iter().map(|table| &table.name).collect(),
        _ => Vec::new(),
    };
    // Lanes go by "station · lane", mailings by "source / campaign".
    let own = |known: &str| {
        let rest = name.strip_prefix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" / ") || rest.starts_with(" · "))
    };
    items.into_iter().find(|item| own(item.as_str())).map(|item| &item.place)
}

#[cfg(test)]
mod tests;
