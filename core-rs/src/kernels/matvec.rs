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
//! outputs contiguous    five rows of one chain at a time:  s[c][o] += five terms;   s in L2 at most
//! neither               copied to a buffer, then as above
//! ```
//!
//! A few streams are read at a time, and each is long: the four rows are a quarter of a task apart where p is
//! contiguous, and where the outputs are, the rows of the next chain follow on those of this one. Rows side by side
//! would end all streams at once, which halves the bandwidth of memory. Outputs are cut no finer than [`STRIP`] for
//! the same reason: rows a power of two apart, read in short pieces, get a third. So threads share the rows, not the
//! outputs. The cut has no part in the bits.
//!
//! Tasks: strips of outputs; where these are contiguous and few, by blocks of p too, and if that would leave threads
//! idle, by the pairs of chains that t has. Their sums go to scratch and are added up at the end, in the order above.
//!
//! Speed, on Zen 5 in Deno 2.9, one thread, square matrices of f32, GB/s, best of some
//! runs; the sweep only reads:
//!
//! ```text
//! n                     512    1024    2048    4096
//! p contiguous           70      77      73      38
//! outputs contiguous     75      78      80      31
//! sweep                  93      95      96      38
//! ```
//!
//! Where outputs are contiguous every four or five loads need one more, and a store, for the chain, which comes from L2
//! each time. A row times 640 x 2048 gets 75, where the sweep gets 95; to add up the blocks costs 3 % of that, and no
//! order of the same additions that was tried reads more than 82 (native code without bounds checks, 84). With two
//! threads it gets 122, the sweep 168. bf16 gets 20 to 34 GB/s, f16 3 to 6, by the instructions that widen it.

use super::matmul::Scratch;
use super::matmul::operand::{Bf16, F16, F32, Operand, Source, by_dtype, pack};
use super::matmul::problem::{Batch, MatrixVector};
use crate::dtype::DType;
use crate::lane::{LANES, Lane};
use crate::pool::{Pool, SERIAL_NANOSECONDS, Work};
use core::mem::MaybeUninit;

/// Chains of the sum in a block. Two vectors: enough to hide the latency of madd with four rows, and few enough that
/// the chains of 4096 contiguous outputs stay in L2. Part of the order of summation, so of the results.
pub const CHAINS: usize = 8;

/// Pairs of chains, c and c + 4, whose sums are the first step from the chains to the sum of the block.
const PAIRS: usize = CHAINS / 2;

/// Values of p in a block: the unit of work along p, and a bound of the error. Part of the order of summation.
pub const BLOCK: usize = 512;

/// Rows of the matrix that are read at a time: as many streams.
const STREAMS: usize = 4;

/// Outputs of a task, at most, if they are contiguous: their chains are 128 KiB.
const STRIP: usize = 4096;

/// Outputs of a task otherwise, at most.
const STRIP_ROWS: usize = 128;

/// Tasks that a product is cut into if it is large enough.
const TASKS: usize = 4;

/// Rows of one chain that contiguous outputs of f32 add at a time, once groups of [`STREAMS`] have left a multiple. Six
/// are up to 4 % slower with one thread, and eight slower than four: so many streams are not prefetched.
const WIDEST: usize = 5;

/// Vectors of f32 that a turn of the loop over contiguous outputs takes. Others are limited by their widening.
const UNROLL: usize = 4;

/// Floats from a row to the next in the buffer: a line more than a power of two, which would put all in one set.
const PITCH: usize = BLOCK + 16;

/// Floats of the buffer that what is not contiguous either way goes through.
const BUFFER: usize = STREAMS * PITCH;

