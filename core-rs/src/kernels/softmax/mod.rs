//! Softmax along the last axis: `y = exp(x - max x) / sum(exp(x - max x))`.
//!
//! - **Layouts**: input and output have one shape, of rank 1 to 8, one dtype (f32, f16 or bf16), and any strides.
//! - **Bits** are those of the separate operations: maximum, difference, exponential, sum in the order of
//!   [`reduce`](super::reduce), quotient; for f16 and bf16 each of them is rounded.
//! - **Aliasing**: the output may be the very elements of the input; otherwise they may not overlap.
//! - **Special cases**, as `jax.nn.softmax`: an entry of -infinity gives 0; a row with a NaN or with +infinity, or of
//!   -infinity alone, is all NaN. A size of zero is a valid nothing.
//! - **Speed**: three passes over a row that stays in L1 (maximum; exponential and sum; quotient), the middle one at
//!   the speed of the exponential. Where the last axis is not the nearest in memory, 64 rows that lie next to each
//!   other are done together, with vectors across them, so that no line of cache is fetched for one element. What is not
//!   f32 and contiguous in the direction of the vectors is widened into `scratch` and narrowed from there.

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use super::elementwise::{Abreast, ExpNotPositive, Tile, exp_not_positive, round_bf16, round_f16};
use super::reduce::{Axes, CHUNK, COLUMN_WORDS, Chunks, GROUP, Move, max_columns, max_row, sum_columns};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{LANES, Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{MAX_RANK, View, ViewMut};
use core::mem::MaybeUninit;

/// Elements of a turn of the inner loops.
const BLOCK: usize = 4 * LANES;

/// Rows that are done together where they are neighbors: four lines of cache. Their accumulators are 4 KiB.
const WIDTH: usize = 64;

/// Elements of a task, about: 10 µs.
const TASK: usize = 1 << 14;

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
    /// Bytes of scratch that a thread needs; 0 if it works in the operands.
    bytes: usize,
}

impl Plan {
    fn new(output: &ViewMut, input: &View) -> Result<Plan, Fault> {
        if !input.dtype.is_float() || output.dtype != input.dtype {
            return Err(Fault::DType);
        }
        let last = input.layout.rank.checked_sub(1).ok_or(Fault::Rank)?;
        if output.layout.shape() != input.layout.shape() {
            return Err(Fault::Shape);
        }
        let kept = Axes::new(&[input.layout, output.layout], None, 0, last, true);
        let n = input.layout.shape[last];
        let step = [input.layout.strides[last], output.layout.strides[last]];
        let near = |i: usize| kept.step(i).unsigned_abs() < step[i].unsigned_abs();
        let together = kept.inner() >= 8 && n <= CHUNK && n > 1 && near(0) && near(1);
        let width = if together { WIDTH } else { 1 };
        let along = if together { [kept.step(0), kept.step(1)] } else { step };
        let direct = input.dtype == DType::F32 && (along == [1, 1] || (n == 1 && !together));
        let bytes =
            n.checked_mul(4 * width).and_then(|bytes| bytes.checked_next_multiple_of(64)).ok_or(Fault::Memory)?;
        Ok(Plan { kept, n, step, width, bytes: if direct { 0 } else { bytes } })
    }
}

/// Bytes of scratch that [`softmax`] needs for these operands on so many threads.
pub fn softmax_scratch(output: &ViewMut, input: &View, threads: usize) -> Result<usize, Fault> {
    Plan::new(output, input)?.bytes.checked_mul(threads).ok_or(Fault::Memory)
}

/// Writes the softmax of `input` along its last axis.
pub fn softmax(pool: &Pool, output: ViewMut, input: View, scratch: &mut [u8]) -> Result<(), Fault> {
    softmax_on::<Live>(pool, output, input, scratch)
}

/// [`softmax`] on a lane of choice, for the tests that compare lanes.
pub fn softmax_on<L: Lane>(pool: &Pool, output: ViewMut, input: View, scratch: &mut [u8]) -> Result<(), Fault> {
    let plan = Plan::new(&output, &input)?;
    output.disjoint_or_same(&input)?;
    if input.layout.is_empty() {
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
        DType::F16 => job.run::<L, F16>(pool),
        DType::BF16 => job.run::<L, Bf16>(pool),
        _ => job.run::<L, F32>(pool),
    }
    Ok(())
}

/// How the result of an operation is rounded.
trait Rounding {
    fn round<L: Lane>(x: L::F) -> L::F;
}

struct F32;
struct F16;
struct Bf16;

impl Rounding for F32 {
    #[inline(always)]
    fn round<L: Lane>(x: L::F) -> L::F {
        x
    }
}

impl Rounding for F16 {
    #[inline(always)]
    fn round<L: Lane>(x: L::F) -> L::F {
        round_f16::<L>(x)
    }
}

impl Rounding for Bf16 {
    #[inline(always)]
    fn round<L: Lane>(x: L::F) -> L::F {
        round_bf16::<L>(x)
    }
}

