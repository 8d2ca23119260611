//! Who is to blame for a late order: its lateness, split exactly over the intervals that caused it.
//!
//! Let g be the last release of the order's last gate (a collection, wave or poll) that would still have kept the
//! promise. Lateness is shared over the order's non-service intervals before g, in proportion. Waiting after g is the
//! consequence of missing it, never a cause, unless the order was ready at g and left behind. Gates before the last
//! pass it back in the same way.

use super::Cause;
use super::life::{Stretch, cell, cells, of_cell};
use crate::time::SimTime;

/// One labelled stretch of an order's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Index of the station.
    pub station: u16,
    /// Why it passed; of a mixed one, any of its causes.
    pub cause: Cause,
    /// Whether it was in line for several causes in turn, none of them a gate: the run's log knows for which.
    pub mixed: bool,
    /// Its first instant.
    pub from: SimTime,
    /// Its end.
    pub to: SimTime,
}

/// The timetable of a run's gates.
pub trait Gates {
    /// The last release of the gate at `station` at or before `t`; `None` when there is none.
    fn last_release(&self, station: u16, t: SimTime) -> Option<SimTime>;

    /// How long before a release an item must be ready.
    fn ready_before(&self, station: u16) -> u64;

    /// Ticks by cause, in the order of [`Cause::ALL`], of a mixed wait at `station` in `[from, to)`.
    fn mixed_wait(&self, station: u16, from: SimTime, to: SimTime) -> [u64; Cause::ALL.len()];
}

/// What a part of a lateness is put down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blame {
    /// Index of the station; `None` for the promise itself.
    pub station: Option<u16>,
    /// The cause.
    pub cause: Cause,
    /// Its part of the lateness, in ticks.
    pub ticks: u64,
    /// What whole ticks leave of its exact part, in units of 1 / (all waiting) of a tick.
    remainder: u64,
}

impl Blame {
    fn new(station: Option<u16>, cause: Cause, ticks: u64) -> Blame {
        Blame { station, cause, ticks, remainder: 0 }
    }
}

/// Splits `lateness` ticks of an order with the given life. `life` is in order of time, with gaps where the
/// clock stood still; `out` is cleared first. The parts add up to `lateness` exactly.
pub fn attribute(life: &[Interval], due: SimTime, lateness: u64, gates: &impl Gates, out: &mut Vec<Blame>) {
    out.clear();
    let Some(first) = life.first() else {
        // Late before anything happened to it: the promise could not be kept.
        out.push(Blame::new(None, Cause::Promise, lateness));
        return;
    };
    let (until, left_behind) = causal_end(life, due, gates);
    if let Some(gate) = left_behind {
        out.push(Blame::new(Some(gate.station), Cause::LeftBehind, lateness));
        return;
    }
    if until <= first.from {
        out.push(Blame::new(None, Cause::Promise, lateness));
        return;
    }
    let before = |interval: &Interval| interval.to.min(until).0.saturating_sub(interval.from.0);
    let mut add = |station: u16, cause: Cause, waited: u64| {
        if waited == 0 {
            return;
        }
        // Stretches of one cause at one station are one part: an order may have waited in hundreds of them.
        let same = |part: &&mut Blame| part.station == Some(station) && part.cause == cause;
        match out.iter_mut().rev().find(same) {
            Some(part) => part.ticks += waited,
            None => out.push(Blame::new(Some(station), cause, waited)),
        }
    };
    for interval in life.iter().filter(|interval| interval.mixed || interval.cause != Cause::Service) {
        if !interval.mixed {
            add(interval.station, interval.cause, before(interval));
        } else if before(interval) > 0 {
            let waits = gates.mixed_wait(interval.station, interval.from, interval.to.min(until));
            Cause::ALL.into_iter().zip(waits).for_each(|(cause, waited)| add(interval.station, cause, waited));
        }
    }
    if out.is_empty() {
        // No waiting before g: the work itself took too long.
        let worked = life.iter().filter(|i| i.cause == Cause::Service).max_by_key(|i| (before(i), u64::MAX - i.from.0));
        out.push(Blame::new(worked.map(|i| i.station), Cause::Service, lateness));
        return;
    }
    apportion(lateness, out);
}

