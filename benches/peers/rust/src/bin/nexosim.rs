//! Both workloads on NeXosim: a model for each station, joined by ports, on its single-threaded executor
//! (replications run beside each other, one simulation a thread). An order is its time of arrival.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nexosim::model::{BuildContext, Context, Model, ProtoModel, schedulable};
use nexosim::ports::Output;
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use peers::{
    ARRIVAL_RATE, Answer, Arrivals, CUSTOMERS, EXCEPTION_SHARE, EXCEPTIONS, PACK, PICK, PROMISE_S, SERVERS, SHIP,
    STATIONS, SUPPORT, SYNC, ServiceTimes, exponential, stream,
};
use rand::RngExt;
use rand::rngs::SmallRng;
use serde::{Deserialize, Serialize};

fn main() {
    peers::report::main("nexosim", "1.0.0", mm1, day);
}

/// Sums over all models; each adds its own share when the simulation ends.
#[derive(Default)]
struct Tally {
    answer: Answer,
    total: Duration,
}

type Shared = Arc<Mutex<Tally>>;

/// NeXosim wants delays above zero: a nanosecond more does no harm.
fn delay(seconds: f64) -> Duration {
    Duration::from_nanos((seconds * 1e9) as u64 + 1)
}

/// Sends an order at every arrival time.
#[derive(Serialize, Deserialize)]
struct Source {
    to: Output<MonotonicTime>,
}

/// What is no part of a saved state: the source's coming arrivals.
struct SourceEnv {
    arrivals: Box<dyn Iterator<Item = f64> + Send>,
    sent: u64,
    tally: Shared,
}

#[Model(type Env = SourceEnv)]
impl Source {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>, env: &mut SourceEnv) {
        Self::plan(cx, env);
    }

    fn plan(cx: &Context<Self>, env: &mut SourceEnv) {
        if let Some(at_s) = env.arrivals.next() {
            let at = (MonotonicTime::EPOCH + delay(at_s)).max(cx.time() + Duration::from_nanos(1));
            cx.schedule_event(at, schedulable!(Self::arrive), ()).expect("a time to come");
        }
    }

    #[nexosim(schedulable)]
    async fn arrive(&mut self, (): (), cx: &Context<Self>, env: &mut SourceEnv) {
        env.sent += 1;
        self.to.send(cx.time()).await;
        Self::plan(cx, env);
    }
}

impl Drop for SourceEnv {
    fn drop(&mut self) {
        let answer = &mut self.tally.lock().expect("no model panics").answer;
        answer.orders += self.sent;
        answer.events += self.sent;
    }
}

/// Servers with one queue.
#[derive(Serialize, Deserialize)]
struct Station {
    idle: usize,
    queue: VecDeque<MonotonicTime>,
    rule: Rule,
    to: Output<MonotonicTime>,
    otherwise: Output<MonotonicTime>,
}

/// Where an order goes after its service.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Rule {
    /// Through `to`.
    Next,
    /// A share through `otherwise`, the rest through `to`.
    Share,
    /// The line ends here; orders out of time go through `otherwise`.
    Dispatch,
    /// Nowhere.
    Leave,
}

struct StationEnv {
    draw_s: Box<dyn FnMut(&mut SmallRng) -> f64 + Send>,
    numbers: SmallRng,
    tally: Shared,
    served: u64,
    late: u64,
    total: Duration,
}

#[Model(type Env = StationEnv)]
impl Station {
    fn new(servers: usize, rule: Rule) -> Self {
        Self { idle: servers, queue: VecDeque::new(), rule, to: Output::default(), otherwise: Output::default() }
    }

    fn enter(&mut self, order: MonotonicTime, cx: &Context<Self>, env: &mut StationEnv) {
        if self.idle > 0 {
            self.idle -= 1;
            Self::start(order, cx, env);
        } else {
            self.queue.push_back(order);
        }
    }

    fn start(order: MonotonicTime, cx: &Context<Self>, env: &mut StationEnv) {
        let service = delay((env.draw_s)(&mut env.numbers));
        cx.schedule_event(service, schedulable!(Self::complete), order).expect("a delay above zero");
    }

