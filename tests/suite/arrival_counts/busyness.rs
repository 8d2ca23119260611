//! With busyness, counts have the variance that its factors give them; so the dispersion that was measured on real
//! orders can be had by choosing them.
//!
//! Given the day's factor G and the hours' factors H (mean 1, coefficients of variation a and b, independent), the
//! orders of hour j are Poisson with mean G·H_j·m_j. By the law of total variance, with m = Σ m_j:
//!
//! - an hour around its mean: Var N_j = m_j + m_j²·((1 + a²)(1 + b²) - 1), the factors' second moments being 1 + a²
//!   and 1 + b²;
//! - a day: Var N = m + a²·m² + (1 + a²)·b²·Σ m_j², since E G² (Σ H_j m_j)² = (1 + a²)(m² + b² Σ m_j²);
//! - an hour around its share p_j = m_j/m of the day's total: given the factors, N_j - p_j·N has variance
//!   (1 - p_j)²·λ_j + p_j²·Σ_{i≠j} λ_i, on average m_j·(1 - p_j), and mean G·(m_j·H_j - p_j Σ m_i·H_i), whose variance
//!   is (1 + a²)·b²·m_j²·((1 - p_j)² + Σ_{i≠j} p_i²). On an even curve the ratio to m_j·(1 - p_j) is
//!   1 + (1 + a²)·b²·m_j. The day's factor has gone.

use super::{HOUR, MOST_OF_MANY, arrivals, counts, days, source};
use peaksim::statistics::sample::standard_error;

/// Days a replication, and replications.
const LENGTH: usize = 100;
const REPLICATIONS: u64 = 100;
const LAST: &str = "2027-02-09";

/// Variance-to-mean ratios of one day's counts, or what they are on average.
#[derive(Clone, Copy, Debug)]
struct Dispersion {
    day: f64,
    hour: f64,
    hour_within_day: f64,
}

impl Dispersion {
    /// By the formulas above, for the means of 24 hours.
    fn expected(a: f64, b: f64, means: &[f64]) -> Dispersion {
        let (day_squared, hour_squared) = (a * a, b * b);
        let m: f64 = means.iter().sum();
        let squares: f64 = means.iter().map(|m_j| m_j * m_j).sum();
        let within: f64 = means
            .iter()
            .map(|m_j| {
                let p = m_j / m;
                let others = squares / (m * m) - p * p;
                (1.0 + day_squared) * hour_squared * m_j * m_j * ((1.0 - p) * (1.0 - p) + others)
            })
            .sum();
        let binomial: f64 = means.iter().map(|m_j| m_j * (1.0 - m_j / m)).sum();
        Dispersion {
            day: 1.0 + day_squared * m + (1.0 + day_squared) * hour_squared * squares / m,
            hour: 1.0 + ((1.0 + day_squared) * (1.0 + hour_squared) - 1.0) * squares / m,
            hour_within_day: 1.0 + within / binomial,
        }
    }

    /// Of the counts of one day.
    fn of(counts: &[f64], means: &[f64]) -> Dispersion {
        let (n, m): (f64, f64) = (counts.iter().sum(), means.iter().sum());
        let square = |x: f64| x * x;
        let around_mean: f64 = counts.iter().zip(means).map(|(n_j, m_j)| square(n_j - m_j)).sum();
        let around_share: f64 = counts.iter().zip(means).map(|(n_j, m_j)| square(n_j - m_j / m * n)).sum();
        let binomial: f64 = means.iter().map(|m_j| m_j * (1.0 - m_j / m)).sum();
        Dispersion { day: square(n - m) / m, hour: around_mean / m, hour_within_day: around_share / binomial }
    }
}

/// A mean with its standard error, over independent days.
#[derive(Clone, Copy, Debug)]
struct Found {
    mean: f64,
    error: f64,
}

impl Found {
    fn of(values: &[f64]) -> Found {
        Found { mean: values.iter().sum::<f64>() / values.len() as f64, error: standard_error(values).unwrap() }
    }

    fn score(self, expected: f64) -> f64 {
        (self.mean - expected) / self.error
    }

