//! What `run` adds when it is asked to: variants on its own random numbers, and where promises break in a plane.

use super::cli::{Desk, SMALL};
use super::frontier::SHOP;
use serde_json::{Value, json};

/// The small shop, whose promise one pair of hands more or less decides.
fn busy() -> String {
    SMALL
        .replace("replications = 6", "replications = 20")
        .replace("\"4m\"", "\"6m\"")
        .replace("order_of_work", "cost = \"14 GBP/h\"\norder_of_work")
        .replace(", cut_off = \"14:00\", calendar = \"daily\" }", " }\nwithin = \"4h\"")
}

/// The small shop, which keeps its promise, with a sale that it cannot take, and with something that goes wrong.
fn sale() -> String {
    SMALL.to_owned()
        + "\n[[campaign]]\nname = \"sale\"\ndays = { 2026-11-24 = 4.0 }\n[[exceptions.class]]\nname = \"short\"\n\
           at = \"pick\"\nchance = \"2%\"\nowner = \"desk\"\ntakes = { exponential = \"8m\" }\nthen = \"goes on\"\n\
           [[desk]]\nname = \"desk\"\nowner = \"lead\"\npeople = 1\n"
}

const VARIANTS: [&str; 4] = [
    "--variant",
    "one more: pool.floor.shifts.0.heads=3",
    "--variant",
    "slower: station.pick.takes.one_in_ten_over='20m'",
];

#[track_caller]
fn told(desk: &Desk, command: &str, more: &[&str]) -> Value {
    let words = [&[command, "s.toml", "--progress", "none", "--format", "json"], more].concat();
    desk.run(&words).with_code(0).document()
}

#[test]
fn variants_of_a_run_are_compared_as_compare_would() {
    let desk = Desk::with(&busy());
    let (run, compared) = (told(&desk, "run", &VARIANTS), told(&desk, "compare", &VARIANTS));
    assert_eq!(run["comparisons"], compared["comparisons"]);
    assert_eq!(run["best_set"], compared["best_set"]);
    assert_eq!(run["comparisons"][0]["slas"][0]["verdict"], "better", "{}", run["comparisons"][0]["slas"][0]);
    let plain = told(&desk, "run", &[]);
    assert_eq!((&plain["comparisons"], &plain["best_set"]), (&Value::Null, &Value::Null));
    // What a run finds of itself is the same whatever it is compared with.
    let keys = |of: &Value| {
        let mut of = of.clone();
        for key in ["comparisons", "best_set"] {
            of.as_object_mut().unwrap().remove(key);
        }
        of
    };
    assert_eq!(keys(&run), keys(&plain));
}

#[test]
fn the_runs_of_the_base_are_not_run_again() {
    let desk = Desk::with(&busy());
    let words = [&["run", "s.toml", "--progress", "plain", "--reps", "7", "--format", "json"], &VARIANTS[..]].concat();
    let said = desk.run(&words).with_code(0).stderr;
    assert!(said.contains("--variant: variants, 14 runs"), "{said}");
}

#[test]
fn a_margin_decides_what_matters_and_needs_a_variant() {
    let desk = Desk::with(&busy());
    let wide = told(&desk, "run", &[&VARIANTS[..], &["--margin", "90 points"]].concat());
    assert_eq!(wide["comparisons"][0]["slas"][0]["verdict"], "no real difference");
    assert_eq!(wide["comparisons"][0]["slas"][0]["margin"], 0.9);
    desk.run(&["run", "s.toml", "--margin", "1 point"]).with_code(2);
}

#[test]
fn the_page_and_the_text_tell_what_the_variants_would_do() {
    let desk = Desk::with(&busy());
    let words = [&["run", "s.toml", "--progress", "none", "-o", "out"], &VARIANTS[..]].concat();
    let text = desk.run(&words).with_code(0).stdout;
    assert!(text.contains("What if: variants on the same random numbers") && text.contains("one more"), "{text}");
    let page = String::from_utf8(desk.read("out/report.html")).unwrap().replace('\u{a0}', " ");
    let section = page.split("<section id=\"what-if\">").nth(1).unwrap().split("</section>").next().unwrap();
    for part in [
        "<svg",
        "&#39;one more&#39;: better for &#39;same day&#39; by +",
        "worse for total cost by +",
        "The differences in numbers",
        "What &#39;slower&#39; says differently",
        "p-values of 4 verdicts are adjusted together",
    ] {
        assert!(section.contains(part), "{part}: {section}");
    }
    assert!(page.contains("--variant &#39;one more: pool.floor.shifts.0.heads=3&#39;"), "the command says how");
    let plain = desk.run(&["run", "s.toml", "--progress", "none", "-o", "plain"]).with_code(0);
    assert!(!plain.stdout.contains("What if"), "{}", plain.stdout);
    assert!(!String::from_utf8(desk.read("plain/report.html")).unwrap().contains("id=\"what-if\""));
}

