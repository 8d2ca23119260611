//! One row for every visit of one run, written as the run goes: for `--orders`.

use crate::engine::{VisitObserver, VisitRow};
use crate::model::Model;
use crate::time::SimTime;
use std::io;

/// Writes visits as CSV. Times are seconds from the start, and local times beside them.
#[derive(Debug)]
pub struct VisitTable<'m, W: io::Write> {
    model: &'m Model,
    writer: csv::Writer<W>,
    /// The first error; nothing is written after it.
    failed: Option<csv::Error>,
}

const HEADINGS: [&str; 14] = [
    "order",
    "source",
    "rank",
    "station",
    "visit",
    "attempt",
    "line",
    "arrived_seconds",
    "arrived",
    "started_seconds",
    "started",
    "ended_seconds",
    "ended",
    "outcome",
];

impl<'m, W: io::Write> VisitTable<'m, W> {
    /// A table of runs of `model`; writes the heading.
    pub fn new(model: &'m Model, to: W) -> VisitTable<'m, W> {
        let mut writer = csv::Writer::from_writer(to);
        let failed = writer.write_record(HEADINGS).err();
        VisitTable { model, writer, failed }
    }

    /// Ends the table.
    ///
    /// # Errors
    /// The first error met in writing it.
    pub fn finish(mut self) -> io::Result<()> {
        match self.failed {
            Some(error) => Err(match error.into_kind() {
                csv::ErrorKind::Io(error) => error,
                other => io::Error::other(format!("{other:?}")),
            }),
            None => self.writer.flush(),
        }
    }

    fn cells(&self, row: VisitRow) -> [String; 14] {
        let seconds = |at: SimTime| at.seconds().to_string();
        let local = |at: SimTime| self.model.calendar().map_or_else(String::new, |calendar| calendar.iso(at));
        // Messages and follow-up work come from no source.
        let source = self.model.sources.get(usize::from(row.source));
        [
            format!("{:016x}", row.item),
            source.map_or_else(String::new, |source| source.name.clone()),
            row.rank.to_string(),
            self.model.stations[usize::from(row.station)].name.clone(),
            row.visit.to_string(),
            row.attempt.to_string(),
            if row.line == 0 { String::new() } else { row.line.to_string() },
            seconds(row.arrived),
            local(row.arrived),
            row.started.map_or_else(String::new, seconds),
            row.started.map_or_else(String::new, local),
            seconds(row.ended),
            local(row.ended),
            row.outcome.name().to_owned(),
        ]
    }
}

impl<W: io::Write> VisitObserver for VisitTable<'_, W> {
    const WATCHES: bool = true;

    fn visit(&mut self, row: VisitRow) {
        if self.failed.is_none() {
            self.failed = self.writer.write_record(self.cells(row)).err();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Outcome;
    use crate::experiment::fixture::{hours, model};

    fn row() -> VisitRow {
        VisitRow {
            item: 0xbeef,
            source: 0,
            rank: 7,
            line: 0,
            station: 1,
            visit: 1,
            attempt: 2,
            arrived: SimTime(hours(24).0 + 500_000),
            started: None,
            ended: hours(25),
            outcome: Outcome::Abandoned,
        }
    }

    #[test]
    fn a_visit_is_a_row() {
        let model = model();
        let mut bytes = Vec::new();
        let mut table = VisitTable::new(&model, &mut bytes);
        table.visit(row());
        table.visit(VisitRow { source: u16::MAX, line: 3, started: Some(hours(24)), ..row() });
        table.finish().unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "order,source,rank,station,visit,attempt,line,arrived_seconds,arrived,started_seconds,started,\
             ended_seconds,ended,outcome\n\
             000000000000beef,web shop,7,pick,1,2,,86400.5,2026-11-27T00:00:00+00:00,,,90000,\
             2026-11-27T01:00:00+00:00,abandoned\n\
             000000000000beef,,7,pick,1,2,3,86400.5,2026-11-27T00:00:00+00:00,86400,2026-11-27T00:00:00+00:00,90000,\
             2026-11-27T01:00:00+00:00,abandoned\n"
        );
    }

    #[test]
    fn every_visit_of_a_run_has_a_row() {
        let model = model();
        let plan = crate::engine::Plan::new(&model).unwrap();
        let mut bytes = Vec::new();
        let mut table = VisitTable::new(&model, &mut bytes);
        let stop = std::sync::atomic::AtomicBool::new(false);
        let record = crate::engine::simulate(&plan, 7, 0, &stop, &mut table).unwrap();
        table.finish().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let synced = text.lines().filter(|line| line.contains(",order sync,") && line.ends_with(",served")).count();
        // The record counts the visits of the judged days only, the table those of the lead-in as well.
        let counted = usize::try_from(record.stations[0].completed).unwrap();
        assert!(counted > 1_000 && synced > counted, "{synced} rows, {counted} counted");
    }

    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told_at_the_end() {
        let model = model();
        let mut table = VisitTable::new(&model, Full);
        for _ in 0..10_000 {
            table.visit(row());
        }
        assert_eq!(table.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
