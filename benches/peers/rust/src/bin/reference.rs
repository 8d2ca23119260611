//! The reference: both workloads written by hand, near what the machine can do, with nothing in them that a workload does not need.
//!
//! A pending completion is one 64-bit key, its time in nanoseconds above the number of its server, so that one comparison
//! orders both. The keys stand in a winner tree with a leaf for each server, so that no step depends on the data. Arrivals are
//! already in order and never enter it. Service times are drawn ahead, a block at a time. An order is its time of arrival.

use std::collections::VecDeque;

use peers::{
    ARRIVAL_RATE, Answer, Arrivals, CUSTOMERS, EXCEPTION_SHARE, EXCEPTIONS, PACK, PICK, PROMISE_S, SERVERS, SHIP,
    STATIONS, SUPPORT, SYNC, ServiceTimes, exponential, stream,
};
use rand::Rng;
use rand::rngs::SmallRng;

fn main() {
    peers::report::main("reference", env!("CARGO_PKG_VERSION"), mm1, day);
}

/// Both events of M/M/1, the next arrival and the next completion, fit in two variables.
fn mm1(seed: u64) -> Answer {
    let mut gaps = Ahead::new(stream(seed, 0));
    let mut services = Ahead::new(stream(seed, 1));
    let mut gap = || gaps.next(|numbers| exponential(numbers) / ARRIVAL_RATE);
    let mut service = || services.next(exponential);
    let mut present = VecDeque::with_capacity(1024);
    let (mut to_come, mut events, mut total_ns) = (CUSTOMERS, 0, 0);
    let mut next_arrival = gap();
    let mut next_completion = NEVER;
    while next_arrival.min(next_completion) < NEVER {
        events += 1;
        if next_arrival < next_completion {
            if present.is_empty() {
                next_completion = next_arrival + service();
            }
            present.push_back(next_arrival);
            to_come -= 1;
            next_arrival = if to_come > 0 { next_arrival + gap() } else { NEVER };
        } else {
            total_ns += next_completion - present.pop_front().expect("a completion has a customer");
            next_completion = if present.is_empty() { NEVER } else { next_completion + service() };
        }
    }
    Answer { orders: CUSTOMERS, events, mean_time_s: total_ns as f64 / 1e9 / CUSTOMERS as f64, late: 0 }
}

fn day(seed: u64) -> Answer {
    let mut line = Line::new(seed);
    let mut routing = stream(seed, 50);
    let to_exceptions = (EXCEPTION_SHARE * 2f64.powi(64)) as u64;
    let promise_ns = (PROMISE_S * 1e9) as u64;
    let mut arrivals = Arrivals::new(seed).map(|at_s| (at_s * 1e9) as u64);
    let mut next_arrival = arrivals.next().unwrap_or(NEVER);
    let (mut answer, mut total_ns) = (Answer::default(), 0);
    loop {
        let key = line.pending.earliest();
        let (now, server) = (key >> SERVER_BITS, key as usize % LEAVES);
        if next_arrival <= now {
            if next_arrival == NEVER {
                break;
            }
            answer.orders += 1;
            answer.events += 1;
            line.enter::<SYNC>(next_arrival, next_arrival);
            next_arrival = arrivals.next().unwrap_or(NEVER);
            continue;
        }
        answer.events += 1;
        // One arm for each station: the processor learns its branches, and every station's figures are constants.
        match STATION_OF[server] {
            0 => {
                let order = line.complete::<SYNC>(now, server);
                line.enter::<PICK>(now, order);
            }
            1 => {
                let order = line.complete::<PICK>(now, server);
                if routing.next_u64() < to_exceptions {
                    line.enter::<EXCEPTIONS>(now, order);
                } else {
                    line.enter::<PACK>(now, order);
                }
            }
            2 => {
                let order = line.complete::<EXCEPTIONS>(now, server);
                line.enter::<PACK>(now, order);
            }
            3 => {
                let order = line.complete::<PACK>(now, server);
                line.enter::<SHIP>(now, order);
            }
            4 => {
                let order = line.complete::<SHIP>(now, server);
                total_ns += now - order;
                if now - order > promise_ns {
                    answer.late += 1;
                    line.enter::<SUPPORT>(now, order);
                }
            }
            _ => {
                line.complete::<SUPPORT>(now, server);
            }
        }
    }
    answer.mean_time_s = total_ns as f64 / 1e9 / answer.orders as f64;
    answer
}

