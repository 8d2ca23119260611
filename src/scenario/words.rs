//! Reading a value that is one of a few words.

use super::diagnostic::Diagnostic;
use super::node::{Node, Value, quoted};
use super::reader::Sink;
use super::suggest::did_you_mean;
use super::table::with_article;

/// What `file_words!` expects, in words.
#[must_use]
pub fn expected<T>(noun: &str, words: &[(&str, T)]) -> String {
    let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    format!("{} ({})", with_article(noun), list.join(", "))
}

/// The meaning of the word at `node`.
pub fn read<T: Copy>(node: &Node, noun: &str, words: &[(&str, T)], later: &[&str], sink: &mut Sink) -> Option<T> {
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let found = match &node.value {
        Value::Reported => return None,
        Value::Text(text) => {
            if let Some((_, meaning)) = words.iter().find(|(word, _)| word == text) {
                return Some(*meaning);
            }
            if later.contains(&text.as_str()) {
                let message = format!("the {noun} {} is not in this version of peaksim", quoted(text));
                Diagnostic::error("not-in-this-version", &node.place, message).label("not in this version")
            } else {
                let message = format!("{} is not {}", quoted(text), with_article(noun));
                Diagnostic::error("unknown-word", &node.place, message).label(format!("not {}", with_article(noun)))
            }
        }
        _ => {
            let message = format!("expected {}, found {}", expected(noun, words), node.found());
            Diagnostic::error("wrong-type", &node.place, message).label("not what is expected here")
        }
    };
    let written = if let Value::Text(text) = &node.value { text } else { "" };
    let example = known.first().map(|word| sink.line(&format!("\"{word}\""))).unwrap_or_default();
    let help = did_you_mean(written, "valid words", &known).unwrap_or_default();
    sink.push(found.help(format!("{help}\nfor example: {example}")));
    None
}
