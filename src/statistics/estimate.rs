//! An estimated number, what is known about its error, and on how much it rests.

/// A point estimate with a two-sided confidence interval.
///
/// `None` always means "not known", never zero and never infinity; no field is ever NaN or infinite.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// The point estimate; `None` when there is no sample, or when it is not a finite number.
    pub value: Option<f64>,
    /// Lower end of the interval; `None` with fewer than two samples, or when the samples cannot bound it.
    pub low: Option<f64>,
    /// Upper end of the interval; `None` with fewer than two samples, or when the samples cannot bound it.
    pub high: Option<f64>,
    /// Nominal coverage of the interval, in (0, 1).
    pub confidence: f64,
    /// Independent replications the estimate rests on: those that tell something of it, not those without an order.
    pub samples: u64,
}

impl Estimate {
    /// An estimate from its parts; what is not finite becomes `None`, and so do both ends with fewer than two samples.
    #[must_use]
    pub fn new(value: Option<f64>, low: Option<f64>, high: Option<f64>, confidence: f64, samples: u64) -> Estimate {
        let finite = |part: Option<f64>| part.filter(|number| number.is_finite());
        let value = finite(value);
        let bounded = value.is_some() && samples >= 2;
        Estimate {
            value,
            low: finite(low).filter(|_| bounded),
            high: finite(high).filter(|_| bounded),
            confidence: if confidence.is_nan() { 0.0 } else { confidence },
            samples,
        }
    }

    /// An estimate of which nothing is known, although `samples` replications were run.
    #[must_use]
    pub fn unknown(confidence: f64, samples: u64) -> Estimate {
        Estimate::new(None, None, None, confidence, samples)
    }

    /// A point without an interval.
    #[must_use]
    pub fn point(value: f64, confidence: f64, samples: u64) -> Estimate {
        Estimate::new(Some(value), None, None, confidence, samples)
    }

    /// `value` ± `half_width`; without a half-width, a point.
    #[must_use]
    pub fn around(value: f64, half_width: Option<f64>, confidence: f64, samples: u64) -> Estimate {
        let low = half_width.map(|half| value - half);
        let high = half_width.map(|half| value + half);
        Estimate::new(Some(value), low, high, confidence, samples)
    }

    /// Half the width of the interval; `None` when either end is unknown.
    #[must_use]
    pub fn half_width(&self) -> Option<f64> {
        Some((self.high? - self.low?) / 2.0)
    }

    /// The same estimate in another unit: every number times `factor`; a negative factor swaps the ends.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Estimate {
        let times = |part: Option<f64>| part.map(|number| number * factor);
        let (low, high) = if factor < 0.0 { (self.high, self.low) } else { (self.low, self.high) };
        Estimate::new(times(self.value), times(low), times(high), self.confidence, self.samples)
    }

    /// The same estimate with value and ends held inside `[least, most]`, for a quantity that cannot lie outside.
    #[must_use]
    pub fn within(&self, least: f64, most: f64) -> Estimate {
        let held = |part: Option<f64>| part.map(|number| number.max(least).min(most));
        Estimate { value: held(self.value), low: held(self.low), high: held(self.high), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_unknown() {
        let estimate = Estimate::new(Some(1.0), Some(f64::NEG_INFINITY), Some(f64::NAN), 0.95, 9);
        assert_eq!((estimate.value, estimate.low, estimate.high), (Some(1.0), None, None));
        assert_eq!(Estimate::point(f64::NAN, 0.95, 9).value, None);
    }

    #[test]
    fn one_sample_has_no_interval() {
        let estimate = Estimate::around(3.0, Some(1.0), 0.95, 1);
        assert_eq!((estimate.value, estimate.half_width()), (Some(3.0), None));
    }

    #[test]
    fn another_unit_keeps_the_ends_in_order() {
        let estimate = Estimate::around(3.0, Some(1.0), 0.95, 2).scaled(-2.0);
        assert_eq!((estimate.low, estimate.value, estimate.high), (Some(-8.0), Some(-6.0), Some(-4.0)));
        assert_eq!(Estimate::around(0.9, Some(0.2), 0.95, 2).within(0.0, 1.0).high, Some(1.0));
    }
}
