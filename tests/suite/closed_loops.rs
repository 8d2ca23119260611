//! Support and desks are loops, not counters: what is short there comes back.

use crate::trace::{load, run};
use peaksim::observation::ReplicationRecord;

/// A shop with three pickers, a support of `agents` with a patience of half an hour, and a desk with `hours`.
fn shop(agents: u32, hours: &str) -> ReplicationRecord {
    shop_with(3, agents, hours)
}

fn shop_with(pickers: u32, agents: u32, hours: &str) -> ReplicationRecord {
    let text = format!(
        "format = 1\ntimezone = \"Europe/London\"\n\
         [horizon]\nlead_in = \"2d\"\njudge = {{ first = 2026-11-23, last = 2026-11-27 }}\nafter = \"20d\"\n\
         [[source]]\nname = \"web\"\norders_per_day = 400\nnext = \"pick\"\n\
         [[station]]\nname = \"pick\"\nservers = {pickers}\ntakes = \"9m\"\nnext = \"done\"\n\
         [[exceptions.class]]\nname = \"short pick\"\nat = \"pick\"\nchance = \"5%\"\nowner = \"stock desk\"\nthen = \"pick\"\n\
         [[desk]]\nname = \"stock desk\"\nowner = \"stock lead\"\npeople = 2\ntakes = {{ exponential = \"20m\" }}\n{hours}\n\
         [[station]]\nname = \"support\"\nlayer = \"support\"\nservers = {agents}\ntakes = \"8m\"\nnext = \"done\"\n\
         patience = {{ lasts = {{ exponential = \"30m\" }}, then = \"cancel\" }}\n\
         [[contact]]\nname = \"question\"\ncause = {{ share = \"30%\", after = {{ exponential = \"3h\" }} }}\nto = \"support\"\n\
         takes = {{ exponential = \"12m\" }}\nsettled = \"70%\"\nwrites_again_after = {{ exponential = \"4h\" }}\n\
         [[contact]]\nname = \"where is my order\"\ncause = {{ late = \"a day\", per_day = 0.5 }}\nto = \"support\"\n\
         takes = {{ exponential = \"6m\" }}\n\
         [[sla]]\nname = \"a day\"\nwithin = \"8h\"\ntarget = \"95%\"\n"
    );
    let (record, _) = run(&load(&text));
    record
}

#[test]
fn one_agent_fewer_raises_chasers() {
    let (two, one) = (shop(2, ""), shop(1, ""));
    assert!(two.contacts.made > 100, "the loop has something to do: {}", two.contacts.made);
    assert!(one.contacts.chasers > two.contacts.chasers, "{} against {}", one.contacts.chasers, two.contacts.chasers);
    assert_eq!(one.orders.arrived, two.orders.arrived, "the orders themselves are the same");
}

#[test]
fn a_desk_off_shift_slows_its_exceptions() {
    let always = shop(2, "");
    let office = shop(2, "works = [{ days = \"mon-fri\", from = \"09:00\", to = \"17:00\" }]");
    let mean = |record: &ReplicationRecord| {
        let resolution = &record.diversions[0].resolution;
        assert!(resolution.count > 20);
        resolution.sum / resolution.count as f64
    };
    assert!(mean(&office) > 2.0 * mean(&always), "{} s against {} s", mean(&office), mean(&always));
}

#[test]
fn late_orders_write_and_orders_in_time_do_not() {
    let in_time = shop(2, "");
    assert_eq!(in_time.slas[0].windows.iter().map(|window| window.late).sum::<u64>(), 0);
    assert_eq!(in_time.contacts.by_kind[1], 0, "nobody asks for an order that is in time");
    let record = shop_with(2, 2, "");
    let late: u64 = record.slas[0].windows.iter().map(|window| window.late).sum();
    let about_lateness = record.contacts.by_kind[1];
    assert!(
        late > 0 && about_lateness > 0 && about_lateness <= late * 6,
        "{about_lateness} messages, {late} late orders"
    );
}

