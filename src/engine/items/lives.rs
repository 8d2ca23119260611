//! The labelled life of an item: what it waited for and when, stretch by stretch.

use super::{Items, NO_ITEM, NO_ROW, ROW, ROWS, Row};
use crate::observation::{Cause, Interval, Stretch};
use crate::time::SimTime;

impl Items {
    /// Labels the stretch of an item's life up to `to`.
    #[inline]
    pub(in crate::engine) fn label(&mut self, place: u32, station: u16, cause: Cause, to: u64) {
        self.label_stretch(place, Stretch::new(station, cause, to));
    }

    /// Labels a stretch of an item's life.
    #[inline]
    pub(in crate::engine) fn label_stretch(&mut self, place: u32, stretch: Stretch) {
        let here = &mut self.places[place as usize];
        if !here.item.marks.kept() {
            return;
        }
        let known = usize::from(here.item.intervals);
        if known >= ROW {
            self.label_long_life(place, stretch);
            return;
        }
        let since = known.checked_sub(1).map_or(here.item.created, |last| here.life.0[last].to());
        if stretch.to() > since {
            here.life.0[known] = stretch;
            here.item.intervals += 1;
        }
    }

    #[inline(never)]
    fn label_long_life(&mut self, place: u32, stretch: Stretch) {
        if stretch.to() > self.labelled(place) {
            let known = self.places[place as usize].item.intervals;
            self.places[place as usize].item.intervals = self.lengthen(place, known, stretch);
        }
    }

    /// Up to when the life of an item is labelled.
    #[inline]
    pub(in crate::engine) fn labelled(&self, place: u32) -> u64 {
        let at = place as usize;
        let Some(last) = usize::from(self.places[at].item.intervals).checked_sub(1) else {
            return self.places[at].item.created;
        };
        let stretch = match self.places[at].life.0.get(last) {
            Some(stretch) => *stretch,
            None => self.last_beyond(at, last),
        };
        stretch.to()
    }

    fn last_beyond(&self, at: usize, last: usize) -> Stretch {
        let more = self.details[at].more;
        let longer = if last + 1 < ROWS || !self.has_more(at) { None } else { self.longer[more as usize].last() };
        *longer.unwrap_or(&self.second_row(at).0[last - ROW])
    }

    /// Whether the life of the item at a place is longer than its rows.
    fn has_more(&self, at: usize) -> bool {
        self.places[at].item.marks.detailed() && self.details[at].more != NO_ITEM
    }

    /// Stretch number `at` of the rows of a life.
    #[inline]
    fn stretch_mut(&mut self, place: u32, at: u8) -> Option<&mut Stretch> {
        let (place, at) = (place as usize, usize::from(at));
        match self.places[place].life.0.get_mut(at) {
            None => {
                let row = &mut self.second_of[place];
                if *row == NO_ROW {
                    *row = u32::try_from(self.second.len()).expect("at most one for each place");
                    self.second.push(Row([Stretch::default(); ROW]));
                }
                self.second[*row as usize].0.get_mut(at - ROW)
            }
            first => first,
        }
    }

    /// The second row of the life at a place, which has one.
    #[inline]
    fn second_row(&self, at: usize) -> &Row {
        &self.second[self.second_of[at] as usize]
    }

    /// Adds a stretch to a life whose rows hold `known` stretches; says how many they hold now.
    #[inline]
    fn lengthen(&mut self, place: u32, known: u8, entry: Stretch) -> u8 {
        match self.stretch_mut(place, known) {
            Some(next) => {
                *next = entry;
                known + 1
            }
            None => {
                self.lengthen_beyond_rows(place, entry);
                known
            }
        }
    }

    /// Writes down, behind a life of `known` stretches, the wait at a station that ends now, if the first row has room for
    /// it. It counts only with [`Items::lengthen_by_visit`]; until then the row's memory has time to come.
    #[inline]
    pub(in crate::engine) fn write_wait_ahead(&mut self, place: u32, known: u8, station: u16, now: u64) {
        if let Some(next) = self.places[place as usize].life.0.get_mut(usize::from(known)) {
            *next = Stretch::new(station, Cause::NoPerson, now);
        }
    }

