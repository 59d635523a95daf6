//! Cumulative sum, product, maximum and minimum along the last axis: `y[k] = fold of x[0..=k]`, or of `x[k..]` in
//! reverse.
//!
//! - **Layouts**: input and output have one shape, of rank 1 to 8, one dtype (any but bool), and any strides. f16 and
//!   bf16 are scanned in f32, and each result is rounded once from there; integers wrap in 32 bits and keep their low
//!   bits.
//! - **Aliasing**: the output may be the very elements of the input; otherwise they may not overlap.
//! - **Special cases**, as `jax.lax.cumsum` and its kin: a NaN stays from where it stands on; the largest and the
//!   smallest order -0 below +0; a sum begins with +0, so it never is -0. A size of zero is a valid nothing.
//!
//! # The order of operations
//!
//! It depends on the place along the axis alone (counted from the end in reverse), so that any strides and any number
//! of threads give the same bits:
//!
//! 1. Elements are cut into chunks of 256, and these into groups of four: `s0 = x0`, `s1 = x0 + x1`,
//!    `s2 = (x1 + x2) + x0`, `s3 = (x2 + x3) + (x0 + x1)`.
//! 2. A chunk has a carry: the first group's is nothing, the next one's is `carry + s3`.
//! 3. The chunk's base is the sum, in f64 and in order, of the carries that the chunks before ended with, rounded to
//!    f32. The result is `base + (carry + s)`.
//!
//! The same holds for products. Largest, smallest and integers do not depend on the order. A base beyond the range of
//! f32 shows as infinity, and may come back.
//!
//! **Accuracy**: the error of a sum is below `2^-24 * (2 |y| + 67 sum|x|)`, whatever the length; of a million numbers
//! in [0, 1) it was below `2^-24 * 2 y` and a chunk's worth.
//!
//! **Speed**: that of memory, forward and contiguous. Along a row, the groups are the lanes of a vector (two shifts
//! make `s`), and additions to the carry are all that waits. Where the scanned axis is not the nearest in memory, up
//! to [`WIDTH`] rows that lie next to each other are done together with vectors across them. With threads and few
//! rows, the chunks' carries are computed first, then the results, each in parallel.

mod body;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

use super::elementwise::Tile;
use super::reduce::{Axes, Move};
use crate::dtype::DType;
use crate::fault::Fault;
use crate::lane::{Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{MAX_RANK, View, ViewMut};
use body::{Loops, reverse};
use core::mem::MaybeUninit;
use core::ops::Range;

/// Elements between two additions to the base: a sum meets at most 64 roundings in one, and the f64 costs nothing.
const CHUNK: usize = 256;

/// Elements that are brought into registers' form at a time: 8 KiB of stack.
const TILE: usize = 8 * CHUNK;

/// Rows that are done together where they are neighbors: their carries and bases stay in L1.
const WIDTH: usize = 512;

/// Rows of a panel: one group.
const PANEL: usize = 4;

/// Elements of a task, about: 10 µs.
const TASK: usize = 1 << 14;

/// Elements of a task where one row is shared by threads: 30 µs a pass.
const SPAN: usize = 1 << 16;

/// What to fold with, numbered as in the plan format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The sum.
    Sum = 0,
    /// The product.
    Prod = 1,
    /// The largest element.
    Max = 2,
    /// The smallest element.
    Min = 3,
}

impl Kind {
    /// Every kind, at the index of its number.
    pub const ALL: [Kind; 4] = [Kind::Sum, Kind::Prod, Kind::Max, Kind::Min];

    /// The kind with this number.
    pub fn from_code(code: u32) -> Result<Kind, Fault> {
        Kind::ALL.get(code as usize).copied().ok_or(Fault::Parameter)
    }
}

/// How the rows of one call are done.
struct Plan {
    /// The axes before the last: strides of the input (0) and of the output (1).
    kept: Axes,
    /// Elements of a row.
    n: usize,
    /// The strides along a row, in the direction of the scan: input, output.
    step: [isize; 2],
    /// Where a row begins, counted from its first element: input, output.
    start: [isize; 2],
    /// Whether vectors run across rows.
    across: bool,
    /// Whether threads share a row.
    shared: bool,
}

