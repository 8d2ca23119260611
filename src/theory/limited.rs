//! Queues that lose some of what arrives: with a full house (M/M/c/K) or with impatience (M/M/c+M, "Erlang A").
//!
//! Both are birth-death chains and are summed exactly, outwards from the state in which all servers are just busy.
//! Sources: C. Palm 1957; O. Garnett, A. Mandelbaum & M. Reiman 2002; A. Mandelbaum & S. Zeltyn 2007.

use super::erlang::erlang_b;
use super::positive;

/// States of a queue that are worth summing; beyond, the formulas here are the wrong tool.
const MOST_STATES: f64 = 1e7;

/// M/M/c/K: whoever finds `capacity` in the system is turned away. Stable under any load.
#[derive(Clone, Debug, PartialEq)]
pub struct MmcK {
    arrival_rate: f64,
    mean_service: f64,
    servers: f64,
    /// P(k waiting and all servers busy), for k = 0 up to capacity - servers, or until the rest is below 1e-17.
    waiting: Vec<f64>,
}

impl MmcK {
    /// At most `capacity` waiting or in service; `None` for rates that are not positive, no servers, a capacity below
    /// the number of servers or more than 10 million places to wait.
    #[must_use]
    pub fn new(arrival_rate: f64, mean_service: f64, servers: u64, capacity: u64) -> Option<MmcK> {
        let places = capacity.checked_sub(servers)?;
        if !(positive(arrival_rate) && positive(mean_service) && servers > 0 && places as f64 <= MOST_STATES) {
            return None;
        }
        let load = arrival_rate * mean_service;
        let growth = load / servers as f64;
        let waiting = busy_states(servers, load, |k| if k <= places { growth } else { 0.0 })?;
        Some(MmcK { arrival_rate, mean_service, servers: servers as f64, waiting })
    }

    /// Share turned away.
    #[must_use]
    pub fn p_rejected(&self) -> f64 {
        self.waiting.last().copied().unwrap_or(0.0)
    }

    /// Rate of those served.
    #[must_use]
    pub fn throughput(&self) -> f64 {
        self.arrival_rate * (1.0 - self.p_rejected())
    }

    /// Busy share of the servers.
    #[must_use]
    pub fn utilisation(&self) -> f64 {
        self.throughput() * self.mean_service / self.servers
    }

    /// Mean number waiting.
    #[must_use]
    pub fn mean_queue(&self) -> f64 {
        mean(&self.waiting)
    }

    /// Mean number waiting or in service.
    #[must_use]
    pub fn mean_in_system(&self) -> f64 {
        self.mean_queue() + self.throughput() * self.mean_service
    }

    /// Mean wait of those accepted.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        self.mean_queue() / self.throughput()
    }

    /// Share of those accepted that does not start at once.
    #[must_use]
    pub fn p_delayed(&self) -> f64 {
        let (_, admitted) = self.waiting.split_last().unwrap_or((&0.0, &[]));
        admitted.iter().sum::<f64>() / (1.0 - self.p_rejected())
    }
}

/// M/M/c+M: whoever waits gives up after an exponential patience. Stable under any load.
#[derive(Clone, Debug, PartialEq)]
pub struct ErlangA {
    arrival_rate: f64,
    mean_service: f64,
    mean_patience: f64,
    servers: f64,
    /// P(k waiting and all servers busy), k = 0, 1, ...; the neglected rest is below 1e-17.
    waiting: Vec<f64>,
}

impl ErlangA {
    /// `None` for rates or times that are not positive, no servers, or a patience that fits more than 10 million
    /// arrivals.
    #[must_use]
    pub fn new(arrival_rate: f64, mean_service: f64, mean_patience: f64, servers: u64) -> Option<ErlangA> {
        let valid = positive(arrival_rate) && positive(mean_service) && positive(mean_patience) && servers > 0;
        if !valid || arrival_rate * mean_patience > MOST_STATES {
            return None;
        }
        let service_rate = servers as f64 / mean_service;
        let growth = |k: u64| arrival_rate / (service_rate + k as f64 / mean_patience);
        let waiting = busy_states(servers, arrival_rate * mean_service, growth)?;
        Some(ErlangA { arrival_rate, mean_service, mean_patience, servers: servers as f64, waiting })
    }

    /// Share that gives up.
    #[must_use]
    pub fn p_abandon(&self) -> f64 {
        self.mean_queue() / (self.mean_patience * self.arrival_rate)
    }

