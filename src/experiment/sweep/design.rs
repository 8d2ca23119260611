//! Which cells: every combination of some values, or a Latin hypercube.

use crate::random::{StreamKey, unit};

/// One value of a varied number.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// As it is written in a scenario.
    pub text: String,
    /// As a number, of its unit where it has one; `None` for anything else.
    pub number: Option<f64>,
}

impl Setting {
    /// A number.
    #[must_use]
    pub fn of(number: f64) -> Setting {
        Setting { text: number.to_string(), number: Some(number) }
    }

    /// A number of some unit, as a quantity; without a unit a plain number.
    #[must_use]
    pub fn in_unit(number: f64, unit: &str) -> Setting {
        if unit.is_empty() {
            return Setting::of(number);
        }
        // A billionth of a unit is finer than anything that is simulated, and more digits than that are not read.
        let rounded = libm::round(number * 1e9) / 1e9;
        Setting { text: format!("{:?}", format!("{rounded}{unit}")), number: Some(number) }
    }

    /// Whether it is a plain number.
    #[must_use]
    pub fn plain(&self) -> Option<f64> {
        self.number.filter(|_| !self.text.starts_with(['"', '\'']))
    }
}

/// What is varied.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Its path; `*` stands for every item of a list.
    pub path: String,
    /// Its values.
    pub values: Values,
}

/// The values of an axis.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// These.
    Listed(Vec<Setting>),
    /// Any from the lower to the upper end, or whole numbers alone.
    Between {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
        /// Whether it takes whole numbers only.
        whole: bool,
        /// Unit of all of them, as it stands behind a number; empty without one.
        unit: String,
        /// How many a grid takes; `None`: five, or every whole number where these are not more than nine.
        points: Option<u32>,
    },
}

impl Values {
    /// Points of a range that nobody gives a number for.
    const POINTS: u32 = 5;
    /// Whole numbers that are all taken.
    const WHOLE: f64 = 9.0;

    /// Those that a grid takes, evenly apart, ends included.
    #[must_use]
    pub fn of_grid(&self) -> Vec<Setting> {
        match self {
            Values::Listed(values) => {
                let mut found: Vec<Setting> = Vec::new();
                for value in values {
                    if found.iter().all(|known| known.text != value.text) {
                        found.push(value.clone());
                    }
                }
                found
            }
            Values::Between { low, high, whole, unit, points } => {
                let all = high - low + 1.0;
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few")]
                let usual = if *whole && all <= Values::WHOLE { all as u32 } else { Values::POINTS };
                let points = points.unwrap_or(usual).max(2);
                let step = (high - low) / f64::from(points - 1);
                let value = |k: u32| if k + 1 == points { *high } else { low + f64::from(k) * step };
                // 1 + 3 x 0.4 is not quite 2.2, but is written so.
                let tidy = |value: f64| if *whole { libm::round(value) } else { libm::round(value * 1e9) / 1e9 };
                let mut values: Vec<f64> = (0..points).map(|k| tidy(value(k))).collect();
                values.dedup_by(|a, b| a.total_cmp(b).is_eq());
                values.into_iter().map(|value| Setting::in_unit(value, unit)).collect()
            }
        }
    }

    /// That at `place`, from 0 to below 1; `strata` says how finely it is to be written.
    fn at(&self, place: f64, strata: u32) -> Setting {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
        let floor = |at: f64| at as usize;
        match self {
            Values::Listed(values) => values[floor(place * values.len() as f64).min(values.len() - 1)].clone(),
            Values::Between { low, high, whole: true, unit, .. } => {
                Setting::in_unit((low + libm::floor(place * (high - low + 1.0))).min(*high), unit)
            }
            Values::Between { low, high, unit, .. } => {
                let exact = low + place * (high - low);
                let stratum = |value: f64| libm::floor((value - low) / (high - low) * f64::from(strata));
                // A hundredth of a stratum is near enough, unless it leaves the stratum.
                let mut digits = 1.0;
                while digits < 1e12 && digits * (high - low) < 100.0 * f64::from(strata) {
                    digits *= 10.0;
                }
                let short = libm::round(exact * digits) / digits;
                Setting::in_unit(if stratum(short).total_cmp(&stratum(exact)).is_eq() { short } else { exact }, unit)
            }
        }
    }
}

/// Every combination; the last axis changes fastest.
#[must_use]
pub fn grid(axes: &[Axis]) -> Vec<Vec<Setting>> {
    let mut cells = vec![Vec::new()];
    for axis in axes {
        let values = axis.values.of_grid();
        let with = |cell: &Vec<Setting>, value: &Setting| [cell.as_slice(), std::slice::from_ref(value)].concat();
        cells = cells.iter().flat_map(|cell| values.iter().map(move |value| with(cell, value))).collect();
    }
    cells
}

