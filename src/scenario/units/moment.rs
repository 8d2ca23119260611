//! Dates and local date-times, which TOML writes without quotes.

use jiff::civil::{Date, DateTime};
use serde_json::{Value as Json, json};
use toml::value::Datetime;

use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::node::{Node, Value};
use crate::scenario::reader::{FromToml, Sink};
use crate::scenario::schema::Definitions;

impl FromToml for Date {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        match &node.value {
            Value::Moment(Datetime { date: Some(date), time: None, offset: None }) => {
                civil_date::<Self>(node, *date, sink)
            }
            Value::Text(text) if text.parse::<Date>().is_ok() => {
                without_quotes::<Self>(node, text, sink);
                None
            }
            _ => {
                sink.wrong_type::<Self>(node);
                None
            }
        }
    }
    fn expected() -> String {
        "a date without quotes, such as 2026-11-27".to_owned()
    }
    fn example() -> String {
        "2026-11-27".to_owned()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "format": "date" })
    }
}

impl FromToml for DateTime {
    fn read(node: &Node, sink: &mut Sink) -> Option<Self> {
        match &node.value {
            Value::Moment(Datetime { date: Some(date), time: Some(time), offset: None }) => {
                let date = civil_date::<Self>(node, *date, sink)?;
                let part = |number: u8| i8::try_from(number).ok();
                let second = time.second.unwrap_or(0);
                let nanosecond = i32::try_from(time.nanosecond.unwrap_or(0)).ok();
                let moment = (|| {
                    let (hour, minute, second) = (part(time.hour)?, part(time.minute)?, part(second)?);
                    DateTime::new(date.year(), date.month(), date.day(), hour, minute, second, nanosecond?).ok()
                })();
                if moment.is_none() {
                    sink.wrong_value::<Self>("bad-date", node, format!("{} does not exist", node.found()));
                }
                moment
            }
            Value::Moment(Datetime { offset: Some(_), .. }) => {
                let message = format!("{} has an offset from UTC", node.found());
                let help = format!("times are local to the scenario's `timezone`: {}", sink.line(&Self::example()));
                sink.push(
                    Diagnostic::error("wrong-type", &node.place, message).label("leave the offset out").help(help),
                );
                None
            }
            Value::Text(text) if text.parse::<DateTime>().is_ok() => {
                without_quotes::<Self>(node, text, sink);
                None
            }
            _ => {
                sink.wrong_type::<Self>(node);
                None
            }
        }
    }
    fn expected() -> String {
        "a local date and time without quotes, such as 2026-11-27T07:30:00".to_owned()
    }
    fn example() -> String {
        "2026-11-27T07:30:00".to_owned()
    }
    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?" })
    }
}

fn civil_date<T: FromToml>(node: &Node, date: toml::value::Date, sink: &mut Sink) -> Option<Date> {
    let civil = (|| {
        let (year, month, day) =
            (i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
        Date::new(year, month, day).ok()
    })();
    if civil.is_none() {
        sink.wrong_value::<T>("bad-date", node, format!("the date {date} does not exist"));
    }
    civil
}

fn without_quotes<T: FromToml>(node: &Node, text: &str, sink: &mut Sink) {
    let message = format!("expected {}, found {}", T::expected(), node.found());
    let help = format!("leave the quotes out: {}", sink.line(text));
    sink.push(Diagnostic::error("wrong-type", &node.place, message).label("a text, not a date").help(help));
}
