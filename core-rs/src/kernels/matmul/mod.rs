//! Matrix products: `output[…, i, j] = sum over p of a[…, i, p] b[…, p, j]`.
//!
//! Layouts: any strides of any operand; leading axes are a batch, equal in number and size, where a stride of zero
//! broadcasts. `a` and the output are f32, `b` is f32, f16 or bf16 and widened exactly; or all three are of integers,
//! which [`integer`] multiplies. m, n and k may be zero; with k = 0 the output is zeros. Aliasing: an output that
//! shares memory with an input is refused. What follows is about floats.
//!
//! # Order of summation
//!
//! Two rules, and the shape of one product says which: m = 1 or n = 1 is a matrix times a vector, and has the order
//! that [`super::matvec`] states. Every element of every other product, whatever the kernel, tile, strides, batch or
//! number of threads:
//!
//! ```text
//! for each block of KC values of p, in order:   s = 0;   for p in the block:  s = madd(a[i, p], b[p, j], s)
//! output[i, j] = the sum of the blocks' s, from the first to the last
//! ```
//!
//! So a row has the same bits among two as among many, but others alone: a single chain over p would cost a product
//! with a vector half its speed. A batch of products with one row is not made one of many rows, however it lies.
//! `madd` rounds once on the relaxed lane, twice on the others. Zeros are not skipped, and lanes that pad a tile are
//! never stored: NaN and infinities flow as in IEEE arithmetic.
//!
//! Accuracy: |error| <= (min(k, KC) + k / KC) 2^-24 sum |a b|, to first order; the tests hold kernels to the rule
//! above bit for bit.
//!
//! # How
//!
//! ```text
//! for js in 0..n by NS:                     slab of b
//!   for ps in 0..k by KC:
//!     pack b[ps.., js..] into panels of NR columns            tasks: some rows each
//!     for strips of NC columns, blocks of MC rows:            one task each; strips outermost
//!       for panels of NR columns:                             a panel (8 KiB) stays in L1
//!         for tiles of MR rows: micro::tile                   a's block (below 96 KiB) in L2, as the strip
//! ```
//!
//! With few rows ([`THIN`]), and with some more ([`LOW`]) if `a` is read where it lies, a slab is a task, with its
//! packing, and nothing waits in between. With few, if b is f32 and its rows are contiguous, it is not packed
//! beforehand but while the first two rows are computed: see [`skinny`].
//!
//! `a` is read where it lies if its rows are contiguous (the micro-kernel splats single elements of six rows), and
//! else copied, a block a task. Rows that do not fill a tile of six go to tiles of 4, 2 and 1. A matrix times a
//! vector on either side goes to [`super::matvec`]; a batch of small products is one task each.
//!
//! Speed, on Zen 5 in Deno 2.9, one thread, of the peak of multiply-adds (65 GFLOP/s): n = 32 62 %, 64 87 %, 128
//! 92 %, 256 95 %, 512 to 1536 90 to 93 %; 128 x 640 x 2048 90 %, 64 x 784 x 256 86 %. The rest is packing, and in
//! small products the stores and calls of tiles. With few rows the reading of b is the limit, and L3 differs from run
//! to run: 640 x 2048 by 2 rows 30 to 52 %, by 4 52 to 68 %, by 8 68 to 81 % (58 % if b is packed beforehand), by 16 60
//! to 79 %. See [`micro`] for the tile, and for the flag of LLVM that these figures need.

pub mod integer;
pub mod micro;
pub mod operand;
pub(super) mod problem;
#[cfg(test)]
pub(crate) mod reference;
mod skinny;
#[cfg(test)]
mod tests;

use crate::fault::Fault;
use crate::kernels::matvec;
use crate::lane::{Lane, Live};
use crate::pool::{Pool, Work};
use crate::view::{View, ViewMut};
use micro::{MR, NR, WIDE, tile};
use operand::{Operand, Target, pack, pack_rows};
use problem::{Batch, Product};
use skinny::skinny;

