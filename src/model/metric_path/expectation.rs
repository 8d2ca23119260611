//! A metric path with what is expected of it: `sla.'next day'.attainment >= 98%`.

use super::{MetricNames, parse, values};
use crate::model::{Comparison, Expectation, Metric, MetricError, MetricUnit, OverRuns};
use crate::time::TICKS_PER_HOUR;

/// A number of a run, and what is expected of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedMetric {
    /// The path as written.
    pub path: String,
    /// What it means.
    pub metric: Metric,
    /// What is done with one run's values over all runs.
    pub over_runs: OverRuns,
    /// What is expected of it.
    pub expectation: Expectation,
}

/// What `text` expects: a metric path, one of `>=`, `<=`, `>`, `<`, and a limit in the number's own unit.
///
/// # Errors
/// What is wrong with the path, the comparison or the limit, and what would be right.
pub fn parse_expectation(text: &str, names: &MetricNames<'_>) -> Result<ExpectedMetric, MetricError> {
    let comparison_at = outside_quotes(text, |c| "<>=!≥≤".contains(c));
    let path = text[..comparison_at].trim();
    let (metric, over_runs) = parse(path, names)?;
    let unit = MetricUnit::of(&metric, over_runs);
    let help = || format!("for example: {path} {}", example(unit));
    let rest = &text[comparison_at..];
    if rest.is_empty() {
        let message = format!("`{path}` is a number, but nothing is expected of it");
        return Err(MetricError { message, help: help() });
    }
    let signs = rest.find(|c| !"<>=!≥≤".contains(c)).unwrap_or(rest.len());
    let (sign, limit) = (&rest[..signs], rest[signs..].trim());
    let Some((_, comparison)) = Comparison::ALL.into_iter().find(|(known, _)| *known == sign) else {
        let message = format!("`{sign}` is no comparison here: there are `>=`, `<=`, `>` and `<`");
        return Err(MetricError { message, help: help() });
    };
    let limit = unquoted(limit);
    match read_limit(limit, unit) {
        Ok(number) => {
            let expectation = Expectation { comparison, limit: number, text: format!("{sign} {limit}") };
            Ok(ExpectedMetric { path: path.to_owned(), metric, over_runs, expectation })
        }
        Err(reason) => Err(MetricError { message: format!("{reason} (in `{text}`)"), help: help() }),
    }
}

/// The first byte of a character that `is_sought` and stands in no quotes; the end without one.
pub(super) fn outside_quotes(text: &str, is_sought: impl Fn(char) -> bool) -> usize {
    let mut open = None;
    for (at, c) in text.char_indices() {
        match open {
            Some(quote) if c == quote => open = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => open = Some(c),
            None if is_sought(c) => return at,
            None => {}
        }
    }
    text.len()
}

fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text).trim()
}

fn example(unit: MetricUnit) -> &'static str {
    match unit {
        MetricUnit::Share => ">= 98%",
        MetricUnit::Seconds => "<= 15m",
        MetricUnit::Hours => "<= 40h",
        MetricUnit::Number => "<= 500",
    }
}

fn read_limit(text: &str, unit: MetricUnit) -> Result<f64, String> {
    if text.is_empty() {
        return Err("the limit is missing".to_owned());
    }
    match unit {
        MetricUnit::Share => {
            let share = match text.strip_suffix('%') {
                // Through text, so that 98% is exactly 0.98.
                Some(per_cent) => values::number(&format!("{}e-2", per_cent.trim())).ok(),
                None => values::number(text).ok(),
            };
            let wrong = || format!("the number is a share, and `{text}` is no limit for one: write 98% or 0.98");
            share.filter(|share| (0.0..=1.0).contains(share)).ok_or_else(wrong)
        }
        MetricUnit::Seconds | MetricUnit::Hours => {
            let span = values::span(text).map_err(|reason| format!("the number is a time, and {reason}"))?;
            Ok(if unit == MetricUnit::Seconds { span.seconds() } else { span.0 as f64 / TICKS_PER_HOUR as f64 })
        }
        MetricUnit::Number => {
            let wrong = |_| format!("the number has no unit, and `{text}` is no plain number: write 500 or 2.5");
            values::number(text).map_err(wrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: MetricNames<'_> = MetricNames {
        sources: &["web"],
        stations: &["pick"],
        pools: &["floor"],
        slas: &["kept >= promised"],
        diversions: &[],
        calendar: None,
    };

    fn limit(text: &str) -> (f64, Comparison) {
        let found = parse_expectation(text, &NAMES).unwrap_or_else(|error| panic!("{text}: {error}")).expectation;
        (found.limit, found.comparison)
    }

    fn refusal(text: &str) -> String {
        let error = parse_expectation(text, &NAMES).unwrap_err();
        format!("{}\n{}", error.message, error.help)
    }

    #[test]
    fn a_limit_is_read_in_the_unit_of_its_number() {
        assert_eq!(limit("sla.'kept >= promised'.attainment >= 98%"), (0.98, Comparison::AtLeast));
        assert_eq!(limit("sla.\"kept >= promised\".attainment>0.98"), (0.98, Comparison::Above));
        assert_eq!(limit("station.pick.wait.p95 <= 15m"), (900.0, Comparison::AtMost));
        assert_eq!(limit("station.pick.wait.p95 <= \"1h 30m\""), (5_400.0, Comparison::AtMost));
        assert_eq!(limit("sla.'kept >= promised'.late_hours < 90m"), (1.5, Comparison::Below));
        assert_eq!(limit("orders.dispatched >= 1200"), (1_200.0, Comparison::AtLeast));
        assert_eq!(limit("station.pick.wait.mean.share_of_runs_over(900) <= 5%"), (0.05, Comparison::AtMost));
        assert_eq!(limit("station.pick.abandoned_share <= 0%"), (0.0, Comparison::AtMost));
        let found = parse_expectation("station.pick.wait.p95<=15m", &NAMES).unwrap();
        assert_eq!((found.path.as_str(), found.expectation.text.as_str()), ("station.pick.wait.p95", "<= 15m"));
    }

    #[test]
    fn what_is_wrong_is_told_with_what_would_be_right() {
        for (text, expected) in [
            ("station.pick.wait.p95", "nothing is expected of it\nfor example: station.pick.wait.p95 <= 15m"),
            ("station.pick.wait.p95 <= 15", "the number is a time, and `15` is not a span of time"),
            ("station.pick.wait.p95 <= 95%", "the number is a time"),
            ("station.pick.wait.p95 <=", "the limit is missing"),
            ("station.pick.utilisation <= 15m", "the number is a share"),
            ("station.pick.utilisation <= 85", "write 98% or 0.98"),
            ("orders.dispatched >= 98%", "the number has no unit"),
            ("orders.dispatched == 98", "`==` is no comparison here"),
            ("orders.dispatched ≥ 98", "`≥` is no comparison here"),
            ("station.pikc.wait.p95 <= 15m", "did you mean `pick`?"),
            (">= 98%", "a word is missing"),
        ] {
            let found = refusal(text);
            assert!(found.contains(expected), "{text}: {found}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_an_expectation_or_an_error_with_help(
            text in "\\PC{0,40}|(orders.dispatched|station.pick.wait.mean|sla.'kept >= promised'.attainment) ?(<|>|<=|>=|=)? ?[0-9a-z%.\"']{0,6}"
        ) {
            if let Err(error) = parse_expectation(&text, &NAMES) {
                proptest::prop_assert!(!error.message.is_empty() && !error.help.is_empty());
            }
        }
    }
}
