//! The discrete-event engine: one replication as a pure function of (model, seed, replication, limits).
//!
//! No input or output, no clock, no thread, no serialisation, no floating-point time. Everything that may change
//! during a run is state, changed only by an event.

mod active_periods;
mod arrivals;
mod attempts;
mod bare;
mod batches;
mod cause_log;
mod clocks;
mod contacts;
mod controls;
mod demand;
mod diversions;
mod drawn_ahead;
mod event_calendar;
mod finish;
mod flow;
mod gates;
mod interruptions;
mod items;
mod line;
mod measured;
mod order_lines;
mod plain;
mod plan;
mod plane;
mod pools;
mod prefetch;
mod served;
mod server_set;
mod service;
mod simulation;
mod sla_clock;
mod starts;
mod state;
mod station_plan;
mod timers;
mod visitor_line;
mod visits;
mod waits;
mod watches;
mod workspace;

pub use event_calendar::{MOST_RANKS, NEVER, Phase, Services, key, rank_of, time_of};
pub use items::MOST_SLAS;
pub use plan::{Plan, PlanError};
pub use simulation::{Stop, simulate, simulate_in};
pub use timers::{Happening, Timer, Timers};
pub use visits::{NobodyWatches, Outcome, VisitObserver, VisitRow};
pub use workspace::Workspace;