    /// Adds the wait and the service of a visit (entered, begun, ended) to a life whose rows hold `known` stretches,
    /// the wait being written down ahead where the first row has room; says how many they hold now.
    #[inline(always)]
    pub(in crate::engine) fn lengthen_by_visit(
        &mut self,
        place: u32,
        known: u8,
        station: u16,
        times: (u64, u64, u64),
    ) -> u8 {
        let (entered, began, ended) = times;
        let waited = known + u8::from(began > entered);
        match self.places[place as usize].life.0.get_mut(usize::from(waited)) {
            Some(next) => {
                *next = Stretch::new(station, Cause::Service, ended);
                waited + u8::from(ended > began)
            }
            None => self.lengthen_long_life(place, known, station, times),
        }
    }

    #[inline(never)]
    fn lengthen_long_life(&mut self, place: u32, mut known: u8, station: u16, times: (u64, u64, u64)) -> u8 {
        let (entered, began, ended) = times;
        for (cause, from, to) in [(Cause::NoPerson, entered, began), (Cause::Service, began, ended)] {
            if to > from {
                known = self.lengthen(place, known, Stretch::new(station, cause, to));
            }
        }
        known
    }

    #[cold]
    fn lengthen_beyond_rows(&mut self, place: u32, entry: Stretch) {
        let mut more = self.detail_mut(place).more;
        if more == NO_ITEM {
            more = self.longer_free.pop().unwrap_or_else(|| {
                self.longer.push(Vec::new());
                u32::try_from(self.longer.len() - 1).expect("fewer than 2^32 items in flight")
            });
            self.detail_mut(place).more = more;
        }
        self.longer[more as usize].push(entry);
    }

    /// Gives back the list of a life that was longer than its rows.
    #[cold]
    pub(super) fn shorten(&mut self, at: usize) {
        if self.has_more(at) {
            let more = std::mem::replace(&mut self.details[at].more, NO_ITEM);
            self.longer[more as usize].clear();
            self.longer_free.push(more);
        }
    }

    /// The life of an item, where its rows hold it whole; in `room` if it takes both of them.
    #[inline]
    pub(in crate::engine) fn short_life<'a>(
        &'a self,
        place: u32,
        room: &'a mut [Stretch; ROWS],
    ) -> Option<&'a [Stretch]> {
        let here = &self.places[place as usize];
        let known = usize::from(here.item.intervals);
        if known <= ROW {
            return here.life.0.get(..known);
        }
        room[..ROW].copy_from_slice(&here.life.0);
        room[ROW..].copy_from_slice(&self.second_row(place as usize).0);
        room.get(..known).filter(|_| known < ROWS)
    }

    /// The life of an item since `from`, added to `out`.
    pub(in crate::engine) fn life(&self, place: u32, from: u64, out: &mut Vec<Interval>) {
        let at = place as usize;
        let mut since = SimTime(from);
        let known = usize::from(self.places[at].item.intervals);
        let mut interval = |stretch: &Stretch| {
            let to = SimTime(stretch.to());
            let from = std::mem::replace(&mut since, to);
            let mixed = stretch.is_mixed();
            let cause = if mixed { Cause::NoPerson } else { stretch.cause() };
            Interval { station: stretch.station(), cause, mixed, from, to }
        };
        out.extend(self.places[at].life.0.iter().take(known).map(&mut interval));
        if known > ROW {
            out.extend(self.second_row(at).0.iter().take(known - ROW).map(&mut interval));
        }
        if known == ROWS && self.has_more(at) {
            out.extend(self.longer[self.details[at].more as usize].iter().map(interval));
        }
    }

    /// When the oldest item in the arena was created.
    pub(in crate::engine) fn oldest(&self) -> Option<u64> {
        self.present().into_iter().map(|place| self[place].created).min()
    }
}
