//! From scenario text to typed values that remember their place, with every error of a file at once.
//!
//! ```text
//! bytes ─► Document (a tree of nodes; --set applied) ─► file tables (FromToml) ─► model
//!                    every step reports to a Sink; rendering is the Diagnostics' own
//! ```
//!
//! The modules below [`mod@file`] are the format itself and [`lower`] turns it into a model; nothing else in here knows
//! the model: [`reader`] reads what a [`file_table!`](crate::file_table) declares,
//! [`units`] reads quantities that are written as text, [`names`] resolves references between items.

pub mod choice;
pub mod data;
pub mod declare;
pub mod diagnostic;
pub mod differences;
pub mod document;
pub mod file;
pub mod load;
pub mod lower;
pub mod names;
pub mod node;
pub mod overrides;
pub mod parts;
pub mod reader;
pub mod schema;
pub mod suggest;
pub mod table;
pub mod typed;
pub mod units;
pub mod words;

pub use load::{Assumption, LoadError, Scenario, ScenarioText};

#[cfg(test)]
mod tests;
