//! What the compiled programs share: the two workloads in figures, their draws, and the line of JSON each program prints.
//!
//! Workload `mm1`: one server, first come first served, 0.75 arrivals and 1 completion a second, 1,000,000 customers.
//!
//! Workload `day`: a fulfilment day of about 100,000 orders through sync, pick, (3 %: exceptions desk,) pack and ship;
//! an order dispatched more than four hours after it arrived sends a message to support. Runs until the last message is answered.

pub mod report;

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1, Gamma, LogNormal};

/// Customers of `mm1`, arrivals a second (the service rate is 1).
pub const CUSTOMERS: u64 = 1_000_000;
pub const ARRIVAL_RATE: f64 = 0.75;

/// Stations of `day`, in the order of [`SERVERS`].
pub const SYNC: usize = 0;
pub const PICK: usize = 1;
pub const EXCEPTIONS: usize = 2;
pub const PACK: usize = 3;
pub const SHIP: usize = 4;
pub const SUPPORT: usize = 5;
pub const STATIONS: usize = 6;
pub const SERVERS: [usize; STATIONS] = [8, 130, 10, 87, 22, 20];

/// Share of picked orders that pass the exceptions desk.
pub const EXCEPTION_SHARE: f64 = 0.03;
/// An order dispatched later than this after its arrival is late, in seconds.
pub const PROMISE_S: f64 = 4.0 * 3600.0;

/// Orders of a day, and the weight of each hour: hours 10 to 13 are the campaign, five times the usual.
const ORDERS: f64 = 100_000.0;
const HOUR_WEIGHTS: [f64; 24] = [
    0.25, 0.18, 0.14, 0.12, 0.12, 0.16, 0.30, 0.50, 0.75, 0.95, 5.25, 5.50, 5.50, 5.25, 1.00, 1.00, 1.05, 1.15, 1.30,
    1.45, 1.45, 1.25, 0.85, 0.50,
];

/// What one run of a workload found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Answer {
    /// Customers or orders.
    pub orders: u64,
    /// Arrivals and completions of service.
    pub events: u64,
    /// Mean time from arrival to the end of service (`mm1`) or to dispatch (`day`), in seconds.
    pub mean_time_s: f64,
    /// Orders dispatched too late (0 in `mm1`).
    pub late: u64,
}

/// Independent random numbers for each part of a model: the same seed and part give the same numbers.
pub fn stream(seed: u64, part: u64) -> SmallRng {
    SmallRng::seed_from_u64(seed << 8 | part)
}

/// Exponential draw with mean 1.
#[inline]
pub fn exponential(numbers: &mut SmallRng) -> f64 {
    numbers.sample(Exp1)
}

/// Arrival times of a day, in seconds, ascending: Poisson within each hour.
pub struct Arrivals {
    numbers: SmallRng,
    at_s: f64,
    hour: usize,
}

impl Arrivals {
    pub fn new(seed: u64) -> Self {
        Self { numbers: stream(seed, 100), at_s: 0.0, hour: 0 }
    }
}

impl Iterator for Arrivals {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let total: f64 = HOUR_WEIGHTS.iter().sum();
        while self.hour < HOUR_WEIGHTS.len() {
            let rate = HOUR_WEIGHTS[self.hour] * (ORDERS / total / 3600.0);
            self.at_s += exponential(&mut self.numbers) / rate;
            let hour_ends_s = (self.hour + 1) as f64 * 3600.0;
            if self.at_s < hour_ends_s {
                return Some(self.at_s);
            }
            // The exponential forgets: the next hour starts afresh at its own rate.
            self.at_s = hour_ends_s;
            self.hour += 1;
        }
        None
    }
}

/// The service times of `day`.
pub struct ServiceTimes {
    sync: LogNormal<f64>,
    pick: LogNormal<f64>,
    pack: Gamma<f64>,
}

impl Default for ServiceTimes {
    fn default() -> Self {
        let with_mean = |mean: f64, sigma: f64| LogNormal::new(mean.ln() - sigma * sigma / 2.0, sigma);
        Self {
            sync: with_mean(2.0, 0.6).expect("a positive sigma"),
            pick: with_mean(90.0, 0.5).expect("a positive sigma"),
            pack: Gamma::new(2.5, 60.0 / 2.5).expect("a positive shape"),
        }
    }
}

impl ServiceTimes {
    /// A service time at `station`, in seconds.
    #[inline(always)]
    pub fn draw(&self, station: usize, numbers: &mut SmallRng) -> f64 {
        match station {
            SYNC => self.sync.sample(numbers),
            PICK => self.pick.sample(numbers),
            EXCEPTIONS => 900.0 * exponential(numbers),
            PACK => self.pack.sample(numbers),
            SHIP => 15.0 * exponential(numbers),
            _ => 300.0 * exponential(numbers),
        }
    }
}
