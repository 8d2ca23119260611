//! What an SLA may count, where its clock may stop, and how its definition says so.

use super::{PEAK, lowered, refusal};
use crate::model::{ClockStop, CountedOn, CountedUnit, SourceId, StationId};

/// [`PEAK`] with a packing station of two lanes behind picking, a wholesale source, a fraud review, and one SLA.
fn promised(marks: &str, clock: &str, more: &str) -> String {
    let pick = PEAK.replace("takes = \"5m\"\nnext = \"done\"", "takes = \"5m\"\nnext = \"pack\"");
    format!(
        "{pick}[[source]]\nname = \"wholesale\"\norders_per_day = 12\nnext = \"pick\"\n\
         [[station]]\nname = \"pack\"\npool = \"floor\"\n{marks}\n\
         lanes = [{{ orders = \"single line\", takes = \"1m\" }}, {{ orders = \"everything else\", takes = \"2m\" }}]\nnext = \"done\"\n\
         [[pool]]\nname = \"floor\"\nheads = 4\n\
         [[hold]]\nname = \"fraud review\"\nshare = \"2%\"\nowner = \"risk desk\"\n\
         [[desk]]\nname = \"risk desk\"\nowner = \"payments lead\"\ntakes = \"10m\"\n\
         [[sla]]\nname = \"promise\"\nclock = {{ {clock} }}\nwithin = \"4h\"\ntarget = \"98%\"\n{more}\n"
    )
}

fn definition(marks: &str, clock: &str, more: &str) -> String {
    lowered(&promised(marks, clock, more)).slas[0].definition.clone()
}

#[test]
fn a_clock_stops_at_the_station_that_marks_the_milestone_whatever_its_lanes() {
    let packed = lowered(&promised("marks = [\"label\", \"packed\"]", "stops = \"packed\"", ""));
    let sla = &packed.slas[0];
    assert_eq!(sla.stops, ClockStop::Served(vec![StationId(1), StationId(2)]));
    assert_eq!(
        sla.definition,
        "98% of the orders that fall due on each day must be packed at \"pack\" in time (within 4 h); the clock starts \
         when an order is paid; judged over all runs together; days with fewer than 20 orders are shown, not judged"
    );
    let served = lowered(&promised("", "stops = { served = \"pack\" }", ""));
    assert_eq!(served.slas[0].stops, sla.stops);
    assert!(
        definition("marks = [\"label\"]", "stops = \"label\"", "").contains("must be labelled at \"pack\" in time")
    );
    assert!(definition("marks = [\"manifest\"]", "stops = \"manifest\"", "").contains("on the manifest at \"pack\""));
}

#[test]
fn a_scan_and_a_status_come_some_time_after_what_they_tell_of() {
    let scanned =
        lowered(&promised("", "stops = \"carrier scan\", delay = { typical = \"2h\", one_in_ten_over = \"6h\" }", ""));
    assert_eq!(scanned.slas[0].stops, ClockStop::Dispatched);
    assert!(scanned.slas[0].delay.is_some());
    assert!(
        scanned.slas[0]
            .definition
            .contains("must be scanned by the carrier (typically 2 h, one in ten over 6 h later) in time"),
        "{}",
        scanned.slas[0].definition
    );
    let pushed = definition("", "stops = \"marked fulfilled\", delay = \"15m\"", "");
    assert!(pushed.contains("must be marked fulfilled (15 min later) in time"), "{pushed}");
    let marked = definition("marks = [\"marked fulfilled\"]", "stops = \"marked fulfilled\"", "");
    assert!(marked.contains("must be marked fulfilled at \"pack\" in time"), "{marked}");
    let drawn = definition("marks = [\"packed\"]", "stops = \"packed\", delay = { exponential = \"30m\" }", "");
    assert!(drawn.contains("must be packed at \"pack\" (on average 30 min later) in time"), "{drawn}");
}

#[test]
fn an_order_is_one_parcel() {
    let scenario = lowered(&promised("", "stops = \"dispatched\"", "unit = \"parcel\""));
    let sla = &scenario.slas[0];
    assert_eq!(sla.unit, CountedUnit::Parcel);
    assert!(sla.definition.contains("of the parcels (one an order) that"), "{}", sla.definition);
}

#[test]
fn what_is_counted_stands_in_the_definition() {
    let text = promised(
        "",
        "stops = \"dispatched\"",
        "unit = \"line\"\ncounted_on = \"order day\"\nwindow = \"rolling 7d\"\nsuspended_above = \"120%\"\n\
         excludes = { sources = [\"wholesale\"], struck_by = [\"fraud review\"] }",
    );
    let scenario = lowered(&text);
    let sla = &scenario.slas[0];
    assert_eq!((sla.unit, sla.counted_on), (CountedUnit::Line, CountedOn::Order));
    assert_eq!((sla.window.stretches(), sla.window.count()), (7, 1), "one whole week is judged");
    assert!(sla.counts(SourceId(0)) && !sla.counts(SourceId(1)) && sla.covers(SourceId(1)));
    assert_eq!(
        sla.definition,
        "98% of the order lines that are placed in the seven days up to the end of each day must be dispatched in time \
         (within 4 h); the clock starts when an order is paid; judged over all runs together; orders of wholesale and \
         orders struck by \"fraud review\" do not count; stretches with fewer than 20 lines are shown, not judged; \
         stretches in which more than 120% of the forecast orders come in are shown, not judged (forecast: the plan \
         with its campaigns, without uplift and busyness)"
    );
    let forecast = &sla.suspension.as_ref().unwrap().forecast;
    // Monday of the web shop, which alone counts: 1.10 of 560.
    assert!((forecast[0] - 616.0).abs() < 1e-6, "{forecast:?}");
    assert!((forecast.iter().sum::<f64>() - 7.0 * 560.0).abs() < 1e-6, "{forecast:?}");
    let shipped = definition("", "stops = \"dispatched\"", "counted_on = \"ship day\"");
    assert!(shipped.contains("that stop their clock on each day"), "{shipped}");
    assert!(shipped.contains("; orders that are still open do not count;"), "{shipped}");
}

#[test]
fn what_cannot_be_counted_is_refused_with_a_way_out() {
    for (marks, clock, more, expected) in [
        ("", "stops = \"packed\"", "", "no station marks orders as \"packed\""),
        ("", "stops = \"packed\"", "", "did you mean `pack`?"),
        ("marks = [\"packd\"]", "stops = \"packed\"", "", "did you mean `packed`?"),
        ("", "stops = \"marked fulfilled\"", "", "delay = \"15m\""),
        ("", "stops = \"carrier scan\"", "", "does not say how long"),
        ("", "stops = { served = \"done\" }", "", "\"done\" is not a station"),
        ("", "stops = \"delivered\"", "", "\"delivered\" is not in this version"),
        ("", "stops = \"dispatched\"", "window = \"rolling 30d\"", "but only 7 days are judged"),
        ("", "stops = \"dispatched\"", "excludes = {}", "`excludes` names nothing"),
        ("", "stops = \"dispatched\"", "excludes = { struck_by = [\"fraud reviw\"] }", "did you mean `fraud review`?"),
        (
            "",
            "stops = \"dispatched\"",
            "sources = [\"web shop\"]\nexcludes = { sources = [\"wholesale\"] }",
            "need not be excluded",
        ),
    ] {
        let found = refusal(&promised(marks, clock, more));
        assert!(found.contains(expected), "{clock} {more}:\n{found}");
    }
}
