//! A whole scenario.

use super::*;
use crate::model::{DiversionEnd, Fate, Layer, Release, ReleaseTimes, Roster, SlaClock, Staff, StepDown, Strikes};
use crate::time::SimDuration;

/// Black Friday in a UK warehouse, with all that this version can say about the operation.
const BLACK_FRIDAY: &str = r#"
format   = 1
title    = "Black Friday and Cyber Monday, one UK warehouse, today's process"
timezone = "Europe/London"
holidays = "england-and-wales"

[horizon]
lead_in = "14d"
judge   = { first = 2026-11-23, last = 2026-12-06 }
after   = "28d"

[[source]]
name = "web shop"
orders_per_day = 560
weekday  = { mon = 1.10, tue = 1.05, wed = 1.11, thu = 1.09, fri = 1.04, sat = 0.74, sun = 0.87 }
busyness = { day_cv = 0.12, hour_cv = 0.15 }
lines    = { average = 1.8, single_line = "55%" }
next     = "order sync"

[[station]]
name  = "order sync"
layer = "integration"
owner = "integration engineer"
servers = 4
takes = { typical = "2s", one_in_ten_over = "5s" }
release = { poll = "15m", at_most = 250 }
rate_limit = { shopify_plan = "plus" }
retry = { chance = "1%", attempts = 5, backoff = "2s", cap = "300s", then = "sync errors" }
next  = "pick"

[[hold]]
name = "fraud review"
share = "2%"
owner = "risk desk"
takes = { typical = "6m", one_in_ten_over = "18m" }
ends  = { release = "82%", cancel = "18%" }
sla_clock = "paused"

[[desk]]
name  = "risk desk"
owner = "payments lead"
people = 1
works = [{ days = "mon-fri", from = "09:00", to = "17:00", breaks = ["12:30 30m"] }]

[[desk]]
name  = "stock desk"
owner = "stock lead"
people = 2
takes = "30m"

[[desk]]
name  = "sync errors"
owner = "integration engineer"
takes = "10m"

[[desk]]
name  = "support"
layer = "support"
owner = "support lead"
people = 3
works = [{ from = "08:00", to = "20:00" }]

[[pool]]
name   = "floor"
cost   = "14.50 GBP/h"
absent = "5%"
shifts = [
  { days = "mon-sat", from = "08:00", to = "16:30", heads = 12, breaks = ["10:00 15m", "12:00 30m", "15:00 15m"] },
  { days = [2026-11-27, 2026-11-30], from = "16:30", to = "20:30", heads = 6, overtime = 1.5 },
]
order_of_work = ["load", "pack", "pick", "returns"]

[[station]]
name = "pick"
layer = "warehouse"
pool = "floor"
rate = "110 lines/h"
usable = "88.5%"
spread = { cv = 0.4 }
release = { every = "60m", from = "07:00", to = "16:00", days = "mon-sat" }
cart = { orders = 10, starts_when = "full or 20m" }
equipment = { carts = 9 }
next = "pack"

[[station]]
name = "pack"
pool = "floor"
lanes = [
  { orders = "single line", rate = "55 orders/h", benches = 3 },
  { orders = "everything else", rate = "28 orders/h", benches = 6 },
]
next = "load"

[[station]]
name = "load"
pool = "floor"
rate = "200 parcels/h"
next = "collection"

[[station]]
name = "returns"
pool = "floor"
takes = "4m"
next = "done"

[[collection]]
carrier = "Royal Mail"
serves = "60%"
days = "mon-sat"
at = "16:15"
cages = 6
parcels_per_cage = 80
ready_before = "15m"

[[collection]]
carrier = "DPD"
serves = "40%"
days = "mon-fri"
at = ["12:00", "18:00"]

[exceptions]
factor = 1

[[exceptions.class]]
name = "short pick"
at = "pick"
chance = "0.8% per line"
owner = "stock desk"
takes = { typical = "25m", one_in_ten_over = "70m" }
then = "pick"

[[exceptions.class]]
name = "damaged at packing"
at = "pack"
chance = "0.2%"
owner = "stock desk"
ends = { pick = "90%", cancel = "10%" }

[[contact]]
name = "where is my order"
cause = { late = "dispatched as promised", per_day = 0.12 }
to = "support"
takes = { typical = "5m", one_in_ten_over = "12m" }
settled = "72%"
writes_again_after = { typical = "8h", one_in_ten_over = "30h" }

[[follow_up]]
name = "returned goods"
share = "20%"
after = { typical = "9d", one_in_ten_over = "20d" }
to = "returns"

[[sla]]
name   = "dispatched as promised"
clock  = { starts = "paid", stops = "collected", cut_off = "14:00", calendar = "mon-sat" }
target = "98%"
window = "1d"

