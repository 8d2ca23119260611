//! In which order stations, sources and pools stand in the file decides nothing: no number of results.json, no last digit.

use crate::whole_results::{assert_same, by_name, whole};
use peaksim::scenario::Scenario;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Another order of a list.
type Turn = fn(&mut Vec<Value>);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// The tables of a shipped scenario at so many times its load, with two pools more taken from its floor: one that loads, one for the back door.
fn tables(file: &str, uplift: f64) -> Table {
    let text = std::fs::read_to_string(folder().join(file)).unwrap();
    let mut tables: Table = text.parse().unwrap();
    tables["source"][0].as_table_mut().unwrap().insert("uplift".to_owned(), Value::from(uplift));
    let moved = [("yard", &["load"][..]), ("back door", &["returns", "receive"])];
    for station in tables["station"].as_array_mut().unwrap() {
        let name = station["name"].as_str().unwrap().to_owned();
        if let Some((pool, _)) = moved.iter().find(|(_, stations)| stations.contains(&name.as_str())) {
            station.as_table_mut().unwrap().insert("pool".to_owned(), Value::from(*pool));
        }
    }
    let pools = tables["pool"].as_array_mut().unwrap();
    let floor = pools[0].as_table_mut().unwrap();
    let kept = |of: &Value| !moved.iter().any(|(_, stations)| stations.contains(&of.as_str().unwrap()));
    floor["order_of_work"].as_array_mut().unwrap().retain(kept);
    let shifts = floor["shifts"].clone();
    for (name, stations) in moved {
        let mut pool = Table::new();
        pool.insert("name".to_owned(), Value::from(name));
        pool.insert("absent".to_owned(), Value::from("3%"));
        pool.insert("shifts".to_owned(), shifts.clone());
        pool.insert("order_of_work".to_owned(), Value::from(stations.to_vec()));
        pools.push(Value::from(pool));
    }
    tables
}

/// All of results.json of three runs, lists in the file's order by name.
fn results(tables: &Table) -> serde_json::Value {
    let scenario =
        Scenario::from_text(&tables.to_string(), &folder(), &[]).unwrap_or_else(|error| panic!("{error}\n{tables}"));
    by_name(whole(&scenario.model, 3))
}

#[test]
fn the_order_of_stations_desks_sources_and_pools_in_the_file_changes_no_number() {
    for (file, uplift) in [("black-friday.toml", 1.0), ("stress-test.toml", 2.5)] {
        let tables = tables(file, uplift);
        let expected = results(&tables);
        let late = expected["lateness_ledger"].as_array().unwrap().len();
        assert!(late > 10, "{file}: the case would show nothing, {late} parts of lateness");
        let turns: [(&str, Turn); 2] = [("reversed", |list| list.reverse()), ("turned", |list| list.rotate_right(1))];
        for (name, turn) in turns {
            let mut turned = tables.clone();
            for list in ["station", "desk", "source", "pool"] {
                let list = turned[list].as_array_mut().unwrap();
                assert!(list.len() > 1);
                turn(list);
            }
            assert_same(&results(&turned), &expected, &format!("{file}, {name}"));
        }
    }
}
