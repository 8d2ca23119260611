use super::*;
use crate::experiment::fixture::{parts, records};
use crate::model::StationId;

const WAIT: Metric = Metric::Visit {
    station: StationId(1),
    spell: Spell::Wait,
    whose: Whose::Served,
    source: None,
    statistic: TallyStatistic::Mean,
};

fn measured(metric: Metric, over_runs: OverRuns, values: &[(f64, f64, f64)]) -> Estimate {
    let mut parts = parts();
    parts.measures = vec![Measure { name: "m".to_owned(), path: "p".to_owned(), metric, over_runs, expected: None }];
    let mut records = records(values.len() as u64);
    for (record, (numerator, denominator, squares)) in records.iter_mut().zip(values) {
        record.measures = vec![MeasureValue { numerator: *numerator, denominator: *denominator, squares: *squares }];
    }
    let model = Model::assemble(parts).unwrap();
    fold(&model, &Runs { records: &records, confidence: 0.95 }).remove(0).estimate
}

fn with(statistic: TallyStatistic) -> Metric {
    let Metric::Visit { station, spell, whose, source, .. } = WAIT else { unreachable!("it is a visit") };
    Metric::Visit { station, spell, whose, source, statistic }
}

#[test]
fn the_mean_is_the_pooled_ratio() {
    let found = measured(WAIT, OverRuns::Mean, &[(10.0, 2.0, 0.0), (0.0, 0.0, 0.0), (5.0, 3.0, 0.0)]);
    // A run in which nobody waited tells nothing of the wait.
    assert_eq!((found.value, found.samples), (Some(3.0), 2));
    assert_eq!(measured(WAIT, OverRuns::Mean, &[(0.0, 0.0, 0.0); 3]).value, None);
}

#[test]
fn an_interval_ends_where_the_number_does() {
    let share = Metric::Availability(StationId(1));
    let few = measured(share.clone(), OverRuns::Mean, &[(0.0, 9.0, 0.0), (1.0, 9.0, 0.0), (0.0, 9.0, 0.0)]);
    assert_eq!((few.low, few.high.is_some_and(|high| high < 1.0)), (Some(0.0), true), "{few:?}");
    let many = measured(share, OverRuns::Mean, &[(9.0, 9.0, 0.0), (8.0, 9.0, 0.0), (9.0, 9.0, 0.0)]);
    assert_eq!((many.low.is_some_and(|low| low > 0.0), many.high), (true, Some(1.0)), "{many:?}");
    let wait = measured(WAIT, OverRuns::Mean, &[(0.0, 1.0, 0.0), (90.0, 1.0, 0.0), (0.0, 1.0, 0.0)]);
    assert_eq!((wait.low, wait.high.is_some_and(|high| high > 90.0)), (Some(0.0), true), "{wait:?}");
}

#[test]
fn the_standard_deviation_is_that_of_all_observations() {
    // Runs of (1, 3), (5), (3, 3): mean 3, squares 1 + 9 + 25 + 9 + 9 = 53, variance 53/5 - 9 = 1.6.
    let runs = [(4.0, 2.0, 10.0), (5.0, 1.0, 25.0), (6.0, 2.0, 18.0)];
    let found = measured(with(TallyStatistic::StandardDeviation), OverRuns::Mean, &runs);
    assert!((found.value.unwrap() - 1.6_f64.sqrt()).abs() < 1e-12);
    // The jackknife by hand: what is left are (5, 3, 3), (1, 3, 3, 3) and (1, 3, 5), of variance 8/9, 3/4 and 8/3.
    let left: [f64; 3] = [8.0 / 9.0, 0.75, 8.0 / 3.0];
    let pseudo: Vec<f64> = left.iter().map(|v| 3.0 * 1.6_f64.sqrt() - 2.0 * v.sqrt()).collect();
    let mean = pseudo.iter().sum::<f64>() / 3.0;
    let error = (pseudo.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 6.0).sqrt();
    let half = 4.302_652_729_749_462 * error;
    assert!((found.high.unwrap() - (1.6_f64.sqrt() + half)).abs() < 1e-9, "{found:?}");
    assert_eq!(found.low, Some((1.6_f64.sqrt() - half).max(0.0)));
}

#[test]
fn a_quantile_of_single_observations_comes_from_all_runs_together() {
    // The fixture's waits at pick: 180 s × k/1,800 ... = k × (1,800 + 60 (r mod 4)) × 0.1 s, k = 1..20.
    let found = measured(with(TallyStatistic::Quantile(0.95)), OverRuns::Mean, &[(1.0, 1.0, 0.0); 8]);
    let exact = 19.0 * 198.0;
    assert!((found.value.unwrap() / exact - 1.0).abs() < 0.06, "{found:?}");
    assert_eq!(found.samples, 8);
}

#[test]
fn a_quantile_without_a_histogram_is_not_known() {
    let Metric::Visit { station, spell, source, .. } = WAIT else { unreachable!("it is a visit") };
    let statistic = TallyStatistic::Quantile(0.95);
    let gave_up = Metric::Visit { station, spell, whose: Whose::Abandoned, source, statistic };
    assert_eq!(measured(gave_up.clone(), OverRuns::Mean, &[(8.0, 2.0, 0.0); 8]).value, None);
    assert_eq!(measured(gave_up, OverRuns::StandardDeviation, &[(8.0, 2.0, 0.0); 8]).value, None);
    // Of each run's own: 19 × 180 to 19 × 198 s, the largest at least a quarter of the time.
    let found = measured(with(statistic), OverRuns::Quantile(1.0), &[(1.0, 1.0, 0.0); 8]).value.unwrap();
    assert!((3_762.0..3_762.0 * 1.008).contains(&found), "{found}");
}

#[test]
fn over_runs_each_run_is_one_value() {
    let runs: Vec<(f64, f64, f64)> = (1..=40).map(|k| (f64::from(k) * 2.0, 2.0, 0.0)).collect();
    assert_eq!(measured(WAIT, OverRuns::Quantile(0.9), &runs).value, Some(36.0));
    assert_eq!(measured(WAIT, OverRuns::ShareOver(30.0), &runs).value, Some(0.25));
    let deviation = measured(WAIT, OverRuns::StandardDeviation, &runs).value.unwrap();
    let variance = measured(WAIT, OverRuns::Variance, &runs).value.unwrap();
    // 40 consecutive whole numbers: (40² - 1)/12 × 40/39.
    assert!((variance - 1_599.0 / 12.0 * 40.0 / 39.0).abs() < 1e-9);
    assert!((deviation * deviation - variance).abs() < 1e-9);
}

#[test]
fn an_order_that_never_came_so_far_sorts_last_and_an_empty_run_is_no_value() {
    let runs = [(0.0, 0.0, 0.0), (7.0, 1.0, 0.0), (9.0, 1.0, 0.0), (0.0, 0.0, 0.0)];
    let one = Metric::OneOrder { station: None, what: crate::model::OrderMoment::End, order: 3 };
    assert_eq!(measured(one.clone(), OverRuns::Quantile(0.5), &runs).value, Some(9.0));
    assert_eq!(measured(one, OverRuns::Quantile(0.75), &runs).value, None);
    assert_eq!(measured(WAIT, OverRuns::Quantile(0.75), &runs).value, Some(9.0));
}