/// The instant before which an order's waiting counts as a cause: the gates' last saving releases, from the last gate
/// back to the first. The second value is the gate that left the order behind although it was ready in time.
fn causal_end(life: &[Interval], due: SimTime, gates: &impl Gates) -> (SimTime, Option<Interval>) {
    let Some(last) = life.last() else { return (due, None) };
    // The part of the way that is looked at, and when the order had to be at its end: gate by gate backwards.
    let (mut end, mut had_to_reach, mut until) = (life.len(), due, last.to);
    while let Some(k) = life[..end].iter().rposition(|interval| interval.cause.is_gate()) {
        let gate = life[k];
        let first = life[..k]
            .iter()
            .rposition(|i| i.station != gate.station || !i.cause.is_gate())
            .map_or(0, |before| before + 1);
        let ready = life[first].from;
        // A release saves the promise if the work that followed it, without any waiting, ends in time: waiting behind
        // the gate is a cause of its own.
        let work = |i: &Interval| if i.cause == Cause::Service { i.to.0 - i.from.0 } else { 0 };
        let worked: u64 = life[k + 1..end].iter().map(work).sum();
        let saving =
            had_to_reach.0.checked_sub(worked).and_then(|latest| gates.last_release(gate.station, SimTime(latest)));
        let Some(saving) = saving else { return (life[0].from, None) };
        if gate.to <= saving {
            return (until, None);
        }
        let had_to_be_ready = SimTime(saving.0.saturating_sub(gates.ready_before(gate.station)));
        if ready <= had_to_be_ready {
            return (saving, Some(gate));
        }
        (end, had_to_reach, until) = (first, had_to_be_ready, had_to_be_ready);
    }
    (until, None)
}

/// Turns the weights in `parts` into whole ticks in proportion that add up to `total` exactly, by largest remainder;
/// equal remainders go to the earlier. The weights must not all be zero, and add up to less than 2^64.
pub fn apportion(total: u64, parts: &mut [Blame]) {
    let proportion = Proportion::new(total, parts.iter().map(|part| part.ticks).sum());
    let mut left = total;
    for part in &mut *parts {
        (part.ticks, part.remainder) = proportion.of(part.ticks);
        left -= part.ticks;
    }
    // Fewer are left over than there are parts with a remainder.
    for k in 0..parts.len() {
        let remainder = parts[k].remainder;
        let before_it = parts[..k].iter().filter(|other| other.remainder >= remainder).count()
            + parts[k + 1..].iter().filter(|other| other.remainder > remainder).count();
        parts[k].ticks += u64::from((before_it as u64) < left);
    }
}

/// The same for a few weights in registers, those not in use being zero. What the remainders are is as good as random,
/// so no branch depends on them.
#[inline]
fn apportion_few(total: u64, weights: &[u64; FEW]) -> [u64; FEW] {
    let proportion = Proportion::new(total, weights.iter().sum());
    let shares = weights.map(|weight| proportion.of(weight));
    let left = total - shares.iter().map(|(ticks, _)| ticks).sum::<u64>();
    let mut given = [0; FEW];
    for (k, (ticks, remainder)) in shares.iter().enumerate() {
        let goes_before = |(j, (_, other)): (usize, &(u64, u64))| {
            u64::from((*other > *remainder) | ((*other == *remainder) & (j < k)))
        };
        let before_it: u64 = shares.iter().enumerate().map(goes_before).sum();
        given[k] = ticks + u64::from(before_it < left);
    }
    given
}

/// Multiplies by a / n, exactly.
struct Proportion {
    a: u64,
    n: u64,
    /// a / n as a double, where that is near enough.
    ratio: Option<f64>,
}

impl Proportion {
    fn new(a: u64, n: u64) -> Proportion {
        // More than any run lasts in ticks, and small enough for the quotient below.
        const LIMIT: u64 = 1 << 50;
        let ratio = (a < LIMIT && n < LIMIT).then(|| a.cast_signed() as f64 / n.cast_signed() as f64);
        Proportion { a, n, ratio }
    }

