//! Did you mean …?

/// The most words a list of valid choices names before it is cut.
const LONGEST_LIST: usize = 30;

/// The known word most like `written`, if any is like enough to be meant.
///
/// Case, and `-` or space for `_`, do not count as differences.
#[must_use]
pub fn closest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |word: &str| word.to_lowercase().replace(['-', ' '], "_");
    let written = plain(written);
    if written.is_empty() || written.len() > 200 {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for word in known {
        let candidate = plain(word);
        let distance = strsim::damerau_levenshtein(&written, &candidate);
        let length = written.chars().count().max(candidate.chars().count());
        // A third of the letters may be wrong; in a longer word, a whole beginning may be all that was written.
        let alike = distance * 3 <= length
            || (written.len() >= 3 && (candidate.starts_with(&written) || written.starts_with(&candidate)));
        if alike && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, word));
        }
    }
    best.map(|(_, word)| word)
}

/// "did you mean `x`?" and the list of what is valid, in that order; `None` when nothing is known.
#[must_use]
pub fn did_you_mean(written: &str, what: &str, known: &[&str]) -> Option<String> {
    if known.is_empty() {
        return None;
    }
    let shown: Vec<String> = known.iter().take(LONGEST_LIST).map(|word| format!("`{word}`")).collect();
    let more = known.len().saturating_sub(LONGEST_LIST);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    let list = format!("{what}: {}{tail}", shown.join(", "));
    Some(match closest(written, known.iter().copied()) {
        Some(word) => format!("did you mean `{word}`? {list}"),
        None => list,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_of_the_finger_and_of_case() {
        let known = ["servers", "service", "release", "order_of_work"];
        assert_eq!(closest("sevrers", known), Some("servers"));
        assert_eq!(closest("Relase", known), Some("release"));
        assert_eq!(closest("order-of-work", known), Some("order_of_work"));
        assert_eq!(closest("serv", known), Some("servers"));
        assert_eq!(closest("colour", known), None);
        assert_eq!(closest("", known), None);
    }

    #[test]
    fn help_names_the_choice_then_all_of_them() {
        let help = did_you_mean("pikc", "stations", &["pick", "pack"]);
        assert_eq!(help.as_deref(), Some("did you mean `pick`? stations: `pick`, `pack`"));
        assert_eq!(did_you_mean("x", "stations", &[]), None);
    }
}
