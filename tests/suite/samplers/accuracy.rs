//! Quantiles, probabilities and moments.

use peaksim::random::{Distribution, Sampler, StreamKey};

use super::{continuous_examples, examples};

/// 2^64.
const SCALE: f64 = 18_446_744_073_709_551_616.0;

struct KnownQuantile {
    case: String,
    distribution: Distribution,
    upper: bool,
    /// The probability is (w + 1/2) / 2^64, counted from the tail.
    w: u64,
    value: f64,
}

fn known_quantiles() -> Vec<KnownQuantile> {
    let table = include_str!("../../fixtures/quantiles.csv");
    let known: Vec<KnownQuantile> = table.lines().skip(1).map(known_quantile).collect();
    assert!(known.len() > 500, "the fixture is cut short: {} rows", known.len());
    known
}

fn known_quantile(line: &str) -> KnownQuantile {
    let fields: Vec<&str> = line.split(',').collect();
    let [kind, parameters, tail, w, value] = fields[..] else { panic!("five fields: {line}") };
    let p: Vec<f64> = parameters.split(' ').map(|p| p.parse().expect("a parameter")).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the fixture's k are small")]
    let distribution = match kind {
        "exponential" => Distribution::exponential(p[0]),
        "log_normal" => Distribution::log_normal(p[0], p[1]),
        "gamma" => Distribution::gamma(p[0], p[1]),
        "erlang" => Distribution::erlang(p[0] as u32, p[1]),
        "weibull" => Distribution::weibull(p[0], p[1]),
        "hyper_exponential" => Distribution::hyper_exponential(vec![p[0], p[1]], vec![p[2], p[3]]),
        "triangular" => Distribution::triangular(p[0], p[1], p[2]),
        "uniform" => Distribution::uniform(p[0], p[1]),
        other => panic!("no kind {other}"),
    };
    KnownQuantile {
        case: format!("{kind} {parameters} {tail} {w}"),
        distribution: distribution.expect("the fixture holds distributions"),
        upper: tail == "upper",
        w: w.parse().expect("a whole number"),
        value: value.parse().expect("a number"),
    }
}

#[test]
fn exact_quantiles_agree_with_twenty_digits() {
    for known in known_quantiles() {
        let p = (known.w as f64 + 0.5) / SCALE;
        let found = if known.upper { known.distribution.upper_quantile(p) } else { known.distribution.quantile(p) };
        let error = (found / known.value - 1.0).abs();
        assert!(error <= 1e-11, "{}: {found} for {}, relative error {error:e}", known.case, known.value);
    }
}

#[test]
fn distribution_functions_invert_the_known_quantiles() {
    for known in known_quantiles() {
        let p = (known.w as f64 + 0.5) / SCALE;
        let expected = if known.upper { 1.0 - p } else { p };
        let found = known.distribution.cdf(known.value);
        // In the lower tail of the uniform and the triangular the value's own rounding is all of the error.
        let error = (found - expected).abs() / expected.max(1e-4);
        assert!(error <= 1e-9, "{}: {found} for {expected}, error {error:e}", known.case);
    }
}

#[test]
fn samplers_agree_with_twenty_digits() {
    let mut last: Option<(Distribution, Sampler)> = None;
    for known in known_quantiles() {
        if last.as_ref().is_none_or(|(distribution, _)| *distribution != known.distribution) {
            last = Some((known.distribution.clone(), Sampler::new(&known.distribution)));
        }
        let (distribution, sampler) = last.as_ref().expect("just made");
        let found = sampler.value(if known.upper { !known.w } else { known.w });
        // The quantiles of a gamma of shape 0.05 fall to 1e-79 of the mean: there the error is small beside the mean.
        let extreme = known.case.starts_with("gamma 0.05") && known.value < 1e-6 * distribution.mean();
        let beside = if extreme { 1e-6 * distribution.mean() } else { known.value };
        let error = (found - known.value).abs() / beside;
        assert!(error <= 1e-7, "{}: {found} for {}, relative error {error:e}", known.case, known.value);
    }
}

#[test]
fn tables_follow_the_exact_quantile_everywhere() {
    let key = StreamKey::new(1, 0, "places in the table");
    for (name, distribution) in continuous_examples() {
        let sampler = Sampler::new(&distribution);
        let mut worst: f64 = 0.0;
        for place in 0..4000 {
            // Log-uniform over 44 octaves, a little beyond the table.
            let w = (key.bits(place, 0) >> 1) >> (key.bits(place, 1) % 44);
            let p = (w as f64 + 0.5) / SCALE;
            let (bits, exact) = if key.bits(place, 2) & 1 == 0 {
                (w, distribution.quantile(p))
            } else {
                (!w, distribution.upper_quantile(p))
            };
            worst = worst.max((sampler.value(bits) - exact).abs() / exact);
        }
        let limit = if name.contains("kinked") { 5e-8 } else { 1e-8 };
        assert!(worst <= limit, "{name}: worst relative error {worst:e}");
    }
}

