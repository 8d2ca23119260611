//! Results as bytes: one small file per format. Nothing here computes a statistic, and nothing opens a file.

pub mod json;
