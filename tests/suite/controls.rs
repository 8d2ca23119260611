//! Every control changes a run from its instant on, and not before.

use crate::trace::{orders, station, trace};

fn changed(minutes: &[f64], times: &[f64], more: &str, at: &str, what: &str, to: &str) -> Vec<String> {
    let change = format!("[[change]]\nat = \"{at}\"\nwhat = '{what}'\nto = {to}\n");
    trace(&format!("{}{}{change}", orders(minutes), station(times, more)))
}

fn pooled(minutes: &[f64], more: &str, at: &str, what: &str, to: &str) -> Vec<String> {
    trace(&format!(
        "{}[[pool]]\nname = \"floor\"\nheads = 1\n[[station]]\nname = \"s\"\npool = \"floor\"\ntakes = \"4m\"\nnext = \"done\"\n{more}\n\
         [[change]]\nat = \"{at}\"\nwhat = '{what}'\nto = {to}\n",
        orders(minutes)
    ))
}

#[test]
fn extra_heads_take_up_what_waits() {
    let got = pooled(&[0.0, 0.0], "", "1m", "pool.floor.extra_heads", "1");
    assert_eq!(got, ["1 s 0-4", "2 s 1-5"]);
}

#[test]
fn more_equipment_lets_what_waits_begin() {
    let got =
        changed(&[0.0, 0.0], &[4.0], "servers = 2\nequipment = { benches = 1 }", "1m", "station.s.equipment", "2");
    assert_eq!(got, ["1 s 0-4", "2 s 1-5"]);
}

#[test]
fn a_faster_station_is_faster_for_what_begins_afterwards() {
    let got = changed(&[0.0, 0.0], &[4.0], "servers = 1", "1m", "station.s.speed", "2");
    assert_eq!(got, ["1 s 0-4", "2 s 4-6"]);
}

#[test]
fn a_station_can_be_put_out_of_order_and_back() {
    let more = "servers = 1";
    let tables = format!(
        "{}{}[[change]]\nat = \"1m\"\nwhat = 'station.s.out_of_order'\nto = true\n[[change]]\nat = \"3m\"\nwhat = 'station.s.out_of_order'\nto = false\n",
        orders(&[0.0]),
        station(&[4.0], more)
    );
    assert_eq!(trace(&tables), ["1 s 0-6"]);
}

#[test]
fn a_changed_rate_limit_keeps_the_tokens_there() {
    let more = "servers = \"unlimited\"\nrate_limit = { refill = \"1/min\", burst = 1 }";
    let got = changed(&[0.0, 0.0, 0.0], &[0.0], more, "1.5m", "station.s.rate_limit", "\"2/min\"");
    // The third would come at 2; half its token is there at 1.5, the other half comes twice as fast.
    assert_eq!(got, ["1 s 0-0", "2 s 1-1", "3 s 1.75-1.75"]);
}

#[test]
fn a_poll_can_be_made_smaller_and_more_frequent() {
    let more = "servers = 9\nrelease = { poll = \"10m\" }";
    let got = changed(&[0.0, 0.0, 11.0], &[1.0], more, "5m", "station.s.release.at_most", "1");
    assert_eq!(got, ["1 s 10-11", "2 s 20-21", "3 s 30-31"]);
    let got = changed(&[0.0, 11.0], &[1.0], more, "10.5m", "station.s.release.every", "\"2m\"");
    assert_eq!(got, ["1 s 10-11", "2 s 12-13"]);
}

#[test]
fn attempts_can_begin_to_fail() {
    let more = "servers = 1\nretry = { chance = \"0%\", attempts = 2, backoff = [\"1m\"], then = \"cancel\" }";
    let got = changed(&[0.0, 5.0], &[2.0], more, "4m", "station.s.retry.chance", "\"100%\"");
    assert_eq!(got, ["1 s 0-2", "2 s failed 7", "2 s failed 10"]);
}

#[test]
fn a_source_can_be_stopped() {
    let tables = "[[source]]\nname = \"shop\"\nnext = \"s\"\nrate = \"60/h\"\n\
         [[station]]\nname = \"s\"\nservers = \"unlimited\"\ntakes = \"0s\"\nnext = \"done\"\n";
    let change = "[[change]]\nat = \"12h\"\nwhat = 'source.shop.uplift'\nto = 0\n";
    let all = trace(tables);
    let some = trace(&format!("{tables}{change}"));
    assert!(some.len() > 500 && some.len() < all.len() * 6 / 10);
    assert_eq!(some[..], all[..some.len()], "what came before is the same, order by order");
}
