//! Campaigns: what they do to the curves of their sources, and the sources that mailings become.

use jiff::civil::Date;

use super::sends::{source_of_send, takes_part_in_campaigns};
use super::shape::hourly;
use super::{DataFiles, ItemNames, TimeFrame};
use crate::model::{Campaign, Intensity, Response, SourceId};
use crate::quantity::Factor;
use crate::scenario::data::DayShape;
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::campaign::{CampaignTable, CountedWord, ResponseValue, ResponseWord};
use crate::scenario::node::quoted;
use crate::scenario::reader::{Sink, Spanned};
use crate::scenario::units::days::ByDate;
use crate::time::{SimDuration, SimTime};

/// A campaign with its names and times resolved.
#[derive(Debug)]
pub(super) struct PlannedCampaign<'f> {
    pub(super) table: &'f CampaignTable,
    /// The `[[source]]` tables it moves.
    pub(super) sources: Vec<usize>,
    pub(super) effect: Effect,
}

/// What a campaign does.
#[derive(Debug)]
pub(super) enum Effect {
    /// Multiplies whole days, and may give them another shape.
    Days { days: Vec<(Date, f64)>, shape: Option<DayShape> },
    /// Multiplies a window of time.
    Window { from: SimTime, to: SimTime, factor: f64 },
    /// Brings orders of its own.
    Send { intensity: Intensity, inside: bool },
}

/// The campaigns of `file`; `None` after an error.
pub(super) fn campaigns<'f>(
    file: &'f ScenarioFile,
    names: &ItemNames,
    time: &TimeFrame,
    data: &mut DataFiles,
    sink: &mut Sink,
) -> Option<Vec<PlannedCampaign<'f>>> {
    let planned: Vec<Option<PlannedCampaign<'f>>> = file
        .campaign
        .iter()
        .map(|table| {
            let sources = sources(file, table, names, sink);
            let effect = effect(table, time, data, sink);
            Some(PlannedCampaign { table, sources: sources?, effect: effect? })
        })
        .collect();
    planned.into_iter().collect()
}

impl PlannedCampaign<'_> {
    /// What reports say about it; `send` is the source of its own orders.
    pub(super) fn fact(&self, names: &ItemNames, time: &TimeFrame, send: Option<SourceId>) -> Campaign {
        let (from, to) = match &self.effect {
            Effect::Days { days, .. } => {
                let of_date = |date: Date| time.days.iter().find(|day| day.date == date);
                let first = days.first().and_then(|(date, _)| of_date(*date)).map_or(SimTime::ZERO, |day| day.start);
                let last = days.last().and_then(|(date, _)| of_date(*date)).map_or(SimTime::ZERO, |day| day.end);
                (first, last)
            }
            Effect::Window { from, to, .. } => (*from, *to),
            Effect::Send { intensity: Intensity::Send { at, .. }, .. } => (*at, time.arrivals_end()),
            Effect::Send { .. } => (SimTime::ZERO, time.arrivals_end()),
        };
        let moved = self.sources.iter().map(|source| names.source_ids[*source][0]);
        Campaign {
            name: self.table.name.as_str().to_owned(),
            from,
            to,
            sources: send.map_or_else(|| moved.collect(), |id| vec![id]),
            forecast_error: self.table.forecast_error.as_ref().map(|error| error.fraction()),
            peak: self.peak(),
            scale: self.table.scale.get(),
        }
    }
}

impl PlannedCampaign<'_> {
    /// The highest factor as written; `None` for a mailing.
    fn peak(&self) -> Option<f64> {
        let days = self.table.days.as_ref().map(|days| days.value.0.values().map(|factor| factor.get()));
        let days = days.and_then(|factors| factors.reduce(f64::max));
        days.or_else(|| self.table.uplift.as_ref().map(|uplift| uplift.get()))
    }
}

