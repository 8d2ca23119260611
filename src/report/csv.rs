//! The tables of the results as CSV files, for spreadsheets: one row an item, an estimate in three columns.
//!
//! `x`, `x_low` and `x_high` are value and interval; an empty cell is not known. Times are in seconds unless the
//! heading names another unit; instants are local times with their offset.

use crate::calendar::iso_date;
use crate::experiment::Results;
use crate::experiment::results::{Instants, Percentiles};
use crate::statistics::estimate::Estimate;
use crate::time::SimTime;

/// Every table: file name and bytes.
#[must_use]
pub fn tables(results: &Results) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("slas.csv", slas(results)),
        ("windows.csv", windows(results)),
        ("stations.csv", stations(results)),
        ("equipment.csv", equipment(results)),
        ("pools.csv", pools(results)),
        ("days.csv", days(results)),
        ("exceptions.csv", exceptions(results)),
        ("ledger.csv", ledger(results)),
        ("timeline.csv", timeline(results)),
        ("measures.csv", measures(results)),
    ]
}

/// An instant as written in tables: local time, or seconds without a calendar.
fn instant(results: &Results, at: SimTime) -> String {
    match &results.calendar {
        Some(calendar) => calendar.iso(at),
        None => at.seconds().to_string(),
    }
}

/// A row in the making; the headings are taken from the first row, so that both cannot part.
#[derive(Default)]
pub(super) struct Row {
    headings: Vec<String>,
    cells: Vec<String>,
}

impl Row {
    pub(super) fn text(&mut self, heading: &str, cell: impl ToString) -> &mut Row {
        self.headings.push(heading.to_owned());
        self.cells.push(cell.to_string());
        self
    }

    fn known(&mut self, heading: &str, cell: Option<impl ToString>) -> &mut Row {
        self.text(heading, cell.map_or_else(String::new, |cell| cell.to_string()))
    }

    pub(super) fn estimate(&mut self, heading: &str, estimate: &Estimate) -> &mut Row {
        self.known(heading, estimate.value);
        self.known(&format!("{heading}_low"), estimate.low);
        self.known(&format!("{heading}_high"), estimate.high)
    }

    fn percentiles(&mut self, heading: &str, of: &Percentiles) -> &mut Row {
        for (which, estimate) in [("mean", &of.mean), ("p50", &of.p50), ("p95", &of.p95), ("p99", &of.p99)] {
            self.estimate(&format!("{heading}_{which}"), estimate);
        }
        self
    }

    fn instants(&mut self, heading: &str, results: &Results, of: &Instants) -> &mut Row {
        for (which, at) in [("p10", of.p10), ("median", of.median), ("p90", of.p90)] {
            self.known(&format!("{heading}_{which}"), at.map(|at| instant(results, at)));
        }
        self
    }
}

pub(super) fn table<T>(items: impl IntoIterator<Item = T>, mut fill: impl FnMut(&mut Row, T)) -> Vec<u8> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut headed = false;
    for item in items {
        let mut row = Row::default();
        fill(&mut row, item);
        if !headed {
            writer.write_record(&row.headings).expect("memory takes every byte");
            headed = true;
        }
        writer.write_record(&row.cells).expect("every row has the cells of the first");
    }
    writer.into_inner().expect("memory takes every byte")
}

fn slas(results: &Results) -> Vec<u8> {
    table(&results.slas, |row, sla| {
        row.text("name", &sla.name)
            .text("definition", &sla.definition)
            .text("functional", sla.functional.name())
            .text("target", sla.target)
            .text("verdict", sla.verdict.name())
            .estimate("attainment", &sla.attainment)
            .estimate("due_orders", &sla.due_orders)
            .estimate("late_orders", &sla.late_orders)
            .estimate("oldest_late", &sla.oldest_late)
            .estimate("share_of_runs_breached", &sla.share_of_runs_breached)
            .instants("first_breach", results, &sla.first_breach)
            .instants("recovered", results, &sla.recovered)
            .known("broken_by_station", sla.broken_by.as_ref().and_then(|blamed| blamed.station.as_ref()))
            .known("broken_by_cause", sla.broken_by.as_ref().map(|blamed| blamed.cause));
    })
}

fn windows(results: &Results) -> Vec<u8> {
    let all = results.slas.iter().flat_map(|sla| sla.windows.iter().map(move |window| (sla, window)));
    table(all, |row, (sla, window)| {
        row.text("sla", &sla.name)
            .text("from", instant(results, window.from))
            .text("to", instant(results, window.to))
            .text("judged", window.judged)
            .known("suspended", window.suspended)
            .estimate("due", &window.due)
            .estimate("late", &window.late)
            .estimate("attainment", &window.attainment);
    })
}

fn stations(results: &Results) -> Vec<u8> {
    table(&results.stations, |row, station| {
        row.text("name", &station.name)
            .text("layer", station.layer)
            .estimate("arrivals", &station.arrivals)
            .estimate("completed", &station.completed)
            .estimate("abandoned_share", &station.abandoned_share)
            .percentiles("wait", &station.wait)
            .estimate("service_mean", &station.service_mean)
            .estimate("queue_mean", &station.queue_mean)
            .estimate("queue_max", &station.queue_max)
            .estimate("utilisation", &station.utilisation)
            .estimate("oldest_waiting", &station.oldest_waiting);
        let unknown = Estimate::unknown(results.confidence, results.replications);
        row.estimate("waited_for_equipment", station.waited_for_equipment.as_ref().unwrap_or(&unknown));
    })
}

