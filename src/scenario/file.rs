//! The scenario file: one module for each of its parts, each table declared once.

pub mod campaign;
pub mod change;
pub mod check;
pub mod collection;
pub mod contact;
pub mod distribution;
pub mod exception;
pub mod horizon;
pub mod lever;
pub mod measure;
pub mod moment;
pub mod pool;
pub mod route;
pub mod sla;
pub mod source;
pub mod station;

use campaign::CampaignTable;
use change::ChangeTable;
use check::CheckTable;
use collection::CollectionTable;
use contact::{ContactTable, FollowUpTable};
use exception::{DeskTable, ExceptionTable, ExceptionsTable, HoldTable};
use horizon::{AssumptionTable, FormatNumber, HolidaysValue, HorizonTable, LimitsTable};
use lever::LeverTable;
use measure::MeasureTable;
use pool::PoolTable;
use sla::SlaTable;
use source::SourceTable;
use station::StationTable;

use super::node::Node;
use super::reader::{Spanned, Whole};
use super::schema::schema_of;

/// A scenario to begin with: small, complete, and explained line by line.
pub const FIRST_SCENARIO: &str = include_str!("init.toml");

/// The JSON Schema (draft-07) of the scenario file.
#[must_use]
pub fn schema() -> serde_json::Value {
    schema_of::<ScenarioFile>("peaksim scenario, format 1")
}

impl ScenarioFile {
    /// The kinds of exception that could be read.
    pub fn exception_classes(&self) -> impl Iterator<Item = &Spanned<ExceptionTable>> {
        self.exceptions.as_ref().into_iter().flat_map(|table| &table.class)
    }

    /// Those that could not.
    pub fn unread_exception_classes(&self) -> &[Node] {
        self.exceptions.as_ref().map_or(&[], |table| table.class.unread())
    }
}

crate::file_table! {
    /// An operation, the demand it meets, and the promises it makes.
    pub struct ScenarioFile = "scenario" in parts {
        /// The version of the file format; stands first.
        required format: FormatNumber, example "1";
        /// What the scenario is about, in one line.
        optional title: String, example "\"Black Friday, one UK warehouse\"";
        /// The question it is to answer, or anything else a reader should know.
        optional description: String;
        /// IANA name of the zone in which all times of the file are local.
        optional timezone: String, example "\"Europe/London\"";
        /// Days on which nobody works unless the file says so: a named set, dates, or both.
        optional holidays: HolidaysValue;
        /// Picks the random numbers; the same seed gives the same results.
        default seed: Whole<0, { i64::MAX }> = Whole::of(1);
        /// How often the run is repeated with other random numbers.
        default replications: Whole<1, 1_000_000> = Whole::of(100);
        /// What is simulated and what is judged.
        required horizon: HorizonTable, example "{ lead_in = \"14d\", judge = { first = 2026-11-23, last = 2026-12-06 }, after = \"28d\" }";
        /// Where orders and other work come from.
        list source: SourceTable;
        /// Days and hours of more (or fewer) orders, and mailings that bring them.
        list campaign: CampaignTable;
        /// Queues in front of people, machines or connectors.
        list station: StationTable;
        /// People who share an order of work.
        list pool: PoolTable;
        /// Where holds and exceptions are worked on.
        list desk: DeskTable;
        /// What keeps orders from being released.
        list hold: HoldTable;
        /// Carriers' collections.
        list collection: CollectionTable;
        /// What goes wrong.
        optional exceptions: ExceptionsTable;
        /// Customers' messages that follow from what happens to orders.
        list contact: ContactTable;
        /// Work that follows dispatched orders, such as returns.
        list follow_up: FollowUpTable;
        /// Service level agreements.
        list sla: SlaTable;
        /// Planned changes during the run.
        list change: ChangeTable;
        /// What could still be decided; changes nothing unless asked.
        list lever: LeverTable;
        /// Numbers asked for beside the standard ones.
        list measure: MeasureTable;
        /// What must hold: `peaksim check` passes or fails on it.
        list check: CheckTable;
        /// What a run may use.
        optional limits: LimitsTable;
        /// What the scenario takes for granted, printed in reports.
        list assumption: AssumptionTable;
    }
    later = [
        "runbook", "incident", "gate", "stock", "warehouse", "learning", "promise", "status",
        "messaging", "reconciliation", "third_party", "scorecard", "review",
    ];
}
