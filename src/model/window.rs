//! The stretches of time in which promises are counted and judged.

use crate::time::SimTime;

/// How orders are put together for judging.
#[derive(Clone, Debug)]
pub struct Window {
    /// Boundaries of the stretches in which orders are counted, ascending: stretch k holds what counts after
    /// `bounds[k]` and at `bounds[k + 1]` at the latest, so that what is due by 24:00 belongs to the day that ends then.
    pub bounds: Vec<SimTime>,
    /// How many stretches make one window. With more than one the windows overlap: each is the stretch that ends with
    /// it and those before.
    pub rolling: usize,
}

impl Window {
    /// Windows of one stretch each.
    #[must_use]
    pub fn between(bounds: Vec<SimTime>) -> Window {
        Window { bounds, rolling: 1 }
    }

    /// The stretch that what counts at `at` belongs to, if any.
    #[must_use]
    pub fn of(&self, at: SimTime) -> Option<usize> {
        let k = self.bounds.partition_point(|bound| *bound < at);
        (k > 0 && k < self.bounds.len()).then(|| k - 1)
    }

    /// How many stretches there are.
    #[must_use]
    pub fn stretches(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    /// How many windows there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.bounds.len().saturating_sub(self.rolling)
    }

    /// The first instant and the end of window k.
    ///
    /// # Panics
    /// When there is no such window.
    #[must_use]
    pub fn span(&self, k: usize) -> (SimTime, SimTime) {
        (self.bounds[k], self.bounds[k + self.rolling])
    }
}

/// Which instant of an order decides the stretch it counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedOn {
    /// When it is due.
    Due,
    /// When it was placed.
    Order,
    /// When its clock stops: orders that are still open do not count.
    Ship,
}

/// What is counted of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedUnit {
    /// Itself, once.
    Order,
    /// Its parcels: one, as orders are not split into several.
    Parcel,
    /// Each of its lines.
    Line,
}

impl CountedUnit {
    /// What several of them are called.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            CountedUnit::Order => "orders",
            CountedUnit::Parcel => "parcels",
            CountedUnit::Line => "lines",
        }
    }
}

/// A clause by which windows with more orders than were forecast are not judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspension {
    /// The share of the forecast above which a window is suspended.
    pub above: f64,
    /// Orders forecast for each stretch.
    pub forecast: Vec<f64>,
}

impl Suspension {
    /// Whether a window is suspended that begins with stretch `first` and received so many orders in each of its
    /// stretches.
    #[must_use]
    pub fn holds(&self, first: usize, intake: &[u64]) -> bool {
        let forecast: f64 = self.forecast.iter().skip(first).take(intake.len()).sum();
        let came: u64 = intake.iter().sum();
        came as f64 > self.above * forecast
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rolling_windows_overlap_and_none_begins_before_the_judged_time() {
        let window = Window { bounds: (0..=5).map(SimTime).collect(), rolling: 3 };
        assert_eq!((window.stretches(), window.count()), (5, 3));
        assert_eq!(window.span(0), (SimTime(0), SimTime(3)));
        assert_eq!(window.span(2), (SimTime(2), SimTime(5)));
        let short = Window { bounds: vec![SimTime(0), SimTime(1)], rolling: 3 };
        assert_eq!(short.count(), 0);
    }

    #[test]
    fn a_window_is_suspended_above_its_forecast_not_at_it() {
        let clause = Suspension { above: 1.1, forecast: vec![100.0, 50.0, 50.0] };
        assert!(!clause.holds(0, &[110]) && clause.holds(0, &[111]));
        assert!(!clause.holds(1, &[80, 30]) && clause.holds(1, &[80, 31]));
    }
}
