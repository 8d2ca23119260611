//! Horizons of every mode, and what is refused with which words.

use jiff::civil::date;

use super::{PEAK, SPAN, lowered, refusal};
use crate::model::HorizonKind;
use crate::time::SimTime;

#[test]
fn horizons_of_every_mode() {
    let of = |keys: &str| {
        format!(
            "format = 1\ntimezone = \"Europe/London\"\n[horizon]\n{keys}\n[[source]]\nname = \"x\"\nrate = \"1/h\"\nnext = \"done\"\n"
        )
    };
    let hours = |text: &str| {
        let horizon = lowered(text).time.horizon;
        [horizon.from, horizon.until, horizon.end].map(|at| at.seconds() / 3600.0)
    };
    assert_eq!(
        hours(&of("mode = \"steady\"\nwarm_up = \"5h\"\nmeasured = \"20h\"\nafter = \"3h\"")),
        [5.0, 25.0, 28.0]
    );
    assert_eq!(hours(&of("mode = \"steady\"\nwarm_up = \"0h\"\nmeasured = \"20h\"")), [0.0, 20.0, 220.0]);
    assert_eq!(hours(&of("mode = \"span\"\nlength = \"24h\"\nthen = \"stop\"")), [0.0, 24.0, 24.0]);
    let drain = lowered(&of("mode = \"span\"\nlength = \"24h\"\nthen = \"drain\"\nstarts = 2026-11-27"));
    assert_eq!((drain.time.horizon.end, drain.time.horizon.kind), (SimTime::MAX, HorizonKind::Span { drain: true }));
    assert_eq!(drain.time.calendar.as_ref().unwrap().first_day(), date(2026, 11, 27));
    assert_eq!(drain.time.arrivals_end(), SimTime(86_400_000_000));
    let short = "judge = { first = 2026-11-23, last = 2026-11-23 }\nlead_in = \"1d\"\nafter = \"0h\"";
    assert_eq!(hours(&of(short)), [24.0, 48.0, 48.0]);
    let refusals = [
        refusal(&of("mode = \"steady\"\nlength = \"24h\"")),
        refusal(&of("mode = \"span\"\nlength = \"24h\"")),
        refusal(&of("judge = { first = 2026-11-23, last = 2026-11-22 }")),
        refusal(&of("judge = { first = 2026-11-23, last = 2026-11-29 }\nlead_in = \"36h\"")),
        refusal(&of("judge = { first = 2026-11-23, last = 2026-11-29 }").replace("timezone = \"Europe/London\"\n", "")),
        refusal(&of("mode = \"span\"\nlength = \"24h\"\nthen = \"stop\"").replace("format = 1", "format = 2")),
    ];
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    x.toml:3:1: error[missing-key]: a horizon of mode "steady" needs `measured` (add, for example: measured = "100h")
    x.toml:5:10: error[wrong-mode]: `length` belongs to mode = "span" (this horizon has mode = "steady": remove `length`, or change the mode)
    x.toml:3:1: error[missing-key]: a horizon of mode "span" needs `then` (add, for example: then = "drain" (open orders are worked off) or "stop")
    x.toml:4:38: error[out-of-order]: the judged days end on 2026-11-22 before they begin on 2026-11-23 (exchange `first` and `last`, or correct the year)
    x.toml:5:11: error[out-of-range]: `lead_in` is not a whole number of days (for example: lead_in = "14d")
    x.toml:2:1: error[missing-key]: a horizon with dates needs a time zone (add, above the first header: timezone = "Europe/London")
    x.toml:1:10: error[unknown-format]: this version of peaksim reads format 1, not 2 (write format = 1, or use a newer version of peaksim)
    "#);
}

