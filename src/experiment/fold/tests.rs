use super::*;
use crate::experiment::fixture::{hours, model, parts, records};
use crate::model::Model;
use crate::time::SimTime;

fn folded(records: &[ReplicationRecord], asked: u64) -> Results {
    let identity = RunIdentity { hash: "feed".to_owned(), seed: 7, asked, confidence: 0.95 };
    Results::fold(&model(), &identity, records)
}

#[test]
fn days_rest_on_the_runs_that_saw_them() {
    let mut records = records(4);
    // One run ends on Friday evening.
    records[3].ended_at = hours(40).0;
    let days = folded(&records, 4).days;
    // The fixture's runs end on Sunday at 8: Sunday is not known.
    assert_eq!(
        days.iter().map(|day| day.date.to_string()).collect::<Vec<_>>(),
        ["2026-11-26", "2026-11-27", "2026-11-28"]
    );
    assert_eq!(days.iter().map(|day| day.intake.samples).collect::<Vec<_>>(), [4, 3, 3]);
    assert_eq!(days[1].overdue_at_close.value, Some(97.0));
    assert_eq!(days.iter().map(|day| day.heads_planned).collect::<Vec<_>>(), [12, 12, 12]);
}

#[test]
fn nothing_is_due_without_a_promise() {
    let mut bare = parts();
    bare.slas.clear();
    let mut records = records(3);
    records.iter_mut().for_each(|record| record.slas.clear());
    let identity = RunIdentity { hash: String::new(), seed: 1, asked: 3, confidence: 0.95 };
    let results = Results::fold(&Model::assemble(bare).unwrap(), &identity, &records);
    assert_eq!((results.days[1].due.value, results.days[1].intake.samples), (None, 3));
    assert!(results.slas.is_empty() && results.lateness_ledger.is_empty());
    assert!(results.scorecard.dispatch_sla_attainment.is_none());
}

#[test]
fn the_ledger_adds_up_and_the_largest_comes_first() {
    let results = folded(&records(6), 6);
    let causes: Vec<_> = results.lateness_ledger.iter().map(|part| (part.blamed.cause, part.layer)).collect();
    assert_eq!(causes, [("no person free", Some("warehouse")), ("rate limit", Some("integration")), ("promise", None)]);
    let shares: f64 = results.lateness_ledger.iter().map(|part| part.share.value.unwrap()).sum();
    assert!((shares - 1.0).abs() < 1e-12);
    assert_eq!(results.slas[0].broken_by.as_ref(), Some(&results.lateness_ledger[0].blamed));
}

#[test]
fn utilisation_is_busy_time_over_the_time_of_those_who_can_work_there() {
    let results = folded(&records(3), 3);
    // Sync: 1,010 visits of 120 s over two servers of 48 h; pick: over 192 × 0.95 hours of the floor.
    assert!((results.stations[0].utilisation.value.unwrap() - 1_010.0 * 120.0 / 345_600.0).abs() < 1e-12);
    assert!((results.stations[1].utilisation.value.unwrap() - 1_010.0 * 120.0 / 3_600.0 / 182.4).abs() < 1e-12);
    // Its four carts, over the 14 hours that somebody is there; 9,000 s of its waits are for one of them.
    let carts = &results.stations[1].equipment[0];
    assert_eq!((carts.name.as_str(), carts.count), ("carts", 4));
    assert!((carts.utilisation.value.unwrap() - 1_010.0 * 120.0 / (4.0 * 14.0 * 3_600.0)).abs() < 1e-12);
    let waited: f64 = records(3).iter().map(|record| record.stations[1].wait.sum).sum();
    assert!((results.stations[1].waited_for_equipment.unwrap().value.unwrap() - 27_000.0 / waited).abs() < 1e-12);
    assert!(results.stations[0].equipment.is_empty() && results.stations[0].waited_for_equipment.is_none());
    assert_eq!(results.pools.iter().map(|pool| pool.name.as_str()).collect::<Vec<_>>(), ["floor"]);
    assert_eq!(results.stations[2].abandoned_share.value, None);
}

#[test]
fn the_timeline_counts_ended_runs_as_lower_and_cut_off_runs_as_higher() {
    let mut records = records(10);
    let timeline = folded(&records, 10).timeline;
    assert_eq!((timeline.at.len(), timeline.at[0], timeline.at[55]), (56, hours(25), hours(80)));
    let pick = &timeline.stations[1].1;
    // Queue of run r at step k: k × r.
    assert_eq!((pick[10].p10, pick[10].median, pick[10].p90), (Some(0), Some(40), Some(80)));
    // At the last step the five odd runs have ended: below the five even ones.
    assert_eq!((pick[55].p10, pick[55].median, pick[55].p90), (None, None, Some(55 * 6)));
    // Three at work; twelve heads from Friday 8 on (the eighth hour), six in the evening, nobody at night.
    assert_eq!((pick[7].utilisation, pick[8].utilisation, pick[16].utilisation), (None, Some(0.25), Some(0.5)));
    records[9].end = RunEnd::EventLimit;
    assert_eq!(folded(&records, 10).timeline.stations[1].1[55].p90, Some(55 * 8));
    records[8].timeline.queue[1].truncate(55);
    records[8].end = RunEnd::EventLimit;
    assert_eq!(folded(&records, 10).timeline.stations[1].1[55].p90, None);
}

#[test]
fn what_is_missing_is_said() {
    let whole = folded(&records(3), 3);
    assert!(!whole.partial);
    assert_eq!(
        whole.warnings,
        [
            "The timeline has one step in 60 minutes, so that there are at most 2000 steps.",
            "'long picks': 3 runs are too few to bound the 95 % quantile of all runs together (station.pick.wait.p95) \
             on both sides; 72 runs would bound it."
        ]
    );
    assert_eq!(whole.events, 30_003);
    let cut = folded(&records(3), 5);
    assert!(cut.partial);
    assert_eq!(cut.warnings[0], "Stopped early: these results rest on the first 3 of 5 replications.");
    let mut limited = records(3);
    limited[1].end = RunEnd::InFlightLimit;
    let limited = folded(&limited, 3);
    assert!(limited.partial && limited.warnings[0].starts_with("Replication 1 reached the limit of items in flight"));
}

#[test]
fn no_record_at_all_gives_results_that_know_nothing() {
    let results = folded(&[], 8);
    assert_eq!((results.replications, results.partial, results.days.len()), (0, true, 0));
    assert_eq!(results.slas[0].attainment.value, None);
    assert_eq!(results.slas[0].first_breach.median, None);
    assert_eq!(results.timeline.at, Vec::<SimTime>::new());
}

#[test]
fn records_of_another_scenario_are_refused() {
    let mut records = records(3);
    assert_eq!(belong_together(&model(), &records), Ok(()));
    records[1].slas[0].windows.pop();
    assert_eq!(
        belong_together(&model(), &records),
        Err("the record of replication 1 is of another scenario".to_owned())
    );
    records[0].version += 1;
    assert!(belong_together(&model(), &records).unwrap_err().contains("replication 0 has version"));
}
