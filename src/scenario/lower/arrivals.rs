//! What a source says about when its items arrive.

use super::curve::{Curve, PlanDay};
use super::replay::{Records, exact, replay};
use super::shape::{WeekShape, even_day, hourly};
use super::{DataFiles, TimeFrame, distribution};
use crate::model::Intensity;
use crate::random::Distribution;
use crate::scenario::data::DayShape;
use crate::scenario::diagnostic::{Diagnostic, Place};
use crate::scenario::file::source::{CycleTable, KindWord, RateValue, SourceTable};
use crate::scenario::node::quoted;
use crate::scenario::reader::{Sink, Spanned};
use crate::scenario::units::rate::{FlowOf, Thing};
use crate::time::SimTime;

/// When items arrive, before campaigns.
#[derive(Debug)]
pub(super) enum Plan {
    /// So many on an average day, spread over week and day.
    Daily(Daily),
    /// A rate by the time since the start, or always the same.
    Curve(Vec<(SimTime, f64)>),
    /// A swinging rate.
    Cycle(Intensity),
    /// Independent times between arrivals (s).
    Renewal(Distribution),
    /// Stated or recorded arrivals.
    Recorded(Records),
}

/// So many on an average day, spread over week and day.
#[derive(Debug)]
pub(super) struct Daily {
    average: f64,
    week: WeekShape,
    shape: DayShape,
}

impl Plan {
    /// The curve of a plan that has one; `shapes` are those that campaigns give to days.
    pub(super) fn curve(&self, days: &[PlanDay], shapes: &[Option<&DayShape>], time: &TimeFrame) -> Option<Curve> {
        let end = time.arrivals_end();
        let (average, week, plain) = match self {
            Plan::Daily(Daily { average, week, shape }) => (*average, week, shape),
            Plan::Curve(steps) => {
                let mut curve = Curve::steps(steps, end);
                for (day, shape) in days.iter().zip(shapes) {
                    if let Some(shape) = shape {
                        curve.reshape(day, time.calendar.as_ref(), shape);
                    }
                }
                return Some(curve);
            }
            Plan::Cycle(_) | Plan::Renewal(_) | Plan::Recorded(_) => return None,
        };
        let of_day = |day: &PlanDay| {
            let total = average * day.date.map_or(1.0, |date| week.factor(date.weekday()));
            let index = days.partition_point(|other| other.start < day.start);
            (total, shapes[index].unwrap_or(plain))
        };
        Some(Curve::daily(days, time.calendar.as_ref(), of_day))
    }
}

/// What `table` says about arrivals; `None` after an error.
pub(super) fn plan(table: &SourceTable, time: &TimeFrame, data: &mut DataFiles, sink: &mut Sink) -> Option<Plan> {
    let given: [(&str, bool); 6] = [
        ("orders_per_day", table.orders_per_day.is_some()),
        ("rate", table.rate.is_some()),
        ("rate_steps", !table.rate_steps.is_empty()),
        ("between", table.between.is_some()),
        ("arrivals", !table.arrivals.is_empty()),
        ("replay", table.replay.is_some()),
    ];
    let said: Vec<String> = given.iter().filter(|(_, said)| *said).map(|(key, _)| format!("`{key}`")).collect();
    if said.len() != 1 {
        let name = quoted(table.name.as_str());
        let message = if said.is_empty() {
            format!("the source {name} does not say when its orders arrive")
        } else {
            format!("the source {name} says it in {} ways: {}", said.len(), said.join(", "))
        };
        let help = "give one of `orders_per_day`, `rate`, `rate_steps`, `between`, `arrivals` and `replay`, \
                    for example: orders_per_day = 560";
        sink.push(Diagnostic::error("arrivals-once", &table.name.place, message).label("which one?").help(help));
        return None;
    }
    companions(table, sink)?;
    if let Some(average) = &table.orders_per_day {
        return daily(table, average.get(), time, data, sink);
    }
    if let Some(rate) = &table.rate {
        return match &rate.value {
            RateValue::Steady(flow) => {
                Some(Plan::Curve(vec![(SimTime::ZERO, items_per_hour(table, *flow, &rate.place, sink)?)]))
            }
            RateValue::Cycle(cycle) => cycle_plan(table, cycle, sink),
        };
    }
    if let Some(between) = &table.between {
        let gaps = distribution(between, data, sink)?;
        if gaps.mean() <= 0.0 {
            let message = "without time between them, arrivals never end";
            let help = "for example: between = { exponential = \"2m\" }";
            sink.push(Diagnostic::error("out-of-range", &between.place, message).label("zero on average").help(help));
            return None;
        }
        return Some(Plan::Renewal(gaps));
    }
    if let Some(file) = &table.replay {
        return replay(table, file, time, data, sink).map(Plan::Recorded);
    }
    if !table.arrivals.is_empty() {
        return exact(table, time, sink).map(Plan::Recorded);
    }
    rate_steps(table, time, sink)
}