impl Plan {
    fn new(output: &ViewMut, input: &View, reversed: bool, threads: usize) -> Result<Plan, Fault> {
        if input.dtype == DType::Bool || output.dtype != input.dtype {
            return Err(Fault::DType);
        }
        let last = input.layout.rank.checked_sub(1).ok_or(Fault::Rank)?;
        if output.layout.shape() != input.layout.shape() {
            return Err(Fault::Shape);
        }
        let kept = Axes::new(&[input.layout, output.layout], None, 0, last, true);
        let n = input.layout.shape[last];
        let mut step = [input.layout.strides[last], output.layout.strides[last]];
        let mut start = [0; 2];
        if reversed {
            start = step.map(|step| step.wrapping_mul(n.saturating_sub(1) as isize));
            step = step.map(isize::wrapping_neg);
        }
        let near = |i: usize| kept.step(i).unsigned_abs() < step[i].unsigned_abs();
        let across = kept.inner() >= 8 && n > 1 && near(0) && near(1);
        let shared = !across && threads > 1 && n >= 2 * SPAN && kept.len()? < 2 * threads;
        Ok(Plan { kept, n, step, start, across, shared })
    }

    fn chunks(&self) -> usize {
        self.n.div_ceil(CHUNK)
    }
}

/// Bytes of scratch that [`scan`] needs for these operands on so many threads.
pub fn scan_scratch(output: &ViewMut, input: &View, reversed: bool, threads: usize) -> Result<usize, Fault> {
    let plan = Plan::new(output, input, reversed, threads)?;
    if !plan.shared {
        return Ok(0);
    }
    plan.kept.len()?.checked_mul(4 * plan.chunks()).ok_or(Fault::Memory)
}

/// Writes the cumulative fold of `input` along its last axis; from the end if `reversed`.
pub fn scan(
    pool: &Pool,
    kind: Kind,
    reversed: bool,
    output: ViewMut,
    input: View,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    scan_on::<Live>(pool, kind, reversed, output, input, scratch)
}

/// [`scan`] on a lane of choice, for the tests that compare lanes.
pub fn scan_on<L: Lane>(
    pool: &Pool,
    kind: Kind,
    reversed: bool,
    output: ViewMut,
    input: View,
    scratch: &mut [u8],
) -> Result<(), Fault> {
    let plan = Plan::new(&output, &input, reversed, pool.threads())?;
    output.disjoint_or_same(&input)?;
    if input.layout.is_empty() {
        return Ok(());
    }
    let rows = plan.kept.len()?;
    if plan.shared && rows.checked_mul(4 * plan.chunks()).is_none_or(|bytes| scratch.len() < bytes) {
        return Err(Fault::Memory);
    }
    if plan.shared && !(scratch.as_ptr() as usize).is_multiple_of(4) {
        return Err(Fault::Alignment);
    }
    let dtype = input.dtype;
    let register = match dtype {
        _ if dtype.is_float() => DType::F32,
        _ if dtype.is_unsigned() => DType::U32,
        _ => DType::I32,
    };
    // What makes the largest out of every extreme: floats change sign, integers are brought into signed order.
    let flip = match (kind, register) {
        (Kind::Sum | Kind::Prod, _) => 0,
        (Kind::Max, DType::U32) => 1 << 31,
        (Kind::Max, _) => 0,
        (_, DType::F32) => 1 << 31,
        (_, DType::U32) => !(1 << 31),
        _ => !0,
    };
    let job = Job {
        rows,
        flip,
        loops: Loops::new::<L>(kind, register == DType::F32),
        load: Move::new(dtype, register)?,
        store: Move::new(register, dtype)?,
        words: dtype.size() == 4,
        partials: Partials(scratch.as_mut_ptr().cast()),
        input,
        output,
        plan,
    };
    job.run::<L>(pool);
    Ok(())
}

/// Where chunks leave their carries, and then find their bases: a row of chunks for each row.
#[derive(Clone, Copy)]
struct Partials(*mut u32);

