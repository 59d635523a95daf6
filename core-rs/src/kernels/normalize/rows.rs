//! One row of f32 at a time, with vectors along it.

use super::super::reduce::{CHUNK, sum_chunks, sum_row, sums_of_row};
use super::super::rowwise::{Rounding, blocks, rounded};
use crate::lane::{LANES, Lane};
use core::mem::MaybeUninit;

/// The factor of rows, from the mean of their squares and, if that counts, their mean.
#[inline(always)]
pub(super) fn factor<L: Lane, R: Rounding, const LAYER: bool>(r: R, squares: L::F, mean: L::F, epsilon: f32) -> L::F {
    let spread = if LAYER {
        let variance = r.round::<L>(L::sub(squares, r.round::<L>(L::mul(mean, mean))));
        L::max(variance, L::splat(0.0))
    } else {
        squares
    };
    let sum = r.round::<L>(L::add(spread, r.round::<L>(L::splat(epsilon))));
    r.round::<L>(L::div(L::splat(1.0), L::sqrt(sum)))
}

/// `x` normalized, times scale and plus bias where they are; the last operation is not rounded.
#[inline(always)]
fn normalized<L: Lane, R: Rounding, const LAYER: bool>(
    r: R,
    x: L::F,
    mean: L::F,
    factor: L::F,
    scale: Option<L::F>,
    bias: Option<L::F>,
) -> L::F {
    let mut v = L::mul(if LAYER { r.round::<L>(L::sub(x, mean)) } else { x }, factor);
    if let Some(scale) = scale {
        v = L::mul(r.round::<L>(v), scale);
    }
    if let Some(bias) = bias {
        v = L::add(r.round::<L>(v), bias);
    }
    v
}

/// Normalizes a row of f32, each operation rounded by `r` but for the last, which the store rounds. `n` is at least one.
///
/// # Safety
/// - `n` elements at `x` and at each vector that is not null are readable, and at `y` writable, which are those at `x` or
///   overlap none. There is no bias without a scale.
#[inline(always)]
pub(super) unsafe fn normalize_row<L: Lane, R: Rounding, const LAYER: bool>(
    r: R,
    x: *const f32,
    y: *mut f32,
    n: usize,
    [scale, bias]: [*const f32; 2],
    epsilon: f32,
) {
    let mean = |sum: f32| L::splat(rounded::<L, R>(r, sum / n as f32));
    // SAFETY: by the caller's word; every offset is below `n`.
    unsafe {
        let (m, squares) = if !R::IS_NONE {
            (if LAYER { mean(sum_row::<L>(x, n)) } else { L::splat(0.0) }, mean(sum_of_squares::<L, R>(r, x, n)))
        } else if LAYER {
            let [sum, squares] = sums_of_row::<L, 2>(x, n, |x| [x, L::mul(x, x)]);
            (mean(sum), mean(squares))
        } else {
            let [squares] = sums_of_row::<L, 1>(x, n, |x| [L::mul(x, x)]);
            (L::splat(0.0), mean(squares))
        };
        let factor = factor::<L, R, LAYER>(r, squares, m, epsilon);
        macro_rules! results {
            ($scale:expr, $bias:expr) => {{
                let one = |x, scale, bias| normalized::<L, R, LAYER>(r, x, m, factor, scale, bias);
                let done = blocks!(R::VECTORS, n, i => {
                    let vector = |p: *const f32| L::load(p.add(i));
                    L::store(y.add(i), one(L::load(x.add(i)), $scale.map(vector), $bias.map(vector)));
                });
                for i in done..n {
                    let vector = |p: *const f32| L::splat(*p.add(i));
                    *y.add(i) = L::to_array(one(L::splat(*x.add(i)), $scale.map(vector), $bias.map(vector)))[0];
                }
            }};
        }
        if scale.is_null() {
            results!(None, None);
        } else if bias.is_null() {
            results!(Some(scale), None);
        } else {
            results!(Some(scale), Some(bias));
        }
    }
}

/// The sum of the rounded squares of a row, which are made first, so that their roundings are in one place.
///
/// # Safety
/// - `n` elements at `x` are readable; `n` is at least one.
#[inline(never)]
unsafe fn sum_of_squares<L: Lane, R: Rounding>(r: R, x: *const f32, n: usize) -> f32 {
    let mut made = [MaybeUninit::<f32>::uninit(); CHUNK];
    let made: *mut f32 = made.as_mut_ptr().cast();
    // SAFETY: by the caller's word; chunks fit what is made.
    unsafe {
        sum_chunks::<L>(n, &mut |k, count| {
            squares::<L, R>(r, x.add(k), made, count);
            made
        })
    }
}

/// `y` = the rounded squares of `x`.
///
/// # Safety
/// - `n` elements at `x` are readable and at `y` writable; they do not overlap.
#[inline(always)]
pub(super) unsafe fn squares<L: Lane, R: Rounding>(r: R, x: *const f32, y: *mut f32, n: usize) {
    let square = |x: L::F| r.round::<L>(L::mul(x, x));
    // SAFETY: every offset is below `n`.
    unsafe {
        let done = blocks!(R::VECTORS, n, i => L::store(y.add(i), square(L::load(x.add(i)))));
        for i in done..n {
            *y.add(i) = L::to_array(square(L::splat(*x.add(i))))[0];
        }
    }
}
