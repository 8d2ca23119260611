//! Scenarios: what a file says, read and checked.

pub mod data;
