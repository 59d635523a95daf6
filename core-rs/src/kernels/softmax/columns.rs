//! Columns of f32, neighbors in memory, with vectors across them.

use super::super::elementwise::{exp_not_positive, log};
use super::super::reduce::{COLUMN_WORDS, GROUP, max_columns, sum_columns, sum_panels};
use super::super::rowwise::{Rounding, blocks, rounded};
use super::WIDTH;
use crate::lane::{LANES, Lane};
use core::mem::MaybeUninit;

/// `exp(x - max)`, each operation rounded. Of a row without a finite maximum it makes zeros and NaN, whose sum is zero
/// or NaN, so that the quotients are NaN all the same.
#[inline(always)]
fn numerator<L: Lane, R: Rounding>(r: R, x: L::F, max: L::F) -> L::F {
    r.round::<L>(exp_not_positive::<L>(r.round::<L>(L::sub(x, max))))
}

/// The numerators of one element of each of `w` columns.
///
/// # Safety
/// - `w` elements at `x` and `max` are readable, and at `y` writable, which are those at `x` or overlap neither.
#[inline(always)]
unsafe fn numerators<L: Lane, R: Rounding>(r: R, x: *const f32, y: *mut f32, max: *const f32, w: usize) {
    // SAFETY: every offset is below `w`.
    unsafe {
        let done = blocks!(R::VECTORS, w, i => {
            L::store(y.add(i), numerator::<L, R>(r, L::load(x.add(i)), L::load(max.add(i))));
        });
        for i in done..w {
            *y.add(i) = L::to_array(numerator::<L, R>(r, L::splat(*x.add(i)), L::splat(*max.add(i))))[0];
        }
    }
}

/// The softmax of each of `w` columns, at most [`WIDTH`], of `n` elements, at most [`CHUNK`](super::CHUNK); `x_step`
/// and `y_step` lie between the elements of a column. Rounds as [`softmax_row`](super::rows::softmax_row).
///
/// # Safety
/// - The elements at `x` are readable and those at `y` writable, which are the same or do not overlap.
#[inline(always)]
pub(super) unsafe fn softmax_columns<L: Lane, R: Rounding>(
    r: R,
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
            numerators::<L, R>(r, x, y, v, w);
        }
        sum_columns::<L>(y, y_step, n, w, work, v);
        for i in 0..w {
            *v.add(i) = rounded::<L, R>(r, *v.add(i));
        }
        for k in 0..n {
            let y = y.wrapping_offset(k as isize * y_step);
            let done = blocks!(4, w, i => L::store(y.add(i), L::div(L::load(y.add(i)), L::load(v.add(i)))));
            for i in done..w {
                *y.add(i) /= *v.add(i);
            }
        }
    }
}

/// The log-softmax of columns as [`softmax_columns`] takes them.
///
/// # Safety
/// - As [`softmax_columns`].
#[inline(always)]
pub(super) unsafe fn log_softmax_columns<L: Lane, R: Rounding>(
    r: R,
    x: *const f32,
    x_step: isize,
    y: *mut f32,
    y_step: isize,
    n: usize,
    w: usize,
) {
    let (mut max, mut log) = ([0f32; WIDTH], [0f32; WIDTH]);
    // SAFETY: every offset is below `w`, every row below `n`.
    unsafe {
        log_sum_columns::<L, R>(r, x, x_step, n, w, &mut max, &mut log);
        let (max, log) = (max.as_ptr(), log.as_ptr());
        let one = |x: L::F, max: L::F, log: L::F| L::sub(r.round::<L>(L::sub(x, max)), log);
        for k in 0..n {
            let (x, y) = (x.wrapping_offset(k as isize * x_step), y.wrapping_offset(k as isize * y_step));
            let done = blocks!(R::VECTORS, w, i => {
                L::store(y.add(i), one(L::load(x.add(i)), L::load(max.add(i)), L::load(log.add(i))));
            });
            for i in done..w {
                *y.add(i) = L::to_array(one(L::splat(*x.add(i)), L::splat(*max.add(i)), L::splat(*log.add(i))))[0];
            }
        }
    }
}

/// The log-sum-exp of columns as [`softmax_columns`] takes them.
///
/// # Safety
/// - The elements at `x` are readable.
#[inline(always)]
pub(super) unsafe fn log_sum_exp_columns<L: Lane, R: Rounding>(
    r: R,
    x: *const f32,
    x_step: isize,
    n: usize,
    w: usize,
    to: &mut [f32; WIDTH],
) {
    let mut max = [0f32; WIDTH];
    // SAFETY: as the caller vouches.
    unsafe { log_sum_columns::<L, R>(r, x, x_step, n, w, &mut max, to) };
    for (to, max) in to.iter_mut().zip(max) {
        *to = if max.is_finite() { *to + max } else { max };
    }
}

/// The maxima of columns, and the logarithms of the sums of their numerators, rounded.
///
/// # Safety
/// - The elements at `x` are readable.
#[inline(never)]
unsafe fn log_sum_columns<L: Lane, R: Rounding>(
    r: R,
    x: *const f32,
    x_step: isize,
    n: usize,
    w: usize,
    max: &mut [f32; WIDTH],
    to: &mut [f32; WIDTH],
) {
    let mut work = [MaybeUninit::<u32>::uninit(); COLUMN_WORDS * WIDTH];
    let mut made = [MaybeUninit::<f32>::uninit(); GROUP * WIDTH];
    let made: *mut f32 = made.as_mut_ptr().cast();
    let max = max.as_mut_ptr();
    // SAFETY: every row is below `n`; all arrays are for WIDTH columns.
    unsafe {
        max_columns::<L>(x, x_step, n, w, max);
        sum_panels::<L>(n, w, work.as_mut_ptr().cast(), to.as_mut_ptr(), WIDTH as isize, &mut |k, count| {
            for row in 0..count {
                let x = x.wrapping_offset((k + row) as isize * x_step);
                numerators::<L, R>(r, x, made.add(row * WIDTH), max, w);
            }
            made
        });
        for i in (0..w).step_by(LANES) {
            // WIDTH is a multiple of the lanes.
            let p = to.as_mut_ptr().add(i);
            L::store(p, r.round::<L>(log::<L>(r.round::<L>(L::load(p)))));
        }
    }
}
