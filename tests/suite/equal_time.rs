//! One test for each rule of order at equal time.

use crate::trace::{orders, station, trace};

fn traced(minutes: &[f64], times: &[f64], more: &str) -> Vec<String> {
    trace(&format!("{}{}", orders(minutes), station(times, more)))
}

#[test]
fn a_change_of_staff_comes_before_the_end_of_a_service() {
    // At 2 the only server goes home before its service ends there: under "return" the work is interrupted with
    // nothing left, and ends when somebody is back.
    let more = "staffing = [{ at = \"0m\", servers = 1 }, { at = \"2m\", servers = 0 }, { at = \"5m\", servers = 1 }]\nstep_down = \"return\"";
    assert_eq!(traced(&[0.0], &[2.0], more), ["1 s 0-5"]);
}

#[test]
fn a_server_that_frees_is_found_free_by_the_arrival_of_the_same_instant() {
    assert_eq!(traced(&[0.0, 2.0], &[2.0, 1.0], "servers = 1\ncapacity = 1"), ["1 s 0-2", "2 s 2-3"]);
}

#[test]
fn an_item_that_comes_back_from_a_delay_goes_before_an_arrival() {
    let more = "servers = 1\nretry = { chance = \"100%\", attempts = 2, backoff = [\"1m\"], then = \"cancel\" }";
    // Order 1 is back at 3, when order 2 arrives.
    assert_eq!(traced(&[0.0, 3.0], &[2.0, 2.0], more)[..2], ["1 s failed 2", "1 s failed 5"]);
}

#[test]
fn an_arrival_of_the_same_instant_goes_with_the_release() {
    assert_eq!(traced(&[5.0], &[1.0], "servers = 1\nrelease = { at = [\"5m\", \"9m\"] }"), ["1 s 5-6"]);
}

#[test]
fn who_can_be_served_when_patience_ends_is_served() {
    assert_eq!(traced(&[0.0, 1.0], &[3.0, 1.0], "servers = 1\npatience = \"2m\""), ["1 s 0-3", "2 s 3-4"]);
}

#[test]
fn a_batch_takes_the_arrival_of_the_instant_at_which_it_has_waited_long_enough() {
    let more = "servers = 1\nbatch = { min = 3, max = 3, after = \"5m\" }";
    assert_eq!(traced(&[0.0, 5.0], &[2.0], more), ["1 s 5-7", "2 s 5-7"]);
}

#[test]
fn orders_that_finish_together_go_on_in_the_order_in_which_they_began() {
    let tables = format!(
        "{}[[station]]\nname = \"s\"\nservers = 3\ntakes = \"2m\"\nnext = \"pack\"\n\
         [[station]]\nname = \"pack\"\nservers = 1\ntakes = \"1m\"\nnext = \"done\"\n",
        orders(&[0.0, 0.0, 0.0, 0.0])
    );
    let packs: Vec<String> = trace(&tables).into_iter().filter(|line| line.contains("pack")).collect();
    assert_eq!(packs, ["1 pack 2-3", "2 pack 3-4", "3 pack 4-5", "4 pack 5-6"]);
}

#[test]
fn a_level_read_at_the_instant_of_a_change_is_the_one_before_it() {
    let tables = format!(
        "{}{}[[measure]]\nname = \"busy\"\npath = \"station.s.busy.at(2m)\"\n",
        orders(&[0.0]),
        station(&[2.0], "servers = 1")
    );
    let (record, _) = crate::trace::run(&crate::trace::model(&tables));
    assert!((record.measures[0].numerator - 1.0).abs() < 1e-12);
}
