//! Every release rule, discipline, policy and limit, worked out on paper. Times are minutes.

use crate::trace::{orders, orders_of_class, station, trace};

fn traced(source: &str, station: &str) -> Vec<String> {
    trace(&format!("{source}{station}"))
}

#[test]
fn first_in_first_out_with_one_server() {
    let got = traced(&orders(&[0.0, 1.0, 1.5, 9.0]), &station(&[2.0, 0.5, 3.0, 1.0], "servers = 1"));
    assert_eq!(got, ["1 s 0-2", "2 s 2-2.5", "3 s 2.5-5.5", "4 s 9-10"]);
}

#[test]
fn with_two_servers_a_later_order_may_leave_first() {
    let got = traced(&orders(&[0.0, 0.5, 0.5, 1.0]), &station(&[4.0, 1.0, 2.5, 1.0], "servers = 2"));
    assert_eq!(got, ["1 s 0-4", "2 s 0.5-1.5", "3 s 1.5-4", "4 s 4-5"]);
}

#[test]
fn a_poll_takes_what_is_there_and_no_more_than_it_may() {
    let more = "servers = 9\nrelease = { poll = \"10m\", at_most = 2 }";
    let got = traced(&orders(&[0.0, 1.0, 2.0, 10.0]), &station(&[1.0], more));
    assert_eq!(got, ["1 s 10-11", "2 s 10-11", "3 s 20-21", "4 s 20-21"]);
}

#[test]
fn a_wave_leaves_at_its_times() {
    let more = "servers = 9\nrelease = { at = [\"5m\", \"30m\"] }";
    let got = traced(&orders(&[0.0, 5.0, 6.0]), &station(&[1.0], more));
    assert_eq!(got, ["1 s 5-6", "2 s 5-6", "3 s 30-31"]);
}

#[test]
fn a_wave_by_count_opens_when_full_or_when_the_first_has_waited_long_enough() {
    let more = "servers = 9\nrelease = { count = 3, after = \"10m\" }";
    let got = traced(&orders(&[0.0, 1.0, 2.0, 20.0, 21.0]), &station(&[1.0], more));
    assert_eq!(got, ["1 s 2-3", "2 s 2-3", "3 s 2-3", "4 s 30-31", "5 s 30-31"]);
}

#[test]
fn a_gathering_that_filled_up_does_not_open_the_next_one_early() {
    let more = "servers = 9\nrelease = { count = 2, after = \"10m\" }";
    let got = traced(&orders(&[0.0, 1.0, 5.0]), &station(&[1.0], more));
    assert_eq!(got, ["1 s 1-2", "2 s 1-2", "3 s 15-16"]);
}

#[test]
fn a_collection_takes_its_cages_and_leaves_the_rest_for_the_next() {
    let tables = format!(
        "{}{}",
        orders(&[0.0, 1.0, 2.0]).replace("next = \"s\"", "next = \"collection\""),
        "[[collection]]\ncarrier = \"mail\"\nserves = \"100%\"\nat = [\"10m\", \"20m\"]\ncages = 1\nparcels_per_cage = 2\n"
    );
    assert_eq!(trace(&tables), ["1 mail 10-10", "2 mail 10-10", "3 mail 20-20"]);
}

#[test]
fn an_order_not_ready_in_time_misses_the_collection() {
    let tables = format!(
        "{}{}",
        orders(&[4.0, 5.0, 6.0]).replace("next = \"s\"", "next = \"collection\""),
        "[[collection]]\ncarrier = \"mail\"\nserves = \"100%\"\nat = [\"10m\", \"20m\"]\nready_before = \"5m\"\n"
    );
    assert_eq!(trace(&tables), ["1 mail 10-10", "2 mail 10-10", "3 mail 20-20"]);
}

#[test]
fn a_lower_class_waits_but_is_not_interrupted() {
    let source = orders_of_class(&[(0.0, 2), (1.0, 2), (1.5, 1), (2.0, 2), (2.5, 1), (9.0, 2)]);
    let got = traced(&source, &station(&[3.0, 1.0, 1.0, 1.0, 1.0, 1.0], "servers = 1\ndiscipline = \"priority\""));
    assert_eq!(got, ["1 s 0-3", "2 s 5-6", "3 s 3-4", "4 s 6-7", "5 s 4-5", "6 s 9-10"]);
}

#[test]
fn a_higher_class_interrupts_and_the_work_is_resumed_where_it_stopped() {
    let source = orders_of_class(&[(0.0, 2), (1.0, 1), (1.5, 2)]);
    let got = traced(&source, &station(&[3.0, 2.0, 1.0], "servers = 1\ndiscipline = \"preemptive priority\""));
    // Order 1 works 0-1 and 3-5; its class comes before order 3, which came later.
    assert_eq!(got, ["1 s 0-5", "2 s 1-3", "3 s 5-6"]);
}

