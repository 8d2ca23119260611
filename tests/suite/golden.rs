//! The sample reports in `reports/` are what the program writes, byte for byte: in a release build as in this one, on any
//! number of threads. After a change that is meant, run the shipped scenarios again and review the difference.

use std::path::Path;
use std::process::Command;

/// The shipped scenarios, each with its sample report, and a number of threads.
const SAMPLES: [(&str, &str); 6] = [
    ("black-friday", "2"),
    ("quiet-week", "1"),
    ("flash-sale-drop", "7"),
    ("uk-gifts-2011", "3"),
    ("reference-line", "2"),
    ("stress-test", "3"),
];

#[test]
fn the_sample_reports_are_reproduced_byte_for_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, threads) in SAMPLES {
        let folder = tempfile::tempdir().unwrap();
        let done = Command::new(env!("CARGO_BIN_EXE_peaksim"))
            .args(["run", &format!("scenarios/{name}.toml"), "--progress", "none", "--threads", threads, "-o"])
            .arg(folder.path())
            .current_dir(root)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        for file in ["results.json", "report.html"] {
            let stored = std::fs::read(root.join("reports").join(name).join(file)).unwrap();
            let written = std::fs::read(folder.path().join(file)).unwrap();
            assert!(stored == written, "reports/{name}/{file} is not what the program writes");
        }
    }
}

#[test]
fn every_shipped_scenario_has_its_sample_report() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut shipped: Vec<String> = std::fs::read_dir(root.join("scenarios"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    shipped.sort();
    let mut samples: Vec<&str> = SAMPLES.iter().map(|(name, _)| *name).collect();
    samples.sort_unstable();
    assert_eq!(samples, shipped);
}
