//! Rates, probabilities and factors: values that cannot be invalid.

use std::fmt;

/// Why a number is not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// NaN or infinite.
    #[error("it is not a finite number")]
    NotFinite,
    /// Below the least value.
    #[error("it is too small")]
    TooSmall,
    /// Above the greatest value.
    #[error("it is too large")]
    TooLarge,
}

fn finite(number: f64) -> Result<f64, QuantityError> {
    if number.is_finite() { Ok(number) } else { Err(QuantityError::NotFinite) }
}

/// How often something happens: events per hour, finite and greater than zero.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Rate(f64);

impl Rate {
    /// `events` in one hour.
    ///
    /// # Errors
    /// When `events` is not finite or not greater than zero.
    pub fn per_hour(events: f64) -> Result<Rate, QuantityError> {
        if finite(events)? > 0.0 { Ok(Rate(events)) } else { Err(QuantityError::TooSmall) }
    }

    /// Events per hour.
    #[must_use]
    pub fn hourly(self) -> f64 {
        self.0
    }

    /// Events per second.
    #[must_use]
    pub fn per_second(self) -> f64 {
        self.0 / 3600.0
    }

    /// Mean time between two events (s); infinite only for rates below 1e-304 per hour.
    #[must_use]
    pub fn mean_gap_seconds(self) -> f64 {
        3600.0 / self.0
    }
}

/// A probability or a share: 0 to 1, both included.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Probability(f64);

impl Probability {
    /// Never.
    pub const NEVER: Probability = Probability(0.0);
    /// Always.
    pub const ALWAYS: Probability = Probability(1.0);

    /// `share` of one.
    ///
    /// # Errors
    /// When `share` is not from 0 to 1.
    pub fn new(share: f64) -> Result<Probability, QuantityError> {
        match finite(share)? {
            share if share < 0.0 => Err(QuantityError::TooSmall),
            share if share > 1.0 => Err(QuantityError::TooLarge),
            // Minus zero would print as -0 %.
            share => Ok(Probability(share + 0.0)),
        }
    }

    /// The share, 0 to 1.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// What is left to one.
    #[must_use]
    pub fn complement(self) -> Probability {
        Probability(1.0 - self.0)
    }
}

/// A multiplier: finite, zero or more.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Factor(f64);

impl Factor {
    /// Leaves things as they are.
    pub const ONE: Factor = Factor(1.0);

    /// `times` as much.
    ///
    /// # Errors
    /// When `times` is not finite or negative.
    pub fn new(times: f64) -> Result<Factor, QuantityError> {
        if finite(times)? >= 0.0 { Ok(Factor(times + 0.0)) } else { Err(QuantityError::TooSmall) }
    }

    /// The multiplier.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/h", self.0)
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0 * 100.0)
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invalid_gets_in() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Rate::per_hour(bad), Err(QuantityError::NotFinite));
            assert_eq!(Probability::new(bad), Err(QuantityError::NotFinite));
            assert_eq!(Factor::new(bad), Err(QuantityError::NotFinite));
        }
        assert_eq!(Rate::per_hour(0.0), Err(QuantityError::TooSmall));
        assert_eq!(Probability::new(1.000_1), Err(QuantityError::TooLarge));
        assert_eq!(Probability::new(-0.1), Err(QuantityError::TooSmall));
        assert_eq!(Factor::new(-1.0), Err(QuantityError::TooSmall));
        assert!(Probability::new(-0.0).is_ok_and(|p| p.get().is_sign_positive()));
    }

    #[test]
    fn a_rate_converts() {
        let rate = Rate::per_hour(1800.0).unwrap();
        assert!((rate.per_second() - 0.5).abs() < 1e-15);
        assert!((rate.mean_gap_seconds() - 2.0).abs() < 1e-15);
    }
}