    /// Agrees with what is expected, is precise enough to say so, and is no Poisson process's unless nearly one is
    /// expected.
    fn agrees(self, what: &str, expected: f64) {
        let score = self.score(expected);
        assert!(score.abs() < MOST_OF_MANY, "{what}: {self:?} for {expected}: score {score}");
        assert!(self.error < 0.03 * expected, "{what}: {self:?} says nothing");
        if expected > 1.2 {
            assert!(self.score(1.0) > MOST_OF_MANY, "{what}: {self:?} could be that of a Poisson process");
        }
    }
}

/// The dispersion of 10,000 days' counts on a curve of these means.
fn simulated(timezone: &str, busyness: &str, means: &[f64; 24], seed: u64) -> [Found; 3] {
    let list = means.map(|m| m.to_string()).join(", ");
    let orders: f64 = means.iter().sum();
    let more = format!("orders_per_day = {orders}\nhourly = [{list}]\n{busyness}");
    let model = days(timezone, LAST, &source("web", &more));
    let of_days: Vec<Dispersion> = arrivals(&model, seed, REPLICATIONS)
        .iter()
        .flat_map(|run| {
            let hours = counts(&run[0], 0, HOUR, 24 * LENGTH);
            hours.chunks(24).map(|day| Dispersion::of(day, means)).collect::<Vec<_>>()
        })
        .collect();
    let found = |of: fn(&Dispersion) -> f64| Found::of(&of_days.iter().map(of).collect::<Vec<_>>());
    [found(|d| d.day), found(|d| d.hour), found(|d| d.hour_within_day)]
}

fn assert_expected(found: [Found; 3], a: f64, b: f64, means: &[f64; 24]) {
    let expected = Dispersion::expected(a, b, means);
    let [day, hour, within] = found;
    day.agrees("days", expected.day);
    hour.agrees("hours", expected.hour);
    within.agrees("hours within their day", expected.hour_within_day);
}

#[test]
fn without_busyness_counts_have_the_variance_of_poisson_counts() {
    let means: [f64; 24] = std::array::from_fn(|hour| 1.0 + 0.3 * hour as f64);
    for found in simulated("UTC", "", &means, 31) {
        assert!(found.score(1.0).abs() < MOST_OF_MANY && found.error < 0.02, "{found:?}");
    }
}

/// The shop of the shipped scenarios: its curve, and the busyness that all of them use.
const SHIPPED_CURVE: [f64; 24] = [
    2.0, 1.0, 0.5, 0.3, 0.3, 0.4, 1.0, 2.0, 3.5, 5.0, 6.5, 7.0, 6.5, 6.5, 6.0, 6.0, 6.0, 5.5, 5.5, 6.0, 7.0, 6.5, 5.0,
    4.0,
];
const SHIPPED_DAY: f64 = 0.12;
const SHIPPED_HOUR: f64 = 0.15;

#[test]
fn the_busyness_of_the_shipped_scenarios_gives_the_variance_of_its_formula() {
    let total: f64 = SHIPPED_CURVE.iter().sum();
    let means = SHIPPED_CURVE.map(|share| 660.0 * share / total);
    let busyness = format!("busyness = {{ day_cv = {SHIPPED_DAY}, hour_cv = {SHIPPED_HOUR} }}");
    let found = simulated("UTC", &busyness, &means, 32);
    assert_expected(found, SHIPPED_DAY, SHIPPED_HOUR, &means);
    // A tenth more or less of either factor would be noticed.
    for (a, b) in [(0.132, 0.15), (0.108, 0.15), (0.12, 0.18), (0.12, 0.12)] {
        let wrong = Dispersion::expected(a, b, &means);
        let scores = [found[0].score(wrong.day), found[1].score(wrong.hour), found[2].score(wrong.hour_within_day)];
        assert!(scores.iter().any(|score| score.abs() > MOST_OF_MANY), "{a}, {b}: {scores:?}");
    }
}

