//! Shopify's orders export: one row per line item, the order's own fields on its first row only.

use super::error::{DataError, DataErrorKind};
use super::orders::{OrderIntake, RecordedOrder, RiskLevel};
use super::table::{Column, Table};
use super::times::RecordedTime;

const ADVICE: &str = "a Shopify orders export has the columns `Name`, `Created at` and `Lineitem quantity`; export it again \
     with all columns, or give a plain file with a column `timestamp`";
const CREATED_WANTED: &str =
    "the first row of an order holds its time, such as 2025-10-07 09:50:26 +0200, and its other rows follow it";

/// The columns read. Names, addresses, e-mail and phone are never looked at.
struct Columns {
    name: Column,
    created: Column,
    quantity: Column,
    cancelled: Option<Column>,
    fulfilled: Option<Column>,
    country: Option<Column>,
    risk: Option<Column>,
}

/// Whether the header is that of an orders export; a column `timestamp` makes it a plain file.
pub(super) fn is_header(table: &Table<'_>) -> bool {
    let marks = ["Name", "Created at", "Lineitem quantity"].iter().filter(|name| table.has(name)).count();
    !table.has("timestamp") && marks >= 2
}

/// Reads all rows; rows of one order follow each other.
pub(super) fn read(table: &mut Table<'_>, intake: &mut OrderIntake) -> Result<(), DataError> {
    let columns = Columns {
        name: table.needed(&["Name"], ADVICE)?,
        created: table.needed(&["Created at"], ADVICE)?,
        quantity: table.needed(&["Lineitem quantity"], ADVICE)?,
        cancelled: table.column("Cancelled at")?,
        fulfilled: table.column("Fulfilled at")?,
        country: table.column("Shipping Country")?,
        risk: table.column("Risk Level")?,
    };
    let mut open: Option<OpenOrder> = None;
    while table.next_row()? {
        let name = table.bytes(columns.name).trim_ascii();
        if name.is_empty() {
            let wanted = "every row of a Shopify export names its order, such as #1001";
            return Err(table.cell_error(columns.name, DataErrorKind::EmptyCell { wanted }));
        }
        let mut order = match open.take() {
            Some(order) if order.name == name => order,
            finished => {
                if let Some(order) = finished {
                    order.close(table, &columns, intake)?;
                }
                OpenOrder::new(name, table.row(), intake)
            }
        };
        order.add_row(table, &columns, intake)?;
        open = Some(order);
    }
    open.map_or(Ok(()), |order| order.close(table, &columns, intake))
}

/// An order whose rows are still being read.
struct OpenOrder {
    name: Vec<u8>,
    id_hash: u64,
    row: u64,
    created: Option<RecordedTime>,
    cancelled: Option<RecordedTime>,
    fulfilled: Option<RecordedTime>,
    country: Option<[u8; 2]>,
    risk: Option<RiskLevel>,
    lines: u32,
    units: u32,
}

impl OpenOrder {
    fn new(name: &[u8], row: u64, intake: &mut OrderIntake) -> OpenOrder {
        OpenOrder {
            name: name.to_vec(),
            id_hash: intake.note_name(name, row),
            row,
            created: None,
            cancelled: None,
            fulfilled: None,
            country: None,
            risk: None,
            lines: 0,
            units: 0,
        }
    }

    /// Adds the present row: its line, and the order's fields that are not known yet.
    fn add_row(&mut self, table: &Table<'_>, columns: &Columns, intake: &mut OrderIntake) -> Result<(), DataError> {
        let fields = [
            (&mut self.created, Some(columns.created)),
            (&mut self.cancelled, columns.cancelled),
            (&mut self.fulfilled, columns.fulfilled),
        ];
        for (field, column) in fields {
            if let (None, Some(column)) = (&field, column)
                && let Some(time) = table.time(column)?
            {
                *field = Some(intake.check_offset(time, column, table)?);
            }
        }
        self.country = self.country.or_else(|| columns.country.and_then(|column| country(table.bytes(column))));
        self.risk = self.risk.or_else(|| columns.risk.and_then(|column| risk(table.bytes(column))));
        // Zero and negative quantities are items taken off the order again.
        if let Some(quantity) = table.count(columns.quantity)?.and_then(|quantity| u32::try_from(quantity).ok())
            && quantity > 0
        {
            let too_many = || table.cell_error(columns.quantity, DataErrorKind::TooManyUnits { limit: u32::MAX });
            self.units = self.units.checked_add(quantity).ok_or_else(too_many)?;
            self.lines += 1;
        }
        Ok(())
    }