fn equipment(results: &Results) -> Vec<u8> {
    let all = results.stations.iter().flat_map(|station| station.equipment.iter().map(move |kind| (station, kind)));
    table(all, |row, (station, kind)| {
        row.text("station", &station.name)
            .text("equipment", &kind.name)
            .text("count", kind.count)
            .estimate("utilisation", &kind.utilisation);
    })
}

fn pools(results: &Results) -> Vec<u8> {
    table(&results.pools, |row, pool| {
        row.text("name", &pool.name)
            .estimate("scheduled_hours", &pool.scheduled_hours)
            .estimate("busy_hours", &pool.busy_hours)
            .estimate("utilisation", &pool.utilisation)
            .estimate("overtime_hours", &pool.overtime_hours)
            .estimate("stayed_hours", &pool.stayed_hours);
        let unknown = Estimate::unknown(results.confidence, results.replications);
        row.estimate("cost", pool.cost.as_ref().unwrap_or(&unknown));
    })
}

fn days(results: &Results) -> Vec<u8> {
    table(&results.days, |row, day| {
        row.text("date", iso_date(day.date))
            .text("judged", day.judged)
            .estimate("intake", &day.intake)
            .estimate("due", &day.due)
            .estimate("dispatched", &day.dispatched)
            .estimate("overdue_at_close", &day.overdue_at_close)
            .text("heads_planned", day.heads_planned)
            .estimate("heads_needed", &day.heads_needed)
            .known("room", day.room)
            .known("cages_booked", day.cages_booked)
            .estimate("cages_needed", &day.cages_needed)
            .estimate("cages_short", &day.cages_short)
            .estimate("holds_open", &day.holds_open);
    })
}

fn exceptions(results: &Results) -> Vec<u8> {
    table(&results.exceptions, |row, exception| {
        row.text("name", &exception.name)
            .known("owner", exception.owner.as_ref())
            .estimate("count", &exception.count)
            .estimate("resolution_p50", &exception.resolution_p50)
            .estimate("resolution_p90", &exception.resolution_p90)
            .estimate("open_at_end", &exception.open_at_end);
    })
}

fn ledger(results: &Results) -> Vec<u8> {
    table(&results.lateness_ledger, |row, part| {
        row.text("cause", part.blamed.cause)
            .known("layer", part.layer)
            .known("station", part.blamed.station.as_ref())
            .estimate("late_hours", &part.late_hours)
            .estimate("share", &part.share);
    })
}

fn timeline(results: &Results) -> Vec<u8> {
    let at: Vec<String> = results.timeline.at.iter().map(|at| instant(results, *at)).collect();
    let all = results
        .timeline
        .stations
        .iter()
        .flat_map(|(name, steps)| at.iter().zip(steps).map(move |(at, step)| (at, name, step)));
    table(all, |row, (at, name, step)| {
        row.text("at", at)
            .text("station", name)
            .known("queue_p10", step.p10)
            .known("queue_median", step.median)
            .known("queue_p90", step.p90)
            .known("utilisation", step.utilisation);
    })
}

fn measures(results: &Results) -> Vec<u8> {
    table(&results.measures, |row, measure| {
        row.text("name", &measure.name).text("path", &measure.path).estimate("estimate", &measure.estimate);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::RunIdentity;
    use crate::experiment::fixture::{model, records};

    fn text(name: &str, count: u64) -> String {
        let identity = RunIdentity { hash: "feed".to_owned(), seed: 7, asked: count, confidence: 0.95 };
        let results = Results::fold(&model(), &identity, &records(count));
        let (_, bytes) = tables(&results).into_iter().find(|(file, _)| *file == name).expect("a table of this name");
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn an_estimate_has_three_columns_and_unknown_is_empty() {
        assert_eq!(
            text("windows.csv", 1),
            "sla,from,to,judged,suspended,due,due_low,due_high,late,late_low,late_high,attainment,attainment_low,\
             attainment_high\n\
             dispatched as promised,2026-11-27T00:00:00+00:00,2026-11-28T00:00:00+00:00,true,,1000,,,90,,,0.91,,\n\
             dispatched as promised,2026-11-28T00:00:00+00:00,2026-11-29T00:00:00+00:00,true,,400,,,0,,,1,,\n"
        );
        let days = text("days.csv", 3);
        let friday: Vec<&str> = days.lines().nth(2).unwrap().split(',').collect();
        // Intake 1,000, 1,010, 1,020: 1,010 ± 4.3027 × 10 / √3.
        assert_eq!(&friday[..3], ["2026-11-27", "true", "1010"]);
        assert!((friday[3].parse::<f64>().unwrap() - (1_010.0 - 24.841_377)).abs() < 1e-5, "{friday:?}");
        assert_eq!(friday[14], "12");
    }

    #[test]
    fn every_row_has_the_columns_of_its_heading() {
        let identity = RunIdentity { hash: "feed".to_owned(), seed: 7, asked: 4, confidence: 0.95 };
        let results = Results::fold(&model(), &identity, &records(4));
        for (name, bytes) in tables(&results) {
            let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
            let columns = reader.headers().unwrap().len();
            let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert!(!rows.is_empty() && rows.iter().all(|row| row.len() == columns), "{name}");
        }
        assert_eq!(text("timeline.csv", 4).lines().count(), 1 + 3 * 56);
    }
}
