//! The stretches of time in which orders are counted and judged.

use super::super::TimeFrame;
use crate::model::{HorizonKind, Window};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::sla::{SlaTable, WindowWord};
use crate::scenario::reader::Sink;
use crate::time::{SimDuration, SimTime};

/// The windows of an SLA, and how they are called in the file.
pub(super) fn window(table: &SlaTable, time: &TimeFrame, sink: &mut Sink) -> Option<(WindowWord, Window)> {
    let horizon = &time.horizon;
    let default = if time.days.is_empty() { WindowWord::Whole } else { WindowWord::Day };
    let word = table.window.as_ref().map_or(default, |window| window.value);
    let (stretch, rolling) = match word {
        // Orders of a span that are worked off after it are judged with it.
        WindowWord::Whole => {
            let until = if matches!(horizon.kind, HorizonKind::Span { .. }) { horizon.end } else { horizon.until };
            return Some((word, Window::between(vec![horizon.from, until.max(horizon.until)])));
        }
        WindowWord::Day => (1, 1),
        WindowWord::Week => (7, 1),
        WindowWord::RollingWeek => (1, 7),
        WindowWord::RollingMonth => (1, 30),
    };
    let starts: Vec<SimTime> = if time.days.is_empty() {
        let day = SimDuration::from_hours(24).0;
        (0..horizon.until.since(horizon.from).0.div_ceil(day)).map(|k| SimTime(horizon.from.0 + k * day)).collect()
    } else {
        let counted = time.days.iter().filter(|day| horizon.from <= day.start && day.start < horizon.until);
        counted.map(|day| day.start).collect()
    };
    let days = starts.len();
    let mut bounds: Vec<SimTime> = starts.into_iter().step_by(stretch).collect();
    bounds.push(horizon.until);
    let window = Window { bounds, rolling };
    if window.count() == 0 && !time.known {
        return None;
    }
    if window.count() == 0 {
        let place = table.window.as_ref().map_or(&table.name.place, |window| &window.place);
        let (message, help) = if days == 0 {
            ("no day begins while promises are judged".to_owned(), "judge all orders together: window = \"whole\"")
        } else {
            let message = format!("a window of {rolling} days is judged at its end, but only {days} days are judged");
            (message, "judge more days, or choose a shorter window: window = \"1d\"")
        };
        sink.push(Diagnostic::error("no-window", place, message).label("no such window").help(help));
        return None;
    }
    Some((word, window))
}