#[test]
fn an_equal_class_never_interrupts() {
    let source = orders_of_class(&[(0.0, 1), (1.0, 1)]);
    let got = traced(&source, &station(&[3.0, 2.0], "servers = 1\ndiscipline = \"preemptive priority\""));
    assert_eq!(got, ["1 s 0-3", "2 s 3-5"]);
}

#[test]
fn people_who_finish_keep_their_work_to_its_end() {
    let more = "staffing = [{ at = \"0m\", servers = 2 }, { at = \"5m\", servers = 1 }]\nstep_down = \"finish\"";
    let got = traced(&orders(&[0.0, 0.0, 1.0, 1.0]), &station(&[4.0, 8.0, 2.0, 3.0], more));
    // At 5 order 3 (4-6) and order 2 (0-8) are in hand; one of the two goes at 6, so order 4 waits for 8.
    assert_eq!(got, ["1 s 0-4", "2 s 0-8", "3 s 4-6", "4 s 8-11"]);
}

#[test]
fn work_of_people_who_leave_at_once_returns_to_the_head_of_the_line() {
    let more = "staffing = [{ at = \"0m\", servers = 2 }, { at = \"5m\", servers = 1 }]\nstep_down = \"return\"";
    let got = traced(&orders(&[0.0, 0.0, 1.0, 1.0]), &station(&[4.0, 8.0, 2.0, 3.0], more));
    // At 5 the work begun last (order 3, 4-6) stops with one minute left and is resumed at 8, before order 4.
    assert_eq!(got, ["1 s 0-4", "2 s 0-8", "3 s 4-9", "4 s 9-12"]);
}

#[test]
fn a_crew_change_starts_a_whole_new_crew_while_the_old_one_finishes() {
    let more = "staffing = [{ at = \"0m\", servers = 2 }, { at = \"5m\", servers = 1 }]\nstep_down = \"crew change\"";
    let got = traced(&orders(&[0.0, 0.0, 1.0, 1.0]), &station(&[4.0, 8.0, 2.0, 3.0], more));
    // The fresh server takes order 4 at 5, while orders 2 and 3 are finished by those who go.
    assert_eq!(got, ["1 s 0-4", "2 s 0-8", "3 s 4-6", "4 s 5-8"]);
}

#[test]
fn idle_people_go_before_busy_ones() {
    let more = "staffing = [{ at = \"0m\", servers = 2 }, { at = \"5m\", servers = 1 }]\nstep_down = \"return\"";
    let got = traced(&orders(&[0.0, 6.0]), &station(&[8.0, 1.0], more));
    assert_eq!(got, ["1 s 0-8", "2 s 8-9"]);
}

#[test]
fn an_outage_pauses_the_work_in_hand() {
    let more = "servers = 1\noutages = [{ from = \"3m\", to = \"5m\" }, { from = \"8.5m\", to = \"10m\" }]";
    let got = traced(&orders(&[0.0, 1.0, 2.0, 6.0, 6.5]), &station(&[2.0, 2.0, 2.0, 1.0, 3.0], more));
    assert_eq!(got, ["1 s 0-2", "2 s 2-6", "3 s 6-8", "4 s 8-10.5", "5 s 10.5-13.5"]);
}

#[test]
fn an_outage_may_let_the_work_in_hand_be_finished() {
    let more = "servers = 1\noutage_policy = \"finish\"\noutages = [{ from = \"3m\", to = \"6m\" }]";
    let got = traced(&orders(&[0.0, 1.0, 2.0]), &station(&[2.0, 2.0, 2.0], more));
    assert_eq!(got, ["1 s 0-2", "2 s 2-4", "3 s 6-8"]);
}

#[test]
fn a_token_bucket_lets_a_burst_through_and_then_its_rate() {
    let more = "servers = \"unlimited\"\nrate_limit = { refill = \"1/min\", burst = 3 }";
    let got = traced(&orders(&[0.0, 0.0, 0.0, 0.0, 0.5, 6.0, 6.5, 7.0]), &station(&[0.0], more));
    let starts: Vec<&str> = got.iter().map(|line| line.rsplit('-').next().unwrap()).collect();
    assert_eq!(starts, ["0", "0", "0", "1", "2", "6", "6.5", "7"]);
}

#[test]
fn an_empty_bucket_may_turn_away() {
    let more = "servers = \"unlimited\"\nrate_limit = { refill = \"1/min\", burst = 1, when_empty = \"turn away\" }";
    let got = traced(&orders(&[0.0, 0.5, 1.0]), &station(&[0.0], more));
    assert_eq!(got, ["1 s 0-0", "2 s turned away 0.5", "3 s 1-1"]);
}

