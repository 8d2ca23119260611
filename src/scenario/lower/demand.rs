//! Sources and campaigns.

use super::arrivals::{Plan, plan};
use super::busyness::{busyness, draws_as};
use super::campaign::{Effect, PlannedCampaign, campaigns};
use super::counts::{lines, units};
use super::curve::{PlanDay, TooFew};
use super::replay::Records;
use super::{DataFiles, ItemNames, TimeFrame, route};
use crate::model::{Arrivals, Campaign, CountMix, Factors, Intensity, ItemKind, Source, SourceId};
use crate::scenario::data::DayShape;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::source::{KindWord, ProcessWord, SourceTable};
use crate::scenario::node::quoted;
use crate::scenario::reader::Sink;

/// Where items come from, and what is planned.
#[derive(Clone, Debug)]
pub(super) struct Demand {
    /// The `[[source]]` tables, then the mailings.
    pub(super) sources: Vec<Source>,
    /// The campaigns, as facts.
    pub(super) campaigns: Vec<Campaign>,
}

/// The demand that `file` describes; `None` after at least one error.
pub(super) fn demand(
    file: &ScenarioFile,
    names: &ItemNames,
    time: &TimeFrame,
    data: &mut DataFiles,
    sink: &mut Sink,
) -> Option<Demand> {
    let planned = campaigns(file, names, time, data, sink);
    // Without the campaigns the sources are still read, so that their own errors are shown at the same time.
    let no_campaigns = Vec::new();
    let known = planned.as_ref().unwrap_or(&no_campaigns);
    let mut context = Context { file, names, time, data, sink, campaigns: known };
    let made: Vec<Option<Source>> = (0..file.source.len()).map(|k| context.source(k)).collect();
    let mut sources: Vec<Source> = made.into_iter().collect::<Option<_>>()?;
    let planned = planned?;
    let mut facts = Vec::new();
    for campaign in &planned {
        let mut send = None;
        if let Effect::Send { intensity, .. } = &campaign.effect {
            let of = campaign.sources[0];
            send = Some(SourceId::at(sources.len()));
            let even = matches!(sources[of].arrivals, Arrivals::Even(_));
            sources.push(send_source(&sources[of], campaign, intensity.clone(), even));
        }
        facts.push(campaign.fact(names, time, send));
    }
    Some(Demand { sources, campaigns: facts })
}

/// A mailing is a source of its own, so that its orders keep their identity when the curve changes; otherwise it is
/// like the source whose customers it reaches.
fn send_source(of: &Source, campaign: &PlannedCampaign<'_>, intensity: Intensity, even: bool) -> Source {
    let name = campaign.table.name.as_str();
    Source {
        name: format!("{} / {name}", of.name),
        draws_as: format!("{} / {name}", of.draws_as),
        arrivals: if even { Arrivals::Even(intensity) } else { Arrivals::Poisson(intensity) },
        initial: 0,
        ..of.clone()
    }
}

struct Context<'a, 'f> {
    file: &'f ScenarioFile,
    names: &'a ItemNames,
    time: &'a TimeFrame,
    data: &'a mut DataFiles,
    sink: &'a mut Sink,
    campaigns: &'a [PlannedCampaign<'f>],
}

