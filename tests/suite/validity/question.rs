//! What a case asks: its quantities as metric paths, with the exact value of each.

use super::case::{Case, Quantity, Sim};
use super::scenario::{Clock, Variant};

/// Everything one case asks. Every variant is asked every path.
pub(crate) struct Question {
    pub(crate) variants: Vec<Variant>,
    pub(crate) paths: Vec<String>,
    pub(crate) checks: Vec<Check>,
}

/// A number with its exact value.
pub(crate) struct Check {
    pub(crate) label: String,
    pub(crate) exact: f64,
    pub(crate) claim: Claim,
    pub(crate) kind: Kind,
    pub(crate) number: Number,
}

/// What is claimed of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Claim {
    /// It is this value, within its error.
    Equals,
    /// It is this value, without any error.
    Exactly,
    /// It is not above, within its error.
    AtMost,
    /// It is not below, within its error.
    AtLeast,
}

/// What a number is, for how precisely it must be known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Probability,
    /// An expected number of items.
    Items,
    /// A time, a rate, a spread.
    Other,
}

/// Where a number comes from: indices of variants and paths.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Number {
    /// A measure as it stands.
    Measure { variant: usize, path: usize },
    /// The sums of one measure over the sums of another.
    Quotient { over: usize, under: usize },
    /// The first variant's value less the second's.
    Difference { path: usize },
    /// How far the levels at four quarters of a cycle lag behind the rate, in units of the cycle's 2π.
    Lag { quarters: [usize; 4] },
}

/// The question of `case`.
pub(crate) fn of(case: &Case) -> Question {
    of_these(case, &case.quantities)
}

/// What some of the quantities of `case` ask.
pub(crate) fn of_these(case: &Case, quantities: &[Quantity]) -> Question {
    let question = Question { variants: Vec::new(), paths: Vec::new(), checks: Vec::new() };
    let mut asking = Asking { case, clock: Clock::of(case), question };
    for quantity in quantities {
        asking.ask(quantity);
    }
    if asking.question.variants.is_empty() {
        asking.question.variants.push(Variant::PLAIN);
    }
    asking.question
}

struct Asking<'c> {
    case: &'c Case,
    clock: Clock,
    question: Question,
}

