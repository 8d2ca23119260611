//! Erlang's formulas and the M/M/c queue.
//!
//! Sources: A. K. Erlang 1917; recursion and wait distribution as in Gross, Shortle, Thompson & Harris, Fundamentals of
//! Queueing Theory (2008), ch. 2; square-root rule: S. Halfin & W. Whitt 1981.

use std::f64::consts::{PI, SQRT_2};

use super::positive;

/// Erlang B: the share blocked at `servers` servers without a queue under `load` erlangs; valid for any service
/// time distribution. `None` for a negative or infinite load.
#[must_use]
pub fn erlang_b(servers: u64, load: f64) -> Option<f64> {
    if !(load >= 0.0 && load.is_finite()) {
        return None;
    }
    let mut blocked = 1.0;
    for server in 1..=servers {
        blocked = load * blocked / (server as f64 + load * blocked);
    }
    Some(blocked)
}

/// Erlang C: the share that has to wait in M/M/c under `load` erlangs; `None` unless 0 ≤ `load` < `servers`.
#[must_use]
pub fn erlang_c(servers: u64, load: f64) -> Option<f64> {
    let blocked = erlang_b(servers, load)?;
    let free = servers as f64 - load;
    (free > 0.0).then(|| servers as f64 * blocked / (free + load * blocked))
}

/// A stable M/M/c queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mmc {
    arrival_rate: f64,
    mean_service: f64,
    servers: f64,
    delayed: f64,
}

impl Mmc {
    /// `servers` equal servers; `None` for rates that are not positive or a load of one server's worth or more each.
    #[must_use]
    pub fn new(arrival_rate: f64, mean_service: f64, servers: u64) -> Option<Mmc> {
        if !(positive(arrival_rate) && positive(mean_service)) {
            return None;
        }
        let delayed = erlang_c(servers, arrival_rate * mean_service)?;
        Some(Mmc { arrival_rate, mean_service, servers: servers as f64, delayed })
    }

    /// Busy share of the servers.
    #[must_use]
    pub fn utilisation(&self) -> f64 {
        self.load() / self.servers
    }

    /// Share that does not start at once.
    #[must_use]
    pub fn p_delayed(&self) -> f64 {
        self.delayed
    }

    /// Mean wait before service, over all.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        self.delayed / self.drain_rate()
    }

    /// Standard deviation of the wait.
    #[must_use]
    pub fn sd_wait(&self) -> f64 {
        (self.delayed * (2.0 - self.delayed)).sqrt() / self.drain_rate()
    }

    /// Mean number waiting.
    #[must_use]
    pub fn mean_queue(&self) -> f64 {
        self.arrival_rate * self.mean_wait()
    }

    /// Mean number waiting or in service.
    #[must_use]
    pub fn mean_in_system(&self) -> f64 {
        self.mean_queue() + self.load()
    }

    /// Mean time from arrival to the end of service.
    #[must_use]
    pub fn mean_sojourn(&self) -> f64 {
        self.mean_wait() + self.mean_service
    }

    /// P(wait > `time`).
    #[must_use]
    pub fn p_wait_longer(&self, time: f64) -> f64 {
        if time < 0.0 { 1.0 } else { self.delayed * libm::exp(-self.drain_rate() * time) }
    }

    /// The wait that a share `p` does not exceed; `None` unless 0 ≤ `p` < 1.
    #[must_use]
    pub fn wait_quantile(&self, p: f64) -> Option<f64> {
        let valid = (0.0..1.0).contains(&p);
        valid.then(|| (libm::log(self.delayed / (1.0 - p)) / self.drain_rate()).max(0.0))
    }

    /// P(time from arrival to the end of service > `time`).
    #[must_use]
    pub fn p_sojourn_longer(&self, time: f64) -> f64 {
        if time <= 0.0 {
            return 1.0;
        }
        let services = time / self.mean_service;
        let spare = self.servers - 1.0 - self.load();
        // (1 - e^(-spare·services)) / spare, whose limit at spare = 0 is `services`.
        let both = if spare.abs() > 1e-12 { -libm::expm1(-spare * services) / spare } else { services };
        libm::exp(-services) * (1.0 + self.delayed * both)
    }

    fn load(&self) -> f64 {
        self.arrival_rate * self.mean_service
    }

    /// Rate at which a queue shrinks, net of arrivals.
    fn drain_rate(&self) -> f64 {
        (self.servers - self.load()) / self.mean_service
    }
}

/// The fewest servers at which at most a share `delayed` waits, exactly (Erlang C); `None` unless 0 ≤ `load` < 1e9 and
/// 0 < `delayed` < 1.
#[must_use]
pub fn least_servers(load: f64, delayed: f64) -> Option<u64> {
    if !((0.0..1e9).contains(&load) && delayed > 0.0 && delayed < 1.0) {
        return None;
    }
    let mut blocked = 1.0;
    let mut servers = 0_u64;
    loop {
        let free = servers as f64 - load;
        if free > 0.0 && servers as f64 * blocked / (free + load * blocked) <= delayed {
            return Some(servers);
        }
        servers += 1;
        blocked = load * blocked / (servers as f64 + load * blocked);
    }
}

