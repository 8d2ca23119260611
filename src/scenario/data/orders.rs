//! Recorded orders, for replay: a plain CSV, or Shopify's orders export as it comes.

use std::fmt;
use std::io::Read;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::{DataError, DataErrorKind};
use super::path::DataPath;
use super::table::{Column, Table};
use super::times::RecordedTime;
use super::{plain, shopify};

/// The most orders kept of one file (about half a gigabyte of memory).
pub const MOST_ORDERS: usize = 5_000_000;

/// Which kind of file the orders came from; told by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrdersFormat {
    /// One row per order, with a column `timestamp`.
    Plain,
    /// Shopify's orders export: one row per line item.
    Shopify,
}

/// Shopify's view of an order's risk of fraud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RiskLevel {
    /// `Low`.
    Low,
    /// `Medium`.
    Medium,
    /// `High`.
    High,
}

/// One order as it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedOrder {
    /// When it was placed.
    pub at: RecordedTime,
    /// Lines, at least 1; none when the file has no column of lines.
    pub lines: Option<u32>,
    /// Units, at least 1; none when the file has no column of units.
    pub units: Option<u32>,
    /// Whether it was cancelled in the end; it may have been worked on before.
    pub cancelled: bool,
    /// When it was cancelled, as far as the file says so.
    pub cancelled_at: Option<RecordedTime>,
    /// When it was shipped, as far as the file says so.
    pub fulfilled_at: Option<RecordedTime>,
    /// Risk of fraud; none for values that are not known.
    pub risk: Option<RiskLevel>,
    /// Two-letter code of the country it goes to, in capitals.
    pub country: Option<[u8; 2]>,
    /// A stable number of this order: from its name (Shopify's `Name`, or a column `order`), else from its place in
    /// the file. Names are few enough to be guessed from it, so it is not for printing.
    pub id_hash: u64,
}

/// What was passed over while reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Skipped {
    /// Rows of blanks and delimiters only.
    pub blank_rows: u64,
    /// Rows whose `kind` is not `order` (credit notes, stock entries).
    pub other_kind: u64,
    /// Orders without a line or unit above zero.
    pub nothing_to_ship: u64,
}

/// What a file of orders holds, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrdersSummary {
    /// Rows below the header, without blank ones.
    pub rows: u64,
    /// Orders kept.
    pub orders: u64,
    /// Of these, cancelled ones.
    pub cancelled: u64,
    /// What was passed over.
    pub skipped: Skipped,
    /// Time of the first order.
    pub first: RecordedTime,
    /// Time of the last order.
    pub last: RecordedTime,
}

/// The orders of one file, by time (orders of one time in the file's order).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedOrders {
    /// At least one order.
    pub orders: Vec<RecordedOrder>,
    /// What was read.
    pub summary: OrdersSummary,
    /// The kind of file.
    pub format: OrdersFormat,
    /// Hash of the file's bytes.
    pub hash: blake3::Hash,
}

impl RecordedOrders {
    /// Reads a file of orders.
    ///
    /// # Errors
    /// See [`DataErrorKind`]; the first fault found is told with its row.
    pub fn load(path: &DataPath) -> Result<RecordedOrders, DataError> {
        RecordedOrders::read(path.shown(), path.open()?)
    }

    /// Reads orders from any source of bytes; `file` is its name in messages.
    ///
    /// # Errors
    /// As [`RecordedOrders::load`].
    pub fn read(file: &str, source: impl Read) -> Result<RecordedOrders, DataError> {
        let mut table = Table::open(file, source)?;
        let mut intake = OrderIntake::default();
        let format = if shopify::is_header(&table) {
            shopify::read(&mut table, &mut intake)?;
            OrdersFormat::Shopify
        } else {
            plain::read(&mut table, &mut intake)?;
            OrdersFormat::Plain
        };
        intake.skipped.blank_rows = table.blank_rows();
        let rows = table.rows();
        if rows > 0 && intake.orders.is_empty() {
            let skipped = intake.skipped.to_string();
            return Err(table.whole(DataErrorKind::NoOrders { rows, skipped }));
        }
        intake.refuse_repeats(&table)?;
        let hash = table.finish()?;
        let mut orders = intake.orders;
        orders.sort_by_key(|order| order.at);
        let summary = OrdersSummary {
            rows,
            orders: orders.len() as u64,
            cancelled: orders.iter().filter(|order| order.cancelled).count() as u64,
            skipped: intake.skipped,
            first: orders[0].at,
            last: orders[orders.len() - 1].at,
        };
        Ok(RecordedOrders { orders, summary, format, hash })
    }

    /// The orders with their instants, by instant.
    ///
    /// Local times are read in `zone`; in the night the clocks go forward their order can differ from the instants'.
    #[must_use]
    pub fn instants(&self, zone: &TimeZone) -> Vec<(Timestamp, &RecordedOrder)> {
        let mut orders: Vec<_> = self.orders.iter().map(|order| (order.at.timestamp(zone), order)).collect();
        orders.sort_by_key(|(at, _)| *at);
        orders
    }
}

impl fmt::Display for OrdersSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OrdersSummary { rows, orders, cancelled, skipped, first, last } = self;
        write!(f, "{orders} orders ({cancelled} cancelled later) in {rows} rows, {first} to {last}; {skipped}")
    }
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Skipped { blank_rows, other_kind, nothing_to_ship } = self;
        write!(
            f,
            "passed over: {other_kind} rows of another kind, {nothing_to_ship} orders with nothing to ship, {blank_rows} blank rows"
        )
    }
}

