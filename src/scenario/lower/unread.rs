//! What tables that could not be read as a whole refer to.

use super::{ItemNames, route};
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::exception::EndValue;
use crate::scenario::file::route::NextValue;
use crate::scenario::names::Name;
use crate::scenario::node::Node;
use crate::scenario::reader::{FromToml, Sink, Spanned};

/// Reports the references of such tables that name nothing, so that they are told together with what is wrong there.
pub(super) fn check_references(file: &ScenarioFile, names: &ItemNames, sink: &mut Sink) {
    for node in file.source.unread().iter().chain(file.station.unread()) {
        if let Some(next) = value::<NextValue>(node, "next") {
            route(&next, names, sink);
        }
    }
    for node in file.station.unread().iter().chain(file.desk.unread()) {
        if let Some(pool) = value::<Name>(node, "pool") {
            names.pools.find(&pool, sink);
        }
    }
    for node in file.hold.unread().iter().chain(file.unread_exception_classes()) {
        if let Some(owner) = value::<Name>(node, "owner") {
            names.desks.find(&owner, sink);
        }
    }
    for node in file.unread_exception_classes() {
        if let Some(at) = value::<Name>(node, "at") {
            names.stations.find(&at, sink);
        }
        match value::<EndValue>(node, "then").map(|then| then.value) {
            Some(EndValue::Split(table)) => drop(names.entry(&table.split_off, sink)),
            Some(EndValue::Reship(table)) => drop(names.entry(&table.re_ship, sink)),
            // A word may be one of those that are no station.
            Some(EndValue::Word(_)) | None => {}
        }
    }
    for node in file.contact.unread().iter().chain(file.follow_up.unread()) {
        if let Some(to) = value::<Name>(node, "to") {
            names.entry(&to, sink);
        }
    }
    let campaigns = file.campaign.unread().iter().chain(file.sla.unread());
    for node in campaigns.chain(file.hold.unread()) {
        for source in value::<Vec<Spanned<Name>>>(node, "sources").iter().flat_map(|list| &list.value) {
            names.sources.find(source, sink);
        }
    }
}

/// What stands under `key`, where it can be read; what is wrong with it has been told.
fn value<T: FromToml>(node: &Node, key: &str) -> Option<Spanned<T>> {
    let written = node.table()?.get(key)?;
    let mut silent = Sink::new();
    Spanned::read(written, &mut silent).filter(|_| !silent.has_errors())
}
