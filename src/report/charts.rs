//! Charts as SVG, drawn with plotters on whole pixels with ticks of our own, so that no machine draws them otherwise.
//!
//! A chart carries no words but its axes and marks: title, description and data table stand beside it on the page.

mod bars;
mod canvas;
mod differences;
mod fan;
mod headroom;
mod levels;
mod panels;
mod plane;
mod ticks;

pub use bars::{Bar, bars};
pub use canvas::{Drawing, dark_theme};
pub use differences::{DifferenceRow, Differences, differences};
pub use fan::{Fan, FanPoint, Shade, fan};
pub use headroom::{Headroom, HeadroomPoint, headroom};
pub use levels::{LevelRow, Levels, levels};
pub use panels::{Mark, Panel, PanelAxis, PanelPoint, Panels, panels};
pub use plane::{Edge, Plane, PlaneRow, plane};

use crate::calendar::Calendar;
use crate::time::SimTime;

/// A stretch of time, and the calendar that names its instants; without one they are hours from the start.
#[derive(Clone, Copy, Debug)]
pub struct TimeAxis<'c> {
    /// Names local days and hours.
    pub calendar: Option<&'c Calendar>,
    /// First instant.
    pub from: SimTime,
    /// End; later than `from`.
    pub to: SimTime,
}

impl TimeAxis<'_> {
    /// Where `at` lies on a line of pixels from `left`, `width` long; instants outside lie at its ends.
    fn pixel(&self, at: SimTime, left: i32, width: i32) -> i32 {
        let span = i128::from(self.to.0.saturating_sub(self.from.0).max(1));
        let since = i128::from(at.0.clamp(self.from.0, self.to.0) - self.from.0);
        left + i32::try_from((since * i128::from(width) + span / 2) / span).expect("at most the width")
    }
}

#[cfg(test)]
mod tests;
