//! What is simulated, what is judged, and what a run may use.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::node::{Node, Value};
use crate::scenario::reader::{FromToml, Sink, Whole};
use crate::scenario::schema::Definitions;
use crate::scenario::units::Positive;
use crate::time::SimDuration;

/// The version of the file format that this version of peaksim reads.
pub const FORMAT: i64 = 1;

/// The version of the file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatNumber;

impl FromToml for FormatNumber {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        match node.value {
            Value::Integer(FORMAT) => Some(FormatNumber),
            Value::Integer(other) => {
                let message = format!("this version of peaksim reads format {FORMAT}, not {other}");
                let help = format!("write {}, or use a newer version of peaksim", sink.line("1"));
                sink.push(Diagnostic::error("unknown-format", &node.place, message).label("not known").help(help));
                None
            }
            _ => {
                sink.wrong_type::<Self>(node);
                None
            }
        }
    }
    fn expected() -> String {
        format!("the number of the file format ({FORMAT})")
    }
    fn example() -> String {
        FORMAT.to_string()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "const": FORMAT })
    }
}

crate::file_words! {
    /// What kind of question the run answers.
    pub enum HorizonMode = "mode" {
        /// Days of a calendar: a lead-in, the judged days, and ordinary trading after them.
        Calendar = "calendar",
        /// A warm-up and a measured time.
        Steady = "steady",
        /// From the start to a fixed end, at which arrivals stop.
        Span = "span",
    }
}

crate::file_words! {
    /// What becomes of open orders at the end of the span.
    pub enum ThenWord = "word for the end of the span" {
        /// The run stops with them.
        Stop = "stop",
        /// They are worked off.
        Drain = "drain",
    }
}

crate::file_table! {
    /// The days whose promises are judged.
    pub struct JudgeTable = "range of judged days" {
        /// The first day.
        required first: Date, example "2026-11-23";
        /// The last day, included.
        required last: Date, example "2026-12-06";
    }
}

crate::file_table! {
    /// What is simulated and what is judged.
    pub struct HorizonTable = "horizon" {
        /// What kind of question the run answers.
        default mode: HorizonMode = HorizonMode::Calendar;
        /// Calendar: ordinary trading first, not judged; Monday then opens with the weekend's orders.
        optional lead_in: SimDuration, example "\"14d\"";
        /// Calendar: the days whose promises are judged.
        optional judge: JudgeTable;
        /// Calendar and steady: arrivals go on until the judged orders have ended, at most this long.
        optional after: SimDuration, example "\"28d\"";
        /// Steady: ordinary running first, not counted; "0h" begins empty.
        optional warm_up: SimDuration, example "\"10h\"";
        /// Steady: counted.
        optional measured: Positive<SimDuration>, example "\"100h\"";
        /// Span: from the start to the end of arrivals.
        optional length: Positive<SimDuration>, example "\"24h\"";
        /// Span: what becomes of orders that are open then.
        optional then: ThenWord;
        /// Steady and span: the local date on which the run starts, where dates matter.
        optional starts: Date, example "2026-11-23";
    }
}

crate::file_table! {
    /// Holidays by set and by date.
    pub struct HolidaysTable = "table of holidays" {
        /// A named set.
        optional set: String, example "\"england-and-wales\"";
        /// Dates that are holidays too.
        list add: Date, example "[2026-12-24]";
        /// Dates of the set that are worked.
        list worked: Date, example "[2026-12-28]";
    }
}

crate::file_choice! {
    /// Days on which nobody works unless the file says so.
    pub enum HolidaysValue {
        /// A named set.
        text Named(String),
        /// These dates.
        list Dates(Vec<Date>),
        /// A set with changes.
        table Changed(HolidaysTable),
    }
}

crate::file_table! {
    /// What a run may use before it is stopped.
    pub struct LimitsTable = "table of limits" {
        /// Events of one replication.
        optional events: Whole<1, { i64::MAX }>;
        /// Orders, contacts and other work in progress at one time.
        optional in_flight: Whole<1, 1_000_000_000>;
        /// Orders that one replication is expected to create.
        optional orders: Whole<1, 1_000_000_000_000>;
    }
}

crate::file_table! {
    /// Something the scenario takes for granted.
    pub struct AssumptionTable = "assumption" {
        /// What is taken for granted, in one sentence.
        required what: String, example "\"one order in five is returned\"";
        /// Where it comes from.
        optional source: String, example "\"WMS export, October\"";
        /// Whether it is a guess, not yet measured.
        default assumed: bool = false;
    }
}
