//! Numbers asked for beside the standard ones.

use super::names::named;
use super::{ItemNames, TimeFrame};
use crate::model::metric_path::MetricNames;
use crate::model::{Measure, SourceId, metric_path};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::ScenarioFile;
use crate::scenario::names::{Name, Names};
use crate::scenario::reader::{Sink, Spanned};

/// The measures that `file` asks for; what is wrong with one goes to the sink.
pub(super) fn measures(file: &ScenarioFile, names: &ItemNames, time: &TimeFrame, sink: &mut Sink) -> Vec<Measure> {
    Names::collect("measure", &named(&file.measure, |table| &table.name), sink);
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
            Ok((metric, over_runs)) => measures.push(Measure {
                name: table.name.as_str().to_owned(),
                path: table.path.value.clone(),
                metric,
                over_runs,
            }),
            // What cannot be read may well have that name.
            Err(_) if names.names_unread(&table.path) => {}
            Err(error) => {
                let found = Diagnostic::error("bad-metric", &table.path.place, error.message);
                sink.push(found.label("not a metric path").help(error.help));
            }
        }
    }
    measures
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
