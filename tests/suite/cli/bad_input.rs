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
fn a_shift_that_ends_before_it_starts() {
    refused(swap("to = \"18:00\"", "to = \"07:00\""), 18, &["ends before it starts", "exchange `from` and `to`"]);
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
    refused(add, 34, &["2027-11-23", "the run goes from 2026-11-22", "to 2026-11-2"]);
}

#[test]
fn more_orders_than_anyone_ships() {
    let words = ["an hour", "is a unit wrong?"];
    refused(swap("orders_per_day = 150", "orders_per_day = 1000000000000"), 13, &words);
}

#[test]
fn zero_servers() {
    refused(
        swap("pool = \"floor\"\ntakes", "servers = 0\ntakes"),
        23,
        &["0 is too small for `servers`", "servers = 4"],
    );
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
    assert!(ended.stderr.contains("s.toml") && ended.stderr.contains("not a text"), "{}", ended.stderr);
    let machine = desk.run(&["validate", "s.toml", "--format", "json"]).with_code(20).document();
    assert_eq!(machine["files"][0]["diagnostics"][0]["code"], "not-text", "{machine}");
}

#[test]
fn an_empty_file() {
    assert!(Desk::with("").run(&["run", "s.toml"]).with_code(20).stderr.contains("format"));
}

#[test]
fn ten_megabytes_of_tables() {
    let desk = Desk::with(&"[[a]]\n".repeat(10 * 1024 * 1024 / 6));
    let ended = desk.run(&["run", "s.toml"]).with_code(20);
    assert!(ended.stderr.contains("longer than 1048576 bytes"), "{}", ended.stderr);
    assert!(ended.stderr.len() < 1_000, "{} bytes of errors", ended.stderr.len());
    // What is just short enough to be read is one mistake, not 150,000.
    let desk = Desk::with(&"[[a]]\n".repeat(1024 * 1024 / 6));
    let ended = desk.run(&["validate", "s.toml"]).with_code(20);
    assert!(ended.stderr.contains("unknown key `a`") && ended.stderr.len() < 10_000, "{}", ended.stderr.len());
}

#[test]
fn a_part_of_a_later_version_is_refused_by_name() {
    let add = |text: &str| format!("{text}\n[[runbook]]\nname = \"more pickers\"\n");
    refused(add, 32, &["`runbook`", "not in this version"]);
}

#[test]
fn a_probability_that_is_none() {
    refused(swap("target = \"90%\"", "target = \"190%\""), 30, &["190%", "more than 100%"]);
    refused(swap("target = \"90%\"", "target = \"-1%\""), 30, &["-1%", "negative"]);
}

#[test]
fn a_station_that_nobody_reaches() {
    let spare = "[[station]]\nname = \"spare\"\nservers = 1\ntakes = \"1m\"\nnext = \"done\"\n";
    refused(|text| format!("{text}\n{spare}"), 33, &["\"spare\"", "no order ever reaches it", "next = \"spare\""]);
}

/// A misspelt key, a reference to nothing, a station that nobody reaches, and a file that is not there.
const ALL_AT_ONCE: [(&str, &str); 4] = [
    ("heads = 2", "haeds = 2"),
    ("next = \"done\"", "next = \"dnoe\""),
    ("orders_per_day = 150", "replay = \"orders.csv\""),
    ("[[sla]]", "[[station]]\nname = \"spare\"\nservers = 1\ntakes = \"1m\"\nnext = \"done\"\n\n[[sla]]"),
];

