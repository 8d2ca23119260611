//! Stations, pools, holds, exceptions, contacts, follow-ups and planned changes.

mod changes;
mod contacts;
mod days;
mod desks;
mod diversions;
mod ends;
mod gates;
mod levers;
mod limits;
mod lint;
mod pools;
mod release;
mod retry;
mod shifts;
mod shopify;
mod staff;
mod stations;
#[cfg(test)]
mod tests;
mod work;

pub(super) use levers::{Known, levers};

use super::{DataFiles, ItemNames, TimeFrame};
use crate::model::{Change, Contact, Diversion, FollowUp, Pool, PoolId, Station};
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::ScenarioFile;
use crate::scenario::names::Name;
use crate::scenario::node::{Node, Value};
use crate::scenario::reader::{FromToml, Sink, Spanned, Whole};

/// What orders meet on their way.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Stations, lanes, collections and desks.
    pub stations: Vec<Station>,
    /// Pools, the own servers of stations included.
    pub pools: Vec<Pool>,
    /// Holds and exception classes.
    pub diversions: Vec<Diversion>,
    /// Factor on the chance of all exceptions.
    pub exception_factor: f64,
    /// Contacts.
    pub contacts: Vec<Contact>,
    /// Follow-ups.
    pub follow_ups: Vec<FollowUp>,
    /// Planned changes, ascending by time.
    pub changes: Vec<Change>,
}

/// The operation that `file` describes; `None` after at least one error went to the sink or to `data`.
pub(super) fn operation(
    file: &ScenarioFile,
    names: &ItemNames,
    time: &TimeFrame,
    data: &mut DataFiles,
    sink: &mut Sink,
) -> Option<Operation> {
    let mut work = Lowering::new(file, names, time, data, sink);
    // Everything is lowered before any failure counts, so that all errors of the file are shown.
    work.shared_pools();
    let stations = work.stations();
    let collections = work.collections();
    let desks = work.desks();
    let diversions = work.diversions();
    let contacts = work.contacts();
    let follow_ups = work.follow_ups();
    let stations = [stations, collections, desks].concat();
    let changes = work.changes(&stations);
    let mut stations: Vec<Station> = stations.into_iter().collect::<Option<_>>()?;
    stations.append(&mut work.gates);
    let pools: Vec<Pool> = work.pools.into_iter().collect::<Option<_>>()?;
    let operation = Operation {
        stations,
        pools,
        diversions: diversions?,
        exception_factor: file.exceptions.as_ref().map_or(1.0, |table| table.factor.get()),
        contacts: contacts?,
        follow_ups: follow_ups?,
        changes: changes?,
    };
    if !sink.has_errors() {
        lint::lint(file, names, time, &operation, sink);
    }
    Some(operation)
}

/// What turning the tables into a model needs, and what it has collected so far.
struct Lowering<'a> {
    file: &'a ScenarioFile,
    names: &'a ItemNames,
    time: &'a TimeFrame,
    data: &'a mut DataFiles,
    sink: &'a mut Sink,
    /// The shared pools, then the own servers of stations and desks; `None` after an error.
    pools: Vec<Option<Pool>>,
    /// For each station, collection and desk: its own servers.
    own_pools: Vec<Option<PoolId>>,
    /// Stations that only send items on, into the lanes of a station or to the carriers.
    gates: Vec<Station>,
}

impl<'a> Lowering<'a> {
    fn new(
        file: &'a ScenarioFile,
        names: &'a ItemNames,
        time: &'a TimeFrame,
        data: &'a mut DataFiles,
        sink: &'a mut Sink,
    ) -> Lowering<'a> {
        let own_pools = vec![None; names.station_ids.len()];
        Lowering { file, names, time, data, sink, pools: Vec::new(), own_pools, gates: Vec::new() }
    }

    /// Reports what is wrong at `place`, and with `help` what would be right.
    fn wrong(&mut self, code: &'static str, place: &Place, message: impl Into<String>, label: &str, help: &str) {
        self.sink.push(Diagnostic::error(code, place, message).label(label).help(help));
    }

    /// Lowers an optional key: `Some(None)` when it is left out, `None` after an error.
    fn optional<T, U>(
        &mut self,
        written: Option<&Spanned<T>>,
        lower: impl FnOnce(&mut Self, &Spanned<T>) -> Option<U>,
    ) -> Option<Option<U>> {
        match written {
            None => Some(None),
            Some(written) => lower(self, written).map(Some),
        }
    }

    /// The key of a table as a name that stands at `place`.
    fn name_from_key(&mut self, key: &str, place: &Place) -> Option<Spanned<Name>> {
        let node = Node { place: place.clone(), value: Value::Text(key.to_owned()) };
        Spanned::read(&node, self.sink)
    }
}

/// A whole number of the file, none of which is above a thousand million.
fn whole<const MIN: i64, const MAX: i64>(number: Whole<MIN, MAX>) -> u32 {
    u32::try_from(number.get()).expect("counts of the file lie between 0 and 1,000,000,000")
}
