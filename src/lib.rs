//! peaksim: a peak-load capacity simulator for e-commerce fulfilment.
//!
//! ```text
//! scenario text ─► Scenario (valid model + plan) ─► engine, once per replication
//!               ─► observations ─► experiment statistics ─► report
//! ```
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod calendar;
pub mod engine;
pub mod experiment;
pub mod model;
pub mod observation;
pub mod quantity;
pub mod random;
pub mod report;
pub mod scenario;
pub mod statistics;
pub mod theory;
pub mod time;
