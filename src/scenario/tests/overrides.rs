//! `--set`: what it changes, and what is wrong with one.

use super::{GOOD, Release, Takes, read, refusal};

#[test]
fn a_set_changes_the_file_before_it_is_read() {
    let sets = [
        "title='Test'",
        "station.pick.servers=4",
        "station.\"pick\".takes.typical = \"1h 30m\"",
        "station.1.release.at_most=7",
        "station.'pick'.next.0=\"ship\"",
        "station.*.share=\"7%\"",
        "extra.a.b=2",
    ];
    let found = refusal(GOOD, &sets);
    insta::assert_snapshot!(found, @r#"--set #7:1:7: error[wrong-type]: expected a factor (a bare number, 0 or more), found a table (for example: a = 1.5)"#);
    let file = read(GOOD, &sets[..6]).unwrap();
    assert_eq!(file.title.as_ref().unwrap().value, "Test");
    assert_eq!(file.title.as_ref().unwrap().place.to_string(), "--set #1:1:7");
    assert_eq!(file.station[0].servers.as_ref().unwrap().get(), 4);
    let Takes::Spread(spread) = &file.station[0].takes.as_ref().unwrap().value else { panic!("a spread") };
    assert_eq!(spread.typical.get().hours(), 1.5);
    let Release::Poll(poll) = &file.station[1].release.as_ref().unwrap().value else { panic!("a poll") };
    assert_eq!(poll.at_most.as_ref().unwrap().get(), 7);
    assert_eq!(file.station[0].next[0].as_str(), "ship");
    assert!(file.station.iter().all(|station| station.share.as_ref().unwrap().get() == 0.07));
}

#[test]
fn what_is_wrong_with_a_set_is_told_at_the_set() {
    let sets = [
        "station.pikc.servers=4",
        "station.pick.sevrers=4",
        "station.pick.servers.x=4",
        "station.pick.takes=90s",
        "station..servers=4",
        "station.\"pick.servers=4",
        "station.pick.servers",
        "station.pick.servers=",
        "station.2.servers=4",
        "=4",
        "",
        "title.x=1",
        "station.pick.next.*=\"a\" b",
        "station.*.*.x=1",
    ];
    insta::assert_snapshot!(refusal(GOOD, &sets), @r#"
    --set #1:1:9: error[unknown-path]: `station` has no item `pikc` (did you mean `pick`? items: `pick`, `pack`)
    --set #2:1:14: error[unknown-key]: unknown key `sevrers` in a station (did you mean `servers`? keys of a station: `name`, `layer`, `servers`, `takes`, `release`, `rate`, `chance`, `share`, `cost`, `days`, `weekday`, `uplift`, `sent`, `within`, `do`, `next`; for example: servers = 4)
    --set #3:1:22: error[unknown-path]: `station.pick.servers` is the number 3: there is no `x` in it (to replace it: --set 'station.pick.servers=…')
    --set #4:1:20: error[syntax]: this is not valid TOML: string values must be quoted, expected literal string (text and quantities need quotes: --set 'station.pick.takes="90s"')
    --set #5:1:9: error[bad-override]: this override cannot be read: a step of the path is empty (for example: --set station.pick.servers=4 --set 'campaign."Black Friday".uplift=3.5')
    --set #6:1:9: error[bad-override]: this override cannot be read: this quote is not closed (for example: --set station.pick.servers=4 --set 'campaign."Black Friday".uplift=3.5')
    --set #7:1:21: error[bad-override]: this override cannot be read: there is no `=` with a value (for example: --set station.pick.servers=4 --set 'campaign."Black Friday".uplift=3.5')
    --set #8:1:22: error[bad-override]: this override cannot be read: there is no value after the `=` (for example: --set station.pick.servers=4 --set 'campaign."Black Friday".uplift=3.5')
    --set #9:1:9: error[unknown-path]: `station` has no item `2` (items: `pick`, `pack`)
    --set #10:1:1: error[bad-override]: this override cannot be read: a step of the path is empty (for example: --set station.pick.servers=4 --set 'campaign."Black Friday".uplift=3.5')
    --set #11:1:1: error[bad-override]: this override cannot be read: a step of the path is empty (for example: --set station.pick.servers=4 --set 'campaign."Black Friday".uplift=3.5')
    --set #12:1:7: error[unknown-path]: `title` is the text "Peak": there is no `x` in it (to replace it: --set 'title=…')
    --set #13:1:24: error[syntax]: this is not valid TOML: unexpected content, expected nothing (valid TOML looks like: title = "Peak", servers = 4, shifts = [{ heads = 12 }], [[station]])
    --set #14:1:11: error[unknown-key]: unknown key `*` in a station (keys of a station: `name`, `layer`, `servers`, `takes`, `release`, `rate`, `chance`, `share`, `cost`, `days`, `weekday`, `uplift`, `sent`, `within`, `do`, `next`)
    "#);
    insta::assert_snapshot!(refusal(GOOD, &["station.pick.sevrers=4", "sation.pick.servers=4"]), @r#"
    --set #1:1:14: error[unknown-key]: unknown key `sevrers` in a station (did you mean `servers`? keys of a station: `name`, `layer`, `servers`, `takes`, `release`, `rate`, `chance`, `share`, `cost`, `days`, `weekday`, `uplift`, `sent`, `within`, `do`, `next`; for example: servers = 4)
    --set #2:1:1: error[unknown-key]: unknown key `sation` in a file (did you mean `station`? keys of a file: `title`, `station`, `extra`; for example: station = [{ name = "pick" }])
    "#);
}

#[test]
fn a_set_on_items_without_names_counts_them() {
    let text = "extra = { a = [1.0, 2.0] }";
    let file = read(text, &["extra.a.1=3"]).unwrap();
    assert_eq!(file.extra.as_ref().unwrap()["a"].0[1].get(), 3.0);
    insta::assert_snapshot!(refusal(text, &["extra.a.2=3"]), @r#"--set #1:1:9: error[unknown-path]: `extra.a` has no item `2` (its items have no names: count them from 0 to 1)"#);
    insta::assert_snapshot!(refusal("extra = { a = [] }", &["extra.a.*=3"]), @r#"--set #1:1:9: error[unknown-path]: `extra.a.*` stands for nothing: the list is empty"#);
}
