//! Normalization along the last axis: root mean square, or mean and variance; with optional scale and bias.
//!
//! The operations are these, in this order, each rounded once to the dtype (a sum and its quotient together, as
//! `jnp.mean` does); they are those of Penzai's `RMSStandardize` and `Standardize`, which a `Linear` and an `AddBias` may
//! follow, so that the bits are those of the decomposed form:
//!
//! ```text
//! s = mean(x * x)                      mean: the sum in the order of `reduce`, in f32, divided by n in f32
//! rms:    r = 1 / sqrt(s + epsilon)    y = x * r
//! layer:  m = mean(x)                  r = 1 / sqrt(max(s - m * m, 0) + epsilon)    y = (x - m) * r
//! y = y * scale                        if there is one
//! y = y + bias                         if there is one
//! ```
//!
//! `1 / sqrt` is two operations of f32, as the tile machine's `rsqrt_f32`, rounded to f16 or bf16 once, after the second.
//! `epsilon` is rounded to the dtype first.
//!
//! - **Layouts**: input and output have one shape, of rank 1 to 8, one dtype (f32, f16 or bf16), and any strides; scale
//!   and bias are vectors of that dtype along the last axis, of any stride.
//! - **Aliasing**: the output may be the very elements of the input; it may not overlap scale or bias.
//! - **Special cases**: NaN and infinities as the operations give them: a row with one is NaN, or partly zero. A row of
//!   equal elements gives zeros (layer). A size of zero is a valid nothing.
//! - **Speed**: two passes over a row that stays in L1: sums, results. What is not f32 and contiguous is widened into
//!   `scratch` and narrowed from there; scale and bias once a call. Where the last axis is not the nearest in memory, 64
//!   rows that lie next to each other are done together, with vectors across them. SPEED
//! - **Accuracy** of the variance is that of the difference of two means, as JAX has it: it suffers where the mean is
//!   large beside the deviation.

mod columns;
mod job;
#[cfg(test)]
mod reference;
mod rows;
#[cfg(test)]
mod tests;

use super::reduce::{Axes, CHUNK, Move};
use super::rowwise::{F32, Narrow, Scratch};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{Lane, Live};
use crate::pool::Pool;
use crate::view::{View, ViewMut};
use job::{Job, widen};

/// Rows that are done together where they are neighbors: four lines of cache.
const WIDTH: usize = 64;

/// By what to normalize, numbered as in the plan format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The root of the mean square.
    Rms = 0,
    /// The mean, and the root of the variance.
    Layer = 1,
}

impl Kind {
    /// Every kind, at the index of its number.
    pub const ALL: [Kind; 2] = [Kind::Rms, Kind::Layer];

    /// The kind with this number.
    pub fn from_code(code: u32) -> Result<Kind, Fault> {
        Kind::ALL.get(code as usize).copied().ok_or(Fault::Parameter)
    }
}

/// What to compute.
#[derive(Clone, Copy)]
pub struct Normalization<'a> {
    /// By what to normalize.
    pub kind: Kind,
    /// By what to multiply each row, element by element.
    pub scale: Option<View<'a>>,
    /// What to add to each row.
    pub bias: Option<View<'a>>,
    /// What is added to the mean square or the variance.
    pub epsilon: f32,
}

/// How the rows of one call are done.
struct Plan {
    /// The axes before the last: strides of the input (0) and of the output (1).
    kept: Axes,
    /// Elements of a row.
    n: usize,
    /// The strides along a row: input, output.
    step: [isize; 2],
    /// Rows that are done together; 1 if vectors run along a row.
    width: usize,
    /// Bytes of scratch for rows that are done together, in each of the threads; 0 if they work in the operands.
    rows: usize,
    /// Bytes of scratch for scale and bias each; 0 if they are used where they are.
    vector: usize,
}