/// Leaves of the winner tree: a power of two above the 277 servers.
const LEAVES: usize = 512;
/// Low bits of a key that hold the server.
const SERVER_BITS: u32 = LEAVES.trailing_zeros();
/// Later than any time: the nanoseconds of 417 days.
const NEVER: u64 = u64::MAX >> SERVER_BITS;
/// The key of an idle server.
const IDLE: u64 = u64::MAX;

/// Station of each server.
const STATION_OF: [u8; LEAVES] = {
    let mut of = [0; LEAVES];
    let (mut station, mut server) = (0, 0);
    while station < STATIONS {
        let end = server + SERVERS[station];
        while server < end {
            of[server] = station as u8;
            server += 1;
        }
        station += 1;
    }
    of
};

struct Line {
    pending: Pending,
    stations: [Station; STATIONS],
    /// The order in each server's hands.
    in_hand: [u64; LEAVES],
    times: ServiceTimes,
}

struct Station {
    idle: Vec<u16>,
    queue: VecDeque<u64>,
    durations: Ahead,
}

impl Line {
    fn new(seed: u64) -> Self {
        let mut first = 0;
        let stations = std::array::from_fn(|station| {
            let servers = first..first + SERVERS[station] as u16;
            first = servers.end;
            Station {
                idle: servers.rev().collect(),
                queue: VecDeque::new(),
                durations: Ahead::new(stream(seed, station as u64)),
            }
        });
        Self { pending: Pending::new(), stations, in_hand: [0; LEAVES], times: ServiceTimes::default() }
    }

    /// An order comes to station `S`.
    #[inline(always)]
    fn enter<const S: usize>(&mut self, now: u64, order: u64) {
        match self.stations[S].idle.pop() {
            Some(server) => self.start::<S>(now, server as usize % LEAVES, order),
            None => self.stations[S].queue.push_back(order),
        }
    }

    /// The server ends its service and takes the next order in the queue; returns the order it has served.
    #[inline(always)]
    fn complete<const S: usize>(&mut self, now: u64, server: usize) -> u64 {
        let served = self.in_hand[server];
        match self.stations[S].queue.pop_front() {
            Some(order) => self.start::<S>(now, server, order),
            None => {
                self.pending.set(server, IDLE);
                self.stations[S].idle.push(server as u16);
            }
        }
        served
    }

    #[inline(always)]
    fn start<const S: usize>(&mut self, now: u64, server: usize, order: u64) {
        let Self { stations, times, .. } = self;
        let end = now + stations[S].durations.next(|numbers| times.draw(S, numbers));
        self.in_hand[server] = order;
        self.pending.set(server, end << SERVER_BITS | server as u64);
    }
}

/// Winner tree: leaf `LEAVES + server` holds the server's key, each inner node the smaller of its two children.
struct Pending {
    nodes: Box<[u64; 2 * LEAVES]>,
}

impl Pending {
    fn new() -> Self {
        Self { nodes: Box::new([IDLE; 2 * LEAVES]) }
    }

    #[inline(always)]
    fn earliest(&self) -> u64 {
        self.nodes[1]
    }

    #[inline(always)]
    fn set(&mut self, server: usize, key: u64) {
        let mut node = LEAVES + server % LEAVES;
        let mut winner = key;
        self.nodes[node] = winner;
        for _ in 0..SERVER_BITS {
            winner = winner.min(self.nodes[node ^ 1]);
            node /= 2;
            self.nodes[node] = winner;
        }
    }
}

const BLOCK: usize = 256;

/// Draws in nanoseconds, made a block at a time in a tight loop.
struct Ahead {
    numbers: SmallRng,
    block: Box<[u64; BLOCK]>,
    used: usize,
}

impl Ahead {
    fn new(numbers: SmallRng) -> Self {
        Self { numbers, block: Box::new([0; BLOCK]), used: BLOCK }
    }

    #[inline(always)]
    fn next(&mut self, draw_s: impl Fn(&mut SmallRng) -> f64) -> u64 {
        if self.used == BLOCK {
            for duration in self.block.iter_mut() {
                *duration = (draw_s(&mut self.numbers) * 1e9) as u64;
            }
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }
}
