//! Numbers asked for beside the standard ones, and what is expected of some.

use super::names::named;
use super::{ItemNames, TimeFrame};
use crate::model::metric_path::{MetricNames, parse_expectation};
use crate::model::{Measure, MetricError, Model, SourceId, metric_path};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::ScenarioFile;
use crate::scenario::names::{Name, Names};
use crate::scenario::reader::{Sink, Spanned};

/// The measures that `file` asks for, then its checks; what is wrong with one goes to the sink.
pub(super) fn measures(file: &ScenarioFile, names: &ItemNames, time: &TimeFrame, sink: &mut Sink) -> Vec<Measure> {
    Names::collect("measure", &named(&file.measure, |table| &table.name), sink);
    Names::collect("check", &named(&file.check, |table| &table.name), sink);
    let sources = source_names(file, names);
    let stations: Vec<&str> = names.station_names.iter().map(String::as_str).collect();
    let texts = |names: &mut dyn Iterator<Item = &'_ Spanned<Name>>| -> Vec<String> {
        names.map(|name| name.as_str().to_owned()).collect()
    };
    let pools = texts(&mut file.pool.iter().map(|table| &table.name));
    let slas = texts(&mut file.sla.iter().map(|table| &table.name));
    let holds = file.hold.iter().map(|table| &table.name);
    let diversions = texts(&mut holds.chain(file.exception_classes().map(|table| &table.name)));
    let (pools, slas, diversions) = (borrowed(&pools), borrowed(&slas), borrowed(&diversions));
    let known = MetricNames {
        sources: &sources,
        stations: &stations,
        pools: &pools,
        slas: &slas,
        diversions: &diversions,
        calendar: time.calendar.as_ref(),
    };
    let mut measures = Vec::new();
    for table in &file.measure {
        match metric_path::parse(&table.path, &known) {
            Ok((metric, over_runs)) => {
                let (name, path) = (table.name.as_str().to_owned(), table.path.value.clone());
                measures.push(Measure { name, path, metric, over_runs, expected: None });
            }
            Err(error) => refuse((&table.path, "not a metric path"), error, names, sink),
        }
    }
    for table in &file.check {
        match parse_expectation(&table.expect, &known) {
            Ok(found) => measures.push(Measure {
                name: table.name.as_str().to_owned(),
                path: found.path,
                metric: found.metric,
                over_runs: found.over_runs,
                expected: Some(found.expectation),
            }),
            Err(error) => refuse((&table.expect, "not what can be expected of a number"), error, names, sink),
        }
    }
    measures
}

fn refuse((path, label): (&Spanned<String>, &str), error: MetricError, names: &ItemNames, sink: &mut Sink) {
    // What cannot be read may well have that name.
    if names.names_unread(path) {
        return;
    }
    let found = Diagnostic::error("bad-metric", &path.place, error.message);
    sink.push(found.label(label).help(error.help));
}

/// Refuses checks on numbers that no run of `model` can ever tell: they could only be inconclusive for ever.
pub(super) fn refuse_hopeless_checks(file: &ScenarioFile, model: &Model, sink: &mut Sink) {
    let checks = model.measures.iter().filter(|measure| measure.expected.is_some());
    for (table, check) in file.check.iter().zip(checks) {
        if let Some(why) = model.why_never_sampled(&check.metric) {
            let message = format!("`{}` can never be told: {why}", check.path);
            let found = Diagnostic::error("never-sampled", &table.expect.place, message);
            sink.push(found.label("never known").help("check a number that the model has, or remove the check"));
        }
    }
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// For each source of the model its name; empty, and so never found, for the sends that belong to another source.
fn source_names<'a>(file: &'a ScenarioFile, names: &ItemNames) -> Vec<&'a str> {
    let most = names.source_ids.iter().flatten().map(|id| id.index() + 1).max().unwrap_or(0);
    let mut list = vec![""; most];
    for (table, ids) in file.source.iter().zip(&names.source_ids) {
        if let Some(SourceId(own)) = ids.first() {
            list[usize::from(*own)] = table.name.as_str();
        }
    }
    list
}
