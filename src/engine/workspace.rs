//! Memory that outlives a replication, for the next one on the same thread.

use super::items::Items;
use super::timers::Timers;
use super::visitor_line::VisitorPlaces;

/// The memory of a replication's large buffers. It holds nothing of one run that another could see: a run in a used
/// workspace tells exactly what it tells in a new one.
#[derive(Debug, Default)]
pub struct Workspace {
    pub(super) items: Items,
    pub(super) timers: Timers,
    /// Waiting lines of plain stations.
    pub(super) visitors: VisitorPlaces,
}

impl Workspace {
    /// A workspace that holds no memory yet.
    #[must_use]
    pub fn new() -> Workspace {
        Workspace::default()
    }
}
