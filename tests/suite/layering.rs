//! The import table of ARCHITECTURE.md, held against what the files really import; and the house rules on size.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// For each module, the modules it may import. `statistics` and `theory` are side leaves that everybody may import.
const MAY_IMPORT: [(&str, &[&str]); 13] = [
    ("time", &[]),
    ("quantity", &[]),
    ("statistics", &[]),
    ("theory", &[]),
    ("calendar", &["time"]),
    ("random", &["time", "quantity"]),
    ("model", &["time", "quantity", "calendar", "random"]),
    ("scenario", &["time", "quantity", "calendar", "random", "model"]),
    ("observation", &["time", "quantity", "calendar", "random", "model"]),
    ("engine", &["time", "quantity", "calendar", "random", "model", "observation"]),
    ("experiment", &["time", "quantity", "calendar", "random", "model", "observation", "engine"]),
    ("report", &["time", "quantity", "calendar", "random", "model", "observation", "engine", "experiment", "scenario"]),
    ("cli", &[]),
];

fn source_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            source_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).expect("a readable source"))
        })
        .collect()
}

/// Modules of the crate that a text names after `crate::`, tests and documentation aside.
fn imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    let mut found = Vec::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            if line.contains("$crate::") {
                continue;
            }
            let name: String = part.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !name.is_empty() {
                found.push(name);
            }
        }
    }
    found
}

#[test]
fn one_file_has_unsafe_code_and_it_is_a_prefetch() {
    let with_unsafe: Vec<String> = all_sources()
        .into_iter()
        .filter(|(_, text)| text.lines().any(|line| line.contains("unsafe {") || line.contains("(unsafe_code")))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(with_unsafe, ["engine/prefetch.rs"]);
}

#[test]
fn imports_point_one_way() {
    let may: BTreeMap<&str, &[&str]> = MAY_IMPORT.into_iter().collect();
    let mut wrong = Vec::new();
    for (file, text) in all_sources() {
        let module = file.split(['/', '.']).next().expect("a name").to_owned();
        let is_test = file.contains("tests") || file.ends_with("fixture.rs");
        if matches!(module.as_str(), "lib" | "main" | "cli") || is_test {
            continue;
        }
        let Some(allowed) = may.get(module.as_str()) else {
            wrong.push(format!("{file}: module '{module}' does not stand in the table"));
            continue;
        };
        for name in imports(&text) {
            let side_leaf =
                matches!(name.as_str(), "statistics" | "theory") && module != "statistics" && module != "theory";
            let macro_name = matches!(name.as_str(), "file_table" | "file_choice" | "file_words" | "file_field");
            if name != module && !side_leaf && !macro_name && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{file} imports {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the direction of ARCHITECTURE.md:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_of_the_architecture_is_the_one_tested() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).expect("it is there");
    for (module, allowed) in MAY_IMPORT.iter().filter(|(module, _)| *module != "cli") {
        let row =
            format!("| `{module}` | {} |", if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") });
        assert!(text.contains(&row), "ARCHITECTURE.md lacks the row\n{row}");
    }
}

#[test]
fn no_file_grows_into_a_giant() {
    let long: Vec<String> = all_sources()
        .into_iter()
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > 600)
        .map(|(file, lines)| format!("{file}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "files over 600 lines: are they one idea?\n{}", long.join("\n"));
}

#[test]
fn only_the_progress_display_and_a_deadline_look_at_a_clock() {
    let clocks: Vec<String> = all_sources()
        .into_iter()
        .filter(|(file, text)| {
            text.contains("Instant::now") && !["cli/progress.rs", "cli/deadline.rs"].contains(&file.as_str())
        })
        .map(|(file, _)| file)
        .collect();
    assert!(clocks.is_empty(), "{clocks:?}");
}
