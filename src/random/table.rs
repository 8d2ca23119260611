//! The quantile function of a continuous distribution as a table: one look-up and three multiply-adds a draw.
//!
//! The unit interval is cut at 1/2 into a lower and an upper tail; each tail into octaves of the probability (1/4 to
//! 1/2, 1/8 to 1/4, ...), each octave into 32 equal cells with a cubic each. So the table is as fine near 0 and near 1
//! as the quantile function is steep there. A cell whose cubic misses the quantile by more than the tolerance (a
//! kink, an extreme shape), and everything beyond 40 octaves, is evaluated exactly instead.

use super::distribution::Distribution;
use super::gamma::{KnownPoint, StandardGamma, Tail};

/// Octaves a tail: down to the probability 2^-41.
const OCTAVES: usize = 40;
/// Cells an octave.
const CELLS: usize = 32;
/// The position inside a cell has 44 bits: coarse enough that a step of it always outweighs the rounding of the cubic
/// (which makes the value exactly monotone), fine enough for 2^-51 of the probability.
const POSITION_MASK: u64 = ((1 << 44) - 1) << 8;
const LAST_POSITION: f64 = 1.0 - 1.0 / (1u64 << 44) as f64;
/// The exponent of the doubles in [1, 2).
const ONE: u64 = 0x3ff << 52;
/// 2^-65, the unit of [`Place::probability`].
const UNIT: f64 = 0.5 / 18_446_744_073_709_551_616.0;
/// Greatest relative error of a cubic that is used ...
const TOLERANCE: f64 = 2e-8;
/// ... unless the error is below this share of the mean: far below a microsecond for any duration of minutes.
const FLOOR: f64 = 1e-13;
/// Inner nodes of a cubic besides 0 and 1: the Chebyshev nodes, stretched so that the outer ones fall on the ends.
const INNER: [f64; 2] = [0.292_893_218_813_452_5, 0.707_106_781_186_547_5];
/// Where the error of such a cubic is checked: near its extremes.
const CHECKS: [f64; 2] = [0.11, 0.5];

/// Coefficients of the cubic, constant first; or, where the cubic is not used, NaN and the values at both ends.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
struct Cell([f64; 4]);

/// The table of one distribution.
#[derive(Clone)]
pub(super) struct QuantileTable {
    /// By octave, tail (lower, upper), cell.
    cells: Box<[Cell]>,
    distribution: Distribution,
}

/// The least probability in an octave of the table: 2^-(octave + 2).
fn least_of(octave: usize) -> f64 {
    f64::from_bits((1021 - octave as u64) << 52)
}

/// The bits of a draw, taken apart.
struct Place {
    /// The probability, counted from its tail, in units of 2^-65; odd, so never 0.
    probability: u64,
    /// Into the cells; beyond their end when the probability lies beyond the table.
    index: usize,
    /// Inside the cell, in [0, 1).
    position: f64,
}

impl Place {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a cell number below 64 fits any usize")]
    fn of(bits: u64) -> Place {
        let upper = bits >> 63;
        // In the upper half the complement is the distance from the top: all ones turn every bit.
        let probability = ((bits ^ 0u64.wrapping_sub(upper)) << 1) | 1;
        let octave = probability.leading_zeros();
        let leading_one_on_top = probability << octave;
        let cell = (leading_one_on_top >> 58) & 31;
        let position = f64::from_bits(ONE | ((leading_one_on_top >> 6) & POSITION_MASK)) - 1.0;
        Place { probability, index: (octave as usize) * 2 * CELLS + (upper * 32 + cell) as usize, position }
    }
}

impl Cell {
    #[inline]
    fn at(&self, position: f64) -> f64 {
        let Cell([c0, c1, c2, c3]) = *self;
        c0 + position * (c1 + position * (c2 + position * c3))
    }
}

impl QuantileTable {
    /// Tabulates a continuous distribution.
    pub(super) fn new(distribution: &Distribution) -> QuantileTable {
        let mut cells = vec![Cell([0.0; 4]); OCTAVES * 2 * CELLS].into_boxed_slice();
        let floor = FLOOR * distribution.mean();
        // Both tails end at the same median, or rounding could break the order there.
        let median = fill(&mut cells, &mut Walk::new(distribution, Tail::Lower), floor, None);
        fill(&mut cells, &mut Walk::new(distribution, Tail::Upper), floor, Some(median));
        QuantileTable { cells, distribution: distribution.clone() }
    }

    /// The quantile at `bits` / 2^64.
    #[inline]
    pub(super) fn value(&self, bits: u64) -> f64 {
        let place = Place::of(bits);
        if let Some(cell) = self.cells.get(place.index) {
            let value = cell.at(place.position);
            if !value.is_nan() {
                return value;
            }
        }
        self.exact(bits)
    }

    /// The distribution that was tabulated.
    pub(super) fn distribution(&self) -> &Distribution {
        &self.distribution
    }

    /// The share of draws that are evaluated exactly.
    pub(super) fn exact_share(&self) -> f64 {
        let of_octave = |octave: usize| least_of(octave) / CELLS as f64;
        let untabulated = self.cells.iter().enumerate().filter(|(_, cell)| cell.0[0].is_nan());
        untabulated.map(|(index, _)| of_octave(index / (2 * CELLS))).sum::<f64>() + 2.0 * least_of(OCTAVES - 1)
    }

