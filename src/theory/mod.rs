//! Exact results of queueing theory: for plausibility checks, sizing hints and as a yardstick for the simulation.
//!
//! All of them hold in steady state, with Poisson arrivals and first come, first served. Rates and times may be in
//! any one unit. Arguments outside a formula's domain, an unstable queue included, give `None`.

pub mod erlang;
pub mod limited;
pub mod single;
pub mod traffic;

/// Finite and above 0.
fn positive(number: f64) -> bool {
    number > 0.0 && number.is_finite()
}

#[cfg(test)]
fn assert_close(found: f64, exact: f64, what: &str) {
    assert!((found - exact).abs() <= 1e-8 * exact.abs(), "{what}: {found} instead of {exact}");
}
