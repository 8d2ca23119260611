//! One server with any service time: M/G/1, and M/D/1 with its wait distribution.
//!
//! Sources: F. Pollaczek 1930 and A. Y. Khinchine 1932 (mean); L. Takács 1962 (second moment of the wait); G. J. Franx
//! 2001 (wait distribution with constant service).

use super::positive;

/// A stable M/G/1 queue, given by the moments of its service time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mg1 {
    arrival_rate: f64,
    moments: [f64; 3],
}

impl Mg1 {
    /// `moments` are `E[S]`, `E[S²]` and `E[S³]`; `None` when anything is not positive, the moments contradict each other
    /// (`E[S²] < E[S]²`), or the queue is unstable.
    #[must_use]
    pub fn new(arrival_rate: f64, moments: [f64; 3]) -> Option<Mg1> {
        let valid = positive(arrival_rate) && moments.iter().all(|moment| positive(*moment));
        let consistent = moments[1] >= moments[0] * moments[0] * (1.0 - 1e-12);
        (valid && consistent && arrival_rate * moments[0] < 1.0).then_some(Mg1 { arrival_rate, moments })
    }

    /// Busy share of the server.
    #[must_use]
    pub fn utilisation(&self) -> f64 {
        self.arrival_rate * self.moments[0]
    }

    /// Mean wait before service: `λ E[S²] / (2 (1 - ρ))`.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        self.arrival_rate * self.moments[1] / (2.0 * (1.0 - self.utilisation()))
    }

    /// Variance of the wait: `(mean wait)² + λ E[S³] / (3 (1 - ρ))`.
    #[must_use]
    pub fn variance_wait(&self) -> f64 {
        let mean = self.mean_wait();
        mean * mean + self.arrival_rate * self.moments[2] / (3.0 * (1.0 - self.utilisation()))
    }

    /// Mean number waiting.
    #[must_use]
    pub fn mean_queue(&self) -> f64 {
        self.arrival_rate * self.mean_wait()
    }

    /// Mean time from arrival to the end of service.
    #[must_use]
    pub fn mean_sojourn(&self) -> f64 {
        self.mean_wait() + self.moments[0]
    }
}

/// A stable M/D/1 queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Md1 {
    arrival_rate: f64,
    service: f64,
}

impl Md1 {
    /// Every service lasts `service`; `None` when anything is not positive or the queue is unstable.
    #[must_use]
    pub fn new(arrival_rate: f64, service: f64) -> Option<Md1> {
        let stable = positive(arrival_rate) && positive(service) && arrival_rate * service < 1.0;
        stable.then_some(Md1 { arrival_rate, service })
    }

    /// The same queue as M/G/1, for its moments.
    #[must_use]
    pub fn as_mg1(&self) -> Mg1 {
        let service = self.service;
        Mg1 { arrival_rate: self.arrival_rate, moments: [service, service * service, service * service * service] }
    }

