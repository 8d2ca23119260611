//! Instants: a local date and time, or a time since the start of the run.

use jiff::civil::DateTime;

use crate::time::SimDuration;

crate::file_choice! {
    /// An instant of the run.
    pub enum MomentValue {
        /// A local date and time.
        moment Local(DateTime),
        /// So long after the start: only where the horizon has no dates.
        text After(SimDuration),
    }
}
