//! Distributions of durations and quantities: what a scenario may say, checked when it is made.

use thiserror::Error;

use super::normal::normal_quantile;

/// A distribution of a non-negative quantity; durations are in whatever unit the caller means throughout.
///
/// Make it with the constructors below: they refuse parameters that are no distribution.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same value.
    Constant(f64),
    /// Exponential with this mean.
    Exponential {
        /// Mean, above 0.
        mean: f64,
    },
    /// Lognormal: the logarithm is normal with mean `mu` and standard deviation `sigma`.
    LogNormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm, above 0.
        sigma: f64,
    },
    /// Gamma.
    Gamma {
        /// Shape; the coefficient of variation is 1 / √shape.
        shape: f64,
        /// Scale; the mean is shape x scale.
        scale: f64,
    },
    /// Erlang: the sum of `k` equal exponential phases, together of this mean.
    Erlang {
        /// Number of phases, at least 1.
        k: u32,
        /// Mean of the whole.
        mean: f64,
    },
    /// Weibull: P(X > x) = exp(-(x / scale)^shape).
    Weibull {
        /// Shape; below 1 the longer it lasts, the longer it will.
        shape: f64,
        /// Scale, the 63.2 % quantile.
        scale: f64,
    },
    /// Uniform between two ends.
    Uniform {
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
    },
    /// Triangular.
    Triangular {
        /// Least value.
        min: f64,
        /// Most likely value.
        mode: f64,
        /// Greatest value.
        max: f64,
    },
    /// Hyperexponential: with probability `shares[i]`, exponential of mean `means[i]`.
    HyperExponential {
        /// Probabilities of the components; they add up to 1.
        shares: Vec<f64>,
        /// Their means.
        means: Vec<f64>,
    },
    /// What was observed, as it was: each distinct value with the share of observations up to and including it.
    Empirical {
        /// Distinct values, ascending.
        values: Vec<f64>,
        /// Share of the observations at or below each value; the last is 1.
        cumulative: Vec<f64>,
    },
    /// Finitely many values with given probabilities.
    Discrete {
        /// Distinct values, ascending.
        values: Vec<f64>,
        /// Their probabilities; they add up to 1.
        probabilities: Vec<f64>,
    },
}

/// Why parameters are no distribution, and what would be right.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum DistributionError {
    /// One parameter is outside its range.
    #[error("{parameter} = {value} is not {expected}")]
    OutOfRange {
        /// The parameter's name.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// What would be right.
        expected: &'static str,
    },
    /// Two parameters are in the wrong order.
    #[error("{lower_name} = {lower} must be below {upper_name} = {upper}; for a fixed value use a constant")]
    Order {
        /// Name of the one that must be smaller.
        lower_name: &'static str,
        /// What was given for it.
        lower: f64,
        /// Name of the one that must be greater.
        upper_name: &'static str,
        /// What was given for it.
        upper: f64,
    },
    /// Two lists that belong together differ in length.
    #[error("{first_name} has {first} entries and {second_name} has {second}: they must pair up")]
    Lengths {
        /// Name of one list.
        first_name: &'static str,
        /// Its length.
        first: usize,
        /// Name of the other list.
        second_name: &'static str,
        /// Its length.
        second: usize,
    },
    /// A list that needs an entry has none.
    #[error("{list} is empty: give at least one entry")]
    Empty {
        /// The list's name.
        list: &'static str,
    },
    /// Probabilities do not add up to 1.
    #[error("{list} add up to {sum}, but must add up to 1")]
    Sum {
        /// The list's name.
        list: &'static str,
        /// What they add up to.
        sum: f64,
    },
    /// A value is listed twice.
    #[error("the value {value} is listed twice in {list}: list it once, with the sum of its probabilities")]
    Twice {
        /// The list's name.
        list: &'static str,
        /// The value.
        value: f64,
    },
    /// Mean or variance is beyond the range of a double.
    #[error("with these parameters the mean or the variance is too large to compute; use less extreme ones")]
    TooSpread,
}

type Checked<T> = Result<T, DistributionError>;

impl Distribution {
    /// Always `value`, zero or more.
    ///
    /// # Errors
    /// When `value` is negative or not finite.
    pub fn constant(value: f64) -> Checked<Self> {
        Ok(Self::Constant(not_negative("value", value)?))
    }

    /// Exponential with `mean` > 0.
    ///
    /// # Errors
    /// When `mean` is not positive and finite.
    pub fn exponential(mean: f64) -> Checked<Self> {
        finite_moments(Self::Exponential { mean: positive("mean", mean)? })
    }

    /// Lognormal by the mean `mu` and standard deviation `sigma` > 0 of the logarithm.
    ///
    /// # Errors
    /// When a parameter is not finite, `sigma` is not positive, or the variance leaves the range of a double.
    pub fn log_normal(mu: f64, sigma: f64) -> Checked<Self> {
        let mu = within("mu", mu, mu.is_finite(), "a finite number")?;
        finite_moments(Self::LogNormal { mu, sigma: positive("sigma", sigma)? })
    }

