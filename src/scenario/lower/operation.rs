//! Stations, pools, holds, exceptions, contacts, follow-ups and planned changes.

use super::{DataFiles, ItemNames, TimeFrame};
use crate::model::{Change, Contact, Diversion, FollowUp, Pool, Station};
use crate::scenario::file::ScenarioFile;
use crate::scenario::reader::Sink;

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
    _names: &ItemNames,
    _time: &TimeFrame,
    _data: &mut DataFiles,
    _sink: &mut Sink,
) -> Option<Operation> {
    Some(Operation {
        stations: Vec::new(),
        pools: Vec::new(),
        diversions: Vec::new(),
        exception_factor: file.exceptions.as_ref().map_or(1.0, |table| table.factor.get()),
        contacts: Vec::new(),
        follow_ups: Vec::new(),
        changes: Vec::new(),
    })
}
