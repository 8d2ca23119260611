//! What one run tells: tallies, levels over time, the SLA book, the day book, the lateness ledger, and the record
//! that leaves the run.

mod book;
mod cause;
mod days;
mod ledger;
mod level;
mod life;
mod passed;
mod record;
mod tally;
mod timeline;

pub use book::{JudgedOrder, SlaBook, WindowCount};
pub use cause::Cause;
pub use days::DayBook;
pub use ledger::{Blame, Gates, Interval, LatenessLedger, apportion, attribute};
pub use level::{Level, LevelSnapshot};
pub use life::Stretch;
pub use record::{
    ContactsRecord, DayRecord, DiversionRecord, EquipmentRecord, LedgerCell, MeasureValue, OrdersRecord, PoolRecord,
    RECORD_VERSION, ReplicationRecord, RunEnd, SlaRecord, SourceRecord, StationRecord, TallyRecord, TimelineRecord,
    WindowRecord,
};
pub use tally::{Spells, Tally};
pub use timeline::TimelineGrid;
