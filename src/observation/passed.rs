//! How many bounds have passed: days, steps, windows.

use crate::time::SimTime;

/// The last answer to how many of some ascending bounds lie before an instant. Instants that are asked about come nearly in
/// order of time, so it is looked at first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Passed(usize);

impl Passed {
    /// How many of `bounds` lie before `t`.
    #[inline]
    pub(super) fn before(&mut self, bounds: &[SimTime], t: SimTime) -> usize {
        let known = self.0;
        let passed = known == 0 || bounds.get(known - 1).is_some_and(|last| *last < t);
        let next_is_not = bounds.get(known).is_none_or(|next| *next >= t);
        if !(passed && next_is_not) {
            self.0 = bounds.partition_point(|bound| *bound < t);
        }
        self.0
    }

    /// How many of `bounds` lie at `t` or before.
    #[inline]
    pub(super) fn by(&mut self, bounds: &[SimTime], t: SimTime) -> usize {
        self.before(bounds, SimTime(t.0 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_does_not_depend_on_what_was_asked_before() {
        let bounds = [10, 20, 20, 30].map(SimTime);
        let mut passed = Passed::default();
        for t in [0, 35, 10, 11, 20, 30, 21, 9, 20, 31, 0] {
            let (before, by) = (bounds.partition_point(|b| b.0 < t), bounds.partition_point(|b| b.0 <= t));
            assert_eq!((passed.before(&bounds, SimTime(t)), passed.by(&bounds, SimTime(t))), (before, by), "{t}");
        }
        assert_eq!((passed.before(&[], SimTime(5)), passed.by(&[], SimTime(5))), (0, 0));
    }
}