/// Values of p in a block: cuts the loop over k. A panel of b is then 8 KiB, a third or less of any L1; and blocked
/// sums are the more accurate ones. Part of the order of summation, so of the results.
pub const KC: usize = 256;

/// Columns of a slab: cuts the loop over n outermost. Bounds the scratch memory (512 KiB for b).
const NS: usize = 512;

/// Columns of a strip, at most: cuts a slab into tasks. With KC it fills a quarter of an L2 of 1 MiB.
const NC: usize = 256;

/// Rows of a block, at most: cuts the loop over m into tasks; a multiple of MR. With KC 96 KiB.
const MC: usize = 96;

/// Tasks that a slab is cut into if it is large enough: by them the load of a few threads is even.
const TASKS: usize = 32;

/// Floats between the end of a panel and the next: a line of the cache, since panels of 8 KiB, written a line each
/// in turn, would all meet in one set.
const GAP: usize = 16;

/// Rows of b that a packing task takes if they are contiguous.
const PACK_ROWS: usize = 32;

/// Columns of b that a packing task takes if rows are not contiguous.
const PACK_COLUMNS: usize = 32;

/// Rows up to which a task has a slab for itself, all its blocks of k, and no thread waits for another. [`skinny`] is
/// the faster up to here: by 1.2 to 1.35 times with 8 rows, by 1.03 with 24.
const THIN: usize = 24;

/// Rows up to which a task has a slab for itself if `a` need not be copied, since a block of its columns stays in L2
/// while the panels of b pass: 128 KiB.
const LOW: usize = 128;

/// Slabs that such a product is cut into if it is wide enough: narrower ones are packed more slowly, by 3 % in all.
const SLABS: usize = 8;

/// Products of m, n and k up to which a batch is worked off one product a task, and not one after the other.
const SMALL: usize = 128 * 128 * 128;

/// Bytes of scratch that [`matmul`] needs with these operands. Fails as it would.
pub fn matmul_scratch(output: &ViewMut, a: &View, b: &View, threads: usize) -> Result<usize, Fault> {
    let batch = Batch::new(output, a, b)?;
    if output.layout.is_empty() {
        return Ok(0);
    }
    if batch.is_integer() {
        return integer::scratch_words(&batch, threads).checked_mul(size_of::<u32>()).ok_or(Fault::Memory);
    }
    let floats = match batch.product.vector() {
        Some(product) => matvec::scratch_floats(&product, batch.count, threads),
        None => floats(&batch, threads),
    };
    floats.checked_mul(size_of::<f32>()).ok_or(Fault::Memory)
}

/// Scratch, in floats, of the products that are not vectors.
fn floats(batch: &Batch, threads: usize) -> usize {
    let grid = Grid::new(&batch.product);
    let (slab, block) = grid.floats();
    if batch.is_small() || grid.alone { (slab + block) * threads } else { slab + block * threads }
}