#[test]
fn extreme_shapes_stay_within_the_promise() {
    let key = StreamKey::new(2, 0, "places in the table");
    let extremes = [
        Distribution::log_normal(0.0, 3.0),
        Distribution::gamma(0.05, 1.0),
        Distribution::weibull(0.1, 1.0),
        Distribution::weibull(200.0, 1.0),
        Distribution::hyper_exponential_mean_cv(1.0, 10.0),
        Distribution::hyper_exponential(vec![0.5, 0.25, 0.25], vec![1.0, 1e3, 1e6]),
    ];
    for distribution in extremes.map(Result::unwrap) {
        let sampler = Sampler::new(&distribution);
        for place in 0..2000 {
            let w = (key.bits(place, 0) >> 1) >> (key.bits(place, 1) % 40);
            let p = (w as f64 + 0.5) / SCALE;
            for (bits, exact) in [(w, distribution.quantile(p)), (!w, distribution.upper_quantile(p))] {
                let error = (sampler.value(bits) - exact).abs();
                assert!(
                    error <= 1e-7 * exact || error <= 1e-13 * distribution.mean(),
                    "{distribution:?} at {bits:#x}: {error:e} beside {exact:e}"
                );
            }
        }
    }
}

#[test]
fn values_never_fall_when_the_bits_rise() {
    let key = StreamKey::new(3, 0, "places in the table");
    // Both sides of every border of a cell, in both tails.
    let mut places: Vec<u64> = vec![0, 1 << 63];
    for octave in 0..64 {
        for cell in 0..32u64 {
            let border = (((32 + cell) << 58) >> octave) >> 1;
            places.extend([border, !border]);
        }
    }
    places.extend((0..20_000).map(|place| key.bits(place, 0) >> (key.bits(place, 1) % 60)));
    let around = |place: u64| (-3i64..=3).map(move |step| place.saturating_add_signed(step));
    let mut bits: Vec<u64> = places.into_iter().flat_map(around).collect();
    bits.extend([u64::MAX, u64::MAX - 1]);
    bits.sort_unstable();
    for (name, distribution) in examples() {
        let sampler = Sampler::new(&distribution);
        let mut before = 0.0;
        for &bits in &bits {
            let value = sampler.value(bits);
            assert!(value >= before, "{name}: {value} after {before} at {bits:#x}");
            before = value;
        }
        assert!(before.is_finite(), "{name}");
    }
}

/// The integral of a function of the quantile, by the midpoints of cells that narrow towards both ends.
fn mean_over_the_table(sampler: &Sampler, of: impl Fn(f64) -> f64) -> f64 {
    let mut sum = 0.0;
    for octave in 0..60u32 {
        for cell in 0..256u64 {
            let w = ((((512 + 2 * cell + 1) << 54) >> octave) >> 1).min(u64::MAX >> 1);
            let width = libm::exp2(-f64::from(octave) - 2.0) / 256.0;
            sum += width * (of(sampler.value(w)) + of(sampler.value(!w)));
        }
    }
    sum
}

#[test]
fn moments_are_the_integrals_of_the_quantile() {
    for (name, distribution) in examples() {
        let sampler = Sampler::new(&distribution);
        // Where the quantile function jumps, one cell holds the jump.
        let steps = ["empirical", "discrete"].contains(&name);
        let limit = if steps { 2e-3 } else { 1e-5 };
        let mean = mean_over_the_table(&sampler, |x| x);
        assert!((mean / distribution.mean() - 1.0).abs() <= limit, "{name}: mean {mean} for {}", distribution.mean());
        if distribution.variance() > 0.0 {
            let centre = distribution.mean();
            let variance = mean_over_the_table(&sampler, |x| (x - centre) * (x - centre));
            let error = (variance / distribution.variance() - 1.0).abs();
            let limit = if steps { 5e-3 } else { 5e-4 };
            assert!(error <= limit, "{name}: variance {variance} for {}", distribution.variance());
        }
    }
}

#[test]
fn constructors_give_what_they_are_named_for() {
    let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} for {b}");
    for made in [
        Distribution::log_normal_mean_cv(90.0, 0.7),
        Distribution::gamma_mean_cv(90.0, 0.7),
        Distribution::hyper_exponential_mean_cv(90.0, 1.7),
    ] {
        let made = made.unwrap();
        close(made.mean(), 90.0);
        let cv = if matches!(made, Distribution::HyperExponential { .. }) { 1.7 } else { 0.7 };
        close(made.variance().sqrt() / made.mean(), cv);
    }
    let slow = Distribution::typical_and_one_in_ten_over(60.0, 180.0).unwrap();
    close(slow.quantile(0.5), 60.0);
    close(slow.upper_quantile(0.1), 180.0);
    let observed = Distribution::empirical(vec![4.0, 1.0, 1.0, 2.0]).unwrap();
    close(observed.mean(), 2.0);
    close(observed.variance(), 1.5);
    close(observed.quantile(0.5), 1.0);
    close(observed.quantile(0.51), 2.0);
    close(observed.cdf(3.0), 0.75);
}

#[test]
fn only_extreme_shapes_leave_draws_to_the_slow_evaluation() {
    for (name, distribution) in examples() {
        let share = Sampler::new(&distribution).slow_share();
        let limit = if name.contains("kinked") { 0.01 } else { 1e-11 };
        assert!(share <= limit, "{name}: {share}");
    }
}
