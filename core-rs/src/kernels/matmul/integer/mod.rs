//! Products of integers: `output[…, i, j] = sum over p of a[…, i, p] b[…, p, j]`, modulo 2^32.
//!
//! Operands are of any dtypes of integers, bool (0 and 1) included, also of two different ones: each element is
//! widened to 32 bits, by its sign if its dtype has one, and products and sums wrap. The output keeps the low bits
//! that its dtype has room for; it is not bool. So with an output of i32 or u32 this is JAX's `lax.dot` with that
//! `preferred_element_type`, and with all three of one dtype its plain one. Layouts are those of [`super`].
//!
//! Bits do not depend on the order of summation, which is therefore free here.
//!
//! # How
//!
//! ```text
//! for j in 0..n by NS, p in 0..k by KC:
//!   pack b[p.., j..] into panels of NR columns                  tasks: some panels each
//!   for strips of NC columns, blocks of rows:                   one task each; strips outermost
//!     pack the rows of a into panels of MR
//!     for panels of b, for panels of a:  tile                   c[MR, NR] += a b, sums in registers
//! ```
//!
//! Panels are of words. If both factors fit 16 bits with sign (i8, u8, i16, bool), a word is two neighbors along p,
//! and one instruction multiplies four pairs and adds each; else it is one element. Packing widens, so that there is
//! one tile for all dtypes; see [`pack`]. A matrix times a vector is not packed: see [`vector`].
//!
//! Speed, on Zen 5 in Deno 2.9, one thread, in operations (a multiplication or an addition of one product): i32 n = 64
//! 40 G/s, 256 49, 512 47, where a loop on registers alone has 60 (f32, with fused multiply-adds, 65); i8 and i16 60,
//! 90 and 94. 4 x 1024 x 1024 has
//! 20: packing b is its limit. A matrix of i32 by a vector, n = 1024: 20 to 25; of i8 11 to 13.

mod pack;
#[cfg(test)]
mod tests;
mod vector;

use super::Scratch;
use super::operand::Target;
use super::problem::{Batch, Product};
use crate::dtype::DType;
use crate::lane::{LANES, Lane};
use crate::pool::{Pool, Work};
use pack::pack;

/// Rows of a tile: cuts the loop over m. Eight sums, two vectors of b, one of a and one product are twelve of the
/// fifteen registers that V8 gives. Five and six rows measured 2 to 5 % faster, but panels of them pack badly.
const MR: usize = 4;

/// Columns of a tile: cuts the loop over n.
const NR: usize = 8;

/// Words along p in a block: cuts the loop over k. A panel of b is then 8 KiB, of a 4 KiB.
const KC: usize = 256;

/// Columns of a slab of b, at most: cuts the loop over n outermost, and bounds the scratch memory.
const NS: usize = 512;

/// Columns of a strip, at most: cuts a slab into tasks.
const NC: usize = 256;

/// Rows of a block, at most: cuts the loop over m into tasks.
const MC: usize = 96;

/// Tasks that a slab is cut into if it is large enough.
const TASKS: usize = 32;

/// Words between the end of a panel of b and the next, so that panels do not all meet in one set of the cache.
const GAP: usize = 16;

/// Panels of b that a packing task takes.
const PACK_PANELS: usize = 4;

/// Whether an element fits 16 bits with sign.
fn is_short(dtype: DType) -> bool {
    matches!(dtype, DType::I8 | DType::U8 | DType::I16 | DType::Bool)
}

/// How a product is cut: by its shape and dtypes alone.
#[derive(Clone, Copy)]
struct Grid {
    /// Whether a word is two elements.
    pairs: bool,
    /// Words of a block, columns of a slab, at most.
    kc: usize,
    ns: usize,
    /// Rows and columns of a task, at most.
    mc: usize,
    nc: usize,
}

impl Grid {
    fn new(product: &Product) -> Grid {
        let &Product { m, n, k, a, b, .. } = product;
        let pairs = is_short(a.dtype) && is_short(b.dtype);
        let words = if pairs { k.div_ceil(2) } else { k };
        let ns = n.min(NS);
        let nc = ns.next_multiple_of(NR).min(NC);
        let share = m.saturating_mul(ns.div_ceil(nc)).div_ceil(TASKS);
        // Not far beyond the rows there are: the block is scratch.
        let mc = share.next_multiple_of(MR).clamp(4 * MR, MC).min(m.next_multiple_of(MR));
        Grid { pairs, kc: words.min(KC), ns, mc, nc }
    }

    /// Elements of p in a block, at most.
    fn block(&self) -> usize {
        if self.pairs { 2 * self.kc } else { self.kc }
    }

    /// Words of `k` elements of p.
    fn words(&self, k: usize) -> usize {
        if self.pairs { k.div_ceil(2) } else { k }
    }