/// A Latin hypercube (McKay, Beckman & Conover 1979): each axis is cut in as many strata as there are points, and each
/// stratum of each axis holds one point, drawn evenly within it. Every draw has its key, made of `seed` and the axis' path:
/// another axis changes nothing about the others.
#[must_use]
pub fn latin(axes: &[Axis], points: u32, seed: u64) -> Vec<Vec<Setting>> {
    let mut cells: Vec<Vec<Setting>> = (0..points).map(|_| Vec::new()).collect();
    for axis in axes {
        let key = StreamKey::new(seed, 0, &format!("sweep/{}", axis.path));
        let mut strata: Vec<u32> = (0..points).collect();
        strata.sort_by_key(|stratum| (key.bits(u64::from(*stratum), 0), *stratum));
        for (cell, stratum) in cells.iter_mut().zip(strata) {
            let within = unit(key.bits(u64::from(stratum), 1));
            cell.push(axis.values.at((f64::from(stratum) + within) / f64::from(points), points));
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(low: f64, high: f64, whole: bool, points: Option<u32>) -> Values {
        Values::Between { low, high, whole, unit: String::new(), points }
    }

    fn axis(path: &str, values: Values) -> Axis {
        Axis { path: path.to_owned(), values }
    }

    fn texts(settings: &[Setting]) -> Vec<&str> {
        settings.iter().map(|setting| setting.text.as_str()).collect()
    }

    #[test]
    fn a_grid_takes_every_combination_of_tidy_values() {
        assert_eq!(texts(&between(1.0, 2.6, false, None).of_grid()), ["1", "1.4", "1.8", "2.2", "2.6"]);
        assert_eq!(texts(&between(2.0, 5.0, true, None).of_grid()), ["2", "3", "4", "5"]);
        assert_eq!(texts(&between(2.0, 12.0, true, Some(3)).of_grid()), ["2", "7", "12"]);
        assert_eq!(texts(&between(1.0, 2.0, true, Some(5)).of_grid()), ["1", "2"]);
        let listed =
            Values::Listed(["3", "4", "3"].map(|text| Setting { text: text.to_owned(), number: None }).to_vec());
        let cells = grid(&[axis("a", listed), axis("b", between(0.0, 1.0, false, Some(2)))]);
        let cells: Vec<Vec<&str>> = cells.iter().map(|cell| texts(cell)).collect();
        assert_eq!(cells, [["3", "0"], ["3", "1"], ["4", "0"], ["4", "1"]]);
    }

    #[test]
    fn every_stratum_of_every_axis_holds_one_point() {
        let axes = [axis("a", between(0.5, 4.0, false, None)), axis("b", between(-3.0, 1e6, false, None))];
        let cells = latin(&axes, 40, 7);
        for (k, (low, high)) in [(0.5, 4.0), (-3.0, 1e6)].into_iter().enumerate() {
            let mut strata: Vec<f64> =
                cells.iter().map(|cell| libm::floor((cell[k].number.unwrap() - low) / (high - low) * 40.0)).collect();
            strata.sort_by(f64::total_cmp);
            assert_eq!(strata, (0..40).map(f64::from).collect::<Vec<_>>());
        }
        // Another axis leaves the first one alone, and another seed does not.
        let first = |cells: &[Vec<Setting>]| cells.iter().map(|cell| cell[0].text.clone()).collect::<Vec<_>>();
        assert_eq!(first(&latin(&axes[..1], 40, 7)), first(&cells));
        assert_ne!(first(&latin(&axes, 40, 8)), first(&cells));
        assert!(first(&cells).iter().all(|text| text.len() <= 6), "{:?}", first(&cells));
    }

    #[test]
    fn whole_numbers_and_lists_are_shared_out_evenly() {
        let heads = axis("heads", between(2.0, 5.0, true, None));
        let shifts = axis(
            "shift",
            Values::Listed(["a", "b"].map(|text| Setting { text: text.to_owned(), number: None }).to_vec()),
        );
        let cells = latin(&[heads, shifts], 8, 1);
        let count = |k: usize, text: &str| cells.iter().filter(|cell| cell[k].text == text).count();
        assert_eq!(["2", "3", "4", "5"].map(|text| count(0, text)), [2; 4]);
        assert_eq!(["a", "b"].map(|text| count(1, text)), [4; 2]);
    }
}
