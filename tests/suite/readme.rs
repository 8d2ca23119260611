//! Every command line that README.md shows in a block does what it says there: it is understood, and it ends well.

use std::path::Path;
use std::process::Command;

/// How a command of the program begins, with the program's own name and as the set-up runs it.
const BEGINS: [&str; 2] = ["peaksim ", "cargo run --release -- "];

/// Commands that look at hundreds of loads: a deadline lets them read all they are given, and no more.
const LONG: [&str; 2] = ["breach", "frontier"];

/// The words of a command line, as a shell splits it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, ' ') => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            _ => word.push(letter),
        }
    }
    assert_eq!(quote, None, "a quote of {line} is never closed");
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// The commands in the blocks of a text, each a line, or several of which all but the last end with a backslash.
fn commands(text: &str) -> Vec<Vec<String>> {
    let in_blocks = text.split("\n```").skip(1).step_by(2);
    let lines = in_blocks.flat_map(|block| {
        let block = block.replace("\\\n", " ");
        block.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    let of = |line: String| BEGINS.iter().find_map(|begin| line.strip_prefix(begin)).map(words);
    lines.filter_map(of).collect()
}

#[test]
fn every_command_in_the_readme_can_be_typed_as_it_stands() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let all = commands(&readme);
    let shown = |command: &str| all.iter().any(|words| words[0] == command);
    assert!(["run", "compare", "breach", "frontier", "sweep"].into_iter().all(shown), "{all:?}");
    for mut words in all {
        let folder = tempfile::tempdir().unwrap();
        let told = words.join(" ");
        if let Some(option) = words.iter().position(|word| word == "-o") {
            words.drain(option..option + 2);
        }
        words.extend(["-o", folder.path().to_str().unwrap(), "--reps", "2", "--progress", "none"].map(str::to_owned));
        let is_long = LONG.contains(&words[0].as_str());
        words.extend(["--deadline", "1ms"].into_iter().filter(|_| is_long).map(str::to_owned));
        let done = Command::new(env!("CARGO_BIN_EXE_peaksim")).args(&words).current_dir(root).output().unwrap();
        let expected = if is_long { 22 } else { 0 };
        assert_eq!(done.status.code(), Some(expected), "{told}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

#[test]
fn a_command_over_several_lines_is_split_as_a_shell_does() {
    let text =
        "Text\n```\npeaksim run a.toml --set \"x='1 2'\" \\\n  --reps 3\nFAIL  nothing\n```\npeaksim not in a block\n";
    assert_eq!(commands(text), [["run", "a.toml", "--set", "x='1 2'", "--reps", "3"]]);
}
