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

/// A row of measured dispersion: hours around the day's total times the profile, and around the mean of the weekday
/// and hour; the mean count of a bin.
struct MeasuredHours {
    period: &'static str,
    within_day: f64,
    around_mean: f64,
    mean: f64,
}

/// From `dispersion.csv`, derived from Online Retail (Chen, 2015), UCI Machine Learning Repository,
/// doi 10.24432/C5BW33, CC BY 4.0, aggregated to invoices: `uci`, bins of 1 h.
const UCI: [MeasuredHours; 3] = [
    MeasuredHours { period: "2011-03-01..05-31", within_day: 1.71, around_mean: 1.939, mean: 4.86 },
    MeasuredHours { period: "2011-09-05..11-06", within_day: 1.08, around_mean: 1.3, mean: 6.21 },
    MeasuredHours { period: "2011-11-07..12-08", within_day: 1.282, around_mean: 1.3, mean: 8.86 },
];

/// From `dispersion.csv`, derived from the Brazilian E-Commerce Public Dataset by Olist, Olist and Andre Sionek,
/// CC BY-NC-SA 4.0: `olist`, daily totals 2017-08-01..11-17 after weekday and trend: variance/mean, mean.
const OLIST_DAYS: (f64, f64) = (2.92, 147.7);

impl MeasuredHours {
    /// The busyness that gives this dispersion on an even curve: b from the hours within their day, then a from what
    /// is left. (1 + a²)(1 + b²) = 1 + (D - 1)/m and (1 + a²)·b² = (D' - 1)/m give a² = (D - D')/m.
    fn busyness(&self) -> (f64, f64) {
        let day_squared = (self.around_mean - self.within_day) / self.mean;
        let hour_squared = (self.within_day - 1.0) / self.mean / (1.0 + day_squared);
        (day_squared.sqrt(), hour_squared.sqrt())
    }
}

#[test]
fn busyness_chosen_by_the_formula_gives_the_dispersion_measured_on_real_orders() {
    for (seed, row) in (35..).zip(&UCI) {
        let (a, b) = row.busyness();
        let busyness = format!("busyness = {{ day_cv = {a}, hour_cv = {b} }}");
        let [_, hour, within] = simulated("UTC", &busyness, &[row.mean; 24], seed);
        println!(
            "{}: day_cv {a:.3}, hour_cv {b:.3}: {hour:?} for {}, {within:?} for {}",
            row.period, row.around_mean, row.within_day
        );
        hour.agrees(row.period, row.around_mean);
        within.agrees(row.period, row.within_day);
    }
    let (measured, mean) = OLIST_DAYS;
    let a = ((measured - 1.0) / mean).sqrt();
    let busyness = format!("busyness = {{ day_cv = {a} }}");
    let [day, _, within] = simulated("UTC", &busyness, &[mean / 24.0; 24], 38);
    println!("Olist: day_cv {a:.3}: {day:?} for {measured}");
    day.agrees("Olist's days", measured);
    within.agrees("within them", 1.0);
}

#[test]
fn the_shipped_busyness_lies_among_the_measured_ones() {
    let (mut days, mut hours): (Vec<f64>, Vec<f64>) = UCI.iter().map(MeasuredHours::busyness).unzip();
    days.push(((OLIST_DAYS.0 - 1.0) / OLIST_DAYS.1).sqrt());
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
