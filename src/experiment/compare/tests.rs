use super::*;
use crate::experiment::fixture;
use crate::statistics::paired::holm;

const TERMS: Terms =
    Terms { seed: 1, asked: 20, confidence: 0.95, margins: Margins { attainment: 0.005, relative: 0.02 } };

fn contestant<'a>(name: &'a str, model: &'a Model, records: &'a [ReplicationRecord]) -> Contestant<'a> {
    Contestant { name, hash: "feed", model, differs: &[], records }
}

/// The fixture's records with `fewer` orders less late in each run (as far as there are so many).
fn with_fewer_late(count: u64, fewer: u64) -> Vec<ReplicationRecord> {
    let mut records = fixture::records(count);
    for record in &mut records {
        record.slas[0].late -= fewer.min(record.slas[0].late);
    }
    records
}

#[test]
fn a_scenario_differs_from_itself_by_exactly_nothing() {
    let model = fixture::model();
    let records = fixture::records(20);
    let base = contestant("base", &model, &records);
    let found = compare(&base, &[Contestant { name: "copy", ..base }], TERMS).unwrap();
    let variant = &found.variants[0];
    for contrast in variant.judged() {
        assert_eq!(contrast.difference.value, Some(0.0));
        assert_eq!((contrast.difference.half_width(), contrast.p), (Some(0.0), Some(1.0)));
        assert_eq!(contrast.verdict, ContrastVerdict::NoRealDifference);
    }
    assert!(variant.cost.is_some() && variant.exploratory.len() == 5, "{:?}", variant.exploratory);
    assert_eq!((found.replications, found.partial, found.best), (20, false, None));
}

#[test]
fn what_is_kept_of_a_record_says_the_same() {
    let model = fixture::model();
    let (plain, eased) = (fixture::records(20), with_fewer_late(20, 2));
    let told = |plain: &[ReplicationRecord], eased: &[ReplicationRecord]| {
        let variants = [contestant("eased", &model, eased), contestant("copy", &model, plain)];
        format!("{:?}", compare(&contestant("base", &model, plain), &variants, TERMS).unwrap())
    };
    let slim = |records: &[ReplicationRecord]| records.iter().cloned().map(kept).collect::<Vec<_>>();
    assert_eq!(told(&slim(&plain), &slim(&eased)), told(&plain, &eased));
    assert!(slim(&plain)[0].timeline.queue.is_empty() && !plain[0].timeline.queue.is_empty());
}

#[test]
fn two_shares_differ_by_no_more_than_all() {
    let model = fixture::model();
    let (mut none, mut all) = (fixture::records(20), fixture::records(20));
    // One run of twenty keeps half of its orders, the others none: the interval around its share is wide.
    for (k, record) in none.iter_mut().enumerate() {
        record.slas[0].late = if k == 3 { record.slas[0].due / 2 } else { record.slas[0].due };
    }
    all.iter_mut().for_each(|record| record.slas[0].late = 0);
    let difference = |base: &[ReplicationRecord], variant: &[ReplicationRecord]| {
        let (base, variant) = (contestant("base", &model, base), contestant("variant", &model, variant));
        compare(&base, &[variant], TERMS).unwrap().variants[0].slas[0].difference
    };
    let (up, down) = (difference(&none, &all), difference(&all, &none));
    assert!(up.value.unwrap() > 0.97 && up.high == Some(1.0) && up.low.unwrap() > 0.9, "{up:?}");
    assert_eq!((down.low, down.high), (Some(-1.0), up.low.map(|low| -low)));
}

#[test]
fn fewer_late_orders_are_better_and_more_are_worse() {
    let model = fixture::model();
    let (plain, eased) = (with_fewer_late(20, 0), with_fewer_late(20, 20));
    let (base, eased) = (contestant("base", &model, &plain), contestant("eased", &model, &eased));
    let verdict = |base: &Contestant<'_>, variant: &Contestant<'_>| {
        compare(base, &[*variant], TERMS).unwrap().variants[0].slas[0].verdict
    };
    assert_eq!(verdict(&base, &eased), ContrastVerdict::Better);
    assert_eq!(verdict(&eased, &base), ContrastVerdict::Worse);
}

#[test]
fn the_p_values_of_all_verdicts_are_adjusted_together_and_those_of_waits_are_not() {
    let model = fixture::model();
    let (plain, one, two) = (fixture::records(20), with_fewer_late(20, 1), with_fewer_late(20, 2));
    let base = contestant("base", &model, &plain);
    let variants = [contestant("one", &model, &one), contestant("two", &model, &two)];
    let found = compare(&base, &variants, TERMS).unwrap();
    let judged: Vec<&Contrast> = found.variants.iter().flat_map(VariantResult::judged).collect();
    let raw: Vec<f64> = judged.iter().map(|contrast| contrast.p.unwrap()).collect();
    let adjusted: Vec<f64> = judged.iter().map(|contrast| contrast.p_adjusted.unwrap()).collect();
    assert_eq!((found.family, adjusted), (4, holm(&raw)));
    assert!(found.variants[0].exploratory.iter().all(|contrast| contrast.p_adjusted.is_none()));
}

#[test]
fn with_three_scenarios_those_that_may_be_the_best_are_named() {
    let model = fixture::model();
    let (plain, eased) = (with_fewer_late(20, 0), with_fewer_late(20, 20));
    let base = contestant("base", &model, &plain);
    let variants = [contestant("eased", &model, &eased), contestant("eased too", &model, &eased)];
    let best = compare(&base, &variants, TERMS).unwrap().best.unwrap();
    assert_eq!(best.names, ["eased", "eased too"]);
    assert_eq!(best.sla, model.slas[0].name);
}

#[test]
fn slas_are_matched_by_name_and_the_rest_is_listed() {
    let model = fixture::model();
    let mut parts = fixture::parts();
    parts.slas[0].name = "another".to_owned();
    let other = Model::assemble(parts).unwrap();
    let records = fixture::records(20);
    let base = contestant("base", &model, &records);
    let refused = compare(&base, &[contestant("other", &other, &records)], TERMS).unwrap_err();
    assert!(refused.to_string().contains("'other' and 'base' have no SLA in common"), "{refused}");

    let mut parts = fixture::parts();
    parts.slas.push(crate::model::Sla { name: "another".to_owned(), ..parts.slas[0].clone() });
    parts.slas[0].target = 0.5;
    let both = Model::assemble(parts).unwrap();
    let mut more = records.clone();
    more.iter_mut().for_each(|record| record.slas.push(record.slas[0].clone()));
    let found = compare(&base, &[contestant("both", &both, &more)], TERMS).unwrap();
    let variant = &found.variants[0];
    assert_eq!((variant.slas.len(), &variant.only_in_variant[..]), (1, &["another".to_owned()][..]));
    assert_eq!(variant.defined_differently, [model.slas[0].name.clone()]);
}

#[test]
fn a_series_that_was_cut_short_is_compared_as_far_as_it_goes() {
    let model = fixture::model();
    let (plain, short) = (fixture::records(20), fixture::records(9));
    let base = contestant("base", &model, &plain);
    let found = compare(&base, &[contestant("short", &model, &short)], TERMS).unwrap();
    assert_eq!((found.replications, found.partial), (9, true));
    assert_eq!(found.variants[0].slas[0].difference.value, Some(0.0));
}
