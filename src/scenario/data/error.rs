//! What can be wrong with a data file, said so that its author can mend it.

use std::fmt;

/// The longest piece of a cell that a message repeats, in characters.
const LONGEST_SHOWN: usize = 40;
/// The longest number that a message repeats: more digits could be a telephone number.
const LONGEST_NUMBER: usize = 9;

/// A data file that cannot be used: where, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DataError {
    /// The file as the scenario names it.
    pub file: String,
    /// Line of the file at which the row starts; the header is usually line 1.
    pub row: Option<u64>,
    /// The needed column (our name for it, never a text of the file).
    pub column: Option<String>,
    /// What is wrong.
    pub kind: DataErrorKind,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, ":{row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ": column `{column}`")?;
        }
        write!(f, ": {}", self.kind)
    }
}

/// What is wrong with a data file, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataErrorKind {
    /// The path is empty.
    #[error("the path is empty; name a file in the scenario's folder, such as \"data/orders.csv\"")]
    NoPath,
    /// The path starts at a root or a drive.
    #[error(
        "the path is absolute; data files lie in the scenario's folder and are named from there, such as \"data/orders.csv\""
    )]
    AbsolutePath,
    /// The path, or a link on it, leads out of the scenario's folder.
    #[error("the path leads outside the scenario's folder; copy the file into that folder and name it from there")]
    OutsideFolder,
    /// There is no such file.
    #[error("no such file; looked for it in the scenario's folder `{folder}`")]
    Missing {
        /// The folder as it was given.
        folder: String,
    },
    /// A folder, a pipe or a device.
    #[error("this is not an ordinary file; name a CSV file")]
    NotAFile,
    /// The system refused to read.
    #[error("the file cannot be read: {why}")]
    Unreadable {
        /// The system's reason.
        why: String,
    },
    /// Above the size limit.
    #[error("the file is larger than {mebibytes} MiB; export a shorter period")]
    TooLarge {
        /// The limit.
        mebibytes: u64,
    },
    /// More orders than are kept.
    #[error("more than {limit} orders; export a shorter period")]
    TooManyOrders {
        /// The limit.
        limit: usize,
    },
    /// Not text.
    #[error("{looks_like}, not a text file; save it as CSV (UTF-8)")]
    Binary {
        /// What it seems to be, such as "a zip or xlsx file".
        looks_like: &'static str,
    },
    /// No byte but blanks.
    #[error("the file is empty; a header row and at least one row of data are needed")]
    Empty,
    /// A header and nothing else.
    #[error("there is no row below the header; at least one row of data is needed")]
    NoRows,
    /// Rows, but no order to replay.
    #[error(
        "none of the {rows} rows is an order that can be replayed ({skipped}); at least one order with something to ship is needed"
    )]
    NoOrders {
        /// Rows below the header.
        rows: u64,
        /// Why they were passed over.
        skipped: String,
    },
    /// The header lacks a column.
    #[error("the column is missing: no column of the header has this name ({columns} columns read); {advice}")]
    MissingColumn {
        /// Columns in the header.
        columns: usize,
        /// What a right header looks like.
        advice: &'static str,
    },
    /// Two columns of one name.
    #[error("two columns have this name, so it is unclear which to read; rename or remove one")]
    RepeatedColumn,
    /// A row with another number of cells than the header.
    #[error(
        "the row has {cells} cells but the header has {columns}; a cell that holds the delimiter must stand in double quotes"
    )]
    Ragged {
        /// Cells in the row.
        cells: usize,
        /// Columns in the header.
        columns: usize,
    },
    /// The file ends inside a quoted cell.
    #[error(
        "a double quote opened in this row is never closed; close it, or double it (\"\") when it is part of a text"
    )]
    UnclosedQuote,
    /// The cell is not UTF-8.
    #[error("the cell is not UTF-8 text; save the file as CSV (UTF-8)")]
    NotText,
    /// The cell is empty.
    #[error("the cell is empty; {wanted}")]
    EmptyCell {
        /// What should stand there.
        wanted: &'static str,
    },
    /// The cell cannot be read.
    #[error("{found} cannot be read; {wanted}")]
    BadCell {
        /// The cell when it may be shown, or its length.
        found: Found,
        /// What should stand there.
        wanted: &'static str,
    },
    /// Some times have an offset and some have none.
    #[error(
        "this time has {} while those above have {}; write all with an offset (2025-11-28 09:50:26 +0000) or all without",
        if *.offset { "an offset" } else { "no offset" },
        if *.offset { "none" } else { "one" }
    )]
    MixedOffsets {
        /// Whether this row's time has an offset.
        offset: bool,
    },
    /// An order stands in two places of the file.
    #[error(
        "the order of this row was already read from row {first_row}; rows of one order must follow each other and each order must stand in the file once (sort by order, or remove the repeated export)"
    )]
    RepeatedOrder {
        /// Where it stood first.
        first_row: u64,
    },
    /// More units in one order than can be counted.
    #[error("the quantities of this order add up to more than {limit}; correct them")]
    TooManyUnits {
        /// The limit.
        limit: u32,
    },
    /// A day curve that does not begin at midnight.
    #[error("the curve starts at {}; the first row must be for 00:00", clock(*.minute))]
    LateStart {
        /// The first row's minute of the day.
        minute: u32,
    },
    /// A step that does not divide the day.
    #[error("a step of {minutes} minutes does not divide 24 hours; use equal steps such as 5, 15 or 60 minutes")]
    BadStep {
        /// The step between the first two rows.
        minutes: u32,
    },
    /// A row of a day curve that is not the next step.
    #[error("this row is for {} but {} comes next; give every step of the day once, in order", clock(*.minute), clock(*.expected))]
    OutOfStep {
        /// The row's minute of the day.
        minute: u32,
        /// The minute of the day that was due.
        expected: u32,
    },
    /// A day curve that stops early.
    #[error("the curve ends before {}; give every step up to 24:00 ({steps} rows)", clock(*.expected))]
    EarlyEnd {
        /// The minute of the day that was due.
        expected: u32,
        /// Rows a whole day has.
        steps: u32,
    },
    /// Nothing to divide by.
    #[error("{what} add up to nothing (or to too much for a number); at least one must be above zero")]
    NoTotal {
        /// Whose sum: "the shares", "the weights".
        what: &'static str,
    },
}