    /// Lognormal with the given `mean` > 0 and coefficient of variation `cv` > 0 (standard deviation / mean).
    ///
    /// # Errors
    /// When one of them is not positive and finite.
    pub fn log_normal_mean_cv(mean: f64, cv: f64) -> Checked<Self> {
        let (mean, cv) = (positive("mean", mean)?, positive_cv(cv)?);
        let variance = libm::log1p(cv * cv);
        Self::log_normal(libm::log(mean) - 0.5 * variance, variance.sqrt())
    }

    /// Lognormal with median `typical`, which one value in ten exceeds `over`: 0 < `typical` < `over`.
    ///
    /// # Errors
    /// When one of them is not positive and finite, or `over` is not above `typical`.
    pub fn typical_and_one_in_ten_over(typical: f64, over: f64) -> Checked<Self> {
        let (typical, over) = (positive("typical", typical)?, positive("one_in_ten_over", over)?);
        ordered("typical", typical, "one_in_ten_over", over)?;
        Self::log_normal(libm::log(typical), libm::log(over / typical) / normal_quantile(0.9))
    }

    /// Gamma of `shape` (0.01 to 1,000,000) and `scale` > 0.
    ///
    /// # Errors
    /// When a parameter is outside its range.
    pub fn gamma(shape: f64, scale: f64) -> Checked<Self> {
        let shape = within("shape", shape, (0.01..=1e6).contains(&shape), "a number from 0.01 to 1,000,000")?;
        finite_moments(Self::Gamma { shape, scale: positive("scale", scale)? })
    }

    /// Gamma with the given `mean` > 0 and coefficient of variation `cv` from 0.001 to 10.
    ///
    /// # Errors
    /// When a parameter is outside its range.
    pub fn gamma_mean_cv(mean: f64, cv: f64) -> Checked<Self> {
        let mean = positive("mean", mean)?;
        let cv = within("cv", cv, (0.001..=10.0).contains(&cv), "a number from 0.001 to 10")?;
        // The clamp takes back a rounding at the two ends of the range.
        let shape = (1.0 / (cv * cv)).clamp(0.01, 1e6);
        Self::gamma(shape, mean / shape)
    }

    /// Erlang of `k` phases (1 to 1,000,000), together of mean `mean` > 0.
    ///
    /// # Errors
    /// When a parameter is outside its range.
    pub fn erlang(k: u32, mean: f64) -> Checked<Self> {
        within("k", f64::from(k), (1..=1_000_000).contains(&k), "a whole number from 1 to 1,000,000")?;
        finite_moments(Self::Erlang { k, mean: positive("mean", mean)? })
    }

    /// Weibull of `shape` (0.05 to 1,000) and `scale` > 0.
    ///
    /// # Errors
    /// When a parameter is outside its range.
    pub fn weibull(shape: f64, scale: f64) -> Checked<Self> {
        let shape = within("shape", shape, (0.05..=1000.0).contains(&shape), "a number from 0.05 to 1,000")?;
        finite_moments(Self::Weibull { shape, scale: positive("scale", scale)? })
    }

    /// Uniform with 0 <= `min` < `max`.
    ///
    /// # Errors
    /// When a parameter is negative or not finite, or they are not in this order.
    pub fn uniform(min: f64, max: f64) -> Checked<Self> {
        let (min, max) = (not_negative("min", min)?, not_negative("max", max)?);
        ordered("min", min, "max", max)?;
        finite_moments(Self::Uniform { min, max })
    }

    /// Triangular with 0 <= `min` <= `mode` <= `max` and `min` < `max`.
    ///
    /// # Errors
    /// When a parameter is negative or not finite, or they are not in this order.
    pub fn triangular(min: f64, mode: f64, max: f64) -> Checked<Self> {
        let (min, max) = (not_negative("min", min)?, not_negative("max", max)?);
        ordered("min", min, "max", max)?;
        let mode = within("mode", mode, (min..=max).contains(&mode), "a number from min to max")?;
        finite_moments(Self::Triangular { min, mode, max })
    }

    /// Hyperexponential: with probability `shares[i]`, exponential of mean `means[i]`.
    ///
    /// # Errors
    /// When the lists are empty or differ in length, a share is not from 0 to 1, a mean is not positive, or the shares
    /// do not add up to 1 (within 1e-9; they are then scaled to do so exactly).
    pub fn hyper_exponential(shares: Vec<f64>, means: Vec<f64>) -> Checked<Self> {
        paired("shares", &shares, "means", &means)?;
        for &mean in &means {
            positive("means", mean)?;
        }
        finite_moments(Self::HyperExponential { shares: adding_up_to_one("shares", shares)?, means })
    }

