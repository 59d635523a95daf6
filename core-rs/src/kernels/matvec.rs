//! A matrix times a vector, on either side of a product: `y[o] = sum over p of matrix[o, p] x[p]`.
//!
//! [`super::matmul`] comes here when its output has one column (the matrix is `a`) or one row (the matrix is `b`,
//! turned). Aliasing and special cases are as there.
//!
//! # Order of summation
//!
//! Fixed by k alone, whatever the layout, dtype, batch or number of threads, and not that of matmul: eight chains are
//! what lets vectors of p, or of outputs, be summed as they lie in memory.
//!
//! ```text
//! for each block of BLOCK values of p, in order:
//!   s[0..8] = 0;   for p in the block:  s[p % 8] = madd(matrix[o, p], x[p], s[p % 8])
//!   t[c] = s[c] + s[c + 4] for c below 4;   sum of the block = (t[0] + t[2]) + (t[1] + t[3])
//! y[o] = the sum of the blocks' sums, from the first to the last
//! ```
//!
//! A chain without values stays 0; nothing is padded, so that NaN and infinities flow as in IEEE arithmetic. Accuracy:
//! |error| <= (BLOCK / 8 + 3 + k / BLOCK) 2^-24 sum |matrix x|, to first order.
//!
//! # How
//!
//! ```text
//! p contiguous          four rows at a time share the loads of x, two vectors of chains each, in registers
//! outputs contiguous    six rows of one chain at a time:   s[c][o] += six terms;    s in L2 at most
//! neither               copied to a buffer, then as above
//! ```
//!
//! A few streams are read at a time, and each is long: the four rows are a quarter of a task apart where p is
//! contiguous, and where the outputs are, the rows of the next chain follow on those of this one. Rows side by side
//! would end all streams at once, which halves the bandwidth of memory. Outputs are cut no finer than [`NARROW`], and
//! by one thread no finer than [`STRIP`], for the same reason: rows a power of two apart, read in short pieces, get a
//! third. The cut has no part in the bits.
//!
//! Tasks: strips of outputs; where these are contiguous, by blocks of p, whose sums go to scratch and are added up in
//! order at the end.
//!
//! Speed, on Zen 5 in Deno 2.9, one thread, square matrices of f32, GB/s; the sweep only adds up:
//!
//! ```text
//! n                     512    1024    2048    4096
//! p contiguous           67      72      65      40
//! outputs contiguous     83      80      70      30
//! sweep                  95     103      89      39
//! ```
//!
//! In the caches the instructions are the limit: where outputs are contiguous every six loads need one more, and a
//! store, for the chain. A row times 640 x 2048 gets 76, where the sweep gets 102. bf16 gets 20 to 34 GB/s, f16 3 to 6,
//! by the instructions that widen it.

use super::matmul::Scratch;
use super::matmul::operand::{Bf16, F16, F32, Operand, Source, by_dtype, pack};
use super::matmul::problem::{Batch, MatrixVector};
use crate::dtype::DType;
use crate::lane::{LANES, Lane};
use crate::pool::{Pool, Work};
use core::mem::MaybeUninit;

/// Chains of the sum in a block. Two vectors: enough to hide the latency of madd with four rows, and few enough that
/// the chains of 4096 contiguous outputs stay in L2. Part of the order of summation, so of the results.
pub const CHAINS: usize = 8;

/// Values of p in a block: the unit of work along p, and a bound of the error. Part of the order of summation.
pub const BLOCK: usize = 512;

/// Rows of the matrix that are read at a time: as many streams.
const STREAMS: usize = 4;

/// Outputs of a task, at most, if they are contiguous: their chains are 128 KiB.
const STRIP: usize = 4096;

/// Outputs of a task, at least, if they are contiguous and there are as many.
const NARROW: usize = 1024;

/// Outputs of a task otherwise, at most.
const STRIP_ROWS: usize = 128;

