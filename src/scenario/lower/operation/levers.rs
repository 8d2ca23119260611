//! Levers: what could still be decided.

use super::days::{clock_time, day_set};
use super::shifts::{Presence, shift_day};
use super::{Lowering, whole};
use crate::model::{
    Arrivals, Lever, LeverAction, LeverCost, Notice, Pool, PoolId, Release, ReleaseTimes, Roster, ShiftSpan, SlaId,
    Source, SourceId, Station,
};
use crate::scenario::diagnostic::Place;
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::lever::{ActionValue, AtMostTable, CutOffTable, HeadsTable, LeverTable, PauseTable};
use crate::scenario::file::station::release::ClockOrSpan;
use crate::scenario::lower::names::named;
use crate::scenario::lower::{DataFiles, ItemNames, TimeFrame, sla};
use crate::scenario::names::{Name, Names};
use crate::scenario::node::quoted;
use crate::scenario::reader::{OneOrMany, Sink, Spanned};
use crate::scenario::units::days::Days;
use crate::scenario::units::money::PaidPer;
use crate::scenario::units::rate::Thing;
use crate::scenario::units::time::Term;
use crate::time::SimTime;

/// Where the shifts of levers stand among those of their pool: far behind its own, so that nobody else's absence changes.
const SHIFT: usize = 1 << 24;

/// What levers act on.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario::lower) struct Known<'a> {
    pub(in crate::scenario::lower) sources: &'a [Source],
    pub(in crate::scenario::lower) stations: &'a [Station],
    pub(in crate::scenario::lower) pools: &'a [Pool],
}