#[test]
fn an_order_fails_in_the_sync_once_however_many_stations_of_the_layer_it_passes() {
    let text = "format = 1\n[horizon]\nmode = \"span\"\nlength = \"200h\"\nthen = \"drain\"\n\
         [[source]]\nname = \"web\"\nrate = \"20/h\"\nnext = \"sync\"\n\
         [[station]]\nname = \"sync\"\nlayer = \"integration\"\nservers = 2\ntakes = \"10s\"\nnext = \"done\"\n\
         retry = { chance = \"50%\", attempts = 2, backoff = \"10s\", then = \"unnoticed\" }\n\
         [[station]]\nname = \"unnoticed\"\nlayer = \"integration\"\nservers = \"unlimited\"\ntakes = \"6h\"\nnext = \"done\"\n\
         [[exceptions.class]]\nname = \"rejection\"\nat = \"unnoticed\"\nchance = \"100%\"\nowner = \"desk\"\nthen = \"goes on\"\n\
         [[desk]]\nname = \"desk\"\nowner = \"somebody\"\npeople = 9\ntakes = \"5m\"\n\
         [[measure]]\nname = \"success\"\npath = \"scorecard.order_sync_success_rate\"\n";
    let (record, _) = run(&load(text));
    let (struck, arrived) = (record.diversions[0].count, record.orders.arrived);
    assert!(struck > 500, "a quarter of the orders fails twice: {struck}");
    let measured = record.measures[0].numerator / record.measures[0].denominator;
    assert!((measured - (1.0 - struck as f64 / arrived as f64)).abs() < 1e-12, "{measured}");
}

#[test]
fn customers_who_hear_nothing_write_from_then_on_until_their_order_is_dispatched() {
    // Ten orders on the stroke of the day; two are dispatched an hour later, the others lie until the 30th hour.
    let silent = |per_day: f64| {
        let text = format!(
            "format = 1\n[horizon]\nmode = \"span\"\nlength = \"48h\"\nthen = \"drain\"\n\
             [[source]]\nname = \"web\"\narrivals = [\"0h\", \"0h\", \"0h\", \"0h\", \"0h\", \"0h\", \"0h\", \"0h\", \"0h\", \"0h\"]\nnext = \"pack\"\n\
             [[station]]\nname = \"pack\"\nstaffing = [{{ at = \"0h\", servers = 2 }}, {{ at = \"1h\", servers = 0 }}, {{ at = \"30h\", servers = 8 }}]\n\
             takes = \"1h\"\nnext = \"done\"\n\
             [[station]]\nname = \"support\"\nlayer = \"support\"\nservers = 1\ntakes = \"1m\"\nnext = \"done\"\n\
             [[contact]]\nname = \"where is it\"\ncause = {{ silent_for = \"6h\", per_day = {per_day} }}\nto = \"support\"\ntakes = \"1m\"\n"
        );
        let model = load(&text);
        let (record, rows) = run(&model);
        let support = model.stations.iter().position(|station| station.name == "support").unwrap();
        let came: Vec<f64> = rows
            .iter()
            .filter(|row| usize::from(row.station) == support)
            .map(|row| row.arrived.seconds() / 3600.0)
            .collect();
        assert_eq!(record.contacts.made, came.len() as u64);
        came
    };
    // So impatient that all who may write do so within minutes of the sixth hour.
    let impatient = silent(2_000.0);
    assert_eq!(impatient.len(), 8, "{impatient:?}");
    assert!(impatient.iter().all(|at| (6.0..6.2).contains(at)), "{impatient:?}");
    // Within the one day until they are dispatched, about 63 in a hundred write; the same customers, and no others.
    let patient = silent(1.0);
    assert!(patient.len() < 8 && patient.iter().all(|at| (6.0..31.0).contains(at)), "{patient:?}");
}
