//! Softmax along the last axis and its kin.
//!
//! | [`Kind`]    | result                                            | shape                       |
//! | ----------- | ------------------------------------------------- | --------------------------- |
//! | softmax     | `exp(x - max x) / sum(exp(x - max x))`            | that of the input           |
//! | log-softmax | `(x - max x) - log(sum(exp(x - max x)))`          | that of the input           |
//! | log-sum-exp | `log(sum(exp(x - m))) + m`, `m` = max x or 0, where that is not finite | without the last axis |
//!
//! - **Layouts**: the input is of rank 1 to 8; both have one dtype (f32, f16 or bf16), and any strides.
//! - **Bits** are those of the separate operations: maximum, difference, exponential, sum in the order of
//!   [`reduce`](super::reduce), then quotient, or logarithm and difference or sum; for f16 and bf16 each of them is
//!   rounded.
//! - **Aliasing**: an output of the input's shape may be the very elements of the input; otherwise they may not overlap.
//! - **Special cases**, as `jax.nn.softmax`, `log_softmax` and `logsumexp`: an entry of -infinity gives 0, or
//!   -infinity as logarithm; a row with a NaN or with +infinity, or of -infinity alone, is all NaN, but its log-sum-exp
//!   is its maximum. A size of zero is a valid nothing; the log-sum-exp of nothing is -infinity.
//! - **Speed** of softmax: three passes over a row that stays in L1: extremes; exponentials, along with the quotients of
//!   the row before; sum. Rows that span less than 86 spare the steps for subnormal results. Measured on Zen 5 in Deno,
//!   1024 columns: 0.75 ns an element, of which extremes 0.05, exponential 0.54 (the same operations in C 0.50: the
//!   limit, as long as none is contracted), quotient 0.04 (alone 0.16), sum 0.04. The kin make exponentials in a buffer
//!   in L1, since an output in place must leave the input for the differences.
//!   Where the last axis is not the nearest in memory, 64 rows that lie next to each other are done together, with
//!   vectors across them, so that no line of cache is fetched for one element. What is not f32 and contiguous in the
//!   direction of the vectors is widened into `scratch` and narrowed from there.

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
use job::Job;

/// Rows that are done together where they are neighbors: four lines of cache. Their accumulators are 4 KiB.
const WIDTH: usize = 64;

/// What to compute, numbered as in the plan format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// `exp(x - max) / sum(exp(x - max))`.
    Softmax = 0,
    /// `(x - max) - log(sum(exp(x - max)))`.
    LogSoftmax = 1,
    /// `log(sum(exp(x - max))) + max`, a number a row.
    LogSumExp = 2,
}

impl Kind {
    /// Every kind, at the index of its number.
    pub const ALL: [Kind; 3] = [Kind::Softmax, Kind::LogSoftmax, Kind::LogSumExp];

    /// The kind with this number.
    pub fn from_code(code: u32) -> Result<Kind, Fault> {
        Kind::ALL.get(code as usize).copied().ok_or(Fault::Parameter)
    }
}

/// How the rows of one call are done.
struct Plan {
    kind: Kind,
    /// The axes before the last: strides of the input (0) and of the output (1).
    kept: Axes,
    /// Elements of a row.
    n: usize,
    /// The strides along a row: input, output (0 if it has one element a row).
    step: [isize; 2],
    /// Rows that are done together; 1 if vectors run along a row.
    width: usize,
    /// Bytes of scratch that a thread needs; 0 if it works in the operands.
    bytes: usize,
}

impl Plan {
    fn new(kind: Kind, output: &ViewMut, input: &View) -> Result<Plan, Fault> {
        if !input.dtype.is_float() || output.dtype != input.dtype {
            return Err(Fault::DType);
        }
        let shape = input.layout.shape();
        let last = shape.len().checked_sub(1).ok_or(Fault::Rank)?;
        let like = kind != Kind::LogSumExp;
        if output.layout.shape() != if like { shape } else { &shape[..last] } {
            return Err(Fault::Shape);
        }
        let kept = Axes::new(&[input.layout, output.layout], None, 0, last, true);
        let n = shape[last];
        let step = [input.layout.strides[last], if like { output.layout.strides[last] } else { 0 }];
        let near = |i: usize| kept.step(i).unsigned_abs() < step[i].unsigned_abs();
        let together = kept.inner() >= 8 && n <= CHUNK && n > 1 && near(0) && (near(1) || !like);
        let width = if together { WIDTH } else { 1 };
        let along = if together { [kept.step(0), kept.step(1)] } else { step };
        let unit = along[0] == 1 && (along[1] == 1 || !like);
        let direct = input.dtype == DType::F32 && (unit || (n == 1 && !together));
        let bytes =
            n.checked_mul(4 * width).and_then(|bytes| bytes.checked_next_multiple_of(64)).ok_or(Fault::Memory)?;
        Ok(Plan { kind, kept, n, step, width, bytes: if direct { 0 } else { bytes } })
    }
}

/// Bytes of scratch that [`softmax`] needs for these operands on so many threads.
pub fn softmax_scratch(kind: Kind, output: &ViewMut, input: &View, threads: usize) -> Result<usize, Fault> {
    Plan::new(kind, output, input)?.bytes.checked_mul(threads).ok_or(Fault::Memory)
}

/// Writes the softmax of `input` along its last axis, or what else the kind says.
pub fn softmax(pool: &Pool, kind: Kind, output: ViewMut, input: View, scratch: &mut [u8]) -> Result<(), Fault> {
    softmax_on::<Live>(pool, kind, output, input, scratch)
}

/// [`softmax`] on a lane of choice, for the tests that compare lanes.
pub fn softmax_on<L: Lane>(
    pool: &Pool,
    kind: Kind,
    output: ViewMut,
    input: View,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    let plan = Plan::new(kind, &output, &input)?;
    output.disjoint_or_same(&input)?;
    if output.layout.is_empty() {
        return Ok(());
    }
    let rows = plan.kept.len()?;
    if plan.bytes.checked_mul(pool.threads()).is_none_or(|bytes| scratch.len() < bytes) {
        return Err(Fault::Memory);
    }
    if plan.bytes > 0 && !(scratch.as_ptr() as usize).is_multiple_of(4) {
        return Err(Fault::Alignment);
    }
    let dtype = input.dtype;
    let job = Job {
        rows,
        scratch: Scratch(scratch.as_mut_ptr()),
        load: Move::new(dtype, DType::F32)?,
        store: Move::new(DType::F32, dtype)?,
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
