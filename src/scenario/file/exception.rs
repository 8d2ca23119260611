//! Holds, exceptions, and the desks that work on them.

use crate::quantity::Factor;
use crate::scenario::names::Name;

crate::file_table! {
    /// Where holds and exceptions are worked on.
    pub struct DeskTable = "desk" {
        /// What it is called.
        required name: Name, example "\"risk desk\"";
    }
}

crate::file_table! {
    /// What keeps a share of the orders from being released.
    pub struct HoldTable = "hold" {
        /// What it is called.
        required name: Name, example "\"fraud review\"";
    }
}

crate::file_table! {
    /// What goes wrong.
    pub struct ExceptionsTable = "table of exceptions" {
        /// Injects more (or fewer) of all exceptions.
        default factor: Factor = Factor::ONE;
        /// The kinds of exception.
        list class: ExceptionTable;
    }
}

crate::file_table! {
    /// A kind of exception.
    pub struct ExceptionTable = "exception class" {
        /// What it is called.
        required name: Name, example "\"short pick\"";
    }
}