/// Keys that belong to one way of saying when orders arrive.
fn companions(table: &SourceTable, sink: &mut Sink) -> Option<()> {
    let hourly = table.hourly.as_ref().map(|key| &key.place);
    let weekday = table.weekday.as_ref().map(|key| &key.place);
    let keys: [(&str, &str, Option<&Place>, bool); 4] = [
        ("hourly", "orders_per_day", hourly, table.orders_per_day.is_some()),
        ("weekday", "orders_per_day", weekday, table.orders_per_day.is_some()),
        ("priorities", "arrivals", table.priorities.first().map(|key| &key.place), !table.arrivals.is_empty()),
        ("cancelled", "replay", table.cancelled.as_ref().map(|key| &key.place), table.replay.is_some()),
    ];
    let before = sink.errors();
    for (key, of, place, fits) in keys {
        if let Some(place) = place.filter(|_| !fits) {
            let message = format!("`{key}` belongs to `{of}`, which this source does not have");
            let help = format!("remove `{key}`, or give the source `{of}` instead of what it has");
            sink.push(Diagnostic::error("misplaced-key", place, message).label("not used here").help(help));
        }
    }
    (sink.errors() == before).then_some(())
}

fn daily(table: &SourceTable, average: f64, time: &TimeFrame, data: &mut DataFiles, sink: &mut Sink) -> Option<Plan> {
    let week = match &table.weekday {
        Some(written) => time
            .calendar_for("a difference between weekdays", &written.place, sink)
            .and_then(|_| WeekShape::read(written, sink)),
        None => Some(WeekShape::EVEN),
    };
    let shape = table.hourly.as_ref().map_or_else(|| Some(even_day()), |written| hourly(written, data, sink));
    Some(Plan::Daily(Daily { average, week: week?, shape: shape? }))
}

fn cycle_plan(table: &SourceTable, cycle: &CycleTable, sink: &mut Sink) -> Option<Plan> {
    let mean = FlowOf { per_hour: cycle.mean.rate.hourly(), thing: cycle.mean.thing };
    let mean = items_per_hour(table, mean, &cycle.mean.place, sink)?;
    let swing = items_per_hour(table, cycle.swing.value, &cycle.swing.place, sink)?;
    if swing > mean {
        let message = format!("a swing of {swing}/h around a mean of {mean}/h goes below zero");
        let help = format!("the swing is at most the mean: swing = \"{mean}/h\"");
        sink.push(Diagnostic::error("out-of-range", &cycle.swing.place, message).label("too far").help(help));
        return None;
    }
    Some(Plan::Cycle(Intensity::Cycle { mean, swing, period: cycle.period.get() }))
}

fn rate_steps(table: &SourceTable, time: &TimeFrame, sink: &mut Sink) -> Option<Plan> {
    let mut steps: Vec<(SimTime, f64)> = Vec::new();
    for step in &table.rate_steps {
        let (at, rate) = (time.moment(&step.at, sink), items_per_hour(table, step.rate.value, &step.rate.place, sink));
        let (at, rate) = (at?, rate?);
        if steps.last().is_some_and(|(last, _)| *last >= at) {
            let message = "this step does not begin after the one before it";
            let help = "list the steps in order of time, each at a time of its own";
            sink.push(Diagnostic::error("out-of-order", &step.at.place, message).label("not later").help(help));
            return None;
        }
        steps.push((at, rate));
    }
    Some(Plan::Curve(steps))
}

/// Items per hour; a rate of orders must not be one of lines or units.
fn items_per_hour(table: &SourceTable, flow: FlowOf, place: &Place, sink: &mut Sink) -> Option<f64> {
    let of_orders = matches!(flow.thing, None | Some(Thing::Order));
    if of_orders || table.kind.value == KindWord::Work {
        return Some(flow.per_hour);
    }
    let message = format!("a source brings orders, not {}s", flow.thing.map_or_else(String::new, |t| t.to_string()));
    let help = "write orders, for example: rate = \"30 orders/h\", and say how many lines they have under `lines`";
    sink.push(Diagnostic::error("wrong-unit", place, message).label("not orders").help(help));
    None
}

/// A list of spanned values is judged by the place of its first.
pub(super) fn place_of_first<'a, T>(list: &'a [Spanned<T>], otherwise: &'a Place) -> &'a Place {
    list.first().map_or(otherwise, |first| &first.place)
}
