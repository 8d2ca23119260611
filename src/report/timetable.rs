//! The timetable of a model in words and as JSON: what can be said before anything is simulated.

use super::figures;
use crate::model::timetable::{PromiseWalk, Timetable, Unattended, Week};
use crate::model::{Model, StationId};
use crate::time::SimTime;
use serde_json::{Value, json};

/// What is checked and found, a line each.
#[must_use]
pub fn lines(model: &Model, timetable: &Timetable) -> Vec<String> {
    let names = Names(model);
    let mut lines = vec![format!("{} orders expected in the judged window of a run", figures::count(timetable.orders))];
    lines.extend(timetable.promises.iter().map(|walk| promise(&names, walk)));
    for week in &timetable.weeks {
        lines.push(week_line(&names, week));
    }
    for load in &timetable.loads {
        lines.push(format!(
            "'{}': {} of {} servers busy on average ({})",
            names.station(load.station),
            figures::number(load.erlangs),
            load.servers,
            figures::share(load.utilisation())
        ));
    }
    lines
}

/// What is probably not meant, a sentence each.
#[must_use]
pub fn warnings(model: &Model, timetable: &Timetable) -> Vec<String> {
    let names = Names(model);
    let mut found: Vec<String> = timetable.promises.iter().filter_map(|walk| too_late(&names, walk)).collect();
    found.extend(timetable.unattended.iter().map(|one| unattended(&names, one)));
    for week in &timetable.weeks {
        let when = names.day(week.from);
        for pool in week.pools.iter().filter(|pool| pool.work > pool.hours) {
            found.push(format!(
                "The week of {when} brings {} of work for '{}', but only {} are rostered.",
                figures::hours(pool.work),
                model.pools[pool.pool.index()].name,
                figures::hours(pool.hours)
            ));
        }
        for collection in week.collections.iter().filter(|collection| collection.orders > collection.capacity) {
            found.push(format!(
                "The week of {when} brings {} orders for '{}', but its collections take {} at most.",
                figures::count(collection.orders),
                names.station(collection.station),
                figures::count(collection.capacity)
            ));
        }
    }
    for load in timetable.loads.iter().filter(|load| load.utilisation() >= 1.0) {
        found.push(format!(
            "'{}' needs {} servers on average and has {}: its queue grows for as long as that lasts.",
            names.station(load.station),
            figures::number(load.erlangs),
            load.servers
        ));
    }
    found
}

/// The same facts for machines; times in seconds, instants local.
#[must_use]
pub fn document(model: &Model, timetable: &Timetable) -> Value {
    let names = Names(model);
    let promise = |walk: &PromiseWalk| {
        let step = |step: &crate::model::timetable::WalkStep| json!({ "station": names.station(step.station), "left": names.iso(step.left) });
        json!({
            "sla": model.slas[walk.sla.index()].name,
            "source": model.sources[walk.source.index()].name,
            "cut_off": names.iso(walk.cut_off),
            "due": names.iso(walk.due),
            "kept_at": walk.ends.map(|ends| names.iso(ends)),
            "margin": walk.margin(),
            "steps": walk.steps.iter().map(step).collect::<Vec<_>>(),
            "cut_offs": walk.tried,
            "cut_offs_missed": walk.missed,
        })
    };
    let week = |week: &Week| {
        json!({
            "from": names.iso(week.from),
            "to": names.iso(week.to),
            "orders": week.orders,
            "pools": week.pools.iter().map(|pool| json!({
                "name": model.pools[pool.pool.index()].name, "hours": pool.hours, "work_hours": pool.work,
            })).collect::<Vec<_>>(),
            "collections": week.collections.iter().map(|collection| json!({
                "name": names.station(collection.station), "orders": collection.orders, "capacity": collection.capacity,
            })).collect::<Vec<_>>(),
        })
    };
    json!({
        "orders": timetable.orders,
        "promises": timetable.promises.iter().map(promise).collect::<Vec<_>>(),
        "weeks": timetable.weeks.iter().map(week).collect::<Vec<_>>(),
        "stations": timetable.loads.iter().map(|load| json!({
            "name": names.station(load.station), "offered_load": load.erlangs, "servers": load.servers,
            "utilisation": load.utilisation(),
        })).collect::<Vec<_>>(),
        "warnings": warnings(model, timetable),
    })
}

