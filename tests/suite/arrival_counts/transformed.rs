//! By its integrated rate a Poisson process is one of rate 1: gaps are exponential, positions uniform, and counts as
//! dispersed as Poisson counts.

use super::{DAY, FARTHEST, HOUR, MOST, arrivals, count_score, counts, days, dispersion_score};
use super::{distance_from_uniform, source, span, times};

/// Shares of a day's hours, of the weekdays from Monday on, and of the campaign's day.
const HOURLY: [f64; 24] = [
    2.0, 1.0, 0.5, 0.3, 0.3, 0.4, 1.0, 2.0, 3.5, 5.0, 6.5, 7.0, 6.5, 6.5, 6.0, 6.0, 6.0, 5.5, 5.5, 6.0, 7.0, 6.5, 5.0,
    4.0,
];
const WEEKDAYS: [f64; 7] = [1.3, 1.0, 1.1, 1.0, 0.9, 0.5, 0.6];
const ORDERS_PER_DAY: f64 = 1_500.0;
const WEEKS: usize = 4;
const END: u64 = WEEKS as u64 * 7 * DAY;
/// The campaign's day, counted from the start (27 November), and its factor.
const CAMPAIGN: (usize, f64) = (25, 3.5);
/// Hours from the start to the mailing, and the orders it brings.
const SENT: f64 = 25.0 * 24.0 + 7.5;
const ANSWERS: f64 = 40_000.0;

fn shop() -> peaksim::model::Model {
    let list = |values: &[f64]| values.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
    let [mon, tue, wed, thu, fri, sat, sun] = WEEKDAYS;
    let weekday = format!("mon = {mon}, tue = {tue}, wed = {wed}, thu = {thu}, fri = {fri}, sat = {sat}, sun = {sun}");
    let curve = format!("orders_per_day = {ORDERS_PER_DAY}\nhourly = [{}]\nweekday = {{ {weekday} }}\n", list(&HOURLY));
    let campaigns = format!(
        "[[campaign]]\nname = \"Black Friday\"\ndays = {{ 2026-11-27 = {} }}\n\
         [[campaign]]\nname = \"mail\"\nsent = 2026-11-27T07:30:00\norders = {ANSWERS}\ncounted = \"on top\"\n\
         response = [{{ share = \"60%\", half_life = \"90m\" }}, {{ share = \"40%\", half_life = \"8h\" }}]\n",
        CAMPAIGN.1
    );
    days("UTC", "2026-11-29", &(source("web", &curve) + &campaigns))
}

/// Expected orders of the curve from the start to the end of each hour, worked out here from the numbers above.
fn expected_by_hour(hourly: &[f64; 24], weekdays: &[f64; 7]) -> Vec<f64> {
    let (day, week) = (hourly.iter().sum::<f64>(), weekdays.iter().sum::<f64>() / 7.0);
    let mut sum = 0.0;
    let mut expected = vec![0.0];
    for day_number in 0..WEEKS * 7 {
        let campaign = if day_number == CAMPAIGN.0 { CAMPAIGN.1 } else { 1.0 };
        for share in hourly {
            sum += ORDERS_PER_DAY * weekdays[day_number % 7] / week * campaign * share / day;
            expected.push(sum);
        }
    }
    expected
}

/// Expected orders from the start to `at`, linear within an hour.
fn integrated(expected: &[f64], at: u64) -> f64 {
    let (hour, within) = ((at / HOUR) as usize, (at % HOUR) as f64 / HOUR as f64);
    let next = expected[(hour + 1).min(expected.len() - 1)];
    expected[hour] + (next - expected[hour]) * within
}

/// Share of all answers that have come by `at`.
fn answered(at: u64) -> f64 {
    let hours = at as f64 / HOUR as f64 - SENT;
    0.6 * (1.0 - libm::exp2(-hours / 1.5)) + 0.4 * (1.0 - libm::exp2(-hours / 8.0))
}

/// What is to be seen of arrivals at given integrals of the rate.
#[derive(Debug)]
struct Seen {
    /// Distance of the gaps from exponential ones.
    gaps: f64,
    /// Distance of the positions from uniform ones.
    positions: f64,
    /// Score of the dispersion in bins of ten expected arrivals.
    dispersion: f64,
    /// Score of their number.
    number: f64,
}

