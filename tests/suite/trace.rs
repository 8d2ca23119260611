//! Runs small enough to work out on paper, and what happened in them visit by visit.

use peaksim::engine::{Outcome, Plan, VisitObserver, VisitRow, simulate};
use peaksim::model::Model;
use peaksim::observation::ReplicationRecord;
use peaksim::scenario::load::Scenario;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Every visit of a run, in order of ending.
#[derive(Default)]
pub(crate) struct Visits(pub(crate) Vec<VisitRow>);

impl VisitObserver for Visits {
    const WATCHES: bool = true;
    fn visit(&mut self, row: VisitRow) {
        self.0.push(row);
    }
}

/// A scenario over 24 hours that is drained, from the tables below its head.
pub(crate) fn model(tables: &str) -> Model {
    let text = format!("format = 1\n[horizon]\nmode = \"span\"\nlength = \"24h\"\nthen = \"drain\"\n{tables}");
    load(&text)
}

/// The model of a whole scenario text.
pub(crate) fn load(text: &str) -> Model {
    match Scenario::from_text(text, Path::new("."), &[]) {
        Ok(scenario) => scenario.model,
        Err(error) => panic!("{error}\n{text}"),
    }
}

/// One run of a model with all its visits.
pub(crate) fn run(model: &Model) -> (ReplicationRecord, Vec<VisitRow>) {
    let plan = Plan::new(model).expect("a small model");
    let mut visits = Visits::default();
    let record = simulate(&plan, 1, 0, &AtomicBool::new(false), &mut visits).expect("nobody stops it");
    (record, visits.0)
}

/// What happened, one line a visit in order of arrival rank and time: `1 pick 0-2` is order 1 at pick from minute 0,
/// when its service began, to minute 2. Whoever was not served shows the minute and the reason.
pub(crate) fn trace(tables: &str) -> Vec<String> {
    let model = model(tables);
    let (_, mut rows) = run(&model);
    rows.sort_by_key(|row| (row.rank, row.arrived, row.line, row.ended));
    rows.iter().map(|row| line(&model, row)).collect()
}

fn line(model: &Model, row: &VisitRow) -> String {
    let minutes = |t: peaksim::time::SimTime| format!("{}", t.seconds() / 60.0);
    let station = &model.stations[usize::from(row.station)].name;
    let item = if row.line > 0 { format!("{}.{}", row.rank, row.line) } else { row.rank.to_string() };
    match (row.outcome, row.started) {
        (Outcome::Served, Some(started)) => format!("{item} {station} {}-{}", minutes(started), minutes(row.ended)),
        (outcome, _) => format!("{item} {station} {} {}", outcome.name(), minutes(row.ended)),
    }
}

/// A source of orders at the given minutes.
pub(crate) fn orders(minutes: &[f64]) -> String {
    let at: Vec<String> = minutes.iter().map(|m| format!("\"{}s\"", m * 60.0)).collect();
    format!("[[source]]\nname = \"shop\"\nnext = \"s\"\narrivals = [{}]\n", at.join(", "))
}

/// The same with a priority each.
pub(crate) fn orders_of_class(orders_at: &[(f64, u8)]) -> String {
    let times: Vec<f64> = orders_at.iter().map(|(at, _)| *at).collect();
    let classes: Vec<String> = orders_at.iter().map(|(_, class)| class.to_string()).collect();
    format!("{}priorities = [{}]\n", orders(&times), classes.join(", "))
}

/// A station called "s" with one server and the given service times in minutes.
pub(crate) fn station(minutes: &[f64], more: &str) -> String {
    let times: Vec<String> = minutes.iter().map(|m| format!("\"{}s\"", m * 60.0)).collect();
    format!("[[station]]\nname = \"s\"\nnext = \"done\"\ntakes = {{ in_order = [{}] }}\n{more}\n", times.join(", "))
}
