//! A CSV file read by column name: delimiter and byte order mark found out, rows counted as lines of the file.

use std::io::{Cursor, Read};

use csv::ByteRecord;

use super::error::{DataError, DataErrorKind};
use super::intake::{Fault, Intake, SIZE_LIMIT};

/// Bytes looked at before reading, to tell the delimiter and files that are no text.
const START: u64 = 64 << 10;
const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A column that was found: its place in a row, and its name for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) place: usize,
    pub(super) name: &'static str,
}

/// The rows of one file, one at a time.
pub(super) struct Table<'a> {
    file: String,
    reader: csv::Reader<Intake<'a>>,
    header: Vec<String>,
    header_row: u64,
    record: ByteRecord,
    rows: u64,
    blank_rows: u64,
}

impl<'a> Table<'a> {
    /// Reads the header; `file` is the name for messages.
    pub(super) fn open(file: &str, mut source: impl Read + 'a) -> Result<Table<'a>, DataError> {
        let whole = |kind| DataError { file: file.to_owned(), row: None, column: None, kind };
        let mut start = Vec::new();
        source
            .by_ref()
            .take(START)
            .read_to_end(&mut start)
            .map_err(|error| whole(DataErrorKind::Unreadable { why: error.to_string() }))?;
        let mark = if start.starts_with(UTF8_MARK) { UTF8_MARK } else { &[] };
        let text = &start[mark.len()..];
        if text.iter().all(u8::is_ascii_whitespace) {
            return Err(whole(DataErrorKind::Empty));
        }
        if let Some(looks_like) = looks_binary(text) {
            return Err(whole(DataErrorKind::Binary { looks_like }));
        }
        let delimiter = delimiter_of(text);
        let intake = Intake::new(mark, Box::new(Cursor::new(text.to_vec()).chain(source)));
        let reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(intake);
        let record = ByteRecord::new();
        let mut table =
            Table { file: file.to_owned(), reader, header: vec![], header_row: 1, record, rows: 0, blank_rows: 0 };
        if !table.advance()? {
            return Err(table.whole(DataErrorKind::Empty));
        }
        table.header = table.record.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase()).collect();
        table.header_row = table.row();
        Ok(table)
    }

    /// Whether the header has a column of this name, in any case of its letters.
    pub(super) fn has(&self, name: &str) -> bool {
        self.header.iter().any(|column| column.eq_ignore_ascii_case(name))
    }

    /// The column of this name, when the header has it.
    pub(super) fn column(&self, name: &'static str) -> Result<Option<Column>, DataError> {
        let mut places = (0..self.header.len()).filter(|place| self.header[*place].eq_ignore_ascii_case(name));
        let column = places.next().map(|place| Column { place, name });
        match places.next() {
            None => Ok(column),
            Some(_) => Err(self.header_error(name, DataErrorKind::RepeatedColumn)),
        }
    }

