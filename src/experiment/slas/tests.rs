use super::*;
use crate::experiment::fixture::{hours, parts, record, records};
use crate::model::ModelParts;

fn folded(change: impl Fn(&mut ModelParts), records: &[ReplicationRecord]) -> SlaResult {
    let mut parts = parts();
    change(&mut parts);
    let model = Model::assemble(parts).unwrap();
    let runs = Runs { records, confidence: 0.95 };
    let of_all = percentiles(&runs, |record| &record.orders.time_to_dispatch);
    fold(&model, &runs, &of_all).remove(0)
}

fn verdict_at(target: f64, records: &[ReplicationRecord]) -> Verdict {
    folded(|parts| parts.slas[0].target = target, records).verdict
}

#[test]
fn attainment_is_pooled_over_runs() {
    // Late 90, 97, 104; due 1,000, 1,010, 1,020 on Friday and 400 on Saturday each.
    let sla = folded(|_| (), &records(3));
    assert_eq!(sla.attainment.value, Some((3_030.0 + 1_200.0 - 291.0) / 4_230.0));
    assert_eq!(sla.windows[0].attainment.value, Some((3_030.0 - 291.0) / 3_030.0));
    assert_eq!((sla.late_orders.value, sla.due_orders.value), (Some(97.0), Some(1_410.0)));
    assert_eq!(sla.oldest_late.value, Some(9_700.0));
    assert_eq!(sla.share_of_runs_breached.value, Some(1.0));
    let blamed = sla.broken_by.unwrap();
    assert_eq!((blamed.station.as_deref(), blamed.cause), (Some("pick"), "no person free"));
}

#[test]
fn the_verdict_is_judged_on_the_interval_of_the_worst_window() {
    let runs = records(10);
    assert_eq!(verdict_at(0.95, &runs), Verdict::Breached);
    assert_eq!(verdict_at(0.85, &runs), Verdict::Kept);
    let friday = folded(|_| (), &runs).windows[0].attainment;
    assert_eq!(verdict_at(friday.value.unwrap(), &runs), Verdict::Inconclusive);
    // The total stands above its target here, Friday does not: the worst window decides.
    assert!(folded(|_| (), &runs).attainment.low.unwrap() > 0.915);
    assert_eq!(verdict_at(0.915, &runs), Verdict::Breached);
}

#[test]
fn an_interval_without_width_needs_six_runs() {
    // Saturday keeps everything in every run.
    assert_eq!(verdict_at(0.85, &records(5)), Verdict::Inconclusive);
    assert_eq!(verdict_at(0.85, &records(6)), Verdict::Kept);
    assert_eq!(verdict_at(0.5, &records(1)), Verdict::Inconclusive);
}

#[test]
fn what_cannot_be_told_has_a_reason() {
    let why =
        |target: f64, records: &[ReplicationRecord]| folded(|parts| parts.slas[0].target = target, records).undecided;
    assert_eq!(why(0.85, &records(6)), None);
    assert_eq!(why(0.85, &records(5)), Some(Undecided::TooAlike { needed: Some(6) }));
    // Where Friday's own interval holds the target as well, more runs alike would not decide it.
    let friday = folded(|_| (), &records(5)).windows[0].attainment.value.unwrap();
    assert_eq!(why(friday, &records(5)), Some(Undecided::Straddles { needed: None }));
    assert_eq!(why(0.5, &records(1)), Some(Undecided::OneRun));
    let few = folded(|parts| parts.slas[0].min_orders = 5_000, &records(10));
    assert_eq!(few.undecided, Some(Undecided::NoSamples));
    let mut limited = records(10);
    limited[4].end = RunEnd::EventLimit;
    assert_eq!(why(0.85, &limited), Some(Undecided::LimitReached));
}

#[test]
fn runs_without_orders_make_no_verdict_sure() {
    let mut runs = records(20);
    // Saturday's orders come in two of twenty runs, and are kept.
    for record in &mut runs[2..] {
        record.slas[0].windows[1] = crate::observation::WindowRecord::default();
    }
    let some = |parts: &mut ModelParts| (parts.slas[0].target, parts.slas[0].min_orders) = (0.85, 1);
    let found = folded(some, &runs);
    assert_eq!(
        (found.verdict, found.undecided),
        (Verdict::Inconclusive, Some(Undecided::TooAlike { needed: Some(60) }))
    );
    assert_eq!((found.windows[1].attainment.value, found.windows[1].attainment.samples), (Some(1.0), 2));
}

