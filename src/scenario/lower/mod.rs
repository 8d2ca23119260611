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
mod reach;
mod replay;
mod route;
mod sends;
mod shape;
mod sla;
mod time_frame;
mod unread;

pub use data_files::DataFiles;
pub use distribution::distribution;
pub use names::ItemNames;
pub use operation::Operation;
pub use route::{route, target};
pub use time_frame::TimeFrame;

use super::diagnostic::{Diagnostic, Place};
use super::file::ScenarioFile;
use super::names::UNKNOWN_REFERENCE;
use super::node::Node;
use super::reader::Sink;
use crate::model::{Flaw, Model, ModelError, ModelParts};

/// The model that `file`, read from the tree at `root`, describes; `None` after at least one error went to the sink or
/// to `data`.
///
/// All parts are lowered before any failure counts, and what could not be read stands aside: so all errors of a file are
/// shown at once, and none that only follows from another.
pub fn lower(root: &Node, file: &ScenarioFile, data: &mut DataFiles, sink: &mut Sink) -> Option<Model> {
    let names = ItemNames::collect(file, sink);
    unread::check_references(file, &names, sink);
    let time = TimeFrame::new(file, sink).unwrap_or_else(TimeFrame::unknown);
    let demand = demand::demand(file, &names, &time, data, sink);
    let operation = operation::operation(file, &names, &time, data, sink);
    let orders = demand.as_ref().map_or(&[][..], |demand| &demand.sources);
    let slas = sla::slas(file, (&names, &time, orders), data, sink);
    let measures = if time.known { measures::measures(file, &names, &time, sink) } else { Vec::new() };
    let known = demand.as_ref().zip(operation.as_ref()).map(|(demand, operation)| operation::Known {
        sources: &demand.sources,
        stations: &operation.stations,
        pools: &operation.pools,
    });
    let levers = operation::levers(file, (&names, &time, known), data, sink);
    let limits = limits::limits(file);
    if let (Some(demand), true, false) = (&demand, time.known, file.limits.is_unread()) {
        limits::check(file, &demand.sources, limits, &time, sink);
    }
    let (Some(demand), Some(operation), Some(slas), Some(levers), false) =
        (demand, operation, slas, levers, sink.has_errors())
    else {
        for error in reach::errors(root, &names.stations, &sink.texts_of(UNKNOWN_REFERENCE)) {
            sink.push(inconsistency(file, &error));
        }
        return None;
    };
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
        levers,
        measures,
        limits,
    };
    match Model::assemble(parts) {
        Ok(model) => {
            measures::refuse_hopeless_checks(file, &model, sink);
            (!sink.has_errors()).then_some(model)
        }
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
    let flaw = &error.flaw;
    let message = if name.is_empty() { flaw.to_string() } else { format!("{kind} \"{name}\": {flaw}") };
    let (code, label, help) = match flaw {
        Flaw::Unreached => (
            "unreached",
            "nobody comes here",
            format!("name it where orders come from, for example: next = \"{name}\"; or remove it"),
        ),
        Flaw::Circle => (
            "no-way-out",
            "nobody leaves",
            "give one of the stations in the circle a way out, for example: next = \"done\", or a share of the orders: \
             next = [{ to = \"pack\", share = \"98%\" }, { to = \"done\", share = \"2%\" }]"
                .to_owned(),
        ),
        Flaw::NameTwice => ("duplicate-name", "taken", "give one of them another name".to_owned()),
        Flaw::OutagesOverlap => {
            ("overlap", "this one", "let each outage end before the next begins, or write them as one".to_owned())
        }
        Flaw::Other(_) => ("inconsistent", "this one", "peaksim should have found this earlier: please report it".to_owned()),
    };
    Diagnostic::error(code, place, message).label(label).help(help)
}

fn item_place<'f>(file: &'f ScenarioFile, kind: &str, name: &str) -> Option<&'f Place> {
    let items: Vec<&super::reader::Spanned<super::names::Name>> = match kind {
        "source" => file.source.iter().map(|table| &table.name).collect(),
        "station" => {
            let stations = file.station.iter().map(|table| &table.name);
            let collections = file.collection.iter().map(|table| &table.carrier);
            stations.chain(collections).chain(file.desk.iter().map(|table| &table.name)).collect()
        }
        "pool" => file.pool.iter().map(|table| &table.name).collect(),
        "exception" => {
            file.hold.iter().map(|table| &table.name).chain(file.exception_classes().map(|table| &table.name)).collect()
        }
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
