//! A case's model as the text of an ordinary scenario file.

use super::case::{Case, Chance, Horizon, Model, Servers, Service, Sim, Source, Times};
use super::station;

/// Minutes and hours are written as they are while a run stays below this.
const LONGEST_RUN: f64 = 150.0 * 86_400.0;

/// What a question changes in a case's model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Variant {
    /// Factor on all arrival rates.
    pub(crate) uplift: f64,
    /// Servers of the only station.
    pub(crate) servers: Option<u32>,
    /// The swept chance of a route.
    pub(crate) rework: f64,
    /// Without the day's random multiplier.
    pub(crate) calm: bool,
}

impl Variant {
    /// The model as it is written down.
    pub(crate) const PLAIN: Variant = Variant { uplift: 1.0, servers: None, rework: 0.0, calm: false };
}

/// How a case's time is written: its unit in seconds.
///
/// Theory knows no unit, so where a run would be longer than can be simulated, the next smaller unit is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    pub(crate) seconds: f64,
}

impl Clock {
    pub(crate) fn of(case: &Case) -> Clock {
        let units = [3_600.0, 60.0, 1.0];
        let own = match case.model.time_unit.as_str() {
            "h" => 0,
            "min" => 1,
            "s" => 2,
            other => panic!("{other} is no unit of time"),
        };
        let length = match case.sim {
            Sim::Steady { warmup_time, measured_time, .. } => warmup_time + measured_time,
            Sim::Terminating { .. } => 0.0,
        };
        let seconds = units[own..].iter().copied().find(|unit| length * unit < LONGEST_RUN);
        Clock { seconds: seconds.expect("no case is longer in seconds") }
    }

    /// A span of so many units.
    pub(crate) fn span(self, units: f64) -> String {
        format!("{:.6}s", units * self.seconds)
    }

    /// A rate of so many per unit.
    pub(crate) fn rate(self, per_unit: f64) -> String {
        format!("{:.10}/h", per_unit * 3_600.0 / self.seconds)
    }

    /// What `times` writes under `takes`, `between`, `patience`, `up` and `down`.
    pub(crate) fn times(self, times: &Times) -> String {
        let spans = |list: &[f64]| -> String {
            list.iter().map(|time| format!("\"{}\"", self.span(*time))).collect::<Vec<_>>().join(", ")
        };
        match times {
            Times::Constant { value } => format!("\"{}\"", self.span(*value)),
            Times::Exponential { mean } => format!("{{ exponential = \"{}\" }}", self.span(*mean)),
            Times::Lognormal { mean, scv } => {
                format!("{{ mean = \"{}\", cv = {:?} }}", self.span(*mean), scv.sqrt())
            }
            Times::Gamma { mean, shape } => format!("{{ gamma = \"{}\", shape = {shape:?} }}", self.span(*mean)),
            Times::Erlang { k, mean } => format!("{{ erlang = \"{}\", phases = {k} }}", self.span(*mean)),
            Times::Hyperexponential { p, mean } => {
                let part = |(p, mean): (&f64, &f64)| {
                    format!("{{ share = \"{}\", mean = \"{}\" }}", per_cent(*p), self.span(*mean))
                };
                let parts: Vec<String> = p.iter().zip(mean).map(part).collect();
                format!("{{ mixture = [{}] }}", parts.join(", "))
            }
            Times::Uniform { min, max } => format!("{{ uniform = [{}] }}", spans(&[*min, *max])),
            Times::Trace { values } => format!("{{ in_order = [{}] }}", spans(values)),
            Times::Discrete { .. } => panic!("only a day's multiplier is a list of factors"),
        }
    }
}

/// The scenario file of `case`, with `variant` applied and a measure for each of `paths`.
pub(crate) fn text(case: &Case, variant: Variant, paths: &[String]) -> String {
    let clock = Clock::of(case);
    let model = &case.model;
    let mut text = format!("format = 1\ntitle = \"{}\"\n", case.title.replace('"', "'"));
    text += &horizon(case, clock);
    for source in &model.sources {
        text += &source_table(source, model, variant, clock);
    }
    for station in &model.stations {
        text += &station::table(station, model, variant, clock);
    }
    text += &sla(model, clock);
    for (k, path) in paths.iter().enumerate() {
        text += &format!("[[measure]]\nname = \"m{k}\"\npath = '{path}'\n");
    }
    text
}

fn horizon(case: &Case, clock: Clock) -> String {
    let length = match &case.sim {
        Sim::Steady { warmup_time, measured_time, .. } => {
            let (warm_up, measured) = (clock.span(*warmup_time), clock.span(*measured_time));
            return format!("[horizon]\nmode = \"steady\"\nwarm_up = \"{warm_up}\"\nmeasured = \"{measured}\"\n");
        }
        Sim::Terminating { horizon: Horizon::Length(length), .. } => *length,
        Sim::Terminating { horizon: Horizon::UntilEmpty(_), .. } => {
            let arrivals = case.model.sources.iter().flat_map(|source| &source.arrivals);
            arrivals.copied().fold(0.0, f64::max) + 1.0
        }
    };
    // Late orders are followed to their end; whatever is asked of an instant or up to it does not see that.
    format!("[horizon]\nmode = \"span\"\nlength = \"{}\"\nthen = \"drain\"\n", clock.span(length))
}

