use super::{Desk, Ended, SMALL};
use serde_json::json;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::time::Duration;

#[test]
fn a_run_ends_with_0_whatever_the_slas_say() {
    let desk = Desk::with(SMALL);
    let kept = desk.run(&["run", "s.toml"]).with_code(0);
    assert!(kept.stdout.contains("Two small days") && kept.stderr.contains("100 %"), "{}", kept.stderr);
    let breached = desk.run(&["run", "s.toml", "--set", "station.pick.takes='50m'"]).with_code(0);
    assert!(breached.stdout.contains("BREACHED"), "{}", breached.stdout);
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let desk = Desk::with(SMALL);
    for arguments in [
        &["run"][..],
        &[],
        &["fly", "s.toml"],
        &["run", "s.toml", "--reps", "0"],
        &["run", "s.toml", "--threads", "0"],
        &["run", "s.toml", "--reps", "5", "--only-rep", "2"],
        &["run", "s.toml", "--seed", "-1"],
        &["run", "s.toml", "--sett", "a=1"],
    ] {
        let ended = desk.run(arguments).with_code(2);
        assert!(ended.stdout.is_empty() && ended.stderr.contains("--help"), "{}", ended.stderr);
    }
    let ended = desk.run(&["run", "s.toml", "--format", "json", "--sett", "a=1"]).with_code(2);
    assert_eq!(ended.document()["error"]["exit_code"], 2);
    assert!(ended.document()["error"]["message"].as_str().unwrap().contains("--sett"));
}

