//! Lanes: which orders go where, by their lines.

use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::route::LinesRange;
use crate::scenario::file::station::StationTable;
use crate::scenario::file::station::lane::{LaneOrders, OrdersWord};
use crate::scenario::reader::Sink;

/// A lane and its orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    /// What it is called behind the station's name.
    pub(super) name: String,
    /// Ranges of lines, both bounds included.
    pub(super) lines: Vec<(u32, u32)>,
}

/// The lanes of `station`, which together serve every order once; reported when they do not. Empty without lanes.
pub(super) fn lanes_of(station: &StationTable, sink: &mut Sink) -> Vec<Lane> {
    let mut taken: Vec<(u32, u32)> = Vec::new();
    for lane in &station.lanes {
        let Some(range) = stated(&lane.orders.value) else { continue };
        if taken.iter().any(|(from, to)| range.low <= *to && *from <= range.high) {
            let found = Diagnostic::error("lanes-overlap", &lane.orders.place, "these orders have a lane already");
            sink.push(found.label("in two lanes").help("each number of lines belongs to one lane"));
        }
        taken.push((range.low, range.high));
    }
    let rest = rest(&mut taken);
    let takers = station.lanes.iter().filter(|lane| stated(&lane.orders.value).is_none()).count();
    if let Some(last) = station.lanes.last()
        && (takers > 1 || (takers == 0) != rest.is_empty())
    {
        let message = match takers {
            0 => format!("orders of {} lines have no lane", range_text(rest[0])),
            1 => "nothing is left for \"everything else\"".to_owned(),
            _ => "\"everything else\" stands twice".to_owned(),
        };
        let found = Diagnostic::error("lanes-incomplete", &last.orders.place, message).label("of these lanes");
        sink.push(found.help("the lanes together serve every order once; the last may be \"everything else\""));
    }
    let lane = |orders: &LaneOrders| match stated(orders) {
        Some(range) => Lane { name: lane_name(orders, range), lines: vec![(range.low, range.high)] },
        None => Lane { name: OrdersWord::EverythingElse.word().to_owned(), lines: rest.clone() },
    };
    station.lanes.iter().map(|table| lane(&table.orders.value)).collect()
}

/// The range of lines that the lane names; `None` for "everything else".
fn stated(orders: &LaneOrders) -> Option<LinesRange> {
    match orders {
        LaneOrders::Word(OrdersWord::SingleLine) => Some(LinesRange { low: 1, high: 1 }),
        LaneOrders::Word(OrdersWord::MultiLine) => Some(LinesRange { low: 2, high: u32::MAX }),
        LaneOrders::Word(OrdersWord::EverythingElse) => None,
        LaneOrders::Lines(table) => Some(table.lines.value),
    }
}

fn lane_name(orders: &LaneOrders, range: LinesRange) -> String {
    match orders {
        LaneOrders::Word(word) => word.word().to_owned(),
        LaneOrders::Lines(_) if range.high == 1 => "1 line".to_owned(),
        LaneOrders::Lines(_) => format!("{} lines", range_text((range.low, range.high))),
    }
}

fn range_text((fewest, most): (u32, u32)) -> String {
    match most {
        u32::MAX => format!("{fewest}+"),
        most if most == fewest => fewest.to_string(),
        most => format!("{fewest}-{most}"),
    }
}

/// What the `taken` ranges leave of 1, 2, 3, ...
fn rest(taken: &mut [(u32, u32)]) -> Vec<(u32, u32)> {
    taken.sort_unstable();
    let mut rest = Vec::new();
    let mut next = 1_u32;
    for (from, to) in taken.iter() {
        if *from > next {
            rest.push((next, from - 1));
        }
        if *to == u32::MAX {
            return rest;
        }
        next = next.max(to + 1);
    }
    rest.push((next, u32::MAX));
    rest
}
