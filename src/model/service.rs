//! How long the work at a station takes.

use crate::random::Distribution;
use crate::time::SimDuration;

/// Work content × a random spread of mean 1.
///
/// The spread is drawn in standard form and scaled, so a changed mean keeps every order's standard variate.
#[derive(Clone, Debug)]
pub struct ServiceTime {
    /// Seconds of work whatever the order holds.
    pub fixed: f64,
    /// Seconds for each line.
    pub per_line: f64,
    /// Seconds for each unit.
    pub per_unit: f64,
    /// What multiplies the work content.
    pub spread: Spread,
}

/// What multiplies the work content.
#[derive(Clone, Debug)]
pub enum Spread {
    /// Nothing: the work content itself.
    None,
    /// A variate of mean 1.
    Variate(Distribution),
    /// Given service times, one an order in order of arrival; the work content is not used.
    Recorded(Vec<SimDuration>),
}

impl ServiceTime {
    /// Always `seconds` (s).
    #[must_use]
    pub fn constant(seconds: f64) -> ServiceTime {
        ServiceTime { fixed: seconds, per_line: 0.0, per_unit: 0.0, spread: Spread::None }
    }

    /// Distributed as `distribution` (s), whatever the order holds.
    #[must_use]
    pub fn distributed(distribution: &Distribution) -> ServiceTime {
        let mean = distribution.mean();
        let spread = match distribution {
            Distribution::Constant(_) => Spread::None,
            other => Spread::Variate(other.scaled(1.0 / mean)),
        };
        ServiceTime { fixed: mean, per_line: 0.0, per_unit: 0.0, spread }
    }

    /// Mean time (s) for an order of so many lines and units.
    #[must_use]
    pub fn mean(&self, lines: f64, units: f64) -> f64 {
        match &self.spread {
            Spread::Recorded(times) => times.iter().map(|time| time.seconds()).sum::<f64>() / times.len().max(1) as f64,
            _ => self.fixed + self.per_line * lines + self.per_unit * units,
        }
    }
}
