//! Sums and maxima in the order of the [family](super), for kernels that have them inside: softmax and norms.

use super::extreme::{self, Order};
use super::fold::{self, SumF};
use super::job::{Rows, fold_panel};
use super::{PANEL, fill};
use crate::lane::Lane;

/// The sum of a row of f32, rounded as [`reduce`](super::reduce) does; +0 if it is empty.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(always)]
pub(crate) unsafe fn sum_row<L: Lane>(p: *const f32, n: usize) -> f32 {
    // SAFETY: as the caller vouches.
    if n == 0 { 0.0 } else { f32::from_bits(unsafe { fold::row::<L, SumF>(p.cast(), n) }) }
}

/// The largest element of a row of f32, as [`reduce`](super::reduce) finds it; -infinity if it is empty.
///
/// # Safety
/// - `n` elements at `p` are readable.
#[inline(always)]
pub(crate) unsafe fn max_row<L: Lane>(p: *const f32, n: usize) -> f32 {
    // SAFETY: as the caller vouches.
    if n == 0 { f32::NEG_INFINITY } else { f32::from_bits(unsafe { extreme::row::<L>(Order::FMax, p.cast(), n) }) }
}

/// `to[c]` = the sum of `n` elements `p[c + k * step]`, as [`reduce`](super::reduce) rounds it, for `c < w`. `n` is 1
/// to [`CHUNK`](super::CHUNK).
///
/// # Safety
/// - The elements are readable; `work` has `COLUMN_WORDS * w` words and `to` has `w`; none overlap.
#[inline(always)]
pub(crate) unsafe fn sum_columns<L: Lane>(
    p: *const f32,
    step: isize,
    n: usize,
    w: usize,
    work: *mut u32,
    to: *mut f32,
) {
    let mut k = 0;
    while k < n {
        let count = PANEL.min(n - k);
        let rows = Rows::Even(p.wrapping_offset(k as isize * step).cast(), step);
        // SAFETY: the rows' numbers are below `n`; the rest by the caller's word.
        unsafe { fold_panel::<L, SumF>(rows, k, count, n, work, to.cast(), w) };
        k += count;
    }
}

/// `to[c]` = the largest of `n` elements `p[c + k * step]`, for `c < w`.
///
/// # Safety
/// - The elements are readable and `w` at `to` are writable; they do not overlap.
#[inline(always)]
pub(crate) unsafe fn max_columns<L: Lane>(p: *const f32, step: isize, n: usize, w: usize, to: *mut f32) {
    // SAFETY: the rows' numbers are below `n`; the rest by the caller's word.
    unsafe {
        fill::fill(to.cast(), Order::FMax.worst(), w);
        let mut k = 0;
        while k < n {
            let rows = core::array::from_fn(|r| p.wrapping_offset((k + r).min(n - 1) as isize * step).cast());
            extreme::columns::<L>(Order::FMax, to.cast(), &rows, w);
            k += extreme::ROWS;
        }
    }
}
