//! Lanes, collections, and single ways into them.

use super::*;
use crate::model::{Fate, Layer, Release, ReleaseTimes, StationId};

const PACK: &str = r#"
[[station]]
name = "pack"
servers = 2
spread = { cv = 0.4 }
draws_as = "packing"
lanes = [
  { orders = { lines = "2-5" }, rate = "40 orders/h" },
  { orders = "single line", takes = "1m" },
  { orders = "everything else", rate = "20 orders/h", equipment = { benches = 6, scales = 2 }, benches = 3 },
]
next = "done"
"#;

const PICK: &str = "[[station]]\nname = \"pick\"\nservers = 1\ntakes = \"1m\"\nnext = \"pack\"\n";

#[test]
fn lanes_serve_every_order_once() {
    let model = model(&format!("{PICK}{PACK}"));
    let names: Vec<(&str, &str)> =
        model.stations[1..].iter().map(|station| (station.name.as_str(), station.draws_as.as_str())).collect();
    assert_eq!(
        names,
        [
            ("pack · 2-5 lines", "packing · 2-5 lines"),
            ("pack · single line", "packing · single line"),
            ("pack · everything else", "packing · everything else"),
        ]
    );
    let ways: Vec<_> = model.stations[0].route.legs.iter().map(|leg| (leg.lines.unwrap(), leg.to)).collect();
    let to = |k| Fate::To(StationId(k));
    assert_eq!(ways, [((2, 5), to(1)), ((1, 1), to(2)), ((6, u32::MAX), to(3))]);
    // All lanes share the station's own servers.
    let own = model.pools.iter().find(|pool| pool.name == "pack").unwrap();
    assert_eq!(own.order_of_work, [StationId(1), StationId(2), StationId(3)]);
    assert_eq!((model.stations[1].takes.fixed, model.stations[2].takes.fixed), (90.0, 60.0));
    assert_eq!(model.stations[3].equipment, Some(2));
}

#[test]
fn lanes_that_make_no_sense() {
    let with = |lanes: &str| {
        let pack = format!("[[station]]\nname = \"pack\"\nservers = 1\nnext = \"done\"\nlanes = [{lanes}]\n");
        refusal(&format!("{PICK}{pack}"))
    };
    let single = "{ orders = \"single line\", takes = \"1m\" }";
    let rest = "{ orders = \"everything else\", takes = \"1m\" }";
    refused(
        &[
            (single, "orders of 2+ lines have no lane"),
            (&format!("{rest}, {rest}"), "stands twice"),
            (&format!("{single}, {single}, {rest}"), "have a lane already"),
            (&format!("{single}, {{ orders = {{ lines = \"2+\" }}, takes = \"1m\" }}, {rest}"), "nothing is left"),
            (&format!("{single}, {{ orders = \"everything else\" }}"), "nothing says how long"),
            (&format!("{single}, {{ orders = \"all other\", takes = \"1m\" }}"), "is not a kind of orders"),
        ],
        with,
    );
    let both = format!("{PICK}{}", PACK.replace("servers = 2", "servers = 2\ntakes = \"1m\""));
    assert!(refusal(&both).contains("each lane says itself"));
}

#[test]
fn a_single_way_into_lanes_or_to_the_carriers_is_sorted_on_arrival() {
    let check = r#"
[[station]]
name = "check"
servers = 1
takes = "1m"
patience = { lasts = "5m", then = "pack" }
retry = { chance = "5%", attempts = 2, backoff = "1m", then = "collection" }
capacity = 9
when_full = { to = "pack" }
next = "pack"
[[collection]]
carrier = "Royal Mail"
serves = "75%"
at = "16h"
[[collection]]
carrier = "DPD"
serves = "25%"
at = ["12h", "18h"]
"#;
    let pick = PICK.replace("\"pack\"", "\"check\"");
    let model = model(&format!("{pick}{PACK}{check}"));
    let [.., pack, collection] = &model.stations[..] else { panic!("two more stations") };
    let found = [pack, collection].map(|gate| (gate.name.as_str(), gate.takes.mean(1.0, 1.0), gate.route.legs.len()));
    assert!(found.contains(&("pack", 0.0, 3)) && found.contains(&("collection", 0.0, 2)), "{found:?}");
}

#[test]
fn collections() {
    let load = "[[station]]\nname = \"pick\"\nservers = 1\ntakes = \"1m\"\nnext = \"collection\"\n";
    let one = "[[collection]]\ncarrier = \"Royal Mail\"\nat = \"16h\"\n";
    let model = model(&format!("{load}{one}"));
    assert_eq!(model.stations[1].layer, Layer::Warehouse);
    assert_eq!(model.stations[0].route.legs[0].to, Fate::To(StationId(1)));
    let Release::Timed { times: ReleaseTimes::At(times), at_most: None, collection: true, .. } =
        &model.stations[1].release
    else {
        panic!("a collection without a limit")
    };
    assert_eq!(times[0].seconds(), 57_600.0);
    let with = |rest: &str| refusal(&format!("{load}{rest}"));
    refused(
        &[
            ("", "no carrier collects"),
            (&format!("{one}cages = 6"), "belong together"),
            (&format!("{one}serves = \"90%\""), "together serve 90% of the orders"),
            (&format!("{one}{}", one.replace("Royal Mail", "DPD")), "what share of the orders goes with each"),
            (&one.replace("Royal Mail", "pick"), "two stations called \"pick\""),
            (&one.replace("Royal Mail", "done"), "cannot be a station's name"),
            (&one.replace("16h", "16:00"), "needs local time"),
        ],
        with,
    );
}

#[test]
fn unknown_stations_are_told_with_what_is_meant() {
    let found = refusal(&PICK.replace("\"pack\"", "\"pcak\"").replacen("next", "owner = \"me\"\nnext", 1));
    assert!(found.contains("there is no station called \"pcak\""), "{found}");
    let found = refusal(&format!("{}{PACK}", PICK.replace("\"pack\"", "\"pcak\"")));
    assert!(found.contains("did you mean `pack`?"), "{found}");
}
