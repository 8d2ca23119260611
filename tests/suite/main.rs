//! The behaviour of the crate from outside, one module a subject.

mod samplers; // keyed draws, quantiles and samplers against independent computations
mod validity; // the engine against exact theory