/// Tasks that a product is cut into if it is large enough.
const TASKS: usize = 4;

/// Rows of one chain that contiguous outputs of f32 add at a time, if there are as many, and else [`STREAMS`]:
/// eight are slower than four.
const WIDEST: usize = 6;

/// Vectors of f32 that a turn of the loop over contiguous outputs takes. Others are limited by their widening.
const UNROLL: usize = 4;

/// Floats from a row to the next in the buffer: a line more than a power of two, which would put all in one set.
const PITCH: usize = BLOCK + 16;

/// Floats of the buffer that what is not contiguous either way goes through.
const BUFFER: usize = STREAMS * PITCH;

/// How a product is cut.
struct Grid {
    /// Whether the outputs are contiguous in the matrix. Then a task has one block of k, and its sums may go to scratch.
    by_columns: bool,
    /// Outputs of a task, at most.
    strip: usize,
    /// Tasks of one product: along the outputs, and along k.
    strips: usize,
    blocks: usize,
    /// Floats of scratch for a thread: the chains of its task.
    chains: usize,
    /// Floats of scratch for one product: its vector if that has to be packed, and sums that cannot go to y at once.
    vector: usize,
    sums: usize,
}

impl Grid {
    fn new(product: &MatrixVector, threads: usize) -> Grid {
        let &MatrixVector { outputs, k, matrix, x, y, .. } = product;
        let by_columns = matrix.rs == 1 && (matrix.cs != 1 || k < outputs);
        let blocks = if by_columns { k.div_ceil(BLOCK) } else { 1 };
        let strip = if by_columns {
            let tasks = if threads == 1 { 1 } else { TASKS.div_ceil(blocks.max(1)) };
            outputs.div_ceil(tasks).next_multiple_of(UNROLL * LANES).clamp(NARROW, STRIP)
        } else {
            outputs.div_ceil(2 * TASKS).next_multiple_of(STREAMS).min(STRIP_ROWS)
        };
        let chains = if by_columns { CHAINS * strip.min(outputs) } else { 0 };
        let vector = if x.dtype == DType::F32 && (x.cs == 1 || k == 1) { 0 } else { k };
        let sums = if blocks == 1 && y.rs == 1 { 0 } else { outputs.saturating_mul(blocks) };
        Grid { by_columns, strip, strips: outputs.div_ceil(strip), blocks, chains, vector, sums }
    }
}

/// Scratch, in floats, for `count` products.
pub(super) fn scratch_floats(product: &MatrixVector, count: usize, threads: usize) -> usize {
    let grid = Grid::new(product, threads);
    count.saturating_mul(grid.vector.saturating_add(grid.sums)).saturating_add(threads.saturating_mul(grid.chains))
}