    #[nexosim(schedulable)]
    async fn complete(&mut self, order: MonotonicTime, cx: &Context<Self>, env: &mut StationEnv) {
        env.served += 1;
        match self.queue.pop_front() {
            Some(next) => Self::start(next, cx, env),
            None => self.idle += 1,
        }
        match self.rule {
            Rule::Next => self.to.send(order).await,
            Rule::Share if env.numbers.random_bool(EXCEPTION_SHARE) => self.otherwise.send(order).await,
            Rule::Share => self.to.send(order).await,
            Rule::Dispatch => {
                let time = cx.time().duration_since(order);
                env.total += time;
                if time.as_secs_f64() > PROMISE_S {
                    env.late += 1;
                    self.otherwise.send(order).await;
                }
            }
            Rule::Leave => {}
        }
    }
}

impl Drop for StationEnv {
    fn drop(&mut self) {
        let mut tally = self.tally.lock().expect("no model panics");
        tally.answer.events += self.served;
        tally.answer.late += self.late;
        tally.total += self.total;
    }
}

/// A model and its environment, as a bench takes them in.
struct With<M: Model>(M, M::Env);

impl<M: Model> ProtoModel for With<M> {
    type Model = M;

    fn build(self, _: &mut BuildContext<Self>) -> (M, M::Env) {
        (self.0, self.1)
    }
}

/// One simulation: a source into the first of `stations`, which the caller has joined to each other.
fn run(
    arrivals: impl Iterator<Item = f64> + Send + 'static,
    stations: Vec<(Station, Mailbox<Station>)>,
    seed: u64,
    draw_s: impl Fn(usize, &mut SmallRng) -> f64 + Clone + Send + 'static,
) -> Answer {
    let tally = Shared::default();
    let mut to = Output::default();
    to.connect(Station::enter, &stations[0].1);
    let env = SourceEnv { arrivals: Box::new(arrivals), sent: 0, tally: tally.clone() };
    let mut bench = SimInit::with_num_threads(1).add_model(With(Source { to }, env), Mailbox::new(), "source");
    for (place, (station, mailbox)) in stations.into_iter().enumerate() {
        let draw_s = draw_s.clone();
        let env = StationEnv {
            draw_s: Box::new(move |numbers| draw_s(place, numbers)),
            numbers: stream(seed, place as u64),
            tally: tally.clone(),
            served: 0,
            late: 0,
            total: Duration::ZERO,
        };
        bench = bench.add_model(With(station, env), mailbox, &format!("station {place}"));
    }
    let mut simulation = bench.init(MonotonicTime::EPOCH).expect("a bench in order");
    simulation.run().expect("no model fails");
    drop(simulation);
    let tally = tally.lock().expect("no model panics");
    Answer { mean_time_s: tally.total.as_secs_f64() / tally.answer.orders as f64, ..tally.answer }
}

fn mm1(seed: u64) -> Answer {
    let mut numbers = stream(seed, 100);
    let arrivals = (0..CUSTOMERS).scan(0.0, move |at_s, _| {
        *at_s += exponential(&mut numbers) / ARRIVAL_RATE;
        Some(*at_s)
    });
    // Dispatched without a promise: nothing is connected to `otherwise`.
    let server = (Station::new(1, Rule::Dispatch), Mailbox::new());
    Answer { late: 0, ..run(arrivals, vec![server], seed, |_, numbers| exponential(numbers)) }
}

fn day(seed: u64) -> Answer {
    const RULES: [Rule; STATIONS] = [Rule::Next, Rule::Share, Rule::Next, Rule::Next, Rule::Dispatch, Rule::Leave];
    let mut stations: Vec<_> =
        (0..STATIONS).map(|place| (Station::new(SERVERS[place], RULES[place]), Mailbox::new())).collect();
    for (from, next) in [(SYNC, PICK), (PICK, PACK), (EXCEPTIONS, PACK), (PACK, SHIP)] {
        let mailbox = stations[next].1.address();
        stations[from].0.to.connect(Station::enter, mailbox);
    }
    for (from, next) in [(PICK, EXCEPTIONS), (SHIP, SUPPORT)] {
        let mailbox = stations[next].1.address();
        stations[from].0.otherwise.connect(Station::enter, mailbox);
    }
    let times = Arc::new(ServiceTimes::default());
    run(Arrivals::new(seed), stations, seed, move |place, numbers| times.draw(place, numbers))
}
