use super::{Desk, SMALL};

/// A mistake in the scenario, the words that must be in what is said about it, and the line.
fn refused(change: impl Fn(&str) -> String, line: usize, words: &[&str]) {
    let text = change(SMALL);
    assert_ne!(text, SMALL, "the mistake is made");
    let desk = Desk::with(&text);
    let ended = desk.run(&["run", "s.toml", "--color", "never"]).with_code(20);
    assert!(ended.stdout.is_empty() && desk.files("reports").is_empty(), "{}", ended.stdout);
    assert!(ended.stderr.contains(&format!("s.toml:{line}:")), "line {line}: {}", ended.stderr);
    for word in words {
        assert!(ended.stderr.contains(word), "{word:?}: {}", ended.stderr);
    }
    let machine = desk.run(&["run", "s.toml", "--format", "json"]).with_code(20).document();
    let found = machine["error"]["diagnostics"].as_array().unwrap();
    assert!(found.iter().any(|one| one["line"] == line && one["severity"] == "error"), "{machine}");
}

fn swap(from: &'static str, to: &'static str) -> impl Fn(&str) -> String {
    move |text| text.replacen(from, to, 1)
}

#[test]
fn a_misspelt_key() {
    refused(swap("orders_per_day", "order_per_day"), 13, &["unknown", "orders_per_day"]);
}

#[test]
fn a_missing_unit() {
    refused(swap("\"4m\"", "4"), 24, &["unit", "did you mean typical = \"4s\""]);
}

#[test]
fn an_unknown_station() {
    refused(swap("next = \"pick\"", "next = \"pikc\""), 14, &["pikc", "did you mean", "pick"]);
}

#[test]
fn a_circle_without_a_way_out() {
    refused(swap("next = \"done\"", "next = \"pick\""), 22, &["pick", "circle"]);
}

#[test]
fn a_shift_that_ends_when_it_starts() {
    refused(swap("to = \"18:00\"", "to = \"08:00\""), 18, &["08:00"]);
}

#[test]
fn a_local_time_that_clocks_skip() {
    let spring = |text: &str| {
        text.replace("2026-11-23", "2026-03-28").replace("2026-11-24", "2026-03-29").replace(
            "clock = { starts = \"paid\", stops = \"dispatched\", cut_off = \"14:00\", calendar = \"daily\" }",
            "by = 2026-03-29T01:30:00",
        )
    };
    refused(spring, 29, &["01:30", "clocks go forward"]);
}

#[test]
fn a_campaign_outside_the_horizon() {
    let add = |text: &str| format!("{text}\n[[campaign]]\nname = \"late\"\ndays = {{ 2027-11-23 = 2.0 }}\n");
    refused(add, 34, &["2027-11-23"]);
}

#[test]
fn more_orders_than_anyone_ships() {
    refused(swap("orders_per_day = 150", "orders_per_day = 1000000000000"), 13, &["orders"]);
}

#[test]
fn zero_servers() {
    refused(swap("pool = \"floor\"\ntakes", "servers = 0\ntakes"), 23, &["servers"]);
}

#[test]
fn a_number_that_is_none() {
    refused(swap("orders_per_day = 150", "orders_per_day = nan"), 13, &["orders_per_day"]);
    refused(swap("orders_per_day = 150", "orders_per_day = -1"), 13, &["orders_per_day"]);
}

#[test]
fn a_binary_file() {
    let desk = Desk::with("");
    desk.put("s.toml", [0x89, 0x50, 0x4e, 0x47, 0x00, 0xff, 0xfe, 0x00]);
    let ended = desk.run(&["validate", "s.toml"]).with_code(20);
    assert!(ended.stderr.contains("s.toml"), "{}", ended.stderr);
}

#[test]
fn an_empty_file() {
    assert!(Desk::with("").run(&["run", "s.toml"]).with_code(20).stderr.contains("format"));
}

#[test]
fn ten_megabytes_of_tables() {
    let desk = Desk::with(&"[[a]]\n".repeat(10 * 1024 * 1024 / 6));
    let ended = desk.run(&["run", "s.toml"]).with_code(20);
    assert!(ended.stderr.len() < 100_000, "{} bytes of errors", ended.stderr.len());
}

/// A scenario that replays `orders.csv`, and what is said when the file holds `content`.
fn with_orders(content: Option<&str>, code: i32) -> String {
    let desk = Desk::with(&SMALL.replace("orders_per_day = 150", "replay = \"orders.csv\""));
    if let Some(content) = content {
        desk.put("orders.csv", content);
    }
    let ended = desk.run(&["run", "s.toml", "--color", "never"]).with_code(code);
    let machine = desk.run(&["run", "s.toml", "--format", "json"]).with_code(code).document();
    if code == 21 {
        assert_eq!(machine["error"]["data"].as_array().unwrap().len(), 1, "{machine}");
    }
    ended.stderr
}

#[test]
fn a_data_file_that_is_missing_or_says_nothing() {
    assert!(with_orders(None, 21).contains("orders.csv"));
    assert!(with_orders(Some(""), 21).contains("orders.csv"));
    assert!(with_orders(Some("timestamp\n"), 21).contains("orders.csv"));
}

#[test]
fn a_data_file_without_the_column() {
    let said = with_orders(Some("number,when\n1,2026-11-23T08:00:00\n"), 21);
    assert!(said.contains("orders.csv") && said.contains("`timestamp`"), "{said}");
}

#[test]
fn a_data_file_with_a_time_that_cannot_be_read_names_the_row() {
    let said = with_orders(Some("timestamp\n2026-11-23T08:00:00\nyesterday\n"), 21);
    assert!(said.contains("orders.csv:3"), "{said}");
}

#[test]
fn a_data_file_outside_the_folder() {
    let desk = Desk::with(&SMALL.replace("orders_per_day = 150", "replay = \"../orders.csv\""));
    let ended = desk.run(&["run", "s.toml"]).with_code(21);
    assert!(ended.stderr.contains("../orders.csv") && ended.stderr.contains("folder"), "{}", ended.stderr);
}