#[test]
fn other_shapes_of_the_factors_have_the_same_variance() {
    let means: [f64; 24] = std::array::from_fn(|hour| 2.0 + (hour % 6) as f64);
    let two_kinds = "busyness = { day = { values = [0.8, 1.3], shares = [\"60%\", \"40%\"] } }";
    // 0.6 · 0.2² + 0.4 · 0.3² = 0.06.
    assert_expected(simulated("UTC", two_kinds, &means, 33), 0.06_f64.sqrt(), 0.0, &means);
    let log_normal = "busyness = { day = { cv = 0.3, shape = \"lognormal\" }, hour_cv = 0.2 }";
    assert_expected(simulated("UTC", log_normal, &means, 34), 0.3, 0.2, &means);
}

/// A row of `fixtures/dispersion.csv`, where the sources and their licences stand.
struct Row {
    dataset: String,
    bin: String,
    period: String,
    measure: String,
    dispersion: f64,
    mean: f64,
}

impl Row {
    fn name(&self) -> String {
        format!("{}, {} of {}, {}", self.dataset, self.bin, self.period, self.measure)
    }
}

fn measured() -> Vec<Row> {
    let text = include_str!("../../fixtures/dispersion.csv");
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let row = |row: csv::StringRecord| {
        let [dataset, bin, period, measure] = [0, 1, 2, 3].map(|k| row[k].to_owned());
        Row { dataset, bin, period, measure, dispersion: row[4].parse().unwrap(), mean: row[5].parse().unwrap() }
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// What no busyness is claimed to give, and why.
fn not_claimed(row: &Row) -> Option<&'static str> {
    let within = row.measure.starts_with("around day total");
    match (row.dataset.as_str(), row.bin.as_str()) {
        ("olist", "1 h") if row.period.contains("peak") => {
            Some("a campaign's days, which are planned, not busy by chance")
        }
        ("olist", "1 h") if within => Some("less than Poisson counts, which no factor of mean 1 can make more even"),
        ("uci", "5 min") => Some("bins shorter than an hour vary within it as Poisson counts do"),
        _ => None,
    }
}

/// A busyness on an even curve that gives two measured rows.
struct Chosen {
    period: String,
    a: f64,
    b: f64,
    mean: f64,
    within_day: f64,
    around_mean: f64,
}

/// For every period of `dataset` in bins of an hour that is claimed: b from the hours within their day, then a from what
/// is left. (1 + a²)(1 + b²) = 1 + (D - 1)/m and (1 + a²)·b² = (D' - 1)/m give a² = (D - D')/m. Where hours within their
/// day vary less than Poisson counts there is no b.
fn chosen_for_hours(dataset: &str) -> Vec<Chosen> {
    let rows: Vec<Row> = measured().into_iter().filter(|row| row.dataset == dataset && row.bin == "1 h").collect();
    let pair = |pair: &[Row]| {
        let [within, around] = pair else { panic!("two rows of a period") };
        assert!(
            within.measure.starts_with("around day total") && around.measure.starts_with("around weekday-hour mean")
        );
        assert_eq!(within.period, around.period);
        let within_day = if not_claimed(within).is_some() { 1.0 } else { within.dispersion };
        let day_squared = (around.dispersion - within_day) / around.mean;
        let hour_squared = (within_day - 1.0) / around.mean / (1.0 + day_squared);
        let (a, b) = (day_squared.sqrt(), hour_squared.sqrt());
        let (period, around_mean) = (around.period.clone(), around.dispersion);
        not_claimed(around).is_none().then_some(Chosen { period, a, b, mean: around.mean, within_day, around_mean })
    };
    rows.chunks(2).filter_map(pair).collect()
}

/// The busyness of Olist's days: its hours within them vary no more than Poisson counts.
fn olist_days() -> (f64, Row) {
    let row = measured().into_iter().find(|row| row.dataset == "olist" && row.bin == "1 day").unwrap();
    (((row.dispersion - 1.0) / row.mean).sqrt(), row)
}

#[test]
fn every_measured_row_is_claimed_or_it_is_said_why_not() {
    let rows = measured();
    let (others, claimed): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| not_claimed(row).is_some());
    assert_eq!((claimed.len(), others.len()), (14, 5));
    for row in others {
        println!("not claimed: {}: {}", row.name(), not_claimed(row).unwrap());
    }
}

