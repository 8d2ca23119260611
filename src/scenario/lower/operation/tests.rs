//! The operation side of the file, lowered: a whole scenario, each kind of table, each message.

#![expect(clippy::float_cmp, reason = "quantities are read to the nearest number, exactly")]

mod desks;
mod examples;
mod flow;
mod people;
mod sketch;
mod stations;

use std::path::Path;

use crate::model::{Model, Station};
use crate::scenario::load::{LoadError, Scenario};

/// A steady question with one source of 30 orders an hour that go to "pick".
const STEADY: &str = r#"
format = 1
[horizon]
mode = "steady"
measured = "100h"
warm_up = "0h"
[[source]]
name = "web shop"
rate = "30/h"
next = "pick"
"#;

/// A fortnight with dates, and one source whose orders go to "pick".
const DATED: &str = r#"
format = 1
timezone = "Europe/London"
holidays = "england-and-wales"
[horizon]
lead_in = "7d"
judge = { first = 2026-11-23, last = 2026-12-06 }
after = "7d"
[[source]]
name = "web shop"
orders_per_day = 560
next = "pick"
"#;

fn scenario(text: &str) -> Result<Scenario, LoadError> {
    Scenario::from_text(text, Path::new("."), &[])
}

/// The model of `head` and `rest` together.
fn model_of(head: &str, rest: &str) -> Model {
    match scenario(&format!("{head}{rest}")) {
        Ok(scenario) => scenario.model,
        Err(LoadError::Invalid { diagnostics, .. }) => panic!("{}", diagnostics.render(false)),
        Err(error) => panic!("{error:?}"),
    }
}

/// The model of a steady question with the tables `rest`.
fn model(rest: &str) -> Model {
    model_of(STEADY, rest)
}

/// The station "pick" with these keys besides name and next.
fn pick(keys: &str) -> Station {
    let next = if keys.contains("next =") { "" } else { "next = \"done\"" };
    model(&format!("[[station]]\nname = \"pick\"\n{next}\n{keys}")).stations[0].clone()
}

/// What is said about `head` and `rest` together: every message with its help.
fn refusal_of(head: &str, rest: &str) -> String {
    let Err(LoadError::Invalid { diagnostics, .. }) = scenario(&format!("{head}{rest}")) else {
        panic!("this text is refused: {rest}");
    };
    diagnostics.to_string()
}

fn refusal(rest: &str) -> String {
    refusal_of(STEADY, rest)
}

/// What is said about a station "pick" with these keys besides name and next.
fn pick_refusal(keys: &str) -> String {
    let next = if keys.contains("next =") { "" } else { "next = \"done\"" };
    refusal(&format!("[[station]]\nname = \"pick\"\n{next}\n{keys}"))
}

/// Each of `cases` is refused with its message.
fn refused(cases: &[(&str, &str)], refusal: impl Fn(&str) -> String) {
    for (text, message) in cases {
        let found = refusal(text);
        assert!(found.contains(message), "{text}\n{found}");
    }
}