/// Computes `output = a b` over the last two axes.
///
/// Fails with [`Fault::DType`], [`Fault::Rank`] or [`Fault::Shape`] where the operands do not fit together, with
/// [`Fault::Overlap`] if the output shares memory with an input, with [`Fault::Memory`] if `scratch` is too small.
pub fn matmul(pool: &Pool, output: ViewMut, a: View, b: View, scratch: &mut [u8]) -> Result<(), Fault> {
    if scratch.len() < matmul_scratch(&output, &a, &b, pool.threads())? || scratch.as_ptr().align_offset(4) != 0 {
        return Err(Fault::Memory);
    }
    output.disjoint_from(&a)?;
    output.disjoint_from(&b)?;
    let batch = Batch::new(&output, &a, &b)?;
    if output.layout.is_empty() {
        return Ok(());
    }
    let scratch = Scratch(scratch.as_mut_ptr().cast());
    if batch.is_integer() {
        // SAFETY: as below.
        unsafe { integer::run::<Live>(pool, &batch, scratch) };
        return Ok(());
    }
    let grid = Grid::new(&batch.product);
    let (slab, block) = grid.floats();
    // SAFETY: the views checked every element of the shapes they have; the output overlaps no input and visits no
    // element twice; the scratch is large enough and overlaps nothing, being borrowed; tasks write different parts
    // of the output, and the scratch of their own thread.
    unsafe {
        if let Some(product) = batch.product.vector() {
            matvec::run::<Live>(pool, &batch, &product, scratch);
        } else if batch.is_small() || grid.alone {
            let strips = if grid.alone { batch.product.n.div_ceil(grid.ns) } else { 1 };
            let nanoseconds = batch.product.nanoseconds().saturating_mul(batch.count as u64);
            pool.run(Work { tasks: batch.count * strips, nanoseconds }, &|task, thread| {
                let mut one = batch.at(task / strips);
                if grid.alone {
                    let j = task % strips * grid.ns;
                    one = Product { n: grid.ns.min(one.n - j), ..one.at(0, j, 0) };
                }
                product::<Live>(&Pool::serial(), &one, &grid, Scratch::new(scratch.at(thread * (slab + block))));
            });
        } else {
            for index in 0..batch.count {
                product::<Live>(pool, &batch.at(index), &grid, scratch);
            }
        }
    }
    Ok(())
}

/// Scratch memory that tasks share or cut among themselves.
#[derive(Clone, Copy)]
pub(super) struct Scratch(*mut f32);

// SAFETY: who holds it takes care that no two tasks write one place.
unsafe impl Send for Scratch {}
// SAFETY: as above.
unsafe impl Sync for Scratch {}

impl Scratch {
    /// Memory from this address on.
    pub(super) fn new(at: *mut f32) -> Scratch {
        Scratch(at)
    }

    /// The part that begins `floats` later.
    pub(super) fn at(&self, floats: usize) -> *mut f32 {
        self.0.wrapping_add(floats)
    }
}

/// How a product is cut: by its shape alone.
#[derive(Clone, Copy)]
struct Grid {
    /// Values of p in a block, columns in a slab, at most.
    kc: usize,
    ns: usize,
    /// Rows and columns of a task, at most.
    mc: usize,
    nc: usize,
    /// Whether a slab is one task.
    alone: bool,
    /// Whether the rows are so few that [`skinny`] is the faster.
    thin: bool,
}

impl Grid {
    fn new(product: &Product) -> Grid {
        let &Product { m, n, k, a, .. } = product;
        let thin = m <= THIN;
        let alone = thin || m <= LOW && n >= 4 * WIDE && (a.cs == 1 || k == 1);
        let ns = if thin {
            n.div_ceil(4).next_multiple_of(NR).clamp(NC / 4, NC)
        } else if alone {
            n.div_ceil(SLABS).next_multiple_of(WIDE).clamp(WIDE, NC)
        } else {
            NS
        };
        let ns = ns.min(n);
        let nc = ns.next_multiple_of(NR).min(NC);
        let share = (m * ns.div_ceil(nc)).div_ceil(TASKS);
        let mc = if alone { m } else { share.next_multiple_of(MR).clamp(2 * MR, MC) };
        Grid { kc: k.min(KC), ns, mc, nc, alone, thin }
    }

    /// Scratch in floats: a packed slab of b, which all threads share, and a block of a for each.
    fn floats(&self) -> (usize, usize) {
        (self.ns.next_multiple_of(WIDE) / NR * panel(self.kc), self.mc * self.kc)
    }
}

