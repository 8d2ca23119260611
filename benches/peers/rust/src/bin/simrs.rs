//! Both workloads on simrs: one component for the whole line, which is the fastest way to use it (a component for each station
//! would pass every order through the event queue once more). An order is its time of arrival.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt::Debug;
use std::rc::Rc;
use std::time::Duration;

use peers::{
    ARRIVAL_RATE, Answer, Arrivals, CUSTOMERS, EXCEPTION_SHARE, EXCEPTIONS, PACK, PICK, PROMISE_S, SERVERS, SHIP,
    STATIONS, SUPPORT, SYNC, ServiceTimes, exponential, stream,
};
use rand::RngExt;
use rand::rngs::SmallRng;
use simrs::{Component, ComponentId, Executor, Scheduler, Simulation, State};

fn main() {
    peers::report::main("simrs", "0.2.0", mm1, day);
}

fn run<E: Debug + 'static>(component: impl Component<Event = E> + 'static, first: E) {
    let mut simulation = Simulation::default();
    let id = simulation.add_component(component);
    simulation.schedule(Duration::ZERO, id, first);
    simulation.execute(Executor::unbound());
}

/// Whole nanoseconds: much quicker than the exact rounding of `Duration::from_secs_f64`.
fn delay(seconds: f64) -> Duration {
    Duration::from_nanos((seconds * 1e9) as u64)
}

/// Mean of a sum of times.
fn mean_s(total: Duration, orders: u64) -> f64 {
    total.as_secs_f64() / orders as f64
}

fn mm1(seed: u64) -> Answer {
    let server = Rc::new(RefCell::new(Server {
        numbers: stream(seed, 0),
        queue: VecDeque::new(),
        to_come: CUSTOMERS,
        events: 0,
        total: Duration::ZERO,
    }));
    run(Mm1(server.clone()), ServerEvent::Arrival);
    let server = server.borrow();
    Answer { orders: CUSTOMERS, events: server.events, mean_time_s: mean_s(server.total, CUSTOMERS), late: 0 }
}

#[derive(Debug)]
enum ServerEvent {
    Arrival,
    Completion,
}

struct Server {
    numbers: SmallRng,
    /// Arrival times of those present, the one in service first.
    queue: VecDeque<Duration>,
    to_come: u64,
    events: u64,
    total: Duration,
}

impl Server {
    fn start(&mut self, id: ComponentId<ServerEvent>, scheduler: &mut Scheduler) {
        if !self.queue.is_empty() {
            scheduler.schedule(delay(exponential(&mut self.numbers)), id, ServerEvent::Completion);
        }
    }
}

struct Mm1(Rc<RefCell<Server>>);

impl Component for Mm1 {
    type Event = ServerEvent;

    fn process_event(
        &self,
        id: ComponentId<ServerEvent>,
        event: &ServerEvent,
        scheduler: &mut Scheduler,
        _: &mut State,
    ) {
        let server = &mut *self.0.borrow_mut();
        server.events += 1;
        match event {
            ServerEvent::Arrival => {
                server.queue.push_back(scheduler.time());
                if server.queue.len() == 1 {
                    server.start(id, scheduler);
                }
                server.to_come -= 1;
                if server.to_come > 0 {
                    let gap = exponential(&mut server.numbers) / ARRIVAL_RATE;
                    scheduler.schedule(delay(gap), id, ServerEvent::Arrival);
                }
            }
            ServerEvent::Completion => {
                server.total += scheduler.time() - server.queue.pop_front().expect("a completion has a customer");
                server.start(id, scheduler);
            }
        }
    }
}

fn day(seed: u64) -> Answer {
    let mut arrivals = Arrivals::new(seed).map(delay);
    let line = Rc::new(RefCell::new(Line {
        next_arrival: arrivals.next(),
        arrivals: Box::new(arrivals),
        numbers: stream(seed, 0),
        times: ServiceTimes::default(),
        idle: SERVERS,
        queues: Default::default(),
        answer: Answer::default(),
        total: Duration::ZERO,
    }));
    run(Day(line.clone()), LineEvent::Arrival);
    let line = line.borrow();
    Answer { mean_time_s: mean_s(line.total, line.answer.orders), ..line.answer }
}

#[derive(Debug)]
enum LineEvent {
    Arrival,
    Completion { station: usize, order: Duration },
}

struct Line {
    next_arrival: Option<Duration>,
    arrivals: Box<dyn Iterator<Item = Duration>>,
    numbers: SmallRng,
    times: ServiceTimes,
    idle: [usize; STATIONS],
    queues: [VecDeque<Duration>; STATIONS],
    answer: Answer,
    total: Duration,
}

struct Day(Rc<RefCell<Line>>);

impl Component for Day {
    type Event = LineEvent;

    fn process_event(&self, id: ComponentId<LineEvent>, event: &LineEvent, scheduler: &mut Scheduler, _: &mut State) {
        let line = &mut *self.0.borrow_mut();
        match *event {
            LineEvent::Arrival => line.arrive(id, scheduler),
            LineEvent::Completion { station, order } => line.complete(station, order, id, scheduler),
        }
    }
}

impl Line {
    /// The first call, at the start of the day, only looks ahead.
    fn arrive(&mut self, id: ComponentId<LineEvent>, scheduler: &mut Scheduler) {
        let now = scheduler.time();
        if self.next_arrival == Some(now) {
            self.answer.orders += 1;
            self.answer.events += 1;
            self.enter(SYNC, now, id, scheduler);
            self.next_arrival = self.arrivals.next();
        }
        if let Some(next) = self.next_arrival {
            scheduler.schedule(next - now, id, LineEvent::Arrival);
        }
    }

    fn enter(&mut self, station: usize, order: Duration, id: ComponentId<LineEvent>, scheduler: &mut Scheduler) {
        if self.idle[station] > 0 {
            self.idle[station] -= 1;
            self.start(station, order, id, scheduler);
        } else {
            self.queues[station].push_back(order);
        }
    }

    fn start(&mut self, station: usize, order: Duration, id: ComponentId<LineEvent>, scheduler: &mut Scheduler) {
        let service = delay(self.times.draw(station, &mut self.numbers));
        scheduler.schedule(service, id, LineEvent::Completion { station, order });
    }

    fn complete(&mut self, station: usize, order: Duration, id: ComponentId<LineEvent>, scheduler: &mut Scheduler) {
        self.answer.events += 1;
        match self.queues[station].pop_front() {
            Some(next) => self.start(station, next, id, scheduler),
            None => self.idle[station] += 1,
        }
        let next = match station {
            SYNC => PICK,
            PICK if self.numbers.random_bool(EXCEPTION_SHARE) => EXCEPTIONS,
            PICK | EXCEPTIONS => PACK,
            PACK => SHIP,
            SHIP => {
                let time = scheduler.time() - order;
                self.total += time;
                if time.as_secs_f64() <= PROMISE_S {
                    return;
                }
                self.answer.late += 1;
                SUPPORT
            }
            _ => return,
        };
        self.enter(next, order, id, scheduler);
    }
}
