//! What can be simulated but is probably not meant.

use super::Operation;
use crate::model::{Pool, Release, ReleaseTimes, Roster, Staff, Station};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::ScenarioFile;
use crate::scenario::lower::{ItemNames, TimeFrame};
use crate::scenario::reader::Sink;
use crate::time::SimTime;

/// Warns of what in `operation` is probably not meant.
pub(super) fn lint(file: &ScenarioFile, names: &ItemNames, time: &TimeFrame, operation: &Operation, sink: &mut Sink) {
    for (table, pool) in file.pool.iter().zip(&operation.pools) {
        if pool.order_of_work.is_empty() {
            let message = format!("no station takes its people from the pool \"{}\"", pool.name);
            let found = Diagnostic::warning("unused", &table.name.place, message).label("never at work");
            sink.push(found.help(format!("write under a [[station]]: pool = \"{}\"", pool.name)));
        }
    }
    for (table, ids) in file.station.iter().zip(&names.station_ids) {
        let station = &operation.stations[ids[0].index()];
        if let (Some(release), Staff::Pool(pool)) = (&table.release, station.staff)
            && never_staffed_at_release(station, &operation.pools[pool.index()], time.horizon.end)
        {
            let message = format!("nobody is there whenever \"{}\" lets work through", station.name);
            let found = Diagnostic::warning("nobody-there", &release.place, message).label("at no one of these times");
            sink.push(found.help("compare these times with the shifts"));
        }
    }
    for (table, desk) in file.desk.iter().map(|table| (table, table.owner.is_none())) {
        if desk {
            let message = format!("nobody owns the desk \"{}\"", table.name.as_str());
            let found = Diagnostic::warning("no-owner", &table.name.place, message).label("no owner");
            sink.push(found.help("name who answers for it: owner = \"operations lead\""));
        }
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