    /// Words of a slab of b, which all threads share, and of a block of a for each.
    fn scratch(&self) -> (usize, usize) {
        (self.ns.div_ceil(NR) * panel(self.kc), self.mc * self.kc)
    }
}

/// Words from a panel of b to the next.
const fn panel(words: usize) -> usize {
    words * NR + GAP
}

/// Words of scratch that [`run`] needs.
pub(super) fn scratch_words(batch: &Batch, threads: usize) -> usize {
    if batch.product.vector().is_some() {
        return 0;
    }
    let (slab, block) = Grid::new(&batch.product).scratch();
    if batch.is_small() { (slab + block) * threads } else { slab + block * threads }
}

/// Computes the products of a batch that is not empty.
///
/// # Safety
/// - All elements of the operands are readable, those of the output writable; the output overlaps no operand, and
///   has no element twice.
/// - `scratch` has [`scratch_words`] words and overlaps nothing.
pub(super) unsafe fn run<L: Lane>(pool: &Pool, batch: &Batch, scratch: Scratch) {
    let grid = Grid::new(&batch.product);
    let (slab, block) = grid.scratch();
    // SAFETY: by the caller's word; tasks write different products, or leave the cutting to what they call, and the
    // scratch of their own thread.
    unsafe {
        if let Some(product) = batch.product.vector() {
            vector::run::<L>(pool, batch, &product);
        } else if batch.is_small() {
            let nanoseconds = batch.product.nanoseconds().saturating_mul(batch.count as u64);
            pool.run(Work { tasks: batch.count, nanoseconds }, &|task, thread| {
                let own = Scratch::new(scratch.at(thread * (slab + block)));
                product::<L>(&Pool::serial(), &batch.at(task), &grid, own);
            });
        } else {
            for index in 0..batch.count {
                product::<L>(pool, &batch.at(index), &grid, scratch);
            }
        }
    }
}

/// Computes one product.
///
/// # Safety
/// - As [`run`], with the scratch that `grid`, made for this shape, says for the threads of `pool`.
unsafe fn product<L: Lane>(pool: &Pool, whole: &Product, grid: &Grid, scratch: Scratch) {
    let (slab, block) = grid.scratch();
    if whole.k == 0 {
        for (i, j) in (0..whole.m).flat_map(|i| (0..whole.n).map(move |j| (i, j))) {
            // SAFETY: (i, j) is below (m, n).
            unsafe { put(whole.c, i, j, 0, false) };
        }
        return;
    }
    for js in (0..whole.n).step_by(grid.ns) {
        let n = grid.ns.min(whole.n - js);
        for ps in (0..whole.k).step_by(grid.block()) {
            let k = grid.block().min(whole.k - ps);
            let words = grid.words(k);
            let part = Product { n, k, ..whole.at(0, js, ps) };
            let columns = PACK_PANELS * NR;
            let work = Work { tasks: n.div_ceil(columns), nanoseconds: (n * k / 2) as u64 };
            pool.run(work, &|task, _| {
                let (j, to) = (task * columns, scratch.at(task * PACK_PANELS * panel(words)).cast());
                // SAFETY: columns below n, and panels of their own in the slab.
                unsafe { pack::<L, NR>(part.b.at(0, j), k, columns.min(n - j), grid.pairs, to, panel(words)) };
            });
            let blocks = whole.m.div_ceil(grid.mc);
            let work = Work { tasks: blocks * n.div_ceil(grid.nc), nanoseconds: part.nanoseconds() };
            pool.run(work, &|task, thread| {
                let (i, j) = (task % blocks * grid.mc, task / blocks * grid.nc);
                let task = Product { m: grid.mc.min(part.m - i), n: grid.nc.min(n - j), ..part.at(i, j, 0) };
                let panels = scratch.at(j / NR * panel(words)).cast::<u32>();
                let own = scratch.at(slab + thread * block).cast();
                // SAFETY: rows below m, columns below n; tasks have different parts of the output; the packed slab
                // is complete, and the thread's block is its own.
                unsafe { strip::<L>(&task, grid, panels, own, ps != 0) };
            });
        }
    }
}

