//! The order plane: UTC time × orders per hour.
//!
//! Orders are points of one absolute Poisson plane, in fixed tiles (one UTC hour × a layer of heights) that do not
//! depend on the scenario. An order exists where its point lies below the rate; its identity is (source, tile, index).
//! So whatever raises or lowers the rate keeps the identity, the time and every draw of the orders that remain.

use super::drawn_ahead::{DrawnAhead, FirstService};
use super::plane::{PlanePoint, PointDraw, Spare, layer_height, point_bits, sort_by_time, tile_entity};
use crate::model::{Arrivals, CountMix, Intensity, RecordedArrival, Source};
use crate::random::{PoissonCounts, Sampler, StreamKey, unit};
use crate::time::{SimTime, TICKS_PER_HOUR};

/// Stands for "no arrival any more".
pub(super) const NO_ARRIVAL: u64 = u64::MAX;

/// An arrival to come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// When.
    pub(super) at: u64,
    /// Identity.
    pub(super) id: u64,
    /// Height in the plane [orders per hour], for controls that change the rate; 0 when it always exists.
    pub(super) height: f64,
    /// Place in the record, for replays.
    pub(super) record: u32,
    /// Ticks of its first service, where they are drawn with it.
    pub(super) work: Option<u64>,
}

/// The arrivals of one source in one replication, in order of time.
#[derive(Debug)]
pub(super) struct Stream<'m> {
    source: &'m Source,
    key: StreamKey,
    counts: &'m PoissonCounts,
    busyness: BusynessDraws<'m>,
    /// Absolute UTC hour of the tile that contains the start, and the ticks of it before the start.
    first_hour: i64,
    offset: u64,
    /// Factor of a control on the rate, and the highest it will ever be.
    uplift: f64,
    most_uplift: f64,
    /// Arrivals stop here.
    end: u64,
    hour: u64,
    /// When the next arrival comes.
    next_at: u64,
    /// Points of the plane in the hour before `hour`, with its number and the bottoms and heights of its layers.
    plane: Vec<PlanePoint>,
    layers: Vec<(f64, f64)>,
    plane_hour: u64,
    /// Ticks from the start of the run to that of the plane's hour; modulo 2^64, as the first hour may begin earlier.
    plane_start: u64,
    /// What the points of the plane draw.
    drawn: DrawnAhead<'m>,
    /// Arrivals that are no points of the plane.
    listed: Vec<Point>,
    /// Place of the next arrival in either.
    at: usize,
    sort: Spare,
    renewal: Option<(Sampler, u64, u64)>,
    even: Option<EvenStream>,
}

#[derive(Debug)]
struct BusynessDraws<'m> {
    days: &'m [SimTime],
    day: Option<&'m Sampler>,
    hour: Option<&'m Sampler>,
    key_day: StreamKey,
    key_hour: StreamKey,
}

/// Position of an evenly spaced stream: expected arrivals so far, and the next instant from which to count on.
#[derive(Clone, Copy, Debug)]
struct EvenStream {
    index: u64,
    expected: f64,
    from: u64,
}

/// What every stream of a run shares.
#[derive(Clone, Copy, Debug)]
pub(super) struct StreamPlace<'m> {
    pub(super) seed: u64,
    pub(super) replication: u64,
    pub(super) counts: &'m PoissonCounts,
    /// UTC hours from the Unix epoch to the start, and ticks beyond the whole hour.
    pub(super) origin: (i64, u64),
    pub(super) end: u64,
    pub(super) most_uplift: f64,
}

