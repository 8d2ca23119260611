//! The CSV files a scenario names: recorded orders, measured day curves and measured durations.
//!
//! Files are read as a stream, by column name. Only the needed columns are looked at, and no message repeats a cell
//! unless it is a time or a number: order exports are full of names and addresses.

mod cell;
pub mod curve;
pub mod error;
mod intake;
pub mod orders;
pub mod path;
mod plain;
mod shopify;
mod table;
pub mod times;
pub mod values;

pub use curve::{DayCurve, DayShape};
pub use error::{DataError, DataErrorKind};
pub use orders::{OrdersFormat, OrdersSummary, RecordedOrder, RecordedOrders, RiskLevel};
pub use path::DataPath;
pub use times::RecordedTime;
pub use values::MeasuredValues;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes that are often meaningful to a CSV reader, under a header that makes them rows.
    fn files() -> impl Strategy<Value = Vec<u8>> {
        let header = prop::sample::select(vec![
            "",
            "timestamp\n",
            "timestamp,lines,units,kind,cancelled,order\n",
            "Name,Created at,Lineitem quantity\n",
            "hour,share\n",
            "at;value\n",
            "seconds,count\n",
        ]);
        let piece = prop_oneof![
            prop::sample::select(vec![
                ",",
                ";",
                "\n",
                "\r\n",
                "\r",
                "\"",
                "\0",
                "0",
                "1",
                "-1",
                "NaN",
                "23",
                "2025-11-28T09:00",
                "2025-11-28 09:00:00 +0000",
                "#1",
                "00:05",
                "1e308",
                "order",
                "\u{FEFF}",
                "4294967295",
                "é",
            ])
            .prop_map(|text| text.as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 0..4),
        ];
        (header, prop::collection::vec(piece, 0..60))
            .prop_map(|(header, pieces)| [header.as_bytes(), &pieces.concat()].concat())
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_result_or_a_message(bytes in files()) {
            if let Ok(read) = RecordedOrders::read("x.csv", &bytes[..]) {
                prop_assert_eq!(read.summary.orders, read.orders.len() as u64);
                prop_assert!(read.orders.is_sorted_by_key(|order| order.at));
                prop_assert!(read.orders.iter().all(|order| order.lines != Some(0) && order.units != Some(0)));
                prop_assert_eq!(read.hash, blake3::hash(&bytes));
            }
            if let Ok(curve) = DayCurve::read("x.csv", &bytes[..]) {
                prop_assert!((curve.shape.shares().iter().sum::<f64>() - 1.0).abs() < 1e-9);
            }
            if let Ok(values) = MeasuredValues::read("x.csv", &bytes[..]) {
                prop_assert!(values.weighted.is_sorted_by(|a, b| a.0 < b.0));
                prop_assert!(values.weighted.iter().all(|(_, weight)| *weight > 0.0));
            }
        }

        #[test]
        fn any_path_gives_a_result_or_a_message(given in ".{0,30}") {
            let folder = tempfile::tempdir().unwrap();
            prop_assert!(DataPath::resolve(folder.path(), &given).is_err());
        }

        #[test]
        fn any_text_is_a_time_or_none(text in "\\PC{0,30}|[0-9T:+ .Z-]{0,30}") {
            if let Some(time) = RecordedTime::parse(&text) {
                prop_assert_eq!(RecordedTime::parse(&time.to_string()), Some(time));
            }
        }
    }
}