    /// The quantile by its definition, held between the values of the cells on both sides so that rounding cannot
    /// break the order.
    #[cold]
    #[inline(never)]
    fn exact(&self, bits: u64) -> f64 {
        let place = Place::of(bits);
        let upper = bits >> 63 == 1;
        let probability = place.probability as f64 * UNIT;
        let value =
            if upper { self.distribution.upper_quantile(probability) } else { self.distribution.quantile(probability) };
        match self.cells.get(place.index) {
            Some(Cell([_, start, end, _])) => value.clamp(start.min(*end), start.max(*end)),
            None => {
                let outermost = &self.cells[(OCTAVES - 1) * 2 * CELLS + if upper { CELLS } else { 0 }].0;
                let border = if outermost[0].is_nan() { outermost[1] } else { outermost[0] };
                if upper { value.max(border) } else { value.min(border) }
            }
        }
    }
}

/// Fills the cells of one tail from its far end inwards, to the median, which it returns.
fn fill(cells: &mut [Cell], walk: &mut Walk<'_>, floor: f64, median: Option<f64>) -> f64 {
    let side = if walk.tail == Tail::Lower { 0 } else { CELLS };
    let mut start = walk.value(least_of(OCTAVES - 1));
    for octave in (0..OCTAVES).rev() {
        for cell in 0..CELLS {
            let at = |position: f64| least_of(octave) * (1.0 + (cell as f64 + position) / CELLS as f64);
            // In ascending order of the probability: each value starts from the one before.
            let first_check = walk.value(at(CHECKS[0]));
            let first_inner = walk.value(at(INNER[0]));
            let second_check = walk.value(at(CHECKS[1]));
            let second_inner = walk.value(at(INNER[1]));
            let is_last = octave == 0 && cell == CELLS - 1;
            let end = median.filter(|_| is_last).unwrap_or_else(|| walk.value(at(1.0)));
            let cubic = cubic_through([start, first_inner, second_inner, end]);
            let checks = [(CHECKS[0], first_check), (CHECKS[1], second_check)];
            cells[octave * 2 * CELLS + side + cell] =
                usable(cubic, end, &checks, floor).unwrap_or(Cell([f64::NAN, start, end, 0.0]));
            start = end;
        }
    }
    start
}

/// Quantiles of one tail at ascending probabilities, each helped by the one before.
struct Walk<'a> {
    distribution: &'a Distribution,
    tail: Tail,
    gamma: Option<(StandardGamma, f64)>,
    last: Option<KnownPoint>,
}

impl<'a> Walk<'a> {
    fn new(distribution: &'a Distribution, tail: Tail) -> Walk<'a> {
        let gamma = match distribution {
            Distribution::Gamma { shape, scale } => Some((StandardGamma::new(*shape), *scale)),
            Distribution::Erlang { k, mean } => Some((StandardGamma::new(f64::from(*k)), mean / f64::from(*k))),
            _ => None,
        };
        Walk { distribution, tail, gamma, last: None }
    }

    fn value(&mut self, probability: f64) -> f64 {
        if let Some((gamma, scale)) = &self.gamma {
            let x = gamma.quantile(self.tail, probability, self.last);
            self.last = Some((probability, x));
            return scale * x;
        }
        match self.tail {
            Tail::Lower => self.distribution.quantile(probability),
            Tail::Upper => self.distribution.upper_quantile(probability),
        }
    }
}

/// The cubic with these values at 0, the two inner nodes and 1, by Newton's divided differences.
fn cubic_through(values: [f64; 4]) -> Cell {
    let nodes = [0.0, INNER[0], INNER[1], 1.0];
    let mut difference = values;
    for order in 1..4 {
        for i in (order..4).rev() {
            difference[i] = (difference[i] - difference[i - 1]) / (nodes[i] - nodes[i - order]);
        }
    }
    let [d0, d1, d2, d3] = difference;
    let [_, a, b, _] = nodes;
    // d0 + x (d1 + (x - a) (d2 + (x - b) d3)), multiplied out.
    Cell([d0, d1 - a * d2 + a * b * d3, d2 - (a + b) * d3, d3])
}

/// The cubic, if it is monotone, near enough to the true values at the checks, and does not pass `end`.
fn usable(cubic: Cell, end: f64, checks: &[(f64, f64)], floor: f64) -> Option<Cell> {
    let near =
        checks.iter().all(|&(position, value)| (cubic.at(position) - value).abs() <= floor.max(TOLERANCE * value));
    if !near {
        return None;
    }
    let Cell([c0, mut c1, c2, c3]) = cubic;
    // Lifts the slope's rounding so that the last position of this cell stays on this side of the next cell's first.
    for _ in 0..8 {
        // The slope keeps a quarter of c1 throughout: a step of the position outweighs every rounding.
        let straight = 2.0 * c2.abs() + 3.0 * c3.abs() <= 0.75 * c1.abs();
        let forward = (c1 > 0.0) == (end > c0) && c1.abs() > 0.0;
        if !(straight && forward) {
            return None;
        }
        let cell = Cell([c0, c1, c2, c3]);
        let passed = if c1 > 0.0 { cell.at(LAST_POSITION) > end } else { cell.at(LAST_POSITION) < end };
        if !passed {
            return Some(cell);
        }
        c1 -= c1.signum() * f64::EPSILON * end;
    }
    None
}
