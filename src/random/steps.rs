//! Discrete outcomes by inversion: exact limits on the bits, with a guide that says where to begin.

/// Which of finitely many outcomes the bits fall into: the outcomes lie one after the other on the 64-bit scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Steps {
    /// The first bits beyond outcome i; the last outcome has no end.
    ends: Vec<u64>,
    /// For each value of the top bits, the outcome of the least bits that begin with it.
    guide: Vec<u32>,
    /// How far right the bits move to leave the top ones.
    shift: u32,
}

impl Steps {
    /// Outcomes with these probabilities of lying beyond each of them: P(outcome > 0), P(outcome > 1), ...,
    /// descending. Given from above because that is where small probabilities keep their digits.
    pub(super) fn from_exceedances(exceedances: impl Iterator<Item = f64>) -> Steps {
        let mut ends: Vec<u64> = Vec::new();
        for exceedance in exceedances {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability times 2^64")]
            let beyond = (exceedance.clamp(0.0, 1.0) * SCALE) as u128;
            // An end at 2^64 is no end: no bits lie beyond it.
            let Ok(end) = u64::try_from((1u128 << 64) - beyond) else { break };
            let previous = ends.last().copied().unwrap_or(0);
            ends.push(end.max(previous));
        }
        // At least two entries an outcome: then a draw looks at one or two ends on average.
        let top_bits = (ends.len() + 1).ilog2() + 2;
        let shift = 64 - top_bits;
        let guide = (0..1u64 << top_bits)
            .map(|top| {
                let least = top << shift;
                u32::try_from(ends.partition_point(|&end| end <= least)).expect("no list of 2^32 outcomes fits memory")
            })
            .collect();
        Steps { ends, guide, shift }
    }

    /// The outcome of these bits, counted from 0; never falls when the bits rise.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the top bits count the guide's entries, which are in memory")]
    pub(super) fn outcome(&self, bits: u64) -> usize {
        let mut outcome = self.guide[(bits >> self.shift) as usize] as usize;
        while self.ends.get(outcome).is_some_and(|&end| end <= bits) {
            outcome += 1;
        }
        outcome
    }
}

/// 2^64.
const SCALE: f64 = 18_446_744_073_709_551_616.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_begin_exactly_at_their_limits() {
        let steps = Steps::from_exceedances([0.75, 0.25, 0.25].into_iter());
        let quarter = 1u64 << 62;
        assert_eq!(steps.outcome(0), 0);
        assert_eq!(steps.outcome(quarter - 1), 0);
        assert_eq!(steps.outcome(quarter), 1);
        assert_eq!(steps.outcome(3 * quarter - 1), 1);
        // Outcome 2 has probability 0.
        assert_eq!(steps.outcome(3 * quarter), 3);
        assert_eq!(steps.outcome(u64::MAX), 3);
    }

    #[test]
    fn an_impossible_last_outcome_is_never_drawn() {
        let steps = Steps::from_exceedances([0.5, 0.0].into_iter());
        assert_eq!(steps.outcome(u64::MAX), 1);
    }
}
