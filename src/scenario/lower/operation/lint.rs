//! What can be simulated but is probably not meant.

use super::Operation;
use crate::model::{Pool, Release, ReleaseTimes, Roster, Staff, Station};
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::station::StationTable;
use crate::scenario::file::station::limits::StartsWhen;
use crate::scenario::file::station::release::ReleaseValue;
use crate::scenario::lower::{ItemNames, TimeFrame};
use crate::scenario::reader::Sink;
use crate::time::SimTime;

/// Warns of what in `operation` is probably not meant.
pub(super) fn lint(file: &ScenarioFile, names: &ItemNames, time: &TimeFrame, operation: &Operation, sink: &mut Sink) {
    for (table, pool) in file.pool.iter().zip(&operation.pools) {
        if pool.order_of_work.is_empty() {
            let message = format!("no station takes its people from the pool \"{}\"", pool.name);
            let help = format!("write under a [[station]]: pool = \"{}\"", pool.name);
            warn("unused", &table.name.place, message, "never at work", &help, sink);
        }
    }
    for (table, ids) in file.station.iter().zip(&names.station_ids) {
        let station = &operation.stations[ids[0].index()];
        if let (Some(release), Staff::Pool(pool)) = (&table.release, station.staff)
            && never_staffed_at_release(station, &operation.pools[pool.index()], time.horizon.end)
        {
            let message = format!("nobody is there whenever \"{}\" lets work through", table.name.as_str());
            let help = "compare these times with the shifts";
            warn("nobody-there", &release.place, message, "at no one of these times", help, sink);
        }
        last_ones_wait(table, sink);
        if let (Some(capacity), None) = (&table.capacity, &table.when_full) {
            let message = format!("what finds \"{}\" full is lost: orders are cancelled", table.name.as_str());
            let help = "say so: when_full = \"turn away\"; or send it elsewhere: when_full = { to = \"overflow\" }";
            warn("lost-when-full", &capacity.place, message, "and when it is full?", help, sink);
        }
    }
    for table in file.desk.iter().filter(|table| table.owner.is_none()) {
        let message = format!("nobody owns the desk \"{}\"", table.name.as_str());
        let help = "name who answers for it: owner = \"operations lead\"";
        warn("no-owner", &table.name.place, message, "no owner", help, sink);
    }
    for class in file.exception_classes() {
        let chance = class.chance.probability.get() * operation.exception_factor;
        if chance > 1.0 {
            let message = format!("with a factor of {} this is certain for every order", operation.exception_factor);
            let help = "a chance ends at 100%: lower the chance, or the factor under [exceptions]";
            warn("certain", &class.chance.place, message, "more than 100%", help, sink);
        }
    }
}

fn warn(code: &'static str, place: &Place, message: String, label: &str, help: &str, sink: &mut Sink) {
    sink.push(Diagnostic::warning(code, place, message).label(label).help(help));
}

/// Work that is started only when enough of it has come: the last items of a run, and of a quiet night, wait forever.
fn last_ones_wait(table: &StationTable, sink: &mut Sink) {
    let cart = table.cart.as_ref().filter(|cart| cart.starts_when.value == StartsWhen::Full(None));
    let cart = cart.filter(|cart| cart.orders.get() > 1).map(|cart| &cart.starts_when.place);
    let batch = table.batch.as_ref().filter(|batch| batch.after.is_none() && batch.min.get() > 1);
    let batch = batch.map(|batch| &batch.min.place);
    let release = table.release.as_ref().and_then(|release| match &release.value {
        ReleaseValue::Gathered(wave) if wave.after.is_none() && wave.count.get() > 1 => Some(&wave.count.place),
        _ => None,
    });
    if let Some(place) = cart.or(batch).or(release) {
        let message =
            format!("at \"{}\" the last orders of the day wait until enough others come", table.name.as_str());
        let help = "let it start after a time all the same: starts_when = \"full or 20m\", or: after = \"20m\"";
        warn("may-wait-forever", place, message, "however long that takes", help, sink);
    }
}

fn never_staffed_at_release(station: &Station, pool: &Pool, end: SimTime) -> bool {
    let (Release::Timed { times: ReleaseTimes::At(times), .. }, Roster::Shifts { spans, .. }) =
        (&station.release, &pool.roster)
    else {
        return false;
    };
    // Work that is let through shortly before a shift begins waits for it; only a release that is always out of hours
    // is probably a slip.
    times.iter().filter(|at| **at < end).all(|at| spans.iter().all(|span| *at < span.from || span.to <= *at))
}