/// The working memory of all threads.
#[derive(Clone, Copy)]
struct Scratch(*mut u8);

// SAFETY: each thread works in a part of its own.
unsafe impl Sync for Scratch {}

/// All that tasks share.
struct Job<'a> {
    plan: Plan,
    rows: usize,
    scratch: Scratch,
    load: Move,
    store: Move,
    input: View<'a>,
    output: ViewMut<'a>,
}

impl Job<'_> {
    /// Where the row at an index of the kept axes begins in input and output.
    #[inline]
    fn at(&self, index: &[usize; MAX_RANK]) -> (*const u8, *mut u8) {
        let size = self.input.dtype.size() as isize;
        let offset = |operand: usize| self.plan.kept.offset(index, &self.plan.kept.inputs[operand]) * size;
        (self.input.ptr::<u8>().wrapping_offset(offset(0)), self.output.ptr::<u8>().wrapping_offset(offset(1)))
    }

    fn run<L: Lane, R: Rounding>(&self, pool: &Pool) {
        let plan = &self.plan;
        let nanoseconds = (self.rows as u64).saturating_mul(plan.n as u64);
        if plan.width == 1 {
            let group = (TASK / plan.n).max(1);
            pool.run(Work { tasks: self.rows.div_ceil(group), nanoseconds }, &|task, thread| {
                self.along::<L, R>(task * group..((task + 1) * group).min(self.rows), thread);
            });
        } else {
            let inner = plan.kept.inner();
            let blocks = inner.div_ceil(plan.width);
            let outer = plan.kept.outer();
            pool.run(Work { tasks: self.rows / inner * blocks, nanoseconds }, &|task, thread| {
                let mut index = outer.decode(task / blocks);
                let block = task % blocks;
                let range = block * inner / blocks..(block + 1) * inner / blocks;
                index[plan.kept.count - 1] = range.start;
                self.across::<L, R>(&index, range.len(), thread);
            });
        }
    }

    /// Some rows, one after the other.
    #[inline(never)]
    fn along<L: Lane, R: Rounding>(&self, rows: core::ops::Range<usize>, thread: usize) {
        let Plan { n, step, bytes, .. } = self.plan;
        let mut tile = Tile::new();
        for row in rows {
            let (from, to) = self.at(&self.plan.kept.decode(row));
            // SAFETY: a row of the operands; a row of scratch that is this thread's.
            unsafe {
                if bytes == 0 {
                    softmax_row::<L, R>(from.cast(), to.cast(), n);
                } else {
                    let x = self.scratch.0.add(thread * bytes);
                    self.load.run::<L>(&mut tile, from, step[0], x, 1, n);
                    softmax_row::<L, R>(x.cast(), x.cast(), n);
                    self.store.run::<L>(&mut tile, x, 1, to, step[1], n);
                }
            }
        }
    }

    /// `w` rows from `index` on, neighbors along the innermost kept axis, together.
    #[inline(never)]
    fn across<L: Lane, R: Rounding>(&self, index: &[usize; MAX_RANK], w: usize, thread: usize) {
        let Plan { n, step, bytes, .. } = self.plan;
        let (from, to) = self.at(index);
        // SAFETY: `n` times `w` elements of the operands; as many of scratch that is this thread's.
        unsafe {
            if bytes == 0 {
                softmax_columns::<L, R>(from.cast(), step[0], to.cast(), step[1], n, w);
                return;
            }
            let size = self.input.dtype.size() as isize;
            let mut tile = Tile::new();
            let x = self.scratch.0.add(thread * bytes);
            for k in 0..n {
                let from = from.wrapping_offset(k as isize * step[0] * size);
                self.load.run::<L>(&mut tile, from, self.plan.kept.step(0), x.add(k * w * 4), 1, w);
            }
            softmax_columns::<L, R>(x.cast(), w as isize, x.cast(), w as isize, n, w);
            for k in 0..n {
                let to = to.wrapping_offset(k as isize * step[1] * size);
                self.store.run::<L>(&mut tile, x.add(k * w * 4), 1, to, self.plan.kept.step(1), w);
            }
        }
    }
}

/// `exp(x - max)`, each operation rounded. Of a row without a finite maximum it makes zeros and NaN, whose sum is zero
/// or NaN, so that the quotients are NaN all the same.
#[inline(always)]
fn numerator<L: Lane, R: Rounding>(x: L::F, max: L::F) -> L::F {
    R::round::<L>(exp_not_positive::<L>(R::round::<L>(L::sub(x, max))))
}

/// Runs `step` for the offsets of whole vectors below `n`, and gives the first offset after them.
macro_rules! blocks {
    ($n:expr, $i:ident => $step:expr) => {{
        let mut block = 0;
        while block + BLOCK <= $n {
            for vector in 0..4 {
                let $i = block + vector * LANES;
                $step;
            }
            block += BLOCK;
        }
        while block + LANES <= $n {
            let $i = block;
            $step;
            block += LANES;
        }
        block
    }};
}

