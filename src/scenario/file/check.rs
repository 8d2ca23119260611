//! What must hold, for `peaksim check`.

use crate::scenario::names::Name;

crate::file_table! {
    /// Something that must hold; judged on the interval over all runs, never on a point estimate.
    pub struct CheckTable = "check" {
        /// What it is called.
        required name: Name, example "\"we survive the plan\"";
        /// A metric path, a comparison (`>=`, `<=`, `>`, `<`) and a limit in the number's own unit: "98%", "15m", 500.
        required expect: String, example "\"sla.'dispatched as promised'.attainment >= 98%\"";
    }
}