impl<'a> Context<'a, '_> {
    fn source(&mut self, index: usize) -> Option<Source> {
        let table = &self.file.source[index];
        let lines = lines(table.lines.as_ref(), self.sink);
        let units = units(table.units.as_ref(), self.sink);
        let busyness = busyness(self.file, table, self.names, self.time, self.sink);
        let route = route(&table.next, self.names, self.sink);
        let plan = plan(table, self.time, self.data, self.sink);
        let arrivals = self.arrivals(index, plan?, (lines.as_ref(), units.as_ref()));
        Some(Source {
            name: table.name.as_str().to_owned(),
            draws_as: draws_as(table),
            kind: match table.kind.value {
                KindWord::Order => ItemKind::Order,
                KindWord::Work => ItemKind::Work,
            },
            arrivals: arrivals?,
            factors: Factors { uplift: table.uplift.get(), busyness: busyness? },
            lines: lines?,
            units: units?,
            priority: u8::try_from(table.priority.get()).unwrap_or(u8::MAX),
            route: route?,
            initial: u32::try_from(table.initial.get()).unwrap_or(u32::MAX),
        })
    }

    fn arrivals(
        &mut self,
        index: usize,
        plan: Plan,
        (lines, units): (Option<&CountMix>, Option<&CountMix>),
    ) -> Option<Arrivals> {
        let table = &self.file.source[index];
        let rated = matches!(plan, Plan::Curve(_) | Plan::Daily(_) | Plan::Cycle(_));
        if !rated && !self.only_rates(table) {
            return None;
        }
        let intensity = match plan {
            Plan::Renewal(distribution) => return Some(Arrivals::Renewal(distribution)),
            Plan::Recorded(records) => return self.recorded(table, records, lines?, units?),
            Plan::Cycle(intensity) => intensity,
            Plan::Curve(_) | Plan::Daily(_) => {
                let days = super::curve::plan_days(self.time);
                let shapes = self.shapes(index, &days);
                let mut curve = plan.curve(&days, &shapes?, self.time)?;
                let mut sends = Vec::new();
                for campaign in self.campaigns.iter().filter(|campaign| campaign.sources.contains(&index)) {
                    match &campaign.effect {
                        Effect::Days { days: uplifted, .. } => {
                            for (date, factor) in uplifted {
                                let day = days.iter().find(|day| day.date == Some(*date))?;
                                curve.scale(day.start, day.end, *factor);
                            }
                        }
                        Effect::Window { from, to, factor } => curve.scale(*from, *to, *factor),
                        Effect::Send { intensity, inside: true } => sends.push(intensity.clone()),
                        Effect::Send { inside: false, .. } => {}
                    }
                }
                if let Err(too_few) = curve.take_out(&days, &sends) {
                    self.too_few(index, &too_few);
                    return None;
                }
                curve.intensity()
            }
        };
        let even = table.process.as_ref().is_some_and(|process| process.value == ProcessWord::Even);
        if even && let Some(busyness) = &table.busyness {
            let message = "evenly spaced arrivals have no random busyness";
            let help = "remove `busyness`, or let them come at random: process = \"poisson\"";
            self.sink.push(Diagnostic::error("not-random", &busyness.place, message).label("not here").help(help));
            return None;
        }
        Some(if even { Arrivals::Even(intensity) } else { Arrivals::Poisson(intensity) })
    }

    /// Keys that only multiply or spread a rate are refused where there is none.
    fn only_rates(&mut self, table: &SourceTable) -> bool {
        let before = self.sink.errors();
        if let Some(busyness) = &table.busyness {
            let message = "random busyness multiplies a rate, and this source has none";
            let help = "a replay already is as busy as it was; remove `busyness`, or give the source a rate";
            self.sink.push(Diagnostic::error("not-random", &busyness.place, message).label("no rate here").help(help));
        }
        if let Some(process) = &table.process {
            let message = "`process` says how arrivals lie around a rate, and this source has none";
            self.sink.push(
                Diagnostic::error("not-random", &process.place, message).label("no rate here").help("remove `process`"),
            );
        }
        self.sink.errors() == before
    }

    fn recorded(
        &mut self,
        table: &SourceTable,
        records: Records,
        lines: &CountMix,
        units: &CountMix,
    ) -> Option<Arrivals> {
        let given = (table.lines.as_ref().map(|key| &key.place), table.units.as_ref().map(|key| &key.place));
        records.arrivals((lines, given.0), (units, given.1), &table.name.place, self.sink)
    }

    /// The shape that a campaign gives to a day, for each day that has one of its own.
    fn shapes(&mut self, index: usize, days: &[PlanDay]) -> Option<Vec<Option<&'a DayShape>>> {
        let mut shapes = vec![None; days.len()];
        let campaigns = self.campaigns;
        for campaign in campaigns.iter().filter(|campaign| campaign.sources.contains(&index)) {
            let Effect::Days { days: uplifted, shape: Some(shape) } = &campaign.effect else { continue };
            for (date, _) in uplifted {
                let day = days.iter().position(|day| day.date == Some(*date))?;
                if shapes[day].replace(shape).is_some() {
                    let place = campaign.table.hourly.as_ref().map_or(&campaign.table.place, |key| &key.place);
                    let message = format!("two campaigns say how the orders of {date} spread over its hours");
                    let help = "a day has one shape: keep `hourly` in one of the campaigns of this day";
                    self.sink.push(Diagnostic::error("two-shapes", place, message).label("the second").help(help));
                    return None;
                }
            }
        }
        Some(shapes)
    }

    fn too_few(&mut self, index: usize, found: &TooFew) {
        let send = self.campaigns.iter().rfind(|campaign| {
            campaign.sources.contains(&index) && matches!(campaign.effect, Effect::Send { inside: true, .. })
        });
        let Some(send) = send else { return };
        let place = send.table.orders.as_ref().map_or(&send.table.place, |key| &key.place);
        let day = found.day.date.map_or_else(|| "the day".to_owned(), |date| date.to_string());
        let (has, wanted) = (libm::round(found.has), libm::round(found.wanted));
        let source = quoted(self.file.source[index].name.as_str());
        let message = format!("mailings bring {wanted} orders on {day}, but {source} has {has} in all that day");
        let help = "lower `orders`, raise the uplift of the day, or count them \"on top\"";
        let label = "more than the day has";
        self.sink.push(Diagnostic::error("more-than-the-day", place, message).label(label).help(help));
    }
}
