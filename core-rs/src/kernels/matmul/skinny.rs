//! Products with few rows: `c[m, n] (+)= a[m, k] b[k, n]` for one block of k, where packing b beforehand would cost as
//! much as the product does. The first two rows are computed from b as it lies, and what is loaded for them is stored
//! to a panel of 16 columns, from which the others are:
//!
//! ```text
//! for j in 0..n by WIDE:
//!   c[0..2, j..] (+)= a[0..2] b[.., j..],  panel = b[.., j..]      micro::wide
//!   for tiles of rows:  c[i.., j..] (+)= a[i..] panel              micro::tile, micro::wide
//! ```
//!
//! Why 16 columns: a line of the cache. The rows of b are often a power of two apart, so that lines of one column
//! meet in one set of L1 and of L2, and are gone before they are used again; each is loaded once.
//!
//! Bits are those of every other product: each element is one chain over the block.
//!
//! Measured on Zen 5 in Deno 2.9, 8 rows, of the peak of multiply-adds: b in L1 85 to 91 %, in L3 68 to 81 % with rows
//! 8 KiB apart, and 82 to 86 % with rows a little more apart. Slower were: shorter blocks of k (their sums cost more
//! than the reading gains, unless b is beyond L3), reading a byte of later rows ahead, a first tile of six rows or of
//! eight columns, and tiles that all read b where it lies.
//!
//! The limit with rows 8 KiB apart: native code that only reads 640 x 2048 floats so, a line of each row after the
//! other, takes 1.78 ns a line (36 GB/s; 1.05 ns if rows are a line further apart), and no cut of the rows into blocks,
//! nor two or four lines of a row at a time, changes that before blocks of 16 rows. A line's multiply-adds take 4.0 ns
//! with 8 rows, of which the 1.0 of the first two rows hide in the reading: 84 % of the peak at best.

use super::micro::{MR, NR, WIDE, WIDE_ROWS, tile, wide};
use super::operand::pack;
use super::problem::Product;
use super::tile_rows;
use crate::dtype::DType;
use crate::lane::Lane;

/// How many columns [`skinny`] computes: those that fill panels, if b and the output lie as it needs.
pub fn columns(product: &Product) -> usize {
    let fits = product.b.dtype == DType::F32 && product.b.cs == 1 && product.c.cs == 1 && product.m >= WIDE_ROWS;
    if fits { product.n / WIDE * WIDE } else { 0 }
}

/// Computes the first `columns` columns: `output = a b`, or `output += a b` if `add`.
///
/// # Safety
/// - The elements of the operands are readable, those of the output writable; k is at least one.
/// - `columns` is at most what [`columns`] says.
/// - `panel` has room for k rows of [`WIDE`] floats, `block` for m rows of k. Nothing overlaps the output.
pub unsafe fn skinny<L: Lane>(product: &Product, columns: usize, panel: *mut f32, block: *mut f32, add: bool) {
    let &Product { m, k, a, b, c, .. } = product;
    if columns == 0 {
        return;
    }
    // SAFETY: rows and columns below m and `columns`; the panel is complete before it is read.
    unsafe {
        let (a, lda) = if a.cs == 1 || k == 1 {
            (a.ptr.cast::<f32>(), a.rs)
        } else {
            pack::<L>(a, m, k, block, k);
            (block.cast_const(), k as isize)
        };
        for j in (0..columns).step_by(WIDE) {
            let (from, to) = (b.at(0, j).ptr.cast::<f32>(), c.at(0, j));
            if m == WIDE_ROWS {
                wide::<L, false>(k, a, lda, from, b.rs, panel, to, c.rs, add);
            } else {
                wide::<L, true>(k, a, lda, from, b.rs, panel, to, c.rs, add);
            }
            let mut i = WIDE_ROWS;
            while i < m {
                let (a, c, ldc) = (a.wrapping_offset(i as isize * lda), c.at(i, j), c.rs);
                let rows = tile_rows(m - i);
                if rows == WIDE_ROWS {
                    wide::<L, false>(k, a, lda, panel, WIDE as isize, panel, c, ldc, add);
                } else {
                    for half in (0..WIDE).step_by(NR) {
                        let (b, c) = (panel.add(half), c.add(half));
                        match rows {
                            MR => tile::<L, MR, WIDE>(k, a, lda, b, c, ldc, add),
                            4 => tile::<L, 4, WIDE>(k, a, lda, b, c, ldc, add),
                            _ => tile::<L, 1, WIDE>(k, a, lda, b, c, ldc, add),
                        }
                    }
                }
                i += rows;
            }
        }
    }
}