#[test]
fn a_wrong_variant_is_refused_before_anything_is_run() {
    let desk = Desk::with(&busy());
    let ended = desk.run(&["run", "s.toml", "--variant", "slow: seed=4, station.pick.takes='6x'", "-o", "out"]);
    let said = ended.with_code(20).stderr;
    assert!(said.contains("'slow' cannot be loaded") && said.contains("--variant:1:34"), "{said}");
    let other = ["run", "s.toml", "--variant", "other: sla.0.name='next day'", "-o", "out"];
    let said = desk.run(&other).with_code(23).stderr;
    assert!(said.contains("no SLA in common"), "{said}");
    assert!(desk.files("out").is_empty());
}

#[test]
fn the_frontier_of_a_run_is_that_of_its_replications() {
    let desk = Desk::with(SHOP);
    let of_run = told(&desk, "run", &["--reps", "12", "--with", "frontier"]);
    let alone = told(&desk, "frontier", &["--reps", "12"]);
    assert!(of_run["frontier"].is_object());
    assert_eq!(of_run["frontier"], alone["frontier"]);
    assert_eq!(told(&desk, "run", &["--reps", "12"])["frontier"], Value::Null);
}

#[test]
fn the_planned_row_breaks_where_the_headroom_says() {
    let found = told(&Desk::with(SHOP), "run", &["--reps", "10", "--with", "headroom,frontier"]);
    for (line, alone) in [0, 1].map(|k| (&found["frontier"]["lines"][k], &found["breach_points"][k])) {
        assert_eq!((&line["name"], &alone["outcome"]), (&alone["name"], &json!("breaks")));
        assert_eq!(line["rows"][0]["point"], alone["point"], "{line}");
        let (row, together) = (&line["rows"][0]["point"], &line["rows"][0]["together"]);
        assert!(together["low"].as_f64() <= row["low"].as_f64() && row["high"].as_f64() <= together["high"].as_f64());
    }
}

#[test]
fn a_campaign_is_looked_at_down_to_nothing_when_nothing_else_is_said() {
    let desk = Desk::with(&sale());
    let found = told(&desk, "frontier", &["--rows", "2", "--reps", "20"])["frontier"].clone();
    assert_eq!((&found["load"]["path"], &found["load"]["low"]), (&json!("campaign.*.scale"), &json!(0.0)));
    let row = &found["lines"][0]["rows"][0];
    assert!(row["outcome"] == "breaks" && row["point"]["value"].as_f64().unwrap() < 0.5, "{row}");
    // A tenth of a campaign is few orders: the precision is that of a whole one.
    let point = &row["point"];
    let half = 0.5 * (point["high"].as_f64().unwrap() - point["low"].as_f64().unwrap());
    assert!((row["precision_reached"].as_f64().unwrap() - half).abs() < 1e-9, "{row}");
}

#[test]
fn the_heatmap_stands_on_the_page_of_the_run_with_its_sentence_and_its_numbers() {
    let desk = Desk::with(SHOP);
    let words = ["run", "s.toml", "--progress", "none", "--reps", "10", "--with", "frontier", "-o", "out"];
    let text = desk.run(&words).with_code(0).stdout;
    assert!(text.contains("× the plan") && text.contains("exceptions.factor"), "{text}");
    let page = String::from_utf8(desk.read("out/report.html")).unwrap().replace('\u{a0}', " ");
    let section = page.split("<section id=\"frontier\">").nth(1).unwrap().split("</section>").next().unwrap();
    for part in ["<svg", "× the plan", "Where it breaks, in source.*.uplift", "The looks in numbers"] {
        assert!(section.contains(part), "{part}: {section}");
    }
    assert!(page.contains("--with frontier"));
}

#[test]
fn the_frontier_needs_something_that_goes_wrong_and_is_part_of_all_where_something_does() {
    let desk = Desk::with(&busy());
    let said = desk.run(&["run", "s.toml", "--with", "frontier", "-o", "out"]).with_code(2).stderr;
    assert!(said.contains("no [[exceptions.class]]"), "{said}");
    assert!(desk.files("out").is_empty());
    let without = told(&desk, "run", &["--reps", "4", "--with", "all"]);
    assert!(without["frontier"].is_null() && without["breach_points"].is_array());
    let with = told(&Desk::with(SHOP), "run", &["--reps", "4", "--with", "all"]);
    assert!(with["frontier"].is_object() && with["breach_points"].is_array());
}

#[test]
fn threads_change_no_byte_of_variants_and_frontier() {
    let desk = Desk::with(SHOP);
    let run = |threads: &str| {
        let words = ["run", "s.toml", "--progress", "none", "--reps", "8", "--with", "frontier", "-o", threads];
        let variant = ["--variant", "one more: station.pick.servers=3", "--threads", threads];
        desk.run(&[&words[..], &variant].concat()).with_code(0);
        [desk.read(&format!("{threads}/results.json")), desk.read(&format!("{threads}/report.html"))]
    };
    assert!(run("1") == run("3"));
}
