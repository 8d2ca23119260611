//! An order's life as it is kept while it lasts: one integer a labelled stretch.

use super::Cause;

/// A labelled stretch of a life: its end, station and cause. It begins where the one before it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch(u64);

/// Bits of a cause.
const CAUSE_BITS: u32 = 4;
/// Bits of a cell: station and cause.
const CELL_BITS: u32 = 20;

/// Stands where the cause stands, for several.
const MIXED: u8 = (1 << CAUSE_BITS) - 1;

const _: () = assert!(Cause::ALL.len() <= MIXED as usize, "every cause has a number of four bits, and one is left");

impl Stretch {
    /// A stretch up to `to` ticks.
    #[must_use]
    #[inline]
    pub fn new(station: u16, cause: Cause, to: u64) -> Stretch {
        Stretch(to << CELL_BITS | u64::from(station) << CAUSE_BITS | u64::from(cause as u8))
    }

    /// A stretch in line for more than one cause: the station's log says for which, and how long.
    #[must_use]
    #[inline]
    pub fn mixed(station: u16, to: u64) -> Stretch {
        Stretch(to << CELL_BITS | u64::from(station) << CAUSE_BITS | u64::from(MIXED))
    }

    /// Whether it was in line for more than one cause.
    #[must_use]
    #[inline]
    pub fn is_mixed(self) -> bool {
        self.cause_number() == MIXED
    }

    /// Its end, in ticks.
    #[must_use]
    #[inline]
    pub fn to(self) -> u64 {
        self.0 >> CELL_BITS
    }

    /// Index of its station.
    #[must_use]
    #[inline]
    pub fn station(self) -> u16 {
        (self.0 >> CAUSE_BITS & 0xFFFF) as u16
    }

    /// Why it passed.
    ///
    /// # Panics
    /// On the default stretch's kin: a number that was never a cause.
    #[must_use]
    #[inline]
    pub fn cause(self) -> Cause {
        Cause::from_index(self.cause_number()).expect("a cause was stored")
    }

    /// The number of its cause.
    #[must_use]
    #[inline]
    pub fn cause_number(self) -> u8 {
        (self.0 & ((1 << CAUSE_BITS) - 1)) as u8
    }

    /// Station and cause in one number.
    #[must_use]
    #[inline]
    pub fn cell(self) -> usize {
        (self.0 & ((1 << CELL_BITS) - 1)) as usize
    }
}

/// Station and cause in one number, below [`cells`] of the number of stations.
#[must_use]
#[inline]
pub(super) fn cell(station: u16, cause: Cause) -> usize {
    usize::from(station) << CAUSE_BITS | cause as usize
}

/// How many cells so many stations have.
#[must_use]
pub(super) fn cells(stations: usize) -> usize {
    stations << CAUSE_BITS
}

/// Station and cause of a cell; `None` for numbers that are no cell.
#[must_use]
pub(super) fn of_cell(cell: usize) -> Option<(u16, Cause)> {
    let cause = Cause::from_index(u8::try_from(cell & ((1 << CAUSE_BITS) - 1)).ok()?)?;
    Some((u16::try_from(cell >> CAUSE_BITS).ok()?, cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_gives_back_what_it_was_made_of() {
        for (station, cause, to) in [(0, Cause::Service, 0), (u16::MAX, Cause::LeftBehind, (1 << 44) - 1)] {
            let stretch = Stretch::new(station, cause, to);
            assert_eq!((stretch.station(), stretch.cause(), stretch.to()), (station, cause, to));
            assert_eq!(stretch.cell(), cell(station, cause));
            assert_eq!(of_cell(stretch.cell()), Some((station, cause)));
        }
    }
}
