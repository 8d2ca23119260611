//! The examples that help shows.

use crate::scenario::document::Document;
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::change::ChangeTable;
use crate::scenario::file::collection::CollectionTable;
use crate::scenario::file::contact::{
    BaselineTable, ContactTable, FollowUpTable, LateDispatchTable, LatenessTable, StruckTable,
};
use crate::scenario::file::exception::{
    DeskTable, EndTable, ExceptionTable, ExceptionsTable, HoldTable, ReshipTable, SplitTable, WorksTable,
};
use crate::scenario::file::measure::MeasureTable;
use crate::scenario::file::pool::{BreakTable, PoolTable, ShiftTable};
use crate::scenario::file::station::limits::{
    BatchTable, BreakdownTable, BucketTable, CartTable, OutageTable, OverflowTable, PatienceTable, RetryTable,
    ShopifyTable, TryAgainTable,
};
use crate::scenario::file::station::release::{GatheredTable, PollTable, TimesTable, WavesTable};
use crate::scenario::file::station::work::{ContentTable, InOrderTable, SpreadTable};
use crate::scenario::file::station::{LaneTable, StaffingStep, StationTable};
use crate::scenario::reader::written_key;
use crate::scenario::table::FileTable;

/// Every key of the table with its example is a table that can be read.
fn examples_can_be_read<T: FileTable>() {
    let lines: Vec<String> =
        T::FIELDS.iter().map(|field| format!("{} = {}", written_key(field.key), (field.example)())).collect();
    let text = lines.join("\n");
    let read = Document::parse("example.toml", text.as_bytes(), &[]).and_then(|document| document.read::<T>());
    if let Err(errors) = read {
        panic!("{}\n{text}\n{}", T::NOUN, errors.render(false));
    }
}

#[test]
fn every_example_of_help_can_be_read() {
    examples_can_be_read::<ScenarioFile>();
    examples_can_be_read::<StationTable>();
    examples_can_be_read::<LaneTable>();
    examples_can_be_read::<StaffingStep>();
    examples_can_be_read::<SpreadTable>();
    examples_can_be_read::<ContentTable>();
    examples_can_be_read::<InOrderTable>();
    examples_can_be_read::<PollTable>();
    examples_can_be_read::<WavesTable>();
    examples_can_be_read::<TimesTable>();
    examples_can_be_read::<GatheredTable>();
    examples_can_be_read::<CartTable>();
    examples_can_be_read::<BatchTable>();
    examples_can_be_read::<OverflowTable>();
    examples_can_be_read::<TryAgainTable>();
    examples_can_be_read::<BucketTable>();
    examples_can_be_read::<ShopifyTable>();
    examples_can_be_read::<RetryTable>();
    examples_can_be_read::<PatienceTable>();
    examples_can_be_read::<OutageTable>();
    examples_can_be_read::<BreakdownTable>();
    examples_can_be_read::<CollectionTable>();
    examples_can_be_read::<PoolTable>();
    examples_can_be_read::<ShiftTable>();
    examples_can_be_read::<BreakTable>();
    examples_can_be_read::<DeskTable>();
    examples_can_be_read::<WorksTable>();
    examples_can_be_read::<HoldTable>();
    examples_can_be_read::<EndTable>();
    examples_can_be_read::<SplitTable>();
    examples_can_be_read::<ReshipTable>();
    examples_can_be_read::<ExceptionTable>();
    examples_can_be_read::<ExceptionsTable>();
    examples_can_be_read::<ContactTable>();
    examples_can_be_read::<LatenessTable>();
    examples_can_be_read::<BaselineTable>();
    examples_can_be_read::<LateDispatchTable>();
    examples_can_be_read::<StruckTable>();
    examples_can_be_read::<FollowUpTable>();
    examples_can_be_read::<ChangeTable>();
    examples_can_be_read::<MeasureTable>();
}
