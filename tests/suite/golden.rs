//! The sample report in `reports/` is what the program writes, byte for byte: in a release build as in this one, on any
//! number of threads. After a change that is meant, run the command of the README again and review the difference.

use std::path::Path;
use std::process::Command;

#[test]
fn the_sample_report_is_reproduced_byte_for_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_peaksim"))
        .args(["run", "scenarios/black-friday.toml", "--progress", "none", "--threads", "2", "-o"])
        .arg(folder.path())
        .current_dir(root)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    for file in ["results.json", "report.html"] {
        let stored = std::fs::read(root.join("reports/black-friday").join(file)).unwrap();
        let written = std::fs::read(folder.path().join(file)).unwrap();
        assert!(stored == written, "reports/black-friday/{file} is not what the program writes");
    }
}
