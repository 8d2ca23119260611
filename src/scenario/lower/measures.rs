//! Numbers asked for beside the standard ones.

use super::{ItemNames, TimeFrame};
use crate::model::Measure;
use crate::scenario::file::ScenarioFile;
use crate::scenario::reader::Sink;

/// The measures that `file` asks for; what is wrong with one goes to the sink.
pub(super) fn measures(_file: &ScenarioFile, _names: &ItemNames, _time: &TimeFrame, _sink: &mut Sink) -> Vec<Measure> {
    Vec::new()
}