/// Computes one product that is not empty.
///
/// # Safety
/// - All elements of the operands are readable, those of the output writable; the output overlaps no operand.
/// - `scratch` has what [`Grid::floats`] says, the block for each thread of `pool`, and overlaps nothing.
/// - `grid` was made for a product with the rows and the k of this one, and no fewer columns.
unsafe fn product<L: Lane>(pool: &Pool, whole: &Product, grid: &Grid, scratch: Scratch) {
    if whole.k == 0 {
        // SAFETY: by the caller's word.
        return unsafe { zeros(whole.c, whole.m, whole.n) };
    }
    for js in (0..whole.n).step_by(grid.ns) {
        let n = grid.ns.min(whole.n - js);
        for ps in (0..whole.k).step_by(grid.kc) {
            let k = grid.kc.min(whole.k - ps);
            let (slab, block) = grid.floats();
            let part = Product { n, k, ..whole.at(0, js, ps) };
            let done = if grid.thin { skinny::columns(&part) } else { 0 };
            // SAFETY: these are the columns; the slab has room for a panel, and the block for all rows if they are few.
            unsafe { skinny::<L>(&part, done, scratch.at(0), scratch.at(slab), ps != 0) };
            if done == n {
                continue;
            }
            let (n, part) = (n - done, Product { n: n - done, ..part.at(0, done, 0) });
            // SAFETY: k rows and n columns of b; the slab has room for as many as the grid says, and is shared.
            unsafe { pack_slab::<L>(pool, part.b, k, n, scratch) };
            let blocks = whole.m.div_ceil(grid.mc);
            let work = Work { tasks: blocks * n.div_ceil(grid.nc), nanoseconds: part.nanoseconds() };
            pool.run(work, &|task, thread| {
                let (i, j) = (task % blocks * grid.mc, task / blocks * grid.nc);
                let (rows, cols) = (grid.mc.min(part.m - i), grid.nc.min(n - j));
                let task = Product { m: rows, n: cols, ..part.at(i, j, 0) };
                // SAFETY: rows below m, columns below n; tasks have different parts of the output; the packed slab
                // is complete, and the thread's block is its own.
                unsafe { strip::<L>(&task, scratch.at(j / NR * panel(k)), scratch.at(slab + thread * block), ps != 0) };
            });
        }
    }
}

/// Packs a slab of b, k rows of n columns, into panels of [`NR`] columns; zeros fill the last one.
///
/// # Safety
/// - The elements of b are readable; `slab` has room for the panels, [`panel`] apart, and does not overlap them.
unsafe fn pack_slab<L: Lane>(pool: &Pool, b: Operand, k: usize, n: usize, slab: Scratch) {
    let (whole, rest) = (n / NR, n % NR);
    let by_rows = b.cs == 1;
    let tasks = if by_rows { k.div_ceil(PACK_ROWS) } else { n.div_ceil(PACK_COLUMNS) };
    pool.run(Work { tasks, nanoseconds: (n * k * size_of::<f32>() / 10) as u64 }, &|task, _| {
        // The part of the slab that the task packs.
        let (p, rows) = if by_rows { (task * PACK_ROWS, PACK_ROWS.min(k - task * PACK_ROWS)) } else { (0, k) };
        let columns = if by_rows { 0..n } else { task * PACK_COLUMNS..n.min((task + 1) * PACK_COLUMNS) };
        // SAFETY: rows below k and columns below n; panels have k rows; tasks write different places.
        unsafe {
            if by_rows {
                pack_rows::<L>(b.at(p, 0), rows, whole, slab.at(p * NR), panel(k));
            } else {
                for j in columns.clone().step_by(NR).take_while(|j| j + NR <= n) {
                    pack::<L>(b.at(0, j), k, NR, slab.at(j / NR * panel(k)), NR);
                }
            }
            if rest != 0 && columns.end == n {
                let last = slab.at(whole * panel(k) + p * NR);
                last.write_bytes(0, rows * NR);
                pack::<L>(b.at(p, whole * NR), rows, rest, last, NR);
            }
        }
    });
}

/// Floats from a panel of k rows to the next.
#[inline(always)]
pub(super) const fn panel(k: usize) -> usize {
    k * NR + GAP
}