    /// a·b / n and what it leaves, for b at most n.
    ///
    /// The quotient by doubles is at most one off: it is put right by what it leaves, which is small and so comes out
    /// exactly although the products wrap. This spares a division of 128 bits.
    #[inline]
    fn of(&self, b: u64) -> (u64, u64) {
        let &Proportion { a, n, ratio } = self;
        let Some(ratio) = ratio else {
            let product = u128::from(a) * u128::from(b);
            let quotient = u64::try_from(product / u128::from(n)).expect("at most a, since b is at most n");
            return (quotient, u64::try_from(product % u128::from(n)).expect("below n"));
        };
        #[expect(clippy::cast_possible_truncation, reason = "at most a, below 2^50")]
        let near = (ratio * b.cast_signed() as f64) as i64;
        let rest = a.wrapping_mul(b).cast_signed().wrapping_sub(near.wrapping_mul(n.cast_signed()));
        // Which of the three holds is as good as random: no branch depends on it.
        let off = i64::from(rest >= n.cast_signed()) - i64::from(rest < 0);
        ((near + off).cast_unsigned(), (rest - off * n.cast_signed()).cast_unsigned())
    }
}

/// Places at which most orders have waited, at most.
const FEW: usize = 4;

/// Lateness by station and cause, over the late orders of one SLA in one run.
#[derive(Clone, Debug)]
pub struct LatenessLedger {
    /// Ticks, by cell.
    ticks: Vec<u128>,
    /// Ticks put down to the promise itself.
    promise: u128,
    scratch: Vec<Blame>,
}

impl LatenessLedger {
    /// An empty ledger over so many stations.
    #[must_use]
    pub fn new(stations: usize) -> LatenessLedger {
        LatenessLedger { ticks: vec![0; cells(stations)], promise: 0, scratch: Vec::new() }
    }

    /// Books the lateness of one order, `weight` times.
    pub fn book(&mut self, life: &[Interval], due: SimTime, lateness: u64, weight: u64, gates: &impl Gates) {
        let mut parts = std::mem::take(&mut self.scratch);
        attribute(life, due, lateness, gates, &mut parts);
        debug_assert_eq!(parts.iter().map(|part| part.ticks).sum::<u64>(), lateness, "lateness must be split exactly");
        for part in &parts {
            match part.station {
                Some(station) => self.ticks[cell(station, part.cause)] += u128::from(part.ticks) * u128::from(weight),
                None => self.promise += u128::from(part.ticks) * u128::from(weight),
            }
        }
        self.scratch = parts;
    }

    /// Books the lateness of an order that met no gate and waited at a few places only, in its life from `from` on.
    /// Says `false`, and books nothing, for any other order: that is one for [`LatenessLedger::book`], which books
    /// the same for these.
    #[inline]
    pub fn book_few(&mut self, life: &[Stretch], from: u64, lateness: u64) -> bool {
        let (mut places, mut waits, mut known) = ([0; FEW], [0; FEW], 0);
        let mut since = from;
        for stretch in life {
            let passed = stretch.to() - since;
            since = stretch.to();
            if stretch.is_mixed() {
                return false;
            }
            let cause = stretch.cause();
            if cause.is_gate() {
                return false;
            }
            if cause == Cause::Service || passed == 0 {
                continue;
            }
            let place = match places[..known].iter().position(|place| *place == stretch.cell()) {
                Some(place) => place,
                None if known == FEW => return false,
                None => {
                    places[known] = stretch.cell();
                    known += 1;
                    known - 1
                }
            };
            waits[place] += passed;
        }
        if known == 0 {
            return false;
        }
        let given = apportion_few(lateness, &waits);
        for (place, ticks) in places[..known].iter().zip(given) {
            self.ticks[*place] += u128::from(ticks);
        }
        true
    }

