//! The whole of results.json, for tests that hold two of them against each other. The scenario's hash is left out: what
//! is compared are scenarios that are written differently and must mean the same.

use peaksim::engine::{NobodyWatches, Plan, simulate};
use peaksim::experiment::{Results, RunIdentity};
use peaksim::model::Model;
use peaksim::report::json;
use serde_json::Value;
use std::sync::atomic::AtomicBool;

/// What is written of `replications` runs of a model.
pub(crate) fn whole(model: &Model, replications: u64) -> Value {
    let plan = Plan::new(model).expect("the engine can run it");
    let stop = AtomicBool::new(false);
    let records: Vec<_> =
        (0..replications).map(|k| simulate(&plan, 1, k, &stop, &mut NobodyWatches).expect("nobody stops it")).collect();
    let identity = RunIdentity { hash: String::new(), seed: 1, asked: replications, confidence: 0.95 };
    json::document(&Results::fold(model, &identity, &records))
}

/// The same with every list that follows the order of the file in order of name: those whose entries have one, and the
/// steps of the timeline, of which each station has its own. Lists by size stay as they are.
pub(crate) fn by_name(mut value: Value) -> Value {
    fn key(entry: &Value) -> (String, String) {
        let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
        if entry["name"].is_string() { (text("name"), String::new()) } else { (text("at"), text("station")) }
    }
    match &mut value {
        Value::Array(entries) => {
            let old = std::mem::take(entries);
            *entries = old.into_iter().map(by_name).collect();
            if entries
                .iter()
                .all(|entry| entry["name"].is_string() || entry["at"].is_string() || entry["at"].is_number())
            {
                entries.sort_by_key(key);
            }
        }
        Value::Object(parts) => parts.values_mut().for_each(|part| *part = by_name(part.take())),
        _ => {}
    }
    value
}

/// Demands that two documents are the same to the last bit; if not, names the first places where they part.
pub(crate) fn assert_same(found: &Value, expected: &Value, case: &str) {
    let mut parts = Vec::new();
    differences(found, expected, "", &mut parts);
    let shown: String = parts.iter().take(12).map(|part| format!("\n  {part}")).collect();
    assert!(parts.is_empty(), "{case}: results part in {} places{shown}", parts.len());
}

fn differences(found: &Value, expected: &Value, path: &str, parts: &mut Vec<String>) {
    match (found, expected) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            for (key, value) in one {
                differences(value, &other[key], &format!("{path}/{key}"), parts);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (k, (value, expected)) in one.iter().zip(other).enumerate() {
                differences(value, expected, &format!("{path}/{k}"), parts);
            }
        }
        // As text: a number is the same when it is written the same.
        _ if [found, expected].map(ToString::to_string).windows(2).all(|pair| pair[0] == pair[1]) => {}
        _ => {
            let short = |value: &Value| value.to_string().chars().take(120).collect::<String>();
            parts.push(format!("{path}: {} instead of {}", short(found), short(expected)));
        }
    }
}