#[test]
fn what_is_refused_and_how() {
    let peak = |from: &str, to: &str| refusal(&PEAK.replace(from, to));
    let span = |keys: &str| refusal(&format!("{SPAN}{keys}\n"));
    let campaign = |keys: &str| refusal(&format!("{PEAK}[[campaign]]\nname = \"x\"\n{keys}\n"));
    let refusals = [
        peak("orders_per_day = 560", "orders_per_day = nan"),
        peak("orders_per_day = 560", "orders_per_dya = 560"),
        peak("orders_per_day = 560", "orders_per_day = 1e12"),
        peak("orders_per_day = 560", "orders_per_day = 1e7"),
        peak("next = \"pick\"", "next = \"pikc\""),
        peak("next = \"pick\"", "next = [{ to = \"pick\", share = \"60%\" }]"),
        peak("timezone = \"Europe/London\"", "timezone = \"London\""),
        peak("after = \"7d\"", "after = \"200d\""),
        peak("sun = 0.87 }", "sun = \"87%\" }"),
        campaign("days = { 2027-01-03 = 2 }"),
        campaign("from = 2026-11-27T18:00:00\nto = 2026-11-27T18:00:00\nuplift = 2"),
        campaign("sent = 2026-11-27T07:30:00\norders = 10\nresponse = \"email\""),
        campaign(
            "sent = 2026-11-27T07:30:00\norders = 10\ncounted = \"on top\"\nresponse = [{ share = \"60%\", half_life = \"90m\" }]",
        ),
        refusal(&format!(
            "{}[[campaign]]\nname = \"x\"\nfrom = 2027-03-28T01:30:00\nto = 2027-03-28T03:00:00\nuplift = 2\n",
            PEAK.replace("2026-11-23", "2027-03-22").replace("2026-11-29", "2027-03-29")
        )),
        span("rate = 30"),
        span("rate = \"30 lines/h\""),
        span("rate = \"30/h\"\norders_per_day = 4"),
        span("rate = \"30/h\"\nlines = { average = 1.2, single_line = \"55%\" }"),
        span("rate = \"30/h\"\nlines = { shares = { \"1\" = \"40%\", \"2\" = \"50%\" } }"),
        span("rate = \"30/h\"\nbusyness = { day = { values = [1.0, 1.5] } }"),
        span("rate = { mean = \"30/h\", swing = \"40/h\", period = \"24h\" }"),
        span("rate_steps = [{ at = 2026-11-27T07:30:00, rate = \"30/h\" }]"),
        span("rate = \"30/h\"\n[[sla]]\nname = \"x\"\ntarget = \"98%\""),
        span("rate = \"30/h\"\n[[runbook]]\nname = \"x\""),
    ];
    insta::assert_snapshot!(refusals.join("\n"), @r#"
    x.toml:16:18: error[not-finite]: the number NaN is not a number to reckon with (expected a number, for example: orders_per_day = 560)
    x.toml:16:1: error[unknown-key]: unknown key `orders_per_dya` in a source (did you mean `orders_per_day`? keys of a source: `name`, `kind`, `orders_per_day`, `hourly`, `weekday`, `rate`, `rate_steps`, `process`, `between`, `arrivals`, `priorities`, `replay`, `cancelled`, `uplift`, `busyness`, `lines`, `units`, `priority`, `next`, `initial`, `draws_as`; for example: orders_per_day = 560)
    x.toml:16:18: error[too-many-orders]: "web shop" brings up to 85,384,615,385 an hour (at most 60,000,000 an hour can be simulated: is a unit wrong?)
    x.toml:16:18: error[too-many-orders]: one run would create about 280,000,000 orders, above the limit of 200,000,000 (shorten the horizon or lower the orders; if it is meant, raise the limit: [limits] orders = …)
    x.toml:19:8: error[unknown-reference]: there is no station called "pikc" (did you mean `pick`? stations: `pick`; or `done`, `cancel`, `collection`)
    x.toml:19:8: error[shares-not-one]: the ways open to orders of 1 line add up to 60%, not 100% (give each way its `share`; where ways differ by lines, say so on each: lines = "1", lines = "2+")
    x.toml:3:12: error[unknown-zone]: no time zone is named "London": did you mean "Europe/London"? (for example: timezone = "Europe/London")
    x.toml:5:1: error[horizon-too-long]: the run is up to 221 days long, but 203 days can be simulated (shorten the lead-in, the judged days or what comes after them)
    x.toml:17:11: error[mixed-shares]: shares of the week need all seven days in per cent (or write factors on the average day: weekday = { mon-fri = 1.1, sat = 0.8, sun = 0.7 })
    x.toml:22:23: error[outside-horizon]: the campaign "x" is outside the run: 2027-01-03 (the run goes from 2026-11-09 (the lead-in) to 2026-12-06 (what comes after the judged days))
    x.toml:23:6: error[out-of-order]: the window does not end after it begins (exchange `from` and `to`, or write a later `to`)
    x.toml:21:8: error[missing-key]: the campaign "x" needs `counted` (are its orders part of what the days bring anyway? counted = "inside the uplift", or "on top"; there is no default, because the two differ by all its orders)
    x.toml:25:12: error[shares-not-one]: the shares of the answers add up to 60%, not 100% (shares make a whole: let them add up to 100%)
    x.toml:22:8: error[no-such-time]: 01:30 does not exist on Sunday 28 March in Europe/London: clocks go forward from 01:00 to 02:00; the next valid time is 2027-03-28T02:00:00 (write a local date and time that the clocks show during the run, an hour earlier or later where they change)
    x.toml:15:8: error[missing-unit]: expected a rate in quotes and with its unit, found the number 30 (did you mean rate = "30/h"?)
    x.toml:15:8: error[wrong-unit]: a source brings orders, not lines (write orders, for example: rate = "30 orders/h", and say how many lines they have under `lines`)
    x.toml:13:8: error[arrivals-once]: the source "web shop" says it in 2 ways: `orders_per_day`, `rate` (give one of `orders_per_day`, `rate`, `rate_steps`, `between`, `arrivals` and `replay`, for example: orders_per_day = 560)
    x.toml:16:21: error[impossible-average]: an average of 1.2 does not go with single_line = "55%" (the others have at least 2: the average is then at least 1.45)
    x.toml:16:20: error[shares-not-one]: the shares add up to 90%, not 100% (shares make a whole: let them add up to 100%)
    x.toml:16:20: error[mean-not-one]: the factors average to 1.25, not to 1 (busyness must not change the plan: divide all factors by their average, and change `uplift` or `orders_per_day` where more or fewer orders are meant)
    x.toml:15:33: error[out-of-range]: a swing of 40/h around a mean of 30/h goes below zero (the swing is at most the mean: swing = "30/h")
    x.toml:15:22: error[no-calendar]: a date is written, but the run has no dates (give the scenario a `timezone` and the horizon its dates, or write the time since the start: "5h")
    x.toml:17:8: error[due-once]: the SLA "x" does not say when an order is due (give one of: clock = { cut_off = "14:00", calendar = "mon-sat" }, within = "4h", by = 2026-11-27T16:00:00)
    x.toml:16:3: error[not-in-this-version]: `runbook` of a scenario is not in this version of peaksim (remove it: what cannot be simulated is refused, never read and ignored)
    "#);
}