    /// The first of these columns that the header has; none of them is an error with `advice`.
    pub(super) fn needed(&self, names: &[&'static str], advice: &'static str) -> Result<Column, DataError> {
        for name in names {
            if let Some(column) = self.column(name)? {
                return Ok(column);
            }
        }
        Err(self.header_error(names[0], DataErrorKind::MissingColumn { columns: self.header.len(), advice }))
    }

    /// The first column whose name starts with `prefix`, to be called `name` in messages.
    pub(super) fn column_starting(&self, prefix: &str, name: &'static str) -> Option<Column> {
        self.header.iter().position(|column| column.starts_with(prefix)).map(|place| Column { place, name })
    }

    /// Goes to the next row that is not blank; false at the end.
    pub(super) fn next_row(&mut self) -> Result<bool, DataError> {
        while self.advance()? {
            if self.record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                self.blank_rows += 1;
                continue;
            }
            self.rows += 1;
            if self.record.len() != self.header.len() {
                let kind = DataErrorKind::Ragged { cells: self.record.len(), columns: self.header.len() };
                return Err(self.row_error(kind));
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// The bytes of a cell of the present row.
    pub(super) fn bytes(&self, column: Column) -> &[u8] {
        self.record.get(column.place).unwrap_or_default()
    }

    /// The line of the file at which the present row starts, from 1.
    pub(super) fn row(&self) -> u64 {
        let within: usize = self.record.iter().flatten().filter(|byte| **byte == b'\n').count();
        let ending = u64::from(!self.reader.get_ref().is_exhausted());
        self.reader.position().line().saturating_sub(within as u64 + ending).max(1)
    }

    /// Rows read so far, without the header and blank rows.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Rows of nothing but delimiters and blanks.
    pub(super) fn blank_rows(&self) -> u64 {
        self.blank_rows
    }

    /// The hash of the file's bytes; to be asked once all rows are read.
    ///
    /// A file without rows is an error.
    pub(super) fn finish(self) -> Result<blake3::Hash, DataError> {
        if self.rows == 0 {
            return Err(self.whole(DataErrorKind::NoRows));
        }
        Ok(self.reader.get_ref().hash())
    }

    /// An error of the file as a whole.
    pub(super) fn whole(&self, kind: DataErrorKind) -> DataError {
        DataError { file: self.file.clone(), row: None, column: None, kind }
    }

    /// An error of the present row.
    pub(super) fn row_error(&self, kind: DataErrorKind) -> DataError {
        DataError { row: Some(self.row()), ..self.whole(kind) }
    }

    /// An error of a cell of the present row.
    pub(super) fn cell_error(&self, column: Column, kind: DataErrorKind) -> DataError {
        self.cell_error_in(self.row(), column, kind)
    }

    /// An error of a cell of an earlier row.
    pub(super) fn cell_error_in(&self, row: u64, column: Column, kind: DataErrorKind) -> DataError {
        DataError { row: Some(row), column: Some(column.name.to_owned()), ..self.whole(kind) }
    }

    fn header_error(&self, name: &str, kind: DataErrorKind) -> DataError {
        DataError { row: Some(self.header_row), column: Some(name.to_owned()), ..self.whole(kind) }
    }

    fn advance(&mut self) -> Result<bool, DataError> {
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => Ok(false),
            Ok(true) if self.reader.get_ref().is_exhausted() => Err(self.row_error(DataErrorKind::UnclosedQuote)),
            Ok(true) => Ok(true),
            Err(error) => Err(self.whole(match self.reader.get_ref().fault() {
                Some(Fault::TooLarge) => DataErrorKind::TooLarge { mebibytes: SIZE_LIMIT >> 20 },
                Some(Fault::NotText) => DataErrorKind::Binary { looks_like: "this is a binary file" },
                None => DataErrorKind::Unreadable { why: reason(error) },
            })),
        }
    }
}

/// The system's reason; anything else the CSV reader says could repeat cells, so it is not passed on.
fn reason(error: csv::Error) -> String {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.to_string(),
        _ => "the CSV reader gave up".to_owned(),
    }
}

/// What a file that is not text seems to be; none for text.
fn looks_binary(start: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 6] = [
        (b"PK\x03\x04", "this is a zip or xlsx file"),
        (b"\x1F\x8B", "this is a gzip file"),
        (b"\xFF\xFE", "this is UTF-16 text"),
        (b"\xFE\xFF", "this is UTF-16 text"),
        (b"%PDF-", "this is a PDF file"),
        (b"\xD0\xCF\x11\xE0", "this is an xls file"),
    ];
    let control = |byte: &u8| *byte < b' ' && !b"\t\n\r\x0C".contains(byte);
    let by_content = start.iter().any(control).then_some("this is a binary file");
    known.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, name)| *name).or(by_content)
}

