//! The points of the order plane: tiles, layers, and one hour of points in order of time.

use crate::random::StreamKey;
use crate::time::TICKS_PER_HOUR;

/// Layers of an octave of heights are at most this high [orders per hour], so that a tile holds few points.
const HIGHEST_LAYER: f64 = 64.0;
/// Octaves start here: below lie eight layers of an eighth each.
const FIRST_OCTAVE: f64 = 1.0;

/// A point of one hour in one integer, so that an hour of them stays in the nearer caches while it is put in order: ticks
/// since the hour began (32 bits), the layer of its tile (20), its number in the tile (12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PlanePoint(u64);

const NUMBER_BITS: u32 = 12;
const LAYER_BITS: u32 = 20;

impl PlanePoint {
    /// Point `number` of the tile in this layer, so many ticks after the hour began.
    #[inline]
    pub(super) fn new(within: u64, layer: u64, number: u64) -> PlanePoint {
        debug_assert!(within < TICKS_PER_HOUR && layer < 1 << LAYER_BITS, "rates are limited at load");
        debug_assert!(number < 1 << NUMBER_BITS, "a tile holds 64 points on average");
        PlanePoint(within << (LAYER_BITS + NUMBER_BITS) | layer << NUMBER_BITS | number)
    }

    /// Ticks since the hour began.
    #[inline]
    pub(super) fn within(self) -> u64 {
        self.0 >> (LAYER_BITS + NUMBER_BITS)
    }

    /// The layer of its tile.
    #[inline]
    pub(super) fn layer(self) -> u64 {
        self.0 >> NUMBER_BITS & ((1 << LAYER_BITS) - 1)
    }

    /// Its number in the tile.
    #[inline]
    pub(super) fn number(self) -> u64 {
        self.0 & ((1 << NUMBER_BITS) - 1)
    }
}

/// The key of the tile of an absolute hour and a layer.
#[inline]
pub(super) fn tile_entity(hour: u64, layer: u64) -> u64 {
    // 2^20 layers of 64 are more orders per hour than any limit allows.
    hour << LAYER_BITS | layer
}

/// Of the draws of a tile, number 0 is its count, and each point has three.
#[derive(Clone, Copy, Debug)]
#[repr(u64)]
pub(super) enum PointDraw {
    Within = 1,
    Identity = 2,
    Height = 3,
}

/// One of the three draws of point `number` of a tile.
#[inline]
pub(super) fn point_bits(key: StreamKey, entity: u64, number: u64, draw: PointDraw) -> u64 {
    key.bits(entity, 3 * number + draw as u64)
}

/// The layer that starts at `bottom`: the number of its height among [`PoissonCounts`]' means, and its height.
pub(super) fn layer_height(bottom: f64) -> (usize, f64) {
    let mut octave = FIRST_OCTAVE;
    let mut height = 0.125;
    let mut index = 0;
    while bottom >= octave && height < HIGHEST_LAYER {
        // The first octave [1, 2) has layers of an eighth, as the ground below it.
        octave *= 2.0;
        if bottom >= octave {
            height *= 2.0;
            index += 1;
        }
    }
    (index, height)
}

/// Memory for sorting, kept from hour to hour.
#[derive(Debug, Default)]
pub(super) struct Spare {
    points: Vec<PlanePoint>,
    starts: Vec<u32>,
}

/// Sorts the points of one hour by (time, identity): a counting sort on the time, then small insertions.
#[expect(clippy::cast_possible_truncation, reason = "bucket numbers are below the number of points")]
pub(super) fn sort_by_time(points: &mut Vec<PlanePoint>, spare: &mut Spare, identity: impl Fn(PlanePoint) -> u64) {
    let n = points.len();
    if n < 2 {
        return;
    }
    // One bucket or so for each point: the leading bits of its time.
    let buckets = n.next_power_of_two();
    let shift = u64::BITS - buckets.ilog2();
    let bucket = |p: &PlanePoint| (p.0 >> shift) as usize;
    let Spare { points: spare, starts } = spare;
    starts.clear();
    starts.resize(buckets, 0);
    for point in points.iter() {
        starts[bucket(point)] += 1;
    }
    let mut start = 0;
    for of_bucket in starts.iter_mut() {
        start += std::mem::replace(of_bucket, start);
    }
    spare.clear();
    spare.resize(n, points[0]);
    for point in points.iter() {
        let at = &mut starts[bucket(point)];
        spare[*at as usize] = *point;
        *at += 1;
    }
    std::mem::swap(points, spare);
    for k in 1..n {
        let mut at = k;
        while at > 0 && is_reversed(points[at - 1], points[at], &identity) {
            points.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// Whether `a` comes after `b`.
#[inline]
fn is_reversed(a: PlanePoint, b: PlanePoint, identity: &impl Fn(PlanePoint) -> u64) -> bool {
    if a.within() == b.within() { has_greater_identity(a, b, identity) } else { a.0 > b.0 }
}

/// Two points of one microsecond are rare.
#[cold]
#[inline(never)]
fn has_greater_identity(a: PlanePoint, b: PlanePoint, identity: &impl Fn(PlanePoint) -> u64) -> bool {
    identity(a) > identity(b)
}
