use super::*;
use crate::engine::Plan;
use crate::experiment::fixture::{model, parts, records};
use crate::experiment::replications::run;
use crate::experiment::{Results, RunIdentity, Series};
use crate::model::Model;
use crate::observation::{ReplicationRecord, RunEnd};
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

fn folded(model: &Model, records: &[ReplicationRecord]) -> Results {
    let identity = RunIdentity { hash: "feed".to_owned(), seed: 7, asked: records.len() as u64, confidence: 0.95 };
    Results::fold(model, &identity, records)
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_keys_are_those_of_the_contract_in_its_order() {
    let document = document(&folded(&model(), &records(8)));
    let contract = [
        (
            "",
            "schema_version peaksim_version scenario seed replications slas stations pools orders days exceptions \
              contacts scorecard lateness_ledger timeline measures checks warnings partial events deterministic \
              bottlenecks marginal_capacity counterfactuals breach_points levers levers_together frontier comparisons",
        ),
        ("/scenario", "title hash"),
        (
            "/slas/0",
            "name definition functional unit target attainment ceiling late_orders excluded_orders oldest_late \
                     share_of_runs_breached first_breach recovered share_of_runs_not_recovered broken_by windows verdict",
        ),
        ("/slas/0/attainment", "value low high confidence samples"),
        ("/slas/0/first_breach", "p10 median p90"),
        ("/slas/0/broken_by", "station cause"),
        ("/slas/0/windows/0", "from to due attainment judged suspended"),
        (
            "/stations/0",
            "name layer unit arrivals completed abandoned_share wait service queue utilisation oldest_waiting equipment waited_for_equipment",
        ),
        ("/stations/1/equipment/0", "name count utilisation"),
        ("/stations/0/wait", "mean p50 p95 p99"),
        ("/stations/0/service", "mean"),
        ("/stations/0/queue", "mean max"),
        ("/pools/0", "name scheduled_hours busy_hours utilisation overtime_hours cost stayed_hours"),
        ("/orders", "arrived dispatched cancelled open_at_end time_to_dispatch by_promise"),
        ("/orders/by_promise/0", "name sources due attained time_to_dispatch"),
        (
            "/days/0",
            "date intake due dispatched overdue_at_close heads_planned heads_needed room cages_booked cages_needed cages_short holds_open",
        ),
        ("/bottlenecks/0", "station layer pool late_hours share_of_lateness share_of_time utilisation confirmed"),
        ("/bottlenecks/0/utilisation", "of share"),
        ("/exceptions/0", "name owner count resolution open_at_end"),
        ("/exceptions/0/resolution", "p50 p90"),
        (
            "/scorecard",
            "order_sync_success_rate inventory_discrepancy_rate dispatch_sla_attainment \
                        exception_resolution_time tickets_per_100_orders",
        ),
        ("/scorecard/exception_resolution_time", "mean p50 p90"),
        ("/lateness_ledger/0", "cause layer station late_hours share"),
        ("/timeline/0", "at station queue utilisation"),
        ("/timeline/0/queue", "p10 median p90"),
        ("/measures/0", "name path estimate"),
    ];
    for (at, wanted) in contract {
        let part = document.pointer(at).unwrap_or_else(|| panic!("no {at}"));
        assert_eq!(keys(part), wanted.split_whitespace().collect::<Vec<_>>(), "keys of {at}");
    }
}

#[test]
fn records_sent_through_bytes_give_the_same_results_byte_for_byte() {
    let mut sent = records(8);
    // Numbers that a careless text form would not bring back.
    sent[3].stations[1].queue_mean = 0.1 + 0.2;
    sent[4].slas[0].ledger[0].late_hours = 1.0 / 3.0 * 1e-9;
    sent[5].timeline.busy[1][4] = 1.0 / 3.0;
    let bytes: Vec<Vec<u8>> = sent.iter().map(|record| serde_json::to_vec(record).unwrap()).collect();
    let received: Vec<ReplicationRecord> = bytes.iter().map(|bytes| serde_json::from_slice(bytes).unwrap()).collect();
    assert_eq!(received, sent);
    assert_eq!(results(&folded(&model(), &received)), results(&folded(&model(), &sent)));
}

#[test]
fn what_is_not_known_is_null() {
    let one = document(&folded(&model(), &records(1)));
    assert_eq!(one["slas"][0]["attainment"]["low"], Value::Null);
    assert!(one["slas"][0]["attainment"]["value"].is_f64());
    assert_eq!((&one["days"][0]["heads_needed"], &one["days"][0]["cages_booked"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&one["stations"][0]["equipment"], &one["stations"][0]["waited_for_equipment"]),
        (&json!([]), &Value::Null)
    );
    assert_eq!(one["stations"][2]["wait"]["mean"]["value"], Value::Null);
    let mut limited = records(3);
    limited.iter_mut().for_each(|record| {
        record.end = RunEnd::EventLimit;
        record.slas[0].first_breach = None;
    });
    let limited = document(&folded(&model(), &limited));
    assert_eq!(limited["slas"][0]["first_breach"], json!({ "p10": null, "median": null, "p90": null }));
    assert_eq!(limited["slas"][0]["recovered"]["median"], Value::Null);
    assert_eq!(limited["partial"], json!(true));
    let text = String::from_utf8(results(&folded(&model(), &[]))).unwrap();
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
}

#[test]
fn instants_are_local_times_or_seconds() {
    let with = document(&folded(&model(), &records(3)));
    assert_eq!(with["slas"][0]["windows"][0]["from"], json!("2026-11-27T00:00:00+00:00"));
    assert_eq!(with["slas"][0]["first_breach"]["median"], json!("2026-11-27T18:00:00+00:00"));
    let mut parts = parts();
    parts.calendar = None;
    let without = document(&folded(&Model::assemble(parts).unwrap(), &records(3)));
    assert_eq!(without["slas"][0]["windows"][0]["from"], json!(86_400.0));
    assert_eq!(without["timeline"][0]["at"], json!(90_000.0));
}

#[test]
fn the_text_says_what_the_document_says_and_has_a_line_for_each_step() {
    let results_ = folded(&model(), &records(3));
    let text = String::from_utf8(results(&results_)).unwrap();
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found, document(&results_));
    let steps = found["timeline"].as_array().unwrap().len();
    assert!(steps > 1);
    let lines = text.lines().filter(|line| line.starts_with("    {\"at\":") && line.contains("\"station\":")).count();
    assert_eq!(lines, steps, "{text}");
    // Without a step there is an empty list, as of everything else.
    let nothing = String::from_utf8(results(&folded(&model(), &[]))).unwrap();
    let empty: Value = serde_json::from_str(&nothing).unwrap();
    assert_eq!(empty, document(&folded(&model(), &[])));
}

#[test]
fn the_text_is_stable() {
    let text = String::from_utf8(results(&folded(&model(), &records(2)))).unwrap();
    assert!(text.starts_with("{\n  \"schema_version\": 1,\n  \"peaksim_version\": \""), "{text}");
    assert!(
        text.contains(
            "  \"partial\": false,\n  \"events\": 20001,\n  \"deterministic\": false,\n  \"bottlenecks\": [\n"
        )
    );
    // Late 90 of 1,000 and 97 of 1,010 due on Friday, 400 due on Saturday.
    assert!(text.contains(&format!("\"value\": {},\n        \"low\"", 2_623.0 / 2_810.0)), "{text}");
}

#[test]
fn from_model_to_results_the_bytes_do_not_depend_on_the_threads() {
    let model = model();
    let plan = Plan::new(&model).unwrap();
    let simulated = |threads| {
        let series = Series { replications: 0..6, threads: NonZeroUsize::new(threads) };
        run(&plan, 7, &series, &AtomicBool::new(false), &mut || false, &mut |_| {}).unwrap()
    };
    let (alone, together) = (simulated(1), simulated(3));
    assert!(!alone.cut_short());
    crate::experiment::belong_together(&model, &alone.records).unwrap();
    assert_eq!(results(&folded(&model, &alone.records)), results(&folded(&model, &together.records)));
    let document = document(&folded(&model, &alone.records));
    // 48 h at 40 an hour; an order of the evening waits for the morning shift, longer than its promise of ten hours.
    let arrived = document["orders"]["arrived"]["value"].as_f64().unwrap();
    assert!((1_750.0..2_100.0).contains(&arrived), "{arrived}");
    assert_eq!(document["slas"][0]["verdict"], json!("breached"));
    assert_eq!(document["slas"][0]["broken_by"], json!({ "station": "pick", "cause": "nobody on shift" }));
}
