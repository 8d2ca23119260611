//! `--vary` as it is typed: what is wrong points to it, whichever command reads it.

use crate::cli::{Desk, SMALL};

/// The finding that a command ends with, without the help under it.
#[track_caller]
fn refused(arguments: &[&str]) -> String {
    let desk = Desk::with(SMALL);
    let (command, options) = arguments.split_first().unwrap();
    let ended = desk.run(&[&[command, "s.toml", "--color", "never"], options].concat()).with_code(20);
    assert!(ended.stdout.is_empty(), "{}", ended.stdout);
    let text = ended.stderr;
    text.split("  help:").next().unwrap().trim_end().to_owned()
}

#[test]
fn a_misspelt_path_is_underlined_where_it_was_typed() {
    insta::assert_snapshot!(refused(&["breach", "--set", "seed=1", "--vary", "source.*.uplfit=1..3"]), @"
    error[unknown-key]

      × unknown key `uplfit` in a source
       ╭─[--vary:1:10]
     1 │ source.*.uplfit=1..3
       ·          ───┬──
       ·             ╰── a source has no such key
       ╰────
    ");
    let rows = ["--vary", "source.*.uplift=0.5..2", "--vary", "pool.flor.shifts.0.heads=1..3"];
    insta::assert_snapshot!(refused(&[&["frontier"], &rows[..]].concat()), @"
    error[unknown-path]

      × `pool` has no item `flor`
       ╭─[--vary:1:6]
     1 │ pool.flor.shifts.0.heads=1..3
       ·      ──┬─
       ·        ╰── no such item
       ╰────
    ");
}

#[test]
fn a_value_that_is_not_possible_is_that_of_its_range() {
    let range = |command| refused(&[command, "--vary", "pool.floor.shifts.0.heads=-1..3"]);
    insta::assert_snapshot!(range("breach"), @"
    error[out-of-range]

      × -1 is too small for `heads`
       ╭─[--vary:1:1]
     1 │ pool.floor.shifts.0.heads=-1..3
       · ───────────────┬───────────────
       ·                ╰── not possible
       ╰────
    ");
    assert_eq!(range("breach"), range("sweep"));
    let rows = ["--vary", "source.*.uplift=0.5..2", "--vary", "pool.floor.shifts.0.heads=-1..3"];
    assert_eq!(range("breach"), refused(&[&["frontier"], &rows[..]].concat()));
}

#[test]
fn an_index_that_is_also_a_value_is_underlined_as_what_it_is() {
    // The item 3 does not exist, and the value 3 stands behind it.
    let found = refused(&["breach", "--vary", "pool.floor.shifts.3.heads=3..4"]);
    assert!(found.contains("`pool.floor.shifts` has no item `3`") && found.contains("[--vary:1:19]"), "{found}");
}

#[test]
fn what_nobody_typed_is_not_called_typed() {
    // Four times that is more than anyone ships.
    let many = SMALL.replace("orders_per_day = 150", "orders_per_day = 20000000");
    let ended = Desk::with(&many).run(&["breach", "s.toml", "--color", "never"]).with_code(20);
    assert!(ended.stderr.contains("too-many-orders"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("--set") && !ended.stderr.contains("[--vary"), "{}", ended.stderr);
}