fn promise(names: &Names<'_>, walk: &PromiseWalk) -> String {
    let steps: Vec<String> = walk
        .steps
        .iter()
        .map(|step| format!("{} {}", names.station(step.station), names.time(walk.cut_off, step.left)))
        .collect();
    let end = match walk.margin() {
        Some(margin) if margin >= 0.0 => format!("{} to spare", figures::duration(margin)),
        Some(margin) => format!("{} too late", figures::duration(-margin)),
        None => "never, within the run".to_owned(),
    };
    format!(
        "'{}': the last order of '{}' before {}, alone in the building: {}; due {}: {end} (the tightest of {} cut-offs)",
        names.0.slas[walk.sla.index()].name,
        names.0.sources[walk.source.index()].name,
        names.at(walk.cut_off),
        steps.join(", "),
        names.time(walk.cut_off, walk.due),
        walk.tried
    )
}

fn too_late(names: &Names<'_>, walk: &PromiseWalk) -> Option<String> {
    (walk.missed > 0).then(|| {
        format!(
            "'{}' cannot be kept at {} of {} cut-offs: the last order before {} is due {} and, alone in the building, {}.",
            names.0.slas[walk.sla.index()].name,
            walk.missed,
            walk.tried,
            names.at(walk.cut_off),
            names.at(walk.due),
            walk.ends.map_or_else(|| "does not get through".to_owned(), |ends| format!("is through {}", names.at(ends)))
        )
    })
}

fn unattended(names: &Names<'_>, one: &Unattended) -> String {
    let Unattended { station, pool, collection, count, first } = one;
    let (station, pool, first) = (names.station(*station), &names.0.pools[pool.index()].name, names.at(*first));
    let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
    if *collection {
        format!(
            "'{station}' collects {times} for which nobody of '{pool}' has worked since the collection before, first {first}."
        )
    } else {
        format!("'{station}' lets work through {times} when nobody of '{pool}' is there, first {first}.")
    }
}

fn week_line(names: &Names<'_>, week: &Week) -> String {
    let mut parts = vec![format!("{} orders", figures::count(week.orders))];
    for pool in &week.pools {
        let name = &names.0.pools[pool.pool.index()].name;
        parts.push(format!("{name} {} of work, {} rostered", figures::hours(pool.work), figures::hours(pool.hours)));
    }
    for collection in &week.collections {
        let name = names.station(collection.station);
        let (orders, capacity) = (figures::count(collection.orders), figures::count(collection.capacity));
        parts.push(format!("{name} {orders} orders, room for {capacity}"));
    }
    format!("week of {}: {}", names.day(week.from), parts.join("; "))
}

/// Names and instants of one model.
struct Names<'m>(&'m Model);

impl Names<'_> {
    fn station(&self, id: StationId) -> &str {
        &self.0.stations[id.index()].name
    }

    /// "Fri 27 Nov 14:00".
    fn at(&self, at: SimTime) -> String {
        self.0.calendar().map_or_else(
            || format!("{} from the start", figures::duration(at.seconds())),
            |calendar| calendar.short_deadline(at),
        )
    }

    /// The time of day, with the date where it is another than that of `day`.
    fn time(&self, day: SimTime, at: SimTime) -> String {
        let (there, here) = (self.at(day), self.at(at));
        match (there.rsplit_once(' '), here.rsplit_once(' ')) {
            (Some((day, _)), Some((same, time))) if day == same => time.to_owned(),
            _ => here,
        }
    }

    /// "Mon 23 Nov".
    fn day(&self, at: SimTime) -> String {
        let Some(calendar) = self.0.calendar() else { return self.at(at) };
        crate::calendar::short_date(calendar.date(at))
    }

    fn iso(&self, at: SimTime) -> Value {
        self.0.calendar().map_or_else(|| json!(at.seconds()), |calendar| json!(calendar.iso(at)))
    }
}
