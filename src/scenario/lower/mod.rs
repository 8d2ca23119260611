//! From the tables of the file to a model: names become indices, local times ticks, per cent shares.

mod data_files;
mod distribution;
mod lanes;
mod measures;
mod names;
mod operation;
mod route;
mod time_frame;

pub use data_files::DataFiles;
pub use distribution::distribution;
pub use names::ItemNames;
pub use operation::Operation;
pub use route::{route, target};
pub use time_frame::TimeFrame;

use super::file::ScenarioFile;
use super::reader::Sink;
use crate::model::{Limits, Model, ModelParts};

/// The model that `file` describes; `None` after at least one error went to the sink or to `data`.
pub fn lower(file: &ScenarioFile, data: &mut DataFiles, sink: &mut Sink) -> Option<Model> {
    let names = ItemNames::collect(file, sink);
    let time = TimeFrame::new(file, sink)?;
    let operation = operation::operation(file, &names, &time, data, sink);
    let measures = measures::measures(file, &names, &time, sink);
    let operation = operation?;
    let parts = ModelParts {
        title: file.title.as_ref().map_or_else(String::new, |title| title.value.clone()),
        calendar: time.calendar,
        horizon: time.horizon,
        days: time.days,
        sources: Vec::new(),
        stations: operation.stations,
        pools: operation.pools,
        diversions: operation.diversions,
        exception_factor: operation.exception_factor,
        contacts: operation.contacts,
        follow_ups: operation.follow_ups,
        slas: Vec::new(),
        changes: operation.changes,
        measures,
        limits: Limits::default(),
    };
    Model::assemble(parts).ok()
}