    /// P(wait > `time`), from the distribution of the number in the system; all terms are positive, so nothing
    /// cancels. `None` from 10,000 services on, where the effort, quadratic in them, is out of proportion.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number of services is checked to lie between 0 and 10,000"
    )]
    pub fn p_wait_longer(&self, time: f64) -> Option<f64> {
        if time < 0.0 {
            return Some(1.0);
        }
        let whole = (time / self.service).floor();
        if !(0.0..10_000.0).contains(&whole) {
            return None;
        }
        let services = whole as usize + 1;
        let expected = self.arrival_rate * (services as f64 * self.service - time);
        let up_to = self.in_system_up_to(services);
        let mut term = libm::exp(-expected);
        let mut within = 0.0;
        for arrivals in 0..services {
            within += term * up_to[services - arrivals];
            term *= expected / (arrivals as f64 + 1.0);
        }
        Some((1.0 - within).clamp(0.0, 1.0))
    }

    /// P(N ≤ n) for n = 0..=`most`, by equating the flows up and down across each level at departures.
    fn in_system_up_to(&self, most: usize) -> Vec<f64> {
        let load = self.arrival_rate * self.service;
        // P(more than k arrivals during one service)
        let mut more_than = Vec::with_capacity(most + 1);
        let mut term = libm::exp(-load);
        let none = term;
        let mut rest = 1.0 - term;
        for k in 0..=most {
            more_than.push(rest.max(0.0));
            term *= load / (k as f64 + 1.0);
            rest -= term;
        }
        let mut states = vec![1.0 - load];
        for level in 0..most {
            let mut up = states[0] * more_than[level];
            for state in 1..=level {
                up += states[state] * more_than[level - state + 1];
            }
            states.push(up / none);
        }
        let mut sum = 0.0;
        states
            .iter()
            .map(|state| {
                sum += state;
                sum
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::*;

    #[test]
    fn moments_match_exact_cases() {
        // mg1-lognormal-scv4: E[S^k] = (1 + scv)^(k(k-1)/2)
        let queue = Mg1::new(0.6, [1.0, 5.0, 125.0]).unwrap();
        assert_close(queue.mean_wait(), 3.75, "mean wait");
        assert_close(queue.variance_wait().sqrt(), 8.75, "sd of the wait");
        // mg1-gamma-scv2: shape 0.5, scale 2
        let queue = Mg1::new(0.75, [1.0, 3.0, 15.0]).unwrap();
        assert_close(queue.mean_queue(), 3.375, "mean queue");
        assert_close(queue.variance_wait().sqrt(), 5.937171043518958, "sd of the wait");
        // mg1-erlang4: shape 4, scale 1/4
        let queue = Mg1::new(0.85, [1.0, 1.25, 1.875]).unwrap();
        assert_close(queue.mean_sojourn(), 4.541666666666666, "mean sojourn");
        assert_close(queue.variance_wait().sqrt(), 4.010619583611047, "sd of the wait");
        // mg1-uniform: 0.5 to 1.5
        let queue = Mg1::new(0.9, [1.0, 13.0 / 12.0, 1.25]).unwrap();
        assert_close(queue.mean_wait(), 4.875000000000001, "mean wait");
        assert_close(queue.variance_wait().sqrt(), 5.245533814589322, "sd of the wait");
    }

    #[test]
    fn constant_service_matches_exact_cases() {
        let queue = Md1::new(0.7, 1.0).unwrap(); // md1-r70
        assert_close(queue.as_mg1().mean_wait(), 1.166666666668233, "mean wait");
        for (time, exact) in [(0.5, 0.5742797354220257), (1.0, 0.3958741877588613), (3.5, 0.07512046154359986)] {
            assert_close(queue.p_wait_longer(time).unwrap(), exact, "md1-r70");
        }
        assert_close(queue.p_wait_longer(0.0).unwrap(), 0.7, "md1-r70 delayed");
        let queue = Md1::new(57.0, 1.0 / 60.0).unwrap(); // md1-r95
        assert_close(queue.p_wait_longer(0.05).unwrap(), 0.7124308058000774, "md1-r95");
        assert_close(queue.p_wait_longer(0.25).unwrap(), 0.2101842693432655, "md1-r95");
    }

    #[test]
    fn long_waits_die_out_without_noise() {
        let queue = Md1::new(0.95, 1.0).unwrap();
        let tails: Vec<f64> = (0..300).map(|time| queue.p_wait_longer(f64::from(time)).unwrap()).collect();
        assert!(tails.windows(2).all(|pair| pair[1] <= pair[0] + 1e-12));
        assert!(tails[299] < 1e-12);
        assert_eq!((queue.p_wait_longer(1e5), queue.p_wait_longer(f64::NAN)), (None, None));
    }

    #[test]
    fn impossible_queues_are_refused() {
        assert_eq!(Mg1::new(1.0, [1.0, 2.0, 6.0]), None);
        assert_eq!(Mg1::new(0.5, [1.0, 0.5, 6.0]), None);
        assert_eq!(Md1::new(1.0, 1.0), None);
    }
}