/// The sources that a campaign moves.
fn sources(file: &ScenarioFile, table: &CampaignTable, names: &ItemNames, sink: &mut Sink) -> Option<Vec<usize>> {
    let named: Vec<Option<usize>> = table.sources.iter().map(|name| names.sources.find(name, sink)).collect();
    let named: Vec<usize> = named.into_iter().collect::<Option<_>>()?;
    for (source, name) in named.iter().zip(&table.sources) {
        if !takes_part_in_campaigns(&file.source[*source]) {
            let message = format!("campaigns cannot move {}", quoted(name.as_str()));
            let help = "campaigns move sources of orders with `orders_per_day`, a plain `rate` or `rate_steps`";
            sink.push(Diagnostic::error("not-movable", &name.place, message).label("it has no such rate").help(help));
            return None;
        }
    }
    if table.sent.is_some() {
        let source = source_of_send(file, table);
        if source.is_none() && all_known(file, table) {
            let message = format!("it is unclear whose orders {} brings", quoted(table.name.as_str()));
            let help = "name one source: sources = [\"web shop\"]";
            let place = table.sources.first().map_or(&table.name.place, |first| &first.place);
            sink.push(Diagnostic::error("unclear-source", place, message).label("which source?").help(help));
        }
        return source.map(|source| vec![source]);
    }
    if named.is_empty() {
        let all: Vec<usize> = (0..file.source.len()).filter(|k| takes_part_in_campaigns(&file.source[*k])).collect();
        if all.is_empty() && all_known(file, table) {
            let message = "the campaign moves nothing: no source of orders has a rate";
            let help = "campaigns move sources of orders with `orders_per_day`, a plain `rate` or `rate_steps`";
            sink.push(Diagnostic::error("not-movable", &table.name.place, message).label("no source").help(help));
            return None;
        }
        return Some(all);
    }
    Some(named)
}

/// Whether all sources are known that the campaign may mean: those that could not be read may be among them.
fn all_known(file: &ScenarioFile, table: &CampaignTable) -> bool {
    !table.sources.is_empty() || file.source.unread().is_empty()
}

fn effect(table: &CampaignTable, time: &TimeFrame, data: &mut DataFiles, sink: &mut Sink) -> Option<Effect> {
    let window = table.from.is_some() || table.to.is_some() || table.uplift.is_some();
    let send = [table.orders.is_some(), table.counted.is_some(), table.response.is_some(), table.sent.is_some()];
    let send = send.contains(&true);
    let kinds = usize::from(table.days.is_some()) + usize::from(window) + usize::from(send);
    if kinds != 1 {
        let message = if kinds == 0 { "the campaign does nothing" } else { "the campaign is of several kinds at once" };
        let help = "a campaign has `days = { 2026-11-27 = 3.5 }`, or `from`, `to` and `uplift`, or `sent`, `orders`, \
                    `counted` and `response`: write one [[campaign]] for each";
        sink.push(Diagnostic::error("campaign-kind", &table.name.place, message).label("which kind?").help(help));
        return None;
    }
    if let Some(shape) = table.hourly.as_ref().filter(|_| table.days.is_none()) {
        let message = "`hourly` needs the campaign's `days`";
        let help = "add, for example: days = { 2026-11-27 = 1.0 }; or remove `hourly`";
        sink.push(Diagnostic::error("campaign-kind", &shape.place, message).label("of which days?").help(help));
        return None;
    }
    if let Some(days) = &table.days {
        return days_effect(table, days, time, data, sink);
    }
    if window { window_effect(table, time, sink) } else { send_effect(table, time, sink) }
}

fn days_effect(
    table: &CampaignTable,
    days: &Spanned<ByDate<Factor>>,
    time: &TimeFrame,
    data: &mut DataFiles,
    sink: &mut Sink,
) -> Option<Effect> {
    time.calendar_for("a campaign by date", &days.place, sink)?;
    let end = time.arrivals_end();
    let before = sink.errors();
    for (date, factor) in &days.value.0 {
        if !time.days.iter().any(|day| day.date == *date && day.start < end) {
            outside(table, &format!("{date}"), &factor.place, time, sink);
        }
    }
    let shape = table.hourly.as_ref().map(|written| hourly(written, data, sink));
    if sink.errors() > before || shape == Some(None) {
        return None;
    }
    let days = days.value.0.iter().map(|(date, factor)| (*date, scaled(table, factor.get()))).collect();
    Some(Effect::Days { days, shape: shape.flatten() })
}

fn outside(table: &CampaignTable, what: &str, place: &Place, time: &TimeFrame, sink: &mut Sink) {
    let message = format!("the campaign {} is outside the run: {what}", quoted(table.name.as_str()));
    let end = time.arrivals_end();
    let help = match (&time.calendar, time.days.iter().rfind(|day| day.start < end)) {
        (Some(calendar), Some(last)) => format!(
            "the run goes from {} (the lead-in) to {} (what comes after the judged days)",
            calendar.first_day(),
            last.date
        ),
        _ => format!("orders arrive until {} h after the start", SimDuration(end.0).hours()),
    };
    sink.push(Diagnostic::error("outside-horizon", place, message).label("outside the run").help(help));
}