/// How a product is cut.
struct Grid {
    /// Whether the outputs are contiguous in the matrix.
    by_columns: bool,
    /// Outputs of a task, at most.
    strip: usize,
    /// Values of p of a task, at most.
    span: usize,
    /// Pairs of chains of a task. If they are not all, the task has one block of k.
    pairs: usize,
    /// Tasks of one product: along the outputs, along k, and the groups that the pairs are dealt out to.
    strips: usize,
    spans: usize,
    groups: usize,
    /// Sums that each span has of an output: of each pair, or one.
    each: usize,
    /// Floats of scratch for a thread: the chains of its task.
    chains: usize,
    /// Floats of scratch for one product: its vector if that has to be packed, and sums that cannot go to y at once.
    vector: usize,
    sums: usize,
}

impl Grid {
    fn new(product: &MatrixVector, count: usize, threads: usize) -> Grid {
        let &MatrixVector { outputs, k, matrix, x, y, .. } = product;
        let by_columns = matrix.rs == 1 && (matrix.cs != 1 || k < outputs);
        let strip =
            if by_columns { STRIP } else { outputs.div_ceil(2 * TASKS).next_multiple_of(STREAMS).min(STRIP_ROWS) };
        let strips = outputs.div_ceil(strip);
        let (mut span, mut pairs) = (k.max(1), PAIRS);
        let shared = threads != 1 && nanoseconds(product, count) >= SERIAL_NANOSECONDS;
        // Threads are to have equal shares, or so many that it does not matter.
        let uneven = |tasks: usize| !tasks.is_multiple_of(threads) && tasks < 4 * threads;
        if by_columns && shared && (count * strips < TASKS || uneven(count * strips)) {
            span = BLOCK;
            let whole = count * strips * (k / BLOCK).max(1);
            while pairs != 1 && uneven(whole * (PAIRS / pairs)) {
                pairs /= 2;
            }
        }
        let (spans, groups) = (k.div_ceil(span), PAIRS / pairs);
        let each = if groups == 1 { 1 } else { PAIRS };
        let chains = if by_columns { 2 * pairs * strip.min(outputs) } else { 0 };
        let vector = if x.dtype == DType::F32 && (x.cs == 1 || k == 1) { 0 } else { k };
        let sums = if spans * each == 1 && y.rs == 1 { 0 } else { outputs.saturating_mul(spans * each) };
        Grid { by_columns, strip, span, pairs, strips, spans, groups, each, chains, vector, sums }
    }
}

/// What `count` products cost one thread.
fn nanoseconds(product: &MatrixVector, count: usize) -> u64 {
    let &MatrixVector { outputs, k, matrix, .. } = product;
    let bytes = [outputs, k, count, matrix.dtype.size()].iter().fold(1, |n: u64, &x| n.saturating_mul(x as u64));
    bytes / if matrix.dtype == DType::F16 { 5 } else { 20 }
}

/// Scratch, in floats, for `count` products.
pub(super) fn scratch_floats(product: &MatrixVector, count: usize, threads: usize) -> usize {
    let grid = Grid::new(product, count, threads);
    count.saturating_mul(grid.vector.saturating_add(grid.sums)).saturating_add(threads.saturating_mul(grid.chains))
}

