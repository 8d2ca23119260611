//! Distributions and samplers against independent computations: quantiles to 20 digits from `fixtures/quantiles.py`,
//! integrals, Kolmogorov-Smirnov tests, rand_distr's samplers, and golden draws.

mod accuracy; // quantiles and moments
mod draws; // draws as random numbers
mod errors; // what constructors refuse
mod golden; // draws that must never change, value by value

use peaksim::random::Distribution;

/// Name and distribution of what the tests go through.
pub(crate) fn examples() -> Vec<(&'static str, Distribution)> {
    let made = [
        ("constant", Distribution::constant(12.5)),
        ("exponential", Distribution::exponential(900.0)),
        ("lognormal, pick", Distribution::log_normal_mean_cv(90.0, 0.5)),
        ("lognormal, typical and over", Distribution::typical_and_one_in_ten_over(60.0, 180.0)),
        ("lognormal, narrow", Distribution::log_normal_mean_cv(90.0, 1e-6)),
        ("gamma, pack", Distribution::gamma(2.5, 24.0)),
        ("gamma below 1", Distribution::gamma_mean_cv(60.0, 2.0)),
        ("gamma, large shape", Distribution::gamma(10_000.0, 0.01)),
        ("erlang", Distribution::erlang(4, 60.0)),
        ("weibull below 1", Distribution::weibull(0.5, 60.0)),
        ("weibull above 1", Distribution::weibull(3.0, 60.0)),
        ("uniform", Distribution::uniform(10.0, 30.0)),
        ("triangular", Distribution::triangular(10.0, 20.0, 50.0)),
        ("triangular, mode at an end", Distribution::triangular(0.0, 50.0, 50.0)),
        ("hyperexponential, cv 2", Distribution::hyper_exponential_mean_cv(60.0, 2.0)),
        ("hyperexponential, kinked", Distribution::hyper_exponential(vec![0.99, 0.01], vec![1.0, 1000.0])),
        ("empirical", Distribution::empirical(vec![5.0, 1.0, 3.0, 3.0, 8.0, 13.0, 2.0])),
        ("discrete", Distribution::discrete(&[3.0, 1.0, 2.0], &[0.1, 0.6, 0.3])),
    ];
    made.into_iter().map(|(name, distribution)| (name, distribution.expect(name))).collect()
}

/// Those with a density.
pub(crate) fn continuous_examples() -> Vec<(&'static str, Distribution)> {
    let steps = ["constant", "empirical", "discrete"];
    examples().into_iter().filter(|(name, _)| !steps.contains(name)).collect()
}