/// Computes every product of a batch, of which `first` is the first.
///
/// # Safety
/// - All elements of the operands are readable, those of the outputs writable; no output overlaps an operand.
/// - `scratch` has what [`scratch_floats`] says, and overlaps nothing.
pub(super) unsafe fn run<L: Lane>(pool: &Pool, batch: &Batch, first: &MatrixVector, scratch: Scratch) {
    let &MatrixVector { outputs, k, matrix, .. } = first;
    let grid = Grid::new(first, pool.threads());
    let sums = Scratch::new(scratch.at(batch.count * grid.vector));
    let chains = Scratch::new(sums.at(batch.count * grid.sums));
    for index in 0..if grid.vector == 0 { 0 } else { batch.count } {
        // SAFETY: the vector has k elements, and room of its own.
        unsafe { pack::<L>(first.with(&batch.at(index)).x, 1, k, scratch.at(index * k), k) };
    }
    let bytes = [outputs, k, batch.count, matrix.dtype.size()].iter().fold(1, |n: u64, &x| n.saturating_mul(x as u64));
    let nanoseconds = bytes / if matrix.dtype == DType::F16 { 5 } else { 20 };
    let tasks = batch.count * grid.blocks * grid.strips;
    pool.run(Work { tasks, nanoseconds }, &|task, thread| {
        let (strip, block, index) =
            (task % grid.strips, task / grid.strips % grid.blocks, task / grid.strips / grid.blocks);
        let (o, p) = (strip * grid.strip, block * BLOCK);
        let one = first.with(&batch.at(index));
        let x = if grid.vector == 0 { one.x.ptr.cast() } else { scratch.at(index * k).cast_const() };
        let to = if grid.sums == 0 { one.y.at(o, 0) } else { sums.at((index * grid.blocks + block) * outputs + o) };
        let count = grid.strip.min(outputs - o);
        // SAFETY: the part begins at output o, value p, and is in bounds; tasks write different places, and the
        // chains of their own thread.
        unsafe {
            let (part, x) = (one.matrix.at(o, p), x.add(p));
            if grid.by_columns {
                by_columns::<L>(part, x, count, BLOCK.min(k - p), chains.at(thread * grid.chains), to);
            } else {
                by_rows::<L>(part, x, count, k, to);
            }
        }
    });
    for index in 0..if grid.sums == 0 && k != 0 { 0 } else { batch.count } {
        let y = first.with(&batch.at(index)).y;
        let sums = sums.at(index * grid.blocks * outputs);
        let whole = if y.rs == 1 && k != 0 { outputs / LANES * LANES } else { 0 };
        // SAFETY: outputs of y, and sums of this product's blocks, all of them written.
        unsafe {
            for o in (0..whole).step_by(LANES) {
                let sum = |block: usize| L::load(sums.add(block * outputs + o));
                L::store(y.at(o, 0), (1..grid.blocks).fold(sum(0), |total, block| L::add(total, sum(block))));
            }
            for o in whole..outputs {
                let sum = |block: usize| sums.add(block * outputs + o).read();
                let total = if k == 0 { 0.0 } else { (1..grid.blocks).fold(sum(0), |total, block| total + sum(block)) };
                y.at(o, 0).write(total);
            }
        }
    }
}

/// One task, along the values of p: `to[o] = the sum of matrix[o, p] x[p]` for o below `outputs` and p below k.
///
/// # Safety
/// - The elements are readable, `to` has `outputs` writable floats and overlaps nothing.
unsafe fn by_rows<L: Lane>(matrix: Operand, x: *const f32, outputs: usize, k: usize, to: *mut f32) {
    let mut buffer = [const { MaybeUninit::<f32>::uninit() }; BUFFER];
    let buffer: *mut f32 = buffer.as_mut_ptr().cast();
    // Rows of a group are `apart`; those that do not fill one are done one by one.
    let apart = outputs / STREAMS;
    let grouped = apart * STREAMS;
    // SAFETY: outputs and values of p are cut into pieces that are in bounds, and that fit the buffer.
    unsafe {
        for turn in 0..apart + (outputs - grouped) {
            let (o, count) = if turn < apart { (turn, STREAMS) } else { (grouped + turn - apart, 1) };
            for p in (0..k).step_by(BLOCK) {
                let (size, x, to) = (BLOCK.min(k - p), x.add(p), to.add(o));
                let mut from = matrix.at(o, p);
                from.rs = from.rs.wrapping_mul(apart as isize);
                if matrix.cs != 1 || count == 1 && matrix.dtype != DType::F32 {
                    pack::<L>(from, count, size, buffer, PITCH);
                    from = Operand { ptr: buffer.cast_const().cast(), dtype: DType::F32, rs: PITCH as isize, cs: 1 };
                }
                if count == 1 {
                    rows::<L, F32, 1>(from, x, size, to, 0, p != 0);
                } else {
                    by_dtype!(from.dtype, group::<L>(from, x, size, to, apart, p != 0));
                }
            }
        }
    }
}