/// One task: `output (+)= a b` for a block of rows and a strip of columns, whose packed panels of b are given.
///
/// # Safety
/// - The elements of a are readable, those of the output writable; k is at least one.
/// - `panels` holds the packed columns; `block` has room for m rows of k floats. Nothing overlaps the output.
unsafe fn strip<L: Lane>(task: &Product, panels: *const f32, block: *mut f32, add: bool) {
    let &Product { m, n, k, a, .. } = task;
    // SAFETY: rows and columns below m and n; a's block has m rows of k.
    unsafe {
        let (a, lda) = if a.cs == 1 || k == 1 {
            (a.ptr.cast::<f32>(), a.rs)
        } else {
            pack::<L>(a, m, k, block, k);
            (block.cast_const(), k as isize)
        };
        for j in (0..n).step_by(NR) {
            let b = panels.add(j / NR * panel(k));
            let mut i = 0;
            while i < m {
                let rows = tile_rows(m - i);
                let a = a.wrapping_offset(i as isize * lda);
                let c = Target { ptr: task.c.at(i, j), ..task.c };
                if n - j >= NR && c.cs == 1 {
                    tile_of::<L>(rows, k, a, lda, b, c.ptr, c.rs, add);
                } else {
                    edge::<L>(rows, NR.min(n - j), k, a, lda, b, c, add);
                }
                i += rows;
            }
        }
    }
}

/// Rows of the next tile when `left` are to do. 8 and 9 are better cut as 4 + 4 (+ 1) than as 6 + 2 (+ 1).
#[inline]
pub(super) fn tile_rows(left: usize) -> usize {
    match left {
        1 => 1,
        2 | 3 => 2,
        4 | 5 | 8 | 9 => 4,
        _ => MR,
    }
}

/// [`tile`] with this number of rows.
///
/// # Safety
/// - As [`tile`].
#[inline(always)]
pub(super) unsafe fn tile_of<L: Lane>(
    rows: usize,
    k: usize,
    a: *const f32,
    lda: isize,
    b: *const f32,
    c: *mut f32,
    ldc: isize,
    add: bool,
) {
    // SAFETY: by the caller's word.
    unsafe {
        match rows {
            MR => tile::<L, MR, NR>(k, a, lda, b, c, ldc, add),
            4 => tile::<L, 4, NR>(k, a, lda, b, c, ldc, add),
            2 => tile::<L, 2, NR>(k, a, lda, b, c, ldc, add),
            _ => tile::<L, 1, NR>(k, a, lda, b, c, ldc, add),
        }
    }
}

/// A tile that is narrower than [`NR`], or whose places are not neighbors: computed aside, and moved.
///
/// # Safety
/// - As [`tile`], for the first `cols` columns of the output alone; its elements may have any strides.
#[inline(never)]
unsafe fn edge<L: Lane>(
    rows: usize,
    cols: usize,
    k: usize,
    a: *const f32,
    lda: isize,
    b: *const f32,
    c: Target,
    add: bool,
) {
    let mut aside = [0.0f32; MR * NR];
    // SAFETY: `aside` has MR rows of NR; the output is written below (rows, cols) only.
    unsafe {
        tile_of::<L>(rows, k, a, lda, b, aside.as_mut_ptr(), NR as isize, false);
        for i in 0..rows {
            for j in 0..cols {
                let (at, value) = (c.at(i, j), aside[i * NR + j]);
                at.write(if add { at.read() + value } else { value });
            }
        }
    }
}

/// Writes zeros.
///
/// # Safety
/// - The elements of `c` below (m, n) are writable.
unsafe fn zeros(c: Target, m: usize, n: usize) {
    for i in 0..m {
        for j in 0..n {
            // SAFETY: (i, j) is below (m, n).
            unsafe { c.at(i, j).write(0.0) };
        }
    }
}