/// Square-root staffing: ⌈a + β√a⌉ servers for `load` a, where β solves P(wait) = 1/(1 + β Φ(β)/φ(β)) = `delayed`. A
/// hint, good for large loads; [`least_servers`] is exact. `None` for a load that is not positive or above 1e15, or
/// unless 0 < `delayed` < 1.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the load is positive and far below the largest u64"
)]
pub fn square_root_staffing(load: f64, delayed: f64) -> Option<u64> {
    if !(load > 0.0 && load <= 1e15 && delayed > 0.0 && delayed < 1.0) {
        return None;
    }
    let share = |beta: f64| {
        let below = 0.5 * libm::erfc(-beta / SQRT_2);
        let density = libm::exp(-0.5 * beta * beta) / (2.0 * PI).sqrt();
        density / (density + beta * below)
    };
    let (mut too_few, mut enough) = (0.0, 40.0);
    for _ in 0..100 {
        let middle = (too_few + enough) / 2.0;
        if share(middle) > delayed {
            too_few = middle;
        } else {
            enough = middle;
        }
    }
    Some((load + enough * load.sqrt()).ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn single_servers_match_exact_cases() {
        let queue = Mmc::new(30.0, 1.0 / 60.0, 1).unwrap(); // mm1-r50
        assert_close(queue.utilisation(), 0.5, "utilisation");
        assert_close(queue.mean_wait(), 0.016666666666666666, "mean wait");
        assert_close(queue.mean_in_system(), 1.0, "mean in system");
        assert_close(queue.sd_wait(), 0.02886751345948129, "sd of the wait");
        assert_close(queue.p_wait_longer(0.05), 0.11156508007421491, "P(wait > 0.05)");
        assert_close(queue.wait_quantile(0.95).unwrap(), 0.07675283643313484, "p95");
        assert_close(queue.p_sojourn_longer(0.05), 0.2231301601484298, "P(sojourn > 0.05)");
        let queue = Mmc::new(0.9, 1.0, 1).unwrap(); // mm1-r90
        assert_close(queue.sd_wait(), 9.949874371066201, "sd of the wait");
        assert_close(queue.p_wait_longer(40.0), 0.016484074999860775, "P(wait > 40)");
        assert_close(queue.p_sojourn_longer(40.0), 0.018315638888734196, "P(sojourn > 40)");
    }

    #[test]
    fn several_servers_match_exact_cases() {
        let queue = Mmc::new(1.6, 1.0, 2).unwrap(); // mmc-2-r80
        assert_close(queue.p_delayed(), 0.7111111111111112, "delayed");
        assert_close(queue.mean_queue(), 2.844444444444446, "mean queue");
        assert_close(queue.p_wait_longer(5.0), 0.09623842363492464, "P(wait > 5)");
        assert_close(queue.wait_quantile(0.99).unwrap(), 10.660608997543745, "p99");
        assert_close(queue.p_sojourn_longer(2.0), 0.5074759420580752, "P(sojourn > 2)");
        let queue = Mmc::new(570.0, 1.0 / 60.0, 10).unwrap(); // mmc-10-r95
        assert_close(queue.p_delayed(), 0.8255855781256987, "delayed");
        assert_close(queue.mean_sojourn(), 0.044186185937523284, "mean sojourn");
        assert_close(queue.p_sojourn_longer(0.033333333), 0.5193054936851635, "P(sojourn > 2 min)");
        let queue = Mmc::new(190.0, 1.0, 200).unwrap(); // mmc-200-r95
        assert_close(queue.p_delayed(), 0.3652638565625462, "delayed");
        assert_close(queue.wait_quantile(0.9).unwrap(), 0.12954498011237942, "p90");
        assert_close(queue.p_sojourn_longer(2.0), 0.1408278484289599, "P(sojourn > 2)");
    }

    #[test]
    fn the_sojourn_is_smooth_where_its_two_forms_meet() {
        let at = |rate: f64| Mmc::new(rate, 1.0, 3).unwrap().p_sojourn_longer(1.5);
        assert!((at(2.0) - (at(2.0 - 1e-6) + at(2.0 + 1e-6)) / 2.0).abs() < 1e-9);
    }

    #[test]
    fn loss_matches_exact_cases() {
        assert_close(erlang_b(5, 4.0).unwrap(), 0.19906687402799375, "loss-mm5-5");
    }

    #[test]
    fn staffing_is_minimal_and_the_hint_is_near() {
        for load in [0.5, 3.7, 20.0, 190.0, 1_000.0] {
            for delayed in [0.05, 0.2, 0.5] {
                let servers = least_servers(load, delayed).unwrap();
                assert!(erlang_c(servers, load).unwrap() <= delayed);
                assert!(erlang_c(servers - 1, load).is_none_or(|share| share > delayed), "{load} {delayed}");
                assert!(square_root_staffing(load, delayed).unwrap().abs_diff(servers) <= 1, "{load} {delayed}");
            }
        }
    }

    #[test]
    fn an_unstable_queue_has_no_steady_state() {
        assert_eq!((erlang_c(3, 3.0), Mmc::new(3.0, 1.0, 3), Mmc::new(1.0, f64::NAN, 3)), (None, None, None));
        assert_eq!((least_servers(1.0, 0.0), least_servers(f64::INFINITY, 0.1)), (None, None));
    }
}