    /// Share that does not start at once.
    #[must_use]
    pub fn p_delayed(&self) -> f64 {
        self.waiting.iter().sum()
    }

    /// Mean number waiting.
    #[must_use]
    pub fn mean_queue(&self) -> f64 {
        mean(&self.waiting)
    }

    /// Busy share of the servers.
    #[must_use]
    pub fn utilisation(&self) -> f64 {
        self.arrival_rate * (1.0 - self.p_abandon()) * self.mean_service / self.servers
    }

    /// Mean time in the queue until service starts or patience ends, over all.
    #[must_use]
    pub fn mean_wait(&self) -> f64 {
        self.mean_queue() / self.arrival_rate
    }

    /// Mean wait of those served.
    #[must_use]
    pub fn mean_wait_served(&self) -> f64 {
        self.wait_ending_in_service() / (1.0 - self.p_abandon())
    }

    /// Mean wait of those who give up; `None` when nobody does, to the accuracy of an `f64`.
    #[must_use]
    pub fn mean_wait_abandoned(&self) -> Option<f64> {
        let share = self.p_abandon();
        (share > 0.0).then(|| (self.mean_wait() - self.wait_ending_in_service()) / share)
    }

    /// P(time in the queue until service starts or patience ends > `time`), over all.
    ///
    /// Whoever finds k waiting is offered a wait of k + 1 exponential stages with the rates (a + j)/patience, j = 0..k,
    /// a = servers·patience/service: minus the logarithm of a beta(a, k+1), times the patience. Its tail is a sum of
    /// k + 1 negative binomial terms.
    #[must_use]
    pub fn p_wait_longer(&self, time: f64) -> f64 {
        if time <= 0.0 {
            return if time < 0.0 { 1.0 } else { self.p_delayed() };
        }
        let a = self.servers * self.mean_patience / self.mean_service;
        let patient = libm::exp(-time / self.mean_patience);
        let (stay, go) = (-time / self.mean_patience, libm::log(-libm::expm1(-time / self.mean_patience)));
        let mut longer = 0.0;
        let mut at_least = self.p_delayed();
        for (stage, probability) in self.waiting.iter().enumerate() {
            let stage = stage as f64;
            let choices = libm::lgamma(a + stage) - libm::lgamma(a) - libm::lgamma(stage + 1.0);
            longer += at_least * libm::exp(a * stay + stage * go + choices);
            at_least -= probability;
        }
        patient * longer
    }

    /// E[wait; served]: with k ahead it is P(served) Σ_{j=1..k+1} 1/(c/s + j/patience), P(served) telescopes.
    fn wait_ending_in_service(&self) -> f64 {
        let service_rate = self.servers / self.mean_service;
        let mut stages = 0.0;
        let mut total = 0.0;
        for (ahead, probability) in self.waiting.iter().enumerate() {
            let stage_rate = service_rate + (ahead as f64 + 1.0) / self.mean_patience;
            stages += 1.0 / stage_rate;
            total += probability * service_rate / stage_rate * stages;
        }
        total
    }
}

/// P(all servers busy and k waiting), k = 0, 1, ... of a birth-death chain in which state k has `growth(k)` times the
/// probability of state k - 1, up to the first growth of 0 or until the rest is negligible.
fn busy_states(servers: u64, load: f64, growth: impl Fn(u64) -> f64) -> Option<Vec<f64>> {
    const LARGE: f64 = 1e250;
    // Weights relative to the state with all servers busy and nobody waiting.
    let mut not_busy = 1.0 / erlang_b(servers, load)? - 1.0;
    let mut weights = vec![1.0];
    let mut total = 1.0;
    let mut weight = 1.0;
    for k in 1.. {
        let factor = growth(k);
        if factor <= 0.0 || (factor < 1.0 && weight * factor / (1.0 - factor) < 1e-18 * (total + not_busy)) {
            break;
        }
        weight *= factor;
        total += weight;
        weights.push(weight);
        if weight > LARGE {
            weights.iter_mut().for_each(|weight| *weight /= LARGE);
            (weight, total, not_busy) = (weight / LARGE, total / LARGE, not_busy / LARGE);
        }
    }
    let whole = total + not_busy;
    Some(weights.into_iter().map(|weight| weight / whole).collect())
}