    /// Ticks by station (`None`: the promise itself) and cause, without zeros, in order of station.
    pub fn cells(&self) -> impl Iterator<Item = (Option<u16>, Cause, u128)> + '_ {
        let by_station = self.ticks.iter().enumerate().filter(|(_, ticks)| **ticks > 0).map(|(k, ticks)| {
            let (station, cause) = of_cell(k).expect("only cells are booked");
            (Some(station), cause, *ticks)
        });
        by_station.chain((self.promise > 0).then_some((None, Cause::Promise, self.promise)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Collections at whole multiples of 1,000 from station 9, waves at multiples of 100 from station 1.
    struct Timetable;
    impl Gates for Timetable {
        fn last_release(&self, station: u16, t: SimTime) -> Option<SimTime> {
            let every = if station == 9 { 1_000 } else { 100 };
            Some(SimTime(t.0 / every * every)).filter(|at| at.0 > 0)
        }
        fn ready_before(&self, station: u16) -> u64 {
            if station == 9 { 10 } else { 0 }
        }
        fn mixed_wait(&self, _: u16, from: SimTime, to: SimTime) -> [u64; Cause::ALL.len()] {
            // Until 500 for a person, from then on for a bench.
            let mut waits = [0; Cause::ALL.len()];
            waits[Cause::NoPerson as usize] = to.0.min(500).saturating_sub(from.0);
            waits[Cause::NoEquipment as usize] = to.0.saturating_sub(from.0.max(500));
            waits
        }
    }

    fn life(spells: &[(u16, Cause, u64)], from: u64) -> Vec<Interval> {
        let mut at = from;
        let mut out = Vec::new();
        for (station, cause, to) in spells {
            out.push(Interval { station: *station, cause: *cause, mixed: false, from: SimTime(at), to: SimTime(*to) });
            at = *to;
        }
        out
    }

    fn blame(life: &[Interval], due: u64) -> Vec<(Option<u16>, Cause, u64)> {
        let mut out = Vec::new();
        let lateness = life.last().expect("a life").to.0 - due;
        attribute(life, SimTime(due), lateness, &Timetable, &mut out);
        assert_eq!(out.iter().map(|b| b.ticks).sum::<u64>(), lateness);
        out.into_iter().map(|b| (b.station, b.cause, b.ticks)).collect()
    }

    #[test]
    fn a_truck_missed_for_a_picking_queue_is_put_down_to_picking_not_to_the_carrier() {
        let order =
            life(&[(2, Cause::NoPerson, 905), (2, Cause::Service, 995), (9, Cause::AwaitCollection, 2_000)], 900);
        assert_eq!(blame(&order, 1_500), [(Some(2), Cause::NoPerson, 500)]);
    }

    #[test]
    fn an_order_ready_in_time_and_left_behind_is_put_down_to_the_collection() {
        let order = life(&[(2, Cause::NoPerson, 500), (9, Cause::AwaitCollection, 2_000)], 400);
        assert_eq!(blame(&order, 1_500), [(Some(9), Cause::LeftBehind, 500)]);
    }

    #[test]
    fn a_wave_missed_before_a_truck_passes_the_blame_back() {
        // Sync took until 910, so the wave of 900 was missed; the one of 1,000 came too late for the truck of 1,000.
        let order = life(
            &[
                (0, Cause::RateLimit, 910),
                (1, Cause::AwaitRelease, 1_000),
                (1, Cause::Service, 1_040),
                (9, Cause::AwaitCollection, 2_000),
            ],
            890,
        );
        assert_eq!(blame(&order, 1_500), [(Some(0), Cause::RateLimit, 500)]);
    }

    #[test]
    fn a_long_queue_behind_a_wave_that_came_in_time_is_put_down_to_the_queue() {
        // Released by the wave of 100, it stood in the picking line for two trucks.
        let order = life(
            &[
                (1, Cause::AwaitRelease, 100),
                (2, Cause::NoPerson, 2_100),
                (2, Cause::Service, 2_150),
                (9, Cause::AwaitCollection, 3_000),
            ],
            50,
        );
        // Until 990 it had waited 50 for the wave and 890 in line: shares of the 2,000 it is late.
        assert_eq!(blame(&order, 1_000), [(Some(1), Cause::AwaitRelease, 106), (Some(2), Cause::NoPerson, 1_894)]);
    }

    #[test]
    fn an_order_that_came_after_the_last_truck_is_put_down_to_the_promise() {
        let order = life(&[(2, Cause::Service, 999), (9, Cause::AwaitCollection, 2_000)], 995);
        assert_eq!(blame(&order, 1_500), [(None, Cause::Promise, 500)]);
    }

    #[test]
    fn a_mixed_wait_is_split_by_what_held_before_the_saving_release_only() {
        let mut order =
            life(&[(2, Cause::NoPerson, 995), (2, Cause::Service, 998), (9, Cause::AwaitCollection, 2_000)], 400);
        order[0].mixed = true;
        // Until 990, when it had to be ready: 100 for a person and 490 for a bench.
        assert_eq!(blame(&order, 1_410), [(Some(2), Cause::NoPerson, 100), (Some(2), Cause::NoEquipment, 490)]);
    }

    #[test]
    fn without_gates_all_waiting_shares_the_blame_in_proportion() {
        let order = life(&[(2, Cause::NoPerson, 30), (2, Cause::Service, 50), (3, Cause::OffShift, 60)], 0);
        assert_eq!(blame(&order, 55), [(Some(2), Cause::NoPerson, 4), (Some(3), Cause::OffShift, 1)]);
    }

    #[test]
    fn without_any_waiting_the_work_is_to_blame() {
        let order = life(&[(2, Cause::Service, 50), (3, Cause::Service, 60)], 0);
        assert_eq!(blame(&order, 55), [(Some(2), Cause::Service, 5)]);
    }

    #[test]
    fn largest_remainders_take_what_is_left_over() {
        let split = |total: u64, weights: &[u64]| -> Vec<u64> {
            let part = |ticks: &u64| Blame::new(None, Cause::NoPerson, *ticks);
            let mut parts: Vec<Blame> = weights.iter().map(part).collect();
            apportion(total, &mut parts);
            parts.iter().map(|part| part.ticks).collect()
        };
        assert_eq!(split(10, &[1, 1, 1]), [4, 3, 3]);
        assert_eq!(split(11, &[1, 1, 1]), [4, 4, 3]);
        assert_eq!(split(7, &[0, 5, 2]), [0, 5, 2]);
        assert_eq!(
            split(u64::MAX, &[u64::MAX - 1, 1]).iter().map(|part| u128::from(*part)).sum::<u128>(),
            u128::from(u64::MAX)
        );
    }

    proptest::proptest! {
        #[test]
        fn a_life_without_gates_is_booked_alike_on_both_ways(
            spells in proptest::collection::vec((0_u16..3, 0_usize..7, 0_u64..50), 1..12), part in 1_u64..100
        ) {
            let (mut at, mut stretches, mut intervals) = (100, Vec::new(), Vec::new());
            for (station, cause, ticks) in spells {
                let cause = Cause::ALL[cause];
                let from = SimTime(at);
                at += ticks;
                stretches.push(Stretch::new(station, cause, at));
                intervals.push(Interval { station, cause, mixed: false, from, to: SimTime(at) });
            }
            let lateness = 1 + (at - 100) * part / 100;
            let (mut short, mut long) = (LatenessLedger::new(3), LatenessLedger::new(3));
            if short.book_few(&stretches, 100, lateness) {
                long.book(&intervals, SimTime(at.saturating_sub(lateness)), lateness, 1, &Timetable);
                proptest::prop_assert_eq!(short.cells().collect::<Vec<_>>(), long.cells().collect::<Vec<_>>());
            }
        }

        #[test]
        fn parts_are_multiplied_and_divided_exactly(
            a in 0..u64::MAX, b in 0..u64::MAX, n in 1..u64::MAX, narrower in 0_u32..64
        ) {
            let (a, n) = (a >> narrower, (n >> narrower).max(1));
            let b = b % (n + 1);
            let exact = u128::from(a) * u128::from(b);
            let (quotient, remainder) = Proportion::new(a, n).of(b);
            proptest::prop_assert_eq!(u128::from(quotient), exact / u128::from(n));
            proptest::prop_assert_eq!(u128::from(remainder), exact % u128::from(n));
        }
    }
}
