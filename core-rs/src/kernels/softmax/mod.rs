//! Softmax along the last axis: `y = exp(x - max x) / sum(exp(x - max x))`.
//!
//! - **Layouts**: input and output have one shape, of rank 1 to 8, one dtype (f32, f16 or bf16), and any strides.
//! - **Bits** are those of the separate operations: maximum, difference, exponential, sum in the order of
//!   [`reduce`](super::reduce), quotient; for f16 and bf16 each of them is rounded.
//! - **Aliasing**: the output may be the very elements of the input; otherwise they may not overlap.
//! - **Special cases**, as `jax.nn.softmax`: an entry of -infinity gives 0; a row with a NaN or with +infinity, or of
//!   -infinity alone, is all NaN. A size of zero is a valid nothing.
//! - **Speed**: three passes over a row that stays in L1: extremes; exponentials, along with the quotients of the row
//!   before; sum. Rows that span less than 86 spare the steps for subnormal results. Measured on Zen 5 in Deno, 1024
//!   columns: 0.75 ns an element, of which extremes 0.05, exponential 0.54 (the same operations in C 0.50: the limit,
//!   as long as none is contracted), quotient 0.04 (alone 0.16), sum 0.04.
//!   Where the last axis is not the nearest in memory, 64 rows that lie next to each other are done together, with
//!   vectors across them, so that no line of cache is fetched for one element. What is not f32 and contiguous in the
//!   direction of the vectors is widened into `scratch` and narrowed from there.

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use super::elementwise::{Abreast, ExpBounded, ExpNotPositive, Tile, exp_not_positive, round_bf16, round_f16};
use super::reduce::{Axes, CHUNK, COLUMN_WORDS, Move, max_columns, max_row, sum_columns, sum_row};
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
    /// Whether nothing is rounded.
    const IS_NONE: bool;
    /// Rounds.
    fn round<L: Lane>(x: L::F) -> L::F;
}

struct F32;
struct F16;
struct Bf16;

impl Rounding for F32 {
    const IS_NONE: bool = true;
    #[inline(always)]
    fn round<L: Lane>(x: L::F) -> L::F {
        x
    }
}

impl Rounding for F16 {
    const IS_NONE: bool = false;
    #[inline(always)]
    fn round<L: Lane>(x: L::F) -> L::F {
        round_f16::<L>(x)
    }
}