impl<'m> Stream<'m> {
    pub(super) fn new(
        source: &'m Source,
        samplers: (Option<&'m Sampler>, Option<&'m Sampler>),
        first_service: Option<FirstService<'m>>,
        place: StreamPlace<'m>,
    ) -> Stream<'m> {
        let name = |what: &str| StreamKey::new(place.seed, place.replication, what);
        let busy = &source.factors.busyness;
        let mut stream = Stream {
            key: name(&format!("source/{}/plane", source.draws_as)),
            busyness: BusynessDraws {
                days: &busy.days,
                day: samplers.0,
                hour: samplers.1,
                key_day: name(&format!("busyness/{}/day", busy.stream)),
                key_hour: name(&format!("busyness/{}/hour", busy.stream)),
            },
            source,
            counts: place.counts,
            first_hour: place.origin.0,
            offset: place.origin.1,
            uplift: 1.0,
            most_uplift: place.most_uplift.max(1.0),
            end: place.end,
            hour: 0,
            next_at: NO_ARRIVAL,
            plane: Vec::new(),
            layers: Vec::new(),
            plane_hour: 0,
            plane_start: 0,
            drawn: DrawnAhead::new(first_service),
            listed: Vec::new(),
            at: 0,
            sort: Spare::default(),
            renewal: None,
            even: None,
        };
        match &source.arrivals {
            Arrivals::Poisson(_) => {}
            Arrivals::Even(_) => stream.even = Some(EvenStream { index: 0, expected: 0.0, from: 0 }),
            Arrivals::Renewal(distribution) => stream.renewal = Some((Sampler::new(distribution), 0, 0)),
            Arrivals::Recorded(records) => stream.replay(records),
        }
        stream.show_next();
        stream
    }

    /// When the next arrival comes; [`NO_ARRIVAL`] when there is none.
    #[inline]
    pub(super) fn next_at(&self) -> u64 {
        self.next_at
    }

    /// Takes the next arrival, if it is a point of the plane.
    ///
    /// Apart from [`Stream::take_listed`]: an arrival that may come from either is put together in memory first.
    #[inline(always)]
    pub(super) fn take_point(&mut self) -> Option<Point> {
        let point = *self.plane.get(self.at)?;
        let point = self.unpacked(self.at, point);
        self.at += 1;
        self.show_next();
        Some(point)
    }

    /// Takes the next arrival, which is no point of the plane.
    pub(super) fn take_listed(&mut self) -> Option<Point> {
        let point = self.listed.get(self.at).copied();
        self.at += 1;
        self.show_next();
        point
    }

    #[inline]
    fn show_next(&mut self) {
        if self.at >= self.plane.len() + self.listed.len() {
            self.fill();
        }
        self.next_at = match self.plane.get(self.at) {
            Some(point) => self.time_of(*point),
            None => self.listed.get(self.at).map_or(NO_ARRIVAL, |point| point.at),
        };
    }

    /// When a point of the plane comes.
    #[inline]
    fn time_of(&self, point: PlanePoint) -> u64 {
        self.plane_start.wrapping_add(point.within())
    }

    /// The next arrival, which is point `k` of the plane.
    #[inline(always)]
    fn unpacked(&mut self, k: usize, point: PlanePoint) -> Point {
        let (key, hour, plane) = (self.key, self.plane_hour, &self.plane);
        let draw = |point: PlanePoint, what| point_bits(key, tile_entity(hour, point.layer()), point.number(), what);
        let (id, work) = self.drawn.of(k, plane.len(), |k| draw(plane[k], PointDraw::Identity));
        // Without a control on the rate, whatever point there is exists.
        let height = if self.most_uplift > 1.0 {
            #[expect(clippy::cast_possible_truncation, reason = "a place in a list")]
            let (bottom, height) = self.layers[point.layer() as usize];
            bottom + height * unit(draw(point, PointDraw::Height))
        } else {
            0.0
        };
        Point { at: self.next_at, id, height, record: 0, work }
    }

    /// Sets the control's factor on the rate.
    pub(super) fn set_uplift(&mut self, factor: f64) {
        self.uplift = factor;
    }

    /// Whether an arrival exists under the control's present factor.
    #[inline]
    pub(super) fn exists(&self, point: &Point) -> bool {
        if point.height <= 0.0 {
            return true;
        }
        let t = SimTime(point.at);
        point.height < self.rate(t) * self.uplift * self.factor(point.at)
    }

    fn rate(&self, t: SimTime) -> f64 {
        match &self.source.arrivals {
            Arrivals::Poisson(intensity) => intensity.at(t) * self.source.factors.uplift,
            _ => 0.0,
        }
    }

    /// Random busyness at `t`.
    fn factor(&self, t: u64) -> f64 {
        let busy = &self.busyness;
        let mut factor = 1.0;
        if let Some(sampler) = busy.day {
            factor *= sampler.value(busy.key_day.bits(busy.days.partition_point(|day| day.0 <= t) as u64, 0));
        }
        if let Some(sampler) = busy.hour {
            factor *= sampler.value(busy.key_hour.bits(self.absolute_hour(t), 0));
        }
        factor
    }

    #[expect(clippy::cast_sign_loss, reason = "a bijection of the hours, before 1970 too, is all a key needs")]
    fn absolute_hour(&self, t: u64) -> u64 {
        (self.first_hour as u64).wrapping_add((t + self.offset) / TICKS_PER_HOUR)
    }

    /// Fills the buffer with the next arrivals; leaves it empty when there are none any more.
    fn fill(&mut self) {
        if matches!(self.source.arrivals, Arrivals::Recorded(_)) {
            return;
        }
        self.plane.clear();
        self.drawn.forget();
        self.listed.clear();
        self.at = 0;
        if self.renewal.is_some() {
            self.fill_renewal();
        } else if self.even.is_some() {
            self.fill_even();
        } else {
            while self.plane.is_empty() && self.hour * TICKS_PER_HOUR < self.end + self.offset {
                self.fill_hour();
                self.hour += 1;
            }
        }
    }

    /// The points of one UTC hour below the rate, in order of time.
    fn fill_hour(&mut self) {
        let Arrivals::Poisson(intensity) = &self.source.arrivals else { return };
        let tile_start = (self.hour * TICKS_PER_HOUR).saturating_sub(self.offset);
        let tile_end = ((self.hour + 1) * TICKS_PER_HOUR - self.offset).min(self.end);
        let (from, to) = (SimTime(tile_start), SimTime(tile_end));
        let busiest = self.busiest(tile_start, tile_end);
        let plain = self.source.factors.uplift * busiest;
        let top = intensity.highest(from, to) * plain * self.most_uplift;
        // Below this height every point exists whatever the instant and the controls.
        let sure = if self.most_uplift > 1.0 {
            0.0
        } else {
            lowest(intensity, from, to) * self.quietest(tile_start, tile_end)
        };
        self.plane_hour = self.absolute_hour(tile_start);
        self.plane_start = (self.hour * TICKS_PER_HOUR).wrapping_sub(self.offset);
        self.layers.clear();
        let mut bottom = 0.0;
        while bottom < top {
            let (octave, height) = layer_height(bottom);
            self.layers.push((bottom, height));
            self.fill_tile(octave, bottom + height <= sure);
            bottom += height;
        }
        let (key, hour) = (self.key, self.plane_hour);
        sort_by_time(&mut self.plane, &mut self.sort, |point| {
            point_bits(key, tile_entity(hour, point.layer()), point.number(), PointDraw::Identity)
        });
    }

    /// The points of the topmost layer so far; they are all `sure` to exist, or looked at one by one.
    fn fill_tile(&mut self, octave: usize, sure: bool) {
        let layer = self.layers.len() - 1;
        let entity = tile_entity(self.plane_hour, layer as u64);
        let count = u64::from(self.counts.count(octave, self.key.bits(entity, 0)));
        let key = self.key;
        let hour_start = self.hour * TICKS_PER_HOUR;
        let point = |number| {
            let within = mul_high(point_bits(key, entity, number, PointDraw::Within), TICKS_PER_HOUR);
            PlanePoint::new(within, layer as u64, number)
        };
        if sure && hour_start >= self.offset && hour_start + TICKS_PER_HOUR <= self.end + self.offset {
            self.plane.extend((0..count).map(point));
            return;
        }
        let (bottom, height) = self.layers[layer];
        for number in 0..count {
            let point = point(number);
            let Some(at) = (hour_start + point.within()).checked_sub(self.offset) else { continue };
            if at >= self.end {
                continue;
            }
            if !sure {
                let rate = self.rate(SimTime(at)) * self.factor(at);
                let of_layer = unit(point_bits(key, entity, number, PointDraw::Height));
                if bottom + height * of_layer >= rate * self.most_uplift {
                    continue;
                }
            }
            self.plane.push(point);
        }
    }

    /// The highest busyness of an hour: it may hold a change of day.
    fn busiest(&self, from: u64, to: u64) -> f64 {
        let last = to.saturating_sub(1).max(from);
        self.factor(from).max(self.factor(last))
    }

    fn quietest(&self, from: u64, to: u64) -> f64 {
        let last = to.saturating_sub(1).max(from);
        self.factor(from).min(self.factor(last)) * self.source.factors.uplift
    }

    fn fill_renewal(&mut self) {
        let Some((sampler, last, index)) = &mut self.renewal else { return };
        for _ in 0..64 {
            let gap = sampler.value(self.key.bits(*index, 0)) / self.source.factors.uplift;
            let at = *last + crate::time::SimDuration::from_seconds(gap).0;
            if at >= self.end {
                return;
            }
            self.listed.push(Point { at, id: self.key.bits(*index, 1), height: 0.0, record: 0, work: None });
            *last = at;
            *index += 1;
        }
    }

    /// Evenly spaced: the k-th arrival (from 1) comes when the expected count reaches k − ½.
    fn fill_even(&mut self) {
        let Arrivals::Even(intensity) = &self.source.arrivals else { return };
        let Some(mut even) = self.even else { return };
        let uplift = self.source.factors.uplift;
        while self.listed.len() < 64 && even.from < self.end {
            // Minutes are fine enough to be linear in: steps of a curve begin on whole minutes.
            let to = (even.from / 60_000_000 + 1) * 60_000_000;
            let mass = intensity.expected(SimTime(even.from), SimTime(to)) * uplift;
            let wanted = even.index as f64 + 0.5;
            if even.expected + mass < wanted || mass <= 0.0 {
                even.expected += mass;
                even.from = to;
                continue;
            }
            let within = (wanted - even.expected) / mass;
            let at = even.from + crate::time::SimDuration::from_seconds((to - even.from) as f64 * within / 1e6).0;
            if at < self.end {
                self.listed.push(Point { at, id: self.key.bits(even.index, 1), height: 0.0, record: 0, work: None });
            }
            even.index += 1;
            even.expected = wanted;
            even.from = at.min(to);
        }
        self.even = Some(even);
    }

    /// Recorded orders: at 1 row for row; below, order i stays while its own uniform is below the factor; above, each
    /// copy has its own uniform and a jitter of up to half an hour within the day.
    fn replay(&mut self, records: &[RecordedArrival]) {
        let factor = self.source.factors.uplift;
        for (k, record) in records.iter().enumerate() {
            let place = u32::try_from(k).expect("records are limited at load");
            let mut copy = 0_u64;
            while (copy as f64) < factor {
                let kept =
                    copy as f64 + 1.0 <= factor || copy as f64 + unit(self.key.bits(k as u64, 3 * copy)) < factor;
                if kept {
                    let at = if copy == 0 { record.at.0 } else { self.jittered(record.at.0, k as u64, copy) };
                    if at < self.end {
                        let id = self.key.bits(k as u64, 3 * copy + 1);
                        self.listed.push(Point { at, id, height: 0.0, record: place, work: None });
                    }
                }
                copy += 1;
            }
        }
        self.listed.sort_by_key(|point| point.at);
    }

    fn jittered(&self, at: u64, record: u64, copy: u64) -> u64 {
        let days = &self.busyness.days;
        let next = days.partition_point(|day| day.0 <= at);
        let start = next.checked_sub(1).map_or(0, |today| days[today].0);
        let end = days.get(next).map_or(self.end, |day| day.0);
        let low = at.saturating_sub(TICKS_PER_HOUR / 2).max(start);
        let high = (at + TICKS_PER_HOUR / 2).min(end.saturating_sub(1)).max(low);
        low + mul_high(self.key.bits(record, 3 * copy + 2), high - low + 1)
    }
}

