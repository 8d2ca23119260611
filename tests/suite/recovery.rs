//! Recovery, worked out on paper: when it is over, and when nobody can say so. Times are minutes.

use crate::trace::{load, orders, run};
use peaksim::time::TICKS_PER_HOUR;

/// The end of the step of the last miss, as the minute before which it lies, and whether the run ended missing.
///
/// One server takes ten minutes and the promise allows fifteen, so of orders that come together the first is kept and the
/// others are late. Nine in ten are to be kept of the last day, or of at least twenty.
fn told(times: &[f64]) -> (Option<u64>, bool) {
    let tables = format!(
        "format = 1\n[horizon]\nmode = \"span\"\nlength = \"48h\"\nthen = \"drain\"\n{}[[station]]\nname = \"s\"\nservers = 1\ntakes = \"10m\"\nnext = \"done\"\n\
         [[sla]]\nname = \"a quarter\"\nwithin = \"15m\"\ntarget = \"90%\"\n",
        orders(times)
    );
    let (record, _) = run(&load(&tables));
    let minute = TICKS_PER_HOUR / 60;
    assert_eq!(record.timeline.step, 5 * minute);
    (record.slas[0].last_miss.map(|at| at / minute), record.slas[0].still_missing)
}

/// One order an hour over two days, and `more`.
fn hourly(more: &[f64]) -> Vec<f64> {
    let mut times: Vec<f64> = (0..48).map(|hour| f64::from(hour) * 60.0).chain(more.iter().copied()).collect();
    times.sort_by(f64::total_cmp);
    times
}

/// Seven orders at once.
fn heap(at: f64) -> Vec<f64> {
    hourly(&[at; 7])
}

#[test]
fn without_a_miss_there_is_nothing_to_recover_from() {
    assert_eq!(told(&hourly(&[])), (None, false));
}

#[test]
fn one_miss_that_the_target_allows_is_none() {
    assert_eq!(told(&hourly(&[1230.0, 1230.0])), (None, false));
}

#[test]
fn it_has_recovered_when_later_orders_keep_their_promise_and_the_day_is_at_its_target() {
    // Six are late at 625 and the one that comes at 660, behind them, at 675: of fewer than twenty-four until then.
    assert_eq!(told(&heap(610.0)), (Some(675), false));
}

#[test]
fn a_miss_within_the_target_after_it_is_no_relapse() {
    let once = told(&heap(610.0));
    let mut times = heap(610.0);
    times.extend([2410.0, 2410.0]);
    times.sort_by(f64::total_cmp);
    assert_eq!(told(&times), once);
}

#[test]
fn a_run_that_ends_among_misses_has_not_recovered() {
    // Orders come for less than the day that would have to be at its target again.
    assert!(told(&heap(2530.0)).1);
    assert!(told(&heap(2825.0)).1);
}