/// The softmax of one row of f32, its operations rounded by `R`, but for the quotient, which the store rounds. `n` is
/// at least one.
///
/// # Safety
/// - `n` elements at `x` are readable and at `y` writable, which are the same or do not overlap.
#[inline(always)]
unsafe fn softmax_row<L: Lane, R: Rounding>(x: *const f32, y: *mut f32, n: usize) {
    // SAFETY: every offset is below `n`, or in an array of a block.
    unsafe {
        let max = L::splat(max_row::<L>(x, n));
        let f = ExpNotPositive::<L>::new();
        let mut chunks = Chunks::new();
        let mut from = 0;
        while from < n {
            let (x, y, n) = (x.add(from), y.add(from), CHUNK.min(n - from));
            let mut v = Chunks::begin::<L>();
            let numerators = |x: *const f32, y: *mut f32, v: L::F, turn: usize| {
                let mut e = [v; GROUP / LANES];
                for half in 0..2 {
                    let at = |i: usize| half * 4 + i;
                    let d: [L::F; 4] = core::array::from_fn(
                        #[inline(always)]
                        |i| R::round::<L>(L::sub(L::load(x.add(at(i) * LANES)), max)),
                    );
                    let p = f
                        .four(d, turn + half)
                        .unwrap_or_else(|| core::array::from_fn(|i| ExpNotPositive::<L>::one(d[i])));
                    for i in 0..4 {
                        e[at(i)] = R::round::<L>(p[i]);
                        L::store(y.add(at(i) * LANES), e[at(i)]);
                    }
                }
                Chunks::add::<L>(
                    v,
                    #[inline(always)]
                    |i| e[i],
                )
            };
            let mut k = 0;
            while k + GROUP <= n {
                v = numerators(x.add(k), y.add(k), v, k);
                k += GROUP;
            }
            if k < n {
                let mut tail = [0.0; GROUP];
                core::ptr::copy_nonoverlapping(x.add(k), tail.as_mut_ptr(), n - k);
                let p = tail.as_mut_ptr();
                numerators(p, p, v, k);
                core::ptr::copy_nonoverlapping(tail.as_ptr(), y.add(k), n - k);
                // -0 adds nothing.
                tail[n - k..].fill(-0.0);
                v = Chunks::add::<L>(v, |i| L::load(tail.as_ptr().add(i * LANES)));
            }
            chunks.end::<L>(v);
            from += CHUNK;
        }
        let sum = R::round::<L>(L::splat(chunks.sum()));
        let done = blocks!(n, i => L::store(y.add(i), L::div(L::load(y.add(i)), sum)));
        let sum = L::to_array(sum)[0];
        for i in done..n {
            *y.add(i) /= sum;
        }
    }
}

/// The softmax of each of `w` columns, at most [`WIDTH`], of `n` elements, at most [`CHUNK`]; `x_step` and
/// `y_step` lie between the
/// elements of a column. Rounds as [`softmax_row`].
///
/// # Safety
/// - The elements at `x` are readable and those at `y` writable, which are the same or do not overlap.
#[inline(always)]
unsafe fn softmax_columns<L: Lane, R: Rounding>(
    x: *const f32,
    x_step: isize,
    y: *mut f32,
    y_step: isize,
    n: usize,
    w: usize,
) {
    let mut work = [MaybeUninit::<u32>::uninit(); COLUMN_WORDS * WIDTH];
    // Maxima, then sums; what lies beyond `w` is not read into results.
    let mut value = [0f32; WIDTH];
    let work = work.as_mut_ptr().cast();
    let v = value.as_mut_ptr();
    // SAFETY: every offset is below `w`, every row below `n`; `work` and `value` are for WIDTH columns.
    unsafe {
        max_columns::<L>(x, x_step, n, w, v);
        for k in 0..n {
            let (x, y) = (x.wrapping_offset(k as isize * x_step), y.wrapping_offset(k as isize * y_step));
            let done = blocks!(w, i => {
                L::store(y.add(i), numerator::<L, R>(L::load(x.add(i)), L::load(v.add(i))));
            });
            for i in done..w {
                *y.add(i) = L::to_array(numerator::<L, R>(L::splat(*x.add(i)), L::splat(*v.add(i))))[0];
            }
        }
        sum_columns::<L>(y, y_step, n, w, work, v);
        for i in 0..w {
            *v.add(i) = L::to_array(R::round::<L>(L::splat(*v.add(i))))[0];
        }
        for k in 0..n {
            let y = y.wrapping_offset(k as isize * y_step);
            let done = blocks!(w, i => L::store(y.add(i), L::div(L::load(y.add(i)), L::load(v.add(i)))));
            for i in done..w {
                *y.add(i) /= *v.add(i);
            }
        }
    }
}
