//! Cells of the needed columns, read as what they should be.

use super::error::{DataError, DataErrorKind, Found};
use super::table::{Column, Table};
use super::times::{RecordedTime, TIME_WANTED};

/// The largest count one cell may hold, in either direction.
const LARGEST_COUNT: i64 = 1_000_000_000;
const COUNT_WANTED: &str = "write a whole number such as 3 (at most 1000000000)";
const NUMBER_WANTED: &str = "write a number of 0 or more with a decimal point, such as 0.045";
const FLAG_WANTED: &str = "write 0 or 1, or false or true";

impl Table<'_> {
    /// The cell as text without blanks around it; an empty cell is none.
    pub(super) fn text(&self, column: Column) -> Result<Option<&str>, DataError> {
        match std::str::from_utf8(self.bytes(column)).map(str::trim) {
            Ok("") => Ok(None),
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(self.cell_error(column, DataErrorKind::NotText)),
        }
    }

    /// The cell as a time; an empty cell is none.
    pub(super) fn time(&self, column: Column) -> Result<Option<RecordedTime>, DataError> {
        self.read(column, |text| RecordedTime::parse(text).ok_or((Found::time(text), TIME_WANTED)))
    }

    /// The cell as a time that must be there.
    pub(super) fn needed_time(&self, column: Column) -> Result<RecordedTime, DataError> {
        self.filled(column, self.time(column)?, TIME_WANTED)
    }

    /// The cell as a whole number, which may be negative; an empty cell is none.
    pub(super) fn count(&self, column: Column) -> Result<Option<i64>, DataError> {
        self.read(column, |text| {
            let count = text.parse().ok().filter(|count: &i64| (-LARGEST_COUNT..=LARGEST_COUNT).contains(count));
            count.ok_or((Found::number(text), COUNT_WANTED))
        })
    }

    /// The cell as a whole number that must be there.
    pub(super) fn needed_count(&self, column: Column) -> Result<i64, DataError> {
        self.filled(column, self.count(column)?, COUNT_WANTED)
    }

    /// The cell as a finite number of 0 or more that must be there.
    pub(super) fn needed_number(&self, column: Column) -> Result<f64, DataError> {
        let number = self.read(column, |text| {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
            number.ok_or((Found::number(text), NUMBER_WANTED))
        });
        self.filled(column, number?, NUMBER_WANTED)
    }

    /// The cell as yes or no; an empty cell is no.
    pub(super) fn flag(&self, column: Column) -> Result<bool, DataError> {
        let among = |text: &str, words: [&str; 3]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        let flag = self.read(column, |text| match text {
            _ if among(text, ["1", "true", "yes"]) => Ok(true),
            _ if among(text, ["0", "false", "no"]) => Ok(false),
            _ => Err((Found::word(text), FLAG_WANTED)),
        });
        Ok(flag?.unwrap_or(false))
    }

    /// The value of a cell that must not be empty.
    pub(super) fn filled<T>(&self, column: Column, value: Option<T>, wanted: &'static str) -> Result<T, DataError> {
        value.ok_or_else(|| self.cell_error(column, DataErrorKind::EmptyCell { wanted }))
    }

    fn read<T>(
        &self,
        column: Column,
        parse: impl Fn(&str) -> Result<T, (Found, &'static str)>,
    ) -> Result<Option<T>, DataError> {
        let value = self.text(column)?.map(parse).transpose();
        value.map_err(|(found, wanted)| self.cell_error(column, DataErrorKind::BadCell { found, wanted }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell<T>(content: &str, read: impl Fn(&Table<'_>, Column) -> Result<T, DataError>) -> Result<T, String> {
        let text = format!("a,b\nx,\"{content}\"\n");
        let mut table = Table::open("t.csv", text.as_bytes()).unwrap();
        assert!(table.next_row().unwrap());
        read(&table, Column { place: 1, name: "b" }).map_err(|error| error.to_string())
    }

    #[test]
    fn counts() {
        assert_eq!(cell(" 12 ", |table, column| table.count(column)), Ok(Some(12)));
        assert_eq!(cell("-3", |table, column| table.count(column)), Ok(Some(-3)));
        assert_eq!(cell(" ", |table, column| table.count(column)), Ok(None));
        assert_eq!(
            cell(" ", |table, column| table.needed_count(column)),
            Err(format!("t.csv:2: column `b`: the cell is empty; {COUNT_WANTED}"))
        );
        assert_eq!(
            cell("2,5", |table, column| table.count(column)),
            Err(format!("t.csv:2: column `b`: `2,5` cannot be read; {COUNT_WANTED}"))
        );
        assert!(cell("1000000001", |table, column| table.count(column)).is_err());
        assert!(
            cell("two", |table, column| table.count(column))
                .unwrap_err()
                .contains("the cell (3 characters) cannot be read")
        );
    }

    #[test]
    fn numbers() {
        assert_eq!(cell("0.25", |table, column| table.needed_number(column)), Ok(0.25));
        for bad in ["NaN", "inf", "-1", "1e999", "0,25", "4 %", ""] {
            assert!(cell(bad, |table, column| table.needed_number(column)).is_err(), "{bad}");
        }
    }

    #[test]
    fn flags() {
        assert_eq!(cell("TRUE", |table, column| table.flag(column)), Ok(true));
        assert_eq!(cell("0", |table, column| table.flag(column)), Ok(false));
        assert_eq!(cell("", |table, column| table.flag(column)), Ok(false));
        assert!(cell("maybe", |table, column| table.flag(column)).is_err());
    }
}
