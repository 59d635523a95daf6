//! The micro-kernel: `c[0..ROWS, 0..NR] (+)= a[0..ROWS, 0..k] b[0..k, 0..NR]`, accumulators in registers.
//!
//! ```text
//! for p in 0..k:   b0, b1 = b[p]                       two vectors of the packed panel
//!   for i in 0..ROWS:   ai = splat a[i, p]             straight from the rows of a
//!     acc[i] = madd(ai, [b0, b1], acc[i])
//! ```
//!
//! Why 6 x 8. V8 gives WebAssembly fifteen xmm registers: twelve accumulators, two vectors of b and one of a fill
//! them exactly, and need 8 loads for 12 multiply-adds. Loads are what to save: Deno's V8 checks the bounds of each
//! (an address, a compare and a branch), so a tile is bound by the width of the decoder before it is bound by
//! multiply-adds. 3 x 12, best where nothing is checked, takes 6 loads for 9.
//!
//! Why the exits between the steps. Within one basic block LLVM moves a multiply-add next to the use of its result,
//! so that unrolled steps are sorted by accumulator and spill; the exits keep each step a block of its own. They
//! also make any k fit.
//!
//! Why `-Cllvm-args=-pre-RA-sched=source`. Wasm builds need this flag: it keeps the order inside a block as written
//! here. LLVM's own choice for WebAssembly loads five splats before it uses the first, and V8 spills: half the speed.
//!
//! Measured on Zen 5 in Deno 2.9 (share of the peak of multiply-adds, operands in L1 and L2, k = 256): 6 x 8 99 %,
//! 5 x 8 95 %, 3 x 12 92 %, 4 x 8 91 %, 2 x 16 91 %, 4 x 12 71 %. Whole products without the flag: 44 %.

use crate::lane::{LANES, Lane};

/// Rows of a tile: cuts the loop over m. [`tile`] is also built for 4, 2 and 1 rows, for what is left.
pub const MR: usize = 6;

/// Columns of a tile: cuts the loop over n. Panels of b are packed to this width.
pub const NR: usize = 8;

/// Vectors in a row of a tile.
const VECTORS: usize = NR / LANES;

/// Steps over k that are written out: each spares the stack check that V8 puts into a loop's head.
const STEPS: usize = 4;

/// Computes one tile: `c = a b`, or `c += a b` if `add`. Rows of b are `PITCH` elements apart.
///
/// # Safety
/// - `k` is at least one.
/// - `a[i * lda + p]` is readable for i below `ROWS` and p below k.
/// - `b[p * PITCH + j]` is readable for p below k and j below [`NR`].
/// - `c[i * ldc + j]` is readable and writable for i below `ROWS` and j below [`NR`], and overlaps neither of them.
#[inline(never)]
pub unsafe fn tile<L: Lane, const ROWS: usize, const PITCH: usize>(
    k: usize,
    a: *const f32,
    lda: isize,
    b: *const f32,
    c: *mut f32,
    ldc: isize,
    add: bool,
) {
    let mut acc = [[L::splat(0.0); VECTORS]; ROWS];
    let (mut a, mut b) = (a, b);
    let end = b.wrapping_add(k * PITCH);
    // SAFETY: step p (counted over all turns) reads a[.., p] and b[p], and the loop ends after step k - 1. Addresses
    // of rows beyond the last are made but not read.
    unsafe {
        'steps: loop {
            for step in 0..STEPS {
                let b0 = L::load(b.wrapping_add(step * PITCH));
                let b1 = L::load(b.wrapping_add(step * PITCH + LANES));
                let mut row = a.wrapping_add(step);
                for i in 0..ROWS {
                    let ai = L::load_splat(row);
                    row = row.wrapping_offset(lda);
                    acc[i][0] = L::madd(ai, b0, acc[i][0]);
                    acc[i][1] = L::madd(ai, b1, acc[i][1]);
                }
                if step + 1 < STEPS && b.wrapping_add((step + 1) * PITCH) == end {
                    break 'steps;
                }
            }
            a = a.wrapping_add(STEPS);
            b = b.wrapping_add(STEPS * PITCH);
            if b == end {
                break;
            }
        }
        let mut c = c;
        for i in 0..ROWS {
            for j in 0..VECTORS {
                let at = c.add(j * LANES);
                L::store(at, if add { L::add(L::load(at), acc[i][j]) } else { acc[i][j] });
            }
            c = c.wrapping_offset(ldc);
        }
    }
}

