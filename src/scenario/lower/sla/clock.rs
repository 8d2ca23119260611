//! When an SLA's clock starts and stops.

use super::super::{DataFiles, ItemNames, distribution, target};
use super::promise::elapsed;
use crate::model::{ClockStart, ClockStop, Fate, StationId};
use crate::random::Distribution;
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::distribution::DurationValue;
use crate::scenario::file::sla::{ClockTable, MilestoneWord, StartsValue, StartsWord, StopsValue, StopsWord};
use crate::scenario::names::Name;
use crate::scenario::node::quoted;
use crate::scenario::reader::{Sink, Spanned};
use crate::scenario::suggest::closest;
use crate::time::SimDuration;

/// When the clock starts, and what that is in words.
pub(super) fn starts(clock: Option<&ClockTable>, names: &ItemNames, sink: &mut Sink) -> Option<(ClockStart, String)> {
    let word = match clock.map(|clock| &clock.starts.value) {
        None => StartsWord::Paid,
        Some(StartsValue::Word(word)) => *word,
        Some(StartsValue::Reaches(table)) => {
            let stations = stations(&table.reaches, names, sink)?;
            let words = format!("an order reaches {}", quoted(table.reaches.as_str()));
            return Some((ClockStart::Reached(stations), words));
        }
    };
    Some(match word {
        StartsWord::Paid => (ClockStart::Created, "an order is paid".to_owned()),
        StartsWord::Created => (ClockStart::Created, "an order is placed".to_owned()),
        StartsWord::HoldCleared => (ClockStart::Released, "the last hold of an order is cleared".to_owned()),
    })
}

/// When the clock stops, how long after that it takes notice, and what that is in words.
pub(super) fn stops(
    clock: Option<&ClockTable>,
    (file, names): (&ScenarioFile, &ItemNames),
    data: &mut DataFiles,
    sink: &mut Sink,
) -> Option<(ClockStop, Option<Distribution>, String)> {
    let delay = clock.and_then(|clock| clock.delay.as_ref());
    let (stop, words) = match clock.map(|clock| (&clock.stops.value, &clock.stops.place)) {
        None => (ClockStop::Dispatched, StopsWord::Dispatched.word().to_owned()),
        Some((StopsValue::Served(table), _)) => {
            let stations = stations(&table.served, names, sink)?;
            (ClockStop::Served(stations), format!("served at {}", quoted(table.served.as_str())))
        }
        Some((StopsValue::Word(word), place)) => stop_at_word(*word, place, delay.is_some(), (file, names), sink)?,
    };
    let Some(written) = delay else { return Some((stop, None, words)) };
    let delay = distribution(written, data, sink)?;
    let words = format!("{words} ({} later)", delay_in_words(&written.value, &delay));
    Some((stop, Some(delay), words))
}

fn stop_at_word(
    word: StopsWord,
    place: &Place,
    has_delay: bool,
    (file, names): (&ScenarioFile, &ItemNames),
    sink: &mut Sink,
) -> Option<(ClockStop, String)> {
    let (milestone, done) = match word {
        StopsWord::Collected | StopsWord::Dispatched => return Some((ClockStop::Dispatched, word.word().to_owned())),
        StopsWord::CarrierScan if has_delay => {
            return Some((ClockStop::Dispatched, "scanned by the carrier".to_owned()));
        }
        StopsWord::CarrierScan => {
            let message =
                "a carrier scans an order some time after the collection, but the clock does not say how long";
            let help = "add, for example: delay = { typical = \"2h\", one_in_ten_over = \"6h\" }";
            sink.push(Diagnostic::error("missing-key", place, message).label("how long after?").help(help));
            return None;
        }
        StopsWord::Label => (MilestoneWord::Label, "labelled"),
        StopsWord::Packed => (MilestoneWord::Packed, "packed"),
        StopsWord::Manifest => (MilestoneWord::Manifest, "on the manifest"),
        StopsWord::MarkedFulfilled => (MilestoneWord::MarkedFulfilled, "marked fulfilled"),
    };
    let marks = |k: &usize| file.station[*k].marks.iter().any(|mark| mark.value == milestone);
    let marking: Vec<usize> = (0..file.station.len()).filter(marks).collect();
    if !marking.is_empty() {
        let at: Vec<String> = marking.iter().map(|k| quoted(file.station[*k].name.as_str())).collect();
        let stations = marking.iter().flat_map(|k| names.station_ids[*k].clone()).collect();
        return Some((ClockStop::Served(stations), format!("{done} at {}", at.join(" or "))));
    }
    if milestone == MilestoneWord::MarkedFulfilled && has_delay {
        return Some((ClockStop::Dispatched, done.to_owned()));
    }
    // A station that could not be read may be the one.
    if file.station.unread().is_empty() {
        no_station_marks(milestone, place, file, sink);
    }
    None
}

fn no_station_marks(milestone: MilestoneWord, place: &Place, file: &ScenarioFile, sink: &mut Sink) {
    let known: Vec<&str> = file.station.iter().map(|table| table.name.as_str()).collect();
    let word = milestone.word();
    // "packed" happens at "pack", "label" at "labelling"; otherwise at the last station before the carrier, as a rule.
    let station = closest(word, known.iter().copied()).or(known.last().copied()).unwrap_or("pack");
    let message = format!("no station marks orders as {}", quoted(word));
    let mut help =
        format!("under the [[station]] where that happens (did you mean `{station}`?): marks = [\"{word}\"]");
    help.push_str(&match milestone {
        MilestoneWord::MarkedFulfilled => "\nor, some time after dispatch: delay = \"15m\"".to_owned(),
        _ => format!("\nor stop the clock at a station: stops = {{ served = \"{station}\" }}"),
    });
    sink.push(Diagnostic::error("no-such-milestone", place, message).label("nobody marks that").help(help));
}

/// The stations that `name` stands for: one, or the lanes of one, or all carriers.
fn stations(name: &Spanned<Name>, names: &ItemNames, sink: &mut Sink) -> Option<Vec<StationId>> {
    let mut found: Vec<StationId> = Vec::new();
    for leg in target(name, names, sink)? {
        let Fate::To(station) = leg.to else {
            let message = format!("{} is not a station", quoted(name.as_str()));
            let help = "a clock starts or stops at a station: name one that the orders pass";
            sink.push(Diagnostic::error("not-a-station", &name.place, message).label("a way out").help(help));
            return None;
        };
        if !found.contains(&station) {
            found.push(station);
        }
    }
    Some(found)
}

/// "typically 2 h, one in ten over 6 h".
fn delay_in_words(written: &DurationValue, delay: &Distribution) -> String {
    match written {
        DurationValue::Always(time) => elapsed(*time),
        DurationValue::Typical(table) => {
            format!(
                "typically {}, one in ten over {}",
                elapsed(table.typical.get()),
                elapsed(table.one_in_ten_over.get())
            )
        }
        _ => format!("on average {}", elapsed(SimDuration::from_seconds(libm::round(delay.mean())))),
    }
}
