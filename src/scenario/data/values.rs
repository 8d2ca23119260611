//! Measured values, such as the seconds of real picks, with how often each was seen.

use std::io::Read;

use super::error::{DataError, DataErrorKind};
use super::path::DataPath;
use super::table::Table;

const ADVICE: &str = "a file of measured values has a header such as `seconds` or `seconds,count`";

/// Measured values with their weights.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredValues {
    /// Pairs of value and weight (above zero), by value; each value stands once. At least one pair.
    pub weighted: Vec<(f64, f64)>,
    /// Hash of the file's bytes.
    pub hash: blake3::Hash,
}

impl MeasuredValues {
    /// Reads a column `seconds` (any name that starts with `seconds_` will do) or `value`, and, when there is one, a
    /// column `count`, `weight` or `picks`; without it each row weighs 1.
    ///
    /// # Errors
    /// See [`DataErrorKind`]: negative, infinite or unreadable numbers, and weights that add up to zero.
    pub fn load(path: &DataPath) -> Result<MeasuredValues, DataError> {
        MeasuredValues::read(path.shown(), path.open()?)
    }

    /// Reads values from any source of bytes; `file` is its name in messages.
    ///
    /// # Errors
    /// As [`MeasuredValues::load`].
    pub fn read(file: &str, source: impl Read) -> Result<MeasuredValues, DataError> {
        let mut table = Table::open(file, source)?;
        let value = match table.column_starting("seconds_", "seconds") {
            Some(column) if !table.has("seconds") && !table.has("value") => column,
            _ => table.needed(&["seconds", "value"], ADVICE)?,
        };
        let mut weight = None;
        for name in ["count", "weight", "picks"] {
            weight = weight.or(table.column(name)?);
        }
        let mut weighted = vec![];
        while table.next_row()? {
            let pair = (table.needed_number(value)?, weight.map_or(Ok(1.0), |column| table.needed_number(column))?);
            weighted.push(pair);
        }
        let no_total = table.whole(DataErrorKind::NoTotal { what: "the weights" });
        let hash = table.finish()?;
        let weighted = gathered(weighted);
        let total: f64 = weighted.iter().map(|(_, weight)| weight).sum();
        if total > 0.0 && total.is_finite() { Ok(MeasuredValues { weighted, hash }) } else { Err(no_total) }
    }
}

/// By value, equal values as one, without those of no weight.
fn gathered(mut pairs: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    pairs.retain(|(_, weight)| *weight > 0.0);
    for (value, _) in &mut pairs {
        *value += 0.0; // -0 and 0 are one value
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    pairs.dedup_by(|next, first| {
        let same = next.0.total_cmp(&first.0).is_eq();
        if same {
            first.1 += next.1;
        }
        same
    });
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<MeasuredValues, DataError> {
        MeasuredValues::read("values.csv", text.as_bytes())
    }

    #[test]
    fn values_are_gathered_by_value() {
        let values = read("value\n3\n1.5\n3\n-0\n0\n").unwrap();
        assert_eq!(values.weighted, [(0.0, 2.0), (1.5, 1.0), (3.0, 2.0)]);
        assert_eq!(values.hash, blake3::hash(b"value\n3\n1.5\n3\n-0\n0\n"));
    }

    #[test]
    fn counts_are_weights() {
        assert_eq!(read("count,seconds\n2,10\n0,11\n3,12\n").unwrap().weighted, [(10.0, 2.0), (12.0, 3.0)]);
        let histogram = "seconds_300_means_300_or_more,picks\n0,7\n300,2\n";
        assert_eq!(read(histogram).unwrap().weighted, [(0.0, 7.0), (300.0, 2.0)]);
    }

    #[test]
    fn the_shipped_pick_times_are_read() {
        let text = include_str!("../../../scenarios/data/pick-seconds.csv");
        let values = read(text).unwrap();
        let total: f64 = values.weighted.iter().map(|(_, weight)| weight).sum();
        let sum: f64 = values.weighted.iter().map(|(value, weight)| value * weight).sum();
        assert!((total - 147_356.0).abs() < 0.5 && (sum / total - 25.6019).abs() < 1e-4, "{total}, {}", sum / total);
    }

    #[test]
    fn bad_values_are_named() {
        for (text, start) in [
            ("seconds\n1\n-2\n", "values.csv:3: column `seconds`: `-2` cannot be read"),
            ("seconds\nnan\n", "values.csv:2: column `seconds`: `nan` cannot be read"),
            ("seconds,count\n1,x\n", "values.csv:2: column `count`: the cell (1 character) cannot be read"),
            ("seconds,count\n1,0\n", "values.csv: the weights add up to nothing"),
            ("duration\n1\n", "values.csv:1: column `seconds`: the column is missing"),
            ("seconds\n", "values.csv: there is no row"),
        ] {
            let message = read(text).unwrap_err().to_string();
            assert!(message.starts_with(start), "{message}");
        }
    }
}