[[change]]
at = 2026-11-27T06:00:00
what = "pool.floor.extra_heads"
to = 4

[[measure]]
name = "queue at ten on Black Friday"
path = "station.pick.queue.at(2026-11-27T10:00)"
[[measure]]
name = "packing of single lines"
path = "station.\"pack · single line\".utilisation"
"#;

#[test]
fn a_whole_scenario_becomes_a_model() {
    let model = model_of(BLACK_FRIDAY, "");
    let names: Vec<&str> = model.stations.iter().map(|station| station.name.as_str()).collect();
    let expected = [
        "order sync",
        "pick",
        "pack · single line",
        "pack · everything else",
        "load",
        "returns",
        "Royal Mail",
        "DPD",
        "risk desk",
        "stock desk",
        "sync errors",
        "support",
    ];
    assert_eq!(names, expected);
    let station = |name: &str| model.stations.iter().find(|station| station.name == name).unwrap();
    let id = |name: &str| crate::model::StationId::at(names.iter().position(|known| *known == name).unwrap());
    // Picking goes to the lanes by lines; loading to the carriers by share.
    let ways: Vec<_> = station("pick").route.legs.iter().map(|leg| (leg.share, leg.lines, leg.to)).collect();
    let (single, other) = (id("pack · single line"), id("pack · everything else"));
    assert_eq!(ways, [(1.0, Some((1, 1)), Fate::To(single)), (1.0, Some((2, u32::MAX)), Fate::To(other))]);
    let ways: Vec<_> = station("load").route.legs.iter().map(|leg| (leg.share, leg.to)).collect();
    assert_eq!(ways, [(0.6, Fate::To(id("Royal Mail"))), (0.4, Fate::To(id("DPD")))]);
    assert_eq!(station("DPD").route.legs[0].to, Fate::Done);
    // The floor takes up packing in both lanes after loading.
    let floor = &model.pools[0];
    assert_eq!(floor.order_of_work, [id("load"), single, other, id("pick"), id("returns")]);
    assert_eq!((floor.cost_per_hour, floor.step_down, floor.shared), (Some(14.5), StepDown::Finish, true));
    assert_eq!(station("pack · single line").equipment, Some(3));
    assert_eq!(station("sync errors").layer, Layer::Exceptions);
    let Staff::Pool(desk) = station("risk desk").staff else { panic!("people work there") };
    let Roster::Shifts { spans, .. } = &model.pools[desk.index()].roster else { panic!("they have shifts") };
    assert_eq!((spans[0].to.since(spans[0].from), spans[0].heads), (SimDuration::from_seconds(12_600.0), 1));
    let Release::Timed {
        times: ReleaseTimes::At(times),
        at_most,
        collection,
        ready_before,
        parcels_per_cage: Some(80),
    } = &station("Royal Mail").release
    else {
        panic!("it comes at certain times")
    };
    // Eight weeks from Monday 9 November to Sunday 3 January, six days each; but not on Christmas Day, on Boxing Day, a
    // Saturday, on the Monday that stands in for it, and on New Year's Day.
    assert_eq!((times.len(), *at_most, *collection), (8 * 6 - 4, Some(480), true));
    assert_eq!(*ready_before, SimDuration::from_seconds(900.0));
}

#[test]
fn holds_exceptions_contacts_and_changes_of_the_whole_scenario() {
    let model = model_of(BLACK_FRIDAY, "");
    let [fraud, short, damaged] = &model.diversions[..] else { panic!("one hold and two classes") };
    assert_eq!((fraud.chance, fraud.clock, fraud.owner.as_deref()), (0.02, SlaClock::Paused, Some("payments lead")));
    assert_eq!(fraud.ends.len(), 2);
    assert!(fraud.ends.contains(&(0.18, DiversionEnd::Cancel)) && fraud.ends.contains(&(0.82, DiversionEnd::GoesOn)));
    assert!(short.per_line && short.chance == 0.008);
    let pick = crate::model::StationId::at(1);
    assert_eq!(short.ends, [(1.0, DiversionEnd::Enters(pick))]);
    // Damage strikes in both lanes of packing.
    let Strikes::After(lanes) = &damaged.strikes else { panic!("after a station") };
    assert_eq!(lanes.len(), 2);
    // The desk's own time, as the class gives none.
    assert_eq!(damaged.takes.fixed, 1_800.0);
    assert_eq!((model.contacts[0].settled, model.contacts[0].at_most), (0.72, 5));
    assert_eq!(model.follow_ups[0].share, 0.2);
    assert_eq!(model.changes.len(), 1);
    assert_eq!(model.measures.len(), 2);
}
