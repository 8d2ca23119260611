//! Results as bytes: one small file per format. Nothing here computes a statistic, and nothing opens a file.

mod blame;
pub mod breach;
pub mod charts;
pub mod checks;
pub mod compare;
pub mod csv;
mod days;
mod decisions;
pub mod figures;
pub mod frontier;
pub mod html;
pub mod json;
pub mod sweep;
pub mod text;
pub mod timetable;
pub mod until;
pub mod verdict;
pub mod visits;
mod why;