    /// Hyperexponential of two components that carry half of the mean each ("balanced means"), with the given `mean`
    /// > 0 and coefficient of variation `cv` > 1.
    ///
    /// # Errors
    /// When `mean` is not positive, or `cv` not above 1 and finite.
    pub fn hyper_exponential_mean_cv(mean: f64, cv: f64) -> Checked<Self> {
        let mean = positive("mean", mean)?;
        let cv = within("cv", cv, cv > 1.0 && cv.is_finite(), "a finite number above 1")?;
        let squared = cv * cv;
        let share = 0.5 * (1.0 + ((squared - 1.0) / (squared + 1.0)).sqrt());
        let shares = vec![share, 1.0 - share];
        let means = shares.iter().map(|share| mean / (2.0 * share)).collect();
        Self::hyper_exponential(shares, means)
    }

    /// The values observed, in any order, each as likely as any other.
    ///
    /// # Errors
    /// When there is none, or one is negative or not finite.
    pub fn empirical(mut observed: Vec<f64>) -> Checked<Self> {
        for &value in &observed {
            not_negative("values", value)?;
        }
        if observed.is_empty() {
            return Err(DistributionError::Empty { list: "values" });
        }
        observed.sort_by(f64::total_cmp);
        let (mut values, mut cumulative) = (Vec::new(), Vec::new());
        for (i, &value) in observed.iter().enumerate() {
            // Adding 0 makes a negative zero an ordinary one.
            if observed.get(i + 1).is_none_or(|&next| next > value) {
                values.push(value + 0.0);
                cumulative.push((i + 1) as f64 / observed.len() as f64);
            }
        }
        Ok(Self::Empirical { values, cumulative })
    }

    /// The `values`, in any order, with their `probabilities`.
    ///
    /// # Errors
    /// When the lists are empty or differ in length, a value is negative, infinite or listed twice, or the
    /// probabilities are not from 0 to 1 or do not add up to 1 (within 1e-9; they are then scaled to do so exactly).
    pub fn discrete(values: &[f64], probabilities: &[f64]) -> Checked<Self> {
        paired("values", values, "probabilities", probabilities)?;
        for &value in values {
            not_negative("values", value)?;
        }
        let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(probabilities.iter().copied()).collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some(twice) = pairs.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
            return Err(DistributionError::Twice { list: "values", value: twice[0].0 });
        }
        let (values, probabilities): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        Ok(Self::Discrete { values, probabilities: adding_up_to_one("probabilities", probabilities)? })
    }
}

fn within(parameter: &'static str, value: f64, is: bool, expected: &'static str) -> Checked<f64> {
    if is { Ok(value) } else { Err(DistributionError::OutOfRange { parameter, value, expected }) }
}

fn positive(parameter: &'static str, value: f64) -> Checked<f64> {
    within(parameter, value, value > 0.0 && value.is_finite(), "a finite number above 0")
}

fn positive_cv(cv: f64) -> Checked<f64> {
    within("cv", cv, cv > 0.0 && cv.is_finite(), "a finite number above 0 (for no variation use a constant)")
}

fn not_negative(parameter: &'static str, value: f64) -> Checked<f64> {
    within(parameter, value, value >= 0.0 && value.is_finite(), "a finite number, 0 or more")
}

fn ordered(lower_name: &'static str, lower: f64, upper_name: &'static str, upper: f64) -> Checked<()> {
    if lower < upper { Ok(()) } else { Err(DistributionError::Order { lower_name, lower, upper_name, upper }) }
}

fn paired(first_name: &'static str, first: &[f64], second_name: &'static str, second: &[f64]) -> Checked<()> {
    if first.len() != second.len() {
        let (first, second) = (first.len(), second.len());
        return Err(DistributionError::Lengths { first_name, first, second_name, second });
    }
    if first.is_empty() { Err(DistributionError::Empty { list: first_name }) } else { Ok(()) }
}

fn adding_up_to_one(list: &'static str, shares: Vec<f64>) -> Checked<Vec<f64>> {
    for &share in &shares {
        within(list, share, (0.0..=1.0).contains(&share), "a number from 0 to 1")?;
    }
    let sum: f64 = shares.iter().sum();
    if (sum - 1.0).abs() > 1e-9 {
        return Err(DistributionError::Sum { list, sum });
    }
    Ok(shares.into_iter().map(|share| share / sum).collect())
}

/// Refuses what would overflow later, in a moment or in the far tail.
fn finite_moments(distribution: Distribution) -> Checked<Distribution> {
    let far = distribution.upper_quantile(1e-20);
    let moments = [distribution.mean(), distribution.variance(), far];
    if moments.iter().all(|moment| moment.is_finite()) { Ok(distribution) } else { Err(DistributionError::TooSpread) }
}