#[test]
fn few_runs_that_are_all_alike_are_surely_nothing() {
    let at = |target: f64, count: usize| {
        let mut parts = parts();
        parts.slas[0].target = target;
        let runs = vec![record(0); count];
        standing(&Model::assemble(parts).unwrap(), &Runs { records: &runs, confidence: 0.95 }, 0).unwrap()
    };
    // Friday keeps 910 of 1,000 in each of them.
    for count in 1..=5 {
        let (kept, broken) = (at(0.9, count), at(0.95, count));
        assert!(kept.margin > 0.0 && kept.surely.is_none() && kept.at_best.is_none(), "{count}: {kept:?}");
        assert!(broken.margin < 0.0 && broken.surely.is_none() && broken.at_best.is_none(), "{count}: {broken:?}");
        let on_it = at(0.91, count);
        assert!(on_it.margin >= 0.0 && on_it.surely.is_none(), "{count}: {on_it:?}");
    }
    assert!(at(0.9, 6).surely > Some(0.0) && at(0.95, 6).at_best.is_some_and(|margin| margin < 0.0));
}

#[test]
fn a_run_that_reached_a_limit_forbids_kept_but_not_breached() {
    let mut runs = records(10);
    runs[4].end = RunEnd::EventLimit;
    assert_eq!(verdict_at(0.85, &runs), Verdict::Inconclusive);
    assert_eq!(verdict_at(0.95, &runs), Verdict::Breached);
}

#[test]
fn windows_with_few_orders_are_shown_and_not_judged() {
    let few = folded(|parts| parts.slas[0].min_orders = 500, &records(10));
    assert_eq!(few.windows.iter().map(|window| window.judged).collect::<Vec<_>>(), [true, false]);
    let none = folded(|parts| parts.slas[0].min_orders = 5_000, &records(10));
    assert_eq!((none.windows.len(), none.verdict), (2, Verdict::Inconclusive));
}

#[test]
fn by_runs_the_share_of_breached_runs_is_held_against_the_risk() {
    let by_runs = |parts: &mut ModelParts| parts.slas[0].judge = Judge::Runs { risk: 0.1 };
    assert_eq!(folded(by_runs, &records(10)).verdict, Verdict::Breached);
    let kept = |count| {
        let mut runs = records(count);
        runs.iter_mut().for_each(|record| record.slas[0].breached = false);
        runs
    };
    // 0 of 10 runs may still be 28 % (Wilson), 0 of 40 at most 8.8 %.
    assert_eq!(folded(by_runs, &kept(10)).verdict, Verdict::Inconclusive);
    assert_eq!(folded(by_runs, &kept(40)).verdict, Verdict::Kept);
    let mut limited = kept(40);
    limited[7].end = RunEnd::InFlightLimit;
    assert_eq!(folded(by_runs, &limited).verdict, Verdict::Inconclusive);
}

#[test]
fn a_run_that_never_breaks_counts_as_never() {
    let mut runs = records(10);
    // Breaches at 40 to 44 h, two runs each; four runs never.
    runs[..4].iter_mut().for_each(|record| record.slas[0].first_breach = None);
    let sla = folded(|_| (), &runs);
    assert_eq!(sla.first_breach, Instants { p10: Some(hours(40)), median: Some(hours(43)), p90: None });
}

#[test]
fn a_run_without_a_miss_has_recovered_and_one_that_ends_missing_or_cut_off_has_not() {
    let mut runs: Vec<ReplicationRecord> = (0..10).map(record).collect();
    runs[..2].iter_mut().for_each(|record| record.slas[0].last_miss = None);
    let recovered = folded(|_| (), &runs).recovered;
    assert_eq!(recovered, Instants { p10: None, median: Some(hours(50)), p90: Some(hours(50)) });
    runs[8..].iter_mut().for_each(|record| record.end = RunEnd::EventLimit);
    assert_eq!(folded(|_| (), &runs).recovered.p90, None);
    runs[7].slas[0].still_missing = true;
    let sla = folded(|_| (), &runs);
    assert_eq!((sla.recovered.median, sla.share_of_runs_not_recovered.value), (Some(hours(50)), Some(0.3)));
}