/// Computes every product of a batch, of which `first` is the first.
///
/// # Safety
/// - All elements of the operands are readable, those of the outputs writable; no output overlaps an operand.
/// - `scratch` has what [`scratch_floats`] says, and overlaps nothing.
pub(super) unsafe fn run<L: Lane>(pool: &Pool, batch: &Batch, first: &MatrixVector, scratch: Scratch) {
    let &MatrixVector { outputs, k, .. } = first;
    let grid = Grid::new(first, batch.count, pool.threads());
    let sums = Scratch::new(scratch.at(batch.count * grid.vector));
    let chains = Scratch::new(sums.at(batch.count * grid.sums));
    for index in 0..if grid.vector == 0 { 0 } else { batch.count } {
        // SAFETY: the vector has k elements, and room of its own.
        unsafe { pack::<L>(first.with(&batch.at(index)).x, 1, k, scratch.at(index * k), k) };
    }
    let parts = grid.spans * grid.groups;
    let work = Work { tasks: batch.count * parts * grid.strips, nanoseconds: nanoseconds(first, batch.count) };
    pool.run(work, &|task, thread| {
        let (strip, part, index) = (task % grid.strips, task / grid.strips % parts, task / grid.strips / parts);
        let (span, pair) = (part / grid.groups, part % grid.groups * grid.pairs);
        let (o, p) = (strip * grid.strip, span * grid.span);
        let one = first.with(&batch.at(index));
        let x = if grid.vector == 0 { one.x.ptr.cast() } else { scratch.at(index * k).cast_const() };
        let sum = (index * grid.spans + span) * grid.each + pair;
        let to = if grid.sums == 0 { one.y.at(o, 0) } else { sums.at(sum * outputs + o) };
        let count = grid.strip.min(outputs - o);
        // SAFETY: the part begins at output o, value p, and is in bounds; tasks write different places, and the
        // chains of their own thread.
        unsafe {
            let (matrix, x, k) = (one.matrix.at(o, p), x.add(p), grid.span.min(k - p));
            if grid.by_columns {
                let pairs = Pairs { first: pair, count: grid.pairs, apart: outputs };
                by_columns::<L>(matrix, x, count, k, &pairs, chains.at(thread * grid.chains), to);
            } else {
                by_rows::<L>(matrix, x, count, k, to);
            }
        }
    });
    for index in 0..if grid.sums == 0 && k != 0 { 0 } else { batch.count } {
        let y = first.with(&batch.at(index)).y;
        let sums = sums.at(index * grid.spans * grid.each * outputs);
        let whole = if k == 0 { 0 } else { outputs / LANES * LANES };
        // SAFETY: outputs of y, and sums of this product's spans, all of them written.
        unsafe {
            for o in (0..whole).step_by(LANES) {
                let sum = |at: usize| L::load(sums.add(at * outputs + o));
                let total = if grid.each == 1 {
                    (1..grid.spans).fold(sum(0), |total, span| L::add(total, sum(span)))
                } else {
                    let block = |at: usize| L::add(L::add(sum(at), sum(at + 2)), L::add(sum(at + 1), sum(at + 3)));
                    (1..grid.spans).fold(block(0), |total, span| L::add(total, block(PAIRS * span)))
                };
                if y.rs == 1 {
                    L::store(y.at(o, 0), total);
                } else {
                    for (l, total) in L::to_array(total).into_iter().enumerate() {
                        y.at(o + l, 0).write(total);
                    }
                }
            }
            // These are no vector: the first pair's place has them whole.
            for o in whole..outputs {
                let sum = |span: usize| sums.add(span * grid.each * outputs + o).read();
                let total = if k == 0 { 0.0 } else { (1..grid.spans).fold(sum(0), |total, span| total + sum(span)) };
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

/// The pairs of chains, c and c + 4, that a task has.
struct Pairs {
    first: usize,
    count: usize,
    /// Floats from the sums of one to those of the next, if they are not all: else they are added up.
    apart: usize,
}

impl Pairs {
    /// Where among those of the task a chain is kept, if it is one of them.
    fn place(&self, chain: usize) -> Option<usize> {
        let pair = (chain % PAIRS).checked_sub(self.first).filter(|&pair| pair < self.count)?;
        Some(chain / PAIRS * self.count + pair)
    }
}

/// One task, along the outputs: `to[o] = the sum of matrix[o, p] x[p]` for o below `outputs` and p below k; or if the
/// task has not all pairs, the sum of each. Of the last outputs, fewer than a vector, the first pair gets all.
///
/// # Safety
/// - The elements are readable, `to` has `outputs` writable floats for each sum, `chains` twice as many for each pair;
///   nothing overlaps.
/// - The outputs are contiguous in the matrix. The task has all pairs, or k is at most [`BLOCK`].
unsafe fn by_columns<L: Lane>(
    matrix: Operand,
    x: *const f32,
    outputs: usize,
    k: usize,
    pairs: &Pairs,
    chains: *mut f32,
    to: *mut f32,
) {
    let whole = outputs / LANES * LANES;
    // SAFETY: outputs and values of p are cut into pieces that are in bounds.
    unsafe {
        for p in (0..k).step_by(BLOCK) {
            let (from, x) = (matrix.at(0, p), x.add(p));
            by_dtype!(matrix.dtype, columns::<L>(from, x, whole, BLOCK.min(k - p), pairs, chains));
            let chain = |c: usize, o: usize| L::load(chains.add(c * whole + o));
            let pair = |c: usize, o: usize| L::add(chain(c, o), chain(c + pairs.count, o));
            if pairs.count == PAIRS {
                for o in (0..whole).step_by(LANES) {
                    let sum = L::add(L::add(pair(0, o), pair(2, o)), L::add(pair(1, o), pair(3, o)));
                    L::store(to.add(o), if p == 0 { sum } else { L::add(L::load(to.add(o)), sum) });
                }
            } else {
                for c in 0..pairs.count {
                    for o in (0..whole).step_by(LANES) {
                        L::store(to.add(c * pairs.apart + o), pair(c, o));
                    }
                }
            }
        }
        if whole != outputs && pairs.first == 0 {
            by_rows::<L>(matrix.at(whole, 0), x, outputs - whole, k, to.add(whole));
        }
    }
}

/// Outputs contiguous: the chains of a task, `outputs` floats apart, from `matrix[o, p] x[p]`.
///
/// # Safety
/// - The elements for o below `outputs`, a multiple of four, and p below k are readable; so is x, and chains writable.
unsafe fn columns<L: Lane, S: Source>(
    matrix: Operand,
    x: *const f32,
    outputs: usize,
    k: usize,
    pairs: &Pairs,
    chains: *mut f32,
) {
    let mut p = 0;
    // SAFETY: values of p below k, in groups that begin at a multiple of CHAINS.
    unsafe {
        let fresh = S::SIZE == 4 && k >= CHAINS * STREAMS;
        if !fresh {
            chains.write_bytes(0, 2 * pairs.count * outputs);
        }
        while p < k {
            let deep = match (k - p) / CHAINS {
                left if S::SIZE == 4 && left != 0 && left.is_multiple_of(WIDEST) => WIDEST,
                STREAMS.. => STREAMS,
                _ => 1,
            };
            for first in p..k.min(p + CHAINS) {
                let Some(place) = pairs.place(first - p) else { continue };
                let (x, to) = (x.add(first), chains.add(place * outputs));
                match deep {
                    WIDEST if p == 0 => chain::<L, S, WIDEST, true>(&rows_of(matrix, first), x, outputs, to),
                    WIDEST => chain::<L, S, WIDEST, false>(&rows_of(matrix, first), x, outputs, to),
                    STREAMS if fresh && p == 0 => {
                        chain::<L, S, STREAMS, true>(&rows_of(matrix, first), x, outputs, to);
                    }
                    STREAMS => chain::<L, S, STREAMS, false>(&rows_of(matrix, first), x, outputs, to),
                    _ => chain::<L, S, 1, false>(&rows_of(matrix, first), x, outputs, to),
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

/// Adds D terms, [`CHAINS`] values of p apart, to one chain of contiguous outputs; the first of them to 0, whatever
/// lies there.
///
/// The rows' addresses come by reference, or LLVM would see that they are evenly apart and compute each from the one
/// before, in every step.
///
/// # Safety
/// - `outputs` elements of each row are readable, a multiple of four; x and the chain as for [`columns`].
#[inline(never)]
unsafe fn chain<L: Lane, S: Source, const D: usize, const FIRST: bool>(
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
            let mut sum = if FIRST { L::splat(0.0) } else { L::load(to.add(at)) };
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
