//! Plain CSV of orders: one row per order, columns by name.

use super::error::DataError;
use super::orders::{OrderIntake, RecordedOrder};
use super::table::{Column, Table};

const ADVICE: &str = "a plain file of orders has a header such as `timestamp,lines,units`; a Shopify orders export has \
     the columns `Name`, `Created at` and `Lineitem quantity`";

struct Columns {
    timestamp: Column,
    order: Option<Column>,
    kind: Option<Column>,
    lines: Option<Column>,
    units: Option<Column>,
    cancelled: Option<Column>,
}

/// Reads all rows; other columns than these are not looked at.
pub(super) fn read(table: &mut Table<'_>, intake: &mut OrderIntake) -> Result<(), DataError> {
    let columns = Columns {
        timestamp: table.needed(&["timestamp"], ADVICE)?,
        order: table.column("order")?,
        kind: table.column("kind")?,
        lines: table.column("lines")?,
        units: table.column("units")?,
        cancelled: table.column("cancelled")?,
    };
    while table.next_row()? {
        read_row(table, &columns, intake)?;
    }
    Ok(())
}

fn read_row(table: &Table<'_>, columns: &Columns, intake: &mut OrderIntake) -> Result<(), DataError> {
    if let Some(column) = columns.kind
        && table.text(column)?.is_some_and(|kind| !kind.eq_ignore_ascii_case("order"))
    {
        intake.skipped.other_kind += 1;
        return Ok(());
    }
    let at = intake.check_offset(table.needed_time(columns.timestamp)?, columns.timestamp, table)?;
    let name = columns.order.map(|column| table.bytes(column).trim_ascii()).filter(|name| !name.is_empty());
    let order = RecordedOrder {
        at,
        lines: columns.lines.map(|column| shipped(table, column)).transpose()?,
        units: columns.units.map(|column| shipped(table, column)).transpose()?,
        cancelled: columns.cancelled.map(|column| table.flag(column)).transpose()?.unwrap_or(false),
        cancelled_at: None,
        fulfilled_at: None,
        risk: None,
        country: None,
        id_hash: match name {
            Some(name) => intake.note_name(name, table.row()),
            None => intake.next_unnamed(),
        },
    };
    intake.keep(order, table)
}

/// The count to ship: what came back (below zero) is nothing to ship.
fn shipped(table: &Table<'_>, column: Column) -> Result<u32, DataError> {
    Ok(u32::try_from(table.needed_count(column)?).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::super::error::DataErrorKind;
    use super::super::orders::{OrdersFormat, RecordedOrders};
    use super::*;

    fn read(text: &str) -> Result<RecordedOrders, DataError> {
        RecordedOrders::read("orders.csv", text.as_bytes())
    }

    fn message(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn orders_come_by_time_and_ties_in_the_files_order() {
        let text = "Lines;TIMESTAMP;units\n3;2011-11-25T09:00;5\n1;2011-11-25 08:00;1\n2;2011-11-25T09:00:00;2\n";
        let read = read(text).unwrap();
        assert_eq!(read.format, OrdersFormat::Plain);
        assert_eq!(read.orders.iter().map(|order| order.lines).collect::<Vec<_>>(), [Some(1), Some(3), Some(2)]);
        assert_eq!(read.orders.iter().map(|order| order.units).collect::<Vec<_>>(), [Some(1), Some(5), Some(2)]);
        assert_eq!(read.hash, blake3::hash(text.as_bytes()));
        assert_eq!(
            read.summary.to_string(),
            "3 orders (0 cancelled later) in 3 rows, 2011-11-25T08:00:00 to 2011-11-25T09:00:00; passed over: 0 rows of \
             another kind, 0 orders with nothing to ship, 0 blank rows"
        );
    }

    #[test]
    fn a_column_of_times_is_enough() {
        let read = read("timestamp\n2025-11-28 09:50:26 +0000\n2025-11-28 09:50:26 +0100\n").unwrap();
        assert_eq!(read.orders[0].at.to_string(), "2025-11-28T08:50:26Z");
        assert_eq!((read.orders[0].lines, read.orders[0].units, read.orders[0].cancelled), (None, None, false));
        assert_ne!(read.orders[0].id_hash, read.orders[1].id_hash);
    }

    #[test]
    fn other_kinds_and_empty_orders_are_counted() {
        let read = read(
            "timestamp,kind,cancelled,lines,units\n\
             2011-09-01T09:03,stock_adj,0,1,1\nno time,cancel,1,1,-2\n2011-09-01T10:00,Order,1,2,3\n\
             2011-09-01T10:00,order,0,1,-1\n2011-09-01T10:00,order,0,0,0\n,,,,\n",
        )
        .unwrap();
        let skipped = read.summary.skipped;
        assert_eq!((skipped.other_kind, skipped.nothing_to_ship, skipped.blank_rows), (2, 2, 1));
        assert_eq!((read.summary.rows, read.summary.orders, read.summary.cancelled), (5, 1, 1));
    }

    #[test]
    fn unreadable_rows_are_named() {
        assert!(
            message("timestamp,lines\n2011-11-25T09:00,1\n25/11/2011 09:00,1\n").starts_with(
                "orders.csv:3: column `timestamp`: `25/11/2011 09:00` cannot be read; write a time such as"
            )
        );
        assert!(message("timestamp,lines\n,1\n").starts_with("orders.csv:2: column `timestamp`: the cell is empty"));
        assert!(message("timestamp,lines\n2011-11-25T09:00,1.5\n").contains("orders.csv:2: column `lines`: `1.5`"));
        assert!(message("timestamp,lines\n2011-11-25T09:00,\n").contains("column `lines`: the cell is empty"));
        assert!(message("lines,units\n1,1\n").starts_with("orders.csv:1: column `timestamp`: the column is missing"));
        assert!(message("timestamp\n2011-11-25T09:00\n2011-11-25T09:00Z\n").starts_with("orders.csv:3: column"));
    }

    #[test]
    fn an_order_must_stand_in_the_file_once() {
        let text = "timestamp,order\n2011-11-25T09:00,A\n2011-11-25T09:00,B\n2011-11-25T10:00,A\n";
        let error = read(text).unwrap_err();
        assert_eq!((error.row, error.kind), (Some(4), DataErrorKind::RepeatedOrder { first_row: 2 }));
    }

    #[test]
    fn a_file_without_orders_is_an_error() {
        assert_eq!(read("timestamp\n").unwrap_err().kind, DataErrorKind::NoRows);
        let text = message("timestamp,kind\n2011-11-25T09:00,cancel\n");
        assert!(text.contains("none of the 1 rows is an order") && text.contains("1 rows of another kind"), "{text}");
    }
}