#[test]
fn busyness_chosen_by_the_formula_gives_the_dispersion_measured_on_real_orders() {
    let cases = chosen_for_hours("uci").into_iter().chain(chosen_for_hours("olist"));
    let mut seen = 0;
    for (seed, Chosen { period, a, b, mean, within_day, around_mean }) in (35..).zip(cases) {
        let busyness = format!("busyness = {{ day_cv = {a}, hour_cv = {b} }}");
        let [_, hour, within] = simulated("UTC", &busyness, &[mean; 24], seed);
        println!("{period}: day_cv {a:.3}, hour_cv {b:.3}: {hour:?} for {around_mean}, {within:?} for {within_day}");
        hour.agrees(&period, around_mean);
        within.agrees(&period, within_day);
        seen += 1;
    }
    assert_eq!(seen, 6, "four periods of one shop, two of the other");
    let (a, row) = olist_days();
    let [day, _, within] = simulated("UTC", &format!("busyness = {{ day_cv = {a} }}"), &[row.mean / 24.0; 24], 45);
    println!("{}: day_cv {a:.3}: {day:?} for {}", row.name(), row.dispersion);
    day.agrees("Olist's days", row.dispersion);
    within.agrees("within them", 1.0);
}

/// Days of the bank, in a replication each hundred; its hours, and bins of five minutes in one.
const BANK_DAYS: usize = 1_200;
const BANK_HOURS: usize = 14;
const BINS: usize = 12;

/// Variance over mean of a bank's counts on an even curve: of five minutes around their share of the day's total and
/// around their mean, and of days.
///
/// With m a bin's mean, n hours of 12 bins and p = 1/(12n): given the factors a bin has the mean G·H·m, so around its
/// share the variance is m·(1 - p) + (1 + a²)·b²·m²·(1 - 1/n), as the mean of the hours' factors has gone.
fn bank(a: f64, b: f64, mean: f64) -> [Found; 3] {
    let open = |hour: usize| if (7..7 + BANK_HOURS).contains(&hour) { "1" } else { "0" };
    let hourly = (0..24).map(open).collect::<Vec<_>>().join(", ");
    let bins = BINS * BANK_HOURS;
    let more = format!(
        "orders_per_day = {}\nhourly = [{hourly}]\nbusyness = {{ day_cv = {a}, hour_cv = {b} }}",
        mean * bins as f64
    );
    let model = days("UTC", LAST, &source("calls", &more));
    let square = |x: f64| x * x;
    // One replication after the other: all calls at once would take a gigabyte.
    let of_days: Vec<[f64; 3]> = (0..(BANK_DAYS / LENGTH) as u64)
        .flat_map(|replication| {
            let calls = arrivals(&model, 46 + replication, 1).remove(0).remove(0);
            let all = counts(&calls, 0, HOUR / BINS as u64, 24 * BINS * LENGTH);
            let of_day = |day: &[f64]| {
                let day = &day[7 * BINS..(7 + BANK_HOURS) * BINS];
                let total: f64 = day.iter().sum();
                let [m, n] = [mean, bins as f64];
                let around = |centre: f64| day.iter().map(|count| square(count - centre)).sum::<f64>() / n;
                [around(total / n) / (m * (1.0 - 1.0 / n)), around(m) / m, square(total - m * n) / (m * n)]
            };
            all.chunks(24 * BINS).map(of_day).collect::<Vec<_>>()
        })
        .collect();
    [0, 1, 2].map(|k| Found::of(&of_days.iter().map(|day| day[k]).collect::<Vec<_>>()))
}

