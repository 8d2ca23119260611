//! The same scenario, seed and version give the same bytes: on any number of threads, and on processors that lack what
//! this one has. (That a release build writes what this build writes is what the sample reports show.)

use std::path::Path;
use std::process::Command;

/// results.json and report.html of a scenario, in an environment.
fn written(scenario: &str, threads: &str, environment: &[(&str, &str)]) -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_peaksim"))
        .args(["run", scenario, "--reps", "9", "--progress", "none", "--threads", threads, "-o"])
        .arg(folder.path())
        .envs(environment.iter().copied())
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let read = |file: &str| std::fs::read(folder.path().join(file)).unwrap();
    (read("results.json"), read("report.html"))
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    for scenario in ["scenarios/black-friday.toml", "scenarios/flash-sale-drop.toml"] {
        let expected = written(scenario, "1", &[]);
        for threads in ["2", "3", "7", "8"] {
            assert!(written(scenario, threads, &[]) == expected, "{scenario} on {threads} threads");
        }
    }
}

/// Makes the C library believe in a processor without fused multiply-add.
#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
const MASK: (&str, &str) = ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4");

/// What the platform's own functions give, for the canary. Nothing else may call them.
#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
#[expect(clippy::disallowed_methods, reason = "the canary is there to show what these would do")]
#[test]
#[ignore = "prints for the test that holds two of its runs against each other"]
fn canary() {
    let mut sum = 0_u64;
    for k in 1..200_000_u32 {
        let x = std::hint::black_box(f64::from(k) * 0.000_123_7);
        sum = sum.rotate_left(1) ^ x.exp().to_bits() ^ x.ln().to_bits() ^ x.powf(1.37).to_bits();
    }
    println!("canary {sum:016x}.");
}

#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
#[test]
fn a_processor_without_fused_multiply_add_writes_the_same_bytes_while_the_canary_differs() {
    if !std::arch::is_x86_feature_detected!("fma") {
        println!("this processor has no fused multiply-add to hide");
        return;
    }
    let sings = |environment: &[(&str, &str)]| {
        let done = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "same_bytes::canary", "--nocapture"])
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let text = String::from_utf8(done.stdout).unwrap();
        text.lines().find_map(|line| line.find("canary ").map(|at| line[at..].to_owned())).expect("the canary sings")
    };
    assert_ne!(sings(&[]), sings(&[MASK]), "the mask hides nothing, so the comparison below would show nothing");
    for scenario in ["scenarios/black-friday.toml", "scenarios/uk-gifts-2011.toml", "scenarios/reference-line.toml"] {
        assert!(written(scenario, "2", &[]) == written(scenario, "2", &[MASK]), "{scenario}");
    }
}