// SAFETY: tasks write disjoint words, and read them after all are done.
unsafe impl Sync for Partials {}

/// What becomes of the chunks of a part of a row.
enum Pass {
    /// One after the other, results written; holds the carry (of exact operations) or the base.
    Whole(u32, f64),
    /// Their carries alone go to these words.
    Carries(*mut u32),
    /// Their results, from the carries or bases in these words.
    Results(*const u32),
}

/// All that tasks share.
struct Job<'a> {
    plan: Plan,
    rows: usize,
    flip: u32,
    loops: Loops,
    load: Move,
    store: Move,
    /// Whether elements are registers.
    words: bool,
    partials: Partials,
    input: View<'a>,
    output: ViewMut<'a>,
}

impl Job<'_> {
    /// Where the row at an index of the kept axes begins in input and output.
    #[inline]
    fn at(&self, index: &[usize; MAX_RANK]) -> (*const u8, *mut u8) {
        let size = self.input.dtype.size() as isize;
        let offset = |i: usize| (self.plan.kept.offset(index, &self.plan.kept.inputs[i]) + self.plan.start[i]) * size;
        (self.input.ptr::<u8>().wrapping_offset(offset(0)), self.output.ptr::<u8>().wrapping_offset(offset(1)))
    }

    fn run<L: Lane>(&self, pool: &Pool) {
        let (plan, loops) = (&self.plan, &self.loops);
        let nanoseconds = (self.rows as u64).saturating_mul(plan.n as u64);
        if plan.across {
            let inner = plan.kept.inner();
            let blocks = inner.div_ceil(WIDTH);
            let outer = plan.kept.outer();
            pool.run(Work { tasks: self.rows / inner * blocks, nanoseconds }, &|task, _| {
                let mut index = outer.decode(task / blocks);
                let block = task % blocks;
                let range = block * inner / blocks..(block + 1) * inner / blocks;
                index[plan.kept.count - 1] = range.start;
                self.columns::<L>(&index, range.len());
            });
        } else if plan.shared {
            let spans = plan.n.div_ceil(SPAN);
            let work = Work { tasks: self.rows * spans, nanoseconds };
            let range = |task: usize| task % spans * SPAN..((task % spans + 1) * SPAN).min(plan.n);
            let words = |task: usize| {
                let at = task / spans * plan.chunks() + task % spans * (SPAN / CHUNK);
                self.partials.0.wrapping_add(at)
            };
            pool.run(work, &|task, _| self.row::<L>(task / spans, range(task), Pass::Carries(words(task))));
            for row in 0..self.rows {
                // SAFETY: the row's words of scratch, all written; the tasks that did are done.
                unsafe { self.loops.bases(self.partials.0.add(row * plan.chunks()), plan.chunks()) };
            }
            pool.run(work, &|task, _| self.row::<L>(task / spans, range(task), Pass::Results(words(task))));
        } else {
            let group = (TASK / plan.n).max(1);
            pool.run(Work { tasks: self.rows.div_ceil(group), nanoseconds }, &|task, _| {
                for row in task * group..((task + 1) * group).min(self.rows) {
                    self.row::<L>(row, 0..plan.n, Pass::Whole(loops.neutral, loops.base));
                }
            });
        }
    }

    /// Some chunks of a row.
    #[inline(never)]
    fn row<L: Lane>(&self, row: usize, range: Range<usize>, mut pass: Pass) {
        let (step, loops) = (self.plan.step, &self.loops);
        let size = self.input.dtype.size() as isize;
        let (from, to) = self.at(&self.plan.kept.decode(row));
        let direct = step.map(|step| self.words && (step == 1 || self.plan.n == 1));
        let mut tile = Tile::new();
        let mut room = [MaybeUninit::<u32>::uninit(); TILE];
        let room = room.as_mut_ptr().cast::<u32>();
        for k in range.clone().step_by(TILE) {
            let n = TILE.min(range.end - k);
            let from = from.wrapping_offset(k as isize * step[0] * size);
            let to = to.wrapping_offset(k as isize * step[1] * size);
            let writes = !matches!(pass, Pass::Carries(_));
            // SAFETY: elements `k..k + n` of a row of the operands, where `from` and `to` point; the room has as many.
            // What is read is read before the same elements are written.
            unsafe {
                let mut x = from.cast::<u32>();
                if !direct[0] {
                    if self.words && step[0] == -1 {
                        reverse::<L>(x.wrapping_sub(n - 1), room, n);
                    } else {
                        self.load.run::<L>(&mut tile, from, step[0], room.cast(), 1, n);
                    }
                    x = room;
                }
                let y = if direct[1] && writes { to.cast::<u32>() } else { room };
                for c in (0..n).step_by(CHUNK) {
                    let m = CHUNK.min(n - c);
                    let one = |carry: u32, base: u32| (loops.chunk)(x.add(c), y.add(c), m, carry, base, self.flip);
                    match &mut pass {
                        Pass::Whole(carry, base) => {
                            let end = one(*carry, (*base as f32).to_bits());
                            if loops.exact {
                                *carry = end;
                            } else {
                                *base = (loops.onto)(*base, end);
                            }
                        }
                        Pass::Carries(words) => words.add((k - range.start + c) / CHUNK).write(one(loops.neutral, 0)),
                        Pass::Results(words) => {
                            let given = words.add((k - range.start + c) / CHUNK).read();
                            one(if loops.exact { given } else { loops.neutral }, given);
                        }
                    }
                }
                if writes && !direct[1] {
                    if self.words && step[1] == -1 {
                        reverse::<L>(room, to.cast::<u32>().wrapping_sub(n - 1), n);
                    } else {
                        self.store.run::<L>(&mut tile, room.cast(), 1, to, step[1], n);
                    }
                }
            }
        }
    }

    /// `w` rows from `index` on, neighbors along the innermost kept axis, together.
    #[inline(never)]
    fn columns<L: Lane>(&self, index: &[usize; MAX_RANK], w: usize) {
        let Plan { n, step, .. } = self.plan;
        let loops = &self.loops;
        let size = self.input.dtype.size() as isize;
        let along = [self.plan.kept.step(0), self.plan.kept.step(1)];
        let direct = along.map(|step| self.words && step == 1);
        let (from, to) = self.at(index);
        let mut tile = Tile::new();
        let mut room = [[MaybeUninit::<u32>::uninit(); WIDTH]; PANEL];
        let mut state = ([loops.neutral; WIDTH], [(loops.base as f32).to_bits(); WIDTH], [loops.base; WIDTH]);
        let absent = [0; WIDTH];
        for k in (0..n).step_by(PANEL) {
            let rows = PANEL.min(n - k);
            if k > 0 && k % CHUNK == 0 && !loops.exact {
                for i in 0..w {
                    state.2[i] = (loops.onto)(state.2[i], state.0[i]);
                    (state.0[i], state.1[i]) = (loops.neutral, (state.2[i] as f32).to_bits());
                }
            }
            // Rows beyond the end are read as zeros, and written where nobody looks; nothing follows them.
            let mut x = [absent.as_ptr(); PANEL];
            let mut y = room.each_mut().map(|row| row.as_mut_ptr().cast::<u32>());
            let room = y;
            // SAFETY: row `k + i` of the columns, `w` elements from `from` and `to` on; rows of the room have as many.
            unsafe {
                for i in 0..rows {
                    let from = from.wrapping_offset((k + i) as isize * step[0] * size);
                    let to = to.wrapping_offset((k + i) as isize * step[1] * size);
                    x[i] = from.cast();
                    if !direct[0] {
                        self.load.run::<L>(&mut tile, from, along[0], room[i].cast(), 1, w);
                        x[i] = room[i];
                    }
                    if direct[1] {
                        y[i] = to.cast();
                    }
                }
                (loops.group)(x, y, w, state.0.as_mut_ptr(), state.1.as_ptr(), self.flip);
                if !direct[1] {
                    for i in 0..rows {
                        let to = to.wrapping_offset((k + i) as isize * step[1] * size);
                        self.store.run::<L>(&mut tile, room[i].cast(), 1, to, along[1], w);
                    }
                }
            }
        }
    }
}