#[test]
fn an_attempt_that_always_fails_is_repeated_with_growing_delays_and_then_given_up() {
    let more = "servers = 1\nretry = { chance = \"100%\", attempts = 3, backoff = \"1m\", then = \"cancel\" }";
    let got = traced(&orders(&[0.0]), &station(&[2.0], more));
    assert_eq!(got, ["1 s failed 2", "1 s failed 5", "1 s failed 9"]);
}

#[test]
fn a_full_station_turns_away() {
    let got = traced(&orders(&[0.0, 1.0, 2.0, 4.0]), &station(&[4.0], "servers = 1\ncapacity = 2"));
    assert_eq!(got, ["1 s 0-4", "2 s 4-8", "3 s turned away 2", "4 s 8-12"]);
}

#[test]
fn patience_ends_a_wait_but_not_a_service() {
    let got = traced(&orders(&[0.0, 1.0, 2.0]), &station(&[4.0], "servers = 1\npatience = \"2.5m\""));
    // Order 2 gives up at 3.5; order 3 would at 4.5 but is served from 4.
    assert_eq!(got, ["1 s 0-4", "2 s abandoned 3.5", "3 s 4-8"]);
}

#[test]
fn a_batch_waits_for_its_smallest_size_and_takes_its_largest() {
    let got = traced(&orders(&[0.0, 1.0, 1.5, 1.8]), &station(&[4.0], "servers = 1\nbatch = { min = 2, max = 2 }"));
    assert_eq!(got, ["1 s 1-5", "2 s 1-5", "3 s 5-9", "4 s 5-9"]);
}

#[test]
fn a_batch_that_has_waited_long_enough_starts_with_those_it_has() {
    let more = "servers = 1\nbatch = { min = 3, max = 3, after = \"5m\" }";
    let got = traced(&orders(&[0.0, 1.0, 10.0]), &station(&[2.0], more));
    assert_eq!(got, ["1 s 5-7", "2 s 5-7", "3 s 15-17"]);
}

#[test]
fn a_cart_takes_the_work_of_all_its_orders() {
    let tables = format!(
        "{}[[station]]\nname = \"s\"\nservers = 1\ntakes = \"2m\"\nnext = \"done\"\ncart = {{ orders = 3, starts_when = \"full or 10m\" }}\n",
        orders(&[0.0, 1.0, 2.0, 3.0])
    );
    assert_eq!(trace(&tables), ["1 s 2-8", "2 s 2-8", "3 s 2-8", "4 s 13-15"]);
}

#[test]
fn lines_are_worked_apart_and_the_order_goes_on_with_the_last() {
    let tables = format!(
        "{}lines = 3\n[[station]]\nname = \"s\"\nunit = \"line\"\nservers = 2\ntakes = \"2m\"\nnext = \"pack\"\n\
         [[station]]\nname = \"pack\"\nservers = 1\ntakes = \"1m\"\nnext = \"done\"\n",
        orders(&[0.0]).replace(
            "arrivals = [\"0s\"]",
            "rate_steps = [{ at = \"0s\", rate = \"60/h\" }, { at = \"1m\", rate = \"0/h\" }]\nprocess = \"even\""
        )
    );
    assert_eq!(trace(&tables), ["1.1 s 0.5-2.5", "1.2 s 0.5-2.5", "1.3 s 2.5-4.5", "1 pack 4.5-5.5"]);
}

#[test]
fn a_freed_person_takes_up_the_first_station_in_the_order_of_work() {
    let tables = format!(
        "{}[[pool]]\nname = \"floor\"\nheads = 1\norder_of_work = [\"pack\", \"s\"]\n\
         [[station]]\nname = \"s\"\npool = \"floor\"\ntakes = \"2m\"\nnext = \"pack\"\n\
         [[station]]\nname = \"pack\"\npool = \"floor\"\ntakes = \"3m\"\nnext = \"done\"\n",
        orders(&[0.0, 0.0])
    );
    assert_eq!(trace(&tables), ["1 s 0-2", "1 pack 2-5", "2 s 5-7", "2 pack 7-10"]);
}

#[test]
fn without_a_bench_a_free_person_does_not_help() {
    let tables = format!(
        "{}[[pool]]\nname = \"floor\"\nheads = 5\n[[station]]\nname = \"s\"\npool = \"floor\"\ntakes = \"2m\"\nnext = \"done\"\n\
         equipment = {{ benches = 1 }}\n",
        orders(&[0.0, 0.0, 0.0])
    );
    assert_eq!(trace(&tables), ["1 s 0-2", "2 s 2-4", "3 s 4-6"]);
}