    fn close(self, table: &Table<'_>, columns: &Columns, intake: &mut OrderIntake) -> Result<(), DataError> {
        let Some(at) = self.created else {
            // A row that was sorted away from its order looks like an order without a time.
            let earlier = intake.first_row_of(self.id_hash).filter(|first| *first < self.row);
            let kind = match earlier {
                Some(first_row) => DataErrorKind::RepeatedOrder { first_row },
                None => DataErrorKind::EmptyCell { wanted: CREATED_WANTED },
            };
            return Err(table.cell_error_in(self.row, columns.created, kind));
        };
        let order = RecordedOrder {
            at,
            lines: Some(self.lines),
            units: Some(self.units),
            cancelled: self.cancelled.is_some(),
            cancelled_at: self.cancelled,
            fulfilled_at: self.fulfilled,
            risk: self.risk,
            country: self.country,
            id_hash: self.id_hash,
        };
        intake.keep(order, table)
    }
}

/// A two-letter code; anything else is passed over.
fn country(cell: &[u8]) -> Option<[u8; 2]> {
    let code: [u8; 2] = cell.trim_ascii().to_ascii_uppercase().try_into().ok()?;
    code.iter().all(u8::is_ascii_alphabetic).then_some(code)
}

/// A known level; anything else is passed over.
fn risk(cell: &[u8]) -> Option<RiskLevel> {
    let levels = [(&b"low"[..], RiskLevel::Low), (b"medium", RiskLevel::Medium), (b"high", RiskLevel::High)];
    levels.iter().find(|(name, _)| cell.trim_ascii().eq_ignore_ascii_case(name)).map(|(_, level)| *level)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::error::DataErrorKind;
    use super::super::orders::{OrdersFormat, RecordedOrders};
    use super::super::path::DataPath;
    use super::*;

    /// Pieces of every personal cell of the fixtures.
    const PERSONAL: [&str; 21] = [
        "marigold",
        "quillfeather",
        "barnaby",
        "thistlewood",
        "ottoline",
        "vanderplum",
        "sauerkirsch",
        "example.",
        "larkspur",
        "flat 3b",
        "forge",
        "sorrel",
        "pfefferminz",
        "hinterhaus",
        "nettlecombe",
        "wimbleford",
        "musterhausen",
        "zz1",
        "zz9",
        "7700",
        "5550103",
    ];

    fn fixture(name: &str) -> RecordedOrders {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/orders");
        RecordedOrders::load(&DataPath::resolve(&folder, name).unwrap()).unwrap()
    }

    fn text() -> &'static str {
        include_str!("../../../tests/fixtures/orders/shopify.csv")
    }

    fn read(text: &str) -> Result<RecordedOrders, DataError> {
        RecordedOrders::read("export.csv", text.as_bytes())
    }

    #[test]
    fn rows_become_orders() {
        let read = fixture("shopify.csv");
        assert_eq!(read.format, OrdersFormat::Shopify);
        assert_eq!((read.summary.rows, read.summary.orders, read.summary.cancelled), (8, 4, 1));
        assert_eq!(read.summary.skipped.nothing_to_ship, 1);
        let seen: Vec<_> = read.orders.iter().map(|o| (o.at.to_string(), o.lines, o.units)).collect();
        assert_eq!(
            seen,
            [
                ("2025-10-25T08:50:26Z".into(), Some(1), Some(2)),
                ("2025-10-25T10:30:05Z".into(), Some(3), Some(7)),
                ("2025-10-26T01:10:00Z".into(), Some(1), Some(3)),
                ("2025-10-26T02:10:00Z".into(), Some(1), Some(1)),
            ]
        );
        let [first, second, third, fourth] = read.orders[..] else { panic!("four orders") };
        assert_eq!(first.fulfilled_at.unwrap().to_string(), "2025-10-27T16:20:00Z");
        assert_eq!((third.cancelled, third.cancelled_at.unwrap().to_string()), (true, "2025-10-26T09:00:00Z".into()));
        assert_eq!((second.cancelled, second.cancelled_at, second.fulfilled_at), (false, None, None));
        assert_eq!([second.country, third.country], [Some(*b"DE"), Some(*b"GB")]);
        assert_eq!([first.risk, second.risk], [Some(RiskLevel::Low), Some(RiskLevel::Medium)]);
        assert_eq!([third.risk, fourth.risk], [Some(RiskLevel::High), None]);
    }

    #[test]
    fn an_order_keeps_its_number_when_the_file_grows() {
        let newer = text().replacen("#1005,", "#1006,", 1);
        let hash = |read: RecordedOrders| read.orders[0].id_hash;
        assert_eq!(hash(read(&newer).unwrap()), hash(read(text()).unwrap()));
    }

    #[test]
    fn trimmed_and_saved_again() {
        let read = fixture("shopify-trimmed.csv");
        assert_eq!(read.format, OrdersFormat::Shopify);
        assert_eq!(read.orders.iter().map(|order| order.units).collect::<Vec<_>>(), [Some(5), Some(3)]);
        assert!(!read.orders[0].at.has_offset());
    }

    #[test]
    fn faults_are_named() {
        let head = "Name,Created at,Lineitem quantity\n";
        let fault = |rows: &str| {
            let error = read(&format!("{head}{rows}")).unwrap_err();
            (error.row, error.column, error.kind)
        };
        let (row, column, kind) =
            fault("#1,2025-10-25 09:50:26 +0100,1\n#2,,1\n#2,,1\n#3,2025-10-25 09:50:26 +0100,1\n");
        assert_eq!((row, column.as_deref()), (Some(3), Some("Created at")));
        assert_eq!(kind, DataErrorKind::EmptyCell { wanted: CREATED_WANTED });
        let (row, _, kind) = fault("#1,2025-10-25 09:50:26 +0100,1\n#2,2025-10-25 09:50:26 +0100,1\n#1,,1\n");
        assert_eq!((row, kind), (Some(4), DataErrorKind::RepeatedOrder { first_row: 2 }));
        let (row, column, _) = fault("#1,2025-10-25 09:50:26 +0100,1\n,,1\n");
        assert_eq!((row, column.as_deref()), (Some(3), Some("Name")));
        let (_, _, kind) = fault(&"#1,2025-10-25 09:50:26 +0100,1000000000\n".repeat(5));
        assert_eq!(kind, DataErrorKind::TooManyUnits { limit: u32::MAX });
        let without = read("Name,Created at,Lineitem name\n").unwrap_err().to_string();
        assert!(without.starts_with("export.csv:1: column `Lineitem quantity`: the column is missing"), "{without}");
        let (_, _, kind) = fault("#1,2025-10-25 09:50:26 +0100,0\n");
        assert!(matches!(kind, DataErrorKind::NoOrders { rows: 1, .. }));
    }

    /// Reads and gives the message, which must not hold anything personal.
    fn private_message(text: &[u8]) -> Option<String> {
        let message = RecordedOrders::read("export.csv", text).err()?.to_string();
        let lower = message.to_lowercase();
        for piece in PERSONAL {
            assert!(!lower.contains(piece), "`{piece}` in: {message}");
        }
        Some(message)
    }

    #[test]
    fn nothing_personal_is_ever_repeated() {
        let lower = text().to_lowercase();
        assert!(PERSONAL.iter().all(|piece| lower.contains(piece)), "the fixture holds what is looked for");
        let (header, rows) = text().split_once('\n').unwrap();
        let names: Vec<&str> = header.split(',').collect();
        assert_eq!(names.len(), 79);
        let mut messages = 0;
        // Every column in the place of each one that is read, as in a file put together wrongly.
        for needed in ["Name", "Created at", "Lineitem quantity", "Cancelled at", "Fulfilled at"] {
            for place in 0..names.len() {
                let renamed = |(at, name): (usize, &&str)| match at {
                    _ if at == place => needed.to_owned(),
                    _ if *name == needed => "Other".to_owned(),
                    _ => (*name).to_owned(),
                };
                let header: Vec<String> = names.iter().enumerate().map(renamed).collect();
                messages += usize::from(private_message(format!("{}\n{rows}", header.join(",")).as_bytes()).is_some());
                let plain = format!("{}\n{rows}", header.join(",").replace(needed, "timestamp"));
                messages += usize::from(private_message(plain.as_bytes()).is_some());
            }
        }
        // The file cut off, and with one character replaced, at every place.
        for place in 0..text().len() {
            messages += usize::from(private_message(&text().as_bytes()[..place]).is_some());
            for damage in [b',', b'"', b'\n', 0, 0xFF] {
                let mut damaged = text().as_bytes().to_vec();
                damaged[place] = damage;
                messages += usize::from(private_message(&damaged).is_some());
            }
        }
        // No header at all.
        messages += usize::from(private_message(rows.as_bytes()).is_some());
        assert!(messages > 5_000, "only {messages} faulty files: the test looks at too little");
    }
}