#[test]
fn every_error_of_a_file_is_told_at_once() {
    let text = ALL_AT_ONCE.iter().fold(SMALL.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let desk = Desk::with(&text);
    let ended = desk.run(&["validate", "s.toml", "--color", "never"]).with_code(20);
    for words in ["s.toml:18:", "`haeds`", "did you mean `heads`?", "s.toml:25:", "did you mean `done`?"] {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    for words in ["orders.csv: no such file", "s.toml:28:", "no order ever reaches it", "4 errors"] {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    let machine = desk.run(&["validate", "s.toml", "--format", "json"]).with_code(20).document();
    let codes: Vec<&str> = machine["files"][0]["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["unknown-key", "unknown-reference", "unreached"], "{machine}");
    assert_eq!(machine["files"][0]["data"].as_array().unwrap().len(), 1, "{machine}");
    // A run says the same.
    assert_eq!(desk.run(&["run", "s.toml", "--color", "never"]).with_code(20).stderr, ended.stderr);
}

#[test]
fn what_follows_from_an_error_is_not_told_beside_it() {
    // Neither that nobody reaches "pick" and "pack", nor that there is no pool "floor", nor that the days are missing.
    for (from, to, codes) in [
        ("next = \"pick\"", "nxt = \"pick\"", &["unknown-key"][..]),
        ("name = \"floor\"", "nmae = \"floor\"", &["unknown-key"]),
        ("name = \"pick\"", "nme = \"pick\"", &["unknown-key"]),
        ("[[pool]]", "[[pol]]", &["unknown-key"]),
        ("lead_in = \"1d\"", "lead_in = 1", &["missing-unit"]),
        ("timezone = \"Europe/London\"", "timezone = 0", &["wrong-type"]),
        ("next = \"pick\"", "next = \"pikc\"", &["unknown-reference"]),
    ] {
        assert!(SMALL.contains(from), "{from}");
        let desk = Desk::with(&SMALL.replacen(from, to, 1));
        let machine = desk.run(&["validate", "s.toml", "--format", "json"]).with_code(20).document();
        let found: Vec<&str> = machine["files"][0]["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["code"].as_str().unwrap())
            .collect();
        assert_eq!(found, codes, "{to}: {machine}");
    }
}

#[test]
fn two_bad_files_are_both_told() {
    let desk = Desk::with(&SMALL.replace("target = \"90%\"", "target = 0.9"));
    desk.put("data.toml", SMALL.replace("orders_per_day = 150", "replay = \"none.csv\""));
    let ended = desk.run(&["validate", "data.toml", "s.toml", "--color", "never"]).with_code(20);
    for words in ["s.toml:30:", "did you mean target = \"90%\"", "none.csv: no such file"] {
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
    }
    assert_eq!(ended.stdout, "data.toml: not valid\ns.toml: not valid\n");
    // Each alone has the code of its own kind.
    desk.run(&["validate", "data.toml"]).with_code(21);
    desk.run(&["validate", "data.toml", "nowhere.toml"]).with_code(21);
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
    assert!(with_orders(None, 21).contains("orders.csv: no such file"));
    assert!(with_orders(Some(""), 21).contains("orders.csv: the file is empty"));
    let said = with_orders(Some("timestamp\n"), 21);
    assert!(said.contains("orders.csv") && said.contains("no row below the header"), "{said}");
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

#[test]
fn an_output_that_cannot_be_written_leaves_nothing_half_written() {
    let desk = Desk::with(SMALL);
    // Permissions do not hold for everyone; that a folder stands where a file is to be written does.
    std::fs::create_dir_all(desk.path().join("out/results.json")).unwrap();
    let ended = desk.run(&["run", "s.toml", "-o", "out"]).with_code(74);
    assert!(ended.stderr.contains("results.json cannot be written"), "{}", ended.stderr);
    assert!(ended.stdout.contains("Two small days"), "the results are not lost: {}", ended.stdout);
    assert_eq!(desk.files("out"), ["results.json"]);

    let ended = desk.run(&["run", "s.toml", "-o", "s.toml/out"]).with_code(74);
    assert!(ended.stderr.contains("s.toml/out cannot be written"), "{}", ended.stderr);
    assert_eq!((desk.files("."), desk.read("s.toml")), (vec!["out".to_owned(), "s.toml".to_owned()], SMALL.into()));
}
