//! The same scenario, seed and version give the same bytes: on any number of threads, on processors that lack what
//! this one has, on another kind of processor, and from a build without optimisation. (That a release build writes what this build writes is what the
//! sample reports show.)

use std::path::{Path, PathBuf};
use std::process::Command;

/// How many replications, on how many threads.
struct Series {
    replications: &'static str,
    threads: &'static str,
}

/// results.json and report.html that a build of the program writes of a scenario, in an environment.
fn written_by(program: &Path, scenario: &str, series: &Series, environment: &[(&str, &str)]) -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new(program)
        .args(["run", scenario, "--reps", series.replications, "--threads", series.threads])
        .args(["--progress", "none", "-o"])
        .arg(folder.path())
        .envs(environment.iter().copied())
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let read = |file: &str| std::fs::read(folder.path().join(file)).unwrap();
    (read("results.json"), read("report.html"))
}

/// The same of this build and nine replications.
fn written(scenario: &str, threads: &'static str, environment: &[(&str, &str)]) -> (Vec<u8>, Vec<u8>) {
    let series = Series { replications: "9", threads };
    written_by(Path::new(env!("CARGO_BIN_EXE_peaksim")), scenario, &series, environment)
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

/// Set when this test runs itself: then it only sings.
#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
const CANARY: &str = "PEAKSIM_CANARY";

/// What the platform's own functions give, for the canary. Nothing else may call them.
#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
#[expect(clippy::disallowed_methods, reason = "the canary is there to show what these would do")]
fn sing() {
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
    if std::env::var_os(CANARY).is_some() {
        sing();
        return;
    }
    if !std::arch::is_x86_feature_detected!("fma") {
        println!("this processor has no fused multiply-add to hide");
        return;
    }
    let sings = |environment: &[(&str, &str)]| {
        let this = "same_bytes::a_processor_without_fused_multiply_add_writes_the_same_bytes_while_the_canary_differs";
        let done = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", this, "--nocapture"])
            .env(CANARY, "sings")
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let text = String::from_utf8(done.stdout).unwrap();
        text.lines().find_map(|line| line.find("canary ").map(|at| line[at..].to_owned())).expect("the canary sings")
    };
    assert_eq!(sings(&[]), sings(&[]));
    assert_ne!(sings(&[]), sings(&[MASK]), "the mask hides nothing, so the comparison below would show nothing");
    for scenario in ["scenarios/black-friday.toml", "scenarios/uk-gifts-2011.toml", "scenarios/reference-line.toml"] {
        assert!(written(scenario, "2", &[]) == written(scenario, "2", &[MASK]), "{scenario}");
    }
}

/// The folder with what `cargo build` makes of a profile and more arguments: beside that of this build.
fn built(profile: &str, more: &[&str], environment: &[(&str, String)]) -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_peaksim")).ancestors().nth(2).unwrap();
    let built = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--bin", "peaksim", "--profile", profile, "--target-dir"])
        .arg(target)
        .args(more)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .status()
        .unwrap();
    assert!(built.success(), "{profile} {more:?} does not build");
    target.join(more.last().unwrap_or(&"")).join(profile)
}

/// Needs the standard library for that processor (`rustup target add`), a linker and an emulator (Debian's packages
/// gcc-aarch64-linux-gnu and qemu-user), and minutes: asked for by name, with `PEAKSIM_AARCH64=1 cargo test aarch64`.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn an_aarch64_processor_writes_the_same_bytes_of_every_scenario() {
    const LINKER: &str = "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER";
    const LIBRARIES: &str = "QEMU_LD_PREFIX";
    if std::env::var_os("PEAKSIM_AARCH64").is_none() {
        println!("not asked for: PEAKSIM_AARCH64=1 cargo test aarch64");
        return;
    }
    let set = |name: &'static str, usual: &str| (name, std::env::var(name).unwrap_or_else(|_| usual.to_owned()));
    let linker = set(LINKER, "aarch64-linux-gnu-gcc");
    let libraries = set(LIBRARIES, "/usr/aarch64-linux-gnu");
    let program = built("quick", &["--target", "aarch64-unknown-linux-gnu"], &[linker]).join("peaksim");
    let emulated = tempfile::tempdir().unwrap();
    // What stands for the program runs it in the emulator.
    let stand_in = emulated.path().join("peaksim");
    std::fs::write(&stand_in, format!("#!/bin/sh\nexec qemu-aarch64 {} \"$@\"\n", program.display())).unwrap();
    std::fs::set_permissions(&stand_in, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let few = Series { replications: "3", threads: "2" };
    let scenarios = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap();
    let mut seen = 0;
    for scenario in
        scenarios.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "toml"))
    {
        let scenario = scenario.to_str().unwrap();
        let here = written_by(Path::new(env!("CARGO_BIN_EXE_peaksim")), scenario, &few, &[]);
        let there = written_by(&stand_in, scenario, &few, &[(LIBRARIES, &libraries.1)]);
        assert!(here == there, "{scenario}: an aarch64 processor writes other bytes");
        seen += 1;
    }
    assert!(seen >= 6, "{seen} scenarios");
}

/// A build of its own takes minutes: asked for by name, with `PEAKSIM_DEBUG_BUILD=1 cargo test unoptimised`.
#[test]
fn an_unoptimised_build_with_overflow_checks_writes_the_same_bytes() {
    if std::env::var_os("PEAKSIM_DEBUG_BUILD").is_none() {
        println!("not asked for: PEAKSIM_DEBUG_BUILD=1 cargo test unoptimised");
        return;
    }
    let plain = built("plain", &[], &[]).join(format!("peaksim{}", std::env::consts::EXE_SUFFIX));
    let scenario = "scenarios/black-friday.toml";
    let few = Series { replications: "3", threads: "2" };
    let here = written_by(Path::new(env!("CARGO_BIN_EXE_peaksim")), scenario, &few, &[]);
    assert!(written_by(&plain, scenario, &few, &[]) == here, "{scenario}: the unoptimised build writes other bytes");
}

/// One build is all there is to compare: no cargo feature, and no optional dependency, changes what the program is.
/// Whoever adds one adds the builds with and without it to the comparison above.
#[test]
fn there_are_no_features_to_build_with() {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let chooses = |line: &&str| {
        let code: String = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        code.starts_with("[features") || code.contains("optional=true")
    };
    assert_eq!(manifest.lines().find(chooses), None);
    assert!(["[features]", "[ features ]", "x = { version = \"1\", optional = true }"].iter().all(chooses));
}