/// The most frequent of comma, semicolon and tab in the first line that is not blank, outside quotes; comma in doubt.
fn delimiter_of(text: &[u8]) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.trim_ascii_start() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(mark, _)| mark == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| *mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(text: &str) -> Vec<(u64, String)> {
        let mut table = Table::open("t.csv", text.as_bytes()).unwrap();
        let column = table.column("b").unwrap().unwrap();
        let mut rows = vec![];
        while table.next_row().unwrap() {
            rows.push((table.row(), String::from_utf8(table.bytes(column).to_vec()).unwrap()));
        }
        rows
    }

    fn kind_of(bytes: &[u8]) -> (Option<u64>, DataErrorKind) {
        let read = || {
            let mut table = Table::open("t.csv", bytes)?;
            while table.next_row()? {}
            table.finish()
        };
        let error = read().unwrap_err();
        (error.row, error.kind)
    }

    #[test]
    fn rows_are_lines_of_the_file() {
        let expected = vec![(2, "1".into()), (5, "2\n3".into()), (7, "4".into())];
        let text = "a,b\nx,1\n\n,\ny,\"2\n3\"\nz,4";
        assert_eq!(rows_of(text), expected);
        assert_eq!(rows_of(&text.replace('\n', "\r\n")), expected);
        assert_eq!(rows_of(&format!("{text}\n\n\n")), expected);
        assert_eq!(rows_of("\n\n a , B \nx,1\n"), vec![(4, "1".into())]);
    }

    #[test]
    fn rows_are_right_in_long_files() {
        let mut text = String::from("a,b\r\n");
        for number in 2..60_000 {
            text.push_str(&format!("x,{number}\r\n"));
        }
        assert!(rows_of(&text).iter().all(|(row, cell)| *cell == row.to_string()));
    }

    #[test]
    fn delimiters_and_the_byte_order_mark_are_found_out() {
        assert_eq!(rows_of("\u{FEFF}a;b\n1,5;2"), vec![(2, "2".into())]);
        assert_eq!(rows_of("a\tb\n1\t2"), vec![(2, "2".into())]);
        assert_eq!(rows_of("\"a;;;\",b\n1,2"), vec![(2, "2".into())]);
        assert_eq!(rows_of("B\n2"), vec![(2, "2".into())]);
    }

    #[test]
    fn unusable_files_are_named_for_what_they_are() {
        assert_eq!(kind_of(b"").1, DataErrorKind::Empty);
        assert_eq!(kind_of(b"\xEF\xBB\xBF \r\n\n").1, DataErrorKind::Empty);
        assert_eq!(kind_of(b"a,b\n\n,\n").1, DataErrorKind::NoRows);
        assert_eq!(kind_of(b"PK\x03\x04rest").1, DataErrorKind::Binary { looks_like: "this is a zip or xlsx file" });
        assert_eq!(kind_of(b"\xFF\xFEa\0").1, DataErrorKind::Binary { looks_like: "this is UTF-16 text" });
        assert_eq!(kind_of(b"a,b\n1,\0").1, DataErrorKind::Binary { looks_like: "this is a binary file" });
        let mut late = b"a,b\n".to_vec();
        late.extend(b"1,2\n".repeat(40_000));
        late.push(0);
        assert_eq!(kind_of(&late).1, DataErrorKind::Binary { looks_like: "this is a binary file" });
    }

    #[test]
    fn damaged_rows_are_named() {
        assert_eq!(kind_of(b"a,b\n1,2\n1,2,3\n"), (Some(3), DataErrorKind::Ragged { cells: 3, columns: 2 }));
        assert_eq!(kind_of(b"a,b\n1,2\n1,\"2\n3,4\n"), (Some(3), DataErrorKind::UnclosedQuote));
        assert_eq!(kind_of(b"a,b\n1,2\n1,\"2\n3,4"), (Some(3), DataErrorKind::UnclosedQuote));
    }

    #[test]
    fn a_repeated_needed_column_is_refused() {
        let table = Table::open("t.csv", &b"a,b,A\n"[..]).unwrap();
        assert_eq!(table.column("a").unwrap_err().kind, DataErrorKind::RepeatedColumn);
        assert_eq!(table.column("b").unwrap(), Some(Column { place: 1, name: "b" }));
        assert_eq!(table.column("c").unwrap(), None);
    }

    #[test]
    fn the_hash_is_that_of_the_files_bytes() {
        let bytes = b"\xEF\xBB\xBFa,b\r\n1,2";
        let mut table = Table::open("t.csv", &bytes[..]).unwrap();
        while table.next_row().unwrap() {}
        assert_eq!(table.finish().unwrap(), blake3::hash(bytes));
    }
}