/// The levers of `file`; `None` after an error, and where what they act on could not be made.
pub(in crate::scenario::lower) fn levers(
    file: &ScenarioFile,
    (names, time, known): (&ItemNames, &TimeFrame, Option<Known<'_>>),
    data: &mut DataFiles,
    sink: &mut Sink,
) -> Option<Vec<Lever>> {
    Names::collect("lever", &named(&file.lever, |table| &table.name), sink);
    let mut work = Lowering::new(file, names, time, data, sink);
    let made: Vec<Option<Lever>> = file.lever.iter().map(|table| work.lever(table, known)).collect();
    made.into_iter().collect()
}

impl Lowering<'_> {
    fn lever(&mut self, table: &LeverTable, known: Option<Known<'_>>) -> Option<Lever> {
        let span = self.lever_span(table);
        let notice = self.notice(&table.notice);
        let acted = match &table.action.value {
            ActionValue::Heads(heads) => self.heads_lever(heads, span, known),
            ActionValue::Release(release) => {
                let (name, at, days) = (&release.release, &release.at, release.days.as_ref());
                self.releases_lever((name, false), (at, days), span, known)
            }
            ActionValue::Collect(collect) => {
                let (name, at, days) = (&collect.collection, &collect.at, collect.days.as_ref());
                self.releases_lever((name, true), (at, days), span, known)
            }
            ActionValue::CutOff(cut_off) => self.cut_off_lever(cut_off),
            ActionValue::AtMost(at_most) => self.at_most_lever(at_most, known),
            ActionValue::Pause(pause) => self.pause_lever(pause, span, known),
        };
        let cost = self.lever_cost(table);
        let ((action, words), (from, until)) = (acted?, span?);
        Some(Lever { name: table.name.as_str().to_owned(), action, words, from, until, cost: cost?, notice: notice? })
    }

    /// When it can act.
    fn lever_span(&mut self, table: &LeverTable) -> Option<(SimTime, SimTime)> {
        let from = self.time.moment(&table.from, self.sink);
        let horizon = self.time.horizon;
        let until = match &table.until {
            None => Some(horizon.until),
            Some(until) => self.time.moment(until, self.sink),
        };
        let (from, until) = (from?, until?.min(horizon.end));
        if from >= until {
            let (place, message) = match &table.until {
                Some(until) => (&until.place, "the lever ends before it can act"),
                None => (&table.from.place, "the lever could act only after the judged time"),
            };
            self.wrong("out-of-order", place, message, "too late", "let `from` be earlier than `until`");
            return None;
        }
        Some((from, until))
    }

    fn notice(&mut self, written: &Spanned<Term>) -> Option<Notice> {
        match written.value {
            Term::Elapsed(span) => Some(Notice::Elapsed(span)),
            Term::WorkingDays(days) => {
                let calendar = self.time.calendar_for("a notice in working days", &written.place, self.sink);
                calendar.map(|_| Notice::WorkingDays(days))
            }
        }
    }

    fn lever_cost(&mut self, table: &LeverTable) -> Option<Option<LeverCost>> {
        let lasts =
            matches!(table.action.value, ActionValue::Heads(_) | ActionValue::AtMost(_) | ActionValue::Pause(_));
        let pool = match &table.action.value {
            ActionValue::Heads(heads) => self.names.pools.index(heads.pool.as_str()),
            _ => None,
        };
        let Some(cost) = &table.cost else {
            let pay = pool.and_then(|pool| self.file.pool.get(pool)?.cost.as_ref());
            let hourly = |pay: &Spanned<crate::scenario::units::money::Money>| LeverCost {
                amount: pay.amount,
                currency: pay.currency.to_string(),
                hourly: true,
            };
            return Some(pay.map(hourly));
        };
        let hourly = match cost.per {
            None => false,
            Some(PaidPer::Hour) if lasts => true,
            Some(_) => {
                let (message, help) = if lasts {
                    (
                        "a lever is paid by the hour, or once",
                        "for example: cost = \"14.50 GBP/h\", or cost = \"400 GBP\"",
                    )
                } else {
                    ("this lever is paid once: it does not last", "for example: cost = \"400 GBP\"")
                };
                self.wrong("wrong-unit", &cost.place, message, "not so", help);
                return None;
            }
        };
        Some(Some(LeverCost { amount: cost.amount, currency: cost.currency.to_string(), hourly }))
    }

    fn never(&mut self, place: &Place, what: &str) {
        let message = format!("{what} between the lever's `from` and `until`");
        self.wrong("never", place, message, "it never acts", "check the days, `from` and `until`");
    }

    fn heads_lever(
        &mut self,
        table: &HeadsTable,
        span: Option<(SimTime, SimTime)>,
        known: Option<Known<'_>>,
    ) -> Option<(LeverAction, String)> {
        let index = self.names.pools.find(&table.pool, self.sink);
        let heads = whole(table.add.value);
        let own = match (&table.from, &table.to) {
            (Some(from), Some(to)) => Some((from, to)),
            (None, None) => None,
            (Some(given), None) | (None, Some(given)) => {
                let message = "`from` and `to` of a shift belong together";
                let help = "add, for example: from = \"18:00\", to = \"22:00\"; or remove both";
                self.wrong("missing-key", &given.place, message, "the other one is missing", help);
                return None;
            }
        };
        let (index, (from, until)) = (index?, span?);
        let pool = self.file.pool.get(index)?;
        let absent = table.absent.as_deref().copied().unwrap_or(pool.absent.value).get();
        let speed = table.speed.as_ref().map_or(1.0, |factor| factor.get().get());
        if pool.heads.is_some() {
            let given = table.absent.as_ref().map(|key| &key.place).or(table.speed.as_ref().map(|key| &key.place));
            if let Some(place) = given {
                let message = format!("the people of {} have no shifts that could say so", quoted(pool.name.as_str()));
                self.wrong("needless-key", place, message, "no shifts", "remove it, or give the pool `shifts`");
                return None;
            }
        }
        let mut presence = match own {
            Some((from, to)) => self.spans(&Presence {
                days: table.days.as_ref(),
                from,
                to,
                breaks: &table.breaks,
                place: &table.place,
                index: SHIFT,
                heads,
                absent,
                pay: 1.0,
                speed,
            })?,
            None => {
                if let Some(pause) = table.breaks.first() {
                    let message = "`breaks` belong to a shift of their own; these people go with the pool's";
                    self.wrong("needless-key", &pause.place, message, "no shift", "add `from` and `to`, or remove it");
                    return None;
                }
                let like = ShiftSpan { from, to: until, heads, absent, shift_day: 0, pay: 1.0, speed };
                self.with_the_pool(&known?.pools.get(index)?.roster, table.days.as_ref(), like)
            }
        };
        for stretch in &mut presence {
            (stretch.from, stretch.to) = (stretch.from.max(from), stretch.to.min(until));
        }
        presence.retain(|stretch| stretch.from < stretch.to);
        if presence.is_empty() {
            self.never(&table.place, "nobody of these comes");
            return None;
        }
        let more = if heads == 1 { "1 head more".to_owned() } else { format!("{heads} heads more") };
        let hours = own.map(|(from, to)| format!(", {} to {}", from.value, to.value)).unwrap_or_default();
        let words = format!("{more} in {}{hours}", quoted_name(pool.name.as_str()));
        Some((LeverAction::Heads { pool: PoolId::at(index), heads, presence }, words))
    }

    /// The stretches in which somebody of a roster is planned, each with the heads of `like`.
    fn with_the_pool(&self, roster: &Roster, days: Option<&Spanned<Days>>, like: ShiftSpan) -> Vec<ShiftSpan> {
        let mut there: Vec<(SimTime, SimTime)> = match roster {
            Roster::Steps(steps) => {
                let end = |k: usize| steps.get(k + 1).map_or(like.to, |next| next.from);
                let there = steps.iter().enumerate().filter(|(_, step)| step.heads > 0);
                there.map(|(k, step)| (step.from, end(k))).collect()
            }
            Roster::Shifts { spans, .. } => {
                spans.iter().filter(|span| span.heads > 0).map(|span| (span.from, span.to)).collect()
            }
        };
        there.sort_unstable();
        let mut apart: Vec<(SimTime, SimTime)> = Vec::new();
        for (from, to) in there {
            match apart.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => apart.push((from, to)),
            }
        }
        let set = day_set(days.map(|days| &days.value));
        let span = |(from, to): (SimTime, SimTime)| {
            let Some(calendar) = &self.time.calendar else { return Some(ShiftSpan { from, to, ..like }) };
            let date = calendar.day(from).date;
            let on = days.is_none() || set.contains(date, calendar.holidays());
            on.then(|| ShiftSpan { from, to, shift_day: shift_day(SHIFT, date), ..like })
        };
        apart.into_iter().filter_map(span).collect()
    }

    fn releases_lever(
        &mut self,
        (name, collection): (&Spanned<Name>, bool),
        (at, days): (&Spanned<OneOrMany<Spanned<ClockOrSpan>>>, Option<&Spanned<Days>>),
        span: Option<(SimTime, SimTime)>,
        known: Option<Known<'_>>,
    ) -> Option<(LeverAction, String)> {
        let index = self.names.stations.find(name, self.sink)?;
        let times = self.times_at(at, days);
        let stations = self.names.station_ids[index].clone();
        let known = known?;
        let fits = stations.iter().all(|id| match &known.stations[id.index()].release {
            Release::Timed { times: ReleaseTimes::At(_), collection: is, .. } => *is == collection,
            _ => false,
        });
        if !fits {
            let (message, help) = if collection {
                (
                    format!("no carrier called {} collects", quoted(name.as_str())),
                    "name a `carrier` of a [[collection]]",
                )
            } else {
                (
                    format!("{} has no releases at clock times that one could join", quoted(name.as_str())),
                    "name a station with waves: release = { at = [\"07:00\", \"11:00\"] }, or every = \"60m\", from = \"07:00\"",
                )
            };
            self.wrong("no-release", &name.place, message, "not so", help);
            return None;
        }
        let (ReleaseTimes::At(mut instants), (from, until)) = (times?, span?) else { return None };
        instants.retain(|at| (from..until).contains(at));
        if instants.is_empty() {
            self.never(&at.place, "none of these times lies");
            return None;
        }
        let written = |time: &Spanned<ClockOrSpan>| match time.value {
            ClockOrSpan::Clock(clock) => clock_time(clock).to_string(),
            ClockOrSpan::After(span) => format!("{} h", span.hours()),
        };
        let times = at.0.iter().map(written).collect::<Vec<_>>().join(", ");
        let name = quoted_name(name.as_str());
        let words = if collection {
            format!("{name} collects at {times} too")
        } else {
            format!("{name} is released at {times} too")
        };
        Some((LeverAction::Releases { stations, at: instants }, words))
    }

    fn cut_off_lever(&mut self, table: &CutOffTable) -> Option<(LeverAction, String)> {
        let index = self.names.slas.find(&table.sla, self.sink)?;
        let due = sla::with_cut_off(self.file.sla.get(index)?, &table.cut_off, self.time, self.sink)?;
        let words = format!("cut-off of {} at {}", quoted_name(table.sla.as_str()), clock_time(table.cut_off.value));
        Some((LeverAction::CutOff { sla: SlaId::at(index), due }, words))
    }

    fn at_most_lever(&mut self, table: &AtMostTable, known: Option<Known<'_>>) -> Option<(LeverAction, String)> {
        let index = self.names.sources.find(&table.source, self.sink)?;
        if let Some(other) = table.at_most.thing.filter(|thing| *thing != Thing::Order) {
            let message = format!("a cap on {other}s is not in this version: orders are capped");
            let help = "for example: at_most = \"120 orders/h\"";
            self.wrong("wrong-unit", &table.at_most.place, message, "not orders", help);
            return None;
        }
        let sources = self.names.source_ids[index].clone();
        let rated = |id: &SourceId| {
            matches!(known.map(|known| &known.sources[id.index()].arrivals), Some(Arrivals::Poisson(_)))
        };
        known?;
        if !sources.iter().all(rated) {
            let message = format!("the orders of {} do not follow a planned rate", quoted(table.source.as_str()));
            let help = "name a source whose orders come at random at a rate; recorded and evenly spaced ones cannot be capped in this version";
            self.wrong("not-in-this-version", &table.source.place, message, "no cap here", help);
            return None;
        }
        let per_hour = table.at_most.rate.hourly();
        let words = format!("{} held to {per_hour} planned orders an hour", quoted_name(table.source.as_str()));
        Some((LeverAction::AtMost { sources, per_hour }, words))
    }

    fn pause_lever(
        &mut self,
        table: &PauseTable,
        span: Option<(SimTime, SimTime)>,
        known: Option<Known<'_>>,
    ) -> Option<(LeverAction, String)> {
        let name = &table.pause;
        let Some(campaign) = self.file.campaign.iter().find(|campaign| campaign.name.as_str() == name.as_str()) else {
            let index = self.names.sources.find(name, self.sink)?;
            let sources = self.names.source_ids[index].clone();
            let known = known?;
            if sources.iter().any(|id| matches!(known.sources[id.index()].arrivals, Arrivals::Renewal(_))) {
                let message =
                    format!("the orders of {} come one after the other, without a rate", quoted(name.as_str()));
                let help = "name a source with a rate, or with recorded orders";
                self.wrong("not-in-this-version", &name.place, message, "no pause here", help);
                return None;
            }
            return Some((LeverAction::Pause(sources), format!("{} takes no orders", quoted_name(name.as_str()))));
        };
        let Some(sent) = &campaign.sent else {
            let message =
                format!("a pause of a campaign by days, such as {}, is not in this version", quoted(name.as_str()));
            let help = "pause its source, or a campaign that is a mailing (it has `sent`)";
            self.wrong("not-in-this-version", &name.place, message, "not a mailing", help);
            return None;
        };
        let at = self.time.moment(sent, &mut Sink::new())?;
        let (from, until) = span?;
        if !(from..until).contains(&at) {
            self.never(&name.place, "the mailing is not sent");
            return None;
        }
        let ending = format!(" / {}", name.as_str());
        let source = known?.sources.iter().position(|source| source.name.ends_with(&ending))?;
        let action = LeverAction::Unsent { source: SourceId::at(source), at };
        Some((action, format!("{} is not sent", quoted_name(name.as_str()))))
    }
}

/// A name as reports write it.
fn quoted_name(name: &str) -> String {
    format!("'{name}'")
}
