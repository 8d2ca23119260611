//! Values with a unit behind them, as `--vary` takes them: `1m..20m`, `1%..5%`, `120/h..480/h`.

use peaksim::scenario::units::FromText;
use peaksim::time::SimDuration;

/// The number at the start of `text`, and the unit behind it, empty where there is none.
fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let finite = |number: &str| number.parse::<f64>().ok().filter(|number| number.is_finite());
    if let Some(number) = finite(text) {
        return Some((number, ""));
    }
    let end = text.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '+' | '-' | '.'))?;
    let unit = &text[end..];
    let is_unit = unit.trim_start().starts_with(|letter: char| letter.is_alphabetic() || matches!(letter, '%' | '/'));
    finite(&text[..end]).filter(|_| is_unit).map(|number| (number, unit))
}

/// Both ends of a range, and the unit that they have in common; one that stands behind one of them holds for both.
pub(super) fn ends(low: &str, high: &str) -> Result<(f64, f64, String), String> {
    let end = |text: &str| match split(text) {
        Some((number, unit)) => Ok((number, unit.to_owned())),
        None => Err(format!("`{}` is not a number", text.trim())),
    };
    let ((low, of_low), (high, of_high)) = (end(low)?, end(high)?);
    if low >= high {
        return Err("the range does not go upwards".to_owned());
    }
    match (of_low.trim(), of_high.trim()) {
        ("", _) => Ok((low, high, of_high)),
        (_, "") => Ok((low, high, of_low)),
        (one, other) if one == other => Ok((low, high, of_low)),
        (one, other) => Err(format!("both ends need the same unit, not `{one}` and `{other}`")),
    }
}

/// Whether it is a quantity without the quotes that TOML wants around it.
pub(super) fn is_bare(text: &str) -> bool {
    split(text).is_some_and(|(_, unit)| !unit.is_empty())
}

/// The number in a value of a file, in `unit`; `None` where it says something else.
pub(super) fn number_in(value: &str, unit: &str) -> Option<f64> {
    let text = value.trim_matches(['"', '\'']);
    match split(text) {
        Some((number, of)) if of.trim() == unit.trim() => Some(number),
        _ => {
            let ticks = |text: &str| SimDuration::parse(text).ok().map(|time| time.0 as f64);
            Some(ticks(text)? / ticks(&format!("1{unit}"))?)
        }
    }
}

/// A range as typed, with the unit of `example` behind both ends.
pub(super) fn with_unit_of(typed: &str, example: &str) -> Option<String> {
    let (low, high) = typed.split_once("..")?;
    let (_, unit) = split(example)?;
    Some(format!("{low}{unit}..{high}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_one_unit() {
        assert_eq!(ends("0.5", "4").unwrap(), (0.5, 4.0, String::new()));
        assert_eq!(ends(" 1m", "20m ").unwrap(), (1.0, 20.0, "m".to_owned()));
        assert_eq!(ends("1", "5%").unwrap(), (1.0, 5.0, "%".to_owned()));
        assert_eq!(ends("12.5 GBP/h", "20 GBP/h").unwrap(), (12.5, 20.0, " GBP/h".to_owned()));
        assert_eq!(ends("1e3", "2e3").unwrap(), (1e3, 2e3, String::new()));
        for wrong in [("1s", "3m"), ("m", "3m"), ("1", "x"), ("3m", "1m"), ("06:00", "08:00"), ("1", "inf")] {
            assert!(ends(wrong.0, wrong.1).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_a_file_says_is_told_in_the_unit_of_the_range() {
        assert_eq!(number_in("\"2m\"", "m"), Some(2.0));
        assert_eq!(number_in("\"90s\"", "m"), Some(1.5));
        assert_eq!(number_in("\"5%\"", "%"), Some(5.0));
        assert_eq!(number_in("\"5%\"", "m"), None);
        assert_eq!(number_in("3", ""), Some(3.0));
    }
}
