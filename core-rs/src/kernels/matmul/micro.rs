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

/// Computes one tile: `c = a b`, or `c += a b` if `add`.
///
/// # Safety
/// - `k` is at least one.
/// - `a[i * lda + p]` is readable for i below `ROWS` and p below k.
/// - `b` has `k * NR` readable elements.
/// - `c[i * ldc + j]` is readable and writable for i below `ROWS` and j below [`NR`], and overlaps neither of them.
#[inline(never)]
pub unsafe fn tile<L: Lane, const ROWS: usize>(
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
    let end = b.wrapping_add(k * NR);
    // SAFETY: step p (counted over all turns) reads a[.., p] and b[p], and the loop ends after step k - 1. Addresses
    // of rows beyond the last are made but not read.
    unsafe {
        'steps: loop {
            for step in 0..STEPS {
                let b0 = L::load(b.wrapping_add(step * NR));
                let b1 = L::load(b.wrapping_add(step * NR + LANES));
                let mut row = a.wrapping_add(step);
                for i in 0..ROWS {
                    let ai = L::load_splat(row);
                    row = row.wrapping_offset(lda);
                    acc[i][0] = L::madd(ai, b0, acc[i][0]);
                    acc[i][1] = L::madd(ai, b1, acc[i][1]);
                }
                if step + 1 < STEPS && b.wrapping_add((step + 1) * NR) == end {
                    break 'steps;
                }
            }
            a = a.wrapping_add(STEPS);
            b = b.wrapping_add(STEPS * NR);
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