impl Plan {
    fn new(what: &Normalization, output: &ViewMut, input: &View) -> Result<Plan, Fault> {
        let vectors = [what.scale, what.bias];
        let mut vectors = vectors.iter().flatten();
        let dtype = input.dtype;
        if !dtype.is_float() || output.dtype != dtype || vectors.clone().any(|vector| vector.dtype != dtype) {
            return Err(Fault::DType);
        }
        let last = input.layout.rank.checked_sub(1).ok_or(Fault::Rank)?;
        let n = input.layout.shape[last];
        if output.layout.shape() != input.layout.shape() || vectors.clone().any(|x| x.layout.shape() != [n]) {
            return Err(Fault::Shape);
        }
        let kept = Axes::new(&[input.layout, output.layout], None, 0, last, true);
        let step = [input.layout.strides[last], output.layout.strides[last]];
        let near = |i: usize| kept.step(i).unsigned_abs() < step[i].unsigned_abs();
        let together = kept.inner() >= 8 && n <= CHUNK && n > 1 && near(0) && near(1);
        let width = if together { WIDTH } else { 1 };
        let plain = |step: isize| dtype == DType::F32 && (step == 1 || (n == 1 && !together));
        let [from, to] = if together { [kept.step(0), kept.step(1)] } else { step };
        let bytes = |words: usize| words.checked_mul(4).and_then(|bytes| bytes.checked_next_multiple_of(64));
        let rows = bytes(n.checked_mul(width).ok_or(Fault::Memory)?).ok_or(Fault::Memory)?;
        let rows = if plain(from) && plain(to) { 0 } else { rows };
        // A bias alone needs a scale of ones.
        let alone = what.bias.is_some() && what.scale.is_none();
        let vector = alone || vectors.any(|x| !plain(x.layout.strides[0]));
        let vector = if vector { bytes(n).ok_or(Fault::Memory)? } else { 0 };
        Ok(Plan { kept, n, step, width, rows, vector })
    }

    /// Bytes of scratch in all.
    fn bytes(&self, threads: usize) -> Result<usize, Fault> {
        let rows = self.rows.checked_mul(threads).ok_or(Fault::Memory)?;
        self.vector.checked_mul(2).and_then(|vectors| vectors.checked_add(rows)).ok_or(Fault::Memory)
    }
}

/// Bytes of scratch that [`normalize`] needs for these operands on so many threads.
pub fn normalize_scratch(what: &Normalization, output: &ViewMut, input: &View, threads: usize) -> Result<usize, Fault> {
    Plan::new(what, output, input)?.bytes(threads)
}

/// Writes the input normalized along its last axis.
pub fn normalize(
    pool: &Pool,
    what: &Normalization,
    output: ViewMut,
    input: View,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    normalize_on::<Live>(pool, what, output, input, scratch)
}

/// [`normalize`] on a lane of choice, for the tests that compare lanes.
pub fn normalize_on<L: Lane>(
    pool: &Pool,
    what: &Normalization,
    output: ViewMut,
    input: View,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    let plan = Plan::new(what, &output, &input)?;
    output.disjoint_or_same(&input)?;
    for vector in [what.scale, what.bias].iter().flatten() {
        output.disjoint_from(vector)?;
    }
    if input.layout.is_empty() {
        return Ok(());
    }
    let rows = plan.kept.len()?;
    if scratch.len() < plan.bytes(pool.threads())? {
        return Err(Fault::Memory);
    }
    if plan.rows + plan.vector > 0 && !(scratch.as_ptr() as usize).is_multiple_of(4) {
        return Err(Fault::Alignment);
    }
    let dtype = input.dtype;
    let (load, store) = (Move::new(dtype, DType::F32)?, Move::new(DType::F32, dtype)?);
    let base = scratch.as_mut_ptr();
    // SAFETY: the first two parts of scratch, and the vectors, are of `n` elements.
    let vectors = unsafe { widen::<L>(&plan, what, &load, base) };
    let job = Job {
        rows,
        kind: what.kind,
        vectors,
        epsilon: what.epsilon,
        scratch: Scratch(base.wrapping_add(2 * plan.vector)),
        load,
        store,
        input,
        output,
        plan,
    };
    match dtype {
        DType::F16 => job.run::<L, Narrow>(Narrow::F16, pool),
        DType::BF16 => job.run::<L, Narrow>(Narrow::Bf16, pool),
        _ => job.run::<L, F32>(F32, pool),
    }
    Ok(())
}
