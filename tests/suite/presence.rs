//! Hours of presence worked out on paper: who stays to finish is present, and equipment is counted while somebody is
//! there to use it.

#![expect(clippy::float_cmp, reason = "whole minutes, rounded to what ticks can tell, are exact")]

use crate::trace::{load, model, orders, run, station};
use peaksim::observation::{PoolRecord, ReplicationRecord};

fn minutes(hours: f64) -> f64 {
    (hours * 60.0 * 1e6).round() / 1e6
}

/// On shift and beyond it, at work, and beyond it [min].
fn hours(pool: &PoolRecord) -> [f64; 3] {
    [pool.present_hours, pool.busy_hours, pool.stayed_hours].map(minutes)
}

fn first_pool(times: &[f64], work: &[f64], more: &str) -> PoolRecord {
    let (record, _) = run(&model(&format!("{}{}", orders(times), station(work, more))));
    record.pools[0].clone()
}

#[test]
fn who_finishes_after_the_bell_is_present_until_then() {
    let more = "staffing = [{ at = \"0m\", servers = 1 }, { at = \"5m\", servers = 0 }]\nstep_down = \"finish\"";
    // On shift for 5 min, 3 min more for the work in hand.
    assert_eq!(hours(&first_pool(&[0.0], &[8.0], more)), [8.0, 8.0, 3.0]);
    // Nothing in hand at the bell: nobody stays.
    assert_eq!(hours(&first_pool(&[0.0], &[4.0], more)), [5.0, 4.0, 0.0]);
}

#[test]
fn of_two_who_are_busy_at_the_bell_the_one_too_many_stays_until_one_is_done() {
    let more = "staffing = [{ at = \"0m\", servers = 2 }, { at = \"5m\", servers = 1 }, { at = \"20m\", servers = 0 }]\n\
                step_down = \"finish\"";
    // Two until 5, one until 20; at 5 both are busy, at 6 one of them is done.
    assert_eq!(hours(&first_pool(&[0.0, 0.0], &[6.0, 9.0], more)), [26.0, 15.0, 1.0]);
}

#[test]
fn an_old_crew_is_present_beside_the_new_one() {
    let more = "staffing = [{ at = \"0m\", servers = 2 }, { at = \"5m\", servers = 1 }, { at = \"10m\", servers = 0 }]\n\
                step_down = \"crew change\"";
    // 0-4, 0-8, 4-6, and the new crew 5-8: old hands stay 5-8 and 5-6.
    let pool = first_pool(&[0.0, 0.0, 1.0, 1.0], &[4.0, 8.0, 2.0, 3.0], more);
    assert_eq!(hours(&pool), [19.0, 17.0, 4.0]);
}

#[test]
fn equipment_counts_while_somebody_is_there_and_waits_for_it_are_told_apart() {
    let more = "staffing = [{ at = \"0m\", servers = 2 }, { at = \"10m\", servers = 1 }, { at = \"12m\", servers = 0 }]\n\
                step_down = \"finish\"\nequipment = { benches = 1 }";
    let (record, _) =
        run(&model(&format!("{}{}", orders(&[0.0, 0.0, 1.0, 2.0]), station(&[4.0, 4.0, 4.0, 4.0], more))));
    // 0-4, 4-8, 8-12 at the one bench, the last 12-16 only if somebody came: nobody does.
    let here = &record.stations[0];
    let equipment = here.equipment.unwrap();
    assert_eq!([here.busy_seconds, equipment.there_seconds], [12.0 * 60.0, 12.0 * 60.0]);
    // The second order waits 0-4 for the bench. The third waits 1-8 for it: one person was free all the time.
    assert_eq!(equipment.waited_seconds, (4.0 + 7.0) * 60.0);
    assert_eq!(here.wait.sum, (4.0 + 7.0) * 60.0);
}

/// Two days of a small warehouse with a hold, a collection of one cage, and people from 8 to 16.
fn warehouse(due: &str) -> ReplicationRecord {
    let text = format!(
        "format = 1\ntimezone = \"Europe/London\"\n[horizon]\nlead_in = \"0d\"\njudge = {{ first = 2026-11-23, last = 2026-11-24 }}\nafter = \"3d\"\n\
         [[source]]\nname = \"shop\"\nnext = \"pick\"\narrivals = [2026-11-23T09:00:00, 2026-11-23T09:00:00, 2026-11-23T09:00:00, 2026-11-23T20:00:00, 2026-11-24T14:00:00]\n\
         [[hold]]\nname = \"review\"\nshare = \"100%\"\nowner = \"desk\"\nends = {{ release = \"100%\" }}\n\
         [[desk]]\nname = \"desk\"\nowner = \"lead\"\npeople = 9\ntakes = \"6h\"\n\
         [[pool]]\nname = \"floor\"\nstep_down = \"finish\"\nshifts = [{{ days = \"mon-sun\", from = \"08:00\", to = \"16:00\", heads = 1 }}]\n\
         [[station]]\nname = \"pick\"\npool = \"floor\"\ntakes = \"30m\"\nnext = \"collection\"\n\
         [[collection]]\ncarrier = \"mail\"\nserves = \"100%\"\nat = \"18:00\"\ncages = 1\nparcels_per_cage = 2\n\
         [[sla]]\nname = \"promise\"\n{due}\ntarget = \"90%\"\n"
    );
    run(&load(&text)).0
}

#[test]
fn the_day_table_knows_holds_parcels_and_due_work() {
    // Three orders leave their hold at 15:00 on Monday: picked 15:00-15:30, 15:30-16:00, and 8:00-8:30 on Tuesday. The
    // fourth comes at 20:00 on Monday, leaves its hold at 2:00 and is picked 8:30-9:00. The fifth comes at 14:00 on
    // Tuesday, too late for the shift, and is due on Wednesday.
    let record = warehouse(
        "clock = { starts = \"paid\", stops = \"collected\", cut_off = \"12:00\", calendar = \"mon-sun\", due = \"24:00\" }",
    );
    let holds: Vec<u64> = record.days.iter().map(|day| day.holds_open).collect();
    assert_eq!(holds, [1, 0]);
    let mail = record.stations.iter().find(|station| !station.parcels_ready.is_empty()).unwrap();
    // Two on Monday; on Tuesday the third and the fourth. The run ends on Wednesday: that day has no close.
    assert_eq!(mail.parcels_ready, [2, 2]);
    let floor = record.pools.iter().find(|pool| !pool.due_work_hours.is_empty()).unwrap();
    // Due on Monday: three orders, half an hour each. On Tuesday one of them is left, and the fourth is due.
    assert_eq!(floor.due_work_hours, [1.5, 1.0]);
}