fn lowest(intensity: &Intensity, from: SimTime, to: SimTime) -> f64 {
    match intensity {
        Intensity::Steps(steps) => {
            let first = steps.partition_point(|step| step.from <= from);
            if first == 0 {
                return 0.0;
            }
            steps[first - 1..]
                .iter()
                .take_while(|step| step.from < to)
                .map(|step| step.per_hour)
                .fold(f64::INFINITY, f64::min)
        }
        Intensity::Cycle { mean, swing, .. } => (mean - swing.abs()).max(0.0),
        Intensity::Send { .. } => 0.0,
    }
}

fn mul_high(bits: u64, range: u64) -> u64 {
    ((u128::from(bits) * u128::from(range)) >> 64) as u64
}

/// A number of lines or units, from uniform bits, which are asked for only where they matter.
#[inline]
pub(super) fn draw_count(mix: &CountMix, bits: impl Fn() -> u64) -> u32 {
    if let CountMix::Fixed(n) = mix { *n } else { count_at(mix, unit(bits())) }
}

/// The quantile of a mix at `u`.
fn count_at(mix: &CountMix, u: f64) -> u32 {
    match mix {
        CountMix::Fixed(n) => *n,
        CountMix::Shares(shares) => {
            let mut sum = 0.0;
            for (n, share) in shares {
                sum += share;
                if u < sum {
                    return *n;
                }
            }
            shares.last().map_or(1, |(n, _)| *n)
        }
        CountMix::OneOrGeometric { single, beyond_two } => {
            if u < *single {
                return 1;
            }
            // By inversion: P(more than k beyond 2) = q^(k+1), q = m / (1 + m).
            let v = 1.0 - (u - single) / (1.0 - single);
            let q = beyond_two / (1.0 + beyond_two);
            if q <= 0.0 {
                return 2;
            }
            let beyond = libm::floor(libm::log(v) / libm::log(q));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a small count; the cast saturates"
            )]
            let beyond = beyond.max(0.0) as u32;
            2 + beyond.min(10_000)
        }
    }
}
