//! Options as they are typed, for the command that gives the same findings again.

/// The words of a command line: each option before each of its values; an option without values is not typed.
pub(super) fn words<const N: usize>(options: [(&str, Vec<String>); N]) -> Vec<String> {
    let typed = |(option, values): (&str, Vec<String>)| {
        values.into_iter().flat_map(|value| [option.to_owned(), value]).collect::<Vec<_>>()
    };
    options.into_iter().flat_map(typed).collect()
}

/// A single value.
pub(super) fn one(value: impl ToString) -> Vec<String> {
    vec![value.to_string()]
}

/// A share, in percent where that reads as the same number.
pub(super) fn percent(share: f64) -> Vec<String> {
    // 0.07 x 100 is not quite 7.
    let rounded = (share * 1e8).round() / 1e6;
    one(if (rounded / 100.0).total_cmp(&share).is_eq() { format!("{rounded}%") } else { share.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_option_before_it() {
        let typed =
            words([("--seed", one(7)), ("--sla", Vec::new()), ("--set", vec!["a=1".to_owned(), "b=2".to_owned()])]);
        assert_eq!(typed, ["--seed", "7", "--set", "a=1", "--set", "b=2"]);
    }

    #[test]
    fn a_share_reads_as_the_same_number() {
        assert_eq!([0.07, 0.0005, 1.0 / 3.0].map(percent), [["7%"], ["0.05%"], ["0.3333333333333333"]]);
    }
}