/// Rows of a [`wide`] tile.
pub const WIDE_ROWS: usize = 2;

/// Columns of a [`wide`] tile: a line of the cache.
pub const WIDE: usize = 4 * LANES;

/// Computes one tile of two rows and sixteen columns, `c = a b` or `c += a b`, and copies b to a panel if `PACK`.
///
/// Four values of a row of a are loaded at once, and each spread from there: loads are what to save, and this tile has
/// the registers. LLVM leaves six shuffles of each transposition.
///
/// # Safety
/// - `k` is at least one.
/// - `a[i * lda + p]` is readable for i below [`WIDE_ROWS`] and p below k.
/// - `b[p * ldb + j]` is readable for p below k and j below [`WIDE`]; if `PACK`, `panel[p * WIDE + j]` is writable, and
///   overlaps nothing.
/// - `c[i * ldc + j]` is readable and writable for i below [`WIDE_ROWS`] and j below [`WIDE`], and overlaps nothing.
#[inline(never)]
pub unsafe fn wide<L: Lane, const PACK: bool>(
    k: usize,
    a: *const f32,
    lda: isize,
    b: *const f32,
    ldb: isize,
    panel: *mut f32,
    c: *mut f32,
    ldc: isize,
    add: bool,
) {
    const VECTORS: usize = WIDE / LANES;
    let mut acc = [[L::splat(0.0); VECTORS]; WIDE_ROWS];
    let (mut a, mut b, mut panel) = (a, b, panel);
    let end = a.wrapping_add(k);
    let whole = a.wrapping_add(k / LANES * LANES);
    // SAFETY: step p (counted over all turns) reads a[.., p] and b[p] and writes panel[p], and the last is k - 1.
    unsafe {
        let mut step = |ai: [L::F; WIDE_ROWS]| {
            let values: [L::F; VECTORS] = core::array::from_fn(|j| L::load(b.wrapping_add(j * LANES)));
            b = b.wrapping_offset(ldb);
            if PACK {
                for j in 0..VECTORS {
                    L::store(panel.wrapping_add(j * LANES), values[j]);
                }
                panel = panel.wrapping_add(WIDE);
            }
            for i in 0..WIDE_ROWS {
                for j in 0..VECTORS {
                    acc[i][j] = L::madd(ai[i], values[j], acc[i][j]);
                }
            }
        };
        'steps: while a != whole {
            let rows: [[L::I; LANES]; WIDE_ROWS] =
                core::array::from_fn(|i| L::transpose([L::bits(L::load(a.wrapping_offset(i as isize * lda))); LANES]));
            for p in 0..LANES {
                step(core::array::from_fn(|i| L::float(rows[i][p])));
                // Never taken: see above.
                if p + 1 < LANES && a.wrapping_add(p + 1) == end {
                    break 'steps;
                }
            }
            a = a.wrapping_add(LANES);
        }
        while a != end {
            step(core::array::from_fn(|i| L::load_splat(a.wrapping_offset(i as isize * lda))));
            a = a.wrapping_add(1);
        }
        let mut c = c;
        for row in acc {
            for (j, sum) in row.into_iter().enumerate() {
                let at = c.add(j * LANES);
                L::store(at, if add { L::add(L::load(at), sum) } else { sum });
            }
            c = c.wrapping_offset(ldc);
        }
    }
}