fn mean(waiting: &[f64]) -> f64 {
    waiting.iter().enumerate().map(|(k, probability)| k as f64 * probability).sum()
}

#[cfg(test)]
mod tests {
    use super::super::assert_close;
    use super::super::erlang::Mmc;
    use super::*;

    #[test]
    fn a_full_house_matches_exact_cases() {
        let queue = MmcK::new(4.0, 1.0, 5, 5).unwrap(); // loss-mm5-5
        assert_close(queue.p_rejected(), 0.19906687402799375, "rejected");
        assert_close(queue.mean_in_system(), 3.2037325038880247, "mean in system");
        let queue = MmcK::new(3.6, 1.0, 3, 10).unwrap(); // loss-mm3-10-overload
        assert_close(queue.p_rejected(), 0.19990986467875332, "rejected");
        assert_close(queue.throughput(), 2.880324487156488, "throughput");
        assert_close(queue.utilisation(), 0.960108162385496, "utilisation");
        assert_close(queue.mean_in_system(), 6.952978093285628, "mean in system");
        assert_close(queue.mean_wait(), 1.413956526179362, "mean wait");
        assert_close(queue.p_delayed(), 0.9006403402791916, "delayed");
        assert_close(queue.mean_queue(), 4.0726536061291405, "mean queue");
    }

    #[test]
    fn impatience_matches_exact_cases() {
        let queue = ErlangA::new(12.0, 1.0, 2.0, 10).unwrap(); // erla-10-overload
        assert_close(queue.p_abandon(), 0.19565594401072284, "abandon");
        assert_close(queue.p_delayed(), 0.8503849479147516, "delayed");
        assert_close(queue.mean_queue(), 4.695742656257348, "mean queue");
        assert_close(queue.mean_wait(), 0.3913118880214457, "mean wait");
        assert_close(queue.mean_wait_served(), 0.40083369542443537, "mean wait, served");
        assert_close(queue.mean_wait_abandoned().unwrap(), 0.35216761757469806, "mean wait, abandoned");
        assert_close(queue.utilisation(), 0.9652128671871317, "utilisation");
        assert_close(queue.p_wait_longer(0.1), 0.741470266446974, "P(wait > 0.1)");
        assert_close(queue.p_wait_longer(0.5), 0.3322789606527154, "P(wait > 0.5)");
        let queue = ErlangA::new(50.0, 1.0, 1.0, 50).unwrap(); // erla-50-qed
        assert_close(queue.p_abandon(), 0.056325006325191024, "abandon");
        assert_close(queue.mean_wait_served(), 0.05440680067997637, "mean wait, served");
        assert_close(queue.p_wait_longer(0.1), 0.2339030106778973, "P(wait > 0.1)");
        let queue = ErlangA::new(7.2, 1.0, 1.0 / 3.0, 8).unwrap(); // erla-8-impatient
        assert_close(queue.p_abandon(), 0.13400761171021547, "abandon");
        assert_close(queue.mean_wait_abandoned().unwrap(), 0.11931288441884787, "mean wait, abandoned");
        assert_close(queue.p_wait_longer(0.2), 0.07544255575725703, "P(wait > 0.2)");
    }

    #[test]
    fn a_house_without_walls_is_a_plain_queue() {
        let (limited, plain) = (MmcK::new(8.0, 1.0, 10, 2_000).unwrap(), Mmc::new(8.0, 1.0, 10).unwrap());
        assert_close(limited.mean_wait(), plain.mean_wait(), "mean wait");
        assert_eq!(limited.waiting.last().map(|last| *last < 1e-18), Some(true));
    }

    #[test]
    fn a_flood_does_not_overflow() {
        // Far above capacity all servers are busy, and what is too much gives up.
        let queue = ErlangA::new(50_000.0, 1.0, 1.0, 100).unwrap();
        assert_close(queue.utilisation(), 1.0, "utilisation");
        assert_close(queue.p_abandon(), 1.0 - 100.0 / 50_000.0, "abandon");
        let queue = MmcK::new(1_000.0, 1.0, 1, 500).unwrap();
        assert_close(queue.p_rejected(), 0.999, "rejected");
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(MmcK::new(1.0, 1.0, 5, 4), None);
        assert_eq!(ErlangA::new(1.0, 1.0, 0.0, 4), None);
        assert_eq!(ErlangA::new(1e6, 1.0, 1e6, 4), None);
    }
}
