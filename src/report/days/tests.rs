use super::*;
use crate::experiment::RunIdentity;
use crate::experiment::fixture::{model, records};
use jiff::ToSpan;

/// The fixture, Friday and Saturday judged, and after them days that close with so many overdue orders.
fn followed_by(overdue: &[f64]) -> Results {
    let identity = RunIdentity { hash: String::new(), seed: 7, asked: 8, confidence: 0.95 };
    let mut results = Results::fold(&model(), &identity, &records(8));
    for overdue in overdue {
        let last = results.days.last().unwrap().clone();
        results.days.push(DayResult {
            date: last.date.checked_add(1.day()).unwrap(),
            judged: false,
            overdue_at_close: Estimate::point(*overdue, 0.95, 8),
            ..last
        });
    }
    results
}

fn told(results: &Results) -> (Vec<String>, Option<String>) {
    let shown = shown(results);
    (shown.days.iter().map(|day| short_date(day.date)).collect(), shown.tail)
}

#[test]
fn a_quiet_tail_is_one_sentence() {
    // 5 % of 704.5 orders due on a judged day are 35: fewer are no reason for a row of their own.
    let (days, tail) = told(&followed_by(&[20.0, 8.0, 0.2, 3.0, 0.0, 0.1]));
    assert_eq!(days, ["Fri 27 Nov", "Sat 28 Nov"]);
    assert_eq!(
        tail.unwrap(),
        "From Sun 29 Nov to Wed 2 Dec, not judged, at most 20 orders are overdue at a close, 3 at the last of them; the \
         target lets 35 pass on an average judged day."
    );
}

#[test]
fn days_are_shown_until_the_backlog_is_cleared() {
    let (days, tail) = told(&followed_by(&[300.0, 10.0, 90.0, 12.0, 0.0]));
    assert_eq!(days.last().unwrap(), "Tue 1 Dec");
    assert!(tail.unwrap().starts_with("On Wed 2 Dec, not judged, at most 12 orders are overdue"));
    assert_eq!(told(&followed_by(&[300.0, 0.0])).1, None);
}

#[test]
fn no_overdue_order_is_left_out_without_a_word() {
    for overdue in [[0.0, 0.0], [0.6, 0.0], [0.0, 34.0], [36.0, 1.0], [1.0, 36.0]] {
        let results = followed_by(&overdue);
        let (days, tail) = told(&results);
        let hidden = results.days.iter().skip(1 + days.len()).any(|day| super::overdue(day) >= 0.5);
        assert_eq!(hidden, tail.is_some(), "{overdue:?}");
    }
}

#[test]
fn columns_are_those_that_the_results_fill() {
    let mut results = followed_by(&[]);
    let names = |results: &Results| -> Vec<&str> {
        columns(shown(results).days).into_iter().map(|column| column.name(results)).collect()
    };
    assert_eq!(names(&results), ["orders in", "due", "room for", "dispatched", "overdue at close", "heads planned"]);
    for day in &mut results.days {
        day.heads_needed = Estimate::point(13.2, 0.95, 8);
        (day.cages_booked, day.cages_needed) = (Some(22), Estimate::point(20.0, 0.95, 8));
        day.cages_short = Estimate::point(3.4, 0.95, 8);
        day.holds_open = Estimate::point(7.0, 0.95, 8);
    }
    assert_eq!(names(&results)[5..], ["heads planned / needed", "cages booked / needed", "holds open"]);
    let friday = &results.days[1];
    let texts = [Column::Heads, Column::Cages, Column::Holds].map(|column| column.text(&results, friday));
    assert_eq!(texts, ["12 / 14", "22 / 20", "7"]);
    // Overdue beyond what the target lets pass on Friday, nothing on Saturday.
    let bad = |k: usize| Column::Overdue.is_bad(&results, &results.days[k]);
    assert!(bad(1) && !bad(2) && !Column::Holds.is_bad(&results, friday));
    // Twenty cages fit into 22, and still a carrier is short.
    assert!([Column::Heads, Column::Cages].iter().all(|column| column.is_bad(&results, friday)));
    assert_eq!(
        legend(&results, shown(&results).days).last().unwrap(),
        "On 2 days a carrier takes too few cages; the most are missing on Fri 27 Nov: 3.4."
    );
}
