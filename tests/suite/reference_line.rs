//! The line that can be checked on a calculator: the engine against a few lines of arithmetic, and what every
//! complication of real life does to it.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use peaksim::engine::{NobodyWatches, Plan, simulate};
use peaksim::experiment::breach::{Range, Settings, Subject, Vary, find};
use peaksim::experiment::cells::Work;
use peaksim::model::Model;
use peaksim::observation::ReplicationRecord;
use peaksim::scenario::ScenarioText;
use peaksim::scenario::load::Scenario;

const FIRST: Date = date(2026, 11, 2);
const JUDGED: (Date, Date) = (date(2026, 11, 23), date(2026, 12, 4));
const DAYS: usize = 63;
const QUARTERS: usize = DAYS * 96;
/// Orders of a day by hour [%].
const ORDINARY: [f64; 24] = [
    2.0, 1.0, 0.5, 0.3, 0.3, 0.4, 1.0, 2.0, 3.5, 5.0, 6.5, 7.0, 6.5, 6.5, 6.0, 6.0, 6.0, 5.5, 5.5, 6.0, 7.0, 6.5, 5.0,
    4.0,
];
const FRIDAY: [f64; 24] = [
    4.5, 2.0, 1.0, 0.8, 0.8, 1.2, 2.5, 4.0, 5.0, 5.5, 6.0, 6.4, 6.2, 6.0, 5.5, 5.0, 4.8, 4.6, 4.8, 5.2, 5.4, 5.2, 4.4,
    3.2,
];

/// What the calculator says for some heads: everything counted in orders, which it may split.
struct Fluid {
    /// By day: due.
    due: Vec<f64>,
    /// By day: late of those due.
    late: Vec<f64>,
    /// By day: due by then and not yet done.
    overdue: Vec<f64>,
}

fn day(number: usize) -> Date {
    FIRST.checked_add(i64::try_from(number).unwrap().days()).unwrap()
}

/// Orders of an hour with the campaigns at `scale` of what is planned.
fn intake(number: usize, hour: usize, scale: f64) -> f64 {
    let at = day(number);
    let week = [15.7, 15.0, 15.9, 15.5, 14.9, 10.6, 12.4];
    let uplift = match (at.month(), at.day()) {
        (11, 16..=26) => 1.35,
        (11, 27) => 3.5,
        (11, 28) => 2.0,
        (11, 29) => 2.2,
        (11, 30) => 3.0,
        (12, 1..=3) => 1.6,
        _ => 1.0,
    };
    let shape = if at == date(2026, 11, 27) { FRIDAY } else { ORDINARY };
    let weekday = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
    let uplift = 1.0 + (uplift - 1.0) * scale;
    660.0 * 7.0 * week[weekday] / 100.0 * uplift * shape[hour] / shape.iter().sum::<f64>()
}

/// Nobody works on Sundays and nothing falls due; an order from 14:00 on is due a working day later.
fn due_day(number: usize, hour: usize) -> usize {
    let mut due = number + usize::from(hour >= 14);
    while day(due).weekday() == Weekday::Sunday {
        due += 1;
    }
    due
}

/// First in, first out means: what has come in all is served in the order in which it came. So an order is done once
/// the work done in all has passed the orders that came in all up to it, and two running sums say everything.
fn fluid(heads: f64, scale: f64) -> Fluid {
    let hours_of_an_order = 203.103 / 3600.0;
    let mut came = vec![0.0; QUARTERS + 1];
    let mut done = vec![0.0; QUARTERS + 1];
    for quarter in 0..QUARTERS {
        let (number, of_day) = (quarter / 96, quarter % 96);
        came[quarter + 1] = came[quarter] + intake(number, of_day / 4, scale) / 4.0;
        // 08:00 to 16:30 without 10:00-10:15, 12:00-12:30 and 15:00-15:15.
        let at_work = (32..66).contains(&of_day) && ![40, 48, 49, 60].contains(&of_day);
        let works = at_work && day(number).weekday() != Weekday::Sunday;
        let capacity = if works { heads * 0.25 / hours_of_an_order } else { 0.0 };
        done[quarter + 1] = (done[quarter] + capacity).min(came[quarter + 1]);
    }
    let mut result = Fluid { due: vec![0.0; DAYS], late: vec![0.0; DAYS], overdue: vec![0.0; DAYS] };
    let mut due_in_all = 0.0;
    for number in 0..DAYS {
        // All that came before the cut-off of the day is due by its end, whatever day it was due on.
        let last = (0..QUARTERS).rev().find(|q| due_day(q / 96, q % 96 / 4) <= number);
        let due_by_now = last.map_or(0.0, |quarter| came[quarter + 1]);
        let done_by_now = done[(number + 1) * 96];
        result.due[number] = due_by_now - due_in_all;
        result.overdue[number] = (due_by_now - done_by_now).max(0.0);
        result.late[number] = result.overdue[number].min(result.due[number]);
        due_in_all = due_by_now;
    }
    result
}

fn number_of(at: Date) -> usize {
    usize::try_from((at - FIRST).get_days()).unwrap()
}