fn source_table(source: &Source, model: &Model, variant: Variant, clock: Clock) -> String {
    let mut text = format!("[[source]]\nname = \"{}\"\n{}", source.name, arrivals(source, clock));
    if (variant.uplift - 1.0).abs() > 0.0 {
        text += &format!("uplift = {:?}\n", variant.uplift);
    }
    if let Some(priority) = source.priority {
        text += &format!("priority = {priority}\n");
    }
    if let ([_, ..], shares) = (&source.lines_per_order[..], &source.lines_per_order) {
        let shares: Vec<String> =
            shares.iter().map(|lines| format!("\"{}\" = \"{}\"", lines.n, per_cent(lines.prob))).collect();
        text += &format!("lines = {{ shares = {{ {} }} }}\n", shares.join(", "));
    }
    if let (Some(multiplier), false) = (&source.day_multiplier, variant.calm) {
        text += &format!("busyness = {{ day = {} }}\n", factor(multiplier));
    }
    if model.initial_in_system > 0 {
        text += &format!("initial = {}\n", model.initial_in_system);
    }
    text + &format!("next = \"{}\"\n", source.to)
}

fn arrivals(source: &Source, clock: Clock) -> String {
    if let Some(rate) = source.rate {
        return format!("rate = \"{}\"\n", clock.rate(rate));
    }
    if let Some(between) = &source.interarrival {
        return format!("between = {}\n", clock.times(between));
    }
    if let Some(formula) = &source.rate_formula {
        return cycle(formula, clock);
    }
    if !source.rate_segments.is_empty() {
        let step = |start, rate| format!("{{ at = \"{}\", rate = \"{}\" }}", clock.span(start), clock.rate(rate));
        let steps: Vec<String> = source.rate_segments.iter().map(|segment| step(segment.start, segment.rate)).collect();
        return format!("rate_steps = [{}]\n", steps.join(", "));
    }
    let moments: Vec<String> = source.arrivals.iter().map(|at| format!("\"{}\"", clock.span(*at))).collect();
    let mut text = format!("arrivals = [{}]\n", moments.join(", "));
    if !source.priorities.is_empty() {
        text += &format!("priorities = {:?}\n", source.priorities);
    }
    text
}

/// `9 + 5*sin(2*pi*t/24)`: mean, swing and period.
fn cycle(formula: &str, clock: Clock) -> String {
    let parts = formula.split_once(" + ").and_then(|(mean, rest)| {
        let (swing, rest) = rest.split_once("*sin(2*pi*t/")?;
        Some([mean.parse::<f64>().ok()?, swing.parse().ok()?, rest.strip_suffix(')')?.parse().ok()?])
    });
    let [mean, swing, period] = parts.expect("a swinging rate");
    let (mean, swing, period) = (clock.rate(mean), clock.rate(swing), clock.span(period));
    format!("rate = {{ mean = \"{mean}\", swing = \"{swing}\", period = \"{period}\" }}\n")
}

fn factor(multiplier: &Times) -> String {
    match multiplier {
        Times::Gamma { shape, .. } => format!("{{ cv = {:?} }}", 1.0 / shape.sqrt()),
        Times::Discrete { values, probs } => {
            let shares: Vec<String> = probs.iter().map(|share| format!("\"{}\"", per_cent(*share))).collect();
            format!("{{ values = {values:?}, shares = [{}] }}", shares.join(", "))
        }
        _ => panic!("no such multiplier of a day"),
    }
}

/// The promise of a case that has one by the clock: every order is due at the same instant.
fn sla(model: &Model, clock: Clock) -> String {
    match &model.sla {
        Some(sla) if sla.kind.as_deref() == Some("ready_by_clock_time") => {
            let by = clock.span(sla.at.expect("a promise by the clock has its time"));
            format!("[[sla]]\nname = \"ready\"\nby = \"{by}\"\ntarget = \"80%\"\nwindow = \"whole\"\n")
        }
        _ => String::new(),
    }
}

/// Where orders go from `station`: what its routes leave over has ended.
pub(crate) fn next(station: &str, model: &Model, variant: Variant) -> String {
    let mut ways = Vec::new();
    let mut left = 1.0;
    for routing in model.routing.iter().filter(|routing| routing.from == station) {
        let share = match &routing.prob {
            Chance::Number(share) => *share,
            Chance::Swept(_) => variant.rework,
        };
        left -= share;
        if share > 0.0 {
            ways.push(format!("{{ to = \"{}\", share = \"{}\" }}", routing.to, per_cent(share)));
        }
    }
    if left > 1e-9 {
        ways.push(format!("{{ to = \"done\", share = \"{}\" }}", per_cent(left)));
    }
    format!("next = [{}]\n", ways.join(", "))
}

/// The service of the sources that have their own, as `takes_of`, and that of the first of them as `takes`.
pub(crate) fn takes(service: &Service, model: &Model, clock: Clock) -> String {
    match service {
        Service::Times(times) => format!("takes = {}\n", clock.times(times)),
        Service::PerClass(_) => {
            let own: Vec<(&str, String)> = model
                .sources
                .iter()
                .filter_map(|source| Some((source.name.as_str(), clock.times(source.service.as_ref()?))))
                .collect();
            let each: Vec<String> = own.iter().map(|(name, times)| format!("{name} = {times}")).collect();
            format!("takes = {}\ntakes_of = {{ {} }}\n", own[0].1, each.join(", "))
        }
    }
}

/// How many servers a station has: always so many, by the clock, or no limit.
pub(crate) fn servers(servers: &Servers, variant: Variant) -> String {
    match (variant.servers, servers) {
        (Some(number), _) | (None, &Servers::Number(number)) => format!("servers = {number}\n"),
        (None, Servers::Infinite(_)) => "servers = \"unlimited\"\n".to_owned(),
    }
}

/// A share in per cent, with ten decimals.
pub(crate) fn per_cent(share: f64) -> String {
    format!("{:.10}%", share * 100.0)
}
