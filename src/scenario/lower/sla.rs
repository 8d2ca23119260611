//! Service level agreements.

mod clock;
mod definition;
mod promise;
mod window;

pub(super) use promise::with_cut_off;

use super::{DataFiles, ItemNames, TimeFrame};
use crate::model::{
    CountedOn, CountedUnit, DiversionId, Excludes, ItemKind, Judge, Sla, Source, SourceId, Suspension, Window,
};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::sla::{CountedOnWord, CountedUnitWord, JudgeWord, SlaTable};
use crate::scenario::names::Name;
use crate::scenario::node::quoted;
use crate::scenario::reader::{Sink, Spanned};

const RISK: f64 = 0.1;

/// What SLAs refer to: names, the time frame, and the sources of the model.
type Context<'a> = (&'a ItemNames, &'a TimeFrame, &'a [Source]);

/// The SLAs of `file`; `None` after an error.
pub(super) fn slas(
    file: &ScenarioFile,
    context: Context<'_>,
    data: &mut DataFiles,
    sink: &mut Sink,
) -> Option<Vec<Sla>> {
    let made: Vec<Option<Sla>> = file.sla.iter().map(|table| sla(table, file, context, data, sink)).collect();
    made.into_iter().collect()
}

fn sla(
    table: &SlaTable,
    file: &ScenarioFile,
    (names, time, all): Context<'_>,
    data: &mut DataFiles,
    sink: &mut Sink,
) -> Option<Sla> {
    let clock = table.clock.as_ref().map(|clock| &clock.value);
    let starts = clock::starts(clock, names, sink);
    let stops = clock::stops(clock, (file, names), data, sink);
    let promise = promise::promise(table, time, sink);
    let judge = judge(table, sink);
    let sources = sources(&table.sources, names, sink);
    let excludes = excludes(table, names, sink);
    let (kind, window) = window::window(table, time, sink)?;
    let ((starts, starts_words), (stops, delay, stops_words), (promise, promise_words)) = (starts?, stops?, promise?);
    let min_orders = u32::try_from(table.min_orders.get()).unwrap_or(u32::MAX);
    let words =
        definition::Words { table, starts: &starts_words, stops: &stops_words, promise: &promise_words, window: kind };
    let mut sla = Sla {
        name: table.name.as_str().to_owned(),
        definition: words.definition(min_orders),
        starts,
        stops,
        delay,
        promise,
        target: table.target.get(),
        unit: match table.unit.value {
            CountedUnitWord::Order => CountedUnit::Order,
            CountedUnitWord::Parcel => CountedUnit::Parcel,
            CountedUnitWord::Line => CountedUnit::Line,
        },
        counted_on: match table.counted_on.value {
            CountedOnWord::DueDay => CountedOn::Due,
            CountedOnWord::OrderDay => CountedOn::Order,
            CountedOnWord::ShipDay => CountedOn::Ship,
        },
        window,
        min_orders,
        suspension: None,
        judge: judge?,
        sources: sources?,
        excludes: excludes?,
    };
    if let Some(above) = &table.suspended_above {
        let forecast = forecast(&sla, &sla.window, time, all);
        sla.suspension = Some(Suspension { above: above.value.fraction(), forecast });
    }
    Some(sla)
}

fn sources(written: &[Spanned<Name>], names: &ItemNames, sink: &mut Sink) -> Option<Vec<SourceId>> {
    let found: Vec<Option<usize>> = written.iter().map(|name| names.sources.find(name, sink)).collect();
    let found: Vec<usize> = found.into_iter().collect::<Option<_>>()?;
    Some(found.into_iter().flat_map(|index| names.source_ids[index].clone()).collect())
}

fn excludes(table: &SlaTable, names: &ItemNames, sink: &mut Sink) -> Option<Excludes> {
    let Some(written) = &table.excludes else { return Some(Excludes::default()) };
    let excluded = sources(&written.value.sources, names, sink);
    let struck: Vec<Option<usize>> =
        written.value.struck_by.iter().map(|name| names.exceptions.find(name, sink)).collect();
    let struck: Vec<usize> = struck.into_iter().collect::<Option<_>>()?;
    let excludes = Excludes { sources: excluded?, struck_by: struck.into_iter().map(DiversionId::at).collect() };
    if excludes == Excludes::default() {
        let help = "for example: excludes = { struck_by = [\"fraud review\"] }";
        let message = "`excludes` names nothing";
        sink.push(Diagnostic::error("missing-key", &written.place, message).label("which orders?").help(help));
        return None;
    }
    if let (Some(first), false) = (written.value.sources.first(), table.sources.is_empty()) {
        let message = format!("{} need not be excluded: the SLA says whose orders it covers", quoted(first.as_str()));
        let help = "say it once: in `sources`, or in `excludes`";
        sink.push(Diagnostic::error("needless-key", &first.place, message).label("beside `sources`").help(help));
        return None;
    }
    Some(excludes)
}

/// Orders that the plan expects in each stretch of the windows.
fn forecast(sla: &Sla, window: &Window, time: &TimeFrame, all: &[Source]) -> Vec<f64> {
    let counted = |(k, source): &(usize, &Source)| source.kind == ItemKind::Order && sla.counts(SourceId::at(*k));
    let end = time.arrivals_end().min(time.horizon.until);
    let stretch = |pair: &[crate::time::SimTime]| {
        let (from, to) = (pair[0].min(end), pair[1].min(end));
        all.iter().enumerate().filter(counted).map(|(_, source)| source.forecast(from, to)).sum()
    };
    window.bounds.windows(2).map(stretch).collect()
}

fn judge(table: &SlaTable, sink: &mut Sink) -> Option<Judge> {
    match (table.judge.value, &table.risk) {
        (JudgeWord::Runs, risk) => Some(Judge::Runs { risk: risk.as_ref().map_or(RISK, |risk| risk.get()) }),
        (JudgeWord::Pooled, None) => Some(Judge::Pooled),
        (JudgeWord::Pooled, Some(risk)) => {
            let message = "`risk` belongs to judge = \"runs\"";
            let help = "add judge = \"runs\", or remove `risk`";
            sink.push(Diagnostic::error("misplaced-key", &risk.place, message).label("not used here").help(help));
            None
        }
    }
}