fn needed<'t, T>(key: &str, value: Option<&'t T>, table: &CampaignTable, help: &str, sink: &mut Sink) -> Option<&'t T> {
    if value.is_none() {
        let message = format!("the campaign {} needs `{key}`", quoted(table.name.as_str()));
        let found = Diagnostic::error("missing-key", &table.name.place, message).label(format!("`{key}` is missing"));
        sink.push(found.help(help));
    }
    value
}

fn window_effect(table: &CampaignTable, time: &TimeFrame, sink: &mut Sink) -> Option<Effect> {
    let from = needed("from", table.from.as_ref(), table, "add, for example: from = 2026-11-27T18:00:00", sink);
    let to = needed("to", table.to.as_ref(), table, "add, for example: to = 2026-11-27T22:00:00", sink);
    let uplift = needed("uplift", table.uplift.as_ref(), table, "add, for example: uplift = 1.5", sink);
    let (from, to, uplift) = (from?, to?, uplift?);
    let (start, end) = (time.moment(from, sink), time.moment(to, sink));
    let (start, end) = (start?, end?);
    if start >= end {
        let message = "the window does not end after it begins";
        let help = "exchange `from` and `to`, or write a later `to`";
        sink.push(Diagnostic::error("out-of-order", &to.place, message).label("not later than `from`").help(help));
        return None;
    }
    if end > time.arrivals_end() {
        outside(table, "its window ends after it", &to.place, time, sink);
        return None;
    }
    Some(Effect::Window { from: start, to: end, factor: scaled(table, uplift.get()) })
}

fn send_effect(table: &CampaignTable, time: &TimeFrame, sink: &mut Sink) -> Option<Effect> {
    let sent = needed("sent", table.sent.as_ref(), table, "add, for example: sent = 2026-11-27T07:30:00", sink);
    let orders = needed("orders", table.orders.as_ref(), table, "how many orders it brings in all: orders = 344", sink);
    let help = "are its orders part of what the days bring anyway? counted = \"inside the uplift\", or \"on top\"; \
                there is no default, because the two differ by all its orders";
    let counted = needed("counted", table.counted.as_ref(), table, help, sink);
    let response = needed("response", table.response.as_ref(), table, "add, for example: response = \"email\"", sink);
    let (sent, orders, counted, response) = (sent?, orders?, counted?, response?);
    let response = answers(response, sink);
    let at = time.moment(sent, sink)?;
    if at >= time.arrivals_end() {
        outside(table, "it is sent after it", &sent.place, time, sink);
        return None;
    }
    let intensity = Intensity::Send { at, orders: orders.get() * table.scale.get(), response: response? };
    Some(Effect::Send { intensity, inside: counted.value == CountedWord::Inside })
}

/// How much of a factor takes place: that of a campaign that is smaller or greater than planned.
fn scaled(table: &CampaignTable, factor: f64) -> f64 {
    (1.0 + table.scale.get() * (factor - 1.0)).max(0.0)
}

/// How the answers spread over time. The usual forms are fitted to published open and click curves.
fn answers(written: &Spanned<ResponseValue>, sink: &mut Sink) -> Option<Vec<Response>> {
    let minutes = |minutes: u64| SimDuration(minutes * 60_000_000);
    let two = |share: f64, first: u64, second: u64| {
        let part = |share, half_life| Response { share, half_life: minutes(half_life) };
        Some(vec![part(share, first), part(1.0 - share, second)])
    };
    let parts = match &written.value {
        ResponseValue::Usual(ResponseWord::Email) => return two(0.6, 90, 24 * 60),
        ResponseValue::Usual(ResponseWord::Sms) => return two(0.7, 15, 3 * 60),
        ResponseValue::Usual(ResponseWord::Drop) => return two(0.4, 5, 60),
        ResponseValue::Parts(parts) => parts,
    };
    let sum: f64 = parts.iter().map(|part| part.share.get()).sum();
    super::counts::adds_up(sum, "the shares of the answers", &written.place, sink).then(|| {
        let part = |share: f64, half_life| Response { share: share / sum, half_life };
        parts.iter().map(|each| part(each.share.get(), each.half_life.get())).collect()
    })
}