/// [`rows`], four of them. Not inlined, as [`chain`]: large, and all registers are to be had.
///
/// # Safety
/// - As [`rows`].
#[inline(never)]
unsafe fn group<L: Lane, S: Source>(matrix: Operand, x: *const f32, k: usize, to: *mut f32, apart: usize, add: bool) {
    // SAFETY: by the caller's word.
    unsafe { rows::<L, S, STREAMS>(matrix, x, k, to, apart, add) }
}

/// Values of p contiguous: one block of R rows, `to[r * apart] (+)= sum of matrix[r, p] x[p]`.
///
/// # Safety
/// - The elements for p below k are readable; so is x, and the places of `to` readable and writable.
#[inline(always)]
unsafe fn rows<L: Lane, S: Source, const R: usize>(
    matrix: Operand,
    x: *const f32,
    k: usize,
    to: *mut f32,
    apart: usize,
    add: bool,
) {
    let keys = S::keys::<L>();
    let mut sums = [[L::splat(0.0); CHAINS / LANES]; R];
    let step = matrix.rs.wrapping_mul(S::SIZE);
    let mut row: [*const u8; R] = core::array::from_fn(|r| matrix.ptr.wrapping_offset(step.wrapping_mul(r as isize)));
    // SAFETY: values of p below k.
    unsafe {
        let (mut x, mut left) = (x, k);
        while left >= 2 * CHAINS {
            for at in (0..2 * CHAINS).step_by(LANES) {
                let values = L::load(x.add(at));
                for r in 0..R {
                    let sum = &mut sums[r][at / LANES % 2];
                    *sum = L::madd(values, S::load::<L>(row[r].offset(at as isize * S::SIZE), keys), *sum);
                }
            }
            x = x.add(2 * CHAINS);
            row = row.map(|row| row.wrapping_offset(2 * CHAINS as isize * S::SIZE));
            left -= 2 * CHAINS;
        }
        // Fewer than two rounds of the chains: by vectors, the last one of which may be short.
        let mut chain = 0;
        while left != 0 {
            let size = left.min(LANES);
            let mask = L::ult(L::ifrom_array([0, 1, 2, 3]), L::isplat(size as u32));
            let values = L::from_array(core::array::from_fn(|l| if l < size { x.add(l).read() } else { 0.0 }));
            for r in 0..R {
                let [low, high] = sums[r];
                let sum = if chain == 0 { low } else { high };
                let one = |l: usize| S::one::<L>(row[r].offset(l as isize * S::SIZE), keys);
                let others = L::from_array(core::array::from_fn(|l| if l < size { one(l) } else { 0.0 }));
                let sum = L::select(mask, L::madd(values, others, sum), sum);
                sums[r] = if chain == 0 { [sum, high] } else { [low, sum] };
                row[r] = row[r].wrapping_offset(size as isize * S::SIZE);
            }
            x = x.add(size);
            left -= size;
            chain ^= 1;
        }
        for (r, [low, high]) in sums.into_iter().enumerate() {
            let [a, b, c, d] = L::to_array(L::add(low, high));
            let (sum, at) = ((a + c) + (b + d), to.add(r * apart));
            at.write(if add { at.read() + sum } else { sum });
        }
    }
}

/// One task, along the outputs: `to[o] = the sum of matrix[o, p] x[p]` for o below `outputs` and p below k.
///
/// # Safety
/// - The elements are readable, `to` has `outputs` writable floats, `chains` [`CHAINS`] times as many; nothing overlaps.
/// - The outputs are contiguous in the matrix, and k is at most [`BLOCK`].
unsafe fn by_columns<L: Lane>(
    matrix: Operand,
    x: *const f32,
    outputs: usize,
    k: usize,
    chains: *mut f32,
    to: *mut f32,
) {
    let whole = outputs / LANES * LANES;
    // SAFETY: outputs and values of p are cut into pieces that are in bounds.
    unsafe {
        chains.write_bytes(0, CHAINS * whole);
        by_dtype!(matrix.dtype, columns::<L>(matrix, x, whole, k, chains));
        for o in (0..whole).step_by(LANES) {
            let pair = |c: usize| L::add(L::load(chains.add(c * whole + o)), L::load(chains.add((c + 4) * whole + o)));
            L::store(to.add(o), L::add(L::add(pair(0), pair(2)), L::add(pair(1), pair(3))));
        }
        if whole != outputs {
            by_rows::<L>(matrix.at(whole, 0), x, outputs - whole, k, to.add(whole));
        }
    }
}