/// Orders on their way from a file, with what must hold across all of its rows.
#[derive(Default)]
pub(super) struct OrderIntake {
    orders: Vec<RecordedOrder>,
    /// Name hash and row of every named order, also of those passed over.
    named: Vec<(u64, u64)>,
    pub(super) skipped: Skipped,
    has_offset: Option<bool>,
}

impl OrderIntake {
    /// Keeps an order, or counts it as one with nothing to ship.
    pub(super) fn keep(&mut self, order: RecordedOrder, table: &Table<'_>) -> Result<(), DataError> {
        if order.lines == Some(0) || order.units == Some(0) {
            self.skipped.nothing_to_ship += 1;
        } else if self.orders.len() == MOST_ORDERS {
            return Err(table.whole(DataErrorKind::TooManyOrders { limit: MOST_ORDERS }));
        } else {
            self.orders.push(order);
        }
        Ok(())
    }

    /// Notes that the order of this name starts at `row`, and gives the name's hash.
    pub(super) fn note_name(&mut self, name: &[u8], row: u64) -> u64 {
        let hash = short_hash(name);
        self.named.push((hash, row));
        hash
    }

    /// The row at which the order of this hash was first noted.
    pub(super) fn first_row_of(&self, id_hash: u64) -> Option<u64> {
        self.named.iter().find(|(hash, _)| *hash == id_hash).map(|(_, row)| *row)
    }

    /// The hash of an order without a name: its place among the orders kept so far.
    pub(super) fn next_unnamed(&self) -> u64 {
        short_hash(&(self.orders.len() as u64).to_le_bytes())
    }

    /// Refuses a time of the present row that has an offset while others have none, or the reverse: they have no order.
    pub(super) fn check_offset(
        &mut self,
        time: RecordedTime,
        column: Column,
        table: &Table<'_>,
    ) -> Result<RecordedTime, DataError> {
        let offset = time.has_offset();
        if *self.has_offset.get_or_insert(offset) == offset {
            Ok(time)
        } else {
            Err(table.cell_error(column, DataErrorKind::MixedOffsets { offset }))
        }
    }

    /// Refuses an order that stands in two places: it would be replayed twice, or with half its lines.
    fn refuse_repeats(&mut self, table: &Table<'_>) -> Result<(), DataError> {
        self.named.sort_unstable();
        let repeats = self.named.windows(2).filter(|pair| pair[0].0 == pair[1].0);
        match repeats.map(|pair| (pair[1].1, pair[0].1)).min() {
            None => Ok(()),
            Some((row, first_row)) => {
                let whole = table.whole(DataErrorKind::RepeatedOrder { first_row });
                Err(DataError { row: Some(row), ..whole })
            }
        }
    }
}

fn short_hash(bytes: &[u8]) -> u64 {
    let hash = blake3::hash(bytes);
    u64::from_le_bytes(*hash.as_bytes().first_chunk().expect("a hash has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn from(folder: &str, name: &str) -> RecordedOrders {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        RecordedOrders::load(&DataPath::resolve(&folder, name).unwrap()).unwrap()
    }

    #[test]
    fn the_shipped_orders_are_read() {
        let read = from("scenarios", "data/uk-gifts-2011.csv");
        let OrdersSummary { rows, orders, cancelled, skipped, first, last } = read.summary;
        assert_eq!((rows, orders, cancelled), (9_441, 7_467, 0));
        assert_eq!(skipped, Skipped { blank_rows: 0, other_kind: 1_974, nothing_to_ship: 0 });
        assert_eq!((first.to_string(), last.to_string()), ("2011-09-01T08:25:00".into(), "2011-12-09T12:50:00".into()));
        assert_eq!(read.orders.iter().filter_map(|order| order.lines).sum::<u32>(), 217_070);
        assert_eq!(read.orders.iter().filter_map(|order| order.units).sum::<u32>(), 2_276_297);
    }

    #[test]
    fn a_plain_file_is_read() {
        let read = from("tests/fixtures/orders", "plain.csv");
        let lines: Vec<_> = read.orders.iter().filter_map(|order| order.lines).collect();
        assert_eq!(lines, [1, 2, 4]);
        assert_eq!(read.summary.skipped, Skipped { blank_rows: 0, other_kind: 1, nothing_to_ship: 1 });
        assert!(read.orders[0].cancelled);
    }

    #[test]
    fn instants_are_in_order_even_where_local_times_are_not() {
        let zone = TimeZone::get("Europe/London").unwrap();
        // 01:40 does not exist on this day: it is read as 02:40, after 02:10.
        let read = RecordedOrders::read("o.csv", &b"timestamp,lines\n2025-03-30T01:40,1\n2025-03-30T02:10,2\n"[..]);
        let read = read.unwrap();
        let lines: Vec<_> = read.instants(&zone).iter().map(|(at, order)| (at.to_string(), order.lines)).collect();
        assert_eq!(lines, [("2025-03-30T01:10:00Z".into(), Some(2)), ("2025-03-30T01:40:00Z".into(), Some(1))]);
    }

    #[test]
    fn orders_stay_small_in_memory() {
        assert!(size_of::<RecordedOrder>() <= 112, "{} bytes", size_of::<RecordedOrder>());
    }
}
