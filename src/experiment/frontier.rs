//! The breach frontier: where in a plane of two levers each promise breaks.
//!
//! Row by row the load is searched at which it breaks, as for a single breach point: by test inversion at fixed
//! replications under nested load. All rows replay the same replications, and what strikes an order at a low rate of
//! exceptions strikes it at a higher one; so neighbouring rows differ in little but the lever itself. A row therefore
//! starts where its neighbours broke, and two or three looks are often enough.
//!
//! Looks of few replications over the whole plane find the neighbourhood, a pilot in three rows and then the rows beside
//! it say how many a row needs for the wanted precision, and fresh ones judge: the same in all rows, of which each takes the
//! first so many, and more where its interval comes out too wide. Between two looks that bracket a crossing, no farther apart than the interval
//! is wide, the curve is taken as straight.
//!
//! Nothing is concluded from monotony: each row is bracketed by looks of its own. A row that is surely broken at one
//! load and surely kept beyond it is looked at over a whole grid, and has no single breach point.

mod enough;
mod findings;
mod found;
mod guess;
mod result;
mod rows;
mod search;

pub use found::{First, Frontier, Line, RowPoint, Seen};
pub use result::{FrontierResult, Lever};
pub use search::{Axes, Plane, find};
