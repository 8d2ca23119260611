//! One mistake, one place: what only follows from a mistake is not told beside it.

use std::path::Path;

use crate::scenario::file::FIRST_SCENARIO;
use crate::scenario::load::{LoadError, Scenario};

/// The lines at which errors stand.
fn lines_of_errors(text: &str) -> Vec<usize> {
    match Scenario::from_text(text, Path::new("."), &[]) {
        Ok(_) => Vec::new(),
        Err(LoadError::Invalid { diagnostics, .. }) => diagnostics.iter().map(|found| found.place.line()).collect(),
        Err(error) => panic!("{error}"),
    }
}

/// For each line that `change` gives another form: every error stands there, and there is at least one.
fn only_there(change: impl Fn(&str) -> Option<String>) {
    let lines: Vec<&str> = FIRST_SCENARIO.lines().collect();
    let mut changed = 0;
    for (k, line) in lines.iter().enumerate() {
        let Some(new) = change(line) else { continue };
        changed += 1;
        let text: String = lines
            .iter()
            .enumerate()
            .map(|(n, old)| if n == k { new.clone() } else { (*old).to_owned() } + "\n")
            .collect();
        let found = lines_of_errors(&text);
        assert!(!found.is_empty() && found.iter().all(|at| *at == k + 1), "line {}: {new}\n{found:?}", k + 1);
    }
    assert!(changed > 5, "{changed}");
}

/// `key = ` at the start of a line, and its value where it ends on the line.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(" = ")?;
    let word = |c: char| c.is_ascii_lowercase() || c == '_';
    let whole = |open, close| value.matches(open).count() == value.matches(close).count();
    (key.chars().all(word) && whole('[', ']') && whole('{', '}')).then_some((key, value))
}

#[test]
fn of_a_misspelt_key() {
    only_there(|line| pair(line).map(|(key, value)| format!("{key}{} = {value}", &key[key.len() - 1..])));
}

#[test]
fn of_a_value_that_cannot_be_read() {
    only_there(|line| pair(line).map(|(key, _)| format!("{key} = {{ 1979-05-27 = 07:32:00 }}")));
}

#[test]
fn of_a_misspelt_header() {
    only_there(|line| {
        line.strip_prefix("[[").filter(|name| !name.contains('.')).map(|name| format!("[[{name}").replace("]]", "s]]"))
    });
}