#[test]
fn busyness_chosen_for_a_banks_five_minutes_gives_them_and_its_days() {
    let rows: Vec<Row> = measured().into_iter().filter(|row| row.dataset == "bank_calls").collect();
    let [within_day, around_mean, days] = &rows[..] else { panic!("three rows") };
    assert!((days.mean / around_mean.mean - (BINS * BANK_HOURS) as f64).abs() < 1.0, "14 hours");
    let (m, n) = (around_mean.mean, BANK_HOURS as f64);
    // (1 + a²)·b² from the first row, (1 + a²)(1 + b²) from the second.
    let both = (within_day.dispersion - 1.0) * (1.0 - 1.0 / (12.0 * n)) / (m * (1.0 - 1.0 / n));
    let day_squared = (around_mean.dispersion - 1.0) / m - both;
    let (a, b) = (day_squared.sqrt(), (both / (1.0 + day_squared)).sqrt());
    println!("bank: day_cv {a:.4}, hour_cv {b:.4}");
    assert!((a - 0.058).abs() < 0.002 && (b - 0.039).abs() < 0.002, "what the row of days says of its level");
    let found = bank(a, b, m);
    for (found, row) in found.iter().zip(&rows) {
        println!("{}: {found:?} for {}", row.name(), row.dispersion);
    }
    let expected_days = 1.0 + day_squared * days.mean + both * days.mean / n;
    for (found, expected, name) in [
        (found[0], within_day.dispersion, "within the day"),
        (found[1], around_mean.dispersion, "around the mean"),
        (found[2], expected_days, "days"),
    ] {
        assert!(found.score(expected).abs() < MOST_OF_MANY, "{name}: {found:?} for {expected}");
        assert!(found.error < 0.05 * expected && found.score(1.0) > MOST_OF_MANY, "{name}: {found:?} says nothing");
    }
    // Two factors give two rows; the third follows from them. A variance of 124 days has an error of √(2/124) = 13 %.
    assert!((expected_days / days.dispersion - 1.0).abs() < 0.13, "{expected_days} for {}", days.dispersion);
}

#[test]
fn the_shipped_busyness_lies_among_the_measured_ones() {
    let (mut days, mut hours): (Vec<f64>, Vec<f64>) =
        chosen_for_hours("uci").iter().map(|chosen| (chosen.a, chosen.b)).unzip();
    days.push(olist_days().0);
    // Olist's hours around their day's total vary no more than Poisson counts: no factor at all.
    hours.push(0.0);
    for (shipped, measured) in [(SHIPPED_DAY, days), (SHIPPED_HOUR, hours)] {
        let least = measured.iter().copied().fold(f64::INFINITY, f64::min);
        let most = measured.iter().copied().fold(0.0, f64::max);
        assert!(least <= shipped && shipped <= most, "{shipped} is not from {least} to {most}");
    }
    for name in ["black-friday", "quiet-week", "flash-sale-drop"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.toml"));
        let text = std::fs::read_to_string(&path).unwrap();
        let scenario = peaksim::scenario::Scenario::from_text(&text, path.parent().unwrap(), &[]).unwrap();
        let busyness = &scenario.model.sources[0].factors.busyness;
        for (factor, cv) in [(&busyness.day, SHIPPED_DAY), (&busyness.hour, SHIPPED_HOUR)] {
            let factor = factor.as_ref().unwrap();
            assert!((factor.mean() - 1.0).abs() < 1e-9 && (factor.variance().sqrt() - cv).abs() < 1e-9, "{name}");
        }
    }
}

/// Where local midnight falls within an hour of UTC, a day's factor changes within a tile.
#[test]
fn a_days_factor_holds_from_local_midnight_to_local_midnight() {
    let means = [6.0; 24];
    let busyness = "busyness = { day_cv = 0.5 }";
    let [day, _, within] = simulated("Asia/Kolkata", busyness, &means, 39);
    day.agrees("days in Kolkata", Dispersion::expected(0.5, 0.0, &means).day);
    // Half an hour of another day's factor in the first or last hour would show here.
    within.agrees("hours within their day", 1.0);
    let model = days("Asia/Kolkata", LAST, &source("web", &format!("orders_per_day = 2400\n{busyness}")));
    let halves: Vec<Vec<f64>> =
        arrivals(&model, 40, 20).iter().map(|run| counts(&run[0], 0, HOUR / 2, 48 * LENGTH)).collect();
    let (mut last, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
    for run in &halves {
        for midnight in (48..48 * LENGTH).step_by(48) {
            last.push(run[midnight - 1]);
            first.push(run[midnight]);
            second.push(run[midnight + 1]);
        }
    }
    let n = (last.len() as f64).sqrt();
    let across = super::correlation(&last, &first) * n;
    let after = super::correlation(&first, &second) * n;
    assert!(across.abs() < MOST_OF_MANY && after > 10.0, "across midnight {across}, after it {after}");
}