impl Seen {
    fn of(integrals: &[f64], end: f64) -> Seen {
        let gap = |k: usize| integrals[k] - if k == 0 { 0.0 } else { integrals[k - 1] };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand bins; millionths")]
        let (bins, scaled) = ((end / 10.0) as usize, integrals.iter().map(|at| (at * 1e6) as u64).collect::<Vec<_>>());
        Seen {
            gaps: distance_from_uniform((0..integrals.len()).map(|k| 1.0 - libm::exp(-gap(k))).collect()),
            positions: distance_from_uniform(integrals.iter().map(|at| at / end).collect()),
            dispersion: dispersion_score(&counts(&scaled, 0, 10_000_000, bins), &vec![10.0; bins]),
            number: count_score(integrals.len() as f64, end),
        }
    }

    fn is_a_poisson_process_of_rate_one(&self) -> bool {
        self.gaps < FARTHEST && self.positions < FARTHEST && self.dispersion.abs() < MOST && self.number.abs() < MOST
    }
}

#[test]
fn by_the_integrated_rate_arrivals_are_a_poisson_process_of_rate_one() {
    let expected = expected_by_hour(&HOURLY, &WEEKDAYS);
    let mail_end = ANSWERS * answered(END);
    for run in arrivals(&shop(), 20_261_127, 3) {
        let curve: Vec<f64> = before(&run[0], END).iter().map(|at| integrated(&expected, *at)).collect();
        let mail: Vec<f64> = before(&run[1], END).iter().map(|at| ANSWERS * answered(*at)).collect();
        assert!(curve.len() > 40_000 && mail.len() > 35_000);
        assert!(mail.iter().all(|at| *at >= 0.0), "an answer before the mailing");
        for (what, seen) in
            [("curve", Seen::of(&curve, expected[expected.len() - 1])), ("mail", Seen::of(&mail, mail_end))]
        {
            assert!(seen.is_a_poisson_process_of_rate_one(), "{what}: {seen:?}");
        }
    }
}

#[test]
fn by_a_wrong_rate_they_are_not() {
    let run = arrivals(&shop(), 20_261_127, 1).remove(0);
    let right = expected_by_hour(&HOURLY, &WEEKDAYS);
    let (mut later, mut saturday) = (HOURLY, WEEKDAYS);
    later.rotate_right(1);
    saturday.swap(4, 5);
    let seen = |expected: &[f64]| {
        let integrals: Vec<f64> = before(&run[0], END).iter().map(|at| integrated(expected, *at)).collect();
        Seen::of(&integrals, expected[expected.len() - 1])
    };
    assert!(seen(&right).is_a_poisson_process_of_rate_one());
    for (what, expected) in [
        ("an hour later", expected_by_hour(&later, &WEEKDAYS)),
        ("evenly", expected_by_hour(&[1.0; 24], &WEEKDAYS)),
        ("without weekdays", expected_by_hour(&HOURLY, &[1.0; 7])),
        ("Friday and Saturday exchanged", expected_by_hour(&HOURLY, &saturday)),
        ("3 % more", right.iter().map(|sum| sum * 1.03).collect()),
    ] {
        let seen = seen(&expected);
        assert!(!seen.is_a_poisson_process_of_rate_one(), "{what} is not told from the right rate: {seen:?}");
    }
}

fn before(times: &[u64], end: u64) -> &[u64] {
    &times[..times.partition_point(|at| *at < end)]
}

#[test]
fn arrivals_that_are_not_poisson_are_told_from_those_that_are() {
    let minutes = 60 * 24 * 100;
    let seen = |more: &str| {
        let found = times(&span(minutes, &source("web", more)), 5);
        let integrals: Vec<f64> = found.iter().map(|at| *at as f64 / HOUR as f64 * 20.0).collect();
        Seen::of(&integrals, minutes as f64 / 3.0)
    };
    for poisson in ["rate = \"20/h\"", "between = { exponential = \"3m\" }"] {
        let seen = seen(poisson);
        assert!(seen.is_a_poisson_process_of_rate_one(), "{poisson}: {seen:?}");
    }
    let regular = seen("between = { gamma = \"3m\", shape = 1.2 }");
    assert!(regular.gaps > FARTHEST && regular.dispersion < -MOST, "a little too regular: {regular:?}");
    let bunched = seen("between = { gamma = \"3m\", shape = 0.85 }");
    assert!(bunched.gaps > FARTHEST && bunched.dispersion > MOST, "a little too bunched: {bunched:?}");
    let busy = seen("rate = \"20/h\"\nbusyness = { hour_cv = 0.15 }");
    assert!(busy.dispersion > MOST, "busyness: {busy:?}");
}
