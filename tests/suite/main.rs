//! The behaviour of the crate from outside, one module a subject.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arrival_counts; // the law of the generated arrivals: Poisson by the integrated rate, over-dispersed by busyness
mod badges; // the badge of a page judges the plan
mod breach; // the breach point against theory, and what is said where there is none
mod breach_coverage; // how often the interval of a breach point holds the exact one
mod breach_precision; // an interval is as narrow as was asked for
mod checks; // peaksim check: passes, fails or cannot tell, on intervals only
mod cli; // the program from outside: exit codes, output, files, bad input
mod closed_loops; // support and desks are loops: what is short there comes back
mod compare; // peaksim compare: verdicts on paired differences, and how often they are false
mod conservation; // nothing is lost, levels are sums of stays, lateness is shared out exactly
mod controls; // every control changes a run from its instant on, and not before
mod decisions; // run --with decisions: what each lever does, and until when it can wait
mod drained; // what is worked off after a span is dated as finely as where a run stops
mod equal_time; // one test for each rule of order at equal time
mod few_orders; // runs without an order tell nothing: neither kept nor broken, neither better nor worse
mod file_order; // in which order stations, sources and pools stand in the file decides nothing
mod frontier; // the breach frontier against theory, and what is said where there is no line
mod golden; // the sample report is reproduced byte for byte
mod hand_traces; // every release rule, discipline, policy and limit, worked out on paper
mod keyed_draws; // an order's draws are the same whatever else changes in the scenario
mod layering; // imports point one way, files stay small, nobody looks at a clock
mod metamorphic; // laws between two runs: more servers, longer units, halves, less load
mod nested_load; // a lever on demand keeps the identity and the draws of the orders that remain
mod nothing_features; // what does nothing changes nothing, to the last bit
mod presence; // who stays after the bell is present, and equipment is in use only while somebody is there
mod ranges; // no interval shown reaches beyond what its number can be
mod readme; // the commands that README.md shows can be typed as they stand
mod reasons; // what cannot be told says why, and what to ask or to run instead
mod recovery; // when it is over, and when nobody can say so
mod reference_line; // the engine against a calculator, and what real life does to the line
mod same_bytes; // any number of threads and any processor give the same bytes
mod samplers; // keyed draws, quantiles and samplers against independent computations
mod scenarios; // the shipped scenarios run, lose nothing, and say what they are there to say
mod search_progress; // a search shows how near to the limit it is, with its interval
mod short_ways; // the short way through plain stations tells what the general way tells
mod single_runs; // where single runs break, against a scan of the same runs
mod sla_clocks; // clocks that start late, stand still or stop early, and who is blamed by them
mod sweep; // every cell is the run of its values, a grid agrees with theory, and a Latin hypercube covers each axis
mod trace; // small runs written down visit by visit, for the others
mod until; // as many replications as a number needs, as many as there is time for, and too few for a percentile
mod validity; // the engine against exact theory
mod vary; // what is wrong with --vary points to what was typed
mod vary_units; // what is varied may have a unit, and nothing is varied that changes nothing
mod what_if; // run --variant and run --with frontier: the page tells what compare and frontier would
mod whole_results; // two results.json held against each other, for the others
mod why; // run --with: bottlenecks confirmed, causes taken away, headroom and its risk