impl Asking<'_> {
    fn ask(&mut self, quantity: &Quantity) {
        if let Some((path, scale, kind)) = self.at_an_instant(quantity).or_else(|| self.plain(quantity)) {
            let exact = if quantity.metric == "wait_quantile" {
                1.0 - quantity.p.expect("a quantile has its order")
            } else {
                quantity.value * scale
            };
            let claim = if quantity.exact { Claim::Exactly } else { Claim::Equals };
            let variant = Variant {
                uplift: quantity.multiplier.or(quantity.given_multiplier).unwrap_or(1.0),
                calm: quantity.given_multiplier.is_some(),
                ..Variant::PLAIN
            };
            self.check(quantity, variant, path, (exact, claim, kind));
        } else {
            self.ask_otherwise(quantity);
        }
    }

    /// What is asked of one instant, or up to it.
    fn at_an_instant(&self, quantity: &Quantity) -> Option<(String, f64, Kind)> {
        let t = self.span(quantity.t?);
        let station = self.station(quantity);
        let over = quantity.k.map_or(String::new(), |k| format!(".share_of_runs_over({k})"));
        let (path, kind) = match quantity.metric.as_str() {
            "mean_in_system_at" => (format!("orders.in_system.at({t})"), Kind::Items),
            "sd_in_system_at" => (format!("orders.in_system.at({t}).sd_over_runs"), Kind::Other),
            "var_in_system_at" => (format!("orders.in_system.at({t}).variance_over_runs"), Kind::Other),
            "p_in_system_gt_at" => (format!("orders.in_system.at({t}){over}"), Kind::Probability),
            "mean_queue_at" => (format!("{station}.queue.at({t})"), Kind::Items),
            "mean_busy_at" => (format!("{station}.busy.at({t})"), Kind::Items),
            "p_all_busy_at" => (format!("{station}.busy.all_busy_at({t})"), Kind::Probability),
            "mean_in_system_at_phase" => (self.at_phase("orders.in_system.at", quantity), Kind::Items),
            "p_empty_at_phase" => (self.at_phase("orders.in_system.zero_at", quantity), Kind::Probability),
            "mean_arrivals_by" => (format!("orders.arrived.by({t})"), Kind::Items),
            "sd_arrivals_by" => (format!("orders.arrived.by({t}).sd_over_runs"), Kind::Other),
            "p_arrivals_gt" => (format!("orders.arrived.by({t}){over}"), Kind::Probability),
            "mean_completed_by" => (format!("{station}.completed.by({t})"), Kind::Items),
            "mean_abandoned_by" => (format!("{station}.abandoned.by({t})"), Kind::Items),
            _ => return None,
        };
        Some((path, 1.0, kind))
    }

    /// Levels at a phase of a cycle: on average over the cycles of a steady run, else in the last of the run.
    fn at_phase(&self, level: &str, quantity: &Quantity) -> String {
        let phase = quantity.t.expect("a phase");
        match self.case.sim {
            Sim::Steady { .. } => format!("{level}_every({}, {})", self.span(24.0), self.span(phase)),
            Sim::Terminating { .. } => format!("{level}({})", self.span(72.0 + phase)),
        }
    }

    /// What one path says as it stands: the path, what the case's value is to be multiplied by, and what it is.
    fn plain(&self, quantity: &Quantity) -> Option<(String, f64, Kind)> {
        let station = self.station(quantity);
        let orders = quantity.class.as_ref().map_or("orders".to_owned(), |class| format!("source.{class}"));
        let whose = match (quantity.over.as_deref(), &quantity.class) {
            (_, Some(class)) => format!(".from(\"{class}\")"),
            (Some(over), None) if over.starts_with("all:") || over == "all" => ".all".to_owned(),
            (Some(over @ ("served" | "abandoned")), None) => format!(".{over}"),
            _ => String::new(),
        };
        let over = || self.span(quantity.t.expect("a threshold"));
        let time = self.clock.seconds;
        let rate = 3_600.0 / self.clock.seconds;
        let of = |what: &str| format!("{station}.{what}");
        let dock = || self.departures();
        Some(match quantity.metric.as_str() {
            "utilisation" | "busy_over_up_time" => (of("utilisation"), 1.0, Kind::Probability),
            "availability" => (of("availability"), 1.0, Kind::Probability),
            "mean_wait" => (format!("{station}.wait{whose}.mean"), time, Kind::Other),
            "sd_wait" => (of("wait.sd"), time, Kind::Other),
            "p_wait_gt" | "share_wait_gt" => {
                (format!("{station}.wait{whose}.share_over({})", over()), 1.0, Kind::Probability)
            }
            "wait_quantile" => {
                (format!("{station}.wait.share_over({})", self.span(quantity.value)), 1.0, Kind::Probability)
            }
            "mean_sojourn" => (format!("{orders}.time_in_system.mean"), time, Kind::Other),
            "sd_sojourn" => (format!("{orders}.time_in_system.sd"), time, Kind::Other),
            "p_sojourn_gt" => (format!("{orders}.time_in_system.share_over({})", over()), 1.0, Kind::Probability),
            "mean_in_system" => (format!("{orders}.in_system.mean"), 1.0, Kind::Items),
            "mean_queue" => (of("queue.mean"), 1.0, Kind::Items),
            "mean_busy" => (of("busy.mean"), 1.0, Kind::Items),
            "mean_in_station" => (of("present.mean"), 1.0, Kind::Items),
            "mean_in_orbit" => (of("orbit.mean"), 1.0, Kind::Items),
            "integral_queue" => (of("queue.integral"), time, Kind::Other),
            "integral_busy" => (of("busy.integral"), time, Kind::Other),
            "p_empty" => (of("present.share_at_zero"), 1.0, Kind::Probability),
            "mean_queue_time_per_order" => (of("idle.mean"), time, Kind::Other),
            "p_delayed" => (of("delayed_share"), 1.0, Kind::Probability),
            "share_arrivals_finding_all_busy" => (of("found_all_busy_share"), 1.0, Kind::Probability),
            "p_rejected" => (of("turned_away_share"), 1.0, Kind::Probability),
            "p_abandon" => (of("abandoned_share"), 1.0, Kind::Probability),
            "p_give_up" => (of("gave_up_share"), 1.0, Kind::Probability),
            "p_first_attempt_rejected" => (of("first_turned_away_share"), 1.0, Kind::Probability),
            "share_first_attempt" => (of("first_succeeded_share"), 1.0, Kind::Probability),
            "attempts_per_order" => (of("attempts"), 1.0, Kind::Other),
            "throughput" => (of("completed.per_hour"), rate, Kind::Other),
            "visits_rate" => (of("arrivals.per_hour"), rate, Kind::Other),
            "batches_rate" => (of("batches.per_hour"), rate, Kind::Other),
            "mean_batch_size" => (of("batch_size.mean"), 1.0, Kind::Other),
            "share_batches_full" => (of("full_batches_share"), 1.0, Kind::Probability),
            "mean_left_behind" => (of("left_behind.mean"), 1.0, Kind::Items),
            "p_nobody_left_behind" => (of("nobody_left_behind_share"), 1.0, Kind::Probability),
            "mean_load_per_truck" => (format!("{}.release_size.mean", dock()), 1.0, Kind::Other),
            "sd_load_per_truck" => (format!("{}.release_size.sd", dock()), 1.0, Kind::Other),
            "p_bucket_full" => (of("bucket_full_share"), 1.0, Kind::Probability),
            "mean_on_time_orders" => ("sla.ready.kept".to_owned(), 1.0, Kind::Items),
            "sd_on_time_orders" => ("sla.ready.kept.sd_over_runs".to_owned(), 1.0, Kind::Other),
            "ratio_on_time" => ("sla.ready.attainment".to_owned(), 1.0, Kind::Probability),
            "makespan" => ("orders.makespan".to_owned(), time, Kind::Other),
            metric => (of(&self.of_one_order(metric, quantity)?), time, Kind::Other),
        })
    }

    fn of_one_order(&self, metric: &str, quantity: &Quantity) -> Option<String> {
        let moment = match metric {
            "order_wait" => "wait",
            "order_start" => "start",
            "order_completion" => "end",
            _ => return None,
        };
        Some(format!("order({}).{moment}", quantity.order?))
    }

    /// What takes more than one path, or another model.
    fn ask_otherwise(&mut self, quantity: &Quantity) {
        let station = self.station(quantity);
        let t = quantity.t.map(|t| self.span(t));
        match quantity.metric.as_str() {
            "abandoned_over_arrivals" => {
                let t = t.expect("an instant");
                let (over, under) = (format!("{station}.abandoned.by({t})"), format!("{station}.arrivals.by({t})"));
                self.quotient(quantity, over, under, (quantity.value, Kind::Probability));
            }
            "mean_time_in_orbit_per_order" => {
                let (over, under) = (format!("{station}.orbit.integral"), "orders.arrived".to_owned());
                self.quotient(quantity, over, under, (quantity.value * self.clock.seconds, Kind::Other));
            }
            "mean_wait_difference" => {
                self.difference(quantity, format!("{station}.wait.mean"), self.clock.seconds);
            }
            "p_wait_gt_difference" => {
                self.difference(quantity, format!("{station}.wait.share_over({})", t.expect("a threshold")), 1.0);
            }
            "arrivals_quantile" => {
                // A quantile of whole numbers: the share above it falls below the rest at this very number.
                let (left, by) = (1.0 - quantity.p.expect("an order"), t.expect("an instant"));
                let over = |k: f64| format!("orders.arrived.by({by}).share_of_runs_over({k})");
                let kind = Kind::Probability;
                self.check(quantity, Variant::PLAIN, over(quantity.value), (left, Claim::AtMost, kind));
                self.check(quantity, Variant::PLAIN, over(quantity.value - 1.0), (left, Claim::AtLeast, kind));
            }
            "lag_of_peak" => {
                let at = |quarter: f64| format!("orders.in_system.at({})", self.span(72.0 + 6.0 * quarter));
                let paths = [at(0.0), at(1.0), at(2.0), at(3.0)];
                let quarters = paths.map(|path| self.path(path));
                self.variant(Variant::PLAIN);
                let exact = quantity.value / 24.0 * 2.0 * std::f64::consts::PI;
                self.push(quantity, Number::Lag { quarters }, (exact, Claim::Equals, Kind::Other));
            }
            "breach_multiplier" => self.breach(quantity),
            "min_servers_at_1_1x_breach" => self.fewest_servers(quantity),
            // The slope is that of a curve whose points are checked.
            "slope_of_miss_share_at_breach" => {}
            other => panic!("{}: nothing says what {other} is", self.case.id),
        }
    }

    /// At the breach the promise is kept exactly.
    fn breach(&mut self, quantity: &Quantity) {
        let variant = Variant { uplift: quantity.value, rework: quantity.p_rework.unwrap_or(0.0), ..Variant::PLAIN };
        let (path, target, kind) = self.promise(quantity);
        self.check(quantity, variant, path, (target, Claim::Equals, kind));
    }

    /// With so many servers the promise is kept at 1.1 times the load of the breach, with one fewer it is not.
    fn fewest_servers(&mut self, quantity: &Quantity) {
        let breach = self.case.quantities.iter().find(|other| other.metric == "breach_multiplier");
        let uplift = 1.1 * breach.expect("a breach").value;
        let (path, target, kind) = self.promise(quantity);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of servers")]
        let enough = quantity.value as u32;
        for (servers, claim) in [(enough, Claim::AtMost), (enough - 1, Claim::AtLeast)] {
            let variant = Variant { uplift, servers: Some(servers), ..Variant::PLAIN };
            self.check(quantity, variant, path.clone(), (target, claim, kind));
        }
    }

    /// The number a promise is about, and the value it must not exceed.
    fn promise(&self, quantity: &Quantity) -> (String, f64, Kind) {
        let station = self.station(quantity);
        let sla = self.case.model.sla.as_ref().expect("a breach is one of a promise");
        let target = sla.target.expect("a promise has a target");
        match sla.metric.as_deref().expect("a promise is about a number") {
            "p_abandon" => (format!("{station}.abandoned_share"), target, Kind::Probability),
            "mean_sojourn" => ("orders.time_in_system.mean".to_owned(), target * self.clock.seconds, Kind::Other),
            _ => {
                let over = self.span(sla.t.expect("a threshold"));
                (format!("{station}.wait.share_over({over})"), target, Kind::Probability)
            }
        }
    }

    fn quotient(&mut self, quantity: &Quantity, over: String, under: String, (exact, kind): (f64, Kind)) {
        self.variant(Variant::PLAIN);
        let number = Number::Quotient { over: self.path(over), under: self.path(under) };
        self.push(quantity, number, (exact, Claim::Equals, kind));
    }

    fn difference(&mut self, quantity: &Quantity, path: String, scale: f64) {
        let other = self.case.model.variant.as_ref().expect("a comparison has another side");
        self.variant(Variant::PLAIN);
        self.variant(Variant { servers: Some(other.servers), ..Variant::PLAIN });
        let path = self.path(path);
        self.push(quantity, Number::Difference { path }, (quantity.value * scale, Claim::Equals, Kind::Other));
    }

    fn check(&mut self, quantity: &Quantity, variant: Variant, path: String, claim: (f64, Claim, Kind)) {
        let number = Number::Measure { variant: self.variant(variant), path: self.path(path) };
        self.push(quantity, number, claim);
    }

    fn push(&mut self, quantity: &Quantity, number: Number, (exact, claim, kind): (f64, Claim, Kind)) {
        let mut label = quantity.metric.clone();
        for part in [&quantity.station, &quantity.class, &quantity.over].into_iter().flatten() {
            label += &format!(" {part}");
        }
        for (name, value) in [("t", quantity.t), ("p", quantity.p), ("p", quantity.p_rework)] {
            label += &value.map_or(String::new(), |value| format!(" {name}={value}"));
        }
        if let Some(order) = quantity.order {
            label += &format!(" {order}");
        }
        self.question.checks.push(Check { label, exact, claim, kind, number });
    }

    fn variant(&mut self, variant: Variant) -> usize {
        place_of(&mut self.question.variants, variant)
    }

    fn path(&mut self, path: String) -> usize {
        place_of(&mut self.question.paths, path)
    }

    fn span(&self, units: f64) -> String {
        self.clock.span(units)
    }

    fn station(&self, quantity: &Quantity) -> String {
        let first = &self.case.model.stations[0].name;
        format!("station.{}", quantity.station.as_ref().unwrap_or(first))
    }

    /// The station from which trucks depart.
    fn departures(&self) -> String {
        let dock = self.case.model.stations.iter().find(|station| station.departures.is_some());
        format!("station.{}", dock.expect("trucks depart somewhere").name)
    }
}

fn place_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}