#[test]
fn help_and_version_end_with_0_and_list_what_there_is() {
    let desk = Desk::with(SMALL);
    let help = desk.run(&["--help"]).with_code(0).stdout;
    for command in ["init", "validate", "run", "schema", "Exit codes"] {
        assert!(help.contains(command), "{command}: {help}");
    }
    assert!(desk.run(&["--version"]).with_code(0).stdout.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_file_that_is_not_there_ends_with_74_and_is_named() {
    let desk = Desk::with(SMALL);
    let ended = desk.run(&["run", "nowhere.toml", "--format", "json"]).with_code(74);
    assert!(ended.document()["error"]["message"].as_str().unwrap().contains("nowhere.toml"));
    assert!(desk.run(&["validate", "nowhere.toml"]).with_code(74).stderr.contains("nowhere.toml"));
}

#[test]
fn a_folder_that_cannot_be_written_ends_with_74_before_any_work() {
    let desk = Desk::with(SMALL);
    // Not a matter of permissions, which do not hold for everyone: a file stands where a folder is needed.
    for option in ["-o", "--csv"] {
        let ended = desk.run(&["run", "s.toml", option, "s.toml/sub"]).with_code(74);
        assert!(ended.stderr.contains("s.toml/sub") && ended.stdout.is_empty(), "{}", ended.stderr);
    }
    let ended = desk.run(&["run", "s.toml", "--orders", "s.toml/sub.csv"]).with_code(74);
    assert!(ended.stderr.contains("s.toml/sub.csv"), "{}", ended.stderr);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_ends_with_74() {
    let desk = Desk::with(SMALL);
    let ended = desk.run(&["run", "s.toml", "--orders", "/dev/full"]).with_code(74);
    assert!(ended.stderr.contains("/dev/full"), "{}", ended.stderr);
    assert!(ended.stdout.contains("Two small days"), "the results are not lost: {}", ended.stdout);

    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    for arguments in [&["run", "s.toml"][..], &["schema"], &["validate", "s.toml"]] {
        let ended = Ended::of(desk.command(arguments).stdout(full()).output().unwrap()).with_code(74);
        assert!(ended.stderr.contains("standard output"), "{}", ended.stderr);
    }
}

/// Every command that shows something and writes something.
const FINDING: [&[&str]; 6] = [
    &["run", "s.toml", "--reps", "2"],
    &["check", "s.toml", "--reps", "2"],
    &["breach", "s.toml", "--reps", "2", "--precision", "50%"],
    &[
        "frontier",
        "s.toml",
        "--reps",
        "2",
        "--precision",
        "50%",
        "--rows",
        "2",
        "--vary",
        "source.*.uplift=0.5..4",
        "--vary",
        HEADS,
    ],
    &["sweep", "s.toml", "--reps", "2", "--vary", "source.*.uplift=1..2/2"],
    &["compare", "s.toml", "--reps", "2", "--variant", "pool.floor.shifts.0.heads=3"],
];
const HEADS: &str = "pool.floor.shifts.0.heads=2..3";
const CHECK: &str = "\n[[check]]\nname = \"most\"\nexpect = \"sla.'same day'.attainment >= 50%\"\n";

#[test]
#[cfg(target_os = "linux")]
fn a_screen_that_is_gone_does_not_cost_the_files() {
    let full = || Stdio::from(std::fs::File::options().write(true).open("/dev/full").unwrap());
    for arguments in FINDING {
        let desk = Desk::with(&format!("{SMALL}{CHECK}"));
        let words = [arguments, &["-o", "out", "--progress", "none"]].concat();
        let ended = Ended::of(desk.command(&words).stdout(full()).output().unwrap()).with_code(74);
        assert!(ended.stderr.contains("standard output"), "{arguments:?}: {}", ended.stderr);
        assert!(desk.files("out").len() >= 2, "{arguments:?}: {:?}", desk.files("out"));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_fills_up_does_not_cost_the_results() {
    for arguments in &FINDING[2..] {
        let desk = Desk::with(SMALL);
        // The folder can be written, but one of the files in it is a folder itself.
        for name in ["breach", "frontier", "sweep", "comparison"] {
            std::fs::create_dir_all(desk.path().join("out").join(format!("{name}.json"))).unwrap();
        }
        let words = [arguments, &["-o", "out", "--progress", "none", "--format", "json"][..]].concat();
        let ended = desk.run(&words).with_code(74);
        assert!(ended.stderr.contains("cannot be written"), "{arguments:?}: {}", ended.stderr);
        assert!(ended.document().get("error").is_none(), "{arguments:?}: one document, that of the results");
    }
}

#[test]
fn a_deadline_beyond_any_run_is_refused_and_a_far_one_changes_nothing() {
    let desk = Desk::with(SMALL);
    let line = ["run", "s.toml", "--format", "json", "--progress", "none"];
    let ended = desk.run(&[&line[..], &["--deadline", "99999999w"]].concat()).with_code(2);
    assert!(ended.stdout.contains("longer than 203 days"), "{}", ended.stdout);
    let far = desk.run(&[&line[..], &["--deadline", "29w"]].concat()).with_code(0);
    assert_eq!(far.stdout, desk.run(&line).with_code(0).stdout);
}

#[test]
fn a_deadline_is_kept_though_no_run_ends_by_then() {
    // A single run takes minutes: were the clock looked at when one ends, the searches would, too.
    let endless = SMALL.replace("orders_per_day = 150", "orders_per_day = 20000000").replace("\"4m\"", "\"4s\"");
    let endless = endless.replace("\"12m\"", "\"12s\"").replace("heads = 2", "heads = 5000");
    let desk =
        Desk::with(&format!("{endless}\n[limits]\nevents = 4000000000\norders = 4000000000\nin_flight = 4000000\n"));
    for arguments in [FINDING[2], FINDING[3]] {
        let line = [arguments, &["--deadline", "300ms", "--format", "json", "--progress", "none"]].concat();
        let ended = desk.run(&line).with_code(22);
        assert!(ended.document()["error"]["message"].as_str().unwrap().contains("the deadline of 300ms passed"));
    }
}

#[test]
fn a_limit_ends_with_22_and_what_is_known() {
    let desk = Desk::with(SMALL);
    let busy = ["--set", "source.\"web shop\".orders_per_day=20000", "--set", "limits.events=20000"];
    let ended = desk.run(&[&["run", "s.toml", "--format", "json"], &busy[..]].concat()).with_code(22);
    let document = ended.document();
    assert_eq!((&document["partial"], &document["replications"]), (&json!(true), &json!(6)));
    assert!(document["warnings"].as_array().unwrap().iter().any(|text| text.as_str().unwrap().contains("limit")));
    assert_ne!(document["slas"][0]["verdict"], "kept");
}

/// Kills a long run with `signal` once a tenth of it is done.
#[cfg(unix)]
fn interrupted(desk: &Desk, signal: &str) -> Ended {
    let mut child = desk
        .command(&["run", "s.toml", "--format", "json", "--reps", "4000", "--progress", "plain"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(line.contains("10 %"), "{line}");
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    stderr.read_to_string(&mut line).unwrap();
    Ended { code: output.status.code(), stdout: String::from_utf8(output.stdout).unwrap(), stderr: line }
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_reports_the_first_replications() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let desk = Desk::with(SMALL);
        let ended = interrupted(&desk, signal).with_code(code);
        assert!(ended.stderr.contains("Interrupted: the first"), "{}", ended.stderr);
        let partial = ended.document();
        let count = partial["replications"].as_u64().unwrap();
        assert!((1..4000).contains(&count) && partial["partial"] == true, "{count}");
        let whole = desk.run(&["run", "s.toml", "--format", "json", "--reps", &count.to_string()]).with_code(0);
        for key in ["slas", "stations", "orders", "days"] {
            assert_eq!(partial[key], whole.document()[key], "{key}");
        }
    }
}

#[test]
#[cfg(unix)]
fn a_reader_who_closes_the_pipe_is_no_error() {
    let desk = Desk::with(SMALL);
    let mut child = desk.command(&["schema"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    std::thread::sleep(Duration::from_millis(1));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