/// `605` as `10:05`.
fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// What a message may say about an unreadable cell.
///
/// A file with misplaced columns can hold anything in the column of times, so a text is repeated only when it has the
/// form of a date or of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A cell that has the form of a date or number, cut at 40 characters.
    Shown(String),
    /// Any other text: only its length in characters.
    Hidden(usize),
}

impl Found {
    /// The cell of a column of times.
    #[must_use]
    pub(super) fn time(text: &str) -> Found {
        Found::shown_when(text, starts_like_a_date(text) && text.chars().all(is_of_a_time))
    }

    /// The cell of a column of numbers.
    #[must_use]
    pub(super) fn number(text: &str) -> Found {
        let numeric =
            text.len() <= LONGEST_NUMBER && text.bytes().all(|b| b.is_ascii_digit() || b"+-.,%eE".contains(&b));
        let name_of_a_float = ["nan", "inf", "-inf", "infinity"].iter().any(|name| text.eq_ignore_ascii_case(name));
        Found::shown_when(text, numeric || name_of_a_float)
    }

    /// The cell of a column of words: never repeated.
    #[must_use]
    pub(super) fn word(text: &str) -> Found {
        Found::Hidden(text.chars().count())
    }

    fn shown_when(text: &str, may_be_shown: bool) -> Found {
        if may_be_shown { Found::Shown(text.chars().take(LONGEST_SHOWN).collect()) } else { Found::word(text) }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Shown(text) => write!(f, "`{text}`"),
            Found::Hidden(1) => write!(f, "the cell (1 character)"),
            Found::Hidden(characters) => write!(f, "the cell ({characters} characters)"),
        }
    }
}

/// Whether a character occurs in written times (digits, separators, `T`, `Z`, `UTC`, `AM`, `PM`).
fn is_of_a_time(character: char) -> bool {
    character.is_ascii_digit() || "-/.:+ ,TZUCAPM".contains(character.to_ascii_uppercase())
}

/// Whether the text starts with three short numbers between equal separators: `25/11/2011`, `2011-11-25`, `25.11.11`.
fn starts_like_a_date(text: &str) -> bool {
    let digits_of = |part: &str| part.bytes().take_while(u8::is_ascii_digit).count();
    let first = digits_of(text);
    let Some(separator) = text[first..].chars().next().filter(|c| "-/.".contains(*c)) else { return false };
    let mut parts = text.splitn(3, separator);
    let (Some(_), Some(second), Some(third)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let middle = digits_of(second);
    let last = digits_of(third);
    (1..=4).contains(&first) && (1..=2).contains(&middle) && middle == second.len() && (1..=4).contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dates_and_numbers_are_shown() {
        assert_eq!(Found::time("25/11/2011 08:26 am"), Found::Shown("25/11/2011 08:26 am".into()));
        assert_eq!(Found::time("2011-13-25"), Found::Shown("2011-13-25".into()));
        assert_eq!(Found::time("jane@example.com"), Found::Hidden(16));
        assert_eq!(Found::time("+44 7700 900123"), Found::Hidden(15));
        assert_eq!(Found::time("12-34-56 Mary Lane"), Found::Hidden(18));
        assert_eq!(Found::time(""), Found::Hidden(0));
        assert_eq!(Found::number("2,5"), Found::Shown("2,5".into()));
        assert_eq!(Found::number("NaN"), Found::Shown("NaN".into()));
        assert_eq!(Found::number("two"), Found::Hidden(3));
        assert_eq!(Found::number("07700900123"), Found::Hidden(11));
    }

    #[test]
    fn what_is_shown_is_cut() {
        let long = format!("2011-11-25 {}", "0".repeat(100));
        let Found::Shown(text) = Found::time(&long) else { panic!("a date may be shown") };
        assert_eq!(text.chars().count(), LONGEST_SHOWN);
    }

    #[test]
    fn a_message_names_file_row_and_column() {
        let error = DataError {
            file: "data/orders.csv".into(),
            row: Some(17),
            column: Some("timestamp".into()),
            kind: DataErrorKind::BadCell { found: Found::time("25/11/2011"), wanted: "write 2011-11-25T08:26" },
        };
        assert_eq!(
            error.to_string(),
            "data/orders.csv:17: column `timestamp`: `25/11/2011` cannot be read; write 2011-11-25T08:26"
        );
    }
}
