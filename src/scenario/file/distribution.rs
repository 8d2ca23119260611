//! Durations that vary.

use crate::quantity::{Factor, Probability};
use crate::scenario::reader::{AtLeastOne, Spanned};
use crate::scenario::units::Positive;
use crate::time::SimDuration;

crate::file_words! {
    /// The form of a distribution of given mean and spread.
    pub enum ShapeWord = "shape" {
        /// A product of many small influences: the usual form of manual work.
        LogNormal = "lognormal",
        /// Gamma.
        Gamma = "gamma",
        /// A mixture of two exponential ones; for a `cv` above 1.
        HyperExponential = "hyperexponential",
    }
}

crate::file_table! {
    /// A time by its middle and its tail (lognormal).
    pub struct TypicalTable = "spread of times" {
        /// Half of the times are shorter than this.
        required typical: Positive<SimDuration>, example "\"6m\"";
        /// One in ten is longer than this.
        required one_in_ten_over: Positive<SimDuration>, example "\"18m\"";
    }
}

crate::file_table! {
    /// A time by its mean and spread.
    pub struct MeanTable = "mean with a spread" {
        /// The mean.
        required mean: Positive<SimDuration>, example "\"6m\"";
        /// Coefficient of variation: standard deviation ÷ mean.
        required cv: Factor, example "0.5";
        /// The form of the distribution.
        default shape: ShapeWord = ShapeWord::LogNormal;
    }
}

crate::file_table! {
    /// An exponential time.
    pub struct ExponentialTable = "exponential time" {
        /// The mean.
        required exponential: Positive<SimDuration>, example "\"6m\"";
    }
}

crate::file_table! {
    /// A sum of equal exponential phases.
    pub struct ErlangTable = "erlang time" {
        /// The mean of the whole.
        required erlang: Positive<SimDuration>, example "\"6m\"";
        /// How many phases.
        required phases: AtLeastOne, example "4";
    }
}

crate::file_table! {
    /// A Weibull time.
    pub struct WeibullTable = "weibull time" {
        /// The scale: 63.2 % are shorter.
        required weibull: Positive<SimDuration>, example "\"6m\"";
        /// The shape.
        required shape: Factor, example "1.5";
    }
}

crate::file_table! {
    /// A gamma time.
    pub struct GammaTable = "gamma time" {
        /// The mean.
        required gamma: Positive<SimDuration>, example "\"6m\"";
        /// The shape: 1 ÷ cv².
        required shape: Factor, example "2.0";
    }
}

crate::file_table! {
    /// Evenly spread between two times.
    pub struct UniformTable = "uniform time" {
        /// The shortest and the longest.
        list uniform: SimDuration, example "[\"2m\", \"6m\"]";
    }
}

crate::file_table! {
    /// Spread around a most likely time.
    pub struct TriangularTable = "triangular time" {
        /// The shortest, the most likely and the longest.
        list triangular: SimDuration, example "[\"2m\", \"4m\", \"9m\"]";
    }
}

crate::file_table! {
    /// One part of a mixture.
    pub struct MixturePart = "part of a mixture" {
        /// Its share.
        required share: Probability, example "\"80%\"";
        /// Its mean (exponential).
        required mean: Positive<SimDuration>, example "\"2m\"";
    }
}

crate::file_table! {
    /// A mixture of exponential times.
    pub struct MixtureTable = "mixture of times" {
        /// The parts; their shares add up to 100%.
        list mixture: MixturePart;
    }
}

crate::file_table! {
    /// Some times with their shares.
    pub struct ValuesTable = "list of times" {
        /// The times.
        list values: SimDuration, example "[\"2m\", \"5m\"]";
        /// How often each; without them all are equally likely.
        list shares: Probability, example "[\"60%\", \"40%\"]";
    }
}

crate::file_table! {
    /// Times as they were measured.
    pub struct MeasuredTable = "file of measured times" {
        /// A CSV file with a column `seconds`.
        required measured: String, example "\"data/pick-seconds.csv\"";
    }
}

crate::file_choice! {
    /// How long something takes.
    pub enum DurationValue {
        /// Always the same.
        text Always(SimDuration),
        /// By middle and tail.
        table "typical" Typical(TypicalTable),
        /// By mean and cv.
        table "mean" Mean(MeanTable),
        /// Exponential.
        table "exponential" Exponential(ExponentialTable),
        /// Erlang.
        table "erlang" Erlang(ErlangTable),
        /// Weibull.
        table "weibull" Weibull(WeibullTable),
        /// Gamma.
        table "gamma" Gamma(GammaTable),
        /// Uniform.
        table "uniform" Uniform(UniformTable),
        /// Triangular.
        table "triangular" Triangular(TriangularTable),
        /// A mixture of exponential ones.
        table "mixture" Mixture(MixtureTable),
        /// Some values.
        table "values" Values(ValuesTable),
        /// As measured.
        table "measured" Measured(MeasuredTable),
    }
}

/// The values of a list, without their places.
#[must_use]
pub fn plain<T: Copy, U>(list: &[Spanned<T>], of: impl Fn(T) -> U) -> Vec<U> {
    list.iter().map(|item| of(item.value)).collect()
}
