use super::*;
use crate::experiment::RunIdentity;
use crate::experiment::fixture::{parts, records};
use crate::model::{Model, ModelParts};

fn folded(change: impl Fn(&mut ModelParts), count: u64) -> Results {
    let mut parts = parts();
    change(&mut parts);
    let identity = RunIdentity { hash: "feed".to_owned(), seed: 7, asked: count, confidence: 0.95 };
    Results::fold(&Model::assemble(parts).unwrap(), &identity, &records(count))
}

const REPORT: &str = include_str!("breached.txt");

#[test]
fn the_report_of_a_breached_promise() {
    let expected = REPORT.replace("VERSION", env!("CARGO_PKG_VERSION"));
    assert_eq!(report(&folded(|_| (), 8), false), expected);
}

#[test]
fn colour_adds_nothing_to_the_letters_and_no_line_is_too_wide() {
    let results = folded(
        |parts| {
            parts.title = "A peak ".repeat(30);
            parts.slas[0].name = "dispatched on the day that the customer was promised".to_owned();
            parts.stations[1].name = "pick-by-light-in-the-mezzanine-of-the-second-hall".to_owned();
        },
        8,
    );
    let plain = report(&results, false);
    assert!(plain.lines().all(|line| line.chars().count() <= usize::from(WIDTH)), "{plain}");
    let mut bare = String::new();
    let coloured = report(&results, true);
    for (k, part) in coloured.split('\u{1b}').enumerate() {
        bare.push_str(if k == 0 { part } else { part.split_once('m').expect("an escape ends").1 });
    }
    assert!(coloured.len() > plain.len());
    assert_eq!(bare, plain);
}

#[test]
fn a_line_never_ends_between_a_number_and_what_it_counts() {
    // Forty lengths of the title before it put the sentence's numbers at every column.
    for length in 1..40 {
        let results = folded(|parts| parts.slas[0].name = "p".repeat(length), 8);
        let text = report(&results, false);
        assert!(!text.contains('\u{a0}'));
        let said = text.split("\n\n").next().unwrap();
        let ends = |line: &str| {
            let last = line.rsplit(' ').next().unwrap_or_default();
            last.starts_with(|letter: char| letter.is_ascii_digit())
                && last.ends_with(|letter: char| letter.is_ascii_digit())
                && !last.contains(':')
        };
        let split = said.lines().find(|line| ends(line));
        assert!(split.is_none(), "{split:?}");
    }
}

fn sentences(target: f64, count: u64) -> Vec<String> {
    headline(&folded(|parts| parts.slas[0].target = target, count)).sentences
}

#[test]
fn a_kept_promise_is_told_with_its_numbers() {
    assert_eq!(
        sentences(0.85, 8),
        [
            "The SLA is kept.",
            "'dispatched as promised': 101 of 1,409 orders due in a run are late (kept 92.8 %, 95 % interval 92.2 % to \
         93.4 %); the target is 85 % in every window; the oldest is 2.8 h late.",
        ]
    );
}

#[test]
fn what_cannot_be_told_says_why() {
    assert_eq!(
        sentences(0.85, 1)[0],
        "Whether 'dispatched as promised' is kept cannot be told: 1 replication has no interval."
    );
    assert_eq!(
        sentences(0.9, 8)[0],
        "Whether 'dispatched as promised' is kept cannot be told from 8 replications: more would narrow the interval."
    );
    let none = folded(|parts| parts.slas[0].min_orders = 9_999, 8);
    assert!(headline(&none).sentences[0].ends_with("no window holds enough orders to be judged."));
}

#[test]
fn the_first_of_several_breaks_is_named() {
    let results = {
        let mut parts = parts();
        let mut later = parts.slas[0].clone();
        later.name = "by the evening".to_owned();
        parts.slas.insert(0, later);
        let mut records = records(8);
        for record in &mut records {
            let mut later = record.slas[0].clone();
            later.first_breach = later.first_breach.map(|at| at + crate::time::TICKS_PER_HOUR);
            record.slas.insert(0, later);
        }
        let identity = RunIdentity { hash: String::new(), seed: 7, asked: 8, confidence: 0.95 };
        Results::fold(&Model::assemble(parts).unwrap(), &identity, &records)
    };
    assert!(headline(&results).sentences[0].starts_with(
        "'dispatched as promised' breaks first, on Friday 27 November, 18:00 (in the middle run; it breaks in 8 of 8"
    ));
}
