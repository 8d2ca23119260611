//! Retry policies.

use super::{Lowering, whole};
use crate::model::{Backoff, Retry};
use crate::scenario::file::station::limits::{BackoffValue, RetryTable};
use crate::time::{SimDuration, SimTime};

impl Lowering<'_> {
    /// The retry policy that `table` describes.
    pub(super) fn retry(&mut self, table: &RetryTable) -> Option<Retry> {
        let attempts = whole(table.attempts.value);
        let cap = table.cap.as_ref().map_or(SimDuration(SimTime::MAX.0), |cap| cap.get());
        let delays = match &table.backoff.value {
            BackoffValue::Doubling(first) => doubling(*first, cap, attempts),
            BackoffValue::Listed(delays) if delays.is_empty() => {
                let help = "for example: backoff = [\"30s\", \"2m\", \"10m\"], or: backoff = \"2s\"";
                self.wrong("empty-list", &table.backoff.place, "a list of pauses without a pause", "empty", help);
                return None;
            }
            BackoffValue::Listed(delays) => delays.iter().map(|delay| (*delay).min(cap)).collect(),
        };
        let then = self.fate(&table.then)?;
        let backoff = Backoff { delays, jitter: table.jitter.value };
        Some(Retry { chance: table.chance.get(), attempts, backoff, then })
    }
}

/// `first`, doubled after each failure up to `cap`; the last stands for all later ones.
fn doubling(first: SimDuration, cap: SimDuration, attempts: u32) -> Vec<SimDuration> {
    let mut delays = vec![first.min(cap)];
    let mut next = first;
    // The last attempt has no pause after it.
    while delays.len() + 1 < attempts as usize && next < cap && next > SimDuration::ZERO {
        next = SimDuration(next.0.saturating_mul(2)).min(cap);
        delays.push(next);
    }
    delays
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_cap_and_to_the_last_attempt() {
        let seconds = |s: u64| SimDuration(s * 1_000_000);
        let listed = |first, cap, attempts| -> Vec<f64> {
            doubling(seconds(first), seconds(cap), attempts).iter().map(|delay| delay.seconds()).collect()
        };
        assert_eq!(listed(2, 300, 5), [2.0, 4.0, 8.0, 16.0]);
        assert_eq!(listed(2, 5, 100), [2.0, 4.0, 5.0]);
        assert_eq!(listed(9, 5, 3), [5.0]);
        assert_eq!(listed(2, 300, 1), [2.0]);
        assert_eq!(listed(0, 300, 1_000_000), [0.0]);
        assert!(doubling(seconds(1), SimDuration(SimTime::MAX.0), 1_000_000_000).len() < 60);
    }
}