/// Outputs contiguous: adds to their chains, `outputs` floats apart, `matrix[o, p] x[p]`.
///
/// # Safety
/// - The elements for o below `outputs`, a multiple of four, and p below k are readable; so is x, and chains writable.
unsafe fn columns<L: Lane, S: Source>(matrix: Operand, x: *const f32, outputs: usize, k: usize, chains: *mut f32) {
    let mut p = 0;
    // SAFETY: values of p below k, in groups that begin at a multiple of CHAINS.
    unsafe {
        while p < k {
            let deep = match (k - p) / CHAINS {
                WIDEST.. if S::SIZE == 4 => WIDEST,
                STREAMS.. => STREAMS,
                _ => 1,
            };
            for first in p..k.min(p + CHAINS) {
                let (x, to) = (x.add(first), chains.add((first - p) * outputs));
                match deep {
                    WIDEST => chain::<L, S, WIDEST>(&rows_of(matrix, first), x, outputs, to),
                    STREAMS => chain::<L, S, STREAMS>(&rows_of(matrix, first), x, outputs, to),
                    _ => chain::<L, S, 1>(&rows_of(matrix, first), x, outputs, to),
                }
            }
            p += CHAINS * deep;
        }
    }
}

/// Where D values of p begin, the first and those [`CHAINS`] apart from there on.
#[inline(always)]
fn rows_of<const D: usize>(matrix: Operand, p: usize) -> [*const u8; D] {
    core::array::from_fn(|d| matrix.at(0, p + d * CHAINS).ptr)
}

/// Adds D terms, [`CHAINS`] values of p apart, to one chain of contiguous outputs.
///
/// The rows' addresses come by reference, or LLVM would see that they are evenly apart and compute each from the one
/// before, in every step.
///
/// # Safety
/// - `outputs` elements of each row are readable, a multiple of four; x and the chain as for [`columns`].
#[inline(never)]
unsafe fn chain<L: Lane, S: Source, const D: usize>(
    rows: &[*const u8; D],
    x: *const f32,
    outputs: usize,
    sums: *mut f32,
) {
    let keys = S::keys::<L>();
    let (mut row, mut to, mut left) = (*rows, sums, outputs);
    // SAFETY: outputs below `outputs`; x has D values, CHAINS apart.
    unsafe {
        let x: [L::F; D] = core::array::from_fn(|d| L::load_splat(x.add(d * CHAINS)));
        let term = |to: *mut f32, row: &[*const u8; D], at: usize| {
            let mut sum = L::load(to.add(at));
            for d in 0..D {
                sum = L::madd(x[d], S::load::<L>(row[d].offset(at as isize * S::SIZE), keys), sum);
            }
            L::store(to.add(at), sum);
        };
        while D != 1 && S::SIZE == 4 && left >= UNROLL * LANES {
            for at in (0..UNROLL * LANES).step_by(LANES) {
                term(to, &row, at);
            }
            row = row.map(|row| row.wrapping_offset((UNROLL * LANES) as isize * S::SIZE));
            to = to.add(UNROLL * LANES);
            left -= UNROLL * LANES;
        }
        while left != 0 {
            term(to, &row, 0);
            row = row.map(|row| row.wrapping_offset(LANES as isize * S::SIZE));
            to = to.add(LANES);
            left -= LANES;
        }
    }
}