impl Rounding for Bf16 {
    const IS_NONE: bool = false;
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
        let mut due = None;
        for row in rows {
            let (from, to) = self.at(&self.plan.kept.decode(row));
            // SAFETY: a row of the operands; a row of scratch that is this thread's.
            unsafe {
                if bytes == 0 {
                    due = Some(softmax_row::<L, R>(from.cast(), to.cast(), n, due));
                } else {
                    let x = self.scratch.0.add(thread * bytes);
                    self.load.run::<L>(&mut tile, from, step[0], x, 1, n);
                    divide::<L>(softmax_row::<L, R>(x.cast(), x.cast(), n, None), n);
                    self.store.run::<L>(&mut tile, x, 1, to, step[1], n);
                }
            }
        }
        if let Some(due) = due {
            // SAFETY: the last row of the output that was begun.
            unsafe { divide::<L>(due, n) };
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

/// Numerators of a row, which wait for their division by a sum.
#[derive(Clone, Copy)]
struct Due {
    row: *mut f32,
    sum: f32,
}

/// The numerators of one row of f32, each operation rounded by `R`, and their sum, by which they are to be divided. Where
/// `due` is a row of the same length, its quotients are made meanwhile: the divider is idle else, and the pipes are
/// while they divide. `n` is at least one.
///
/// # Safety
/// - `n` elements at `x` are readable and at `y` writable, which are the same or do not overlap; so those of `due`,
///   which overlap neither.
#[inline(always)]
unsafe fn softmax_row<L: Lane, R: Rounding>(x: *const f32, y: *mut f32, n: usize, due: Option<Due>) -> Due {
    // What was divided by one is what it was.
    let due = due.unwrap_or(Due { row: y, sum: 1.0 });
    // SAFETY: by the caller's word; the row at `y` is complete when it is summed.
    unsafe {
        let (max, low) = extremes::<L>(x, n);
        if R::IS_NONE && low - max >= ExpBounded::<L>::LEAST {
            numerators::<L, R, ExpBounded<L>>(x, y, n, max, due);
        } else {
            numerators::<L, R, ExpNotPositive<L>>(x, y, n, max, due);
        }
        Due { row: y, sum: L::to_array(R::round::<L>(L::splat(sum_row::<L>(y, n))))[0] }
    }
}

/// The largest element of a row, NaN if there is one, and a number that none lies below.
///
/// # Safety
/// - `n` elements at `x` are readable; `n` is at least one.
#[inline(always)]
unsafe fn extremes<L: Lane>(x: *const f32, n: usize) -> (f32, f32) {
    const INFINITY: i32 = f32::INFINITY.to_bits() as i32;
    const MINUS_INFINITY: u32 = f32::NEG_INFINITY.to_bits();
    if n >= LANES {
        // As signed integers, the largest is the largest number if one is positive; as unsigned ones, it is the
        // smallest number if one is negative. A NaN lies beyond the infinity of its sign.
        // SAFETY: every load stays below `n`; an element may be taken twice.
        let (high, low) = unsafe {
            let last = L::iload(x.add(n - LANES).cast());
            let (mut high, mut low) = ([last; 2], [last; 2]);
            let mut k = 0;
            while k + 8 * LANES <= n {
                for i in 0..8 {
                    let v = L::iload(x.add(k + i * LANES).cast());
                    high[i % 2] = L::imax(high[i % 2], v);
                    low[i % 2] = L::umax(low[i % 2], v);
                }
                k += 8 * LANES;
            }
            while k + LANES <= n {
                let v = L::iload(x.add(k).cast());
                high[0] = L::imax(high[0], v);
                low[0] = L::umax(low[0], v);
                k += LANES;
            }
            let [a, b, c, d] = L::ito_array(L::imax(high[0], high[1])).map(|x| x as i32);
            let [e, f, g, h] = L::ito_array(L::umax(low[0], low[1]));
            (a.max(b).max(c.max(d)), e.max(f).max(g.max(h)))
        };
        let low_or_zero = if low >> 31 == 1 { f32::from_bits(low) } else { 0.0 };
        if (0..=INFINITY).contains(&high) && low <= MINUS_INFINITY {
            return (f32::from_bits(high as u32), low_or_zero);
        }
        if high < 0 && low <= MINUS_INFINITY {
            // SAFETY: as the caller vouches.
            return (unsafe { max_row::<L>(x, n) }, low_or_zero);
        }
    }
    // SAFETY: as the caller vouches.
    (unsafe { max_row::<L>(x, n) }, f32::NEG_INFINITY)
}

/// The numerators of a row by `E`, and the quotients of `due`, which may be the row itself.
///
/// # Safety
/// - As [`softmax_row`].
#[inline(always)]
unsafe fn numerators<L: Lane, R: Rounding, E: Abreast<L>>(x: *const f32, y: *mut f32, n: usize, max: f32, due: Due) {
    let (max, sum) = (L::splat(max), L::splat(due.sum));
    let f = E::new();
    let never = core::hint::black_box(usize::MAX);
    let z = due.row;
    let mut k = 0;
    // SAFETY: every offset is below `n`.
    unsafe {
        while k + BLOCK <= n {
            let d: [L::F; 4] = core::array::from_fn(
                #[inline(always)]
                |i| R::round::<L>(L::sub(L::load(x.add(k + i * LANES)), max)),
            );
            let Some(e) = f.four(d, k) else { break };
            for (i, e) in e.into_iter().enumerate() {
                L::store(y.add(k + i * LANES), R::round::<L>(e));
            }
            // Never taken: it keeps the compiler from sorting what follows into what went before.
            if k == never {
                break;
            }
            for i in 0..4 {
                let z = z.add(k + i * LANES);
                L::store(z, L::div(L::load(z), sum));
            }
            k += BLOCK;
        }
        let numerator = |x| R::round::<L>(E::one(R::round::<L>(L::sub(x, max))));
        while k + LANES <= n {
            L::store(y.add(k), numerator(L::load(x.add(k))));
            L::store(z.add(k), L::div(L::load(z.add(k)), sum));
            k += LANES;
        }
        while k < n {
            *y.add(k) = L::to_array(numerator(L::splat(*x.add(k))))[0];
            *z.add(k) /= due.sum;
            k += 1;
        }
    }
}

/// Divides a row of `n` by its sum.
///
/// # Safety
/// - The elements of the row are readable and writable.
#[inline(always)]
unsafe fn divide<L: Lane>(due: Due, n: usize) {
    let Due { row, sum } = due;
    let divisor = L::splat(sum);
    // SAFETY: every offset is below `n`.
    unsafe {
        let done = blocks!(n, i => L::store(row.add(i), L::div(L::load(row.add(i)), divisor)));
        for i in done..n {
            *row.add(i) /= sum;
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