#[test]
fn without_chance_one_run_is_judged() {
    let without_chance = |parts: &mut ModelParts| {
        parts.diversions.clear();
        parts.contacts.clear();
        // Somebody must come to the desk.
        parts.stations[1].route = crate::model::Route::always(crate::model::Fate::To(crate::model::StationId(2)));
        let steps = vec![crate::model::IntensityStep { from: SimTime::ZERO, per_hour: 40.0 }];
        parts.sources[0].arrivals = crate::model::Arrivals::Even(crate::model::Intensity::Steps(steps));
    };
    let verdict = |target: f64, judge: Judge, records: &[ReplicationRecord]| {
        let change = |parts: &mut ModelParts| {
            without_chance(parts);
            parts.slas[0].target = target;
            parts.slas[0].judge = judge;
        };
        folded(change, records).verdict
    };
    // Friday keeps 910 of 1,000.
    let one = records(1);
    assert_eq!(verdict(0.91, Judge::Pooled, &one), Verdict::Kept);
    assert_eq!(verdict(0.911, Judge::Pooled, &one), Verdict::Breached);
    assert_eq!(verdict(0.5, Judge::Runs { risk: 0.1 }, &one), Verdict::Breached);
    let mut limited = records(1);
    limited[0].end = RunEnd::EventLimit;
    assert_eq!(verdict(0.91, Judge::Pooled, &limited), Verdict::Inconclusive);
    assert_eq!(verdict(0.91, Judge::Pooled, &[]), Verdict::Inconclusive);
    // The fixture itself has chance: one run tells nothing.
    assert_eq!(verdict_at(0.5, &one), Verdict::Inconclusive);
}

#[test]
fn a_window_is_judged_by_itself_at_the_stated_confidence() {
    let verdict = |change: &dyn Fn(&mut ModelParts), records: &[ReplicationRecord], w| {
        let mut parts = parts();
        change(&mut parts);
        window_verdict(&Model::assemble(parts).unwrap(), &Runs { records, confidence: 0.95 }, 0, w)
    };
    let target = |target: f64| move |parts: &mut ModelParts| parts.slas[0].target = target;
    // Friday keeps some 90 %, Saturday everything: each is judged whatever the other does.
    assert_eq!(verdict(&target(0.95), &records(10), 0), Some(Verdict::Breached));
    assert_eq!(verdict(&target(0.95), &records(10), 1), Some(Verdict::Kept));
    assert_eq!(verdict(&target(0.85), &records(10), 0), Some(Verdict::Kept));
    // The upper end by which the worst of two windows is called missed reaches further than that of one by itself.
    let runs = Runs { records: &records(10), confidence: 0.95 };
    let totals: Vec<Totals> = runs.records.iter().map(|record| judged_of(&record.slas[0].windows[0])).collect();
    let between = ratio(&totals, 0.95).high.unwrap().midpoint(ratio(&totals, 0.975).high.unwrap());
    assert_eq!(verdict(&target(between), &records(10), 0), Some(Verdict::Breached));
    assert_eq!(verdict_at(between, &records(10)), Verdict::Inconclusive);
    // Too few runs that are all alike, too few orders, and a run that reached a limit.
    assert_eq!(verdict(&target(0.85), &records(5), 1), Some(Verdict::Inconclusive));
    assert_eq!(verdict(&|parts| parts.slas[0].min_orders = 500, &records(10), 1), None);
    let mut cut = records(10);
    cut[4].end = RunEnd::EventLimit;
    assert_eq!(verdict(&target(0.85), &cut, 0), Some(Verdict::Inconclusive));
    // By runs: every Friday misses 95 %, no Saturday does.
    let by_runs = |parts: &mut ModelParts| {
        parts.slas[0].target = 0.95;
        parts.slas[0].judge = Judge::Runs { risk: 0.3 };
    };
    assert_eq!(verdict(&by_runs, &records(20), 0), Some(Verdict::Breached));
    assert_eq!(verdict(&by_runs, &records(20), 1), Some(Verdict::Kept));
}