fn run(model: &Model, replication: u64) -> ReplicationRecord {
    let plan = Plan::new(model).unwrap();
    simulate(&plan, 1, replication, &AtomicBool::new(false), &mut NobodyWatches).unwrap()
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Two per cent for the quarter hours of the calculator, and an order a head: it splits orders, people do not, and each
/// of them has one in hand when the bell rings.
fn close(found: f64, expected: f64, heads: f64) -> bool {
    (found - expected).abs() <= 0.02 * expected.abs() + heads
}

#[test]
fn the_reference_line_gives_the_figures_of_a_calculator() {
    for heads in [8.0, 12.0, 16.0] {
        let expected = fluid(heads, 1.0);
        // A run goes on only until the judged orders have ended; here until every head count has caught up.
        let overrides = [format!("pool.floor.shifts.0.heads={heads}"), "horizon.judge.last=2026-12-23".to_owned()];
        let scenario = Scenario::load(&folder().join("reference-line.toml"), &overrides).unwrap();
        let record = run(&scenario.model, 0);
        let (first, last) = (number_of(JUDGED.0), number_of(JUDGED.1));
        let (mut due, mut late, mut expected_due, mut expected_late) = (0.0, 0.0, 0.0, 0.0);
        for number in first..=last {
            let found = record.days[number];
            assert_eq!(scenario.model.days[number].date, day(number));
            let overdue = found.overdue_at_close as f64;
            let text = format!("{heads} heads, {}: {found:?}", day(number));
            assert!(close(found.due as f64, expected.due[number], heads), "{text}, due {}", expected.due[number]);
            assert!(close(overdue, expected.overdue[number], heads), "{text}, overdue {}", expected.overdue[number]);
            let window = record.slas[0].windows[number - first];
            due += window.due as f64;
            late += window.late as f64;
            expected_due += expected.due[number];
            expected_late += expected.late[number];
        }
        // One order a head for each of the days that may close with late orders.
        let days = (last - first + 1) as f64;
        assert!(close(late, expected_late, heads * days), "{heads} heads: {late} late, not {expected_late}");
        let (found, attainment) = (1.0 - late / due, 1.0 - expected_late / expected_due);
        assert!((found - attainment).abs() <= 0.02 * attainment, "{heads} heads: kept {found}, not {attainment}");
        assert_eq!(cleared(&overdue_of(&record), heads), cleared(&expected.overdue, heads), "{heads} heads");
    }
}

fn overdue_of(record: &ReplicationRecord) -> Vec<f64> {
    record.days.iter().map(|day| day.overdue_at_close as f64).collect()
}

/// The first day after the worst one that closes without overdue orders, whole-order effects aside.
fn cleared(overdue: &[f64], heads: f64) -> Option<Date> {
    let worst = (0..overdue.len()).max_by(|a, b| overdue[*a].total_cmp(&overdue[*b]))?;
    (worst..overdue.len()).find(|number| overdue[*number] <= heads).map(day)
}

#[test]
fn the_calculator_itself_says_what_the_capacity_says() {
    // 8 heads do 8 x 7.5 h / 203.103 s = 1,063 orders a day, less than comes: the backlog grows by the difference.
    let line = fluid(8.0, 1.0);
    let monday = number_of(date(2026, 11, 30));
    let came_due = line.due[monday];
    let growth = line.overdue[monday] - line.overdue[monday - 2];
    assert!((growth - (came_due - 8.0 * 7.5 * 3600.0 / 203.103)).abs() < 1e-6, "{growth}");
}

/// A complication of real life, one at a time.
struct Complication {
    name: &'static str,
    /// What is replaced in the text of the scenario, and by what.
    changes: &'static [(&'static str, &'static str)],
    /// What is added at its end.
    added: &'static str,
    /// Why attainment may rise all the same, where it may; then by no more than half a per cent.
    may_rise_because: Option<&'static str>,
}

const COMPLICATIONS: [Complication; 8] = [
    Complication {
        name: "sync poll",
        changes: &[("next = \"work\"", "next = \"order sync\"")],
        added: "[[station]]\nname = \"order sync\"\nlayer = \"integration\"\nservers = \"unlimited\"\ntakes = \"1s\"\n\
                release = { poll = \"15m\" }\nnext = \"work\"\n",
        may_rise_because: None,
    },
    Complication {
        name: "hourly waves",
        changes: &[(
            "takes = \"203.103s\"",
            "takes = \"203.103s\"\nrelease = { every = \"60m\", from = \"07:00\", to = \"16:00\", days = \"mon-sat\" }",
        )],
        added: "",
        may_rise_because: None,
    },
    Complication {
        name: "carts",
        changes: &[(
            "takes = \"203.103s\"",
            "takes = { fixed = \"203.103s\" }\ncart = { orders = 10, starts_when = \"full or 20m\" }",
        )],
        added: "",
        may_rise_because: None,
    },
    Complication {
        name: "benches",
        changes: &[("takes = \"203.103s\"", "takes = \"203.103s\"\nequipment = { benches = 12 }")],
        added: "",
        may_rise_because: None,
    },
    Complication {
        name: "holds",
        changes: &[],
        added: "[[hold]]\nname = \"fraud review\"\nshare = \"2%\"\nowner = \"risk desk\"\ntakes = \"8m\"\n\
                [[desk]]\nname = \"risk desk\"\npeople = 1\n\
                works = [{ days = \"mon-fri\", from = \"09:00\", to = \"17:00\" }]\n",
        may_rise_because: Some("an order held past its promise leaves its place in the queue to one in time"),
    },
    Complication {
        // Taken up first: pallets stand in the way. Taken up last it waits for the orders, and costs them nothing here.
        name: "other work",
        changes: &[("step_down = \"return\"", "order_of_work = [\"receive\", \"work\"]\nstep_down = \"return\"")],
        added: "[[source]]\nname = \"goods in\"\nkind = \"work\"\norders_per_day = 35.6\nnext = \"receive\"\n\
                [[station]]\nname = \"receive\"\npool = \"floor\"\ntakes = \"15m\"\nnext = \"done\"\n",
        may_rise_because: None,
    },
    Complication {
        name: "random service",
        changes: &[("takes = \"203.103s\"", "takes = { mean = \"203.103s\", cv = 0.6 }")],
        added: "",
        may_rise_because: Some("a day's work may by chance be less than planned; over many orders it hardly is"),
    },
    Complication {
        name: "random demand",
        changes: &[(
            "process = \"even\" # evenly spaced along the curve",
            "busyness = { day_cv = 0.12, hour_cv = 0.15 }",
        )],
        added: "",
        may_rise_because: Some(
            "on a day that is far over capacity anyway, a quieter day gains what a busier one loses",
        ),
    },
];

/// Pooled attainment of the first SLA over so many replications.
fn attainment(text: &str, replications: u64) -> f64 {
    let scenario = Scenario::from_text(text, &folder(), &[]).unwrap();
    let (mut due, mut late) = (0, 0);
    for replication in 0..replications {
        for window in &run(&scenario.model, replication).slas[0].windows {
            due += window.due;
            late += window.late;
        }
    }
    1.0 - late as f64 / due as f64
}

#[test]
fn no_complication_makes_the_line_better() {
    // 16 heads: enough on most days, so that what is taken away shows.
    let base =
        std::fs::read_to_string(folder().join("reference-line.toml")).unwrap().replace("heads = 12", "heads = 16");
    let plain = attainment(&base, 1);
    assert!((0.9..0.99).contains(&plain), "{plain}");
    for complication in &COMPLICATIONS {
        let mut text = base.clone();
        for (old, new) in complication.changes {
            assert!(text.contains(old), "{}: the scenario does not say {old}", complication.name);
            text = text.replace(old, new);
        }
        text.push_str(complication.added);
        let random = complication.name.starts_with("random");
        let found = attainment(&text, if random { 8 } else { 1 });
        match complication.may_rise_because {
            None => assert!(found < plain, "{}: {found}, no worse than {plain}", complication.name),
            Some(_) => assert!(found <= plain + 0.005, "{}: {found}, better than {plain}", complication.name),
        }
    }
}

/// The largest scale of the campaigns at which every judged day has at most 1.5 % of what is due late, by bisection.
fn breach_of_calculator(heads: f64) -> f64 {
    let (mut kept, mut broken) = (0.0, 3.0);
    for _ in 0..30 {
        let middle = 0.5 * (kept + broken);
        let found = fluid(heads, middle);
        let holds = (number_of(JUDGED.0)..=number_of(JUDGED.1)).all(|k| found.late[k] <= 0.015 * found.due[k]);
        if holds { kept = middle } else { broken = middle }
    }
    kept
}

/// The shipped line with some heads, as a function of the campaigns' scale.
struct Line {
    text: ScenarioText,
    heads: u32,
}

impl Vary for Line {
    type Error = String;

    fn at(&self, value: f64) -> Result<Model, String> {
        let sets = [format!("pool.floor.shifts.0.heads={}", self.heads), format!("campaign.*.scale={value}")];
        self.text.load(&sets).map(|scenario| scenario.model).map_err(|error| error.to_string())
    }
}

#[test]
fn the_line_breaks_where_the_calculator_says_it_does() {
    for heads in [10_u32, 12, 16, 20] {
        let line = Line { text: ScenarioText::read(&folder().join("reference-line.toml")).unwrap(), heads };
        let stop = AtomicBool::new(false);
        let work = Work { seed: 1, threads: None, stop: &stop };
        let settings = Settings { work, confidence: 0.95, precision: 0.005, replications: None };
        let range = Range { low: 0.0, high: 3.0, whole: false };
        let found = find(&line, range, &[Subject::Sla(0)], settings, &mut |_| {}).unwrap().remove(0);
        // What the line is asked to do on Friday: 3.5 times an ordinary day at the full scale.
        let friday = |scale: f64| 1.0 + 2.5 * scale;
        let (expected, value) = (friday(breach_of_calculator(f64::from(heads))), friday(found.point.value.unwrap()));
        assert!((value - expected).abs() <= 0.02 * expected, "{heads} heads: Friday x{value:.3}, not x{expected:.3}");
    }
}