/// One task: `output (+)= a b` for a block of rows and a strip of columns, whose packed panels of b are given.
///
/// # Safety
/// - The elements of a are readable, those of the output writable; k is at least one.
/// - `panels` holds the packed columns; `block` has room for the packed rows. Nothing overlaps the output.
unsafe fn strip<L: Lane>(task: &Product, grid: &Grid, panels: *const u32, block: *mut u32, add: bool) {
    let &Product { m, n, k, a, c, .. } = task;
    let words = grid.words(k);
    let direct = c.cs == 1 && c.size == size_of::<u32>() as isize;
    // SAFETY: rows and columns below m and n; the panels have `words` words of MR rows and of NR columns.
    unsafe {
        pack::<L, MR>(a.turned(), k, m, grid.pairs, block, words * MR);
        for j in (0..n).step_by(NR) {
            let b = panels.add(j / NR * panel(words));
            let cols = NR.min(n - j);
            for i in (0..m).step_by(MR) {
                let (a, rows) = (block.add(i * words).cast_const(), MR.min(m - i));
                if direct && (rows, cols) == (MR, NR) {
                    tile_of::<L>(grid.pairs, words, a, b, c.at(i, j).cast(), c.rs, add);
                    continue;
                }
                // Narrower than a tile, or with other places: computed aside, and moved.
                let mut aside = [0u32; MR * NR];
                tile_of::<L>(grid.pairs, words, a, b, aside.as_mut_ptr(), NR as isize, false);
                for r in 0..rows {
                    for s in 0..cols {
                        put(c, i + r, j + s, aside[r * NR + s], add);
                    }
                }
            }
        }
    }
}

/// [`tile`] for words of one element or of two.
///
/// # Safety
/// - As [`tile`].
#[inline(always)]
unsafe fn tile_of<L: Lane>(
    pairs: bool,
    words: usize,
    a: *const u32,
    b: *const u32,
    c: *mut u32,
    ldc: isize,
    add: bool,
) {
    // SAFETY: by the caller's word.
    unsafe {
        if pairs {
            tile::<L, true>(words, a, b, c, ldc, add);
        } else {
            tile::<L, false>(words, a, b, c, ldc, add);
        }
    }
}

/// Words along p that are written out: each spares the stack check that V8 puts into a loop's head.
const STEPS: usize = 4;

/// Computes one tile from packed panels: `c = a b`, or `c += a b` if `add`. Words are pairs if `PAIRS`. For the exits
/// between the steps see [`super::micro`]: fewer of them are slower here too.
///
/// # Safety
/// - `words` is at least one; `a` has as many vectors of [`MR`] words, `b` of [`NR`].
/// - `c[i * ldc + j]` is readable and writable for i below [`MR`] and j below [`NR`], and overlaps neither.
#[inline(never)]
unsafe fn tile<L: Lane, const PAIRS: bool>(
    words: usize,
    a: *const u32,
    b: *const u32,
    c: *mut u32,
    ldc: isize,
    add: bool,
) {
    const { assert!(MR.is_multiple_of(LANES) && NR == 2 * LANES) };
    let mut acc = [[L::isplat(0); 2]; MR];
    let (mut a, mut b) = (a, b);
    let end = b.wrapping_add(words * NR);
    // SAFETY: word p (counted over all turns) is read of both panels, and the loop ends after the last.
    unsafe {
        'steps: loop {
            for step in 0..STEPS {
                let b0 = L::iload(b.wrapping_add(step * NR));
                let b1 = L::iload(b.wrapping_add(step * NR + LANES));
                for i in 0..MR {
                    let ai = L::bits(L::load_splat(a.wrapping_add(step * MR + i).cast()));
                    let [x, y] =
                        if PAIRS { [L::dot16(ai, b0), L::dot16(ai, b1)] } else { [L::imul(ai, b0), L::imul(ai, b1)] };
                    acc[i] = [L::iadd(acc[i][0], x), L::iadd(acc[i][1], y)];
                }
                if step + 1 < STEPS && b.wrapping_add((step + 1) * NR) == end {
                    break 'steps;
                }
            }
            a = a.wrapping_add(STEPS * MR);
            b = b.wrapping_add(STEPS * NR);
            if b == end {
                break;
            }
        }
        let mut c = c;
        for row in acc {
            for (j, sum) in row.into_iter().enumerate() {
                let at = c.add(j * LANES);
                L::istore(at, if add { L::iadd(L::iload(at), sum) } else { sum });
            }
            c = c.wrapping_offset(ldc);
        }
    }
}

/// Writes, or adds, the low bits of a sum.
///
/// # Safety
/// - Element (i, j) of `c` is readable and writable.
#[inline(always)]
unsafe fn put(c: Target, i: usize, j: usize, value: u32, add: bool) {
    let at = c.at(i, j);
    // SAFETY: by the caller's word; elements are aligned and have this size.
    unsafe {
        match c.size {
            1 => {
                let (at, value) = (at.cast::<u8>(), value as u8);
                at.write(if add { at.read().wrapping_add(value) } else { value });
            }
            2 => {
                let (at, value) = (at.cast::<u16>(), value as u16);
                at.write(if add { at.read().wrapping_add(value) } else { value });
            }
            _ => {
                let at = at.cast::<u32>();
                at.write(if add { at.read().wrapping_add(value) } else { value });
            }
        }
    }
}
