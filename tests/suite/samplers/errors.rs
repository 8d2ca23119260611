//! What constructors refuse, and what they say.

use peaksim::random::Distribution;

#[test]
fn wrong_parameters_are_refused_with_what_would_be_right() {
    let refused = [
        (Distribution::constant(-1.0), "value = -1 is not a finite number, 0 or more"),
        (Distribution::exponential(0.0), "mean = 0 is not a finite number above 0"),
        (Distribution::exponential(f64::INFINITY), "mean = inf is not a finite number above 0"),
        (Distribution::log_normal(f64::NAN, 1.0), "mu = NaN is not a finite number"),
        (Distribution::log_normal(0.0, 30.0), "mean or the variance is too large"),
        (Distribution::log_normal_mean_cv(90.0, 0.0), "for no variation use a constant"),
        (Distribution::typical_and_one_in_ten_over(60.0, 50.0), "typical = 60 must be below one_in_ten_over = 50"),
        (Distribution::gamma(0.001, 1.0), "shape = 0.001 is not a number from 0.01 to 1,000,000"),
        (Distribution::gamma_mean_cv(60.0, 11.0), "cv = 11 is not a number from 0.001 to 10"),
        (Distribution::erlang(0, 60.0), "k = 0 is not a whole number from 1 to 1,000,000"),
        (Distribution::weibull(0.01, 60.0), "shape = 0.01 is not a number from 0.05 to 1,000"),
        (Distribution::uniform(3.0, 3.0), "for a fixed value use a constant"),
        (Distribution::uniform(-3.0, 3.0), "min = -3 is not a finite number, 0 or more"),
        (Distribution::triangular(1.0, 6.0, 5.0), "mode = 6 is not a number from min to max"),
        (Distribution::hyper_exponential(vec![0.5], vec![1.0, 2.0]), "shares has 1 entries and means has 2"),
        (Distribution::hyper_exponential(vec![0.5, 0.6], vec![1.0, 2.0]), "shares add up to 1.1, but must add up to 1"),
        (Distribution::hyper_exponential(vec![1.5, -0.5], vec![1.0, 2.0]), "shares = 1.5 is not a number from 0 to 1"),
        (Distribution::hyper_exponential_mean_cv(60.0, 1.0), "cv = 1 is not a finite number above 1"),
        (Distribution::empirical(vec![]), "values is empty: give at least one entry"),
        (Distribution::empirical(vec![1.0, f64::NAN]), "values = NaN is not a finite number, 0 or more"),
        (Distribution::discrete(&[1.0, 1.0], &[0.5, 0.5]), "the value 1 is listed twice in values"),
        (Distribution::discrete(&[1.0, 2.0], &[0.5, 0.4]), "probabilities add up to 0.9, but must add up to 1"),
    ];
    for (made, expected) in refused {
        let message = made.expect_err(expected).to_string();
        assert!(message.contains(expected), "{message}");
    }
}
