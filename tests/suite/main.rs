//! The behaviour of the crate from outside, one module a subject.

mod controls; // every control changes a run from its instant on, and not before
mod equal_time; // one test for each rule of order at equal time
mod hand_traces; // every release rule, discipline, policy and limit, worked out on paper
mod samplers; // keyed draws, quantiles and samplers against independent computations
mod trace; // small runs written down visit by visit: the helper of the next four
mod validity; // the engine against exact theory
